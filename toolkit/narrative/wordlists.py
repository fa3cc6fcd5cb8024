"""Word lists as data: domain terms and groups of stopwords, ours or a researcher's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from toolkit.errors import InputError, SourceError
from toolkit.narrative.dictionary import BLOCK, Term, is_word
from toolkit.reports.folding import same_length

LEXICONS = {"full": "userdict.txt", "lean": "userdict_lean.txt"}
STOP_GROUPS = ("function", "self_reference", "boilerplate")
NEGATIONS = "不未无没"

_FOLDER = Path(__file__).parent / "lexicon"
_HEADERS = {"function": "function", "self-reference": "self_reference", "boilerplate": "boilerplate"}
# They hold a negation's character and deny nothing.
_NOT_NEGATIVE = frozenset(["不断", "不过", "不仅", "不但", "不论", "不管", "不同", "无论", "无非"])
_DEFAULT_FREQUENCY = 20000
_ENTRY = re.compile(r"^(.+?)(?:\s+([0-9]+))?(?:\s+([a-z]+))?$")


def read_lexicon(lexicon: str | Path | Iterable[str] | None) -> tuple[Term, ...]:
    """Return the terms of a lexicon of ours (``"full"``, ``"lean"``) or of one's own.

    Raises
    ------
    InputError
        No such lexicon, or a term that cannot be one.

    Examples
    --------
    >>> len(read_lexicon("full")), len(read_lexicon("lean")), read_lexicon(None)
    (375, 266, ())
    """
    if isinstance(lexicon, str) and lexicon in LEXICONS:
        return read_terms(_FOLDER / LEXICONS[lexicon])
    if isinstance(lexicon, str) and not Path(lexicon).is_file():
        raise InputError(
            f"no lexicon {lexicon!r}", f"use one of {', '.join(LEXICONS)}, None, a file or a list of terms"
        )
    return read_terms(lexicon)


def read_terms(source: str | Path | Iterable[str] | None) -> tuple[Term, ...]:
    """Return word, frequency and part of speech of each line of a file or list, sorted.

    Examples
    --------
    >>> read_terms(["掌上办 500 n", "一网通办"])
    (('一网通办', 20000, 'n'), ('掌上办', 500, 'n'))
    """
    if source is None:
        return ()
    lines = _lines(source) if isinstance(source, (str, Path)) else list(source)
    entries = [_term(line) for line in lines if line.strip() and not line.startswith("#")]
    # Sorted, since a set of terms comes in another order in every process.
    return tuple(sorted({entry[0]: entry for entry in entries}.values()))


def _term(line: str) -> Term:
    word, frequency, tag = _ENTRY.fullmatch(line.strip()).groups()  # type: ignore[union-attr]
    word = same_length(word)
    if not BLOCK.fullmatch(word) or not is_word(word):
        raise InputError(
            f"the term {word!r} holds punctuation or a blank", "words do not form across them: enter its parts"
        )
    return word, int(frequency) if frequency else _DEFAULT_FREQUENCY, tag or "n"


def _lines(path: str | Path) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise SourceError(
            f"{path}: no such file", "give the path of a UTF-8 text file with one entry a line"
        ) from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8", "save the list as UTF-8") from error


@lru_cache(maxsize=1)
def _stop_groups() -> dict[str, tuple[str, ...]]:
    return {group: tuple(words) for group, words in _grouped(_lines(_FOLDER / "stopwords.txt")).items()}


def _grouped(lines: list[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {name: [] for name in STOP_GROUPS}
    current = "function"
    for line in map(str.strip, lines):
        if line.startswith("#"):
            current = next((name for word, name in _HEADERS.items() if word in line), "function")
        elif line:
            groups[current].append(same_length(line))
    return groups


def read_stopwords(source: str | Path | Iterable[str] | None) -> tuple[set[str], set[str]]:
    """Return words and phrases of groups, files and lists.

    In a file, what follows a ``#`` line that holds the word boilerplate are
    phrases; all else are words.

    Examples
    --------
    >>> words, phrases = read_stopwords(["self_reference", "街道"])
    >>> "我局" in words, "街道" in words, len(phrases)
    (True, True, 0)
    """
    items = [] if source is None else [source] if isinstance(source, (str, Path)) else list(source)
    words: set[str] = set()
    phrases: set[str] = set()
    for item in items:
        groups = _stop_item(item)
        phrases |= set(groups.pop("boilerplate", ()))
        words |= {word for group in groups.values() for word in group}
    return words, phrases


def _stop_item(item: str | Path) -> dict[str, Iterable[str]]:
    if item == "all":
        return dict(_stop_groups())
    if item in STOP_GROUPS:
        return {str(item): _stop_groups()[str(item)]}
    if isinstance(item, Path) or item.endswith(".txt"):
        return dict(_grouped(_lines(item)))
    if item.isascii() and item.isidentifier():
        raise InputError(f"no group of stopwords {item!r}", f"use {', '.join(STOP_GROUPS)}, all, a file or words")
    return {"function": [same_length(item)]}


def denies(word: str) -> bool:
    """Tell words that deny, which no stop list takes out.

    Examples
    --------
    >>> [denies(word) for word in ("不", "没有", "不够", "不断")]
    [True, True, True, False]
    """
    return any(sign in word for sign in NEGATIONS) and word not in _NOT_NEGATIVE
