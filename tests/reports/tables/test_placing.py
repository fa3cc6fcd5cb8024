"""Rows with more cells than columns: read only where the blank that is none of the form's is certain."""

import pytest

from toolkit.reports.align import align
from toolkit.reports.readers.web.html import read_html
from toolkit.reports.tables.alignment import Alignment
from toolkit.reports.tables.applicants import APPLICANTS
from toolkit.reports.tables.tokens import read_tokens

HEAD = [
    "<td rowspan=2>申请人情况<td rowspan=2>自然人<td colspan=5>法人或其他组织<td rowspan=2>总计",
    "<td>商业企业<td>科研机构<td>社会公益组织<td>法律服务机构<td>其他",
]
LABELS = ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "四、结转下年度继续办理"]
ITEMS = ["new_received", "brought_forward", "carried_forward"]
REGULAR = "1,2,3,4,5,6,21"


def read(*rows: str) -> Alignment:
    body = [f"<td>{label}" + "".join(f"<td>{cell}" for cell in row.split(",")) for label, row in zip(LABELS, rows)]
    page = "<table>" + "".join(f"<tr>{row}" for row in HEAD + body) + "</table>"
    return align(read_tokens(read_html(page.encode())))


def cells(found: Alignment, item: str) -> list[str]:
    told = {one.category: one.cell.text for one in found.placed if one.item == item and one.cell}
    return [told[code] for code in APPLICANTS if code in told]


def test_a_blank_beside_seven_figures_is_none_of_the_form() -> None:
    found = read(REGULAR, f",{REGULAR}", REGULAR)
    assert [cells(found, item) for item in ITEMS] == [REGULAR.split(",")] * 3


@pytest.mark.parametrize(
    "row",
    [",1,2,,4,5,6,21", "1,2,,9,4,5,6,21", "1,2,3,4,5,6,,", ",,2,3,4,5,6,"],
    ids=["after the label", "a figure too many", "at the end", "only blanks differ"],
)
def test_a_cell_too_many_beside_blanks_leaves_the_row_unplaced(row: str) -> None:
    found = read(REGULAR, row, REGULAR)
    assert cells(found, "brought_forward") == []
    assert [cell.text for one in found.unplaced for cell in one.cells] == [cell for cell in row.split(",") if cell]
    assert cells(found, "new_received") == cells(found, "carried_forward") == REGULAR.split(",")


def test_a_blank_after_every_label_is_told_by_all_rows() -> None:
    found = read(f",{REGULAR}", ",1,,3,4,5,6,", f",{REGULAR}")
    assert cells(found, "brought_forward") == ["1", "", "3", "4", "5", "6", ""]


def test_a_column_without_head_makes_rows_with_blanks_unplaced() -> None:
    found = read(f"91,{REGULAR}", "92,1,2,,4,5,6,21", f"93,{REGULAR}")
    assert found.placed == [] and len(found.unplaced) == 3


def test_a_blank_column_at_the_end_of_all_rows_is_left_out() -> None:
    found = read(f"{REGULAR},", "1,2,,4,5,6,,", f"{REGULAR},")
    assert cells(found, "brought_forward") == ["1", "2", "", "4", "5", "6", ""]
