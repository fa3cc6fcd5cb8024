"""What any reader makes of any file: paragraphs and grids in reading order.

Web pages, text, Word, PDF and scans differ only up to here. Everything after
works on a :class:`Document` and never asks which reader made it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter


@dataclass(slots=True)
class Cell:
    """One cell of a published table, as printed.

    ``text`` is the cell's text exactly, ``row`` and ``column`` its upper left
    place in the grid (from 0, spans resolved), ``locator`` the way back to the
    source: ``t2r5c4``, ``p4t1r3c2`` or ``@120-124``. ``doubtful`` is set by a
    reader of pictures whose readings differ or are unsure.
    """

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    locator: str = ""
    doubtful: bool = False


@dataclass(slots=True)
class Grid:
    """A table: its cells in reading order, each once, with their spans.

    A place that a merged cell covers belongs to that cell; a place that no
    cell covers is absent. Both differ from a cell that is there and empty.
    """

    cells: list[Cell]
    locator: str = ""
    _rows: list[list[Cell]] = field(default_factory=list, init=False, repr=False, compare=False)

    def rows(self) -> list[list[Cell]]:
        """Return the cells that begin in each row, from left to right; told once, a grid does not change."""
        if not self._rows:
            by_row: dict[int, list[Cell]] = defaultdict(list)
            for cell in self.cells:
                by_row[cell.row].append(cell)
            self._rows = [sorted(by_row[row], key=attrgetter("column")) for row in sorted(by_row)]
        return self._rows


@dataclass(slots=True)
class Block:
    """A paragraph or a grid, and where its text stands in the document's text.

    ``document.text[start:stop]`` is the paragraph's text; for a grid, the
    text of its cells. ``page`` counts from 1 and is 0 where there are none.
    """

    start: int
    stop: int
    grid: Grid | None = None
    page: int = 0


@dataclass(slots=True)
class Document:
    """A source file as paragraphs and grids.

    Parameters
    ----------
    text : str
        The whole text, in reading order; offsets of every frame count in it.
    blocks : list of Block
        Paragraphs and grids in reading order, without overlap.
    format : str
        ``html``, ``text``, ``pdf``, ``docx``, ``scan``, ...
    title : str
        What the file itself calls its title (``<title>``, Word properties).
    meta : dict
        Label and value pairs the page states about the report, as printed:
        索引号, 发布机构, 发布日期, ...
    url : str
        Where the page says it comes from.
    notes : list of str
        What the reader could not do: ``"page 3 is a picture"``.
    """

    text: str
    blocks: list[Block]
    format: str
    title: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    url: str = ""
    notes: list[str] = field(default_factory=list)

    def paragraphs(self) -> Iterator[Block]:
        """Yield the blocks that are not grids."""
        return (block for block in self.blocks if block.grid is None)

    def grids(self) -> Iterator[Grid]:
        """Yield the grids in reading order."""
        return (block.grid for block in self.blocks if block.grid is not None)


class DocumentBuilder:
    """Puts a document together from its parts and keeps the offsets right."""

    def __init__(self, format: str) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._format = format

    def paragraph(self, text: str, page: int = 0) -> None:
        """Add a paragraph."""
        self._blocks.append(Block(*self._append(text), page=page))

    def grid(self, grid: Grid, page: int = 0) -> None:
        """Add a grid; its text is its rows, cells parted by tabs."""
        text = "\n".join(["\t".join([cell.text for cell in row]) for row in grid.rows()])
        self._blocks.append(Block(*self._append(text), grid=grid, page=page))

    def build(self, **facts: object) -> Document:
        """Return the document; ``facts`` are its title, meta, url and notes."""
        return Document("".join(self._parts), self._blocks, self._format, **facts)  # type: ignore[arg-type]

    def _append(self, text: str) -> tuple[int, int]:
        start = self._length
        self._parts += [text, "\n"]
        self._length += len(text) + 1
        return start, start + len(text)
