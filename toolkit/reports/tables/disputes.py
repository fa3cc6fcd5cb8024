"""The table of chapter four: fifteen figures of reconsideration and litigation."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.reports.form import form_cells
from toolkit.reports.tables.alignment import Alignment, Placed, keep_unplaced
from toolkit.reports.tables.placing import place_rows
from toolkit.reports.tables.rows import Row
from toolkit.reports.tables.tokens import PLAIN

_RESULTS = tuple(dict.fromkeys(cell.category for cell in form_cells("2021") if cell.part == "disputes"))
_DISPUTES = tuple(dict.fromkeys(cell.item for cell in form_cells("2021") if cell.part == "disputes"))
_DISPUTE_KEYS = tuple((item, result) for item in _DISPUTES for result in _RESULTS)


def align_disputes(rows: Sequence[Row], found: Alignment) -> None:
    """One row of fifteen figures under a header; or, rarely, a row of five for each of three labels."""
    whole = [_without_words(row) for row in rows if row.item is None and row.slots]
    whole = [row for row in whole if len(row.filled()) > 2 * len(row.words)] or [
        row for row in whole if len(row.slots) >= len(_DISPUTE_KEYS)
    ]
    labelled = [row for row in rows if row.item is not None and row.filled()]
    if not _place_whole_row(whole, found) and not _place_after_last_label(labelled, found):
        _place_labelled_rows(labelled, found)


def _place_whole_row(rows: Sequence[Row], found: Alignment) -> bool:
    width = len(_DISPUTE_KEYS)
    is_read = False
    for row, slots in zip(rows, place_rows(rows, lambda row: width, lambda row, _: "whole")):
        if slots is None or is_read or _is_cut([other for other in rows if other.columns == row.columns]):
            keep_unplaced(row, found)
            continue
        is_read = True
        keys = _dispute_columns(row) or _DISPUTE_KEYS
        found.placed += [Placed("disputes", item, result, cell) for (item, result), cell in zip(keys, slots)]
    return is_read


def _is_cut(rows: Sequence[Row]) -> bool:
    """Two rows of figures under one header, where one is due: figures wrapped in their cells, cut at the wrap."""
    rows = [row for row in rows if row.filled() and 2 * len(row.slots) > len(_DISPUTE_KEYS)]
    return len(rows) > 1 and rows[0].in_grid


def _place_after_last_label(rows: Sequence[Row], found: Alignment) -> bool:
    """All fifteen figures may follow the last label of the header, 复议后起诉."""
    for row in rows:
        filled = [place for place in row.filled() if place not in row.words]
        if len(filled) == len(_DISPUTE_KEYS) and max(row.words, default=-1) < filled[0]:
            cells = [row.slots[place] for place in filled]
            found.placed += [Placed("disputes", *key, cell) for key, cell in zip(_DISPUTE_KEYS, cells)]
            return True
    return False


def _place_labelled_rows(rows: Sequence[Row], found: Alignment) -> None:
    for row, slots in zip(rows, place_rows(rows, lambda row: len(_RESULTS), lambda row, _: "labelled")):
        if slots is None:
            keep_unplaced(row, found)
        else:
            found.placed += [Placed("disputes", str(row.item), code, cell) for code, cell in zip(_RESULTS, slots)]


def _without_words(row: Row) -> Row:
    """Leave out the words before the figures: pieces of the header, or a label such as 件数."""
    if row.grid != PLAIN and len(row.slots) == len(_DISPUTE_KEYS):
        # Every cell is there: words in the first are a text in that cell.
        return Row(row.part, None, row.label, row.grid, row.slots, row.words, row.columns)
    first = next((place for place in range(len(row.slots)) if place not in row.words and _is_filled(row, place)), 0)
    words = {place - first for place in row.words if place >= first}
    return Row(row.part, None, row.label, row.grid, row.slots[first if row.words else 0 :], words, row.columns)


def _is_filled(row: Row, place: int) -> bool:
    cell = row.slots[place]
    return cell is not None and bool(cell.text.strip())


def _dispute_columns(row: Row) -> list[tuple[str, str]] | None:
    """Return the order of the fifteen columns where the header tells one that differs."""
    leaves = {cell.column: code for code, cell in row.columns if code in _RESULTS and cell.column >= 0}
    order = [str(leaves[column]) for column in sorted(leaves)]
    thirds = [order[:5], order[5:10], order[10:]]
    if len(order) != len(_DISPUTE_KEYS) or any(sorted(third) != sorted(_RESULTS) for third in thirds):
        return None
    return [(item, result) for item, third in zip(_DISPUTES, thirds) for result in third]
