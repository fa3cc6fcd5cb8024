"""Pages, put together as one document: tables stitched, paragraphs joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from toolkit.reports.document import Document, DocumentBuilder
from toolkit.reports.readers.layout.overhang import with_overhang
from toolkit.reports.readers.layout.paragraphs import Line, paragraphs, without_margins
from toolkit.reports.readers.layout.parts import Part, is_figure
from toolkit.reports.readers.layout.printed import printed_lines
from toolkit.reports.readers.layout.seams import stitched
from toolkit.reports.readers.layout.unruled import with_unruled

Item = Line | Part
# Running headers of scanned pages, of 100.
ALIKE = 75.0


@dataclass
class Page:
    """One page: its lines outside of tables, its tables, and what else there is to say."""

    number: int
    height: tuple[float, float]
    lines: list[Line] = field(default_factory=list)
    tables: list[Part] = field(default_factory=list)
    picture: bool = False
    note: str = ""


def document_of(pages: list[Page], format: str, title: str = "") -> Document:
    """Return the document that pages make.

    Parameters
    ----------
    pages : list of Page
        In order; a page that could not be read has a note and nothing else.
    format : str
        What the document says it is: ``pdf``, ``scan``.

    Examples
    --------
    >>> from toolkit.reports.readers.layout.parts import Placed
    >>> lines = [Line("一、总体情况", 1, 90, 200, 100, 110, 10), Line("— 1 —", 1, 290, 310, 820, 830, 10)]
    >>> table = Part(1, 200, [90, 300, 500], 1, [Placed("规章", 0, 0, 1, 1, 1), Placed("7", 0, 1, 1, 1, 1)])
    >>> document = document_of([Page(1, (0, 842), lines, [table])], "pdf")
    >>> document.text, [[cell.text for cell in row] for grid in document.grids() for row in grid.rows()]
    ('一、总体情况\\n规章\\t7\\n', [['规章', '7']])
    """
    builder = DocumentBuilder(format)
    number = 0
    ordered = list(_in_order(pages))
    _mark_cut_figures(ordered)
    items = with_unruled(with_overhang(ordered))
    for _, group in groupby(items, key=lambda item: isinstance(item, Part)):
        members = list(group)
        parts = [item for item in members if isinstance(item, Part)]
        lines = [item for item in members if isinstance(item, Line)]
        if parts:
            for part in stitched(parts):
                number += 1
                for text in printed_lines(part.beside, thin=0).texts if part.beside is not None else ():
                    builder.paragraph(text, part.page)
                builder.grid(part.grid(number), part.page)
        else:
            for text, page in paragraphs(lines):
                builder.paragraph(text, page)
    return builder.build(title=title, notes=[page.note for page in pages if page.note])


def _mark_cut_figures(items: list[Item]) -> None:
    """Mark the last row of a page's table doubtful when a line of nothing but figures opens the next page.

    It may be the rest of figures wrapped in their cells, whose short lines a scan has lost.
    """
    for above, line in pairwise(items):
        if not isinstance(above, Part) or not isinstance(line, Line) or line.page != above.page + 1:
            continue
        if len(line.text.split()) > 2 and not any(char.isalpha() for char in line.text):
            for cell in above.cells:
                cell.doubtful |= cell.bottom == above.rows and is_figure(cell.text)


def _in_order(pages: list[Page]) -> Iterator[Item]:
    readable = [page for page in pages if page.lines or page.tables]
    alike = ALIKE if any(page.picture for page in readable) else 100.0
    bare = without_margins([page.lines for page in readable], [page.height for page in readable], alike)
    for page, lines in zip(readable, bare):
        items: list[Item] = [*lines, *page.tables]
        yield from sorted(items, key=lambda item: item.top)
