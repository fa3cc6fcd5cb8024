"""The dictionary that jieba ships, and the search for the most probable words.

Read directly: jieba's own loading trusts a cache file in the temp folder
unchecked, and its module-level state belongs to whoever used it first. Source:
jieba 0.42.1 (MIT), whose dictionary, path search and hidden Markov model give
the words here.
"""

from __future__ import annotations

import hashlib
import importlib.util
import math
import re
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from toolkit.errors import SourceError

Term = tuple[str, int, str]

# What lies between blocks can be part of no word.
BLOCK = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+|[^\s\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]")
_UNIT = re.compile(r"[a-zA-Z0-9]+|.", re.DOTALL)
_LATIN = re.compile(r"[a-zA-Z0-9]")
_RUNS = re.compile(r"[\u4E00-\u9FD5]+|[a-zA-Z0-9]+(?:\.\d+)?%?|[^\u4E00-\u9FD5a-zA-Z0-9]+")


class Dictionary(NamedTuple):
    """Log probabilities of words (None: no word, but one begins so), and that of an unknown character."""

    weights: dict[str, float | None]
    unknown: float


def cut_block(block: str, dictionary: Dictionary, hmm: bool = False) -> tuple[str, ...]:
    """Return the most probable words of an unbroken piece of text; joined they are the piece.

    A run of digits and Latin letters is one unit, so no word begins or ends
    inside it. Memory is some 50 bytes a character, however long the piece.

    Examples
    --------
    >>> cut_block("政务公开工作不及时", build(()))
    ('政务', '公开', '工作', '不', '及时')
    """
    units = _UNIT.findall(block) if _LATIN.search(block) else block
    words = _follow(units, _best_path(units, dictionary))
    return tuple(_with_hmm(words, dictionary) if hmm else words)


def is_word(piece: str) -> bool:
    """Tell words from punctuation.

    Examples
    --------
    >>> is_word("12345热线"), is_word("、")
    (True, False)
    """
    return any(character.isalnum() for character in piece)


@lru_cache(maxsize=1)
def _shipped() -> tuple[bytes, str]:
    """Return jieba's dictionary as shipped, found without importing jieba, whose import warns and logs."""
    package = importlib.util.find_spec("jieba")
    folders = (package and package.submodule_search_locations) or []
    for folder in folders:
        path = Path(folder) / "dict.txt"
        if path.is_file():
            content = path.read_bytes()
            return content, hashlib.sha256(content).hexdigest()
    raise SourceError("jieba's dictionary dict.txt was not found", "install jieba again")


def shipped_digest() -> str:
    """Return the SHA-256 of jieba's dictionary as installed here.

    Examples
    --------
    >>> shipped_digest()[:12]
    '7197c3211ddd'
    """
    return _shipped()[1]


@lru_cache(maxsize=1)
def _frequencies() -> dict[str, int]:
    lines = (line.split(" ") for line in _shipped()[0].decode("utf-8").splitlines())
    return {line[0]: int(line[1]) for line in lines}


@lru_cache(maxsize=1)
def _parts_of_speech() -> dict[str, str]:
    lines = (line.split(" ") for line in _shipped()[0].decode("utf-8").splitlines())
    return {line[0]: line[2] for line in lines}


def part_of_speech(word: str) -> str:
    """Return the dictionary's part of speech; m for digits, eng for Latin letters, x for the unknown.

    Examples
    --------
    >>> part_of_speech("公开"), part_of_speech("12"), part_of_speech("龘龘")
    ('ad', 'm', 'x')
    """
    if word.isascii():
        return "m" if word.isdigit() else "eng"
    return _parts_of_speech().get(word, "x")


@lru_cache(maxsize=4)
def build(terms: tuple[Term, ...]) -> Dictionary:
    """Return log probabilities of words, and None for what only begins one; shared by equal settings.

    Parameters
    ----------
    terms : tuple of (word, frequency, part of speech)
        Laid over jieba's words.

    Examples
    --------
    >>> build((("依申请公开", 30000, "n"),)).weights["依申请"] is None
    True
    """
    frequencies = dict(_frequencies())
    # As jieba counts: a term the dictionary has already is counted again.
    total = sum(frequencies.values()) + sum(frequency for _, frequency, _ in terms)
    frequencies.update((word, frequency) for word, frequency, _ in terms)
    log_total = math.log(total)
    logs = {frequency: math.log(frequency) - log_total for frequency in set(frequencies.values()) if frequency}
    weights: dict[str, float | None] = {word: logs.get(frequency) for word, frequency in frequencies.items()}
    for word in frequencies:
        for size in range(len(word) - 1, 0, -1):
            if word[:size] in weights:
                break
            weights[word[:size]] = None
    return Dictionary(weights, math.log(1) - log_total)


def _best_path(units: list[str] | str, dictionary: Dictionary) -> list[int]:
    """Return where the word that begins at each unit ends on the most probable path (jieba's ``calc``)."""
    weights, unknown = dictionary
    count = len(units)
    score = [0.0] * (count + 1)
    ends = [0] * count
    text = isinstance(units, str)
    for start in range(count - 1, -1, -1):
        best, end, stop = -math.inf, start + 1, start + 1
        piece = units[start]
        while piece in weights:
            weight = weights[piece]
            # Of equal paths the longer word wins, as in jieba.
            if weight is not None and weight + score[stop] >= best:
                best, end = weight + score[stop], stop
            if stop == count:
                break
            piece = units[start : stop + 1] if text else piece + units[stop]  # type: ignore[assignment]
            stop += 1
        score[start] = unknown + score[start + 1] if best == -math.inf else best
        ends[start] = end
    return ends


def _follow(units: list[str] | str, ends: list[int]) -> Iterator[str]:
    start = 0
    while start < len(units):
        yield "".join(units[start : ends[start]])
        start = ends[start]


def _with_hmm(words: Iterable[str], dictionary: Dictionary) -> Iterator[str]:
    loose = ""
    for word in words:
        if len(word) == 1 or (word.isascii() and word.isalnum()):
            loose += word
            continue
        yield from _recognised(loose, dictionary)
        loose = ""
        yield word
    yield from _recognised(loose, dictionary)


def _recognised(loose: str, dictionary: Dictionary) -> Iterator[str]:
    if dictionary.weights.get(loose) is not None:
        yield from _UNIT.findall(loose)
        return
    for run in _RUNS.findall(loose):
        if "\u4e00" <= run[0] <= "\u9fd5":
            # The library's search is quadratic; what is longer is no language.
            for start in range(0, len(run), 1000):
                yield from _viterbi_words(run[start : start + 1000])
        else:
            yield run


def _viterbi_words(run: str) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from jieba import finalseg
    # Below jieba's own cut(), whose forced splits any del_word() in the process changes.
    _, states = finalseg.viterbi(run, "BMES", finalseg.start_P, finalseg.trans_P, finalseg.emit_P)
    start = 0
    for place, state in enumerate(states, 1):
        if state in "ES" or place == len(run):
            yield run[start:place]
            start = place
