"""Characters of a page, each with its place, upright and once.

Every reader that meets text by its place (PDF, pictures) speaks of glyphs.
Coordinates are points from left to right and from top to bottom.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

import pypdfium2.raw as pdfium

QUARTER_TURNS = 4
# A second drawing of a character lies nearer than this part of its size (a shadow, a poor man's bold).
SAME_PLACE = 0.25
# A wider gap than this part of the text's size is a blank on paper: between Chinese characters, between others.
BLANK_CJK, BLANK_LATIN = 0.7, 0.28


class Glyph(NamedTuple):
    """A character, the box of its ink, and its origin on the line it stands on."""

    char: str
    left: float
    top: float
    right: float
    bottom: float
    origin: float
    base: float


Turn = Callable[[float, float], tuple[float, float]]
# Text that runs upwards (turn 1), upside down (2) or downwards (3) in page space, brought upright, y downwards.
TURNS: tuple[Turn, ...] = (
    lambda x, y: (x, -y),
    lambda x, y: (y, x),
    lambda x, y: (-x, y),
    lambda x, y: (-y, -x),
)


def page_glyphs(textpage: ctypes.c_void_p, box: tuple[float, float, float, float]) -> tuple[list[Glyph], Turn]:
    """Return the visible glyphs of a PDF page, upright, and the turn that made them so.

    Parameters
    ----------
    textpage : raw handle of pypdfium2
    box : tuple of float
        Left, bottom, right, top of the page in page space; what is printed
        outside of it is not seen on paper.
    """
    marks = _marks(textpage, box)
    turn = TURNS[_dominant_turn(mark[-1] for mark in marks)]
    return _once([_upright(mark, turn) for mark in marks]), turn


def _marks(textpage: ctypes.c_void_p, box: tuple[float, float, float, float]) -> list[tuple]:
    unicode_of, angle_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetCharAngle
    box_of, origin_of, generated = pdfium.FPDFText_GetCharBox, pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_IsGenerated
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    places = [ctypes.byref(value) for value in (left, right, bottom, top)]
    origin = ctypes.byref(x), ctypes.byref(y)
    page_left, page_bottom, page_right, page_top = box
    marks, high = [], 0
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        code = unicode_of(textpage, index)
        if code < 33 and (code != 32 or generated(textpage, index)):
            continue
        # Windows hands out characters beyond the basic plane in two halves.
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        box_of(textpage, index, *places)
        origin_of(textpage, index, *origin)
        if page_left <= x.value <= page_right and page_bottom <= y.value <= page_top and code not in (0xFFFE, 0xFFFF):
            edges = left.value, bottom.value, right.value, top.value
            marks.append((chr(code), *edges, x.value, y.value, angle_of(textpage, index)))
    return marks


def _dominant_turn(angles: Iterable[float]) -> int:
    turns = Counter(round(angle / (math.pi / 2)) % QUARTER_TURNS for angle in angles if angle >= 0)
    return turns.most_common(1)[0][0] if turns else 0


def _upright(mark: tuple, turn: Turn) -> Glyph:
    char, left, bottom, right, top, x, y, _ = mark
    (x0, y0), (x1, y1) = turn(left, bottom), turn(right, top)
    return Glyph(char, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), *turn(x, y))


def _once(glyphs: list[Glyph]) -> list[Glyph]:
    """Drop second drawings of a character at the same place."""
    by_char: dict[str, list[int]] = defaultdict(list)
    for index, glyph in enumerate(glyphs):
        by_char[glyph.char].append(index)
    twice: set[int] = set()
    for indices in by_char.values():
        indices.sort(key=lambda index: (glyphs[index].origin, index))
        for position, first in enumerate(indices):
            if first in twice:
                continue
            one = glyphs[first]
            near = max(1.0, SAME_PLACE * max(one.right - one.left, one.bottom - one.top))
            for second in indices[position + 1 :]:
                other = glyphs[second]
                if other.origin - one.origin > near:
                    break
                if abs(other.base - one.base) <= near:
                    twice.add(second)
    return [glyph for index, glyph in enumerate(glyphs) if index not in twice] if twice else glyphs


def is_wide(char: str) -> bool:
    """Whether a character takes the full width of a square: Chinese, full-width signs, quotation marks, dashes."""
    return char >= "⺀" or "‐" <= char <= "‧"


def text_lines(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Return the glyphs as lines from top to bottom, each from left to right.

    Examples
    --------
    >>> marks = [("总", 0, 10), ("9", 0, 30), ("计", 14, 11)]
    >>> lines = text_lines([Glyph(c, x, y - 9, x + 10, y, x, y) for c, x, y in marks])
    >>> [line_text(line) for line in lines]
    ['总计', '9']
    """
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.base):
        last = lines[-1][-1] if lines else None
        if last is not None and glyph.base - last.base < 0.35 * text_size(lines[-1][0], glyph):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    for line in lines:
        line.sort(key=lambda glyph: glyph.origin)
    return [line for line in lines if any(glyph.char != " " for glyph in line)]


def text_size(*glyphs: Glyph) -> float:
    """Return the size of the text, from the ink of its largest glyph."""
    return max(4.0, *(max(glyph.right - glyph.left, glyph.bottom - glyph.top) for glyph in glyphs if glyph.char != " "), 0.0)


def gap(before: Glyph, after: Glyph, size: float) -> float:
    """Return the room between two glyphs of a line beyond what their own squares take.

    The ink of ， is a speck in a full square, that of 1 a stroke in half a
    square: from ink to ink both would seem to stand apart.
    """
    square = size if is_wide(before.char) else 0.5 * size
    return after.origin - max(before.right, before.origin + square)


def line_text(line: list[Glyph]) -> str:
    """Return a line's text; a gap as wide as a blank is read as one."""
    size = text_size(*line)
    parts: list[str] = []
    previous: Glyph | None = None
    for glyph in line:
        if previous is not None and " " not in (previous.char, glyph.char):
            both_wide = is_wide(previous.char) and is_wide(glyph.char)
            if gap(previous, glyph, size) > size * (BLANK_CJK if both_wide else BLANK_LATIN):
                parts.append(" ")
        parts.append(glyph.char)
        previous = glyph
    return "".join(parts).strip(" ")
