"""How much of a clustering is there again when other statements are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from toolkit.analysis.clustering.partition import Partition

LARGEST_DRAW = 3_000

Division = Callable[[np.ndarray, np.ndarray, int], Partition]


def draw(occurrences: np.ndarray, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw statements with replacement; return the distinct texts drawn and how often each.

    Parameters
    ----------
    occurrences : array of int
        How many statements have each distinct text.
    generator : Generator

    Examples
    --------
    >>> rows, counts = draw(np.array([3, 1, 2]), np.random.default_rng(0))
    >>> int(counts.sum()), bool((counts > 0).all())
    (6, True)
    """
    size = min(int(occurrences.sum()), LARGEST_DRAW)
    counts = generator.multinomial(size, occurrences / occurrences.sum())
    rows = np.flatnonzero(counts)
    return rows, counts[rows]


def best_jaccard(reference: np.ndarray, other: np.ndarray, count: int) -> np.ndarray:
    """Return for each reference cluster its largest Jaccard similarity with a cluster of the other labels.

    NaN where the reference cluster has no row among these.

    Examples
    --------
    >>> best_jaccard(np.array([0, 0, 0, 1]), np.array([5, 5, 2, 2]), 3).round(2).tolist()
    [0.67, 0.5, nan]
    """
    _, other = np.unique(other, return_inverse=True)
    table = np.zeros((count, other.max() + 1))
    inside = reference >= 0
    np.add.at(table, (reference[inside], other[inside]), 1)
    union = table.sum(axis=1)[:, None] + np.bincount(other)[None] - table
    return np.where(table.sum(axis=1) > 0, (table / union).max(axis=1), np.nan)


def jaccard_stability(
    reference: np.ndarray, occurrences: np.ndarray, divide: Division, resamples: int, seed: int
) -> pd.DataFrame:
    """Return each cluster's mean Jaccard similarity over bootstrap samples of the statements.

    Parameters
    ----------
    reference : array of int
        Cluster of each distinct text, from 0.
    occurrences : array of int
        How many statements have that text.
    divide : callable (rows, counts, seed) -> Partition
        Clusters the texts drawn.
    resamples, seed : int

    Returns
    -------
    DataFrame
        cluster (from 0), stability (mean, 0 to 1), low and recovered (share of samples with
        .75 or more), dissolved (share with .5 or less), resamples (in which it had a text).

    Notes
    -----
    Hennig (2007), "Cluster-wise assessment of cluster stability", Computational
    Statistics & Data Analysis 52, 258-271. Texts drawn twice count once, as there.
    Of large sets 3,000 statements are drawn.
    """
    count = int(reference.max()) + 1
    generator = np.random.default_rng(seed)
    found = np.full((resamples, count), np.nan)
    for number in range(resamples):
        rows, counts = draw(occurrences, generator)
        again = divide(rows, counts, seed + number + 1)
        found[number] = best_jaccard(reference[rows], again.labels, count)
    there = ~np.isnan(found)
    times = np.maximum(there.sum(axis=0), 1)
    share = lambda hits: np.where(there.any(axis=0), (hits & there).sum(axis=0) / times, np.nan)  # noqa: E731
    return pd.DataFrame({
        "cluster": range(count),
        "stability": np.where(there.any(axis=0), np.nansum(found, axis=0) / times, np.nan),
        "recovered": share(found >= 0.75),
        "dissolved": share(found <= 0.5),
        "resamples": there.sum(axis=0),
    })  # fmt: skip


def stability_curve(
    vectors: np.ndarray,
    occurrences: np.ndarray,
    divide: Callable[[np.ndarray, np.ndarray, int, int], Partition],
    counts: Iterable[int],
    pairs: int,
    seed: int,
) -> pd.DataFrame:
    """Return for each number of clusters how well two clusterings of two bootstrap samples agree on all texts.

    Returns
    -------
    DataFrame
        k, stability (mean adjusted Rand index of the pairs), se (of that mean), pairs.

    Notes
    -----
    Fang & Wang (2012), "Selection of the number of clusters via the bootstrap
    method", Computational Statistics & Data Analysis 56, 468-477, with the index
    adjusted for chance, which makes numbers of clusters comparable.
    """
    generator = np.random.default_rng(seed)
    rows = []
    samples = [(draw(occurrences, generator), draw(occurrences, generator)) for _ in range(pairs)]
    shown = vectors if len(vectors) <= LARGEST_DRAW else vectors[_evenly(len(vectors))]
    for k in counts:
        agreed = [
            adjusted_rand_score(*(divide(*sample, k, seed + at).nearest(shown) for sample in pair))
            for at, pair in enumerate(samples)
            if min(len(sample[0]) for sample in pair) >= k
        ]
        if agreed:
            spread = float(np.std(agreed, ddof=1) / len(agreed) ** 0.5) if len(agreed) > 1 else np.nan
            rows.append((k, float(np.mean(agreed)), spread, len(agreed)))
    return pd.DataFrame(rows, columns=["k", "stability", "se", "pairs"])


def _evenly(count: int) -> np.ndarray:
    return np.linspace(0, count - 1, LARGEST_DRAW).astype(np.int64)


def choose(curve: pd.DataFrame) -> int:
    """Return the smallest number whose stability is within a standard error of the best.

    Where the curve levels off, further clusters are no more stable and harder to read.

    Examples
    --------
    >>> choose(pd.DataFrame({"k": [5, 10, 15], "stability": [0.5, 0.79, 0.8], "se": [0.03, 0.02, 0.02]}))
    10
    """
    best = curve.loc[curve["stability"].idxmax()]
    near = curve["stability"] >= best["stability"] - np.nan_to_num(best["se"])
    return int(curve.loc[near, "k"].min())
