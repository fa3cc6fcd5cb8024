"""The wide table: one row per report, one column per cell of the form."""

from __future__ import annotations

from functools import cache
from typing import Protocol

import numpy as np
import pandas as pd

from toolkit.analysis.cells import cell_keys, cell_table
from toolkit.errors import InputError
from toolkit.frames import fields
from toolkit.reports.form import FORMS, FormCell, form_cells, identities

_STATE_WORDS = {"en": "cells by state", "zh": "单元格状态"}


class HasFrames(Protocol):
    """Anything that carries reports and statistics."""

    reports: pd.DataFrame
    statistics: pd.DataFrame


@cache
def short_cells() -> dict[str, FormCell]:
    """Return short name -> cell, of all forms, in the order of the wide table.

    Examples
    --------
    >>> short_cells()["fees_amount"].item_label
    '行政事业性收费'
    """
    cells = {"/".join(cell.key): cell for form in FORMS for cell in form_cells(form)}
    return {cells[key].short: cells[key] for key in cell_keys()}


def widen(corpus: HasFrames, blanks: str = "missing", quiet: bool = False) -> pd.DataFrame:
    """Return one row per report: the columns of ``reports`` and one column per cell.

    Parameters
    ----------
    corpus : Corpus
        Or anything with the frames ``reports`` and ``statistics``.
    blanks : {"missing", "zero_if_balanced", "zero"}
        What a blank or a dash is: missing; zero where the identities it
        stands in then hold; zero. Texts, missing and doubtful cells are
        missing in each case. The counts of each state are printed.
    quiet : bool
        Do not print them.

    Returns
    -------
    DataFrame
        Cells stand under their ``short`` names (Float64; counts, money in
        yuan); a cell that no report's form has, has no column. Totals summed
        from their parts, where all parts are known, stand in columns ending
        in ``_derived``, beside the printed ones. ``attrs["states"]`` has the
        counts.

    Raises
    ------
    InputError
        If ``blanks`` is none of the three.

    Examples
    --------
    >>> from toolkit.corpus import read_report
    >>> wide = widen(read_report("corpus/dongguan2020.txt"))
    cells by state: reported 196, missing 2
    >>> wide[["report", "procurement_amount"]].values.tolist()
    [['dongguan2020.txt', 511082.0]]
    """
    if not hasattr(corpus, "statistics"):
        raise InputError(f"a corpus is wanted, not {type(corpus).__name__}", "pass what read_corpus returned")
    reports = corpus.reports.reset_index(drop=True)
    table = cell_table(corpus.statistics, pd.Index(reports["report"]), blanks)
    values = {name: table.values[:, place] for place, name in enumerate(short_cells()) if table.rows[:, place].any()}
    cells = pd.DataFrame(values, index=reports.index).astype("Float64").mask(np.isnan)
    wide = pd.concat([reports, cells, _derived(table.values)], axis=1)
    states = corpus.statistics["state"].value_counts().to_dict()
    wide.attrs["states"] = states
    if not quiet:
        print(f"{_STATE_WORDS['en']}: {', '.join(f'{state} {count}' for state, count in states.items())}")
    return wide


def _derived(values: np.ndarray) -> pd.DataFrame:
    """Sum the totals from their parts, where all parts are known."""
    return pd.DataFrame(derived_totals(values)).astype("Float64").mask(np.isnan).dropna(axis="columns", how="all")


def derived_totals(values: np.ndarray) -> dict[str, np.ndarray]:
    """Return the totals of every report as the sums of their parts; missing (NaN) where a part is.

    Parameters
    ----------
    values : array of reports by cells
        As in :class:`toolkit.analysis.cells.CellTable`.

    Examples
    --------
    >>> values = np.full((1, len(cell_keys())), 2.0)
    >>> derived_totals(values)["new_total_derived"]
    array([12.])
    """
    return {name: values[:, places].sum(axis=1) for name, places in _places_of_parts().items()}


@cache
def _places_of_parts() -> dict[str, list[int]]:
    place = {key: number for number, key in enumerate(cell_keys())}
    parts = {name: _parts(cell) for name, cell in short_cells().items()}
    return {f"{name}_derived": [place[key] for key in keys] for name, keys in parts.items() if keys}


def _parts(cell: FormCell) -> list[str]:
    """Return the cells that a printed row total is the sum of."""
    for identity in identities():
        if identity.each == "item" and identity.part == cell.part and identity.left == (cell.category,):
            return ["/".join((cell.part, cell.item, part)) for part in identity.right]
    return []


def wide_labels(columns: pd.Index, lang: str = "zh") -> dict[str, str]:
    """Return column -> label, in Chinese or English, at most 80 characters long."""
    cells, named = short_cells(), fields("reports")
    labels = {}
    for column in columns:
        cell = cells.get(column.removesuffix("_derived"))
        if cell is None:
            labels[column] = named[column][f"label_{lang}"] if column in named else column
        else:
            labels[column] = _cell_label(cell, lang) + (" (derived)" if column.endswith("_derived") else "")
    return {column: label[:80] for column, label in labels.items()}


def _cell_label(cell: FormCell, lang: str) -> str:
    if lang == "en":
        return cell.english
    group = f"{cell.group} " if cell.group and cell.part == "disputes" else ""
    return f"{group}{cell.item_label[:40]} {cell.category_label}"
