"""PDF files with a text layer, read as paragraphs and ruled tables.

The engine is pypdfium2: characters with their places, and the lines that the
page draws. A page that is only a picture has no text; :mod:`.scan` reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from toolkit.errors import SourceError
from toolkit.reports.document import Document
from toolkit.reports.readers.layout.glyphs import TURNS
from toolkit.reports.readers.layout.lattice import lattices
from toolkit.reports.readers.layout.pages import Page, document_of
from toolkit.reports.readers.layout.paragraphs import page_lines
from toolkit.reports.readers.layout.tables import page_tables
from toolkit.reports.readers.pdf.characters import page_characters, page_glyphs
from toolkit.reports.readers.pdf.cuttext import has_cut_text
from toolkit.reports.readers.pdf.rulings import Drawing, page_drawing
from toolkit.reports.readers.pdf.shown import has_hidden_layer, shown

# A report has 3 to 40 pages, a yearbook that holds one some hundreds.
MAX_PAGES = 600
MAX_BYTES = 200 * 2**20
MAX_CHARACTERS = 2_000_000
# 3 m in points: a sheet wider than any that is printed on paper.
MAX_WIDTH = 3 / 0.0254 * 72
# A picture that covers this part of a page is the page.
COVERS = 0.5
FEW_CHARACTERS = 30
MANY_SHAPES = 300
# Scans are read at this resolution, one at a time: seconds each.
SCAN_DPI, MAX_RENDERED, MAX_SCANS = 220, 20_000_000, 80


def looks_like_pdf(data: bytes) -> bool:
    """Whether bytes are a PDF file; some have a few bytes before its mark.

    Examples
    --------
    >>> looks_like_pdf(b"%PDF-1.7"), looks_like_pdf(b"<html>")
    (True, False)
    """
    return b"%PDF-" in data[:1024]


def read_pdf(data: bytes, name: str = "the PDF", ocr: bool = True) -> Document:
    """Read a PDF file with a text layer; pages that are pictures too, when the extra ``ocr`` is installed.

    Parameters
    ----------
    data : bytes
        The content of the file.
    name : str
        What messages call it.
    ocr : bool
        Whether pages that are pictures are read by text recognition.

    Returns
    -------
    Document
        Paragraphs and grids in reading order. A table that continues over
        pages is one grid; its cells' locators are ``p4t1r3c2`` (page, table
        of the document, row, column). ``notes`` names the pages that are
        pictures and those that could not be read.

    Raises
    ------
    SourceError
        If the file is empty, blank, damaged, cut short, protected by a
        password, only pictures (:func:`is_image_only` tells), or beyond the limits
        ``MAX_PAGES``, ``MAX_WIDTH``, ``MAX_CHARACTERS``, ``MAX_BYTES``.

    Examples
    --------
    >>> read_pdf(b"")
    Traceback (most recent call last):
    toolkit.errors.SourceError: the PDF: the file is empty (0 bytes). Try: download it again
    """
    with open_pdf(data, name) as pdf:
        pages = _with_scans(pdf, list(_pages(pdf, name)), name) if ocr else list(_pages(pdf, name))
        title = pdf.get_metadata_value("Title").removeprefix("Microsoft Word - ").strip("\x00 ")
    if not any(page.lines or page.tables for page in pages):
        raise _nothing_read(pages, name)
    has_text = any((page.lines or page.tables) and not page.picture for page in pages)
    return document_of(pages, "pdf" if has_text else "scan", title)


def open_pdf(data: bytes, name: str = "the PDF") -> pypdfium2.PdfDocument:
    """Open a PDF file within the limits; the caller closes it.

    Raises
    ------
    SourceError
        As :func:`read_pdf` says, pictures aside.

    Examples
    --------
    >>> from pathlib import Path
    >>> pdf = open_pdf(Path("tests/data/simulated_office_print.pdf").read_bytes())
    >>> len(pdf)
    6
    >>> pdf.close()
    True
    """
    if not data.strip(b"\x00 \r\n"):
        raise SourceError(f"{name}: the file is empty ({len(data):,} bytes)", "download it again")
    if len(data) > MAX_BYTES:
        raise SourceError(f"{name}: {len(data):,} bytes are more than {MAX_BYTES:,}", "save only the report's pages")
    if not looks_like_pdf(data):
        raise SourceError(f"{name}: not a PDF file, its mark %PDF is missing", "look at what was downloaded")
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _cannot_open(data, name, error) from None
    try:
        _check_limits(pdf, data, name)
    except SourceError:
        pdf.close()
        raise
    return pdf


def _cannot_open(data: bytes, name: str, error: pypdfium2.PdfiumError) -> SourceError:
    if getattr(error, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return SourceError(f"{name}: the file is encrypted and asks for a password", "save a copy without password")
    if b"%%EOF" not in data[-65536:]:
        return SourceError(f"{name}: the file is damaged, it was cut short at {len(data):,} bytes", "download it again")
    return SourceError(f"{name}: the file is damaged ({error})", "download it again, or print it to a new PDF")


def _check_limits(pdf: pypdfium2.PdfDocument, data: bytes, name: str) -> None:
    if b"%%EOF" not in data[-65536:]:
        # The engine repairs what is left of the file; which figures went with the rest nobody can tell.
        raise SourceError(f"{name}: the file is damaged, it was cut short at {len(data):,} bytes", "download it again")
    if len(pdf) > MAX_PAGES:
        message = f"{name}: {len(pdf):,} pages are more than {MAX_PAGES}: not an annual report alone"
        raise SourceError(message, "save the report's pages as a file of their own")
    for index in range(len(pdf)):
        width = _page_size(pdf, index)[0]
        if width > MAX_WIDTH:
            message = f"{name}: page {index + 1} is {width / 72 * 0.0254:.1f} m wide, more than 3 m"
            raise SourceError(message, "print it to pages of an ordinary size")


def _page_size(pdf: pypdfium2.PdfDocument, index: int) -> tuple[float, float]:
    try:
        return pdf.get_page_size(index)
    except pypdfium2.PdfiumError:
        return 0.0, 0.0


def is_image_only(data: bytes) -> bool:
    """Whether no page of a PDF file has a text layer, so that :mod:`.scan` must read it.

    Examples
    --------
    >>> from pathlib import Path
    >>> is_image_only(Path("tests/data/simulated_office_print.pdf").read_bytes())
    False
    """
    with open_pdf(data) as pdf:
        pages = list(_pages(pdf, "the PDF"))
    return any(page.picture for page in pages) and not any(page.lines or page.tables for page in pages)


def _nothing_read(pages: list[Page], name: str) -> SourceError:
    if any(page.picture for page in pages):
        message = f"{name}: its {len(pages)} pages are pictures without a text layer"
        return SourceError(message, "pip install 'xxgk-toolkit[ocr]', which reads scans")
    if any(page.note for page in pages):
        return SourceError(f"{name}: the file is damaged, none of its pages could be read", "download it again")
    return SourceError(f"{name}: its {len(pages)} pages are blank", "open it in a viewer: is it the right file?")


def _with_scans(pdf: pypdfium2.PdfDocument, pages: list[Page], name: str) -> list[Page]:
    """Return the pages, those that are pictures read by text recognition, where it is installed."""
    scans = [page for page in pages if page.picture]
    if not scans or find_spec("rapidocr") is None:
        return pages
    if len(scans) > MAX_SCANS:
        message = f"{name}: {len(scans)} of its pages are pictures, more than {MAX_SCANS}"
        raise SourceError(message, "save the report's pages as a file of their own")
    from toolkit.reports.readers.scans.reader import read_picture

    for page in scans:
        found = read_picture(_rendered(pdf, page.number - 1), page.number)
        page.height, page.lines, page.tables = found.height, found.lines, found.tables
        page.note += ", read by text recognition"
    return pages


def _rendered(pdf: pypdfium2.PdfDocument, index: int) -> Any:
    page = pdf[index]
    width, height = page.get_size()
    scale = min(SCAN_DPI / 72, (MAX_RENDERED / (width * height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    pixels = bitmap.to_numpy().copy()
    page.close()
    return pixels.reshape(pixels.shape[:2])


def _pages(pdf: pypdfium2.PdfDocument, name: str) -> Iterator[Page]:
    characters = 0
    for index in range(len(pdf)):
        try:
            page = pdf[index]
            textpage = page.get_textpage()
        except pypdfium2.PdfiumError:
            yield Page(index + 1, (0.0, 0.0), note=f"page {index + 1} could not be read")
            continue
        characters += textpage.count_chars()
        if characters > MAX_CHARACTERS:
            raise SourceError(f"{name}: more than {MAX_CHARACTERS:,} characters", "save only the report's pages")
        yield _page(page, textpage, index + 1)
        textpage.close()
        page.close()


def _page(page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage, number: int) -> Page:
    left, bottom, right, top = box = page.get_bbox()
    characters = page_characters(textpage.raw)
    turn = TURNS[characters.turn]
    characters = characters.within(box)
    drawing = page_drawing(page.raw, turn)
    is_shown = shown(textpage.raw, drawing)
    heights = turn(left, bottom)[1], turn(right, top)[1]
    found = Page(number, (min(heights), max(heights)))
    found.note = _picture_note(drawing, len(characters), (right - left) * (top - bottom))
    if found.note:
        found.picture, found.note = True, f"page {number} is {found.note}"
        return found
    if is_shown is not None:
        characters = characters.shown(is_shown)
    tables = lattices(drawing.horizontal, drawing.vertical)
    is_cut = any(table.unclosed for table in tables or ()) and has_cut_text(drawing)
    found.tables, outside = page_tables(page_glyphs(characters), tables or [], number, is_cut)
    found.lines = page_lines(outside, number)
    if drawing.cut_short or tables is None:
        found.note = f"page {number} draws too much: its tables may be incomplete"
    return found


def _picture_note(drawing: Drawing, characters: int, area: float) -> str:
    """Return what kind of picture a page is, ``""`` when it is text."""
    covered = sum((right - left) * (bottom - top) for left, top, right, bottom in drawing.pictures)
    if covered > COVERS * area and has_hidden_layer(drawing):
        return "a picture with a hidden text of unknown quality"
    if covered > COVERS * area and characters < FEW_CHARACTERS:
        return "a picture"
    if drawing.paths > MANY_SHAPES and characters < FEW_CHARACTERS:
        return "a picture: its words are drawn as shapes"
    return ""
