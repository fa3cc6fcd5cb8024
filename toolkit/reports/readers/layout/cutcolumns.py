"""Columns that the edge of the printed page has cut: what is left of their figures is no figure."""

from __future__ import annotations

from toolkit.reports.readers.layout.lattice import Lattice
from toolkit.reports.readers.layout.parts import Placed, is_figure
from toolkit.reports.readers.layout.printed import PrintedLines

# A figure ends so near to the edge, in parts of its height, that its next digit would be cut.
NEXT_DIGIT = 0.8


def mark_cut_columns(cells: list[Placed], tables: list[Lattice], lines: PrintedLines, is_cut: bool) -> None:
    """Mark the figures and blanks doubtful that stand in a column which the page's edge has cut.

    A browser prints a table that is wider than the page as far as the page goes: its rows end without a line, and a
    figure in the middle of its digits. Other tables without a line on their right leave room for one more digit.

    Parameters
    ----------
    cells : list of Placed
        The cells of all tables, with their text.
    tables : list of Lattice
    lines : PrintedLines
        The lines in the cells; their groups are the cells' numbers.
    is_cut : bool
        Whether the edge of what is printed is known to run through some text.
    """
    start = 0
    for table in tables:
        last = [start + number for number in table.unclosed]
        figures = [number for number in last if is_figure(cells[number].text)]
        if is_cut or not figures or _reach(lines, figures) >= table.xs[-1]:
            for number in last:
                cells[number].doubtful |= not cells[number].text or number in figures
        start += len(table.spans)


def _reach(lines: PrintedLines, cells: list[int]) -> float:
    """Return how far a next digit would reach, of the lines in some cells the furthest."""
    places = zip(lines.groups.tolist(), lines.ends.tolist(), lines.sizes.tolist())
    return max((end + NEXT_DIGIT * size for cell, end, size in places if cell in cells), default=0.0)
