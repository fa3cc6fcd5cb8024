"""Text: what is left of a page, a PDF or a Word file when it is saved as text, and Markdown.

Every line is a paragraph. A line that holds a whole row of a table ("a | b | c",
or tabs) is left a line too: which of its cells are blank and which only stand
for merged cells is told later, from the form (:mod:`toolkit.reports.tables`).
Tables of HTML inside a text become grids.
"""

from __future__ import annotations

import re

from toolkit.reports.document import Block, Document, DocumentBuilder
from toolkit.reports.readers.delimited import tabulated
from toolkit.reports.readers.encoding import decode
from toolkit.reports.readers.facts import stated_facts
from toolkit.reports.readers.markup import TABLE, unmarked
from toolkit.reports.readers.web.html import read_page

_BLANKS = " \u3000\xa0\ufeff"
# What a service that turns pages into Markdown writes before it.
_HEAD = re.compile(r"\s*Title: (?P<title>.*)\n+URL Source: (?P<url>\S*)\n+(?:.*\n+){0,4}?Markdown Content:[ \t]*\n")


def read_text(data: bytes) -> Document:
    """Read a text file.

    Offsets count in the decoded text with line ends as ``\\n`` and without
    what is no text but marks it up (:mod:`.markup`).

    Examples
    --------
    >>> page = read_text("一、总体情况\\r\\n\\r\\n正文".encode("gbk"))
    >>> [page.text[block.start : block.stop] for block in page.blocks]
    ['一、总体情况', '正文']
    """
    text, _ = decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    head = _HEAD.match(text)
    text = text[head.end() :] if head else text
    if TABLE.search(text):
        document = _with_tables(text)
    else:
        text = tabulated(unmarked(text))
        document = Document(text, _lines(text), "text")
    if head:
        document.title, document.url = head["title"].strip(), head["url"]
    document.meta = stated_facts(document)
    return document


def _lines(text: str) -> list[Block]:
    blocks, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            # The tabs at both ends of a row stand for cells that are blank or merged.
            stripped = line.strip(_BLANKS) if "\t" in line else line.strip()
            left = start + line.index(stripped[0])
            blocks.append(Block(left, left + len(stripped)))
        start += len(line) + 1
    return blocks


def _with_tables(text: str) -> Document:
    """Make a document of the lines of a text and of the tables of HTML between them."""
    builder, place, number = DocumentBuilder("text"), 0, 0
    for table in TABLE.finditer(text):
        _add_lines(builder, text[place : table.start()])
        place = table.end()
        page = read_page(table[0])
        for block in page.blocks:
            if block.grid is None:
                builder.paragraph(page.text[block.start : block.stop])
                continue
            number += 1
            for cell in block.grid.cells:
                cell.locator = f"t{number}r{cell.row + 1}c{cell.column + 1}"
            block.grid.locator = f"t{number}"
            builder.grid(block.grid)
    _add_lines(builder, text[place:])
    return builder.build()


def _add_lines(builder: DocumentBuilder, text: str) -> None:
    text = tabulated(unmarked(text))
    for block in _lines(text):
        builder.paragraph(text[block.start : block.stop])
