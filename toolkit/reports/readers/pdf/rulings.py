"""Ruled lines and pictures of a PDF page, from its page objects."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import pypdfium2.raw as pdfium

from toolkit.reports.readers.layout.glyphs import Box, Turn
from toolkit.reports.readers.layout.lattice import Ruling
from toolkit.reports.readers.pdf.engine import ADDRESS, WHOLE, address, engine

# A thicker box is a background or a bar, not a ruled line.
THICKEST = 3.2
# Lighter than this nobody sees it: white rectangles under text.
LIGHTEST = 235
# More transparent than this part of 255 it leaves no ink; a ground less than that lets through what is under it.
FAINTEST, OPAQUE = 20, 250
MAX_PATHS = 60_000
MAX_FORM_DEPTH = 6

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
Color = tuple[int, int, int]

_TYPE = engine("FPDFPageObj_GetType", WHOLE, ADDRESS)
_MATRIX = engine("FPDFPageObj_GetMatrix", WHOLE, ADDRESS, ADDRESS)
BOUNDS = engine("FPDFPageObj_GetBounds", WHOLE, ADDRESS, *[ADDRESS] * 4)
FILL, STROKE = (engine(f"FPDFPageObj_Get{kind}Color", WHOLE, ADDRESS, *[ADDRESS] * 4) for kind in ("Fill", "Stroke"))
_DRAW_MODE = engine("FPDFPath_GetDrawMode", WHOLE, ADDRESS, ADDRESS, ADDRESS)
_LETS_THROUGH = engine("FPDFPageObj_HasTransparency", WHOLE, ADDRESS)
_CLIP = engine("FPDFPageObj_GetClipPath", ADDRESS, ADDRESS)
_CLIPS = engine("FPDFClipPath_CountPaths", WHOLE, ADDRESS)
_SEGMENTS = engine("FPDFPath_CountSegments", WHOLE, ADDRESS)
_SEGMENT = engine("FPDFPath_GetPathSegment", ADDRESS, ADDRESS, WHOLE)
_POINT = engine("FPDFPathSegment_GetPoint", WHOLE, ADDRESS, ADDRESS, ADDRESS)
_SEGMENT_TYPE = engine("FPDFPathSegment_GetType", WHOLE, ADDRESS)
_CLOSE = engine("FPDFPathSegment_GetClose", WHOLE, ADDRESS)


def _in_page_space(x: float, y: float) -> tuple[float, float]:
    return x, y


class Ground(NamedTuple):
    """A filled box, in page space: how many pieces of text are drawn before it, and its colour."""

    order: int
    box: Box
    color: Color


@dataclass
class Drawing:
    """What is drawn on a page. ``texts`` are the addresses of its pieces of text, in the order of drawing."""

    horizontal: list[Ruling] = field(default_factory=list)
    vertical: list[Ruling] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    grounds: list[Ground] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)
    paths: int = 0
    cut_short: bool = False


def page_drawing(page: ctypes.c_void_p, turn: Turn) -> Drawing:
    """Return the ruled lines and pictures of a PDF page, brought upright by ``turn``."""
    drawing = Drawing()
    for kind, item, matrix in _objects(drawing, address(page), IDENTITY, 0):
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            drawing.pictures.append(_turned_box(_bounds(item), matrix, turn))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            drawing.paths += 1
            if drawing.paths > MAX_PATHS:
                drawing.cut_short = True
                break
            _add_path(drawing, item, matrix, turn)
    for box in drawing.pictures:
        _add_ruling(drawing, box)
    return drawing


def _objects(drawing: Drawing, holder: int, matrix: Matrix, depth: int) -> Iterator[tuple[int, int, Matrix]]:
    """Yield what is drawn, save text: of that there are thousands of pieces, which only are noted."""
    holds = "FPDFFormObj" if depth else "FPDFPage"
    count = engine(f"{holds}_CountObjects", WHOLE, ADDRESS)(holder)
    object_of = engine(f"{holds}_GetObject", ADDRESS, ADDRESS, WHOLE)
    items = list(map(object_of, itertools.repeat(holder), range(count)))
    form, text, note = pdfium.FPDF_PAGEOBJ_FORM, pdfium.FPDF_PAGEOBJ_TEXT, drawing.texts.append
    for item, kind in zip(items, map(_TYPE, items)):
        if kind == text:
            note(item)
        elif kind == form and depth < MAX_FORM_DEPTH:
            yield from _objects(drawing, item, _multiply(_matrix(item), matrix), depth + 1)
        else:
            yield kind, item, matrix


def _matrix(item: int) -> Matrix:
    found = pdfium.FS_MATRIX()
    _MATRIX(item, ctypes.addressof(found))
    return found.a, found.b, found.c, found.d, found.e, found.f


def _multiply(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(item: int) -> Box:
    numbers = (ctypes.c_float * 4)()
    at = ctypes.addressof(numbers)
    BOUNDS(item, at, at + 4, at + 8, at + 12)
    return tuple(numbers)  # type: ignore[return-value]


def _turned_box(box: Box, matrix: Matrix, turn: Turn) -> Box:
    if matrix is not IDENTITY:
        corners = [_apply(matrix, x, y) for x in box[::2] for y in box[1::2]]
        box = _extent(corners)
    (x0, y0), (x1, y1) = turn(box[0], box[1]), turn(box[2], box[3])
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _add_path(drawing: Drawing, item: int, matrix: Matrix, turn: Turn) -> None:
    """Add every straight stroke of a path that can be seen; a filled box is a ground for text."""
    modes = (ctypes.c_int * 2)()
    at = ctypes.addressof(modes)
    _DRAW_MODE(item, at, at + 4)
    fill = color(item) if modes[0] != pdfium.FPDF_FILLMODE_NONE else None
    segments = _SEGMENTS(item)
    bounds = _bounds(item)
    whole = _turned_box(bounds, matrix, turn)
    if fill and fill[3] > OPAQUE and segments <= 5 and not (_is_thin(whole) or _LETS_THROUGH(item)):
        # How much of a clipped box is drawn is not known: it is taken for a ground, not for a cover.
        order = 0 if _CLIPS(_CLIP(item)) > 0 else len(drawing.texts)
        drawing.grounds.append(Ground(order, _turned_box(bounds, matrix, _in_page_space), fill[:3]))
    stroked = bool(modes[1]) and _is_dark(color(item, STROKE))
    if stroked or (fill is not None and _is_dark(fill)):
        for box in _path_boxes(item, segments, whole, stroked, _multiply(_matrix(item), matrix), turn):
            _add_ruling(drawing, box)


def color(item: int, color_of: Callable[..., int] = FILL) -> tuple[int, int, int, int]:
    """Return red, green, blue and alpha of what is drawn; black where it is a pattern."""
    numbers = (ctypes.c_uint * 4)()
    at = ctypes.addressof(numbers)
    return tuple(numbers) if color_of(item, at, at + 4, at + 8, at + 12) else (0, 0, 0, 255)  # type: ignore[return-value]


def _path_boxes(item: int, segments: int, whole: Box, stroked: bool, matrix: Matrix, turn: Turn) -> Iterator[Box]:
    if segments <= 5 and _is_thin(whole):
        yield whole
        return
    for points in _subpaths(item, segments, matrix, turn):
        box = _extent(points)
        if _is_thin(box):
            yield box
        elif stroked:
            for one, other in itertools.pairwise(points):
                yield _extent([one, other])


def _is_dark(color: tuple[int, ...]) -> bool:
    return color[3] > FAINTEST and min(color[:3]) < LIGHTEST


def _subpaths(item: int, segments: int, matrix: Matrix, turn: Turn) -> Iterator[list[tuple[float, float]]]:
    numbers = (ctypes.c_float * 2)()
    at = ctypes.addressof(numbers)
    points: list[tuple[float, float]] = []
    for index in range(min(segments, MAX_PATHS)):
        segment = _SEGMENT(item, index)
        _POINT(segment, at, at + 4)
        if _SEGMENT_TYPE(segment) == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append(turn(*_apply(matrix, *numbers)))
        if _CLOSE(segment):
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
