"""Scans and pictures of reports, read by text recognition.

Needs the extra ``ocr`` (rapidocr with onnxruntime, whose models come inside
the wheel: nothing is fetched). Tables are found by their ruled lines and read
cell by cell; a figure is read twice and its strokes are counted. Where these
disagree, or the recognition is unsure, the cell is ``doubtful``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from toolkit.errors import SourceError
from toolkit.reports.document import Document
from toolkit.reports.readers.layout.lattice import Lattice, lattices
from toolkit.reports.readers.layout.pages import Page, document_of
from toolkit.reports.readers.layout.paragraphs import Line
from toolkit.reports.readers.layout.parts import Part, Placed, is_figure, join
from toolkit.reports.readers.scans.picture import CHARACTER, POINT, Pixels, ink_of, pictures_in, straightened
from toolkit.reports.readers.scans.recognition import Reading, reader, recognised
from toolkit.reports.readers.scans.strips import Box, Strip, crop_of, has_more, is_faint, strips_in
from toolkit.reports.readers.scans.strokes import picture_rulings

MAX_PAGES = 200
# Two equal readings stand when both are as sure as this.
SURE = 0.90
UNSURE_WORDS = 0.5
# Points: an opening bracket leaves half of its square white; a cell has its padding, and room for a character or for
# one more digit.
HALF_SQUARE, ROOM, ROOM_FOR_DIGIT = 5, 28, 14
MARGIN = CHARACTER // 4
# No table is narrower.
NARROWEST = 60
NONE = "无"
CHINESE = re.compile(r"[⺀-鿿]")


def read_pictures(pages: Iterable[Any], name: str = "the picture") -> Document:
    """Read pictures of a report's pages, in order.

    Parameters
    ----------
    pages : iterable of bytes or PIL.Image.Image
        PNG, JPEG, TIFF, ... files, or pictures already opened.
    name : str
        What messages call them.

    Returns
    -------
    Document
        Paragraphs and grids; cells whose readings differ or are unsure are
        ``doubtful``, with the reading as text. Locators are ``p2t1r3c2``.

    Raises
    ------
    SourceError
        If the extra ``ocr`` is not installed, a picture is damaged or larger
        than :data:`.picture.MAX_PIXELS`, there are more than ``MAX_PAGES``,
        or nothing can be read.
    """
    reader()
    found: list[Page] = []
    for source in pages:
        for grey in pictures_in(source, name):
            if len(found) == MAX_PAGES:
                raise SourceError(f"{name}: more than {MAX_PAGES} pages", "read the report's pages alone")
            found.append(read_picture(grey, len(found) + 1))
    if not any(page.lines or page.tables for page in found):
        raise SourceError(
            f"{name}: no text can be read in it", "look at it; scan it again at 200 dots per inch or more"
        )
    return document_of(found, "scan")


def read_picture(grey: Pixels, number: int) -> Page:
    """Read one page in grey; its number stands in the locators."""
    grey = straightened(grey)
    ink, lines = ink_of(grey)
    level, upright, taken = picture_rulings(lines, ink)
    tables = [table for table in lattices(level, upright) or [] if table.xs[-1] - table.xs[0] > NARROWEST]
    clean, ink = grey.copy(), ink & ~taken
    clean[taken > 0] = 255
    page = Page(number, (0.0, grey.shape[0] / POINT), picture=True)
    page.tables = [_read_table(table, clean, ink, grey, number) for table in tables]
    for table in tables:
        top, bottom, left, right = _box(table.xs[0], table.ys[0], table.xs[-1], table.ys[-1])
        clean[top:bottom, left:right] = 255
        ink[top:bottom, left:right] = 0
    if (ink > 0).sum() > CHARACTER:
        page.lines = _read_lines(clean, ink, number)
    return page


def _read_table(table: Lattice, clean: Pixels, ink: Pixels, grey: Pixels, number: int) -> Part:
    part = Part(number, table.ys[0], table.xs, len(table.ys) - 1, [], table.open_top, table.open_bottom)
    strips: list[Strip] = []
    boxes: list[Box] = []
    for row, column, rowspan, colspan in table.spans:
        box = _box(table.xs[column], table.ys[row], table.xs[column + colspan], table.ys[row + rowspan])
        boxes.append(box)
        cell = Placed("", row, column, rowspan, colspan, number)
        strips += strips_in(ink, box, len(part.cells))
        part.cells.append(cell)
        cell.doubtful = not any(strip.cell == len(part.cells) - 1 for strip in strips[-1:]) and is_faint(grey, box)
    first = recognised([crop_of(clean, strip, 0.25, 0.30) for strip in strips])
    figures = [index for index, reading in enumerate(first) if _may_be_figure(reading)]
    second = dict(zip(figures, recognised([crop_of(clean, strips[index], 0.12, 0.60) for index in figures])))
    for index, strip in enumerate(strips):
        cell = part.cells[strip.cell]
        _add(cell, strip, first[index], second.get(index), table)
        cell.doubtful |= bool(first[index].figure) and has_more(clean, strip, boxes[strip.cell])
    for cell in part.cells:
        # A character alone is no label: it can be a damaged figure.
        cell.doubtful |= len(cell.text) == 1 and not is_figure(cell.text) and cell.text != NONE
    return part


def _box(left: float, top: float, right: float, bottom: float) -> Box:
    edges = (top * POINT, bottom * POINT, left * POINT, right * POINT)
    return tuple(max(0, round(edge)) for edge in edges)  # type: ignore[return-value]


def _add(cell: Placed, strip: Strip, first: Reading, second: Reading | None, table: Lattice) -> None:
    text, sure = _read_twice(strip, first, second) if second is not None else (first.text, first.sure >= UNSURE_WORDS)
    cell.doubtful |= not sure
    cell.doubtful |= bool(cell.text) and is_figure(cell.text) and is_figure(text) and not cell.full
    cell.text = join(cell.text, text, cell.full)
    width = table.xs[cell.column + cell.colspan] - table.xs[cell.column]
    taken = (strip.right - strip.left) / POINT
    opening = HALF_SQUARE * text.startswith(("（", "("))
    cell.full = width - taken - opening < (ROOM_FOR_DIGIT + taken / len(text) if is_figure(text) else ROOM)


def _may_be_figure(reading: Reading) -> bool:
    """Whether a line is read again: all but words; a damaged figure can look like a character."""
    return bool(reading.figure) or len(reading.text) < 2 or not CHINESE.search(reading.text)


def _read_twice(strip: Strip, first: Reading, second: Reading) -> tuple[str, bool]:
    """Return what a line without Chinese words says, and whether both readings and its shapes are sure of it."""
    one, other = _figure(first), _figure(second)
    if strip.is_dash and "-" in (one, other) and not any(char.isdigit() for char in one + other):
        return "-", True
    if not one:
        return first.text, not other and first.text == second.text and min(first.sure, second.sure) >= SURE
    if strip.is_slash and {one, other} <= {"1", "/"}:
        return "/", True
    sure = min(first.figure_sure, second.figure_sure) >= SURE
    return one, one == other and sure and strip.can_be(one)


def _figure(reading: Reading) -> str:
    """Return a figure without the white before its unit."""
    return re.sub(r" +(?=[^\d.,])", "", reading.figure)


def _read_lines(clean: Pixels, ink: Pixels, number: int) -> list[Line]:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    top, left = max(0, rows[0] - CHARACTER), max(0, columns[0] - CHARACTER)
    region = clean[top : rows[-1] + CHARACTER, left : columns[-1] + CHARACTER]
    boxes = _text_boxes(region)
    # Without white around it a line loses its narrow signs: 五、 is read as 五.
    texts = recognised([np.pad(region[y0:y1, x0:x1], MARGIN, constant_values=255) for x0, y0, x1, y1 in boxes])
    pieces = []
    for (x0, y0, x1, y1), reading in zip(boxes, texts):
        if reading.text and reading.sure >= UNSURE_WORDS:
            x0, y0, x1, y1 = ((x0 + left) / POINT, (y0 + top) / POINT, (x1 + left) / POINT, (y1 + top) / POINT)
            pieces.append(Line(reading.text, number, x0, x1, y0, y1, y1 - y0))
    return _joined(sorted(pieces, key=lambda line: line.top + line.bottom))


def _text_boxes(region: Pixels) -> list[tuple[int, int, int, int]]:
    """Return where lines of text are; at half the size they are found four times as fast."""
    import cv2

    half = cv2.resize(region, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    found = reader()(np.repeat(half[:, :, None], 3, axis=2), use_det=True, use_cls=False, use_rec=False)
    boxes = []
    for corners in found.boxes if found.boxes is not None else []:
        (x0, y0), (x1, y1) = corners.min(axis=0) * 2, corners.max(axis=0) * 2
        boxes.append((max(0, int(x0)), max(0, int(y0)), int(x1) + 1, int(y1) + 1))
    return [box for box in boxes if box[2] > box[0] + 4 and box[3] > box[1] + 4]


def _joined(pieces: list[Line]) -> list[Line]:
    """Return pieces that stand in one line as one line."""
    lines: list[list[Line]] = []
    for piece in pieces:
        last = lines[-1][0] if lines else None
        if last is not None and (piece.top + piece.bottom) / 2 < last.bottom - 0.3 * last.size:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    whole = []
    for line in lines:
        line.sort(key=lambda piece: piece.left)
        first, final = line[0], line[-1]
        text = " ".join(piece.text for piece in line)
        # The box around a line is higher than its characters.
        size = 0.8 * float(np.median([piece.size for piece in line]))
        bottom = max(piece.bottom for piece in line)
        whole.append(Line(text, first.page, first.left, final.right, first.top, bottom, size, len(line)))
    return whole
