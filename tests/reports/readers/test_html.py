"""Web pages: blocks, grids with their spans, damage, facts."""

import json
from base64 import b64encode
from urllib.parse import quote

import pytest

from toolkit.reports.document import Document
from toolkit.reports.numbers import read_number
from toolkit.reports.readers import read_bytes
from toolkit.reports.readers.encoding import decode
from toolkit.reports.readers.web.html import read_html


def cells(html: str, number: int = 0) -> list[tuple[str, int, int, int, int]]:
    grid = list(read_html(html.encode()).grids())[number]
    return [(cell.text, cell.row, cell.column, cell.rowspan, cell.colspan) for cell in grid.cells]


def paragraphs(document: Document) -> list[str]:
    return [document.text[block.start : block.stop] for block in document.paragraphs()]


def test_spans_are_resolved_and_kept() -> None:
    html = "<table><tr><td rowspan=2>A<td colspan=2>B<tr><td>C<td>D</table>"
    assert cells(html) == [("A", 0, 0, 2, 1), ("B", 0, 1, 1, 2), ("C", 1, 1, 1, 1), ("D", 1, 2, 1, 1)]


def test_an_empty_cell_is_there_and_a_covered_one_is_not() -> None:
    assert cells("<table><tr><td rowspan=2>A<td></td><tr><td>C</table>") == [
        ("A", 0, 0, 2, 1),
        ("", 0, 1, 1, 1),
        ("C", 1, 1, 1, 1),
    ]


@pytest.mark.parametrize("span", ["1000000000", "-3", "x", "0", ""])
def test_mad_spans_are_bounded(span: str) -> None:
    found = cells(f"<table><tr><td rowspan='{span}' colspan='{span}'>A<td>B<tr><td>C</table>")
    assert [text for text, *_ in found] == ["A", "B", "C"]
    assert all(rowspan <= 2 and colspan <= 200 for _, _, _, rowspan, colspan in found)


def test_layout_tables_are_unwrapped_around_the_article() -> None:
    article = "<p>一、总体情况</p>" + "<p>" + "正文。" * 200 + "</p><table><tr><td>规章<td>1</table>"
    page = read_html(f"<table><tr><td>菜单<td>{article}</table>".encode())
    assert [cell.text for grid in page.grids() for cell in grid.cells] == ["规章", "1"]
    assert paragraphs(page)[:2] == ["菜单", "一、总体情况"]


def test_word_pasted_spans_make_one_paragraph() -> None:
    html = "<p><span>政府</span><span lang=EN-US>\n</span><b>信息</b>公开<font>2023</font>年</p>"
    assert paragraphs(read_html(html.encode())) == ["政府信息公开2023年"]


def test_line_breaks_in_a_label_stay_in_its_raw_text() -> None:
    assert cells("<table><tr><td>本年新<br>制作数量<td><p>1</p><p></p></table>")[0][0] == "本年新\n制作数量"


@pytest.mark.parametrize("depth", [1_000, 50_000], ids=["deep", "very deep"])
def test_nesting_loses_nothing(depth: int) -> None:
    page = read_html(("<div>" * depth + "<table><tr><td>规章<td>7</table>末尾").encode())
    assert [cell.text for grid in page.grids() for cell in grid.cells] == ["规章", "7"]
    assert paragraphs(page) == ["末尾"]


def test_a_table_of_numbers_inside_a_cell_is_text_of_that_cell() -> None:
    outer = "<table><tr><td>一、本年新收<td><table><tr><td>1<td>2</table><tr><td>二、上年结转<td>0</table>"
    assert [text for text, *_ in cells(outer)] == ["一、本年新收", "1\t2", "二、上年结转", "0"]


def test_scripts_and_styles_are_no_text() -> None:
    page = read_html(b"<style>p{}</style><script>var a='<p>no</p>'</script><p>yes</p>")
    assert paragraphs(page) == ["yes"]


@pytest.mark.parametrize(
    "page",
    [
        r'{"content":"<table><tr><td>规范性文件<\/td><td>12<\/td><\/tr><\/table>' + " " * 200 + '"}',
        "<script>var x = '<table><tr><td>规范性文件<\\/td><td>12<\\/td><\\/tr><\\/table>" + " " * 200 + "';</script>",
        '{"c":"\\u003ctable\\u003e\\u003ctr\\u003e\\u003ctd\\u003e\\u89c4\\u8303\\u6027\\u6587\\u4ef6\\u003c/td\\u003e'
        "\\u003ctd\\u003e12\\u003c/td\\u003e\\u003c/tr\\u003e\\u003c/table\\u003e" + " " * 200 + '"}',
    ],
    ids=["json", "script", "escaped"],
)
def test_a_page_inside_a_string_is_read(page: str) -> None:
    found = [cell.text for grid in read_bytes(page.encode(), ".html").grids() for cell in grid.cells]
    assert found == ["规范性文件", "12"]


def test_null_bytes_are_dropped() -> None:
    assert paragraphs(read_html("<p>规\0章</p>".encode())) == ["规章"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("claim", ["utf-8", "gb2312", "big5", None])
def test_the_bytes_tell_the_encoding(encoding: str, claim: str | None) -> None:
    meta = f"<meta charset={claim}>" if claim else ""
    text = f"<html>{meta}<p>收到和处理政府信息公开申请情况</p></html>"
    assert decode(text.encode(encoding))[0].lstrip("\ufeff") == text


def test_big5_is_told_from_gbk() -> None:
    text = "政府信息公開工作年度報告，本年新收申請數量，主動公開的情況"
    assert decode(text.encode("big5")) == (text, "big5")


def test_utf8_cut_in_a_character_is_still_utf8() -> None:
    data = ("政府信息公开申请的情况" * 20).encode()[:-1]
    text, encoding = decode(data)
    assert encoding == "utf-8" and text.startswith("政府信息公开") and text.endswith("\ufffd")


def test_facts_of_the_page() -> None:
    html = (
        '<!-- saved from url=(0031)http://www.example.gov.cn/a.html --><meta name="PubDate" content="2022-01-17">'
        "<table><tr><td>索引号<td>014314799/2024-00002<td>发布机构<td>某局</table><p>来源：某镇  浏览次数：12</p>"
    )
    page = read_html(html.encode())
    assert page.url == "http://www.example.gov.cn/a.html"
    assert page.meta["索引号"] == "014314799/2024-00002"
    assert page.meta["发布机构"] == "某局" and page.meta["PubDate"] == "2022-01-17"


def test_contact_data_is_no_fact() -> None:
    page = read_html("<p>联系电话：0527-83593059</p><p>邮箱：a@b.cn</p>".encode())
    assert page.meta == {}


def test_offsets_find_every_block_again() -> None:
    page = read_html("<p>甲</p><table><tr><td>1<td>2</table><div>乙<p>丙</p></div>".encode())
    assert [page.text[block.start : block.stop] for block in page.blocks] == ["甲", "1\t2", "乙", "丙"]


def test_figures_in_fields_pictures_and_footnotes() -> None:
    html = '<table><tr><td><input value="3"><td><img src=x.png><td>12<sup>1</sup><td>7①</table>'
    grid = next(read_html(html.encode()).grids())
    assert [(cell.text, cell.doubtful) for cell in grid.cells] == [
        ("3", False),
        ("", True),
        ("12 1", False),
        ("7①", False),
    ]
    assert [read_number(cell.text).state for cell in grid.cells] == ["reported", "blank", "text", "text"]


def test_what_the_page_hides_is_not_read() -> None:
    table = "<table><tr><td>规范性文件<td>{}</table>"
    hidden = f'<div style="display:none"><p hidden>x</p>{table.format(1)}</div>'
    shown = table.format('2<span style="display: none">3</span>')
    grids = list(read_html((hidden + shown).encode()).grids())
    assert [cell.text for grid in grids for cell in grid.cells] == ["规范性文件", "2"]


def test_a_report_that_waits_for_a_click_is_read() -> None:
    page = read_html('<div style="display:none"><table><tr><td>规范性文件<td>1</table></div><p>甲</p>'.encode())
    assert [cell.text for grid in page.grids() for cell in grid.cells] == ["规范性文件", "1"]


def test_a_page_in_a_frame_is_read() -> None:
    page = read_html(
        '<iframe srcdoc="&lt;table&gt;&lt;tr&gt;&lt;td&gt;规章&lt;td&gt;1&lt;/table&gt;"></iframe>'.encode()
    )
    assert [cell.text for grid in page.grids() for cell in grid.cells] == ["规章", "1"]


def test_tables_are_counted_as_they_stand_in_the_page() -> None:
    layout = "<table><tr><td><table><tr><td>规章<td>1</table></table><table><tr><td>规章<td>2</table>"
    assert [grid.locator for grid in read_html(layout.encode()).grids()] == ["t2", "t3"]


def test_figures_each_in_a_table_of_their_own() -> None:
    html = "<table><tr><td>规章<td><table><tr><td>7</table><td><table><tr><td>8</table></table>"
    assert [text for text, *_ in cells(html)] == ["规章", "7", "8"]


@pytest.mark.parametrize(
    "hiding",
    [
        '<style>.p{display:none}</style><div class="x p">{}</div>',
        "<style>@media print{#r{display:block}} #q,#r{visibility:hidden}</style><div id=q>{}</div>",
        '<div style="position:absolute;left:-9999px">{}</div>',
    ],
    ids=["class", "id", "moved away"],
)
def test_a_copy_that_a_style_hides_is_not_read(hiding: str) -> None:
    table = "<table><tr><td>规范性文件<td>{}</table>"
    grids = list(read_html((hiding.replace("{}", table.format(1)) + table.format(2)).encode()).grids())
    assert [cell.text for grid in grids for cell in grid.cells] == ["规范性文件", "2"]


def test_what_only_print_hides_is_read() -> None:
    html = "<style>@media print{.p{display:none}}</style><p class=p>甲</p>"
    assert paragraphs(read_html(html.encode())) == ["甲"]


def test_struck_out_figures_are_not_read() -> None:
    html = '<table><tr><td>规章<td><del>12</del>15<td><span style="text-decoration:line-through">7</span>8</table>'
    assert [text for text, *_ in cells(html)] == ["规章", "15", "8"]


@pytest.mark.parametrize(
    "figure",
    [
        '12<span style="vertical-align:super">3</span>',
        '12<span style="vertical-align: sub;font-size:8pt">3</span>',
        '12<span style="position:relative;top:-4px">3</span>',
        '12<a href="#fn3">3</a>',
        '12<span class="footnote">3</span>',
        "<sup>1</sup>23",
        "12.<sup>3</sup>",
        "-12<sub>3</sub>",
        "<ruby>12<rt>3</rt></ruby>",
        '12<span style="font-size:0">3</span>',
        '12<span style="opacity:0">3</span>',
        '12<font color="white">3</font>',
        "12<svg><text>3</text></svg>",
        '<p style="mso-x:y"><span>1</span><span>2</span><span style="vertical-align:super">3</span></p>',
    ],
    ids="super sub raised link class before decimals change ruby no-size unseen white drawing word".split(),
)
def test_a_mark_beside_a_figure_makes_no_other_figure(figure: str) -> None:
    text = cells(f"<table><tr><td>规章<td>{figure}</table>")[1][0]
    assert read_number(text).state == "text"
    assert text.replace(" ", "") in ("123", "12.3", "-123")


@pytest.mark.parametrize(
    "figure",
    [
        "<b>1</b><i>2</i>3",
        "<span style='mso-a:b'>1</span><span lang=EN-US>23</span>",
        '<a href="#x">123</a>',
        '<span style="vertical-align:super">123</span>',
        '12<span style="opacity:0.8">3</span>',
        '12<span style="font-size:0.9em">3</span>',
    ],
)
def test_a_figure_printed_in_pieces_is_one_figure(figure: str) -> None:
    assert cells(f"<table><tr><td>规章<td>{figure}</table>")[1][0] == "123"


def test_what_fields_say_is_the_text_of_their_cell() -> None:
    choice = "<select><option>11<option selected>12</select>"
    html = f"<table><tr><td>规章<td><textarea> 7 </textarea><td>{choice}<td><select><option>1</select></table>"
    found = [(cell.text, cell.doubtful) for cell in next(read_html(html.encode()).grids()).cells]
    assert found == [("规章", False), ("7", False), ("12", False), ("", True)]


@pytest.mark.parametrize(
    ("cell", "doubtful"),
    [
        ("<script>document.write('12')</script>", True),
        ("<p><script>document.write('12')</script></p>", True),
        ('<span data-n="12"></span>', True),
        ('<span data-width="12"></span>', False),
        ('<span data-v-7ba5bd90=""></span>', False),
        ("<p><br></p>", False),
        ("", False),
    ],
    ids=["script", "script in a paragraph", "data", "width", "scope of a style", "paragraph", "nothing"],
)
def test_an_empty_cell_that_a_script_fills_is_not_blank(cell: str, doubtful: bool) -> None:
    html = f"<table><tr><td>规章<td>{cell}</td><td>3</table>"
    found = [(one.text, one.doubtful) for one in next(read_html(html.encode()).grids()).cells]
    assert found == [("规章", False), ("", doubtful), ("3", False)]


ARTICLE = "<p>一、总体情况</p><table><tr><td>规范性文件</td><td>12</td></tr></table>"
_ESCAPED = ARTICLE.replace("<", "&lt;").replace(">", "&gt;")
_WRITTEN = "".join(f'document.writeln("{part}</tr>");' for part in ARTICLE.split("</tr>"))


@pytest.mark.parametrize(
    "carrier",
    [
        f"<template>{ARTICLE}</template>",
        f"<noscript>{ARTICLE}</noscript>",
        f'<script type="text/html">{ARTICLE}</script>',
        f'<textarea style="display:none">{_ESCAPED}</textarea>',
        f"<script>window.__INITIAL_STATE__={json.dumps({'title': '甲', 'html': ARTICLE})}</script>",
        f"<script>var a = 'it\\'s'; // don't\nvar b = `{ARTICLE}`;</script>",
        f"<script>{_WRITTEN}</script>",
        f'<script>document.write(unescape("{quote(ARTICLE)}"))</script>',
        f'<iframe src="data:text/html;charset=utf-8;base64,{b64encode(ARTICLE.encode()).decode()}"></iframe>',
        f"<iframe src='data:text/html,{quote(ARTICLE)}'></iframe>",
    ],
    ids="template noscript markup field state quoted written escaped base64 percent".split(),
)
def test_an_article_that_the_page_carries_is_read_in_its_place(carrier: str) -> None:
    page = read_bytes(f"<html><head><title>甲</title></head><body><p>乙</p>{carrier}<p>丙</p></body></html>".encode())
    assert [cell.text for grid in page.grids() for cell in grid.cells] == ["规范性文件", "12"]
    assert paragraphs(page) == ["乙", "一、总体情况", "丙"] and page.title == "甲"


def test_what_a_page_carries_beside_its_own_tables_is_not_read() -> None:
    page = read_html(f"<body>{ARTICLE}<template>{ARTICLE.replace('12', '13')}</template></body>".encode())
    assert [cell.text for grid in page.grids() for cell in grid.cells] == ["规范性文件", "12"]


def test_strings_without_tables_leave_a_page_as_it_is() -> None:
    script = f"<script>var a = \"<p>{'b' * 300}</p>\"; document.write('<i>c</i>')</script>"
    assert paragraphs(read_html(f"<body><p>一、总体情况</p>{script}</body>".encode())) == ["一、总体情况"]


def test_an_escaped_page_inside_json_is_read() -> None:
    page = read_bytes(json.dumps({"content": _ESCAPED + " " * 200}, ensure_ascii=False).encode())
    assert [cell.text for grid in page.grids() for cell in grid.cells] == ["规范性文件", "12"]
