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
EVEN, CLOSE = 1.08, 0.9
THIN = "\u2009"


@dataclass(slots=True, eq=False)
class PrintedLines:
    """Lines of text, from top to bottom, those of one group together.

    ``glyphs`` are theirs, from left to right; line ``n`` has those from ``starts[n]`` to ``stops[n]``, says
    ``texts[n]`` and belongs to ``groups[n]``. ``sizes`` are those of the largest glyphs.
    """

    glyphs: Glyphs
    groups: np.ndarray
    starts: np.ndarray
    stops: np.ndarray
    sizes: np.ndarray
    texts: list[str]

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, which: slice) -> PrintedLines:
        groups, starts, stops, sizes = (it[which] for it in (self.groups, self.starts, self.stops, self.sizes))
        return PrintedLines(self.glyphs, groups, starts, stops, sizes, self.texts[which])

    @property
    def first(self) -> np.ndarray:
        """Where the square of each line's first glyph begins."""
        return self.glyphs.origin[self.starts]

    @property
    def last(self) -> np.ndarray:
        """Where the square of each line's last glyph begins."""
        return self.glyphs.origin[self.stops - 1]

    @property
    def ends(self) -> np.ndarray:
        """Where the ink of each line ends."""
        return self.glyphs.right[self.stops - 1]

    @property
    def end_wide(self) -> np.ndarray:
        """Whether each line's last glyph takes a whole square."""
        return (self.glyphs[self.stops - 1].kinds & WIDE) > 0


def printed_lines(glyphs: Glyphs, groups: np.ndarray | None = None, thin: bool = False) -> PrintedLines:
    """Return the lines that glyphs make; those of blanks alone are none.

    Parameters
    ----------
    glyphs : Glyphs
    groups : array of int, optional
        The cell, or whatever else, to which each belongs: no line runs through two.
    thin : bool
        Whether gaps between single signs of figures, too narrow to part two
        columns, are thin blanks: outside of cells what they part may be one figure.

    Examples
    --------
    >>> x, y = np.array([0, 30, 14]), np.array([10, 30, 11])
    >>> glyphs = Glyphs(np.array([ord(c) for c in "总9计"], "<u4"), np.array([x, y - 9, x + 10, y, x, y, [10] * 3]))
    >>> printed_lines(glyphs).texts
    ['总计', '9']
    """
    if groups is None:
        groups = np.zeros(len(glyphs), dtype=int)
    order = np.lexsort((glyphs.base, groups))
    begins = _begins(groups[order], glyphs.base[order], glyphs.size[order])
    number = np.cumsum(begins)
    order = order[np.lexsort((glyphs.origin[order], number))]
    ordered, starts = glyphs[order], np.flatnonzero(begins)
    sizes = np.maximum.reduceat(ordered.size, starts) if len(starts) else np.zeros(0)
    if not sizes.all():
        inked = sizes[number - 1] > 0
        order, ordered, begins = order[inked], ordered[inked], begins[inked]
        starts, sizes = np.flatnonzero(begins), sizes[sizes > 0]
    sizes = np.maximum(sizes, SMALLEST)
    stops = np.append(starts[1:], len(ordered))
    return PrintedLines(ordered, groups[order[starts]], starts, stops, sizes, line_texts(ordered, starts, sizes, thin))


def _begins(groups: np.ndarray, bases: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return where, from top to bottom, lines begin."""
    begins = np.ones(len(bases), dtype=bool)
    step, same = np.diff(bases), groups[1:] == groups[:-1]
    begins[1:] = ~same | (step >= LEVEL * np.maximum(SMALLEST, sizes[1:]))
    if not (same & begins[1:] & (step < LEVEL * sizes.max(initial=0.0))).any():
        return begins
    # In a line that begins with a larger glyph smaller ones may stand lower.
    first = SMALLEST
    for index in np.flatnonzero(begins).tolist():
        if index and same[index - 1] and step[index - 1] < LEVEL * max(first, sizes[index]):
            begins[index] = False
        else:
            first = max(SMALLEST, sizes[index])
    return begins


def line_texts(glyphs: Glyphs, starts: np.ndarray, sizes: np.ndarray, thin: bool = False) -> list[str]:
    """Return the text of each line; a gap as wide as a blank is read as one.

    Parameters
    ----------
    glyphs : Glyphs
        Of one line after another, each from left to right.
    starts : array of int
        Where the lines begin.
    sizes : array of float
        Of the lines' text.
    thin : bool
        As :func:`printed_lines` says.
    """
    ends = np.append(starts[1:], len(glyphs))
    size = np.repeat(sizes, ends - starts)[1:]
    follows = np.ones(len(glyphs), dtype=bool)
    follows[starts] = False
    codes, apart = glyphs.codes, np.flatnonzero(_are_apart(glyphs, follows[1:], size))
    if len(apart):
        apart = apart[~_in_even_figure(glyphs, apart, starts, ends)]
        blank = np.full(len(apart), ord(" "))
        if thin:
            blank[are_printed_apart(glyphs[apart], glyphs[apart + 1], size[apart])] = ord(THIN)
        codes = np.insert(codes, apart + 1, blank)
        starts = starts + np.searchsorted(apart + 1, starts)
    text = codes.tobytes().decode("utf-32-le")
    texts = [text[start:stop].strip(" ") for start, stop in itertools.pairwise([*starts.tolist(), len(text)])]
    return [_thin_between_single_signs(text) if THIN in text else text for text in texts] if thin else texts


def _are_apart(glyphs: Glyphs, follows: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Return after which glyphs there is a blank; ``follows`` tells after which another stands in the line."""
    kinds = glyphs.kinds
    room = glyphs.left[1:] - glyphs.right[:-1]
    apart = follows & (room > BLANK_LATIN * size) & (((kinds[:-1] | kinds[1:]) & BLANK) == 0)
    # Most characters follow closely; what a gap means is asked of the others.
    at = np.flatnonzero(apart)
    apart[at] = gaps(glyphs[at], glyphs[at + 1], size[at]) > size[at] * _blanks(kinds[at], kinds[at + 1])
    signs = (kinds & (PLAIN | DASH)) > 0
    at = np.flatnonzero(follows & signs[:-1] & signs[1:])
    if len(at):
        usual = _usual_steps(glyphs, at, np.cumsum(~follows)[at])
        apart[at] |= are_two_numbers(glyphs[at], glyphs[at + 1], usual)
    return apart


def _blanks(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return how wide a gap between signs of these kinds is a blank."""
    # A line of figures alone does not tell how wide the square of a full-width comma is.
    in_squares = ((before & WIDE) > 0) & ((after & (WIDE | DIGIT | POINT)) > 0)
    figures = np.where(before & after & DIGIT, BLANK_FIGURE, BLANK_LATIN)
    return np.where(in_squares, BLANK_CJK, figures)


def _usual_steps(glyphs: Glyphs, at: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Return for pairs of digits and dashes how far digits of one number stand apart in their line, at least.

    No median is less than the shortest step: where no step is longer than that allows, none is asked for.
    """
    before, after = glyphs[at], glyphs[at + 1]
    digits = (before.kinds & after.kinds & DIGIT) > 0
    steps = (after.origin - before.origin) / pair_sizes(before, after)
    least = max(SHORTEST_STEP, min(LONGEST_STEP / LONGER_STEP, steps[digits].min(initial=1.0)))
    usual = np.full(len(at), least)
    if steps[digits].max(initial=0.0) > LONGER_STEP * least:
        for pairs in np.split(np.arange(len(at)), np.flatnonzero(np.diff(line)) + 1):
            usual[pairs] = usual_step(steps[pairs][digits[pairs]])
    return usual


def _in_even_figure(glyphs: Glyphs, apart: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Tell of blanks whether they are in a line of nothing but digits that stand evenly and closely: there are none."""
    found = np.zeros(len(apart), dtype=bool)
    for line in np.unique(np.searchsorted(starts, apart, "right") - 1).tolist():
        digits = glyphs[starts[line] : ends[line]]
        if (digits.kinds & PLAIN).all():
            steps = np.diff(digits.origin)
            even = steps.min() > 0 and steps.max() < min(EVEN * steps.min(), CLOSE * digits.size.min())
            if even and np.ptp(digits.base) < 0.5:
                found |= (starts[line] <= apart) & (apart < ends[line])
    return found


def _thin_between_single_signs(text: str) -> str:
    words = [(word, word.lstrip("-").split(THIN)) for word in text.split(" ")]
    # A dash before a number is its sign or the dash of another cell: that too is left open.
    return " ".join(
        word if all(len(sign) < 2 for sign in signs) or (len(signs) == 2 and not signs[0]) else word.replace(THIN, " ")
        for word, signs in words
    )
