"""Rows cut by a page break, told from whole ones."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from toolkit.reports.folding import fold
from toolkit.reports.readers.layout.parts import Placed, is_figure
from toolkit.reports.readers.layout.wrapping import GROUPED

ENUMERATOR = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）、.]|\d{1,2}[.、．)）]|第[一二三四五六七八九十]+(?!方)")
DIGITS = re.compile(r"\d[\d.,]*")
WHOLE_FIGURE = re.compile(rf"-?\d{{1,3}}|{GROUPED.pattern}")


class _Row(NamedTuple):
    label: str
    figures: list[str]


def value_columns(cells: list[Placed]) -> set[int]:
    """Return the columns of figures: a word in one of them (无, 不适用) stands in the place of a figure.

    Examples
    --------
    >>> rows = [("规章", "3", "无"), ("许可", "5", "7")]
    >>> cells = [Placed(text, y, x, 1, 1, 1) for y, row in enumerate(rows) for x, text in enumerate(row)]
    >>> value_columns(cells)
    {1, 2}
    """
    kinds: dict[int, list[bool]] = defaultdict(list)
    for cell in cells:
        if cell.text and cell.colspan == 1:
            kinds[cell.column].append(is_figure(cell.text))
    return {column for column, figures in kinds.items() if 2 * sum(figures) >= len(figures)}


def label_column(cells: list[Placed], values: set[int]) -> int:
    """Return the column of a row's own label: the rightmost that has words, left of all figures.

    Examples
    --------
    >>> cells = [Placed(text, 0, x, 1, 1, 1) for x, text in enumerate(("（三）不予公开", "1.属于国家秘密", "7", "无"))]
    >>> label_column(cells, values={2, 3})
    1
    """
    figures = min((cell.column for cell in cells if is_figure(cell.text)), default=None)
    words = [cell.column for cell in cells if cell.text and not is_figure(cell.text) and cell.column not in values]
    return max((column for column in words if figures is None or column < figures), default=-1)


def is_cut_row(last: list[Placed], first: list[Placed], is_open: bool, values: set[int]) -> bool:
    """Whether the last row of a page and the first of the next are one row.

    Parameters
    ----------
    last, first : list of Placed
        The cells of both rows.
    is_open : bool
        Whether no line closes the table at the page break.
    values : set of int
        The columns of figures.

    Examples
    --------
    >>> last = [Placed("2.没有现成信息需要", 4, 0, 1, 1, 1, full=True), Placed("", 4, 1, 1, 1, 1)]
    >>> first = [Placed("另行制作", 0, 0, 1, 1, 2), Placed("7", 0, 1, 1, 1, 2)]
    >>> is_cut_row(last, first, is_open=False, values={1})
    True
    >>> first[0].text = "3.补正后"
    >>> is_cut_row(last, first, is_open=False, values={1})
    False
    """
    below_of = {cell.extent: cell for cell in first}
    pairs = [(cell, below_of[cell.extent]) for cell in last if cell.extent in below_of]
    if len(pairs) < len(first) or len(pairs) < len(last):
        return False
    column = label_column([*last, *first], values)
    if not all(
        may_go_on(*pair) or (pair[0].column <= column and _is_label_cut(pairs, *pair, column)) for pair in pairs
    ):
        return False
    if not all(any(cell.text for cell in row if cell.rowspan == 1) for row in (last, first)):
        return True
    above, below = _row_of(last, column), _row_of(first, column)
    if starts_anew(below.label):
        return False
    if above.label and below.label:
        return is_open or not (above.figures and below.figures) or _share_figures(pairs)
    if above.figures and below.figures:
        return not below.label and (_are_wrapped(pairs) or any(is_torn(one.text, other.text) for one, other in pairs))
    return is_open or not (above.label and above.figures)


def _is_label_cut(pairs: list[tuple[Placed, Placed]], above: Placed, below: Placed, label: int) -> bool:
    """Whether a label without its number, in a row of blank cells, is the rest of the numbered label above."""
    numbered = starts_anew(above.text) and not starts_anew(below.text) and not is_figure(below.text)
    return numbered and not any(other.text for _, other in pairs if other.column > label)


def mark_unclear(last: list[Placed], first: list[Placed], values: set[int]) -> None:
    """Mark figures doubtful that stand without a label below figures: a row of their own, or the rest of a cut one.

    So are figures above that have no label, and blank cells beside a label that may be the rest of the one above.

    Examples
    --------
    >>> last = [Placed("", 4, 0, 1, 1, 1), Placed("116", 4, 1, 1, 1, 1)]
    >>> first = [Placed("2.重复申请", 0, 0, 1, 1, 2), Placed("1", 0, 1, 1, 1, 2)]
    >>> mark_unclear(last, first, values={1})
    >>> [cell.text for cell in [*last, *first] if cell.doubtful]
    ['116', '1']
    """
    extents = {cell.extent for cell in last if is_figure(cell.text)}
    figures = [cell for cell in first if is_figure(cell.text)]
    worded = any(cell.text and not is_figure(cell.text) and "\n" not in cell.text for cell in first)
    if figures and extents and not worded and {cell.extent for cell in first} == {cell.extent for cell in last}:
        column = label_column(last, values)
        for cell in [*last, *first]:
            cell.doubtful |= cell.column > column
    elif figures and extents & {cell.extent for cell in figures} and not _has_label(last, first, values):
        for cell in [*last, *first]:
            cell.doubtful |= is_figure(cell.text)
    elif not figures and _is_rest_of_label(last, first, values):
        for cell in [*last, *first]:
            cell.doubtful |= cell.column in values


def _has_label(last: list[Placed], first: list[Placed], values: set[int]) -> bool:
    column = label_column(first, values)
    return column < 0 or any(cell.text for cell in last if cell.column <= column < cell.column + cell.colspan)


def _is_rest_of_label(last: list[Placed], first: list[Placed], values: set[int]) -> bool:
    column = label_column(first, values)
    above, below = (next((cell for cell in row if cell.column == column), None) for row in (last, first))
    if above is None or below is None or not values:
        return False
    return bool(above.text) and above.full and not starts_anew(below.text)


def _share_figures(pairs: list[tuple[Placed, Placed]]) -> bool:
    """Whether a figure too long for its column goes on over the page break."""
    return any(is_figure(above.text) and is_figure(below.text) for above, below in pairs)


def _are_wrapped(pairs: list[tuple[Placed, Placed]]) -> bool:
    """Whether figures below can only be the rest: a row of its own is not blank just where figures fitted."""
    rest = [(above, below) for above, below in pairs if below.text]
    blanks = [above for above, below in pairs if is_figure(above.text) and not below.text]
    return bool(blanks) and all(is_rest(above, below) or _is_rest_of_word(above, below) for above, below in rest)


def _is_rest_of_word(above: Placed, below: Placed) -> bool:
    return bool(above.text) and above.full and not is_figure(above.text) and not is_figure(below.text)


def is_rest(above: Placed, below: Placed) -> bool:
    """Whether a figure is the rest of one that filled its cell's line.

    Examples
    --------
    >>> above = Placed("11390", 4, 1, 1, 1, 1, full=True)
    >>> [is_rest(above, Placed(text, 0, 1, 1, 1, 2)) for text in ("012", "7654321", "-")]
    [True, False, False]
    """
    both_digits = bool(DIGITS.fullmatch(above.text)) and bool(DIGITS.fullmatch(below.text))
    return both_digits and above.full and len(below.text) <= len(above.text)


def is_torn(above: str, below: str) -> bool:
    """Whether the page break tore a figure with commas between its thousands: one of its parts is none by itself.

    Examples
    --------
    >>> is_torn("1,721,", "007"), is_torn("83", "1,007"), is_torn("3", "5")
    (True, False, False)
    """
    parts = above.replace("\n", ""), below.replace("\n", "")
    is_torn = not all(map(WHOLE_FIGURE.fullmatch, parts))
    return all(parts) and is_torn and bool(GROUPED.fullmatch("".join(parts)))


def may_go_on(above: Placed, below: Placed) -> bool:
    """Whether two texts can be one cell's: both words or both figures, and the first fills its line.

    Examples
    --------
    >>> label = Placed("2.没有现成信息需要", 4, 0, 1, 1, 1, full=True)
    >>> [may_go_on(label, Placed(text, 0, 0, 1, 1, 2)) for text in ("另行制作", "7", "")]
    [True, False, True]
    """
    if not above.text or not below.text:
        return True
    if is_torn(above.text, below.text):
        return True
    # A merged cell may break its line early: （五） / 不予处理.
    merged = above.rowspan > 1 or below.rowspan > 1
    return is_figure(above.text) == is_figure(below.text) and (above.full or merged)


def _row_of(cells: list[Placed], column: int) -> _Row:
    label = "".join(cell.text for cell in cells if cell.column == column)
    return _Row(label, [cell.text for cell in cells if cell.column > column and cell.text])


def starts_anew(label: str) -> bool:
    """Whether a label begins with a number of its own.

    Examples
    --------
    >>> [starts_anew(label) for label in ("2.重复申请", "（四）无法提供", "第三方合法权益", "另行制作")]
    [True, True, False, False]
    """
    return bool(ENUMERATOR.match(fold(label)))
