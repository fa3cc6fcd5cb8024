"""The table of chapter four: fifteen figures of reconsideration and litigation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from toolkit.reports.document import Cell
from toolkit.reports.folding import fold
from toolkit.reports.form import form_cells
from toolkit.reports.tables.alignment import Alignment, Placed, keep_unplaced
from toolkit.reports.tables.headers import Columns, Head, cells_under, empty_columns, heads_above
from toolkit.reports.tables.placing import place_rows
from toolkit.reports.tables.rows import DISPUTES, Row
from toolkit.reports.tables.tokens import PLAIN
from toolkit.reports.tables.years import of_this_year

_RESULTS = tuple(dict.fromkeys(cell.category for cell in form_cells("2021") if cell.part == "disputes"))
_KEYS = tuple((item, result) for item in DISPUTES for result in _RESULTS)
_DIRECT, _AFTER = DISPUTES[1:]
#: The header's words in the official reading order: every head stands where the form has it.
_OFFICIAL_READING = (DISPUTES[0], "litigation", *_RESULTS, _DIRECT, _AFTER, *_RESULTS, *_RESULTS)

#: What heads of two tables read like, one for reconsideration and one for litigation, and what their columns are.
_OFFICIAL_PARTS = {
    (DISPUTES[0], *_RESULTS): _KEYS[:5],
    ("litigation", _DIRECT, _AFTER, *_RESULTS, *_RESULTS): _KEYS[5:],
}

_PAGE = re.compile(r"^p\d+")

Key = tuple[str, str]


def align_disputes(rows: Sequence[Row], found: Alignment) -> None:
    """One row of fifteen figures under a header; or, rarely, a row of five for each of three labels."""
    whole = [_without_words(row) for row in rows if row.item is None and row.slots]
    whole = [row for row in whole if len(row.filled()) > 2 * len(row.words)] or [
        row for row in whole if len(row.slots) >= len(_KEYS)
    ]
    labelled = [row for row in rows if row.item is not None and row.filled()]
    whole = _of_this_year(whole)
    found.seen |= {row.part for row in [*whole, *labelled]}
    if _place_parts(whole, found) or _place_whole_row(whole, found) or _place_after_last_label(labelled, found):
        return
    _place_labelled_rows(labelled, found, _are_heads(rows))


def _of_this_year(rows: list[Row]) -> list[Row]:
    """Leave out a row that numbers the columns, and those that say that they are of another year."""
    if len(rows) < 2:
        return rows
    rows = [row for row in rows if not _numbers_columns(row)] or rows
    return of_this_year(rows, [row.label for row in rows]) or rows


def _place_parts(rows: Sequence[Row], found: Alignment) -> bool:
    """Place two rows of flattened tables that stand one after the other, each under the heads of its part."""
    parts = [_columns_of_part(row, above) for above, row in _with_columns_above(rows)]
    if sorted(parts) != sorted(_OFFICIAL_PARTS.values()) or any(row.in_grid for row in rows):
        return False
    widths = {id(row): len(keys) for row, keys in zip(rows, parts)}
    places = place_rows(rows, lambda row: widths[id(row)], lambda row, _: widths[id(row)])
    told = [slots for slots in places if slots is not None]
    if len(told) != len(rows):
        return False
    for keys, slots in zip(parts, told):
        found.placed += [Placed("disputes", *key, cell) for key, cell in zip(keys, slots)]
    return True


def _columns_of_part(row: Row, above: Columns) -> tuple[Key, ...]:
    """Return what the heads tell that came after those of the row above; nothing if they are no part of the form."""
    return _OFFICIAL_PARTS.get(tuple(str(code) for code, _ in _new_columns(row, above)), ())


def _with_columns_above(rows: Sequence[Row]) -> Iterator[tuple[Columns, Row]]:
    return zip([(), *(row.columns for row in rows)], rows)


def _new_columns(row: Row, above: Columns) -> Columns:
    """Return the heads that came after those of the row above; all if none did."""
    goes_on = row.columns[: len(above)] == tuple(above) and len(row.columns) > len(above)
    return row.columns[len(above) :] if goes_on else row.columns


def _numbers_columns(row: Row) -> bool:
    texts = [fold(cell.text) for cell in row.slots if cell is not None]
    return len(texts) > 2 and texts == [str(number) for number in range(1, len(texts) + 1)]


def _place_whole_row(rows: Sequence[Row], found: Alignment) -> bool:
    width = len(_KEYS)
    heads = {id(row): _heads(row, above) for above, row in _with_columns_above(rows)}
    seen: set[Key] = set()
    for row, slots in zip(rows, place_rows(rows, lambda row: width, lambda row, _: "whole")):
        told = _under_heads(row, heads[id(row)]) or _in_order(row, slots)
        keys = {key for key, _ in told or () if key}
        if not told or keys & seen or _is_cut([other for other in rows if other.columns == row.columns]):
            keep_unplaced(row, found)
            continue
        seen |= keys
        found.placed += [Placed("disputes", *key, cell) for key, cell in told if key]
        if len(keys) < width:
            keep_unplaced(row, found, [cell for key, cell in told if not key])
    return bool(seen)


Told = list[tuple[Key | None, Cell | None]]


def _heads(row: Row, above: Columns) -> list[Head]:
    """Return the heads of the row's columns if they differ from the official ones and stand in the same table."""
    if not row.in_grid or not row.under_header:
        return []
    if len(row.slots) == len(_KEYS) and tuple(code for code, _ in row.columns) == _OFFICIAL_READING:
        return []
    # A table that goes on has the pages of its rows in their locators, and its own first page in its name.
    table = _PAGE.sub("", f"{row.grid}r")
    own = [(code, cell) for code, cell in _new_columns(row, above) if _PAGE.sub("", cell.locator).startswith(table)]
    return heads_above(own, _dispute)


def _dispute(stack: Columns) -> Key | str | None:
    """Return kind and result that the heads above a column tell; a result alone if the kind is not told."""
    result = next((code for code, _ in reversed(stack) if code in _RESULTS), None)
    item = next((code for code, _ in reversed(stack) if code in DISPUTES), None)
    return (item, result) if item and result else result


def _under_heads(row: Row, heads: Sequence[Head]) -> Told | None:
    """Return what every head's cell is, if the heads tell the kind of dispute and the row stands under them."""
    keys = [head.key if isinstance(head.key, tuple) else None for head in heads]
    known = [key for key in keys if key]
    slots = cells_under(row, heads, empty_columns([row])) if len(set(known)) == len(known) > 0 else None
    return None if slots is None else list(zip(keys, slots))


def _in_order(row: Row, slots: Sequence[Cell | None] | None) -> Told | None:
    """Return fifteen cells in the order that the header tells; None if it is neither the official nor known."""
    keys = _dispute_columns(row)
    return list(zip(keys, slots)) if slots is not None and keys else None


def _is_cut(rows: Sequence[Row]) -> bool:
    """Two rows of figures under one header, where one is due: figures wrapped in their cells, cut at the wrap."""
    rows = [row for row in rows if row.filled() and 2 * len(row.slots) > len(_KEYS)]
    return len(rows) > 1 and rows[0].in_grid


def _place_after_last_label(rows: Sequence[Row], found: Alignment) -> bool:
    """All fifteen figures may follow the last label of the header, 复议后起诉."""
    for row in rows:
        filled = [place for place in row.filled() if place not in row.words]
        keys = _dispute_columns(row)
        if len(filled) == len(_KEYS) and max(row.words, default=-1) < filled[0] and keys:
            cells = [row.slots[place] for place in filled]
            found.placed += [Placed("disputes", *key, cell) for key, cell in zip(keys, cells)]
            return True
    return False


def _are_heads(rows: Sequence[Row]) -> bool:
    """Whether labels of flattened text head columns: one without figures is followed by one with them."""
    plain = [row for row in rows if row.item in DISPUTES and row.grid == PLAIN]
    return any(not row.filled() and after.filled() for row, after in zip(plain, plain[1:]))


def _place_labelled_rows(rows: Sequence[Row], found: Alignment, are_heads: bool) -> None:
    for row, slots in zip(rows, place_rows(rows, lambda row: len(_RESULTS), lambda row, _: "labelled")):
        results = [code for code, _ in row.columns if code in _RESULTS]
        is_other = bool(results) and results != list(_RESULTS) * (len(results) // len(_RESULTS))
        if slots is None or is_other or (are_heads and row.grid == PLAIN):
            keep_unplaced(row, found)
        else:
            found.placed += [Placed("disputes", str(row.item), code, cell) for code, cell in zip(_RESULTS, slots)]


def _without_words(row: Row) -> Row:
    """Leave out the words before the figures: pieces of the header, or a label such as 件数."""
    if row.grid != PLAIN and len(row.slots) == len(_KEYS):
        # Every cell is there: words in the first are a text in that cell.
        return replace(row, item=None)
    first = next((place for place in range(len(row.slots)) if place not in row.words and _is_filled(row, place)), 0)
    words = {place - first for place in row.words if place >= first}
    return replace(row, item=None, slots=row.slots[first if row.words else 0 :], words=words)


def _is_filled(row: Row, place: int) -> bool:
    cell = row.slots[place]
    return cell is not None and bool(cell.text.strip())


def _dispute_columns(row: Row) -> list[Key] | None:
    """Return the order of the fifteen columns: the official one, or what the header tells; None if it cannot be."""
    order = _kinds_in_order(row)
    if order is None:
        return None
    leaves = {cell.column: code for code, cell in row.columns if code in _RESULTS and cell.column >= 0}
    results = [str(leaves[column]) for column in sorted(leaves)]
    thirds = [results[:5], results[5:10], results[10:]]
    if len(results) != len(_KEYS) or any(sorted(third) != sorted(_RESULTS) for third in thirds):
        thirds = [list(_RESULTS)] * len(DISPUTES)
    return [(item, result) for item, third in zip(order, thirds) for result in third]


def _kinds_in_order(row: Row) -> tuple[str, ...] | None:
    """Return the kinds of dispute as their heads stand, from left to right or as they are read."""
    heads = [(cell.column if row.in_grid else place, code) for place, (code, cell) in enumerate(row.columns)]
    first = {code: place for place, code in sorted(heads, key=lambda one: one[0], reverse=True) if code}
    is_after_first = _AFTER in first and first[_AFTER] < first.get(_DIRECT, first[_AFTER])
    suits = [first[code] for code in ("litigation", _DIRECT, _AFTER) if code in first]
    is_suit_first = DISPUTES[0] in first and bool(suits) and min(suits) < first[DISPUTES[0]]
    if is_after_first and "litigation" not in first and not row.in_grid:
        return None
    suits_in_order = (_AFTER, _DIRECT) if is_after_first else (_DIRECT, _AFTER)
    return (*suits_in_order, DISPUTES[0]) if is_suit_first else (DISPUTES[0], *suits_in_order)
