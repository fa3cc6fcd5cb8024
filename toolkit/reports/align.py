"""Alignment: the cells of a document onto the cells of a form.

Rows are told by their label and their place, columns by their header or, where
a row has as many cells as the form has columns, by their order. Where a row has
fewer values than columns and their places cannot be told, all of its cells are
missing and the values are kept as *unplaced*: nothing is ever shifted.
"""

from __future__ import annotations

from collections.abc import Iterable

from toolkit.reports.tables.alignment import Alignment
from toolkit.reports.tables.applications import align_applications
from toolkit.reports.tables.disclosure import align_active_disclosure
from toolkit.reports.tables.disputes import align_disputes
from toolkit.reports.tables.rows import RowReader
from toolkit.reports.tables.tokens import Token


def align(tokens: Iterable[Token]) -> Alignment:
    """Align the tokens of a document with the official forms.

    Examples
    --------
    >>> from toolkit.reports.readers.web.html import read_html
    >>> from toolkit.reports.tables.tokens import read_tokens
    >>> page = read_html("<table><tr><td>信息内容<td>本年处理决定数量<tr><td>行政许可<td>12</table>".encode())
    >>> found = align(read_tokens(page))
    >>> [(one.item, one.category, one.cell.text) for one in found.placed], found.forms
    ([('licensing', 'decisions', '12')], {'art20_5': '2021'})
    """
    rows = RowReader().read(tokens)
    found = Alignment()
    align_active_disclosure([row for row in rows if row.part == "active_disclosure"], found)
    align_applications([row for row in rows if row.part == "applications"], found)
    align_disputes([row for row in rows if row.part == "disputes"], found)
    return found
