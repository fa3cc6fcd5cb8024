"""Figures of the prose, and their comparison with the tables."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.reports.cells import spread
from toolkit.reports.consistency.mentions import concepts, mention_rows
from toolkit.reports.consistency.prose import agreeing, prose_findings

SENTENCES = {
    "received": ("2023年，我局共收到政府信息公开申请3件，均已答复。", [("new_received", 3)]),
    "number first": ("全年共收到12件政府信息公开申请。", [("new_received", 12)]),
    "from citizens": ("收到公民、法人和其他组织提出的政府信息公开申请10件。", [("new_received", 10)]),
    "numeral": (
        "全年受理依申请公开三件，其中自然人2件，法人或其他组织1件。",
        [("new_received", 3), ("natural_persons", 2), ("organisations", 1)],
    ),
    "full width": ("收到信息公开申请１２件（自然人１０件）。", [("new_received", 12), ("natural_persons", 10)]),
    "carried": (
        "收到政府信息公开申请1,203件，上年结转34件，办结1,200件，结转下年度37件。",
        [("new_received", 1203), ("brought_forward", 34), ("processed", 1200), ("carried_forward", 37)],
    ),
    "postponed": ("答复政府信息公开申请5件，另有103件顺延到下年度答复。", [("processed", 5), ("carried_forward", 103)]),
    "year before by number": (
        "全市办理政府信息公开申请3607件（其中2022年结转522件）。",
        [("processed", 3607), ("brought_forward", 522)],
    ),
    "both granted": (
        "其中，予以公开及部分公开的258件，无法提供的265件。",
        [("granted_and_partly", 258), ("unavailable", 265)],
    ),
    "outcomes": (
        "办结申请9件，其中予以公开4件、部分公开2件、不予公开1件、不予处理1件、其他处理1件。",
        [
            ("processed", 9),
            ("granted", 4),
            ("partly_granted", 2),
            ("denied", 1),
            ("not_processed", 1),
            ("other_outcomes", 1),
        ],
    ),
    "not held": (
        "答复申请5件，其中信息不存在3件，申请人撤回1件。",
        [("processed", 5), ("not_held", 3), ("withdrawn", 1)],
    ),
    "nothing": (
        "未收到政府信息公开申请，未发生因政府信息公开引发的行政复议、行政诉讼案件。",
        [("new_received", 0), ("reconsiderations", 0), ("suits", 0)],
    ),
    "none carried": ("没有结转下年度的申请，无上年结转。", [("brought_forward", 0), ("carried_forward", 0)]),
    "disputes": (
        "因政府信息公开被申请行政复议3件（维持2件、纠正1件），被提起行政诉讼1件。",
        [("reconsiderations", 3), ("reconsiderations_upheld", 2), ("reconsiderations_corrected", 1), ("suits", 1)],
    ),
    "results of suits": (
        "政府信息公开行政复议12件；政府信息公开行政诉讼4件，其中结果维持3件，尚未审结1件。",
        [("reconsiderations", 12), ("suits", 4), ("suits_upheld", 3), ("suits_pending", 1)],
    ),
    "together": ("涉及政府信息公开的行政复议和行政诉讼共5件。", [("disputes", 5)]),
    "documents": (
        "制发行政规范性文件5件，废止2件，现行有效22件。",
        [("normative_issued", 5), ("normative_repealed", 2), ("normative_in_force", 22)],
    ),
    "fee": ("收取信息处理费3件2230元。", [("fee_items", 3), ("fee_amount", 2230)]),
    "fee in 万元": ("全年收取信息处理费0.04万元。", [("fee_amount", 400)]),
    "fees as the form words them": (
        "本年度发出收费通知的件数为2件，总金额为400元，实际收取的总金额为300元。",
        [("fee_items", 2), ("fee_amount", 300)],
    ),
    "this year so far": ("今年以来，我局未收到依申请公开信息。", [("new_received", 0)]),
    "to a year by number": ("收到申请95件，2件结转至2024年办理。", [("new_received", 95), ("carried_forward", 2)]),
    "a line broken at the edge": (
        "2023年，我局认真落实条例，不断健全工作机制，全年共收到政府信\n息公开申请3件。",
        [("new_received", 3)],
    ),
    "no fee": ("本年度未收取信息处理费。", [("fee_amount", 0)]),
    "disclosed": ("全年主动公开政府信息5500余条。", [("items_disclosed", 5500)]),
    "filed documents": ("备案审查规范性文件134件。", []),
    "letters": ("通过公开信箱收到群众来信申请120件，12345热线受理诉求300件，受理网络问政182件。", []),
    "online questions": ("全年收到网上咨询申请40件。", []),
    "half-year": ("上半年收到政府信息公开申请20件。", []),
    "another year": ("2022年收到政府信息公开申请12件。", []),
    "comparison": ("收到政府信息公开申请5件，较上年减少3件，同比增加20件。", [("new_received", 5)]),
    "share": ("政府信息公开申请答复率100%，满意率98%。", []),
    "channels": ("通过政府网站收到申请4件，通过信函收到申请6件。", []),
    "cases of all kinds": ("司法局全年办理行政复议案件500件。", []),
    "cases of all kinds and their results": ("推进政府信息公开。全年共办理行政复议案件777件，维持700件。", []),
    "results without their subject": ("发生行政诉讼294件，败诉12件。", []),
    "results in the form's words": (
        "行政复议结果维持9件，结果纠正64件，其他结果46件，尚未审结40件。",
        [
            ("reconsiderations_upheld", 9),
            ("reconsiderations_corrected", 64),
            ("reconsiderations_other", 46),
            ("reconsiderations_pending", 40),
        ],
    ),
    "licences": ("收到行政许可申请888件，办结880件。", []),
    "none of another kind": ("全年未收到法律援助申请。", []),
    "none of any": ("全年未收到公民提交的申请。", [("new_received", 0)]),
    "land register": ("收到不动产登记资料查询申请888件。", []),
    "injuries": ("受理工伤认定申请888件，办结880件。", []),
    "another kind after the number": ("受理888件法律援助申请。", []),
    "of both kinds": (
        "受理工伤认定申请888件，收到政府信息公开申请5件，办结4件。",
        [("new_received", 5), ("processed", 4)],
    ),
    "who asked": ("收到公民、法人提交的申请10件。", [("new_received", 10)]),
    "asked to disclose": ("收到要求公开政府信息的申请7件。", [("new_received", 7)]),
    "a day's mean": ("日均受理申请15件。", []),
    "help to others": ("协助办理政府信息公开申请88件，配合市政府办公室答复申请3件。", []),
    "several years": ("2021年、2022年、2023年分别收到申请100件、200件、300件。", []),
    "two years": ("2022年和2023年分别收到政府信息公开申请200件、300件。", []),
    "several bodies": ("县教育局收到申请777件，县公安局收到申请888件。", []),
    "not held, in short": (
        "属于行政执法案卷4件，本机关不掌握8件。",
        [("enforcement_files", 4), ("not_held", 8)],
    ),
    "a body itself and its branches": ("市局机关收到申请18件，各分局收到申请37件。", []),
    "own level and below": ("各乡镇收到申请20件，市本级收到申请4件。", []),
    "any body": ("行政机关共收到政府信息公开申请55件。", [("new_received", 55)]),
    "several bodies beside the whole": (
        "全县收到政府信息公开申请95件，其中县教育局收到申请17件，县公安局收到申请8件。",
        [("new_received", 95)],
    ),
    "measured by the year before": (
        "收到政府信息公开申请44件，比2022年减少10件；其中予以公开34件。",
        [("new_received", 44), ("granted", 34)],
    ),
    "granted alone": ("予以公开340件，部分公开313件。", [("granted", 340), ("partly_granted", 313)]),
    "documents made public": ("对政策文件予以公开34件。", []),
    "form's words": (
        "不予公开的申请中，属于国家秘密2件，属于行政执法案卷3件；信访举报投诉类申请4件；本机关不掌握相关政府信息5件。",
        [("state_secret", 2), ("enforcement_files", 3), ("petition_complaint", 4), ("not_held", 5)],
    ),
    "ground after the number": (
        "答复申请7件，其中1件属行政执法案卷信息。",
        [("processed", 7), ("enforcement_files", 1)],
    ),
    "grounds in other words": (
        "办理申请5件：部分予以公开1件；不予公开2件，其中1件因涉及第三方合法权益，1件属于政府内部事务信息。",
        [("processed", 5), ("partly_granted", 1), ("denied", 2), ("third_party", 1), ("internal_affairs", 1)],
    ),
    "channel by channel": ("我局网站受理依申请公开9件；当面受理依申请公开7件；其他渠道受理依申请公开13件。", []),
    "counted as items": (
        "本年度共收到依申请公开17条，主动公开信息20条。",
        [("new_received", 17), ("items_disclosed", 20)],
    ),
    "petitions": ("信访举报投诉777件。", []),
    "decisions": (
        "作出行政许可9267件，行政处罚720件、行政强制38件。",
        [("licensing", 9267), ("penalties", 720), ("coercion", 38)],
    ),
    "decisions made public": ("公开行政许可777件、行政处罚信息888条，网上办理行政许可77件。", []),
    "administrative fees": ("全年行政事业性收费51.1082万元。", [("administrative_fees", 511082)]),
    "no administrative fees": ("本年度未收取行政事业性收费。", [("administrative_fees", 0)]),
    "a table's row": ("一、本年新收政府信息公开申请数量\t5\t0\t0\t0\t0\t0\t5", []),
}


def _told(text: str, year: int = 2023) -> list[tuple[str, float]]:
    return [(row["concept"], row["value"]) for row in mention_rows({"overview": text}, year)]


@pytest.mark.parametrize(("text", "told"), SENTENCES.values(), ids=SENTENCES)
def test_sentences(text, told):
    assert _told(text) == told


def test_places_are_those_of_the_section_s_text():
    text = "（一）主动公开。\n（二） 依申请公开。全年 收到政府信息\u00a0公开申请 １，２０３ 件。"
    (row,) = mention_rows({"overview": text}, 2023)
    assert text[row["start"] : row["stop"]] == row["raw"] == "收到政府信息\u00a0公开申请 １，２０３ 件"
    assert (row["value"], row["unit"]) == (1203.0, "件")


def test_only_prose_chapters_are_read():
    text = "收到政府信息公开申请3件。"
    assert [
        row["chapter"]
        for row in mention_rows(dict.fromkeys(("preamble", "problems", "overview", "other_matters"), text))
    ] == [
        "overview",
        "other_matters",
    ]


def test_prose_of_the_third_chapter_is_read_and_its_table_is_not():
    text = "2023年收到政府信息公开申请3件。\n一、本年新收政府信息公开申请数量\n5\n件"
    assert [(row["concept"], row["value"]) for row in mention_rows({"applications": text}, 2023)] == [
        ("new_received", 3)
    ]


def test_every_pattern_names_a_known_concept():
    from toolkit.reports.form import read_rows

    assert {row["concept"] for row in read_rows("forms/concept_patterns.csv")} == set(concepts())


KINDS = ("natural_person", "business", "research", "public_interest", "legal_service", "other_organisation")


def _cells(rows: dict[tuple[str, str], float | str]) -> pd.DataFrame:
    """Cells of applications: a number, or a state."""
    return pd.DataFrame(
        [
            {
                **{"report": "r", "part": "applications", "item": item, "category": category},
                "value": None if isinstance(figure, str) else figure,
                "state": figure if isinstance(figure, str) else "reported",
            }
            for (item, category), figure in rows.items()
        ]
    ).astype({"value": "Float64"})


def _found(text: str, cells: dict[tuple[str, str], float | str], **reports: str) -> pd.DataFrame:
    mentions = pd.DataFrame(mention_rows({"overview": text}, 2023)).assign(report="r")
    sections = pd.DataFrame({"report": ["r"], "chapter": "overview", "text": text})
    bodies = pd.DataFrame({"report": ["r"], **reports})
    return prose_findings(mentions, spread(_cells(cells)), sections, bodies)


SHANGHAI = {
    **{("granted", kind): "blank" for kind in KINDS},
    **{("partly_granted", kind): "blank" for kind in KINDS},
    ("granted", "natural_person"): 258,
    ("granted", "business"): 14,
    ("partly_granted", "business"): 3,
}


@pytest.mark.parametrize(
    "totals",
    [
        {("granted", "total"): 272, ("partly_granted", "total"): 3},
        {("granted", "total"): "blank", ("partly_granted", "total"): "blank"},
    ],
    ids=["totals printed", "totals blank"],
)
def test_a_figure_that_is_only_the_natural_persons_is_found(totals):
    found = _found("全年答复申请中，予以公开及部分公开的258件。", SHANGHAI | totals)
    assert found[["rule", "severity", "lhs", "rhs", "gap", "verdict"]].values.tolist() == [
        ["prose_agrees", "soft", 258, 275, -17, "broken"]
    ]
    assert "applications/granted/natural_person" in found["note"][0]
    assert found["cells"][0] == "applications/granted/total;applications/partly_granted/total"


AGREES = {
    "this year's": ("收到政府信息公开申请54件。", {("new_received", "total"): 54}),
    "with last year's": (
        "收办政府信息公开申请56件。",
        {("new_received", "total"): 54, ("brought_forward", "total"): 2},
    ),
    "blank for zero": ("未收到政府信息公开申请。", {("new_received", "total"): "blank"}),
    "a blank may be anything": ("收到政府信息公开申请54件。", {("new_received", "total"): "blank"}),
    "missing cell": ("收到政府信息公开申请54件。", {("new_received", "total"): "missing"}),
    "no such cell": ("收到政府信息公开申请54件。", {("carried_forward", "total"): 1}),
    "approximate": ("收到政府信息公开申请50余件。", {("new_received", "total"): 54}),
    "withdrawn among others": (
        "收到申请9件，其中申请人撤回2件。",
        {("new_received", "total"): 9, ("other_other", "total"): 5},
    ),
    "a part beside the whole": (
        "全县共收到政府信息公开申请95件，其中县政府办公室收到政府信息公开申请17件。",
        {("new_received", "total"): 95},
    ),
}


@pytest.mark.parametrize(("text", "cells"), AGREES.values(), ids=AGREES)
def test_no_false_finding(text, cells):
    assert _found(text, cells).empty


BROKEN = {
    "another number": ("收到政府信息公开申请53件。", {("new_received", "total"): 54}, 54),
    "less than the blank row's parts": (
        "收到政府信息公开申请3件。",
        {("new_received", "total"): "blank", ("new_received", "natural_person"): 5},
        5,
    ),
    "more withdrawn than others": (
        "收到申请9件，申请人撤回7件。",
        {("new_received", "total"): 9, ("other_other", "total"): 5},
        5,
    ),
    "none, and there were": ("未收到政府信息公开申请。", {("new_received", "total"): 4}, 4),
}


@pytest.mark.parametrize(("text", "cells", "rhs"), BROKEN.values(), ids=BROKEN)
def test_contradictions(text, cells, rhs):
    found = _found(text, cells)
    assert found[["verdict", "severity", "rhs"]].values.tolist() == [["broken", "soft", rhs]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("区政府办公室收到政府信息公开申请17件。", "区政府办公室"),
        ("向市政府及市政府办公室提出，共收到政府信息公开申请5件。", "向市政府"),
        ("全县各部门收到政府信息公开申请17件。", "全县"),
    ],
    ids=["office", "upper level", "territory"],
)
def test_a_difference_of_scope_is_said_in_the_note(text, words):
    found = _found(text, {("new_received", "total"): 95}, scope="level")
    assert found["severity"].tolist() == ["soft"]
    assert f"the scope may differ: the sentence speaks of {words}" in found["note"][0]
    assert "scope is level" in found["note"][0]


@pytest.mark.parametrize(
    ("agency", "count"),
    [
        ("沭阳县人民政府", 0),
        ("沭阳县公安局", 0),
        ("沭阳县人力资源和社会保障局", 1),
        ("沭阳县人社局", 1),
        (None, 1),
    ],
    ids=["government", "another bureau", "itself cut short", "itself", "unknown"],
)
def test_another_body_s_figure_is_no_contradiction(agency, count):
    found = _found("县人社局收到政府信息公开申请17件。", {("new_received", "total"): 95}, agency=agency)
    assert len(found) == count
    assert all("the sentence speaks of 县人社局" in note for note in found["note"])


@pytest.mark.parametrize("body", ["市本级", "县政府本级", "局机关"])
def test_what_came_to_a_body_itself_may_be_less_than_its_table_tells(body):
    assert _found(f"{body}收到政府信息公开申请17件。", {("new_received", "total"): 95}, agency="宿迁市教育局").empty


def test_fees_and_decisions_are_compared():
    text = "作出行政许可9件，行政处罚7件。行政事业性收费1.5万元。"
    mentions = pd.DataFrame(mention_rows({"overview": text}, 2023)).assign(report="r")
    cells = [("licensing", "decisions", 9), ("penalties", "decisions", 8), ("fees", "amount", 15_000)]
    table = spread(
        pd.DataFrame(
            [
                {"report": "r", "part": "active_disclosure", "item": item, "category": name, "value": value}
                for item, name, value in cells
            ]
        ).assign(state="reported")
    )
    assert prose_findings(mentions, table)[["place", "lhs", "rhs"]].values.tolist() == [
        ["active_disclosure/penalties/decisions", 7, 8]
    ]


def test_what_agrees_is_listed_with_the_cells_that_gave_it():
    text = "收办政府信息公开申请56件，结转下年度1件，主动公开信息12条。"
    mentions = pd.DataFrame(mention_rows({"overview": text}, 2023)).assign(report="r")
    cells = _cells({("new_received", "total"): 54, ("brought_forward", "total"): 2, ("carried_forward", "total"): 1})
    assert agreeing(mentions, cells)[["concept", "cells"]].values.tolist() == [
        ["new_received", "applications/new_received/total;applications/brought_forward/total"],
        ["carried_forward", "applications/carried_forward/total"],
    ]
