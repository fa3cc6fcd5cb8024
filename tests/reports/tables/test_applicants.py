"""The columns of the table of applications: no head of another row, and no lost head, shifts them."""

import pytest

from toolkit.reports.align import align
from toolkit.reports.readers.text import read_text
from toolkit.reports.readers.web.html import read_html
from toolkit.reports.tables.alignment import Alignment
from toolkit.reports.tables.applicants import APPLICANTS
from toolkit.reports.tables.tokens import read_tokens

NEW, BROUGHT = "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"
UPPER = ["自然人", "法人或其他组织", "总计"]
KINDS = ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
CORNER = "<td rowspan=3>本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和"
FIGURES = {"new_received": [1, 2, 3, 4, 5, 6, 21], "brought_forward": [7, 8, 9, 10, 11, 12, 57]}
LABELS = {"new_received": NEW, "brought_forward": BROUGHT}
IN_ORDER = {item: dict(zip(APPLICANTS, map(str, figures))) for item, figures in FIGURES.items()}


def table(*rows: str) -> str:
    return "<table>" + "".join(f"<tr>{row}" for row in rows) + "</table>"


def heads(
    upper: list[str], kinds: list[str], middle: str = "法人或其他组织", before: str = "", after: str = ""
) -> list[str]:
    spans = ["colspan=5" if text == middle else "rowspan=2" for text in upper]
    return [
        f"{CORNER}{before}<td colspan=7>申请人情况{after}",
        "".join(f"<td {span}>{text}" for span, text in zip(spans, upper)),
        "".join(f"<td>{text}" for text in kinds),
    ]


def rows(before: str = "", after: str = "") -> list[str]:
    figures = {item: "".join(f"<td>{figure}" for figure in row) for item, row in FIGURES.items()}
    return [f"<td>{LABELS[item]}{before}{cells}{after}" for item, cells in figures.items()]


def read(page: str) -> Alignment:
    return align(read_tokens(read_html(page.encode()) if page.startswith("<") else read_text(page.encode())))


def placed(found: Alignment) -> dict[str, dict[str, str | None]]:
    told: dict[str, dict[str, str | None]] = {}
    for one in found.placed:
        told.setdefault(one.item, {})[one.category] = one.cell.text if one.cell else None
    return told


def unplaced(found: Alignment) -> list[str]:
    return [cell.text for one in found.unplaced for cell in one.cells]


@pytest.mark.parametrize(
    "middle",
    ["法人或非法人组织", "法人", "单位", "组织", "非自然人", "其他组织", "企业法人或其他组织", "法人或其他机构"],
)
@pytest.mark.parametrize("shape", ["grid", "lines"])
def test_the_middle_head_in_other_words_stands_for_no_column(middle: str, shape: str) -> None:
    if shape == "grid":
        page = table(*heads([UPPER[0], middle, UPPER[2]], KINDS, middle), *rows())
    else:
        figures = [text for item, row in FIGURES.items() for text in (LABELS[item], *map(str, row))]
        page = "\n".join(["申请人情况", UPPER[0], middle, UPPER[2], *KINDS, *figures])
    assert placed(read(page)) == IN_ORDER


@pytest.mark.parametrize("lost", [*UPPER, *KINDS])
def test_where_a_head_is_lost_the_official_order_counts(lost: str) -> None:
    upper, kinds = [text for text in UPPER if text != lost], [text for text in KINDS if text != lost]
    assert placed(read(table(*heads(upper, kinds), *rows()))) == IN_ORDER


def test_where_a_head_is_lost_and_the_others_have_another_order_nothing_is_placed() -> None:
    found = read(table(*heads(UPPER, ["法律服务机构", "科研机构", "商业企业", "其他"]), *rows()))
    assert placed(found) == {} and len(unplaced(found)) == 14


def test_a_head_lost_from_a_row_of_six_figures_is_told_by_the_others() -> None:
    page = table("<td>申请人情况<td>自然人<td>商业企业<td>总计", f"<td>{NEW}<td>1<td>2<td>3")
    assert placed(read(page)) == {"new_received": {"natural_person": "1", "business": "2", "total": "3"}}


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_column_that_is_none_of_the_form_shifts_no_other(place: str) -> None:
    head = "<td rowspan=3>代码" if place == "before" else "<td rowspan=3>备注"
    blank = [row.replace("<td>4", "<td>") for row in rows(**{place: "<td>99"})]
    found = read(table(*heads(UPPER, KINDS, **{place: head}), *blank))
    assert placed(found)["new_received"] == IN_ORDER["new_received"] | {"public_interest": ""}
    assert placed(found)["brought_forward"] == IN_ORDER["brought_forward"]


def test_organisations_in_one_column_are_unplaced_and_the_others_read() -> None:
    page = table("<td>申请人情况<td>自然人<td>法人或其他组织<td>总计", f"<td>{NEW}<td>1<td>20<td>21")
    found = read(page)
    assert placed(found) == {"new_received": {"natural_person": "1", "total": "21"}} and unplaced(found) == ["20"]


def test_six_blanks_in_one_cell_leave_the_total_its_column() -> None:
    page = table(*heads(UPPER, KINDS), f"<td>{NEW}<td colspan=6><td>21", f"<td>{BROUGHT}<td colspan=7>57")
    found = read(page)
    assert placed(found) == {"new_received": dict.fromkeys(APPLICANTS) | {"total": "21"}} and unplaced(found) == ["57"]


@pytest.mark.parametrize("reverse", [False, True], ids=["upper head known", "unknown"])
def test_the_total_may_stand_first(reverse: bool) -> None:
    middle = "单位" if reverse else "法人或其他组织"
    page = table(*heads(["总计", "自然人", middle], KINDS, middle), *rows())
    order = ["total", "natural_person", *APPLICANTS[1:-1]]
    assert placed(read(page))["new_received"] == dict(zip(order, "1 2 3 4 5 6 21".split()))


def test_labels_and_heads_of_merged_cells_may_be_written_in_every_cell() -> None:
    head = [
        "<td>本列数据的勾稽关系为：第一项" * 2 + "<td>申请人情况" * 7,
        "<td>本列数据的勾稽关系为：第一项" * 2 + "<td>自然人" + "<td>法人或其他组织" * 5 + "<td>总计",
        "<td>本列数据的勾稽关系为：第一项" * 2 + "".join(f"<td>{text}" for text in ["自然人", *KINDS, "总计"]),
    ]
    figures = [f"<td>{LABELS[item]}" * 2 + "".join(f"<td>{one}" for one in row) for item, row in FIGURES.items()]
    other = "<td>三、本年度办理结果<td>（六）其他处理" + "<td>2" * 7
    told = placed(read(table(*head, *figures, other)))
    assert told == IN_ORDER | {"other": dict.fromkeys(APPLICANTS, "2")}


@pytest.mark.parametrize(
    ("head", "placed_in"),
    [
        ("自然人 总计 商业企业 科研机构 社会公益组织 法律服务机构 其他", list(APPLICANTS)),
        ("总计 自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他", ["total", *APPLICANTS[:-1]]),
        ("法人或其他组织 自然人 总计 商业企业 科研机构 社会公益组织 法律服务机构 其他", []),
        ("法人或其他组织 商业企业 科研机构 社会公益组织 法律服务机构 自然人 其他 总计", []),
        ("自然人 法律服务机构 商业企业 科研机构 社会公益组织 总计", []),
    ],
    ids=[
        "middle head lost",
        "total first",
        "middle head above the others",
        "a line between",
        "one lost, another order",
    ],
)
def test_heads_in_reading_order(head: str, placed_in: list[str]) -> None:
    found = read("\n".join(["申请人情况", *head.split(), NEW, *"1 2 3 4 5 6 21".split()]))
    assert placed(found).get("new_received", {}) == dict(zip(placed_in, "1 2 3 4 5 6 21".split()))
    assert unplaced(found) == ([] if placed_in else "1 2 3 4 5 6 21".split())


def test_a_head_that_stands_twice_tells_no_order() -> None:
    found = read(table(*heads(["合计", *UPPER], KINDS[:2] + KINDS[3:]), *rows()))
    assert placed(found) == {} and len(unplaced(found)) == 14
