"""Whether lines of a cell are one figure, wrapped because its line was full, or two."""

from __future__ import annotations

import itertools
import re

import numpy as np

from toolkit.reports.readers.layout.printed import PrintedLines

COMMAS = ",，"
GROUPED = re.compile(f"-?[0-9０-９]{{1,3}}([{COMMAS}][0-9０-９]{{3}})+([.．][0-9０-９]+)?")
# Room that Word and browsers leave between a cell's edge and its text.
PADDING, MOST_PADDING = 6.0, 15.0
# The square of a full-width sign, beside the height of a digit.
SQUARE = 1.3


def is_indented_and_full(lines: PrintedLines, edge: float, end: float) -> bool:
    """Whether a cell's first line begins with blanks and its next character would not fit.

    The second line must tell that the cell is set flush left: beginning at the edge, it leaves room at its end.
    """
    (indented, first, *_), last, size, count = lines.first, lines.last[0], lines.sizes[0], lines.counts[0]
    flush = first - edge < MOST_PADDING and end - lines.ends[1] > first - edge + size
    step = (last - indented) / (count - 1) if count > 1 else 0.8 * size
    return bool(flush and indented - first > 0.3 * size and last + 2 * step > end - (first - edge))


def would_not_fit(lines: PrintedLines, room: float) -> list[bool]:
    """Return whether the whole of the next line had no room in a line, for each but the last of some lines."""
    squares = np.where(lines.wide, lines.last + SQUARE * lines.sizes, lines.ends)
    widths = np.maximum(lines.ends, squares) - lines.first
    return (lines.ends[:-1] - lines.first[:-1] + widths[1:] > room).tolist()


def grouping(texts: list[str], fits: list[bool], too_long: list[bool]) -> str:
    """Tell whether lines may be one figure with commas between its thousands, though a next character had room.

    They may be when what follows would not have fitted as a whole: ``"grouped"``.
    They are when one of them is no figure by itself, for it begins or ends with
    a comma: ``"torn"``. On a page with such figures the others are not two either.

    Parameters
    ----------
    texts : list of str
        The lines of a cell.
    fits : list of bool
        Whether each leaves no room for one more character.
    too_long : list of bool
        Whether the whole of the next line had no room, of each but the last.

    Examples
    --------
    >>> grouping(["1", ",721,", "007"], fits=[False, False, False], too_long=[True, True])
    'torn'
    >>> grouping(["83", "1,007"], fits=[False, False], too_long=[True])
    'grouped'
    >>> grouping(["3", "5"], fits=[False, False], too_long=[False])
    ''
    """
    whole = all(full or long for full, long in zip(fits, too_long)) and GROUPED.fullmatch("".join(texts))
    torn = any(text[-1] in COMMAS or after[0] in COMMAS for text, after in itertools.pairwise(texts))
    return "torn" if whole and torn else "grouped" if whole else ""


def are_full(lines: PrintedLines, rooms: np.ndarray) -> np.ndarray:
    """Return whether lines leave no room for one more character, each in its room."""
    steps = (lines.last - lines.first) / np.maximum(lines.counts - 1, 1)
    one_more = np.where(lines.wide, 1.6, 0.9) * np.maximum(steps, lines.sizes)
    return rooms - (lines.ends - lines.first) < one_more
