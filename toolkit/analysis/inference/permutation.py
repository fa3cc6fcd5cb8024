"""Permuted agency histories, for p.

Bodies of one block (level × parent government) change places,
each with its whole history of themes: persistence from year to year, copied
text and level effects stay as they are, only the tie to the body's own figures
is cut. Where bodies report in different years, a body that takes over a
history finds for a year the other has not the report nearest in time; with
equal years nothing is filled in and the test is exact.

Source: Winkler et al. (2014) for exchangeability blocks; Phipson & Smyth (2010) for p.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from toolkit.analysis.inference.effects import Design, spreads
from toolkit.analysis.inference.strata import Panel

_CELLS = 4_000_000


def shuffled_reports(panel: Panel, n: int, seed: int, within: np.ndarray | None = None) -> Iterator[np.ndarray]:
    """For each permutation, the report whose theme every report takes over.

    Parameters
    ----------
    panel : Panel
        The reports.
    n : int
        Permutations.
    seed : int
        Seed; the same permutations serve every theme and indicator.
    within : ndarray of int, shape (units,), optional
        Groups in which bodies change places, by default the blocks.

    Yields
    ------
    ndarray of int, shape (n,)

    Examples
    --------
    >>> import pandas as pd
    >>> from toolkit.analysis.inference.strata import build_panel
    >>> frame = pd.DataFrame({"report": list("abcd"), "agency_id": list("xxyy"), "parent_id": "p", "level": "county",
    ...                       "year": [2022, 2023] * 2})
    >>> sorted({tuple(p.tolist()) for p in shuffled_reports(build_panel(frame), 20, seed=0)})
    [(0, 1, 2, 3), (1, 0, 3, 2)]
    """
    block = panel.block if within is None else within
    home = np.argsort(block, kind="stable")
    rng = np.random.default_rng([seed, 1])
    place = np.empty_like(home)
    for _ in range(n):
        place[home] = np.lexsort((rng.random(len(block)), block))
        yield panel.donor[place[panel.unit], panel.time]


def permuted_effects(
    panel: Panel, design: Design, themes: np.ndarray, root: np.ndarray, n: int, seed: int
) -> np.ndarray:
    """Stratified effects of permuted themes.

    Parameters
    ----------
    panel, design : Panel, Design
        Reports and indicators.
    themes : ndarray, shape (reports, themes)
        1 where the report names the theme.
    root : ndarray of bool, shape (measures,)
        Where the denominator's root is taken (phi; its other factor is constant).
    n, seed : int
        Permutations and their seed.

    Returns
    -------
    ndarray, shape (n, measures, themes)

    Examples
    --------
    See `two_sided_p`.
    """
    reports, width = themes.shape
    step = max(1, _CELLS // max(1, reports * width))
    sources = shuffled_reports(panel, n, seed)
    out = np.zeros((n, design.scores.shape[1], width))
    for start in range(0, n, step):
        chosen = np.stack([next(sources) for _ in range(min(step, n - start))], axis=1)
        flat = themes[chosen].reshape(reports, -1)
        effect = quotient(design.scores.T @ flat, spreads(design, design.sums @ flat, design.size), root)
        shaped = effect.reshape(len(effect), chosen.shape[1], width)
        out[start : start + chosen.shape[1]] = np.nan_to_num(shaped.transpose(1, 0, 2))
    return out


def quotient(numerator: np.ndarray, denominator: np.ndarray, root: np.ndarray) -> np.ndarray:
    """Numerator over denominator, or over its root; NaN where nothing is compared.

    Parameters
    ----------
    numerator, denominator : ndarray, shape (measures, ...)
        From `effects.moments`.
    root : ndarray of bool, shape (measures,)
        Take the root of the denominator.

    Returns
    -------
    ndarray

    Examples
    --------
    >>> quotient(np.array([[1.0], [1.0]]), np.array([[4.0], [4.0]]), np.array([False, True])).tolist()
    [[0.25], [0.5]]
    """
    positive = np.where(denominator > 1e-9, denominator, np.nan)
    shape = (-1,) + (1,) * (numerator.ndim - 1)
    return numerator / np.where(root.reshape(shape), np.sqrt(positive), positive)


def two_sided_p(observed: np.ndarray, permuted: np.ndarray) -> np.ndarray:
    """Share of permutations at least as far from their mean as the observed effect, itself counted.

    Parameters
    ----------
    observed : ndarray
        The effect.
    permuted : ndarray, shape (n, ...)
        The effect in each permutation.

    Returns
    -------
    ndarray
        (1 + count) / (n + 1), never 0 (Phipson & Smyth 2010); NaN where nothing is observed.

    Examples
    --------
    >>> two_sided_p(np.array(0.9), np.array([0.1, -0.2, 0.3, -0.95])).round(2).item()
    0.4
    """
    centre = (permuted.sum(axis=0) + observed) / (len(permuted) + 1)
    far = np.abs(permuted - centre) >= np.abs(observed - centre) - 1e-9
    return np.where(np.isfinite(observed), (1 + far.sum(axis=0)) / (len(permuted) + 1), np.nan)
