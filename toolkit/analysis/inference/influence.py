"""How much each report moves a stratified effect: derivatives by the report's weight.

With weights w, R_a = sum of w_j sign(y_a - y_j) and Q_a = sum of w_j x_j sign(y_a -
y_j) inside the stratum of report a, the parts of the effects change by::

    numerator     (x_a R_a - Q_a) / n - numerator / n
    denominator   x_a - 2 (m x_a + x_a - x_a²) / n + (m² + excess) / n²

Summed over a body's or a parent's reports they are what the cluster adds to the
effect, for the interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from toolkit.analysis.inference.effects import Design


@dataclass(frozen=True)
class Slopes:
    """Derivatives of one indicator's effect parts.

    Attributes
    ----------
    numerator, denominator : ndarray, shape (reports, themes)
        0 for reports without the indicator.
    strata : ndarray, shape (strata, themes)
        Denominator of each of the indicator's strata.
    small : ndarray, shape (reports,)
        Root of n / (n - 1): deviations from the mean of a small stratum are that much too small.
    """

    numerator: np.ndarray
    denominator: np.ndarray
    strata: np.ndarray
    small: np.ndarray


def effect_slopes(design: Design, measure: int, themes: np.ndarray) -> Slopes:
    """Derivatives of numerator and denominator by the weight of each report.

    Parameters
    ----------
    design : Design
        The indicators.
    measure : int
        Which one.
    themes : ndarray, shape (reports, themes)
        1 where the report names the theme, or an unbiased estimate.

    Returns
    -------
    Slopes
        The numerators of a stratum add up to its numerator (it grows with its size).

    Examples
    --------
    >>> from toolkit.analysis.inference.effects import Measure, build_design
    >>> y = Measure("late", "", "binary", np.array([1.0, 0.0, 1.0, 0.0]))
    >>> slopes = effect_slopes(build_design([y], np.zeros(4, dtype=int)), 0, np.array([[1.0], [0.0], [1.0], [1.0]]))
    >>> slopes.numerator.sum().round(3).item(), slopes.strata.ravel().tolist()
    (0.5, [0.75])
    """
    sums = design.sums[design.rows(measure)]
    size = design.size[design.rows(measure), None]
    scores = design.scores[:, [measure]]
    per_report = sums.T
    m, numerator = sums @ themes, sums @ (scores * themes)
    square = m**2 + sums @ (themes - themes**2)
    above = _theme_scores(design.values[:, measure], sums, themes)
    d_numerator = scores * themes - per_report @ (1 / size) * above - per_report @ (numerator / size)
    seen = per_report @ np.ones_like(size)
    shrink = per_report @ (1 / size)
    bend = 2 * shrink * (themes * (per_report @ m) + themes - themes**2)
    d_denominator = seen * themes - bend + per_report @ (square / size**2)
    small = per_report @ np.sqrt(size / np.maximum(size - 1, 1))
    return Slopes(d_numerator, d_denominator, m - square / size, small[:, 0])


def spread_slopes(design: Design, measure: int, themes: np.ndarray) -> np.ndarray:
    """Derivative of the effect's denominator by each report's theme (not by its weight).

    Parameters
    ----------
    design, measure, themes
        As for `effect_slopes`.

    Returns
    -------
    ndarray, shape (reports, themes)
        0 for reports without the indicator.

    Examples
    --------
    >>> from toolkit.analysis.inference.effects import Measure, build_design
    >>> y = Measure("late", "", "binary", np.array([1.0, 0.0, 1.0, 0.0]))
    >>> design = build_design([y], np.zeros(4, dtype=int))
    >>> spread_slopes(design, 0, np.array([[1.0], [0.0], [1.0], [0.0]])).ravel().tolist()
    [0.25, -0.25, 0.25, -0.25]
    """
    sums = design.sums[design.rows(measure)]
    size = design.size[design.rows(measure), None]
    up = sums.T
    return up @ np.ones_like(size) - (up @ (1 / size)) * (2 * (up @ (sums @ themes)) + 1 - 2 * themes)


def _theme_scores(values: np.ndarray, sums: sparse.csr_array, themes: np.ndarray) -> np.ndarray:
    """Q_a: weight of the theme below each report less that above, inside its stratum."""
    row, report = sums.tocoo().coords
    order = np.lexsort((values[report], row))
    row, report = row[order], report[order]
    new_stratum = np.append(True, np.diff(row) != 0)
    new_value = new_stratum | np.append(True, np.diff(values[report]) != 0)
    total = np.vstack([np.zeros((1, themes.shape[1])), np.cumsum(themes[report], axis=0)])
    (first, last), (start, end) = _bounds(new_value), _bounds(new_stratum)
    out = np.zeros_like(themes)
    out[report] = total[first] + total[last] - total[start] - total[end]
    return out


def _bounds(new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and past-the-last position of the run each position is in."""
    starts = np.flatnonzero(new)
    run = np.cumsum(new) - 1
    return starts[run], np.append(starts[1:], len(new))[run]


def odds_slopes(design: Design, measure: int, themes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The Mantel–Haenszel odds ratio and the derivative of its logarithm.

    Parameters
    ----------
    design, measure, themes
        As for `effect_slopes`; the measure is binary.

    Returns
    -------
    ratio : ndarray, shape (themes,)
        Infinite or 0 where a cell is empty in every stratum.
    slope : ndarray, shape (reports, themes)
        NaN there.

    Examples
    --------
    >>> from toolkit.analysis.inference.effects import Measure, build_design
    >>> y = Measure("late", "", "binary", np.array([1.0, 1, 0, 1, 0, 0]))
    >>> x = np.array([[1.0], [1], [1], [0], [0], [0]])
    >>> ratio, slope = odds_slopes(build_design([y], np.zeros(6, dtype=int)), 0, x)
    >>> ratio.tolist(), slope.sum(axis=0).round(9).tolist()
    ([4.0], [0.0])
    """
    sums = design.sums[design.rows(measure)]
    size = design.size[design.rows(measure), None]
    seen = np.isfinite(design.values[:, [measure]])
    y = np.nan_to_num(design.values[:, [measure]])
    with_yes, with_no = themes * y, themes * (1 - y) * seen
    else_yes, else_no = (1 - themes) * y, (1 - themes) * (1 - y) * seen
    top, d_top = _product(sums, size, with_yes, else_no)
    bottom, d_bottom = _product(sums, size, with_no, else_yes)
    with np.errstate(invalid="ignore", divide="ignore"):
        return top / bottom, d_top / top - d_bottom / bottom


def _product(
    sums: sparse.csr_array, size: np.ndarray, one: np.ndarray, other: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Sum over strata of (count of one)(count of other) / n, and its derivative."""
    a, b, up = sums @ one, sums @ other, sums.T
    slope = one * (up @ (b / size)) + other * (up @ (a / size)) - up @ (a * b / size**2)
    return (a * b / size).sum(axis=0), slope
