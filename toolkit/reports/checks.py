"""The sums inside a report: a finding for every identity tested, nothing repaired.

An identity is tested with blanks and dashes as zero. If it then holds it holds
(the note says so); if not it is untestable, since a blank may stand for any
number. A text, a doubtful or a missing term makes it untestable too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from toolkit.reports.cells import AS_ZERO, NOT_IN_FORM, UNKNOWN, CellTable, Key, cell_keys, places_of, spread
from toolkit.reports.form import FORMS, Identity, form_cells, identities

FINDINGS = ("report", "rule", "place", "severity", "lhs", "rhs", "gap", "verdict", "cells", "note", "simulated")

_OTHER_DETAILS = ("other_no_correction", "other_fee_unpaid", "other_other")
_TOLERANCE = 1e-6
_MAY_BE_NEGATIVE = "change"
_MONEY = "amount"


class _Tests(NamedTuple):
    """Sums of one kind: what each is called, and the columns of its terms, those of its left side first."""

    rule: str
    severity: str
    places: list[str]
    cells: list[str]
    terms: np.ndarray
    names: np.ndarray
    left: int


def check_sums(statistics: pd.DataFrame, table: CellTable | None = None) -> pd.DataFrame:
    """Test the sums that the forms demand, in every report.

    Parameters
    ----------
    statistics : DataFrame
        report, part, item, category, value, state; simulated where known.
        Figures typed by hand do as well.
    table : CellTable, optional
        The same statistics as arrays, where they are there already.

    Returns
    -------
    DataFrame
        The columns of the findings frame: a row for every identity of which
        the report has a term. ``verdict`` is holds, broken or untestable.

    Examples
    --------
    >>> frame = pd.DataFrame({"report": "r", "part": "disputes", "item": "reconsideration",
    ...     "category": ["upheld", "corrected", "other_result", "pending", "total"],
    ...     "value": [10, 1, 0, 0, 0], "state": "reported"})
    >>> check_sums(frame)[["rule", "lhs", "rhs", "gap", "verdict"]].values.tolist()
    [['dispute_total', 0.0, 11.0, -11.0, 'broken']]
    """
    table = spread(statistics) if table is None else table
    sums, counts = _tested(table), _not_negative(table)
    found = pd.concat([part for part in (sums, counts) if len(part)] or [empty_findings()], ignore_index=True)
    order = np.argsort(table.reports.get_indexer(pd.Index(found["report"])), kind="stable")
    return found.take(order).reset_index(drop=True)


def empty_findings() -> pd.DataFrame:
    """Return a findings frame without rows."""
    return pd.DataFrame({column: pd.Series(dtype=_dtype(column)) for column in FINDINGS})


def as_findings(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Return a findings frame of some rows; what a row does not state is missing."""
    rows = list(rows)
    if not rows:
        return empty_findings()
    data = {}
    for column in FINDINGS:
        values = [row.get(column) for row in rows]
        data[column] = pd.Series(
            [bool(value) for value in values] if column == "simulated" else values, dtype=_dtype(column)
        )
    return pd.DataFrame(data)


def _dtype(column: str) -> str:
    return {"lhs": "Float64", "rhs": "Float64", "gap": "Float64", "simulated": "bool"}.get(column, "object")


@cache
def _all_tests() -> tuple[_Tests, ...]:
    """Return every sum of every form, those of one identity together."""
    return tuple(_tests_of(identity) for identity in identities())


def _tests_of(identity: Identity) -> _Tests:
    sums = [_keys(identity, each, (*identity.left, *identity.right)) for each in _range(identity)]
    return _Tests(
        identity.rule,
        identity.severity,
        ["/".join(keys[0]) for keys in sums],
        [";".join("/".join(key) for key in keys) for keys in sums],
        np.array([places_of(keys) for keys in sums]),
        np.array([[key[1] for key in keys] for keys in sums]),
        len(identity.left),
    )


def _range(identity: Identity) -> Iterator[str]:
    """Yield the items or categories that an identity runs over, of all forms."""
    cells = [cell for form in FORMS for cell in form_cells(form) if cell.part == identity.part]
    yield from dict.fromkeys(getattr(cell, identity.each) for cell in cells)


def _keys(identity: Identity, each: str, names: Sequence[str]) -> list[Key]:
    if identity.each == "item":
        return [(identity.part, each, name) for name in names]
    return [(identity.part, name, each) for name in names]


def _tested(table: CellTable) -> pd.DataFrame:
    """Return a finding for every sum of which the report has a term."""
    parts = [_sums(table, tests) for tests in _all_tests()]
    lhs, rhs, states = ([part[side] for part in parts] for side in range(3))
    known = np.hstack([(one < UNKNOWN).any(axis=2) for one in states])
    unknown = np.hstack([(one == UNKNOWN).any(axis=2) for one in states])
    as_zero = np.hstack([(one == AS_ZERO).any(axis=2) for one in states])
    row, column = np.nonzero(known)
    at = row, column
    return _findings(table, row, column, np.hstack(lhs)[at], np.hstack(rhs)[at], unknown[at], as_zero[at])


def _sums(table: CellTable, tests: _Tests) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return both sides, reports by sums, and the states of the terms."""
    values, states = np.nan_to_num(table.values[:, tests.terms]), table.states[:, tests.terms]
    states = _demand_terms(states, tests.names)
    counted = np.where(states < UNKNOWN, values, 0.0)
    return counted[..., : tests.left].sum(axis=2), counted[..., tests.left :].sum(axis=2), states


def _demand_terms(states: np.ndarray, names: np.ndarray) -> np.ndarray:
    """A term that is not there is unknown, but for the rows 其他处理 that the other form has."""
    single, details = names[0] == "other", np.isin(names[0], _OTHER_DETAILS)
    is_absent = states == NOT_IN_FORM
    if details.sum() != len(_OTHER_DETAILS):
        return np.where(is_absent, UNKNOWN, states)
    has_details = ~is_absent[..., details].any(axis=2)
    has_single = ~is_absent[..., single].any(axis=2) & ~has_details
    # Where one row stands above its three parts, the parts are summed.
    passed_over = (has_details[..., None] & single) | (has_single[..., None] & details)
    return np.where(passed_over, NOT_IN_FORM, np.where(is_absent, UNKNOWN, states))


def _findings(
    table: CellTable,
    row: np.ndarray,
    column: np.ndarray,
    lhs: np.ndarray,
    rhs: np.ndarray,
    unknown: np.ndarray,
    as_zero: np.ndarray,
) -> pd.DataFrame:
    holds = np.abs(lhs - rhs) < _TOLERANCE
    verdict = np.where(unknown | (as_zero & ~holds), 2, np.where(holds, 0, 1))
    note = np.where(unknown, 1, np.where(as_zero, 2, 0))
    rules, places, severities, cells = _names()
    return pd.DataFrame(
        {
            "report": table.reports.take(row),
            "rule": rules[column],
            "place": places[column],
            "severity": severities[column],
            # A sum that lacks a term is no sum.
            "lhs": pd.array(np.where(unknown, np.nan, lhs), "Float64"),
            "rhs": pd.array(np.where(unknown, np.nan, rhs), "Float64"),
            "gap": pd.array(np.where(unknown, np.nan, lhs - rhs), "Float64"),
            "verdict": _texts(["holds", "broken", "untestable"])[verdict],
            "cells": cells[column],
            "note": _texts([None, "a term is missing or no number", "blanks and dashes as zero"])[note],
            "simulated": table.simulated[row],
        }
    )


@cache
def _names() -> tuple[np.ndarray, ...]:
    """Return rule, place, severity and cells of every sum."""
    kinds = [(tests.rule, place, tests.severity, cells) for tests in _all_tests() for place, cells in _pairs(tests)]
    return tuple(_texts(one) for one in zip(*kinds))


def _pairs(tests: _Tests) -> Iterator[tuple[str, str]]:
    yield from zip(tests.places, tests.cells)


def _texts(texts: Iterable[str | None]) -> np.ndarray:
    return np.array(list(texts), dtype=object)


def _not_negative(table: CellTable) -> pd.DataFrame:
    """Find counts below zero or not whole; the change of a list may be negative, not broken."""
    categories = np.array([key.rsplit("/", 1)[1] for key in cell_keys()])
    values = table.values
    is_broken = (values < 0) & (categories != _MAY_BE_NEGATIVE)
    is_broken |= (values != np.round(values)) & ~np.isnan(values) & (categories != _MONEY)
    row, column = np.nonzero(is_broken)
    if not len(row):
        return empty_findings()
    figures, place = values[row, column], _texts(cell_keys())[column]
    return pd.DataFrame(
        {
            "report": table.reports.take(row),
            "rule": "non_negative",
            "place": place,
            "severity": "hard",
            "lhs": pd.array(figures, "Float64"),
            "rhs": pd.array(np.zeros(len(row)), "Float64"),
            "gap": pd.array(figures, "Float64"),
            "verdict": "broken",
            "cells": place,
            "note": np.where(figures < 0, "a count below zero", "a count that is not whole"),
            "simulated": table.simulated[row],
        }
    )
