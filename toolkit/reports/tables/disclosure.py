"""The table of chapter two: blocks of 第二十条, each with headers of its own that tell its form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from toolkit.reports.document import Cell
from toolkit.reports.folding import fold
from toolkit.reports.form import FORMS, form_cells
from toolkit.reports.numbers import looks_like_value
from toolkit.reports.tables.alignment import Alignment, Placed, keep_unplaced
from toolkit.reports.tables.headers import Head, cells_under, heads_above, joined, one_of, stand_in_order
from toolkit.reports.tables.labels import bare
from toolkit.reports.tables.placing import Slots, place_rows
from toolkit.reports.tables.rows import UPPER_HEADERS, Row
from toolkit.reports.tables.tokens import PLAIN
from toolkit.reports.tables.years import rows_of_this_year

_BLOCK_OF = {cell.item: cell.block for form in FORMS for cell in form_cells(form)}


def align_active_disclosure(rows: Sequence[Row], found: Alignment) -> None:
    """Place the rows of active disclosure, and tell the form of each block."""
    rows = _without_doubles(rows_of_this_year(rows), found)
    if any(row.item and row.filled() for row in rows):
        found.seen.add("active_disclosure")
    columns = [_disclosure_columns(row) for row in rows]
    places = _places(rows, columns)
    seen: set[str] = set()
    for row, headers, slots in zip(rows, columns, places):
        if row.item is None or row.item in seen or slots is None or not headers or _has_money_elsewhere(headers, slots):
            keep_unplaced(row, found)
            if row.item and row.item not in seen:
                _tell_form(found, row.item, [code for code, _ in headers])
            continue
        seen.add(row.item)
        _tell_form(found, row.item, [code for code, _ in headers])
        _place_by_code(row, row.item, headers, slots, found)


def _without_doubles(rows: Sequence[Row], found: Alignment) -> list[Row]:
    """Where a grid has a row twice, keep the one with the official label; if none or both have it, neither."""
    names: list[tuple[str, str | None]] = [(row.grid, row.item) for row in rows if row.item and row.in_grid]
    if len(names) == len(set(names)):
        return list(rows)
    doubles = [row for row in rows if names.count((row.grid, row.item)) > 1]
    kept: list[Row] = []
    for row in rows:
        same = [other for other in doubles if (other.grid, other.item) == (row.grid, row.item)]
        exact = [other for other in same if bare(other.label) in _labels(other.item)]
        texts = {tuple(cell.text.strip() for cell in other.slots if cell) for other in same}
        if len(texts) < 2 or exact == [row]:
            kept.append(row)
        else:
            keep_unplaced(row, found)
    return kept


@cache
def _labels(item: str | None) -> frozenset[str]:
    """Return the official labels of a row, bare."""
    return frozenset(bare(cell.item_label) for form in FORMS for cell in form_cells(form) if cell.item == item)


#: Code and printed words of the heads above a row.
Told = list[tuple[str | None, str]]


def _places(rows: Sequence[Row], columns: Sequence[Told]) -> list[Slots | None]:
    """Return every row's cells, one a head; where a head was lost, in the official order or by place only."""
    heads = {id(row): [] if len(row.slots) == len(told) else _heads(row) for row, told in zip(rows, columns)}
    widths = {id(row): len(heads[id(row)]) or len(told) for row, told in zip(rows, columns)}
    places = place_rows(
        rows, lambda row: widths[id(row)], lambda _, after: after is None, heads=lambda row: heads[id(row)]
    )
    for number, (row, told) in enumerate(zip(rows, columns)):
        if row.in_grid and len(row.slots) > len(told) and _has_lost_a_head(row, told):
            above = heads[id(row)]
            places[number] = cells_under(row, above, frozenset()) if above else None
        if places[number] is not None and heads[id(row)]:
            told[:] = _texts_of(heads[id(row)], told)
    return places


def _texts_of(heads: Sequence[Head], columns: Told) -> Told:
    """Return code and header of heads that may be written in several cells."""
    texts = dict(columns)
    return [(head.key, texts.get(head.key, "")) for head in heads]


def _heads(row: Row) -> list[Head]:
    if not row.under_header:
        return []
    columns = [(code, cell) for code, cell in row.columns if code not in UPPER_HEADERS]
    return joined(heads_above(columns, lambda stack: stack[-1][0]))


def _has_lost_a_head(row: Row, columns: Told) -> bool:
    """Whether the heads are those of no form in full."""
    codes = {code for code, _ in columns}
    return row.item is not None and codes not in [_categories(form, row.item) for form in FORMS]


def _place_by_code(row: Row, item: str, headers: Told, slots: Slots, found: Alignment) -> None:
    """Place one cell a code; where several under the same words have different figures, none."""
    texts = dict(headers)
    if len(texts) == len(headers):
        placed = zip(headers, slots)
        found.placed += [Placed(row.part, item, code, cell, text) for (code, text), cell in placed if code]
        return
    cells: dict[str, list[Cell | None]] = {}
    for (code, _), cell in zip(headers, slots):
        if code is not None:
            cells.setdefault(code, []).append(cell)
    for code, several in cells.items():
        is_told, cell = one_of(several)
        if is_told:
            found.placed.append(Placed(row.part, item, code, cell, texts[code]))
        else:
            keep_unplaced(row, found, several)


def _has_money_elsewhere(headers: Sequence[tuple[str | None, str]], slots: Slots) -> bool:
    """A sum of money in a column of counts: the row has lost a cell and moved up."""
    texts = [fold(cell.text) for (code, _), cell in zip(headers, slots) if cell is not None and code != "amount"]
    return any(text.endswith("元") and looks_like_value(text) for text in texts)


def _disclosure_columns(row: Row) -> Told:
    """Return code and header of the columns.

    Where the header is lost, the number of filled cells may tell them; where one of its heads is, the form
    that has the others, in their order, and as many columns as the row.
    """
    columns = [(code, cell.text) for code, cell in row.columns if code not in UPPER_HEADERS]
    if row.in_grid and row.item and 0 < len(columns) < len(row.slots):
        return _with_lost_heads(row, columns)
    if columns or row.item is None or row.grid == PLAIN:
        return columns
    by_form = [[cell.category for cell in form_cells(form) if cell.item == row.item] for form in FORMS]
    count = len(row.filled())
    fitting = [codes for codes in by_form if len(codes) == count == len(row.slots)]
    return [(code, "") for code in fitting[0]] if len(fitting) == 1 else []


def _with_lost_heads(row: Row, columns: Told) -> Told:
    codes = [code for code, _ in columns]
    official = [[cell.category for cell in form_cells(form) if cell.item == row.item] for form in FORMS]
    fitting = [order for order in official if len(order) == len(row.slots) and stand_in_order(codes, order)]
    if codes in official or len(fitting) != 1:
        return columns
    texts = dict(columns)
    return [(code, texts.get(code, "")) for code in fitting[0]]


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
