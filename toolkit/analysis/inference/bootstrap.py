"""Resampled clusters, for the interval.

The first-stage clusters are resampled: parent governments where at least
`MANY_PARENTS` inform the effect, else the bodies within each block (an interval
for these parents). k - 1 of k clusters are drawn and reweighted, which makes
the variance unbiased in small groups. What is resampled are the clusters'
influences on the effect (`toolkit.analysis.inference.influence`): re-ranking small strata
full of copies of the same body made intervals 10 to 20 % too wide.

Sources: Rao & Wu (1988) and Rao, Wu & Yue (1992) for the rescaled bootstrap,
Kline & Santos (2012) for resampling scores instead of estimates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
from scipy import sparse, stats

from toolkit.analysis.inference.strata import Panel

#: From this number of parents on their resampling gives honest intervals (measured in benchmarks/inference.py).
MANY_PARENTS = 20
_SLICE, _KEPT = 50, 20_000_000


def drawn_weights(group: np.ndarray, n: int, seed: int) -> Iterator[np.ndarray]:
    """Bootstrap weights of clusters, drawn within groups.

    Parameters
    ----------
    group : ndarray of int, shape (clusters,)
        Group of each cluster (k clusters: k - 1 are drawn, each with weight k / (k - 1)).
    n, seed : int
        Samples and their seed.

    Yields
    ------
    ndarray, shape (clusters,)
        Weights with mean 1 in each group; a cluster alone keeps weight 1.

    Examples
    --------
    >>> [w.tolist() for w in drawn_weights(np.array([0, 0, 1]), 2, seed=0)]
    [[2.0, 0.0, 1.0], [0.0, 2.0, 1.0]]
    """
    order = np.argsort(group, kind="stable")
    size = np.bincount(group)
    first = np.concatenate([[0], np.cumsum(size)[:-1]])
    draws = np.repeat(np.arange(len(size)), np.maximum(size - 1, 1))
    weight = (size / np.maximum(size - 1, 1))[group]
    rng = np.random.default_rng([seed, 2])
    for _ in range(n):
        picked = first[draws] + (rng.random(len(draws)) * size[draws]).astype(int)
        yield np.bincount(order[picked], minlength=len(group)) * weight


class Resampler:
    """Bootstrap samples of one panel, the same for every theme and indicator.

    Parameters
    ----------
    panel : Panel
        The reports.
    n, seed : int
        Samples and their seed.

    Examples
    --------
    >>> import pandas as pd
    >>> from toolkit.analysis.inference.strata import build_panel
    >>> frame = pd.DataFrame({"report": list("abcd"), "agency_id": list("abcd"), "parent_id": "p", "level": "county",
    ...                       "year": 2023})
    >>> pull = np.array([[1.0], [-1], [1], [-1]])
    >>> low, high = Resampler(build_panel(frame), 999, 0).percentiles(pull, np.array([1]), np.ones(4))
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([-4.0], [4.0])
    """

    def __init__(self, panel: Panel, n: int, seed: int) -> None:
        self.panel, self.n, self.seed = panel, n, seed
        self._kept: dict[bool, list[np.ndarray]] = {}

    def percentiles(
        self, influence: np.ndarray, parents: np.ndarray, small: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Points at 2.5 and 97.5 % of the effect's deviation from its estimate.

        Parameters
        ----------
        influence : ndarray, shape (reports, columns)
            Change of the effect for a unit of weight on each report.
        parents : ndarray of int, shape (columns,)
            Parents that inform the effect; from `MANY_PARENTS` on they are resampled.
        small : ndarray, shape (reports,)
            Factor that undoes the shrinking of influences in small strata, for resampled bodies.

        Returns
        -------
        low, high : ndarray, shape (columns,)
        """
        bounds = np.full((2, influence.shape[1]), np.nan)
        many = parents >= MANY_PARENTS
        if many.any():
            wider = stats.t.ppf(0.975, parents[many] - 1) / stats.norm.ppf(0.975)
            bounds[:, many] = self._points(influence[:, many], True) * wider
        if not many.all():
            bounds[:, ~many] = self._points(influence[:, ~many] * small[:, None], False)
        return bounds[0], bounds[1]

    def _points(self, influence: np.ndarray, parents: bool) -> np.ndarray:
        return np.quantile(self._changes(influence, parents), [0.025, 0.975], axis=0)

    def _changes(self, influence: np.ndarray, parents: bool) -> np.ndarray:
        owner = self.panel.parent if parents else self.panel.unit
        of_cluster = sparse.csr_array((np.ones(len(owner)), (owner, np.arange(len(owner))))) @ influence
        drawn = [weights @ of_cluster for weights in self._weights(parents, len(of_cluster))]
        return np.concatenate(drawn) - of_cluster.sum(axis=0)

    def _weights(self, parents: bool, clusters: int) -> Iterable[np.ndarray]:
        """Slices of samples by clusters; kept for the next indicator where they are few."""
        if parents not in self._kept:
            group = np.zeros(clusters, dtype=int) if parents else self.panel.block
            slices = _sliced(drawn_weights(group, self.n, self.seed))
            if self.n * clusters > _KEPT:
                return slices
            self._kept[parents] = list(slices)
        return self._kept[parents]


def _sliced(weights: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    while part := list(islice(weights, _SLICE)):
        yield np.stack(part)
