"""Alignment: the cells of a document onto the cells of a form.

Rows are told by their label and their place, columns by their header or, where
a row has as many cells as the form has columns, by their order. Where a row has
fewer values than columns and their places cannot be told, all of its cells are
missing and the values are kept as *unplaced*: nothing is ever shifted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from toolkit.reports.document import Cell
from toolkit.reports.form import FORMS, form_cells
from toolkit.reports.labels import Label, bare, official_items
from toolkit.reports.numbers import looks_like_value
from toolkit.reports.tokens import Token

_APPLICANTS = tuple(dict.fromkeys(cell.category for cell in form_cells("2021") if cell.part == "applications"))
_RESULTS = tuple(dict.fromkeys(cell.category for cell in form_cells("2021") if cell.part == "disputes"))
_DISPUTES = tuple(dict.fromkeys(cell.item for cell in form_cells("2021") if cell.part == "disputes"))
_BLOCK_OF = {cell.item: cell.block for form in FORMS for cell in form_cells(form)}
_OTHER_ITEMS = ("other", "other_no_correction", "other_fee_unpaid")
_NO_LEAVES = ("applicants", "organisations", "information", "litigation")
# Words that stand where a number should; other words in flattened text are labels we do not know.
_WORDS_FOR_NO_NUMBER = frozenset(["不适用", "不涉及", "未统计", "无数据", "暂无", "暂缺", "见附件", "无此项", "未开展", "没有"])
_SIMILAR_IN_PLACE = 60


@dataclass(slots=True)
class Row:
    """A row as read: its label, the cells after it, and the headers above it."""

    part: str
    item: str | None
    label: str
    grid: str
    slots: list[Cell | None] = field(default_factory=list)
    words: set[int] = field(default_factory=set)
    columns: tuple[tuple[str | None, Cell], ...] = ()


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
    parts: set[str] = field(default_factory=set)
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


class RowReader:
    """Reads tokens into rows; the only state is the table it is in."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.part = ""
        self.columns: list[tuple[str | None, Cell]] = []
        self.open: Row | None = None
        self.last_item = ""

    def read(self, tokens: Iterable[Token]) -> list[Row]:
        """Return the rows of all tables, in reading order."""
        for token in tokens:
            if token.kind == "end":
                self._close()
            elif token.kind in ("value", "covered"):
                self._value(token)
            else:
                self._words(token)
        self._close()
        return self.rows

    def _close(self) -> None:
        if self.open is not None and (self.open.item or self.open.slots):
            self.rows.append(self.open)
        self.open = None

    def _open(self, item: str | None, token: Token) -> None:
        self._close()
        columns = tuple(self.columns)
        self.open = Row(self.part, item, token.cell.text if token.cell else "", token.grid, columns=columns)

    def _value(self, token: Token) -> None:
        if not self.part:
            return
        if self.open is None:
            if token.kind == "covered":
                return
            self._open(None, Token("text", grid=token.grid))
        self.open.slots.append(token.cell if token.kind == "value" else None)  # type: ignore[union-attr]

    def _words(self, token: Token) -> None:
        label = self._resolve(token)
        if label is None:
            self._unknown(token)
        elif label.kind == "item":
            self._item(label, token)
        elif label.kind in ("block", "start") or label.code in ("information", "applicants"):
            self._begin(label, token)
        elif label.kind == "header":
            self._close()
            self.columns.append((self._column_code(label), token.cell))  # type: ignore[arg-type]
        elif label.kind == "stop":
            self._close()
            self.part = ""
        elif label.kind == "group":
            self._close()

    def _column_code(self, label: Label) -> str:
        if label.code != "new_cut":
            return label.code
        return "disclosed" if any(code == "made" for code, _ in self.columns) else "made"

    def _begin(self, label: Label, token: Token) -> None:
        self._close()
        if self.part != label.part:
            self.last_item = ""
        self.part = label.part
        if not (label.part == "applications" and self.last_item):
            self.columns = [(label.code, token.cell)] if label.kind == "header" else []  # type: ignore[list-item]

    def _item(self, label: Label, token: Token) -> None:
        if self.part != label.part:
            self.part, self.columns = label.part, []
        self._open(label.code, token)
        self.last_item = label.code

    def _unknown(self, token: Token) -> None:
        """Words that are no label: part of one, a text in a cell, a column or row we do not know."""
        words = bare(token.cell.text)  # type: ignore[union-attr]
        if not self.part or len(words) == 1:
            return
        if not token.grid and len(words) > 80:
            self._close()
            self.part = ""
        elif self.open is not None and self.open.item and words and words in official_items(self.part).get(self.open.item, ""):
            return
        elif self.open is not None:
            self.open.words.add(len(self.open.slots))
            self.open.slots.append(token.cell)
        elif token.grid and not self.last_item and self.columns:
            self.columns.append((None, token.cell))  # type: ignore[arg-type]
        else:
            self._open(None, token)

    def _resolve(self, token: Token) -> Label | None:
        return next((label for label in token.labels if self._fits(label)), None)

    def _fits(self, label: Label) -> bool:
        """Return whether a label can stand here: its table, and before or after the first item."""
        if label.kind in ("stop", "block", "start") or label.code in ("information", "applicants", "new_received"):
            return True
        if label.part == "disputes":
            return self._fits_disputes(label)
        if label.part != self.part:
            return False
        if label.part == "active_disclosure":
            return True
        if label.kind == "header":
            return not self.last_item
        if label.code == "other_other":
            return self.last_item in _OTHER_ITEMS
        return label.code != "outcomes_total" or bool(self.last_item)

    def _fits_disputes(self, label: Label) -> bool:
        opens = label.code in ("reconsideration", "litigation_direct", "upheld")
        return self.part == "disputes" or (opens and self.part != "active_disclosure" and self.last_item in ("", "carried_forward"))


def _align_active_disclosure(rows: Sequence[Row], found: Alignment) -> None:
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if row.item is None:
            _keep_unplaced(row, found, "active_disclosure", "")
            continue
        found.parts.add("active_disclosure")
        columns = [(code, cell) for code, cell in row.columns if code not in _NO_LEAVES]
        slots = _settle(row, len(columns)) if columns else list(row.slots)
        categories = [code for code, _ in columns] or _columns_by_count(row.item, len(row.slots))
        block = _BLOCK_OF[row.item]
        found.forms.setdefault(block, _form_of(row.item, categories) or "")
        if slots is None or len(slots) != len(categories) or not categories:
            _keep_unplaced(row, found, row.part, row.item)
            continue
        headers = [cell.text for _, cell in columns] or [""] * len(categories)
        for category, cell, header in zip(categories, slots, headers):
            if category and (row.item, category) not in seen:
                seen.add((row.item, category))
                found.placed.append(Placed(row.part, row.item, category, cell, header))


def _columns_by_count(item: str, count: int) -> list[str]:
    """Where the header is lost, as many cells as only one form has columns tell the form."""
    by_form = [[cell.category for cell in form_cells(form) if cell.item == item] for form in FORMS]
    fitting = [categories for categories in by_form if len(categories) == count]
    return fitting[0] if len(fitting) == 1 else []


def _form_of(item: str, categories: Iterable[str | None]) -> str | None:
    columns = {category for category in categories if category}
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
    found.parts.add("applications")
    rows = _without_group_rows(rows)
    rows = _told_by_place(rows, list(official_items("applications")))
    columns = {row.grid: _applicant_columns(row) for row in reversed(rows)}
    trails = _trailing_blanks(rows, columns)
    edges = _column_edges(rows, columns)
    seen: set[str] = set()
    for row in rows:
        order = columns[row.grid]
        slots = _settle(row, len(order), trails.get(row.grid)) or _settle_by_edges(row, edges.get(row.grid))
        if row.item is None or row.item in seen or slots is None:
            _keep_unplaced(row, found, "applications", row.item or "")
            continue
        seen.add(row.item)
        found.placed += [
            Placed(row.part, row.item, category, cell) for category, cell in zip(order, slots) if category
        ]
    _tell_other_rows({row.item for row in rows if row.item}, found)


def _tell_other_rows(items: set[str], found: Alignment) -> None:
    detailed = items & {"other_no_correction", "other_fee_unpaid", "other_other"}
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
    return [row for row in rows if not (row.item == "other" and has_details and not row.slots)]


def _told_by_place(rows: Sequence[Row], order: list[str]) -> list[Row]:
    """Give a row without a known label the item between its neighbours, if label and place agree."""
    known = {row.item for row in rows if row.item}
    for before, row, after in zip(rows, rows[1:], rows[2:]):
        if row.item is None and row.grid and before.item in order and after.item in order:
            between = order[order.index(before.item) + 1 : order.index(after.item)]
            between = [item for item in between if item not in known and not item.startswith("other")]
            if len(between) == 1 and _similar(row.label, between[0]):
                row.item = between[0]
    return list(rows)


def _similar(label: str, item: str) -> bool:
    words = bare(label)
    return not words or fuzz.ratio(words, official_items("applications")[item]) >= _SIMILAR_IN_PLACE


def _applicant_columns(row: Row) -> tuple[str | None, ...]:
    """Return the order of the columns: the header's where it is told from its place in a grid."""
    leaves = {cell.column: code for code, cell in reversed(row.columns) if code not in _NO_LEAVES and cell.column >= 0}
    order = tuple(leaves[column] for column in sorted(leaves))
    return order if sorted(filter(None, order)) == sorted(_APPLICANTS) else _APPLICANTS


def _settle(row: Row, width: int, trail: int | None = None) -> list[Cell | None] | None:
    """Return as many cells as there are columns, or None where it cannot be told which."""
    if not row.grid and row.words:
        return _settle_words(row, width)
    extra = len(row.slots) - width
    if extra < 0:
        return None
    if extra and row.grid and any(cell is None or cell.column >= 0 for cell in row.slots):
        return None
    starts = [extra - trail] if trail is not None and extra >= trail else range(extra + 1)
    fitting = [
        start for start in starts if not any(_is_filled(cell) for cell in row.slots[:start] + row.slots[start + width :])
    ]
    return row.slots[fitting[0] : fitting[0] + width] if len(fitting) == 1 else None


def _settle_words(row: Row, width: int) -> list[Cell | None] | None:
    """In flattened text, words among the values are a text in a cell or a label we do not know."""
    texts = [row.slots[place].text for place in row.words]  # type: ignore[union-attr]
    if len(row.slots) == width and all(text in _WORDS_FOR_NO_NUMBER for text in texts):
        return row.slots
    first = min(row.words)
    return row.slots[:width] if first == width else None


def _is_filled(cell: Cell | None) -> bool:
    return cell is not None and bool(cell.text.strip())


def _trailing_blanks(rows: Sequence[Row], columns: dict[str, tuple[str | None, ...]]) -> dict[str, int]:
    """Tell from the full rows of a flattened table how many blanks follow the last column."""
    trails: dict[str, set[int]] = {}
    for row in rows:
        filled = [place for place, cell in enumerate(row.slots) if _is_filled(cell)]
        if len(filled) == len(columns[row.grid]) and filled[-1] - filled[0] == len(filled) - 1:
            trails.setdefault(row.grid, set()).add(len(row.slots) - 1 - filled[-1])
    return {grid: trail.pop() for grid, trail in trails.items() if len(trail) == 1}


Edges = list[tuple[int, int]]


def _column_edges(rows: Sequence[Row], columns: dict[str, tuple[str | None, ...]]) -> dict[str, Edges]:
    """Return where the columns of each grid stand, from its rows that have them all."""
    seen: dict[str, Counter[tuple[tuple[int, int], ...]]] = {}
    for row in rows:
        if row.grid and len(row.slots) == len(columns[row.grid]) and all(cell and cell.column >= 0 for cell in row.slots):
            edges = tuple((cell.column, cell.column + cell.colspan) for cell in row.slots if cell)
            seen.setdefault(row.grid, Counter())[edges] += 1
    return {grid: list(counts.most_common(1)[0][0]) for grid, counts in seen.items()}


def _settle_by_edges(row: Row, edges: Edges | None) -> list[Cell | None] | None:
    """Place the cells of a row with merged cells: it must fill the table's width, and a cell its column."""
    own = [cell for cell in row.slots if cell is not None]
    if not edges or not own or len(own) > len(edges) or own[0].column < 0:
        return None
    if own[0].column != edges[0][0] or max(cell.column + cell.colspan for cell in own) != edges[-1][1]:
        return None
    if sum(cell.colspan for cell in own) != edges[-1][1] - edges[0][0]:
        return None
    by_edge = {(cell.column, cell.column + cell.colspan): cell for cell in own}
    if any(_is_filled(cell) for edge, cell in by_edge.items() if edge not in edges):
        return None
    return [by_edge.get(edge) for edge in edges]


def _align_disputes(rows: Sequence[Row], found: Alignment) -> None:
    keys = [(item, result) for item in _DISPUTES for result in _RESULTS]
    for row in rows:
        slots = _settle(row, len(keys)) if row.item is None else None
        if row.item is not None and not row.slots:
            found.parts.add("disputes")
        if slots is None:
            slots = _settle(_without_words(row), len(keys))
        if slots is not None and "disputes" not in {one.part for one in found.placed}:
            order = _dispute_columns(row) or keys
            found.parts.add("disputes")
            found.placed += [Placed("disputes", item, result, cell) for (item, result), cell in zip(order, slots)]
        elif row.item is not None and len(row.slots) == len(_RESULTS):
            found.placed += [Placed("disputes", row.item, result, cell) for result, cell in zip(_RESULTS, row.slots)]
        elif row.slots:
            _keep_unplaced(row, found, "disputes", row.item or "")


def _without_words(row: Row) -> Row:
    slots = [cell for place, cell in enumerate(row.slots) if place not in row.words]
    return Row(row.part, None, row.label, row.grid, slots, columns=row.columns)


def _dispute_columns(row: Row) -> list[tuple[str, str]] | None:
    """Return the order of the fifteen columns where the header tells one that differs."""
    leaves = {cell.column: code for code, cell in row.columns if code in _RESULTS and cell.column >= 0}
    order = [leaves[column] for column in sorted(leaves)]
    if len(order) != 15:
        return None
    thirds = [order[:5], order[5:10], order[10:]]
    if any(sorted(third) != sorted(_RESULTS) for third in thirds):  # type: ignore[type-var]
        return None
    return [(item, str(result)) for item, third in zip(_DISPUTES, thirds) for result in third]


def _keep_unplaced(row: Row, found: Alignment, part: str, item: str) -> None:
    cells = [cell for cell in row.slots if cell is not None and cell.text.strip() and looks_like_value(cell.text.strip())]
    if cells:
        found.unplaced.append(Unplaced(part, item, cells))
