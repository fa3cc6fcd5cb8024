"""Columns of figures in a table without lines: from numbers that stand under each other over whole rows."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from statistics import median

from toolkit.reports.readers.layout.rowlabels import Piece

LEAST_COLUMNS, MANY_COLUMNS, LEAST_ROWS = 5, 10, 3
# A head stands over a column of which it covers this part; heads that touch have two signs a line each, or more.
OVER, SIGNS_OF_HEAD = 0.3, 2
# Columns of one table are about as far from each other; digits printed apart are nearer.
NEARER = 0.75

Columns = list[tuple[float, float]]


def figure_columns(rows: Sequence[list[Piece]]) -> Columns:
    """Return from where to where the columns run; none where whole rows do not agree.

    Examples
    --------
    >>> row = [Piece("7", left, left + 5, 20, 0) for left in (10, 40, 70, 100, 130)]
    >>> wide = [Piece("1007", left - 5, left + 15, 20, 0) for left in (10, 40, 70, 100, 130)]
    >>> figure_columns([row, row, wide])
    [(5, 25), (35, 55), (65, 85), (95, 115), (125, 145)]
    >>> figure_columns([row, row])
    []
    """
    counts = Counter(len(row) for row in rows)
    often = [count for count, times in counts.items() if times >= LEAST_ROWS or count >= MANY_COLUMNS]
    count = max(often, default=0)
    if count < LEAST_COLUMNS:
        return []
    whole = [row for row in rows if len(row) == count]
    columns = [(min(one.left for one in column), max(one.right for one in column)) for column in zip(*whole)]
    return columns if all(one[1] < other[0] for one, other in itertools.pairwise(columns)) else []


def column_edges(columns: Columns, words: float) -> list[float]:
    """Return the edges around and between columns; the words before them end at ``words``.

    Examples
    --------
    >>> column_edges([(50, 60), (80, 90)], 40)
    [45.0, 70.0, 102.0]
    """
    between = [(one[1] + other[0]) / 2 for one, other in itertools.pairwise(columns)]
    first = (min(words, columns[0][0]) + columns[0][0]) / 2
    return [first, *between, columns[-1][1] + 2 * (columns[0][0] - first) + 2]


def column_of(columns: Columns, piece: Piece) -> int | None:
    """Return the column, counted from 1, in which a piece stands whole; None when in none or in two.

    Examples
    --------
    >>> [column_of([(50, 60), (80, 90)], Piece("7", left, left + 5, 20, 0)) for left in (82, 68)]
    [2, None]
    """
    inside = [k for k, (left, right) in enumerate(columns, 1) if left - 1 <= piece.left and piece.right <= right + 1]
    return inside[0] if len(inside) == 1 else None


def are_uneven(row: Sequence[Piece]) -> bool:
    """Whether single signs stand far nearer to each other than most figures: they may be one, printed apart.

    Examples
    --------
    >>> places = (10, 40, 70, 100), (10, 40, 52, 64, 100, 130, 160)
    >>> rows = [[Piece("7", x, x + 5, 20, 0) for x in at] for at in places]
    >>> [are_uneven(row) for row in rows]
    [False, True]
    """
    pairs = list(itertools.pairwise(row))
    steps = [(other.left + other.right - one.left - one.right) / 2 for one, other in pairs]
    near = NEARER * median(steps or [0.0])
    return any(step < near and len(one.text) == len(other.text) == 1 for step, (one, other) in zip(steps, pairs))


def are_headed(columns: Columns, heads: Sequence[Piece]) -> bool:
    """Whether every column has a head of its own, told by the lowest words over it; none above tell nothing.

    Examples
    --------
    >>> heads = [Piece("维持", 42, 58, 20, 0), Piece("纠正", 72, 88, 20, 0)]
    >>> are_headed([(40, 65), (65, 95)], heads), are_headed([(40, 50), (50, 65), (65, 95)], heads)
    (True, False)
    """
    over = [[k for k, column in enumerate(columns) if _covers(head, column)] for head in heads]
    lowest: dict[int, int] = {}
    for number in sorted(range(len(heads)), key=lambda number: heads[number].base):
        lowest |= dict.fromkeys(over[number], number)
    if not lowest:
        return True
    crowded = [len(over[n]) > 1 and len(heads[n].text) < SIGNS_OF_HEAD * len(over[n]) for n in lowest.values()]
    return len(lowest) == len(columns) and not any(crowded)


def _covers(head: Piece, column: tuple[float, float]) -> bool:
    shared = min(head.right, column[1]) - max(head.left, column[0])
    return shared > OVER * min(column[1] - column[0], head.right - head.left)
