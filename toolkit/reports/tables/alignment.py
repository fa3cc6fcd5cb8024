"""What an alignment finds: cells with their place, values without, the form of each block."""

from __future__ import annotations

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
    """What was found: cells with their place, values without, the form of each block."""

    placed: list[Placed] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    forms: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def keep_unplaced(row: Row, found: Alignment) -> None:
    """Keep the values of a row whose columns cannot be told."""
    cells = [cell for cell in row.slots if cell is not None and cell.text.strip() and looks_like_value(fold(cell.text))]
    if cells:
        found.unplaced.append(Unplaced(row.part, row.item or "", cells))
