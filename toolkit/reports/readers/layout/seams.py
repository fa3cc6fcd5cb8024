"""Tables that continue over pages are one table."""

from __future__ import annotations

import itertools
from bisect import bisect_left

from toolkit.reports.folding import fold
from toolkit.reports.readers.layout.cutrows import (
    is_cut_row,
    is_rest,
    is_torn,
    label_column,
    mark_unclear,
    may_go_on,
    starts_anew,
    value_columns,
)
from toolkit.reports.readers.layout.parts import Part, Placed, is_figure, join
from toolkit.reports.readers.layout.printed import printed_lines

# Edges of one column on two pages differ by less than this part of the table's width.
SAME_EDGE = 0.012
MAX_HEADER_ROWS = 4


def stitch(upper: Part, lower: Part) -> Part | None:
    """Return two parts of one table as one, None when they are two tables.

    The parts stand on following pages with nothing between them. They are one
    table when their columns agree. A header repeated on the second page is
    dropped; a row cut by the page break, in the middle of its label or between
    label and figures, is one row again; so is a merged cell.

    Examples
    --------
    >>> upper = Part(1, 0.0, [0, 300, 600], 1, [Placed("1.甲", 0, 0, 1, 1, 1), Placed("7", 0, 1, 1, 1, 1)])
    >>> lower = Part(2, 0.0, [0, 300, 600], 1, [Placed("2.乙", 0, 0, 1, 1, 2), Placed("8", 0, 1, 1, 1, 2)])
    >>> [(cell.text, cell.row) for cell in stitch(upper, lower).cells]
    [('1.甲', 0), ('7', 0), ('2.乙', 1), ('8', 1)]
    """
    edges = _without_left_columns(upper.xs, lower.xs) or _common_edges(upper.xs, lower.xs)
    if edges is None:
        return None
    xs, above, below = edges
    one = _moved(upper, above)
    other = _without_header(one, _moved(lower, below) + _beside(lower, xs, below))
    cells, rows = _sewn(one, other, upper.rows, upper.open_bottom or lower.open_top) if other else (one, upper.rows)
    return Part(upper.page, upper.top, xs, rows, cells, upper.open_top, lower.open_bottom, upper.beside)


Columns = tuple[list[float], list[int], list[int]]


def _common_edges(upper: list[float], lower: list[float]) -> Columns | None:
    """Return the edges of both parts and where each part's own edges are among them."""
    width = upper[-1] - upper[0]
    scale = width / (lower[-1] - lower[0])
    if not 0.97 < scale < 1.03 and len(upper) != len(lower):
        return None
    moved = [upper[0] + (x - lower[0]) * scale for x in lower]
    near = SAME_EDGE * width
    fewer, more = sorted((upper[1:-1], moved[1:-1]), key=len)
    met = sum(any(abs(x - y) <= near for y in more) for x in fewer)
    if (len(fewer) > 1 and met < 0.5 * len(fewer)) or (not fewer and more and len(more) > 12):
        return None
    return _united(upper, moved, near)


def _without_left_columns(upper: list[float], lower: list[float]) -> Columns | None:
    """Return the edges when the lower part lacks the upper's first columns, as printed by browsers."""
    near = SAME_EDGE * (upper[-1] - upper[0])
    met = sum(any(abs(x - y) <= near for y in upper) for x in lower)
    if lower[0] < upper[0] + near or abs(lower[-1] - upper[-1]) > near or met < max(4, 0.7 * len(lower)):
        return None
    return _united(upper, lower, near)


def _united(upper: list[float], lower: list[float], near: float) -> Columns:
    together: list[float] = []
    for x in sorted([*upper, *lower]):
        if not together or x - together[-1] > near:
            together.append(x)
    return together, _indices(upper, together), _indices(lower, together)


def _beside(part: Part, xs: list[float], columns: list[int]) -> list[Placed]:
    """Return a cell for each column that the part lacks on its left, with the text that stands there."""
    cells = []
    for column in range(columns[0]):
        text = ""
        if part.beside is not None:
            middle = (part.beside.left + part.beside.right) / 2
            inside = part.beside[(xs[column] <= middle) & (middle < xs[column + 1])]
            text = "".join(printed_lines(inside).texts)
        cells.append(Placed(text, 0, column, part.rows, 1, part.page))
    return cells


def _indices(xs: list[float], among: list[float]) -> list[int]:
    middles = [(left + right) / 2 for left, right in itertools.pairwise(among)]
    return [bisect_left(middles, x) for x in xs]


def _moved(part: Part, columns: list[int]) -> list[Placed]:
    """Return a part's cells, placed among the columns of the whole table."""
    if columns == list(range(len(part.xs))):
        return part.cells
    return [
        Placed(
            cell.text,
            cell.row,
            columns[cell.column],
            cell.rowspan,
            columns[cell.column + cell.colspan] - columns[cell.column],
            cell.page,
            cell.full,
            cell.doubtful,
        )
        for cell in part.cells
        # A strip at the table's edge that the other page has not: no column of the whole table.
        if cell.text or columns[cell.column + cell.colspan] > columns[cell.column]
    ]


def _without_header(upper: list[Placed], lower: list[Placed]) -> list[Placed]:
    first, second = ([cell for cell in cells if cell.row < MAX_HEADER_ROWS] for cells in (upper, lower))
    for rows in range(MAX_HEADER_ROWS, 0, -1):
        head, again = _words(first, rows), _words(second, rows)
        if len(again & head) < max(1, 0.6 * len(head)):
            continue
        goes_beyond = any(cell.bottom > rows and cell.text for cell in second if cell.row < rows)
        # A cell that belongs to more rows than are repeated shows the beginning of its text.
        if not goes_beyond and all(any(text in fold(cell.text) for cell in upper) for *_, text in again - head):
            return [cell for cell in lower if cell.bottom > rows and _cut_top(cell, rows)]
    return lower


def _words(cells: list[Placed], rows: int) -> set[tuple[int, int, str]]:
    """Return what the first rows say and where; nothing when a figure is among it."""
    first = [cell for cell in cells if cell.row < rows and cell.text]
    if any(is_figure(cell.text) for cell in first):
        return set()
    return {(cell.row, cell.column, fold(cell.text)) for cell in first if cell.bottom <= rows}


def _cut_top(cell: Placed, rows: int) -> bool:
    """Take the first rows off a cell; whether it was worth keeping."""
    began = cell.row
    cell.rowspan = cell.bottom - max(rows, began)
    cell.row = max(0, began - rows)
    return began >= rows or bool(cell.text)


def _sewn(upper: list[Placed], lower: list[Placed], rows: int, is_open: bool) -> tuple[list[Placed], int]:
    last = [cell for cell in upper if cell.bottom == rows]
    first = [cell for cell in lower if cell.row == 0]
    # A row without a word is the end of a cut one; but the last of all may be figures left blank.
    blank = not any(cell.text for cell in first) and max(cell.bottom for cell in lower) == 1
    values = value_columns([*upper, *lower])
    cut = is_cut_row(last, first, is_open, values) and not (blank and any(cell.text for cell in last))
    if not cut:
        mark_unclear(last, first, values)
    shift = rows - cut
    partners = {cell.extent: cell for cell in last}
    label = label_column(first, values)
    in_header = _is_header(last) and _is_header(first)
    cells = list(upper)
    for cell in lower:
        above = partners.get(cell.extent) if cell.row == 0 else None
        cell.row += shift
        if above is not None and (cut or _goes_on(above, cell, label, in_header)):
            above.rowspan += cell.rowspan - cut
            _append(above, cell)
        else:
            cells.append(cell)
    return cells, max(cell.bottom for cell in cells)


def _is_header(cells: list[Placed]) -> bool:
    return sum(bool(cell.text) for cell in cells) > 1 and not any(is_figure(cell.text) for cell in cells)


def _append(above: Placed, cell: Placed) -> None:
    if is_torn(above.text, cell.text):
        above.text = (above.text + cell.text).replace("\n", "")
        above.doubtful, above.full = cell.doubtful, cell.full
        return
    above.doubtful |= is_figure(above.text) and is_figure(cell.text) and not is_rest(above, cell)
    if is_figure(cell.text) or fold(above.text) != fold(cell.text):
        above.text = join(above.text, cell.text, above.full)
    above.doubtful |= cell.doubtful
    above.full = cell.full


def _goes_on(above: Placed, below: Placed, label: int, in_header: bool) -> bool:
    """Whether a merged cell of words goes on over the page break, between two whole rows."""
    if is_figure(above.text) or is_figure(below.text):
        return False
    if in_header and bool(above.text) != bool(below.text):
        return True
    if above.column >= label or not may_go_on(above, below):
        return False
    return not above.text or not starts_anew(below.text) or fold(above.text) == fold(below.text)


def stitched(parts: list[Part]) -> list[Part]:
    """Return parts that follow each other without anything between them as tables.

    Examples
    --------
    >>> one = Part(1, 0.0, [0, 30, 50], 1, [Placed("（四）无", 0, 0, 1, 1, 1, full=True), Placed("", 0, 1, 1, 1, 1)])
    >>> two = Part(2, 0.0, [0, 30, 50], 1, [Placed("法提供", 0, 0, 1, 1, 2), Placed("7", 0, 1, 1, 1, 2)])
    >>> [(cell.text, cell.row) for cell in stitched([one, two])[0].cells]
    [('（四）无法提供', 0), ('7', 0)]
    """
    whole: list[Part] = []
    for part in parts:
        sewn = stitch(whole[-1], part) if whole else None
        if sewn is None:
            whole.append(part)
        else:
            whole[-1] = sewn
    return whole
