"""Scores of words and pairs: log-odds with a prior, log-likelihood, mutual information."""

from __future__ import annotations

import numpy as np


def log_odds_ratio(here: np.ndarray, other: np.ndarray, prior: float) -> tuple[np.ndarray, np.ndarray]:
    """Return each word's log ratio of odds in two texts, and that over its standard deviation.

    Parameters
    ----------
    here, other : array of int
        Occurrences of every word in the one and the other text.
    prior : float
        Words of average usage (of both texts together) added to each side.

    Notes
    -----
    Source: Monroe, Colaresi & Quinn (2008), "Fightin' Words", Political
    Analysis 16(4), the weighted log-odds-ratio with informative Dirichlet prior.

    Examples
    --------
    >>> odds, z = log_odds_ratio(np.array([9, 1]), np.array([1, 9]), prior=2)
    >>> odds.round(3), z.round(3)
    (array([ 3.219, -3.219]), array([ 4.156, -4.156]))
    """
    here, other = np.asarray(here, dtype=float), np.asarray(other, dtype=float)
    pseudo = prior * (here + other) / (here + other).sum()
    mine, theirs = here + pseudo, other + pseudo
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.log(mine / (here.sum() + prior - mine)) - np.log(theirs / (other.sum() + prior - theirs))
    # A text of one word has no odds.
    odds[~np.isfinite(odds)] = np.nan
    return odds, odds / np.sqrt(1 / mine + 1 / theirs)


def g_squared(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Return the log-likelihood ratio of two-by-two tables with rows (a, b) and (c, d).

    Source: Dunning (1993), Computational Linguistics 19(1).

    Examples
    --------
    >>> g_squared([10], [90], [20], [80]).round(4)
    array([3.9866])
    """
    cells = [np.asarray(cell, dtype=float) for cell in (a, b, c, d)]
    upper, lower, left, right = cells[0] + cells[1], cells[2] + cells[3], cells[0] + cells[2], cells[1] + cells[3]
    total, result = upper + lower, np.zeros_like(cells[0])
    for seen, product in zip(cells, (upper * left, upper * right, lower * left, lower * right)):
        occupied = seen > 0
        ratio = np.divide(seen * total, product, out=np.ones_like(total), where=occupied)
        result += seen * np.log(ratio)
    return np.maximum(2 * result, 0)


def pair_association(
    count: np.ndarray, first: np.ndarray, second: np.ndarray, pairs: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mutual information (bits), the same normed to -1..1, and the log-likelihood ratio of pairs.

    Parameters
    ----------
    count, first, second, pairs : array
        Pairs of these two words, pairs that begin with the first, pairs that
        end with the second, all pairs.

    Examples
    --------
    >>> pmi, npmi, g2 = pair_association([3], [4], [6], [100])
    >>> pmi.round(3), npmi.round(3), g2.round(3)
    (array([3.644]), array([0.72]), array([14.195]))
    """
    count, first, second, pairs = (np.asarray(one, dtype=float) for one in (count, first, second, pairs))
    pmi = np.log2(count * pairs / (first * second))
    surprise = -np.log2(count / pairs)
    npmi = np.divide(pmi, surprise, out=np.ones_like(pmi), where=surprise > 0)
    g2 = g_squared(count, first - count, second - count, pairs - first - second + count)
    return pmi, npmi, g2
