"""Every cell of three published reports, as read by eye."""

from __future__ import annotations

import pandas as pd
import pytest

_KEY = ["part", "item", "category"]
_CELLS = {"dongguan2020.txt": 198, "shuyang2023.html": 200, "huaian2024.pdf": 200}


def test_every_cell_has_the_value_and_state_that_was_read_by_eye(document, report, known):
    expected = known("statistics.csv", document).set_index(_KEY)
    found = report.statistics.set_index(_KEY)
    assert len(expected) == len(found) == _CELLS[document]
    wrong = []
    for key, cell in expected.iterrows():
        value = float(cell["value"]) if cell["value"] else None
        printed = None if pd.isna(found.at[key, "value"]) else float(found.at[key, "value"])
        if (value, cell["state"]) != (printed, found.at[key, "state"]):
            wrong.append(f"{'/'.join(key)}: {value} {cell['state']}, read {printed} {found.at[key, 'state']}")
    assert wrong == []


def test_the_state_of_a_cell_and_its_value_never_disagree(report):
    is_reported = report.statistics["state"] == "reported"
    assert report.statistics.loc[is_reported, "value"].notna().all()
    assert report.statistics.loc[~is_reported, "value"].isna().all()


def test_every_reported_cell_leads_back_to_its_source(report):
    reported = report.statistics[report.statistics["state"] == "reported"]
    assert reported["locator"].notna().all()
    assert reported["raw"].str.strip().ne("").all()


def test_locators_of_text_are_offsets_of_the_raw_text(read_real):
    report = read_real("dongguan2020.txt")
    reported = report.statistics[report.statistics["state"] == "reported"]
    for raw, locator in zip(reported["raw"], reported["locator"]):
        start, stop = (int(number) for number in locator.removeprefix("@").split("-"))
        assert report.document.text[start:stop].strip() == raw.strip()


def test_an_amount_in_ten_thousand_yuan_is_exact_in_yuan(read_real):
    def amount(document: str, item: str) -> float:
        cells = read_real(document).statistics.set_index(_KEY)
        return float(cells.at[("active_disclosure", item, "amount"), "value"])

    assert amount("dongguan2020.txt", "procurement") == 511_082
    assert amount("huaian2024.pdf", "fees") == 961_716_000


@pytest.mark.parametrize("category", ["items_last_year", "change"])
def test_a_value_whose_column_cannot_be_told_is_missing(read_real, category):
    cells = read_real("dongguan2020.txt").statistics.set_index(_KEY)
    assert cells.at[("active_disclosure", "fees", category), "state"] == "missing"
