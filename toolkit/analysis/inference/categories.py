"""Themes against a category of the report: level, type, province, or year.

Within level × parent the level does not vary, so these are compared over all
bodies: bias-corrected Cramér's V, its p by exchanging whole histories among all
bodies (against year: by reordering each body's own years), its interval by
resampling bodies within each level.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from toolkit.analysis.inference.bootstrap import drawn_weights
from toolkit.analysis.inference.effects import chi_square_share, cramers_v
from toolkit.analysis.inference.permutation import shuffled_reports
from toolkit.analysis.inference.strata import Panel


def category_association(
    panel: Panel, codes: np.ndarray, themes: np.ndarray, n_permutations: int, n_bootstrap: int, seed: int
) -> dict[str, np.ndarray]:
    """Cramér's V of every theme with one category.

    Parameters
    ----------
    panel : Panel
        The reports.
    codes : ndarray, shape (n,)
        Category of each report from 0, NaN where missing.
    themes : ndarray, shape (n, themes)
        1 where the report names the theme.
    n_permutations, n_bootstrap, seed : int
        As in `correlate`.

    Returns
    -------
    dict
        effect, low, high, p: arrays of shape (themes,). The interval is that of
        the resampled values moved to the corrected estimate.

    Examples
    --------
    >>> import pandas as pd
    >>> from toolkit.analysis.inference.strata import build_panel
    >>> frame = pd.DataFrame({"report": [f"{i:02}" for i in range(40)], "agency_id": [f"{i:02}" for i in range(40)],
    ...                       "parent_id": "p", "level": ["county", "township"] * 20, "year": 2023})
    >>> panel = build_panel(frame)
    >>> code = (panel.frame["level"] == "county").to_numpy(dtype=float)
    >>> result = category_association(panel, code, code[:, None], 99, 99, seed=0)
    >>> result["effect"].round(2).tolist(), result["p"].tolist()
    ([1.0], [0.01])
    """
    seen = np.isfinite(codes)
    kinds, code = np.unique(codes[seen], return_inverse=True)
    member = np.zeros((len(kinds), len(codes)))
    member[code, np.flatnonzero(seen)] = 1.0
    sizes = member.sum(axis=1)
    share = chi_square_share(member @ themes, sizes[:, None])
    sources = _sources(panel, codes, n_permutations, seed)
    permuted = np.stack([chi_square_share(member @ themes[s], sizes[:, None]) for s in sources])
    effect = cramers_v(share, float(seen.sum()), len(kinds))
    low, high = _interval(panel, member, themes, share, n_bootstrap, seed)
    return {"effect": effect, "low": low, "high": high, "p": _upper_p(share, permuted)}


def _sources(panel: Panel, codes: np.ndarray, n: int, seed: int) -> Iterator[np.ndarray]:
    if not told_by_year(panel, codes):
        return shuffled_reports(panel, n, seed, within=np.zeros(len(panel.block), dtype=int))
    return _reordered_years(panel, n, seed)


def told_by_year(panel: Panel, codes: np.ndarray) -> bool:
    """Whether the year decides the category, as it does for year itself and mostly for the form.

    Parameters
    ----------
    panel : Panel
        The reports.
    codes : ndarray, shape (n,)
        Category of each report, NaN where missing.

    Returns
    -------
    bool

    Examples
    --------
    >>> import pandas as pd
    >>> from toolkit.analysis.inference.strata import build_panel
    >>> frame = pd.DataFrame({"report": list("abcd"), "agency_id": list("xxyy"), "parent_id": "p", "level": "county",
    ...                       "year": [2022, 2023] * 2})
    >>> told_by_year(build_panel(frame), np.array([0.0, 0, 1, 1])), told_by_year(build_panel(frame), np.array([0.0, 1, 0, 1]))
    (True, False)
    """  # noqa: E501
    seen = np.isfinite(codes)
    pairs = np.unique(np.column_stack([panel.time[seen], codes[seen]]), axis=0)
    return len(pairs) == len(np.unique(pairs[:, 0])) and len(pairs) > 1


def _reordered_years(panel: Panel, n: int, seed: int) -> Iterator[np.ndarray]:
    home = np.argsort(panel.unit, kind="stable")
    rng = np.random.default_rng([seed, 3])
    for _ in range(n):
        source = np.empty_like(home)
        source[home] = np.lexsort((rng.random(len(home)), panel.unit))
        yield source


def _upper_p(observed: np.ndarray, permuted: np.ndarray) -> np.ndarray:
    far = (np.nan_to_num(permuted) >= observed - 1e-9).sum(axis=0)
    return np.where(np.isfinite(observed), (1 + far) / (len(permuted) + 1), np.nan)


def _interval(
    panel: Panel, member: np.ndarray, themes: np.ndarray, share: np.ndarray, n: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    level = np.zeros(len(panel.block), dtype=int)
    level[panel.unit] = panel.frame.groupby("level", dropna=False).ngroup().to_numpy()
    reports, kinds = member.sum(), len(member)
    drawn = []
    for weights in drawn_weights(level, n, seed):
        weighted = member * weights[panel.unit]
        drawn.append(chi_square_share(weighted @ themes, weighted.sum(axis=1)[:, None]))
    sample = np.stack(drawn)
    centred = sample - np.nanmean(sample, axis=0) + share
    values = cramers_v(np.where(np.isfinite(centred), centred, share), reports, kinds)
    low, high = np.quantile(values, [0.025, 0.975], axis=0)
    return low, np.minimum(high, 1.0)
