"""Agreement against scikit-learn, Krippendorff's worked examples and a simulation."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from toolkit.errors import InputError
from toolkit.narrative.agreement import agreement, krippendorff_alpha, verdict
from toolkit.narrative.coding import code_statements
from toolkit.narrative.congruence import congruence, congruence_summary, theme_matrix

# Krippendorff (2011), examples A and B: two observers, no gaps.
WORKED = [
    pytest.param("0100000010", "1110010000", 0.095, id="example A, two codes"),
    pytest.param("aabbdcccedda", "babbbccceddd", 0.692, id="example B, five codes"),
]


def two_coders(n: int, right: float, seed: int) -> tuple[pd.Series, pd.Series]:
    rng = np.random.default_rng(seed)
    truth = rng.choice(["staffing", "timeliness", "platform"], size=n, p=[0.5, 0.3, 0.2])
    heard = np.where(rng.random(n) < right, truth, rng.permutation(truth))
    return pd.Series(truth), pd.Series(heard)


@pytest.mark.parametrize(("a", "b", "alpha"), WORKED)
def test_alpha_gives_krippendorffs_published_values(a, b, alpha):
    assert agreement(list(a), list(b), resamples=0)["alpha"][0] == pytest.approx(alpha, abs=5e-4)
    assert krippendorff_alpha(pd.DataFrame({"a": list(a), "b": list(b)})) == pytest.approx(alpha, abs=5e-4)


def test_alpha_for_two_coders_equals_the_general_one_with_gaps():
    a, b = two_coders(200, 0.7, 1)
    a[3:20], b[15:30] = None, None
    row = agreement(a, b, resamples=0).iloc[0]
    assert row["n"] == 173
    assert row["alpha"] == pytest.approx(krippendorff_alpha(pd.DataFrame({"a": a, "b": b})))


def test_kappa_overall_and_per_code_is_scikit_learns():
    a, b = two_coders(300, 0.8, 2)
    table = agreement(a, b, resamples=0).set_index("code")
    assert table.loc["all", "kappa"] == pytest.approx(cohen_kappa_score(a, b))
    for code in ("staffing", "timeliness", "platform"):
        assert table.loc[code, "kappa"] == pytest.approx(cohen_kappa_score(a == code, b == code))
        assert table.loc[code, "percent"] == pytest.approx(((a == code) == (b == code)).mean())
    assert table.loc["staffing", ["n_a", "n_b"]].tolist() == [(a == "staffing").sum(), (b == "staffing").sum()]


def test_intervals_cover_the_true_kappa_in_about_95_of_100_samples():
    large_a, large_b = two_coders(200_000, 0.8, 3)
    truth = cohen_kappa_score(large_a, large_b)
    rows = [agreement(*two_coders(150, 0.8, 100 + at), resamples=200).iloc[0] for at in range(200)]
    covered = np.mean([row["kappa_low"] <= truth <= row["kappa_high"] for row in rows])
    assert 0.90 <= covered <= 0.985


def test_intervals_widen_when_statements_of_one_report_err_together():
    a, b = two_coders(40, 0.7, 4)
    repeated_a, repeated_b = a.repeat(10).reset_index(drop=True), b.repeat(10).reset_index(drop=True)
    reports = pd.Series(np.repeat(np.arange(40), 10))
    naive = agreement(repeated_a, repeated_b).iloc[0]
    clustered = agreement(repeated_a, repeated_b, cluster=reports).iloc[0]
    assert naive["alpha"] == pytest.approx(clustered["alpha"])
    ratio = (clustered["alpha_high"] - clustered["alpha_low"]) / (naive["alpha_high"] - naive["alpha_low"])
    assert 2.3 < ratio < 4.2  # the square root of ten


def test_the_same_seed_gives_the_same_intervals_and_another_does_not():
    a, b = two_coders(80, 0.8, 5)
    pd.testing.assert_frame_equal(agreement(a, b, seed=1), agreement(a, b, seed=1))
    assert agreement(a, b, seed=1)["kappa_low"][0] != agreement(a, b, seed=2)["kappa_low"][0]


def test_coders_are_matched_by_statement_not_by_position():
    frame = pd.DataFrame({"statement": ["r#1", "r#2", "r#3"], "code": ["staffing", "platform", "staffing"]})
    table = agreement(frame, frame.iloc[::-1].reset_index(drop=True), resamples=0)
    assert table["percent"].eq(1).all()


def test_what_does_not_vary_has_no_kappa_no_alpha_and_no_verdict():
    table = agreement(["staffing"] * 4, ["staffing"] * 4, codes=["staffing", "platform"])
    assert table["percent"].eq(1).all()
    assert table[["kappa", "alpha", "alpha_low", "verdict"]].isna().all(axis=None)


def test_the_verdict_follows_the_customary_bounds():
    assert [verdict(value) for value in (0.8, 0.667, 0.666)] == ["reliable", "tentative", "unreliable"]


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [
        pytest.param(["x"], ["x", "y"], "coder_a has 1 codes", id="lengths differ"),
        pytest.param([None], ["x"], "no coded statement in common", id="nothing in common"),
        pytest.param(pd.Series(["x", "y"], index=[1, 1]), pd.Series(["x"], index=[1]), "more than one", id="repeated"),
        pytest.param(pd.DataFrame({"label": ["x"]}), ["x"], "no column code", id="no code column"),
    ],
)
def test_wrong_coders_are_named(a, b, says):
    with pytest.raises(InputError, match=says):
        agreement(a, b)


@pytest.fixture
def named() -> pd.DataFrame:
    rows = [
        ("a", "problem", "staffing", "timeliness"),
        ("a", "problem", "timeliness", None),
        ("a", "problem", "timeliness", None),
        ("a", "improvement", "timeliness", None),
        ("a", "improvement", "platform", None),
        ("b", "problem", "imbalance", None),
        ("c", "improvement", "staffing", None),
        ("d", "problem", "staffing", None),
        ("d", "improvement", "staffing", "imbalance"),
    ]
    return pd.DataFrame(rows, columns=["report", "kind", "code", "second_code"]).assign(simulated=True)


def test_congruence_counts_themes_once_and_says_which_went_unanswered(named):
    table = congruence(named).set_index("report")
    assert table["n_problems"].to_dict() == {"a": 2, "b": 1, "c": 0, "d": 1}
    assert table["n_answered"].to_dict() == {"a": 1, "b": 0, "c": 0, "d": 1}
    assert table.loc["a", "unanswered"] == "staffing"
    assert table["simulated"].all()


def test_a_report_that_names_no_problem_has_no_congruence(named):
    table = congruence(named).set_index("report")
    assert table.loc["c", "congruence"] is pd.NA
    assert congruence_summary(named)["reports"][0] == 3


def test_congruence_takes_the_codes_of_the_coder():
    texts = ["人手不足", "更新不及时", "加强培训", "及时更新信息"]
    frame = pd.DataFrame({"report": 1, "kind": ["problem"] * 2 + ["improvement"] * 2, "text": texts})
    assert congruence(code_statements(frame))["answered"].tolist() == ["timeliness"]


def test_congruence_can_leave_out_themes_and_use_second_codes(named):
    assert congruence(named, themes=["staffing", "timeliness"]).set_index("report").loc["b", "n_problems"] == 0
    assert congruence(named, second=True).set_index("report").loc["d", "n_improvements"] == 2


def test_the_level_of_chance_is_that_of_shuffled_improvements():
    rng = np.random.default_rng(6)
    codes = ["staffing", "timeliness", "platform", "awareness"]
    rows = [
        (f"r{report}", kind, code)
        for report in range(60)
        for kind in ("problem", "improvement")
        for code in rng.choice(codes, size=2, replace=False)
    ]
    statements = pd.DataFrame(rows, columns=["report", "kind", "code"])
    summary = congruence_summary(statements).iloc[0]
    shuffled = []
    for _ in range(200):
        moved = statements.copy()
        order = dict(zip(moved["report"].unique(), rng.permutation(moved["report"].unique())))
        planned = moved["kind"] == "improvement"
        moved.loc[planned, "report"] = moved.loc[planned, "report"].map(order)
        shuffled.append(congruence(moved)["congruence"].mean())
    assert summary["expected"] == pytest.approx(np.mean(shuffled), abs=0.02)
    assert summary["low"] <= summary["congruence"] <= summary["high"]


def test_the_matrix_counts_reports_and_its_rows_can_be_shares(named):
    order = ["staffing", "timeliness", "platform", "awareness"]
    matrix, shares = theme_matrix(named, themes=order), theme_matrix(named, themes=order, share=True)
    assert matrix.loc["staffing"].tolist() == [1, 1, 1, 0]
    assert shares.loc["staffing"].tolist() == [0.5, 0.5, 0.5, 0]
    assert shares.loc["awareness"].isna().all()


def test_congruence_asks_for_codes_first():
    with pytest.raises(InputError, match="lack code"):
        congruence(pd.DataFrame({"report": ["a"], "kind": ["problem"]}))
