"""The cells of the ruled tables on one page, with their text."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from toolkit.reports.document import Cell, Grid
from toolkit.reports.readers.layout.glyphs import (
    BLANK_FIGURE,
    Glyph,
    are_two_numbers,
    digit_step,
    gap,
    line_text,
    plain_figure,
    text_lines,
)
from toolkit.reports.readers.layout.lattice import Lattice
from toolkit.reports.readers.layout.wrapping import (
    MOST_PADDING,
    PADDING,
    grouping,
    is_full,
    is_indented_and_full,
    would_not_fit,
)

FIGURE_SIGNS = frozenset("0123456789.,+-—–−/%％．，－＋／０１２３４５６７８９")
FIGURE = re.compile(f"[{re.escape(''.join(sorted(FIGURE_SIGNS)))}]+")
ENOUGH_TORN = 2
# A figure may touch its cell's edge by so much.
TOUCH = 0.4
# As many cells without any text are a drawing on squared paper.
DRAWING = 400
# Number of a table on the page, number of a cell in it.
Place = tuple[int, int]


@dataclass(slots=True)
class Placed:
    """A cell on a page. ``full``: its last line leaves no room for one more character."""

    text: str
    row: int
    column: int
    rowspan: int
    colspan: int
    page: int
    full: bool = False
    doubtful: bool = False

    @property
    def bottom(self) -> int:
        """The row after the cell's last."""
        return self.row + self.rowspan

    @property
    def extent(self) -> tuple[int, int]:
        """First column and number of columns."""
        return self.column, self.colspan


@dataclass(slots=True)
class Part:
    """A table, or the part of it that stands on one page."""

    page: int
    top: float
    xs: list[float]
    rows: int
    cells: list[Placed] = field(default_factory=list)
    open_top: bool = False
    open_bottom: bool = False
    beside: list[Glyph] = field(default_factory=list)

    def grid(self, number: int) -> Grid:
        """Return the table as a grid, the ``number``-th of its document."""
        cells = [
            Cell(
                cell.text,
                cell.row,
                cell.column,
                cell.rowspan,
                cell.colspan,
                f"p{cell.page}t{number}r{cell.row + 1}c{cell.column + 1}",
                cell.doubtful,
            )
            for cell in sorted(self.cells, key=lambda cell: (cell.row, cell.column))
        ]
        return Grid(cells, f"p{self.page}t{number}")


def page_tables(glyphs: list[Glyph], tables: list[Lattice], page: int) -> tuple[list[Part], list[Glyph]]:
    """Return the tables of a page with their text, and the glyphs outside of them."""
    if not tables:
        return [], glyphs
    inside: dict[Place, list[Glyph]] = defaultdict(list)
    outside: list[Glyph] = []
    torn: set[Place] = set()
    places = _places(glyphs, tables) if glyphs else []
    for run in _runs(glyphs, places):
        passed = places[run]
        if _is_torn(glyphs[run], passed, tables):
            places[run] = [passed[len(passed) // 2]] * len(passed)
            torn.update(other for other in passed if other is not None)
    for glyph, place in zip(glyphs, places):
        (outside if place is None else inside[place]).append(glyph)
    parts = [_part(table, page) for table in tables]
    broken = defaultdict(list)
    paddings = _paddings(inside, tables)
    for (number, span), members in inside.items():
        cell = parts[number].cells[span]
        broken[_write(cell, members, *_sides(tables[number], span), paddings[number])].append(cell)
    if len(broken["torn"]) >= ENOUGH_TORN:
        for cell in broken["grouped"]:
            cell.text, cell.doubtful = cell.text.replace("\n", ""), False
    for number, span in torn:
        # Neither cell is what it seems: the one that lost its figure no more than the one that has it.
        parts[number].cells[span].doubtful = True
    for part in parts:
        _drop_strips(part)
    outside = _set_beside(parts, tables, outside)
    worded = [part for part in parts if any(cell.text for cell in part.cells)]
    is_drawing = sum(len(part.cells) for part in parts) - sum(len(part.cells) for part in worded) > DRAWING
    return worded if is_drawing else parts, outside


def _set_beside(parts: list[Part], tables: list[Lattice], outside: list[Glyph]) -> list[Glyph]:
    """Give each table the text left of it, and return the rest.

    Browsers draw no lines around a merged cell that began on the page before:
    its text then stands beside the table. Only :mod:`.seams` can tell.
    """
    rest = []
    for glyph in outside:
        middle = (glyph.top + glyph.bottom) / 2
        for part, table in zip(parts, tables):
            if glyph.right <= table.xs[0] and table.ys[0] < middle < table.ys[-1]:
                part.beside.append(glyph)
                break
        else:
            rest.append(glyph)
    return rest


def _drop_strips(part: Part) -> None:
    """Drop rows that are none: strips of the frame at a page's end, steps in one column's lines."""
    for row in range(part.rows - 1, -1, -1):
        own = [cell for cell in part.cells if cell.row == row and cell.rowspan == 1]
        if part.rows == 1 or any(cell.text for cell in own):
            continue
        at_end = (part.open_bottom and row == part.rows - 1) or (part.open_top and row == 0)
        if (len(own) == 1 and at_end) or sum(cell.colspan for cell in own) < 0.4 * (len(part.xs) - 1):
            _drop_row(part, row, own)


def _drop_row(part: Part, row: int, own: list[Placed]) -> None:
    part.rows -= 1
    part.cells = [cell for cell in part.cells if cell not in own]
    for cell in part.cells:
        if cell.row <= row < cell.bottom:
            cell.rowspan -= 1
        elif cell.row > row:
            cell.row -= 1


def _places(glyphs: list[Glyph], tables: list[Lattice]) -> list[Place | None]:
    """Return the table and the cell in which each glyph stands; of two tables around it the smaller one's."""
    _, left, top, right, bottom, origin, base, size = zip(*glyphs)
    # A blank has no ink: it stands where it begins.
    has_ink = np.array(size) > 0
    x = np.where(has_ink, (np.array(left) + right) / 2, np.array(origin) + 0.5)
    y = np.where(has_ink, (np.array(top) + bottom) / 2, np.array(base) - 1.0)
    places: list[Place | None] = [None] * len(glyphs)
    for number, table in sorted(enumerate(tables), key=lambda item: -item[1].area):
        rows, columns = (np.searchsorted(edges, at, "right") - 1 for edges, at in ((table.ys, y), (table.xs, x)))
        within = (rows >= 0) & (rows < len(table.ys) - 1) & (columns >= 0) & (columns < len(table.xs) - 1)
        owner = table.owner
        squares = zip(rows[within].tolist(), columns[within].tolist())
        for index, square in zip(np.flatnonzero(within).tolist(), squares):
            if square in owner:
                places[index] = number, owner[square]
    return places


def _runs(glyphs: list[Glyph], places: list[Place | None]) -> Iterator[slice]:
    """Yield where printed figures stand that are in more than one cell."""
    usual, end = None, 0
    for index in range(1, len(glyphs)):
        if index < end or places[index] == places[index - 1]:
            continue
        if glyphs[index].char in FIGURE_SIGNS and glyphs[index - 1].char in FIGURE_SIGNS:
            usual = usual or digit_step(glyphs)
            start, end = index, index
            while start and _is_one_figure(glyphs[start - 1], glyphs[start], usual):
                start -= 1
            while end < len(glyphs) and _is_one_figure(glyphs[end - 1], glyphs[end], usual):
                end += 1
            if start < index < end:
                yield slice(start, end)


def _is_one_figure(last: Glyph, glyph: Glyph, usual: float) -> bool:
    if last.char not in FIGURE_SIGNS or glyph.char not in FIGURE_SIGNS or abs(glyph.base - last.base) >= 1:
        return False
    size = max(last.size, glyph.size)
    apart = glyph.left > last.right - TOUCH and not are_two_numbers(last, glyph, usual)
    return apart and gap(last, glyph, size) < BLANK_FIGURE * size


def _is_torn(run: list[Glyph], places: list[Place | None], tables: list[Lattice]) -> bool:
    """Whether a line runs through one figure, and not between two.

    It does when it meets ink, or when the figures on its sides stand no
    further apart than all others.
    """
    steps = [other.origin - one.origin for one, other in itertools.pairwise(run)]
    for one, other, place, after, step in zip(run, run[1:], places, places[1:], steps):
        if place == after:
            continue
        xs = tables[(place or after or (0, 0))[0]].xs
        wall = min(xs, key=lambda x: abs(2 * x - one.right - other.left))
        if one.right > wall + TOUCH or other.left < wall - TOUCH:
            return True
        if len(steps) > 1 and step < 1.06 * median(steps):
            return True
    return False


def _part(table: Lattice, page: int) -> Part:
    part = Part(page, table.ys[0], table.xs, len(table.ys) - 1, [], table.open_top, table.open_bottom)
    for row, column, rowspan, colspan in table.spans:
        part.cells.append(Placed("", row, column, rowspan, colspan, page))
    return part


def _sides(table: Lattice, span: int) -> tuple[float, float]:
    """Return a cell's left edge and its width."""
    _, column, _, colspan = table.spans[span]
    return table.xs[column], table.xs[column + colspan] - table.xs[column]


def _paddings(inside: dict[Place, list[Glyph]], tables: list[Lattice]) -> dict[int, float]:
    """Return the room each table leaves between a cell's edge and its text: short lines in the middle have more."""
    found: dict[int, float] = defaultdict(lambda: MOST_PADDING)
    for (number, span), glyphs in inside.items():
        left = glyphs[0].left - tables[number].xs[tables[number].spans[span][1]]
        found[number] = min(found[number], left)
    return found


def _write(cell: Placed, glyphs: list[Glyph], edge: float, width: float, padding: float) -> str:
    """Write a cell's text; tell how its lines break a figure with commas, as :func:`grouping` does."""
    plain = plain_figure(glyphs)
    if plain:
        cell.text, cell.full = plain, is_full(glyphs, width - 2 * PADDING)
        return ""
    lines = text_lines(glyphs)
    if not lines:
        return ""
    room = width - 2 * (max(PADDING, padding) if len(lines) > 1 else PADDING)
    texts = [line_text(line) for line in lines]
    fits = [is_full(line, room) for line in lines]
    kind = ""
    if not all(fits[:-1]):
        fits[0] = fits[0] or is_indented_and_full(lines[0], lines[1], edge, edge + width)
        kind = grouping(texts, fits, [would_not_fit(*pair, room) for pair in itertools.pairwise(lines)])
        if kind == "torn":
            fits[:-1] = [True] * (len(lines) - 1)
    cell.text = texts[0]
    for following, full in zip(texts[1:], fits):
        cell.doubtful |= is_figure(cell.text) and is_figure(following) and not full
        cell.text = join(cell.text, following, full)
    cell.full = fits[-1]
    return kind


def is_figure(text: str) -> bool:
    """Whether a text is a printed figure (or the dash in its place) and nothing else."""
    return bool(FIGURE.fullmatch("".join(text.split())))


def join(text: str, following: str, full: bool = True) -> str:
    """Return two lines as one text.

    Chinese is set without blanks. A figure goes on in the next line only when
    its line had no room left (``full``); otherwise the line break is kept.

    Examples
    --------
    >>> join("2.没有现成信息需要", "另行制作"), join("Open", "data")
    ('2.没有现成信息需要另行制作', 'Open data')
    >>> join("1139", "8889", full=True), join("3", "5", full=False)
    ('11398889', '3\\n5')
    """
    if not text or not following:
        return text + following
    before, after = text[-1], following[0]
    if is_figure(text.rsplit("\n", 1)[-1]) and is_figure(following) and not full:
        return f"{text}\n{following}"
    if before.isascii() and after.isascii() and before.isalpha() and after.isalpha():
        return f"{text} {following}"
    return text + following
