"""The sums inside a report: a finding for every identity tested, nothing repaired.

An identity is tested with blanks and dashes as zero. If it then holds it holds
(the note says so); if not it is untestable, since a blank may stand for any
number. A text, a doubtful or a missing term makes it untestable too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from toolkit.reports.form import FORMS, Identity, form_cells, identities

FINDINGS = ("report", "rule", "place", "severity", "lhs", "rhs", "gap", "verdict", "cells", "note", "simulated")

_REPORTED, _AS_ZERO, _UNKNOWN, _NOT_IN_FORM = range(4)
_STATE_CODES = {"reported": _REPORTED, "blank": _AS_ZERO, "dash": _AS_ZERO}
_OTHER_DETAILS = ("other_no_correction", "other_fee_unpaid", "other_other")
_TOLERANCE = 1e-6
_MAY_BE_NEGATIVE = frozenset(["change"])
_NO_NOTE = np.array(None, dtype=object)

Key = tuple[str, str, str]


class CellTable:
    """The statistics of many reports as two arrays: values and states, reports by cells."""

    def __init__(self, statistics: pd.DataFrame) -> None:
        reports, self.reports = pd.factorize(statistics["report"])
        keys = list(zip(statistics["part"], statistics["item"], statistics["category"]))
        self._columns = {key: place for place, key in enumerate(dict.fromkeys(keys))}
        columns = np.fromiter((self._columns[key] for key in keys), int, len(keys))
        shape = (len(self.reports), len(self._columns))
        self.values, self.states = np.zeros(shape), np.full(shape, _NOT_IN_FORM)
        values = statistics["value"].astype("Float64").fillna(0).to_numpy(float)
        states = statistics["state"].map(_STATE_CODES).fillna(_UNKNOWN).to_numpy(int)
        self.values[reports, columns], self.states[reports, columns] = values, states
        simulated = statistics["simulated"] if "simulated" in statistics else pd.Series(False, statistics.index)
        self.simulated = simulated.groupby(reports).first().to_numpy(bool)

    def terms(self, keys: Sequence[Key]) -> tuple[np.ndarray, np.ndarray]:
        """Return values and states of some cells; a cell that no report has is not in the form."""
        shape = (len(self.reports), len(keys))
        values, states = np.zeros(shape), np.full(shape, _NOT_IN_FORM)
        for place, key in enumerate(keys):
            if key in self._columns:
                values[:, place] = self.values[:, self._columns[key]]
                states[:, place] = self.states[:, self._columns[key]]
        return values, states


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
    if statistics.empty:
        return empty_findings()
    table = CellTable(statistics) if table is None else table
    parts = [_test(table, identity, each) for identity in identities() for each in _range(identity)]
    parts.append(_not_negative(statistics))
    found = pd.concat([part for part in parts if len(part)] or [empty_findings()], ignore_index=True)
    order = {report: place for place, report in enumerate(table.reports)}
    return found.sort_values("report", key=lambda column: column.map(order), kind="stable", ignore_index=True)


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
def _range(identity: Identity) -> tuple[str, ...]:
    """Return the items or categories that an identity runs over, of all forms."""
    cells = [cell for form in FORMS for cell in form_cells(form) if cell.part == identity.part]
    return tuple(dict.fromkeys(getattr(cell, identity.each) for cell in cells))


def _keys(identity: Identity, each: str, names: Iterable[str]) -> list[Key]:
    if identity.each == "item":
        return [(identity.part, each, name) for name in names]
    return [(identity.part, name, each) for name in names]


def _test(table: CellTable, identity: Identity, each: str) -> pd.DataFrame:
    left, right = _keys(identity, each, identity.left), _keys(identity, each, identity.right)
    values, states = table.terms(left + right)
    states = _demand_terms(states, left + right)
    tested = np.asarray((states < _UNKNOWN).any(axis=1))
    if not tested.any():
        return empty_findings()
    lhs = np.where(states[:, : len(left)] < _UNKNOWN, values[:, : len(left)], 0).sum(axis=1)
    rhs = np.where(states[:, len(left) :] < _UNKNOWN, values[:, len(left) :], 0).sum(axis=1)
    return _findings(table, identity, left + right, states, lhs, rhs, tested)


def _demand_terms(states: np.ndarray, keys: Sequence[Key]) -> np.ndarray:
    """A term that is not there is unknown, but for the rows 其他处理 that the other form has."""
    names = np.array([key[1] for key in keys])
    single, details = names == "other", np.isin(names, _OTHER_DETAILS)
    if details.sum() != len(_OTHER_DETAILS):
        return np.where(states == _NOT_IN_FORM, _UNKNOWN, states)
    has_details = np.asarray((states[:, details] < _NOT_IN_FORM).all(axis=1))
    has_single = np.asarray((states[:, single] < _NOT_IN_FORM).all(axis=1) & ~has_details)
    states = states.copy()
    # Where one row stands above its three parts, the parts are summed.
    states[np.ix_(has_details, single)] = states[np.ix_(has_single, details)] = _NOT_IN_FORM
    lacking = (states == _NOT_IN_FORM) & ~(has_details[:, None] & single) & ~(has_single[:, None] & details)
    return np.where(lacking, _UNKNOWN, states)


def _findings(
    table: CellTable,
    identity: Identity,
    keys: Sequence[Key],
    states: np.ndarray,
    lhs: np.ndarray,
    rhs: np.ndarray,
    tested: np.ndarray,
) -> pd.DataFrame:
    unknown, as_zero = (states == _UNKNOWN).any(axis=1), (states == _AS_ZERO).any(axis=1)
    holds = np.abs(lhs - rhs) < _TOLERANCE
    verdict = np.where(unknown | (as_zero & ~holds), "untestable", np.where(holds, "holds", "broken"))
    note = np.where(unknown, "a term is missing or no number", np.where(as_zero, "blanks and dashes as zero", _NO_NOTE))
    frame = pd.DataFrame(
        {
            "report": table.reports,
            "rule": identity.rule,
            "place": "/".join(keys[0]),
            "severity": identity.severity,
            "lhs": pd.array(lhs, "Float64"),
            "rhs": pd.array(rhs, "Float64"),
            "gap": pd.array(lhs - rhs, "Float64"),
            "verdict": verdict,
            "cells": ";".join("/".join(key) for key in keys),
            "note": note,
            "simulated": table.simulated,
        }
    )
    # A sum that lacks a term is no sum.
    frame.loc[unknown, ["lhs", "rhs", "gap"]] = pd.NA
    return frame[tested]


def _not_negative(statistics: pd.DataFrame) -> pd.DataFrame:
    """Find counts below zero or not whole; the change of a list may be negative, not broken."""
    value = statistics["value"].astype("Float64").to_numpy(float, na_value=np.nan)
    is_change = statistics["category"].isin(_MAY_BE_NEGATIVE).to_numpy()
    is_money = (statistics["category"] == "amount").to_numpy()
    broken = ((value < 0) & ~is_change) | ((value != np.round(value)) & ~np.isnan(value) & ~is_money)
    rows = statistics[broken]
    if rows.empty:
        return empty_findings()
    place = rows["part"].str.cat([rows["item"], rows["category"]], sep="/")
    return pd.DataFrame(
        {
            "report": rows["report"],
            "rule": "non_negative",
            "place": place,
            "severity": "hard",
            "lhs": rows["value"].astype("Float64"),
            "rhs": pd.array([0] * len(rows), "Float64"),
            "gap": rows["value"].astype("Float64"),
            "verdict": "broken",
            "cells": place,
            "note": np.where(rows["value"] < 0, "a count below zero", "a count that is not whole"),
            "simulated": rows.get("simulated", False),
        }
    )
