"""The table of applications: which of several tables, rows told by number or year."""

import pytest

from toolkit.reports.align import align
from toolkit.reports.document import Cell
from toolkit.reports.readers.web.html import read_html
from toolkit.reports.tables.alignment import Alignment
from toolkit.reports.tables.tokens import Token, read_tokens

NEW, LAST = "一、本年新收政府信息公开申请数量", "四、结转下年度继续办理"


def row(label: str, figure: int, before: str = "") -> str:
    return f"<tr>{before}<td>{label}" + f"<td>{figure}" * 7


def table(*rows: str) -> str:
    return f"<table>{''.join(rows)}</table>"


def totals(found: Alignment) -> dict[str, str]:
    return {one.item: one.cell.text for one in found.placed if one.category == "total" and one.cell}


def with_lines(*lines_and_tables: tuple[str, str]) -> list[Token]:
    tokens: list[Token] = []
    for number, (line, page) in enumerate(lines_and_tables):
        own = [one for one in read_tokens(read_html(page.encode())) if one.kind != "line"]
        tokens.append(Token("line", Cell(line, -1, -1)))
        tokens += [Token(one.kind, one.cell, one.labels, f"t{number}") for one in own]
    return tokens


FIRST, SECOND = table(row(NEW, 5), row(LAST, 6)), table(row(NEW, 7), row(LAST, 8))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("上年度数据", "本年度数据"), "7"),
        (("三、收到和处理政府信息公开申请情况", "上年度数据"), "5"),
        (("2022年", "2023年"), "7"),
        (("2023年情况", "2022年情况"), "5"),
    ],
)
def test_the_line_before_a_table_tells_its_year(lines: tuple[str, str], told: str) -> None:
    found = align(with_lines((lines[0], FIRST), (lines[1], SECOND)))
    assert totals(found)["new_received"] == told and found.doubts == []
    assert found.notes == ["the table of applications stands 2 times on the page; that of this year was read"]


@pytest.mark.parametrize("lines", [("", ""), ("上年结转3件。", "上年结转4件。")], ids=["none", "sentences"])
def test_two_tables_that_no_line_parts_are_doubted(lines: tuple[str, str]) -> None:
    found = align(with_lines((lines[0], FIRST), (lines[1], SECOND)))
    assert totals(found) == {"new_received": "5", "carried_forward": "6"}
    assert found.doubts == found.notes and "which is this year's is not told" in found.doubts[0]


def test_a_table_printed_twice_is_not_doubted() -> None:
    found = align(with_lines(("", FIRST), ("", FIRST)))
    assert totals(found) == {"new_received": "5", "carried_forward": "6"} and found.doubts == []


def test_each_table_has_a_header_of_its_own() -> None:
    head = "<tr><td>本列数据的勾稽关系为<td>申请人情况<tr><td>本列数据的勾稽关系为{}<td>商业企业<td>科研机构<td>社会公益组织<td>法律服务机构<td>其他{}"
    other = head.format("<td>总计<td>自然人", ""), head.format("<td>自然人", "<td>总计")
    figures = f"<tr><td>{NEW}" + "".join(f"<td>{figure}" for figure in range(7)) + row(LAST, 8)
    found = align(with_lines(("上年", table(other[0], figures)), ("本年", table(other[1], figures))))
    assert totals(found)["new_received"] == "6"


def test_numbers_alone_label_the_three_rows_of_other_outcomes() -> None:
    marks = ["<td rowspan=3>（六）其他处理", "", ""]
    rows = [row(f"{place}.", 2 + place, mark) for place, mark in enumerate(marks, 1)]
    before = row("5.要求行政机关确认或重新出具已获取信息", 2)
    found = align(read_tokens(read_html(table(row(NEW, 1), before, *rows, row("（七）总计", 9)).encode())))
    details = {"other_no_correction": "3", "other_fee_unpaid": "4", "other_other": "5"}
    expected = {"new_received": "1", "not_processed_confirm_reissue": "2", "outcomes_total": "9"}
    assert totals(found) == expected | details


def test_two_numbered_rows_are_not_told() -> None:
    rows = [row("1.", 3, "<td rowspan=2>（六）其他处理"), row("2.", 4)]
    found = align(read_tokens(read_html(table(row(NEW, 1), *rows, row("（七）总计", 9)).encode())))
    assert totals(found).keys() <= {"new_received", "outcomes_total"}


def test_figures_of_a_table_whose_labels_are_not_known_are_unplaced() -> None:
    page = table("<tr><td>申请人情况<td>自然人", "<tr><td>（一）公开<td>5")
    found = align(read_tokens(read_html(page.encode())))
    assert found.placed == [] and [cell.text for one in found.unplaced for cell in one.cells] == ["5"]


@pytest.mark.parametrize("words", [f"{NEW[2:]}为55件，上年无结转。", f"{NEW[2:]} 55 件"], ids=["label only", "figure"])
def test_a_sentence_in_the_words_of_a_label_is_no_row_of_the_table(words: str) -> None:
    labels = [
        NEW,
        "二、上年结转政府信息公开申请数量",
        "（一）予以公开",
        "1.属于国家秘密",
        "4.保护第三方合法权益",
        "2.重复申请",
    ]
    labels += ["5.属于三类内部事务信息", "6.属于四类过程性信息", "7.属于行政执法案卷", "8.属于行政查询事项", LAST]
    page = f"<p>{words}</p>" + table(*(row(label, place) for place, label in enumerate(labels)))
    found = align(read_tokens(read_html(page.encode())))
    assert totals(found)["new_received"] == "0" and len(totals(found)) == len(labels)
    assert not found.unplaced


def test_sentences_do_not_hide_that_the_table_has_no_such_row() -> None:
    labels = ["（一）予以公开", "1.属于国家秘密", "4.保护第三方合法权益", "2.重复申请", "3.要求提供公开出版物", LAST]
    labels += ["5.属于三类内部事务信息", "6.属于四类过程性信息", "7.属于行政执法案卷", "8.属于行政查询事项"]
    page = f"<p>{NEW[2:]} 55 件</p>" + table(*(row(label, place) for place, label in enumerate(labels)))
    assert "new_received" not in totals(align(read_tokens(read_html(page.encode()))))
