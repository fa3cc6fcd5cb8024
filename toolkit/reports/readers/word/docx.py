"""Word files (.docx): paragraphs and tables, merged cells with their spans.

Only the text of the document itself is read, from its XML: no macro is run
and nothing that the file refers to is fetched. Deleted text of tracked
changes, hidden text, headers, footers and notes are left out.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from toolkit.errors import SourceError
from toolkit.reports.document import Cell, Document, DocumentBuilder, Grid
from toolkit.reports.readers.word.contents import without_contents
from toolkit.reports.readers.word.marks import CLOSE, OPEN, is_mark, set_apart, set_marks
from toolkit.reports.readers.word.numbering import Numbering

# The XML of a long report has some MB; a zip bomb unpacks to GB.
MAX_PART = 64 * 2**20
MAX_BYTES = 200 * 2**20
MAX_PARTS = 20_000
# A row that begins further right than this, or a wider cell, is damage.
MAX_COLUMNS = 200
# 1 mm in twentieths of a point.
SLIVER = 57
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
TITLE = "{http://purl.org/dc/elements/1.1/}title"
# A table with as many cells inside another is a table of its own, the other one its frame.
NESTED_TABLE = 4

Element: TypeAlias = etree._Element


def _tag(name: str) -> str:
    return f"{{{WORD}}}{name}"


P, TBL, TR, TC, R, T = (_tag(name) for name in ("p", "tbl", "tr", "tc", "r", "t"))
VAL = _tag("val")
BOX = _tag("txbxContent")
SKIPPED = {
    *(_tag(name) for name in ("del", "moveFrom", "instrText", "delText", "rt")),
    *(_tag(name) for name in ("pPr", "tblPr", "tblGrid", "trPr", "tcPr")),
    f"{{{COMPATIBILITY}}}Fallback",
}
SIGNS = {_tag("tab"): "\t", _tag("br"): "\n", _tag("cr"): "\n", _tag("noBreakHyphen"): "-"}


def looks_like_docx(data: bytes) -> bool:
    """Whether bytes are a Word file in the format of 2007 and later, whatever its name ends with.

    Examples
    --------
    >>> looks_like_docx(b"PK\\x03\\x04 no archive"), looks_like_docx(b"%PDF-1.7")
    (False, False)
    """
    return data[:4] == b"PK\x03\x04" and b"word/document" in data


def read_docx(data: bytes, name: str = "the Word file") -> Document:
    """Read a .docx file (or .docm, whose macros are ignored).

    Parameters
    ----------
    data : bytes
        The content of the file.
    name : str
        What messages call it.

    Returns
    -------
    Document
        Paragraphs and grids in reading order; locators are ``t2r5c4``
        (table, row, column, spans resolved). Numbers that Word itself sets
        before paragraphs (一、, 1.) are part of the text.

    Raises
    ------
    SourceError
        If the file is empty, encrypted, damaged, no Word file, or unpacks to
        more than ``MAX_PART`` bytes.

    Examples
    --------
    >>> read_docx(b"PK")
    Traceback (most recent call last):
    toolkit.errors.SourceError: the Word file: the file is damaged, it cannot be unpacked. Try: download it again
    """
    if not data.strip(b"\x00 \r\n"):
        raise SourceError(f"{name}: the file is empty ({len(data):,} bytes)", "download it again")
    if len(data) > MAX_BYTES:
        raise SourceError(f"{name}: {len(data):,} bytes are more than {MAX_BYTES:,}", "remove its pictures")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{name}: the file is damaged, it cannot be unpacked", "download it again") from None
    except RuntimeError:
        raise SourceError(f"{name}: the file is encrypted", "save a copy without password") from None


def _read(archive: zipfile.ZipFile, name: str) -> Document:
    parts = archive.namelist()
    if len(parts) > MAX_PARTS:
        raise SourceError(f"{name}: {len(parts):,} parts are more than a Word file has", "open and save it in Word")
    main = next((part for part in parts if part in ("word/document.xml", "word/document2.xml")), None)
    if main is None:
        raise SourceError(f"{name}: not a Word file, it has no word/document.xml", "look at what was downloaded")
    body = _parsed(archive, main, name)
    lists, styles = (_parsed(archive, f"word/{part}.xml", name) for part in ("numbering", "styles"))
    set_marks(body, styles)
    numbering = Numbering(lists, styles)
    core = _parsed(archive, "docProps/core.xml", name)
    title = "" if core is None else (core.findtext(TITLE) or "").strip()
    builder = DocumentBuilder("docx")
    tables = iter(range(1, MAX_PART))
    for block in without_contents(_blocks(body if body is not None else [], numbering)):
        if isinstance(block, str):
            builder.paragraph(block)
        else:
            builder.grid(_numbered(block, next(tables)))
    return builder.build(title=title)


def _parsed(archive: zipfile.ZipFile, part: str, name: str) -> Element | None:
    if part not in archive.namelist():
        return None
    with archive.open(part) as file:
        data = file.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        message = f"{name}: {part} unpacks to more than {MAX_PART:,} bytes, as zip bombs do"
        raise SourceError(message, "open and save it in Word, or look at where it comes from")
    if b"<!DOCTYPE" in data[:4096]:
        raise SourceError(f"{name}: {part} declares entities, as no Word file does", "look at where it comes from")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(data.replace(STRICT, WORD.encode()), parser)
    except etree.XMLSyntaxError:
        raise SourceError(f"{name}: the file is damaged, {part} breaks off", "download it again") from None


def _numbered(grid: Grid, number: int) -> Grid:
    for cell in grid.cells:
        cell.locator = f"t{number}r{cell.row + 1}c{cell.column + 1}"
    return Grid(grid.cells, f"t{number}")


def _children(parent: Element) -> Iterator[Element]:
    """Yield paragraphs and tables, through whatever Word wraps around them."""
    for child in parent:
        if child.tag in (P, TBL):
            yield child
        elif isinstance(child.tag, str) and child.tag not in SKIPPED:
            yield from _children(child)


def _blocks(parent: Element, numbering: Numbering) -> Iterator[str | Grid]:
    """Yield the paragraphs and grids of the body, a cell or a text box."""
    joined = ""
    for child in _children(parent):
        if child.tag == TBL:
            yield from _table_blocks(child, numbering)
            continue
        text = _text(child)
        label = numbering.label(child) if text.strip() else ""
        # A number that Word sets before a figure never lengthens it.
        is_figure = text[:1].isdigit() and label[-1:].isascii() and label != ""
        joined += f"{label} {text}" if is_figure else label + text
        # The end of a paragraph deleted as a tracked change: the next one goes on in it.
        if child.find(f"{_tag('pPr')}/{_tag('rPr')}/{_tag('del')}") is None:
            yield from (line for line in joined.split("\n") if line.strip())
            joined = ""
        for box in _boxes(child):
            yield from _blocks(box, numbering)
    if joined.strip():
        yield joined


def _table_blocks(table: Element, numbering: Numbering) -> Iterator[str | Grid]:
    rows = list(_rows(table))
    cells = [cell for row in rows for cell in _cells(row)]
    frames = any(_is_table(inner) for cell in cells for inner in cell.iterdescendants(TBL))
    if len(cells) < 2 or frames:
        for cell in cells:
            yield from _blocks(cell, numbering)
    else:
        yield _without_slivers(_grid(rows, numbering), table)


def _is_table(table: Element) -> bool:
    return sum(1 for row in _rows(table) for _ in _cells(row)) >= NESTED_TABLE


def _rows(table: Element) -> Iterator[Element]:
    for row in _of_kind(table, TR):
        # A row deleted as a tracked change.
        if row.find(f"{_tag('trPr')}/{_tag('del')}") is None:
            yield row


def _cells(row: Element) -> Iterator[Element]:
    return _of_kind(row, TC)


def _of_kind(parent: Element, tag: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == tag:
            yield child
        elif isinstance(child.tag, str) and child.tag not in SKIPPED and child.tag not in (P, TBL):
            yield from _of_kind(child, tag)


def _grid(rows: list[Element], numbering: Numbering) -> Grid:
    cells: list[Cell] = []
    above: dict[int, Cell] = {}
    for number, row in enumerate(rows):
        column = min(_number(row, "trPr", "gridBefore"), MAX_COLUMNS)
        current: dict[int, Cell] = {}
        for element in _cells(row):
            colspan = min(max(1, _number(element, "tcPr", "gridSpan")), MAX_COLUMNS)
            owner = above.get(column)
            if _merge(element, "hMerge") == "continue" and cells and cells[-1].row == number:
                cells[-1].colspan += colspan
            elif _merge(element, "vMerge") == "continue" and owner is not None and owner.colspan == colspan:
                owner.rowspan = number - owner.row + 1
                current[column] = owner
            else:
                cells.append(Cell(_cell_text(element, numbering), number, column, 1, colspan))
                current[column] = cells[-1]
            column += colspan
        above = current
    return Grid(cells)


def _without_slivers(grid: Grid, table: Element) -> Grid:
    """Close up columns narrower than 1 mm: rows whose edges missed each other by a rounding."""
    widths = [column.get(_tag("w"), "") for column in table.iterfind(f"{_tag('tblGrid')}/{_tag('gridCol')}")]
    narrow = {index for index, width in enumerate(widths) if width.isdigit() and int(width) < SLIVER}
    narrow -= {cell.column for cell in grid.cells if cell.colspan == 1}
    for cell in grid.cells:
        stop = cell.column + cell.colspan
        cell.column -= sum(index < cell.column for index in narrow)
        cell.colspan = stop - sum(index < stop for index in narrow) - cell.column
    return grid


def _number(element: Element, properties: str, name: str) -> int:
    found = element.find(f"{_tag(properties)}/{_tag(name)}")
    value = "" if found is None else found.get(VAL, "")
    return int(value) if value.isdigit() and len(value) < 6 else 0


def _merge(cell: Element, name: str) -> str:
    found = cell.find(f"{_tag('tcPr')}/{_tag(name)}")
    return "" if found is None else found.get(VAL, "continue")


def _cell_text(cell: Element, numbering: Numbering) -> str:
    parts: list[str] = []
    for block in _blocks(cell, numbering):
        parts += [block] if isinstance(block, str) else [inner.text for inner in block.cells]
    return "\n".join(part.strip(" \t\r\n") for part in parts if part.strip(" \t\r\n"))


def _text(paragraph: Element) -> str:
    return set_apart("".join(_pieces(paragraph)))


def _pieces(parent: Element) -> Iterator[str]:
    for child in parent:
        if child.tag == T:
            yield child.text or ""
        elif child.tag in SIGNS:
            yield SIGNS[child.tag] if child.get(_tag("type")) != "page" else ""
        elif isinstance(child.tag, str) and child.tag not in SKIPPED and child.tag not in (BOX, P, TBL):
            yield from _run(child) if child.tag == R else _pieces(child)


def _run(run: Element) -> Iterator[str]:
    """A run's text: none if it is hidden or struck out; a raised mark never touches the figure before it."""
    if any(_is_on(run, name) for name in ("vanish", "strike", "dstrike")):
        return
    if is_mark(run):
        yield OPEN
    yield from _pieces(run)
    if is_mark(run):
        yield CLOSE


def _is_on(run: Element, name: str) -> bool:
    found = run.find(f"{_tag('rPr')}/{_tag(name)}")
    return found is not None and found.get(VAL, "1") not in ("0", "false", "off")


def _boxes(paragraph: Element) -> Iterator[Element]:
    """Yield the text boxes anchored in a paragraph, each once: Word writes them twice, for old versions too."""
    for child in paragraph:
        if child.tag == BOX:
            yield child
        elif isinstance(child.tag, str) and child.tag not in SKIPPED:
            yield from _boxes(child)
