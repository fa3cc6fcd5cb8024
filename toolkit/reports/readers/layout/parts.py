"""Cells of a table as they stand on pages, and what their texts are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from toolkit.reports.document import Cell, Grid
from toolkit.reports.readers.layout.glyphs import FIGURE_SIGNS, Glyphs

FIGURE = re.compile(rf"\s*(?:[{re.escape(''.join(sorted(FIGURE_SIGNS)))}]\s*)+")


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
    beside: Glyphs | None = None

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


@lru_cache(maxsize=1024)
def is_figure(text: str) -> bool:
    """Whether a text is a printed figure (or the dash in its place) and nothing else.

    Examples
    --------
    >>> [is_figure(text) for text in ("1,203", "2 1", "-", "无", "3件")]
    [True, True, True, False, False]
    """
    return FIGURE.fullmatch(text) is not None


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
