"""Samples with known inclusion probabilities, the ground of every later correction."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.errors import InputError

ALL = "all"


def draw_sample(frame: pd.DataFrame, n: int, strata: str | list[str] | None = None, seed: int = 0) -> pd.DataFrame:
    """Draw rows at random, within strata if wanted, and note how likely each was.

    Parameters
    ----------
    frame : DataFrame
        What is drawn from; one row per unit.
    n : int
        How many; all if the frame has fewer.
    strata : str or list of str, optional
        Columns that make the strata. ``n`` is shared out in proportion to
        their sizes, each getting at least one row; missing values are a stratum.
    seed : int, default 0

    Returns
    -------
    DataFrame
        The rows drawn, in random order, with stratum and probability (rows
        drawn / rows in the stratum; 1 / probability is the weight).

    Raises
    ------
    InputError
        If ``n`` is below the number of strata, or a column is lacking.

    Examples
    --------
    >>> frame = pd.DataFrame({"level": ["county"] * 8 + ["township"] * 2})
    >>> sample = draw_sample(frame, n=5, strata="level")
    >>> sample[["stratum", "probability"]].value_counts().to_dict()
    {('county', 0.5): 4, ('township', 0.5): 1}
    """
    columns = [strata] if isinstance(strata, str) else list(strata or [])
    lacking = [column for column in columns if column not in frame]
    if lacking:
        raise InputError(f"there is no column {', '.join(lacking)} to make strata of", "name columns of the statements")
    stratum = _strata(frame, columns)
    sizes = stratum.value_counts().sort_index()
    if not 0 < len(sizes) <= n:
        raise InputError(f"{n} rows cannot be drawn from {len(sizes)} strata", "raise n, or take fewer strata")
    quota = _quota(sizes, min(n, len(frame)))
    rng = np.random.default_rng(seed)
    rows = [rng.choice(np.flatnonzero(stratum == name), size=quota[name], replace=False) for name in sizes.index]
    order = rng.permutation(np.concatenate(rows))
    drawn = stratum.iloc[order]
    return frame.iloc[order].assign(stratum=drawn, probability=drawn.map(quota / sizes).astype(float))


def _strata(frame: pd.DataFrame, columns: list[str]) -> pd.Series:
    if not columns:
        return pd.Series(ALL, index=frame.index)
    parts = frame[columns].astype(object).where(frame[columns].notna(), "missing").astype(str)
    return parts.agg("|".join, axis=1)


def _quota(sizes: pd.Series, n: int) -> pd.Series:
    """Shares in proportion to size, at least one each; the largest remainders first."""
    exact = sizes * n / sizes.sum()
    quota = np.floor(exact).clip(lower=1).astype(int)
    while quota.sum() < n:
        quota[(exact - quota).where(quota < sizes, -np.inf).idxmax()] += 1
    while quota.sum() > n:
        quota[(quota - exact).where(quota > 1, -np.inf).idxmax()] -= 1
    return quota
