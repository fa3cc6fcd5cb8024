"""Rules inside a report beyond its sums."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.reports.cells import CellTable, spread
from toolkit.reports.consistency.rules import form_fits_year, items_as_decisions, rules_without_power, year_rows


def _rules(**states: float | str) -> CellTable:
    return spread(
        pd.DataFrame(
            [
                {
                    **{"report": "r", "part": "active_disclosure", "item": "rules", "category": category},
                    "value": None if isinstance(figure, str) else figure,
                    "state": figure if isinstance(figure, str) else "reported",
                }
                for category, figure in states.items()
            ]
        ).astype({"value": "Float64"})
    )


BODIES = {
    "town": ("township", "township_government", "", 1),
    "county": ("county", "government", "", 1),
    "city department": ("prefecture", "department", "", 1),
    "province department": ("province", "department", "", 1),
    "zone": ("other", "zone", "", 1),
    "地区": ("prefecture", "government", "阿里地区", 1),
    "city": ("prefecture", "government", "东莞市", 0),
    "自治州": ("prefecture", "government", "延边朝鲜族自治州", 0),
    "province": ("province", "government", "", 0),
    "ministry": ("central", "department", "", 0),
    "office of a county": ("county", "government_office", "", 0),
    "level unknown": (None, "government", "", 0),
    "type unknown": ("county", None, "", 0),
}


@pytest.mark.parametrize(("level", "kind", "city", "count"), BODIES.values(), ids=BODIES)
def test_power_to_make_rules(level, kind, city, count):
    body = pd.DataFrame({"report": ["r"], "level": [level], "agency_type": [kind], "city": [city]})
    found = rules_without_power(_rules(issued=0, repealed=0, in_force=6), body)
    assert found["place"].tolist() == ["active_disclosure/rules/in_force"] * count
    assert set(found["severity"]) <= {"hard"} and set(found["lhs"]) <= {6.0}


def test_zeros_blanks_and_dashes_are_no_rules():
    town = pd.DataFrame({"report": ["r"], "level": ["township"], "agency_type": ["township_government"]})
    assert rules_without_power(_rules(issued=0, repealed="blank", in_force="dash"), town).empty


def test_no_body_is_known_where_the_reports_frame_does_not_name_it():
    assert rules_without_power(_rules(issued=2), pd.DataFrame({"report": ["r"]})).empty
    other = pd.DataFrame({"report": ["x"], "level": ["township"], "agency_type": ["township_government"]})
    assert rules_without_power(_rules(issued=2), other).empty


ITEMS = {
    "略阳": ((61, 36, 97), 1),
    "益阳": ((8249, -1942, 6307), 1),
    "zeros": ((0, 0, 0), 0),
    "differ": ((61, 36, 98), 0),
}


@pytest.mark.parametrize(("figures", "count"), ITEMS.values(), ids=ITEMS)
def test_items_taken_for_decisions(figures, count):
    cells = pd.DataFrame({"report": "r", "part": "active_disclosure", "item": "penalties", "value": figures})
    cells["category"], cells["state"] = ["items_last_year", "change", "decisions"], "reported"
    found = items_as_decisions(spread(cells))
    assert found["place"].tolist() == ["active_disclosure/penalties/decisions"] * count
    assert set(found["severity"]) <= {"soft"}


FORMS = {
    "2020 with 2019": (2020, "2019", True),
    "2021 with 2021": (2021, "2021", True),
    "2025 with 2021": (2025, "2021", True),
    "2022 with 2019": (2022, "2019", False),
    "2020 with 2021": (2020, "2021", False),
    "2012 with prose": (2012, "prose", True),
    "2016 with 2014": (2016, "2014", True),
    "2010 with 2021": (2010, "2021", False),
    "2022 with prose": (2022, "prose", False),
    "mixed": (2022, "mixed", True),
    "no form": (2022, None, True),
    "no year": (None, "2019", True),
}


@pytest.mark.parametrize(("year", "form", "fits"), FORMS.values(), ids=FORMS)
def test_forms_and_years(year, form, fits):
    reports = pd.DataFrame({"report": ["r"], "year": pd.array([year], "Int64"), "form": [form]})
    found = form_fits_year(reports)
    assert len(found) == (not fits)
    assert set(found["severity"]) <= {"soft"}


def test_the_cells_tell_the_form_where_nobody_states_it():
    cells = pd.DataFrame({"report": "r", "part": "active_disclosure", "item": "rules", "category": ["made"]})
    assert len(form_fits_year(pd.DataFrame({"report": ["r"], "year": [2023]}), cells)) == 1
    assert form_fits_year(pd.DataFrame({"report": ["r"], "year": [2020]}), cells).empty


def test_years_that_disagree():
    (row,) = year_rows({"title": 2021, "period": 2020, "overview": 2021}, 2021)
    assert (row["rule"], row["severity"], row["verdict"], row["gap"]) == ("year_agrees", "soft", "broken", 1.0)
    assert list(year_rows({"title": 2021, "overview": 2021}, 2021)) == []
    assert list(year_rows({}, None)) == []
