"""The layout of the official tables: which label and which cell stands where, over how many rows and columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from toolkit.face.words import GROUPS, WORDS
from toolkit.reports.form import FORMS, FormCell, form_cells

Key = tuple[str, str, str]

_OUTCOMES = "三、本年度办理结果"
_LABEL_COLUMNS = 3
# Blocks of 第二十条 have one, two or three columns of figures, which share one grid.
_FIGURE_COLUMNS = 6
_TEN_THOUSAND_YUAN = "万元"
_ORGANISATIONS = ("business", "research", "public_interest", "legal_service", "other_organisation")


@dataclass(frozen=True, slots=True)
class Box:
    """A label or, with a ``key``, a cell of the form, and the rows and columns it covers."""

    label: str
    rows: int = 1
    columns: int = 1
    key: Key | None = None
    is_row_label: bool = False


#: A table as rows of boxes; a place that a box above or beside it covers is not repeated.
Layout = list[list[Box]]


def layouts(part: str, keys: Collection[Key], lang: str) -> list[Layout]:
    """Return the official tables of a part with the cells that a report has.

    Parameters
    ----------
    part : {"active_disclosure", "applications", "disputes"}
    keys : collection of (part, item, category)
        The cells of the report, of one form or of both.
    lang : {"zh", "en"}

    Returns
    -------
    list of Layout
        None where the report has no cell of the part.

    Examples
    --------
    >>> keys = [cell.key for cell in form_cells("2021")]
    >>> [len(table) for table in layouts("applications", keys, "zh")]
    [28]
    >>> [box.label for box in layouts("disputes", keys, "zh")[0][0]]
    ['行政复议', '行政诉讼']
    """
    cells = _cells(part, keys)
    if not cells:
        return []
    return {"active_disclosure": _active, "applications": _applications, "disputes": _disputes}[part](cells, lang)


def _cells(part: str, keys: Collection[Key]) -> list[FormCell]:
    """Return the report's cells of a part, each once, in the form's order.

    Labels are those of the form that the report's block follows: of two forms that
    share a cell, the one that has more of the block's cells.
    """
    found: dict[Key, FormCell] = {}
    forms = [[cell for cell in form_cells(form) if cell.part == part] for form in FORMS]
    for block in dict.fromkeys(cell.block for form in forms for cell in form):
        blocks = [[cell for cell in form if cell.block == block] for form in forms]
        for cells in sorted(blocks, key=lambda cells: -sum(cell.key in keys for cell in cells) / max(len(cells), 1)):
            for cell in cells:
                if cell.key in keys:
                    found.setdefault(cell.key, cell)
    order = {key: place for place, key in enumerate(_order(forms))}
    return sorted(found.values(), key=lambda cell: order[cell.key])


def _order(forms: Sequence[Sequence[FormCell]]) -> list[Key]:
    """Return the keys of both forms in one order: what only one has stands behind what precedes it there."""
    merged = [cell.key for cell in forms[-1]]
    place = 0
    for cell in forms[0]:
        if cell.key in merged:
            place = merged.index(cell.key) + 1
        else:
            merged.insert(place, cell.key)
            place += 1
    return merged


def _item(cell: FormCell, lang: str) -> str:
    if lang == "zh":
        return cell.item_label
    item = cell.english.rpartition(": ")[0]
    # The group's own label stands beside: "Denied: state secret".
    return item.partition(": ")[2] or item if cell.group and cell.group != _OUTCOMES else item


def _category(cell: FormCell, lang: str) -> str:
    if lang == "zh":
        return cell.category_label
    unit = " (10,000 yuan)" if _TEN_THOUSAND_YUAN in cell.category_label else ""
    return cell.english.rpartition(": ")[2] + unit


def _value(cell: FormCell, columns: int = 1) -> Box:
    return Box("", columns=columns, key=cell.key)


def _active(cells: Sequence[FormCell], lang: str) -> list[Layout]:
    """One table, in which every block of 第二十条 divides the columns of figures among its own."""
    table: Layout = []
    for _, group in groupby(cells, key=lambda cell: cell.block):
        block = list(group)
        columns = {cell.category: cell for cell in block}
        width = _FIGURE_COLUMNS // len(columns)
        title = block[0].group if lang == "zh" else f"Article {block[0].clause.removeprefix('art. ')}"
        table.append([Box(title, columns=1 + _FIGURE_COLUMNS)])
        heads = [Box(_category(cell, lang), columns=width) for cell in columns.values()]
        table.append([Box(WORDS[lang]["content"]), *heads])
        for _, row in groupby(block, key=lambda cell: cell.item):
            table.append(_active_row({cell.category: cell for cell in row}, list(columns), width, lang))
    return [table]


def _active_row(row: Mapping[str, FormCell], columns: Sequence[str], width: int, lang: str) -> list[Box]:
    values = [_value(row[name], width) if name in row else Box("", columns=width) for name in columns]
    return [Box(_item(next(iter(row.values())), lang), is_row_label=True), *values]


def _applications(cells: Sequence[FormCell], lang: str) -> list[Layout]:
    rows = [list(row) for _, row in groupby(cells, key=lambda cell: cell.item)]
    table = _applicants(rows[0], lang)
    n_outcomes = sum(row[0].group != "" for row in rows)
    outcomes_begun = False
    for group, members in groupby(rows, key=lambda row: row[0].group):
        together = list(members)
        for place, row in enumerate(together):
            boxes: list[Box] = []
            if group and not outcomes_begun:
                outcomes_begun = True
                boxes.append(Box(_group(_OUTCOMES, lang), rows=n_outcomes, is_row_label=True))
            if group and group != _OUTCOMES and place == 0:
                boxes.append(Box(_group(group, lang), rows=len(together), is_row_label=True))
            covered = 0 if not group else 1 if group == _OUTCOMES else 2
            boxes.append(Box(_item(row[0], lang), columns=_LABEL_COLUMNS - covered, is_row_label=True))
            table.append([*boxes, *(_value(cell) for cell in row)])
    return [table]


def _group(label: str, lang: str) -> str:
    return label if lang == "zh" else GROUPS.get(label, label)


def _applicants(row: Sequence[FormCell], lang: str) -> Layout:
    """The three header rows of the table of applications."""
    words = WORDS[lang]
    corner = Box(words["identity"], rows=3, columns=_LABEL_COLUMNS)
    organisations = [cell for cell in row if cell.category in _ORGANISATIONS]
    second = [Box(_category(cell, lang), rows=2) for cell in row if cell.category not in _ORGANISATIONS]
    if organisations:
        second.insert(1, Box(words["organisations"], columns=len(organisations)))
    return [
        [corner, Box(words["applicants"], columns=len(row))],
        second,
        [Box(_category(cell, lang)) for cell in organisations],
    ]


def _disputes(cells: Sequence[FormCell], lang: str) -> list[Layout]:
    groups = [list(group) for _, group in groupby(cells, key=lambda cell: cell.item)]
    reviews = [cells for cells in groups if cells[0].item == "reconsideration"]
    suits = [cells for cells in groups if cells[0].item != "reconsideration"]
    top = [Box(_item(group[0], lang), rows=1, columns=len(group)) for group in reviews]
    top += [Box(WORDS[lang]["litigation"], columns=sum(map(len, suits)))] if suits else []
    second = [Box(_category(cell, lang), rows=2) for group in reviews for cell in group]
    second += [Box(_item(group[0], lang), columns=len(group)) for group in suits]
    third = [Box(_category(cell, lang)) for group in suits for cell in group]
    return [[top, second, third, [_value(cell) for group in groups for cell in group]]]
