"""The cells of every report as one array, with a declared treatment of blanks.

The indicators, and whatever else is computed from cells, start here, so that
one rule decides what a blank means.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import FormError, InputError
from toolkit.reports.cells import AS_ZERO, CellTable, cell_keys, spread
from toolkit.reports.form import Identity, identities

BLANKS = ("missing", "zero_if_balanced", "zero")


def cell_table(statistics: pd.DataFrame, reports: pd.Index, blanks: str = "missing") -> CellTable:
    """Spread the frame ``statistics`` over reports and cells, blanks treated as asked.

    Parameters
    ----------
    statistics : DataFrame
        The frame of that name: report, part, item, category, value, state.
    reports : Index
        The reports wanted, in order. One without statistics gets only missing.
    blanks : {"missing", "zero_if_balanced", "zero"}
        Blanks and dashes stay missing; or are zero where every identity that
        the cell stands in then holds and one of them has a reported term; or
        are zero. Text, missing and doubtful cells are missing in each case.

    Raises
    ------
    InputError
        If ``blanks`` is none of the three, or a cell stands twice.

    Examples
    --------
    >>> frame = pd.DataFrame({"report": ["a", "a"], "part": "applications", "item": ["granted", "other_other"],
    ...                       "category": "total", "value": [3.0, None], "state": ["reported", "blank"]})
    >>> table = cell_table(frame, pd.Index(["a"]))
    >>> table.column("applications/granted/total")
    (array([3.]), array([ True]))
    >>> table.column("applications/other_other/total")
    (array([nan]), array([ True]))
    """
    if blanks not in BLANKS:
        raise InputError(f"blanks is {blanks!r}", f"one of {', '.join(BLANKS)}")
    table = spread(statistics, reports)
    if blanks == "missing":
        return table
    values, empty = table.values.copy(), table.states == AS_ZERO
    zeroed = empty if blanks == "zero" else empty & _balanced_cells(values, table.rows, empty)
    values[zeroed] = 0.0
    return replace(table, values=values)


def _balanced_cells(values: np.ndarray, rows: np.ndarray, empty: np.ndarray) -> np.ndarray:
    # A cell may count as zero when no identity with it fails or is untestable,
    # and at least one holds by more than blanks alone.
    zeroed = np.where(empty, 0.0, values)
    fails, holds = np.zeros(rows.shape, dtype=bool), np.zeros(rows.shape, dtype=bool)
    for left, right in _instances():
        terms = np.array([*left, *right])
        sign = np.array([1.0] * len(left) + [-1.0] * len(right))
        there = rows[:, terms]
        gap = (np.where(there, zeroed[:, terms], 0.0) * sign).sum(axis=1)
        held = (gap == 0) & there.any(axis=1)
        grounded = (there & ~empty[:, terms]).any(axis=1)
        fails[:, terms] |= (there.any(axis=1) & ~held)[:, None]
        holds[:, terms] |= (held & grounded)[:, None]
    return holds & ~fails


@cache
def _instances() -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    place = {key: n for n, key in enumerate(cell_keys())}
    found: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    for identity in identities():
        for each in dict.fromkeys(_each(identity, key) for key in cell_keys() if key.startswith(identity.part + "/")):
            sides = [
                tuple(place[k] for k in (_key(identity, each, name) for name in side) if k in place)
                for side in (identity.left, identity.right)
            ]
            if all(sides):
                found.append((sides[0], sides[1]))
    return tuple(found)


def _each(identity: Identity, key: str) -> str:
    return key.split("/")[1 if identity.each == "item" else 2]


def _key(identity: Identity, each: str, name: str) -> str:
    pair = (each, name) if identity.each == "item" else (name, each)
    return "/".join((identity.part, *pair))


def evaluate(table: CellTable, expression: str) -> np.ndarray:
    """Compute a sum of cells for every report, missing when a needed cell is.

    Parameters
    ----------
    table : CellTable
    expression : str
        Terms ``item`` or ``item/category`` (``total`` when not named) joined
        by ``+``; ``denied_*`` is every item that begins so. Alternatives are
        separated by ``|``: the first whose cells the report's form has.

    Raises
    ------
    FormError
        If a term is no cell of any form.

    Examples
    --------
    >>> frame = pd.DataFrame({"report": "a", "part": "applications", "item": ["granted", "partly_granted"],
    ...                       "category": "total", "value": [3.0, 2.0], "state": "reported"})
    >>> evaluate(cell_table(frame, pd.Index(["a"])), "granted + partly_granted")
    array([5.])
    """
    result, settled = np.full(len(table.reports), np.nan), np.zeros(len(table.reports), dtype=bool)
    for alternative in expression.split("|"):
        columns = [table.keys.index(key) for term in alternative.split("+") for key in term_cells(term)]
        there = table.rows[:, columns].all(axis=1) & ~settled
        result[there] = table.values[there][:, columns].sum(axis=1)
        settled |= there
    return result


def term_cells(term: str) -> list[str]:
    """Return the cells, ``part/item/category``, that a term of an expression names.

    Examples
    --------
    >>> term_cells("unavailable_*")[0]
    'applications/unavailable_not_held/total'
    """
    item, _, category = term.strip().partition("/")
    keys = [
        key for key in cell_keys() if _matches(key.split("/")[1], item) and key.split("/")[2] == (category or "total")
    ]
    if not keys:
        raise FormError(f"no cell of the forms is called {term.strip()!r}", "item or item/category, as in statistics")
    return keys


def _matches(item: str, pattern: str) -> bool:
    return item.startswith(pattern[:-1]) if pattern.endswith("*") else item == pattern


def state_counts(statistics: pd.DataFrame, reports: pd.Index) -> dict[str, Any]:
    """Return how many cells each report's form has and how many are reported.

    Examples
    --------
    >>> frame = pd.DataFrame({"report": ["a", "a"], "state": ["reported", "blank"]})
    >>> {name: counts.tolist() for name, counts in state_counts(frame, pd.Index(["a", "b"])).items()}
    {'cells_reported': [1.0, nan], 'cells_of_form': [2.0, nan]}
    """
    every = statistics["report"].value_counts()
    reported = statistics.loc[statistics["state"].eq("reported"), "report"].value_counts()
    reported = reported.reindex(every.index, fill_value=0)
    return {
        "cells_reported": reported.reindex(reports).to_numpy(dtype=float),
        "cells_of_form": every.reindex(reports).to_numpy(dtype=float),
    }
