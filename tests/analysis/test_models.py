"""Regressions against statsmodels itself, and what cannot be estimated is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from toolkit.analysis.inference.fixed_effects import degrees_absorbed, independent_columns, swept_out
from toolkit.analysis.inference.presence import with_themes
from toolkit.analysis.models import regress
from toolkit.errors import InputError


@pytest.fixture
def frame() -> pd.DataFrame:
    """40 parents × 5 agencies × 3 years, with a theme, its consequences, and a control."""
    rng = np.random.default_rng(0)
    rows = [(p, f"{p}-{a}", y) for p in range(40) for a in range(5) for y in (2021, 2022, 2023)]
    data = pd.DataFrame(rows, columns=["parent_id", "agency_id", "year"])
    data["level"] = np.where(data["parent_id"] % 3 == 0, "prefecture", "county")
    parent, agency = rng.normal(0, 0.3, 40)[data["parent_id"]], np.repeat(rng.normal(0, 0.3, 200), 3)
    data["staffing"] = (rng.random(600) < 0.4 + 0.2 * (data["level"] == "prefecture")).astype(int)
    data["n_statements"] = 1 + rng.poisson(2, 600) + data["staffing"]
    score = -0.5 * data["staffing"] + parent + agency + 0.1 * data["n_statements"]
    data["trials"] = rng.integers(1, 40, 600)
    data["rate"] = rng.binomial(data["trials"], 1 / (1 + np.exp(-score))) / data["trials"]
    data["late"] = (rng.random(600) < 1 / (1 + np.exp(score))).astype(int)
    data["suits"] = rng.poisson(np.exp(score))
    data["simulated"] = True
    return data


def by_hand(frame: pd.DataFrame, outcome: str, kind: str, effects: list[str]):
    import statsmodels.api as sm
    import statsmodels.formula.api as smf

    formula = f"{outcome} ~ staffing + n_statements" + "".join(f" + C({e})" for e in effects)
    options = {"cov_type": "cluster", "cov_kwds": {"groups": frame["parent_id"]}}
    if kind == "lpm":
        return smf.ols(formula, frame).fit(**options)
    if kind == "logit":
        return smf.logit(formula, frame).fit(disp=0, **options)
    family = sm.families.Poisson() if kind == "poisson" else sm.families.Binomial()
    return smf.glm(formula, frame, family=family).fit(tol=1e-10, **options)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        pytest.param("lpm", "rate", id="linear"),
        pytest.param("logit", "late", id="logit"),
        pytest.param("poisson", "suits", id="Poisson"),
        pytest.param("fractional", "rate", id="fractional logit"),
    ],
)
def test_estimates_and_errors_are_statsmodels(frame: pd.DataFrame, kind: str, outcome: str) -> None:
    result = regress(frame, outcome, "staffing", model=kind, fixed_effects=["level", "year"])
    expected = by_hand(frame, outcome, kind, ["level", "year"])
    rows = result.frame.set_index("term")
    assert rows.index.to_list() == ["staffing", "n_statements"]
    for term in rows.index:
        assert rows.loc[term, "estimate"] == pytest.approx(expected.params[term], rel=1e-5)
        assert rows.loc[term, "se"] == pytest.approx(expected.bse[term], rel=1e-4)
    z = rows.loc["staffing", "estimate"] / rows.loc["staffing", "se"]
    assert rows.loc["staffing", "p"] == pytest.approx(2 * stats.t(39).sf(abs(z)))
    half = stats.t(39).ppf(0.975) * rows.loc["staffing", "se"]
    assert rows.loc["staffing", "high"] - rows.loc["staffing", "estimate"] == pytest.approx(half)
    assert (rows["n"] == 600).all() and (rows["clusters"] == 40).all() and result.simulated


def test_trials_count_as_so_many_single_cases(frame: pd.DataFrame) -> None:
    result = regress(frame, "rate", "staffing", model="fractional", trials="trials", fixed_effects=["level"])
    cases = frame.loc[frame.index.repeat(frame["trials"])].copy()
    order = cases.groupby(level=0).cumcount()
    cases["granted"] = (order < (cases["rate"] * cases["trials"]).round()).astype(int)
    expected = by_hand(cases, "granted", "logit", ["level"])
    cases_factor = (len(cases) - 1) / (len(cases) - 4)
    factor = np.sqrt((600 - 1) / (600 - 4) / cases_factor)
    row = result.frame.iloc[0]
    assert row["estimate"] == pytest.approx(expected.params["staffing"], rel=1e-5)
    assert row["se"] == pytest.approx(expected.bse["staffing"] * factor, rel=1e-4)


def test_within_agency_effects_equal_dummies(frame: pd.DataFrame) -> None:
    result = regress(frame, "rate", "staffing", fixed_effects=["agency_id", "year"]).frame.set_index("term")
    expected = by_hand(frame, "rate", "lpm", ["agency_id", "year"])
    assert result.loc["staffing", "estimate"] == pytest.approx(expected.params["staffing"], rel=1e-6)
    # statsmodels counts 199 agencies, which are nested in the parents.
    factor = np.sqrt((600 - 204) / (600 - 5))
    assert result.loc["staffing", "se"] == pytest.approx(expected.bse["staffing"] * factor, rel=1e-6)


def test_theme_now_and_indicator_next_year(frame: pd.DataFrame) -> None:
    later = frame[["agency_id", "year", "rate"]].assign(year=frame["year"] - 1).rename(columns={"rate": "next"})
    merged = frame.merge(later, on=["agency_id", "year"])
    result = regress(frame, "rate", "staffing", lead=1, fixed_effects=["year"])
    expected = by_hand(merged, "next", "lpm", ["year"])
    row = result.frame.iloc[0]
    assert row["estimate"] == pytest.approx(expected.params["staffing"])
    assert (row["n"], row["outcome"]) == (400, "rate (t+1)")
    assert result.notes["lpm"] == ["200 reports lack a value"]


def test_models_stand_side_by_side(frame: pd.DataFrame) -> None:
    linear = regress(frame, "late", "staffing", fixed_effects=["level"], name="(1)")
    both = linear.beside(regress(frame, "late", "staffing", model="logit", fixed_effects=["level", "year"], name="(2)"))
    table = both.table()
    first, second = both.frame["estimate"].iloc[0], both.frame["estimate"].iloc[2]
    assert table.columns.to_list() == ["(1)", "(2)"]
    assert table.iloc[0, 0].rstrip("*") == f"{first:.3f}" and table.iloc[0, 1].rstrip("*") == f"{second:.3f}"
    assert table.iloc[1, 0] == f"({both.frame['se'].iloc[0]:.3f})"
    assert table.loc["level fixed effects"].to_list() == ["Yes", "Yes"]
    assert table.loc["year fixed effects"].to_list() == ["No", "Yes"]
    assert table.loc["N"].to_list() == ["600", "600"]
    assert "年份固定效应" in both.table(lang="zh").index
    with pytest.raises(InputError, match="two models are called"):
        linear.beside(linear)


def test_default_effects_and_controls_are_those_the_frame_has(frame: pd.DataFrame) -> None:
    result = regress(frame, "rate", "staffing")
    assert result.effects == {"lpm": ("level", "year")}
    assert result.frame["term"].to_list() == ["staffing", "n_statements"]
    assert regress(frame, "rate", "staffing", controls=()).frame["term"].to_list() == ["staffing"]


def test_themes_become_columns_with_controls() -> None:
    statements = pd.DataFrame(
        {
            "report": ["a", "a", "b", "b"],
            "kind": ["problem", "problem", "problem", "improvement"],
            "code": ["x", "y", "x", "z"],
            "reuse_peer": [0.2, 0.4, None, 1.0],
        }
    )
    about = {"agency_id": ["a", "b"], "parent_id": "p", "level": "county", "year": 2023}
    sections = pd.DataFrame({"report": ["a", "b"], "chapter": "problems", "text": ["问" * 100, "题" * 10]})
    frame = with_themes(statements, pd.DataFrame({"report": ["a", "b"], **about}), sections=sections)
    assert frame["x"].to_list() == [1, 1] and frame["y"].to_list() == [1, 0]
    assert frame["n_statements"].to_list() == [2, 1]
    assert frame["reuse"].iloc[0] == pytest.approx(0.3) and pd.isna(frame["reuse"].iloc[1])
    assert frame["log_chapter_length"].to_list() == pytest.approx([np.log(100), np.log(10)])
    with pytest.raises(InputError, match="called like a column"):
        with_themes(statements, pd.DataFrame({"report": ["a", "b"], "x": 1, **about}))


# What must not be estimated, or is said ---------------------------------------------------------------------------


def test_a_term_constant_within_the_effects_has_no_estimate(frame: pd.DataFrame) -> None:
    frame["large"] = (frame["level"] == "prefecture").astype(int)
    for kind in ("lpm", "logit"):
        result = regress(frame, "late", ["staffing", "large"], model=kind, fixed_effects=["level"])
        rows = result.frame.set_index("term")
        assert pd.isna(rows.loc["large", "estimate"]) and rows.loc["staffing", "estimate"] > -9
        assert result.notes[kind] == ["large does not vary within the fixed effects and other columns"]


def test_groups_without_variation_are_dropped_and_counted(frame: pd.DataFrame) -> None:
    frame.loc[frame["year"] == 2021, "late"] = 0
    result = regress(frame, "late", "staffing", model="logit", fixed_effects=["year"])
    expected = by_hand(frame[frame["year"] > 2021], "late", "logit", ["year"])
    assert result.notes["logit"] == ["200 reports are in groups whose outcome never varies"]
    assert result.frame["estimate"].iloc[0] == pytest.approx(expected.params["staffing"], rel=1e-5)


def test_a_term_that_separates_the_outcome_has_no_estimate(frame: pd.DataFrame) -> None:
    frame["late"] = ((frame["staffing"] == 1) & (frame.index % 2 == 0)).astype(int)
    result = regress(frame, "late", "staffing", model="logit", fixed_effects=[], controls=())
    assert pd.isna(result.frame["estimate"].iloc[0]) and pd.isna(result.frame["p"].iloc[0])
    assert result.notes["logit"] == ["staffing separates the outcome: no finite estimate"]


def test_few_clusters_are_said_and_lone_bodies_are_their_own(frame: pd.DataFrame) -> None:
    small = frame[frame["parent_id"] < 10].copy()
    small["parent_id"] = small["parent_id"].astype("Int64").mask(small["parent_id"] == 0)
    result = regress(small, "rate", "staffing", fixed_effects=["year"])
    assert result.frame["clusters"].iloc[0] == 9 + 5
    assert result.notes["lpm"] == ["only 14 clusters: standard errors tend to be too small"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"outcome": "rate", "model": "logit"}, "not 0 and 1", id="logit of a rate"),
        pytest.param({"outcome": "suits", "model": "fractional"}, "leaves 0 to 1", id="fractional logit of a count"),
        pytest.param({"outcome": "below", "model": "poisson"}, "negative", id="Poisson of negatives"),
        pytest.param({"outcome": "rate", "model": "probit"}, "probit", id="unknown model"),
        pytest.param({"outcome": "nothing"}, "no column nothing", id="no such column"),
        pytest.param({"outcome": "rate", "cluster": "simulated"}, "fewer than two", id="one cluster"),
        pytest.param(
            {"outcome": "late", "model": "logit", "fixed_effects": ["many"]}, "use model", id="too many effects"
        ),
    ],
)
def test_wrong_models_are_refused(frame: pd.DataFrame, options: dict, message: str) -> None:
    frame = pd.concat([frame] * 3, ignore_index=True)
    frame["below"], frame["many"] = -1.0, np.arange(1800) // 2 % 700
    frame["late"] = np.arange(1800) % 2
    with pytest.raises(InputError, match=message):
        regress(frame, terms="staffing", **options)


def test_more_coefficients_than_reports_are_refused(frame: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="3 reports for"):
        regress(frame.iloc[[0, 20, 40]], "rate", "staffing", model="fractional", fixed_effects=["parent_id"])


# The parts --------------------------------------------------------------------------------------------------------


def test_sweeping_out_leaves_the_residuals_of_dummies() -> None:
    rng = np.random.default_rng(0)
    one, other, y = rng.integers(0, 7, 90), rng.integers(0, 5, 90), rng.normal(size=90)
    dummies = np.column_stack([np.eye(7)[one], np.eye(5)[other]])
    residual = y - dummies @ np.linalg.lstsq(dummies, y, rcond=None)[0]
    assert swept_out(y[:, None], [one, other]).ravel() == pytest.approx(residual, abs=1e-8)
    assert degrees_absorbed([one, other], np.arange(90)) == np.linalg.matrix_rank(dummies) == 11


def test_independent_columns_have_the_matrix_rank() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 4))
    x = np.column_stack([x, x @ [1, 2, 3, 4], np.zeros(30)])
    assert independent_columns(x) == [0, 1, 2, 3]
