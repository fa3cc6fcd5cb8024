"""What is a report, what is none, and what the failure says."""

from __future__ import annotations

import pytest

from benchmarks.decoys import KINDS, decoys
from benchmarks.kinds import judge, reports
from toolkit.corpus import read_corpus, read_report
from toolkit.errors import SourceError
from toolkit.simulation import write_report

CHAPTERS = (
    "一、总体情况\n2022年，我局认真落实条例。\n二、主动公开政府信息情况\n{0}\n三、收到和处理政府信息公开申请情况\n{0}\n"
    "四、政府信息公开行政复议、行政诉讼情况\n{0}\n五、存在的主要问题及改进情况\n更新不够及时。\n六、其他需要报告的事项\n无。"
)
TITLE = "沭阳县教育局2022年政府信息公开工作年度报告"
OLD = (
    "一、概述\n{0}年我局认真贯彻条例。\n二、主动公开政府信息情况\n主动公开政府信息175条，其中全文电子化率达100%。\n"
    "三、依申请公开政府信息情况\n未收到申请。\n四、咨询情况\n接受咨询2070人次。\n五、复议、诉讼和申诉情况\n无。"
)

DECOYS = {
    "list": (
        "政府信息公开年报\n"
        + "\n".join(f"沭阳县教育局{year}年政府信息公开年度报告 {year + 1}-01-20" for year in range(2015, 2023)),
        "a list of reports",
    ),
    "explanation": (f"{TITLE}解读\n" + CHAPTERS.format("全市制发规范性文件50件。"), "an explanation"),
    "explanation in front": (f"【文字解读】{TITLE}\n" + CHAPTERS.format("情况良好。"), "an explanation"),
    "notice": ("关于做好2023年政府信息公开工作年度报告编制工作的通知\n各乡镇：\n请于1月31日前报送。", "a notice"),
    "half-year": (
        "普陀区2022年上半年政府信息公开申请统计\n收到申请数 320\n答复数 310\n予以公开 120",
        "a part of the year",
    ),
    "quarter": ("2023年第二季度依申请公开情况统计\n新收申请20件，办结19件，其余正在办理。", "a part of the year"),
    "applications alone": ("2023年政府信息公开申请情况统计表\n新收\t20\n办结\t20\n结转\t0", "applications alone"),
    "summary": ("蚌埠市2019年政务公开工作总结\n一、强化组织领导。二、存在问题。三、下步打算。", "a summary"),
    "model": ("政府信息公开工作年度报告范文\n" + CHAPTERS.format("公开500条。"), "a model text"),
    "model in brackets": (
        "沭阳县水利局2023年政府信息公开工作年度报告（模板）\n" + CHAPTERS.format("公开500条。"),
        "a model text",
    ),
    "model of a body without a name": (
        "XX县水利局2023年政府信息公开工作年度报告\n" + CHAPTERS.format("公开500条。"),
        "a model",
    ),
    "model of a year without a number": (
        "沭阳县20XX年政府信息公开工作年度报告\n" + CHAPTERS.format("公开500条。"),
        "a model",
    ),
    "picture story": (f"一图读懂{TITLE}\n" + CHAPTERS.format("公开500条。"), "an explanation"),
    "years side by side": (
        "沭阳县2019-2023年政府信息公开工作年度报告数据对比\n收到申请\t3\t4\t5",
        "several years side by side",
    ),
    "question": ("求助：2023年政府信息公开工作年度报告怎么写\n楼主：第三部分的表怎么填？", "a question"),
    "rule of law": (
        "沭阳县2023年法治政府建设年度报告\n一、总体情况\n全面推进依法行政。\n五、存在的主要问题及改进情况\n执法不规范。\n"
        "六、其他需要报告的事项\n无。",
        "a report about other business",
    ),
    "attachment alone": (f"{TITLE}\n发布时间：2023-01-18\n附件：{TITLE}.pdf", "its attachment"),
    "model with XX": ("工作年报\n" + CHAPTERS.format("XX县XX局主动公开XX条，收到申请XX件。"), "a model text"),
    "statistical system": (
        "政府信息公开情况统计报表制度\n一、总说明\n二、报表目录\n三、指标解释\n主动公开信息数。",
        "statistical return",
    ),
    "rules": ("沭阳县政府信息公开工作年度报告制度\n第一条 为规范年度报告编制工作，制定本制度。", "rules about reports"),
    "news": ("我市召开政府信息公开工作推进会\n12月3日，我市召开会议，通报年度报告编制情况。", "neither its chapters"),
    "almost nothing": ("正在加载，请稍候", "the page is empty"),
}


def _read(text: str, tmp_path, name: str = "page.txt"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_report(path)


@pytest.mark.parametrize(("text", "reason"), DECOYS.values(), ids=DECOYS)
def test_no_report(text, reason, tmp_path):
    with pytest.raises(SourceError, match="no annual report: .*" + reason) as caught:
        _read(text, tmp_path)
    assert caught.value.hint


@pytest.mark.parametrize(
    "instead", ["详见附件。", "该部分以表格形式报告。表格如下：", ""], ids=["attachment", "template text", "nothing"]
)
def test_a_report_without_tables_is_partial(instead, tmp_path):
    report = _read(f"{TITLE}\n{CHAPTERS.format(instead)}", tmp_path)
    (row,) = report.reports[["status", "year"]].values.tolist()
    assert row == ["partial", 2022]
    assert "table not found: applications" in report.reports["reason"][0]
    assert report.statistics.empty


def test_reports_of_other_business_in_a_menu_are_no_titles(tmp_path):
    menu = "法治政府建设年度报告\n政府网站工作年度报表\n政府信息公开年报\n如何申请信息公开？\n"
    report = _read(f"{menu}{TITLE}\n{CHAPTERS.format('详见附件。')}", tmp_path)
    assert report.reports[["year", "status"]].values.tolist() == [[2022, "partial"]]


def test_a_list_of_reports_with_attachments_is_a_list(tmp_path):
    lines = [f"沭阳县教育局{year}年政府信息公开年度报告.pdf" for year in range(2015, 2023)]
    with pytest.raises(SourceError, match="a list of reports"):
        _read("政府信息公开年报\n" + "\n".join(lines), tmp_path)


def test_links_and_menus_before_a_report_are_no_titles(tmp_path):
    menu = "".join(
        f"<p>{line}</p>"
        for line in (
            "首页 > 政策解读 > 通知公告",
            "政府信息公开制度",
            "政府信息公开指南",
            "2022年上半年政府信息公开申请统计",
        )
    )
    body = "".join(f"<p>{line}</p>" for line in f"{TITLE}\n{CHAPTERS.format('')}".split("\n"))
    page = f"<html><head><title>{TITLE}-通知公告-沭阳县人民政府</title></head><body>{menu}{body}</body></html>"
    assert _read(page, tmp_path, "page.html").reports["agency"].tolist() == ["沭阳县教育局"]


@pytest.mark.parametrize(
    ("year", "more", "form"),
    [(2010, "", "prose"), (2018, "", "prose"), (2015, "\n附表\n统计指标\t单位\t统计数\n收到申请数\t件\t3", "2014")],
    ids=["2010", "2018", "table of 2014"],
)
def test_reports_before_2019_have_chapters_and_no_cells(year, more, form, tmp_path):
    report = _read(f"德化县国土资源局{year}年度政府信息公开工作年度报告\n{OLD.format(year)}{more}", tmp_path)
    assert report.reports[["form", "status"]].values.tolist() == [[form, "parsed"]]
    assert report.statistics.empty
    assert "overview" in set(report.sections["chapter"])


def test_an_empty_form_is_a_failure(tmp_path):
    from toolkit.simulation.draft import draft
    from toolkit.simulation.sheet import compose
    from toolkit.simulation.writer import render

    blank = draft("2021", {cell.key: "" for cell in compose("2021")}, prose={"overview": ["（文字描述）"]})
    path = render(blank, "html_clean").save(tmp_path / "blank")
    corpus = read_corpus(path, progress=False)
    assert len(corpus) == 0
    assert corpus.failures[["stage", "error"]].values.tolist() == [["recognise", "SourceError"]]
    assert corpus.failures["message"][0].startswith("empty form")


def test_a_blank_table_beside_prose_is_a_report(tmp_path):
    written = write_report("2021", "html_clean", ["table_blank"])
    assert len(read_report(written.save(tmp_path / "report"))) == 1


def test_pages_of_every_kind(tmp_path):
    some = [*reports(seed=2, count=20), *decoys(seed=2, count=3)]
    assert {page.kind for page in some} == {"report", *KINDS}
    wrong = [
        (page.kind, number)
        for number, page in enumerate(some)
        if judge(page, tmp_path, number)[0] != (page.kind == "report")
    ]
    assert wrong == []
