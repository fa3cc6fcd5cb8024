"""What is asked of a clustering, and which statements take part, with their codes and weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.analysis.clustering.duplicates import duplicate_groups, weights_of
from toolkit.errors import InputError
from toolkit.narrative.coding import code_statements
from toolkit.narrative.codingscheme import KINDS, CodingScheme
from toolkit.narrative.words import Segmenter

LEAST_SEEDS = 5


@dataclass(frozen=True, eq=False)
class Settings:
    """What ``cluster_problems`` was asked for."""

    n_clusters: int | None
    seeded: bool
    seed: int
    vectors: str | np.ndarray
    clusterer: Any
    weights: str | Sequence[float]
    scheme: CodingScheme | str | Path | None
    thesaurus: str | Path | None
    segmenter: Segmenter
    k_range: tuple[int, int]
    resamples: int
    kind: str

    def check(self, statements: pd.DataFrame) -> None:
        """Raise InputError unless there is something to cluster as asked."""
        if "text" not in statements:
            raise InputError("the statements lack the column text", "pass what split_statements returned")
        if not len(statements):
            raise InputError("there are no statements to cluster", "read reports that have a chapter five")
        if self.kind not in KINDS:
            raise InputError(f"kind is {self.kind!r}", f"one of {', '.join(KINDS)}")
        if self.n_clusters is not None and self.n_clusters < 2:
            raise InputError(f"n_clusters is {self.n_clusters}: that is no division", "2 or more")
        if self.resamples < 0 or not 2 <= self.k_range[0] <= self.k_range[1]:
            raise InputError(f"resamples={self.resamples}, k_range={self.k_range}", "0 or more; from 2 upwards")
        _check_array(self.vectors, statements)
        if isinstance(self.weights, str) and self.weights not in ("near_duplicates", "equal"):
            raise InputError(f"weights is {self.weights!r}", "near_duplicates, equal or one number per row")


def _check_array(vectors: str | np.ndarray, statements: pd.DataFrame) -> None:
    if isinstance(vectors, str):
        return
    shape = np.shape(vectors)
    if len(shape) != 2 or shape[0] != len(statements) or not shape[1]:
        raise InputError(
            f"the array of vectors has shape {shape}", f"({len(statements)}, d): one row per row of statements"
        )
    if not np.isfinite(np.asarray(vectors, dtype=float)).all():
        raise InputError("the array of vectors holds missing or infinite numbers", "fill or drop those rows")


def taking_part(statements: pd.DataFrame, settings: Settings) -> tuple[pd.DataFrame, str]:
    """Return statement, report, text, code, simulated, weight and place of the rows that take part."""
    given = statements.reset_index(drop=True)
    taken = given["text"].map(lambda text: isinstance(text, str) and bool(text.strip())).astype(bool)
    if "kind" in given:
        taken &= given["kind"].eq(settings.kind).fillna(False).astype(bool)
    if not taken.any():
        raise InputError(f"no statement of kind {settings.kind} has a text", "pass the statements frame")
    part = given[taken]
    own = "code" in part and part["code"].notna().any()
    codes = part["code"] if own else _coded(part, settings)
    names = statements.index[taken] if "statement" not in part else part["statement"]
    frame = pd.DataFrame({
        "statement": np.asarray(names, dtype=object),
        "report": part["report"].to_numpy() if "report" in part else pd.NA,
        "text": part["text"].to_numpy(dtype=object),
        "code": codes.to_numpy(dtype=object),
        "simulated": part["simulated"].astype(bool).to_numpy() if "simulated" in part else False,
        "place": np.flatnonzero(taken),
    })  # fmt: skip
    return frame, "the column code" if own else "code_statements"


def _coded(part: pd.DataFrame, settings: Settings) -> pd.Series:
    return code_statements(pd.DataFrame({"kind": settings.kind, "text": part["text"]}), settings.scheme)["code"]


def weights_for(frame: pd.DataFrame, settings: Settings) -> np.ndarray:
    """Return the weight of each statement that takes part."""
    if isinstance(settings.weights, str):
        return weights_of(duplicate_groups(frame["text"])) if settings.weights != "equal" else np.ones(len(frame))
    given = np.asarray(settings.weights, dtype=float)
    if given.ndim != 1 or len(given) <= frame["place"].max() or not (given > 0).all():
        raise InputError(f"weights of shape {given.shape}", "one positive number per row of statements")
    return given[frame["place"]]


def seed_codes(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the codes with five statements or more, the commonest first.

    Examples
    --------
    >>> seed_codes(pd.DataFrame({"code": ["x"] * 5 + ["y"] * 4 + ["z"] * 6}))
    ('z', 'x')
    """
    often = frame["code"].value_counts()
    often = often[often >= LEAST_SEEDS]
    return tuple(sorted(often.index.astype(str), key=lambda code: (-often[code], code)))


def commonest(codes: pd.Series) -> str | None:
    """Return the code that most statements of one text have.

    Examples
    --------
    >>> commonest(pd.Series(["y", "x", "y", None]))
    'y'
    """
    known = codes.dropna()
    return sorted(known.mode())[0] if len(known) else None


def told_weights(weights: str | Sequence[float]) -> str:
    """Return how statements were weighed, in words.

    Examples
    --------
    >>> told_weights("equal")
    'every statement weighs 1'
    """
    if isinstance(weights, str):
        return {"near_duplicates": "m near-duplicates weigh 1 + ln m", "equal": "every statement weighs 1"}[weights]
    return "weights of the user's"
