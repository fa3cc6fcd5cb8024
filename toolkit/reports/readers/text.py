"""Text: what is left of a page, a PDF or a Word file when it is saved as text.

Every line is a paragraph. A line that holds a whole row of a table ("a | b | c",
or tabs) is left a line too: which of its cells are blank and which only stand
for merged cells is told later, from the form (:mod:`toolkit.reports.flattened`).
"""

from __future__ import annotations

from toolkit.reports.document import Block, Document
from toolkit.reports.readers.encoding import decode
from toolkit.reports.readers.facts import stated_facts

_BLANKS = " \u3000\xa0\ufeff"


def read_text(data: bytes) -> Document:
    """Read a text file.

    Offsets count in the decoded text with line ends as ``\\n``.

    Examples
    --------
    >>> page = read_text("一、总体情况\\r\\n\\r\\n正文".encode("gbk"))
    >>> [page.text[block.start : block.stop] for block in page.blocks]
    ['一、总体情况', '正文']
    """
    text, _ = decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    document = Document(text, _lines(text), "text")
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
