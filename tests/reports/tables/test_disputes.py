"""The table of disputes: its heads tell order and number of the columns."""

import pytest

from toolkit.reports.align import align
from toolkit.reports.document import Cell
from toolkit.reports.readers.text import read_text
from toolkit.reports.readers.web.html import read_html
from toolkit.reports.tables.alignment import Alignment
from toolkit.reports.tables.disputes import align_disputes
from toolkit.reports.tables.rows import Row
from toolkit.reports.tables.tokens import read_tokens

RESULTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
CODES = ["upheld", "corrected", "other_result", "pending", "total"]
REVIEW, DIRECT, AFTER = "reconsideration", "litigation_direct", "litigation_after_reconsideration"


def cells(*texts: object, span: str = "") -> str:
    return "".join(f"<td {span}>{text}" for text in texts)


def table(*rows: str) -> str:
    return "<table>" + "".join(f"<tr>{row}" for row in rows) + "</table>"


def header(results: list[str] = RESULTS) -> list[str]:
    n = len(results)
    return [
        f"<td colspan={n}>行政复议<td colspan={2 * n}>行政诉讼",
        cells(*results, span="rowspan=2") + f"<td colspan={n}>未经复议直接起诉<td colspan={n}>复议后起诉",
        cells(*results * 2),
    ]


def read(page: str) -> Alignment:
    return align(read_tokens(read_html(page.encode()) if page.startswith("<") else read_text(page.encode())))


def placed(found: Alignment) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for one in found.placed:
        told.setdefault(one.item, []).append(one.cell.text if one.cell else "none")
    return told


def numbers(first: int, last: int) -> list[str]:
    return [str(number) for number in range(100 + first, 100 + last)]


OFFICIAL = {REVIEW: numbers(1, 6), DIRECT: numbers(6, 11), AFTER: numbers(11, 16)}
SWAPPED = [
    "<td colspan=10>行政诉讼<td colspan=5>行政复议",
    "<td colspan=5>复议后起诉<td colspan=5>未经复议直接起诉" + cells(*RESULTS, span="rowspan=2"),
    cells(*RESULTS * 2),
]


def test_the_heads_tell_the_order_of_the_kinds() -> None:
    found = read(table(*SWAPPED, cells(*numbers(1, 16))))
    assert placed(found) == {AFTER: numbers(1, 6), DIRECT: numbers(6, 11), REVIEW: numbers(11, 16)}


@pytest.mark.parametrize("mark", ["\n", " | "], ids=["lines", "bars"])
def test_the_order_of_reading_tells_it_in_flattened_text(mark: str) -> None:
    head = [["行政诉讼", "行政复议"], ["复议后起诉", "未经复议直接起诉", *RESULTS], [*RESULTS * 2]]
    rows = [mark.join(row) for row in [*head, numbers(1, 16)]]
    page = "\n".join(["规章", *rows] if mark == "\n" else [f"| {row} |" for row in [*["规章 | 信息内容"] * 9, *rows]])
    assert placed(read(page)) == {AFTER: numbers(1, 6), DIRECT: numbers(6, 11), REVIEW: numbers(11, 16)}


def test_suits_in_another_order_without_their_head_are_unplaced_in_flattened_text() -> None:
    head = ["行政复议", *RESULTS, "复议后起诉", "未经复议直接起诉", *RESULTS * 2]
    found = read("\n".join(["结果维持", *head, *numbers(1, 16)]))
    assert found.placed == [] and len(found.unplaced[0].cells) == 15


@pytest.mark.parametrize("lost", [0, 1, 5, 7, 17], ids=["行政复议", "行政诉讼", "a result", "未经复议", "the last"])
def test_a_lost_head_shifts_nothing(lost: int) -> None:
    heads = "\n".join(header()).split("<td")
    assert (
        placed(read(table(*"<td".join(heads[: lost + 1] + heads[lost + 2 :]).split("\n"), cells(*numbers(1, 16)))))
        == OFFICIAL
    )


def test_reconsideration_alone_is_read_where_suits_are_not_parted() -> None:
    page = table("<td colspan=5>行政复议<td colspan=5>行政诉讼", cells(*RESULTS * 2), cells(*numbers(1, 11)))
    found = read(page)
    assert placed(found) == {REVIEW: numbers(1, 6)}
    assert [cell.text for one in found.unplaced for cell in one.cells] == numbers(6, 11)


def test_columns_of_no_form_and_missing_ones_are_told_by_the_heads() -> None:
    found = read(
        table(*[row + "<td rowspan=3>合计" * (not place) for place, row in enumerate(header())], cells(*numbers(1, 17)))
    )
    assert placed(found) == OFFICIAL
    assert placed(read(table(*header(RESULTS[:4]), cells(*numbers(1, 13))))) == {
        REVIEW: numbers(1, 5),
        DIRECT: numbers(5, 9),
        AFTER: numbers(9, 13),
    }


def test_fourteen_figures_under_fifteen_heads_are_unplaced_and_the_table_was_seen() -> None:
    found = read(table(*header(), cells(*numbers(1, 15))))
    assert found.placed == [] and found.seen == {"disputes"}


@pytest.mark.parametrize("labels", [("2022年", "2023年"), ("上年", "本年")])
def test_the_row_of_this_year_is_read(labels: tuple[str, str]) -> None:
    head = header()
    head[0] = "<td rowspan=3>年度" + head[0]
    page = table(*head, f"<td>{labels[0]}" + cells(*numbers(71, 86)), f"<td>{labels[1]}" + cells(*numbers(1, 16)))
    assert placed(read(page)) == OFFICIAL


def test_two_rows_of_figures_that_nothing_parts_are_unplaced() -> None:
    assert read(table(*header(), cells(*numbers(71, 86)), cells(*numbers(1, 16)))).placed == []


def test_the_numbers_of_the_columns_are_no_figures() -> None:
    assert placed(read(table(*header(), cells(*range(1, 16)), cells(*numbers(1, 16))))) == OFFICIAL


def test_kinds_in_tables_of_their_own() -> None:
    review = table("<td colspan=5>行政复议", cells(*RESULTS), cells(*numbers(1, 6)))
    suits = ["<td colspan=10>行政诉讼", "<td colspan=5>未经复议直接起诉<td colspan=5>复议后起诉", cells(*RESULTS * 2)]
    assert placed(read(f"<div>{review}{table(*suits, cells(*numbers(6, 16)))}</div>")) == OFFICIAL


@pytest.mark.parametrize(
    "before",
    [["四、政府信息公开行政复议、", "行政诉讼情况"], ["行政诉讼", "情况"], ["行政诉讼", "0件"]],
    ids=["a heading wrapped", "wrapped twice", "a sentence"],
)
def test_words_of_a_heading_are_no_head_of_the_table(before: list[str]) -> None:
    head = ["行政复议", "行政诉讼", *RESULTS, "未经复议直接起诉", "复议后起诉", *RESULTS * 2]
    assert placed(read("\n".join(["规章", *before, *head, *numbers(1, 16)]))) == OFFICIAL


def test_heads_in_two_heights_of_flattened_text_are_no_labels_of_rows() -> None:
    lines = [
        "四、政府信息公开行政复议、行政诉讼情况",
        "行政复议 行政诉讼",
        " ".join(RESULTS) + " 未经复议直接起诉 复议后起诉",
    ]
    lines += ["300 0 8272 0 0 " + " ".join(RESULTS * 2), "0 29 10 0 14 0 11 2591 285"]
    found = read("\n".join(lines))
    assert (placed(found), found.seen) == ({}, {"disputes"})


def test_heads_on_a_later_page_of_a_table_are_its_own():
    results = ("upheld", "corrected", "other_result", "pending", "total")
    upper = [("reconsideration", Cell("行政复议", 2, 0, 1, 5, locator="p3t3r2c1"))]
    leaves = [(code, Cell(code, 3, place, locator=f"p3t3r3c{place + 1}")) for place, code in enumerate(results)]
    figures = [Cell(str(place), 4, place, locator=f"p3t3r4c{place + 1}") for place in range(5)]
    row = Row("disputes", None, "", "p2t3", list(figures), columns=(*upper, *leaves), under_header=True)
    found = Alignment()
    align_disputes([row], found)
    told = {(placed.item, placed.category): placed.cell.text for placed in found.placed}
    assert told == {("reconsideration", code): str(place) for place, code in enumerate(results)}
