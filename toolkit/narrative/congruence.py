"""Congruence: which named problems get an improvement of the same theme."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from toolkit.errors import InputError

_NEEDED = ("report", "kind", "code")


def congruence(statements: pd.DataFrame, themes: Iterable[str] | None = None, second: bool = False) -> pd.DataFrame:
    """Compare, report by report, the problems named with the improvements announced.

    Parameters
    ----------
    statements : DataFrame
        report, kind and code (``second_code`` too if ``second``).
    themes : iterable of str, optional
        Codes to look at, for instance ``load_scheme().codes_of("improvement")``
        to leave out those that no improvement can have; all by default.
    second : bool, default False
        Whether a second code names a theme as well.

    Returns
    -------
    DataFrame
        One row per report: report, n_problems (themes named), n_answered (of
        these with an improvement of the same theme), n_improvements (themes),
        congruence (n_answered / n_problems, missing where no problem is named),
        answered and unanswered (codes joined by ``;``), simulated if given.

    Raises
    ------
    InputError
        If a column is lacking.

    Notes
    -----
    A long list of improvements meets more problems by chance alone:
    ``congruence_summary`` has the level that chance gives.

    Examples
    --------
    >>> statements = pd.DataFrame({
    ...     "report": ["a", "a", "a", "b"],
    ...     "kind": ["problem", "problem", "improvement", "improvement"],
    ...     "code": ["staffing", "timeliness", "timeliness", "platform"],
    ... })
    >>> congruence(statements)[["report", "n_problems", "n_answered", "unanswered", "congruence"]]
      report  n_problems  n_answered unanswered  congruence
    0      a           2           1   staffing         0.5
    1      b           0           0                   <NA>
    """
    pairs = _themes(statements, themes, second)
    named, planned = (_by_report(pairs, kind) for kind in ("problem", "improvement"))
    first = statements.drop_duplicates("report")
    rows = [_compare(report, named.get(report, set()), planned.get(report, set())) for report in first["report"]]
    table = pd.DataFrame(rows).astype({"congruence": "Float64"})
    if "simulated" in statements:
        table["simulated"] = first["simulated"].to_numpy()
    return table


def congruence_summary(
    statements: pd.DataFrame,
    cluster: str = "report",
    themes: Iterable[str] | None = None,
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """The congruence of a whole corpus, with an interval and the level of chance.

    Parameters
    ----------
    statements : DataFrame
        report, kind, code and the ``cluster`` column.
    cluster : str, default "report"
        What is resampled together; the agency, if it has several years.
    themes, resamples, level, seed
        As in ``congruence`` and ``agreement``.

    Returns
    -------
    DataFrame
        One row: reports (that name a problem), clusters, n_problems, n_answered,
        congruence (ratio of sums) with low and high, mean_congruence (mean of
        the reports' ratios), expected (the ratio of sums if each report's
        improvements came from another report drawn at random).

    Examples
    --------
    >>> statements = pd.DataFrame({
    ...     "report": ["a", "a", "a", "b", "b"],
    ...     "kind": ["problem", "problem", "improvement", "problem", "improvement"],
    ...     "code": ["staffing", "timeliness", "timeliness", "platform", "platform"],
    ... })
    >>> congruence_summary(statements).round(3)[["reports", "congruence", "mean_congruence", "expected"]]
       reports  congruence  mean_congruence  expected
    0        2       0.667             0.75       0.0
    """
    if cluster not in statements:
        raise InputError(f"the statements have no column {cluster!r}", "name the column that holds the cluster")
    themes = None if themes is None else list(themes)
    table = congruence(statements, themes)
    # Both have the reports in the order in which they first occur.
    table["cluster"] = statements.drop_duplicates("report")[cluster].to_numpy()
    naming = table[table["n_problems"] > 0]
    sums = naming.groupby("cluster")[["n_answered", "n_problems"]].sum().to_numpy(dtype=float)
    low, high = _ratio_interval(sums, resamples, level, seed)
    answered, problems = sums.sum(axis=0) if len(sums) else (0.0, 0.0)
    row: dict[str, float] = {
        "reports": len(naming),
        "clusters": len(sums),
        "n_problems": int(problems),
        "n_answered": int(answered),
    }
    row |= {"congruence": answered / problems if problems else np.nan, "low": low, "high": high}
    mean = naming["congruence"].astype(float).mean()
    row |= {"mean_congruence": mean, "expected": _expected(_themes(statements, themes, False))}
    return pd.DataFrame([row])


def theme_matrix(statements: pd.DataFrame, themes: Iterable[str] | None = None, share: bool = False) -> pd.DataFrame:
    """Count the reports that name a problem (rows) and announce an improvement (columns).

    Parameters
    ----------
    statements : DataFrame
        report, kind and code.
    themes : iterable of str, optional
        Rows and columns, in this order; by default the codes used, sorted.
    share : bool, default False
        Divide each row by the number of reports that name the problem.

    Returns
    -------
    DataFrame
        Square; index ``problem``, columns ``improvement``; reports or shares. A
        row of shares is missing where no report names the problem.

    Examples
    --------
    >>> statements = pd.DataFrame({
    ...     "report": ["a", "a", "b", "b"],
    ...     "kind": ["problem", "improvement"] * 2,
    ...     "code": ["staffing", "staffing", "staffing", "platform"],
    ... })
    >>> theme_matrix(statements).loc["staffing"].to_dict()
    {'platform': 1, 'staffing': 1}
    """
    order = None if themes is None else list(themes)
    pairs = _themes(statements, order, False)
    order = sorted(pairs["code"].unique()) if order is None else order
    both = pairs[pairs["kind"] == "problem"].merge(pairs[pairs["kind"] == "improvement"], on="report")
    matrix = pd.crosstab(both["code_x"], both["code_y"]).reindex(index=order, columns=order, fill_value=0)
    matrix = matrix.rename_axis(index="problem", columns="improvement")
    if not share:
        return matrix
    named = pairs[pairs["kind"] == "problem"].groupby("code")["report"].nunique().reindex(order)
    return matrix.div(named, axis=0)


def _themes(statements: pd.DataFrame, themes: Iterable[str] | None, second: bool) -> pd.DataFrame:
    """Distinct report, kind, code."""
    needed = [*_NEEDED, "second_code"] if second else list(_NEEDED)
    lacking = [column for column in needed if column not in statements]
    if lacking:
        raise InputError(f"the statements lack {', '.join(lacking)}", "code them first: code_statements")
    parts = [statements[list(_NEEDED)]]
    if second:
        parts.append(statements[["report", "kind", "second_code"]].set_axis(list(_NEEDED), axis=1))
    pairs = pd.concat(parts).dropna().drop_duplicates()
    return pairs if themes is None else pairs[pairs["code"].isin(list(themes))]


def _by_report(pairs: pd.DataFrame, kind: str) -> dict[str, set[str]]:
    themes: dict[str, set[str]] = {}
    of_kind = pairs[pairs["kind"] == kind]
    for report, code in zip(of_kind["report"], of_kind["code"]):
        themes.setdefault(report, set()).add(code)
    return themes


def _compare(report: str, named: set[str], planned: set[str]) -> dict[str, object]:
    answered = named & planned
    return {
        "report": report,
        "n_problems": len(named),
        "n_answered": len(answered),
        "n_improvements": len(planned),
        "congruence": len(answered) / len(named) if named else pd.NA,
        "answered": ";".join(sorted(answered)),
        "unanswered": ";".join(sorted(named - planned)),
    }


def _ratio_interval(sums: np.ndarray, resamples: int, level: float, seed: int) -> tuple[float, float]:
    if len(sums) < 2 or not resamples:
        return np.nan, np.nan
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=resamples) @ sums
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _expected(pairs: pd.DataFrame) -> float:
    """Share of named themes that a random other report's improvements would meet."""
    reports = pairs["report"].nunique()
    named, planned = (pairs[pairs["kind"] == kind] for kind in ("problem", "improvement"))
    if reports < 2 or named.empty:
        return float("nan")
    planning = named["code"].map(planned["code"].value_counts()).fillna(0)
    own = named.merge(planned, on=["report", "code"], how="left", indicator=True)["_merge"].eq("both").to_numpy()
    return float(((planning.to_numpy() - own) / (reports - 1)).mean())
