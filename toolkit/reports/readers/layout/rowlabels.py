"""Which lines of words left of a table's figures are the labels of which rows."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from statistics import median

from toolkit.reports.readers.layout.parts import is_figure
from toolkit.reports.readers.layout.wrapping import COMMAS

NONE_THERE = frozenset(("无", "零"))
MOST_LABEL_LINES = 6
# A number of its own begins a label: it is no line in the middle of one. 第三方 is a word, not a number.
NUMBERED = re.compile(r"\d{1,2}\s?[.．、]|[(（][一二三四五六七][)）]|[一二三四五六]、")
# What it costs, in parts of the text's size, to leave a line out, or a row without label; how far lines of a label are.
LEFT_OUT, NO_LABEL, PITCH = 0.5, 0.8, 2.2
# A merged cell that heads labels stands left of most of them.
CROSSING = 0.3


@dataclass(slots=True)
class Piece:
    """What stands together in one line: at most one cell's."""

    text: str
    left: float
    right: float
    base: float
    line: int

    @property
    def is_value(self) -> bool:
        """Whether it is a figure or stands in the place of one.

        Examples
        --------
        >>> [Piece(text, 0, 9, 10, 0).is_value for text in ("1,203", "-", "无", "规章")]
        [True, True, True, False]
        """
        return is_figure(self.text) or self.text in NONE_THERE


@dataclass(slots=True)
class Row:
    """A line with figures; ``values`` are they, ``label`` its words on all their lines."""

    line: int
    page: int
    base: float
    size: float
    values: list[Piece]
    label: list[Piece] = field(default_factory=list)
    groups: list[Piece] = field(default_factory=list)
    doubtful: bool = False

    @property
    def is_numbered(self) -> bool:
        """Whether its label, or what stands in its place, begins with a number of its own.

        Examples
        --------
        >>> [Row(0, 1, 10, 8, [], [Piece(text, 0, 90, 10, 0)]).is_numbered for text in ("2.重复申请", "另行制作")]
        [True, False]
        """
        words = self.label or self.groups
        # A sign of a merged cell's words, printed upright, may stand before it in the line.
        return any(NUMBERED.match(piece.text) for piece in words if piece.line == words[0].line)

    @property
    def numbers_columns(self) -> bool:
        """Whether its figures only count the columns.

        Examples
        --------
        >>> row = Row(0, 1, 10, 8, [Piece(text, 0, 9, 10, 0) for text in "123"])
        >>> row.numbers_columns
        True
        """
        return [piece.text for piece in self.values] == [str(number) for number, _ in enumerate(self.values, 1)]

    @property
    def has_words(self) -> bool:
        """Whether there is anything but figures.

        Examples
        --------
        >>> Row(0, 1, 10, 8, [Piece("7", 90, 95, 10, 0)]).has_words
        False
        """
        return bool(self.label or self.groups)


def label_edge(words: list[Piece]) -> float:
    """Return where the labels begin, right of merged cells that head several of them.

    Examples
    --------
    >>> words = [Piece("（三）不予公开", 10, 50, 20, 0), *(Piece("属于", 60, 90, 20 + 12 * k, k) for k in range(3))]
    >>> words += [Piece("（四）无法提供", 10, 50, 60, 3)]
    >>> label_edge(words)
    59.5
    """
    best, most = min((piece.left for piece in words), default=0.0) - 1, 1
    for x in sorted({piece.left - 0.5 for piece in words}):
        left = sum(piece.right <= x for piece in words)
        crossing = sum(piece.left < x - 1 and piece.right > x + 1 for piece in words)
        if left > most and crossing <= CROSSING * len(words) and left < 0.5 * len(words):
            best, most = x, left
    return best


def by_line(pieces: list[Piece]) -> list[list[Piece]]:
    """Return the pieces, those of one line together.

    Examples
    --------
    >>> pieces = [Piece("（三）", 10, 30, 20, 0), Piece("1.属于", 40, 80, 20, 0), Piece("国家秘密", 40, 80, 32, 1)]
    >>> [[piece.text for piece in line] for line in by_line(pieces)]
    [['（三）', '1.属于'], ['国家秘密']]
    """
    return [list(group) for _, group in itertools.groupby(pieces, key=lambda piece: piece.line)]


def assigned(rows: list[Row], lines: list[list[Piece]], mode: str) -> tuple[float, list[list[Piece]]]:
    """Return the cheapest way to give every row its lines of label, in order, and what it costs.

    Labels stand in the middle beside their figures, begin with them or end
    with them (``mode``); lines that are no row's are left out.

    Parameters
    ----------
    rows : list of Row
        Lines with figures, from top to bottom.
    lines : list of list of Piece
        Lines of words beside them, in order.
    mode : {"middle", "top", "bottom"}

    Examples
    --------
    >>> rows = [Row(0, 1, base, 8, []) for base in (26, 50)]
    >>> labels = ["2.没有现成信息", "需要另行制作", "3.补正后"]
    >>> lines = [[Piece(label, 0, 60, base, k)] for k, (label, base) in enumerate(zip(labels, (20, 32, 50)))]
    >>> cost, taken = assigned(rows, lines, "middle")
    >>> cost, [[piece.text for piece in label] for label in taken]
    (0.0, [['2.没有现成信息', '需要另行制作'], ['3.补正后']])
    """
    size = median(row.size for row in rows)
    ways: list[tuple[float, list[list[Piece]]]] = [(LEFT_OUT * size * place, []) for place in range(len(lines) + 1)]
    for row in rows:
        after: list[tuple[float, list[list[Piece]]]] = []
        for stop in range(len(lines) + 1):
            options = [(ways[stop][0] + NO_LABEL * size, [*ways[stop][1], []])]
            if stop:
                options.append((after[-1][0] + LEFT_OUT * size, after[-1][1]))
            for start in range(max(0, stop - MOST_LABEL_LINES), stop):
                label = lines[start:stop]
                if _is_one_label(label, size):
                    taken = [piece for line in label for piece in line]
                    options.append((ways[start][0] + _distance(label, row, mode), [*ways[start][1], taken]))
            after.append(min(options, key=lambda option: option[0]))
        ways = after
    return ways[-1]


def _is_one_label(label: list[list[Piece]], size: float) -> bool:
    near = all(other[0].base - one[0].base <= PITCH * size for one, other in itertools.pairwise(label))
    return near and not any(NUMBERED.match(line[-1].text) for line in label[1:])


def are_one_row(above: Row, below: Row, columns: list[tuple[float, float]]) -> bool:
    """Whether the figures of a row may be the rest of those above, wrapped because they filled their columns.

    Examples
    --------
    >>> above = Row(0, 1, 20, 8, [Piece("11390", 100, 125, 20, 0)], [Piece("（二）部分公开", 0, 60, 20, 0)])
    >>> below = Row(1, 1, 32, 8, [Piece("012", 100, 115, 32, 1)], [Piece("（区分处理的", 0, 60, 32, 1)])
    >>> are_one_row(above, below, [(100, 125)]), are_one_row(above, below, [(100, 160)])
    (True, False)
    """
    if above.page != below.page or below.base - above.base > PITCH * above.size:
        return False
    if any(piece.text[-1] in COMMAS for piece in above.values) or any(
        piece.text[0] in COMMAS for piece in below.values
    ):
        return True
    if above.is_numbered and below.is_numbered:
        return False
    if not (above.has_words and below.has_words):
        return True
    # Figures set in the middle of their cells or at the bottom: others of the row stand on one of its lines only.
    pairs = [(_at(above, column), _at(below, column), column) for column in columns]
    return any(
        one is not None and other is not None and len(other.text) <= len(one.text) and _fills(one, column, above.size)
        for one, other, column in pairs
    )


def _at(row: Row, column: tuple[float, float]) -> Piece | None:
    return next((piece for piece in row.values if piece.left <= column[1] and piece.right >= column[0]), None)


def _fills(piece: Piece, column: tuple[float, float], size: float) -> bool:
    return piece.left - column[0] < size and column[1] - piece.right < size


def _distance(label: list[list[Piece]], row: Row, mode: str) -> float:
    bases = [line[0].base for line in label]
    beside = {"middle": sum(bases) / len(bases), "top": bases[0], "bottom": bases[-1]}
    return abs(beside[mode] - row.base)
