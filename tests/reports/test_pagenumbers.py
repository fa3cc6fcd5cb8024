"""Bare page numbers between the lines of a table."""

import pytest

from toolkit.reports.align import align
from toolkit.reports.document import Block, Document
from toolkit.reports.tables.pagenumbers import page_numbers
from toolkit.reports.tables.tokens import read_tokens

HEADER = (
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和） 申请人情况 自然人 法人或其他组织 总计 "
    "商业企业 科研机构 社会公益组织 法律服务机构 其他"
).split()
LABELS = (
    "一、本年新收政府信息公开申请数量 二、上年结转政府信息公开申请数量 （一）予以公开 （二）部分公开 1.属于国家秘密 "
    "2.其他法律行政法规禁止公开 3.危及“三安全一稳定” 4.保护第三方合法权益 5.属于三类内部事务信息 6.属于四类过程性信息 "
    "7.属于行政执法案卷 8.属于行政查询事项 1.本机关不掌握相关政府信息 2.没有现成信息需要另行制作 3.补正后申请内容仍不明确"
).split()


def table(lost: set[int], figure: str = "40") -> list[str]:
    """Return the lines of a table; the rows ``lost`` lack a blank."""
    rows = [[label, *[figure] * (6 if place in lost else 7)] for place, label in enumerate(LABELS)]
    return HEADER + [line for row in rows for line in row]


def with_pages(lines: list[str], step: int = 24) -> list[str]:
    found = []
    for place, line in enumerate(lines):
        if place and place % step == 0:
            found.append(str(place // step + 1))
        found.append(line)
    return found


def placed(lines: list[str]) -> dict[str, list[str]]:
    text, blocks = "\n".join(lines), []
    start = 0
    for line in lines:
        blocks.append(Block(start, start + len(line)))
        start += len(line) + 1
    rows: dict[str, list[str]] = {}
    for one in align(read_tokens(Document(text, blocks, "text"))).placed:
        if one.cell is not None:
            rows.setdefault(one.item, []).append(one.cell.text)
    return rows


def test_a_page_number_never_fills_the_place_of_a_lost_blank() -> None:
    # The number of page 3 stands in row 5, which lacks a figure.
    lines = with_pages(table({4}))
    page = lines.index("3")
    assert LABELS[4] in lines[page - 7 : page]
    assert page in page_numbers(lines)
    rows = placed(lines)
    assert all(set(row) == {"40"} for row in rows.values())
    assert "denied_state_secret" not in rows and rows["new_received"] == ["40"] * 7


@pytest.mark.parametrize("figure", ["0", "1", "40"])
def test_without_page_numbers_no_row_is_lost(figure: str) -> None:
    lines = table(set(), figure)
    assert page_numbers(lines) == set()
    assert len(placed(lines)) == len(LABELS)


def test_small_figures_in_ascending_order_are_figures() -> None:
    lines = table(set())
    for page, place in enumerate(range(13, len(lines), 24), start=1):
        lines[place] = str(page) if lines[place].isdigit() else lines[place]
    assert page_numbers(lines) == set()


def test_numbers_between_sentences_tell_those_in_the_table() -> None:
    prose = "本机关认真贯彻落实条例，持续推进主动公开、依申请公开和平台建设等各项工作，取得了一定的成效。"
    lines = [prose, "1", *table({2})[:24], "2", *table({2})[24:46], "3", *[prose] * 22, "4", prose]
    assert [lines[place] for place in sorted(page_numbers(lines))] == ["1", "2", "3", "4"]
