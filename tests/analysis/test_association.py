"""Associations against scipy, statsmodels and pairs counted one by one; silence where nothing may be said."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from toolkit.analysis.association import correlate
from toolkit.analysis.inference.bootstrap import drawn_weights
from toolkit.analysis.inference.comparison import COLUMNS
from toolkit.analysis.inference.effects import Measure, build_design, chi_square_share, cramers_v, moments
from toolkit.analysis.inference.influence import effect_slopes, odds_slopes
from toolkit.analysis.inference.naive import naive_result
from toolkit.analysis.inference.permutation import shuffled_reports
from toolkit.analysis.inference.strata import build_panel
from toolkit.errors import InputError

QUICK = {"n_permutations": 199, "n_bootstrap": 199}


def make_panel(parents: int = 4, bodies: int = 20, years: int = 2, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Statements that name `staffing` in half of the reports, and indicators without any tie to it."""
    rng = np.random.default_rng(seed)
    rows = [(f"p{p}a{a:02}", f"p{p}", 2021 + y) for p in range(parents) for a in range(bodies) for y in range(years)]
    frame = pd.DataFrame(rows, columns=["agency_id", "parent_id", "year"])
    frame["report"] = frame["agency_id"] + "/" + frame["year"].astype(str)
    frame["level"] = np.where(frame["parent_id"].eq("p0"), "prefecture", "county")
    frame["province"], frame["form"], frame["simulated"] = "江苏", "2021", True
    frame["rate"] = rng.random(len(frame)).round(2)
    frame["late"] = rng.random(len(frame)) < 0.4
    frame["suits"] = rng.poisson(0.8, len(frame))
    code = np.where(rng.random(len(frame)) < 0.5, "staffing", "training")
    return frame[["report"]].assign(kind="problem", code=code), frame


def row_of(result: pd.DataFrame, theme: str, indicator: str) -> pd.Series:
    rows = result[(result["theme"] == theme) & (result["indicator"] == indicator)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_odds_ratio_and_risk_difference_are_those_of_statsmodels() -> None:
    from statsmodels.stats.contingency_tables import StratifiedTable

    statements, frame = make_panel()
    row = row_of(correlate(statements, frame, indicators_used=["late"], **QUICK), "staffing", "late")
    named = statements.set_index("report")["code"].eq("staffing").reindex(frame["report"]).to_numpy()
    tables, weighted, weights = [], 0.0, 0.0
    for _, part in frame.assign(named=named).groupby(["level", "parent_id", "year"]):
        a, b = (part.loc[part["named"], "late"].sum(), part.loc[part["named"], "late"].eq(False).sum())
        c, d = (part.loc[~part["named"], "late"].sum(), part.loc[~part["named"], "late"].eq(False).sum())
        tables.append(np.array([[a, b], [c, d]], dtype=float))
        weight = (a + b) * (c + d) / (a + b + c + d)
        weighted, weights = weighted + weight * (a / (a + b) - c / (c + d)), weights + weight
    assert row["effect"] == pytest.approx(StratifiedTable(tables).oddsratio_pooled)
    assert row["risk_difference"] == pytest.approx(weighted / weights)
    assert row["low"] < row["effect"] < row["high"]
    assert row["risk_low"] < row["risk_difference"] < row["risk_high"]
    assert (row["effect"] > 1) == (row["risk_difference"] > 0)


def test_cliffs_delta_counts_pairs_within_strata() -> None:
    statements, frame = make_panel(parents=2, bodies=8)
    result = correlate(statements, frame, indicators_used=["rate"], **QUICK)
    data = frame.merge(statements, on="report")
    above, pairs = 0.0, 0.0
    for _, part in data.groupby(["parent_id", "year"]):
        x, y = part.loc[part["code"].eq("staffing"), "rate"], part.loc[part["code"].eq("training"), "rate"]
        above += sum(np.sign(i - j) for i, j in product(x, y)) / len(part)
        pairs += len(x) * len(y) / len(part)
    assert row_of(result, "staffing", "rate")["effect"] == pytest.approx(above / pairs)
    assert row_of(result, "training", "rate")["effect"] == pytest.approx(-above / pairs)


def test_phi_in_one_stratum_is_the_correlation() -> None:
    statements, frame = make_panel(parents=1, bodies=40, years=1)
    more = pd.DataFrame({"report": frame["report"][::3], "kind": "problem", "code": "timeliness"})
    result = correlate(pd.concat([statements, more]), frame, indicators_used=["timeliness"], **QUICK)
    x = statements["code"].eq("staffing").to_numpy(dtype=float)
    z = frame["report"].isin(more["report"]).to_numpy(dtype=float)
    row = row_of(result, "staffing", "timeliness")
    assert row["effect"] == pytest.approx(np.corrcoef(x, z)[0, 1])
    assert -1 < row["low"] < row["effect"] < row["high"] < 1
    assert row_of(result, "timeliness", "timeliness")["reason"] == "the theme itself"


def test_cramers_v_is_bergsmas_correction_of_chi_square() -> None:
    rng = np.random.default_rng(3)
    category, named = rng.integers(0, 3, 300), rng.random(300) < 0.4
    table = pd.crosstab(category, named).to_numpy()
    chi2 = stats.chi2_contingency(table, correction=False)[0]
    member = np.eye(3)[:, category]
    share = chi_square_share(member @ named[:, None].astype(float), member.sum(axis=1)[:, None])
    assert share[0] == pytest.approx(chi2 / 300)
    expected = np.sqrt(max(0, chi2 / 300 - 2 / 299) / min(1 - 1 / 299, 2 - 4 / 299))
    assert cramers_v(share, 300, 3)[0] == pytest.approx(expected)


def test_naive_columns_are_scipys_tests() -> None:
    rng = np.random.default_rng(1)
    values, named = rng.integers(0, 6, 80).astype(float), (rng.random(80) < 0.4).astype(float)
    effect, p, _ = naive_result(values, "numeric", named[:, None])[0]
    test = stats.mannwhitneyu(values[named == 1], values[named == 0], method="asymptotic")
    assert p == pytest.approx(test.pvalue)
    assert effect == pytest.approx(2 * test.statistic / (named.sum() * (1 - named).sum()) - 1)
    late = (values > 2).astype(float)
    table = [[np.sum((named == i) & (late == j)) for j in (1, 0)] for i in (1, 0)]
    assert naive_result(late, "binary", named[:, None])[0][:2] == pytest.approx(stats.fisher_exact(table))


def test_influences_are_the_derivatives_by_weight() -> None:
    """Reports counted 1 + h times, by finite difference of the weighted formulas."""
    rng = np.random.default_rng(5)
    y, x = rng.integers(0, 2, 12).astype(float), rng.integers(0, 2, 12).astype(float)
    stratum = np.repeat([0, 1], 6)
    design = build_design([Measure("late", "", "binary", y)], stratum)
    slopes, (ratio, slope) = effect_slopes(design, 0, x[:, None]), odds_slopes(design, 0, x[:, None])

    def weighted(w: np.ndarray) -> tuple[float, float, float]:
        num = den = top = bottom = 0.0
        for s in (0, 1):
            v, a, b = w[stratum == s], x[stratum == s], y[stratum == s]
            n, m = v.sum(), (v * a).sum()
            num += (v * a * b).sum() - m * (v * b).sum() / n
            den += m - m**2 / n
            top += (v * a * b).sum() * (v * (1 - a) * (1 - b)).sum() / n
            bottom += (v * a * (1 - b)).sum() * (v * (1 - a) * b).sum() / n
        return num, den, np.log(top / bottom)

    one, step = np.ones(12), 1e-6
    assert ratio[0] == pytest.approx(np.exp(weighted(one)[2]))
    for i in range(12):
        up, down = weighted(one + step * np.eye(12)[i]), weighted(one - step * np.eye(12)[i])
        change = (np.array(up) - np.array(down)) / (2 * step)
        found = [slopes.numerator[i, 0], slopes.denominator[i, 0], slope[i, 0]]
        assert found == pytest.approx(list(change), abs=1e-6)


def test_counts_come_in_two_parts() -> None:
    statements, frame = make_panel()
    result = correlate(statements, frame, indicators_used=["suits"], **QUICK)
    assert result["indicator"].drop_duplicates().to_list() == ["suits_any", "suits_positive"]
    assert result["part"].drop_duplicates().to_list() == ["any", "positive"]
    assert row_of(result, "staffing", "suits_any")["n"] == 160
    assert row_of(result, "staffing", "suits_positive")["n"] == int((frame["suits"] > 0).sum())


def test_q_is_benjamini_hochberg_inside_the_family() -> None:
    statements, frame = make_panel()
    for family, column in (("all", None), ("theme", "theme"), ("indicator", "indicator")):
        result = correlate(statements, frame, indicators_used=["rate", "late", "suits"], family=family, **QUICK)
        groups = [result] if column is None else [g for _, g in result.groupby(column)]
        for group in groups:
            assert group["q"].to_list() == pytest.approx(list(stats.false_discovery_control(group["p"])))


def test_planted_difference_is_found_and_direction_kept() -> None:
    statements, frame = make_panel()
    named = statements.set_index("report")["code"].eq("staffing").reindex(frame["report"]).to_numpy()
    frame["rate"] = frame["rate"] - 0.5 * named
    row = row_of(correlate(statements, frame, indicators_used=["rate"], **QUICK), "staffing", "rate")
    assert row["effect"] < row["high"] < 0
    assert row["p"] == pytest.approx(1 / 200)


def test_level_effect_fools_the_naive_test_only() -> None:
    """Departments of the prefecture receive more and name more; among peers there is nothing."""
    rng = np.random.default_rng(2)
    statements, frame = make_panel(parents=8)
    large = frame["parent_id"].isin(["p0", "p1", "p2", "p3"]).to_numpy()
    statements["code"] = np.where(rng.random(len(frame)) < np.where(large, 0.8, 0.2), "staffing", "training")
    frame["rate"] = rng.random(len(frame)) + large
    row = row_of(correlate(statements, frame, indicators_used=["rate"], **QUICK), "staffing", "rate")
    assert row["naive_p"] < 0.001 < 0.05 < row["p"]
    assert row["low"] < 0 < row["high"]


def test_rows_do_not_depend_on_order_or_on_the_other_rows() -> None:
    statements, frame = make_panel()
    whole = correlate(statements, frame, indicators_used=["rate", "late"], seed=4, **QUICK)
    shuffled = correlate(
        statements.sample(frac=1, random_state=1),
        frame.sample(frac=1, random_state=2),
        indicators_used=["late"],
        themes=["training"],
        seed=4,
        **QUICK,
    )
    one = row_of(whole, "training", "late")
    for name in ("effect", "low", "high", "p"):
        assert shuffled[name].iloc[0] == pytest.approx(one[name]), name


def test_histories_are_exchanged_whole_among_peers_only() -> None:
    _, frame = make_panel(parents=2, bodies=4, years=3)
    panel = build_panel(frame)
    for source in shuffled_reports(panel, 50, seed=0):
        givers = pd.DataFrame(
            {"taker": panel.unit, "giver": panel.unit[source], "year": panel.time - panel.time[source]}
        )
        assert (givers["year"] == 0).all()
        assert givers.groupby("taker")["giver"].nunique().eq(1).all()
        assert (panel.block[givers["taker"]] == panel.block[givers["giver"]]).all()
        assert sorted(source) == list(range(24))


def test_unequal_years_take_the_nearest_report() -> None:
    frame = pd.DataFrame(
        {"agency_id": list("aaab"), "parent_id": "p", "level": "county", "year": [2021, 2022, 2024, 2022]}
    )
    panel = build_panel(frame.assign(report=["a21", "a22", "a24", "b22"]), year_strata=False)
    names = panel.frame["report"].to_numpy()
    seen = {tuple(names[s]) for s in shuffled_reports(panel, 30, seed=0)}
    own = tuple(names)
    crossed = tuple({"a21": "b22", "a22": "b22", "a24": "b22", "b22": "a22"}[n] for n in names)
    assert seen == {own, crossed}


def test_bootstrap_weights_make_the_variance_unbiased() -> None:
    values = np.array([3.0, 5.0, 10.0, 2.0])
    drawn = np.array([w @ values for w in drawn_weights(np.zeros(4, dtype=int), 20_000, seed=0)])
    assert drawn.var() / 16 == pytest.approx(values.var(ddof=1) / 4, rel=0.03)
    assert drawn.mean() / 4 == pytest.approx(values.mean(), rel=0.01)


# What must stay silent -------------------------------------------------------------------------------------------


def _all_named(statements: pd.DataFrame, frame: pd.DataFrame) -> None:
    statements["code"] = "staffing"


def _three_named(statements: pd.DataFrame, frame: pd.DataFrame) -> None:
    statements["code"] = np.where(
        statements["report"].isin(["p0a00/2021", "p0a01/2021", "p1a02/2022"]), "staffing", "x"
    )


def _constant(statements: pd.DataFrame, frame: pd.DataFrame) -> None:
    frame["rate"] = 0.5


def _constant_among_peers(statements: pd.DataFrame, frame: pd.DataFrame) -> None:
    frame["rate"] = frame["parent_id"].map({"p0": 0.1, "p1": 0.2, "p2": 0.3, "p3": 0.4})


def _one_parent_each(statements: pd.DataFrame, frame: pd.DataFrame) -> None:
    statements["code"] = np.where(statements["report"].str.startswith(("p0", "p1")), "staffing", "x")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(_all_named, "every report names the theme", id="theme in every report"),
        pytest.param(
            _three_named, "only 3 agencies with the theme have peers to compare (5 needed)", id="too few agencies"
        ),
        pytest.param(_constant, "the indicator does not vary", id="indicator without variation"),
        pytest.param(_constant_among_peers, "the indicator does not vary among peers", id="level effect only"),
        pytest.param(_one_parent_each, "peers never differ in naming the theme", id="theme decided by the parent"),
    ],
)
def test_empty_rows_say_why(change, reason: str) -> None:
    statements, frame = make_panel()
    change(statements, frame)
    row = row_of(
        correlate(statements, frame, themes=["staffing"], indicators_used=["rate"], **QUICK), "staffing", "rate"
    )
    assert row["reason"] == reason
    assert row[["effect", "low", "high", "p", "q", "naive_effect", "naive_p", "warning"]].isna().all()


def test_few_agencies_carry_a_warning() -> None:
    statements, frame = make_panel(parents=1, bodies=24, years=1)
    statements["code"] = np.where(np.arange(24) < 10, "staffing", "x")
    row = row_of(
        correlate(statements, frame, themes=["staffing"], indicators_used=["rate"], **QUICK), "staffing", "rate"
    )
    assert row["warning"] == "only 10 agencies on a side"
    assert (row["agencies_with"], row["agencies_without"], row["strata"]) == (10, 14, 1)


def test_complete_separation_has_no_interval() -> None:
    statements, frame = make_panel()
    frame["late"] = statements["code"].eq("staffing").to_numpy()
    row = row_of(correlate(statements, frame, indicators_used=["late"], **QUICK), "staffing", "late")
    assert np.isinf(row["effect"]) and pd.isna(row["low"]) and row["warning"] == "complete separation, no interval"


@pytest.mark.parametrize(
    ("column", "values", "options", "message"),
    [
        pytest.param("form", ["2019", "2021"], {}, "several forms", id="two forms"),
        pytest.param("scope", ["own", "territory"], {}, "several scopes", id="two scopes"),
        pytest.param(
            "scope", ["own", "own"], {"scopes": ["level"]}, "no report of scope level", id="a scope nobody has"
        ),
        pytest.param("year", [None, None], {}, "year is missing in every report", id="years missing"),
        pytest.param("rate", [None, None], {}, "has a figure", id="no figures"),
        pytest.param(
            "province", ["a", "b"], {"indicators_used": ["nothing"]}, "no column 'nothing'", id="no such column"
        ),
        pytest.param("province", ["a", "b"], {"family": "row"}, "family", id="no such family"),
        pytest.param("province", ["a", "b"], {"n_permutations": 10}, "fewer than 99", id="too few permutations"),
        pytest.param("province", ["a", "b"], {"kinds": {"rate": "rate"}}, "kinds", id="no such kind"),
        pytest.param("province", ["a", "b"], {"theme": "cluster"}, "no column cluster", id="statements not clustered"),
        pytest.param("problems_status", ["absent", "unread"], {}, "no report names a problem", id="no chapter read"),
    ],
)
def test_wrong_questions_are_refused(column: str, values: list, options: dict, message: str) -> None:
    statements, frame = make_panel()
    frame[column] = np.array(values, dtype=object)[np.arange(len(frame)) % 2]
    with pytest.raises(InputError, match=message):
        correlate(statements, frame, **{"indicators_used": ["rate"], **QUICK, **options})


def test_forms_told_to_be_together_are_compared_each_within_itself() -> None:
    statements, frame = make_panel()
    frame["form"] = np.where(np.arange(len(frame)) // 2 % 2 == 0, "2019", "2021")
    frame["rate"] = frame["rate"] + 10 * frame["form"].eq("2021")
    together = correlate(statements, frame, themes=["staffing"], indicators_used=["rate"], forms="all", **QUICK)
    one = correlate(statements, frame, themes=["staffing"], indicators_used=["rate"], forms=["2021"], **QUICK)
    assert (together["strata"].iloc[0], one["strata"].iloc[0]) == (16, 8)
    assert one["n"].iloc[0] == 80 and one.attrs["left_out"]["form not wanted"] == 80


def test_a_change_of_form_does_not_cut_histories() -> None:
    _, frame = make_panel(years=3)
    frame["form"] = np.where(frame["year"] == 2021, "2019", "2021")
    panel = build_panel(frame, apart=["form"])
    assert len(panel.block) == frame["agency_id"].nunique()
    source = next(shuffled_reports(panel, 1, seed=0))
    assert pd.Series(panel.unit[source]).groupby(panel.unit).nunique().eq(1).all()


def test_what_is_left_out_is_counted() -> None:
    statements, frame = make_panel()
    frame["problems_status"] = "named"
    frame.loc[:9, "problems_status"] = "absent"
    frame.loc[10, "year"] = np.nan
    frame.loc[20, "agency_id"] = None
    frame.loc[30, "rate"] = np.nan
    frame["duplicate_of"] = None
    frame.loc[40, "duplicate_of"] = frame.loc[41, "report"]
    lone = frame.iloc[[50]].assign(report="lone", agency_id="lone", parent_id="alone")
    frame = pd.concat([frame, lone], ignore_index=True)
    result = correlate(statements, frame, themes=["staffing"], indicators_used=["rate", "late"], **QUICK)
    left_out = {k: v for k, v in result.attrs["left_out"].items() if v}
    assert left_out == {
        "chapter five absent": 10,
        "year missing": 1,
        "agency not told": 1,
        "duplicate of another report": 1,
        "no peer under the same parent": 1,
    }
    assert row_of(result, "staffing", "late")["n"] == 161 - 14
    assert row_of(result, "staffing", "rate")["n"] == 161 - 15


def test_provinces_are_compared_with_provinces() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"agency_id": [f"{i:02}" for i in range(31)], "level": "province", "year": 2023})
    frame["report"], frame["parent_id"], frame["rate"] = frame["agency_id"], frame["agency_id"], rng.random(31)
    statements = pd.DataFrame(
        {"report": frame["report"], "kind": "problem", "code": np.where(rng.random(31) < 0.5, "a", "b")}
    )
    result = correlate(statements, frame, themes=["a"], **QUICK)
    assert result["strata"].to_list() == [1] and result["effect"].notna().all()


def test_year_and_level_are_categories() -> None:
    statements, frame = make_panel(parents=8, years=3)
    rng = np.random.default_rng(0)
    statements["code"] = np.where(rng.random(len(frame)) < np.where(frame["year"] == 2023, 0.9, 0.3), "staffing", "x")
    result = correlate(statements, frame, themes=["staffing"], indicators_used=["year", "level"], **QUICK)
    year, level = row_of(result, "staffing", "year"), row_of(result, "staffing", "level")
    assert year["effect_name"] == level["effect_name"] == "cramers_v"
    assert year["low"] < year["effect"] < year["high"] and year["p"] == pytest.approx(1 / 200)
    assert level["p"] > 0.05


def test_a_missing_year_is_no_year_of_its_own() -> None:
    statements, frame = make_panel()
    frame["year"] = frame["year"].astype("Int64").mask(frame.index == 3)
    options = {"themes": ["staffing"], "indicators_used": ["year", "rate"], "year_strata": False, **QUICK}
    result = correlate(statements, frame, **options)
    assert row_of(result, "staffing", "year")["n"] == 159
    assert row_of(result, "staffing", "rate")["n"] == 160


def test_panel_columns_may_come_with_the_reports() -> None:
    statements, frame = make_panel()
    apart = correlate(statements, frame[["report", "rate"]], frame.drop(columns="rate"), themes=["staffing"], **QUICK)
    together = correlate(statements, frame, themes=["staffing"], indicators_used=["rate"], **QUICK)
    pd.testing.assert_frame_equal(apart, together)
    assert apart.columns.to_list() == COLUMNS and apart["simulated"].all()
    with pytest.raises(InputError, match="no column agency_id"):
        correlate(statements, frame[["report", "rate"]], **QUICK)


# A coder that errs ------------------------------------------------------------------------------------------------


def test_hand_coded_sample_removes_the_coders_bias() -> None:
    coder, corrected, right = [], [], []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        statements, frame = make_panel(parents=6, bodies=25, years=1, seed=seed)
        named = statements["code"].eq("staffing").to_numpy()
        frame["late"] = rng.random(len(frame)) < np.where(named, 0.7, 0.3)
        wrong = rng.random(len(frame)) < np.where(named & frame["late"], 0.4, 0.05)
        coded = statements.assign(code=np.where(named ^ wrong, "staffing", "training"))
        hand = statements[rng.random(len(frame)) < 0.5].assign(probability=0.5)
        options = {"themes": ["staffing"], "indicators_used": ["late"], "n_permutations": 99, "n_bootstrap": 99}
        row = correlate(coded, frame, hand_coded=hand, **options).iloc[0]
        coder.append(row["risk_difference"])
        corrected.append(row["corrected_effect"])
        right.append(row["corrected_low"] <= 0.4 <= row["corrected_high"])
        assert row["n_hand_coded"] == len(hand) and row["corrected_name"] == "risk_difference"
    error = np.std(corrected) / np.sqrt(30)
    assert abs(np.mean(corrected) - 0.4) < 3 * error
    assert np.mean(coder) < 0.4 - 3 * error
    assert np.mean(right) >= 0.85


def test_a_sample_of_all_reports_replaces_the_coder() -> None:
    statements, frame = make_panel()
    coded = statements.assign(code=np.roll(statements["code"], 7))
    truth = correlate(statements, frame, themes=["staffing"], indicators_used=["rate"], **QUICK).iloc[0]
    hand = statements.assign(probability=1.0)
    row = correlate(coded, frame, themes=["staffing"], indicators_used=["rate"], hand_coded=hand, **QUICK).iloc[0]
    assert row["corrected_effect"] == pytest.approx(truth["effect"])
    assert row["corrected_low"] == pytest.approx(truth["low"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"probability": 0.0}, "outside", id="probability zero"),
        pytest.param({"report": "elsewhere"}, "none of its reports", id="other reports"),
        pytest.param(
            {"probability": [0.1, 0.2] * 80, "report": "p0a00/2021"}, "differs inside", id="two probabilities"
        ),
    ],
)
def test_unusable_hand_coded_samples_are_refused(change: dict, message: str) -> None:
    statements, frame = make_panel()
    hand = statements.assign(probability=0.5).assign(**change)
    with pytest.raises(InputError, match=message):
        correlate(statements, frame, indicators_used=["rate"], hand_coded=hand, **QUICK)


def test_a_report_coded_in_part_is_refused() -> None:
    statements, frame = make_panel()
    both = pd.concat(
        [
            statements.assign(statement=statements["report"] + "#1"),
            statements.assign(statement=statements["report"] + "#2"),
        ]
    )
    hand = both.iloc[:40][["statement", "code"]].assign(probability=0.25)
    with pytest.raises(InputError, match="coded in part"):
        correlate(both, frame, indicators_used=["rate"], hand_coded=hand, **QUICK)


def test_moments_of_estimated_presence_are_unbiased() -> None:
    """Averaged over all draws of the hand-coded sample the denominators are those of the truth."""
    truth, coder, y = np.array([1.0, 0, 1, 0]), np.array([1.0, 1, 0, 0]), np.array([1.0, 0, 0, 1])
    design = build_design([Measure("late", "", "binary", y)], np.zeros(4, dtype=int))
    drawn = np.array(list(product([0, 1], repeat=4)), dtype=float)
    presence = coder + drawn * 2 * (truth - coder)
    found = np.array([np.ravel(moments(design, p[:, None])) for p in presence]).mean(axis=0)
    assert found == pytest.approx(np.ravel(moments(design, truth[:, None])))
