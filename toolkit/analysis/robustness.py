"""Does an association survive other choices? One table of the same rows under every variant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.analysis.association import correlate
from toolkit.analysis.inference.measures import default_indicators, kind_of
from toolkit.analysis.inference.strata import CARRIED
from toolkit.errors import InputError

Frames = Mapping[str, "pd.DataFrame | Callable[[pd.DataFrame], pd.DataFrame]"]
MAIN = "main"
#: Where no theme is told to be compared, so many of the most frequent are.
THEMES = 10
SHOWN = ["effect_name", "effect", "low", "high", "p", "q", "n", "agencies_with", "agencies_without", "strata"]


def robustness(
    statements: pd.DataFrame,
    indicators: pd.DataFrame,
    reports: pd.DataFrame | None = None,
    *,
    other_statements: Frames | None = None,
    other_indicators: Frames | None = None,
    provinces: bool = True,
    copied: float = 0.8,
    **options: Any,
) -> pd.DataFrame:
    """Repeat `correlate` under every variant that the data allow.

    Parameters
    ----------
    statements, indicators, reports
        As for `correlate`.
    other_statements : mapping, optional
        Name to a frame (or to a function that makes it of `statements`) with other
        themes: other k, other tokens, another coder. A frame with statement and
        cluster alone, as ``Clusters.assignments``, is joined on statement.
    other_indicators : mapping, optional
        Name to a frame (or function of `indicators`): other treatments of blanks,
        without reports whose identities are broken.
    provinces : bool
        Leave out one province at a time.
    copied : float
        Reports whose statements are reused to this share, from the own previous
        report or from peers, are left out in "without copied text".
    **options
        Passed to `correlate`; ``forms`` is "all" and ``n_permutations`` 999 by default.

    Returns
    -------
    DataFrame
        One row per variant, theme and indicator: variant, theme, indicator,
        the columns of `SHOWN` as in `correlate`, reason, same_direction (as in "main";
        missing where either has no effect), simulated. Clusters are compared under the code that most of their
        statements have. A variant that cannot be run has its reason in every row.

    Raises
    ------
    InputError
        What `correlate` raises for the main variant, or two variants of one name.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> rows = [(f"{p}{a:02}", p, "county" if p in "pq" else "township") for p in "pqr" for a in range(30)]
    >>> rates = pd.DataFrame(rows, columns=["report", "parent_id", "level"]).assign(year=2023)
    >>> rates["agency_id"], short = rates["report"], rng.random(90) < 0.5
    >>> rates["disclosure_rate"] = rng.normal(0.6, 0.1, 90) - 0.1 * short
    >>> statements = pd.DataFrame({"report": rates["report"], "kind": "problem", "code": "training"})
    >>> statements.loc[short, "code"] = "staffing"
    >>> table = robustness(statements, rates, themes=["staffing"])
    >>> print(table[["variant", "effect", "n", "same_direction"]].round(2).to_string(index=False))
              variant  effect  n  same_direction
                 main   -0.52 90            True
    without townships   -0.45 60            True
    """
    defaults: dict[str, Any] = {"forms": "all", "n_permutations": 999, "themes": None}
    options = defaults | options
    frame = _complete(indicators, reports)
    options["kinds"] = _kinds(frame, options.get("indicators_used")) | dict(options.get("kinds") or {})
    main = correlate(statements, frame, **options)
    if options["themes"] is None:
        options["themes"] = main["theme"].drop_duplicates().head(THEMES).to_list()
        main = main[main["theme"].isin(options["themes"])]
    tables = {MAIN: main}
    variants = _variants(statements, frame, options, other_statements or {}, other_indicators or {}, provinces, copied)
    for name, said, figures, more in variants:
        if name in tables:
            raise InputError(f"two variants are called {name!r}", "rename one")
        tables[name] = _attempt(main, said, figures, options | more)
    return _laid_out(tables)


def _complete(indicators: pd.DataFrame, reports: pd.DataFrame | None) -> pd.DataFrame:
    if reports is None:
        return indicators
    more = [c for c in CARRIED if c in reports.columns and c not in indicators.columns]
    return indicators.merge(reports[["report", *more]], on="report", how="left", validate="many_to_one")


def _kinds(frame: pd.DataFrame, used: Sequence[str] | None) -> dict[str, str]:
    """Kinds told once for all variants: in a part of the data a count may have no zero left."""
    names = default_indicators(frame) if used is None else [c for c in used if c in frame.columns]
    return {c: kind_of(c, frame[c]) for c in names}


def _variants(
    statements: pd.DataFrame,
    frame: pd.DataFrame,
    options: dict[str, Any],
    other_statements: Frames,
    other_indicators: Frames,
    provinces: bool,
    copied: float,
) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame, dict[str, Any]]]:
    """Name, statements, indicators and changed options of every variant but the main one."""
    theme = options.get("theme", "code")
    if theme == "code" and "cluster" in statements.columns and statements["cluster"].notna().any():
        yield "clusters instead of codes", themes_of_clusters(statements), frame, {}
    for name, other in other_statements.items():
        yield name, _retold(statements, _made(other, statements), theme), frame, {}
    reused = copied_reports(statements, copied)
    if len(reused):
        yield "without copied text", statements, frame[~frame["report"].isin(reused)], {}
    below = frame["level"].eq("township")
    if below.any() and not below.all():
        yield "without townships", statements, frame[~below], {}
    if options["forms"] == "all" and "form" in frame.columns and frame["form"].nunique() > 1:
        for form in sorted(frame["form"].dropna().unique()):
            yield f"form {form}", statements, frame, {"forms": [form]}
    for name, other in other_indicators.items():
        yield name, statements, _complete(_made(other, frame), frame), {}
    if provinces and "province" in frame.columns and frame["province"].nunique() > 1:
        for province in sorted(frame["province"].dropna().unique()):
            yield f"without {province}", statements, frame[frame["province"].ne(province).fillna(True)], {}


def _made(other: pd.DataFrame | Callable[[pd.DataFrame], pd.DataFrame], of: pd.DataFrame) -> pd.DataFrame:
    return other(of) if callable(other) else other


def _retold(statements: pd.DataFrame, other: pd.DataFrame, theme: str) -> pd.DataFrame:
    """Statements with the themes of another clustering or coder."""
    if "report" not in other.columns:
        if not {"statement", "cluster"} <= set(other.columns):
            raise InputError("other_statements: neither report nor statement and cluster", "see Clusters.assignments")
        other = statements.drop(columns="cluster", errors="ignore").merge(
            other[["statement", "cluster"]], on="statement", how="left", validate="one_to_one"
        )
        return themes_of_clusters(other) if theme == "code" else other
    return themes_of_clusters(other) if theme == "code" and _tells_clusters(statements, other) else other


def _tells_clusters(statements: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Return whether a frame has the main codes and clusters besides: then the clusters are what is other."""
    if "cluster" not in other or not other["cluster"].notna().any() or len(other) != len(statements):
        return False
    ours, theirs = (frame["code"].fillna("").tolist() for frame in (statements, other))
    return ours == theirs


def themes_of_clusters(statements: pd.DataFrame) -> pd.DataFrame:
    """Replace each statement's code by the code that most statements of its cluster have.

    Parameters
    ----------
    statements : DataFrame
        kind, code, cluster.

    Returns
    -------
    DataFrame
        The statements with a new column code; missing where the statement is in no cluster or the cluster
        has no code. Of two codes as frequent the first by name is taken.

    Examples
    --------
    >>> statements = pd.DataFrame({"kind": "problem", "code": ["x", "x", "y"], "cluster": [0, 0, 0]})
    >>> themes_of_clusters(statements)["code"].to_list()
    ['x', 'x', 'x']
    """
    counts = statements.groupby(["kind", "cluster", "code"], observed=True).size().rename("size").reset_index()
    counts = counts.sort_values(["size", "code"], ascending=[False, True]).drop_duplicates(["kind", "cluster"])
    named = counts.set_index(["kind", "cluster"])["code"]
    keys = pd.MultiIndex.from_frame(statements[["kind", "cluster"]])
    return statements.assign(code=named.reindex(keys).to_numpy())


def copied_reports(statements: pd.DataFrame, share: float = 0.8) -> set[str]:
    """Reports whose statements are, on average, reused to at least that share.

    Parameters
    ----------
    statements : DataFrame
        report, reuse_self, reuse_peer (either may be absent or missing).
    share : float
        Limit between 0 and 1.

    Returns
    -------
    set of str
        Empty where reuse was not measured.

    Examples
    --------
    >>> copied_reports(pd.DataFrame({"report": ["a", "a", "b"], "reuse_peer": [1.0, 0.9, 0.1]}))
    {'a'}
    """
    columns = [c for c in ("reuse_self", "reuse_peer") if c in statements.columns]
    if not columns:
        return set()
    most = statements[columns].astype("Float64").astype("float64").max(axis=1)
    mean = most.groupby(statements["report"]).mean()
    return set(mean.index[mean >= share])


def _attempt(main: pd.DataFrame, said: pd.DataFrame, figures: pd.DataFrame, options: dict[str, Any]) -> pd.DataFrame:
    try:
        return correlate(said, figures, **options)
    except InputError as error:
        empty = main.assign(**dict.fromkeys(["effect", "low", "high", "p", "q"], np.nan))
        return empty.assign(n=0, agencies_with=0, agencies_without=0, strata=0, reason=str(error))


def _laid_out(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    shown = ["variant", "theme", "indicator", *SHOWN, "reason", "same_direction", "simulated"]
    signs = _directions(tables[MAIN])
    parts = []
    for name, table in tables.items():
        own = _directions(table)
        known = signs.reindex(own.index)
        same = (own == known).astype("boolean").mask((own.isna() | known.isna()).to_numpy())
        parts.append(table.assign(variant=name, same_direction=same.to_numpy()))
    result = pd.concat(parts, ignore_index=True)[shown]
    result["same_direction"] = result["same_direction"].astype("boolean")
    result.attrs.update(tables[MAIN].attrs)
    return result


def _directions(table: pd.DataFrame) -> pd.Series:
    """Sign of each effect, of an odds ratio whether it is above 1."""
    neutral = np.where(table["effect_name"].eq("odds_ratio"), 1.0, 0.0)
    sign = np.sign(table["effect"] - neutral)
    return pd.Series(sign.to_numpy(), index=pd.MultiIndex.from_frame(table[["theme", "indicator"]]))
