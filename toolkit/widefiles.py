"""The wide table on disk: wide.csv, wide.xlsx and wide.dta, written batch by batch."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from toolkit.dataset import PARTIAL, csv_file, shut
from toolkit.frames import arrow_schema
from toolkit.reports.cells import CellTable, cell_keys
from toolkit.spreadsheet import MOST_ROWS, SheetWriter, filled, row_text
from toolkit.statafile import StataWriter
from toolkit.wide import derived_totals, short_cells, wide_labels

NAMES, SHEET = ("wide.csv", "wide.dta"), "wide.xlsx"
_AT_ONCE = 200
_COPY = arrow_schema("reports").get_field_index("duplicate_of")


@cache
def wide_schema() -> pa.Schema:
    """Return the columns of the wide table: of ``reports``, every cell of every form, and derived totals.

    Every cell has a column, so that files of different corpora can be appended.

    Examples
    --------
    >>> wide_schema().field("fees_amount").type
    DataType(double)
    """
    no_values = np.empty((0, len(cell_keys())))
    cells = [(name, pa.float64()) for name in (*short_cells(), *derived_totals(no_values))]
    return pa.schema([*arrow_schema("reports"), *cells])


def wide_table(reports: pa.Table, cells: CellTable) -> pa.Table:
    """Return the wide table of some reports: what :func:`toolkit.wide.widen` gives, with every column.

    Parameters
    ----------
    reports : pyarrow.Table
    cells : CellTable
        Of these reports, in their order.
    """
    values = dict(zip(short_cells(), cells.values.T)) | derived_totals(cells.values)
    arrays = [pa.array(values[name], from_pandas=True) for name in wide_schema().names[reports.num_columns :]]
    return pa.Table.from_arrays([*reports.columns, *arrays], schema=wide_schema())


def sheet_rows(wide: pa.Table) -> pa.Table:
    """Return the rows of a wide table as a spreadsheet has them, the name of the original left open."""
    rows = [row_text(row, _COPY) for row in zip(*(column.to_pylist() for column in wide.columns))]
    return pa.table({"row": pa.array(rows, pa.string())})


class WideSheet:
    """Writes ``wide.xlsx``: labels (Chinese or English), names, and a row a report.

    It is left out above the 1,048,576 rows that Excel opens.
    """

    def __init__(self, folder: Path, lang: str = "zh") -> None:
        self._path = folder / f"{SHEET}{PARTIAL}"
        self._sheet: SheetWriter | None = SheetWriter(self._path, "wide", "B3")
        labels = wide_labels(pd.Index(wide_schema().names), lang)
        self._sheet.write(labels.values())
        self._sheet.write(labels)
        self._rows = 2

    def write(self, rows: pa.Table, reports: pa.Table) -> None:
        """Append what :func:`sheet_rows` returned of some reports, whose originals are known now."""
        self._rows += len(rows)
        if self._sheet is not None and self._rows > MOST_ROWS:
            self.abandon()
            self._path.unlink()
            self._sheet = None
        if self._sheet is not None:
            for row, original in zip(rows["row"].to_pylist(), reports["duplicate_of"].to_pylist()):
                self._sheet.put(filled(row, _COPY, original))

    def close(self) -> list[str]:
        """Finish the file under its partial name; return its name, if it is there."""
        if self._sheet is None:
            return []
        self._sheet.close()
        return [SHEET]

    def abandon(self) -> None:
        """Let go of a file that will not be finished."""
        if self._sheet is not None:
            self._sheet.abandon()


class WideWriter:
    """Writes ``wide.csv`` and ``wide.dta``, reports added batch by batch.

    What is missing is an empty cell in CSV, ``.`` or an empty text in Stata,
    which has labels (Chinese or English) of its variables.

    Parameters
    ----------
    folder : Path
    reports : int
        How many will be written.
    widths : mapping
        Text column -> bytes of its longest text.
    lang : {"zh", "en"}
    """

    def __init__(self, folder: Path, reports: int, widths: Mapping[str, int], lang: str = "zh") -> None:
        labels = wide_labels(pd.Index(wide_schema().names), lang)
        self._waiting: list[pa.Table] = []
        self._csv_file = csv_file(folder / f"{NAMES[0]}{PARTIAL}")
        self._csv = pa_csv.CSVWriter(self._csv_file, wide_schema())
        self._stata = StataWriter(folder / f"{NAMES[1]}{PARTIAL}", wide_schema(), reports, widths, labels)

    def write(self, table: pa.Table) -> None:
        """Append reports."""
        self._waiting.append(table)
        if sum(map(len, self._waiting)) >= _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        # Hundreds of columns make many small batches dear.
        if self._waiting:
            table = pa.concat_tables(self._waiting).combine_chunks()
            self._csv.write_table(table)
            self._stata.write(table)
            self._waiting.clear()

    def close(self) -> list[str]:
        """Finish the files under their partial names; return their names."""
        self._flush()
        self._csv.close()
        self._csv_file.close()
        self._stata.close()
        return list(NAMES)

    def abandon(self) -> None:
        """Let go of files that will not be finished."""
        shut([self._csv_file])
        self._stata.abandon()


def widest(table: pa.Table) -> dict[str, int]:
    """Return text column -> bytes of its longest text.

    Examples
    --------
    >>> widest(pa.table({"agency": ["甲县", None], "year": [2020, 2021]}))
    {'agency': 6}
    """
    texts = {field.name: table[field.name] for field in table.schema if pa.types.is_string(field.type)}
    return {name: pc.max(pc.binary_length(column)).as_py() or 0 for name, column in texts.items()}
