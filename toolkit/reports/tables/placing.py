"""Which of a row's cells belongs to which column: in order, by place, or not to be told.

A row with as many cells as columns is read in order. Flattened text keeps blanks for
merged cells too; how many, and where, the full rows of the same kind in the
same table tell. A row that fits none of them is left unplaced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence

from toolkit.reports.document import Cell
from toolkit.reports.tables.labels import bare, begins_label, resembles_item
from toolkit.reports.tables.rows import Row
from toolkit.reports.tables.tokens import BARS, LOST, PLAIN

Slots = list[Cell | None]
Edges = list[tuple[int, int]]

_LONGEST_TEXT_IN_CELL = 6
_LIKE_A_LABEL = 60


def place_rows(
    rows: Sequence[Row],
    width: Callable[[Row], int],
    kind: Callable[[Row, Row | None], Hashable],
    only_labels_merge: bool = False,
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
    """
    if all(len(row.slots) == width(row) and row.in_grid for row in rows):
        return [row.slots for row in rows]
    kinds = [(row.grid, kind(row, after), width(row)) for row, after in zip(rows, [*rows[1:], None])]
    shapes = _shapes(rows, kinds)
    usual = _usual_counts(rows, kinds)
    edges = _column_edges(rows, width)
    places: list[Slots | None] = []
    for row, key in zip(rows, kinds):
        if row.grid == LOST:
            places.append(None)
        elif row.in_grid:
            places.append(_by_grid(row, key, shapes, edges.get(row.grid)))
        elif row.grid == PLAIN:
            places.append(_by_order(row, key[2]))
        else:
            places.append(_by_shape(row, key, shapes, usual, only_labels_merge))
    return places


Kind = tuple[str, Hashable, int]


def _shapes(rows: Sequence[Row], kinds: Sequence[Kind]) -> dict[Kind, set[tuple[int, tuple[int, ...]]]]:
    """Return what the full rows of each kind tell: how many cells there are, and which are the columns."""
    shapes: dict[Kind, set[tuple[int, tuple[int, ...]]]] = {}
    for row, key in zip(rows, kinds):
        filled = row.filled()
        if len(filled) == key[2]:
            shapes.setdefault(key, set()).add((len(row.slots), tuple(filled)))
    return shapes


def _usual_counts(rows: Sequence[Row], kinds: Sequence[Kind]) -> dict[Kind, int]:
    counts: dict[Kind, Counter[int]] = {}
    for row, key in zip(rows, kinds):
        counts.setdefault(key, Counter())[len(row.slots)] += 1
    return {key: count.most_common(1)[0][0] for key, count in counts.items()}


def _by_shape(
    row: Row,
    key: Kind,
    shapes: dict[Kind, set[tuple[int, tuple[int, ...]]]],
    usual: dict[Kind, int],
    only_labels_merge: bool,
) -> Slots | None:
    """Place a row of a flattened table with bars or tabs like the full rows of its kind."""
    width, filled = key[2], row.filled()
    if len(filled) == width:
        return [row.slots[place] for place in filled]
    told = shapes.get(key, set())
    if told:
        return _like_full_rows(row, told)
    if row.grid == BARS or len(row.slots) != usual[key] or len(row.slots) < width:
        return None
    extra = len(row.slots) - width
    if extra and not only_labels_merge:
        return None
    return row.slots[extra:] if not any(place < extra for place in filled) else None


def _by_order(row: Row, width: int) -> Slots | None:
    """Place a row of flattened text without bars: blanks are lost, so all cells must be there."""
    if not row.words:
        return row.slots if len(row.slots) == width else None
    texts = [row.slots[place].text for place in row.words]  # type: ignore[union-attr]
    if len(row.slots) == width and all(_is_text_in_cell(text, row.part) for text in texts):
        return row.slots
    return row.slots[:width] if min(row.words) == width else None


def _is_text_in_cell(text: str, part: str) -> bool:
    if len(text) > _LONGEST_TEXT_IN_CELL or begins_label(bare(text)):
        return False
    return resembles_item(text, part) < _LIKE_A_LABEL


def _by_grid(
    row: Row, key: Kind, shapes: dict[Kind, set[tuple[int, tuple[int, ...]]]], edges: Edges | None
) -> Slots | None:
    width = key[2]
    if len(row.slots) == width:
        return row.slots
    if len(row.slots) > width and row.words and edges:
        row = _without_rest_of_label(row, edges)
    filled = row.filled()
    if len(filled) == width:
        return [row.slots[place] for place in filled]
    if len(row.slots) > width and edges:
        row = _within(row, edges)
    if len(row.slots) == width:
        return row.slots
    return _by_edges(row, edges) or _like_full_rows(row, shapes.get(key, set()))


def _like_full_rows(row: Row, told: set[tuple[int, tuple[int, ...]]]) -> Slots | None:
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
    return Row(row.part, row.item, row.label, row.grid, kept)


def _within(row: Row, edges: Edges) -> Row:
    """Leave blank cells beside the columns out."""
    kept: Slots = [
        cell for cell in row.slots if cell is None or cell.text.strip() or edges[0][0] <= cell.column < edges[-1][1]
    ]
    return Row(row.part, row.item, row.label, row.grid, kept)


def _column_edges(rows: Sequence[Row], width: Callable[[Row], int]) -> dict[str, Edges]:
    """Return where the columns of each grid stand, from its rows that have them all."""
    seen: dict[str, Counter[tuple[tuple[int, int], ...]]] = {}
    for row in rows:
        filled = [row.slots[place] for place in row.filled()]
        cells = filled if len(filled) == width(row) else row.slots
        if row.in_grid and len(cells) == width(row) and None not in cells:
            edges = tuple((cell.column, cell.column + cell.colspan) for cell in cells if cell)
            seen.setdefault(row.grid, Counter())[edges] += 1
    return {grid: list(counts.most_common(1)[0][0]) for grid, counts in seen.items()}


def _by_edges(row: Row, edges: Edges | None) -> Slots | None:
    """Place the cells of a row with merged cells: it must fill the table's width, and a cell its column."""
    own = [cell for cell in row.slots if cell is not None]
    if not edges or not own or len(own) > len(edges):
        return None
    spans = [(cell.column, cell.column + cell.colspan) for cell in own]
    is_whole = spans[0][0] == edges[0][0] and spans[-1][1] == edges[-1][1]
    if not is_whole or sum(stop - start for start, stop in spans) != edges[-1][1] - edges[0][0]:
        return None
    by_edge: dict[tuple[int, int], Cell] = dict(zip(spans, own))
    if any(cell.text.strip() and span not in edges for span, cell in by_edge.items()):
        return None
    return [by_edge.get(edge) for edge in edges]
