"""The table of active disclosure: lost heads, heads written in every cell, rows printed twice."""

import pytest

from toolkit.reports.align import align
from toolkit.reports.readers.web.html import read_html
from toolkit.reports.tables.alignment import Alignment
from toolkit.reports.tables.tokens import read_tokens

BLOCKS = {
    "规章": ["本年制发件数", "本年废止件数", "现行有效件数"],
    "行政许可": ["上一年项目数量", "本年增/减", "处理决定数量"],
    "政府集中采购": ["采购项目数量", "采购总金额（万元）"],
}
CODES = {
    "规章": ("rules", ["issued", "repealed", "in_force"]),
    "行政许可": ("licensing", ["items_last_year", "change", "decisions"]),
    "政府集中采购": ("procurement", ["projects", "amount"]),
}


def read(*rows: list[str]) -> Alignment:
    page = "<table>" + "".join("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in rows) + "</table>"
    return align(read_tokens(read_html(page.encode())))


def placed(found: Alignment) -> dict[str, dict[str, str]]:
    told: dict[str, dict[str, str]] = {}
    for one in found.placed:
        told.setdefault(one.item, {})[one.category] = one.cell.text if one.cell else "none"
    return told


def unplaced(found: Alignment) -> list[str]:
    return [cell.text for one in found.unplaced for cell in one.cells]


@pytest.mark.parametrize("label", ["规章", "行政许可"])
@pytest.mark.parametrize("lost", [0, 1, 2])
@pytest.mark.parametrize("blank", [None, 0, 2])
def test_where_a_head_is_lost_the_official_order_counts(label: str, lost: int, blank: int | None) -> None:
    heads = [head for place, head in enumerate(BLOCKS[label]) if place != lost]
    figures = ["" if place == blank else f"1{place}" for place in range(3)]
    item, codes = CODES[label]
    assert placed(read(["信息内容", *heads], [label, *figures])) == {item: dict(zip(codes, figures))}


def test_the_unit_of_a_lost_head_is_not_known() -> None:
    found = read(["信息内容", "采购项目数量"], ["政府集中采购", "3", "12.5"])
    assert [(one.category, one.header) for one in found.placed] == [("projects", "采购项目数量"), ("amount", "")]


def test_two_lost_heads_tell_nothing() -> None:
    found = read(["信息内容", "上一年项目数量"], ["行政许可", "1", "2"])
    assert found.placed == [] and unplaced(found) == ["1", "2"]


@pytest.mark.parametrize(
    ("figures", "told"),
    [(["12", "", ""], "12"), (["", "", "12"], "12"), (["12", "12", "12"], "12"), (["", "", ""], "")],
    ids=["first", "last", "in all", "in none"],
)
def test_a_head_written_in_three_cells_has_one_figure(figures: list[str], told: str) -> None:
    found = read(["信息内容", *["本年处理决定数量"] * 3], ["行政许可", *figures])
    assert placed(found) == {"licensing": {"decisions": told}}


def test_two_figures_under_heads_of_the_same_words_are_unplaced_and_the_others_read() -> None:
    heads = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数", "现行有效件数"]
    found = read(heads, ["规章", "1", "2", "30", "40"])
    assert placed(found) == {"rules": {"issued": "1", "repealed": "2"}} and unplaced(found) == ["30", "40"]


def test_the_row_of_this_year_is_read() -> None:
    rows = [["行政许可（2022年）", "5"], ["行政许可（2023年）", "6"]]
    assert placed(read(["信息内容", "本年处理决定数量"], *rows)) == {"licensing": {"decisions": "6"}}


@pytest.mark.parametrize(
    ("labels", "told"),
    [(("行政处罚", "行政处罚"), {}), (("行政处罚（其中：罚款）", "行政处罚"), {"penalties": {"decisions": "6"}})],
    ids=["same label", "one is part of the other"],
)
def test_a_row_printed_twice(labels: tuple[str, str], told: dict[str, dict[str, str]]) -> None:
    assert placed(read(["信息内容", "本年处理决定数量"], [labels[0], "5"], [labels[1], "6"])) == told
