"""A study from reports to page: the founding report alone, two dozen simulated ones, and what goes wrong."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import toolkit.steps.analysis
import toolkit.steps.figures
from toolkit import dataset
from toolkit.analysis.association import correlate
from toolkit.analysis.robustness import MAIN
from toolkit.cli import main
from toolkit.corpus import Corpus, read_corpus
from toolkit.errors import InputError
from toolkit.page.html import Html, Page, Shaded, link
from toolkit.page.page import page_of
from toolkit.page.wording import in_words
from toolkit.parsing import parse
from toolkit.steps.analysis import Findings, Part, associate, attempt, describe, families, strongest
from toolkit.steps.frames import rewrite_statements
from toolkit.steps.manifest import data_hashes, manifest
from toolkit.steps.models import check_robustness, model
from toolkit.steps.narrative import copied_pair, fill_clusters, fill_reuse
from toolkit.steps.tables import complete_tables, contradictions, table_list
from toolkit.study import _remove_earlier, study
from toolkit.summary import Summary

CORPUS = Path(__file__).parents[1] / "corpus"
FOUNDING = CORPUS / "dongguan2020.txt"
SECTIONS = ["summary", "read", "coverage", "quality", "themes", "clusters", "associations", "copied", "congruence",
            "limits", "again"]  # fmt: skip
DRAWN = ("prevalence", "associations_applications")


class Reader(HTMLParser):
    """What a page holds: elements with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "img", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style",):
            self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    code = main(["study", str(FOUNDING), "--output", str(folder), "--lang", "zh", "--quiet", "--processes", "1"])
    return SimpleNamespace(folder=folder, code=code, page=(folder / "index.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Reports of two districts in two years, a file that is none, and two of the figures."""
    source, folder = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("study")
    files = [file for code in ("330481", "330482") for file in CORPUS.glob(f"simulated/202[12]/*-{code}-*")]
    for file in files:
        shutil.copy(file, source / file.name)
    shutil.copy(CORPUS / "simulated" / "SOURCES.csv", source / "SOURCES.csv")
    (source / "notice & co.txt").write_text("关于召开会议的通知", encoding="utf-8")
    every = toolkit.steps.figures._figures
    with pytest.MonkeyPatch.context() as patch:
        some = lambda *a: (figure for figure in every(*a) if figure[0] in DRAWN)  # noqa: E731
        patch.setattr(toolkit.steps.figures, "_figures", some)
        result = study(source, folder, processes=1, progress=False, lang="zh")
    return SimpleNamespace(
        result=result, folder=folder, source=source, page=(folder / "index.html").read_text(encoding="utf-8")
    )


def test_founding_report_alone_gives_a_page_and_code_0(alone):
    assert alone.code == 0
    page = Reader(alone.page)
    assert [attributes["id"] for attributes in page.all("section")] == SECTIONS
    assert "机关太少：共 1 个" in page.text
    assert "只有 1 个机关：占比与区间没有意义" in page.text
    assert "问题陈述太少：4 条" in page.text
    assert "没有连续两年的报告" in page.text
    assert "模拟数据" not in alone.page
    assert json.loads((alone.folder / "study.json").read_text(encoding="utf-8"))["failed"] == {}


@pytest.mark.parametrize("which", ["alone", "small"])
def test_page_loads_nothing_and_stands_alone(which, request):
    text = request.getfixturevalue(which).page
    page = Reader(text)
    assert page.open == []
    assert len(text.encode("utf-8")) < 5_000_000
    assert not page.all("script") and not page.all("link") and not page.all("iframe")
    assert all(attributes["src"].startswith("data:image/") for attributes in page.all("img"))
    assert not re.search(r"@import|url\(|\son\w+=", text)
    folder = request.getfixturevalue(which).folder
    for attributes in page.all("a"):
        address = attributes["href"]
        assert address.startswith("#") or (folder / address).is_file(), address


@pytest.mark.parametrize("which", ["alone", "small"])
def test_page_is_accessible(which, request):
    page = Reader(request.getfixturevalue(which).page)
    assert page.all("html")[0]["lang"] == "zh-CN"
    assert len(page.all("h1")) == 1 and len(page.all("h2")) == len(SECTIONS)
    assert all(attributes["alt"] for attributes in page.all("img"))
    assert len(page.all("caption")) == len(page.all("table")) - text_tables(page)
    assert all(attributes["scope"] in ("row", "col") for attributes in page.all("th") if "scope" in attributes)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def text_tables(page: Reader) -> int:
    """The side-by-side view is a table without caption."""
    return sum(attributes.get("class") == "sides" for attributes in page.all("div"))


def test_simulated_reports_are_marked_everywhere(small):
    page = Reader(small.page)
    captions = len(page.all("caption")) + len(page.all("figcaption"))
    marks = [attributes for attributes in page.all("span") if attributes.get("class") == "made"]
    assert len(marks) == captions + 1
    assert all("模拟数据" in attributes["alt"] for attributes in page.all("img"))
    assert [a for a in page.all("div") if a.get("class") == "simulated-bar"]
    assert "（模拟数据）" in page.text.split("\n")[0] or "（模拟数据）" in small.page[:1500]
    assert "模拟数据" in (small.folder / "tables" / "prevalence.tex").read_text(encoding="utf-8")


def test_what_was_not_read_is_named_with_its_reason(small):
    assert small.result.failures[0][0] == "notice & co.txt"
    row = small.result.corpus.failures.iloc[0]
    assert "notice &amp; co.txt" in small.page and "notice & co" not in small.page
    assert row["hint"] in Reader(small.page).text
    assert small.result.manifest["not_read"][0]["source"] == "notice & co.txt"


def test_frames_hold_clusters_and_reuse_when_read_again(small):
    said = read_corpus(small.folder).statements
    pd.testing.assert_frame_equal(said, small.result.corpus.statements[said.columns], check_dtype=False)
    problems = said["kind"].eq("problem")
    assert said.loc[problems, "cluster"].notna().mean() > 0.95
    assert said.loc[~problems, "cluster"].isna().all()
    assert said["reuse_peer"].between(0, 1).any() and said["code"].notna().any()


def test_associations_are_those_of_correlate_with_q_inside_their_family(small):
    corpus, tables = small.result.corpus, small.result.tables
    family = families()[0]
    shown = tables["associations_applications"].frame
    by_hand = correlate(corpus.statements, tables["indicators"].frame, corpus.reports, scopes="all", forms="all",
                        indicators_used=family["indicators"].split())  # fmt: skip
    for column in ("effect", "low", "high", "p", "q", "naive_p"):
        pd.testing.assert_series_equal(shown[column], by_hand[column])
    tested = shown["p"].notna()
    assert tested.any() and shown.loc[~tested, "reason"].notna().all()
    assert set(small.result.tables["associations"].frame["family"]) <= {row["family"] for row in families()}


def test_page_says_name_and_shows_the_naive_result_beside(small):
    text = Reader(small.page).text
    assert "指出/未指出的机关" in text and "未分层（p）" in text
    row = strongest(small.result.tables["associations"].frame, 1).iloc[0]
    shown = [f"{row[name]:.2f}".replace("-", "−") for name in ("effect", "low", "high", "naive_effect")]
    assert f"{shown[0]} [{shown[1]}, {shown[2]}]" in text and shown[3] in text
    assert "指出" in text and "存在问题的机关" not in text


def test_robustness_repeats_the_main_rows_under_other_choices(small):
    part = small.result.tables["robustness"]
    assert part.frame.loc[part.frame["variant"].eq(MAIN), "effect"].notna().any()
    assert {"clusters instead of codes", "without broken reports"} <= set(part.frame["variant"])


def test_tables_are_written_in_their_formats_with_codebooks(small):
    for row in table_list():
        part = small.result.tables.get(row["name"], Part())
        for suffix in row["formats"].split():
            assert (small.folder / "tables" / f"{row['name']}.{suffix}").is_file() == bool(part), row["name"]
    book = pd.read_csv(small.folder / "tables" / "prevalence.codebook.csv")
    assert book.set_index("name").loc["share", "label_zh"] == "占比"


def test_figures_are_written_three_ways(small):
    assert sorted(file.name for file in (small.folder / "figures").iterdir()) == sorted(
        f"{name}.{suffix}" for name in DRAWN for suffix in ("pdf", "svg", "png")
    )


def test_manifest_says_how_to_do_it_again(small):
    content = json.loads((small.folder / "study.json").read_text(encoding="utf-8"))
    assert content["versions"]["pandas"] == pd.__version__
    assert content["settings"]["seed"] == 0 and content["failed"] == {}
    assert content["data_sha256"] == data_hashes()
    report = small.result.corpus.reports["report"].iloc[0]
    assert content["sources"][report] == hashlib.sha256((small.source / report).read_bytes()).hexdigest()
    assert content["counts"]["reports"] == len(small.result.corpus.reports) == content["counts"]["simulated"]
    assert content["families"][0]["n_permutations"] == 2000 and content["families"][0]["tests"] > 0
    assert "tables/associations.csv" in content["files"] and content["seconds"]["correlate"] > 0


def test_contradictions_lead_back_to_the_printed_cell(small):
    table = small.result.tables["contradictions"].frame
    assert table["gap"].notna().any()
    first = table[table["place_in_list"].eq(1)]
    cells = small.result.corpus.statistics.merge(first[["report", "part", "item", "category", "locator", "raw"]])
    assert len(cells) == len(first) > 0
    assert first["locator"].iloc[0] in Reader(small.page).text


def test_same_seed_same_page_whatever_the_processes(alone, tmp_path):
    study(FOUNDING, tmp_path, processes=2, progress=False, lang="zh", seed=0)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == alone.page


def test_page_in_english(tmp_path):
    result = study(FOUNDING, tmp_path, processes=1, progress=False, lang="en")
    page = Reader(result.page.read_text(encoding="utf-8"))
    assert page.all("html")[0]["lang"] == "en"
    assert "too few agencies: 1" in page.text and "Coverage" in page.text
    headings = re.sub(r"[^\u4e00-\u9fff]", "", "".join(page.words[:40]))
    assert headings == ""
    assert "associations: too few agencies" in result.text("en", tmp_path)


def test_only_unreadable_sources_still_give_a_page_and_code_1(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("会议通知", encoding="utf-8")
    assert main(["study", str(tmp_path / "in"), "--output", str(tmp_path / "out"), "--lang", "zh", "--quiet"]) == 1
    page = Reader((tmp_path / "out" / "index.html").read_text(encoding="utf-8"))
    assert "未能读取 1 个来源" in page.text and "a.txt" in page.text
    assert json.loads((tmp_path / "out" / "study.json").read_text(encoding="utf-8"))["failed"] == {}


def test_a_step_that_fails_unforeseen_is_shown_and_stops_nothing(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("in reuse <b>")

    monkeypatch.setattr(toolkit.steps.analysis, "find_reuse", broken)
    corpus, found = bare_corpus(), Findings()
    describe(found, corpus, "zh")
    assert found.table("reuse").failed and found.table("prevalence")
    content = manifest(corpus, found, Summary(), {"sources": ["x"], "lang": "zh", "seed": 0}, {})
    assert content["failed"] == {"reuse": "ZeroDivisionError: in reuse <b>"}
    page = page_of(corpus, found, None, {}, content, {"figure": "OSError: <i>"}, "zh")
    assert "以下步骤出错" in page and "in reuse &lt;b&gt;" in page and "OSError: &lt;i&gt;" in page


def test_earlier_files_go_and_strangers_stay(tmp_path):
    folder = tmp_path / "study"
    (folder / "figures").mkdir(parents=True)
    kept = [folder / "figures" / "mine.png", folder / "reports.csv", tmp_path / "outside.txt"]
    for file in [*kept, folder / "figures" / "old.png"]:
        file.write_text("x", encoding="utf-8")
    listed = ["figures/old.png", "figures/gone.png", "reports.csv", "../outside.txt", "figures/../../outside.txt"]
    (folder / "study.json").write_text(json.dumps({"files": listed}), encoding="utf-8")
    _remove_earlier(folder)
    assert all(file.exists() for file in kept) and not (folder / "figures" / "old.png").exists()


def test_statements_are_rewritten_in_partitions_too(tmp_path, monkeypatch):
    monkeypatch.setattr(dataset, "MANY_REPORTS", 0)
    parse(FOUNDING, tmp_path, processes=1, progress=False)
    corpus = read_corpus(tmp_path)
    rewrite_statements(tmp_path, corpus.statements.assign(cluster=7), corpus.reports)
    assert (tmp_path / "statements.parquet" / "year=2020").is_dir() and not (tmp_path / "statements.csv").exists()
    assert read_corpus(tmp_path, years=[2020]).statements["cluster"].unique().tolist() == [7]


def bare_corpus() -> Corpus:
    """Reports of which nothing is known but statements that try to be markup."""
    names = [f"r{n}" for n in range(12)]
    said = pd.DataFrame({"report": names * 2, "kind": ["problem", "improvement"] * 12, "code": "staffing"})
    said["statement"], said["text"] = [f"s{n}" for n in range(24)], "<script>alert(1)</script>"
    return Corpus.from_frames({"reports": pd.DataFrame({"report": names}), "statements": said})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_missing_fields_never_stop_a_study_and_markup_is_escaped(lang):
    corpus, found = bare_corpus(), Findings()
    fill_reuse(corpus, found, lang)
    clusters = fill_clusters(corpus, found, lang, 0)
    describe(found, corpus, lang)
    associate(found, corpus, lang, 0)
    model(found, corpus, lang)
    check_robustness(found, corpus, {}, lang, 0)
    complete_tables(corpus, found, lang)
    content = manifest(corpus, found, Summary(sources=12, reports=12), {"sources": ["x"], "lang": lang, "seed": 0}, {})
    assert content["failed"] == {}
    page = Reader(text := page_of(corpus, found, clusters, {}, content, {}, lang))
    assert page.open == [] and not page.all("script")
    assert "&lt;script&gt;" in text or "script" not in text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("<b>&\"'", "&lt;b&gt;&amp;&quot;&#x27;", id="text"),
        pytest.param(Html("<br>"), "<br>", id="markup"),
        pytest.param(Shaded("<3", 0.5), "&lt;3", id="shaded"),
    ],
)
def test_cells_are_escaped(value, shown):
    table = Page("zh", {}).table("t<", ["a", "b"], [["x<", value]])
    assert shown in table and "x&lt;" in table and "t&lt;" in table


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_addresses_that_are_no_page_stay_text(address):
    assert link("see", address) == "see"


def test_attempt_keeps_foreseen_and_unforeseen_apart():
    def refused():
        raise InputError("too few", "more")

    part = attempt(refused)[1]
    assert (part.reason, part.failed) == ("too few. Try: more", False)
    assert attempt(lambda: {}["x"])[1].failed is True
    assert attempt(lambda: pd.DataFrame(), "none")[1].reason == "none"


def test_strongest_looks_at_codes_and_declared_families_only():
    rows = pd.DataFrame(
        {"family": ["clusters", "disputes", "applications"], "theme": [1, "a", "b"], "effect_name": "phi",
         "effect": [0.9, 0.1, 0.2], "low": [0.1, 0.1, None], "p": [0.0001, 0.02, None]}
    )  # fmt: skip
    assert strongest(rows)["theme"].tolist() == ["a"]


def test_contradictions_are_empty_where_nothing_is_broken():
    assert contradictions(Corpus()).empty


def test_copied_pair_is_none_without_copies():
    assert copied_pair(pd.DataFrame(), Corpus(), "zh") is None


@pytest.mark.parametrize(
    ("said", "zh"),
    [
        ("form mixed", "仅混合表式"),
        ("clusters, k = 16, unseeded", "聚类：k = 16，无种子"),
        ("chapter not found: problems", "未找到章节: problems"),
        ("something new", "something new"),
    ],
)
def test_wording_of_reasons(said, zh):
    assert in_words(said, "zh") == zh and in_words(said, "en") == said


def test_language_that_there_is_not(tmp_path):
    with pytest.raises(InputError, match="no language 'fr'"):
        study(FOUNDING, tmp_path, progress=False, lang="fr")
