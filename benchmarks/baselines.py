"""Two naive readers, for scale: what a study without this toolkit would write."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pandas as pd

from toolkit.reports.form import form_cells

COLUMNS = ["part", "item", "category", "state", "value"]


def _rows(text: str) -> dict[str, list[tuple[str, str, str]]]:
    form = "2019" if "对外公开总数量" in text else "2021"
    rows: dict[str, list[tuple[str, str, str]]] = {}
    for cell in form_cells(form):
        if cell.part != "disputes":
            rows.setdefault(cell.item_label, []).append(cell.key)
    return rows


def _frame(found: list[tuple[str, str, str, str, float]]) -> pd.DataFrame:
    return pd.DataFrame(found, columns=COLUMNS)


def html_tables(path: Path) -> pd.DataFrame:
    """``pandas.read_html`` and a lookup of the exact label in each row."""
    page = path.read_text(encoding="utf-8")
    rows, found = _rows(page), []
    for table in pd.read_html(StringIO(page)):
        for row in table.fillna("").astype(str).itertuples(index=False):
            cells = list(row)
            label = next((cell for cell in cells if cell in rows), None)
            keys = rows.get(label or "", [])
            numbers = cells[len(cells) - len(keys) :]
            found += [(*key, "reported", float(n)) for key, n in zip(keys, numbers) if re.fullmatch(r"-?[\d.]+", n)]
    return _frame(found)


def text_numbers(path: Path) -> pd.DataFrame:
    """The label, then as many numbers as the form has columns, wherever they stand."""
    text = path.read_text(encoding="utf-8")
    found = []
    for label, keys in _rows(text).items():
        place = text.find(label)
        numbers = re.findall(r"(?<![\d.])-?\d+(?:\.\d+)?(?![\d.、])", text[place + len(label) :]) if place >= 0 else []
        found += [(*key, "reported", float(number)) for key, number in zip(keys, numbers)]
    return _frame(found)


BASELINES: dict[str, Callable[[Path], pd.DataFrame]] = {
    "pandas.read_html with label lookup": html_tables,
    "label, then numbers": text_numbers,
}
