"""Chapters: headings in all their wordings, and what is none."""

import pytest

from toolkit.reports.chapters import chapter_texts, find_chapters
from toolkit.reports.readers.text import read_text
from toolkit.reports.readers.web.html import read_html


def chapters(text: str) -> dict[str, str]:
    page = read_text(text.encode())
    return chapter_texts(page, find_chapters(page))


@pytest.mark.parametrize(
    ("heading", "chapter"),
    [
        ("一、总体情况", "overview"),
        ("一 、概 述", "overview"),
        ("—、总体情况", "overview"),
        ("一、2020年政府信息公开总体情况", "overview"),
        ("二、主动公开政府信息情况", "active_disclosure"),
        ("二、行政机关主动公开政府信息的情况", "active_disclosure"),
        ("三、收到和处理政府信息公开申请情况", "applications"),
        ("三、依申请公开政府信息和不予公开政府信息的情况", "applications"),
        ("三、政府信息依申请公开办理情况", "applications"),
        ("四、政府信息公开行政复议、行政诉讼情况", "disputes"),
        ("四、政府信息公开行政复议行政诉讼情况", "disputes"),
        ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", "disputes"),
        ("五、存在的主要问题及改进情况", "problems"),
        ("五、政府信息公开工作存在的主要问题和改进措施", "problems"),
        ("六、存在问题及工作措施", "problems"),
        ("当前存在的主要问题及下一步改进措施", "problems"),
        ("五、政(zhèng)府信(xìn)息公开工作存在的主要问题及改进情况", "problems"),
        ("⼀、總體情況", "overview"),
        ("六、其他需要报告的事项", "other_matters"),
        ("七、需要说明的事项与附表", "other_matters"),
    ],
)
def test_headings(heading: str, chapter: str) -> None:
    assert chapters(f"{heading}\n正文内容。") == {chapter: "正文内容。"}


@pytest.mark.parametrize(
    "line",
    [
        "三、本年度办理结果",
        "四、结转下年度继续办理",
        "本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、存在的主要问题及改进情况四部分组成。",
        "包括：一、总体情况；二、主动公开政府信息情况；三、收到和处理政府信息公开申请情况；四、其他需要报告的事项。",
        "（一）主动公开情况",
        "一、加强领导，明确责任。",
    ],
)
def test_what_is_no_heading(line: str) -> None:
    assert set(chapters(f"{line}\n正文内容。")) <= {"preamble"}


def test_a_heading_in_the_line_of_its_text() -> None:
    text = "五、存在的主要问题及改进情况今年，我局信息更新不及时。"
    assert chapters(text) == {"problems": "今年，我局信息更新不及时。"}


def test_two_chapters_of_one_kind_are_joined() -> None:
    text = "五、存在的主要问题\n更新慢。\n六、改进措施\n加强更新。\n七、其他需要报告的事项\n无。"
    assert chapters(text) == {"problems": "更新慢。\n加强更新。", "other_matters": "无。"}


def test_a_numbered_list_inside_chapter_five_is_not_the_next_chapter() -> None:
    text = "五、存在的主要问题及改进情况\n一、更新不及时。\n二、形式单一。\n六、其他需要报告的事项\n无。"
    assert chapters(text)["problems"] == "一、更新不及时。\n二、形式单一。"


def test_a_table_of_contents_leaves_the_chapters_alone() -> None:
    contents = "一、总体情况\n五、存在的主要问题及改进情况\n六、其他需要报告的事项\n"
    text = contents + "一、总体情况\n正文。\n五、存在的主要问题及改进情况\n更新慢。\n六、其他需要报告的事项\n无。"
    assert chapters(text) == {"overview": "正文。", "problems": "更新慢。", "other_matters": "无。"}


def test_footer_and_signature_are_cut() -> None:
    text = "六、其他需要报告的事项\n无其他事项。\n沭阳县发展和改革局\n2024年1月17日\n扫一扫在手机打开当前页\n版权所有"
    assert chapters(text) == {"other_matters": "无其他事项。"}


def test_offsets_find_the_text_again_in_a_page() -> None:
    page = read_html(
        "<h3>五、存在的主要问题及改进情况</h3><p>更新慢。</p><p>六、其他需要报告的事项</p><p>无</p>".encode()
    )
    found = {one.chapter: page.text[one.start : one.stop] for one in find_chapters(page)}
    assert found == {"problems": "更新慢。", "other_matters": "无"}
