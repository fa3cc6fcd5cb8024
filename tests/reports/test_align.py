"""Cells of a document onto the cells of a form: nothing shifted, nothing invented."""

import pytest

from toolkit.reports.align import align
from toolkit.reports.form import form_cells
from toolkit.reports.readers.text import read_text
from toolkit.reports.readers.web.html import read_html
from toolkit.reports.tables.alignment import Alignment
from toolkit.reports.tables.tokens import read_tokens

NEW, BROUGHT = "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"
HEADER = "申请人情况 自然人 法人或其他组织 总计 商业企业 科研机构 社会公益组织 法律服务机构 其他".split()
CATEGORIES = [cell.category for cell in form_cells("2021") if cell.item == "granted"]


def aligned(text: str) -> Alignment:
    page = read_html(text.encode()) if text.startswith("<") else read_text(text.encode())
    return align(read_tokens(page))


def values(found: Alignment, item: str) -> dict[str, str | None]:
    return {one.category: one.cell.text if one.cell else None for one in found.placed if one.item == item}


def grid(*rows: str) -> str:
    return "<table>" + "".join(f"<tr>{row}" for row in rows) + "</table>"


def row(label: str, cells: str) -> str:
    return f"<td>{label}" + "".join(f"<td>{cell}" for cell in cells.split(","))


def test_a_row_with_all_cells_is_read_in_order() -> None:
    found = aligned(grid(row(NEW, "1,2,3,4,5,6,21")))
    assert values(found, "new_received") == dict(zip(CATEGORIES, "1 2 3 4 5 6 21".split()))


@pytest.mark.parametrize("cells", ["1,2,3,4,5,6", "1,2,3,4,5,6,7,8"], ids=["one lost", "one too many"])
def test_a_row_whose_places_cannot_be_told_is_unplaced(cells: str) -> None:
    found = aligned(grid(row(NEW, cells), row(BROUGHT, "0,0,0,0,0,0,0")))
    assert values(found, "new_received") == {}
    assert [(one.item, [cell.text for cell in one.cells]) for one in found.unplaced] == [
        ("new_received", cells.split(","))
    ]


def test_a_merged_value_is_no_value_of_the_columns_it_covers() -> None:
    full = row(BROUGHT, "1,2,3,4,5,6,21")
    merged = f"<td>{NEW}<td>7<td colspan=5><td>7"
    found = aligned(grid(merged, full))
    assert values(found, "new_received") == dict.fromkeys(CATEGORIES) | {"natural_person": "7", "total": "7"}


def test_the_header_tells_the_order_of_the_columns() -> None:
    header = "<td rowspan=2>申请人情况<td rowspan=2>总计<td rowspan=2>自然人<td colspan=5>法人或其他组织"
    kinds = "<td>商业企业<td>科研机构<td>社会公益组织<td>法律服务机构<td>其他"
    found = aligned(grid(header, kinds, row(NEW, "21,1,2,3,4,5,6")))
    assert values(found, "new_received")["total"] == "21"
    assert values(found, "new_received")["natural_person"] == "1"


def test_other_and_total_are_told_by_their_place() -> None:
    lines = [*HEADER, NEW, *"1234567", "（六）其他处理", "1.申请人无正当理由逾期不补正", *"1111111"]
    lines += ["3.其他", *"2222222", "（七）总计", *"3333333", "四、结转下年度继续办理", *"4444444"]
    found = aligned("\n".join(lines))
    assert values(found, "other_other")["natural_person"] == "2"
    assert values(found, "outcomes_total")["total"] == "3"
    assert found.forms["outcomes_other"] == "2021"


def test_one_row_of_other_outcomes_is_the_form_of_2019() -> None:
    lines = [*HEADER, NEW, *"1234567", "（六）其他处理", *"1111111", "（七）总计", *"3333333"]
    found = aligned("\n".join(lines))
    assert values(found, "other")["total"] == "1" and found.forms["outcomes_other"] == "2019"


@pytest.mark.parametrize(
    ("label", "item"),
    [
        ("2.其他法律行政止公开", "denied_law_prohibits"),
        ("5.属于三类内容事务信息", "denied_internal_affairs"),
        ("5.要求行政机关确认或重 新出具已获取信息", "not_processed_confirm_reissue"),
        ("（三）不予公开3.危及“三安全一稳定”", "denied_security_stability"),
        ("2.沒有現成信息需要另行製作", "unavailable_needs_creation"),
        ("四、结转下年度继续", "carried_forward"),
    ],
)
def test_labels_as_printed(label: str, item: str) -> None:
    found = aligned(grid(row(NEW, "0,0,0,0,0,0,0"), row(label, "1,2,3,4,5,6,21")))
    assert values(found, item)["total"] == "21"


def test_a_misprint_is_told_by_its_place_only() -> None:
    rows = [row(NEW, "0,0,0,0,0,0,0"), row("3.危及“三安全一稳定”", "1,1,1,1,1,1,6")]
    rows += [row("4.保护第三万合去权益", "2,2,2,2,2,2,12"), row("5.属于三类内部事务信息", "3,3,3,3,3,3,18")]
    assert values(aligned(grid(*rows)), "denied_third_party")["total"] == "12"
    rows.insert(3, row("另：省定事项", "9,9,9,9,9,9,54"))
    assert values(aligned(grid(*rows)), "denied_third_party") == {}


def test_a_row_added_by_a_province_is_no_row_of_the_form() -> None:
    table = grid("<td>信息内容<td>本年制发件数<td>本年废止件数<td>现行有效件数", row("规章", "1,2,3"))
    table = table.replace(
        "</table>", f"<tr>{row('其他主动公开文件', '7,8,9')}<tr>{row('行政规范性文件', '4,5,6')}</table>"
    )
    found = aligned(table)
    assert values(found, "normative_documents") == {"issued": "4", "repealed": "5", "in_force": "6"}


def test_cut_headers_of_2019() -> None:
    lines = "信息内容 本年新 本年新 对外公开总数量 规章 1 2 3 规范性文件 4 5 6".split()
    found = aligned("\n".join(["第二十条第（一）项", *lines]))
    assert values(found, "rules") == {"made": "1", "disclosed": "2", "public_stock": "3"}
    assert found.forms == {"art20_1": "2019"}


def test_a_blank_in_lines_leaves_no_trace_so_the_row_is_missing() -> None:
    lines = [*HEADER, NEW, *"123456", BROUGHT, *"1234567"]
    found = aligned("\n".join(lines))
    assert values(found, "new_received") == {} and values(found, "brought_forward")["total"] == "7"


def test_bars_keep_blanks_and_full_rows_tell_the_padding() -> None:
    lines = [f"| {NEW} ||| 1 | | 3 | 4 | 5 | 6 | |", f"| {BROUGHT} ||| 1 | 2 | 3 | 4 | 5 | 6 | 21 |"]
    filler = [f"| {label} | 0 | 0 | 0 | 0 | 0 | 0 | 0 |" for label in ("1.属于国家秘密", "7.属于行政执法案卷")] * 4
    found = aligned("\n".join([*lines, *filler]))
    assert values(found, "new_received") == dict(zip(CATEGORIES, ["1", "", "3", "4", "5", "6", ""]))


def test_labels_wrapped_around_their_numbers() -> None:
    lines = [*HEADER, f"{NEW} 1 2 3 4 5 6 21", "5.要求行政机关确认或重", "7 0 0 0 0 0 7", "新出具已获取信息"]
    found = aligned("\n".join([*lines, "（七）总计 8 0 0 0 0 0 8"]))
    assert values(found, "not_processed_confirm_reissue")["total"] == "7"
    assert values(found, "outcomes_total")["natural_person"] == "8"


def test_page_numbers_and_upright_letters_are_no_values() -> None:
    lines = [
        *HEADER,
        f"{NEW} 1 2 3 4 5 6 21",
        "-3-",
        "三",
        "、",
        "本",
        "（一）予以公开 1 0 0 0 0 0 1",
        "年",
        "— 4 —",
        "度",
    ]
    found = aligned("\n".join([*lines, "（二）部分公开 2 0 0 0 0 0 2"]))
    assert values(found, "granted")["total"] == "1" and values(found, "partly_granted")["total"] == "2"


def test_lost_repetitions_are_noticed() -> None:
    lines = "信息内容 本年制发件数 本年废止件数 现行有效件数 规章 0 1 2 行政规范性文件 3 4 5 本年处理决定数量 行政许可 6 行政处罚 7"
    lines = f"{lines} 行政复议 行政诉讼 结果维持 结果纠正 其他结果 尚未审结 总计 8 9 10"
    assert aligned("\n".join(lines.split())).placed == []


def test_fifteen_figures_of_disputes() -> None:
    results = "结果维持 结果纠正 其他结果 尚未审结 总计".split()
    lines = [
        "行政复议",
        "行政诉讼",
        *results,
        "未经复议直接起诉",
        "复议后起诉",
        *results,
        *results,
        *map(str, range(1, 16)),
    ]
    found = aligned("\n".join(lines))
    assert values(found, "reconsideration")["upheld"] == "1" and values(found, "litigation_direct")["total"] == "10"
    fourteen = aligned("\n".join(lines[:-1]))
    assert fourteen.placed == [] and len(fourteen.unplaced[0].cells) == 14


def test_a_table_of_totals_alone_is_read_by_its_header() -> None:
    found = aligned(grid("<td>申请人情况<td>总计", row(NEW, "12"), row(BROUGHT, "3")))
    assert values(found, "new_received") == {"total": "12"} and values(found, "brought_forward") == {"total": "3"}


def test_words_in_the_first_cell_of_disputes_are_a_text_in_that_cell() -> None:
    results = "".join(f"<td>{text}" for text in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计") * 3)
    found = aligned(grid(results, "<td>约5件" + "".join(f"<td>{number}" for number in range(1, 15))))
    assert values(found, "reconsideration") == dict(
        zip(("upheld", "corrected", "other_result", "pending", "total"), ("约5件", *"1234"))
    )


def test_figures_cut_into_two_rows_are_unplaced() -> None:
    results = "".join(f"<td>{text}" for text in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计") * 3)
    cut = ["<td>" + "<td>".join("123456789123456"), "<td>" + "<td>".join("111111111111111")]
    assert aligned(grid(results, *cut)).placed == []


@pytest.mark.parametrize("rest", ["请", "信访举报投诉类申请", ""], ids=["rest of the label", "label again", "blank"])
def test_a_row_cut_with_its_label_leaves_no_half_figures(rest: str) -> None:
    rows = [
        row(NEW, "1,2,3,4,5,6,21"),
        row("1.信访举报投诉类申", "28,41,17,73,12,25,55"),
        row(rest, "61,40,35,77,8,45,32"),
    ]
    found = aligned(grid(*rows))
    assert values(found, "not_processed_petition_complaint") == {} and values(found, "new_received")["total"] == "21"


def test_money_in_a_column_of_counts_shows_a_lost_cell() -> None:
    found = aligned(grid("<td>信息内容<td>采购项目数量<td>采购总金额", "<td>政府集中采购<td>51.1万元<td>"))
    assert found.placed == [] and found.unplaced[0].item == "procurement"


@pytest.mark.parametrize(
    "label", ["7 .属 于行政执法案卷", "（七 ）总 计", "四 、 结转下年度继续办理"], ids=["7 .", "（七 ）", "四 、"]
)
def test_an_enumerator_with_blanks_is_no_figure_of_the_row_before(label: str) -> None:
    head = [*HEADER, NEW, *"1 2 3 4 5 6 21".split(), "（一）予以公开", *"2 3 4 5 6 7 27".split()]
    found = aligned(" ".join([*head, label, *"3 4 5 6 7 8 33".split()]))
    assert list(values(found, "granted").values()) == "2 3 4 5 6 7 27".split()
    assert "3 4 5 6 7 8 33".split() in [list(values(found, item).values()) for item in _items(found)]


def _items(found: Alignment) -> list[str]:
    return list(dict.fromkeys(one.item for one in found.placed))


def test_words_in_brackets_on_the_next_line_belong_to_the_label() -> None:
    lines = [" ".join(HEADER), f"{NEW} 1 2 3 4 5 6 21", "1.本机关不掌握相关政府信息", "（含信息不存在） 2 3 4 5 6 7 27"]
    assert list(values(aligned("\n".join(lines)), "unavailable_not_held").values()) == "2 3 4 5 6 7 27".split()


def test_a_bracket_in_place_of_a_figure_leaves_the_row_missing() -> None:
    lines = [" ".join(HEADER), f"{NEW} 1 2 3 4 5 6 21", "（一）予以公开 （无） 3 4 5 6 7 27"]
    assert not values(aligned("\n".join(lines)), "granted")
