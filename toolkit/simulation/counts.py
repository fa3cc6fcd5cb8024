"""Plausible figures of a body over the years, every sum true and every year joined to the next.

Applications are drawn one by one (applicant, outcome, carried over or not),
so that every identity of the form holds. Governments count their own office
and all bodies below them.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from decimal import Decimal

from toolkit.simulation.bodies import Body
from toolkit.simulation.sheet import Figure, Key

KINDS = ("natural_person", "business", "research", "public_interest", "legal_service", "other_organisation")
RESULTS = ("upheld", "corrected", "other_result", "pending")
ROUTES = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
_KIND_WEIGHTS = (82, 9, 1, 1, 5, 2)
#: Outcomes with their weights; the first two are disclosure.
OUTCOME_WEIGHTS = {
    "granted": 45.0,
    "partly_granted": 7.0,
    "denied_state_secret": 0.3,
    "denied_law_prohibits": 0.7,
    "denied_security_stability": 0.2,
    "denied_third_party": 0.8,
    "denied_internal_affairs": 1.6,
    "denied_process_information": 1.4,
    "denied_enforcement_files": 1.5,
    "denied_administrative_query": 2.5,
    "unavailable_not_held": 22.0,
    "unavailable_needs_creation": 2.0,
    "unavailable_still_unclear": 1.2,
    "not_processed_petition_complaint": 3.5,
    "not_processed_repeated": 1.8,
    "not_processed_published_material": 0.2,
    "not_processed_excessive": 0.3,
    "not_processed_confirm_reissue": 0.2,
    "other_no_correction": 1.5,
    "other_fee_unpaid": 0.2,
    "other_other": 5.1,
}
_OTHER = ("other_no_correction", "other_fee_unpaid", "other_other")
#: Median applications of an own office, and the share that never has any.
_VOLUME = {
    ("government", "province"): (400, 0.0),
    ("department", "province"): (60, 0.0),
    ("government", "prefecture"): (200, 0.0),
    ("department", "prefecture"): (22, 0.05),
    ("government", "county"): (40, 0.0),
    ("department", "county"): (4, 0.25),
    ("township_government", "township"): (1, 0.6),
    ("subdistrict_office", "township"): (1.5, 0.5),
}
_DECISIONS = {"province": 3000, "prefecture": 1500, "county": 220, "township": 6}


@dataclass(slots=True)
class Year:
    """What a body counts in a year, totals left out: they are sums."""

    applications: Counter[tuple[str, str]] = field(default_factory=Counter)
    disputes: Counter[tuple[str, str]] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    fees: Decimal = Decimal(0)
    documents: dict[tuple[str, str], int] = field(default_factory=dict)
    items: dict[tuple[str, str], int] = field(default_factory=dict)
    procurement: tuple[int, Decimal] = (0, Decimal(0))

    def add(self, other: Year) -> None:
        """Add what a body below counts; documents and lists stay the body's own."""
        self.applications.update(other.applications)
        self.disputes.update(other.disputes)
        self.decisions.update(other.decisions)
        self.fees += other.fees


@dataclass(slots=True)
class Habit:
    """What stays with a body over the years."""

    rate: float
    disclosing: float
    activity: float


def habit(body: Body, rng: random.Random) -> Habit:
    """Draw a body's lasting traits; its ``rate`` is 0 where nobody ever applies."""
    median, never = _VOLUME[body.agency_type, body.level]
    rate = 0.0 if rng.random() < never else median * math.exp(rng.gauss(0, 0.8))
    return Habit(rate, rng.gauss(0, 0.5), math.exp(rng.gauss(0, 1)))


def own_year(body: Body, traits: Habit, before: Year | None, shifts: Mapping[str, float], rng: random.Random) -> Year:
    """Return the figures of a body's own office in one year.

    Parameters
    ----------
    body, traits
        The body and what stays with it.
    before : Year, optional
        The year before: what it carried forward is brought forward now.
    shifts : mapping
        Planted effects of the themes it names: log rate of ``received``,
        log odds of ``carried``, ``disclosed`` and ``corrected``.
    """
    year = Year()
    odds = {
        name: weight * math.exp(traits.disclosing + shifts.get("disclosed", 0.0)) if place < 2 else weight
        for place, (name, weight) in enumerate(OUTCOME_WEIGHTS.items())
    }
    carried = _logistic(-2.6 + shifts.get("carried", 0.0))
    new = poisson(traits.rate * math.exp(shifts.get("received", 0.0) + rng.gauss(0, 0.25)), rng)
    kinds = Counter(rng.choices(KINDS, _KIND_WEIGHTS, k=new))
    for kind in KINDS:
        brought = before.applications["carried_forward", kind] if before else poisson(kinds[kind] * 0.06, rng)
        _settle(year.applications, kind, kinds[kind], brought, odds, carried, rng)
    _quarrel(year, shifts.get("corrected", 0.0), rng)
    _act(year, body, traits, rng)
    _documents(year, body, before, rng)
    return year


def _settle(
    table: Counter[tuple[str, str]],
    kind: str,
    new: int,
    brought: int,
    odds: Mapping[str, float],
    carried: float,
    rng: random.Random,
) -> None:
    left = sum(rng.random() < carried for _ in range(new))
    table["new_received", kind] += new
    table["brought_forward", kind] += brought
    table["carried_forward", kind] += left
    for outcome in rng.choices(list(odds), list(odds.values()), k=new + brought - left):
        table[outcome, kind] += 1


def _quarrel(year: Year, corrected: float, rng: random.Random) -> None:
    settled = sum(number for (item, _), number in year.applications.items() if item in OUTCOME_WEIGHTS)
    weights = (55, 12 * math.exp(corrected), 20, 13)
    for route, share in zip(ROUTES, (0.08, 0.02, 0.03), strict=True):
        for result in rng.choices(RESULTS, weights, k=poisson(settled * share, rng)):
            year.disputes[route, result] += 1


def _act(year: Year, body: Body, traits: Habit, rng: random.Random) -> None:
    volume = _DECISIONS[body.level] * traits.activity
    for item, share, busy in (("licensing", 1.0, 0.7), ("penalties", 0.4, 0.6), ("coercion", 0.03, 0.3)):
        if body.level != "township" or rng.random() < 0.15:
            year.decisions[item] = poisson(volume * share, rng) if rng.random() < busy else 0
    if body.level != "township" and rng.random() < 0.5:
        year.fees = Decimal(int(math.exp(rng.gauss(math.log(volume + 1), 1)) * 100)) / 100
    if rng.random() < 0.6:
        amount = Decimal(int(math.exp(rng.gauss(12, 1.2)))) / 10_000
        year.procurement = (1 + poisson(4, rng), amount)


def _documents(year: Year, body: Body, before: Year | None, rng: random.Random) -> None:
    powers = body.agency_type == "government" and body.level in ("province", "prefecture")
    scale = {"province": 12, "prefecture": 8, "county": 3, "township": 0.2}[body.level]
    for item, volume in (("rules", 2.0 if powers else 0.0), ("normative_documents", scale)):
        stock = before.documents[item, "in_force"] if before else poisson(volume * 8, rng)
        issued = poisson(volume, rng)
        repealed = min(poisson(volume * 0.7, rng), stock)
        year.documents.update({(item, "issued"): issued, (item, "repealed"): repealed})
        year.documents[item, "in_force"] = stock + issued - repealed
    for item in ("licensing", "other_services", "penalties", "coercion", "fees"):
        last = before.items[item, "number"] + before.items[item, "change"] if before else poisson(scale * 9, rng)
        change = rng.choice((0, 0, 0, 1, 2, -1, -2))
        year.items.update({(item, "number"): last, (item, "change"): change if last + change >= 0 else 0})


def figures(year: Year, form_keys: Iterable[Key]) -> dict[Key, Figure]:
    """Return the figures of a year as the cells of a form, totals summed.

    Examples
    --------
    >>> from toolkit.simulation.sheet import compose
    >>> year = Year(Counter({("new_received", "business"): 2, ("other_other", "business"): 2}))
    >>> year.documents = {("rules", name): 0 for name in ("issued", "repealed", "in_force")}
    >>> year.documents |= {("normative_documents", name): 1 for name in ("issued", "repealed", "in_force")}
    >>> cells = figures(year, [cell.key for cell in compose("mixed")])
    >>> cells["applications", "other", "total"], cells["applications", "outcomes_total", "business"]
    (2, 2)
    """
    return {key: _cell(year, *key) for key in form_keys}


def _cell(year: Year, part: str, item: str, category: str) -> Figure:
    if part == "applications":
        kinds: Iterable[str] = KINDS if category == "total" else (category,)
        return sum(year.applications[row, kind] for row in _summed(item) for kind in kinds)
    if part == "disputes":
        results: Iterable[str] = RESULTS if category == "total" else (category,)
        return sum(year.disputes[item, result] for result in results)
    if category == "decisions":
        return year.decisions[item]
    if category == "amount":
        return year.fees if item == "fees" else f"{year.procurement[1]}万元"
    if category == "projects":
        return year.procurement[0]
    if category in ("items_last_year", "change"):
        return year.items[item, "number" if category == "items_last_year" else "change"]
    known = {"made": "issued", "disclosed": "issued", "public_stock": "in_force"}
    return year.documents[item, known.get(category, category)]


def _summed(item: str) -> Iterable[str]:
    if item == "outcomes_total":
        return OUTCOME_WEIGHTS
    return _OTHER if item == "other" else (item,)


def total_of(years: Iterable[Year], own: Year) -> Year:
    """Return what a government reports: its own office and the bodies below."""
    whole = Year(documents=own.documents, items=own.items, procurement=own.procurement)
    for year in [own, *years]:
        whole.add(year)
    return whole


def poisson(mean: float, rng: random.Random) -> int:
    """Draw a Poisson number; large means by their normal approximation."""
    if mean <= 0:
        return 0
    if mean > 50:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, number = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        number += 1
    return number


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def shifts_of(themes: Set[str], effects: Iterable[tuple[str, str, float]]) -> dict[str, float]:
    """Sum the planted effects of the themes that a body names."""
    shifts: dict[str, float] = {}
    for theme, target, size in effects:
        if theme in themes:
            shifts[target] = shifts.get(target, 0.0) + size
    return shifts
