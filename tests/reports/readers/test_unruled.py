"""Tables without lines, against tables whose every cell is known. All files are simulated."""

from __future__ import annotations

import pytest

from tests.reports.readers.raw_pdf import pdf, text
from toolkit.reports.readers.layout.unruled import with_unruled
from toolkit.reports.readers.pdf.reader import read_pdf

ACROSS = (260, 300, 340, 380, 420, 460, 500)
HEADER = ("自然人", "企业", "机构", "组织", "律所", "其他", "总计")
#: Labels, each one or more lines, and figures; ``""`` is a blank cell.
ROWS = [
    (["一、本年新收政府信息公开申请"], ["8041", "5760", "3", "-", "0", "12", "13816"]),
    (["（二）部分公开（区分处理的，", "只计这一情形）"], ["", "1", "2", "3", "4", "5", "15"]),
    (["1.属于国家秘密"], ["1", "2", "3", "4", "5", "", ""]),
    (
        ["2.申请人逾期未按收费通知", "要求缴纳费用、不再处理其", "政府信息公开申请"],
        ["1", "2", "3", "4", "5", "6", "21"],
    ),
    (["3.其他"], ["9", "8", "／", "6", "5", "4", "32"]),
]


def page(rows, align="middle", top=700, header=HEADER):
    drawn = [text(60, top, "三、收到和处理政府信息公开申请情况")] if header else []
    drawn += [text(x, top - 30, word) for x, word in zip(ACROSS, header)]
    y = top - 50
    for label, figures in rows:
        lines = [y - 13 * number for number in range(len(label))]
        drawn += [text(80, at, words) for at, words in zip(lines, label)]
        base = sum(lines) / len(lines) if align == "middle" else y
        drawn += [text(x, base, figure) for x, figure in zip(ACROSS, figures) if figure]
        y = lines[-1] - 20
    return drawn


def read(*pages):
    return [[[cell.text for cell in row] for row in grid.rows()] for grid in read_pdf(pdf([*pages])).grids()]


@pytest.mark.parametrize("align", ["middle", "top"])
def test_every_cell_stands_in_its_column(align):
    (table,) = read(page(ROWS, align))
    assert table == [list(HEADER), *[["".join(label), *figures] for label, figures in ROWS]]


def test_a_table_over_two_pages_is_one():
    (table,) = read(page(ROWS[:3]), page(ROWS[3:], header=()))
    assert table[1:] == [["".join(label), *figures] for label, figures in ROWS]


def test_a_row_out_of_line_is_not_placed():
    drawn = [*page(ROWS), text(80, 480, "（七）总计")]
    drawn += [text(x, 480, "77") for x in (275, 318, 355, 398, 436)]
    (table,) = read(drawn)
    assert table[-1] == ["（七）总计", "77  77  77  77  77"]


def test_words_of_merged_cells_stand_before_the_labels():
    drawn = page([(["1.属于国家秘密"], ["1"] * 7) for _ in range(6)])
    drawn += [text(44, 630, "（三）"), text(44, 610, "不予")]
    (table,) = read(drawn)
    assert [row[0] for row in table[1:]].count("1.属于国家秘密") == 4
    assert [row[:2] for row in table[1:] if len(row) == 9] == [["（三）", "1.属于国家秘密"], ["不予", "1.属于国家秘密"]]


@pytest.mark.parametrize(
    "rows",
    [
        [(["规章"], ["1", "2", "3"])] * 6,
        [(["一"], ["1", "2", "3", "4", "5"]), (["二"], ["", "", "1", "2", "3", "4", "5"])],
    ],
    ids=["three columns", "no three whole rows"],
)
def test_what_is_not_certain_stays_lines(rows):
    assert read(page(rows)) == []


def test_no_lines_no_table():
    assert with_unruled([]) == []
