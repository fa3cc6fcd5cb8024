"""``check`` on frames of every origin, and all rules on simulated reports with planted contradictions."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.checking import check
from toolkit.corpus import Corpus, read_corpus
from toolkit.errors import InputError
from toolkit.simulation import read_truth, simulate

PARTS = ["upheld", "corrected", "other_result", "pending", "total"]


def _typed(**columns: object) -> pd.DataFrame:
    frame = {"report": "r", "part": "disputes", "item": "reconsideration", "category": PARTS, "value": [10, 1, 0, 0, 0]}
    return pd.DataFrame(frame | columns)


def test_figures_typed_by_hand():
    found = check(_typed())
    assert found[["report", "rule", "gap", "verdict", "simulated"]].values.tolist() == [
        ["r", "dispute_total", -11.0, "broken", False]
    ]


def test_a_cell_typed_without_a_figure_is_missing_and_not_zero():
    found = check(_typed(value=[10, None, 0, 0, 10]))
    assert found["verdict"].tolist() == ["untestable"]


def test_reports_typed_by_hand_tell_the_other_rules():
    cells = pd.concat(
        [
            pd.DataFrame(
                {
                    "report": name,
                    "part": "active_disclosure",
                    "item": "normative_documents",
                    "category": names,
                    "value": figures,
                }
            )
            for name, names, figures in (
                ("a", ["issued", "repealed", "in_force"], [1, 0, 11]),
                ("b", ["issued", "repealed", "in_force"], [2, 1, 14]),
                ("c", ["made", "disclosed", "public_stock"], [0, 0, 0]),
            )
        ]
    )
    reports = pd.DataFrame({"report": ["a", "b", "c"], "agency_id": ["x", "x", "y"], "year": [2022, 2023, 2023]})
    found = check({"statistics": cells, "reports": reports})
    assert found[["report", "rule"]].values.tolist() == [["c", "form_fits_year"], ["b", "stock"]]


def test_mentions_typed_by_hand():
    cells = pd.DataFrame(
        {"report": "r", "part": "applications", "item": "new_received", "category": ["total"], "value": [95]}
    )
    told = pd.DataFrame({"report": ["r"], "concept": ["new_received"], "value": [17]})
    found = check({"statistics": cells, "mentions": told})
    assert found.loc[found["rule"] == "prose_agrees", ["lhs", "rhs"]].values.tolist() == [[17, 95]]


BAD = {
    "no item": (_typed().drop(columns="item"), "no column item"),
    "no value": (_typed().drop(columns="value"), "no column value"),
    "text for a figure": (_typed(value=["10", "x", "0", "0", "0"]), "value in statistics is no number: 'x'"),
    "unknown cell": (_typed(item="reconsiderations"), "no form has a cell disputes/reconsiderations/upheld"),
    "a cell twice": (pd.concat([_typed(), _typed()]), "twice"),
    "unknown state": (_typed(state="empty"), "no state 'empty'"),
    "reported without a value": (_typed(value=[1, None, 0, 0, 1], state="reported"), "reported and has no value"),
    "no statistics": ({"reports": pd.DataFrame({"report": ["r"]})}, "no statistics"),
    "unknown frame": ({"statistic": _typed()}, "no frame 'statistic'"),
    "a list": ([1, 2], "cannot take list"),
    "a report twice": (
        {"statistics": _typed(), "reports": pd.DataFrame({"report": ["r", "r"]})},
        "'r' twice",
    ),
    "a year in words": (
        {"statistics": _typed(), "reports": pd.DataFrame({"report": ["r"], "year": ["last"]})},
        "year in reports is no number",
    ),
    "mentions without concept": (
        {"statistics": _typed(), "mentions": pd.DataFrame({"report": ["r"], "value": [1]})},
        "mentions has no column concept",
    ),
}


@pytest.mark.parametrize(("frames", "message"), BAD.values(), ids=BAD)
def test_bad_input(frames, message):
    with pytest.raises(InputError, match=message) as caught:
        check(frames)
    assert caught.value.hint


def test_nothing_to_check():
    assert check(Corpus()).empty


def _read(folder) -> Corpus:
    return read_corpus(folder, progress=False, processes=1)


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = simulate(
        tmp_path_factory.mktemp("simulated") / "planted",
        240,
        seed=5,
        contradictions=0.7,
        years=(2019, 2020, 2021, 2022),
    )
    return _read(folder), read_truth(folder)


def test_clean_reports_give_no_finding(tmp_path):
    folder = simulate(tmp_path / "clean", 80, seed=4, contradictions=0, years=(2019, 2020, 2021, 2022))
    corpus, truth = _read(folder), read_truth(folder)
    broken = corpus.findings[corpus.findings["verdict"] == "broken"]
    by_chance = set(zip(truth.inconsistencies["rule"], truth.inconsistencies["report"]))
    assert set(zip(broken["rule"], broken["report"])) == by_chance


def test_every_planted_contradiction_is_found_and_nothing_else(planted):
    corpus, truth = planted
    facts = truth.inconsistencies.assign(place=truth.inconsistencies["place"].fillna(""))
    # A figure that is not there, this year or the year before, contradicts nothing.
    states = corpus.statistics.merge(corpus.reports[["report", "agency_id"]], on="report")
    lacking = set(states.loc[states["state"] != "reported", "agency_id"])
    told = corpus.reports.loc[~corpus.reports["agency_id"].isin(lacking), "report"]
    facts = facts[facts["report"].isin(told) & ~facts["rule"].isin(["unplaced", "children_sum"])]
    broken = corpus.findings[corpus.findings["verdict"] == "broken"]
    found = set(zip(broken["rule"], broken["report"], broken["place"].fillna("")))
    wanted = set(zip(facts["rule"], facts["report"], facts["place"]))
    assert len(set(facts["rule"])) >= 11
    missed = {one for one in wanted - found if not _excused(one, corpus)}
    assert missed == set()
    known = set(zip(truth.inconsistencies["rule"], truth.inconsistencies["report"]))
    assert {one[:2] for one in found if one[0] != "children_sum"} - known == set()


def _excused(one: tuple[str, str, str], corpus: Corpus) -> bool:
    """A planted figure of the prose that is by chance that of another candidate."""
    rule, report, _ = one
    if rule == "prose_agrees":
        cells = corpus.statistics[(corpus.statistics["report"] == report) & (corpus.statistics["category"] == "total")]
        figures = cells.set_index("item")["value"]
        told = corpus.mentions[(corpus.mentions["report"] == report) & (corpus.mentions["concept"] == "new_received")]
        return bool((told["value"] == figures["new_received"] + figures["brought_forward"]).any())
    return False


def test_check_gives_what_reading_gives(planted):
    corpus, _ = planted
    order = ["report", "rule", "place", "note"]
    one, two = (frame.sort_values(order).reset_index(drop=True) for frame in (check(corpus), corpus.findings))
    pd.testing.assert_frame_equal(one, two)
    assert one["simulated"].all()
