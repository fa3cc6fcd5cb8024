"""Whether lines of a cell are one figure, wrapped because its line was full, or two."""

from __future__ import annotations

import itertools
import re

from toolkit.reports.readers.layout.glyphs import Glyph, is_wide, text_size

COMMAS = ",，"
GROUPED = re.compile(f"-?[0-9０-９]{{1,3}}([{COMMAS}][0-9０-９]{{3}})+([.．][0-9０-９]+)?")
# Room that Word and browsers leave between a cell's edge and its text.
PADDING, MOST_PADDING = 6.0, 15.0
# The square of a full-width sign, beside the height of a digit.
SQUARE = 1.3


def is_indented_and_full(line: list[Glyph], following: list[Glyph], edge: float, end: float) -> bool:
    """Whether a cell's first line begins with blanks and its next character would not fit.

    The second line must tell that the cell is set flush left: beginning at the edge, it leaves room at its end.
    """
    padding, size = following[0].origin - edge, text_size(line)
    flush = padding < MOST_PADDING and end - following[-1].right > padding + size
    step = (line[-1].origin - line[0].origin) / (len(line) - 1) if len(line) > 1 else 0.8 * size
    return flush and line[0].origin - following[0].origin > 0.3 * size and line[-1].origin + 2 * step > end - padding


def would_not_fit(line: list[Glyph], following: list[Glyph], room: float) -> bool:
    """Whether the whole of the next line had no room in a line."""
    last = following[-1]
    end = max(last.right, last.origin + SQUARE * text_size(following) * is_wide(last.char))
    return line[-1].right - line[0].origin + end - following[0].origin > room


def grouping(texts: list[str], fits: list[bool], too_long: list[bool]) -> str:
    """Tell whether lines may be one figure with commas between its thousands, though a next character had room.

    They may be when what follows would not have fitted as a whole: ``"grouped"``.
    They are when one of them is no figure by itself, for it begins or ends with
    a comma: ``"torn"``. On a page with such figures the others are not two either.
    """
    whole = all(full or long for full, long in zip(fits, too_long)) and GROUPED.fullmatch("".join(texts))
    torn = any(text[-1] in COMMAS or after[0] in COMMAS for text, after in itertools.pairwise(texts))
    return "torn" if whole and torn else "grouped" if whole else ""


def is_full(line: list[Glyph], width: float) -> bool:
    """Whether a line leaves no room for one more character."""
    step = (line[-1].origin - line[0].origin) / (len(line) - 1) if len(line) > 1 else 0.0
    one_more = (1.6 if is_wide(line[-1].char) else 0.9) * max(step, text_size(line))
    return width - (line[-1].right - line[0].origin) < one_more
