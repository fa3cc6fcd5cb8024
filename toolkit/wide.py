"""The wide table: one row per report, one column per cell of the form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from toolkit.analysis.cells import cell_keys, cell_table
from toolkit.frames import fields
from toolkit.reports.form import FORMS, FormCell, form_cells, identities

_TEXT_LENGTH = 2045
_PARTIAL = ".partial"
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
    place = {key: number for number, key in enumerate(cell_keys())}
    columns: dict[str, np.ndarray] = {}
    for name, cell in short_cells().items():
        parts = _parts(cell)
        if parts:
            columns[f"{name}_derived"] = values[:, [place[key] for key in parts]].sum(axis=1)
    return pd.DataFrame(columns).astype("Float64").mask(np.isnan).dropna(axis="columns", how="all")


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


class WideWriter:
    """Writes wide.csv, wide.xlsx and wide.dta, reports added piece by piece.

    Excel has labels (Chinese or English) above the names, Stata as labels of
    the variables. Every cell of every form has a column, so that files of
    different corpora can be appended. ``as_table=False`` leaves Excel and
    Stata out, which hold a corpus of many thousand reports badly.
    """

    def __init__(self, folder: Path, lang: str = "zh", as_table: bool = True) -> None:
        self._folder, self._as_table = folder, as_table
        self.columns = [
            *fields("reports"),
            *short_cells(),
            *(f"{name}_derived" for name, cell in short_cells().items() if _parts(cell)),
        ]
        self.labels = wide_labels(pd.Index(self.columns), lang)
        self._csv = (folder / f"wide.csv{_PARTIAL}").open("w", encoding="utf-8-sig", newline="")
        self._csv.write(",".join(self.columns) + "\n")
        self._pieces: list[pd.DataFrame] = []
        if as_table:
            self._start_excel()

    def _start_excel(self) -> None:
        from openpyxl import Workbook

        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("wide")
        self._sheet.freeze_panes = "B3"
        self._sheet.append([self.labels[column] for column in self.columns])
        self._sheet.append(self.columns)

    def write(self, corpus: HasFrames) -> None:
        """Append the reports of a corpus."""
        wide = widen(corpus, quiet=True).reindex(columns=self.columns)
        wide.to_csv(self._csv, index=False, header=False, lineterminator="\n")
        if self._as_table:
            for row in wide.astype("object").where(wide.notna(), None).itertuples(index=False):
                self._sheet.append([_excel_text(value) for value in row])
            self._pieces.append(pd.DataFrame({column: _stata_column(values) for column, values in wide.items()}))

    def close(self) -> list[str]:
        """Finish the files under their partial names; return their names."""
        self._csv.close()
        if not self._as_table:
            return ["wide.csv"]
        self._book.save(self._folder / f"wide.xlsx{_PARTIAL}")
        whole = pd.concat(self._pieces, ignore_index=True) if self._pieces else pd.DataFrame(columns=self.columns)
        with (self._folder / f"wide.dta{_PARTIAL}").open("wb") as file:
            whole.to_stata(file, write_index=False, version=118, variable_labels=self.labels)
        return ["wide.csv", "wide.xlsx", "wide.dta"]


def _excel_text(value: object) -> object:
    """Excel takes neither control characters nor a text that begins like a formula."""
    if not isinstance(value, str):
        return value
    value = "".join(char for char in value if char >= " " or char in "\n\t")[:32767]
    return f"'{value}" if value.startswith(("=", "+", "@")) else value


def _stata_column(values: pd.Series) -> pd.Series:
    if values.dtype == bool or values.name == "simulated":
        return values.astype("int8")
    if pd.api.types.is_numeric_dtype(values):
        return values.astype("float64")
    return values.astype("object").where(values.notna(), "").astype(str).str.slice(0, _TEXT_LENGTH)
