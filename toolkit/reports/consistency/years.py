"""Figures of one body that run on from year to year: what was carried over, stocks, lists, units."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from toolkit.reports.cells import Key

_CATEGORIES = (
    *("natural_person", "business", "research", "public_interest", "legal_service", "other_organisation"),
    "total",
)
_DOCUMENTS = ("rules", "normative_documents")
_LISTS = ("licensing", "other_services", "penalties", "coercion", "fees")
_MONEY: tuple[Key, ...] = (("active_disclosure", "fees", "amount"), ("active_disclosure", "procurement", "amount"))
#: An amount so many times its usual size was written in yuan where 万元 are asked: ten thousand, give or take.
UNIT_FACTORS = (500.0, 200_000.0)
_NEIGHBOURS = 2
_TOLERANCE = 1e-6

#: Cells that the rules of this module read.
FOLLOWED: tuple[Key, ...] = (
    *(("applications", item, kind) for item in ("brought_forward", "carried_forward") for kind in _CATEGORIES),
    *(("active_disclosure", item, name) for item in _DOCUMENTS for name in ("issued", "repealed", "in_force")),
    *(("active_disclosure", item, name) for item in _LISTS for name in ("items_last_year", "change")),
    *_MONEY,
)

Row = dict[str, Any]


def year_findings(facts: pd.DataFrame, values: np.ndarray, places: Mapping[Key, int]) -> list[Row]:
    """Return carry_over, stock, list_change and unit_suspected where they do not hold, and rivals for one year.

    Parameters
    ----------
    facts : DataFrame
        report, agency_id, year, scope, simulated; copies left out.
    values : array
        Reports by cells, NaN where no figure is reported.
    places : mapping
        Cell -> its column of ``values``.

    Returns
    -------
    list of dict
        Rows of the findings frame. Where a body has several reports for a
        year, the year before counts only as far as they agree, and each but
        the first is a ``duplicate`` that cannot be tested: which one counts,
        they do not tell.
    """
    known = facts["agency_id"].notna() & facts["year"].notna()
    place = np.flatnonzero(known)
    if len(place) < 2:
        return []
    bodies, _ = pd.factorize(facts["agency_id"].iloc[place])
    years = facts["year"].iloc[place].astype(int).to_numpy()
    key = bodies.astype(np.int64) * 10_000 + years
    unique, inverse = np.unique(key, return_inverse=True)
    agreed = _agreed(values[place], inverse, len(unique))
    before = np.searchsorted(unique, key - 1)
    follows = (before < len(unique)) & (unique[np.minimum(before, len(unique) - 1)] == key - 1)
    now, last = place[follows], agreed[before[follows]]
    scopes = dict(zip(key, facts["scope"].iloc[place]))
    earlier = [scopes.get(one) for one in key[follows] - 1]
    rows = [*_follow(facts, values, now, last, earlier, places)]
    return [*_rivals(facts, place, inverse), *rows, *_units(facts, values, place, bodies, years, places)]


def _rivals(facts: pd.DataFrame, place: np.ndarray, group: np.ndarray) -> Iterator[Row]:
    """Yield the reports of a body that has another for the year, whose text is not the same."""
    firsts: dict[int, int] = {}
    for one, number in zip(place, group):
        first = firsts.setdefault(int(number), int(one))
        if first != one:
            found: Row = {"report": facts["report"].iloc[one], "rule": "duplicate", "severity": "soft"}
            note = f"another report of the same body and year: {facts['report'].iloc[first]}"
            yield found | {"verdict": "untestable", "note": note, "simulated": bool(facts["simulated"].iloc[one])}


def _agreed(values: np.ndarray, group: np.ndarray, size: int) -> np.ndarray:
    """Return each group's figures, NaN where its reports differ."""
    low, high = np.full((size, values.shape[1]), np.inf), np.full((size, values.shape[1]), -np.inf)
    np.minimum.at(low, group, np.where(np.isnan(values), np.inf, values))
    np.maximum.at(high, group, np.where(np.isnan(values), -np.inf, values))
    return np.where(low == high, low, np.nan)


def _follow(
    facts: pd.DataFrame,
    values: np.ndarray,
    now: np.ndarray,
    last: np.ndarray,
    earlier: list[Any],
    places: Mapping[Key, int],
) -> Iterator[Row]:
    """Yield what does not follow from the year before."""

    def this(part: str, item: str, name: str) -> np.ndarray:
        return values[now, places[part, item, name]]

    def then(part: str, item: str, name: str) -> np.ndarray:
        return last[:, places[part, item, name]]

    for rule, key, lhs, rhs, cells in _rules(this, then):
        broken = ~np.isnan(lhs) & ~np.isnan(rhs) & (np.abs(lhs - rhs) > _TOLERANCE)
        for one in np.flatnonzero(broken):
            place = now[one]
            note = f"from {int(facts['year'].iloc[place]) - 1} would follow {rhs[one]:g}"
            scope = facts["scope"].iloc[place]
            if isinstance(scope, str) and isinstance(earlier[one], str) and scope != earlier[one]:
                note += f"; the scope is another: {earlier[one]}, then {scope}"
            yield _finding(facts, place, rule, key, lhs[one], rhs[one], note) | {"cells": cells}


def _rules(
    this: Callable[[str, str, str], np.ndarray], then: Callable[[str, str, str], np.ndarray]
) -> Iterator[tuple[str, Key, np.ndarray, np.ndarray, str]]:
    """Yield rule, place, both sides and cells; ``this`` year's figures and ``then``, last year's."""
    for kind in _CATEGORIES:
        key = ("applications", "brought_forward", kind)
        sides = this(*key), then("applications", "carried_forward", kind)
        yield "carry_over", key, *sides, f"{'/'.join(key)};applications/carried_forward/{kind}"
    part = "active_disclosure"
    for item in _DOCUMENTS:
        key = (part, item, "in_force")
        stock = then(*key) + this(part, item, "issued") - this(part, item, "repealed")
        cells = ";".join(f"{part}/{item}/{name}" for name in ("in_force", "issued", "repealed"))
        yield "stock", key, this(*key), stock, cells
    for item in _LISTS:
        key = (part, item, "items_last_year")
        expected = then(*key) + then(part, item, "change")
        yield "list_change", key, this(*key), expected, f"{'/'.join(key)};{part}/{item}/change"


def _units(
    facts: pd.DataFrame,
    values: np.ndarray,
    place: np.ndarray,
    bodies: np.ndarray,
    years: np.ndarray,
    places: Mapping[Key, int],
) -> list[Row]:
    """Find amounts about ten thousand times what the body reports in the years around.

    The larger amount is suspected: yuan in a column of 万元.
    """
    rows = []
    for key in _MONEY:
        amounts = values[place, places[key]]
        told = np.flatnonzero(amounts > 0)
        frame = pd.DataFrame({"body": bodies[told], "year": years[told], "amount": amounts[told], "place": place[told]})
        for _, group in frame[frame.duplicated("body", keep=False)].groupby("body", sort=False):
            rows += list(_suspects(facts, group, key))
    return rows


def _suspects(facts: pd.DataFrame, group: pd.DataFrame, key: Key) -> Iterator[Row]:
    low, high = UNIT_FACTORS
    if group["amount"].max() < low * group["amount"].min():
        return
    for year, amount, place in zip(group["year"], group["amount"], group["place"]):
        near = group[(group["year"] != year) & ((group["year"] - year).abs() <= _NEIGHBOURS)]
        # A neighbour that is suspect itself is no measure.
        usual = near["amount"][near["amount"] < amount]
        if usual.empty or len(usual) * 2 < len(near):
            continue
        typical = float(np.exp(np.log(usual).mean()))
        if low <= amount / typical <= high:
            note = f"{amount / typical:,.0f} times the amount of the years around: yuan in a column of 万元?"
            yield _finding(facts, place, "unit_suspected", key, amount, typical, note)


def _finding(facts: pd.DataFrame, place: int, rule: str, key: Key, lhs: float, rhs: float, note: str) -> Row:
    name = "/".join(key)
    found: Row = {"report": facts["report"].iloc[place], "rule": rule, "place": name, "severity": "soft"}
    found |= {"lhs": float(lhs), "rhs": float(rhs), "gap": float(lhs - rhs), "verdict": "broken"}
    return found | {"cells": name, "note": note, "simulated": bool(facts["simulated"].iloc[place])}
