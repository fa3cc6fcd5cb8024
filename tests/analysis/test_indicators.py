"""Indicators: worked examples by hand, and what must be missing."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from toolkit.analysis.cells import cell_table, evaluate
from toolkit.analysis.children import children_sum
from toolkit.analysis.indicators import PANEL, indicator_table, indicators
from toolkit.analysis.panel import balanced, change, group_rates, lag
from toolkit.errors import FormError, InputError
from toolkit.reports.form import form_cells

STATISTICS = ["report", "part", "item", "category", "value", "unit", "raw", "state", "is_total", "locator", "simulated"]
# A worked report: 10 applications, 7 outcomes and so on, every rate computed by hand below.
FIGURES = {
    ("new_received", "total"): 10,
    ("new_received", "natural_person"): 6,
    ("new_received", "business"): 4,
    ("brought_forward", "total"): 2,
    ("granted", "total"): 3,
    ("partly_granted", "total"): 1,
    ("denied_state_secret", "total"): 1,
    ("denied_administrative_query", "total"): 1,
    ("unavailable_not_held", "total"): 2,
    ("not_processed_repeated", "total"): 1,
    ("outcomes_total", "total"): 10,
    ("carried_forward", "total"): 2,
    ("reconsideration", "upheld"): 2,
    ("reconsideration", "corrected"): 1,
    ("reconsideration", "other_result"): 1,
    ("reconsideration", "pending"): 2,
    ("reconsideration", "total"): 6,
    ("litigation_direct", "corrected"): 1,
    ("litigation_direct", "upheld"): 3,
    ("litigation_direct", "total"): 4,
    ("litigation_after_reconsideration", "pending"): 1,
    ("litigation_after_reconsideration", "total"): 1,
    ("licensing", "decisions"): 40,
}
EXPECTED = {
    "disclosure_rate": 4 / 10,
    "full_disclosure_rate": 3 / 10,
    "substantive_disclosure_rate": 4 / 8,
    "substantive_disclosure_no_query": 4 / 7,
    "granted_share": 0.3,
    "partly_granted_share": 0.1,
    "denied_share": 0.2,
    "unavailable_share": 0.2,
    "not_processed_share": 0.1,
    "other_share": 0.1,
    "carry_forward_rate": 2 / 12,
    "completion_rate": 10 / 12,
    "natural_person_share": 0.6,
    "reconsideration_correction_rate": 1 / 4,
    "reconsid_correction_rate_strict": 1 / 3,
    "litigation_loss_rate": 1 / 4,
    "litigation_loss_rate_strict": 1 / 4,
    "litigation_loss_rate_direct": 1 / 4,
    "litigation_loss_rate_after": np.nan,
    "litigation_loss_strict_after": np.nan,
    "reconsiderations_per_100": 60.0,
    "suits_per_100": 50.0,
    "suits_direct_per_100": 40.0,
    "suits_after_per_100": 10.0,
    "log_new_received": np.log(11),
    "log_suits": np.log(6),
    "any_suits": 1.0,
    "any_not_processed": 1.0,
    "any_coercion_decisions": 0.0,
    "licensing_decisions": 40.0,
    "log_licensing_decisions": np.log(41),
    "suits": 5.0,
    "reconsideration_first": 0.0,
}


def cells(report, form="2021", figures=FIGURES, other=1, state=None, default=0):
    """One row per cell of the form: the figures given, ``default`` elsewhere."""
    figures = {**figures, ("other" if form == "2019" else "other_other", "total"): other}
    rows = []
    for cell in form_cells(form):
        told = (state or {}).get((cell.item, cell.category), "reported")
        value = figures.get((cell.item, cell.category), default)
        value = float(value) if told == "reported" else None
        rows.append((report, *cell.key, value, cell.unit, "", told, cell.is_total, "", False))
    return pd.DataFrame(rows, columns=STATISTICS).astype({"value": "Float64"})


def report_row(report, **columns):
    standard = {"agency_id": report, "agency_type": "department", "level": "county", "year": 2023, "scope": "own"}
    return {**standard, "report": report, "form": "2021", "problems_status": "named", "simulated": False, **columns}


def corpus(*reports, statistics=(), **frames):
    frames = {"findings": pd.DataFrame(), "sections": pd.DataFrame(), "statements": pd.DataFrame(), **frames}
    return SimpleNamespace(reports=pd.DataFrame(reports), statistics=pd.concat(list(statistics)), **frames)


def one(name, blanks="missing", form="2021", **options):
    frame = indicators(corpus(report_row("a"), statistics=[cells("a", form, **options)]), blanks=blanks)
    return frame.loc[0, name]


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("form", ["2019", "2021"])
def test_worked_example(name, form):
    np.testing.assert_allclose(one(name, form=form), EXPECTED[name])


def test_shape_is_one_row_per_report_panel_columns_first():
    frame = indicators(corpus(report_row("a"), report_row("b"), statistics=[cells("a")]))
    assert frame.columns.tolist() == [*PANEL, *indicator_table()["name"]]
    assert frame["report"].tolist() == ["a", "b"]
    assert frame.loc[1, indicator_table().query("numerator != ''")["name"]].isna().all()


def test_codebook_is_complete_and_fits_stata():
    table = indicator_table()
    assert table["name"].is_unique and table["name"].str.fullmatch(r"[a-z][a-z0-9_]{0,31}").all()
    assert table["label_zh"].is_unique and (table[["label_zh", "label_en", "formula", "source_cells"]] != "").all(
        axis=None
    )
    assert set(table["kind"]) == {"rate", "count", "log", "flag", "date"}
    known = {"/".join(cell.key) for form in ("2019", "2021") for cell in form_cells(form)}
    sources = {s for joined in table["source_cells"] for s in joined.split(";") if "/" in s}
    assert sources <= known


@pytest.mark.parametrize(
    "cell, lost",
    [
        (("outcomes_total", "total"), ["disclosure_rate", "denied_share", "log_outcomes_total", "suits_per_100"]),
        (("denied_third_party", "total"), ["denied", "denied_share", "substantive_disclosure_rate", "any_denied"]),
        (("other_fee_unpaid", "total"), ["other_outcomes", "other_share"]),
        (("litigation_after_reconsideration", "pending"), ["litigation_loss_rate", "litigation_loss_rate_after"]),
    ],
    ids=["total", "one ground", "one of three rows", "one route"],
)
@pytest.mark.parametrize("state", ["blank", "dash", "text", "missing", "doubtful"])
def test_silence_a_needed_cell_that_is_not_reported_makes_missing(cell, lost, state):
    frame = indicators(corpus(report_row("a"), statistics=[cells("a", state={cell: state})]))
    assert frame.loc[0, lost].isna().all()
    assert frame.loc[0, "full_disclosure_rate"] == 0.3 or "disclosure_rate" in lost


def test_rate_with_denominator_zero_or_below_is_missing_not_zero():
    nothing = indicators(corpus(report_row("a"), statistics=[cells("a", figures={}, other=0)]))
    rates = indicator_table().query("kind == 'rate' and forms == 'both'")["name"]
    assert nothing.loc[0, rates].isna().all() and nothing.loc[0, "any_new_received"] == 0
    contradiction = {("reconsideration", "total"): 1, ("reconsideration", "pending"): 2}
    assert np.isnan(one("reconsideration_correction_rate", figures=contradiction))


BLANK_ROW = {("denied_law_prohibits", cell.category): "blank" for cell in form_cells("2021")}


@pytest.mark.parametrize(
    "blanks, figures, state, expected",
    [
        ("missing", FIGURES, BLANK_ROW, np.nan),
        ("zero", FIGURES, BLANK_ROW, 0.2),
        ("zero", FIGURES, dict.fromkeys(BLANK_ROW, "text"), np.nan),
        ("zero_if_balanced", "consistent", BLANK_ROW, 0.25),
        ("zero_if_balanced", FIGURES | {("outcomes_total", "total"): 11}, BLANK_ROW, np.nan),
        ("zero_if_balanced", "consistent", dict.fromkeys(BLANK_ROW, "missing"), np.nan),
    ],
    ids=["missing", "zero", "text is never zero", "balanced", "not balanced", "lost is never zero"],
)
def test_treatments_of_blanks(blanks, figures, state, expected):
    if figures == "consistent":
        names = {"new_received": 4, "granted": 3, "denied_state_secret": 1, "outcomes_total": 4}
        figures = {(name, kind): n for name, n in names.items() for kind in ("natural_person", "total")}
        np.testing.assert_allclose(one("denied_share", blanks, figures=figures, state=state, other=0), expected)
    else:
        np.testing.assert_allclose(one("denied_share", blanks, figures=figures, state=state), expected)


def test_an_empty_table_is_not_zero_even_if_blanks_balance():
    state = {(c.item, c.category): "blank" for c in form_cells("2021")}
    table = cell_table(cells("a", state=state), pd.Index(["a"]), "zero_if_balanced")
    assert np.isnan(table.values).all()
    assert np.isnan(evaluate(table, "denied_*")).all()


def test_forms_stand_side_by_side():
    both = corpus(
        report_row("a", form="2019", year=2020), report_row("b"), statistics=[cells("a", "2019", default=5), cells("b")]
    )
    frame = indicators(both).set_index("form")
    assert frame.loc["2019", "normative_public_stock"] == 5 and np.isnan(frame.loc["2021", "normative_public_stock"])
    assert np.isnan(frame.loc["2019", "fees_amount"]) and frame.loc["2021", "fees_amount"] == 0
    assert frame["other_outcomes"].tolist() == [1, 1]
    with pytest.raises(InputError, match="mixes form 2019, 2021"):
        group_rates(indicators(both), "level")
    assert group_rates(indicators(both), "level", mixed_forms=True)["forms"].eq("2019;2021").all()


def test_what_is_left_out_is_said():
    findings = pd.DataFrame(
        [
            ("a", "balance", "hard", "broken"),
            ("b", "balance", "hard", "holds"),
            ("b", "unit_suspected", "soft", "broken"),
        ],
        columns=["report", "rule", "severity", "verdict"],
    )
    reports = [report_row("a"), report_row("b"), report_row("c", scope=None), report_row("d", duplicate_of="b")]
    source = corpus(*reports, statistics=[cells(name) for name in "abcd"], findings=findings)
    frame = indicators(source, exclude_broken=True, scopes="own", exclude_duplicates=True)
    assert frame["report"].tolist() == ["b"]
    assert frame.attrs["left_out"] == {"broken": 1, "scope": 1, "duplicate": 1}
    whole = indicators(source).set_index("report")
    assert whole["identities_held_rate"].tolist()[:2] == [0.0, 1.0] and np.isnan(whole.loc["c", "identities_held"])
    assert whole["identities_broken"].tolist()[:2] == [1.0, 0.0]


def test_cells_reported_rate():
    state = {("granted", "total"): "blank", ("licensing", "decisions"): "text"}
    assert one("cells_reported_rate", state=state) == 198 / 200


@pytest.mark.parametrize(
    "published, kind, year, expected",
    [
        ("2024-01-31", "department", 2023, 1),
        ("2024-02-01", "department", 2023, 0),
        ("2024-03-31T23:59:00", "government", 2023, 1),
        ("2024-04-01", "government", 2023, 0),
        ("2019-03-20", "department", 2018, 1),
        ("2024-03-15", "township_government", 2023, 1),
        ("2024-01-15", "institution", 2023, np.nan),
        ("2023-11-01", "department", 2023, np.nan),
        ("2026-07-01", "department", 2023, np.nan),
        (None, "department", 2023, np.nan),
        ("2024-01-15", "department", None, np.nan),
    ],
    ids=[
        *("department on the day", "department late", "government on the day", "government late", "before 2019"),
        *("township", "institution", "before the year ends", "moved", "no date", "no year"),
    ],
)
def test_published_on_time(published, kind, year, expected):
    rows = [report_row("a", published=published, agency_type=kind, year=year), report_row("z", published="2024-01-01")]
    frame = indicators(corpus(*rows, statistics=[cells("a")]))
    np.testing.assert_equal(frame.loc[0, "published_on_time"], expected)
    assert frame.loc[1, "days_to_publication"] == 1


def test_chapter_five():
    statements = pd.DataFrame(
        [
            ("a", "problem", "timeliness", None, 0.5),
            ("a", "problem", "staffing", None, 0.0),
            ("a", "problem", "staffing", None, 1.0),
            ("a", "improvement", "staffing", "planned", None),
            ("a", "improvement", "publicity", "done", None),
            ("c", "problem", None, None, None),
        ],
        columns=["report", "kind", "code", "progress", "reuse_self"],
    )
    sections = pd.DataFrame(
        {"report": ["a", "a"], "chapter": ["problems", "overview"], "text": ["一是 慢。\n二是", "长" * 9]}
    )
    rows = [report_row("a"), report_row("b", problems_status="none_named"), report_row("c")]
    rows.append(report_row("d", problems_status="unread"))
    frame = indicators(corpus(*rows, statistics=[cells("a")], statements=statements, sections=sections)).set_index(
        "report"
    )
    a = frame.loc["a"]
    assert a[["problems_named", "improvements_named", "themes_named", "themes_answered"]].tolist() == [3, 2, 2, 1]
    assert a[["congruence", "planned_share", "reuse_self", "chapter_length"]].tolist() == [0.5, 0.5, 0.5, 6]
    assert a["statements_named"] == 5 and np.isnan(a["reuse_peer"])
    assert frame.loc["b", "problems_named"] == 0 and np.isnan(frame.loc["b", "congruence"])
    assert frame.loc["c", "problems_named"] == 1 and np.isnan(frame.loc["c", "themes_named"])
    assert frame.loc["d", ["problems_named", "problem_named", "chapter_length"]].isna().all()


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ({"blanks": "nought"}, InputError, "nought"),
        ({"scopes": "county"}, InputError, "county"),
        ({"names": ["openness"]}, FormError, "openness"),
        ({"exclude_broken": True}, InputError, "findings"),
    ],
    ids=["blanks", "scope", "name", "no findings"],
)
def test_wrong_arguments(arguments, error, words):
    with pytest.raises(error, match=words):
        indicators(corpus(report_row("a"), statistics=[cells("a")]), **arguments)


def test_a_report_or_cell_twice_is_an_error():
    with pytest.raises(InputError, match="2 times"):
        indicators(corpus(report_row("a"), report_row("a"), statistics=[cells("a")]))
    with pytest.raises(InputError, match="twice"):
        indicators(corpus(report_row("a"), statistics=[cells("a"), cells("a")]))


def panel():
    return pd.DataFrame(
        {
            "agency_id": ["a", "a", "a", "b", "b", None],
            "year": pd.array([2021, 2022, 2024, 2022, 2023, 2021], dtype="Int64"),
            "scope": ["own", "own", "own", "own", "territory", None],
            "rate": [0.1, 0.3, 0.9, 0.5, 0.7, 0.2],
        },
        index=list("uvwxyz"),
    )


def test_lag_is_the_calendar_year_before_in_the_same_scope():
    np.testing.assert_equal(lag(panel(), "rate")["rate_lag1"].tolist(), [np.nan, 0.1, np.nan, np.nan, np.nan, np.nan])
    np.testing.assert_equal(lag(panel(), "rate", periods=-2)["rate_lead2"].tolist(), [np.nan, 0.9] + [np.nan] * 4)
    np.testing.assert_allclose(change(panel(), ["rate"])["rate_change"].iloc[1], 0.2)
    assert lag(panel(), "rate").index.tolist() == list("uvwxyz")
    twice = pd.concat([panel(), panel()])
    with pytest.raises(InputError, match="two rows in 2021"):
        lag(twice, "rate")


def test_balanced():
    kept = balanced(panel(), [2021, 2022])
    assert kept.index.tolist() == ["u", "v"] and kept.attrs["left_out"] == {"unbalanced": 4}
    assert balanced(panel(), [2022, 2023]).empty


def test_group_rates_ratio_of_sums_and_mean_of_ratios():
    small = {("granted", "total"): 1, ("outcomes_total", "total"): 1}
    source = corpus(
        *(report_row(name, simulated=name == "b") for name in "abcd"),
        statistics=[cells("a"), cells("b", figures=small), cells("c", figures={}), cells("d", state=BLANK_ROW)],
    )
    rows = group_rates(indicators(source), "level").set_index("indicator")
    row = rows.loc["full_disclosure_rate"]
    assert row[["n", "n_zero", "n_missing", "numerator", "denominator"]].tolist() == [3, 1, 0, 7, 21]
    np.testing.assert_allclose(row[["ratio_of_sums", "mean_of_ratios"]].tolist(), [7 / 21, (0.3 + 1 + 0.3) / 3])
    denied = rows.loc["denied_share"]
    assert denied[["n", "n_missing"]].tolist() == [2, 1] and bool(denied["simulated"])
    np.testing.assert_allclose(rows.loc["suits_per_100", "ratio_of_sums"], 100 * 10 / 21)


def test_group_rates_refuses_mixed_scopes():
    source = corpus(report_row("a"), report_row("b", scope="territory"), statistics=[cells("a"), cells("b")])
    frame = indicators(source)
    with pytest.raises(InputError, match="mixes scope own, territory"):
        group_rates(frame, "level")
    assert group_rates(frame, ["level", "scope"], ["disclosure_rate"])["n"].tolist() == [1, 1]
    with pytest.raises(FormError, match="no rate"):
        group_rates(frame, "level", ["granted"])


def family(*children, scope="level", **parent):
    reports = [report_row("p", agency_type="government", scope=scope, **parent)]
    return reports + [report_row(name, parent_id="p", **columns) for name, columns in children]


def test_children_sum():
    rows = family(("x", {}), ("y", {}), ("t", {"agency_type": "township_government"}))
    source = corpus(*rows, statistics=[cells(name) for name in "pxyt"])
    got = children_sum(source).set_index(["item", "category"])
    assert got.loc[("granted", "total"), ["printed", "children", "gap", "n_children"]].tolist() == [3, 6, -3, 2]
    assert ("normative_documents", "in_force") not in got.index and ("licensing", "decisions") in got.index
    territory = corpus(
        *family(("x", {}), ("t", {"agency_type": "township_government"}), scope="territory"),
        statistics=[cells(name) for name in "pxt"],
    )
    assert children_sum(territory)["n_expected"].eq(2).all()


@pytest.mark.parametrize(
    "children, state, reason",
    [
        ([], None, "no child"),
        ([("x", {}), ("y", {"year": 2022})], None, "not every child"),
        ([("x", {}), ("y", {"agency_id": "x"})], None, "two reports"),
        ([("x", {"scope": "level"})], None, "not every child"),
        ([("x", {})], {("granted", "total"): "blank"}, "not reported"),
    ],
    ids=["none", "a year missing", "twice", "wrong scope", "blank"],
)
def test_silence_children_that_are_not_all_there(children, state, reason):
    rows = family(*children)
    source = corpus(*rows, statistics=[cells("p"), *(cells(name, state=state) for name, _ in children)])
    got = children_sum(source).set_index(["item", "category"]).loc[("granted", "total")]
    assert np.isnan(got["children"]) and reason in got["reason"]
