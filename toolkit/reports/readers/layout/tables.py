"""The cells of the ruled tables on one page, with their text."""

from __future__ import annotations

import itertools
from collections import defaultdict
from statistics import median

import numpy as np

from toolkit.reports.readers.layout.cutcolumns import mark_cut_columns
from toolkit.reports.readers.layout.glyphs import (
    BLANK_FIGURE,
    SIGN,
    Glyphs,
    are_two_numbers,
    digit_step,
    gaps,
)
from toolkit.reports.readers.layout.lattice import Lattice
from toolkit.reports.readers.layout.parts import Part, Placed, is_figure, join
from toolkit.reports.readers.layout.printed import PrintedLines, lengths, printed_lines
from toolkit.reports.readers.layout.wrapping import (
    MOST_PADDING,
    PADDING,
    are_full,
    grouping,
    is_indented_and_full,
    would_not_fit,
)

ENOUGH_TORN = 2
# A figure may touch its cell's edge by so much.
TOUCH = 0.4
# As many cells without any text are a drawing on squared paper.
DRAWING = 400
OUTSIDE = -1


def page_tables(
    glyphs: Glyphs, tables: list[Lattice], page: int, is_cut: bool = False
) -> tuple[list[Part], PrintedLines]:
    """Return the tables of a page with their text, and the lines outside of them.

    ``is_cut`` tells that the edge of what is printed runs through some text.
    """
    places = _places(glyphs, tables)
    parts = [_part(table, page) for table in tables]
    cells = [cell for part in parts for cell in part.cells]
    for number in _mend_torn(glyphs, places, tables):
        # Neither cell is what it seems: the one that lost its figure no more than the one that has it.
        cells[number].doubtful = True
    beside = _set_beside(parts, tables, glyphs, places)
    if np.count_nonzero(beside):
        glyphs, places = glyphs[~beside], places[~beside]
    lines = printed_lines(glyphs, places, thin=OUTSIDE)
    outside = int(np.searchsorted(lines.groups, OUTSIDE, "right"))
    if outside < len(lines):
        left, right = _sides(tables)
        _write(cells, lines[outside:], left, right, _insets(glyphs, places, left, tables))
    if any(table.unclosed for table in tables):
        mark_cut_columns(cells, tables, lines, is_cut)
    for part in parts:
        _drop_strips(part)
    worded = [part for part in parts if any(cell.text for cell in part.cells)]
    is_drawing = sum(len(part.cells) for part in parts) - sum(len(part.cells) for part in worded) > DRAWING
    return worded if is_drawing else parts, lines[:outside]


def _set_beside(parts: list[Part], tables: list[Lattice], glyphs: Glyphs, places: np.ndarray) -> np.ndarray:
    """Give each table the text left of it, and return which it is.

    Browsers draw no lines around a merged cell that began on the page before:
    its text then stands beside the table. Only :mod:`.seams` can tell.
    """
    given = np.zeros(len(glyphs), dtype=bool)
    outside, middle = places == OUTSIDE, (glyphs.top + glyphs.bottom) / 2
    for part, table in zip(parts, tables):
        beside = outside & (glyphs.right <= table.xs[0]) & (table.ys[0] < middle) & (middle < table.ys[-1]) & ~given
        if np.count_nonzero(beside):
            part.beside = glyphs[beside]
            given |= beside
    return given


def _drop_strips(part: Part) -> None:
    """Drop rows that are none: strips of the frame at a page's end, steps in one column's lines."""
    worded = {cell.row for cell in part.cells if cell.text and cell.rowspan == 1}
    for row in range(part.rows - 1, -1, -1):
        if row in worded or part.rows == 1:
            continue
        own = [cell for cell in part.cells if cell.row == row and cell.rowspan == 1]
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


def _places(glyphs: Glyphs, tables: list[Lattice]) -> np.ndarray:
    """Return the cell, of all tables', in which each glyph stands; of two tables around it the smaller one's."""
    left, top, right, bottom, origin, base, size = glyphs.numbers
    # A blank has no ink: it stands where it begins.
    x = np.where(size > 0, (left + right) / 2, origin + 0.5)
    y = np.where(size > 0, (top + bottom) / 2, base - 1.0)
    places = np.full(len(glyphs), OUTSIDE)
    before = list(itertools.accumulate((len(table.spans) for table in tables), initial=0))
    for number, table in sorted(enumerate(tables), key=lambda item: -item[1].area):
        owner = table.owners()[np.searchsorted(table.ys, y, "right"), np.searchsorted(table.xs, x, "right")]
        np.copyto(places, owner + before[number], where=owner != OUTSIDE)
    return places


def _mend_torn(glyphs: Glyphs, places: np.ndarray, tables: list[Lattice]) -> set[int]:
    """Bring each figure through which a line runs into one cell; return the cells that are concerned."""
    torn: set[int] = set()
    pairs = (glyphs.kinds[:-1] & glyphs.kinds[1:] & SIGN).nonzero()[0]
    if not _stand_close(glyphs, pairs[places[pairs] != places[pairs + 1]]).any():
        return torn
    one_figure = pairs[_stand_close(glyphs, pairs) & ~are_two_numbers(glyphs, pairs, digit_step(glyphs))]
    ends = np.delete(np.arange(len(glyphs)), one_figure)
    seams = one_figure[places[one_figure] != places[one_figure + 1]]
    for index in np.unique(np.searchsorted(ends, seams)).tolist():
        run = slice(int(ends[index - 1]) + 1 if index else 0, int(ends[index]) + 1)
        passed = places[run].tolist()
        if _is_torn(glyphs[run], passed, tables):
            places[run] = passed[len(passed) // 2]
            torn.update(cell for cell in passed if cell != OUTSIDE)
    return torn


def _stand_close(glyphs: Glyphs, at: np.ndarray) -> np.ndarray:
    """Tell of signs and the next ones whether they stand in one line, without room for another between them."""
    size = np.maximum(glyphs.size[at], glyphs.size[at + 1])
    level = np.abs(glyphs.base[at + 1] - glyphs.base[at]) < 1
    near = glyphs.left[at + 1] > glyphs.right[at] - TOUCH
    return level & near & (gaps(glyphs, at, size) < BLANK_FIGURE * size)


def _is_torn(run: Glyphs, passed: list[int], tables: list[Lattice]) -> bool:
    """Whether a line runs through one figure, and not between two.

    It does when it meets ink, or when the figures on its sides stand no
    further apart than all others.
    """
    steps = np.diff(run.origin)
    for index, (place, after) in enumerate(itertools.pairwise(passed)):
        if place == after:
            continue
        one, other = run.right[index], run.left[index + 1]
        edges = _table_of(after if place == OUTSIDE else place, tables).xs
        wall = min(edges, key=lambda x: abs(2 * x - one - other))
        if one > wall + TOUCH or other < wall - TOUCH:
            return True
        if len(steps) > 1 and steps[index] < 1.06 * median(steps):
            return True
    return False


def _part(table: Lattice, page: int) -> Part:
    cells = [Placed("", *span, page) for span in table.spans]
    return Part(page, table.ys[0], table.xs, len(table.ys) - 1, cells, table.open_top, table.open_bottom)


def _table_of(cell: int, tables: list[Lattice]) -> Lattice:
    before = 0
    for table in tables:
        before += len(table.spans)
        if cell < before:
            break
    return table


def _sides(tables: list[Lattice]) -> tuple[np.ndarray, np.ndarray]:
    """Return the left and the right edge of each cell."""
    sides = [(table.xs[column], table.xs[column + span]) for table in tables for _, column, _, span in table.spans]
    left, right = np.array(sides).T
    return left, right


def _insets(glyphs: Glyphs, places: np.ndarray, left: np.ndarray, tables: list[Lattice]) -> np.ndarray:
    """Return the room each cell's table leaves between an edge and its text: short lines in the middle have more."""
    insets = np.full(len(left) + 1, MOST_PADDING)
    # Of a cell's glyphs the one that is drawn first comes last, and stays.
    insets[places[::-1]] = glyphs.left[::-1] - np.append(left, 0.0)[places[::-1]]
    start = 0
    for table in tables:
        own = slice(start, start := start + len(table.spans))
        insets[own] = max(insets[own].min(initial=MOST_PADDING), PADDING)
    return insets[:-1]


def _write(cells: list[Placed], lines: PrintedLines, left: np.ndarray, right: np.ndarray, insets: np.ndarray) -> None:
    """Write the text of the cells in which lines stand, of which edges and the room beside them are given."""
    begins = np.ones(len(lines), dtype=bool)
    begins[1:] = lines.groups[1:] != lines.groups[:-1]
    begins = begins.nonzero()[0]
    written, counts = lines.groups[begins], lengths(begins, len(lines))
    inset = np.where(counts > 1, insets[written], PADDING)
    rooms = np.repeat(right[written] - left[written] - 2 * inset, counts)
    fits = are_full(lines, rooms).tolist()
    broken: dict[str, list[Placed]] = defaultdict(list)
    for begin, number, count in zip(begins.tolist(), written.tolist(), counts.tolist()):
        cell = cells[number]
        if count == 1:
            cell.text, cell.full = lines.texts[begin], fits[begin]
        else:
            own = slice(begin, begin + count)
            broken[_write_lines(cell, lines, own, fits[own], (rooms[begin], left[number], right[number]))].append(cell)
    if len(broken["torn"]) >= ENOUGH_TORN:
        for cell in broken["grouped"]:
            cell.text, cell.doubtful = cell.text.replace("\n", ""), False


def _write_lines(
    cell: Placed, lines: PrintedLines, own: slice, fits: list[bool], sides: tuple[float, float, float]
) -> str:
    """Write a cell's text of several lines; tell how they break a figure with commas, as :func:`grouping` does.

    ``sides`` are the room in the cell, its left and its right edge.
    """
    kind, texts = "", lines.texts[own]
    if not all(fits[:-1]):
        room, left, right = sides
        fits[0] = fits[0] or is_indented_and_full(lines[own], left, right)
        kind = grouping(texts, fits, would_not_fit(lines[own], room))
        if kind == "torn":
            fits[:-1] = [True] * (len(texts) - 1)
    cell.text = texts[0]
    for following, full in zip(texts[1:], fits):
        cell.doubtful |= is_figure(cell.text) and is_figure(following) and not full
        cell.text = join(cell.text, following, full)
    cell.full = fits[-1]
    return kind
