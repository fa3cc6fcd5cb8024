"""The tests that assume independent reports, shown beside the stratified ones and never instead of them.

With level effects and histories that persist they reject a true null in up to
60 % of runs instead of 5 % (`benchmarks/inference.py` measures it).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats


def naive_result(values: np.ndarray, kind: str, themes: np.ndarray) -> list[tuple[float, float, str]]:
    """What a test over all reports as if independent would say; never to be relied on.

    Parameters
    ----------
    values : ndarray, shape (n,)
        The indicator, NaN where missing.
    kind : {"binary", "numeric", "theme", "category"}
        Decides the test: Fisher's exact, Mann–Whitney, or chi-square.
    themes : ndarray, shape (n, themes)
        1 where the report names the theme.

    Returns
    -------
    list of (effect, p, test)
        One for each theme: odds ratio, Cliff's delta, phi or V over all reports.

    Examples
    --------
    >>> y, x = np.arange(8.0), np.array([[0, 0, 0, 0, 1, 1, 1, 1.0]]).T
    >>> effect, p, test = naive_result(y, "numeric", x)[0]
    >>> float(effect), round(float(p), 3), test
    (1.0, 0.03, 'Mann–Whitney')
    """
    seen = np.isfinite(values)
    values, themes = values[seen], themes[seen]
    if kind == "numeric":
        return _mann_whitney(values, themes)
    if kind == "category":
        return [_chi_square(values, x) for x in themes.T]
    return [_fisher(values, x, kind) for x in themes.T]


def _mann_whitney(values: np.ndarray, themes: np.ndarray) -> list[tuple[float, float, str]]:
    rank, n = stats.rankdata(values), len(values)
    ties = np.unique(values, return_counts=True)[1].astype(float)
    m = themes.sum(axis=0)
    u = rank @ themes - m * (m + 1) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(m * (n - m) / 12 * ((n + 1) - (ties**3 - ties).sum() / (n * (n - 1))))
        z = (np.abs(u - m * (n - m) / 2) - 0.5) / spread
        effect = 2 * u / (m * (n - m)) - 1
    return [(e, p, "Mann–Whitney") for e, p in zip(effect, np.minimum(1.0, 2 * stats.norm.sf(z)), strict=True)]


def _fisher(values: np.ndarray, named: np.ndarray, kind: str) -> tuple[float, float, str]:
    table = np.array([[np.sum((named == i) & (values == j)) for j in (1, 0)] for i in (1, 0)])
    ratio, p = stats.fisher_exact(table)
    effect = np.corrcoef(values, named)[0, 1] if kind == "theme" else ratio
    return float(effect), float(p), "Fisher"


def _chi_square(values: np.ndarray, named: np.ndarray) -> tuple[float, float, str]:
    table = pd.crosstab(values, named).to_numpy()
    chi2, p = stats.chi2_contingency(table, correction=False)[:2]
    return float(np.sqrt(chi2 / len(values))), float(p), "chi-square"
