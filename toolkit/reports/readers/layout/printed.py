"""Lines of text: which glyphs stand in one, and what it says, with a blank for every gap as wide as one."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from toolkit.reports.readers.layout.glyphs import (
    BLANK,
    BLANK_CJK,
    BLANK_FIGURE,
    BLANK_LATIN,
    DASH,
    DIGIT,
    LONGER_STEP,
    LONGEST_STEP,
    PLAIN,
    POINT,
    SHORTEST_STEP,
    WIDE,
    Glyphs,
    are_printed_apart,
    are_two_numbers,
    gaps,
    pair_sizes,
    usual_step,
)

# Glyphs of one line stand at one height, but for this part of their size.
LEVEL, SMALLEST = 0.35, 4.0
# Digits whose steps differ by less, and are no longer than this part of their height, have no gap between them.
EVEN, CLOSE, LEVEL_FIGURE = 1.08, 0.9, 0.5
THIN = "\u2009"


@dataclass(slots=True, eq=False)
class PrintedLines:
    """Lines of text, from top to bottom, those of one group together.

    Line ``n`` says ``texts[n]`` and belongs to ``groups[n]``; ``sizes`` are those of the largest glyphs, ``counts``
    how many there are; ``first`` and ``last`` say where the squares of its first and last glyph begin, ``ends`` where
    the ink of the last ends, ``wide`` whether it takes a whole square. ``glyphs`` are those of all lines, from left to
    right, ``starts`` where each line's begin.
    """

    glyphs: Glyphs
    groups: np.ndarray
    starts: np.ndarray
    counts: np.ndarray
    sizes: np.ndarray
    first: np.ndarray
    last: np.ndarray
    ends: np.ndarray
    wide: np.ndarray
    texts: list[str]

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, which: slice) -> PrintedLines:
        columns = (getattr(self, name)[which] for name in self.__slots__[1:])
        return PrintedLines(self.glyphs, *columns)


def printed_lines(glyphs: Glyphs, groups: np.ndarray | None = None, thin: int | None = None) -> PrintedLines:
    """Return the lines that glyphs make; those of blanks alone are none.

    Parameters
    ----------
    glyphs : Glyphs
    groups : array of int, optional
        The cell, or whatever else, to which each belongs: no line runs through two. All are of group 0 without it.
    thin : int, optional
        The group in which gaps between single signs of figures, too narrow to part two
        columns, are thin blanks: outside of cells what they part may be one figure.

    Examples
    --------
    >>> x, y = np.array([0, 30, 14]), np.array([10, 30, 11])
    >>> numbers = np.array([x, y - 9, x + 10, y, x, y, [10] * 3])
    >>> printed_lines(Glyphs.placed(np.array([ord(char) for char in "总9计"]), numbers)).texts
    ['总计', '9']
    """
    if groups is None:
        groups = np.zeros(len(glyphs), dtype=int)
    order = np.lexsort((glyphs.base, groups))
    begins = _begins(groups[order], glyphs.base[order], glyphs.size[order])
    number = begins.cumsum()
    order = order[np.lexsort((glyphs.origin[order], number))]
    starts, sizes = begins.nonzero()[0], glyphs.size[order]
    sizes = np.maximum.reduceat(sizes, starts) if len(starts) else sizes
    if not sizes.all():
        inked = sizes[number - 1] > 0
        order, starts, sizes = order[inked], begins[inked].nonzero()[0], sizes[sizes > 0]
    return _lines(glyphs[order], groups[order[starts]], starts, np.maximum(sizes, SMALLEST), thin)


def _lines(glyphs: Glyphs, groups: np.ndarray, starts: np.ndarray, sizes: np.ndarray, thin: int | None) -> PrintedLines:
    counts = lengths(starts, len(glyphs))
    ends = starts + counts - 1
    origin, wide = glyphs.origin, (glyphs.kinds[ends] & WIDE) > 0
    texts = line_texts(glyphs, starts, sizes, None if thin is None else groups == thin)
    return PrintedLines(
        glyphs, groups, starts, counts, sizes, origin[starts], origin[ends], glyphs.right[ends], wide, texts
    )


def lengths(starts: np.ndarray, count: int) -> np.ndarray:
    """Return the lengths of the parts that begin at some places, of ``count`` in all.

    Examples
    --------
    >>> lengths(np.array([0, 2, 5]), 6).tolist()
    [2, 3, 1]
    """
    counts = np.empty_like(starts)
    counts[:-1] = starts[1:]
    counts[-1:] = count
    return counts - starts


def _begins(groups: np.ndarray, bases: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return where, from top to bottom, lines begin."""
    begins = np.ones(len(bases), dtype=bool)
    step, same = bases[1:] - bases[:-1], groups[1:] == groups[:-1]
    lower = step >= LEVEL * np.maximum(sizes[1:], SMALLEST)
    begins[1:] = ~same | lower
    if not np.count_nonzero(same & lower & (step < LEVEL * sizes.max(initial=0.0))):
        return begins
    # In a line that begins with a larger glyph smaller ones may stand lower.
    first = SMALLEST
    for index in np.flatnonzero(begins).tolist():
        if index and same[index - 1] and step[index - 1] < LEVEL * max(first, sizes[index]):
            begins[index] = False
        else:
            first = max(SMALLEST, sizes[index])
    return begins


def line_texts(glyphs: Glyphs, starts: np.ndarray, sizes: np.ndarray, thin: np.ndarray | None = None) -> list[str]:
    """Return the text of each line; a gap as wide as a blank is read as one.

    Parameters
    ----------
    glyphs : Glyphs
        Of one line after another, each from left to right.
    starts : array of int
        Where the lines begin.
    sizes : array of float
        Of the lines' text.
    thin : array of bool, optional
        In which lines blanks may be thin, as :func:`printed_lines` says.
    """
    size = np.repeat(sizes, lengths(starts, len(glyphs)))
    follows = np.ones(len(glyphs) + 1, dtype=bool)
    follows[starts] = follows[-1] = False
    text = glyphs.codes.tobytes().decode("utf-32-le")
    apart = _apart(glyphs, follows[1:], size)
    if len(apart):
        apart = apart[~_in_even_figure(glyphs, apart, starts)]
        is_thin = np.zeros(len(apart), dtype=bool)
        if thin is not None:
            is_thin = are_printed_apart(glyphs, apart, size[apart]) & thin[np.searchsorted(starts, apart, "right") - 1]
        cuts = [0, *(apart + 1).tolist(), len(text)]
        pieces = [text[start:stop] for start, stop in itertools.pairwise(cuts)]
        blanks = [THIN if thinner else " " for thinner in is_thin.tolist()]
        text = "".join(itertools.chain(*zip(pieces, [*blanks, ""])))
        starts = starts + np.searchsorted(apart, starts)
    texts = [text[start:stop].strip(" ") for start, stop in itertools.pairwise([*starts.tolist(), len(text)])]
    if thin is None or THIN not in text:
        return texts
    return [_thin_between_single_signs(text) if may else text for text, may in zip(texts, thin.tolist())]


def _apart(glyphs: Glyphs, follows: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Return after which glyphs there is a blank.

    Parameters
    ----------
    glyphs : Glyphs
    follows : array of bool
        Whether another stands after it in the line.
    size : array of float
        Of its line's text.
    """
    kinds = glyphs.kinds
    # Most characters follow closely; what a gap means is asked of the others.
    wide = glyphs.left[1:] - glyphs.right[:-1] > BLANK_LATIN * size[:-1]
    at = (wide & follows[:-1]).nonzero()[0]
    one, other = kinds[at], kinds[at + 1]
    wide = (gaps(glyphs, at, size[at]) > size[at] * _blanks(one, other)) & ((one | other) & BLANK == 0)
    apart = np.zeros(len(glyphs), dtype=bool)
    apart[at[wide]] = True
    signs = (kinds & (DIGIT | DASH)) > 0
    at = (signs[:-1] & signs[1:] & follows[:-1]).nonzero()[0]
    if len(at):
        apart[_between_numbers(glyphs, at, follows)] = True
    return apart.nonzero()[0]


def _blanks(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return how wide a gap between signs of these kinds is a blank."""
    # A line of figures alone does not tell how wide the square of a full-width comma is.
    in_squares = ((before & WIDE) > 0) & ((after & (WIDE | DIGIT | POINT)) > 0)
    figures = np.where(before & after & DIGIT, BLANK_FIGURE, BLANK_LATIN)
    return np.where(in_squares, BLANK_CJK, figures)


def _between_numbers(glyphs: Glyphs, at: np.ndarray, follows: np.ndarray) -> np.ndarray:
    """Return of pairs of digits and dashes those that belong to two numbers; full-width ones stand apart anyway."""
    kinds = glyphs.kinds
    digits = (kinds[at] & kinds[at + 1] & DIGIT) > 0
    steps = (glyphs.origin[at + 1] - glyphs.origin[at]) / pair_sizes(glyphs, at)
    # No median is less than the shortest step: where no step is longer than that allows, none is asked for.
    least = max(SHORTEST_STEP, min(LONGEST_STEP / LONGER_STEP, steps[digits].min(initial=1.0)))
    usual = np.full(len(at), least)
    if steps[digits].max(initial=0.0) <= LONGER_STEP * least:
        at, usual = at[~digits], usual[~digits]
    else:
        line = np.cumsum(~follows)[at]
        for pairs in np.split(np.arange(len(at)), np.flatnonzero(np.diff(line)) + 1):
            usual[pairs] = usual_step(steps[pairs][digits[pairs]])
    plain = (kinds[at] & (PLAIN | DASH) > 0) & (kinds[at + 1] & (PLAIN | DASH) > 0)
    return at[plain & are_two_numbers(glyphs, at, usual)]


def _in_even_figure(glyphs: Glyphs, apart: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Tell of blanks whether they are in a line of nothing but digits that stand evenly and closely: there are none."""
    found = np.zeros(len(apart), dtype=bool)
    plain = glyphs.kinds & PLAIN > 0
    for line in np.unique(np.searchsorted(starts, apart[plain[apart]], "right") - 1).tolist():
        stop = starts[line + 1] if line + 1 < len(starts) else len(glyphs)
        own = slice(starts[line], stop)
        if plain[own].all() and _stand_evenly(glyphs[own]):
            found |= (own.start <= apart) & (apart < stop)
    return found


def _stand_evenly(digits: Glyphs) -> bool:
    steps = np.diff(digits.origin)
    even = steps.min() > 0 and steps.max() < min(EVEN * steps.min(), CLOSE * digits.size.min())
    return bool(even and np.ptp(digits.base) < LEVEL_FIGURE)


def _thin_between_single_signs(text: str) -> str:
    words = [(word, word.lstrip("-").split(THIN)) for word in text.split(" ")]
    # A dash before a number is its sign or the dash of another cell: that too is left open.
    return " ".join(
        word if all(len(sign) < 2 for sign in signs) or (len(signs) == 2 and not signs[0]) else word.replace(THIN, " ")
        for word, signs in words
    )
