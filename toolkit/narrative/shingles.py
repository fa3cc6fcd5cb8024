"""Texts as shingles: which stretches of characters stand in another text as well.

A shingle is a run of characters of fixed length. Only letters, Chinese
characters and figures count, in one spelling, and every number is one sign, so
that new punctuation, line breaks or an updated year do not hide a copy.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import numpy as np

from toolkit.reports.folding import same_length

# Long enough that 政府信息公开工作 and the like alone are no reuse.
LENGTH = 12

_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_HEADING = re.compile(
    r"^[ \t]*(?:[((]?[一二三四五六七八九十\d]{1,3}[))、.]?[ \t]*)?[^。;;,,\n]{0,24}"
    r"(?:问题|不足|情况|措施|打算|方向)[::]?[ \t]*$",
    re.MULTILINE,
)


class Characters(NamedTuple):
    """The characters of a text that count, and where each stands in it."""

    codes: np.ndarray
    places: np.ndarray


def characters(text: str) -> Characters:
    """Return what counts of a text: no punctuation, no blanks, no formulaic sub-headings.

    Examples
    --------
    >>> found = characters("一、存在的主要問題\\n2023年,更新不及時。")
    >>> "".join(map(chr, found.codes)), found.places[:2].tolist()
    ('0年更新不及时', [10, 14])
    """
    folded = same_length(text)
    codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kept = _counting()[np.minimum(codes, 0x20000)]
    for heading in _HEADING.finditer(folded):
        kept[slice(*heading.span())] = False
    codes = _figures_alike(codes)
    figure = codes == ord("0")
    kept[1:] &= ~(figure[1:] & figure[:-1])
    places = np.flatnonzero(kept)
    return Characters(codes[places], places)


def shingles(codes: np.ndarray, length: int = LENGTH) -> np.ndarray:
    """Return the 64-bit hash of every run of ``length`` characters, by where it begins.

    Examples
    --------
    >>> found = shingles(characters("公开不及时,公开不及时").codes, 5)
    >>> len(found), bool(found[0] == found[5])
    (6, True)
    """
    count = max(len(codes) - length + 1, 0)
    hashes = np.zeros(count, dtype=np.uint64)
    wide = codes.astype(np.uint64)
    for step in range(length):
        hashes *= _BASE
        hashes += wide[step : step + count]
    return mixed(hashes)


def mixed(hashes: np.ndarray, key: np.ndarray | int = 0) -> np.ndarray:
    """Return hashes scattered over 64 bits, differently for every key (splitmix64).

    Examples
    --------
    >>> one = np.array([1], dtype=np.uint64)
    >>> bool(mixed(one, 1) == mixed(one, 2))
    False
    """
    hashes = hashes ^ (np.atleast_1d(key).astype(np.uint64) * _BASE)
    hashes = (hashes ^ (hashes >> np.uint64(30))) * _MIX[0]
    hashes = (hashes ^ (hashes >> np.uint64(27))) * _MIX[1]
    return hashes ^ (hashes >> np.uint64(31))


def covered(shared: np.ndarray, length: int, count: int) -> np.ndarray:
    """Return which of ``count`` characters lie in a shingle that is shared.

    Examples
    --------
    >>> covered(np.array([False, True, False]), 2, 4).tolist()
    [False, True, True, False]
    """
    edges = np.zeros(count + 1, dtype=np.int32)
    edges[: len(shared)] += shared
    edges[length : length + len(shared)] -= shared[: max(count + 1 - length, 0)]
    return np.cumsum(edges)[:count] > 0


def shared_share(codes: np.ndarray, source: np.ndarray, length: int = LENGTH) -> float:
    """Return the share of a text's characters that lie in shingles of the source (exact).

    Examples
    --------
    >>> new, old = characters("公开不及时,人员少").codes, characters("仍有公开不及时").codes
    >>> shared_share(new, old, length=4)
    0.625
    """
    if len(codes) < length:
        return float("nan")
    shared = np.isin(shingles(codes, length), shingles(source, length))
    return float(covered(shared, length, len(codes)).mean())


@cache
def _counting() -> np.ndarray:
    """Return a table of which characters count; beyond the basic planes all do (rare Chinese characters)."""
    return np.array([chr(code).isalnum() for code in range(0x20000)] + [True])


def _figures_alike(codes: np.ndarray) -> np.ndarray:
    return np.where((codes >= ord("0")) & (codes <= ord("9")), np.uint32(ord("0")), codes)
