"""Lines of a page, put together again as paragraphs."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import repeat
from statistics import median

import numpy as np
from rapidfuzz import fuzz

from toolkit.reports.folding import fold
from toolkit.reports.readers.layout.glyphs import BLANK, Glyphs
from toolkit.reports.readers.layout.parts import is_figure, join
from toolkit.reports.readers.layout.printed import PrintedLines

RULE = "[-—–―~·.一_=]*"
PAGE_NUMBER = re.compile(rf"{RULE}\d{{1,4}}{RULE}|第\d+页[,，/]?(共\d+页)?|\d+/\d+|page\d+(of\d+)?", re.IGNORECASE)
# Page numbers and running headers stand in this part of the page's height, above and below.
MARGIN = 0.13
NUMERAL = "[一二三四五六七八九十]{1,3}"
HEADING = re.compile(f"{NUMERAL}、|[(（]{NUMERAL}[)）]|第{NUMERAL}[章部条]")
SENTENCE_ENDS = "。！？：；.!?:;"
# Chinese signs that may not open a line push at most two characters into the next one.
ROOM, INDENT = 2.6, 1.3
WIDE_GAP = 2.2


@dataclass(slots=True)
class Line:
    """A printed line outside of tables; ``pieces`` are its texts between wide gaps.

    Only PDFs tell its glyphs: ``own`` says from where to where they stand in ``glyphs``.
    """

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    size: float
    pieces: int = 1
    glyphs: Glyphs | None = field(default=None, repr=False)
    own: tuple[int, int] = field(default=(0, 0), repr=False)


def page_lines(printed: PrintedLines, page: int) -> list[Line]:
    """Return printed lines of a page that follow each other as lines outside of tables."""
    if not len(printed):
        return []
    stops = printed.starts + printed.counts
    glyphs = printed.glyphs[: stops[-1]]
    ink = ((glyphs.kinds & BLANK) == 0).nonzero()[0]
    inked = glyphs[ink]
    starts, last = np.searchsorted(ink, printed.starts), np.searchsorted(ink, stops) - 1
    wide = inked.left[1:] - inked.right[:-1] > WIDE_GAP * np.repeat(printed.sizes, last - starts + 1)[1:]
    wide[last[:-1]] = False
    pieces = 1 + np.bincount(np.searchsorted(starts, wide.nonzero()[0], "right") - 1, minlength=len(printed))
    top, bottom = np.minimum.reduceat(inked.top, starts), np.maximum.reduceat(inked.bottom, starts)
    columns = inked.left[starts], inked.right[last], top, bottom, printed.sizes, pieces
    facts = [column.tolist() for column in columns]
    own = zip(printed.starts.tolist(), stops.tolist())
    return list(map(Line, printed.texts, repeat(page), *facts, repeat(glyphs), own))


def without_margins(
    pages: list[list[Line]], heights: list[tuple[float, float]], alike: float = 100.0
) -> list[list[Line]]:
    """Return the pages' lines without page numbers and running headers and footers.

    Parameters
    ----------
    pages : list of list of Line
    heights : list of tuple of float
        Top and bottom of each page.
    alike : float
        How alike, of 100, headers must be to be the same: in pictures they
        are read a little differently on every page.

    Notes
    -----
    A page number is the outermost line of its page and looks like one; bare
    digits do where they are the page's number, or count on with another
    page's: a figure may stand there too. A running header or footer stands
    with the same words, figures aside, in the margin of at least two pages
    and of half of all.

    Examples
    --------
    >>> line = lambda text, top: Line(text, 1, 90, 500, top, top + 10, 10)
    >>> pages = [[line("青石年鉴", 30), line("一、总体情况", 400), line(f"— {number} —", 800)] for number in (1, 2)]
    >>> [[line.text for line in page] for page in without_margins(pages, [(0, 842)] * 2)]
    [['一、总体情况'], ['一、总体情况']]
    """
    shapes: Counter[str] = Counter()
    for lines, height in zip(pages, heights):
        shapes.update({_shape(line) for line in lines if _in_margin(line, height)})
    enough = max(2, len(pages) / 2)
    if alike < 100:
        often = {shape for shape in shapes if _count_alike(shape, shapes, alike) >= enough}
    else:
        often = {shape for shape, count in shapes.items() if count >= enough}
    numbers = _page_numbers([_outermost(lines, height) for lines, height in zip(pages, heights)], alike < 100)
    if alike == 100:
        often.discard("0")
    return [
        [line for line in lines if id(line) not in numbers and not (_in_margin(line, height) and _shape(line) in often)]
        for lines, height in zip(pages, heights)
    ]


def _outermost(lines: list[Line], height: tuple[float, float]) -> list[Line]:
    """Return the first and the last line of a page, where they look like its number."""
    ends = [lines[0], lines[-1]] if lines else []
    return [line for line in ends if _in_margin(line, height) and PAGE_NUMBER.fullmatch(fold(line.text))]


def _page_numbers(pages: list[list[Line]], is_picture: bool) -> set[int]:
    """Return which of the outermost lines are page numbers, by their identity."""
    bare = [{int(line.text) - line.page for line in lines if line.text.isdecimal()} for lines in pages]
    counted = Counter(ahead for page in bare for ahead in page)
    return {
        id(line)
        for lines in pages
        for line in lines
        if is_picture or not line.text.isdecimal() or (ahead := int(line.text) - line.page) == 0 or counted[ahead] > 1
    }


def _count_alike(shape: str, shapes: Counter[str], alike: float) -> int:
    return sum(count for other, count in shapes.items() if fuzz.ratio(shape, other) >= alike)


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "0", fold(line.text))


def _in_margin(line: Line, height: tuple[float, float]) -> bool:
    top, bottom = height
    depth = MARGIN * (bottom - top)
    return line.bottom < top + depth or line.top > bottom - depth


def paragraphs(lines: list[Line]) -> list[tuple[str, int]]:
    """Return the paragraphs that lines make, each with the page it begins on.

    Parameters
    ----------
    lines : list of Line
        Lines that follow each other, over pages too, without a table between.

    Notes
    -----
    A paragraph ends with a line that leaves room, or where the next line is
    indented, larger or smaller, far below, or opens a chapter after the end
    of a sentence. Lines with wide gaps, and lone figures, stay as they are:
    what they are to each other cannot be told.

    Examples
    --------
    >>> texts = [("本机关认真贯彻落实条例，坚持公开", 500), ("为常态。", 150), ("二、主动公开政府信息情况", 300)]
    >>> lines = [Line(text, 1, 90, right, 15 * k, 15 * k + 10, 10) for k, (text, right) in enumerate(texts)]
    >>> paragraphs(lines)
    [('本机关认真贯彻落实条例，坚持公开为常态。', 1), ('二、主动公开政府信息情况', 1)]
    """
    if not lines:
        return []
    left, right = _edges(lines)
    pitch = _pitch(lines)
    found: list[tuple[str, int]] = []
    for before, line in zip([None, *lines], lines):
        if before is not None and _goes_on(before, line, left, right, pitch):
            text, page = found[-1]
            found[-1] = join(text, line.text), page
        else:
            found.append((line.text, line.page))
    return found


def _edges(lines: list[Line]) -> tuple[float, float]:
    """Return where most lines begin, and where the longest end."""
    starts = Counter(round(line.left / 3) for line in lines)
    most = max(starts.values())
    left = 3 * min(start for start, count in starts.items() if count >= 0.3 * most)
    ends = sorted(line.right for line in lines)
    return left, ends[int(0.95 * (len(ends) - 1))]


def _pitch(lines: list[Line]) -> float:
    steps = [after.bottom - before.bottom for before, after in itertools.pairwise(lines) if before.page == after.page]
    return median(steps) if steps else 0.0


def _goes_on(before: Line, line: Line, left: float, right: float, pitch: float) -> bool:
    if before.pieces > 1 or line.pieces > 1 or is_figure(before.text) or is_figure(line.text):
        return False
    if right - before.right > ROOM * before.size or line.left - left > INDENT * line.size:
        return False
    if not 0.8 < before.size / line.size < 1.25:
        return False
    if before.page == line.page and line.bottom - before.bottom > max(1.7 * pitch, 2.6 * line.size):
        return False
    return not (HEADING.match(line.text) and before.text[-1] in SENTENCE_ENDS)
