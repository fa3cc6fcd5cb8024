"""Rows of a flattened table that are counted: each ends in the number of the next, which looks like its last figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from toolkit.reports.tables.tokens import LOST, PLAIN

if TYPE_CHECKING:
    from toolkit.reports.tables.rows import Row

_NUMBER = re.compile(r"0?\d{1,2}")
#: So many rows that end in 2, 3, 4 and so on are counted; where most have a figure too many, fewer tell.
_COUNTED, _COUNTED_TOO_LONG = 8, 4


def drop_numbers_of_next(rows: Sequence[Row], width: int) -> None:
    """Take the number of the next row from the rows of a table, if they are counted.

    Where a number is not where it should be, the figures of a row cannot be
    told, and it is LOST. Where all are, and no row has lost a blank, what
    looked like numbers of pages was the count: no row is LOST.

    Parameters
    ----------
    rows : sequence of Row
        Of one flattened table, in order; ``slots`` and ``grid`` are changed.
    width : int
        How many figures a row has.
    """
    ends = [_end(row) for row in rows]
    runs = [list(run) for _, run in groupby(enumerate(ends), lambda one: None if one[1] is None else one[1] - one[0])]
    counted = {place for run in runs if _is_counted(run, rows, width) for place, _ in run}
    if not counted:
        return
    for place in counted:
        rows[place].slots.pop()
    # A label may be wrapped around its own number, which is then the first of its row.
    first = {place - 1 for place in counted if place and _has_own(rows[place - 1], rows[place], ends[place], width)}
    for place in first:
        rows[place + 1].slots.pop(0)
    ended = counted | first
    told = (ended | {len(rows) - 1}) & ({place + 1 for place in ended} | {0})
    is_whole = len(told) == len(rows) and all(len(row.slots) == width for row in rows)
    for place, row in enumerate(rows):
        if place not in told:
            row.grid = LOST
        elif is_whole and row.grid == LOST:
            row.grid = PLAIN


def _end(row: Row) -> int | None:
    last = row.slots[-1] if row.slots else None
    return int(last.text) if last is not None and _NUMBER.fullmatch(last.text.strip()) else None


def _has_own(above: Row, row: Row, end: int | None, width: int) -> bool:
    """Return whether a row that ended in a number begins with the one before it, and the row above has none."""
    if end is None or len(above.slots) != width or len(row.slots) != width + 1 or row.slots[0] is None:
        return False
    return row.slots[0].text.strip() == str(end - 1)


def _is_counted(run: Sequence[tuple[int, int | None]], rows: Sequence[Row], width: int) -> bool:
    if run[0][1] is None:
        return False
    too_long = sum(len(rows[place].slots) > width for place, _ in run)
    return len(run) >= _COUNTED or (len(run) >= _COUNTED_TOO_LONG and 2 * too_long > len(run))
