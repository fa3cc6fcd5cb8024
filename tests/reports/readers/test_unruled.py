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


def doubts(*pages):
    (table,) = read_pdf(pdf([*pages])).grids()
    return [(cell.text, cell.doubtful) for cell in table.cells if cell.column > 1 and any(map(str.isdigit, cell.text))]


def test_labels_and_figures_that_end_at_the_bottom_of_their_cells():
    drawn = [text(60, 700, "三、收到和处理政府信息公开申请情况")]
    drawn += [text(x, 670, word) for x, word in zip(ACROSS, HEADER)]
    y = 655
    for label, figures in ROWS:
        for words in label:
            y -= 13
            drawn.append(text(80, y, words))
        drawn += [text(x, y, figure) for x, figure in zip(ACROSS, figures) if figure]
    (table,) = read(drawn)
    assert table == [list(HEADER), *[["".join(label), *figures] for label, figures in ROWS]]


def test_figures_wrapped_in_some_cells_of_a_row_and_set_in_the_middle_of_others_are_doubtful():
    drawn = page([(["1.属于国家秘密"], ["41", "52", "63", "74", "85", "96", "411"])] * 3)
    for y, figures in ((586, ("123", "", "", "", "", "", "456")), (580, ("", "7", "8", "9", "0", "1", ""))):
        drawn += [text(x, y, figure) for x, figure in zip(ACROSS, figures)]
    drawn += [text(80, 580, "2.重复申请"), text(ACROSS[0], 573, "4"), text(ACROSS[-1], 573, "7")]
    assert all(doubtful for figure, doubtful in doubts(drawn) if figure in ("123", "456", "4", "7"))


def test_figures_that_stand_in_no_columns_are_not_told_by_their_order():
    rows = [(f"{number}.重复申请", [260 + 40 * k + 17 * (number % 3) for k in range(7)]) for number in range(1, 7)]
    drawn = [text(60, 700, "三、收到和处理政府信息公开申请情况")]
    for place, (label, across) in enumerate(rows):
        drawn += [text(80, 650 - 20 * place, label)]
        drawn += [text(x, 650 - 20 * place, f"{place}{k}12") for k, x in enumerate(across)]
    (table,) = read(drawn)
    assert [len(row) for row in table] == [2] * 6
    assert table[0] == ["1.重复申请", "  ".join(f"0{k}12" for k in range(7))]


def test_a_row_of_figures_without_words_makes_the_whole_table_doubtful():
    drawn = page(
        [(["1.属于国家秘密"], ["41", "52", "63", "74", "85", "96", "411"]), ([""], ["", "", "", "", "", "7", ""])]
    )
    assert not any(doubtful for _, doubtful in doubts(page(ROWS)))
    assert all(doubtful for _, doubtful in doubts([*drawn, *page([(["3.其他"], ["1"] * 7)] * 12, top=610, header=())]))


def test_few_figures_near_those_that_stand_in_no_columns_are_not_told_by_their_order():
    drawn = [text(60, 700, "三、收到和处理政府信息公开申请情况")]
    lines = [("", (272013, 293496)), ("一、本年新收", (845, 801, 17, 42, 50)), ("", (7, 4)), ("二、结转", (99, 5))]
    for place, (label, figures) in enumerate(lines):
        drawn += [text(80, 650 - 12 * place, label)] if label else []
        drawn += [text(260 + 40 * k, 650 - 12 * place, str(figure)) for k, figure in enumerate(figures)]
    (table,) = read(drawn)
    assert table == [[label, "  ".join(map(str, figures))] for label, figures in lines]


def test_a_blank_beside_a_figure_printed_apart_is_doubtful():
    drawn = page([(["1.属于国家秘密"], ["4172"] * 7)] * 3, header=())
    drawn += [text(80, 580, "2.重复申请"), *[text(x, 580, "31") for x in ACROSS[:2] + ACROSS[4:]]]
    drawn += [text(ACROSS[3] + 9 * k - 10, 580, digit) for k, digit in enumerate("42773")]
    assert [
        cell.doubtful for cell in next(read_pdf(pdf([drawn])).grids()).cells if not cell.text and cell.row == 3
    ] == [True]


def test_digits_printed_apart_that_make_up_for_blanks_are_no_row_of_disputes():
    heads = [text(60, 700, "四、行政复议、行政诉讼情况"), *[text(60 + 32 * k, 660, "维持") for k in range(15)]]
    whole = [text(64 + 32 * k, 640, str(10 + k)) for k in range(15)]
    apart = [*whole[:6], *[text(264 + 17 * k, 640, digit) for k, digit in enumerate("7382")], *whole[10:]]
    assert [{doubt for _, doubt in doubts([*heads, *row])} for row in (whole, apart)] == [{False}, {True}]
