"""Which text of a PDF page can be seen: not what has the colour of its ground, leaves no ink, or lies under a box."""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Sequence

import numpy as np
import pypdfium2.raw as pdfium

from toolkit.reports.readers.layout.glyphs import Box
from toolkit.reports.readers.pdf.engine import ADDRESS, WHOLE, address, engine
from toolkit.reports.readers.pdf.rulings import BOUNDS, FAINTEST, FILL, LIGHTEST, STROKE, Color, Drawing, Ground, color

WHITE: Color = (255, 255, 255)
# Colours that differ by less, of 255, nobody can tell apart.
SAME_COLOR = 255 - LIGHTEST
_MODE = engine("FPDFTextObj_GetTextRenderMode", WHOLE, ADDRESS)
NO_INK = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
OUTLINED = (pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP)


def has_hidden_layer(drawing: Drawing) -> bool:
    """Whether most of a page's text leaves no ink: the words of a picture lie under it."""
    modes = list(map(_MODE, drawing.texts))
    return 2 * sum(mode in NO_INK for mode in modes) > len(modes)


def shown(textpage: ctypes.c_void_p, drawing: Drawing) -> Callable[[int], bool] | None:
    """Return what tells of a character, by its index, whether it can be seen; None when all can.

    White text on a coloured ground or a picture is seen, on paper it is not.
    Where a box is filled after the text below it was drawn, the text is not.

    Parameters
    ----------
    textpage : raw handle of pypdfium2
    drawing : Drawing
        What :func:`.rulings.page_drawing` says of the page.
    """
    if not _may_be_hidden(drawing):
        return None
    order = {item: number for number, item in enumerate(drawing.texts)}
    piece_of, handle = engine("FPDFText_GetTextObject", ADDRESS, ADDRESS, WHOLE), address(textpage)
    colors: dict[int, Color | None] = {}

    def is_shown(index: int) -> bool:
        piece = piece_of(handle, index)
        if piece not in order:
            return True
        if piece not in colors:
            colors[piece] = _ink(piece)
        ink = colors[piece]
        return ink is not None and _stands_out(ink, _middle(textpage, index), order[piece], drawing)

    return is_shown


def _may_be_hidden(drawing: Drawing) -> bool:
    """Whether any text is without ink, or of the colour of paper or of any ground, or covered."""
    if not drawing.texts:
        return False
    if set(NO_INK + OUTLINED) & set(map(_MODE, drawing.texts)) or _is_any_covered(drawing):
        return True
    grounds = {WHITE, *(ground.color for ground in drawing.grounds)}
    inks = set(zip(*_asked(FILL, drawing.texts, "u4").tolist()))
    return any(alpha <= FAINTEST or any(_are_alike(ink, one) for one in grounds) for *ink, alpha in inks)


def _is_any_covered(drawing: Drawing) -> bool:
    late = [ground for ground in drawing.grounds if ground.order]
    if not late:
        return False
    left, bottom, right, top = _asked(BOUNDS, drawing.texts, "f4")
    x, y = (left + right) / 2, (bottom + top) / 2
    for order, (west, south, east, north), _ in late:
        inside = (west <= x[:order]) & (x[:order] <= east) & (south <= y[:order]) & (y[:order] <= north)
        if inside.any():
            return True
    return False


def _asked(function: Callable[..., int], pieces: list[int], kind: str) -> np.ndarray:
    """Return the four numbers that a function of the engine gives for each piece, a row for each number."""
    numbers = np.zeros((4, len(pieces)), dtype=kind)
    at, (row, step) = numbers.ctypes.data, numbers.strides
    deque(map(function, pieces, *(range(at + row * place, at + row * (place + 1), step) for place in range(4))), 0)
    return numbers


def _ink(piece: int) -> Color | None:
    mode = _MODE(piece)
    *ink, alpha = color(piece, STROKE if mode in OUTLINED else FILL)
    return None if mode in NO_INK or alpha <= FAINTEST else tuple(ink)  # type: ignore[return-value]


def _are_alike(one: Sequence[int], other: Sequence[int]) -> bool:
    return all(abs(a - b) <= SAME_COLOR for a, b in zip(one, other))


def _middle(textpage: ctypes.c_void_p, index: int) -> tuple[float, float]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(textpage, index, left, right, bottom, top)
    return (left.value + right.value) / 2, (bottom.value + top.value) / 2


def _stands_out(ink: Color, middle: tuple[float, float], order: int, drawing: Drawing) -> bool:
    under: Ground | None = None
    for ground in drawing.grounds:
        if _contains(ground.box, middle):
            if ground.order > order:
                return False
            under = ground
    if under is None:
        on_picture = any(_contains(box, middle) for box in drawing.pictures)
        return on_picture or not _are_alike(ink, WHITE)
    return not _are_alike(ink, under.color)


def _contains(box: Box, middle: tuple[float, float]) -> bool:
    return box[0] <= middle[0] <= box[2] and box[1] <= middle[1] <= box[3]
