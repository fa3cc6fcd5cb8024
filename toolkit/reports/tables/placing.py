"""Which of a row's cells belongs to which column: in order, by place, or not to be told.

A row with as many cells as columns is read in order; in a grid, one with more or
fewer by the heads its cells stand under. Flattened text keeps blanks for
merged cells too; how many, and where, the full rows of the same kind in the
same table tell. A row that fits none of them is left unplaced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

from toolkit.reports.document import Cell
from toolkit.reports.tables.headers import Head, cells_under, empty_columns
from toolkit.reports.tables.labels import bare, begins_label, official_items, resembles_item
from toolkit.reports.tables.rows import Row
from toolkit.reports.tables.tokens import BARS, LOST, PLAIN

Slots = list[Cell | None]
Edges = list[tuple[int, int]]

_LONGEST_TEXT_IN_CELL = 6
_LIKE_A_LABEL = 60
_SAME_END = 2


def place_rows(
    rows: Sequence[Row],
    width: Callable[[Row], int],
    kind: Callable[[Row, Row | None], Hashable],
    only_labels_merge: bool = False,
    heads: Callable[[Row], Sequence[Head]] = lambda row: (),
) -> list[Slots | None]:
    """Return for every row its cells, one a column, or None where they cannot be told.

    Parameters
    ----------
    rows : sequence of Row
        The rows of one table, in order.
    width : callable
        Row -> how many columns it has.
    kind : callable
        Row and the next row -> what rows must share to be padded alike.
    only_labels_merge : bool
        Whether merged cells are those of the labels: then what a flattened
        row has too much stands before its figures, also where no full row tells.
    heads : callable
        Row -> the heads of its columns where those are known by their places.
    """
    if all(len(row.slots) == width(row) and row.in_grid for row in rows):
        return [row.slots for row in rows]
    kinds = [(row.grid, kind(row, after), width(row)) for row, after in zip(rows, [*rows[1:], None])]
    told = _Table(rows, kinds, heads)
    places: list[Slots | None] = []
    for row, key in zip(rows, kinds):
        if row.grid == LOST:
            places.append(None)
        elif row.in_grid:
            is_whole = len(row.slots) == key[2]
            places.append(row.slots if is_whole else told.by_heads.get(id(row)) or _by_grid(row, key, told))
        elif row.grid == PLAIN:
            places.append(_by_order(row, key[2]))
        else:
            places.append(_by_shape(row, key, told, only_labels_merge))
    return places


Kind = tuple[str, Hashable, int]
#: How many cells a row has, and which of them are filled.
Shape = tuple[int, tuple[int, ...]]


class _Table:
    """What the rows of a table tell of each other.

    ``alike`` counts rows of one shape, ``shapes`` are those of full rows of
    each kind, ``usual`` their usual number of cells, ``edges`` where the
    columns of a grid stand, ``by_heads`` the rows that stand under its heads.
    """

    def __init__(self, rows: Sequence[Row], kinds: Sequence[Kind], heads: Callable[[Row], Sequence[Head]]) -> None:
        shapes = [(len(row.slots), tuple(row.filled())) for row in rows]
        counts: dict[Kind, Counter[int]] = {}
        for row, key in zip(rows, kinds):
            counts.setdefault(key, Counter())[len(row.slots)] += 1
        self.usual = {key: count.most_common(1)[0][0] for key, count in counts.items()}
        self.alike = Counter((key[0], shape) for key, shape in zip(kinds, shapes))
        # A row with more figures than columns, or one too long by one with figures at both ends, has one that is
        # none of the form's. Then a row as long with as many figures as columns has that one too, and may lack another.
        self.more = {
            (key[0], shape[0], key[2])
            for key, shape in zip(kinds, shapes)
            if len(shape[1]) > key[2] or (_is_parted(key, shape) and self.alike[key[0], shape] == 1)
        }
        self.shapes: dict[Kind, set[Shape]] = {}
        for key, shape in zip(kinds, shapes):
            if self.is_full(key, shape):
                self.shapes.setdefault(key, set()).add(shape)
        self.edges = _column_edges(rows, [key[2] for key in kinds])
        self.by_heads = _by_heads(rows, kinds, heads)

    def is_full(self, key: Kind, shape: Shape) -> bool:
        """Whether a row has a figure for every column for certain."""
        count, filled = shape
        return len(filled) == key[2] > 0 and (key[0], count, key[2]) not in self.more


def _is_parted(key: Kind, shape: Shape) -> bool:
    """Whether the blanks of a row too long by one stand among its figures."""
    count, filled = shape
    return count == key[2] + 1 and 1 < len(filled) <= key[2] == filled[-1] - filled[0]


def _by_heads(
    rows: Sequence[Row], kinds: Sequence[Kind], heads: Callable[[Row], Sequence[Head]]
) -> dict[int, Slots | None]:
    """Return the cells of rows that stand under the heads of their grid; rows as long must all do so."""
    above = {id(row): heads(row) for row in rows if row.in_grid}
    grids = {row.grid for row in rows if above.get(id(row))}
    empty = {grid: empty_columns([row for row in rows if row.grid == grid]) for grid in grids}
    lengths = {id(row): (row.grid, len(row.slots), key[2]) for row, key in zip(rows, kinds) if above.get(id(row))}
    under = {id(row): cells_under(row, above[id(row)], empty[row.grid]) for row in rows if id(row) in lengths}
    beside = {lengths[number] for number, slots in under.items() if slots is None}
    return {number: slots for number, slots in under.items() if lengths[number] not in beside}


def _by_shape(row: Row, key: Kind, told: _Table, only_labels_merge: bool) -> Slots | None:
    """Place a row of a flattened table with bars or tabs like the full rows of its kind."""
    width, filled = key[2], row.filled()
    if told.is_full(key, (len(row.slots), tuple(filled))):
        # Where one of them is a label that is not known, a figure is wanting.
        return None if _has_label(row) else [row.slots[place] for place in filled]
    if key in told.shapes:
        return _like_full_rows(row, told.shapes[key])
    if row.grid == BARS or len(row.slots) != told.usual[key] or len(row.slots) < width:
        return None
    extra = len(row.slots) - width
    if extra and not only_labels_merge:
        return None
    return row.slots[extra:] if not any(place < extra for place in filled) else None


def _by_order(row: Row, width: int) -> Slots | None:
    """Place a row of flattened text without bars: blanks are lost, so all cells must be there."""
    if not row.words:
        return row.slots if len(row.slots) == width else None
    is_long = any(len(text) > _LONGEST_TEXT_IN_CELL for text in _words(row))
    if len(row.slots) == width and not is_long and not _has_label(row):
        return row.slots
    return row.slots[:width] if min(row.words) == width else None


def _words(row: Row) -> list[str]:
    return [row.slots[place].text for place in row.words]  # type: ignore[union-attr]


def _has_label(row: Row) -> bool:
    """Whether words among the cells are a label, or end as the row's own does: the rest of it, in other words."""
    end = official_items(row.part).get(row.item or "", "")[-_SAME_END:]
    words = [bare(text) for text in _words(row)]
    is_rest = 0 in row.words and bool(end) and any(word.endswith(end) for word in words)
    return is_rest or any(begins_label(word) or resembles_item(word, row.part) >= _LIKE_A_LABEL for word in words)


def _by_grid(row: Row, key: Kind, told: _Table) -> Slots | None:
    width, edges = key[2], told.edges.get(row.grid)
    if len(row.slots) > width and row.words and edges:
        row = _without_rest_of_label(row, edges)
    if len(row.slots) == width:
        return row.slots
    filled = row.filled()
    if told.is_full(key, (len(row.slots), tuple(filled))):
        return [row.slots[place] for place in filled]
    by_edges = _by_edges(row, edges) if edges and len(edges) == width else None
    return by_edges or _like_full_rows(row, told.shapes.get(key, set()))


def _like_full_rows(row: Row, told: set[Shape]) -> Slots | None:
    """Place the cells where the full rows have theirs, if all of those agree."""
    if len(told) != 1:
        return None
    count, places = next(iter(told))
    fits = len(row.slots) == count and set(row.filled()) <= set(places)
    return [row.slots[place] for place in places] if fits else None


def _without_rest_of_label(row: Row, edges: Edges) -> Row:
    """Leave words out that stand before the first column."""
    outside = {place for place in row.words if row.slots[place].column < edges[0][0]}  # type: ignore[union-attr]
    kept = [cell for place, cell in enumerate(row.slots) if place not in outside]
    return replace(row, slots=kept)


def _column_edges(rows: Sequence[Row], widths: Sequence[int]) -> dict[str, Edges]:
    """Return where the columns of each grid stand, from its rows that have them all."""
    seen: dict[str, Counter[tuple[tuple[int, int], ...]]] = {}
    for row, width in zip(rows, widths):
        filled = [row.slots[place] for place in row.filled()]
        cells = filled if len(filled) == width else row.slots
        if row.in_grid and len(cells) == width and None not in cells:
            edges = tuple((cell.column, cell.column + cell.colspan) for cell in cells if cell)
            seen.setdefault(row.grid, Counter())[edges] += 1
    return {grid: list(counts.most_common(1)[0][0]) for grid, counts in seen.items()}


def _by_edges(row: Row, edges: Edges) -> Slots | None:
    """Place the cells of a row with merged cells: it must fill the table's width, and a cell its column."""
    own = [cell for cell in row.slots if cell is not None]
    if not own or len(own) > len(edges):
        return None
    spans = [(cell.column, cell.column + cell.colspan) for cell in own]
    is_whole = spans[0][0] == edges[0][0] and spans[-1][1] == edges[-1][1]
    if not is_whole or sum(stop - start for start, stop in spans) != edges[-1][1] - edges[0][0]:
        return None
    by_edge: dict[tuple[int, int], Cell] = dict(zip(spans, own))
    if any(cell.text.strip() and span not in edges for span, cell in by_edge.items()):
        return None
    return [by_edge.get(edge) for edge in edges]
