"""Effects within strata, as linear statistics of the theme.

With x = 1 where a report names the theme and n, m the reports and the naming
reports of a stratum, three stratified effects share one form::

    effect = sum of x_i c_i  /  sum over strata of m (n - m) / n

c_i = y_i - mean(y) gives the Mantel–Haenszel weighted risk difference, and c_i
= (reports below i - reports above i) / n gives Cliff's delta with the same
weights (for a yes-or-no indicator the two are equal). The numerator is linear
in x: thousands of permutations are one matrix product.

Sources: Mantel & Haenszel (1959); Cliff (1993); van Elteren (1960) for the
weights of stratified ranks; Bergsma (2013) for the bias of Cramér's V.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse


@dataclass(frozen=True)
class Measure:
    """One indicator, or one part of a count, as it is compared.

    Attributes
    ----------
    indicator, part : str
        Name in the result; part ``any`` or ``positive`` of a count, else empty.
    kind : {"binary", "numeric", "theme", "category"}
        What decides the effect.
    values : ndarray, shape (n,)
        The values (codes of a category), NaN where missing.
    """

    indicator: str
    part: str
    kind: str
    values: np.ndarray


@dataclass(frozen=True)
class Design:
    """What stays the same while the theme is permuted; rows are (pattern of missing values, stratum).

    Attributes
    ----------
    values, scores : ndarray, shape (n, measures)
        The indicators, and c_i of the module's formula (0 where missing).
    sums : csr_array, shape (rows, n)
        Adds up reports to the rows.
    size, row_stratum : ndarray, shape (rows,)
        Reports in the row, and the stratum it belongs to.
    starts : ndarray, shape (patterns,)
        First row of each pattern.
    pattern : ndarray, shape (measures,)
        Pattern of each measure.
    """

    values: np.ndarray
    scores: np.ndarray
    sums: sparse.csr_array
    size: np.ndarray
    row_stratum: np.ndarray
    starts: np.ndarray
    pattern: np.ndarray

    def rows(self, measure: int) -> slice:
        """Rows of one measure's pattern."""
        ends = np.append(self.starts[1:], len(self.size))
        return slice(self.starts[self.pattern[measure]], ends[self.pattern[measure]])


def rank_scores(values: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    """Share of the stratum's reports below each report, less the share above.

    Parameters
    ----------
    values : ndarray, shape (n,)
        An indicator; NaN is left out of the ranking and scored 0.
    stratum : ndarray of int, shape (n,)
        Stratum of each report.

    Returns
    -------
    ndarray, shape (n,)
        (2 rank - n - 1) / n with midranks; for 0/1 values, the value less its stratum mean.

    Examples
    --------
    >>> rank_scores(np.array([3.0, 1.0, 1.0, np.nan]), np.array([0, 0, 0, 0])).round(3).tolist()
    [0.667, -0.333, -0.333, 0.0]
    """
    groups = pd.Series(values).groupby(stratum)
    size = groups.transform("count").to_numpy()
    rank = groups.rank(method="average").to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nan_to_num((2 * rank - size - 1) / size)


def build_design(measures: Sequence[Measure], stratum: np.ndarray) -> Design:
    """Precompute everything about the indicators that no permutation changes.

    Parameters
    ----------
    measures : sequence of Measure
        Binary, numeric and theme measures, each with a value at least.
    stratum : ndarray of int, shape (n,)
        Stratum of each report.

    Returns
    -------
    Design

    Examples
    --------
    >>> y = Measure("late", "", "binary", np.array([1.0, 0.0, 1.0, 1.0]))
    >>> build_design([y], np.array([0, 0, 1, 1])).size.tolist()
    [2.0, 2.0]
    """
    values = np.column_stack([m.values for m in measures])
    seen, pattern = np.unique(np.isfinite(values), axis=1, return_inverse=True)
    row_of, column, starts, strata = [], [], [], []
    total = 0
    for mask in seen.T:
        where = np.flatnonzero(mask)
        held, code = np.unique(stratum[where], return_inverse=True)
        starts.append(total)
        row_of.append(code + total)
        column.append(where)
        strata.append(held)
        total += len(held)
    rows, columns = np.concatenate(row_of), np.concatenate(column)
    sums = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(total, len(stratum)))
    scores = np.column_stack([rank_scores(v, stratum) for v in values.T])
    size = np.bincount(rows, minlength=total).astype(float)
    return Design(values, scores, sums, size, np.concatenate(strata), np.array(starts), np.ravel(pattern))


def spreads(design: Design, named: np.ndarray, size: np.ndarray, excess: np.ndarray | float = 0.0) -> np.ndarray:
    """m (n - m) / n of every row, added up to the measures.

    Parameters
    ----------
    design : Design
        The indicators.
    named : ndarray, shape (rows, columns)
        m, the reports naming the theme, for any number of themes or permutations.
    size : ndarray, shape (rows,)
        n, the reports (weighted in a bootstrap sample).
    excess : ndarray or 0
        Sum of x - x² in the row, for estimated themes that are not 0 or 1.

    Returns
    -------
    ndarray, shape (measures, columns)

    Examples
    --------
    >>> y = Measure("late", "", "binary", np.array([1.0, 0.0, 1.0, 1.0]))
    >>> design = build_design([y], np.array([0, 0, 1, 1]))
    >>> spreads(design, np.array([[1.0], [2.0]]), design.size).tolist()
    [[0.5]]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        each = named - np.nan_to_num((named**2 + excess) / size[:, None])
    return np.add.reduceat(each, design.starts, axis=0)[design.pattern]


def moments(design: Design, themes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numerators and denominators of the stratified effects.

    Parameters
    ----------
    design : Design
        The indicators.
    themes : ndarray, shape (n, columns)
        1 where the report names the theme; or unbiased estimates of it.

    Returns
    -------
    numerator, denominator : ndarray, shape (measures, columns)

    Examples
    --------
    >>> y = Measure("late", "", "binary", np.array([1.0, 0.0, 1.0, 0.0]))
    >>> num, den = moments(build_design([y], np.array([0, 0, 1, 1])), np.array([[1.0], [0.0], [1.0], [0.0]]))
    >>> float((num / den)[0, 0])
    1.0
    """
    excess = 0.0 if _binary(themes) else design.sums @ (themes - themes**2)
    return design.scores.T @ themes, spreads(design, design.sums @ themes, design.size, excess)


def _binary(themes: np.ndarray) -> bool:
    return bool(np.isin(themes, (0.0, 1.0)).all())


def odds_parts(
    both: np.ndarray, named: np.ndarray, hits: np.ndarray, size: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Numerator and denominator of the Mantel–Haenszel odds ratio, per stratum.

    Parameters
    ----------
    both, named : ndarray, shape (strata, columns)
        Reports with theme and indicator; with the theme.
    hits, size : ndarray, shape (strata,)
        Reports with the indicator; all reports.

    Returns
    -------
    numerator, denominator : ndarray, shape (strata, columns)
        Their sums' quotient is the odds ratio.

    Examples
    --------
    >>> top, bottom = odds_parts(np.array([[6.0]]), np.array([[10.0]]), np.array([8.0]), np.array([20.0]))
    >>> round(float((top / bottom)[0, 0]), 3)
    6.0
    """
    hits, size = hits[:, None], size[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        top = np.nan_to_num(both * (size - named - hits + both) / size)
        bottom = np.nan_to_num((named - both) * (hits - both) / size)
    return top, bottom


def cramers_v(phi2: np.ndarray, n: float, categories: int) -> np.ndarray:
    """Bias-corrected Cramér's V of a two-valued theme and a category.

    Parameters
    ----------
    phi2 : ndarray
        Pearson's chi-square divided by n.
    n : float
        Reports.
    categories : int
        Number of categories that occur.

    Returns
    -------
    ndarray
        V after Bergsma (2013), 0 where the raw value is below its expectation.

    Examples
    --------
    >>> float(cramers_v(np.array(0.25), 101, 3).round(3))
    0.482
    """
    corrected = np.maximum(0.0, phi2 - (categories - 1) / (n - 1))
    smaller = min(1 - 1 / (n - 1), categories - 1 - (categories - 1) ** 2 / (n - 1))
    return np.sqrt(corrected / smaller) if smaller > 0 else np.full_like(corrected, np.nan)


def chi_square_share(counts: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Pearson's chi-square divided by n, for a two-valued theme.

    Parameters
    ----------
    counts : ndarray, shape (categories, ...)
        Reports of the category that name the theme.
    size : ndarray, shape (categories, ...)
        Reports of the category.

    Returns
    -------
    ndarray
        NaN where the theme is in no report or in every one.

    Examples
    --------
    >>> float(chi_square_share(np.array([[10.0], [0.0]]), np.array([[10.0], [10.0]]))[0])
    1.0
    """
    total = size.sum(axis=0)
    share = counts.sum(axis=0) / total
    with np.errstate(invalid="ignore", divide="ignore"):
        each = np.nan_to_num((counts - size * share) ** 2 / size)
        return each.sum(axis=0) / (share * (1 - share)) / total
