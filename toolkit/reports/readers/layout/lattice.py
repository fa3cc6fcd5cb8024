"""Straight lines of a page, and the cells that they bound.

The lines of a PDF come from its page objects, those of a picture from its
pixels; :func:`lattices` makes cells of either. Coordinates run from left to
right and from top to bottom.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from toolkit.reports.readers.layout.spans import Edges, Span, cell_spans

# Pieces of one line may leave gaps (dots, the joints of cells); double lines stand this far apart.
GAP, APART = 3.5, 3.0
SHORTEST = 6.0
# Tables stand this many times further apart than lines that meet.
BELOW = 4
# A page with more lines is a map or a drawing; looking for tables in it would take minutes.
MAX_LINES = 1_200
# An edge is there when a line runs along this part of it.
DRAWN = 0.6


class Ruling(NamedTuple):
    """A straight line: its place across, and from where to where it runs."""

    at: float
    start: float
    stop: float


_START = attrgetter("start")


@dataclass
class Lattice:
    """A ruled table on one page.

    ``xs`` and ``ys`` are the places of its columns' and rows' edges; ``spans``
    has every cell as row, column, rowspan, colspan. ``open_top`` and
    ``open_bottom`` tell that no line closes it there: a page break did.
    ``unclosed`` are the numbers of the cells at its right end that no line closes
    there, though one closes their rows on the left.
    """

    xs: list[float]
    ys: list[float]
    spans: list[tuple[int, int, int, int]]
    open_top: bool = False
    open_bottom: bool = False
    unclosed: list[int] = field(default_factory=list)

    def owners(self) -> np.ndarray:
        """Return the number of the cell that has each square, -1 for none; around the table there are none."""
        width = len(self.xs) + 1
        owners = [-1] * (width * (len(self.ys) + 1))
        for number, (row, column, rowspan, colspan) in enumerate(self.spans):
            first = (row + 1) * width + column + 1
            owners[first] = number
            if rowspan * colspan > 1:
                for start in range(first, first + rowspan * width, width):
                    owners[start : start + colspan] = [number] * colspan
        return np.array(owners).reshape(-1, width)

    @property
    def area(self) -> float:
        """The area of the table: of two around a place, the inner one has it."""
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])


def lattices(horizontal: list[Ruling], vertical: list[Ruling], reach: float = APART) -> list[Lattice] | None:
    """Return the ruled tables that the lines of a page make, from top to bottom; None of a drawing.

    Parameters
    ----------
    horizontal, vertical : list of Ruling
        Lines as drawn, in any order and any number of pieces.
    reach : float
        How far apart lines may be and still meet, or be one.

    Examples
    --------
    >>> across = [Ruling(y, 0, 100) for y in (0, 20, 40)]
    >>> down = [Ruling(0, 0, 40), Ruling(60, 20, 40), Ruling(100, 0, 40)]
    >>> tables = lattices(across, down)
    >>> tables[0].spans
    [(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)]
    """
    across = joined(horizontal, reach)
    down = [line for band in _bands(vertical, reach) for line in joined(band, reach)]
    if max(len(across), len(down)) > MAX_LINES:
        return None
    found = [_lattice(*group, reach) for group in _meeting(across, down, reach)]
    tables = [table for table in found if table is not None and len(table.spans) > 1]
    return sorted(tables, key=lambda table: (table.ys[0], table.xs[0]))


def _bands(vertical: list[Ruling], reach: float) -> list[list[Ruling]]:
    """Return the lines of tables that stand below each other apart: they share no columns."""
    bands: list[list[Ruling]] = []
    end = 0.0
    for ruling in sorted(vertical, key=_START):
        if not bands or ruling.start > end + BELOW * reach:
            bands.append([])
            end = ruling.stop
        bands[-1].append(ruling)
        end = max(end, ruling.stop)
    return bands


def joined(rulings: list[Ruling], reach: float = APART) -> list[Ruling]:
    """Return whole lines: pieces in one line joined, lines side by side made one.

    Examples
    --------
    >>> joined([Ruling(10, 0, 50), Ruling(10, 52, 100), Ruling(11, 40, 60), Ruling(30, 0, 4)])
    [Ruling(at=10.16953316953317, start=0, stop=100)]
    """
    whole: list[Ruling] = []
    room = max(GAP, reach)
    for group in _side_by_side(rulings, reach):
        if len(group) == 1:
            whole += group
            continue
        lengths = [stop - start + 0.01 for _, start, stop in group]
        at = sum(ruling.at * length for ruling, length in zip(group, lengths)) / sum(lengths)
        group.sort(key=_START)
        _, begin, end = group[0]
        for _, start, stop in group:
            if start > end + room:
                whole.append(Ruling(at, begin, end))
                begin, end = start, stop
            elif stop > end:
                end = stop
        whole.append(Ruling(at, begin, end))
    return [ruling for ruling in whole if ruling.stop - ruling.start >= SHORTEST]


def _side_by_side(rulings: list[Ruling], reach: float) -> list[list[Ruling]]:
    groups: list[list[Ruling]] = []
    for ruling in sorted(rulings):
        if groups and ruling.at - groups[-1][0].at <= reach:
            groups[-1].append(ruling)
        else:
            groups.append([ruling])
    return groups


def _meeting(across: list[Ruling], down: list[Ruling], reach: float) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Return the lines that meet each other, directly or through others."""
    if not across or not down:
        return []
    at, start, stop = (column[:, None] for column in _columns(across))
    cross, begin, end = _columns(down)
    meets = (start - reach <= cross) & (cross <= stop + reach) & (begin - reach <= at) & (at <= end + reach)
    groups = []
    left = meets.any(axis=1)
    while left.any():
        rows, count = np.zeros(len(across), dtype=bool), 0
        rows[np.argmax(left)] = True
        while rows.sum() > count:
            count = rows.sum()
            columns = meets[rows].any(axis=0)
            rows = meets[:, columns].any(axis=1)
        groups.append((list(itertools.compress(across, rows)), list(itertools.compress(down, columns))))
        left &= ~rows
    return groups


def _columns(rulings: list[Ruling]) -> np.ndarray:
    return np.fromiter(itertools.chain.from_iterable(rulings), float, 3 * len(rulings)).reshape(-1, 3).T


def _lattice(across: list[Ruling], down: list[Ruling], reach: float) -> Lattice | None:
    if len(across) + len(down) < 3:
        return None
    # A row cut by a page break has no line below: the table ends where its vertical lines do.
    top, bottom = min(line.start for line in down), max(line.stop for line in down)
    left, right = min(line.start for line in across), max(line.stop for line in across)
    ys, open_top, open_bottom = _closed([line.at for line in across], top, bottom, reach)
    xs, _, _ = _closed([line.at for line in down], left, right, reach)
    if len(xs) < 2 or len(ys) < 2:
        return None
    walls, floors = _drawn_edges(xs, ys, down), _drawn_edges(ys, xs, across)
    table = Lattice(xs, ys, cell_spans(walls, floors), open_top, open_bottom)
    if not _is_framed(walls, floors):
        table.spans = [span for span in table.spans if _is_cell(span, table, walls, floors)]
        table.unclosed = [number for number, span in enumerate(table.spans) if _is_unclosed(span, walls)]
    return table


def _closed(places: list[float], low: float, high: float, reach: float) -> tuple[list[float], bool, bool]:
    edges = sorted(set(places))
    open_low, open_high = edges[0] - low > 2 * reach, high - edges[-1] > 2 * reach
    return [low] * open_low + edges + [high] * open_high, open_low, open_high


def _drawn_edges(places: list[float], steps: list[float], lines: list[Ruling]) -> Edges:
    """Return the pieces from step to step along which a line is drawn."""
    edges = Edges(len(places), len(steps) - 1)
    index = {at: number for number, at in enumerate(places)}
    parts: dict[tuple[int, int], float] = defaultdict(float)
    for at, start, stop in lines:
        place = index[at]
        first, last = bisect_left(steps, start), bisect_right(steps, stop) - 1
        edges.draw(place, first, last)
        for step in (first - 1, last) if first <= last else (last,):
            if 0 <= step < edges.length:
                shared = min(steps[step + 1], stop) - max(steps[step], start)
                parts[place, step] += shared / (steps[step + 1] - steps[step])
    for (place, step), part in parts.items():
        if part >= DRAWN:
            edges.draw(place, step, step + 1)
    return edges


def _is_framed(walls: Edges, floors: Edges) -> bool:
    sides = (walls, floors.length, walls.length), (floors, walls.length, floors.length)
    return all(lines.are_drawn(0, 0, length) and lines.are_drawn(end, 0, length) for lines, end, length in sides)


def _is_unclosed(span: Span, walls: Edges) -> bool:
    row, column, rowspan, colspan = span
    is_last = column + colspan == walls.count - 1
    return is_last and walls.are_drawn(0, row, row + rowspan) and not walls.has_any(walls.count - 1, row, row + rowspan)


def _is_cell(span: Span, table: Lattice, walls: Edges, floors: Edges) -> bool:
    """Whether a span is inside the table: at most one of its sides is an undrawn side of the table's box.

    A page break counts as a line, and so does every edge inside of the box.
    """
    row, column, rowspan, colspan = span
    bottom, right = row + rowspan, column + colspan
    undrawn = [
        row == 0 and not table.open_top and not floors.are_drawn(0, column, right),
        bottom == walls.length and not table.open_bottom and not floors.are_drawn(bottom, column, right),
        column == 0 and not walls.are_drawn(0, row, bottom),
        right == floors.length and not walls.are_drawn(right, row, bottom),
    ]
    return sum(undrawn) < 2
