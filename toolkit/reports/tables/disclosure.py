"""The table of chapter two: blocks of 第二十条, each with headers of its own that tell its form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from toolkit.reports.folding import fold
from toolkit.reports.form import FORMS, form_cells
from toolkit.reports.numbers import looks_like_value
from toolkit.reports.tables.alignment import Alignment, Placed, keep_unplaced
from toolkit.reports.tables.placing import Slots, place_rows
from toolkit.reports.tables.rows import UPPER_HEADERS, Row
from toolkit.reports.tables.tokens import PLAIN

_BLOCK_OF = {cell.item: cell.block for form in FORMS for cell in form_cells(form)}


def align_active_disclosure(rows: Sequence[Row], found: Alignment) -> None:
    """Place the rows of active disclosure, and tell the form of each block."""
    columns = [_disclosure_columns(row) for row in rows]
    widths = {id(row): len(headers) for row, headers in zip(rows, columns)}
    places = place_rows(rows, lambda row: widths[id(row)], lambda _, after: after is None)
    seen: set[str] = set()
    for row, headers, slots in zip(rows, columns, places):
        if row.item is None or row.item in seen or slots is None or not headers or _has_money_elsewhere(headers, slots):
            keep_unplaced(row, found)
            if row.item and row.item not in seen:
                _tell_form(found, row.item, [code for code, _ in headers])
            continue
        seen.add(row.item)
        _tell_form(found, row.item, [code for code, _ in headers])
        found.placed += [
            Placed(row.part, row.item, code, cell, header)
            for (code, header), cell in zip(headers, slots)
            if code is not None
        ]


def _has_money_elsewhere(headers: Sequence[tuple[str | None, str]], slots: Slots) -> bool:
    """A sum of money in a column of counts: the row has lost a cell and moved up."""
    texts = [fold(cell.text) for (code, _), cell in zip(headers, slots) if cell is not None and code != "amount"]
    return any(text.endswith("元") and looks_like_value(text) for text in texts)


def _disclosure_columns(row: Row) -> list[tuple[str | None, str]]:
    """Return code and header of the columns; where the header is lost, the number of filled cells may tell them."""
    columns = [(code, cell.text) for code, cell in row.columns if code not in UPPER_HEADERS]
    if columns or row.item is None or row.grid == PLAIN:
        return columns
    by_form = [[cell.category for cell in form_cells(form) if cell.item == row.item] for form in FORMS]
    count = len(row.filled())
    fitting = [codes for codes in by_form if len(codes) == count == len(row.slots)]
    return [(code, "") for code in fitting[0]] if len(fitting) == 1 else []


def _tell_form(found: Alignment, item: str, codes: Iterable[str | None]) -> None:
    form = _form_of(item, codes)
    if form:
        found.forms.setdefault(_BLOCK_OF[item], form)


def _form_of(item: str, codes: Iterable[str | None]) -> str | None:
    columns = {code for code in codes if code}
    scores = {}
    for form in FORMS:
        official = _categories(form, item)
        scores[form] = len(official & columns) / len(official | columns) if official else 0
    best = max(FORMS, key=lambda form: scores[form])
    return best if scores[best] > 0 and list(scores.values()).count(scores[best]) == 1 else None


@cache
def _categories(form: str, item: str) -> frozenset[str]:
    return frozenset(cell.category for cell in form_cells(form) if cell.item == item)
