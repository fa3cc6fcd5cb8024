"""Ruled lines and pictures of a PDF page, from its page objects."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pypdfium2.raw as pdfium

from toolkit.reports.readers.layout.glyphs import Box, Turn
from toolkit.reports.readers.layout.lattice import Ruling
from toolkit.reports.readers.pdf.engine import WHOLE, Handle, asked, engine

# A thicker box is a background or a bar, not a ruled line.
THICKEST = 3.2
# Lighter than this nobody sees it: white rectangles under text.
LIGHTEST = 235
# More transparent than this part of 255 it leaves no ink; a ground less than that lets through what is under it.
FAINTEST, OPAQUE = 20, 250
MAX_PATHS = 60_000
MAX_FORM_DEPTH = 6
# A path with more segments is no box.
BOX_SEGMENTS = 5

Matrix = tuple[float, ...]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
Color = tuple[int, int, int]
# What is drawn is black where it is a pattern.
BLACK = (0, 0, 0, 255)

_TYPE = engine("FPDFPageObj_GetType", WHOLE)
_MODE = engine("FPDFTextObj_GetTextRenderMode", WHOLE)
_MATRIX = engine("FPDFPageObj_GetMatrix")
BOUNDS = engine("FPDFPageObj_GetBounds")
FILL, STROKE = engine("FPDFPageObj_GetFillColor"), engine("FPDFPageObj_GetStrokeColor")
_DRAW_MODE = engine("FPDFPath_GetDrawMode")
_LETS_THROUGH = engine("FPDFPageObj_HasTransparency", WHOLE)
CLIP = engine("FPDFPageObj_GetClipPath", Handle)
CLIPS = engine("FPDFClipPath_CountPaths", WHOLE)
_SEGMENTS = engine("FPDFPath_CountSegments", WHOLE)
_SEGMENT = engine("FPDFPath_GetPathSegment", Handle)
POINT = engine("FPDFPathSegment_GetPoint")
_SEGMENT_TYPE = engine("FPDFPathSegment_GetType", WHOLE)
_CLOSE = engine("FPDFPathSegment_GetClose", WHOLE)


class Ground(NamedTuple):
    """A filled box, in page space: how many pieces of text are drawn before it, and its colour."""

    order: int
    box: Box
    color: Color


@dataclass
class _Shapes:
    """Paths or pictures, the matrices of the forms that hold them, and how many pieces of text are drawn before."""

    items: list[Handle] = field(default_factory=list)
    matrices: list[Matrix] = field(default_factory=list)
    orders: list[int] = field(default_factory=list)

    def add(self, items: list[Handle], matrix: Matrix, orders: list[int]) -> None:
        self.items += items
        self.matrices += [matrix] * len(items)
        self.orders += orders


@dataclass
class Drawing:
    """What is drawn on a page. ``texts`` are the handles of its pieces of text, in the order of drawing.

    ``modes`` say how the engine paints them: filled, outlined, without ink.
    """

    horizontal: list[Ruling] = field(default_factory=list)
    vertical: list[Ruling] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    grounds: list[Ground] = field(default_factory=list)
    texts: list[Handle] = field(default_factory=list)
    modes: list[int] = field(default_factory=list)
    paths: int = 0
    cut_short: bool = False


def page_drawing(page: Any, turn: Turn) -> Drawing:
    """Return the ruled lines and pictures of a PDF page, brought upright by ``turn``.

    Parameters
    ----------
    page : raw handle of pypdfium2
    turn : Turn
    """
    drawing, paths, pictures = Drawing(), _Shapes(), _Shapes()
    _find(drawing, paths, pictures, page, IDENTITY, 0)
    drawing.paths, drawing.cut_short = len(paths.items), len(paths.items) > MAX_PATHS
    if drawing.cut_short:
        paths = _Shapes(paths.items[:MAX_PATHS], paths.matrices[:MAX_PATHS], paths.orders[:MAX_PATHS])
    if paths.items:
        _add_paths(drawing, paths, turn)
    if pictures.items:
        boxes = _turned(_bounds(pictures), turn)
        drawing.pictures = list(zip(*boxes.tolist()))
        _add_rulings(drawing, boxes)
    return drawing


def _find(drawing: Drawing, paths: _Shapes, pictures: _Shapes, holder: Any, matrix: Matrix, depth: int) -> None:
    """Find what is drawn, in the order of drawing; in forms too."""
    holds = "FPDFFormObj" if depth else "FPDFPage"
    count = engine(f"{holds}_CountObjects", WHOLE)(holder)
    items = list(map(engine(f"{holds}_GetObject", Handle), itertools.repeat(holder), range(count)))
    # Most are text; only text has a mode.
    modes = np.fromiter(map(_MODE, items), int, count)
    kinds = np.full(count, pdfium.FPDF_PAGEOBJ_TEXT)
    for index in (modes == pdfium.FPDF_TEXTRENDERMODE_UNKNOWN).nonzero()[0].tolist():
        kinds[index] = _TYPE(items[index])
    forms = (kinds == pdfium.FPDF_PAGEOBJ_FORM).nonzero()[0].tolist() if depth < MAX_FORM_DEPTH else []
    for start, stop in itertools.pairwise([0, *(form + 1 for form in forms), count + 1]):
        part = kinds[start : stop - 1]
        is_text = part == pdfium.FPDF_PAGEOBJ_TEXT
        before = len(drawing.texts) + is_text.cumsum()
        drawing.texts += itertools.compress(items[start:stop], is_text.tolist())
        drawing.modes += modes[start : stop - 1][is_text].tolist()
        for kind, shapes in ((pdfium.FPDF_PAGEOBJ_PATH, paths), (pdfium.FPDF_PAGEOBJ_IMAGE, pictures)):
            at = (part == kind).nonzero()[0]
            shapes.add([items[start + index] for index in at.tolist()], matrix, before[at].tolist())
        if stop <= count:
            form = items[stop - 1]
            _find(drawing, paths, pictures, form, _multiply(_matrix(form), matrix), depth + 1)


def _matrix(item: Handle) -> Matrix:
    numbers = (ctypes.c_float * 6)()
    _MATRIX(item, ctypes.byref(numbers))
    return tuple(numbers)


def _multiply(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _apply(matrix: Any, x: Any, y: Any) -> tuple[Any, Any]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(shapes: _Shapes) -> np.ndarray:
    """Return left, bottom, right and top of what is drawn, in page space, a column for each."""
    bounds = asked(BOUNDS, [0.0] * 4, shapes.items, kind="f4").astype(float)
    if shapes.matrices.count(IDENTITY) == len(shapes.matrices):
        return bounds
    matrices = np.array(shapes.matrices).T
    corners = [_apply(matrices, x, y) for x in bounds[::2] for y in bounds[1::2]]
    x, y = (np.array(places) for places in zip(*corners))
    return np.array([x.min(axis=0), y.min(axis=0), x.max(axis=0), y.max(axis=0)])


def _turned(boxes: np.ndarray, turn: Turn) -> np.ndarray:
    """Return left, top, right and bottom of boxes in page space, brought upright."""
    (x0, y0), (x1, y1) = turn(boxes[0], boxes[1]), turn(boxes[2], boxes[3])
    return np.array([np.minimum(x0, x1), np.minimum(y0, y1), np.maximum(x0, x1), np.maximum(y0, y1)])


def _add_paths(drawing: Drawing, paths: _Shapes, turn: Turn) -> None:
    """Add every straight stroke of paths that can be seen; a filled box is a ground for text."""
    items = paths.items
    fill_mode, is_stroked = asked(_DRAW_MODE, [0, 0], items, kind="i4")
    segments = np.fromiter(map(_SEGMENTS, items), int, len(items))
    bounds = _bounds(paths)
    boxes = _turned(bounds, turn)
    filled, stroked = fill_mode != pdfium.FPDF_FILLMODE_NONE, is_stroked != 0
    fills = asked(FILL, BLACK, items, kind="u4") if filled.any() else np.zeros((4, len(items)))
    if stroked.any():
        stroked &= _are_dark(asked(STROKE, BLACK, items, kind="u4"))
    is_box, thin = segments <= BOX_SEGMENTS, _are_thin(boxes)
    for index in np.flatnonzero(filled & (fills[3] > OPAQUE) & is_box & ~thin).tolist():
        if not _LETS_THROUGH(items[index]):
            # How much of a clipped box is drawn is not known: it is taken for a ground, not for a cover.
            order = 0 if CLIPS(CLIP(items[index])) > 0 else paths.orders[index]
            drawing.grounds.append(Ground(order, tuple(bounds[:, index].tolist()), tuple(fills[:3, index].tolist())))
    drawn = stroked | (filled & _are_dark(fills))
    _add_rulings(drawing, boxes[:, drawn & is_box & thin])
    for index in np.flatnonzero(drawn & ~(is_box & thin)).tolist():
        matrix = _multiply(_matrix(items[index]), paths.matrices[index])
        strokes = list(_strokes(items[index], int(segments[index]), bool(stroked[index]), matrix, turn))
        if strokes:
            _add_rulings(drawing, np.array(strokes).T)


def _are_dark(colors: np.ndarray) -> np.ndarray:
    return (colors[3] > FAINTEST) & (colors[:3].min(axis=0) < LIGHTEST)


def _strokes(path: Handle, segments: int, stroked: bool, matrix: Matrix, turn: Turn) -> Iterator[Box]:
    """Yield the boxes of the straight parts of a path that is no single line."""
    for points in _subpaths(path, segments, matrix, turn):
        box = _extent(points)
        if min(box[2] - box[0], box[3] - box[1]) <= THICKEST:
            yield box
        elif stroked:
            for one, other in itertools.pairwise(points):
                yield _extent([one, other])


def _subpaths(path: Handle, segments: int, matrix: Matrix, turn: Turn) -> Iterator[list[tuple[float, float]]]:
    parts = list(map(_SEGMENT, itertools.repeat(path), range(min(segments, MAX_PATHS))))
    places = zip(*turn(*_apply(matrix, *asked(POINT, [0.0, 0.0], parts, kind="f4").astype(float))))
    points: list[tuple[float, float]] = []
    for part, place in zip(parts, places):
        if _SEGMENT_TYPE(part) == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append(place)
        if _CLOSE(part):
            points.append(points[0])
    if points:
        yield points


def _extent(points: list[tuple[float, float]]) -> Box:
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across), min(down), max(across), max(down)


def _are_thin(boxes: np.ndarray) -> np.ndarray:
    return np.minimum(boxes[2] - boxes[0], boxes[3] - boxes[1]) <= THICKEST


def _add_rulings(drawing: Drawing, boxes: np.ndarray) -> None:
    left, top, right, bottom = boxes
    level, upright = bottom - top <= THICKEST, right - left <= THICKEST
    across = (((top + bottom) / 2)[level], left[level], right[level])
    down = (((left + right) / 2)[upright], top[upright], bottom[upright])
    drawing.horizontal += map(Ruling._make, zip(*(column.tolist() for column in across)))
    drawing.vertical += map(Ruling._make, zip(*(column.tolist() for column in down)))
