"""Governments beside the bodies below them: do the children add up to the parent?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.analysis.cells import cell_keys, cell_table

# What is counted once per case and year adds up; stocks, lists of items and
# the documents of form 2019 (several bodies may disclose one) do not.
ADDITIVE = tuple(
    key
    for key in cell_keys()
    if key.startswith(("applications/", "disputes/"))
    or key.endswith(("/decisions", "fees/amount", "/issued", "/repealed", "procurement/projects", "procurement/amount"))
)
COLUMNS = [
    *("report", "agency_id", "year", "scope", "part", "item", "category", "printed", "children", "gap"),
    *("n_children", "n_expected", "reason", "simulated"),
]


def children_sum(corpus: Any) -> pd.DataFrame:
    """Compare the additive cells of governments with the sums of their children.

    A report of scope ``level`` should be the sum of the government's own
    departments and offices; one of scope ``territory`` the sum of all bodies
    whose ``parent_id`` is the government. Governments that report for
    themselves alone, or whose scope is not told, are not compared.

    Which children there are is known only from the corpus: expected are all
    bodies that name the parent in any year. The sum is missing unless each of
    them has that year one report, of scope own (territory for a government
    below, own or territory for a township), with the cell reported. A sum over
    some of the children would look like a shortfall of the parent.

    Parameters
    ----------
    corpus : object with frames
        Attributes reports and statistics.

    Returns
    -------
    DataFrame
        One row per compared report and additive cell of its form: report,
        agency_id, year, scope, part, item, category, printed (the parent's
        cell), children (their sum), gap (printed - children), n_children
        (reports found), n_expected, reason (why children is missing),
        simulated. Additive are applications, disputes, decisions, fees,
        documents issued and repealed, procurement.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> reports = pd.DataFrame({"report": ["p", "x", "y"], "agency_id": ["P", "X", "Y"], "parent_id": [None, "P", "P"],
    ...     "agency_type": ["government", "department", "department"], "scope": ["level", "own", "own"], "year": 2023})
    >>> statistics = pd.DataFrame({"report": ["p", "x", "y"], "part": "applications", "item": "granted",
    ...     "category": "total", "value": [9.0, 4.0, 3.0], "state": "reported"})
    >>> children_sum(SimpleNamespace(reports=reports, statistics=statistics))[["printed", "children", "gap"]]
       printed  children  gap
    0      9.0       7.0  2.0
    """
    names = ["report", "agency_id", "parent_id", "agency_type", "scope", "year", "simulated", "duplicate_of"]
    reports = corpus.reports.reindex(columns=names).reset_index(drop=True)
    reports = reports[reports["duplicate_of"].isna()]
    reports["simulated"] = reports["simulated"].eq(True)
    table = cell_table(corpus.statistics, pd.Index(reports["report"]))
    columns = [table.keys.index(key) for key in ADDITIVE]
    values = pd.DataFrame(table.values[:, columns], index=table.reports, columns=list(ADDITIVE))
    rows = pd.DataFrame(table.rows[:, columns], index=table.reports, columns=list(ADDITIVE))
    parents = reports[reports["agency_type"].eq("government") & reports["scope"].isin(["level", "territory"])]
    found = [_compare(parent, reports, values, rows) for parent in parents.itertuples()]
    return pd.concat(found, ignore_index=True)[COLUMNS] if found else pd.DataFrame(columns=COLUMNS)


def _compare(parent: Any, reports: pd.DataFrame, values: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    below = reports[reports["parent_id"].eq(parent.agency_id) & _counted(reports, parent.scope)]
    here = below[below["year"].eq(parent.year) & _right_scope(below)]
    expected = below["agency_id"].nunique()
    reason = _reason(here, expected)
    keys = rows.columns[rows.loc[parent.report]]
    sums = values.loc[here["report"], keys].sum(axis=0, skipna=False, min_count=1)
    printed = values.loc[parent.report, keys]
    children = sums.to_numpy() if not reason else np.full(len(keys), np.nan)
    frame = pd.DataFrame([key.split("/") for key in keys], columns=["part", "item", "category"])
    frame = frame.assign(
        report=parent.report,
        agency_id=parent.agency_id,
        year=parent.year,
        scope=parent.scope,
        printed=printed.to_numpy(),
    )
    cell_lost = pd.Series(
        [None if found else "a child's cell is not reported" for found in ~np.isnan(children)], dtype=object
    )
    return frame.assign(
        children=children,
        gap=printed.to_numpy() - children,
        n_children=here["agency_id"].nunique(),
        n_expected=expected,
        reason=reason or cell_lost,
        simulated=parent.simulated or bool(here["simulated"].any()),
    )


def _counted(reports: pd.DataFrame, scope: str) -> pd.Series:
    if scope == "territory":
        return pd.Series(True, index=reports.index)
    return ~reports["agency_type"].isin(["government", "township_government", "subdistrict_office"])


def _right_scope(below: pd.DataFrame) -> pd.Series:
    wanted = below["scope"].eq("own") & below["agency_type"].ne("government")
    return wanted | (
        below["scope"].eq("territory") & below["agency_type"].isin(["government", "township_government", "zone"])
    )


def _reason(here: pd.DataFrame, expected: int) -> str | None:
    if not expected:
        return "no child is in the corpus"
    if here["agency_id"].duplicated().any():
        return "a child has two reports"
    return None if here["agency_id"].nunique() == expected else "not every child has its report"
