"""Which problems go with which disclosure figures: one estimand for effect, interval and p.

Larger bodies receive more applications and also write longer chapters that name
more problems. A test over all reports as if they were independent finds that
again and again; here every body is compared with its peers (same level, same
parent government, same year), and what such a naive test would have said stands
in columns of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from scipy import stats

from toolkit.analysis.inference.comparison import COLUMNS, TEXTS, Row, category_rows, compared_rows
from toolkit.analysis.inference.estimates import Task
from toolkit.analysis.inference.measures import ABOUT, choose_measures, default_indicators, kind_of
from toolkit.analysis.inference.misclassification import hand_labels
from toolkit.analysis.inference.presence import one_series, presence, with_problems_read
from toolkit.analysis.inference.strata import build_panel, joined
from toolkit.errors import InputError


def correlate(
    statements: pd.DataFrame,
    indicators: pd.DataFrame,
    reports: pd.DataFrame | None = None,
    *,
    theme: str = "code",
    kind: str = "problem",
    themes: Sequence[object] | None = None,
    indicators_used: Sequence[str] | None = None,
    kinds: Mapping[str, str] | None = None,
    strata: Sequence[str] = ("level", "parent_id"),
    year_strata: bool = True,
    scopes: str | Sequence[str] | None = None,
    forms: str | Sequence[str] | None = None,
    family: str = "all",
    hand_coded: pd.DataFrame | None = None,
    n_permutations: int = 2000,
    n_bootstrap: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Relate every theme to every indicator, among peers.

    A report has a theme if one of its statements names it. Reports whose chapter
    five is absent, unread or names no problem are not compared.

    Parameters
    ----------
    statements : DataFrame
        The frame ``statements``: report, kind and the column named by `theme`.
    indicators : DataFrame
        One row per report: report, agency_id, parent_id, level, year and indicators.
    reports : DataFrame, optional
        The frame ``reports``, for panel columns that `indicators` lacks.
    theme : {"code", "cluster"}
        Column of `statements` that holds the theme; second codes do not count.
    kind : {"problem", "improvement"}
        Statements that count.
    themes : sequence, optional
        Themes to relate, by default all, the most frequent first.
    indicators_used : sequence of str, optional
        Columns of `indicators`; also ``level`` or ``year``, and themes themselves.
        By default the rates of applications and disputes, and columns of your own.
    kinds : mapping, optional
        Column to "binary", "numeric", "count" or "category", where codebook or values mislead.
    strata : sequence of str
        Columns within which bodies are peers and change places.
    year_strata : bool
        Compare within the same year only.
    scopes, forms : "all", or sequence of str, optional
        Scopes and forms to keep. Several are compared each within itself.
    family : {"all", "theme", "indicator"}
        Rows over which q controls the false discovery rate.
    hand_coded : DataFrame, optional
        Random sample of reports coded by hand: report (or statement), code, probability.
    n_permutations, n_bootstrap : int
        Permutations for p, samples for intervals.
    seed : int
        Seed of both.

    Returns
    -------
    DataFrame
        One row per theme and indicator (a count has two parts, ``_any`` and
        ``_positive``, as indicators of their own). effect with its 95 % interval
        low, high: Mantel–Haenszel odds_ratio (binary), stratified cliffs_delta
        (numeric), phi (another theme), bias-corrected cramers_v (level, year).
        n, n_with, n_without: reports; agencies_with, agencies_without: bodies on each
        side among the strata with both sides, whose number is strata. p:
        permutation of whole agency histories; q: Benjamini–Hochberg. reason:
        why a row is empty; warning: what to mind. risk_difference with risk_low,
        risk_high: for binary indicators. corrected_*: allowing for the coder's
        errors, beside risk_difference or cliffs_delta (corrected_name). naive_*:
        all reports as if independent. ``attrs`` has left_out and the settings.

    Raises
    ------
    InputError
        Several scopes or forms without being told; lacking columns; no report left.

    Notes
    -----
    Say "agencies that name X", never "agencies that have X". Sources: see
    `toolkit.analysis.inference.effects`, `toolkit.analysis.inference.permutation` and
    `toolkit.analysis.inference.misclassification`; q after Benjamini & Hochberg (1995).

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> rows = [(f"{p}{a:02}/{y}", f"{p}{a:02}", p, y) for p in "pqr" for a in range(20) for y in (2022, 2023)]
    >>> rates = pd.DataFrame(rows, columns=["report", "agency_id", "parent_id", "year"]).assign(level="county")
    >>> short = rng.random(60).repeat(2) < 0.5
    >>> rates["disclosure_rate"] = rng.normal(0.6, 0.1, 120) - 0.1 * short
    >>> named = [("staffing" if s else "training") for s in short]
    >>> statements = pd.DataFrame({"report": rates["report"], "kind": "problem", "code": named})
    >>> result = correlate(statements, rates, themes=["staffing"], n_permutations=999)
    >>> print(result[["theme", "indicator", "effect", "low", "high", "p", "strata"]].round(2).to_string(index=False))
       theme       indicator  effect   low  high   p  strata
    staffing disclosure_rate   -0.55 -0.71 -0.34 0.0       6
    """
    _check(family, n_permutations, n_bootstrap)
    frame, left_out = with_problems_read(joined(indicators, reports), statements, kind)
    frame, notes, apart = _one_kind(_with_figures(frame, indicators_used, left_out), scopes, forms, left_out)
    labels = None if hand_coded is None else hand_labels(hand_coded, statements[statements["kind"] == kind])
    peers = [*strata, *(c for c in apart if c == "scope")]
    panel = build_panel(frame, peers, year_strata, [c for c in apart if c == "form"])
    codes, named = presence(statements, panel.frame["report"], theme, kind, themes)
    measures = choose_measures(panel.frame, indicators_used, kinds, codes, named)
    numbers = (n_permutations, n_bootstrap, seed, " × ".join(peers), notes, labels)
    rows = compared_rows(Task(panel, codes, named, *numbers), [m for m in measures if m.kind != "category"])
    categories = [m.indicator for m in measures if m.kind == "category"]
    if categories:
        wide = build_panel(frame, ["level"], year_strata)
        named = presence(statements, wide.frame["report"], theme, kind, codes)[1]
        found = choose_measures(wide.frame, categories, dict.fromkeys(categories, "category"), codes, named)
        rows += [row for m in found for row in category_rows(Task(wide, codes, named, *numbers), m)]
    result = _finished(rows, codes, [m.indicator for m in measures], family)
    settings = {"seed": seed, "n_permutations": n_permutations, "n_bootstrap": n_bootstrap, "family": family}
    result.attrs.update(left_out=left_out | panel.left_out, settings=settings)
    return result


def _check(family: str, n_permutations: int, n_bootstrap: int) -> None:
    if family not in ("all", "theme", "indicator"):
        raise InputError(f"family: {family!r}", 'choose "all", "theme" or "indicator"')
    if n_permutations < 99 or n_bootstrap < 99:
        raise InputError("fewer than 99 permutations or samples", "1000 and more give stable figures")


def _with_figures(frame: pd.DataFrame, used: Sequence[str] | None, left_out: dict[str, int]) -> pd.DataFrame:
    """Drop reports without any of the figures: their form and scope are nobody's concern."""
    if not len(frame):
        raise InputError("no report names a problem", "code the statements, or look at reports.problems_status")
    columns = [used] if isinstance(used, str) else (default_indicators(frame) if used is None else used)
    figures = [c for c in columns if c in frame.columns and c not in ABOUT and kind_of(c, frame[c]) != "category"]
    if not figures:
        return frame
    some = frame[figures].notna().any(axis=1)
    left_out["no figure of the indicators"] = int((~some).sum())
    if not some.any():
        raise InputError("no report that names a problem has a figure of the indicators", "join on the same reports")
    return frame[some]


def _one_kind(
    frame: pd.DataFrame,
    scopes: str | Sequence[str] | None,
    forms: str | Sequence[str] | None,
    left_out: dict[str, int],
) -> tuple[pd.DataFrame, tuple[str, ...], list[str]]:
    notes, apart = [], []
    for column, wanted in (("scope", scopes), ("form", forms)):
        before = len(frame)
        frame, note, several = one_series(frame, column, wanted)
        left_out[f"{column} not wanted"] = before - len(frame)
        notes += [note] if note else []
        apart += [column] if several else []
    copies = frame["duplicate_of"].notna()
    left_out["duplicate of another report"] = int(copies.sum())
    return frame[~copies], tuple(notes), apart


def _finished(rows: list[Row], codes: list, names: list[str], family: str) -> pd.DataFrame:
    """Order the rows, adjust p inside the family, settle the types."""
    order = {c: i for i, c in enumerate(codes)}, {c: i for i, c in enumerate(names)}
    result = pd.DataFrame(sorted(rows, key=lambda r: (order[0][r["theme"]], order[1][r["indicator"]])), columns=COLUMNS)
    figures = result.columns[result.columns.str.contains("effect$|low$|high$|^[pq]$|_p$|difference$")]
    kinds = dict.fromkeys(TEXTS, "string") | dict.fromkeys(figures, "float64") | {"n_hand_coded": "Int64"}
    result = result.astype(kinds)
    groups = pd.Series(0, index=result.index) if family == "all" else result[family].astype(str)
    for _, rows in result[result["p"].notna()].groupby(groups).groups.items():
        result.loc[rows, "q"] = stats.false_discovery_control(result.loc[rows, "p"])
    return result
