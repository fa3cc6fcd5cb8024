"""Alignment: the cells of a document onto the cells of a form.

Rows are told by their label and their place, columns by their header or, where
a row has as many cells as the form has columns, by their order. Where a row has
fewer values than columns and their places cannot be told, all of its cells are
missing and the values are kept as *unplaced*: nothing is ever shifted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from toolkit.reports.document import Cell
from toolkit.reports.folding import fold
from toolkit.reports.form import FORMS, form_cells
from toolkit.reports.labels import bare, official_items
from toolkit.reports.numbers import looks_like_value
from toolkit.reports.placing import Slots, place_rows
from toolkit.reports.rows import UPPER_HEADERS, Row, RowReader
from toolkit.reports.tokens import PLAIN, Token

_APPLICANTS = tuple(dict.fromkeys(cell.category for cell in form_cells("2021") if cell.part == "applications"))
_RESULTS = tuple(dict.fromkeys(cell.category for cell in form_cells("2021") if cell.part == "disputes"))
_DISPUTES = tuple(dict.fromkeys(cell.item for cell in form_cells("2021") if cell.part == "disputes"))
_DISPUTE_KEYS = tuple((item, result) for item in _DISPUTES for result in _RESULTS)
_BLOCK_OF = {cell.item: cell.block for form in FORMS for cell in form_cells(form)}
_UPPER_ROWS = ("new_received", "brought_forward", "carried_forward")
_MIDDLE_ROWS = ("granted", "partly_granted", "other", "outcomes_total")
_DETAILS = ("other_no_correction", "other_fee_unpaid", "other_other")
_SIMILAR_IN_PLACE = 60


@dataclass(slots=True)
class Placed:
    """A cell of the form found in the source; ``cell`` is None under a merged cell."""

    part: str
    item: str
    category: str
    cell: Cell | None
    header: str = ""


@dataclass(slots=True)
class Unplaced:
    """Values of a row whose columns cannot be told."""

    part: str
    item: str
    cells: list[Cell]


@dataclass(slots=True)
class Alignment:
    """What was found: cells with their place, values without, the form of each block."""

    placed: list[Placed] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    forms: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def align(tokens: Iterable[Token]) -> Alignment:
    """Align the tokens of a document with the official forms.

    Examples
    --------
    >>> from toolkit.reports.readers.html import read_html
    >>> from toolkit.reports.tokens import read_tokens
    >>> page = read_html("<table><tr><td>信息内容<td>本年处理决定数量<tr><td>行政许可<td>12</table>".encode())
    >>> found = align(read_tokens(page))
    >>> [(one.item, one.category, one.cell.text) for one in found.placed], found.forms
    ([('licensing', 'decisions', '12')], {'art20_5': '2021'})
    """
    rows = RowReader().read(tokens)
    found = Alignment()
    _align_active_disclosure([row for row in rows if row.part == "active_disclosure"], found)
    _align_applications([row for row in rows if row.part == "applications"], found)
    _align_disputes([row for row in rows if row.part == "disputes"], found)
    return found


def _align_active_disclosure(rows: Sequence[Row], found: Alignment) -> None:
    columns = [_disclosure_columns(row) for row in rows]
    widths = {id(row): len(headers) for row, headers in zip(rows, columns)}
    places = place_rows(rows, lambda row: widths[id(row)], lambda _, after: after is None)
    seen: set[str] = set()
    for row, headers, slots in zip(rows, columns, places):
        if row.item is None or row.item in seen or slots is None or not headers or _has_money_elsewhere(headers, slots):
            _keep_unplaced(row, found)
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
        official = {cell.category for cell in form_cells(form) if cell.item == item}
        scores[form] = len(official & columns) / len(official | columns) if official else 0
    best = max(FORMS, key=lambda form: scores[form])
    return best if scores[best] > 0 and list(scores.values()).count(scores[best]) == 1 else None


def _align_applications(rows: Sequence[Row], found: Alignment) -> None:
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
            _keep_unplaced(row, found)
            continue
        seen.add(row.item)
        found.placed += [Placed(row.part, row.item, code, cell) for code, cell in zip(order, slots) if code]
    _tell_other_rows({row.item for row in rows if row.item}, found)


def _with_rows_alone(rows: Sequence[Row], places: list[Slots | None], width: int) -> list[Slots | None]:
    """Rows parted for certain are padded alike whatever row follows."""
    alone = place_rows(rows, lambda row: width, lambda row, _: _depth(row), True)
    return [other if row.grid == "rows" else slots for row, slots, other in zip(rows, places, alone)]


def _without_cut_rows(rows: Sequence[Row], places: list[Slots | None]) -> list[Slots | None]:
    """A row of figures without any label continues the row above: figures wrapped in their cells."""
    goes_on = [row.in_grid and not row.label and row.item is None and bool(row.filled()) for row in [*rows[1:]]]
    return [None if cut else slots for slots, cut in zip(places, [*goes_on, False])]


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
            between = [item for item in between if item not in known and not item.startswith("other")]
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


def _align_disputes(rows: Sequence[Row], found: Alignment) -> None:
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
        if slots is None or is_read or _is_cut([other for other in rows if other.grid == row.grid]):
            _keep_unplaced(row, found)
            continue
        is_read = True
        keys = _dispute_columns(row) or _DISPUTE_KEYS
        found.placed += [Placed("disputes", item, result, cell) for (item, result), cell in zip(keys, slots)]
    return is_read


def _is_cut(rows: Sequence[Row]) -> bool:
    """Two rows of figures where one is due: figures wrapped in their cells, cut at the wrap."""
    return len(rows) > 1 and rows[0].in_grid and all(row.filled() for row in rows)


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
            _keep_unplaced(row, found)
        else:
            found.placed += [Placed("disputes", str(row.item), code, cell) for code, cell in zip(_RESULTS, slots)]


def _without_words(row: Row) -> Row:
    """Leave out the words before the figures: pieces of the header, or a label such as 件数."""
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


def _keep_unplaced(row: Row, found: Alignment) -> None:
    cells = [cell for cell in row.slots if cell is not None and cell.text.strip() and looks_like_value(fold(cell.text))]
    if cells:
        found.unplaced.append(Unplaced(row.part, row.item or "", cells))
