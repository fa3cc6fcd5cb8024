"""Which of several rows or tables is this year's: what stands beside or above them tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from toolkit.reports.folding import fold
from toolkit.reports.tables.rows import Row

_YEAR = re.compile(r"(?<!\d)(20\d\d)年?(?!\d)")
_LAST_YEAR = re.compile("上一?年(?!度?结转)|去年|前一年")
_THIS_YEAR = re.compile("本年|今年|当年")
_LONGEST_LINE = 40

T = TypeVar("T")


def of_this_year(things: Sequence[T], labels: Sequence[str]) -> list[T] | None:
    """Return those of this year, or None if the labels do not part them from those of other years.

    Labels that all name a year, more than one, part the latest; otherwise those
    that say 上年 part the others. A sentence is no label.

    Examples
    --------
    >>> of_this_year(["a", "b"], ["2022年", "2023年"]), of_this_year(["a", "b"], ["上年度数据", "本年度数据"])
    (['b'], ['b'])
    >>> of_this_year(["a", "b"], ["", "同比"]) is None
    True
    """
    lines = [fold(label) for label in labels]
    lines = ["" if len(line) > _LONGEST_LINE or "。" in line else line for line in lines]
    years = [{int(year) for year in _YEAR.findall(line)} for line in lines]
    if all(len(one) == 1 for one in years) and len(set.union(set(), *years)) > 1:
        latest = max(set.union(*years))
        return [thing for thing, one in zip(things, years) if latest in one]
    is_last = [bool(_LAST_YEAR.search(line)) and not _THIS_YEAR.search(line) for line in lines]
    if any(is_last) and not all(is_last):
        return [thing for thing, last in zip(things, is_last) if not last]
    return None


def rows_of_this_year(rows: Sequence[Row]) -> list[Row]:
    """Leave out rows that have the label of another row and say that they are of another year."""
    items = [row.item for row in rows if row.item]
    if len(items) == len(set(items)):
        return list(rows)
    kept: list[Row] = []
    for item in dict.fromkeys(items):
        same = [row for row in rows if row.item == item]
        kept += of_this_year(same, [row.label for row in same]) or same
    identities = {id(row) for row in kept}
    return [row for row in rows if row.item is None or id(row) in identities]
