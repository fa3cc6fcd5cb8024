"""A filled form as it is printed: tables of slots with spans, before any shape.

The writer changes slots (labels, texts, spans) and renders them; what stands
in a slot at the end is the truth against which a reader is measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from toolkit.errors import FormError
from toolkit.reports.form import FormCell, form_cells

Key = tuple[str, str, str]
Figure = int | Decimal | str | None
Outcome = tuple[str, Decimal | None]

#: Which form each block is taken from; the first is the form of all the others.
COMPOSITIONS: dict[str, tuple[str, dict[str, str]]] = {
    "2019": ("2019", {}),
    "2021": ("2021", {}),
    "mixed": ("2021", {"outcomes_other": "2019"}),
    "mixed_head": ("2021", {"art20_1": "2019"}),
}
CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
OUTCOMES = "三、本年度办理结果"


@dataclass(slots=True)
class Slot:
    """One printed cell: a label, or the place of a figure (then it has a key).

    ``allowed`` overrides what a reader may say about the cell: pairs of state
    and value. ``role`` is block, header, corner, group, label or value.
    """

    text: str
    rowspan: int = 1
    colspan: int = 1
    role: str = "label"
    key: Key | None = None
    allowed: frozenset[Outcome] | None = None


@dataclass(slots=True)
class Table:
    """A printed table: rows of the slots that begin in them."""

    part: str
    rows: list[list[Slot]] = field(default_factory=list)

    def slots(self) -> Iterator[Slot]:
        """Yield the slots in reading order."""
        for row in self.rows:
            yield from row


def compose(form: str) -> tuple[FormCell, ...]:
    """Return the cells of a form or of a mixture that provinces have printed.

    Parameters
    ----------
    form : {"2019", "2021", "mixed", "mixed_head"}
        ``mixed`` is form 2021 with one row 其他处理, ``mixed_head`` form 2021
        whose first block has the labels of 2019.

    Raises
    ------
    FormError
        If there is no composition of that name.

    Examples
    --------
    >>> [len(compose(form)) for form in COMPOSITIONS]
    [198, 200, 186, 200]
    """
    if form not in COMPOSITIONS:
        raise FormError(f"there is no composition {form!r}", f"one of {', '.join(COMPOSITIONS)}")
    base, other = COMPOSITIONS[form]
    cells: list[FormCell] = []
    for block, group in groupby(form_cells(base), key=lambda cell: cell.block):
        cells += [cell for cell in form_cells(other[block]) if cell.block == block] if block in other else group
    return tuple(cells)


def fill(form: str, figures: Mapping[Key, Figure]) -> list[Table]:
    """Return the form's three tables with the figures in their places.

    A figure that is ``None`` or not given has no cell at all; ``""`` is a
    cell that is there and empty.

    Examples
    --------
    >>> tables = fill("2021", {cell.key: 7 for cell in compose("2021")})
    >>> [sum(slot.key is not None for slot in table.slots()) for table in tables]
    [10, 175, 15]
    >>> [slot.text for slot in tables[1].rows[7]]
    ['（三）不予公开', '1.属于国家秘密', '7', '7', '7', '7', '7', '7', '7']
    """
    cells = compose(form)
    parts = {part: list(group) for part, group in groupby(cells, key=lambda cell: cell.part)}
    return [
        _active_disclosure(parts["active_disclosure"], figures),
        _applications(parts["applications"], figures),
        _disputes(parts["disputes"], figures),
    ]


def printed(figure: Figure) -> str:
    """Return a figure as it stands in a cell."""
    return figure if isinstance(figure, str) else str(figure)


def _values(cells: list[FormCell], figures: Mapping[Key, Figure], spans: tuple[int, ...]) -> list[Slot]:
    return [
        Slot(printed(figures[cell.key]), 1, span, "value", cell.key)
        for cell, span in zip(cells, spans, strict=True)
        if figures.get(cell.key) is not None
    ]


# Four grid columns; where a block has fewer, the last one is merged.
_SPANS = {3: (1, 1, 1), 2: (1, 2), 1: (3,)}


def _active_disclosure(cells: list[FormCell], figures: Mapping[Key, Figure]) -> Table:
    table = Table("active_disclosure")
    for clause, group in groupby(cells, key=lambda cell: cell.group):
        items = [list(row) for _, row in groupby(group, key=lambda cell: cell.item)]
        spans = _SPANS[len(items[0])]
        heads = [Slot(cell.category_label, 1, span, "header") for cell, span in zip(items[0], spans, strict=True)]
        table.rows.append([Slot(clause, 1, 4, "block")])
        table.rows.append([Slot("信息内容", role="header"), *heads])
        table.rows += [[Slot(row[0].item_label), *_values(row, figures, spans)] for row in items]
    return table


def _applications(cells: list[FormCell], figures: Mapping[Key, Figure]) -> Table:
    items = [list(row) for _, row in groupby(cells, key=lambda cell: cell.item)]
    table = Table("applications", _applicant_header([cell.category_label for cell in items[0]]))
    sizes = {group: len(list(rows)) for group, rows in groupby(items, key=lambda row: row[0].group)}
    inside, seen = len(items) - sum(not row[0].group for row in items), set[str]()
    for row in items:
        group, label = row[0].group, row[0].item_label
        slots: list[Slot] = []
        if group and OUTCOMES not in seen:
            slots.append(Slot(OUTCOMES, inside, 1, "group"))
            seen.add(OUTCOMES)
        nested = group not in ("", OUTCOMES) and group != label
        if nested and group not in seen:
            slots.append(Slot(group, sizes[group], 1, "group"))
            seen.add(group)
        slots.append(Slot(label, 1, 1 if nested else 2 if group else 3))
        table.rows.append(slots + _values(row, figures, (1,) * 7))
    return table


def _applicant_header(labels: list[str]) -> list[list[Slot]]:
    return [
        [Slot(CORNER, 3, 3, "corner"), Slot("申请人情况", 1, 7, "header")],
        [
            Slot(labels[0], 2, 1, "header"),
            Slot("法人或其他组织", 1, 5, "header"),
            Slot(labels[-1], 2, 1, "header"),
        ],
        [Slot(label, role="header") for label in labels[1:-1]],
    ]


def _disputes(cells: list[FormCell], figures: Mapping[Key, Figure]) -> Table:
    routes = [list(route) for _, route in groupby(cells, key=lambda cell: cell.item)]
    heads = [[Slot(cell.category_label, role="header") for cell in route] for route in routes]
    for slot in heads[0]:
        slot.rowspan = 2
    return Table(
        "disputes",
        [
            [Slot("行政复议", 1, 5, "header"), Slot("行政诉讼", 1, 10, "header")],
            [*heads[0], *(Slot(route[0].item_label, 1, 5, "header") for route in routes[1:])],
            heads[1] + heads[2],
            _values(cells, figures, (1,) * 15),
        ],
    )
