"""The characters of a PDF page, as the engine tells them, made glyphs: upright, seen, once."""

from __future__ import annotations

import ctypes
import itertools
import math
from collections import Counter, deque
from collections.abc import Callable
from functools import partial

import numpy as np
import pypdfium2.raw as pdfium

from toolkit.reports.readers.layout.glyphs import SAME_PLACE, TURNS, Box, Glyph, Turn
from toolkit.reports.readers.pdf.engine import ADDRESS, REAL, WHOLE, address, engine

QUARTER_TURNS = 4
# In quarter turns: a page scanned askew is off by less, a watermark by far more.
SLANTED = 0.08
NO_INK = 0.02


def page_glyphs(
    textpage: ctypes.c_void_p, box: Box, is_shown: Callable[[int], bool] | None = None
) -> tuple[list[Glyph], Turn]:
    """Return the visible glyphs of a PDF page, upright, and the turn that made them so.

    Parameters
    ----------
    textpage : raw handle of pypdfium2
    box : tuple of float
        Left, bottom, right, top of the page in page space; what is printed
        outside of it is not seen on paper.
    is_shown : callable, optional
        Whether the character of an index of the engine's can be seen; all can without it.
    """
    indices, chars = _printed(textpage)
    if is_shown is not None:
        kept = [place for place, index in enumerate(indices) if is_shown(index)]
        indices, chars = [indices[place] for place in kept], [chars[place] for place in kept]
    angles, upright = _angles(textpage, indices, chars)
    if upright is not None:
        indices, chars = [indices[place] for place in upright], [chars[place] for place in upright]
    if not indices:
        return [], TURNS[0]
    glyphs = _placed(chars, _measured(textpage, indices), box)
    turn = _dominant_turn(angles)
    return [_turned(glyph, TURNS[turn]) for glyph in glyphs] if turn else glyphs, TURNS[turn]


def _printed(textpage: ctypes.c_void_p) -> tuple[list[int], list[str]]:
    """Return the characters that are drawn, blanks with them, and their indices."""
    made_up, handle = engine("FPDFText_IsGenerated", WHOLE, ADDRESS, WHOLE), address(textpage)
    indices, chars = [], []
    for index, char in enumerate(_characters(textpage)):
        if char > " " or (char == " " and not made_up(handle, index)):
            indices.append(index)
            chars.append(char)
    return indices, chars


def _measured(textpage: ctypes.c_void_p, indices: list[int]) -> np.ndarray:
    """Return left, right, bottom, top, and place of the origin, a column for each character."""
    numbers = np.zeros((6, len(indices)))
    at, (row, step) = numbers.ctypes.data, numbers.strides
    places = [range(at + row * place, at + row * (place + 1), step) for place in range(6)]
    handle = itertools.repeat(address(textpage))
    box_of = engine("FPDFText_GetCharBox", WHOLE, ADDRESS, WHOLE, *[ADDRESS] * 4)
    origin_of = engine("FPDFText_GetCharOrigin", WHOLE, ADDRESS, WHOLE, *[ADDRESS] * 2)
    deque(map(box_of, handle, indices, *places[:4]), 0)
    deque(map(origin_of, handle, indices, *places[4:]), 0)
    return numbers


def _placed(chars: list[str], measures: np.ndarray, page: Box) -> list[Glyph]:
    """Return the glyphs on the page as :data:`TURNS` [0] places them, each once."""
    left, right, bottom, top, x, y = measures
    width, height = right - left, top - bottom
    size = np.maximum(width, height)
    codes = np.array(chars, dtype="U1").view("u4")
    blank = codes == ord(" ")
    size[blank] = 0.0
    if height.min() < NO_INK:
        # A font neither in the file nor on this machine has widths, no heights.
        top = np.where((height < NO_INK) & ~blank, bottom + 0.7 * width, top)
    columns = [column.tolist() for column in (left, -top, right, -bottom, x, -y, size)]
    glyphs = list(map(partial(tuple.__new__, Glyph), zip(chars, *columns)))
    inside = (page[0] <= x) & (x <= page[2]) & (page[1] <= y) & (y <= page[3])
    may_be_twice = _may_be_twice(codes, x, y, size)
    if not inside.all():
        glyphs = list(itertools.compress(glyphs, inside))
    return _once(glyphs) if may_be_twice else glyphs


def _angles(textpage: ctypes.c_void_p, indices: list[int], chars: list[str]) -> tuple[list[float], list[int] | None]:
    """Return the angles of some characters, and the places of those that are not slanted, None where none is."""
    angle_of, handle = engine("FPDFText_GetCharAngle", REAL, ADDRESS, WHOLE), address(textpage)
    # Which way most of the text runs shows in a part of it; a slanted figure would stand in a cell.
    asked = [index for index, char in zip(indices, chars) if index % 8 == 0 or char.isdigit()]
    angles = [angle_of(handle, index) for index in asked]
    if not any(angle and _is_slanted(angle) for angle in angles):
        return angles, None
    return angles, [place for place, index in enumerate(indices) if not _is_slanted(angle_of(handle, index))]


def _is_slanted(angle: float) -> bool:
    """Return whether a character runs neither along nor across the page: a watermark over the text."""
    turns = angle / (math.pi / 2)
    return angle >= 0 and abs(turns - round(turns)) > SLANTED


def _characters(textpage: ctypes.c_void_p) -> list[str]:
    """Return the characters by the engine's index; half a surrogate pair and no character at all are ``""``."""
    count = pdfium.FPDFText_CountChars(textpage)
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(textpage, 0, count, buffer)
    if written == count + 1 and not any(0xD800 <= code < 0xE000 or code >= 0xFFFE for code in buffer):
        return [chr(code) for code in buffer[:count]]
    # The whole text leaves some characters out; one by one they keep their index.
    codes = [pdfium.FPDFText_GetUnicode(textpage, index) for index in range(count)]
    chars = []
    for before, code in zip([0, *codes], codes):
        if 0xDC00 <= code < 0xE000 and 0xD800 <= before < 0xDC00:
            code = 0x10000 + ((before - 0xD800) << 10) + (code - 0xDC00)
        chars.append("" if 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF) else chr(code))
    return chars


def _dominant_turn(angles: list[float]) -> int:
    # The engine counts angles clockwise.
    turns = Counter(round(-angle / (math.pi / 2)) % QUARTER_TURNS for angle in angles if angle >= 0)
    return turns.most_common(1)[0][0] if turns else 0


def _turned(glyph: Glyph, turn: Turn) -> Glyph:
    (x0, y0), (x1, y1) = turn(glyph.left, -glyph.bottom), turn(glyph.right, -glyph.top)
    box = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
    return Glyph(glyph.char, *box, *turn(glyph.origin, -glyph.base), glyph.size)


def _once(glyphs: list[Glyph]) -> list[Glyph]:
    """Drop second drawings of a character at the same place."""
    order = sorted((glyph.char, glyph.origin, index) for index, glyph in enumerate(glyphs))
    twice: set[int] = set()
    for position, (char, origin, first) in enumerate(order, 1):
        near = max(1.0, SAME_PLACE * glyphs[first].size)
        while position < len(order):
            other, place, second = order[position]
            if other != char or place - origin > near:
                break
            if abs(glyphs[second].base - glyphs[first].base) <= near and first not in twice:
                twice.add(second)
            position += 1
    return [glyph for index, glyph in enumerate(glyphs) if index not in twice] if twice else glyphs


def _may_be_twice(codes: np.ndarray, x: np.ndarray, y: np.ndarray, size: np.ndarray) -> bool:
    """Whether a character may stand twice at a place: few pages have any, and to be certain of it takes long."""
    near = max(1.0, SAME_PLACE * size.max())
    bands = y / (2 * near)
    # Two bases that near lie in one band, or else in one of the bands that are moved by half.
    for shift in (0.0, 0.5):
        key = codes.astype("i8") * 2**32 + np.floor(bands + shift).astype("i8")
        order = np.lexsort((x, key))
        if np.any((np.diff(key[order]) == 0) & (np.diff(x[order]) <= near)):
            return True
    return False
