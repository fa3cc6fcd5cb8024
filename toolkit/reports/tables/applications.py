"""The table of chapter three: rows told by label and place, seven kinds of applicant."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from toolkit.reports.document import Cell
from toolkit.reports.form import form_cells
from toolkit.reports.tables.alignment import Alignment, Placed, keep_unplaced
from toolkit.reports.tables.labels import bare, official_items
from toolkit.reports.tables.placing import Slots, place_rows
from toolkit.reports.tables.rows import Row
from toolkit.reports.tables.tokens import ROWS

_APPLICANTS = tuple(dict.fromkeys(cell.category for cell in form_cells("2021") if cell.part == "applications"))
_UPPER_ROWS = ("new_received", "brought_forward", "carried_forward")
_MIDDLE_ROWS = ("granted", "partly_granted", "other", "outcomes_total")
_DETAILS = ("other_no_correction", "other_fee_unpaid", "other_other")
_SIMILAR_IN_PLACE = 60
_ENOUGH_HEADERS = 3


def align_applications(rows: Sequence[Row], found: Alignment) -> None:
    """Place the rows of applications, and tell the form of 其他处理."""
    rows = _first_table(rows, found)
    if not any(row.item for row in rows):
        return
    rows = _told_by_place(_without_group_rows(rows), list(official_items("applications")))
    order = _applicant_columns(rows)
    places = place_rows(rows, lambda row: len(order), lambda row, after: (_depth(row), after and _depth(after)), True)
    places = _with_rows_alone(rows, places, len(order))
    places = _without_cut_rows(rows, places)
    seen: set[str] = set()
    for row, slots in zip(rows, places):
        if row.item is None or row.item in seen or slots is None:
            keep_unplaced(row, found)
            continue
        seen.add(row.item)
        found.placed += [Placed(row.part, row.item, code, cell) for code, cell in zip(order, slots) if code]
    _tell_other_rows({row.item for row in rows if row.item}, found)


def _with_rows_alone(rows: Sequence[Row], places: list[Slots | None], width: int) -> list[Slots | None]:
    """Rows parted for certain are padded alike whatever row follows."""
    if not any(row.grid == ROWS for row in rows):
        return places
    alone = place_rows(rows, lambda row: width, lambda row, _: _depth(row), True)
    return [other if row.grid == ROWS else slots for row, slots, other in zip(rows, places, alone)]


def _without_cut_rows(rows: Sequence[Row], places: list[Slots | None]) -> list[Slots | None]:
    """Figures cut at a wrap: a row beside a blank label, or the rest of one, continues the row above."""
    cut: set[int] = set()
    for number, (row, after) in enumerate(zip(rows, rows[1:])):
        if _goes_on(row, after):
            cut |= {number, number + 1}
    return [None if number in cut else slots for number, slots in enumerate(places)]


def _goes_on(row: Row, after: Row) -> bool:
    if not after.in_grid or not after.filled():
        return False
    if after.item is not None:
        return after.item == row.item or (row.item is None and _begins(row.label, after))
    rest = [bare(after.label), *(bare(after.slots[place].text) for place in after.words)]  # type: ignore[union-attr]
    official = official_items("applications").get(row.item or "", "")
    return not rest[0] or 0 not in after.filled() or any(words and official.endswith(words) for words in rest)


def _begins(label: str, after: Row) -> bool:
    """Whether a label is the beginning of the next row's, whose own words are the rest of it."""
    words, official = bare(label), official_items("applications").get(after.item or "", "")
    return bool(words) and official.startswith(words) and not official.startswith(bare(after.label))


def _depth(row: Row) -> int:
    """Return how deep a row's label stands in the table: its merged cells depend on it."""
    return 0 if row.item in _UPPER_ROWS else 1 if row.item in _MIDDLE_ROWS else 2


def _tell_other_rows(items: set[str], found: Alignment) -> None:
    detailed = items & set(_DETAILS)
    if detailed or "other" in items:
        found.forms["outcomes_other"] = "both" if detailed and "other" in items else "2021" if detailed else "2019"


def _first_table(rows: Sequence[Row], found: Alignment) -> list[Row]:
    """Where a page prints the table twice, the first that has figures counts."""
    starts = [place for place, row in enumerate(rows) if row.item == "new_received" and row.slots]
    if len(starts) < 2:
        return list(rows)
    found.notes.append(f"the table of applications stands {len(starts)} times on the page; the first was read")
    return list(rows[: starts[1]])


def _without_group_rows(rows: Sequence[Row]) -> list[Row]:
    """（六）其他处理 heads three rows in the form of 2021 and is a row of its own in that of 2019."""
    has_details = any(row.item in ("other_no_correction", "other_fee_unpaid") for row in rows)
    return [row for row in rows if not (row.item == "other" and has_details and not row.filled())]


def _told_by_place(rows: Sequence[Row], order: list[str]) -> list[Row]:
    """Give a row without a known label the item between its neighbours, if label and place agree."""
    known = {row.item for row in rows if row.item}
    for before, row, after in zip(rows, rows[1:], rows[2:]):
        if row.item is None and before.item in order and after.item in order:
            between = order[order.index(before.item) + 1 : order.index(after.item)]
            between = [item for item in between if item not in known and item not in _DETAILS]
            between = [item for item in between if item != "other" or not known & set(_DETAILS)]
            if len(between) == 1 and _similar(row.label, between[0]):
                row.item = between[0]
    return list(rows)


def _similar(label: str, item: str) -> bool:
    words = bare(label)
    return not words or fuzz.ratio(words, official_items("applications")[item]) >= _SIMILAR_IN_PLACE


def _applicant_columns(rows: Sequence[Row]) -> tuple[str | None, ...]:
    """Return the order of the columns as the header has it.

    In a grid the header cells' places tell it. In flattened text the order of
    reading does: 自然人, 法人或其他组织 and 总计 stand in the upper row, the five
    kinds of organisation in the lower.
    """
    for row in rows:
        headers = [(code, cell) for code, cell in row.columns if code not in ("applicants", "balance_note")]
        if not headers:
            continue
        order = _by_place(headers, rows) if row.in_grid else None
        order = order or _by_reading([code for code, _ in headers if code])
        order = order or (_by_columns(headers, rows) if row.in_grid else None)
        if order:
            return order
    return _APPLICANTS


def _by_place(headers: Sequence[tuple[str | None, Cell]], rows: Sequence[Row]) -> tuple[str | None, ...] | None:
    """Return the headers from left to right: all seven, or those there are if every row has as many cells."""
    leaves = {cell.column: code for code, cell in reversed(headers) if code != "organisations"}
    order = tuple(leaves[column] for column in sorted(leaves))
    while order and order[0] is None:
        order = order[1:]  # 序号 and the like stand above the labels
    codes = [code for code in order if code]
    if sorted(codes) == sorted(_APPLICANTS):
        return order
    is_known = len(codes) == len(order) == len(set(codes)) and set(codes) < set(_APPLICANTS)
    return order if is_known and {len(row.slots) for row in rows if row.item} == {len(order)} else None


def _by_columns(headers: Sequence[tuple[str | None, Cell]], rows: Sequence[Row]) -> tuple[str | None, ...] | None:
    """Return what the headers that are known say, each above its column, where it is not the usual order."""
    columns = {tuple(cell.column for cell in row.slots if cell is not None) for row in rows if row.item}
    columns = {found for found in columns if len(found) == len(_APPLICANTS)}
    known = {cell.column: code for code, cell in headers if code in _APPLICANTS}
    if len(columns) != 1 or len(known) < _ENOUGH_HEADERS or not known.keys() <= set(*columns):
        return None
    order = tuple(known.get(column) for column in columns.pop())
    is_usual = all(code in (None, usual) for code, usual in zip(order, _APPLICANTS))
    return None if is_usual or len(set(known.values())) < len(known) else order


def _by_reading(codes: Sequence[str]) -> tuple[str | None, ...] | None:
    codes = list(dict.fromkeys(codes))
    kinds = [code for code in codes if code in _APPLICANTS and code not in ("natural_person", "total")]
    upper = [code for code in codes if code in ("natural_person", "total")]
    if len(kinds) != len(_APPLICANTS) - 2 or len(upper) != 2:
        return None
    place = codes.index("organisations") if "organisations" in codes else codes.index(kinds[0])
    before = [code for code in upper if codes.index(code) < place]
    after = [code for code in upper if codes.index(code) > place]
    return (*before, *kinds, *after)
