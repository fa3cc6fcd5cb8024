"""Disclosure indicators: the rates, logs, counts and flags of every report.

Each indicator is a row of ``indicators.csv`` with its formula, numerator,
denominator and source cells: a new indicator is a new row there. Counts are
sums of cells, rates are ratios of counts, so that the codebook says exactly
what was divided by what.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Protocol

import numpy as np
import pandas as pd

from toolkit.analysis.cells import cell_table, evaluate, state_counts
from toolkit.analysis.chapter import IDENTITY_RULES, chapter_measures, form_measures, publication_measures
from toolkit.errors import FormError, InputError

PANEL = (
    *("report", "agency_id", "parent_id", "agency_type", "sector", "level", "province", "city", "county"),
    *("year", "scope", "form", "simulated"),
)
SCOPES = ("own", "level", "territory")
# 条例 (2019) art. 49: departments 31 January, governments 31 March; it names no date for
# townships, subdistricts and zones, which get the later one. 条例 (2007) art. 31: 31 March for all.
DEADLINES: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("department", "government_office", "vertical"), (1, 31)),
    **dict.fromkeys(("government", "township_government", "subdistrict_office", "zone"), (3, 31)),
}


class Frames(Protocol):
    """Anything that carries the frames that indicators are computed from."""

    reports: pd.DataFrame
    statistics: pd.DataFrame
    findings: pd.DataFrame
    sections: pd.DataFrame
    statements: pd.DataFrame


@cache
def _table() -> pd.DataFrame:
    with resources.files("toolkit.analysis").joinpath("indicators.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False)


def indicator_table() -> pd.DataFrame:
    """Return the codebook of the indicators.

    Returns
    -------
    DataFrame
        name, label_zh, label_en, kind (count, rate, log, flag, date), unit,
        formula, numerator, denominator, source_cells (joined by ``;``),
        forms (both, 2019, 2021, all: does not come from the form), note.
        The numerator of a count is a sum of cells, those of the other kinds
        are sums of counts.

    Examples
    --------
    >>> table = indicator_table().set_index("name")
    >>> table.loc["disclosure_rate", ["label_zh", "formula"]].tolist()
    ['公开率', '(granted + partly_granted) / outcomes_total']
    """
    return _table().copy()


def indicators(
    corpus: Frames,
    exclude_broken: bool = False,
    scopes: str | Sequence[str] | None = None,
    blanks: str = "missing",
    names: Sequence[str] | None = None,
    exclude_duplicates: bool = False,
    deadlines: Mapping[str, tuple[int, int]] | None = None,
) -> pd.DataFrame:
    """Compute the indicators of every report of a corpus.

    Blank is not zero: an indicator is missing when any cell it needs is. A
    rate with denominator 0 is missing, never 0; so is one whose denominator a
    contradictory report makes negative. Nothing is capped or repaired. The
    forms of 2019 and 2021 stand side by side: an indicator that only one form
    has is missing under the other (column ``forms`` of the codebook).

    Parameters
    ----------
    corpus : object with frames
        Its attributes reports, statistics, findings, sections and statements
        are the frames of those names.
    exclude_broken : bool
        Leave out reports in which an identity of the form is broken.
    scopes : str or sequence of str, optional
        Keep only these of own, level and territory. Reports whose scope is
        not told are kept only when this is not given.
    blanks : {"missing", "zero_if_balanced", "zero"}
        The treatment of blank cells and dashes, as in ``cell_table``.
    names : sequence of str, optional
        Only these indicators. Default: all of ``indicator_table()``.
    exclude_duplicates : bool
        Leave out reports that ``duplicate_of`` marks as copies of another.
    deadlines : mapping, optional
        Replaces the last day (month, day) of publication by agency type.

    Returns
    -------
    DataFrame
        One row per report: report, agency_id, parent_id, agency_type, sector,
        level, province, city, county, year, scope, form, simulated, then the
        indicators as float64 (flags 1, 0 or missing), ``publication_date`` as
        a timestamp. ``attrs["left_out"]`` says how many reports were left out
        and why.

    Raises
    ------
    FormError
        If an indicator in ``names`` is not known.
    InputError
        If ``blanks`` or ``scopes`` is none of the known ones, a report stands
        twice, or a frame lacks its columns.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> reports = pd.DataFrame({"report": ["a", "b"], "year": 2023, "form": "2021"})
    >>> cells = [("granted", 3), ("partly_granted", 1), ("outcomes_total", 8)]
    >>> statistics = pd.DataFrame([("a", "applications", item, "total", value, "reported") for item, value in cells],
    ...                           columns=["report", "part", "item", "category", "value", "state"])
    >>> corpus = SimpleNamespace(reports=reports, statistics=statistics)
    >>> indicators(corpus, names=["granted", "disclosure_rate"])[["report", "granted", "disclosure_rate"]]
      report  granted  disclosure_rate
    0      a      3.0              0.5
    1      b      NaN              NaN
    """
    wanted = _wanted(names)
    reports = _reports(corpus)
    kept, left_out = _kept(corpus, reports, exclude_broken, _scopes(scopes), exclude_duplicates)
    panel = pd.DataFrame({name: reports.get(name, pd.NA) for name in PANEL}, index=reports.index)[kept]
    source = _Source(corpus, reports[kept], blanks, {**DEADLINES, **(deadlines or {})})
    columns = _compute(source)
    frame = pd.concat([panel, pd.DataFrame({name: columns[name] for name in wanted}, index=panel.index)], axis=1)
    frame = frame.reset_index(drop=True)
    frame.attrs.update(blanks=blanks, left_out=left_out)
    return frame


def _wanted(names: Sequence[str] | None) -> list[str]:
    known = _table()["name"].tolist()
    for name in names or ():
        if name not in known:
            raise FormError(f"there is no indicator {name!r}", "a name of indicator_table()")
    return known if names is None else list(dict.fromkeys(names))


def _scopes(scopes: str | Sequence[str] | None) -> tuple[str, ...] | None:
    chosen = (scopes,) if isinstance(scopes, str) else None if scopes is None else tuple(scopes)
    for scope in chosen or ():
        if scope not in SCOPES:
            raise InputError(f"there is no scope {scope!r}", f"one of {', '.join(SCOPES)}")
    return chosen


def _reports(corpus: Frames) -> pd.DataFrame:
    reports = corpus.reports
    if missing := {"report", "year"} - set(reports.columns):
        raise InputError(f"the frame reports has no column {', '.join(sorted(missing))}", "the frame of read_corpus")
    if twice := reports.loc[reports["report"].duplicated(), "report"].tolist():
        raise InputError(
            f"report {twice[0]!r} stands {twice.count(twice[0]) + 1} times in reports", "one row per report"
        )
    return reports.reset_index(drop=True)


def _kept(
    corpus: Frames, reports: pd.DataFrame, exclude_broken: bool, scopes: tuple[str, ...] | None, duplicates: bool
) -> tuple[pd.Series, dict[str, int]]:
    out = {
        "broken": reports["report"].isin(_broken(corpus)) if exclude_broken else None,
        "scope": ~reports["scope"].isin(scopes).astype(bool) if scopes is not None else None,
        "duplicate": reports["duplicate_of"].notna() if duplicates and "duplicate_of" in reports else None,
    }
    kept, left_out = pd.Series(True, index=reports.index), {}
    for reason, mask in out.items():
        if mask is not None:
            left_out[reason] = int((kept & mask).sum())
            kept &= ~mask
    return kept, left_out


def _broken(corpus: Frames) -> pd.Series:
    findings = _frame(corpus, "findings")
    if findings is None:
        raise InputError("exclude_broken needs the frame findings", "check(corpus), or exclude_broken=False")
    return findings.loc[findings["rule"].isin(IDENTITY_RULES) & findings["verdict"].eq("broken"), "report"]


def _frame(corpus: Any, name: str) -> pd.DataFrame | None:
    frame = getattr(corpus, name, None)
    return frame if frame is not None and len(frame.columns) else None


class _Source:
    """The kept reports beside what their indicators are computed from."""

    def __init__(
        self, corpus: Frames, reports: pd.DataFrame, blanks: str, deadlines: Mapping[str, tuple[int, int]]
    ) -> None:
        self.corpus, self.reports, self.deadlines = corpus, reports, deadlines
        self.index = pd.Index(reports["report"])
        self.cells = cell_table(corpus.statistics, self.index, blanks)

    def given(self) -> dict[str, Any]:
        """Return the columns that are not sums of cells."""
        statements, sections, findings = (_frame(self.corpus, n) for n in ("statements", "sections", "findings"))
        return {
            **state_counts(self.corpus.statistics, self.index),
            **form_measures(findings, self.index),
            **chapter_measures(self.reports, sections, statements),
            **publication_measures(self.reports, self.deadlines),
        }


def _compute(source: _Source) -> dict[str, Any]:
    columns = source.given()
    for row in _table().itertuples():
        if row.name not in columns:
            columns[row.name] = _column(source, row, columns)
    return columns


def _column(source: _Source, row: Any, columns: dict[str, Any]) -> np.ndarray:
    if row.kind == "count":
        return evaluate(source.cells, row.numerator)
    top = combine(row.numerator, columns)
    if row.kind == "rate":
        return divide(top, combine(row.denominator, columns)) * (100.0 if row.unit.startswith("per 100") else 1.0)
    # A negative count is a contradiction of the source, which has no logarithm.
    return np.log1p(np.where(top >= 0, top, np.nan)) if row.kind == "log" else np.where(np.isnan(top), np.nan, top > 0)


def combine(expression: str, columns: Mapping[str, Any]) -> np.ndarray:
    """Add and subtract columns as an expression of the codebook says.

    Examples
    --------
    >>> combine("suits - suits_pending", {"suits": [5.0, 1.0], "suits_pending": [2.0, float("nan")]})
    array([ 3., nan])
    """
    signs = re.findall(r"([+-]?)\s*(\w+)", expression)
    return np.sum(
        [np.asarray(columns[name], dtype=float) * (-1.0 if sign == "-" else 1.0) for sign, name in signs], axis=0
    )


def divide(numerator: Any, denominator: Any) -> np.ndarray:
    """Divide, missing where the denominator is not above zero.

    Examples
    --------
    >>> divide([3.0, 0.0, 1.0], [4.0, 0.0, -1.0])
    array([0.75,  nan,  nan])
    """
    below = np.asarray(denominator, dtype=float)
    return np.asarray(numerator, dtype=float) / np.where(below > 0, below, np.nan)
