"""The panel in which themes and indicators are compared: who is a peer of whom, and what is left out.

Two partitions matter. A **block** (level × parent government) holds the
bodies that may change places under the null hypothesis: the offices of one
county, the counties of one prefecture. A **stratum** is a block in one year:
the reports that are compared with each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.errors import InputError

NEEDED = ("agency_id", "parent_id", "level", "year")
CARRIED = (*NEEDED, "province", "agency_type", "scope", "form", "problems_status", "duplicate_of", "simulated")
#: Bodies at these levels have no peer under the same parent; they are compared with all bodies of their level.
WITHOUT_PEERS = ("central", "province")


@dataclass(frozen=True)
class Panel:
    """Reports in a fixed order, with the codes that say who is compared with whom.

    Attributes
    ----------
    frame : DataFrame
        One row per report used, ordered by stratum, agency and year.
    unit : ndarray, shape (n,)
        Body of each report (an agency that changes its parent counts as two).
    time : ndarray, shape (n,)
        Year of each report, counted from 0.
    stratum, parent : ndarray, shape (n,)
        Stratum and parent government of each report.
    block : ndarray, shape (units,)
        Block of each body.
    donor : ndarray, shape (units, years)
        The report that stands for a body in a year: its own, or the one
        nearest in time where it has none (the earlier of two).
    left_out : dict
        Reason and number of reports that are not compared.
    """

    frame: pd.DataFrame
    unit: np.ndarray
    time: np.ndarray
    stratum: np.ndarray
    parent: np.ndarray
    block: np.ndarray
    donor: np.ndarray
    left_out: dict[str, int]


def joined(indicators: pd.DataFrame, reports: pd.DataFrame | None) -> pd.DataFrame:
    """Give the indicators the panel columns that they lack.

    Parameters
    ----------
    indicators : DataFrame
        One row per report, with ``report``.
    reports : DataFrame, optional
        The frame ``reports``; its columns fill those the indicators lack.

    Returns
    -------
    DataFrame
        One row per report; optional columns nobody has are missing throughout.

    Raises
    ------
    InputError
        A needed column is in neither frame, or a report stands in two rows.

    Examples
    --------
    >>> rates = pd.DataFrame({"report": ["a"], "rate": [0.5]})
    >>> about = pd.DataFrame({"report": ["a"], "agency_id": "x", "parent_id": "p", "level": "county", "year": 2023})
    >>> print(joined(rates, about)[["report", "rate", "level", "year"]].to_string(index=False))
    report  rate  level  year
         a   0.5 county  2023
    """
    frame = indicators.reset_index(drop=True)
    if "report" not in frame.columns:
        raise InputError("indicators: no column report", "pass the frame that indicators(corpus) returns")
    if reports is not None:
        more = [c for c in CARRIED if c in reports.columns and c not in frame.columns]
        frame = frame.merge(reports[["report", *more]], on="report", how="left", validate="many_to_one")
    lacking = [c for c in NEEDED if c not in frame.columns]
    if lacking:
        raise InputError(f"indicators: no column {', '.join(lacking)}", "pass reports=corpus.reports")
    if frame["report"].duplicated().any():
        again = frame.loc[frame["report"].duplicated(), "report"].iloc[0]
        raise InputError(f"indicators: report {again!r} stands in several rows", "give one row per report")
    return frame.reindex(columns=[*frame.columns, *(c for c in CARRIED if c not in frame.columns)])


def build_panel(
    frame: pd.DataFrame,
    strata: Sequence[str] = ("level", "parent_id"),
    year_strata: bool = True,
    apart: Sequence[str] = (),
) -> Panel:
    """Order reports into blocks and strata and leave out what has no peer.

    Parameters
    ----------
    frame : DataFrame
        One row per report with agency_id, year, level and the columns named in `strata`.
    strata : sequence of str
        Columns whose combinations are the blocks. A missing value is a value of its own.
    year_strata : bool
        Compare within one year only (then a report without year is left out).
    apart : sequence of str
        Columns that are compared apart although a body changes them from year to
        year, as the form: its history stays one.

    Returns
    -------
    Panel
        Without reports that lack agency or year, second reports of an agency
        in a year, and bodies that are alone in their block. Central and
        provincial bodies alone in theirs form one block per level.

    Raises
    ------
    InputError
        No report has a year, or nothing is left to compare.

    Examples
    --------
    >>> frame = pd.DataFrame({"report": list("abc"), "agency_id": list("abc"), "parent_id": ["p", "p", "q"],
    ...                       "level": "county", "year": 2023})
    >>> panel = build_panel(frame)
    >>> panel.frame["report"].to_list(), panel.left_out["no peer under the same parent"]
    (['a', 'b'], 1)
    """
    frame, left_out = _usable(frame, year_strata)
    blocks = _codes(frame, strata)
    alone = frame.groupby(blocks)["agency_id"].transform("nunique").to_numpy() == 1
    pooled = alone & frame["level"].isin(WITHOUT_PEERS).to_numpy()
    blocks = np.where(pooled, blocks.max(initial=0) + 1 + _codes(frame, ["level"]), blocks)
    peers = frame.groupby(blocks)["agency_id"].transform("nunique").to_numpy() > 1
    left_out["no peer under the same parent"] = int((~peers).sum())
    if not peers.any():
        raise InputError("no two bodies share level and parent", "compare more reports, or pass other strata")
    frame = frame.assign(_block=blocks)[peers]
    return _ordered(frame, [*(["year"] if year_strata else []), *apart], left_out)


def _usable(frame: pd.DataFrame, year_strata: bool) -> tuple[pd.DataFrame, dict[str, int]]:
    year = pd.to_numeric(frame["year"], errors="coerce")
    if year_strata and len(frame) and year.isna().all():
        raise InputError("year is missing in every report", "fill year, or pass year_strata=False")
    without = {"agency not told": frame["agency_id"].isna(), "year missing": year.isna() & year_strata}
    frame = frame.assign(year=year.astype("float64").fillna(-1.0)).sort_values(["agency_id", "year", "report"])
    without["second report of a year"] = frame.duplicated(["agency_id", "year"]) & frame["year"].ge(0)
    left_out, gone = {}, pd.Series(False, index=frame.index)
    for reason, rows in without.items():
        left_out[reason] = int((rows & ~gone).sum())
        gone |= rows
    return frame[~gone], left_out


def _codes(frame: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Number the combinations of the columns; a missing value is a value."""
    absent = [c for c in columns if c not in frame.columns]
    if absent:
        raise InputError(f"strata: no column {', '.join(absent)}", f"choose from {', '.join(CARRIED)}")
    return frame.groupby(list(columns), dropna=False, sort=True, observed=True).ngroup().to_numpy()


def _ordered(frame: pd.DataFrame, within: Sequence[str], left_out: dict[str, int]) -> Panel:
    frame = frame.assign(_stratum=_codes(frame, ["_block", *within]), _parent=frame.get("parent_id", frame["_block"]))
    frame = frame.sort_values(["_stratum", "agency_id", "year", "report"]).reset_index(drop=True)
    unit = _codes(frame, ["_block", "agency_id"])
    time = _codes(frame, ["year"])
    block = np.zeros(unit.max() + 1, dtype=int)
    block[unit] = np.unique(frame["_block"], return_inverse=True)[1]
    return Panel(
        frame.drop(columns=["_block", "_stratum", "_parent"]).assign(year=frame["year"].where(frame["year"].ge(0))),
        unit,
        time,
        frame["_stratum"].to_numpy(),
        _codes(frame, ["_parent"]),
        block,
        nearest_reports(unit, time),
        left_out,
    )


def nearest_reports(unit: np.ndarray, time: np.ndarray) -> np.ndarray:
    """For every body and year, the report that stands for it.

    Parameters
    ----------
    unit, time : ndarray of int, shape (n,)
        Body and year of each report.

    Returns
    -------
    ndarray of int, shape (units, years)
        Position of the body's report of that year, else of its report
        nearest in time (the earlier where two are as near).

    Examples
    --------
    >>> nearest_reports(np.array([0, 0, 1, 1]), np.array([0, 2, 1, 2])).tolist()
    [[0, 0, 1], [2, 2, 3]]
    """
    years = int(time.max()) + 1
    held = np.full((int(unit.max()) + 1, years), -1)
    held[unit[::-1], time[::-1]] = np.arange(len(unit))[::-1]
    distance = np.abs(np.arange(years)[:, None] - np.arange(years)[None, :]).astype(float)
    distance += np.triu(np.full((years, years), 0.5), 1)
    cost = np.where(held[:, None, :] >= 0, distance[None, :, :], np.inf)
    return np.take_along_axis(held, cost.argmin(axis=2), axis=1)
