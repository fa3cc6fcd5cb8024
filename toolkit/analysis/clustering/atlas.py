"""Statements on a plane, near ones near each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits


def places_on_map(frame: pd.DataFrame, vectors: np.ndarray, n: int, seed: int) -> pd.DataFrame:
    """Return at most n distinct texts with their places x and y; all medoids are among them.

    Parameters
    ----------
    frame : DataFrame
        medoid (bool), row (of ``vectors``) and place (order).
    vectors : array
    n, seed : int

    Notes
    -----
    One thread, since t-SNE carries differences of the last digit far.

    Examples
    --------
    >>> frame = pd.DataFrame({"medoid": [True, False, False, False], "row": range(4), "place": range(4)})
    >>> shown = places_on_map(frame, np.eye(4), 3, seed=0)
    >>> shown.columns.tolist(), len(shown), bool(shown["medoid"].any())
    (['medoid', 'row', 'place', 'x', 'y'], 3, True)
    """
    frame = frame.sort_values("medoid", ascending=False, kind="stable").drop_duplicates("row")
    if len(frame) > n:
        others = frame[~frame["medoid"]]
        drawn = others.sample(min(max(n - int(frame["medoid"].sum()), 0), len(others)), random_state=seed)
        frame = pd.concat([frame[frame["medoid"]], drawn])
    frame = frame.sort_values("place", kind="stable").reset_index(drop=True)
    wide = min(30.0, max((len(frame) - 1) / 3, 0.5))
    with threadpool_limits(1):
        model = TSNE(2, perplexity=wide, random_state=seed, init="random")
        places = model.fit_transform(vectors[frame["row"]].astype(np.float32))
    return frame.assign(x=places[:, 0], y=places[:, 1])
