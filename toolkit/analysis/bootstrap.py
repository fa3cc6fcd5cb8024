"""Resampled clusters, for the interval.

The first-stage clusters are resampled: parent governments where
at least `MANY_PARENTS` inform the effect, else the bodies within each block (an
interval for these parents). k - 1 of k clusters are drawn and reweighted, which
makes the variance unbiased in small groups.

Sources: Rao & Wu (1988) and Rao, Wu & Yue (1992) for the rescaled bootstrap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from toolkit.analysis.effects import Design, odds_parts, spreads
from toolkit.analysis.strata import Panel

#: From this number of parents on their resampling gives honest intervals (measured in benchmarks/inference.py).
MANY_PARENTS = 20


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


@dataclass(frozen=True)
class Samples:
    """Parts of the effects in bootstrap samples, shape (n, measures, themes).

    The effect is numerator / denominator; the odds ratio is (numerator + odds) /
    odds, `observed_odds` being odds of the reports themselves. `parents`, of shape
    (measures, themes), counts the parent governments that inform the effect, and
    `by_parent` says where they were resampled.
    """

    numerator: np.ndarray
    denominator: np.ndarray
    odds: np.ndarray
    observed_odds: np.ndarray
    parents: np.ndarray
    by_parent: np.ndarray


def resample(
    panel: Panel,
    design: Design,
    themes: np.ndarray,
    n: int,
    seed: int,
    binary: Sequence[int] | np.ndarray = (),
    whole: Sequence[int] | np.ndarray = (),
) -> Samples:
    """Resample parent governments, or bodies where too few parents inform an effect.

    Parameters
    ----------
    panel, design : Panel, Design
        Reports and indicators.
    themes : ndarray, shape (reports, themes)
        1 where the report names the theme, or an unbiased estimate.
    n, seed : int
        Samples and their seed.
    binary, whole : sequence of int
        Measures with an odds ratio; measures resampled alike for all themes.

    Returns
    -------
    Samples

    Examples
    --------
    >>> import pandas as pd
    >>> from toolkit.analysis.effects import Measure, build_design
    >>> from toolkit.analysis.strata import build_panel
    >>> frame = pd.DataFrame({"report": list("abcd"), "agency_id": list("abcd"), "parent_id": "p", "level": "county",
    ...                       "year": 2023})
    >>> y = Measure("late", "", "binary", np.array([1.0, 0.0, 1.0, 0.0]))
    >>> panel = build_panel(frame)
    >>> drawn = resample(panel, build_design([y], panel.stratum), np.array([[1.0], [0.0], [0.0], [1.0]]), 50, 0)
    >>> drawn.parents.item(), drawn.by_parent.item(), drawn.numerator.shape
    (1, False, (50, 1, 1))
    """
    parts = _parent_parts(panel, design, themes, binary)
    parents = (np.abs(parts[1]) > 1e-9).sum(axis=0)
    by_parent = parents >= MANY_PARENTS
    whole = np.asarray(whole, dtype=int)
    by_parent[whole] = by_parent[whole].all(axis=1, keepdims=True)
    drawn = _parent_samples(parts, n, seed) if by_parent.any() else None
    if by_parent.all() and drawn is not None:
        return Samples(drawn[0], drawn[1], drawn[2], parts[2].sum(axis=0), parents, by_parent)
    bodies = _agency_samples(panel, design, themes, binary, n, seed)
    mixed = bodies if drawn is None else [np.where(by_parent, p, b) for p, b in zip(drawn, bodies, strict=True)]
    return Samples(mixed[0], mixed[1], mixed[2], parts[2].sum(axis=0), parents, by_parent)


def _parent_samples(parts: Sequence[np.ndarray], n: int, seed: int) -> list[np.ndarray]:
    """Strata stay whole: a sample is a weighted sum of the parents' parts."""
    weights = np.stack(list(drawn_weights(np.zeros(len(parts[0]), dtype=int), n, seed)))
    return [(weights @ part.reshape(len(part), -1)).reshape(n, *part.shape[1:]) for part in parts]


def _parent_parts(
    panel: Panel, design: Design, themes: np.ndarray, binary: Sequence[int] | np.ndarray
) -> list[np.ndarray]:
    parents = int(panel.parent.max()) + 1
    shape = (parents, design.scores.shape[1], themes.shape[1])
    numerator, denominator, odds = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    of_stratum = np.zeros(int(panel.stratum.max()) + 1, dtype=int)
    of_stratum[panel.stratum] = panel.parent
    named = design.sums @ themes
    excess = design.sums @ (themes - themes**2)
    each = named - (named**2 + excess) / design.size[:, None]
    reports = sparse.csr_array((np.ones(len(panel.parent)), (panel.parent, np.arange(len(panel.parent)))))
    for j in range(shape[1]):
        rows = design.rows(j)
        owner = of_stratum[design.row_stratum[rows]]
        up = sparse.csr_array((np.ones(len(owner)), (owner, np.arange(len(owner)))), shape=(parents, len(owner)))
        numerator[:, j] = reports @ (design.scores[:, [j]] * themes)
        denominator[:, j] = up @ each[rows]
        if j in binary:
            odds[:, j] = up @ _odds_denominator(design, j, themes, np.ones(len(themes)))
    return [numerator, denominator, odds]


def _odds_denominator(design: Design, j: int, themes: np.ndarray, weight: np.ndarray) -> np.ndarray:
    sums = design.sums[design.rows(j)]
    y = np.nan_to_num(design.values[:, j]) * weight
    named, both = sums @ (themes * weight[:, None]), sums @ (themes * y[:, None])
    return odds_parts(both, named, sums @ y, sums @ weight)[1]


def _agency_samples(
    panel: Panel, design: Design, themes: np.ndarray, binary: Sequence[int] | np.ndarray, n: int, seed: int
) -> list[np.ndarray]:
    """Bodies drawn within their blocks; ranks are taken anew in each sample."""
    ranks = _WeightedRanks(design, panel.stratum)
    shape = (n, design.scores.shape[1], themes.shape[1])
    numerator, denominator, odds = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    spill = themes - themes**2
    for b, drawn in enumerate(drawn_weights(panel.block, n, seed)):
        weight = drawn[panel.unit]
        weighted = themes * weight[:, None]
        excess = design.sums @ (spill * weight[:, None] ** 2) if spill.any() else 0.0
        numerator[b] = ranks.scores(weight).T @ weighted
        denominator[b] = spreads(design, design.sums @ weighted, design.sums @ weight, excess)
        for j in binary:
            odds[b, j] = _odds_denominator(design, j, themes, weight).sum(axis=0)
    return [numerator, denominator, odds]


class _WeightedRanks:
    """Rank scores under weights: sorted once, then two cumulative sums per sample."""

    def __init__(self, design: Design, stratum: np.ndarray) -> None:
        parts = [self._sorted(design.values[:, j], stratum) for j in range(design.values.shape[1])]
        offset = np.cumsum([0, *(len(p[0]) for p in parts[:-1])])
        self.row = np.concatenate([p[0] for p in parts])
        self.column = np.repeat(np.arange(len(parts)), [len(p[0]) for p in parts])
        bounds = [np.concatenate([p[i] + o for p, o in zip(parts, offset, strict=True)]) for i in range(1, 5)]
        self.tie_start, self.tie_end, self.start, self.end = bounds
        self.shape = design.values.shape

    @staticmethod
    def _sorted(values: np.ndarray, stratum: np.ndarray) -> tuple[np.ndarray, ...]:
        seen = np.flatnonzero(np.isfinite(values))
        row = seen[np.lexsort((values[seen], stratum[seen]))]
        new_stratum = np.append(True, np.diff(stratum[row]) != 0)
        new_value = new_stratum | np.append(True, np.diff(values[row]) != 0)
        return row, *_bounds(new_value), *_bounds(new_stratum)

    def scores(self, weight: np.ndarray) -> np.ndarray:
        total = np.append(0.0, np.cumsum(weight[self.row]))
        below_and_upto = total[self.tie_start] + total[self.tie_end] - total[self.start] - total[self.end]
        size = total[self.end] - total[self.start]
        out = np.zeros(self.shape)
        out[self.row, self.column] = np.divide(below_and_upto, size, out=np.zeros_like(size), where=size > 1e-9)
        return out


def _bounds(new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and past-the-last position of the run each position is in."""
    starts = np.flatnonzero(new)
    run = np.cumsum(new) - 1
    return starts[run], np.append(starts[1:], len(new))[run]
