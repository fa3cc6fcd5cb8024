"""Characters of a page, each with its place, upright and once.

They are kept as columns: a page has a thousand of them, and what is asked of
one is asked of all. Coordinates are points from left to right and from top to
bottom.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

# A wider gap than this part of the text's size is a blank on paper: between Chinese characters, between others.
BLANK_CJK, BLANK_LATIN, BLANK_FIGURE = 0.7, 0.28, 0.5
# Digits of one number stand a step apart; a step longer by this part parts two numbers. So does a gap after a dash.
LONGER_STEP, LONGEST_STEP, BLANK_DASH = 1.15, 0.95, 0.35
SHORTEST_STEP, WIDEST_STEP = 0.3, 1.1
# The ink of a minus is short: a number begins behind its half square, nearer than any other cell would.
DASH_STEP = 0.8
DASHES = frozenset("-—–－/／−")
FIGURE_SIGNS = frozenset("0123456789.,+-—–−/%％．，－＋／０１２３４５６７８９")
# Signs of one figure printed apart stand nearer to each other than this part of the text's size; columns do not.
PRINTED_APART = 0.9

Box = tuple[float, float, float, float]
Turn = Callable[[Any, Any], tuple[Any, Any]]
# Text that runs upwards (turn 1), upside down (2) or downwards (3) in page space, brought upright, y downwards.
TURNS: tuple[Turn, ...] = (
    lambda x, y: (x, -y),
    lambda x, y: (y, x),
    lambda x, y: (-x, y),
    lambda x, y: (-y, -x),
)

# What kind of sign a character is; one may be of several kinds.
BLANK, DIGIT, DASH, WIDE, POINT, SIGN, PLAIN, SPACED = (1 << bit for bit in range(8))


def _kinds() -> np.ndarray:
    kinds = np.zeros(0x110000, dtype="u1")
    # A full-width sign takes a whole square: Chinese, quotation marks, dashes.
    kinds[0x2E80:] |= WIDE
    kinds[ord("‐") : ord("‧") + 1] |= WIDE
    kinds[:0x20000][np.char.isdigit(np.arange(0x20000, dtype="u4").view("U1"))] |= DIGIT
    named = {DASH: DASHES, SIGN: FIGURE_SIGNS, SPACED: FIGURE_SIGNS - set("+%％＋")}
    named |= {BLANK: frozenset(" "), POINT: frozenset(".,"), PLAIN: frozenset("0123456789")}
    for kind, chars in named.items():
        kinds[[ord(char) for char in chars]] |= kind
    return kinds


_KINDS = _kinds()


@dataclass(slots=True, eq=False)
class Glyphs:
    """Characters with the box of their ink, their origin on the line they stand on, the larger side of their ink.

    ``codes`` are their code points, ``numbers`` has a row for each of the properties below, a column for each
    character; ``kinds`` are what signs they are: bits, :data:`DIGIT` and others.
    """

    codes: np.ndarray
    numbers: np.ndarray
    kinds: np.ndarray

    @classmethod
    def placed(cls, codes: np.ndarray, numbers: np.ndarray) -> Glyphs:
        """Return glyphs of the characters with these code points.

        Examples
        --------
        >>> glyphs = Glyphs.placed(np.array([ord("1"), ord("章")]), np.zeros((7, 2)))
        >>> (glyphs.kinds & WIDE > 0).tolist()
        [False, True]
        """
        return cls(codes.astype("<u4", copy=False), numbers, _KINDS[codes])

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, which: Any) -> Glyphs:
        return Glyphs(self.codes[which], self.numbers[:, which], self.kinds[which])

    @property
    def left(self) -> np.ndarray:
        """Where their ink begins."""
        return self.numbers[0]

    @property
    def top(self) -> np.ndarray:
        """Where their ink begins, from above."""
        return self.numbers[1]

    @property
    def right(self) -> np.ndarray:
        """Where their ink ends."""
        return self.numbers[2]

    @property
    def bottom(self) -> np.ndarray:
        """Where their ink ends, from above."""
        return self.numbers[3]

    @property
    def origin(self) -> np.ndarray:
        """Where their squares begin."""
        return self.numbers[4]

    @property
    def base(self) -> np.ndarray:
        """The height of the line they stand on."""
        return self.numbers[5]

    @property
    def size(self) -> np.ndarray:
        """The larger side of their ink; that of a blank is 0."""
        return self.numbers[6]


def gaps(glyphs: Glyphs, at: np.ndarray, size: np.ndarray | float) -> np.ndarray:
    """Return the room after glyphs of a line beyond what their own squares take.

    The ink of ， is a speck in a full square, that of 1 a stroke in half a
    square: from ink to ink both would seem to stand apart.

    Parameters
    ----------
    glyphs : Glyphs
    at : array of int
        After which, up to the next.
    size : array of float, or float
        Of the text there.
    """
    origin = glyphs.origin
    square = np.where(glyphs.kinds[at] & WIDE, size, 0.5 * size)
    return origin[at + 1] - np.maximum(glyphs.right[at], origin[at] + square)


def pair_sizes(glyphs: Glyphs, at: np.ndarray) -> np.ndarray:
    """Return the larger size of glyphs and the next ones, of specks that of a point."""
    return np.maximum(np.maximum(glyphs.size[at], glyphs.size[at + 1]), 1.0)


def usual_step(steps: np.ndarray) -> float:
    """Return how far digits of one number stand apart, of steps between digits; digits are of one width.

    Parameters
    ----------
    steps : array of float
        From digit to digit, each as a part of the digits' height.
    """
    usual = steps[(steps > SHORTEST_STEP) & (steps < WIDEST_STEP)]
    return float(np.median(usual)) if len(usual) > 3 else LONGEST_STEP / LONGER_STEP


def digit_step(glyphs: Glyphs) -> float:
    """Return how far digits of one number stand apart, as a part of their height."""
    at = np.flatnonzero(glyphs.kinds[:-1] & glyphs.kinds[1:] & DIGIT)
    return usual_step((glyphs.origin[at + 1] - glyphs.origin[at]) / pair_sizes(glyphs, at))


def are_two_numbers(glyphs: Glyphs, at: np.ndarray, usual: float | np.ndarray) -> np.ndarray:
    """Tell of signs and the next ones whether they belong to two numbers, be the room between ever so small.

    Parameters
    ----------
    glyphs : Glyphs
    at : array of int
        Places of the first of each pair.
    usual : float or array of float
        What :func:`digit_step` says of the text around.

    Examples
    --------
    >>> x = np.array([0, 6, 12, 18, 25.5, 31.5, 37.5, 43.5])
    >>> y = np.zeros(8)
    >>> numbers = np.array([x, y, x + 5, y + 8, x, y + 8, y + 8])
    >>> digits = Glyphs.placed(np.frombuffer(b"80415760", "u1"), numbers)
    >>> are_two_numbers(digits, np.arange(7), digit_step(digits)).tolist()
    [False, False, False, True, False, False, False]
    """
    size, one, other = pair_sizes(glyphs, at), glyphs.kinds[at], glyphs.kinds[at + 1]
    step = glyphs.origin[at + 1] - glyphs.origin[at]
    behind_dash = (glyphs.left[at + 1] - glyphs.right[at] > BLANK_DASH * size) & (step > DASH_STEP * size)
    has_dash = ((one | other) & DASH) > 0
    return np.where(one & other & DIGIT, step > LONGER_STEP * usual * size, has_dash & behind_dash)


def are_printed_apart(glyphs: Glyphs, at: np.ndarray, size: np.ndarray | float) -> np.ndarray:
    """Tell of signs of figures, with a gap after them, whether the next stand too near to be of another column.

    Examples
    --------
    >>> x, y = np.array([0, 9, 40]), np.zeros(3)
    >>> digits = Glyphs.placed(np.frombuffer(b"123", "u1"), np.array([x, y, x + 5, y + 8, x, y + 8, y + 8]))
    >>> are_printed_apart(digits, np.arange(2), 8.0).tolist()
    [True, False]
    """
    are_signs = (glyphs.kinds[at] & glyphs.kinds[at + 1] & SPACED) > 0
    return are_signs & (gaps(glyphs, at, size) < PRINTED_APART * size)
