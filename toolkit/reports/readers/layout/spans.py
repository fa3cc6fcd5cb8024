"""The cells of a ruled table: squares between which no line is drawn."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

Square = tuple[int, int]
Span = tuple[int, int, int, int]
_Pairs = set[tuple[int, int]]


class Edges:
    """Lines across the squares of a table: at each of ``count`` places ``length`` pieces, drawn or not.

    Examples
    --------
    >>> floors = Edges(2, 3)
    >>> floors.draw(1, 0, 2)
    >>> floors.are_drawn(1, 0, 2), floors.are_drawn(1, 0, 3), floors.has_any(1, 2, 3), sorted(floors.pairs())
    (True, False, False, [(1, 0), (1, 1)])
    """

    def __init__(self, count: int, length: int) -> None:
        self.count, self.length = count, length
        self._drawn = bytearray(count * length)

    def draw(self, place: int, start: int, stop: int) -> None:
        """Draw the pieces of a line from ``start`` up to ``stop``."""
        if start < stop:
            self._drawn[place * self.length + start : place * self.length + stop] = b"\1" * (stop - start)

    def are_drawn(self, place: int, start: int, stop: int) -> bool:
        """Whether all these pieces are drawn."""
        return 0 not in self._drawn[place * self.length + start : place * self.length + stop]

    def has_any(self, place: int, start: int, stop: int) -> bool:
        """Whether any of these pieces is drawn."""
        return 1 in self._drawn[place * self.length + start : place * self.length + stop]

    def pairs(self) -> _Pairs:
        """Return place and number of each piece that is drawn."""
        return {divmod(index, self.length) for index, drawn in enumerate(self._drawn) if drawn}

    def on_both_sides(self) -> np.ndarray:
        """Tell of each square whether pieces are drawn on both sides, a row for each place; the ends have all."""
        drawn = np.array(self._drawn, dtype=bool).reshape(self.count, self.length)
        drawn[[0, -1]] = True
        return drawn[:-1] & drawn[1:]


def cell_spans(walls: Edges, floors: Edges) -> list[Span]:
    """Return the cells, each as row, column, rowspan, colspan, in the order of their first squares.

    Parameters
    ----------
    walls, floors : Edges
        Lines beside the columns, row by row; lines between the rows, column by column.
    """
    rows, columns = walls.length, floors.length
    single = walls.on_both_sides().T & floors.on_both_sides()
    found: list[Span] = [(row, column, 1, 1) for row, column in np.argwhere(single).tolist()]
    taken: set[Square] = set()
    for row, column in np.argwhere(~single).tolist():
        if (row, column) in taken:
            continue
        right, bottom = column + 1, row + 1
        while right < columns and not walls.has_any(right, row, bottom):
            right += 1
        while bottom < rows and not floors.has_any(bottom, column, column + 1):
            bottom += 1
        squares = set(itertools.product(range(row, bottom), range(column, right)))
        if taken & squares or not _is_bounded((row, column, bottom, right), walls, floors):
            every = set(itertools.product(range(rows), range(columns)))
            return sorted(_spans(every, walls.pairs(), floors.pairs()))
        taken |= squares
        found.append((row, column, bottom - row, right - column))
    return sorted(found)


def _is_bounded(box: Span, walls: Edges, floors: Edges) -> bool:
    """Whether lines are drawn all around a box inside of the table, and none in it.

    Across its first row and its first column none is.
    """
    row, column, bottom, right = box
    if (column and not walls.are_drawn(column, row, bottom)) or (row and not floors.are_drawn(row, column, right)):
        return False
    if right < floors.length and not walls.are_drawn(right, row, bottom):
        return False
    if bottom < walls.length and not floors.are_drawn(bottom, column, right):
        return False
    if bottom - row == 1 or right - column == 1:
        return True
    within = any(walls.has_any(across, row, bottom) for across in range(column + 1, right))
    return not within and not any(floors.has_any(down, column, right) for down in range(row + 1, bottom))


def _spans(squares: set[Square], walls: _Pairs, floors: _Pairs) -> Iterator[Span]:
    """Yield the cells: groups of unit squares between which no line is drawn.

    Where a group is no rectangle a piece of a line is missing: the lines that
    end at it are drawn on through it, first those down, then those across.
    """
    for region in _regions(squares, walls, floors):
        if _is_rectangle(region):
            yield _span(region)
            continue
        more = {(x, row) for row, x in region if {(x, row - 1), (x, row + 1)} & walls}
        for part in _regions(region, walls | more, floors):
            if _is_rectangle(part):
                yield _span(part)
                continue
            across = {(y, column) for y, column in part if {(y, column - 1), (y, column + 1)} & floors}
            for piece in _regions(part, walls | more, floors | across):
                yield from [_span(piece)] if _is_rectangle(piece) else _runs(piece)


def _regions(squares: set[Square], walls: _Pairs, floors: _Pairs) -> list[set[Square]]:
    left, regions = set(squares), []
    while left:
        region, edge = set(), [left.pop()]
        while edge:
            row, column = square = edge.pop()
            region.add(square)
            for neighbour, is_drawn in (
                ((row, column - 1), (column, row) in walls),
                ((row, column + 1), (column + 1, row) in walls),
                ((row - 1, column), (row, column) in floors),
                ((row + 1, column), (row + 1, column) in floors),
            ):
                if not is_drawn and neighbour in left:
                    left.remove(neighbour)
                    edge.append(neighbour)
        regions.append(region)
    return regions


def _is_rectangle(squares: set[Square]) -> bool:
    return len({row for row, _ in squares}) * len({column for _, column in squares}) == len(squares)


def _span(squares: set[Square]) -> Span:
    rows, columns = {row for row, _ in squares}, {column for _, column in squares}
    return min(rows), min(columns), len(rows), len(columns)


def _runs(squares: set[Square]) -> Iterator[Span]:
    for row in sorted({row for row, _ in squares}):
        columns = sorted(column for at, column in squares if at == row)
        begin = columns[0]
        for column, after in zip(columns, [*columns[1:], None]):
            if after != column + 1:
                yield row, begin, 1, column - begin + 1
                begin = after or 0
