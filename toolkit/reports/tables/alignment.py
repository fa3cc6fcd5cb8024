"""What an alignment finds: cells with their place, values without, the form of each block."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from toolkit.reports.document import Cell
from toolkit.reports.folding import fold
from toolkit.reports.numbers import looks_like_value
from toolkit.reports.tables.rows import Row


@dataclass(slots=True)
class Placed:
    """A cell of the form found in the source; ``cell`` is None under a merged cell."""

    part: str
    item: str
    category: str
    cell: Cell | None
    header: str = ""


@dataclass(slots=True)
class Unplaced:
    """Values of a row whose columns cannot be told."""

    part: str
    item: str
    cells: list[Cell]


@dataclass(slots=True)
class Alignment:
    """What was found: cells with their place, values without, the form of each block.

    ``notes`` say what the reader of the figures should know, ``doubts`` are those
    notes that leave open whether the right table was read; ``seen`` are the
    parts whose table stands in the source, read or not.
    """

    placed: list[Placed] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    forms: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


def keep_unplaced(row: Row, found: Alignment, cells: Iterable[Cell | None] | None = None) -> None:
    """Keep the values of a row, or some of them, whose columns cannot be told."""
    known = [cell for cell in (row.slots if cells is None else cells) if cell is not None and cell.text.strip()]
    values = [cell for cell in known if looks_like_value(fold(cell.text))]
    if values:
        found.unplaced.append(Unplaced(row.part, row.item or "", values))
