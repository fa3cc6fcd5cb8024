"""The sums inside a report: holds, broken, untestable, and nothing repaired."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from toolkit.reports.checks import check_sums
from toolkit.simulation import write_report

KINDS = ("natural_person", "business", "research", "public_interest", "legal_service", "other_organisation")


def _row(*figures: float | str, item: str = "granted", total: float | str = 0) -> pd.DataFrame:
    cells = [*figures, total]
    return pd.DataFrame(
        {
            "report": "r",
            "part": "applications",
            "item": item,
            "category": [*KINDS, "total"],
            "value": pd.array([None if isinstance(one, str) else one for one in cells], "Float64"),
            "state": [one if isinstance(one, str) else "reported" for one in cells],
        }
    )


ROWS = {
    "holds": ((1, 2, 0, 0, 0, 0, 3), "holds", None),
    "broken": ((1, 2, 0, 0, 0, 0, 4), "broken", 1.0),
    "blanks as zero": ((1, "blank", "dash", 0, 0, 0, 1), "holds", 0.0),
    "blanks hide a number": ((1, "blank", 0, 0, 0, 0, 4), "untestable", 3.0),
    "only the total": (("blank",) * 6 + (4,), "untestable", 4.0),
    "total blank": ((1, 2, 0, 0, 0, 0, "blank"), "untestable", -3.0),
    "all blank": (("blank",) * 7, "holds", 0.0),
    "a word": ((1, "text", 0, 0, 0, 0, 1), "untestable", None),
    "lost": ((1, "missing", 0, 0, 0, 0, 1), "untestable", None),
    "doubtful": ((1, "doubtful", 0, 0, 0, 0, 1), "untestable", None),
}


@pytest.mark.parametrize(("cells", "verdict", "gap"), ROWS.values(), ids=ROWS)
def test_a_row_and_its_total(cells, verdict, gap):
    found = check_sums(_row(*cells[:6], total=cells[6]))
    row = found[found["rule"] == "row_total"].iloc[0]
    assert (row["verdict"], row["severity"]) == (verdict, "hard")
    if gap is not None:
        assert row["gap"] == gap
    if verdict == "untestable" and gap is None:
        assert pd.isna(row["gap"])


def test_counts_below_zero_and_not_whole():
    found = check_sums(_row(-1, 0.5, 0, 0, 0, 0, total=-0.5))
    broken = found[found["rule"] == "non_negative"]
    assert broken["place"].tolist() == [
        f"applications/granted/{kind}" for kind in ("natural_person", "business", "total")
    ]
    assert set(broken["severity"]) == {"hard"}


def test_a_change_may_be_negative_and_money_broken():
    cells = pd.DataFrame(
        {
            "report": "r",
            "part": "active_disclosure",
            "item": ["penalties", "fees"],
            "category": ["change", "amount"],
            "value": [-3.0, 51.5],
            "state": "reported",
        }
    )
    assert check_sums(cells).empty


@pytest.mark.parametrize("form", ["2019", "2021", "mixed"])
def test_every_identity_of_a_whole_report_is_tested_and_holds(form, tmp_path):
    from toolkit.corpus import read_report

    report = read_report(write_report(form, "html_clean").save(tmp_path / "report"))
    found = check_sums(report.statistics)
    rows = report.statistics.loc[report.statistics["part"] == "applications", "item"].nunique()
    assert found["rule"].value_counts().to_dict() == {
        "row_total": rows,
        "column_total": 7,
        "balance": 7,
        "dispute_total": 3,
    }
    assert set(found["verdict"]) == {"holds"}


def test_reports_are_tested_apart():
    both = pd.concat([_row(1, 2, 0, 0, 0, 0, total=3), _row(1, 2, 0, 0, 0, 0, total=4).assign(report="s")])
    found = check_sums(both)
    totals = found[found["rule"] == "row_total"].set_index("report")["verdict"]
    assert totals.to_dict() == {"r": "holds", "s": "broken"}


def test_sums_against_plain_addition():
    rng = np.random.default_rng(0)
    parts = rng.integers(0, 4, (300, 6))
    totals = parts.sum(axis=1) + rng.integers(0, 2, 300)
    cells = pd.concat(
        [
            _row(*row, total=int(total)).assign(report=f"r{place}")
            for place, (row, total) in enumerate(zip(parts, totals))
        ]
    )
    found = check_sums(cells)
    verdicts = found[found["rule"] == "row_total"]["verdict"].to_numpy() == "holds"
    assert (verdicts == (parts.sum(axis=1) == totals)).all()


def test_no_statistics_no_findings():
    empty = check_sums(_row(1, 2, 0, 0, 0, 0, total=3).iloc[:0])
    assert empty.empty and "verdict" in empty
