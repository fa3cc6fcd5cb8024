"""Text and Markdown: what is a page, marks, tables of HTML, separated tables."""

import pytest

from toolkit.reports.align import align
from toolkit.reports.document import Document
from toolkit.reports.numbers import read_number
from toolkit.reports.readers import read_bytes
from toolkit.reports.readers.delimited import tabulated
from toolkit.reports.readers.markup import is_page, unmarked
from toolkit.reports.readers.text import read_text
from toolkit.reports.tables.tokens import read_tokens

ROWS = [
    ["第二十条第（一）项", "", "", ""],
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规章", "0", "", "/"],
    ["行政规范性文件", "31", "7", "1203"],
    ["第二十条第（五）项", "", "", ""],
    ["信息内容", "本年处理决定数量", "", ""],
    ["行政许可", "46", "", ""],
    ["第二十条第（六）项", "", "", ""],
    ["信息内容", "本年处理决定数量", "", ""],
    ["行政处罚", "58", "", ""],
    ["行政强制", "", "", ""],
]
FIGURES = {
    "rules/issued": "0",
    "rules/repealed": "",
    "rules/in_force": "/",
    "normative_documents/issued": "31",
    "normative_documents/repealed": "7",
    "normative_documents/in_force": "1203",
    "licensing/decisions": "46",
    "penalties/decisions": "58",
}


def figures(document: Document) -> dict[str, str]:
    placed = align(read_tokens(document)).placed
    return {f"{one.item}/{one.category}": one.cell.text for one in placed if one.cell is not None}


def paragraphs(document: Document) -> list[str]:
    return [document.text[block.start : block.stop] for block in document.paragraphs()]


def markdown(label: str = "{}", figure: str = "{}") -> str:
    def cell(text: str) -> str:
        return (figure if text[:1].isdigit() else label).format(text) if text else ""

    rows = ["| " + " | ".join(map(cell, row)) + " |" for row in ROWS]
    return "\n".join(
        ["# 某县水利局2023年年度报告", "二、主动公开政府信息情况", rows[0], "|---|---|---|---|", *rows[1:]]
    )


@pytest.mark.parametrize(
    "text",
    [
        markdown(),
        markdown("**{}**"),
        markdown("{}", "`{}`"),
        markdown("{}", "**{}**"),
        markdown("*{}*"),
        markdown("{}<br>"),
        markdown("<span id='p1'></span>{}"),
        markdown().replace("本年制发", "本年<br>制发"),
        markdown().replace("|  |", "| &nbsp; |"),
        markdown().replace("二、主动", "<p>二、主动"),
    ],
    ids="plain bold code bold-figures emphasis breaks anchors one-break entities one-paragraph-tag".split(),
)
def test_markdown_is_read_as_text(text: str) -> None:
    document = read_bytes(text.encode(), ".md")
    assert document.format == "text"
    found = figures(document)
    assert {key: found.get(key) for key in FIGURES} == FIGURES
    assert paragraphs(document)[0] == "某县水利局2023年年度报告"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>一、总体情况</p>\n<p>正文</p>", True),
        ("<div>\n一、总体情况\n</div>\n<div>\n正文\n</div>", True),
        ("<table><tr><td>规章<td>1</table>", True),
        ("一、总体情况\n<table><tr><td>规章<td>1", True),
        ("正文\n正文\n<table><tr><td><table><tr><td>规章<td>1</table>正文</table>\n正文", True),
        ("一、总体情况<br>正文<br>正文", False),
        ("一、总体情况\n<p>正文\n正文\n正文\n正文", False),
        ("一、总体情况\n<html><body><table><tr><td>规章<td>1</table></body></html>\n正文", False),
        ("《<条例>》 a < b", False),
    ],
    ids=[
        "paragraphs",
        "divs",
        "table alone",
        "table cut off",
        "nested",
        "breaks",
        "one tag",
        "table in text",
        "no tags",
    ],
)
def test_what_makes_a_page(text: str, expected: bool) -> None:
    assert is_page(text) is expected


def test_tables_of_a_page_between_lines_of_text() -> None:
    table = "<table><tr><td>规章</td><td rowspan=2>3</td></tr><tr><td>许可</td></tr></table>"
    document = read_bytes(f"# 一、总体情况\n正文甲\n正文乙\n{table}\n二、\n{table}".encode())
    assert paragraphs(document) == ["一、总体情况", "正文甲", "正文乙", "二、"]
    assert [cell.locator for grid in document.grids() for cell in grid.cells] == [
        *("t1r1c1", "t1r1c2", "t1r2c1"),
        *("t2r1c1", "t2r1c2", "t2r2c1"),
    ]
    assert next(document.text[block.start : block.stop] for block in document.blocks if block.grid) == "规章\t3\n许可"


@pytest.mark.parametrize("mark", ["12<sup>3</sup>", "12<a href='#3'>3</a>", "<b>12</b><i>3</i>"])
def test_figures_that_marks_part_are_no_figure(mark: str) -> None:
    assert read_number(unmarked(mark).strip()).state == "text"


@pytest.mark.parametrize("struck", ["<del>9</del>12", "~~9~~12", "<s>9</s>12", "<!-- 9 -->12"])
def test_what_is_struck_out_is_not_read(struck: str) -> None:
    assert unmarked(struck) == "12"


@pytest.mark.parametrize(
    "text",
    [
        "公开信息→***息，place→****",
        "| ** | ** |",
        "a_b_c",
        "《<条例>》",
        "R&D; 3*4*5",
        "12*，13*",
        "a<b，则c>d",
        "3~~5件，6~~8件",
    ],
)
def test_what_is_no_mark_stays(text: str) -> None:
    assert unmarked(text) == text


def test_a_converted_page_names_its_title_and_address() -> None:
    text = "Title: 某局年度报告\n\nURL Source: http://a.gov.cn/1.html\n\nMarkdown Content:\n# 一、总体情况\n"
    document = read_text(text.encode())
    assert (document.title, document.url) == ("某局年度报告", "http://a.gov.cn/1.html")
    assert paragraphs(document) == ["一、总体情况"]


@pytest.mark.parametrize("mark", [",", ";"])
@pytest.mark.parametrize("quoted", [False, True], ids=["bare", "quoted"])
def test_separated_tables_are_rows(mark: str, quoted: bool) -> None:
    lines = [mark.join(f'"{text}"' if quoted else text for text in row) for row in ROWS]
    found = figures(read_text("\n".join(["二、主动公开政府信息情况", *lines, "三、", "2023年，正文。"]).encode()))
    assert {key: found.get(key) for key in FIGURES} == FIGURES


def test_the_numbers_of_a_data_frame_are_no_cells() -> None:
    lines = [",0,1,2,3"] + [f"{number},{','.join(row)}" for number, row in enumerate(ROWS)]
    found = figures(read_text("\n".join(lines).encode()))
    assert {key: found.get(key) for key in FIGURES} == FIGURES


def test_a_quoted_field_keeps_marks_and_lines_apart() -> None:
    text = '信息内容,"本年制发\n件数",b,c\n规章,"1,203","2\n3",""\n许可,4,5,6\n'
    assert tabulated(text) == "信息内容\t本年制发 件数\tb\tc\n规章\t1,203\t2 3\t\n许可\t4\t5\t6\n"


@pytest.mark.parametrize(
    "text",
    [
        "信息内容,a,b,c\n规章,1,203,5,6\n许可,1,2,3\n强制,4,5,6\n",
        "规章,一是,二是,三是。\n许可,一是,二是,三是。\n强制,一是,二是,三是。\n",
        "一是甲,二是乙,三是丙,四是丁\n" * 5,
    ],
    ids=["thousands unquoted", "prose", "no table of the form"],
)
def test_what_is_not_certainly_a_table_is_left_alone(text: str) -> None:
    assert tabulated(text) == text


def test_numbers_of_rows_fill_no_place() -> None:
    rows = [f"{place}  {row[0]}  {'  '.join(text for text in row[1:] if text)}" for place, row in enumerate(ROWS)]
    found = figures(read_text("\n".join(rows).encode()))
    assert "rules/issued" not in found
    assert [found[f"normative_documents/{name}"] for name in ("issued", "repealed", "in_force")] == ["31", "7", "1203"]
    assert found["licensing/decisions"] == "46"
