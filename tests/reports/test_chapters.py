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
        ("\u200b一\u200b、总体情况", "overview"),
        ("一、年度总体情况", "overview"),
        ("【一、总体情况】", "overview"),
        ("第一部分 总体情况", "overview"),
        ("1.总体情况", "overview"),
        ("1、总体情况", "overview"),
        ("（一）总体情况", "overview"),
        ("一 总体情况", "overview"),
        ("五、工作中存在的问题及下步打算", "problems"),
        ("五、不足之处和改进情况", "problems"),
        ("五、问题及对策", "problems"),
        ("五、问题与建议", "problems"),
        ("五、主要问题、改进措施及2024年工作计划", "problems"),
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
        "1.主动公开政府信息情况",
        "3.其他",
        "（六）其他处理",
        "1.属于国家秘密",
    ],
)
def test_what_is_no_heading(line: str) -> None:
    assert set(chapters(f"{line}\n正文内容。")) <= {"preamble"}


def test_numbers_of_another_kind_are_chapters_where_no_other_heading_is() -> None:
    names = ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况")
    names += ("存在的主要问题及改进情况", "其他需要报告的事项")
    for style in ("{}.", "（{}）", "{}、"):
        numbers = "123456" if style == "{}." else "一二三四五六"
        text = "\n".join(f"{style.format(number)}{name}\n正文{number}。" for number, name in zip(numbers, names))
        assert list(chapters(text).values()) == [f"正文{number}。" for number in numbers], style


def test_one_chapter_with_another_number_stands_among_the_others() -> None:
    text = "四、政府信息公开行政复议、行政诉讼情况\n无。\n5.存在的主要问题及改进情况\n更新慢。\n六、其他需要报告的事项\n无。"
    assert chapters(text) == {"disputes": "无。", "problems": "更新慢。", "other_matters": "无。"}


def test_sections_of_chapter_one_are_no_chapters() -> None:
    inner = "（一）主动公开政府信息情况\n公开5条。\n（二）收到和处理政府信息公开申请情况\n未收到。"
    text = f"一、总体情况\n{inner}\n五、存在的主要问题及改进情况\n更新慢。"
    assert chapters(text) == {"overview": inner, "problems": "更新慢。"}


def test_a_table_of_contents_with_other_numbers_leaves_the_chapters_alone() -> None:
    contents = "1.总体情况\n2.主动公开政府信息情况\n"
    assert chapters(f"{contents}{contents}公开5条。") == {"active_disclosure": "公开5条。"} | {"overview": ""}


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


FOOTERS = (
    *(
        "主办：泰安市人民政府",
        "地址：宁阳县七贤路1号 邮编：271400",
        "阅读 1234",
        "END",
        "一审：张三 二审：李四 三审：王五",
    ),
    *(
        "初审编辑：张三",
        "宁阳县水利局 2024年1月18日",
        "宁阳县人民政府办公室二〇二四年一月十八日",
        "宁阳县水利局\n2024年1月18日",
        "热点推荐",
        "政府网站找错",
        "| 打印 | 关闭 |",
        "宁阳县水利局",
        "（此件公开发布）",
        "长按识别二维码关注我们",
    ),
)


@pytest.mark.parametrize("line", FOOTERS)
def test_what_a_site_puts_below_a_report_is_cut(line: str) -> None:
    assert chapters(f"六、其他需要报告的事项\n无其他事项。\n{line}") == {"other_matters": "无其他事项。"}


@pytest.mark.parametrize(
    "line",
    [
        "地址：宁阳县七贤路1号。欢迎提出意见。",
        "联系单位：宁阳县水利局办公室，电话：0538。",
        "下一步，扩大公开范围。",
        "阅读无障碍：已经改造。",
    ],
)
def test_sentences_of_the_last_chapter_stay(line: str) -> None:
    assert chapters(f"六、其他需要报告的事项\n无其他事项。\n{line}") == {"other_matters": f"无其他事项。\n{line}"}


def test_offsets_find_the_text_again_in_a_page() -> None:
    page = read_html(
        "<h3>五、存在的主要问题及改进情况</h3><p>更新慢。</p><p>六、其他需要报告的事项</p><p>无</p>".encode()
    )
    found = {one.chapter: page.text[one.start : one.stop] for one in find_chapters(page)}
    assert found == {"problems": "更新慢。", "other_matters": "无"}
