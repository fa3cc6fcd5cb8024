"""The rows of an association table: who is compared, the effect, its interval and p, and why a row is empty."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.analysis.categories import category_association
from toolkit.analysis.effects import Measure
from toolkit.analysis.estimates import Estimates, Task
from toolkit.analysis.naive import naive_result

#: Agencies on a side below which a row stays empty, and below which it carries a warning.
TOO_FEW, FEW = 5, 15
EFFECTS = {"binary": "odds_ratio", "numeric": "cliffs_delta", "theme": "phi", "category": "cramers_v"}
COUNTS = ("n", "n_with", "n_without", "agencies_with", "agencies_without", "strata")
COLUMNS = [
    *("theme", "indicator", "part", "effect_name", "effect", "low", "high", *COUNTS, "p", "q", "method"),
    *("warning", "reason", "risk_difference", "risk_low", "risk_high"),
    *("corrected_name", "corrected_effect", "corrected_low", "corrected_high", "n_hand_coded"),
    *("naive_effect", "naive_p", "naive_test", "simulated"),
]

TEXTS = ("part", "method", "warning", "reason", "corrected_name", "naive_test")


def compared_rows(task: Task, measures: Sequence[Measure]) -> pd.DataFrame:
    """Rows for indicators that vary among peers: binary, numeric, and other themes.

    Parameters
    ----------
    task : Task
        Reports, themes, settings.
    measures : sequence of Measure
        What to compare.

    Returns
    -------
    DataFrame
        Columns of `correlate`, q not yet filled.

    Examples
    --------
    See `correlate`.
    """
    rows = {m.indicator: _frame(task, m, task.panel.stratum) for m in measures}
    usable = [m for m in measures if rows[m.indicator]["reason"].isna().any()]
    if usable:
        found = Estimates(task, usable)
        for j, measure in enumerate(usable):
            rows[measure.indicator] = _filled(task, rows[measure.indicator], measure, found, j)
    return pd.concat(list(rows.values()), ignore_index=True) if rows else pd.DataFrame(columns=COLUMNS)


def category_rows(task: Task, measure: Measure) -> pd.DataFrame:
    """Rows for a category of the report, such as its level or year.

    Parameters
    ----------
    task : Task
        Reports, themes, settings.
    measure : Measure
        The category.

    Returns
    -------
    DataFrame
        Columns of `correlate`, q not yet filled.

    Examples
    --------
    See `correlate`.
    """
    frame = _frame(task, measure, np.zeros(len(measure.values), dtype=int))
    if frame["reason"].notna().all():
        return frame
    found = category_association(
        task.panel, measure.values, task.named, task.n_permutations, task.n_bootstrap, task.seed
    )
    full = frame["reason"].isna().to_numpy()
    for name, values in found.items():
        frame.loc[full, name] = values[full]
    whom = "each body's years reordered" if measure.indicator == "year" else "histories exchanged among all bodies"
    return _with_naive(task, frame.assign(method=f"{task.n_permutations} permutations, {whom}"), measure)


def _frame(task: Task, measure: Measure, stratum: np.ndarray) -> pd.DataFrame:
    """Counts, reasons and warnings; the figures themselves still missing."""
    counts, varies = _counts(task, measure, stratum)
    frame = pd.DataFrame({"theme": pd.Series(task.codes, dtype="object"), **counts})
    frame = frame.assign(
        indicator=measure.indicator,
        part=measure.part or pd.NA,
        effect_name=EFFECTS[measure.kind],
        simulated=bool(task.panel.frame["simulated"].astype("boolean").fillna(False).any()),
    )
    frame["reason"] = [_reason(row, measure, v) for row, v in zip(frame.itertuples(), varies, strict=True)]
    frame["warning"] = [_warning(row, task.notes) for row in frame.itertuples()]
    return frame.reindex(columns=COLUMNS).astype(dict.fromkeys(TEXTS, "object"))


def _counts(task: Task, measure: Measure, stratum: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    seen = np.isfinite(measure.values)
    named = task.named[seen]
    code = np.unique(stratum[seen], return_inverse=True)[1]
    per_stratum = _adder(code)
    m, n = per_stratum @ named, per_stratum @ np.ones((len(named), 1))
    both = (m > 0) & (m < n)
    inside = both[code] if len(code) else np.zeros(named.shape, dtype=bool)
    per_unit = _adder(task.panel.unit[seen])
    with_theme, without = per_unit @ (inside * named), per_unit @ (inside * (1 - named))
    values = pd.Series(measure.values[seen]).groupby(code).transform("nunique").to_numpy() > 1
    counts = {
        "n": np.full(named.shape[1], len(named)),
        "n_with": named.sum(axis=0).astype(int),
        "n_without": (1 - named).sum(axis=0).astype(int),
        "agencies_with": (with_theme > 0).sum(axis=0),
        "agencies_without": (without > 0).sum(axis=0),
        "strata": both.sum(axis=0),
    }
    return counts, (inside & values[:, None]).any(axis=0)


def _adder(code: np.ndarray) -> sparse.csr_array:
    shape = (code.max(initial=-1) + 1, len(code))
    return sparse.csr_array((np.ones(len(code)), (code, np.arange(len(code)))), shape=shape)


def _reason(row, measure: Measure, varies: bool) -> object:
    held = measure.values[np.isfinite(measure.values)]
    if measure.kind == "theme" and row.theme == measure.indicator:
        return "the theme itself"
    if len(held) == 0:
        return "no report compared has a value of the indicator"
    if held.min() == held.max():
        return "the indicator does not vary"
    if row.n_with == 0:
        return "no report names the theme"
    if row.n_without == 0:
        return "every report names the theme"
    if row.strata == 0:
        return "peers never differ in naming the theme"
    if not varies:
        return "the indicator does not vary among peers"
    if min(row.agencies_with, row.agencies_without) < TOO_FEW:
        side, k = min(("with", row.agencies_with), ("without", row.agencies_without), key=lambda s: s[1])
        return f"only {k} agencies {side} the theme have peers to compare ({TOO_FEW} needed)"
    return pd.NA


def _warning(row, notes: Sequence[str]) -> object:
    if pd.notna(row.reason):
        return pd.NA
    few = min(row.agencies_with, row.agencies_without)
    own = [f"only {few} agencies on a side"] if few < FEW else []
    return "; ".join([*own, *notes]) or pd.NA


def _filled(task: Task, frame: pd.DataFrame, measure: Measure, found: Estimates, j: int) -> pd.DataFrame:
    full = frame["reason"].isna().to_numpy()
    for name, values in found.columns(j, measure).items():
        frame.loc[full, name] = values[full]
    how = f"{task.n_permutations} permutations of histories within {task.peers}; bootstrap of"
    methods = pd.Series([f"{how} {w}" for w in found.resampled(j)])
    unbounded = full & frame["low"].isna()
    frame["warning"] = frame["warning"].mask(unbounded, "complete separation, no interval")
    return _with_naive(task, frame.assign(method=methods.where(full)), measure)


def _with_naive(task: Task, frame: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    full = np.flatnonzero(frame["reason"].isna())
    for k, found in zip(full, naive_result(measure.values, measure.kind, task.named[:, full]), strict=True):
        frame.loc[k, ["naive_effect", "naive_p", "naive_test"]] = list(found)
    return frame
