"""Clusters against codes: the table of both, V and the adjusted Rand index."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score, v_measure_score


class Overlap(NamedTuple):
    """How far clusters and codes agree.

    ``matrix`` counts statements (rows codes, columns clusters), ``v`` is the V-measure,
    ``ari`` the adjusted Rand index, ``n`` how many statements have both, ``source`` where
    the codes come from.
    """

    matrix: pd.DataFrame
    v: float
    ari: float
    n: int
    source: str


def overlap_with_codes(statements: pd.DataFrame, source: str) -> Overlap:
    """Return how far clusters and codes agree; statements without either do not count.

    Parameters
    ----------
    statements : DataFrame
        cluster, code.
    source : str
        Where the codes come from.

    Notes
    -----
    Rosenberg & Hirschberg (2007), "V-measure"; Hubert & Arabie (1985), "Comparing partitions".

    Examples
    --------
    >>> frame = pd.DataFrame({"cluster": [1, 1, 2, 2], "code": ["x", "x", "y", "x"]})
    >>> found = overlap_with_codes(frame, "column")
    >>> found.matrix.to_numpy().tolist(), round(found.v, 2), found.n
    ([[2, 1], [0, 1]], 0.34, 4)
    """
    both = statements.dropna(subset=["cluster", "code"])
    matrix = pd.crosstab(both["code"].astype(str), both["cluster"].astype(int))
    if not len(both):
        return Overlap(matrix, np.nan, np.nan, 0, source)
    codes, clusters = both["code"].astype(str), both["cluster"].astype(int)
    return Overlap(
        matrix, float(v_measure_score(codes, clusters)), float(adjusted_rand_score(codes, clusters)), len(both), source
    )
