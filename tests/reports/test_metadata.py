"""Who, where and when: read from what a page says, missing where it says nothing."""

from __future__ import annotations

import time
from datetime import date

import pytest

from toolkit.reports.document import Document, DocumentBuilder
from toolkit.reports.metadata import describe
from toolkit.reports.provenance.dates import date_notes, read_date, vote, year_votes
from toolkit.reports.provenance.scope import read_scope
from toolkit.reports.provenance.titles import find_title, read_title


def page(head: list[str], tail: list[str] | None = None, **facts: object) -> Document:
    """Return a report of these lines before chapter one and under chapter six."""
    builder = DocumentBuilder("text")
    for line in (*head, "一、总体情况", "我们做了很多工作。", "六、其他需要报告的事项", "无。", *(tail or [])):
        builder.paragraph(line)
    return builder.build(**facts)


DONGGUAN = page(
    [
        "平凉市崆峒区东关街道办事处2020年政府信息公开工作年度报告",
        "  • 时间:2021-01-22 09:40",
        "  • 浏览次数:",
        "  • 来源:东关街道办事处",
        "  • 字体: [ ] [ ] [ ]",
        "  • 分享:",
    ],
    ["扫一扫在手机打开当前页", "95630"],
)
SHUYANG = page(
    ["沭阳县人民政府", "首页", "沭阳县发展和改革局2023年政府信息公开年度报告"],
    ["沭阳县发展和改革局", "2024年1月17日"],
    title="沭阳县发展和改革局2023年政府信息公开年度报告-沭阳县发改局",
    meta={"索引号": "014314799/2024-00002", "发布机构": "沭阳县发展和改革局", "公开日期": "2024-01-17"},
)
HUAIAN = page(["            淮安市人民政府", "     2024 年政府信息公开工作年度报告"])
HUAIAN_CHAPTERS = {
    "preamble": "本报告由淮安市人民政府办公室根据《中华人民共和国政府信息公开条例》规定编制。报告所列统计期限"
    "自 2024 年 1 月 1 日至 2024 年 12 月 31 日。"
    "如有疑问，请与淮安市人民政府办公室联系（电话：0517-00000000，电子邮箱：x@163.com）。",
    "overview": "2024 年，我市持续推进。2024 年，全市共受理政府信息公开申请 3119 件。",
    "applications": "3084\t35\t3119",
}
PUBLISHED = [
    (
        DONGGUAN,
        {},
        {
            "title": "平凉市崆峒区东关街道办事处2020年政府信息公开工作年度报告",
            "agency": "平凉市崆峒区东关街道办事处",
            "agency_id": "620802东关街道",
            "parent_id": "620802崆峒区",
            "agency_type": "subdistrict_office",
            "sector": None,
            "level": "township",
            "province": "甘肃省",
            "city": "平凉市",
            "county": "崆峒区",
            "region_code": "620802",
            "scope": None,
            "year": 2020,
            "published": "2021-01-22",
            "index_number": None,
            "url": None,
        },
    ),
    (
        SHUYANG,
        {},
        {
            "title": "沭阳县发展和改革局2023年政府信息公开年度报告",
            "agency": "沭阳县发展和改革局",
            "agency_id": "321322沭阳县发展和改革局",
            "parent_id": "321322沭阳县",
            "agency_type": "department",
            "sector": "development_reform",
            "level": "county",
            "province": "江苏省",
            "city": "宿迁市",
            "county": "沭阳县",
            "region_code": "321322",
            "year": 2023,
            "published": "2024-01-17",
            "index_number": "014314799/2024-00002",
        },
    ),
    (
        HUAIAN,
        HUAIAN_CHAPTERS,
        {
            "title": "淮安市人民政府2024年政府信息公开工作年度报告",
            "agency": "淮安市人民政府",
            "agency_id": "320800淮安市",
            "parent_id": "320000江苏省",
            "agency_type": "government",
            "level": "prefecture",
            "province": "江苏省",
            "city": "淮安市",
            "county": None,
            "region_code": "320800",
            "scope": "territory",
            "scope_basis": "2024 年，全市共受理政府信息公开申请 3119 件。",
            "year": 2024,
            "published": None,
            "index_number": None,
        },
    ),
]


@pytest.mark.parametrize(
    ("document", "chapters", "expected"), PUBLISHED, ids=["东关街道 2020", "沭阳发改局 2023", "淮安 2024"]
)
def test_published_reports(document, chapters, expected):
    facts = describe(document, chapters)
    assert {key: facts[key] for key in expected} == expected
    assert facts["notes"] == []


def test_columns_are_those_of_the_reports_frame():
    assert list(describe(DONGGUAN, {})) == [
        *("title", "agency", "agency_id", "parent_id", "agency_type", "sector", "level", "province", "city", "county"),
        *("region_code", "scope", "scope_basis", "year", "published", "index_number", "url", "year_votes", "notes"),
    ]


def test_contact_data_stay_out():
    assert not any(word in str(describe(HUAIAN, HUAIAN_CHAPTERS)) for word in ("0517", "163.com", "邮箱"))


@pytest.mark.parametrize(
    ("lines", "title", "agency", "year"),
    [
        (
            ["高平市教育局2022年政府信息公开工作年度报告"],
            "高平市教育局2022年政府信息公开工作年度报告",
            "高平市教育局",
            2022,
        ),
        (
            ["高平市教育局", "2022年度", "政府信息公开工作年度报告"],
            "高平市教育局2022年度政府信息公开工作年度报告",
            "高平市教育局",
            2022,
        ),
        (
            ["2022年", "高平市教育局政府信息公开年度报告"],
            "2022年高平市教育局政府信息公开年度报告",
            "高平市教育局",
            2022,
        ),
        (["2022年迎宾路街道政府信息公开年报"], "2022年迎宾路街道政府信息公开年报", "迎宾路街道", 2022),
        (
            ["高平市教育局2022年度政府信息公开年度报告"] * 2,
            "高平市教育局2022年度政府信息公开年度报告",
            "高平市教育局",
            2022,
        ),
        (
            ["高平市教育局2022年政府信息公开", "工作年度报告"],
            "高平市教育局2022年政府信息公开工作年度报告",
            "高平市教育局",
            2022,
        ),
        (
            ["沭阳县教育局（体育局）2022年政府信息公开年报"],
            "沭阳县教育局（体育局）2022年政府信息公开年报",
            "沭阳县教育局（体育局）",
            2022,
        ),
        (
            ["关于公布沭阳县水利局2022年政府信息公开年报的公告"],
            "关于公布沭阳县水利局2022年政府信息公开年报",
            "沭阳县水利局",
            2022,
        ),
        (["肥城市2022年政府信息公开年度工作报告"], "肥城市2022年政府信息公开年度工作报告", "肥城市", 2022),
        (["高平市2022年度政务信息公开年度报告"], "高平市2022年度政务信息公开年度报告", "高平市", 2022),
        (["乌海市政府信息公开工作告年度报"], "乌海市政府信息公开工作告年度报", "乌海市", None),
        (["关于2022年度政府信息公开情况的报告"], "关于2022年度政府信息公开情况的报告", "", 2022),
        (
            ["沭阳县水利局关于2022年政府信息公开工作的年度报告"],
            "沭阳县水利局关于2022年政府信息公开工作的年度报告",
            "沭阳县水利局",
            2022,
        ),
        (
            ["沭陽縣教育局二〇二〇年政府信息公開工作年度報告"],
            "沭陽縣教育局二〇二〇年政府信息公開工作年度報告",
            "沭陽縣教育局",
            2020,
        ),
        (
            ["沭阳县教育局２０２２年政(zhèng)府信息公开年度报告"],
            "沭阳县教育局２０２２年政府信息公开年度报告",
            "沭阳县教育局",
            2022,
        ),
        (
            ["当前位置：首页 > 沭阳县教育局2022年政府信息公开年度报告"],
            "沭阳县教育局2022年政府信息公开年度报告",
            "沭阳县教育局",
            2022,
        ),
        (
            ["2023年政府信息公开年度报告", "沭阳县教育局2022年政府信息公开年度报告"],
            "沭阳县教育局2022年政府信息公开年度报告",
            "沭阳县教育局",
            2022,
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_title_variants(lines, title, agency, year):
    found = find_title(page(lines))
    assert found is not None
    assert (found.text, found.agency, found.year) == (title, agency, year)


@pytest.mark.parametrize(
    "line",
    [
        "关于做好2022年政府信息公开工作年度报告编制工作的通知",
        "【文字解读】2022年政府信息公开工作年度报告解读",
        "政府信息公开指南",
        "本报告所列数据的统计期限自2022年1月1日起",
        "沭阳县2022年工作报告",
        "根据条例要求，现公布沭阳县教育局2022年政府信息公开年度报告",
    ],
)
def test_what_is_no_title(line):
    assert read_title(line) is None


@pytest.mark.parametrize(
    "above",
    [
        "首页 > 政务公开 > 年度报告",
        "首页 政务公开",
        "信息公开专栏",
        "法定主动公开内容",
        "政府信息公开年报",
        "区政府办公室",
    ],
)
@pytest.mark.parametrize("agency", ["鼓楼区教育局", "财政部", "东关街道办事处"])
def test_what_stands_above_a_whole_title_is_no_part_of_it(above, agency):
    facts = describe(page([above, f"{agency}2023年政府信息公开工作年度报告"]), {})
    assert (facts["title"], facts["agency"]) == (f"{agency}2023年政府信息公开工作年度报告", agency)


@pytest.mark.parametrize(
    ("title", "agency", "year"),
    [
        ("宁阳县水利局2023年政务公开工作年度报告", "宁阳县水利局", 2023),
        ("宁阳县水利局政府信息公开年度报告（2023年度）", "宁阳县水利局", 2023),
        ("宁阳县水利局2023年政府信息公开工作总结", "宁阳县水利局", 2023),
        ("关于公布宁阳县水利局2023年政府信息公开工作年度报告的公告", "宁阳县水利局", 2023),
        ("宁阳县人民政府办公室关于印发宁阳县水利局2023年政府信息公开工作年度报告的通知", "宁阳县水利局", 2023),
        ("宁阳县水利局2023年政府信息公开工作年度报告及解读", "宁阳县水利局", 2023),
        ("★ 宁阳县水利局2023年政府信息公开工作年度报告", "宁阳县水利局", 2023),
        ("1. 宁阳县水利局2023年政府信息公开工作年度报告", "宁阳县水利局", 2023),
        ("宁阳县水利局2023年工作总结", None, None),
    ],
)
def test_titles_of_reports_in_other_words(title, agency, year):
    facts = describe(page([title]), {})
    assert (facts["agency"], facts["year"]) == (agency, year)


HOST = ["泰安市人民政府", "2023年政府信息公开工作年度报告"]


@pytest.mark.parametrize(
    ("document", "chapters", "agency"),
    [
        (page(HOST), {}, "泰安市人民政府"),
        (page(HOST, ["泰安市人民政府办公室", "2024年1月18日"]), {}, "泰安市人民政府"),
        (page(HOST, ["宁阳县水利局", "2024年1月18日"]), {}, "宁阳县水利局"),
        (page(HOST, meta={"发布机构": "宁阳县水利局"}), {}, "宁阳县水利局"),
        (page(HOST), {"problems": "2023年，我局工作仍存在不足。"}, None),
        (page(HOST), {"overview": "2023年，我街道认真贯彻条例。"}, None),
        (page(["宁阳县财政局", "宁阳县教育局", HOST[1]]), {}, None),
        (page(["泰安市人民政府办公室主办", HOST[1]]), {}, None),
    ],
    ids=[
        "alone",
        "its office signs",
        "another signs",
        "another issues",
        "a department speaks",
        "a street office speaks",
        "menu",
        "footer",
    ],
)
def test_the_site_above_a_title_is_the_agency_only_where_nothing_contradicts(document, chapters, agency):
    facts = describe(document, chapters)
    assert facts["agency"] == agency
    assert facts["title"] == (f"{agency}{HOST[1]}" if agency == HOST[0] else HOST[1])


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("2024-01-17 10:22:33  来源：县水利局", "2024-01-17"),
        ("2024年1月17日 浏览次数：12 字体：大 中 小", "2024-01-17"),
        ("今天是2024年5月1日 星期三 字体：大 中 小", None),
        ("2024-01-17", None),
    ],
)
def test_a_day_beside_the_source_needs_no_label(line, published):
    facts = describe(page(["宁阳县水利局2023年政府信息公开工作年度报告", line]), {})
    assert facts["published"] == published


def test_a_page_without_line_breaks_still_has_its_title():
    line = (
        "沭阳县教育局2022年政府信息公开年度报告 根据条例，现公布如下。 一、总体情况 2022年，我局"
        + "做了很多工作。" * 20
    )
    builder = DocumentBuilder("text")
    builder.paragraph(line)
    assert describe(builder.build(), {})["title"] == "沭阳县教育局2022年政府信息公开年度报告"


def test_the_day_of_the_visit_is_no_day_of_publication():
    facts = describe(page(["2025年12月30日", "沭阳县教育局2022年政府信息公开年度报告"]), {})
    assert facts["published"] is None


UNTOLD = "政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("document", "chapters", "agency", "code"),
    [
        (page([UNTOLD], ["沭阳县教育局", "2023年1月20日"]), {}, "沭阳县教育局", "321322"),
        (
            page([UNTOLD], ["沭阳县教育局 2023年1月20日"], meta={"发布机构": "沭阳县司法局"}),
            {},
            "沭阳县教育局",
            "321322",
        ),
        (page([UNTOLD, "沭阳县水利局", "（2023年1月20日）"]), {}, "沭阳县水利局", "321322"),
        (page([UNTOLD]), {"preamble": "由沭阳县水利局根据《条例》编制。"}, "沭阳县水利局", "321322"),
        (page([UNTOLD]), {"preamble": "现向社会公布荆州区2020年政府信息公开工作年度报告。"}, "荆州区", "421003"),
        (page([UNTOLD], meta={"发布机构": "乌海市人民政府", "来源": "乌海市教育局"}), {}, "乌海市人民政府", "150300"),
        (page(["县教育局2022年" + UNTOLD], meta={"发布机构": "沭阳县教育局"}), {}, "县教育局", "321322"),
        (page(["县教育局2022年" + UNTOLD], title="年度报告-沭阳县人民政府"), {}, "县教育局", "321322"),
        (page(["发展和改革局2022年" + UNTOLD], ["沭阳县发展和改革局", "2023年1月2日"]), {}, "发展和改革局", "321322"),
        (page(["东关街道办事处2020年" + UNTOLD], meta={"来源": "崆峒区人民政府"}), {}, "东关街道办事处", "620802"),
        (page(["东关街道办事处2020年" + UNTOLD], meta={"来源": "本网"}), {}, "东关街道办事处", None),
        (page(["县教育局2022年" + UNTOLD], meta={"发布机构": "平凉市崆峒区人民政府"}), {}, "县教育局", None),
        (page(["沭阳县教育局2022年" + UNTOLD], meta={"来源": "盱眙县人民政府"}), {}, "沭阳县教育局", "321322"),
        (page(["365bet体育在线2022年" + UNTOLD]), {}, None, None),
        (page(["开云手机官网入口教育局2022年" + UNTOLD]), {}, None, None),
        (
            page(["365bet2022年" + UNTOLD], ["365bet教育局", "2023年1月2日"], url="http://www.shuyang.com"),
            {},
            None,
            None,
        ),
        (page([UNTOLD], meta={"来源": "昌图县人民政府办公室"}), {"overview": "2020年，我镇认真贯彻。"}, None, None),
        (page([UNTOLD]), {}, None, None),
    ],
    ids=[
        *(
            "under the report",
            "signature before meta",
            "under the title",
            "compiled by",
            "in the first sentence",
            "meta",
        ),
        *("county from meta", "county from the file's title", "county from the signature", "township from the source"),
        *("one of sixteen", "another kind of county", "title before host", "advertising", "advertising in Chinese"),
        *("advertising in the signature", "the portal's office is not the town", "nothing"),
    ],
)
def test_agency_by_order_of_sources(document, chapters, agency, code):
    facts = describe(document, chapters)
    assert (facts["agency"], facts["region_code"]) == (agency, code)


def test_a_town_without_name_is_still_a_town():
    facts = describe(page([UNTOLD]), {"overview": "2020年，我镇认真贯彻。"})
    assert (facts["agency_type"], facts["level"], facts["agency"], facts["region_code"]) == (
        "township_government",
        "township",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-01-17", date(2024, 1, 17)),
        ("2024/1/17 09:40:00", date(2024, 1, 17)),
        ("2024.01.17", date(2024, 1, 17)),
        ("[ 2024年1月17日 ]", date(2024, 1, 17)),
        ("20240117", date(2024, 1, 17)),
        ("２０２４年１月１７日", date(2024, 1, 17)),
        ("二〇二四年一月十七日", date(2024, 1, 17)),
        ("二○一九年十二月三十一日", date(2019, 12, 31)),
        ("2024-02-30", None),
        ("20251月1日", None),
        ("201711日", None),
        ("0527-83593059", None),
        ("", None),
    ],
)
def test_dates(text, day):
    assert read_date(text) == day


@pytest.mark.parametrize(
    ("title", "preamble", "overview", "path", "day", "year", "votes"),
    [
        (2021, "自2021年1月1日起至2021年12月31日止。", "2021年，我局", "", None, 2021, {"period", "title", "overview"}),
        (2021, "自2020年1月1日至12月31日。", "2021年，我局", "", None, 2021, {"period", "title", "overview"}),
        (None, "自 2020 年 1 月 1 日至 2020 年 12 月 31 日。", "", "", None, 2020, {"period"}),
        (None, "统计期限自2022年1月1日起，至2022年12月31日止。", "", "", None, 2022, {"period"}),
        (None, "统计期限自2022年1月1日起，至2023年12月31日止。", "", "", None, None, set()),
        (None, "自20251月1日至12月31日。", "", "", None, None, set()),
        (2021, "统计期限自2020年1月1日至12月31日。", "", "", None, 2021, {"period", "title"}),
        (None, "现公布2019年度政府信息公开年度报告。", "", "", None, 2019, {"preamble"}),
        (None, "", "二〇一九年，我局", "", None, 2019, {"overview"}),
        (None, "", "", "https://x.gov.cn/a.jsp?area=1&fbtime=2021", None, 2021, {"path"}),
        (None, "", "", "https://x.gov.cn/2022ndbg/a.html", None, 2022, {"path"}),
        (None, "", "", "https://x.gov.cn/2022/a.html", None, None, set()),
        (None, "", "", "", date(2022, 1, 20), 2021, {"date"}),
        (None, "", "", "", date(2022, 9, 20), None, set()),
        (2021, "", "", "", date(2024, 1, 20), 2021, {"title"}),
    ],
)
def test_year_by_vote(title, preamble, overview, path, day, year, votes):
    found = year_votes(title, preamble, overview, path, day)
    assert (vote(found), set(found)) == (year, votes)


def test_disagreement_on_the_year_is_said():
    facts = describe(page(["沭阳县教育局2021年" + UNTOLD]), {"preamble": "自2020年1月1日至12月31日。"})
    assert facts["year"] == 2021
    assert facts["year_votes"] == {"period": 2020, "title": 2021}
    assert facts["notes"] == ["sources disagree on the year: period 2020, title 2021"]


@pytest.mark.parametrize(
    ("published", "notes"),
    [
        (date(2021, 1, 22), 0),
        (date(2020, 12, 31), 0),
        (date(2022, 3, 31), 0),
        (date(2020, 12, 25), 1),
        (date(2022, 4, 1), 1),
    ],
    ids=str,
)
def test_odd_days_of_publication_are_said(published, notes):
    assert len(date_notes(published, 2020, {"title": 2020})) == notes


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("11341703003249434A/202406-00042", "11341703003249434A/202406-00042"),
        ("014314799/2024-00002", "014314799/2024-00002"),
        ("00249100X/2020-00413", "00249100X/2020-00413"),
        ("-68728705-1/2019-00009", "-68728705-1/2019-00009"),
        ("3212000002/2018-354983", "3212000002/2018-354983"),
        ("FZ0010/2021-00490", "FZ0010/2021-00490"),
        ("Qz11120-2501-2011-00001", "Qz11120-2501-2011-00001"),
        ("lanshanquczj/2020-0000077", "lanshanquczj/2020-0000077"),
        ("无", None),
        ("", None),
        ("-", None),
    ],
)
def test_index_numbers(printed, number):
    title = "沭阳县教育局2022年" + UNTOLD
    assert describe(page([title], meta={"索 引 号": printed}), {})["index_number"] == number
    in_text = describe(page([f"索引号：{printed} 发布机构：沭阳县教育局 公开日期：2023-01-05 浏览次数：9", title]), {})
    assert (in_text["index_number"], in_text["published"]) == (number, "2023-01-05")


def test_a_code_that_contradicts_the_name_is_said_and_the_name_stands():
    facts = describe(page(["沭阳县教育局2022年" + UNTOLD], meta={"索引号": "11370883004325769B/2023-00042"}), {})
    assert facts["region_code"] == "321322"
    assert facts["notes"] == ["the index number has the code 370883, the name says 321322"]


@pytest.mark.parametrize(
    ("facts", "url"),
    [
        ({"url": "http://www.x.gov.cn/1.html"}, "http://www.x.gov.cn/1.html"),
        ({"meta": {"来源": "http://www.x.gov.cn/2.html"}}, "http://www.x.gov.cn/2.html"),
        ({"meta": {"来源": "沭阳县人民政府"}}, None),
        ({}, None),
    ],
    ids=["page", "source", "a name", "none"],
)
def test_url_only_where_the_page_says_it(facts, url):
    chapters = {"preamble": "通过沭阳县人民政府网站（http://www.shuyang.gov.cn/）公布。"}
    assert describe(page(["沭阳县教育局2022年" + UNTOLD], **facts), chapters)["url"] == url


@pytest.mark.parametrize(
    ("prose", "tables", "scope"),
    [
        ("2024年，全市共受理政府信息公开申请3119件。", "3119", "territory"),
        ("2024年，全市共受理政府信息公开申请3119件。", "3084 35", None),
        ("2023年度我局共收到依申请信息公开26件。", "26 0", "own"),
        ("我街道收到政府信息公开申请5件。", "5", "own"),
        ("市政府及各部门共收到政府信息公开申请95件。", "95", "level"),
        ("本报告数据包括区政府各部门和各乡镇、街道。", "", "territory"),
        ("本报告所列数据仅包括本机关。", "", "own"),
        ("本报告中的数据包括市政府及其部门。", "", "level"),
        ("全市收到政府信息公开申请3119件。我局收到依申请公开26件。", "", None),
        ("全县主动公开政府信息1200条。", "", None),
        ("全市深入推进政务公开。", "", None),
        ("受理12345热线咨询3119件。", "", None),
        ("", "", None),
        ("本报告统计范围为市政府及市政府各部门，不含各县（市、区）。", "", "level"),
        ("本报告数据包括区政府各部门，各镇街除外。", "", "level"),
        ("本报告统计数据包括市政府各部门，不包括各部门下属单位。", "", "level"),
        ("本报告数据不含乡镇。", "", None),
        ("本报告数据不含乡镇。全县共受理政府信息公开申请12件。", "12", None),
        ("本报告数据不含各乡镇。县政府及各部门共收到政府信息公开申请12件。", "12", "level"),
        ("本报告数据仅为县政府办公室的数据，不包括各乡镇和部门。", "", "own"),
        ("本报告数据不包括税务、海关等垂直管理部门。", "", None),
        ("本报告由县政府办公室根据各乡镇、县直各部门的年度报告汇总编制。", "", "territory"),
        ("综合各县、区人民政府和市政府各部门的政府信息公开工作报告和有关统计数据而成。", "", "territory"),
        ("本报告根据省政府办公厅关于各县（市、区）、各部门年度报告的要求编制。", "", None),
        ("综合各乡镇、各部门上报情况，编写简报12期。", "", None),
        ("本报告汇总了全市各级行政机关的数据。", "", "territory"),
        ("本报告统计范围为全市。", "", "territory"),
        ("本报告中所列数据的统计范围为本镇。", "", "own"),
        ("本报告数据为区教育局本级数据，不含下属学校。", "", "own"),
        ("本报告数据仅包括市本级。", "", "level"),
        ("本报告数据包含局属各单位。", "", None),
    ],
)
def test_scope(prose, tables, scope):
    found, basis = read_scope(prose, tables)
    assert found == scope
    assert (basis is None) == (scope is None)
    assert basis is None or basis in prose


def test_fast_enough_for_a_million_reports():
    describe(SHUYANG, HUAIAN_CHAPTERS)
    start = time.perf_counter()
    for _ in range(50):
        describe(SHUYANG, HUAIAN_CHAPTERS)
    assert (time.perf_counter() - start) / 50 < 0.01
