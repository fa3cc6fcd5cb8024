"""The table of chapter three: rows told by label and place, seven kinds of applicant."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence

from rapidfuzz import fuzz

from toolkit.reports.folding import fold
from toolkit.reports.tables.alignment import Alignment, Placed, keep_unplaced
from toolkit.reports.tables.applicants import APPLICANTS, OFFICIAL_READING, Order, applicant_columns
from toolkit.reports.tables.labels import bare, official_items
from toolkit.reports.tables.placing import Slots, place_rows
from toolkit.reports.tables.rows import Row
from toolkit.reports.tables.tokens import ROWS
from toolkit.reports.tables.years import of_this_year, rows_of_this_year

_UPPER_ROWS = ("new_received", "brought_forward", "carried_forward")
_MIDDLE_ROWS = ("granted", "partly_granted", "other", "outcomes_total")
_DETAILS = ("other_no_correction", "other_fee_unpaid", "other_other")
_SIMILAR_IN_PLACE = 60
#: So many rows in a grid are its table; so few labels outside it, with fewer figures than columns, are sentences.
_ROWS_OF_A_TABLE, _LABELS_IN_PROSE = 10, 3
_NUMBER = re.compile(r"\(?(\d)[.、,)]?")


def align_applications(rows: Sequence[Row], found: Alignment) -> None:
    """Place the rows of applications, and tell the form of 其他处理."""
    rows = _this_years_table(rows_of_this_year(_without_sentences(rows)), found)
    if not any(row.item for row in rows):
        for row in rows:
            keep_unplaced(row, found)
        return
    if any(row.item and row.filled() for row in rows):
        found.seen.add("applications")
    rows = _told_by_number(_told_by_place(_without_group_rows(rows), list(official_items("applications"))))
    order, places = _columns_and_places(rows)
    places = _without_cut_rows(rows, places)
    is_whole = set(APPLICANTS) <= set(order)
    seen: set[str] = set()
    for row, slots in zip(rows, places):
        if row.item is None or row.item in seen or slots is None:
            keep_unplaced(row, found)
            continue
        seen.add(row.item)
        found.placed += [Placed(row.part, row.item, code, cell) for code, cell in zip(order, slots) if code]
        if not is_whole:
            keep_unplaced(row, found, [cell for code, cell in zip(order, slots) if not code])
    _tell_other_rows({row.item for row in rows if row.item}, found)


def _without_sentences(rows: Sequence[Row]) -> Sequence[Row]:
    """Drop what a sentence says in the words of a label, 本年新收政府信息公开申请数量为55件, if a grid has its row."""
    outside = [row for row in rows if row.item and not row.in_grid and len(row.slots) < len(APPLICANTS)]
    if not 0 < len(outside) <= _LABELS_IN_PROSE:
        return rows
    in_grid = {row.item for row in rows if row.item and row.in_grid and row.filled()}
    if len(in_grid) < _ROWS_OF_A_TABLE:
        return rows
    return [row for row in rows if row.in_grid or len(row.slots) >= len(APPLICANTS) or row.item not in in_grid]


def _columns_and_places(rows: Sequence[Row]) -> tuple[Order, list[Slots | None]]:
    """Return the order of the columns, and every row's cells in that order."""
    if _is_regular(rows):
        return APPLICANTS, [row.slots for row in rows]
    order, heads = applicant_columns(rows)
    if not order:
        return APPLICANTS, [None] * len(rows)

    def place(kind: Callable[[Row, Row | None], Hashable]) -> list[Slots | None]:
        return place_rows(rows, lambda row: len(order), kind, True, lambda row: heads if row.under_header else ())

    places = place(lambda row, after: (_depth(row), after and _depth(after)))
    if not any(row.grid == ROWS for row in rows):
        return order, places
    # Rows parted for certain are padded alike whatever row follows.
    alone = place(lambda row, _: _depth(row))
    return order, [other if row.grid == ROWS else slots for row, slots, other in zip(rows, places, alone)]


def _is_regular(rows: Sequence[Row]) -> bool:
    """Whether all rows stand in grids, with seven cells each, under the official header in full or under none."""
    if not all(row.in_grid and len(row.slots) == len(APPLICANTS) for row in rows):
        return False
    headers = {tuple(code for code, _ in row.columns if code != "applicants") for row in rows[:1]}
    return headers <= {OFFICIAL_READING, ()}


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


def _this_years_table(rows: Sequence[Row], found: Alignment) -> list[Row]:
    """Where a page has several such tables, return the one whose line before it tells, or else the first."""
    starts = [place for place, row in enumerate(rows) if row.item == "new_received" and row.slots]
    if len(starts) < 2:
        return list(rows)
    tables = [list(rows[start:stop]) for start, stop in zip([0, *starts[1:]], [*starts[1:], len(rows)])]
    told = of_this_year(tables, [rows[start].caption for start in starts])
    stands = f"the table of applications stands {len(starts)} times on the page"
    if told:
        stands += "; that of this year was read"
    elif len({_figures(table) for table in tables}) == 1:
        stands += "; the first was read"
    else:
        stands += " with different figures, and which is this year's is not told; the first was read"
        found.doubts.append(stands)
    found.notes.append(stands)
    return told[0] if told else tables[0]


def _figures(rows: Sequence[Row]) -> tuple[tuple[str | None, tuple[str, ...]], ...]:
    return tuple((row.item, tuple(cell.text.strip() for cell in row.slots if cell)) for row in rows if row.item)


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


def _told_by_number(rows: Sequence[Row]) -> list[Row]:
    """1., 2., 3. without words, the last before （七）总计: in the form of 2021 （六）其他处理 has three rows."""
    for end in [place for place, row in enumerate(rows) if row.item == "outcomes_total"]:
        numbered = rows[max(end - len(_DETAILS), 0) : end]
        numbers = [_NUMBER.fullmatch(fold(row.label)) for row in numbered]
        if [number and number[1] for number in numbers] == ["1", "2", "3"]:
            for row, item in zip(numbered, _DETAILS):
                row.item = item
    return list(rows)


def _similar(label: str, item: str) -> bool:
    words = bare(label)
    return not words or fuzz.ratio(words, official_items("applications")[item]) >= _SIMILAR_IN_PLACE
