"""The shapes in which saved text holds a report's tables.

Every shape takes a draft and returns its lines as text. Shapes that drop
empty cells or part cells by blanks only say so in ``TEXT_SHAPES``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from toolkit.simulation.draft import Draft
from toolkit.simulation.sheet import Slot, Table


def write_text(report: Draft, table_lines: Callable[[Table], list[str]], *, gap: str = "\n\n") -> str:
    """Return the report as text, its tables as the lines of one shape.

    Examples
    --------
    >>> from toolkit.simulation.draft import distinct_figures, draft
    >>> text = write_text(draft("2021", distinct_figures("2021")), cell_lines)
    >>> text.split("\\n\\n")[9:13]
    ['本年制发件数', '本年废止件数', '现行有效件数', '规章']
    """
    parts = [report.title, report.mark, f"  • 时间:{report.published} 09:40\n  • 浏览次数:\n  • 来源:{report.agency}"]
    parts += report.preamble
    for chapter in report.chapters:
        parts.append(chapter.heading)
        for block in chapter.blocks:
            parts += table_lines(block) if isinstance(block, Table) else [block]
    parts += [*report.closing, "扫一扫在手机打开当前页"]
    text = gap.join(parts) + "\n"
    for change in report.text_changes:
        text = change(text)
    return text


def cell_lines(table: Table) -> list[str]:
    """One cell a line; empty cells leave no trace."""
    return [slot.text for slot in table.slots() if slot.text.strip()]


def padded_cell_lines(table: Table) -> list[str]:
    """One cell a line with blanks and no-break spaces around figures, as pasted from a page."""
    pads = [" \xa0{}", " {}", "{} ", "\xa0\xa0{}\xa0"]
    return [
        pads[place % len(pads)].format(slot.text) if slot.key else slot.text
        for place, slot in enumerate(table.slots())
        if slot.text.strip()
    ]


def bar_after_cell(table: Table) -> list[str]:
    """``cell |`` on a line of its own; a merged cell is followed by a line of bars."""
    return ["\n".join(line for slot in table.slots() for line in _with_bars(slot))]


def _with_bars(slot: Slot) -> Iterator[str]:
    yield f"{_flat(slot.text)} |".strip()
    if slot.colspan > 1:
        yield "|" * (slot.colspan - 1)


def bar_before_row(table: Table) -> list[str]:
    """A line with a bar begins each row, then ``cell |`` lines."""
    return ["\n".join(line for row in table.rows for line in ["|", *(f"{_flat(slot.text)} |".strip() for slot in row)])]


def alternate_bars(table: Table) -> list[str]:
    """Cell and bar on alternate lines."""
    return ["\n".join(line for slot in table.slots() for line in (_flat(slot.text), "|"))]


def barred_rows(table: Table) -> list[str]:
    """``| a | b |``, one row a line, merged cells as further bars."""
    return ["\n".join("| " + _joined(row) for row in table.rows)]


def open_rows(table: Table) -> list[str]:
    """``a | b |``, one row a line."""
    return ["\n".join(_joined(row) for row in table.rows)]


def _joined(row: list[Slot]) -> str:
    return " ".join(_flat(slot.text) + " " + "|" * slot.colspan for slot in row)


def one_line(table: Table) -> list[str]:
    """Every cell on one line, parted by a blank."""
    return [" ".join(_flat(slot.text) for slot in table.slots() if slot.text.strip())]


def tabbed_rows(table: Table) -> list[str]:
    """Rows of cells parted by tabs, as pasted from Word or Excel; covered places are empty."""
    return ["\n".join("\t".join(row) for row in _spread(table))]


def _spread(table: Table) -> list[list[str]]:
    covered: dict[tuple[int, int], str] = {}
    width = max(sum(slot.colspan for slot in row) for row in table.rows)
    for number, row in enumerate(table.rows):
        column = 0
        for slot in row:
            while (number, column) in covered:
                column += 1
            for down in range(slot.rowspan):
                for right in range(slot.colspan):
                    covered[number + down, column + right] = "" if down or right else _flat(slot.text)
            column += slot.colspan
            if slot.key:
                # A merged figure is one cell; an empty one behind it would be another figure's place.
                for right in range(1, slot.colspan):
                    del covered[number, column - right]
    places = [[column for column in range(width) if (row, column) in covered] for row in range(len(table.rows))]
    return [[covered[row, column] for column in columns] for row, columns in enumerate(places)]


def visual_lines(table: Table) -> list[str]:
    """Lines as a page shows them: long labels wrapped, figures beside them, page numbers between.

    The group label of the outcomes stands upright, one character a line.
    """
    lines: list[str] = []
    upright = list("三、本年度办理结果")
    for row in table.rows:
        labels = [slot for slot in row if slot.key is None]
        if any(slot.rowspan > 15 for slot in labels):
            labels = [slot for slot in labels if slot.rowspan <= 15]
        figures = " ".join(_flat(slot.text) for slot in row if slot.key is not None)
        pieces = [piece for slot in labels for piece in _wrapped(_flat(slot.text))] if figures else []
        if not figures:
            lines.append(" ".join(_flat(slot.text) for slot in labels))
            continue
        lines += pieces[:-1]
        lines.append(f"{pieces[-1] if pieces else ''} {figures}".strip())
        if table.part == "applications" and len(lines) > 12 and upright:
            lines.append(upright.pop(0))
        if len(lines) in (15, 16, 30, 31):
            lines += ["-3-" if len(lines) < 20 else "— 4 —"]
    return ["\n".join(lines)]


def _wrapped(label: str, width: int = 14) -> list[str]:
    return [label[start : start + width] for start in range(0, len(label), width)]


def _flat(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text)


def layout_bars(report: Draft) -> str:
    """The whole article in one layout table: every paragraph and row between bars."""
    text = write_text(report, barred_rows, gap="\n")
    return "\n".join(line if line.startswith("|") else f"| {line} |||||||||" for line in text.splitlines() if line)


#: What stands between two paragraphs in the shapes that leave a line empty; a line break in all others.
GAPS = dict.fromkeys(
    (
        *("text_cell_lines", "text_padded_lines", "text_bar_after_cell", "text_bar_before_row"),
        *("text_alternate_bars", "text_barred_rows"),
    ),
    "\n\n",
)

#: Name -> (writer, keeps empty cells, parts cells by more than blanks).
TEXT_SHAPES: dict[str, tuple[Callable[[Draft], str], bool, bool]] = {
    "text_cell_lines": (lambda report: write_text(report, cell_lines), False, True),
    "text_padded_lines": (lambda report: write_text(report, padded_cell_lines), False, True),
    "text_bar_after_cell": (lambda report: write_text(report, bar_after_cell), False, True),
    "text_bar_before_row": (lambda report: write_text(report, bar_before_row), False, True),
    "text_alternate_bars": (lambda report: write_text(report, alternate_bars), False, True),
    "text_barred_rows": (lambda report: write_text(report, barred_rows), True, True),
    "text_open_rows": (lambda report: write_text(report, open_rows, gap="\n"), True, True),
    "text_one_line": (lambda report: write_text(report, one_line, gap="\n"), False, False),
    "text_all_on_one_line": (lambda report: write_text(report, one_line, gap=" ").replace("\n", " "), False, False),
    "text_tabbed_rows": (lambda report: write_text(report, tabbed_rows, gap="\n"), True, True),
    "text_visual_lines": (lambda report: write_text(report, visual_lines, gap="\n"), False, False),
    "text_layout_bars": (layout_bars, True, True),
}
