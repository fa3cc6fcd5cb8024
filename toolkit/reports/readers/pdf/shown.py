"""Which text of a PDF page can be seen: not what has the colour of its ground, leaves no ink, or lies under a box."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from toolkit.reports.readers.layout.glyphs import Box
from toolkit.reports.readers.pdf.engine import Handle, asked, engine
from toolkit.reports.readers.pdf.rulings import (
    BLACK,
    BOUNDS,
    FAINTEST,
    FILL,
    LIGHTEST,
    STROKE,
    Color,
    Drawing,
    Ground,
)

WHITE: Color = (255, 255, 255)
# Colours that differ by less, of 255, nobody can tell apart.
SAME_COLOR = 255 - LIGHTEST
NO_INK = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
OUTLINED = (pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP)


def has_hidden_layer(drawing: Drawing) -> bool:
    """Whether most of a page's text leaves no ink: the words of a picture lie under it."""
    return 2 * sum(mode in NO_INK for mode in drawing.modes) > len(drawing.modes)


def shown(textpage: Any, drawing: Drawing) -> Callable[[int, float, float], bool] | None:
    """Return what tells of a character, by its index and middle, whether it can be seen; None when all can.

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
    order = {item.value: number for number, item in enumerate(drawing.texts)}
    piece_of = engine("FPDFText_GetTextObject", Handle)
    colors: dict[int | None, Color | None] = {}

    def is_shown(index: int, x: float, y: float) -> bool:
        piece = piece_of(textpage, index)
        key = piece.value
        if key not in order:
            return True
        if key not in colors:
            colors[key] = _ink(piece, drawing.modes[order[key]])
        ink = colors[key]
        return ink is not None and _stands_out(ink, (x, y), order[key], drawing)

    return is_shown


def _may_be_hidden(drawing: Drawing) -> bool:
    """Whether any text is without ink, or of the colour of paper or of any ground, or covered."""
    if not drawing.texts:
        return False
    if set(NO_INK + OUTLINED) & set(drawing.modes) or _is_any_covered(drawing):
        return True
    grounds = {WHITE, *(ground.color for ground in drawing.grounds)}
    # Of thousands of pieces most have the same colour.
    shades = np.array([1, 1 << 8, 1 << 16, 1 << 24]) @ asked(FILL, BLACK, drawing.texts, kind="u4")
    inks = [int(shade).to_bytes(4, "little") for shade in np.unique(shades)]
    return any(alpha <= FAINTEST or any(_are_alike(ink, one) for one in grounds) for *ink, alpha in inks)


def _is_any_covered(drawing: Drawing) -> bool:
    late = [ground for ground in drawing.grounds if ground.order]
    if not late:
        return False
    left, bottom, right, top = asked(BOUNDS, [0.0] * 4, drawing.texts, kind="f4")
    x, y = (left + right) / 2, (bottom + top) / 2
    for order, (west, south, east, north), _ in late:
        inside = (west <= x[:order]) & (x[:order] <= east) & (south <= y[:order]) & (y[:order] <= north)
        if inside.any():
            return True
    return False


def _ink(piece: Handle, mode: int) -> Color | None:
    *ink, alpha = asked(STROKE if mode in OUTLINED else FILL, BLACK, [piece], kind="u4")[:, 0].tolist()
    return None if mode in NO_INK or alpha <= FAINTEST else tuple(ink)


def _are_alike(one: Sequence[int], other: Sequence[int]) -> bool:
    return all(abs(a - b) <= SAME_COLOR for a, b in zip(one, other))


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
