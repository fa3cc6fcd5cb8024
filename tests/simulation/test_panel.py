"""The simulated panel: its truth is what its files say, and what was asked for is in it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toolkit.errors import InputError
from toolkit.simulation import is_simulated, read_truth, simulate
from toolkit.simulation.chapter_five import phrases
from toolkit.simulation.counts import poisson
from toolkit.simulation.ledger import COLUMNS
from toolkit.simulation.themes import LINKS

REPORTS = 450
KEYS = ["part", "item", "category"]


@pytest.fixture(scope="module")
def panel(tmp_path_factory) -> Path:
    return simulate(tmp_path_factory.mktemp("simulated") / "panel", REPORTS)


@pytest.fixture(scope="module")
def truth(panel):
    return read_truth(panel)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    return read_truth(simulate(tmp_path_factory.mktemp("simulated") / "large", 900, seed=1, contradictions=0))


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    one, two = (_files(simulate(tmp_path / name, 40, seed=7)) for name in ("one", "two"))
    assert one == two
    other = _files(simulate(tmp_path / "other", 40, seed=8))
    assert one["truth/statistics.csv"] != other["truth/statistics.csv"]


def test_the_corpus_of_the_repository_is_the_default_panel(panel):
    committed = Path(__file__).parents[2] / "corpus" / "simulated"
    assert _files(panel) == _files(committed)


def test_a_smaller_panel_is_the_beginning_of_a_larger_one(tmp_path, truth):
    small = read_truth(simulate(tmp_path / "small", 30))
    pd.testing.assert_frame_equal(small.reports, truth.reports[:30])


def test_every_file_says_that_it_is_simulated(panel, truth):
    sources = pd.read_csv(panel / "SOURCES.csv", encoding="utf-8")
    assert len(sources) == REPORTS and sources["simulated"].all()
    for name in sources["file"]:
        assert "simulated" in name
        assert is_simulated((panel / name).read_text(encoding="utf-8"))


def test_size_and_composition(panel, truth):
    assert sum(len(content) for content in _files(panel).values()) < 6_000_000
    reports = truth.reports
    assert reports["agency_id"].nunique() == 150
    assert reports["level"].value_counts().index.tolist() == ["township", "county", "prefecture", "province"]
    assert set(reports["form"]) == {"2019", "2021", "mixed"}
    assert set(reports["problems_status"]) == {"named", "none_named", "absent"}
    assert {suffix: sum(name.endswith(suffix) for name in reports["report"]) for suffix in (".html", ".txt")} == {
        ".html": pytest.approx(225, abs=10),
        ".txt": pytest.approx(225, abs=10),
    }


def test_parents_stand_in_the_panel(truth):
    reports = truth.reports
    known = set(reports["agency_id"])
    below = reports[~reports["level"].isin(["province"])]
    assert below["parent_id"].isin(known).all()


def test_rows_are_the_cells_of_the_form(truth):
    sizes = truth.statistics.groupby("report").size()
    forms = truth.reports.drop_duplicates("report").set_index("report")["form"]
    assert (sizes == forms.map({"2019": 198, "2021": 200, "mixed": 186}).reindex(sizes.index)).all()


def test_most_townships_have_no_applications_and_counts_are_skewed(truth):
    received = truth.statistics.query("item == 'new_received' and category == 'total'").set_index("report")["value"]
    townships = truth.reports.query("level == 'township'")["report"]
    counts = received.reindex(townships).fillna(0)
    assert 0.5 < (counts == 0).mean() < 0.85
    assert received.mean() > 3 * received.median()


def test_clean_reports_keep_every_identity(large):
    assert large.inconsistencies.empty or not large.inconsistencies["planted"].any()
    cells = large.statistics.assign(value=large.statistics["value"].fillna(0))
    wide = cells.query("part == 'applications'").pivot_table(
        index=["report", "item"], columns="category", values="value"
    )
    parts = wide.drop(columns="total").sum(axis=1)
    blank = large.statistics.query("state != 'reported'")["report"].unique()
    whole = ~wide.index.get_level_values("report").isin(blank)
    assert (wide["total"] == parts)[whole].all()
    by_item = wide["total"].unstack("item").fillna(0)
    balance = (
        by_item["new_received"] + by_item["brought_forward"] - by_item["outcomes_total"] - by_item["carried_forward"]
    )
    assert (balance == 0).all()


def test_carried_forward_is_brought_forward_the_year_after(large):
    totals = large.statistics.query("category == 'total'").pivot_table(index="report", columns="item", values="value")
    by_year = large.reports.query("duplicate_of.isna()").join(totals, on="report").set_index(["agency_id", "year"])
    for year in (2021, 2022):
        now, before = (by_year.xs(one, level="year") for one in (year, year - 1))
        both = now.index.intersection(before.index)
        gap = now.loc[both, "brought_forward"].fillna(0) - before.loc[both, "carried_forward"].fillna(0)
        assert (gap == 0).all()


def test_planted_contradictions_are_recorded_with_what_follows(panel, truth):
    planted = truth.inconsistencies.query("planted")
    assert len(set(planted["rule"])) >= 10
    assert planted["report"].isin(truth.reports["report"]).all()
    row = planted.query("rule == 'row_total'").iloc[0]
    cells = truth.statistics.query("report == @row.report and part == 'applications'").set_index(["item", "category"])
    item = row.place.split("/")[1]
    values = cells["value"].fillna(0).loc[item]
    assert values["total"] != values.drop("total").sum()
    follows = truth.inconsistencies.query("report == @row.report and rule == 'column_total'")
    assert len(follows) == 1 and not follows["planted"].any()


def test_a_duplicate_repeats_another_report(panel, truth):
    again = truth.reports.dropna(subset="duplicate_of").iloc[0]
    assert again["duplicate_of"] in set(truth.reports["report"])
    one, two = (
        truth.statistics.query("report == @name")["value"].tolist() for name in (again.report, again.duplicate_of)
    )
    assert np.array_equal(one, two, equal_nan=True)


def test_statements_stand_where_the_truth_says(panel, truth):
    name = truth.statements["report"].iloc[-1]
    content = (panel / name).read_text(encoding="utf-8")
    rows = truth.statements.query("report == @name")
    assert all(text.split("。")[0] in content for text in rows["text"])
    assert (rows["stop"] - rows["start"] == rows["text"].str.len()).all()
    assert rows["start"].is_monotonic_increasing
    assert rows["statement"].tolist() == [f"{name}#{place}" for place in rows["position"]]


def test_every_code_of_the_scheme_has_phrases_and_is_named(truth):
    assert {kind: len(phrases(kind)) for kind in ("problem", "improvement")} == {"problem": 20, "improvement": 18}
    assert min(len(bank) for kind in ("problem", "improvement") for bank in phrases(kind).values()) >= 8
    named = truth.statements.query("kind == 'problem'")["code"].value_counts()
    assert len(named) == 20 and named.index[0] in ("completeness", "timeliness")


def test_copied_statements_are_copies(truth):
    texts = truth.statements.set_index("statement")["text"]
    copies = truth.copied[truth.copied["source"].isin(texts.index)]
    assert set(copies["kind"]) == {"self", "peer"}
    assert (texts[copies["statement"]].to_numpy() == texts[copies["source"]].to_numpy()).all()
    assert 0.1 < len(truth.copied) / len(truth.statements) < 0.4


def _log_odds(table: pd.DataFrame) -> float:
    yes, no = (table.loc[named].to_numpy(float) for named in (True, False))
    return math.log((yes[0] / (yes[1] - yes[0])) / (no[0] / (no[1] - no[0])))


def test_planted_links_are_there_and_planted_nulls_are_not(large):
    named = large.statements.query("kind == 'problem'").groupby("report")["code"].agg(set)
    totals = large.statistics.query("category == 'total'").pivot_table(index="report", columns="item", values="value")
    rows = large.reports.query("agency_type != 'government' and duplicate_of.isna()").join(totals, on="report")
    rows = rows.assign(themes=rows["report"].map(named)).dropna(subset="themes")
    rows["come"] = rows["new_received"] + rows["brought_forward"]
    rows["open"] = rows["granted"] + rows["partly_granted"]
    found = {
        theme: _log_odds(rows.groupby(rows["themes"].map(lambda codes, theme=theme: theme in codes))[list(pair)].sum())
        for theme, pair in (
            ("staffing", ("carried_forward", "come")),
            ("quality_relevance", ("open", "outcomes_total")),
            ("timeliness", ("carried_forward", "come")),
        )
    }
    sizes = {link.theme: link.size for link in LINKS}
    assert found["staffing"] == pytest.approx(sizes["staffing"], abs=0.35)
    assert found["quality_relevance"] == pytest.approx(sizes["quality_relevance"], abs=0.35)
    assert abs(found["timeliness"]) < 0.3


def test_poisson_has_its_mean_and_variance():
    import random

    rng = random.Random(0)
    for mean in (0.3, 7.0, 120.0):
        drawn = [poisson(mean, rng) for _ in range(4000)]
        assert np.mean(drawn) == pytest.approx(mean, rel=0.06)
        assert np.var(drawn) == pytest.approx(mean, rel=0.12)
    assert poisson(0, rng) == 0


def test_columns_of_the_lists(panel):
    for name, columns in COLUMNS.items():
        assert pd.read_csv(panel / f"{name}.csv", encoding="utf-8", nrows=1).columns.tolist() == list(columns)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param({"reports": 0}, id="no reports"),
        pytest.param({"years": (2018,)}, id="before the forms"),
        pytest.param({"years": ()}, id="no years"),
        pytest.param({"formats": ("papyrus",)}, id="format"),
        pytest.param({"contradictions": 8}, id="percent for share"),
    ],
)
def test_wrong_arguments(tmp_path, arguments):
    with pytest.raises(InputError):
        simulate(tmp_path / "new", **arguments)
    assert not (tmp_path / "new").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="not an empty folder"):
        simulate(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
