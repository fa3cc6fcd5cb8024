"""Tokens to rows: which table they stand in, under which headers, after which label."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from toolkit.reports.document import Cell
from toolkit.reports.tables.countedrows import drop_numbers_of_next
from toolkit.reports.tables.labels import Label, bare, official_items, resembles_item
from toolkit.reports.tables.tokens import BARS, LOST, PLAIN, ROWS, Token

OTHER_ITEMS = ("other", "other_no_correction", "other_fee_unpaid")
#: Kinds of disputes: heads of five columns each or, rarely, labels of rows.
DISPUTES = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
#: Headers that stand above others, not above a column.
UPPER_HEADERS = ("applicants", "organisations", "information", "litigation", *DISPUTES)

_FLATTENED = (ROWS, BARS, PLAIN, LOST)
_APPLICANT_COLUMNS = 7
_LIKE_A_LABEL = 70
_PROSE = 80
_SUITS = "行政诉讼"
_SENTENCE = re.compile("[。；]|，.*，")
_SHORT = 12


@dataclass(slots=True)
class Row:
    """A row as read: its label, the cells after it, and the headers above it.

    ``words`` are the places of cells that hold words, ``grid`` the table (see
    :mod:`.tokens`), ``under_header`` whether its header stands in the same
    grid, and ``caption`` the line before the table.
    """

    part: str
    item: str | None
    label: str
    grid: str
    slots: list[Cell | None] = field(default_factory=list)
    words: set[int] = field(default_factory=set)
    columns: tuple[tuple[str | None, Cell], ...] = ()
    under_header: bool = False
    caption: str = ""

    @property
    def in_grid(self) -> bool:
        """Whether the row stands in a grid, whose cells have true places."""
        return self.grid not in _FLATTENED

    def filled(self) -> list[int]:
        """Return the places of the cells that are not blank."""
        return [place for place, cell in enumerate(self.slots) if cell is not None and cell.text.strip()]


class RowReader:
    """Reads tokens into rows; its only state is the table it is in."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.part = ""
        self.columns: list[tuple[str | None, Cell]] = []
        self.header_grid = PLAIN
        self.caption = ""
        self.open: Row | None = None
        self.last_item = ""
        self.in_header = False
        self.repeated: Counter[str] = Counter()

    def read(self, tokens: Iterable[Token]) -> list[Row]:
        """Return the rows of all tables, in reading order."""
        for token in tokens:
            # Most tokens are figures of a row that is open: they need no more.
            if token.kind == "value" and self.open is not None:
                self.open.slots.append(token.cell)
            elif token.kind == "text":
                self._words(token)
            elif token.kind == "end":
                self._close()
            elif token.kind == "line":
                self.caption = token.cell.text if token.cell else ""
            else:
                self._value(token)
        self._close()
        drop_numbers_of_next(self._flattened_applications(), _APPLICANT_COLUMNS)
        if self._lost_repeated_lines():
            for row in self.rows:
                row.grid = row.grid if row.in_grid else LOST
        return self.rows

    def _flattened_applications(self) -> list[Row]:
        rows = [row for row in self.rows if row.part == "applications" and row.grid in (PLAIN, BARS, LOST)]
        return [row for row in rows if row.item and row.slots]

    def _lost_repeated_lines(self) -> bool:
        """Some extractors drop lines that stood before: then zeros are gone, and no row can be trusted.

        The form itself repeats 信息内容 for every block and 结果维持 for every
        kind of dispute: where each stands once, repetitions were dropped.
        """
        blocks = {row.item for row in self.rows if row.part == "active_disclosure" and row.item}
        return self.repeated["information"] == 1 and self.repeated["upheld"] == 1 and len(blocks) > 2

    def _close(self) -> None:
        if self.open is not None and (self.open.item or self.open.slots):
            self.rows.append(self.open)
        self.open = None

    def _open(self, item: str | None, token: Token) -> None:
        self._close()
        label = token.cell.text if token.cell else ""
        is_under = token.grid != PLAIN and token.grid == self.header_grid
        self.open = Row(self.part, item, label, token.grid, [], set(), tuple(self.columns), is_under, self.caption)

    def _value(self, token: Token) -> None:
        if not self.part:
            return
        if self.open is None:
            if token.kind == "covered":
                return
            # Blank cells below a merged one are no figures.
            if self._has_suits_only() and (token.grid == PLAIN or token.cell is None or token.cell.text.strip()):
                self._drop_columns()
            self._open(None, Token("text", grid=token.grid))
        self.open.slots.append(token.cell if token.kind == "value" else None)  # type: ignore[union-attr]

    def _words(self, token: Token) -> None:
        label = self._resolve(token)
        if label is None:
            self._unknown(token)
        elif label.kind == "item" and not self._heads_rows(token):
            self._item(label, token)
        elif label.kind in ("block", "start") or label.code in ("information", "applicants"):
            self._begin(label, token)
        elif label.kind == "header":
            self._header(label, token)
        elif label.kind in ("group", "item"):
            self._drop_before_label(token)
            self._close()
        elif label.kind == "stop":
            self._close()
            self.part = ""

    def _header(self, label: Label, token: Token) -> None:
        self._close()
        if label.part == "disputes" and self.part != "disputes":
            self._drop_columns()
        self.part = label.part
        self.repeated[label.code] += 1
        self._add_column(self._column_code(label), token)

    def _drop_columns(self) -> None:
        self.columns, self.header_grid = [], PLAIN

    def _add_column(self, code: str | None, token: Token) -> None:
        self.columns.append((code, token.cell))  # type: ignore[arg-type]
        self.header_grid = PLAIN if token.grid in _FLATTENED else token.grid

    def _heads_rows(self, token: Token) -> bool:
        """（六）其他处理 beside several rows heads them; alone it is a row."""
        return self.part == "applications" and token.cell is not None and token.cell.rowspan > 1

    def _column_code(self, label: Label) -> str:
        if label.code != "new_cut":
            return label.code
        return "disclosed" if any(code == "made" for code, _ in self.columns) else "made"

    def _begin(self, label: Label, token: Token) -> None:
        self._close()
        if self.part != label.part or self.last_item == "carried_forward":
            self.last_item = ""
        self.part, self.in_header = label.part, True
        self.repeated[label.code] += 1
        if not (label.part == "applications" and self.last_item):
            # 代码 and the like may stand before 申请人情况.
            self.columns = [one for one in self.columns if one[0] is None and label.code == "applicants"]
            if label.kind == "header":
                self._add_column(label.code, token)

    def _item(self, label: Label, token: Token) -> None:
        if self.part != label.part:
            self._drop_columns()
            self.part = label.part
        self._drop_before_label(token)
        if self._is_label_again(label, token):
            return
        if label.part == "disputes":
            self._add_column(label.code, token)
        self._open(label.code, token)
        self.last_item, self.in_header = label.code, False

    def _has_suits_only(self) -> bool:
        """行政诉讼 before 行政复议 begins a header only if nothing stands between: else it may be of a heading."""
        return self.part == "disputes" and {code for code, _ in self.columns} == {"litigation"}

    def _is_label_again(self, label: Label, token: Token) -> bool:
        """A merged label may be written in every cell that it covers."""
        if self.open is None or self.open.item != label.code or self.open.slots or token.grid in (PLAIN, BARS):
            return False
        return token.cell is not None and token.cell.text == self.open.label

    def _drop_before_label(self, token: Token) -> None:
        """Drop what stands before the label in its row: the row's number, words of a group."""
        if self.open is not None and self.open.item is None and token.grid not in (PLAIN, BARS):
            self.open = None

    def _unknown(self, token: Token) -> None:
        """Words that are no label: the rest of one, a text in a cell, a column or row we do not know."""
        text = token.cell.text  # type: ignore[union-attr]
        words = bare(text)
        if self._has_suits_only():
            self._drop_columns()
        if not self.part or (len(words) < 2 and token.grid in (PLAIN, BARS)):
            return
        if token.grid in (PLAIN, BARS) and (len(words) > _PROSE or (_SENTENCE.search(text) and len(words) > _SHORT)):
            self._close()
        elif self.open is not None and (self._is_rest_of_label(words) or self._is_note_of_label(token)):
            return
        elif self._is_misprinted_label(token, text):
            self.open.label, self.open.slots = text, []  # type: ignore[union-attr]
        elif self.open is not None and not self._is_label_of_its_own(token, text):
            self.open.words.add(len(self.open.slots))
            self.open.slots.append(token.cell)
        elif self._is_unknown_header(token):
            self._add_column(None, token)
        else:
            self._open(None, token)
            if self._stands_under_header(token):
                self.open.label, self.open.slots, self.open.words = "", [token.cell], {0}  # type: ignore[union-attr]

    def _stands_under_header(self, token: Token) -> bool:
        """Disputes have no column of labels: words under the first header are a text in that cell."""
        if self.part != "disputes" or token.grid in _FLATTENED:
            return False
        place = token.cell.column  # type: ignore[union-attr]
        return any(code not in UPPER_HEADERS and cell.column == place for code, cell in self.columns)

    def _is_unknown_header(self, token: Token) -> bool:
        if self.open is not None or not self.in_header:
            return False
        if not self.columns:
            return self.part == "applications" and token.grid not in _FLATTENED
        return self.part == "active_disclosure" or token.grid != PLAIN

    def _is_rest_of_label(self, words: str) -> bool:
        official = official_items(self.part).get(self.open.item or "", "")  # type: ignore[union-attr]
        return len(words) > 1 and words in official

    def _is_note_of_label(self, token: Token) -> bool:
        """In a flattened table, words in brackets before the first figure belong to the label."""
        text = token.cell.text.strip()  # type: ignore[union-attr]
        is_bare = self.open.item is not None and not self.open.slots  # type: ignore[union-attr]
        return token.grid == PLAIN and is_bare and (text[0] in "(（" or text[-1] in ")）")

    def _is_misprinted_label(self, token: Token, text: str) -> bool:
        """In rows parted by bars or tabs, a misprinted label behind the blank cell of a group."""
        if self.open is None or token.grid != ROWS or self.part != "applications":
            return False
        is_bare = not self.open.item and not self.open.label and not self.open.filled()
        return is_bare and resembles_item(text, self.part) >= _LIKE_A_LABEL

    def _is_label_of_its_own(self, token: Token, text: str) -> bool:
        """In a flattened table, tell the misprinted label of the next row from a text in a cell."""
        if token.grid not in (PLAIN, BARS) or self.part == "disputes":
            return False
        leaves = sum(code not in UPPER_HEADERS for code, _ in self.columns)
        width = _APPLICANT_COLUMNS if self.part == "applications" else max(leaves, 1)
        is_complete = len(self.open.filled()) >= width  # type: ignore[union-attr]
        return is_complete or (self.part == "applications" and resembles_item(text, self.part) >= _LIKE_A_LABEL)

    def _resolve(self, token: Token) -> Label | None:
        for label in token.labels:
            is_head = label.code == "litigation" and token.cell is not None and bare(token.cell.text) == _SUITS
            if is_head or self._fits(label):
                return label
        return None

    def _fits(self, label: Label) -> bool:
        """Return whether a label can stand here: its table, and before or after the first item."""
        if label.kind in ("stop", "block", "start") or label.code in ("information", "applicants", "new_received"):
            return True
        if label.part == "disputes":
            return self.part == "disputes" or label.code in ("reconsideration", "litigation_direct", "upheld")
        if label.part != self.part:
            return False
        if label.part == "active_disclosure":
            return True
        if label.kind == "header":
            return not self.last_item
        if label.code == "other_other":
            return self.last_item in OTHER_ITEMS
        return label.code != "outcomes_total" or bool(self.last_item)
