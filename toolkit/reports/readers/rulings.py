"""Ruled lines and pictures of a PDF page, from its page objects."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

from toolkit.reports.readers.glyphs import Box, Turn
from toolkit.reports.readers.lattice import Ruling

# A thicker box is a background or a bar, not a ruled line.
THICKEST = 3.2
# Lighter than this nobody sees it: white rectangles under text.
LIGHTEST = 235
MAX_PATHS = 60_000
MAX_FORM_DEPTH = 6


Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass
class Drawing:
    """What is drawn on a page besides text."""

    horizontal: list[Ruling] = field(default_factory=list)
    vertical: list[Ruling] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    paths: int = 0
    hidden_text: bool = False
    cut_short: bool = False


def page_drawing(page: ctypes.c_void_p, turn: Turn) -> Drawing:
    """Return the ruled lines and pictures of a PDF page, brought upright by ``turn``."""
    drawing = Drawing()
    for count, (kind, item, matrix) in enumerate(_objects(page, IDENTITY, 0)):
        if count > MAX_PATHS:
            drawing.cut_short = True
            break
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            drawing.hidden_text |= pdfium.FPDFTextObj_GetTextRenderMode(item) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            drawing.pictures.append(_turned_box(_bounds(item), matrix, turn))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            drawing.paths += 1
            for box in _path_boxes(item, matrix, turn):
                _add_ruling(drawing, box)
    for box in drawing.pictures:
        _add_ruling(drawing, box)
    return drawing


def _objects(holder: ctypes.c_void_p, matrix: Matrix, depth: int) -> Iterator[tuple[int, ctypes.c_void_p, Matrix]]:
    count_of, object_of = (
        (pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject)
        if depth
        else (pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject)
    )
    type_of, form = pdfium.FPDFPageObj_GetType, pdfium.FPDF_PAGEOBJ_FORM
    text_seen = 0
    for index in range(count_of(holder)):
        item = object_of(holder, index)
        kind = type_of(item)
        if kind == form and depth < MAX_FORM_DEPTH:
            yield from _objects(item, _multiply(_matrix(item), matrix), depth + 1)
        elif kind != pdfium.FPDF_PAGEOBJ_TEXT:
            yield kind, item, matrix
        elif text_seen < 3:
            # Whether text is hidden under a picture shows in its first pieces; thousands follow.
            text_seen += 1
            yield kind, item, matrix


def _matrix(item: ctypes.c_void_p) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def _multiply(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(item: ctypes.c_void_p) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def _turned_box(box: Box, matrix: Matrix, turn: Turn) -> Box:
    if matrix is not IDENTITY:
        corners = [_apply(matrix, x, y) for x in box[::2] for y in box[1::2]]
        box = _extent(corners)
    (x0, y0), (x1, y1) = turn(box[0], box[1]), turn(box[2], box[3])
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _path_boxes(item: ctypes.c_void_p, matrix: Matrix, turn: Turn) -> Iterator[Box]:
    """Yield a box for every straight stroke of a path that can be seen."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    filled = fill.value != pdfium.FPDF_FILLMODE_NONE and _is_dark(item, pdfium.FPDFPageObj_GetFillColor)
    stroked = bool(stroke.value) and _is_dark(item, pdfium.FPDFPageObj_GetStrokeColor)
    if not (filled or stroked):
        return
    segments = pdfium.FPDFPath_CountSegments(item)
    whole = _turned_box(_bounds(item), matrix, turn)
    if segments <= 5 and _is_thin(whole):
        yield whole
        return
    for points in _subpaths(item, segments, _multiply(_matrix(item), matrix), turn):
        box = _extent(points)
        if _is_thin(box):
            yield box
        elif stroked:
            for one, other in itertools.pairwise(points):
                yield _extent([one, other])


def _is_dark(item: ctypes.c_void_p, color_of: object) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    color_of(item, red, green, blue, alpha)  # type: ignore[operator]
    return alpha.value > 20 and min(red.value, green.value, blue.value) < LIGHTEST


def _subpaths(item: ctypes.c_void_p, segments: int, matrix: Matrix, turn: Turn) -> Iterator[list[tuple[float, float]]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for index in range(min(segments, MAX_PATHS)):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append(turn(*_apply(matrix, x.value, y.value)))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points


def _extent(points: list[tuple[float, float]]) -> Box:
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across), min(down), max(across), max(down)


def _is_thin(box: Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) <= THICKEST


def _add_ruling(drawing: Drawing, box: Box) -> None:
    left, top, right, bottom = box
    if bottom - top <= THICKEST:
        drawing.horizontal.append(Ruling((top + bottom) / 2, left, right))
    if right - left <= THICKEST:
        drawing.vertical.append(Ruling((left + right) / 2, top, bottom))
