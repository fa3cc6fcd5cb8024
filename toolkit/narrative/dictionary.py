"""A jieba of our own: its dictionary as shipped, the domain terms laid over it, and nobody else's state.

jieba trusts a cache file in the temp folder unchecked, and keeps forced splits
and patterns in its modules, where whatever else runs in the process can change
them. So its package is loaded a second time under a private name, and a
``Tokenizer`` of that copy is filled from the shipped file directly. Source:
jieba 0.42.1 (MIT).
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from toolkit.errors import SourceError

Term = tuple[str, int, str]

# What lies between blocks can be part of no word.
BLOCK = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+|[^\s\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]")

_PRIVATE_NAME = "_toolkit_jieba"
_RUN = re.compile("[a-zA-Z0-9]{2,}")
_ENDLESS_RUN = re.compile("([a-zA-Z0-9]{100,})")
_LONGEST_TERM = 50
_LONGEST_PIECE = 2000


def cut_block(block: str, tokenizer: Any, hmm: bool = False) -> tuple[str, ...]:
    """Return jieba's words of an unbroken piece of text; joined they are the piece.

    No word begins or ends inside a run of digits and Latin letters. jieba needs
    some 500 bytes a character and, with ``hmm``, time that grows with the
    square, so what is longer than 2,000 characters is cut in pieces between
    which no dictionary word lies.

    Examples
    --------
    >>> cut_block("政务公开工作不及时", build(()))
    ('政务', '公开', '工作', '不', '及时')
    """
    if len(block) <= _LONGEST_PIECE:
        return tuple(tokenizer.cut(block, HMM=hmm))
    words: list[str] = []
    for piece in _ENDLESS_RUN.split(block):
        if _ENDLESS_RUN.fullmatch(piece):
            words.append(piece)
            continue
        for part in _pieces(piece, tokenizer.FREQ):
            words.extend(tokenizer.cut(part, HMM=hmm))
    return tuple(words)


def search_words(word: str, tokenizer: Any) -> list[str]:
    """Return the dictionary's words of two and three characters inside a word, and the word (``cut_for_search``).

    Examples
    --------
    >>> search_words("依申请公开", build((("依申请公开", 30000, "n"),)))
    ['申请', '公开', '依申请公开']
    """
    # Cut a second time, alone, the Markov model could part a word that it had joined.
    whole = SimpleNamespace(FREQ=tokenizer.FREQ, cut=lambda word, HMM: (word,))
    return list(type(tokenizer).cut_for_search(whole, word))


def is_word(piece: str) -> bool:
    """Tell words from punctuation.

    Examples
    --------
    >>> is_word("12345热线"), is_word("、")
    (True, False)
    """
    return piece.isalnum() or any(map(str.isalnum, piece))


@lru_cache(maxsize=1)
def shipped_digest() -> str:
    """Return the SHA-256 of jieba's dictionary as installed here.

    Examples
    --------
    >>> shipped_digest()[:12]
    '7197c3211ddd'
    """
    return hashlib.sha256(_shipped().read_bytes()).hexdigest()


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
def build(terms: tuple[Term, ...]) -> Any:
    """Return a private ``jieba.Tokenizer`` with the terms laid over jieba's words; shared by equal settings.

    Parameters
    ----------
    terms : tuple of (word, frequency, part of speech)
        A term the dictionary has already is counted again, as jieba does.

    Examples
    --------
    >>> build((("依申请公开", 30000, "n"),)).lcut("依申请公开", HMM=False)
    ['依申请公开']
    """
    tokenizer = _private_jieba().Tokenizer()
    frequencies, total = _frequencies()
    # Not add_word: a frequency of 0 would force a split on every tokenizer.
    tokenizer.FREQ = {**frequencies, **{word: frequency for word, frequency, _ in terms}}
    tokenizer.total = total + sum(frequency for _, frequency, _ in terms)
    for word, _, _ in terms:
        for size in range(1, len(word)):
            tokenizer.FREQ.setdefault(word[:size], 0)
    tokenizer.get_DAG = partial(_ways_around_runs, tokenizer.get_DAG)
    # Said to be ready, it reads and writes no cache file and logs nothing.
    tokenizer.initialized = True
    return tokenizer


def _ways_around_runs(ways_of: Callable[[str], dict[int, list[int]]], sentence: str) -> dict[int, list[int]]:
    """Return jieba's graph of words without those that begin or end inside a run of digits and Latin letters."""
    ways = ways_of(sentence)
    inside = {place for run in _RUN.finditer(sentence) for place in range(run.start() + 1, run.end())}
    if not inside:
        return ways
    # jieba itself joins the single letters that are left.
    return {
        start: [start] if start in inside else [stop for stop in stops if stop + 1 not in inside] or [start]
        for start, stops in ways.items()
    }


def _pieces(block: str, known: dict[str, int]) -> Iterator[str]:
    start = 0
    while start < len(block):
        stop = start + _LONGEST_PIECE
        if stop < len(block):
            stop = next((place for place in range(stop, start, -1) if _is_boundary(block, place, known)), stop)
        yield block[start:stop]
        start = stop


def _is_boundary(block: str, place: int, known: dict[str, int]) -> bool:
    if _RUN.fullmatch(block[place - 1 : place + 1]):
        return False
    # The beginnings of words are known too, with frequency 0.
    return not any(block[start : place + 1] in known for start in range(max(0, place - _LONGEST_TERM), place))


@lru_cache(maxsize=1)
def _private_jieba() -> ModuleType:
    package = _package()
    spec = importlib.util.spec_from_file_location(
        _PRIVATE_NAME, package.origin, submodule_search_locations=package.submodule_search_locations
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[_PRIVATE_NAME] = module
    with warnings.catch_warnings():
        # It compiles with warnings, and asks for a deprecated package.
        warnings.simplefilter("ignore")
        spec.loader.exec_module(module)
    return module


def _package() -> ModuleSpec:
    spec = importlib.util.find_spec("jieba")
    if spec is None or not spec.origin:
        raise SourceError("jieba was not found", "install jieba again")
    return spec


def _shipped() -> Path:
    path = Path(str(_package().origin)).with_name("dict.txt")
    if not path.is_file():
        raise SourceError("jieba's dictionary dict.txt was not found", "install jieba again")
    return path


@lru_cache(maxsize=1)
def _frequencies() -> tuple[dict[str, int], int]:
    return _private_jieba().Tokenizer.gen_pfdict(_shipped().open("rb"))


@lru_cache(maxsize=1)
def _parts_of_speech() -> dict[str, str]:
    lines = (line.split(" ") for line in _shipped().read_text(encoding="utf-8").splitlines())
    return {line[0]: line[2] for line in lines}
