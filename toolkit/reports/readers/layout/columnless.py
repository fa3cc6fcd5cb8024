"""Lines with many figures that stand in no columns: what they are is not told by their order.

Blanks between figures leave no trace, a figure may be wrapped, or printed
apart so that it seems to be several: a row with as many figures as the form
has columns may still be another.
"""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.reports.readers.layout.paragraphs import HEADING, Line
from toolkit.reports.readers.layout.parts import Part, Placed
from toolkit.reports.readers.layout.rowlabels import MOST_LABEL_LINES, Piece


def near_figures(lines: Sequence[Line], values: Sequence[list[Piece]], inner: range, begin: int) -> range:
    """Return the lines from the first to the last near ones with figures; a heading parts tables.

    Parameters
    ----------
    lines : sequence of Line
    values : sequence of list of Piece
        The figures at the end of each.
    inner : range
        Lines that have many.
    begin : int
        The first line that is of no other table.

    Examples
    --------
    >>> words = ["三、收到和处理政府信息公开申请情况", "272013", "新收申请", "7 4", "四、其他"]
    >>> lines = [Line(text, 1, 60, 200, 100 + 12 * k, 110 + 12 * k, 10) for k, text in enumerate(words)]
    >>> values = [[Piece(text, 260, 290, 100, k)] if text[0].isdigit() else [] for k, text in enumerate(words)]
    >>> near_figures(lines, values, range(3, 4), begin=0)
    range(1, 4)
    """
    first, last = inner.start, inner.stop - 1
    for number in range(first - 1, begin - 1, -1):
        if first - number > MOST_LABEL_LINES or HEADING.match(lines[number].text):
            break
        first = number if values[number] else first
    for number in range(last + 1, len(lines)):
        if number - last > MOST_LABEL_LINES or (HEADING.match(lines[number].text) and not values[number]):
            break
        last = number if values[number] else last
    return range(first, last + 1)


def without_columns(
    lines: Sequence[Line], pieces: Sequence[list[Piece]], values: Sequence[list[Piece]], inner: range
) -> Part:
    """Return lines as rows of a table: their words in one cell, all their figures in another, doubtful.

    Examples
    --------
    >>> line = Line("一、新收 7 4", 1, 60, 200, 100, 110, 10)
    >>> figures = [Piece("7", 150, 155, 108, 0), Piece("4", 190, 195, 108, 0)]
    >>> table = without_columns([line], [[Piece("一、新收", 60, 100, 108, 0), *figures]], [figures], range(1))
    >>> [(cell.text, cell.doubtful) for cell in table.cells]
    [('一、新收', False), ('7  4', True)]
    """
    cells = []
    for row, number in enumerate(inner):
        page, figures = lines[number].page, values[number]
        words = pieces[number][: len(pieces[number]) - len(figures)]
        cells.append(Placed("".join(piece.text for piece in words), row, 0, 1, 1, page))
        cells.append(Placed("  ".join(piece.text for piece in figures), row, 1, 1, 1, page, doubtful=True))
    top = lines[inner.start]
    right = max(lines[number].right for number in inner)
    return Part(top.page, top.top, [top.left - 1, top.right, right + 1], len(inner), cells)
