"""Tables built otherwise than the form: spans, groups, added and missing rows, split and absent tables."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from toolkit.simulation.draft import Draft
from toolkit.simulation.sheet import OUTCOMES, Slot, Table


def spans_differ(report: Draft, rng: random.Random) -> None:
    """Header cells span 1 + 2 columns over data cells that span 2 + 1, in five grid columns."""
    for table in _named(report, "active_disclosure"):
        for row in table.rows:
            if len(row) == 1:
                row[0].colspan = 5
                continue
            headed = row[0].text == "信息内容" or row[0].role == "header"
            spans = {4: (1, 1, 2, 1) if headed else (1, 2, 1, 1), 3: (1, 1, 3) if headed else (1, 2, 2), 2: (1, 4)}
            for slot, span in zip(row, spans.get(len(row), ()), strict=False):
                slot.colspan = span


def groups_with_empty_cells(report: Draft, rng: random.Random) -> None:
    """Group labels without rowspan: empty cells stand below them."""
    _fill_groups(report, lambda text: "")


def groups_repeated(report: Draft, rng: random.Random) -> None:
    """Group labels without rowspan, repeated in every row."""
    _fill_groups(report, lambda text: text)


def groups_merged(report: Draft, rng: random.Random) -> None:
    """Group and row label in one cell: （三）不予公开1.属于国家秘密."""
    for table in _named(report, "applications"):
        group, left = "", 0
        for row in table.rows:
            nested = [slot for slot in row if slot.role == "group" and slot.text != OUTCOMES]
            if nested:
                group, left = nested[0].text, nested[0].rowspan
                row.remove(nested[0])
            if left:
                label = next(slot for slot in row if slot.role == "label")
                label.text, label.colspan = group + label.text, 2
                left -= 1


def groups_in_own_rows(report: Draft, rng: random.Random) -> None:
    """Each group label in a row of its own, without figures."""
    for table in _named(report, "applications"):
        rows: list[list[Slot]] = []
        for row in table.rows:
            for group in [slot for slot in row if slot.role == "group"]:
                row.remove(group)
                rows.append([Slot(group.text, 1, 10, "group")])
            for slot in row:
                slot.colspan = 3 if slot.role == "label" else slot.colspan
            rows.append(row)
        table.rows = rows


def groups_dropped(report: Draft, rng: random.Random) -> None:
    """Group labels lost; only the rows' own labels are left."""
    for table in _named(report, "applications"):
        for row in table.rows:
            row[:] = [slot for slot in row if slot.role != "group"]
            for slot in row:
                slot.colspan = 3 if slot.role == "label" else slot.colspan


def group_upright(report: Draft, rng: random.Random) -> None:
    """三、本年度办理结果 one character a line in its merged cell."""
    for slot in report.slots("group"):
        if slot.text == OUTCOMES:
            slot.text = "\n".join(OUTCOMES)


def group_scattered(report: Draft, rng: random.Random) -> None:
    """三、本年度办理结果 one character a row, the merged cell lost."""
    for table in _named(report, "applications"):
        place = next(number for number, row in enumerate(table.rows) if any(slot.text == OUTCOMES for slot in row))
        inside = table.rows[place][0].rowspan
        del table.rows[place][0]
        for offset in range(inside):
            character = OUTCOMES[offset // 2] if offset % 2 == 0 and offset // 2 < len(OUTCOMES) else ""
            table.rows[place + offset].insert(0, Slot(character, role="group"))


def _fill_groups(report: Draft, below: Callable[[str], str]) -> None:
    for table in _named(report, "applications"):
        open_groups: list[tuple[str, int]] = []
        for row in table.rows:
            own = [slot for slot in row if slot.role == "group"]
            carried = [Slot(below(text), role="group") for text, left in open_groups if left]
            open_groups = [(text, left - 1) for text, left in open_groups if left]
            open_groups += [(slot.text, slot.rowspan - 1) for slot in own]
            for slot in own:
                slot.rowspan = 1
            row[0:0] = carried


def row_added(report: Draft, rng: random.Random) -> None:
    """A province's own row 其他主动公开文件 below 规范性文件."""
    for table in _named(report, "active_disclosure"):
        place = next(number for number, row in enumerate(table.rows) if row[0].text.endswith("规范性文件"))
        figures = [Slot(str(rng.randrange(90_001, 99_999))) for _ in range(3)]
        table.rows.insert(place + 1, [Slot("其他主动公开文件"), *figures])


def row_added_applications(report: Draft, rng: random.Random) -> None:
    """A row 其中：网络申请 below the applications received."""
    for table in _named(report, "applications"):
        place = next(number for number, row in enumerate(table.rows) if row[0].text.startswith("一、"))
        figures = [Slot(str(rng.randrange(90_001, 99_999))) for _ in range(7)]
        table.rows.insert(place + 1, [Slot("其中：网络申请数量", 1, 3), *figures])


def total_first(report: Draft, rng: random.Random) -> None:
    """The column 总计 stands before 自然人."""
    for table in _named(report, "applications"):
        for row in table.rows:
            last = row[-1]
            if last.key:
                row.insert(len(row) - 7, row.pop())
            elif last.role == "header" and last.rowspan == 2 and len(row) == 3:
                row.insert(0, row.pop())


def legal_persons_renamed(report: Draft, rng: random.Random) -> None:
    """法人或非法人组织 above the five columns of legal persons, the words of the Civil Code."""
    for slot in report.slots("header"):
        slot.text = slot.text.replace("法人或其他组织", "法人或非法人组织")


def head_lost(report: Draft, rng: random.Random) -> None:
    """One head of the applicants is an empty cell."""
    for table in _named(report, "applications"):
        rng.choice([slot for slot in table.slots() if slot.role == "header" and slot.colspan == 1]).text = ""


def litigation_first(report: Draft, rng: random.Random) -> None:
    """行政诉讼 stands before 行政复议, its two blocks too the other way round."""
    for table in _named(report, "disputes"):
        above, middle, below, figures = table.rows
        table.rows = [
            above[::-1],
            [*middle[:4:-1], *middle[:5]],
            [*below[5:], *below[:5]],
            [slot for route in _routes(figures)[::-1] for slot in route],
        ]


def disputes_apart(report: Draft, rng: random.Random) -> None:
    """Review and litigation in two tables, one below the other."""
    for chapter in report.chapters:
        for place, block in enumerate(chapter.blocks):
            if isinstance(block, Table) and block.part == "disputes":
                above, middle, below, figures = block.rows
                reviewed, *sued = _routes(figures)
                review = [above[:1], middle[:5], reviewed]
                for slot in middle[:5]:
                    slot.rowspan = 1
                litigation = Table("disputes", [above[1:], middle[5:], below, sued[0] + sued[1]])
                chapter.blocks[place : place + 1] = [Table("disputes", review), litigation]
                return


def disputes_in_rows(report: Draft, rng: random.Random) -> None:
    """A row of five figures for review and for each kind of litigation, under one row of heads."""
    for table in _named(report, "disputes"):
        above, middle, _, figures = table.rows
        heads = [Slot(slot.text, role="header") for slot in middle[:5]]
        labels = [above[0].text, *(slot.text for slot in middle[5:])]
        rows = [[Slot(label), *route] for label, route in zip(labels, _routes(figures))]
        table.rows = [[Slot("类别", role="corner"), *heads], *rows]


def rows_numbered(report: Draft, rng: random.Random) -> None:
    """A column 序号 before the labels of the applications."""
    for table in _named(report, "applications"):
        number = 0
        for row in table.rows:
            if row[0].role == "corner":
                row.insert(0, Slot("序号", row[0].rowspan, role="header"))
            elif any(slot.key for slot in row):
                number += 1
                row.insert(0, Slot(str(number)))


def caption_inside(report: Draft, rng: random.Random) -> None:
    """The first row of each table tells its unit and who filled it in."""
    for table in report.tables():
        width = max(sum(slot.colspan for slot in row) for row in table.rows)
        table.rows.insert(
            0, [Slot(f"填报单位：{report.agency} 统计年度：{report.year}年 单位：件", 1, width, "caption")]
        )


def clauses_dropped(report: Draft, rng: random.Random) -> None:
    """The rows 第二十条第（一）项 … are lost."""
    for table in _named(report, "active_disclosure"):
        table.rows = [row for row in table.rows if row[0].role != "block"]


def table_split(report: Draft, rng: random.Random) -> None:
    """The table of applications is cut in two; the second part has no header."""
    for chapter in report.chapters:
        for place, block in enumerate(chapter.blocks):
            if isinstance(block, Table) and block.part == "applications":
                cut = next(number for number, row in enumerate(block.rows) if any("无法提供" in s.text for s in row))
                second = Table("applications", block.rows[cut:])
                for row in block.rows:
                    for slot in row:
                        slot.rowspan = min(slot.rowspan, 13)
                block.rows = block.rows[:cut]
                chapter.blocks.insert(place + 1, second)
                return


def table_absent(report: Draft, rng: random.Random) -> None:
    """A heading without its table: the applications are lost, with what the chapter left instead."""
    for chapter in report.chapters:
        if chapter.name == "applications":
            chapter.blocks = ["该部分以表格形式报告。表格如下:"]


def other_table(report: Draft, rng: random.Random) -> None:
    """A table of channels in the overview, with labels 其他 and 总计 of its own."""
    rows = [
        ("公开渠道", "信息条数"),
        ("政府网站", "90123"),
        ("政务新媒体", "90456"),
        ("其他", "90789"),
        ("总计", "271368"),
    ]
    report.chapters[0].blocks.append(Table("channels", [[Slot(text) for text in row] for row in rows]))


def prose_before_tables(report: Draft, rng: random.Random) -> None:
    """Sentences with figures before and after the tables of the chapters."""
    told = "本年度共收到政府信息公开申请90017件，其中自然人90011件，予以公开90012件，不予公开90013件，总计90014件。"
    for chapter in report.chapters[1:4]:
        chapter.blocks[0:0] = ["该部分以表格形式报告。表格如下：", told]
        chapter.blocks.append("本年度行政复议90021件，行政诉讼90022件，其他90023件。")


def _routes(figures: list[Slot]) -> list[list[Slot]]:
    """Return the figures of review, of litigation at once and of litigation after review; some may be lost."""
    items = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
    return [[slot for slot in figures if slot.key and slot.key[1] == item] for item in items]


def _named(report: Draft, part: str) -> Iterator[Table]:
    return (table for table in report.tables() if table.part == part)


TABLE_DEVIATIONS: dict[str, Callable[[Draft, random.Random], None]] = {
    "spans_differ": spans_differ,
    "groups_with_empty_cells": groups_with_empty_cells,
    "groups_repeated": groups_repeated,
    "groups_merged": groups_merged,
    "groups_in_own_rows": groups_in_own_rows,
    "groups_dropped": groups_dropped,
    "group_upright": group_upright,
    "group_scattered": group_scattered,
    "row_added": row_added,
    "row_added_applications": row_added_applications,
    "total_first": total_first,
    "legal_persons_renamed": legal_persons_renamed,
    "head_lost": head_lost,
    "litigation_first": litigation_first,
    "disputes_apart": disputes_apart,
    "disputes_in_rows": disputes_in_rows,
    "rows_numbered": rows_numbered,
    "caption_inside": caption_inside,
    "clauses_dropped": clauses_dropped,
    "table_split": table_split,
    "table_absent": table_absent,
    "other_table": other_table,
    "prose_before_tables": prose_before_tables,
}
