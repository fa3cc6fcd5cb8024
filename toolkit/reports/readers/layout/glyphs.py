"""Characters of a page, each with its place, upright and once.

Every reader that meets text by its place (PDF, pictures) speaks of glyphs.
Coordinates are points from left to right and from top to bottom.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from operator import attrgetter
from statistics import median
from typing import NamedTuple

_BASE, _ORIGIN = attrgetter("base"), attrgetter("origin")
# A second drawing of a character lies nearer than this part of its size (a shadow, a poor man's bold).
SAME_PLACE = 0.25
# A wider gap than this part of the text's size is a blank on paper: between Chinese characters, between others.
BLANK_CJK, BLANK_LATIN, BLANK_FIGURE = 0.7, 0.28, 0.5
# Digits of one number stand a step apart; a step longer by this part parts two numbers. So does a gap after a dash.
LONGER_STEP, LONGEST_STEP, BLANK_DASH = 1.15, 0.95, 0.35
# The ink of a minus is short: a number begins behind its half square, nearer than any other cell would.
DASH_STEP = 0.8
DASHES = frozenset("-—–－/／−")
# Digits whose steps differ by less, and are no longer than this part of their height, have no gap between them.
EVEN, CLOSE = 1.08, 0.9
_FIGURES = DASHES | frozenset("0123456789")
# Signs of one figure printed apart stand nearer to each other than this part of the text's size; columns do not.
PRINTED_APART, THIN = 0.9, "\u2009"
_SIGNS = _FIGURES | frozenset("０１２３４５６７８９.,．，")


class Glyph(NamedTuple):
    """A character, the box of its ink, its origin on the line it stands on, and the larger side of its ink."""

    char: str
    left: float
    top: float
    right: float
    bottom: float
    origin: float
    base: float
    size: float


Box = tuple[float, float, float, float]
Turn = Callable[[float, float], tuple[float, float]]
# Text that runs upwards (turn 1), upside down (2) or downwards (3) in page space, brought upright, y downwards.
TURNS: tuple[Turn, ...] = (
    lambda x, y: (x, -y),
    lambda x, y: (y, x),
    lambda x, y: (-x, y),
    lambda x, y: (-y, -x),
)


def is_wide(char: str) -> bool:
    """Whether a character takes the full width of a square: Chinese, full-width signs, quotation marks, dashes."""
    return char >= "⺀" or "‐" <= char <= "‧"


def text_lines(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Return the glyphs as lines from top to bottom, each from left to right.

    Examples
    --------
    >>> marks = [("总", 0, 10), ("9", 0, 30), ("计", 14, 11)]
    >>> lines = text_lines([Glyph(c, x, y - 9, x + 10, y, x, y, 10) for c, x, y in marks])
    >>> [line_text(line) for line in lines]
    ['总计', '9']
    """
    lines: list[list[Glyph]] = []
    base = first = 0.0
    for glyph in sorted(glyphs, key=_BASE):
        if lines and glyph.base - base < 0.35 * max(4.0, first, glyph.size):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
            first = glyph.size
        base = glyph.base
    for line in lines:
        line.sort(key=_ORIGIN)
    return [line for line in lines if any(glyph.size for glyph in line)]


def text_size(glyphs: list[Glyph]) -> float:
    """Return the size of the text, from the ink of its largest glyph."""
    return max(4.0, max(glyph.size for glyph in glyphs))


def _blank(before: str, after: str) -> float:
    # A line of figures alone does not tell how wide the square of a full-width comma is.
    if is_wide(before) and (is_wide(after) or after.isdigit() or after in ".,"):
        return BLANK_CJK
    return BLANK_FIGURE if before.isdigit() and after.isdigit() else BLANK_LATIN


def gap(before: Glyph, after: Glyph, size: float) -> float:
    """Return the room between two glyphs of a line beyond what their own squares take.

    The ink of ， is a speck in a full square, that of 1 a stroke in half a
    square: from ink to ink both would seem to stand apart.
    """
    square = size if is_wide(before.char) else 0.5 * size
    return after.origin - max(before.right, before.origin + square)


def digit_step(glyphs: Sequence[Glyph]) -> float:
    """Return how far digits of one number stand apart, as a part of their height; digits are of one width."""
    steps = []
    for before, after in itertools.pairwise(glyphs):
        if before.char.isdigit() and after.char.isdigit():
            step = (after.origin - before.origin) / max(before.size, after.size, 1.0)
            if 0.3 < step < 1.1:
                steps.append(step)
    return median(steps) if len(steps) > 3 else LONGEST_STEP / LONGER_STEP


def are_two_numbers(before: Glyph, after: Glyph, usual: float) -> bool:
    """Whether two signs that follow each other belong to two numbers, be the room between them ever so small.

    Parameters
    ----------
    before, after : Glyph
    usual : float
        What :func:`digit_step` says of the text around.

    Examples
    --------
    >>> places = (0, 6, 12, 18, 25.5, 31.5, 37.5, 43.5)
    >>> digits = [Glyph(c, x, 0, x + 5, 8, x, 8, 8.0) for c, x in zip("80415760", places)]
    >>> usual = digit_step(digits)
    >>> [are_two_numbers(*pair, usual) for pair in zip(digits, digits[1:])]
    [False, False, False, True, False, False, False]
    """
    size = max(before.size, after.size, 1.0)
    if before.char.isdigit() and after.char.isdigit():
        return after.origin - before.origin > LONGER_STEP * usual * size
    if before.char in DASHES or after.char in DASHES:
        return after.left - before.right > BLANK_DASH * size and after.origin - before.origin > DASH_STEP * size
    return False


def plain_figure(glyphs: list[Glyph]) -> str:
    """Return digits that stand in one line, evenly and closely, as text; ``""`` of anything else.

    Most cells hold such a figure, and no gap in it wants to be looked at.

    Examples
    --------
    >>> digits = [Glyph(c, x, 0, x + 5, 8, x, 8, 8.0) for c, x in zip("804", (0, 6, 12))]
    >>> plain_figure(digits), plain_figure(digits[::2])
    ('804', '')
    """
    text = "".join([glyph.char for glyph in glyphs])
    if not (text.isascii() and text.isdecimal()):
        return ""
    if len(text) == 1:
        return text
    bases = [glyph.base for glyph in glyphs]
    origins = [glyph.origin for glyph in glyphs]
    steps = [after - before for before, after in itertools.pairwise(origins)]
    closest, widest = min(steps), max(steps)
    close = closest > 0 and widest < min(EVEN * closest, CLOSE * min(glyph.size for glyph in glyphs))
    return text if close and max(bases) - min(bases) < 0.5 else ""


def are_printed_apart(before: Glyph, after: Glyph, size: float) -> bool:
    """Whether two signs of figures, with a gap between them, stand too near to each other to be of two columns.

    Examples
    --------
    >>> digits = [Glyph(c, x, 0, x + 5, 8, x, 8, 8.0) for c, x in zip("123", (0, 9, 40))]
    >>> [are_printed_apart(*pair, 8.0) for pair in zip(digits, digits[1:])]
    [True, False]
    """
    return before.char in _SIGNS and after.char in _SIGNS and gap(before, after, size) < PRINTED_APART * size


def _thin_between_single_signs(text: str) -> str:
    words = [(word, word.lstrip("-").split(THIN)) for word in text.split(" ")]
    # A dash before a number is its sign or the dash of another cell: that too is left open.
    return " ".join(
        word if all(len(sign) < 2 for sign in signs) or len(signs) == 2 and not signs[0] else word.replace(THIN, " ")
        for word, signs in words
    )


def line_text(line: list[Glyph], thin: bool = False) -> str:
    """Return a line's text; a gap as wide as a blank is read as one.

    Outside of cells (``thin``), gaps between single signs of figures that are
    too narrow to part two columns are thin blanks: what they part may be one figure.
    """
    size = text_size(line)
    usual = 0.0
    parts = [line[0].char]
    for before, after in itertools.pairwise(line):
        # Most characters follow closely; what a gap means is asked of the others.
        wide = after.left - before.right > BLANK_LATIN * size and " " not in (before.char, after.char)
        apart = wide and gap(before, after, size) > size * _blank(before.char, after.char)
        if not apart and before.char in _FIGURES and after.char in _FIGURES:
            usual = usual or digit_step(line)
            apart = are_two_numbers(before, after, usual)
        if apart:
            parts.append(THIN if thin and are_printed_apart(before, after, size) else " ")
        parts.append(after.char)
    text = "".join(parts).strip(" ")
    return _thin_between_single_signs(text) if THIN in text else text
