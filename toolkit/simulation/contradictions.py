"""Contradictions planted in simulated reports, and what they break.

A plant changes printed figures and names the rule it means. What else it
breaks (a changed total breaks its row and its column) is worked out here,
apart from the toolkit's own checks, and recorded with it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from toolkit.simulation.counts import KINDS, OUTCOME_WEIGHTS, RESULTS, ROUTES
from toolkit.simulation.sheet import Figure, Key

Figures = dict[Key, Figure]
Finding = tuple[str, str]
_CATEGORIES = (*KINDS, "total")
_OUTCOMES = (*OUTCOME_WEIGHTS, "other")


def findings_inside(figures: Mapping[Key, Figure]) -> Iterator[Finding]:
    """Yield rule and place of every rule inside a report that its figures break."""
    rows = list(dict.fromkeys(item for part, item, _ in figures if part == "applications"))
    for row in rows:
        if _number(figures, "applications", row, "total") != _sum(figures, "applications", [row], KINDS):
            yield "row_total", f"applications/{row}/total"
    outcomes = [row for row in rows if row in _OUTCOMES]
    for kind in _CATEGORIES:
        total = _number(figures, "applications", "outcomes_total", kind)
        if total != _sum(figures, "applications", outcomes, [kind]):
            yield "column_total", f"applications/outcomes_total/{kind}"
        come = _sum(figures, "applications", ["new_received", "brought_forward"], [kind])
        if come != total + _number(figures, "applications", "carried_forward", kind):
            yield "balance", f"applications/new_received/{kind}"
    for route in ROUTES:
        if _number(figures, "disputes", route, "total") != _sum(figures, "disputes", [route], RESULTS):
            yield "dispute_total", f"disputes/{route}/total"
    for item in ("licensing", "other_services", "penalties", "coercion"):
        decided = _number(figures, "active_disclosure", item, "decisions")
        if decided and decided == _sum(figures, "active_disclosure", [item], ["items_last_year", "change"]):
            yield "items_as_decisions", f"active_disclosure/{item}/decisions"
    yield from (("non_negative", "/".join(key)) for key in figures if key[2] != "change" and _number(figures, *key) < 0)


def findings_across(before: Mapping[Key, Figure], now: Mapping[Key, Figure]) -> Iterator[Finding]:
    """Yield rule and place of what does not follow from the year before."""
    for kind in _CATEGORIES:
        carried = _number(before, "applications", "carried_forward", kind)
        if carried != _number(now, "applications", "brought_forward", kind):
            yield "carry_over", f"applications/brought_forward/{kind}"
    for item in ("rules", "normative_documents"):
        part = "active_disclosure"
        stock = (part, item, "in_force")
        if stock in before and stock in now:
            change = _number(now, part, item, "issued") - _number(now, part, item, "repealed")
            if _number(now, *stock) != _number(before, *stock) + change:
                yield "stock", "/".join(stock)
    for item in ("licensing", "other_services", "penalties", "coercion", "fees"):
        key = ("active_disclosure", item, "items_last_year")
        if key in before and key in now:
            last = _number(before, *key) + _number(before, "active_disclosure", item, "change")
            if _number(now, *key) != last:
                yield "list_change", "/".join(key)


def findings_above(figures: Mapping[Key, Figure], below: Sequence[Mapping[Key, Figure]]) -> Iterator[Finding]:
    """Yield the cells in which the bodies below count more than the government that counts them all."""
    for part, item, category in figures:
        if below and (part != "active_disclosure" or category == "decisions"):
            counted = sum((_number(one, part, item, category) for one in below), Decimal(0))
            if counted > _number(figures, part, item, category):
                yield "children_sum", f"{part}/{item}/{category}"


def _number(figures: Mapping[Key, Figure], part: str, item: str, category: str) -> Decimal:
    figure = figures.get((part, item, category))
    if isinstance(figure, str):
        figure = figure.removesuffix("万元")
    return Decimal(str(figure)) if figure not in (None, "") else Decimal(0)


def _sum(figures: Mapping[Key, Figure], part: str, rows: list[str], kinds: tuple[str, ...] | list[str]) -> Decimal:
    return sum((_number(figures, part, row, kind) for row in rows for kind in kinds), Decimal(0))


def _add(figures: Figures, amount: int, *places: tuple[str, str, str]) -> str:
    for place in places:
        figures[place] = int(_number(figures, *place)) + amount
    return "/".join(places[0])


def _row_total(figures: Figures, rng: random.Random) -> str:
    return _add(figures, rng.randrange(1, 9), ("applications", "denied_third_party", "total"))


def _column_total(figures: Figures, rng: random.Random) -> str:
    row = rng.choice(["granted", "unavailable_not_held", "denied_administrative_query"])
    amount = rng.randrange(1, 6)
    _add(figures, amount, ("applications", row, "natural_person"), ("applications", row, "total"))
    return "applications/outcomes_total/total"


def _balance(figures: Figures, rng: random.Random) -> str:
    both = [("applications", "new_received", kind) for kind in ("total", "natural_person")]
    return _add(figures, rng.randrange(1, 6), *both)  # type: ignore[arg-type]


def _dispute_total(figures: Figures, rng: random.Random) -> str:
    return _add(figures, rng.randrange(1, 12), ("disputes", rng.choice(ROUTES), "total"))


def _non_negative(figures: Figures, rng: random.Random) -> str:
    item = rng.choice(ROUTES)
    taken = -int(_number(figures, "disputes", item, "other_result")) - rng.randrange(1, 4)
    return _add(figures, taken, ("disputes", item, "other_result"), ("disputes", item, "total"))


def _rules_without_power(figures: Figures, rng: random.Random) -> str:
    for key in figures:
        if key[1] == "rules" and key[2] in ("in_force", "public_stock"):
            figures[key] = rng.randrange(2, 9)
            return "/".join(key)
    raise AssertionError("every form has a row of rules")


def _carry_over(figures: Figures, rng: random.Random) -> str:
    rows = ("brought_forward", "granted", "outcomes_total")
    places = [("applications", row, kind) for row in rows for kind in ("total", "natural_person")]
    return _add(figures, rng.randrange(1, 7), *places)  # type: ignore[arg-type]


def _stock(figures: Figures, rng: random.Random) -> str:
    return _add(figures, rng.randrange(2, 9), ("active_disclosure", "normative_documents", "in_force"))


def _list_change(figures: Figures, rng: random.Random) -> str:
    return _add(figures, rng.randrange(3, 9), ("active_disclosure", "penalties", "items_last_year"))


def _items_as_decisions(figures: Figures, rng: random.Random) -> str:
    items, change = rng.randrange(40, 90), rng.randrange(3, 40)
    for category, figure in (("items_last_year", items), ("change", change), ("decisions", items + change)):
        figures["active_disclosure", "licensing", category] = figure
    return "active_disclosure/licensing/decisions"


def _unit_suspected(figures: Figures, rng: random.Random) -> str:
    key = ("active_disclosure", "fees", "amount")
    figures[key] = _number(figures, *key) * 10_000
    return "/".join(key)


def _unplaced(figures: Figures, rng: random.Random) -> str:
    key = next(key for key in figures if key[1] == "normative_documents")
    del figures[key]
    return "/".join(key)


#: Rule -> how figures are changed; the other rules are planted in the prose or the files.
PLANTS: dict[str, Callable[[Figures, random.Random], str]] = {
    "row_total": _row_total,
    "column_total": _column_total,
    "balance": _balance,
    "dispute_total": _dispute_total,
    "non_negative": _non_negative,
    "rules_without_power": _rules_without_power,
    "carry_over": _carry_over,
    "stock": _stock,
    "list_change": _list_change,
    "items_as_decisions": _items_as_decisions,
    "unit_suspected": _unit_suspected,
    "unplaced": _unplaced,
}
#: What is planted elsewhere: a figure of the prose, a year, a form, a copy of the file.
ELSEWHERE = ("prose_agrees", "year_agrees", "form_fits_year", "duplicate")
