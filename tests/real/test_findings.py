"""Findings of published reports: none that is false, none that is kept silent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from toolkit import SourceError, read_report

_SUMS = {"row_total", "column_total", "balance", "dispute_total"}


def test_no_false_hard_finding(report):
    hard = report.findings[report.findings["severity"] == "hard"]
    assert hard.loc[hard["verdict"] == "broken", ["rule", "place", "note"]].values.tolist() == []


def test_every_sum_of_a_complete_report_was_tested_and_holds(read_real):
    findings = read_real("huaian2024.pdf").findings
    sums = findings[findings["rule"].isin(_SUMS)]
    assert set(sums["rule"]) == _SUMS
    assert set(sums["verdict"]) == {"holds"}


def test_a_sum_over_blank_columns_holds_with_a_note(read_real):
    findings = read_real("shuyang2023.html").findings
    rows = findings[findings["rule"] == "row_total"]
    assert set(rows["verdict"]) == {"holds"}
    assert (rows["note"] == "blanks and dashes as zero").any()


def test_the_value_without_a_place_is_a_finding(read_real):
    findings = read_real("dongguan2020.txt").findings
    unplaced = findings[findings["rule"] == "unplaced"]
    assert unplaced[["place", "lhs"]].values.tolist() == [["active_disclosure/fees", 0]]


def test_the_blank_official_form_is_no_report_of_zeros(folder):
    with pytest.raises(SourceError, match="empty form"):
        read_report(folder / "blank-form-2021.docx")


@pytest.mark.parametrize(
    ("cut", "says"),
    [
        pytest.param(0, "empty", id="zero bytes"),
        pytest.param(20_000, "PDF", id="truncated"),
    ],
)
def test_a_damaged_pdf_is_a_clear_failure(folder, tmp_path: Path, cut, says):
    damaged = tmp_path / "cut.pdf"
    damaged.write_bytes((folder / "huaian2024.pdf").read_bytes()[:cut])
    with pytest.raises(SourceError, match=re.escape(says)):
        read_report(damaged)


def test_fifteen_figures_of_the_prose_agree_with_the_tables(read_real):
    report = read_real("huaian2024.pdf")
    values = dict(zip(report.mentions["concept"], report.mentions["value"]))
    stated = {
        **{
            "rules_disclosed": 1,
            "new_received": 3119,
            "processed": 3050,
            "brought_forward": 34,
            "carried_forward": 103,
        },
        **{"reconsiderations": 351, "reconsiderations_upheld": 72, "reconsiderations_corrected": 64},
        **{"reconsiderations_other": 178, "reconsiderations_pending": 37},
        **{"suits": 46, "suits_upheld": 25, "suits_corrected": 5, "suits_other": 9, "suits_pending": 7},
    }
    assert {concept: values.get(concept) for concept in stated} == stated
    prose = report.findings[report.findings["rule"] == "prose_agrees"]
    assert prose.empty
