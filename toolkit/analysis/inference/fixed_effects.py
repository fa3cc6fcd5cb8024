"""Fixed effects: entered as columns, or swept out of a linear model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.errors import InputError

#: With more columns than this the fixed effects of a model that is not linear are too many to estimate.
MANY_DUMMIES = 600


def dummies(codes: Sequence[np.ndarray], effects: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """A column for every category but the first of each fixed effect.

    Parameters
    ----------
    codes : sequence of ndarray of int, shape (n,)
        Category of each row.
    effects : sequence of str
        Names of the effects.

    Returns
    -------
    columns : ndarray, shape (n, columns)
    labels : list of str

    Raises
    ------
    InputError
        More than `MANY_DUMMIES` columns.

    Examples
    --------
    >>> dummies([np.array([0, 1, 2])], ["year"])[1]
    ['year=1', 'year=2']
    """
    total = sum(int(code.max()) for code in codes)
    if total > MANY_DUMMIES:
        raise InputError(f"{total} fixed effects in a model that is not linear", 'use model="lpm"')
    parts, labels = [np.empty((len(codes[0]) if codes else 0, 0))], []
    for code, effect in zip(codes, effects, strict=True):
        values = np.arange(1, code.max() + 1)
        parts.append((code[:, None] == values).astype(float))
        labels += [f"{effect}={v}" for v in values]
    return np.hstack(parts), labels


def degrees_absorbed(codes: Sequence[np.ndarray], clusters: np.ndarray) -> int:
    """Degrees of freedom that swept-out effects cost.

    Parameters
    ----------
    codes : sequence of ndarray of int, shape (n,)
        Category of each row in each effect.
    clusters : ndarray, shape (n,)
        Cluster of each row; an effect nested in clusters costs none beyond the
        constant (Cameron & Miller 2015).

    Returns
    -------
    int
        Exact up to `MANY_DUMMIES` categories, above that at most a few too many.

    Examples
    --------
    >>> year, agency = np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])
    >>> degrees_absorbed([agency, year], clusters=agency)
    2
    """
    free = [code for code in codes if pd.Series(clusters).groupby(code).nunique().gt(1).any()]
    total = sum(int(code.max()) for code in free)
    if total > MANY_DUMMIES:
        return total + 1
    columns, _ = dummies(free, ["effect"] * len(free))
    return len(independent_columns(np.column_stack([np.ones(len(clusters)), *columns.T])))


def swept_out(columns: np.ndarray, codes: Sequence[np.ndarray], rounds: int = 10_000) -> np.ndarray:
    """Take the means of every fixed effect out, in turn until nothing changes.

    Parameters
    ----------
    columns : ndarray, shape (n, columns)
        Outcome and terms.
    codes : sequence of ndarray of int, shape (n,)
        Group of each row in each fixed effect.
    rounds : int
        Limit of the rounds.

    Returns
    -------
    ndarray, shape (n, columns)

    Examples
    --------
    >>> swept_out(np.array([[1.0], [3.0], [10.0]]), [np.array([0, 0, 1])]).ravel().tolist()
    [-1.0, 1.0, 0.0]
    """
    out = columns.astype(float).copy()
    scale = np.maximum(out.std(axis=0), 1e-12)
    for _ in range(rounds):
        before = out.copy()
        for code in codes:
            size = np.bincount(code)
            out -= np.column_stack([np.bincount(code, c) / size for c in out.T])[code]
        if len(codes) == 1 or np.all(np.abs(out - before) <= 1e-11 * scale):
            break
    return out


def independent_columns(x: np.ndarray) -> list[int]:
    """Columns that are no combination of those before them.

    Parameters
    ----------
    x : ndarray, shape (n, columns)

    Returns
    -------
    list of int

    Examples
    --------
    >>> independent_columns(np.array([[1.0, 2.0, 0.0], [1.0, 2.0, 1.0], [1.0, 2.0, 5.0]]))
    [0, 2]
    """
    norm = np.sqrt((x**2).sum(axis=0))
    kept: list[int] = []
    basis = np.empty((len(x), 0))
    for i in np.flatnonzero(norm > 1e-9):
        rest = x[:, i] / norm[i]
        for _ in range(2):
            rest = rest - basis @ (basis.T @ rest)
        length = np.sqrt(rest @ rest)
        if length > 1e-7:
            kept.append(int(i))
            basis = np.column_stack([basis, rest / length])
    return kept
