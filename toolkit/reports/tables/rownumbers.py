"""Numbers of rows at the beginning of the lines of a flattened table, which look like figures of the row before."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBERED = re.compile(r"\s*(\d{1,3})\s+(?=(\d?)\S)")
_FEWEST = 3

Line = tuple[str, int]


def without_row_numbers(lines: Sequence[Line]) -> list[Line]:
    """Return lines (text and place) without the numbers that count them.

    Three or more lines in a row are counted, and so many of them go on with words.

    Examples
    --------
    >>> without_row_numbers([("3 规章 1 2", 0), ("4 许可 5", 9), ("5 处罚 7", 16), ("7 件", 23)])
    [('规章 1 2', 2), ('许可 5', 11), ('处罚 7', 18), ('7 件', 23)]
    """
    found = list(lines)
    matches = [_NUMBERED.match(line) for line, _ in lines]
    start = 0
    for place in range(1, len(matches) + 1):
        before, here = matches[place - 1], matches[place] if place < len(matches) else None
        if before is not None and here is not None and int(here[1]) == int(before[1]) + 1:
            continue
        if sum(match is not None and not match[2] for match in matches[start:place]) >= _FEWEST:
            for counted in range(start, place):
                line, begin = lines[counted]
                end = matches[counted].end()  # type: ignore[union-attr]
                found[counted] = line[end:], begin + end
        start = place
    return found
