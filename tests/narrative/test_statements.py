"""Chapter five split into statements: layouts, the founding report, offsets, what must stay empty."""

import re
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from benchmarks.narrative import (
    count_matches,
    macro_f1,
    main,
    our_split,
    overlap,
    score_splits,
    simulate_sections,
    split_naively,
)
from toolkit.errors import InputError
from toolkit.narrative.statements import COLUMNS, label_spans, problems_status, split_statements

FOUNDING = (
    "2020年,东关街道对政府信息公开工作做出了安排部署,在街道领导干部的通力配合下,政府信息公开工作取得了一定的成绩,但也存在一些不足和问题。"
    "一是对政府信息公开工作认识有待进一步增强;二是信息公开动态调整不及时,有的信息变动后没有及时做出调整。三是公开数量较少,方式单一,"
    "需加大公开力度。      \n\n针对上述问题,我街道将进一步贯彻落实《政府信息公开条例》,"
    "推动政府信息公开工作取得更大进展。"
    "一是加强政务信息公开业务的学习和培训,不断提高认识,提升政务信息公开工作水平。二是进一步加大政府信息公开力度,"
    "把人民群众普遍关心、涉及人民群众切身利益的问题作为重点,依法及时公开;三是充分利用公示栏、微信公众号等形式,"
    "公开政务事项办理程序及各项民计民生政策等内容。\n"
)
SECTIONS = Path(__file__).with_name("sections.txt")


def texts(chapter, kind):
    found = split_statements(chapter)
    return found.loc[found["kind"] == kind, "text"].tolist()


def marked_sections():
    """The sections with their marks taken out and turned into spans."""
    for block in re.split("^== ", SECTIONS.read_text(encoding="utf-8"), flags=re.M)[1:]:
        head, _, body = block.partition("\n")
        name, _, layout = head.partition(" | ")
        text, statements = "", []
        for part in re.split("(⟦[PI] [^⟧]*⟧)", body.rstrip("\n")):
            plain = part[3:-1] if part.startswith("⟦") else part
            if part.startswith("⟦"):
                kind = "problem" if part[1] == "P" else "improvement"
                statements.append({"kind": kind, "start": len(text), "stop": len(text) + len(plain)})
            text += plain
        yield {"id": name, "layout": layout.split(), "text": text, "statements": statements}


def test_founding_report_has_four_problems_and_three_improvements():
    assert texts(FOUNDING, "problem") == [
        "对政府信息公开工作认识有待进一步增强",
        "信息公开动态调整不及时,有的信息变动后没有及时做出调整",
        "公开数量较少",
        "方式单一,需加大公开力度",
    ]
    assert texts(FOUNDING, "improvement") == [
        "加强政务信息公开业务的学习和培训,不断提高认识,提升政务信息公开工作水平",
        "进一步加大政府信息公开力度,把人民群众普遍关心、涉及人民群众切身利益的问题作为重点,依法及时公开",
        "充分利用公示栏、微信公众号等形式,公开政务事项办理程序及各项民计民生政策等内容",
    ]


def test_founding_report_columns_positions_and_progress():
    found = split_statements(FOUNDING)
    assert list(found.columns) == COLUMNS
    assert found["position"].tolist() == [1, 2, 3, 4, 1, 2, 3]
    assert found["progress"].isna().tolist() == [True] * 4 + [False] * 3
    assert found["progress"].dropna().tolist() == ["planned"] * 3
    assert [FOUNDING[a:b] for a, b in zip(found["start"], found["stop"])] == found["text"].tolist()


LAYOUTS = {
    "shi": ("一是内容较少;二是更新不及时。", ["内容较少", "更新不及时"]),
    "first, next": ("首先,内容较少;其次,更新不及时。", ["内容较少", "更新不及时"]),
    "paren": ("(一)内容较少。\n(二)更新不及时。", ["内容较少", "更新不及时"]),
    "full-width paren": ("（一）内容较少；（二）更新不及时。", ["内容较少", "更新不及时"]),
    "digits": ("1.内容较少。2.更新不及时。", ["内容较少", "更新不及时"]),
    "digit before a year": ("1.2023年内容较少。2.更新不及时。", ["2023年内容较少", "更新不及时"]),
    "rings": ("①内容较少②更新不及时", ["内容较少", "更新不及时"]),
    "bullets": ("● 内容较少\n● 更新不及时", ["内容较少", "更新不及时"]),
    "one a line": ("公开内容较少\n信息更新不及时\n", ["公开内容较少", "信息更新不及时"]),
    "title and detail": (
        "一是内容较少。部分栏目没有信息。二是更新不及时。",
        ["内容较少。部分栏目没有信息", "更新不及时"],
    ),
    "inline list": ("我局信息公开存在内容较少、更新不及时等问题。", ["内容较少", "更新不及时"]),
    "noun list": ("在公开的内容、形式、时效上还有待改进。", ["在公开的内容、形式、时效上还有待改进"]),
    "no enumeration": ("公开内容较少,信息更新不及时。", ["公开内容较少", "信息更新不及时"]),
    "one theme": ("公开数量较少,公开范围较窄。", ["公开数量较少,公开范围较窄"]),
    "cause": ("一是由于人手紧张,信息更新不及时。", ["由于人手紧张,信息更新不及时"]),
    "praise, then but": ("公开工作取得进展,但更新不及时。", ["更新不及时"]),
    "gap as frame": ("但与群众需求还有一定差距,一是更新不及时。", ["更新不及时"]),
    "gap alone": ("政府信息公开工作与上级要求还有一定差距。", ["政府信息公开工作与上级要求还有一定差距"]),
    "gap with a subject": ("公开内容与群众需求还有差距;更新不及时。", ["公开内容与群众需求还有差距", "更新不及时"]),
    "cut lines": ("一是公开内容不\n够全面。二是更新不及\r\n时。", ["公开内容不\n够全面", "更新不及\r\n时"]),
    "page number": ("一是公开内容不\n- 6 -\n够全面。", ["公开内容不\n- 6 -\n够全面"]),
    "traditional": ("一是內容較少;二是更新不及時。", ["內容較少", "更新不及時"]),
    "pinyin": ("一是内容较(jiào)少;二是更新不及(jí)时。", ["内容较(jiào)少", "更新不及(jí)时"]),
    "Kangxi": ("一是⼈⼒不⾜;二是⽅式单⼀。", ["⼈⼒不⾜", "⽅式单⼀"]),
}


@pytest.mark.parametrize(("chapter", "problems"), LAYOUTS.values(), ids=LAYOUTS)
def test_problems_of_each_layout(chapter, problems):
    assert texts(chapter, "problem") == problems
    assert texts(chapter, "improvement") == []


TURNS = {
    "heading": "(一)存在问题\n更新不及时。\n(二)改进措施\n加强培训。",
    "heading in mid-text": "更新不及时。改进措施:加强培训。",
    "transition": "更新不及时。针对上述问题,我局将加强培训。",
    "year and will": "更新不及时。2024年,我局将加强培训。",
    "numbering starts anew": "一是更新不及时。\n一是加强培训。",
    "inside an item": "一是更新不及时,下一步将加强培训。",
    "numbering goes on": "一是更新不及时。下一步采取以下措施:二是加强培训。",
}


@pytest.mark.parametrize("chapter", TURNS.values(), ids=TURNS)
def test_turn_from_problems_to_improvements(chapter):
    assert (texts(chapter, "problem"), texts(chapter, "improvement")) == (["更新不及时"], ["加强培训"])


def test_turn_inside_an_item_ends_at_the_next():
    chapter = "一是更新不及时,下一步将加强检查。二是内容较少,下一步将充实内容。"
    assert split_statements(chapter)["kind"].tolist() == ["problem", "improvement"] * 2


def test_improvements_are_cut_between_themes_and_kept_with_their_purpose():
    chapter = "改进措施:加强业务培训,提高业务水平,拓宽公开渠道,方便群众。"
    assert texts(chapter, "improvement") == ["加强业务培训,提高业务水平", "拓宽公开渠道,方便群众"]


def test_progress_tells_done_from_planned():
    chapter = "(一)上年度问题整改情况\n一是组织了两次培训;二是完善目录。\n(二)下一步改进措施\n一是拓宽渠道。"
    assert split_statements(chapter)["progress"].tolist() == ["done", "done", "planned"]


@pytest.mark.parametrize(
    "chapter", ["无。", "暂无明显问题。", "(一)存在问题:无。", "但也存在一些不足。", "不存在公开不及时的问题。"]
)
def test_nothing_is_made_of_a_chapter_that_names_nothing(chapter):
    assert split_statements(chapter).empty
    assert problems_status(chapter) == "none_named"


@pytest.mark.parametrize(
    ("chapter", "status"),
    [("更新不及时。", "named"), ("下一步,我局将加强培训。", "none_named"), (" \n", "unread"), (None, "absent")],
)
def test_problems_status(chapter, status):
    assert problems_status(chapter) == status


def test_empty_text_has_the_columns_and_types_of_a_full_one():
    assert split_statements("").dtypes.equals(split_statements(FOUNDING).dtypes)


@pytest.mark.parametrize("chapter", [None, pd.NA, 3], ids=str)
def test_what_is_no_text_is_refused(chapter):
    with pytest.raises(InputError, match="a chapter five is text"):
        split_statements(chapter)


def test_spans_of_all_four_kinds():
    spans = label_spans("(一)存在问题\n工作取得成绩,但更新不及时。\n(二)改进措施\n加强培训。")
    assert spans["kind"].tolist() == ["other", "achievement", "problem", "other", "improvement"]


def test_sections_in_the_manner_of_real_reports():
    scores = score_splits(list(marked_sections()), our_split).set_index("group")["f1"]
    assert scores["problem"] > 0.93
    assert scores["improvement"] > 0.92


PIECES = [
    "一是",
    "(二)",
    "1.",
    "①",
    "\n",
    "。",
    ";",
    ",",
    "、",
    ":",
    "但",
    "将",
    "不及时",
    "存在",
    "问题",
    "改进措施",
    "加强",
    "公开",
    "(a)",
    " ",
]
CHAPTERS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))


@settings(max_examples=300, deadline=None)
@given(CHAPTERS)
def test_any_text_gives_ascending_slices(chapter):
    spans = label_spans(chapter)
    places = [place for pair in zip(spans["start"], spans["stop"]) for place in pair]
    assert places == sorted(places)
    assert all(0 <= start < stop <= len(chapter) for start, stop in zip(spans["start"], spans["stop"]))
    assert spans["text"].tolist() == [chapter[a:b] for a, b in zip(spans["start"], spans["stop"])]


@pytest.mark.parametrize(
    "unit", ["一是公开不够,更新不及时。", "公开", "、不足", "但", "存在", "将", " 不\n", "与要求", "1."]
)
def test_time_grows_with_the_text_and_not_faster(unit):
    def seconds(length):
        begun = time.process_time()
        split_statements(unit * (length // len(unit)))
        return time.process_time() - begun

    seconds(1_000)
    assert seconds(60_000) < 40 * max(seconds(6_000), 0.005)


def test_benchmark_matches_each_span_once():
    assert count_matches([(0, 10), (10, 20)], [(0, 10), (0, 9)]) == 1
    assert overlap((0, 10), (5, 15)) == pytest.approx(5 / 15)


def test_benchmark_macro_f1_is_the_mean_over_frequent_codes():
    gold = ["a"] * 6 + ["b"] * 5 + ["rare"]
    given = ["a"] * 4 + ["b"] * 7 + ["a"]
    reference = f1_score(gold, given, labels=["a", "b"], average="macro")
    assert macro_f1(gold, given) == pytest.approx(reference)


def test_benchmark_says_what_it_needs(monkeypatch, capsys):
    monkeypatch.delenv("TOOLKIT_REFERENCE", raising=False)
    monkeypatch.setattr("sys.argv", ["narrative", "--simulated", "0"])
    assert main() == 2
    assert "--sections FILE.jsonl" in capsys.readouterr().err


def test_simulated_sections_are_split_better_than_at_stops():
    sections = simulate_sections(40, seed=5)
    ours, naive = (score_splits(sections, split)["f1"][0] for split in (our_split, split_naively))
    assert ours > 0.9 > naive
