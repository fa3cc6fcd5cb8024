"""What three published reports are, and the chapters they have."""

from __future__ import annotations

import pandas as pd
import pytest

_CHAPTERS = ["overview", "active_disclosure", "applications", "disputes", "problems", "other_matters"]


def test_the_reports_row_says_what_the_reference_says(document, report, known):
    expected = known("metadata.csv", document).iloc[0].drop("document")
    row = report.reports.iloc[0]
    found = {column: "" if pd.isna(row[column]) else str(row[column]) for column in expected.index}
    stated = {column: value for column, value in expected.items() if value}
    assert {column: found[column] for column in stated} == stated


@pytest.mark.parametrize(
    ("document", "column"),
    [
        pytest.param("dongguan2020.txt", "index_number", id="a page without index number"),
        pytest.param("huaian2024.pdf", "published", id="a PDF without date"),
        pytest.param("huaian2024.pdf", "county", id="a city has no county"),
    ],
)
def test_what_the_report_does_not_tell_is_missing(read_real, document, column):
    assert pd.isna(read_real(document).reports[column].iloc[0])


def test_every_chapter_is_found_once_and_in_order(report):
    found = [chapter for chapter in report.sections["chapter"] if chapter != "preamble"]
    assert found == _CHAPTERS


def test_sections_are_the_documents_text_between_their_offsets(report):
    for row in report.sections.itertuples():
        assert report.document.text[row.start : row.stop] == row.text


def test_chapter_five_of_the_founding_report_has_four_problems_and_three_improvements(read_real):
    kinds = read_real("dongguan2020.txt").statements["kind"].value_counts().to_dict()
    assert kinds == {"problem": 4, "improvement": 3}
