"""Scans and pictures of reports, read by text recognition.

Needs the extra ``ocr`` (rapidocr with onnxruntime, whose models come inside
the wheel: nothing is fetched). Tables are found by their ruled lines and read
cell by cell; a figure is read twice and its strokes are counted. Where these
disagree, or the recognition is unsure, the cell is ``doubtful``.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from toolkit.errors import SourceError
from toolkit.reports.document import Document
from toolkit.reports.readers.lattice import Lattice, lattices
from toolkit.reports.readers.pages import Page, document_of
from toolkit.reports.readers.paragraphs import Line
from toolkit.reports.readers.picture import CHARACTER, POINT, Pixels, ink_of, picture_rulings, pictures_in, straightened
from toolkit.reports.readers.tables import Part, Placed, is_figure, join

MAX_PAGES = 200
# Two equal readings stand when both are as sure as this.
SURE = 0.90
UNSURE_WORDS = 0.5
# Ink smaller than the first part of a character is dust, unless with some as large as the second; a digit is
# higher than the third part of the highest one.
DUST, SMALL, STROKE = 0.12, 0.3, 0.6
# Points: an opening bracket leaves half of its square white; a cell has its padding and room for a character.
HALF_SQUARE, ROOM, ROOM_FOR_DIGIT = 5, 28, 17
CHINESE = re.compile(r"[⺀-鿿]")
HINT = "pip install 'xxgk-toolkit[ocr]'"


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
    ink = ink_of(grey)
    level, upright, taken = picture_rulings(ink)
    tables = lattices(level, upright) or []
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


@cache
def reader() -> Any:
    """Return the recognition engine, loaded once in a process.

    Raises
    ------
    SourceError
        If the extra ``ocr`` is not installed.
    """
    try:
        from rapidocr import RapidOCR
    except ImportError:
        message = "a picture is read by text recognition, which is not installed"
        raise SourceError(message, HINT) from None
    # Figures are short: batches as wide as their widest line, not as a line of prose, are read three times as fast.
    settings = {"Global.log_level": "error", "Rec.rec_batch_num": 16, "Rec.rec_img_shape": [3, 48, 96]}
    engine = RapidOCR(params=settings)
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    # The models are loaded with the first picture.
    engine(np.full((48, 96, 3), 255, np.uint8), use_det=False, use_cls=False, use_rec=True)
    return engine


def recognised(crops: list[Pixels]) -> list[tuple[str, float]]:
    """Return the text of pictures of one line each, and how sure the engine is of it."""
    from rapidocr.ch_ppocr_rec import TextRecInput

    if not crops:
        return []
    coloured = [np.repeat(crop[:, :, None], 3, axis=2) for crop in crops]
    result = reader().text_rec(TextRecInput(img=coloured))
    return [(text.strip(), float(score)) for text, score in zip(result.txts, result.scores)]


@dataclass
class _Strip:
    """A line of a cell: where its ink is, and how many digits its shapes can be."""

    cell: int
    top: int
    bottom: int
    left: int
    right: int
    digits: int


def _read_table(table: Lattice, clean: Pixels, ink: Pixels, grey: Pixels, number: int) -> Part:
    part = Part(number, table.ys[0], table.xs, len(table.ys) - 1, [], table.open_top, table.open_bottom)
    strips: list[_Strip] = []
    for row, column, rowspan, colspan in table.spans:
        box = _box(table.xs[column], table.ys[row], table.xs[column + colspan], table.ys[row + rowspan])
        cell = Placed("", row, column, rowspan, colspan, number)
        strips += _strips(ink, box, len(part.cells))
        part.cells.append(cell)
        cell.doubtful = not any(strip.cell == len(part.cells) - 1 for strip in strips[-1:]) and _is_faint(grey, box)
    first = recognised([_crop(clean, strip, 0.25, 0.30) for strip in strips])
    figures = [index for index, (text, _) in enumerate(first) if not CHINESE.search(text)]
    second = dict(zip(figures, recognised([_crop(clean, strips[index], 0.12, 0.60) for index in figures])))
    for index, strip in enumerate(strips):
        _add(part.cells[strip.cell], strip, first[index], second.get(index), table)
    return part


def _box(left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
    edges = (top * POINT, bottom * POINT, left * POINT, right * POINT)
    return tuple(max(0, round(edge)) for edge in edges)  # type: ignore[return-value]


def _strips(ink: Pixels, box: tuple[int, int, int, int], cell: int) -> list[_Strip]:
    """Return the lines of text in a cell, dust left out."""
    import cv2

    top, bottom, left, right = box
    inner = ink[top + 2 : bottom - 2, left + 2 : right - 2]
    if inner.size == 0:
        return []
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(inner))
    sizes = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    kept = [index for index in range(1, len(stats)) if sizes[index] >= DUST * CHARACTER]
    if not kept:
        return []
    strips = []
    for begin, end in _bands(stats[kept], inner.shape[0]):
        own = stats[[index for index in kept if begin <= stats[index][1] + stats[index][3] / 2 < end]]
        if not len(own) or own[:, 2:4].max() < SMALL * CHARACTER:
            continue
        x0, x1 = own[:, 0].min(), (own[:, 0] + own[:, 2]).max()
        edges = (top + 2 + begin, top + 2 + end, left + 2 + int(x0), left + 2 + int(x1))
        strips.append(_Strip(cell, *edges, _digits_in(own[:, 2], own[:, 3])))
    return strips


def _digits_in(widths: Pixels, heights: Pixels) -> int:
    """Return how many digits the shapes of a line of figures can be; in print they may touch.

    A digit is as wide as 0.72 of its height, with the white beside it.
    """
    tall = heights >= STROKE * heights.max()
    return int(np.maximum(1, np.round((widths[tall] / heights.max() + 0.1) / 0.72)).sum())


def _bands(stats: Pixels, height: int) -> list[tuple[int, int]]:
    """Return from where to where the lines of text reach: parts of one character stay together."""
    spans = sorted((int(top), int(top + tall)) for _, top, _, tall, _ in stats)
    bands: list[tuple[int, int]] = []
    for top, bottom in spans:
        if bands:
            begin, end = bands[-1]
            overlap = min(end, bottom) - top
            together = max(end, bottom) - begin <= 1.15 * CHARACTER and top - end < 0.35 * CHARACTER
            if together or overlap > 0.5 * (bottom - top) or overlap > 0.5 * (end - begin):
                bands[-1] = begin, max(end, bottom)
                continue
        bands.append((top, bottom))
    return bands


def _crop(clean: Pixels, strip: _Strip, above: float, beside: float) -> Pixels:
    """Return a line with white around it, in parts of a character."""
    up, aside = int(above * CHARACTER), int(beside * CHARACTER)
    crop = clean[strip.top : strip.bottom, strip.left : strip.right]
    # A dash or a dot would be blown up to the height of a line.
    up = max(up, (CHARACTER - crop.shape[0]) // 2)
    return np.pad(crop, ((up, up), (aside, aside)), constant_values=255)


def _is_faint(grey: Pixels, box: tuple[int, int, int, int]) -> bool:
    """Whether an empty cell has something paler than ink, as high as a digit."""
    import cv2

    top, bottom, left, right = box
    inner = grey[top + 5 : bottom - 5, left + 5 : right - 5]
    if inner.size < CHARACTER**2 / 4:
        return False
    smooth = cv2.GaussianBlur(inner, (5, 5), 0)
    pale = (smooth < np.median(smooth) - 10).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(pale)
    height, width = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]
    return bool(((height > STROKE * CHARACTER) & (height < 2 * CHARACTER) & (width < 6 * CHARACTER)).any())


def _add(
    cell: Placed, strip: _Strip, first: tuple[str, float], second: tuple[str, float] | None, table: Lattice
) -> None:
    text, score = first
    if second is not None:
        cell.doubtful |= text != second[0] or min(score, second[1]) < SURE or not _has_digits(text, strip)
    else:
        cell.doubtful |= score < UNSURE_WORDS
    cell.doubtful |= bool(cell.text) and is_figure(cell.text) and is_figure(text) and not cell.full
    cell.text = join(cell.text, text, cell.full)
    width = table.xs[cell.column + cell.colspan] - table.xs[cell.column]
    opening = HALF_SQUARE * text.startswith(("（", "("))
    room = width - (strip.right - strip.left) / POINT - opening
    cell.full = room < (ROOM_FOR_DIGIT if is_figure(text) else ROOM)


def _has_digits(text: str, strip: _Strip) -> bool:
    """Whether a line has as many shapes like digits as its text has digits."""
    return strip.digits == sum(char.isdigit() for char in text) or not any(char.isdigit() for char in text)


def _read_lines(clean: Pixels, ink: Pixels, number: int) -> list[Line]:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    top, left = max(0, rows[0] - CHARACTER), max(0, columns[0] - CHARACTER)
    region = clean[top : rows[-1] + CHARACTER, left : columns[-1] + CHARACTER]
    boxes = _text_boxes(region)
    texts = recognised([region[y0:y1, x0:x1] for x0, y0, x1, y1 in boxes])
    pieces = []
    for (x0, y0, x1, y1), (text, score) in zip(boxes, texts):
        if text and score >= UNSURE_WORDS:
            x0, y0, x1, y1 = ((x0 + left) / POINT, (y0 + top) / POINT, (x1 + left) / POINT, (y1 + top) / POINT)
            pieces.append(Line(text, number, x0, x1, y0, y1, y1 - y0))
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
