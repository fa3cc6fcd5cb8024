"""Rules inside a report beyond its sums: powers, forms, years, items taken for decisions.

``check_report`` puts all rules inside a report together. Of the sums every
test is a row; of the rules here only what does not hold, and nothing that is
not told: a body whose level or type is unknown breaks no rule about powers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.reports.cells import REPORTED, CellTable, Key, spread
from toolkit.reports.checks import as_findings, check_sums, empty_findings
from toolkit.reports.consistency.prose import prose_findings
from toolkit.reports.form import FORMS, form_cells

#: The first year for which each form was in force, latest first.
FORM_YEARS = ((2021, "2021"), (2019, "2019"))
#: Findings that only the reading of a file can make; frames keep them.
READING_RULES = ("unplaced", "year_agrees")
_ITEMS = ("licensing", "other_services", "penalties", "coercion")
_BEFORE_2019 = ("2014", "prose")
# 地区 and 盟 are offices of a province; they have no power to make rules.
_NO_CITY = ("地区", "盟")
_FORM_KEYS = {form: {cell.key for cell in form_cells(form)} for form in FORMS}


def check_report(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the findings inside each report.

    Parameters
    ----------
    frames : mapping
        statistics, reports, mentions, sections and findings; of the last only
        what the reading itself left open (``unplaced``, ``year_agrees``) is kept.

    Returns
    -------
    DataFrame
        The columns of the findings frame.

    Examples
    --------
    >>> from toolkit.corpus import read_report
    >>> found = check_report(read_report("corpus/dongguan2020.txt").frames())
    >>> found["verdict"].value_counts().to_dict()
    {'holds': 40, 'untestable': 1}
    """
    statistics, reports = frames["statistics"], frames["reports"]
    kept = frames["findings"]
    parts = [form_fits_year(reports, statistics), kept[kept["rule"].isin(READING_RULES)]]
    if len(statistics):
        table = spread(statistics)
        parts = [
            check_sums(statistics, table),
            rules_without_power(table, reports),
            items_as_decisions(table),
            prose_findings(frames["mentions"], table, frames["sections"], reports),
            *parts,
        ]
    return pd.concat([one for one in parts if len(one)] or [empty_findings()], ignore_index=True)


def rules_without_power(table: CellTable, reports: pd.DataFrame) -> pd.DataFrame:
    """Find 规章 in the report of a body that has no power to make them. Hard.

    The power is with the departments of the State Council and with the
    governments of provinces, of cities with districts, of autonomous
    prefectures, and of 东莞, 中山, 嘉峪关 and 儋州 (立法法 2023, art. 91 and 93).
    A government's office may report its government's rules and is passed over;
    so is a body whose level or type is not known.

    Examples
    --------
    >>> cells = pd.DataFrame({"report": "r", "part": "active_disclosure", "item": "rules",
    ...     "category": ["issued", "repealed", "in_force"], "value": [2, 0, 2], "state": "reported"})
    >>> town = pd.DataFrame({"report": ["r"], "level": "township", "agency_type": "township_government"})
    >>> rules_without_power(spread(cells), town)[["place", "lhs"]].values.tolist()
    [['active_disclosure/rules/issued', 2.0], ['active_disclosure/rules/in_force', 2.0]]
    """
    keys = [("active_disclosure", "rules", name) for name in _categories("rules")]
    values, states = table.terms(keys)
    printed = (states == REPORTED) & (values > 0)
    if not printed.any() or not {"level", "agency_type"} <= set(reports):
        return empty_findings()
    bodies = reports.drop_duplicates("report").set_index("report")
    rows = []
    for place in np.flatnonzero(printed.any(axis=1)).tolist():
        report = table.reports[place]
        body = bodies.loc[report].to_dict() if report in bodies.index else {}
        if _lacks_power(body):
            note = f"a body of level {body['level']} and type {body['agency_type']} makes no rules (规章)"
            for column in np.flatnonzero(printed[place]):
                found = _row(table, place, "rules_without_power", keys[column], values[place, column], 0.0, note)
                rows.append(found | {"severity": "hard"})
    return as_findings(rows)


def _lacks_power(body: Mapping[str, Any]) -> bool:
    level, kind = body.get("level"), body.get("agency_type")
    if not isinstance(level, str) or not isinstance(kind, str) or level == "central" or kind == "government_office":
        return False
    if level == "prefecture" and kind == "government":
        return str(body.get("city", "")).endswith(_NO_CITY)
    return not (level == "province" and kind == "government")


def items_as_decisions(table: CellTable) -> pd.DataFrame:
    """Find rows of the form of 2019 whose items of last year and change sum to the decisions.

    Items (事项) and decisions (办件) are different things; that they agree,
    and not at zero, says that one was taken for the other. Soft.

    Examples
    --------
    >>> cells = pd.DataFrame({"report": "r", "part": "active_disclosure", "item": "licensing",
    ...     "category": ["items_last_year", "change", "decisions"], "value": [61, 36, 97], "state": "reported"})
    >>> items_as_decisions(spread(cells))[["place", "lhs", "rhs"]].values.tolist()
    [['active_disclosure/licensing/decisions', 97.0, 97.0]]
    """
    rows = []
    note = "items of last year + change = decisions: items were taken for decisions"
    for item in _ITEMS:
        keys = [("active_disclosure", item, name) for name in ("items_last_year", "change", "decisions")]
        values, states = table.terms(keys)
        same = (states == REPORTED).all(axis=1) & (values[:, 0] + values[:, 1] == values[:, 2]) & (values[:, 2] != 0)
        for place in np.flatnonzero(same).tolist():
            items = float(values[place, 0] + values[place, 1])
            found = _row(table, place, "items_as_decisions", keys[2], items, values[place, 2], note)
            rows.append(found | {"cells": ";".join("/".join(key) for key in keys)})
    return as_findings(rows)


def form_fits_year(reports: pd.DataFrame, statistics: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find reports whose form is not the one in force for their year. Soft.

    Forms are those of 2021 (from 2021 on), of 2019 (2019 and 2020) and, before,
    the table of 2014 or prose. Where the reports frame states no form, the
    cells tell it. A mixed form is in part the one in force, and no finding.

    Examples
    --------
    >>> frame = pd.DataFrame({"report": ["a", "b"], "year": [2020, 2022], "form": ["2019", "2019"]})
    >>> form_fits_year(frame)[["report", "note"]].values.tolist()
    [['b', 'form 2019 in a report for 2022: form 2021 was in force']]
    """
    if "year" not in reports:
        return empty_findings()
    forms = _forms(reports, statistics)
    simulated = reports["simulated"] if "simulated" in reports else [False] * len(reports)
    rows = []
    for report, year, form, flag in zip(reports["report"], reports["year"], forms, simulated):
        if pd.isna(year) or not isinstance(form, str) or form == "mixed":
            continue
        expected = next((name for first, name in FORM_YEARS if int(year) >= first), "")
        if form == expected or (not expected and form in _BEFORE_2019):
            continue
        force = f"form {expected} was in force" if expected else "there was no such form yet"
        note = f"form {form} in a report for {int(year)}: {force}"
        rows.append(_soft(report, "form_fits_year", flag) | {"note": note})
    return as_findings(rows)


def _forms(reports: pd.DataFrame, statistics: pd.DataFrame | None) -> Sequence[Any]:
    if "form" in reports or statistics is None or statistics.empty:
        return list(reports["form"]) if "form" in reports else [None] * len(reports)
    only = {form: _FORM_KEYS[form] - _FORM_KEYS[other] for form, other in (FORMS, FORMS[::-1])}
    keys = pd.Series(list(zip(statistics["part"], statistics["item"], statistics["category"])), statistics.index)
    told = {form: set(statistics.loc[keys.isin(list(only[form])), "report"]) for form in FORMS}
    return [_one_form([form for form in FORMS if report in told[form]]) for report in reports["report"]]


def _one_form(told: Sequence[str]) -> str | None:
    return ("mixed" if len(told) > 1 else told[0]) if told else None


def year_rows(votes: Mapping[str, int], year: int | None) -> Iterator[dict[str, Any]]:
    """Yield a finding where the places of a report that state its year disagree. Soft.

    ``lhs`` is the year that was chosen, ``rhs`` the one that another place says.

    Examples
    --------
    >>> [(row["lhs"], row["rhs"], row["note"]) for row in year_rows({"title": 2021, "period": 2020}, 2021)]
    [(2021.0, 2020.0, 'sources disagree on the year: title 2021, period 2020')]
    """
    others = [value for value in votes.values() if value != year]
    if year is not None and others:
        note = "sources disagree on the year: " + ", ".join(f"{name} {value}" for name, value in votes.items())
        sides = {"lhs": float(year), "rhs": float(others[0]), "gap": float(year - others[0])}
        yield {"rule": "year_agrees", "severity": "soft", "verdict": "broken", "note": note, **sides}


def _categories(item: str) -> list[str]:
    return list(dict.fromkeys(cell.category for form in FORMS for cell in form_cells(form) if cell.item == item))


def _soft(report: object, rule: str, simulated: object) -> dict[str, Any]:
    found = {"report": report, "rule": rule, "severity": "soft", "verdict": "broken"}
    return found | {"simulated": not pd.isna(simulated) and bool(simulated)}


def _row(table: CellTable, place: int, rule: str, key: Key, lhs: float, rhs: float, note: str) -> dict[str, Any]:
    found = _soft(table.reports[place], rule, table.simulated[place])
    sides = {"lhs": float(lhs), "rhs": float(rhs), "gap": float(lhs - rhs)}
    return found | sides | {"place": "/".join(key), "cells": "/".join(key), "note": note}
