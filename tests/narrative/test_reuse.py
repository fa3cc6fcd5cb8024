import random
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from toolkit.errors import InputError
from toolkit.narrative import overlap
from toolkit.narrative.comparison import compare_texts
from toolkit.narrative.reuse import add_reuse, find_reuse
from toolkit.narrative.shingles import characters, covered, shared_share, shingles

OWN = "主动公开的内容不够全面,依申请公开答复的规范性还有待加强。"
PEER = "政策解读的形式较为单一,群众参与互动的渠道仍然不够畅通。"
NEW = "村务公开栏的更新周期太长,个别站所没有专人负责信息报送。"


def _signs(text):
    return "".join(map(chr, characters(text).codes))


def _brute(text, sources, length):
    """Coverage by sets of substrings, character by character."""
    mine, theirs = _signs(text), [_signs(source) for source in sources]
    marks = [False] * len(mine)
    for at in range(len(mine) - length + 1):
        if any(mine[at : at + length] in source for source in theirs):
            marks[at : at + length] = [True] * length
    return sum(marks) / len(mine)


@pytest.fixture
def sections():
    rows = {
        "a22": OWN,
        "a23": OWN + PEER + NEW,
        "b23": PEER + "人员少。",
        "c23": "本镇档案室整理完成了历年文件目录的补录工作。",
        "d23": "暂无",
        "e23": pd.NA,
        "f23": OWN,
    }
    frame = pd.DataFrame({"report": list(rows), "text": list(rows.values())})
    return frame.assign(chapter="problems", simulated=False)


@pytest.fixture
def reports():
    frame = pd.DataFrame({"report": ["a22", "a23", "b23", "c23", "d23", "e23", "f23"]})
    frame["agency_id"] = frame["report"].str[0]
    frame["year"] = pd.array([2022] + [2023] * 6, dtype="Int64")
    frame["parent_id"] = ["p", "p", "p", "p", "p", "p", "q"]
    return frame


def test_shares_and_sources_by_hand(sections, reports):
    found = find_reuse(sections, reports).set_index("report")
    row = found.loc["a23"]
    size = [len(_signs(part)) for part in (OWN, PEER, NEW)]
    assert row["characters"] == sum(size)
    assert row["reuse_self"] == pytest.approx(size[0] / sum(size))
    assert row["reuse_peer"] == pytest.approx(size[1] / sum(size))
    assert row["reuse_any"] == pytest.approx((size[0] + size[1]) / sum(size))
    assert (row["self_source"], row["peer_source"]) == ("a22", "b23")
    assert found.loc["b23", "peer_share"] == pytest.approx(size[1] / (size[1] + 3))
    assert found.loc["c23", ["reuse_peer", "reuse_any"]].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("report", "missing"),
    [
        ("a22", ["reuse_self", "reuse_peer", "reuse_any", "self_source", "any_source"]),
        ("b23", ["reuse_self", "self_source"]),
        ("d23", ["reuse_self", "reuse_peer", "reuse_any"]),
        ("e23", ["characters", "reuse_self", "reuse_peer", "reuse_any"]),
        ("f23", ["reuse_self", "reuse_peer", "peer_source"]),
        ("c23", ["peer_source", "peer_share", "any_source", "duplicate_group"]),
    ],
    ids=["first of all", "no year before", "too short", "no text", "no neighbour", "nothing shared"],
)
def test_what_cannot_be_compared_is_missing(sections, reports, report, missing):
    row = find_reuse(sections, reports).set_index("report").loc[report]
    assert row[missing].isna().all()


def test_near_duplicates_are_grouped_under_the_earliest(sections, reports):
    found = find_reuse(sections, reports).set_index("report")["duplicate_group"].dropna()
    assert found.to_dict() == {"a22": "a22", "f23": "a22"}


def test_without_reports_only_reuse_anywhere_is_told(sections):
    found = find_reuse(sections).set_index("report")
    assert found.loc["a22", "reuse_any"] == 1
    assert found[["reuse_self", "reuse_peer"]].isna().all(axis=None)


def test_two_copies_of_one_report_are_not_each_others_source(sections, reports):
    again = sections[sections["report"] == "c23"].assign(report="c23 again")
    twice = pd.concat([sections, again], ignore_index=True)
    listed = pd.concat([reports, reports[reports["report"] == "c23"].assign(report="c23 again")], ignore_index=True)
    found = find_reuse(twice, listed).set_index("report")
    assert found.loc[["c23", "c23 again"], "reuse_any"].tolist() == [0, 0]
    assert found.loc["c23 again", "duplicate_group"] == "c23"


def test_simulated_and_real_text_are_never_compared(sections, reports):
    sections.loc[sections["report"].isin(["a22", "b23", "f23"]), "simulated"] = True
    found = find_reuse(sections, reports).set_index("report")
    assert found.loc["a23", "reuse_any"] == 0
    assert pd.isna(found.loc["a23", "reuse_self"])
    assert found.loc["a22", "simulated"] and not found.loc["a23", "simulated"]


def test_later_years_are_no_source(sections, reports):
    reports["year"] = reports["year"].where(reports["report"] != "b23", 2024)
    found = find_reuse(sections, reports).set_index("report")
    assert found.loc["a23", "reuse_any"] == found.loc["a23", "reuse_self"]
    assert found.loc["b23", "any_source"] == "a23"


def test_neighbours_by_another_column(sections, reports):
    found = find_reuse(sections, reports.assign(county="k"), neighbours=("county",)).set_index("report")
    assert found.loc["f23", "reuse_peer"] == 1
    assert found.loc["f23", "peer_source"] == "a23"


@pytest.mark.parametrize(
    "copy",
    [
        "主动公开的內容不夠全面，依申請公開答復的規範性還有待加強",
        "主动公开的内容\n不够全面 、依申请公开答复的规范性还有待加强。",
    ],
    ids=["traditional", "punctuation and line breaks"],
)
def test_spelling_hides_no_copy(copy):
    assert shared_share(characters(copy).codes, characters(OWN).codes) == 1


def test_numbers_and_headings_do_not_count():
    old = "一、存在的主要问题\n2022年共有12个部门没有按时更新政府网站的栏目。"
    new = "(二)存在的主要问题:\n2023年共有7个部门没有按时更新政府网站的栏目。"
    assert _signs(new) == _signs(old) == "0年共有0个部门没有按时更新政府网站的栏目"


def test_a_formula_shorter_than_a_shingle_is_no_reuse():
    assert shared_share(characters("政府信息公开工作开展有序").codes, characters("做好政府信息公开工作").codes) == 0


def test_rare_characters_count():
    text = "𠮷野家街道办事处公开𡈽地征收信息"
    assert _signs(text) == text


def _corpus(count, seed):
    """Random sentences, some of everybody, some of a county, some of the year before."""
    draw = random.Random(seed)
    sentence = lambda: "".join(draw.choices("政务信息公开不及时内容全面形式单一申请答复", k=draw.randint(8, 30))) + "。"  # noqa: E731
    formulae = [sentence() for _ in range(12)]
    rows: list[tuple] = []
    before: dict[int, list[str]] = {}
    for place in range(count):
        agency, year = place // 3, 2021 + place % 3
        old = before.get(agency, [])
        text = [draw.choice(formulae + old) if draw.random() < 0.5 else sentence() for _ in range(draw.randint(0, 9))]
        before[agency] = text
        rows.append((f"{agency}/{year}", f"a{agency}", f"p{agency // 5}", year, "".join(text)))
    frame = pd.DataFrame(rows, columns=["report", "agency_id", "parent_id", "year", "text"])
    return frame[["report", "text"]], frame.drop(columns="text")


@pytest.mark.parametrize("bucket", [6_000_000, 997], ids=["one bucket", "many buckets"])
@pytest.mark.parametrize("length", [8, 12])
def test_shares_equal_brute_force(monkeypatch, bucket, length):
    monkeypatch.setattr(overlap, "_BUCKET", bucket)
    monkeypatch.setattr(overlap, "_BLOCK", bucket // 4)
    sections, reports = _corpus(90, seed=length)
    found = find_reuse(sections, reports, length=length)
    whole = sections.merge(reports, on="report")
    checked = 0
    for place, mine in whole.iterrows():
        row, same = found.loc[place], whole["agency_id"] == mine["agency_id"]
        sources = {
            "reuse_self": whole[same & (whole["year"] == mine["year"] - 1)],
            "reuse_peer": whole[~same & (whole["year"] == mine["year"]) & (whole["parent_id"] == mine["parent_id"])],
            "reuse_any": whole[(whole["year"] < mine["year"]) | ((whole["year"] == mine["year"]) & ~same)],
        }
        for name, listed in sources.items():
            if len(_signs(mine["text"])) < length or listed.empty:
                assert pd.isna(row[name])
            else:
                assert row[name] == pytest.approx(_brute(mine["text"], listed["text"], length), abs=1e-12)
                checked += row[name] > 0
    assert checked > 100


def test_the_source_that_shares_most_is_the_one_of_brute_force():
    sections, reports = _corpus(90, seed=3)
    found = find_reuse(sections, reports).dropna(subset=["any_source"]).set_index("report")
    whole = sections.merge(reports, on="report").set_index("report")
    lost = []
    for report, row in found.iterrows():
        mine = whole.loc[report]
        earlier = whole[(whole["year"] < mine["year"]) | ((whole["year"] == mine["year"]) & (whole.index != report))]
        assert row["any_share"] == pytest.approx(_brute(mine["text"], [whole.loc[row["any_source"], "text"]], 12))
        lost.append(max(_brute(mine["text"], [text], 12) for text in earlier["text"]) - row["any_share"])
    assert min(lost) > -1e-12
    assert np.mean(np.array(lost) < 1e-12) > 0.95


def test_the_order_of_rows_changes_nothing():
    sections, reports = _corpus(60, seed=5)
    first = find_reuse(sections, reports).set_index("report").sort_index()
    mixed = sections.sample(frac=1, random_state=1)
    again = find_reuse(mixed, reports.sample(frac=1, random_state=2))
    assert again["report"].tolist() == mixed["report"].tolist()
    pd.testing.assert_frame_equal(again.set_index("report").sort_index(), first)


def test_statements_get_the_share_of_their_own_characters(sections, reports):
    text = sections["text"].iloc[1]
    spans = [(0, len(OWN) - 1), (len(OWN), len(OWN + PEER) - 1), (len(OWN + PEER), len(text) - 1), (0, len(OWN + PEER))]
    statements = pd.DataFrame(spans, columns=["start", "stop"], index=[3, 3, 4, 5]).assign(report="a23")
    extra = pd.DataFrame(
        {"report": ["b23", "zz", "e23"], "start": [0, 0, pd.NA], "stop": [9, 9, pd.NA]}, index=[1, 1, 1]
    )
    found = add_reuse(pd.concat([statements, extra]), sections, reports)
    share = len(_signs(OWN)) / len(_signs(OWN + PEER))
    assert found["reuse_self"].iloc[:4].tolist() == pytest.approx([1, 0, 0, share])
    assert found["reuse_peer"].iloc[:4].tolist() == pytest.approx([0, 1, 0, 1 - share])
    assert found["reuse_self"].iloc[4:].isna().all()
    assert found["reuse_peer"].iloc[4] == 1
    assert found["reuse_peer"].iloc[5:].isna().all()


def test_whole_statements_add_up_to_the_chapter(sections, reports):
    statements = pd.DataFrame({"report": ["a23"], "start": [0], "stop": [len(sections["text"].iloc[1])]})
    found = find_reuse(sections, reports).set_index("report").loc["a23"]
    assert add_reuse(statements, sections, reports)["reuse_peer"].tolist() == [found["reuse_peer"]]


def test_no_chapter_at_all(sections, reports):
    found = find_reuse(sections, reports, chapter="overview")
    assert found.empty
    assert list(found.columns) == list(find_reuse(sections, reports).columns)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda s, r: find_reuse(s.drop(columns="text"), r),
        lambda s, r: find_reuse(s, r.drop(columns="year")),
        lambda s, r: find_reuse(pd.concat([s, s]), r),
        lambda s, r: find_reuse(s, r, length=1),
        lambda s, r: find_reuse(s, r, duplicates=1.5),
        lambda s, r: find_reuse(s, r, neighbours=("town",)),
    ],
    ids=["no text", "no year", "twice", "length", "duplicates", "no such neighbours"],
)
def test_wrong_arguments_are_refused(sections, reports, spoil):
    with pytest.raises(InputError, match="Try: "):
        spoil(sections, reports)


def test_coverage_of_overlapping_shingles():
    assert covered(np.array([True, True, False, False, True]), 3, 7).tolist() == [1, 1, 1, 1, 1, 1, 1]
    assert covered(np.array([], dtype=bool), 3, 2).tolist() == [0, 0]
    assert len(shingles(np.arange(2, dtype=np.uint32), 3)) == 0


class _Seen(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.marked, self.text = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "mark":
            self.marked.append("")

    def handle_data(self, data):
        self.text += data
        if self.tags[-1] == "mark" and str(self.get_starttag_text()).startswith("<mark"):
            self.marked[-1] += data

    def handle_endtag(self, tag):
        self.tags.append("/" + tag)


def test_the_side_by_side_view_marks_what_is_shared_and_escapes():
    a, b = f"<script>alert(1)</script>{OWN}&", f"{NEW}{OWN.replace(',', '、')}"
    view = compare_texts(a, b, titles=("<b>2022</b>", "2023"))
    assert a[slice(*view.spans_a[0])] == OWN.rstrip("。")
    assert view.share_b == pytest.approx(_brute(b, [a], 12))
    seen = _Seen()
    seen.feed(view._repr_html_())
    assert "script" not in seen.tags and "b" not in seen.tags
    assert seen.marked == [OWN.rstrip("。"), OWN.rstrip("。").replace(",", "、")]
    assert a in seen.text and b in seen.text
    assert "模拟数据" not in view.html


def test_a_number_is_marked_as_a_whole():
    a, b = "共有不及时更新的栏目和网站数2022", "共有不及时更新的栏目和网站数7"
    assert compare_texts(a, b).spans_a == ((0, len(a)),)


@pytest.mark.parametrize(("lang", "words"), [("zh", ("过短", "模拟数据")), ("en", ("too short", "simulated data"))])
def test_labels_in_both_languages(lang, words):
    view = compare_texts("暂无", OWN, lang=lang, simulated=True)
    assert np.isnan(view.share_a)
    assert all(word in view.html for word in words)


@pytest.mark.parametrize("arguments", [("", pd.NA, "zh"), ("", "", "fr")], ids=["missing", "language"])
def test_the_view_refuses(arguments):
    a, b, lang = arguments
    with pytest.raises(InputError, match="Try: "):
        compare_texts(a, b, lang=lang)
