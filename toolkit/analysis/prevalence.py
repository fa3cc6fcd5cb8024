"""How often something is named: shares with intervals, what stays, what is answered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from toolkit.errors import InputError

INTERVALS = ("cluster", "wilson")


def wilson(k: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """Return the score interval of a share of k in n (Wilson 1927).

    Examples
    --------
    >>> [round(bound, 4) for bound in wilson(15, 50)]
    [0.191, 0.4375]
    >>> wilson(0, 0)
    (nan, nan)
    """
    if not n > 0:
        return float("nan"), float("nan")
    z = float(stats.norm.ppf(0.5 + confidence / 2))
    share = k / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def effective_n(values: np.ndarray, clusters: np.ndarray) -> float:
    """Return the number of independent reports that tell as much about the share.

    n divided by the design effect, the variance of the share between clusters
    over that of independent reports, taken as 1 at least. Where all values
    are equal it cannot be estimated, and the number of clusters stands in.

    Examples
    --------
    >>> round(effective_n(np.array([1, 1, 0, 0]), np.array(["a", "a", "b", "b"])), 2)
    1.33
    """
    n, share = len(values), float(np.mean(values))
    groups = pd.factorize(clusters)[0]
    size = int(groups.max()) + 1
    if share in (0.0, 1.0) or size < 2:
        return float(size)
    sums = np.bincount(groups, weights=values - share)
    between = size / (size - 1) * float(np.sum(sums**2)) / n**2
    return n / max(1.0, between / (share * (1 - share) / (n - 1)))


def prevalence(
    frame: pd.DataFrame,
    value: str,
    by: str | Sequence[str] = "year",
    interval: str = "cluster",
    cluster: str = "agency_id",
) -> pd.DataFrame:
    """Return the share of reports with ``value``, by group, with a 95 % interval.

    Parameters
    ----------
    frame : DataFrame
        One row per report: ``by``, ``value`` (1, 0 or missing) and ``cluster``.
    value : str
        E.g. ``any_suits``, or whether a theme is named. Missing is left out and counted.
    by : str or sequence of str
    interval : {"cluster", "wilson"}
        ``cluster``: Wilson's interval for the effective number of reports, since
        reports of one agency resemble each other (Dean & Pagano 2015, Journal of
        Survey Statistics and Methodology 3). ``wilson``: as if independent.
    cluster : str
        What makes reports resemble each other; ``parent_id`` is the stricter choice.

    Returns
    -------
    DataFrame
        The columns of ``by``, value, n, k, share, low, high, n_clusters, n_missing, interval, simulated.

    Raises
    ------
    InputError
        If a column is absent, ``interval`` unknown, or ``value`` is not 1 and 0.

    Examples
    --------
    >>> frame = pd.DataFrame({"agency_id": list("aabb"), "year": [2022, 2023] * 2, "named": [1, 1, 0, 1]})
    >>> prevalence(frame, "named")[["year", "n", "k", "share", "low", "high"]].round(2).values.tolist()
    [[2022.0, 2.0, 1.0, 0.5, 0.09, 0.91], [2023.0, 2.0, 2.0, 1.0, 0.34, 1.0]]
    """
    keys = [by] if isinstance(by, str) else list(by)
    if interval not in INTERVALS:
        raise InputError(f"interval is {interval!r}", '"cluster" or "wilson"')
    needed = [*keys, value, *([cluster] if interval == "cluster" else [])]
    if absent := [name for name in needed if name not in frame]:
        raise InputError(f"the frame has no column {', '.join(absent)}", "one row per report, as of indicators(corpus)")
    numbers = pd.to_numeric(frame[value]).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    if not np.isin(numbers[~np.isnan(numbers)], (0, 1)).all():
        raise InputError(f"{value} is not 1 and 0", "a flag, or frame[column].gt(0)")
    rows = []
    for key, group in frame.assign(**{value: numbers}).groupby(keys, dropna=False, sort=True):
        rows.append({**dict(zip(keys, key, strict=True)), "value": value, **_share(group, value, interval, cluster)})
    return pd.DataFrame(rows)


def _share(group: pd.DataFrame, value: str, interval: str, cluster: str) -> dict[str, object]:
    known = group[group[value].notna()]
    n, k = len(known), float(known[value].sum())
    # A body that cannot be told is a cluster of its own.
    names = known[cluster] if cluster in known else pd.Series(pd.NA, index=known.index)
    clusters = [f"? {place}" if pd.isna(name) else name for place, name in names.items()]
    size = (
        n if interval == "wilson" or not n else effective_n(known[value].to_numpy(), np.asarray(clusters, dtype=object))
    )
    low, high = wilson(k / n * size, size) if n else (np.nan, np.nan)
    return {
        "n": n,
        "k": int(k),
        "share": k / n if n else np.nan,
        "low": low,
        "high": high,
        "n_clusters": len(set(clusters)),
        "n_missing": len(group) - n,
        "interval": interval,
        "simulated": bool(known["simulated"].any()) if "simulated" in known else False,
    }


def named(statements: pd.DataFrame, reports: pd.DataFrame, theme: str = "code", kind: str = "problem") -> pd.DataFrame:
    """Return who names which theme: one row per report and theme, with ``named`` 1 or 0.

    Only reports whose chapter was read count: of those with statements of
    that kind every theme is 1 or 0, of those that name no problem 0, all others
    are absent.

    Parameters
    ----------
    statements, reports : DataFrame
        The frames of those names.
    theme : {"code", "cluster"}
    kind : {"problem", "improvement"}

    Returns
    -------
    DataFrame
        report, agency_id, parent_id, level, province, year, scope, simulated, theme, named.

    Examples
    --------
    >>> reports = pd.DataFrame({"report": ["a", "b"], "problems_status": ["named", "none_named"], "year": 2023})
    >>> statements = pd.DataFrame({"report": ["a"], "kind": ["problem"], "code": ["staffing"]})
    >>> named(statements, reports)[["report", "theme", "named"]].values.tolist()
    [['a', 'staffing', 1], ['b', 'staffing', 0]]
    """
    chosen = statements[statements["kind"].eq(kind)]
    read = set(chosen["report"])
    if kind == "problem" and "problems_status" in reports:
        read |= set(reports.loc[reports["problems_status"].eq("none_named"), "report"])
    columns = ["report", "agency_id", "parent_id", "level", "province", "year", "scope", "simulated"]
    panel = reports[reports["report"].isin(read)].reindex(columns=columns)
    themes = pd.DataFrame({"theme": sorted(chosen[theme].dropna().unique())})
    pairs = chosen[["report", theme]].dropna().drop_duplicates().rename(columns={theme: "theme"}).assign(named=1)
    long = panel.merge(themes, how="cross").merge(pairs, on=["report", "theme"], how="left")
    return long.assign(named=long["named"].fillna(0).astype(int))


def persistence(presence: pd.DataFrame, cluster: str = "agency_id") -> pd.DataFrame:
    """Return how often an agency that names a theme names it again the year after.

    Beside it stands how often those that did not name it take it up: only the
    distance of the two says that a theme stays.

    Parameters
    ----------
    presence : DataFrame
        One row per report and theme, as of ``named``: agency_id, year, theme, named.
    cluster : str

    Returns
    -------
    DataFrame
        theme, n_named, again, low, high (interval of again), n_not, new,
        new_low, new_high, simulated. Pairs are consecutive years of one scope.

    Examples
    --------
    >>> presence = pd.DataFrame({"agency_id": list("aabb"), "year": [2022, 2023] * 2, "theme": "staffing"})
    >>> persistence(presence.assign(named=[1, 1, 0, 0]))[["n_named", "again", "n_not", "new"]].values.tolist()
    [[1.0, 1.0, 1.0, 0.0]]
    """
    keys = ["agency_id", "theme", *(["scope"] if "scope" in presence else [])]
    after = presence[[*keys, "year", "named"]].assign(year=presence["year"] - 1)
    pairs = presence.merge(after.drop_duplicates([*keys, "year"]), on=[*keys, "year"], suffixes=("", "_next"))
    rows = []
    for theme, group in pairs.groupby("theme"):
        again, new = (_share(group[group["named"].eq(flag)], "named_next", "cluster", cluster) for flag in (1, 0))
        rows.append(
            {
                **{
                    "theme": theme,
                    "n_named": again["n"],
                    "again": again["share"],
                    "low": again["low"],
                    "high": again["high"],
                },
                **{"n_not": new["n"], "new": new["share"], "new_low": new["low"], "new_high": new["high"]},
                "simulated": bool(again["simulated"] or new["simulated"]),
            }
        )
    columns = ["theme", "n_named", "again", "low", "high", "n_not", "new", "new_low", "new_high", "simulated"]
    return pd.DataFrame(rows, columns=columns)


def answers(statements: pd.DataFrame, theme: str = "code") -> pd.DataFrame:
    """Return how often reports that name a problem announce which improvement.

    Parameters
    ----------
    statements : DataFrame
        report, kind, and the column named by ``theme``.
    theme : {"code", "cluster"}

    Returns
    -------
    DataFrame
        problem, improvement, n (reports that name the problem and have improvements),
        k (of them with the improvement), share, simulated. The diagonal is congruence.

    Examples
    --------
    >>> statements = pd.DataFrame({"report": ["a", "a", "b", "b"], "kind": ["problem", "improvement"] * 2,
    ...                            "code": ["staffing", "staffing", "staffing", "publicity"]})
    >>> answers(statements)[["improvement", "n", "k", "share"]].values.tolist()
    [['publicity', 2, 1, 0.5], ['staffing', 2, 1, 0.5]]
    """
    pairs = statements[["report", "kind", theme]].dropna().drop_duplicates()
    problems, improvements = (pairs[pairs["kind"].eq(kind)] for kind in ("problem", "improvement"))
    problems = problems[problems["report"].isin(improvements["report"])]
    both = problems.merge(improvements, on="report", suffixes=("_problem", "_improvement"))
    n = problems[theme].value_counts()
    count = both.groupby([f"{theme}_problem", f"{theme}_improvement"]).size()
    grid = pd.MultiIndex.from_product(
        [sorted(n.index), sorted(improvements[theme].unique())], names=["problem", "improvement"]
    )
    frame = count.reindex(grid, fill_value=0).rename("k").reset_index()
    frame.insert(2, "n", frame["problem"].map(n).astype(int))
    simulated = "simulated" in statements and bool(statements["simulated"].any())
    return frame.assign(share=frame["k"] / frame["n"], simulated=simulated)
