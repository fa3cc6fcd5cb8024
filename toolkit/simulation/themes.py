"""Which themes a body names, and what naming them goes with: the planted links and the planted nulls."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.simulation.bodies import Body
from toolkit.simulation.chapter_five import phrases

#: Prevalence per code at the county level, and its slope in log odds per level upwards.
_NAMED = {
    "completeness": (0.46, -0.1),
    "timeliness": (0.42, -0.1),
    "awareness": (0.24, -0.3),
    "form_channel": (0.25, 0.0),
    "institution_standard": (0.22, 0.1),
    "staffing": (0.22, -0.3),
    "quality_relevance": (0.20, 0.0),
    "capacity_training": (0.18, 0.0),
    "interpretation": (0.14, 0.6),
    "platform": (0.10, 0.5),
    "key_areas": (0.10, 0.4),
    "request_handling": (0.12, 0.2),
    "engagement": (0.09, 0.2),
    "supervision": (0.06, 0.3),
    "security_review": (0.05, 0.0),
    "imbalance": (0.05, 0.5),
    "publicity": (0.07, -0.2),
    "coordination": (0.06, 0.0),
    "constraints": (0.03, -0.3),
    "generic": (0.05, 0.0),
}
_LEVELS = {"township": -1, "county": 0, "prefecture": 1, "province": 2}


@dataclass(frozen=True, slots=True)
class Link:
    """A theme and what naming it does to a body's own figures in the same year.

    ``target`` is what is shifted, ``scale`` how, ``size`` by how much; size 0
    is a planted null: theme and figures both follow the level, and nothing else.
    """

    theme: str
    indicator: str
    target: str
    scale: str
    size: float


LINKS = (
    Link("request_handling", "log1p new_received", "received", "log_rate", 0.7),
    Link("staffing", "carry_forward_rate", "carried", "log_odds", 0.9),
    Link("quality_relevance", "disclosure_rate", "disclosed", "log_odds", -0.7),
    Link("capacity_training", "reconsideration_correction_rate", "corrected", "log_odds", 0.9),
    Link("interpretation", "log1p new_received", "received", "log_rate", 0.0),
    Link("platform", "log1p new_received", "received", "log_rate", 0.0),
    Link("awareness", "disclosure_rate", "disclosed", "log_odds", 0.0),
    Link("timeliness", "carry_forward_rate", "carried", "log_odds", 0.0),
)


def propensity(rng: random.Random) -> dict[str, float]:
    """Draw how much a body leans to each theme, over all its years."""
    return {code: rng.gauss(0, 0.7) for code in _NAMED}


def themes(body: Body, leaning: Mapping[str, float], before: list[str] | None, rng: random.Random) -> list[str]:
    """Draw the themes a body names in a year, in the order in which it names them.

    Two in five bodies that named themes last year name the same again.

    Examples
    --------
    >>> from toolkit.simulation.bodies import families
    >>> rng = random.Random(0)
    >>> themes(next(families())[0], propensity(rng), None, rng)
    ['imbalance', 'quality_relevance', 'completeness']
    """
    if before and rng.random() < 0.4:
        return list(before)
    named = [code for code in phrases("problem") if rng.random() < _chance(code, body, leaning)]
    rng.shuffle(named)
    return named[:7]


def _chance(code: str, body: Body, leaning: Mapping[str, float]) -> float:
    share, slope = _NAMED[code]
    odds = math.log(share / (1 - share)) + slope * _LEVELS[body.level] + leaning[code]
    return 1 / (1 + math.exp(-odds))
