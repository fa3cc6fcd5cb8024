"""What indicators need besides the cells: chapter five, findings, publication.

Each function returns columns by name, in the order of the reports asked for;
what a report does not tell is missing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from toolkit.reports.form import identities

IDENTITY_RULES = tuple(identity.rule for identity in identities())


def form_measures(findings: pd.DataFrame | None, reports: pd.Index) -> dict[str, np.ndarray]:
    """Count the identities of the form that hold, were tested and are broken.

    Parameters
    ----------
    findings : DataFrame or None
        The frame of that name: report, rule, verdict.
    reports : Index

    Returns
    -------
    dict of arrays
        identities_held, identities_tested (held or broken), identities_broken;
        missing for reports of which nothing was tested or untestable.

    Examples
    --------
    >>> findings = pd.DataFrame({"report": "a", "rule": "balance", "verdict": ["holds", "broken", "untestable"]})
    >>> {name: counts.tolist() for name, counts in form_measures(findings, pd.Index(["a", "b"])).items()}
    {'identities_held': [1.0, nan], 'identities_tested': [2.0, nan], 'identities_broken': [1.0, nan]}
    """
    if findings is None:
        return dict.fromkeys(
            ("identities_held", "identities_tested", "identities_broken"), np.full(len(reports), np.nan)
        )
    tested = findings[findings["rule"].isin(IDENTITY_RULES)]
    counts = pd.crosstab(tested["report"], tested["verdict"]) if len(tested) else pd.DataFrame()
    counts = counts.reindex(columns=["holds", "broken"], fill_value=0).reindex(index=reports)
    held, broken = (counts[name].to_numpy(dtype=float) for name in ("holds", "broken"))
    return {"identities_held": held, "identities_tested": held + broken, "identities_broken": broken}


def chapter_measures(
    reports: pd.DataFrame, sections: pd.DataFrame | None, statements: pd.DataFrame | None
) -> dict[str, np.ndarray]:
    """Measure chapter five: its length, its statements and its themes.

    Parameters
    ----------
    reports : DataFrame
        report, problems_status.
    sections, statements : DataFrame or None
        The frames of those names.

    Returns
    -------
    dict of arrays
        chapter_length (characters), problems_named, improvements_named,
        statements_named, themes_named, themes_answered, improvements_planned,
        improvements_told, reuse_self, reuse_peer, problem_named. Counts are 0
        only where the chapter was read and names no problem.

    Examples
    --------
    >>> reports = pd.DataFrame({"report": ["a", "b", "c"], "problems_status": ["named", "none_named", "absent"]})
    >>> statements = pd.DataFrame({"report": "a", "kind": ["problem", "problem", "improvement"],
    ...                            "code": ["timeliness", "staffing", "staffing"]})
    >>> measures = chapter_measures(reports, None, statements)
    >>> measures["problems_named"].tolist(), measures["themes_answered"].tolist()
    ([2.0, 0.0, nan], [1.0, 0.0, nan])
    """
    index = pd.Index(reports["report"])
    status = reports.get("problems_status", pd.Series(pd.NA, index=reports.index)).array
    told = pd.Series(status, index=index).map({"named": 1.0, "none_named": 0.0}).astype(float)
    measures = {"chapter_length": _length(sections, index), "problem_named": told.to_numpy()}
    return {**measures, **_statement_measures(statements, index, told)}


def _length(sections: pd.DataFrame | None, reports: pd.Index) -> np.ndarray:
    if sections is None:
        return np.full(len(reports), np.nan)
    chapter = sections[sections["chapter"].eq("problems") & sections["text"].notna()]
    length = chapter["text"].str.replace(r"\s", "", regex=True).str.len().groupby(chapter["report"]).sum()
    return length.reindex(reports).to_numpy(dtype=float)


def _statement_measures(statements: pd.DataFrame | None, reports: pd.Index, told: pd.Series) -> dict[str, np.ndarray]:
    empty = pd.DataFrame({name: pd.Series(dtype=object) for name in ("report", "kind")})
    frame = empty if statements is None else statements
    frame = frame.reindex(columns=["report", "kind", "code", "progress", "reuse_self", "reuse_peer"])
    is_problem, is_improvement = frame["kind"].eq("problem"), frame["kind"].eq("improvement")
    coded = frame[frame["code"].notna()]
    # Without any code in the report its themes are unknown, not none.
    uncoded = frame.loc[is_problem & frame["code"].isna(), "report"].unique()
    pairs = coded[["report", "kind", "code"]].drop_duplicates()
    problems = pairs[pairs["kind"].eq("problem")]
    answered = problems.merge(pairs[pairs["kind"].eq("improvement")], on=["report", "code"])
    counts = {
        "problems_named": frame[is_problem],
        "improvements_named": frame[is_improvement],
        "statements_named": frame,
        "themes_named": problems,
        "themes_answered": answered,
        "improvements_planned": frame[is_improvement & frame["progress"].eq("planned")],
        "improvements_told": frame[is_improvement & frame["progress"].isin(["planned", "done"])],
    }
    known = reports.isin(frame["report"].unique()) | told.eq(0).to_numpy()
    result = {}
    for name, rows in counts.items():
        number = rows["report"].value_counts().reindex(reports, fill_value=0).to_numpy(dtype=float)
        lost = ~known | (reports.isin(uncoded) if name.startswith("themes") else False)
        result[name] = np.where(lost, np.nan, number)
    shares = frame[["reuse_self", "reuse_peer"]].apply(pd.to_numeric).astype(float)
    for name, mean in shares.groupby(frame["report"]).mean().items():
        result[str(name)] = mean.reindex(reports).to_numpy(dtype=float)
    return result


def publication_measures(reports: pd.DataFrame, deadlines: Mapping[str, tuple[int, int]]) -> dict[str, np.ndarray]:
    """Tell how long after its year a report was published, and whether in time.

    Parameters
    ----------
    reports : DataFrame
        report, published, year, agency_type.
    deadlines : mapping
        (month, day) by agency type, for reports of 2019 and later; before,
        31 March for every type named.

    Returns
    -------
    dict of arrays
        publication_date, days_to_publication, published_on_time,
        reconsideration_first. A date before the end of the year or more than
        fifteen months after it is of an upload or a move: missing.

    Examples
    --------
    >>> reports = pd.DataFrame({"report": ["a", "b"], "published": ["2024-01-31", "2024-02-01"], "year": 2023,
    ...                         "agency_type": "department"})
    >>> publication_measures(reports, {"department": (1, 31)})["published_on_time"].tolist()
    [1.0, 0.0]
    """
    absent = pd.Series(pd.NA, index=reports.index)
    year = pd.to_numeric(reports["year"]).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    date = pd.to_datetime(reports.get("published", absent), errors="coerce", format="ISO8601").dt.tz_localize(None)
    end = pd.to_datetime(pd.Series(_day(year, 12, 31), index=reports.index), errors="coerce")
    days = (date.dt.normalize() - end).dt.days.to_numpy(dtype=float)
    latest = pd.to_datetime(pd.Series(_day(year + 2, 3, 31), index=reports.index), errors="coerce")
    days = np.where((days >= 0) & (date <= latest + pd.Timedelta(days=1)).to_numpy(), days, np.nan)
    limit = [
        (3, 31) if kind in deadlines and y < 2019 else deadlines.get(kind, (np.nan, np.nan))
        for kind, y in zip(reports.get("agency_type", absent).fillna(""), year)
    ]
    deadline = pd.to_datetime(
        pd.Series([_one_day(y + 1, *pair) for y, pair in zip(year, limit)], index=reports.index), errors="coerce"
    )
    allowed = (deadline - end).dt.days.to_numpy(dtype=float)
    known = ~np.isnan(days) & ~np.isnan(allowed)
    return {
        "publication_date": date.where(~np.isnan(days)).to_numpy(),
        "days_to_publication": days,
        "published_on_time": np.where(known, days <= allowed, np.nan),
        "reconsideration_first": np.where(np.isnan(year), np.nan, year >= 2024),
    }


def _day(years: np.ndarray, month: int, day: int) -> list[str | None]:
    return [_one_day(year, month, day) for year in years]


def _one_day(year: float, month: float, day: float) -> str | None:
    return None if np.isnan(year + month) else f"{int(year)}-{int(month):02d}-{int(day):02d}"
