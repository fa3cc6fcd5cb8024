"""Bare page numbers between the lines of a flattened table, which look like figures.

Where blanks are lost too, a page number may fill a row that lacks a figure. Such a
number is told by its place: some stand where no figure can (a figure too many, in
a header, between sentences), and these tell at which distance the others stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from toolkit.reports.folding import fold
from toolkit.reports.numbers import looks_like_value
from toolkit.reports.tables.labels import recognise

_LONE = re.compile(r"[1-9]\d?")
# As many figures as a row of these tables has.
_MOST_FIGURES = {"active_disclosure": 3, "applications": 7}
_MOST_IN_ANY_ROW = 15
_LONGEST_LINE = 6
_SHORTEST_SENTENCE = 40
_SHORTEST_PAGE = 10
_FEWEST_PAGES = 3
_DRIFT = 0.3


class _Lone(NamedTuple):
    place: int
    number: int


def page_numbers(lines: Sequence[str]) -> set[int]:
    """Return which lines hold nothing but what is, or may be, the number of a page.

    Parameters
    ----------
    lines : sequence of str
        The lines of a flattened table and of the text around it.

    Examples
    --------
    >>> rows = [[f"{number}.属于国家秘密", *"0000000"] for number in range(1, 9)]
    >>> for page, row in enumerate(rows[1::2], start=2):
    ...     row.insert(4, str(page))
    >>> sorted(page_numbers([line for row in rows for line in row]))
    [12, 29, 46, 63]
    """
    if len(lines) < _FEWEST_PAGES * _SHORTEST_PAGE:
        return set()
    short = [line for line in lines if len(line) < _LONGEST_LINE]
    if sum(_LONE.fullmatch(fold(line)) is not None for line in short) < _FEWEST_PAGES:
        return set()
    runs = list(_runs(lines))
    certain = [one for start, stop in runs if _is_too_much(lines, start, stop) for one in _lone(lines, start, stop)]
    certain += [
        one for start, stop in runs if stop - start == 1 for one in _lone(lines, start, stop) if _is_prose(lines, start)
    ]
    if len(certain) < _FEWEST_PAGES - 1:
        return set()
    lone = [one for start, stop in runs for one in _lone(lines, start, stop)]
    found: set[int] = set()
    for first in certain:
        for second in certain:
            found |= _pages(first, second, lone)
    return found


def _runs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where figures stand one below the other."""
    start = None
    for place, line in enumerate(lines):
        if looks_like_value(fold(line)):
            start = place if start is None else start
        elif start is not None:
            yield start, place
            start = None
    if start is not None:
        yield start, len(lines)


def _lone(lines: Sequence[str], start: int, stop: int) -> Iterator[_Lone]:
    for place in range(start, stop):
        number = fold(lines[place])
        if _LONE.fullmatch(number):
            yield _Lone(place, int(number))


def _is_too_much(lines: Sequence[str], start: int, stop: int) -> bool:
    """Return whether more figures stand here than a row has, or any within a header."""
    before = recognise(lines[start - 1]) if start else ()
    after = recognise(lines[stop]) if stop < len(lines) else ()
    if before and after and {one.kind for one in (*before, *after)} == {"header"}:
        return True
    parts = {one.part for one in before if one.kind == "item"}
    is_of_one = len(parts) == 1 and all(one.kind == "item" for one in before)
    most = _MOST_FIGURES.get(parts.pop(), _MOST_IN_ANY_ROW) if is_of_one else _MOST_IN_ANY_ROW
    return stop - start > most


def _is_prose(lines: Sequence[str], place: int) -> bool:
    around = [lines[near] for near in (place - 1, place + 1) if 0 <= near < len(lines)]
    return any(len(line) > _SHORTEST_SENTENCE and "。" in line for line in around)


def _pages(first: _Lone, second: _Lone, lone: Sequence[_Lone]) -> set[int]:
    """Return the numbers that stand at the distance of two of them, if there are enough without a gap."""
    pages = second.number - first.number
    length = (second.place - first.place) / pages if pages > 0 else 0
    if length < _SHORTEST_PAGE:
        return set()
    by_number: dict[int, set[int]] = {}
    for one in lone:
        if abs(one.place - first.place - (one.number - first.number) * length) <= _DRIFT * length:
            by_number.setdefault(one.number, set()).add(one.place)
    start, stop = first.number, second.number
    while start - 1 in by_number:
        start -= 1
    while stop + 1 in by_number:
        stop += 1
    numbers = range(start, stop + 1)
    if len(numbers) < _FEWEST_PAGES or not all(number in by_number for number in numbers):
        return set()
    return set().union(*(by_number[number] for number in numbers))
