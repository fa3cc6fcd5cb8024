"""Tables without lines: columns from numbers that stand under each other, rows from labels beside them.

Only what is certain becomes a table: at least five columns of figures, aligned
over whole rows. A row whose figures do not stand in these columns keeps them
in one cell; nothing is moved. Other lines stay lines.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np

from toolkit.reports.readers.layout.columnless import near_figures, without_columns
from toolkit.reports.readers.layout.figurecolumns import (
    LEAST_ROWS,
    MANY_COLUMNS,
    are_headed,
    are_uneven,
    column_edges,
    column_of,
    figure_columns,
)
from toolkit.reports.readers.layout.glyphs import (
    BLANK,
    Glyphs,
    are_printed_apart,
    are_two_numbers,
    digit_step,
    gaps,
)
from toolkit.reports.readers.layout.paragraphs import HEADING, Line
from toolkit.reports.readers.layout.parts import Part, Placed, is_figure
from toolkit.reports.readers.layout.printed import SMALLEST, line_texts
from toolkit.reports.readers.layout.rowlabels import (
    MOST_LABEL_LINES,
    NONE_THERE,
    Piece,
    Row,
    are_one_row,
    assigned,
    by_line,
    label_edge,
)

# Wider than this part of the text's size, a gap parts two cells.
BETWEEN_CELLS = 0.3
STRONG = 4
MOST_LINES_BETWEEN, MOST_HEADER_LINES = 8, 14
CHAPTER = re.compile("[一二三四五六七八九十]{1,3}、.{9}")


def with_unruled(items: Sequence[Line | Part]) -> list[Line | Part]:
    """Return the items, lines that are certainly rows of a table without lines put together as a table.

    Rows with many figures that stand in no columns are a table too, whose figures are kept in one cell.

    Parameters
    ----------
    items : sequence of Line or Part
        Lines and tables of all pages, in reading order, without running headers.
    """
    found: list[Line | Part] = []
    lines: list[Line] = []
    for item in items:
        if isinstance(item, Line):
            lines.append(item)
        else:
            found += [*_in_lines(lines), item]
            lines = []
    return [*found, *_in_lines(lines)]


def _in_lines(lines: list[Line]) -> list[Line | Part]:
    if not any(_may_have_values(line) for line in lines):
        return list(lines)
    pieces = [_pieces(line, number) for number, line in enumerate(lines)]
    values = [_values(line) for line in pieces]
    found: list[Line | Part] = []
    begin = 0
    for group in _groups(lines, values):
        # The table before may have taken lines of these as labels.
        strong = [number for number in group if number >= begin]
        if not strong:
            continue
        table = _Table(lines, pieces, values, strong, begin)
        if table.columns:
            found += [*lines[begin : table.start], table.part()]
            begin = table.stop
            continue
        inner = near_figures(lines, values, range(strong[0], strong[-1] + 1), begin)
        if sum(bool(values[number]) for number in inner) >= LEAST_ROWS:
            found += [*lines[begin : inner.start], without_columns(lines, pieces, values, inner)]
            begin = inner.stop
    return [*found, *lines[begin:]]


def _may_have_values(line: Line) -> bool:
    words = line.text.split()
    return len(words) >= STRONG and all(is_figure(word) or word in NONE_THERE for word in words[1 - STRONG :])


def _pieces(line: Line, number: int) -> list[Piece]:
    if line.glyphs is None:
        return []
    ink = line.glyphs[slice(*line.own)]
    ink = ink[(ink.kinds & BLANK) == 0]
    pairs = np.arange(len(ink) - 1)
    begins = np.ones(len(ink), dtype=bool)
    begins[1:] = gaps(ink, pairs, line.size) > BETWEEN_CELLS * line.size
    begins[1:] |= are_two_numbers(ink, pairs, digit_step(ink))
    starts = _without_printed_apart(np.flatnonzero(begins).tolist(), ink, line.size)
    stops = [*starts[1:], len(ink)]
    sizes = np.maximum(np.maximum.reduceat(ink.size, starts), SMALLEST)
    texts = line_texts(ink, np.array(starts), sizes)
    left, right, base = ink.left.tolist(), ink.right.tolist(), ink.base.tolist()
    return [
        Piece(text, left[start], right[stop - 1], median(base[start:stop]), number)
        for text, start, stop in zip(texts, starts, stops)
    ]


def _without_printed_apart(starts: list[int], ink: Glyphs, size: float) -> list[int]:
    """Return where pieces begin, single signs of figures that stand too near to be columns being one piece."""
    near = are_printed_apart(ink, np.arange(len(ink) - 1), size).tolist()
    found: list[int] = []
    singles = 0
    for start, stop in itertools.pairwise([*starts, len(ink)]):
        singles = singles + 1 if stop - start == 1 else 0
        if singles > 1 and near[start - 1]:
            continue
        found.append(start)
        singles = min(singles, 1)
    return found


def _values(pieces: list[Piece]) -> list[Piece]:
    """Return the figures at the end of a line."""
    return list(itertools.takewhile(lambda piece: piece.is_value, reversed(pieces)))[::-1]


def _groups(lines: list[Line], values: list[list[Piece]]) -> list[list[int]]:
    """Return the lines with many figures, those of one table together."""
    groups: list[list[int]] = []
    for number in [number for number, line in enumerate(values) if len(line) >= STRONG]:
        last = groups[-1][-1] if groups else None
        if last is not None and number - last <= MOST_LINES_BETWEEN and not _is_apart(lines, values, last, number):
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _is_apart(lines: list[Line], values: list[list[Piece]], last: int, number: int) -> bool:
    """Whether a heading stands between two lines, or one has far more figures."""
    if (len(values[last]) >= MANY_COLUMNS) != (len(values[number]) >= MANY_COLUMNS):
        return True
    between = range(last + 1, number)
    return any(not values[line] and CHAPTER.match(lines[line].text) for line in between)


class _Table:
    """A table in the making: lines ``start`` to ``stop`` of all, and the edges of the columns of figures."""

    def __init__(
        self,
        lines: list[Line],
        pieces: list[list[Piece]],
        values: list[list[Piece]],
        strong: list[int],
        begin: int,
    ) -> None:
        self.lines, self.pieces, self.values = lines, pieces, values
        self.columns = figure_columns([values[number] for number in strong])
        if not self.columns:
            return
        self.first, self.last = self._extended(strong[0], strong[-1], begin)
        inner = range(self.first, self.last + 1)
        words = [piece for number in inner for piece in pieces[number] if piece.right <= self.columns[0][0]]
        self.edges = column_edges(self.columns, max((piece.right for piece in words), default=self.columns[0][0] - 2))
        self.rows = [row for row in map(self._row, inner) if any(piece.is_value for piece in row.values)]
        self.start = self._header_start(begin)
        self.stop = min(self.last + 1 + MOST_LABEL_LINES, len(lines))
        self._label_rows()

    def _row(self, number: int) -> Row:
        line = self.lines[number]
        values = [piece for piece in self.pieces[number] if piece.right > self.edges[0] + 1]
        base = median(piece.base for piece in values) if values else line.bottom
        return Row(number, line.page, base, line.size, values)

    def _fits(self, number: int) -> bool:
        """Whether a line has words and figures that stand in the columns."""
        found = self.values[number]
        return (
            len(found) < len(self.pieces[number]) and bool(found) and all(column_of(self.columns, one) for one in found)
        )

    def _extended(self, first: int, last: int, begin: int) -> tuple[int, int]:
        """Return the first and last line with figures; rows with few of them may stand at the ends."""
        for number in range(first - 1, max(begin, first - MOST_LABEL_LINES) - 1, -1):
            first = number if self._fits(number) else first
        for number in range(last + 1, min(len(self.lines), last + MOST_LABEL_LINES)):
            last = number if self._fits(number) else last
        return first, last

    def _header_start(self, begin: int) -> int:
        for number in range(self.first - 1, max(begin, self.first - MOST_HEADER_LINES) - 1, -1):
            if HEADING.match(self.lines[number].text) or self.lines[number].text.endswith("。"):
                return number + 1
        return self.first

    def _words(self) -> list[Piece]:
        """Return the pieces left of the figures, from the header to a few lines after the last row."""
        found = []
        for number in range(self.start, self.stop):
            found += [piece for piece in self.pieces[number] if piece.right <= self.edges[0] + 1]
        return found

    def _label_rows(self) -> None:
        words = self._words()
        self.border = label_edge([piece for piece in words if self.first <= piece.line <= self.last])
        labels = [piece for piece in words if piece.right > self.border]
        pages = [
            [row for row in self.rows if row.page == page] for page in dict.fromkeys(row.page for row in self.rows)
        ]
        here = [by_line([piece for piece in labels if self.lines[piece.line].page == rows[0].page]) for rows in pages]
        # All pages of a table are set alike: what one alone leaves open the others tell.
        ways = [[assigned(*page, mode) for page in zip(pages, here)] for mode in ("middle", "top", "bottom")]
        best = min(ways, key=lambda way: sum(cost for cost, _ in way))
        for rows, (_, taken) in zip(pages, best):
            for row, label in zip(rows, taken):
                row.label = label
        lines = {piece.line for row in self.rows for piece in row.label} | {self.first, self.last}
        self.start, self.first, self.stop = min(self.start, *lines), min(lines), max(lines) + 1
        self._give_rest()
        self._mark_wrapped()

    def _mark_wrapped(self) -> None:
        """Mark rows doubtful whose figures may go on in the next one; where one has no words, any of the table."""
        pairs = [pair for pair in itertools.pairwise(self.rows) if are_one_row(*pair, self.columns)]
        has_rest = len(self.rows) > 1 and not all(row.has_words or row.numbers_columns for row in self.rows)
        # One row alone does not tell its columns: of figures printed apart it may have as many as the form.
        above = [piece for number in range(self.start, self.first) for piece in self.pieces[number]]
        if len(self.rows) < LEAST_ROWS and any(are_uneven(row.values) for row in self.rows):
            has_rest |= not are_headed(self._spaces(), above)
        for row in self.rows if has_rest else itertools.chain.from_iterable(pairs):
            row.doubtful = True

    def _give_rest(self) -> None:
        """Put every other word between the rows before the label of the nearest row: nothing is lost."""
        has_place = {id(piece) for row in self.rows for piece in [*row.label, *row.values]}
        for number in range(self.first, self.stop):
            for piece in self.pieces[number]:
                if id(piece) not in has_place:
                    self._nearest(piece).groups.append(piece)

    def _nearest(self, piece: Piece) -> Row:
        page = [row for row in self.rows if row.page == self.lines[piece.line].page] or self.rows
        return min(page, key=lambda row: abs(row.base - piece.base))

    def part(self) -> Part:
        """Return the table; columns are merged cells, labels, figures."""
        top = self.lines[self.start]
        xs = [min([piece.left for piece in self._words()] or [self.edges[0] - 2]) - 1, self.border, *self.edges]
        cells = list(self._header())
        height = max((cell.row for cell in cells), default=-1) + 1
        for number, row in enumerate(self.rows, height):
            cells += self._row_cells(row, number)
        return Part(top.page, top.top, xs, height + len(self.rows), cells)

    def _row_cells(self, row: Row, number: int) -> Iterator[Placed]:
        if row.groups:
            yield Placed("".join(piece.text for piece in row.groups), number, 0, 1, 1, row.page)
        if row.label:
            yield Placed("".join(piece.text for piece in row.label), number, 1, 1, 1, row.page)
        places = [column_of(self._spaces(), piece) for piece in row.values]
        if not all(places):
            text = "  ".join(piece.text for piece in row.values)
            yield Placed(text, number, 2, 1, len(self.columns), row.page, doubtful=True)
            return
        # A figure printed apart may have taken that of the column beside.
        is_apart = any(" " in piece.text for piece in row.values)
        for column in range(1, len(self.columns) + 1):
            text = " ".join(piece.text for piece, place in zip(row.values, places) if place == column)
            doubtful = row.doubtful or (is_apart and not text)
            yield Placed(text, number, column + 1, 1, 1, row.page, doubtful=doubtful)

    def _spaces(self) -> list[tuple[float, float]]:
        return [(left - 1, right + 1) for left, right in itertools.pairwise(self.edges)]

    def _header(self) -> Iterator[Placed]:
        """Yield the cells above the figures: one over each column that has words, and those over several columns."""
        above = [piece for number in range(self.start, self.first) for piece in self.pieces[number]]
        leaves: dict[int, list[Piece]] = {}
        upper: list[Piece] = []
        for piece in above:
            column = 0 if piece.right <= self.edges[0] + 1 else column_of(self._spaces(), piece)
            if column is None:
                upper.append(piece)
            else:
                leaves.setdefault(column, []).append(piece)
        heights = {line: row for row, line in enumerate(sorted({piece.line for piece in upper}))}
        for piece in upper:
            covered = [k for k, (left, right) in enumerate(self._spaces()) if piece.left < right and piece.right > left]
            page = self.lines[piece.line].page
            column, span = (covered[0], len(covered)) if covered else (0, 1)
            yield Placed(piece.text, heights[piece.line], column + 2, 1, span, page)
        for column, stack in leaves.items():
            text, page = "".join(piece.text for piece in stack), self.lines[stack[0].line].page
            yield Placed(text, len(heights), column + 1 if column else 0, 1, 1 if column else 2, page)
