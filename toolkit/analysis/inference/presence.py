"""Which reports name which theme, and which reports may be compared at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.analysis.inference.strata import joined
from toolkit.errors import InputError


def presence(
    statements: pd.DataFrame,
    reports: pd.Series,
    theme: str = "code",
    kind: str = "problem",
    themes: Sequence[object] | None = None,
) -> tuple[list, np.ndarray]:
    """Whether each report names each theme at least once.

    Parameters
    ----------
    statements : DataFrame
        report, kind and the column `theme`; a missing theme names nothing.
    reports : Series
        Reports in the order of the result.
    theme, kind : str
        Column of the theme; kind of statement that counts.
    themes : sequence, optional
        Themes wanted, by default all that occur, the most frequent first.

    Returns
    -------
    themes : list
    named : ndarray of 0.0 and 1.0, shape (reports, themes)

    Raises
    ------
    InputError
        A column is lacking, or no statement of that kind has a theme.

    Examples
    --------
    >>> statements = pd.DataFrame({"report": ["a", "a", "b"], "kind": "problem", "code": ["x", "y", "x"]})
    >>> codes, named = presence(statements, pd.Series(["a", "b"]))
    >>> codes, named.tolist()
    (['x', 'y'], [[1.0, 1.0], [1.0, 0.0]])
    """
    lacking = [c for c in ("report", "kind", theme) if c not in statements.columns]
    if lacking:
        raise InputError(f"statements: no column {', '.join(lacking)}", "code or cluster the statements first")
    pairs = statements.loc[statements["kind"].eq(kind) & statements[theme].notna(), ["report", theme]]
    pairs = pairs[pairs["report"].isin(set(reports))].drop_duplicates()
    if themes is None:
        often = pairs[theme].value_counts().rename_axis("theme").reset_index(name="reports")
        often["text"] = often["theme"].astype(str)
        themes = often.sort_values(["reports", "text"], ascending=[False, True])["theme"].to_list()
    if not len(themes):
        raise InputError(f"no {kind} statement of these reports has a {theme}", "code or cluster the statements first")
    row = pd.Index(reports).get_indexer(pairs["report"])
    column = pd.Index(themes).get_indexer(pairs[theme])
    named = np.zeros((len(reports), len(themes)))
    named[row[column >= 0], column[column >= 0]] = 1.0
    return list(themes), named


def with_problems_read(frame: pd.DataFrame, statements: pd.DataFrame, kind: str) -> tuple[pd.DataFrame, dict[str, int]]:
    """Keep the reports whose chapter five was read and names a problem.

    Parameters
    ----------
    frame : DataFrame
        One row per report with problems_status (missing: told by the statements).
    statements : DataFrame
        report, kind.
    kind : str
        Kind of statement that tells where the status is missing.

    Returns
    -------
    frame : DataFrame
    left_out : dict
        Status and number of reports left out.

    Examples
    --------
    >>> frame = pd.DataFrame({"report": list("abc"), "problems_status": ["named", "absent", None]})
    >>> kept, left_out = with_problems_read(frame, pd.DataFrame({"report": ["a"], "kind": ["problem"]}), "problem")
    >>> kept["report"].to_list(), left_out
    (['a'], {'chapter five absent': 1, 'chapter five not told': 1})
    """
    stated = frame["report"].isin(set(statements.loc[statements["kind"].eq(kind), "report"]))
    told = frame["problems_status"].astype("object").where(frame["problems_status"].notna(), None)
    status = told.where(told.notna(), stated.map({True: "named", False: "not told"}))
    counts = status[status != "named"].value_counts().sort_index()
    return frame[status == "named"], {f"chapter five {k}": int(v) for k, v in counts.items()}


def one_series(frame: pd.DataFrame, column: str, wanted: str | Sequence[str] | None) -> tuple[pd.DataFrame, str, bool]:
    """Keep one scope or form, or several that the caller has named.

    Parameters
    ----------
    frame : DataFrame
        One row per report.
    column : {"scope", "form"}
        What must not be mixed silently.
    wanted : "all", sequence of str, or None
        Values to keep; None accepts a single one.

    Returns
    -------
    frame : DataFrame
    note : str
        What to mind, or empty.
    several : bool
        Whether several values are left, to be compared each within itself.

    Raises
    ------
    InputError
        Several values and none named, or a value that no report has.

    Examples
    --------
    >>> frame = pd.DataFrame({"report": ["a", "b"], "form": ["2019", "2021"]})
    >>> one_series(frame, "form", None)
    Traceback (most recent call last):
    toolkit.errors.InputError: reports of several forms are mixed: 2019 (1), 2021 (1). Try: pass forms=["2021"] for one, forms="all" to compare each within itself
    >>> one_series(frame, "form", ["2021"])[0]["report"].to_list()
    ['b']
    """  # noqa: E501
    told = frame[column].dropna().astype(str).value_counts().sort_index()
    if wanted is None and len(told) > 1:
        listed = ", ".join(f"{k} ({v})" for k, v in told.items())
        hint = f'pass {column}s=["{told.index[-1]}"] for one, {column}s="all" to compare each within itself'
        raise InputError(f"reports of several {column}s are mixed: {listed}", hint)
    if wanted is not None and not (isinstance(wanted, str) and wanted == "all"):
        values = [wanted] if isinstance(wanted, str) else list(wanted)
        absent = [v for v in values if v not in told.index]
        if absent:
            raise InputError(f"no report of {column} {', '.join(absent)}", f"choose from {', '.join(told.index)}")
        frame = frame[frame[column].isin(values)]
    unknown = int(frame[column].isna().sum())
    several = frame[column].nunique(dropna=False) > 1 and wanted is not None
    note = f"{column} not told in {unknown} reports" if unknown and len(told) and not several else ""
    return frame, note, several


def with_themes(
    statements: pd.DataFrame,
    indicators: pd.DataFrame,
    reports: pd.DataFrame | None = None,
    sections: pd.DataFrame | None = None,
    *,
    theme: str = "code",
    kind: str = "problem",
) -> pd.DataFrame:
    """One row per report with a 0/1 column for each theme, and the default controls.

    Parameters
    ----------
    statements, indicators, reports
        As for `correlate`.
    sections : DataFrame, optional
        The frame ``sections``, for the length of chapter five.
    theme, kind : str
        As for `correlate`.

    Returns
    -------
    DataFrame
        The indicators of reports that have statements of the kind; a column per theme named after
        it; n_statements; reuse (mean reuse_peer of the report's statements) and
        log_chapter_length (log of characters), where they can be told.

    Raises
    ------
    InputError
        A theme is called like a column that is there.

    Examples
    --------
    >>> statements = pd.DataFrame({"report": ["a", "a", "b"], "kind": "problem", "code": ["x", "y", "x"]})
    >>> rates = pd.DataFrame({"report": ["a", "b", "c"], "agency_id": list("abc"), "parent_id": "p", "level": "county",
    ...                       "year": 2023, "rate": [0.5, 0.7, 0.9]})
    >>> with_themes(statements, rates)[["report", "x", "y", "n_statements"]].to_string(index=False).split()[4:]
    ['a', '1', '1', '2', 'b', '1', '0', '1']
    """
    held = statements[statements["kind"] == kind]
    frame = joined(indicators, reports)
    frame = frame[frame["report"].isin(set(held["report"]))].reset_index(drop=True)
    codes, named = presence(statements, frame["report"], theme, kind)
    taken = [str(c) for c in codes if str(c) in frame.columns]
    if taken:
        raise InputError(f"theme {taken[0]!r} is called like a column", "rename the column of indicators")
    columns = pd.DataFrame(named.astype(int), columns=[str(c) for c in codes])
    frame = pd.concat([frame, columns], axis=1)
    frame["n_statements"] = frame["report"].map(held["report"].value_counts())
    if "reuse_peer" in held.columns:
        reuse = held.assign(reuse_peer=held["reuse_peer"].astype("Float64")).groupby("report")["reuse_peer"].mean()
        frame["reuse"] = frame["report"].map(reuse)
    if sections is not None:
        texts = sections[sections["chapter"] == "problems"].set_index("report")["text"]
        frame["log_chapter_length"] = np.log(frame["report"].map(texts.str.len()).astype("float64"))
    return frame
