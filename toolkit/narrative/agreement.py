"""How far two coders agree, beyond chance and with intervals.

Percent agreement, Cohen's (1960) kappa and Krippendorff's alpha for nominal
codes (Krippendorff 2011, "Computing Krippendorff's alpha-reliability"), each
code against the rest and all together. The customary bounds are Krippendorff's:
alpha from .80 on is reliable, from .667 on allows tentative conclusions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd

from toolkit.errors import InputError

RELIABLE, TENTATIVE = 0.80, 0.667
OVERALL = "all"
_AT_A_TIME = 5_000_000

Codes: TypeAlias = pd.Series | pd.DataFrame | Sequence[str | None]


def agreement(
    coder_a: Codes,
    coder_b: Codes,
    codes: Iterable[str] | None = None,
    cluster: pd.Series | Sequence[object] | None = None,
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare the codes that two coders gave to the same statements.

    Parameters
    ----------
    coder_a, coder_b : Series, DataFrame or sequence of codes
        A Series is matched by its index; a DataFrame has ``code`` and is matched by
        ``statement`` if it has that column, else by its index; sequences by position.
    codes : iterable of str, optional
        The categories to report, also unused ones; by default those used.
    cluster : Series or sequence, optional
        What is resampled together: the report or the agency of each statement,
        matched as ``coder_a`` is. Without it statements are resampled, which
        makes intervals too narrow if a report holds several.
    resamples : int, default 1000
        Bootstrap samples; 0 leaves the intervals missing.
    level : float, default .95
    seed : int, default 0

    Returns
    -------
    DataFrame
        One row for all codes together (``code`` is ``all``), then one for each
        code against the rest: code, n (statements that both coded), n_a and n_b
        (how often each gave it), percent, kappa, alpha (0 to 1, each with
        ``_low`` and ``_high``), verdict (reliable | tentative | unreliable, by
        alpha's value). Kappa, alpha and verdict are missing where nobody's codes vary.

    Raises
    ------
    InputError
        If the coders share no statement, an index repeats, or lengths differ.

    Examples
    --------
    >>> a = ["staffing", "staffing", "timeliness", "timeliness", "platform", "platform"]
    >>> b = ["staffing", "staffing", "timeliness", "platform", "platform", "platform"]
    >>> table = agreement(a, b)
    >>> table[["code", "n", "percent", "kappa", "alpha", "verdict"]].round(3)
             code  n  percent  kappa  alpha     verdict
    0         all  6    0.833  0.750  0.766   tentative
    1    platform  6    0.833  0.667  0.686   tentative
    2    staffing  6    1.000  1.000  1.000    reliable
    3  timeliness  6    0.833  0.571  0.593  unreliable
    """
    pairs = _pairs(coder_a, coder_b, cluster)
    used = set(pairs["a"]) | set(pairs["b"])
    wanted = sorted(used) if codes is None else list(codes)
    names = sorted(used | set(wanted))
    cells = _cells(pairs, names)
    drawn = _resample(cells, cluster is not None, resamples, np.random.default_rng(seed))
    observed = cells.sum(axis=0, keepdims=True)
    rows = [_row(OVERALL, observed, drawn, level)]
    for code in wanted:
        at = names.index(code)
        rows.append(_row(code, _against_rest(observed, at), _against_rest(drawn, at), level))
    return pd.DataFrame(rows)


def krippendorff_alpha(codes: pd.DataFrame) -> float:
    """Krippendorff's alpha for nominal codes, any number of coders, codes may be missing.

    Parameters
    ----------
    codes : DataFrame
        One row per statement, one column per coder. Statements that fewer
        than two coders coded do not count.

    Returns
    -------
    float
        1 is perfect, 0 what chance gives; NaN if the codes do not vary.

    Examples
    --------
    The fourth worked example of Krippendorff (2011): four observers, gaps.

    >>> table = pd.DataFrame({
    ...     "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    ...     "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    ...     "C": [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    ...     "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ... })
    >>> round(krippendorff_alpha(table), 3)
    0.743
    """
    long = codes.reset_index(drop=True).melt(ignore_index=False).dropna(subset="value")
    counts = pd.crosstab(long.index, long["value"]).to_numpy(dtype=float)
    counts = counts[counts.sum(axis=1) >= 2]
    if not counts.size:
        return float("nan")
    in_unit = counts.sum(axis=1)
    total, by_code = counts.sum(), counts.sum(axis=0)
    agreeing = ((counts * (counts - 1)).sum(axis=1) / (in_unit - 1)).sum()
    expected = (total**2 - (by_code**2).sum()) / (total - 1)
    return float(1 - (total - agreeing) / expected) if expected else float("nan")


def _pairs(coder_a: Codes, coder_b: Codes, cluster: pd.Series | Sequence[object] | None) -> pd.DataFrame:
    a, b = _series(coder_a, "coder_a"), _series(coder_b, "coder_b")
    by_position = [not isinstance(coder, pd.Series | pd.DataFrame) for coder in (coder_a, coder_b)]
    if any(by_position) and len(a) != len(b):
        raise InputError(f"coder_a has {len(a)} codes, coder_b {len(b)}", "pass Series with the statements as index")
    if any(by_position):
        a, b = a.reset_index(drop=True), b.reset_index(drop=True)
    table = pd.DataFrame({"a": a, "b": b})
    if cluster is not None:
        table = table.join(_clusters(cluster, a).rename("cluster"))
    both = table.dropna(subset=["a", "b"])
    if both.empty:
        raise InputError("the coders have no coded statement in common", "give both the same index of statements")
    return both.astype({"a": str, "b": str})


def _series(codes: Codes, name: str) -> pd.Series:
    if isinstance(codes, pd.DataFrame):
        if "code" not in codes:
            raise InputError(f"{name} has no column code", "pass what code_statements or import_coding returned")
        codes = codes.set_index("statement")["code"] if "statement" in codes else codes["code"]
    series = codes if isinstance(codes, pd.Series) else pd.Series(list(codes), dtype=object)
    if not series.index.is_unique:
        twice = series.index[series.index.duplicated()][0]
        raise InputError(f"{name} has more than one code for {twice!r}", "one row per statement")
    return series.astype(object)


def _clusters(cluster: pd.Series | Sequence[object], like: pd.Series) -> pd.Series:
    if isinstance(cluster, pd.Series) and cluster.index.isin(like.index).any():
        return cluster[~cluster.index.duplicated()]
    if len(cluster) != len(like):
        raise InputError(f"{len(cluster)} clusters for {len(like)} statements", "one cluster per statement")
    return pd.Series(list(cluster), index=like.index)


def _cells(pairs: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Confusion table (coder a × coder b) of each unit of resampling."""
    if "cluster" in pairs:
        if pairs["cluster"].isna().any():
            raise InputError("some statements have no cluster", "fill it or leave those statements out")
        units = pd.factorize(pairs["cluster"])[0]
    else:
        units = np.zeros(len(pairs), dtype=int)
    place = {name: at for at, name in enumerate(names)}
    cells = np.zeros((units.max() + 1, len(names), len(names)))
    np.add.at(cells, (units, pairs["a"].map(place).to_numpy(), pairs["b"].map(place).to_numpy()), 1)
    return cells


def _resample(cells: np.ndarray, clustered: bool, resamples: int, rng: np.random.Generator) -> np.ndarray:
    shape = cells.shape[1:]
    if not clustered:
        # Drawing statements with replacement is drawing from the cells of the table.
        counts = cells.sum(axis=0).ravel()
        drawn = rng.multinomial(int(counts.sum()), counts / counts.sum(), size=resamples)
        return drawn.reshape(-1, *shape).astype(float)
    flat, units = cells.reshape(len(cells), -1), len(cells)
    step = max(1, _AT_A_TIME // units)
    parts = [
        rng.multinomial(units, np.full(units, 1 / units), size=min(step, resamples - at)) @ flat
        for at in range(0, resamples, step)
    ]
    return np.concatenate(parts).reshape(-1, *shape) if parts else np.empty((0, *shape))


def _against_rest(tables: np.ndarray, at: int) -> np.ndarray:
    """Tables of one code against all others, 2 × 2."""
    both = tables[:, at, at]
    only_a, only_b = tables[:, at, :].sum(axis=1) - both, tables[:, :, at].sum(axis=1) - both
    neither = tables.sum(axis=(1, 2)) - both - only_a - only_b
    return np.stack([np.stack([both, only_a], axis=-1), np.stack([only_b, neither], axis=-1)], axis=1)


def _coefficients(tables: np.ndarray) -> dict[str, np.ndarray]:
    n = tables.sum(axis=(1, 2))
    by_a, by_b = tables.sum(axis=2), tables.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        same = np.trace(tables, axis1=1, axis2=2) / n
        chance = (by_a * by_b).sum(axis=1) / n**2
        given = by_a + by_b
        unlike = 1 - (given * (given - 1)).sum(axis=1) / (2 * n * (2 * n - 1))
        kappa = np.where(np.isclose(chance, 1), np.nan, (same - chance) / (1 - chance))
        alpha = np.where(np.isclose(unlike, 0), np.nan, 1 - (1 - same) / unlike)
    return {"percent": same, "kappa": kappa, "alpha": alpha}


def _row(code: str, observed: np.ndarray, drawn: np.ndarray, level: float) -> dict[str, object]:
    table = observed[0]
    gave_a, gave_b = (table.sum(), table.sum()) if code == OVERALL else (table[0].sum(), table[:, 0].sum())
    row: dict[str, object] = {"code": code, "n": int(table.sum()), "n_a": int(gave_a), "n_b": int(gave_b)}
    points, samples = _coefficients(observed), _coefficients(drawn)
    for name, point in points.items():
        low, high = _interval(samples[name], level) if not np.isnan(point[0]) else (np.nan, np.nan)
        row |= {name: float(point[0]), f"{name}_low": low, f"{name}_high": high}
    return row | {"verdict": verdict(row["alpha"])}  # type: ignore[arg-type]


def _interval(sample: np.ndarray, level: float) -> tuple[float, float]:
    defined = sample[~np.isnan(sample)]
    # A code so rare that half the samples lose it has no interval worth printing.
    if not sample.size or 2 * defined.size < sample.size:
        return np.nan, np.nan
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def verdict(alpha: float) -> str | None:
    """Krippendorff's customary reading of an alpha.

    Examples
    --------
    >>> verdict(0.81), verdict(0.7), verdict(0.5), verdict(float("nan"))
    ('reliable', 'tentative', 'unreliable', None)
    """
    if np.isnan(alpha):
        return None
    return "reliable" if alpha >= RELIABLE else "tentative" if alpha >= TENTATIVE else "unreliable"
