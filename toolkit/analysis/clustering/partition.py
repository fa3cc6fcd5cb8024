"""Vectors into groups: weighted k-means from a hierarchy or from seeds, or any clusterer of scikit-learn."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.cluster import AgglomerativeClustering, KMeans
from threadpoolctl import threadpool_limits

from toolkit.errors import InputError

# Centres of more texts than these hardly move; the others are assigned to them.
LARGEST_FIT = 20_000
LARGEST_START = 1_000


@dataclass(frozen=True)
class Partition:
    """Labels of rows from 0 (-1: in no cluster) and the centres of the clusters."""

    labels: np.ndarray
    centres: np.ndarray

    def nearest(self, vectors: np.ndarray) -> np.ndarray:
        """Return the cluster whose centre is nearest to each row.

        Examples
        --------
        >>> Partition(np.array([0, 1]), np.eye(2)).nearest(np.array([[0.2, 0.9]])).tolist()
        [1]
        """
        with threadpool_limits(1):
            distance = (self.centres**2).sum(axis=1)[None] - 2 * vectors @ self.centres.T
        return distance.argmin(axis=1)


def divide(
    vectors: np.ndarray,
    weights: np.ndarray,
    count: int,
    seed: int,
    start: np.ndarray | None = None,
    clusterer: Any = None,
) -> Partition:
    """Divide rows into clusters.

    Parameters
    ----------
    vectors : array (n, d)
    weights : array (n,)
    count : int
        Clusters; a clusterer of one's own decides itself.
    seed : int
    start : array (c, d), optional
        Centres that k-means starts from; if fewer than ``count``, the rows farthest from
        them are added. Without any it starts from the average-linkage (cosine) clusters
        of at most 1,000 rows, which on short statements ends nearer to the
        categories, and in more alike results, than random restarts.
    clusterer : scikit-learn clusterer, optional
        Is cloned; gets ``random_state`` and ``sample_weight`` if it takes them.

    Notes
    -----
    One thread, since sums in another order end in other labels.

    Examples
    --------
    >>> rows = np.array([[0.0, 1], [0, 0.9], [1, 0], [0.9, 0]])
    >>> found = divide(rows, np.ones(4), 2, seed=0)
    >>> bool(found.labels[0] == found.labels[1] != found.labels[2] == found.labels[3])
    True
    """
    with threadpool_limits(1):
        if clusterer is not None:
            return _by_clusterer(clusterer, vectors, weights, seed)
        start = _hierarchical(vectors, weights, count, seed) if start is None else start
        model = KMeans(count, init=_filled(start, count, vectors), n_init=1, random_state=seed)
        fitted = _sample(len(vectors), LARGEST_FIT, seed)
        model.fit(vectors[fitted], sample_weight=weights[fitted])
        labels = model.predict(vectors) if len(fitted) < len(vectors) else model.labels_
        return Partition(np.asarray(labels, dtype=np.int64), model.cluster_centers_)


def _hierarchical(vectors: np.ndarray, weights: np.ndarray, count: int, seed: int) -> np.ndarray:
    rows = _sample(len(vectors), LARGEST_START, seed)
    # A row of zeros has no cosine.
    rows = rows[np.abs(vectors[rows]).sum(axis=1) > 0]
    if len(rows) <= count:
        return vectors[rows]
    labels = AgglomerativeClustering(count, metric="cosine", linkage="average").fit_predict(vectors[rows])
    return centres_of(vectors[rows], labels, weights[rows], count)


def _filled(start: np.ndarray, count: int, vectors: np.ndarray) -> np.ndarray:
    centres = start[:count]
    while len(centres) < count:
        distance = ((centres**2).sum(axis=1)[None] - 2 * vectors @ centres.T).min(axis=1) + (vectors**2).sum(axis=1)
        centres = np.vstack([centres, vectors[distance.argmax()]])
    return centres


def _sample(count: int, most: int, seed: int) -> np.ndarray:
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, most, replace=False))


def _by_clusterer(clusterer: Any, vectors: np.ndarray, weights: np.ndarray, seed: int) -> Partition:
    model = clone(clusterer)
    if model.get_params().get("random_state", 0) is None:
        model.set_params(random_state=seed)
    weighted = "sample_weight" in inspect.signature(model.fit).parameters
    model.fit(vectors, sample_weight=weights) if weighted else model.fit(vectors)
    found = model.labels_ if hasattr(model, "labels_") else model.predict(vectors)
    names, labels = np.unique(found, return_inverse=True)
    labels = labels - int(names[0] == -1)
    if labels.max() < 1:
        raise InputError(f"{type(clusterer).__name__} finds one cluster or none", "change its settings")
    return Partition(labels, centres_of(vectors, labels, weights, labels.max() + 1))


def centres_of(vectors: np.ndarray, labels: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    """Return the weighted mean of each cluster's rows; zeros for a cluster without rows.

    Examples
    --------
    >>> centres_of(np.array([[0.0], [1], [5]]), np.array([0, 0, 1]), np.array([1, 3, 1]), 2).tolist()
    [[0.75], [5.0]]
    """
    sums = np.zeros((count, vectors.shape[1]))
    held = labels >= 0
    np.add.at(sums, labels[held], vectors[held] * weights[held, None])
    return sums / np.maximum(np.bincount(labels[held], weights[held], count), 1e-12)[:, None]
