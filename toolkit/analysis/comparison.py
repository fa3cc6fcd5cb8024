"""The rows of an association table: who is compared, the effect, its interval and p, and why a row is empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.analysis.bootstrap import Samples, resample
from toolkit.analysis.categories import category_association
from toolkit.analysis.effects import Design, Measure, build_design, moments
from toolkit.analysis.misclassification import estimated_presence
from toolkit.analysis.naive import naive_result
from toolkit.analysis.permutation import permuted_effects, quotient, two_sided_p
from toolkit.analysis.strata import Panel

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


@dataclass(frozen=True)
class Task:
    """Reports, themes and settings that all rows share.

    Attributes
    ----------
    panel : Panel
        Reports compared.
    codes : list
        Themes.
    named : ndarray, shape (n, themes)
        1 where the report names the theme.
    n_permutations, n_bootstrap, seed : int
        As in `correlate`.
    peers : str
        What makes bodies peers, for the column ``method``.
    notes : tuple of str
        Warnings that hold for every row.
    labels : DataFrame, optional
        Hand-coded sample.
    """

    panel: Panel
    codes: list
    named: np.ndarray
    n_permutations: int
    n_bootstrap: int
    seed: int
    peers: str
    notes: tuple[str, ...] = ()
    labels: pd.DataFrame | None = None


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
        design = build_design(usable, task.panel.stratum)
        root = np.array([m.kind == "theme" for m in usable])
        binary = np.flatnonzero([m.kind == "binary" for m in usable])
        whole = np.flatnonzero(root)
        drawn = resample(task.panel, design, task.named, task.n_bootstrap, task.seed, binary, whole)
        own = {int(j): task.codes.index(usable[j].indicator) for j in whole}
        results = _effects(design, task.named, own, binary, drawn)
        results["p"] = _p_values(task, design, root)
        results |= _corrected(task, design, root)
        for j, measure in enumerate(usable):
            rows[measure.indicator] = _filled(task, rows[measure.indicator], measure, j, results, drawn)
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


def _effects(
    design: Design, named: np.ndarray, own: dict[int, int], binary: np.ndarray, drawn: Samples
) -> dict[str, np.ndarray]:
    """effect, low, high and the risk difference's, each of shape (measures, themes)."""
    numerator, denominator = moments(design, named)
    plain = _ratio(numerator[None], denominator[None], own)[0]
    low, high = percentiles(_ratio(drawn.numerator, drawn.denominator, own))
    results = {"effect": plain.copy(), "low": low.copy(), "high": high.copy()}
    with np.errstate(invalid="ignore", divide="ignore"):
        results["effect"][binary] = 1 + numerator[binary] / drawn.observed_odds[binary]
        odds_samples = 1 + drawn.numerator[:, binary] / drawn.odds[:, binary]
    results["low"][binary], results["high"][binary] = percentiles(odds_samples)
    for name, values in (("difference", plain), ("low", low), ("high", high)):
        results[f"risk_{name}"] = np.full_like(plain, np.nan)
        results[f"risk_{name}"][binary] = values[binary]
    return results


def _ratio(numerator: np.ndarray, denominator: np.ndarray, own: dict[int, int] | None = None) -> np.ndarray:
    """Effects of shape (samples, measures, themes); `own` gives each other theme its column, for phi."""
    divisor = np.where(denominator > 1e-9, denominator, np.nan)
    for j, column in (own or {}).items():
        divisor[:, j] = np.sqrt(divisor[:, j] * divisor[:, j, [column]])
    return numerator / divisor


def percentiles(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """2.5 % and 97.5 % points over the first axis; infinite odds ratios stay infinite.

    Parameters
    ----------
    samples : ndarray, shape (n, ...)
        Effects in bootstrap samples; NaN where a sample compares nothing.

    Returns
    -------
    low, high : ndarray
        NaN where fewer than half of the samples have a value.

    Examples
    --------
    >>> low, high = percentiles(np.arange(1000.0)[:, None])
    >>> low.item(), high.item()
    (24.0, 974.0)
    """
    ordered = np.sort(samples, axis=0)
    held = np.isfinite(samples).sum(axis=0) + np.isinf(samples).sum(axis=0)
    bounds = []
    for share in (0.025, 0.975):
        place = np.clip(np.ceil(share * held) - 1, 0, None).astype(int)
        value = np.take_along_axis(ordered, place[None], axis=0)[0]
        bounds.append(np.where(held * 2 >= len(samples), value, np.nan))
    return bounds[0], bounds[1]


def _p_values(task: Task, design: Design, root: np.ndarray) -> np.ndarray:
    observed = quotient(*moments(design, task.named), root)
    permuted = permuted_effects(task.panel, design, task.named, root, task.n_permutations, task.seed)
    return two_sided_p(observed, permuted)


def _corrected(task: Task, design: Design, root: np.ndarray) -> dict[str, np.ndarray]:
    if task.labels is None:
        return {}
    reports = task.panel.frame["report"]
    presence, n = estimated_presence(task.labels, reports, task.codes, task.named)
    drawn = resample(task.panel, design, presence, task.n_bootstrap, task.seed)
    low, high = percentiles(_ratio(drawn.numerator, drawn.denominator))
    effect = quotient(*moments(design, presence), np.zeros_like(root))
    hidden = np.where(root, np.nan, 1.0)[:, None]
    return {
        "corrected_effect": effect * hidden,
        "corrected_low": low * hidden,
        "corrected_high": high * hidden,
        "n_hand_coded": np.full(effect.shape, n) * hidden,
    }


def _filled(
    task: Task, frame: pd.DataFrame, measure: Measure, j: int, results: dict[str, np.ndarray], drawn: Samples
) -> pd.DataFrame:
    full = frame["reason"].isna().to_numpy()
    for name, values in results.items():
        frame.loc[full, name] = values[j][full]
    if "corrected_effect" in results and measure.kind != "theme":
        frame.loc[full, "corrected_name"] = "risk_difference" if measure.kind == "binary" else "cliffs_delta"
    whom = [f"{k} parents" if b else "bodies within parents" for k, b in zip(drawn.parents[j], drawn.by_parent[j])]
    how = f"{task.n_permutations} permutations of histories within {task.peers}; bootstrap of"
    methods = pd.Series([f"{how} {w}" for w in whom])
    return _with_naive(task, frame.assign(method=methods.where(full)), measure)


def _with_naive(task: Task, frame: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    full = np.flatnonzero(frame["reason"].isna())
    for k, found in zip(full, naive_result(measure.values, measure.kind, task.named[:, full]), strict=True):
        frame.loc[k, ["naive_effect", "naive_p", "naive_test"]] = list(found)
    return frame
