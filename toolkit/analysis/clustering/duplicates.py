"""Near-duplicates among statements weighed down, so that a text copied by many makes no cluster of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from toolkit.narrative.overlap import lay_out, likely_pairs, resemblance
from toolkit.narrative.shingles import characters

# Short enough for statements of ten characters, long enough that 公开不及时 alone links nothing.
_LENGTH = 4


def duplicate_groups(texts: pd.Series, alike: float = 0.8) -> np.ndarray:
    """Return a number for each statement; near-duplicates have the same.

    Parameters
    ----------
    texts : Series of str
    alike : float, default 0.8
        From which resemblance on (shared runs of four characters over all of both)
        two texts are near-duplicates. Punctuation, blanks, script and the value of
        numbers do not count.

    Examples
    --------
    >>> duplicate_groups(pd.Series(["更新不及时。", "更新不及時", "人手紧张"])).tolist()
    [1, 1, 0]
    """
    codes = {text: characters(text).codes for text in dict.fromkeys(texts)}
    same, spellings = pd.factorize(texts.map({text: code.tobytes() for text, code in codes.items()}), sort=True)
    distinct = [np.frombuffer(one, dtype=np.uint32) for one in spellings]
    count = len(distinct)
    laid = lay_out(distinct, np.zeros(count), np.arange(count), _LENGTH)
    pairs = likely_pairs(laid, np.zeros(count, dtype=np.int64), keep=1, sources=False)
    near = np.array([resemblance(laid, one, other) >= alike for one, other in pairs], dtype=bool)
    one, other = pairs[near].T
    links = coo_array((np.ones(len(one)), (one, other)), shape=(count, count))
    return connected_components(links, directed=False)[1][same].astype(np.int64)


def weights_of(groups: np.ndarray) -> np.ndarray:
    """Return a weight for each statement: a group of m near-duplicates weighs 1 + ln m together.

    Examples
    --------
    >>> weights_of(np.array([0, 0, 1])).round(3).tolist()
    [0.847, 0.847, 1.0]
    """
    size = np.bincount(groups)[groups]
    return (1 + np.log(size)) / size
