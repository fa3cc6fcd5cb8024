"""Many texts at once: which of their characters stand in others, exactly and in bounded memory.

Hashes of shingles are made block by block, and compared bucket by bucket of
their values, so that memory grows with the characters of the texts (some eight
bytes each) and not with their shingles or pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from toolkit.narrative.shingles import covered, mixed, shingles

# A year that is not known: later than all, so that such a text is nobody's source by mistake.
UNKNOWN_YEAR = 10**6

_BLOCK = 2_000_000
_BUCKET = 6_000_000
_SAMPLE = 4_000_000
_NEAR = range(1, 25)


class Texts(NamedTuple):
    """Texts laid end to end, earlier years first.

    ``codes`` holds the characters of all, text i from ``starts[i]`` to
    ``starts[i + 1]``. Texts of one ``unit`` (an agency's reports of one year)
    are never each other's source.
    """

    codes: np.ndarray
    starts: np.ndarray
    years: np.ndarray
    units: np.ndarray
    length: int

    def text(self, place: int) -> np.ndarray:
        """Return the characters of one text.

        Examples
        --------
        >>> lay_out([np.arange(3), np.arange(5)], [2020, 2021], [0, 1], 3).text(1).tolist()
        [0, 1, 2, 3, 4]
        """
        return self.codes[self.starts[place] : self.starts[place + 1]]


def lay_out(
    codes: Sequence[np.ndarray], years: Sequence[int] | np.ndarray, units: Sequence[int] | np.ndarray, length: int
) -> Texts:
    """Return texts as one table; they must come in the order of their years.

    Examples
    --------
    >>> lay_out([np.arange(3), np.arange(5)], [2020, 2021], [0, 1], 3).starts.tolist()
    [0, 3, 8]
    """
    starts = np.concatenate([[0], np.cumsum([len(one) for one in codes])]).astype(np.int64)
    joined = np.concatenate([np.zeros(0, np.uint32), *codes]).astype(np.uint32)
    return Texts(joined, starts, np.asarray(years, np.int64), np.asarray(units, np.int64), length)


def elsewhere(texts: Texts, keys: np.ndarray) -> np.ndarray:
    """Return, for every character, whether it lies in a shingle that another text of its key has.

    Parameters
    ----------
    texts : Texts
    keys : array of int
        Texts are compared with texts of the same key only; below 0 with none.

    Notes
    -----
    A source is of the same or an earlier year and of another unit. Exact, up to
    two different shingles having one hash of 64 bits.

    Examples
    --------
    >>> texts = lay_out([np.array([1, 2, 3, 4]), np.array([9, 2, 3, 4])], [2020, 2021], [0, 1], 3)
    >>> elsewhere(texts, np.zeros(2, int)).astype(int).tolist()
    [0, 0, 0, 0, 0, 1, 1, 1]
    """
    shared = np.zeros(len(texts.codes), dtype=bool)
    buckets = max(1, -(-len(texts.codes) // _BUCKET))
    for bucket in range(buckets):
        parts = [_picked(texts, first, last, keys, buckets, bucket) for first, last in _blocks(texts)]
        hashes, places, owners = _joined(parts)
        if len(hashes):
            order = np.argsort(hashes, kind="stable")
            owner = owners[order]
            shared[places[order]] = has_source(hashes[order], texts.years[owner], texts.units[owner])
    return _covered_everywhere(texts, shared)


def has_source(values: np.ndarray, years: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Return for each entry whether its value is there in another unit, not later.

    ``values`` are sorted, and entries of one value by year. An entry's unit
    tells its year.

    Examples
    --------
    >>> has_source(np.array([5, 5, 7]), np.array([2020, 2021, 2021]), np.array([0, 1, 1])).tolist()
    [False, True, False]
    """
    first = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    group = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(values))))
    first_unit = units[first][group]
    rival = (years == years[first][group]) & (units != first_unit)
    return (units != first_unit) | np.logical_or.reduceat(rival, first)[group]


def inside(texts: Texts, sources: Sequence[Sequence[int]]) -> np.ndarray:
    """Return, for every character, whether it lies in a shingle of its text's own listed sources.

    Examples
    --------
    >>> texts = lay_out([np.array([1, 2, 3, 4]), np.array([9, 2, 3, 4])], [2020, 2021], [0, 1], 3)
    >>> inside(texts, [[], [0]]).astype(int).tolist()
    [0, 0, 0, 0, 0, 1, 1, 1]
    """
    result = np.zeros(len(texts.codes), dtype=bool)
    for place, listed in enumerate(sources):
        if listed:
            own = texts.text(place)
            theirs = np.concatenate([shingles(texts.text(source), texts.length) for source in listed])
            shared = np.isin(shingles(own, texts.length), theirs)
            result[texts.starts[place] : texts.starts[place + 1]] = covered(shared, texts.length, len(own))
    return result


def shares(texts: Texts, marked: np.ndarray) -> np.ndarray:
    """Return the marked share of each text's characters; NaN where a text is too short to be compared.

    Examples
    --------
    >>> texts = lay_out([np.arange(4), np.arange(2)], [2020, 2020], [0, 1], 3)
    >>> shares(texts, np.array([True, True, True, False, True, True]))
    array([0.75,  nan])
    """
    sizes = np.diff(texts.starts)
    running = np.concatenate([[0], np.cumsum(marked, dtype=np.int64)])
    sums = running[texts.starts[1:]] - running[texts.starts[:-1]]
    result = np.full(len(sizes), np.nan)
    np.divide(sums, sizes, out=result, where=sizes >= texts.length)
    return result


def likely_pairs(
    texts: Texts, keys: np.ndarray, keep: int = 4, rate: int | None = None, sources: bool = True
) -> np.ndarray:
    """Return pairs (text, other) that share many shingles, the ``keep`` likeliest for each text.

    One shingle in ``rate`` is looked at (default: all of some four million),
    and of the texts that have it the earliest and the nearest in order, so a
    formula in every text makes no quadratic number of pairs. Candidates only: compare each pair exactly.

    Parameters
    ----------
    texts, keys
        As in ``elsewhere``.
    sources : bool, default True
        Whether the other must be able to be the source (not later, of another
        unit); else any earlier text in order.

    Examples
    --------
    >>> texts = lay_out([np.arange(20), np.arange(5, 30)], [2020, 2021], [0, 1], 3)
    >>> likely_pairs(texts, np.zeros(2, int), rate=1).tolist()
    [[1, 0]]
    """
    hashes, owners = _sample(texts, keys, rate or -(-len(texts.codes) // _SAMPLE) or 1)
    if not len(hashes):
        return np.zeros((0, 2), dtype=np.int64)
    first = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]]))
    heads = np.repeat(first, np.diff(np.append(first, len(hashes))))
    by_owner = np.argsort(owners, kind="stable")
    edges = np.searchsorted(owners[by_owner], np.arange(len(texts.years) + 1))
    found = []
    for start, stop in _blocks(texts, _BLOCK // 8):
        entries = by_owner[edges[start] : edges[stop]]
        pairs, counts = np.unique(_met(entries, hashes, owners, heads), return_counts=True)
        pairs = np.stack([pairs >> 32, pairs & 0xFFFFFFFF], axis=1)
        found.append(_likeliest(texts, pairs, counts, keep, sources))
    return np.concatenate(found)


def best_sources(texts: Texts, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each text the place of the other that covers most of it (-1: none), and that exact share.

    Examples
    --------
    >>> texts = lay_out([np.arange(20), np.arange(5, 30)], [2020, 2021], [0, 1], 3)
    >>> best_sources(texts, np.array([[1, 0]]))
    (array([-1,  0]), array([nan, 0.6]))
    """
    best, share = np.full(len(texts.years), -1), np.full(len(texts.years), np.nan)
    values, inverse, last = np.zeros(0, np.uint64), np.zeros(0, np.int64), -1
    for text, other in pairs:
        if text != last:
            values, inverse = np.unique(shingles(texts.text(text), texts.length), return_inverse=True)
            last = text
        shared = _present(values, shingles(texts.text(other), texts.length))[inverse]
        one = covered(shared, texts.length, len(texts.text(text))).mean()
        if one > 0 and not one <= share[text]:
            best[text], share[text] = other, one
    return best, share


def resemblance(texts: Texts, one: int, other: int) -> float:
    """Return the shingles two texts share as a share of all they have (Jaccard, exact).

    Examples
    --------
    >>> texts = lay_out([np.arange(20), np.arange(5, 30)], [2020, 2021], [0, 1], 3)
    >>> round(resemblance(texts, 0, 1), 3)
    0.464
    """
    mine, theirs = (np.unique(shingles(texts.text(place), texts.length)) for place in (one, other))
    common = int(_present(mine, theirs).sum()) if len(mine) else 0
    either = len(mine) + len(theirs) - common
    return common / either if either else float("nan")


def _present(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return which of the sorted values are among the others."""
    places = np.minimum(np.searchsorted(values, others), len(values) - 1)
    result = np.zeros(len(values), dtype=bool)
    result[places[values[places] == others]] = True
    return result


def _blocks(texts: Texts, size: int = _BLOCK) -> Iterator[tuple[int, int]]:
    start, count = 0, len(texts.years)
    while start < count:
        stop = int(np.searchsorted(texts.starts, texts.starts[start] + size, side="right")) - 1
        stop = min(max(stop, start + 1), count)
        yield start, stop
        start = stop


def _hashed(texts: Texts, start: int, stop: int, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return hash, place and owner of the shingles of some texts, none across the end of one."""
    begin, end = texts.starts[start], texts.starts[stop]
    hashes = shingles(texts.codes[begin:end], texts.length)
    places = np.arange(begin, begin + len(hashes))
    owners = np.repeat(np.arange(start, stop), np.diff(texts.starts[start : stop + 1]))[: len(hashes)]
    whole = (places + texts.length <= texts.starts[owners + 1]) & (keys[owners] >= 0)
    hashes, places, owners = hashes[whole], places[whole], owners[whole]
    return mixed(hashes, keys[owners]), places, owners


def _picked(
    texts: Texts, start: int, stop: int, keys: np.ndarray, buckets: int, bucket: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    hashes, places, owners = _hashed(texts, start, stop, keys)
    chosen = hashes % np.uint64(buckets) == bucket if buckets > 1 else slice(None)
    return hashes[chosen], places[chosen], owners[chosen]


def _joined(parts: Sequence[tuple[np.ndarray, ...]]) -> list[np.ndarray]:
    if not parts:
        return [np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int64)]
    return [np.concatenate(part) for part in zip(*parts)]


def _covered_everywhere(texts: Texts, shared: np.ndarray) -> np.ndarray:
    result = np.zeros(len(shared), dtype=bool)
    for start, stop in _blocks(texts):
        span = slice(texts.starts[start], texts.starts[stop])
        # No shingle crosses the end of a text, so whole blocks can be covered at once.
        size = texts.starts[stop] - texts.starts[start]
        known = shared[span][: max(size - texts.length + 1, 0)]
        result[span] = covered(known, texts.length, size)
    return result


def _sample(texts: Texts, keys: np.ndarray, rate: int) -> tuple[np.ndarray, np.ndarray]:
    parts = []
    for start, stop in _blocks(texts):
        hashes, _, owners = _hashed(texts, start, stop, keys)
        chosen = hashes % np.uint64(rate) == 0
        parts.append((hashes[chosen], owners[chosen].astype(np.int32), owners[:0]))
    hashes, owners, _ = _joined(parts)
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    new = np.ones(len(hashes), dtype=bool)
    new[1:] = (hashes[1:] != hashes[:-1]) | (owners[1:] != owners[:-1])
    return hashes[new], owners[new]


def _met(entries: np.ndarray, hashes: np.ndarray, owners: np.ndarray, heads: np.ndarray) -> np.ndarray:
    """Return text and other (upper and lower half) of the nearest and the first texts with the same shingle."""
    pairs = []
    for step in _NEAR:
        first = heads[entries] + step - 1
        first = np.where(np.abs(first - entries) <= len(_NEAR), entries, first)
        for others in (entries - step, entries + step, first):
            others = np.clip(others, 0, len(hashes) - 1)
            same = (hashes[others] == hashes[entries]) & (others != entries)
            pairs.append(owners[entries[same]].astype(np.int64) << 32 | owners[others[same]])
    return np.concatenate(pairs)


def _likeliest(texts: Texts, pairs: np.ndarray, counts: np.ndarray, keep: int, sources: bool) -> np.ndarray:
    text, other = pairs[:, 0], pairs[:, 1]
    if sources:
        fit = (texts.years[other] <= texts.years[text]) & (texts.units[other] != texts.units[text])
    else:
        fit = other < text
    pairs, counts = pairs[fit], counts[fit]
    pairs = pairs[np.lexsort((pairs[:, 1], -counts, pairs[:, 0]))]
    first = np.searchsorted(pairs[:, 0], pairs[:, 0])
    return pairs[np.arange(len(pairs)) - first < keep]
