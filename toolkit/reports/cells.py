"""The cells of many reports as arrays: figures and states, reports by cells.

Rules, the wide table and the indicators read these arrays; the frame
``statistics`` is spread over reports and cells here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from toolkit.errors import InputError
from toolkit.reports.form import FORMS, form_cells

#: What a cell is to a sum: a figure, nothing printed, not told, or no cell of the report's form.
REPORTED, AS_ZERO, UNKNOWN, NOT_IN_FORM = range(4)
_STATE_CODES = {"reported": REPORTED, "blank": AS_ZERO, "dash": AS_ZERO}

#: Part, item, category.
Key = tuple[str, str, str]


@dataclass(frozen=True)
class CellTable:
    """The cells of a corpus: one row per report, one column per cell of any form.

    Attributes
    ----------
    reports : Index
    values : array
        The figure; missing (NaN) unless the cell counts as reported.
    states : array
        ``REPORTED``, ``AS_ZERO`` (blank or dash), ``UNKNOWN`` (text, missing,
        doubtful) or ``NOT_IN_FORM``.
    simulated : array
    """

    reports: pd.Index
    values: np.ndarray
    states: np.ndarray
    simulated: np.ndarray

    @property
    def keys(self) -> tuple[str, ...]:
        """Every cell as ``part/item/category``, in the order of the columns."""
        return cell_keys()

    @property
    def rows(self) -> np.ndarray:
        """Whether the report's form has the cell at all."""
        return self.states != NOT_IN_FORM

    def column(self, key: str) -> tuple[np.ndarray, np.ndarray]:
        """Return values and existence of one cell, ``part/item/category``."""
        place = self.keys.index(key)
        return self.values[:, place], self.states[:, place] != NOT_IN_FORM

    def terms(self, keys: Sequence[Key]) -> tuple[np.ndarray, np.ndarray]:
        """Return figures, zero where there is none, and states of some cells."""
        places = places_of(keys)
        return np.nan_to_num(self.values[:, places]), self.states[:, places]


@cache
def cell_keys() -> tuple[str, ...]:
    """Return every cell of every form as ``part/item/category``.

    Examples
    --------
    >>> len(cell_keys())
    226
    >>> cell_keys()[0]
    'active_disclosure/rules/made'
    """
    return tuple("/".join(key) for key in _places())


@cache
def _places() -> dict[Key, int]:
    keys = dict.fromkeys(cell.key for form in FORMS for cell in form_cells(form))
    return {key: place for place, key in enumerate(keys)}


def places_of(keys: Sequence[Key]) -> list[int]:
    """Return the columns of some cells.

    Examples
    --------
    >>> places_of([("active_disclosure", "rules", "made")])
    [0]
    """
    places = _places()
    return [places[key] for key in keys]


def spread(statistics: pd.DataFrame, reports: pd.Index | None = None) -> CellTable:
    """Spread the frame ``statistics`` over reports and cells.

    Parameters
    ----------
    statistics : DataFrame
        The frame of that name: report, part, item, category, value, state;
        simulated where known. What is no cell of a form is passed over.
    reports : Index, optional
        The reports wanted, in order; one without statistics has no cells.
        By default those of the statistics, as they first stand there.

    Raises
    ------
    InputError
        If a cell stands twice.

    Examples
    --------
    >>> frame = pd.DataFrame({"report": ["a", "a"], "part": "applications", "item": ["granted", "other_other"],
    ...                       "category": "total", "value": [3.0, None], "state": ["reported", "blank"]})
    >>> table = spread(frame)
    >>> table.terms([("applications", "granted", "total"), ("applications", "other_other", "total")])
    (array([[3., 0.]]), array([[0, 1]], dtype=int8))
    """
    wanted = pd.Index(pd.unique(statistics["report"])) if reports is None else reports
    row, column, known = _where(statistics, wanted)
    shape = len(wanted), len(cell_keys())
    values, states = np.full(shape, np.nan), np.full(shape, NOT_IN_FORM, np.int8)
    codes = statistics["state"].astype("object").map(_STATE_CODES).to_numpy(float, na_value=UNKNOWN)[known]
    number = pd.to_numeric(statistics["value"]).to_numpy(dtype=float, na_value=np.nan)[known]
    values[row, column], states[row, column] = np.where(codes == REPORTED, number, np.nan), codes
    simulated = np.zeros(len(wanted), bool)
    if "simulated" in statistics:
        simulated[row] = statistics["simulated"].to_numpy(bool, na_value=False)[known]
    return CellTable(wanted, values, states, simulated)


def _where(statistics: pd.DataFrame, reports: pd.Index) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return row and column of the statistics that are wanted, and which these are."""
    # Factorised first: joining three strings per row is slow on millions of rows.
    codes, levels = zip(*(pd.factorize(statistics[name]) for name in ("part", "item", "category")), strict=True)
    lookup = np.full([len(level) for level in levels], -1)
    triples = np.unique(np.column_stack(codes), axis=0) if len(statistics) else np.zeros((0, 3), int)
    for triple in triples.tolist():
        lookup[tuple(triple)] = _places().get(tuple(level[n] for level, n in zip(levels, triple)), -1)  # type: ignore[arg-type]
    column = lookup[codes] if len(statistics) else np.zeros(0, dtype=int)
    row = reports.get_indexer(pd.Index(statistics["report"]))
    known = (row >= 0) & (column >= 0)
    flat = row[known] * len(_places()) + column[known]
    if len(np.unique(flat)) < len(flat):
        raise InputError("a cell stands twice in statistics", "drop duplicated rows of report, part, item, category")
    return row[known], column[known], known
