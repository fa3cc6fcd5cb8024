"""A frame as a file for the next program, with its codebook beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.analysis.indicators import indicator_table
from toolkit.analysis.writing.stata import write_stata
from toolkit.analysis.writing.tables import Table, write_latex, write_word
from toolkit.analysis.writing.wording import is_simulated, label_of, words
from toolkit.errors import InputError
from toolkit.frames import FRAMES, fields
from toolkit.reports.form import FORMS, form_cells

SUFFIXES = (".csv", ".xlsx", ".dta", ".parquet", ".tex", ".docx")
BOOK = ("name", "label_zh", "label_en", "unit", "meaning", "type", "n", "n_missing", "note")
EXCEL_ROWS, EXCEL_TEXT = 1_048_575, 32_767


def export(
    frame: pd.DataFrame,
    path: str | Path,
    codebook: pd.DataFrame | Mapping[str, str] | None = None,
    lang: str = "zh",
    header: str = "name",
    title: str = "",
    note: str = "",
    source: str = "",
    digits: int = 3,
) -> list[Path]:
    """Write a frame in the form that the suffix names, and its codebook.

    ==========  ==============================================================
    .csv        UTF-8 with byte order mark, which Excel needs
    .xlsx       a sheet ``data`` and a sheet ``codebook``
    .dta        Stata 14 and later (format 118), labels in ``lang``
    .parquet    types kept
    .tex        three-line table (booktabs), characters escaped
    .docx       three-line table (三线表): title above, note and source below
    ==========  ==============================================================

    Parameters
    ----------
    frame : DataFrame
        A named index is written as columns, one without name is dropped.
    path : path
    codebook : DataFrame or mapping, optional
        Entries of your own: name, label_zh, label_en, unit, meaning; or labels
        by name. They go before those of the toolkit.
    lang : {"zh", "en"}
        Of labels.
    header : {"name", "label"}
        What heads the columns of Excel, LaTeX and Word tables.
    title, note, source : str
        Of LaTeX and Word tables. Simulated data are marked without being told.
    digits : int
        Decimals in LaTeX and Word tables.

    Returns
    -------
    list of Path
        The file, then ``NAME.codebook.csv``: name, label_zh, label_en, unit,
        meaning, type, n, n_missing, note (for Excel a sheet instead).

    Raises
    ------
    InputError
        If the suffix is unknown, a column stands twice, or the form cannot hold the frame.

    Examples
    --------
    >>> import tempfile
    >>> frame = pd.DataFrame({"report": ["甲.txt"], "disclosure_rate": [0.5]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = export(frame, Path(folder) / "rates.csv")
    ...     print([file.name for file in files], files[0].read_text(encoding="utf-8-sig").splitlines())
    ['rates.csv', 'rates.codebook.csv'] ['report,disclosure_rate', '甲.txt,0.5']
    """
    target = Path(path)
    if target.suffix.lower() not in SUFFIXES:
        raise InputError(f"{target.name}: no export for suffix {target.suffix!r}", f"one of {', '.join(SUFFIXES)}")
    if header not in ("name", "label"):
        raise InputError(f"header is {header!r}", '"name" or "label"')
    note = " ".join(filter(None, (getattr(frame, "attrs", {}).get("note", ""), note)))
    frame = _columns_first(frame)
    book = codebook_of(frame, codebook)
    labels = dict(zip(book["name"], book[words(lang, "label_zh", "label_en")]))
    target.parent.mkdir(parents=True, exist_ok=True)
    table = Table(frame, labels if header == "label" else {}, title, note, source, lang, digits, is_simulated(frame))
    writers: dict[str, Callable[[], Any]] = {
        ".csv": partial(frame.to_csv, target, index=False, encoding="utf-8-sig", lineterminator="\n"),
        ".xlsx": partial(_write_excel, frame, target, book, labels if header == "label" else {}),
        ".dta": partial(write_stata, frame, target, labels, title),
        ".parquet": partial(_write_parquet, frame, target),
        ".tex": partial(write_latex, table, target),
        ".docx": partial(write_word, table, target),
    }
    changes = writers[target.suffix.lower()]() or {}
    if target.suffix.lower() == ".xlsx":
        return [target]
    book["note"] = [changes.get(name, "") for name in book["name"]]
    beside = target.with_name(f"{target.stem}.codebook.csv")
    book.to_csv(beside, index=False, encoding="utf-8-sig", lineterminator="\n")
    return [target, beside]


def _columns_first(frame: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(frame, pd.DataFrame):
        raise InputError(f"export takes a DataFrame, not {type(frame).__name__}", "e.g. corpus.reports")
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    if isinstance(frame.columns, pd.MultiIndex):
        frame = frame.set_axis(["_".join(map(str, name)) for name in frame.columns], axis=1)
    frame = frame.set_axis([str(name) for name in frame.columns], axis=1).reset_index(drop=True)
    if frame.columns.has_duplicates:
        twice = frame.columns[frame.columns.duplicated()].unique()
        raise InputError(f"columns stand twice: {', '.join(twice)}", "rename or drop them: readers keep one silently")
    return frame


def codebook_of(frame: pd.DataFrame, codebook: pd.DataFrame | Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return the codebook of a frame's columns.

    Parameters
    ----------
    frame : DataFrame
    codebook : DataFrame or mapping, optional
        As in ``export``.

    Returns
    -------
    DataFrame
        name, label_zh, label_en, unit, meaning, type, n (not missing), n_missing, note.

    Examples
    --------
    >>> frame = pd.DataFrame({"disclosure_rate": [0.5, None]})
    >>> codebook_of(frame)[["label_zh", "unit", "n", "n_missing"]].values.tolist()
    [['公开率', 'share', 1, 1]]
    """
    own = _own_entries(codebook)
    rows = []
    for name in frame.columns:
        entry = {**_known(name), **own.get(name, {})}
        entry = {"label_zh": label_of(name), "label_en": label_of(name, "en"), **entry}
        counted = {
            "type": str(frame[name].dtype),
            "n": int(frame[name].notna().sum()),
            "n_missing": int(frame[name].isna().sum()),
        }
        rows.append({"name": name, **entry, **counted})
    return pd.DataFrame([{**dict.fromkeys(BOOK, ""), **row} for row in rows], columns=list(BOOK))


def _own_entries(codebook: pd.DataFrame | Mapping[str, str] | None) -> dict[str, dict[str, Any]]:
    if codebook is None:
        return {}
    if isinstance(codebook, Mapping):
        return {name: {"label_zh": label, "label_en": label} for name, label in codebook.items()}
    if "name" not in codebook:
        raise InputError("the codebook has no column name", "the columns name, label_zh, label_en, unit, meaning")
    kept = (
        codebook.drop_duplicates("name").set_index("name").reindex(columns=["label_zh", "label_en", "unit", "meaning"])
    )
    return {
        str(name): {key: value for key, value in row.items() if pd.notna(value) and value != ""}
        for name, row in kept.to_dict("index").items()
    }


def _known(name: str) -> dict[str, str]:
    for frame in FRAMES:
        if entry := fields(frame).get(name):
            return {key: entry[key] for key in ("label_zh", "label_en", "unit", "meaning")}
    table = indicator_table().set_index("name")
    if name in table.index:
        row = table.loc[name]
        meaning = f"{row['formula']}. {row['note']}".rstrip(". ") + "."
        return {"label_zh": row["label_zh"], "label_en": row["label_en"], "unit": row["unit"], "meaning": meaning}
    cells = {cell.short: cell for form in FORMS for cell in form_cells(form)}
    if cell := cells.get(name):
        return {
            "label_zh": f"{cell.item_label} {cell.category_label}",
            "label_en": cell.english,
            "unit": cell.unit,
            "meaning": cell.meaning,
        }
    return {}


def _write_parquet(frame: pd.DataFrame, target: Path) -> None:
    mixed = [name for name in frame if frame[name].dtype == object and _is_mixed(frame[name])]
    frame.astype(dict.fromkeys(mixed, "string")).to_parquet(target, index=False)


def _is_mixed(column: pd.Series) -> bool:
    return len({type(value) for value in column.dropna()}) > 1


def _write_excel(frame: pd.DataFrame, target: Path, book: pd.DataFrame, labels: Mapping[str, str]) -> None:
    from openpyxl import Workbook

    if len(frame) > EXCEL_ROWS:
        raise InputError(f"{len(frame):,} rows are more than an Excel sheet holds", "export to .parquet or .csv")
    workbook = Workbook(write_only=True)
    for name, part, heads in (("data", frame, labels), ("codebook", book, {})):
        sheet = workbook.create_sheet(name)
        sheet.freeze_panes = "A2"
        for place, column in enumerate(part.columns):
            width = 10 + min(30, len(str(heads.get(column, column))))
            sheet.column_dimensions[_letter(place)].width = width
        sheet.append([_excel_cell(sheet, heads.get(column, column)) for column in part.columns])
        for row in part.itertuples(index=False, name=None):
            sheet.append([_excel_cell(sheet, value) for value in row])
    workbook.save(target)


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(place + 1)


def _excel_cell(sheet: Any, value: Any) -> Any:
    """Return what Excel can hold: texts stay texts, also those that begin like a formula."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and not np.isfinite(value)):
        return None if pd.isna(value) else str(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, pd.Timestamp):
        return value.tz_localize(None).to_pydatetime()
    if not isinstance(value, str):
        return value if isinstance(value, (bool, int, float)) else str(value)
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
    if len(text) > EXCEL_TEXT:
        mark = "…[Excel: 32767]"
        text = text[: EXCEL_TEXT - len(mark)] + mark
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell
