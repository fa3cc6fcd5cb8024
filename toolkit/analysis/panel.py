"""Agencies over years: lags, changes, balanced panels, groups, sums of children.

Every function takes the frame of ``indicators`` (or the corpus it came from)
and never lets two series run into one: the scopes own, level and territory
are different series, and so are indicators that only one form has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from toolkit.analysis.indicators import combine, divide, indicator_table
from toolkit.errors import FormError, InputError


def lag(frame: pd.DataFrame, columns: str | Sequence[str], by: str = "agency_id", periods: int = 1) -> pd.DataFrame:
    """Return columns as the same agency reported them in an earlier year.

    The year before is the calendar year before, not the row before: a gap in
    the series gives missing. So does a change of scope, since the figures of
    a body and of its whole territory are not one series.

    Parameters
    ----------
    frame : DataFrame
        One row per agency, year and scope: ``by``, year, scope (if any) and ``columns``.
    columns : str or sequence of str
    by : str
        The column that names the agency.
    periods : int
        How many years back; negative looks ahead.

    Returns
    -------
    DataFrame
        ``column_lag1`` (``_lead1`` for -1) for each column, on the index of
        ``frame``; missing where there is no such report.

    Raises
    ------
    InputError
        If a column is absent, or an agency has two rows in a year and scope.

    Examples
    --------
    >>> frame = pd.DataFrame({"agency_id": ["a", "a", "a"], "year": [2020, 2021, 2023], "rate": [0.1, 0.2, 0.4]})
    >>> lag(frame, "rate")["rate_lag1"].tolist()
    [nan, 0.1, nan]
    """
    names = [columns] if isinstance(columns, str) else list(columns)
    keys = _unique_keys(frame, by, names)
    earlier = keys.assign(year=keys["year"] + periods).join(frame[names])
    suffix = f"_lag{periods}" if periods >= 0 else f"_lead{-periods}"
    found = keys.merge(earlier, on=list(keys.columns), how="left").drop(columns=list(keys.columns))
    # An agency that cannot be told is not the same agency twice.
    found.loc[keys[by].isna().to_numpy()] = np.nan
    return found.set_axis(frame.index).add_suffix(suffix)


def _unique_keys(frame: pd.DataFrame, by: str, names: Sequence[str]) -> pd.DataFrame:
    _need(frame, [by, "year", *names])
    keys = frame[[by]].assign(year=pd.to_numeric(frame["year"]).astype("Int64"))
    keys["scope"] = frame["scope"].astype("object").fillna("not told") if "scope" in frame else "not told"
    twice = keys.duplicated() & keys[by].notna()
    if twice.any():
        row = keys[twice].iloc[0]
        raise InputError(
            f"{row[by]} has two rows in {row['year']} with scope {row['scope']}",
            "indicators(corpus, exclude_duplicates=True), or keep one row each",
        )
    return keys


def _need(frame: pd.DataFrame, names: Iterable[str]) -> None:
    if absent := [name for name in names if name not in frame.columns]:
        raise InputError(f"the frame has no column {', '.join(absent)}", "the frame of indicators(corpus)")


def change(frame: pd.DataFrame, columns: str | Sequence[str], by: str = "agency_id") -> pd.DataFrame:
    """Return the change of columns since the same agency's report of the year before.

    Parameters and errors as in ``lag``.

    Returns
    -------
    DataFrame
        ``column_change`` for each column, in the column's unit.

    Examples
    --------
    >>> frame = pd.DataFrame({"agency_id": "a", "year": [2020, 2021, 2023], "granted": [4.0, 6.0, 9.0]})
    >>> change(frame, "granted")["granted_change"].tolist()
    [nan, 2.0, nan]
    """
    names = [columns] if isinstance(columns, str) else list(columns)
    before = lag(frame, names, by)
    return pd.DataFrame({f"{name}_change": frame[name] - before[f"{name}_lag1"] for name in names}, index=frame.index)


def balanced(frame: pd.DataFrame, years: Iterable[int], by: str = "agency_id") -> pd.DataFrame:
    """Return the rows of the agencies that reported in every one of the years.

    Parameters
    ----------
    frame : DataFrame
        ``by``, year and scope (if any). An agency counts with each scope by itself.
    years : iterable of int

    Returns
    -------
    DataFrame
        The rows of those years; ``attrs["left_out"]["unbalanced"]`` counts the others.

    Raises
    ------
    InputError
        If no year is given, or an agency has two rows in a year and scope.

    Examples
    --------
    >>> frame = pd.DataFrame({"agency_id": ["a", "a", "b"], "year": [2020, 2021, 2021]})
    >>> balanced(frame, [2020, 2021])["agency_id"].tolist()
    ['a', 'a']
    """
    wanted = sorted(set(years))
    if not wanted:
        raise InputError("years is empty", "the years that every agency must have, e.g. range(2021, 2025)")
    keys = _unique_keys(frame, by, [])
    within = keys["year"].isin(wanted) & keys[by].notna()
    size = keys[within].groupby([by, "scope"])["year"].transform("nunique").reindex(keys.index)
    kept = frame[within & size.eq(len(wanted))].copy()
    kept.attrs["left_out"] = {**frame.attrs.get("left_out", {}), "unbalanced": len(frame) - len(kept)}
    return kept


def group_rates(
    frame: pd.DataFrame,
    by: str | Sequence[str],
    names: Sequence[str] | None = None,
    mixed_scopes: bool = False,
    mixed_forms: bool = False,
) -> pd.DataFrame:
    """Summarise rates by group, as ratio of sums and as mean of ratios.

    The two answer different questions: the ratio of sums is the share of all
    applications, the mean of ratios the share at the average agency.

    Parameters
    ----------
    frame : DataFrame
        The frame of ``indicators`` with all its columns.
    by : str or sequence of str
        Columns that make the groups.
    names : sequence of str, optional
        Rates of ``indicator_table``. Default: all in the frame.
    mixed_scopes, mixed_forms : bool
        Allow groups that mix scopes, or the forms 2019 and 2021.

    Returns
    -------
    DataFrame
        The columns of ``by``, indicator, n (reports with the rate), n_zero
        (denominator 0), n_missing (a cell missing), numerator and denominator
        (sums over the n and n_zero reports), ratio_of_sums, mean_of_ratios,
        median, scopes and forms (what the group holds, joined by ``;``),
        simulated (any row is).

    Raises
    ------
    InputError
        If a group mixes scopes or forms without leave, or a column is absent.
    FormError
        If a name is no rate.

    Examples
    --------
    >>> frame = pd.DataFrame({"level": "county", "granted": [1.0, 90.0, 0.0], "outcomes_total": [2.0, 100.0, 0.0]})
    >>> frame["full_disclosure_rate"] = [0.5, 0.9, float("nan")]
    >>> group_rates(frame, "level")[["n", "n_zero", "ratio_of_sums", "mean_of_ratios"]].round(3).values.tolist()
    [[2.0, 1.0, 0.892, 0.7]]
    """
    keys = [by] if isinstance(by, str) else list(by)
    rates = _rates(frame, names)
    _need(frame, keys)
    rows = []
    for key, group in frame.groupby(keys, dropna=False, sort=True):
        held = {
            "scopes": _only_one(group, "scope", "mixed_scopes", key, mixed_scopes),
            "forms": _only_one(group, "form", "mixed_forms", key, mixed_forms),
            "simulated": bool(group["simulated"].any()) if "simulated" in group else False,
        }
        rows += [{**dict(zip(keys, key, strict=True)), **_summary(group, rate), **held} for rate in rates]
    return pd.DataFrame(rows)


def _rates(frame: pd.DataFrame, names: Sequence[str] | None) -> list[dict[str, str]]:
    table = indicator_table()
    rates = table[table["kind"].eq("rate")].set_index("name", drop=False)
    for name in names or ():
        if name not in rates.index:
            raise FormError(f"{name!r} is no rate", "a name of indicator_table() of kind rate")
    _need(frame, names or ())
    return rates.loc[[n for n in rates.index if n in (frame.columns if names is None else names)]].to_dict("records")


def _only_one(group: pd.DataFrame, column: str, leave: str, key: tuple, allowed: bool) -> str:
    found = sorted({str(value) for value in group[column].dropna()}) if column in group else []
    if len(found) > 1 and not allowed:
        raise InputError(
            f"group {key} mixes {column} {', '.join(found)}, which are different series",
            f"add {column!r} to by, keep one of them, or {leave}=True",
        )
    untold = [] if column not in group or not found or group[column].notna().all() else ["not told"]
    return ";".join(found + untold)


def _summary(group: pd.DataFrame, rate: dict[str, str]) -> dict[str, object]:
    ratios = group[rate["name"]].astype(float)
    median = ratios.median() if ratios.notna().any() else np.nan
    result: dict[str, object] = {"indicator": rate["name"], "n": int(ratios.notna().sum())}
    if not rate["numerator"]:
        sums = {"n_zero": 0, "n_missing": int(ratios.isna().sum()), "numerator": np.nan, "denominator": np.nan}
        return {**result, **sums, "ratio_of_sums": np.nan, "mean_of_ratios": ratios.mean(), "median": median}
    terms = re.findall(r"\w+", rate["numerator"] + " " + rate["denominator"])
    _need(group, terms)
    columns = {name: group[name].astype(float) for name in terms}
    top, bottom = combine(rate["numerator"], columns), combine(rate["denominator"], columns)
    known = ~np.isnan(top + bottom) & (bottom >= 0)
    above, below = float(top[known].sum()), float(bottom[known].sum())
    scale = 100.0 if rate["unit"].startswith("per 100") else 1.0
    return {
        **result,
        "n_zero": int((known & (bottom == 0)).sum()),
        "n_missing": int((~known).sum()),
        "numerator": above,
        "denominator": below,
        "ratio_of_sums": float(divide(above, below)) * scale,
        "mean_of_ratios": ratios.mean(),
        "median": median,
    }
