"""The header of a grid: which head stands above which columns, and the cells of a row under each.

Only a header without gaps tells places: where one of its cells was lost, those
after it have moved. A row is told by its places only if its cells stand under
the heads and nothing stands beside them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.reports.document import Cell
from toolkit.reports.tables.rows import Row

Columns = Sequence[tuple[str | None, Cell]]
Slots = list[Cell | None]


@dataclass(frozen=True, slots=True)
class Head:
    """A head and the columns it stands above: from ``start`` up to but without ``stop``."""

    key: Any
    start: int
    stop: int


def heads_above(columns: Columns, key: Callable[[Columns], Any]) -> list[Head]:
    """Return the heads from left to right; none where the header has gaps.

    Parameters
    ----------
    columns : sequence of (code, Cell)
        The header's cells.
    key : callable
        The header's cells above a column, from top to bottom -> what stands
        in that column, None if that is no column of the form.

    Examples
    --------
    >>> above = [("year", Cell("本年", 0, 1, colspan=2)), ("a", Cell("甲", 1, 1)), ("b", Cell("乙", 1, 2))]
    >>> heads_above(above, lambda stack: stack[-1][0])
    [Head(key='a', start=1, stop=2), Head(key='b', start=2, stop=3)]
    >>> heads_above(above[:2], lambda stack: stack[-1][0] if len(stack) > 1 else "lost")
    []
    """
    stacks = _stacks(columns)
    keys = {column: key(stack) for column, stack in stacks.items()}
    known = [column for column, one in keys.items() if one is not None]
    # What stands above the labels, before the first column, may have gaps.
    if not known or not _is_whole(stacks, min(known), max(keys)):
        return []
    heads: list[Head] = []
    for column in sorted(keys):
        is_merged = stacks[column][-1:] == stacks.get(column - 1, [])[-1:]
        if heads and is_merged and heads[-1].key == keys[column]:
            heads[-1] = Head(keys[column], heads[-1].start, column + 1)
        else:
            heads.append(Head(keys[column], column, column + 1))
    return heads


def _stacks(columns: Columns) -> dict[int, list[tuple[str | None, Cell]]]:
    stacks: dict[int, list[tuple[str | None, Cell]]] = {}
    for code, cell in sorted(columns, key=lambda one: one[1].row):
        for column in range(cell.column, cell.column + cell.colspan):
            stacks.setdefault(column, []).append((code, cell))
    return stacks


def _is_whole(stacks: dict[int, list[tuple[str | None, Cell]]], first: int, last: int) -> bool:
    """Return whether every place between two columns has a head, in every row that has known heads."""
    inner = [stacks.get(column, []) for column in range(first, last + 1)]
    rows = {row for stack in inner for code, cell in stack if code for row in _rows(cell)}
    return all(rows <= {row for _, cell in stack for row in _rows(cell)} for stack in inner)


def _rows(cell: Cell) -> range:
    return range(cell.row, cell.row + cell.rowspan)


def stand_in_order(codes: Iterable[str | None], order: Iterable[str | None]) -> bool:
    """Return whether heads stand as they do in an order, some of which may be lacking.

    Examples
    --------
    >>> stand_in_order("ac", "abc"), stand_in_order("ca", "abc")
    (True, False)
    """
    remaining = iter(order)
    return all(code in remaining for code in codes)


def joined(heads: Sequence[Head]) -> list[Head]:
    """Return the heads, those side by side with the same words as one: a merged head written in every cell.

    Examples
    --------
    >>> joined([Head("a", 1, 2), Head("a", 2, 3), Head("b", 3, 4)])
    [Head(key='a', start=1, stop=3), Head(key='b', start=3, stop=4)]
    """
    merged: list[Head] = []
    for head in heads:
        if merged and merged[-1].key == head.key is not None and merged[-1].stop == head.start:
            merged[-1] = Head(head.key, merged[-1].start, head.stop)
        else:
            merged.append(head)
    return merged


def empty_columns(rows: Sequence[Row]) -> frozenset[int]:
    """Return the columns that most rows have and that are blank in all: they part or frame others."""
    blank, filled = Counter[int](), set[int]()
    for row in rows:
        for cell in row.slots:
            if cell is not None and cell.text.strip():
                filled.add(cell.column)
            elif cell is not None:
                blank[cell.column] += 1
    return frozenset(column for column, count in blank.items() if 2 * count > len(rows) and column not in filled)


def cells_under(row: Row, heads: Sequence[Head], empty: frozenset[int]) -> Slots | None:
    """Return a row's cells, one a head, or None where their places do not tell.

    A blank that covers several heads is the cell of none of them, a figure that
    does tells nothing; of several cells under one head one has the figure.
    """
    under: list[Slots | None] = [None] * len(heads)
    for cell in row.slots:
        if cell is None:
            return None
        stop = cell.column + cell.colspan
        covered = [n for n, head in enumerate(heads) if cell.column < head.stop and stop > head.start]
        is_filled = bool(cell.text.strip())
        if not covered and not is_filled and cell.column in empty:
            continue
        if not covered or cell.column < heads[covered[0]].start or stop > heads[covered[-1]].stop:
            return None
        if is_filled and len(covered) > 1:
            return None
        for number in covered:
            under[number] = (under[number] or []) + ([cell] if len(covered) == 1 else [None])
    if any(cells is None for cells in under):
        return None
    told = [one_of(cells) for cells in under if cells is not None]
    is_told = all(one for one, _ in told) and any(cell is not None for _, cell in told)
    return [cell for _, cell in told] if is_told else None


def one_of(cells: Sequence[Cell | None]) -> tuple[bool, Cell | None]:
    """Return whether one of several cells under a head has its figure, and that one; a blank if none has.

    Examples
    --------
    >>> is_told, cell = one_of([Cell("", 1, 1), Cell("12", 1, 2), Cell("", 1, 3)])
    >>> is_told, cell.text
    (True, '12')
    >>> one_of([Cell("12", 1, 1), Cell("13", 1, 2)])
    (False, None)
    """
    filled = [cell for cell in cells if cell is not None and cell.text.strip()]
    if len({cell.text for cell in filled}) > 1:
        return False, None
    return True, filled[0] if filled else cells[0]
