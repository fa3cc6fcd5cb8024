"""The variants of an association in one table: each equals the same call made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from toolkit.analysis.association import correlate
from toolkit.analysis.robustness import _tells_clusters, copied_reports, robustness, themes_of_clusters
from toolkit.errors import InputError

QUICK = {"n_permutations": 99, "n_bootstrap": 99}


@pytest.fixture
def data() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Statements with codes, clusters and reuse; indicators of two provinces, levels and forms."""
    rng = np.random.default_rng(0)
    rows = [(f"p{p}a{a:02}", f"p{p}") for p in range(4) for a in range(40)]
    frame = pd.DataFrame(rows, columns=["report", "parent_id"]).assign(year=2023, simulated=False)
    frame["agency_id"] = frame["report"]
    frame["level"] = np.where(frame["parent_id"].isin(["p0", "p1"]), "township", "county")
    frame["province"] = np.where(frame["parent_id"].isin(["p0", "p2"]), "江苏", "湖南")
    frame["form"] = np.where(np.arange(160) % 2 == 0, "2019", "2021")
    short = rng.random(160) < 0.5
    frame["rate"] = rng.normal(0.6, 0.1, 160) - 0.1 * short
    frame["suits"] = rng.poisson(1.0, 160)
    statements = pd.DataFrame(
        {"report": frame["report"], "kind": "problem", "code": np.where(short, "staffing", "training")}
    )
    statements["statement"] = statements["report"] + "#1"
    statements["cluster"] = np.where(short ^ (rng.random(160) < 0.1), 0, 1)
    statements["reuse_peer"] = np.where(np.arange(160) % 10 == 0, 0.95, 0.1)
    return statements, frame


def test_every_variant_equals_its_own_call(data: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    statements, frame = data
    table = robustness(statements, frame, themes=["staffing"], indicators_used=["rate"], **QUICK)
    options = {"themes": ["staffing"], "indicators_used": ["rate"], "forms": "all", **QUICK}
    uncopied = frame[np.arange(160) % 10 != 0]
    by_hand = {
        "main": correlate(statements, frame, **options),
        "clusters instead of codes": correlate(themes_of_clusters(statements), frame, **options),
        "without copied text": correlate(statements, uncopied, **options),
        "without townships": correlate(statements, frame[frame["level"] != "township"], **options),
        "form 2019": correlate(statements, frame, **(options | {"forms": ["2019"]})),
        "form 2021": correlate(statements, frame, **(options | {"forms": ["2021"]})),
        "without 江苏": correlate(statements, frame[frame["province"] != "江苏"], **options),
        "without 湖南": correlate(statements, frame[frame["province"] != "湖南"], **options),
    }
    assert table["variant"].to_list() == list(by_hand)
    for name, expected in by_hand.items():
        row = table[table["variant"] == name].iloc[0]
        for column in ("effect", "low", "high", "p", "n", "strata"):
            assert row[column] == pytest.approx(expected[column].iloc[0]), (name, column)
    assert table["same_direction"].all() and not table["simulated"].any()


def test_other_clusterings_and_other_blanks(data: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    statements, frame = data
    other = statements[["statement"]].assign(cluster=1 - statements["cluster"])
    table = robustness(
        statements.drop(columns="cluster"),
        frame,
        other_statements={"k = 2": other, "another coder": lambda s: s.assign(code=s["code"].to_numpy()[::-1])},
        other_indicators={"blanks as zero": lambda f: f[["report", "rate", "suits"]].assign(rate=f["rate"] - 1)},
        provinces=False,
        themes=["staffing"],
        indicators_used=["rate"],
        **QUICK,
    ).set_index("variant")
    options = {"themes": ["staffing"], "indicators_used": ["rate"], "forms": "all", **QUICK}
    assert table.loc["k = 2", "effect"] == correlate(themes_of_clusters(statements), frame, **options)["effect"].iloc[0]
    assert table.loc["blanks as zero", "effect"] == pytest.approx(table.loc["main", "effect"])
    assert abs(table.loc["another coder", "effect"]) < abs(table.loc["main", "effect"])


def test_a_count_keeps_its_parts_in_every_variant(data: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """Counties alone have no zero: their count must not turn into a plain number."""
    statements, frame = data
    frame["suits"] = frame["suits"] + frame["level"].eq("county")
    table = robustness(statements, frame, themes=["staffing"], indicators_used=["suits"], **QUICK)
    assert set(table["indicator"]) == {"suits_any", "suits_positive"}
    row = table[(table["variant"] == "without townships") & (table["indicator"] == "suits_any")].iloc[0]
    assert row["reason"] == "the indicator does not vary" and pd.isna(row["effect"]) and pd.isna(row["same_direction"])


def test_a_variant_that_cannot_run_says_so(data: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    statements, frame = data
    table = robustness(
        statements,
        frame,
        other_indicators={"nothing": frame[["report"]].assign(rate=np.nan)},
        themes=["staffing"],
        indicators_used=["rate"],
        **QUICK,
    ).set_index("variant")
    assert "has a figure" in table.loc["nothing", "reason"]
    assert pd.isna(table.loc["nothing", "effect"]) and table.loc["nothing", "n"] == 0


def test_two_variants_of_one_name_are_refused(data: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    statements, frame = data
    with pytest.raises(InputError, match="two variants"):
        robustness(statements, frame, other_statements={"form 2019": statements}, indicators_used=["rate"], **QUICK)


def test_reports_are_copied_on_average_of_the_larger_reuse() -> None:
    statements = pd.DataFrame(
        {"report": list("aabb"), "reuse_self": [1.0, 0.5, 0.1, None], "reuse_peer": [0.2, 0.7, 0.2, 0.3]}
    )
    assert copied_reports(statements, 0.85) == {"a"}
    assert copied_reports(statements.drop(columns=["reuse_self", "reuse_peer"])) == set()


def test_a_frame_with_the_main_codes_and_clusters_tells_the_clusters():
    main = pd.DataFrame({"statement": ["a", "b"], "report": ["r", "s"], "code": ["x", "y"], "cluster": pd.NA})
    assert _tells_clusters(main, main.assign(cluster=[1, 1]))
    assert not _tells_clusters(main, main.assign(cluster=[1, 1], code=["y", "y"]))
    assert not _tells_clusters(main, main)
