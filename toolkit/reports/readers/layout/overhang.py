"""Labels that hang out below their table where a page ends."""

from __future__ import annotations

from toolkit.reports.readers.layout.cutrows import starts_anew
from toolkit.reports.readers.layout.paragraphs import Line
from toolkit.reports.readers.layout.parts import Part, Placed, is_figure

MAX_OVERHANG = 3


def with_overhang(items: list[Line | Part]) -> list[Line | Part]:
    """Return the items with a merged cell's last line put into it.

    Browsers let a label that does not fit on the page hang out below the
    table: a line or two, no wider than the label's column.

    Examples
    --------
    >>> table = Part(1, 700, [90, 150, 500], 1, [Placed("（四）无法", 0, 0, 1, 1, 1), Placed("7", 0, 1, 1, 1, 1)])
    >>> rest = Line("提供", 1, 100, 120, 790, 800, 10)
    >>> below = Part(2, 50, [90, 150, 500], 1)
    >>> found = with_overhang([table, rest, below])
    >>> len(found), found[0].cells[0].text
    (2, '（四）无法提供')
    """
    kept: list[Line | Part] = []
    above: Part | None = None
    for index, item in enumerate(items):
        if isinstance(item, Part):
            above = item
        elif above is not None and above.page == item.page:
            following = items[index + 1 : index + 1 + MAX_OVERHANG]
            below = next((other for other in following if isinstance(other, Part) or other.page != item.page), None)
            cell = _hangs_from(item, above)
            if cell is not None and isinstance(below, Part) and below.page == item.page + 1:
                cell.text += item.text
                continue
        kept.append(item)
    return kept


def _hangs_from(line: Line, part: Part) -> Placed | None:
    for cell in part.cells:
        left, right = part.xs[cell.column], part.xs[cell.column + cell.colspan]
        if cell.bottom == part.rows and left < line.left and line.right < right and line.top > part.top:
            worded = cell.text and not is_figure(cell.text) and not starts_anew(line.text)
            return cell if worded and cell.colspan == 1 else None
    return None
