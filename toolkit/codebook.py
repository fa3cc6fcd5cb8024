"""The codebook: what every column, cell, code and indicator is. The data dictionary, as data."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib import resources
from io import StringIO

import pandas as pd

from toolkit.analysis.indicators import indicator_table
from toolkit.frames import FRAMES, fields
from toolkit.narrative.codingscheme import load_scheme
from toolkit.reports.form import FORMS, form_cells, read_rows

COLUMNS = (
    "name",
    "kind",
    "of",
    "label_zh",
    "label_en",
    "unit",
    "clause",
    "forms",
    "part",
    "item",
    "category",
    "meaning",
)


def codebook() -> pd.DataFrame:
    """Return the data dictionary.

    Returns
    -------
    DataFrame
        name; kind: column (of a frame), cell (of a form, under its name in
        the wide table), code (a value of a column) or indicator; of: the
        frame or column it belongs to; label_zh, label_en: the official
        Chinese label and its translation; unit; clause of the regulations
        (条例 2019); forms (2019, 2021); part, item, category of a cell; meaning.

    Examples
    --------
    >>> book = codebook().set_index("name")
    >>> book.loc["denied_secret_total", ["label_zh", "clause", "forms", "unit"]].tolist()
    ['1.属于国家秘密 总计', 'art. 14', '2019 2021', 'count']
    """
    rows = [*_columns(), *_cells(), *_codes(), *_indicators()]
    return pd.DataFrame(rows, columns=list(COLUMNS)).fillna("")


def _columns() -> Iterator[dict[str, str]]:
    for frame in FRAMES:
        for column, entry in fields(frame).items():
            yield {"name": column, "kind": "column", "of": frame, **_labels(entry), "unit": entry["unit"]}


def _cells() -> Iterator[dict[str, str]]:
    seen: dict[str, list[str]] = {}
    for form in FORMS:
        for cell in form_cells(form):
            seen.setdefault(cell.short, []).append(form)
    cells = {cell.short: cell for form in FORMS for cell in form_cells(form)}
    for short, cell in cells.items():
        yield {
            "name": short,
            "kind": "cell",
            "of": "statistics",
            "label_zh": f"{cell.item_label} {cell.category_label}",
            "label_en": cell.english,
            "unit": cell.unit,
            "clause": cell.clause,
            "forms": " ".join(seen[short]),
            "part": cell.part,
            "item": cell.item,
            "category": cell.category,
            "meaning": cell.meaning,
        }


def _codes() -> Iterator[dict[str, str]]:
    text = resources.files("toolkit").joinpath("codes.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(StringIO(text)):
        yield {"name": row["code"], "kind": "code", "of": row["set"], **_labels(row)}
    yield from _table_codes("item", "item_label")
    yield from _table_codes("category", "category_label")
    for row in load_scheme().categories.to_dict("records"):
        labels = {"label_zh": row["label"], "label_en": row["label_en"], "meaning": row["definition"]}
        yield {"name": row["code"], "kind": "code", "of": "code", **labels}
    for row in read_rows("regions/sectors.csv"):
        labels = {"label_zh": row["chinese"], "label_en": row["english"]}
        yield {"name": row["sector"], "kind": "code", "of": "sector", **labels}


def _table_codes(column: str, label: str) -> Iterator[dict[str, str]]:
    seen = {}
    for form in FORMS:
        for cell in form_cells(form):
            seen[getattr(cell, column)] = cell
    for code, cell in seen.items():
        english = cell.english.rpartition(": ")[0 if column == "item" else 2]
        yield {"name": code, "kind": "code", "of": column, "label_zh": getattr(cell, label), "label_en": english}


def _indicators() -> Iterator[dict[str, str]]:
    for row in indicator_table().to_dict("records"):
        meaning = f"{row['kind']}: {row['formula']}. {row['note']}".strip()
        labels = {"label_zh": row["label_zh"], "label_en": row["label_en"], "meaning": meaning}
        yield {
            "name": row["name"],
            "kind": "indicator",
            "of": "indicators",
            **labels,
            "unit": row["unit"],
            "forms": row["forms"],
        }


def _labels(entry: dict[str, str]) -> dict[str, str]:
    return {key: entry[key] for key in ("label_zh", "label_en", "meaning")}
