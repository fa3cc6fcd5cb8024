"""What a problem statement says besides its problem, taken off; and one term for what has many words.

Both are data in ``narrative/lexicon``: ``strip.csv`` has the openers, tails, hedges and
words of every report that would otherwise make the clusters, ``synonyms.csv`` a small
thesaurus with a preferred and a broader term for the words of the field.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from toolkit.errors import InputError
from toolkit.reports.folding import fold

THESAURI = ("synonyms", "broader")
# As in the coder: what stands first is what the statement is about.
_LATER_CLAUSE = 0.5
_FOLDER = Path(__file__).parents[2] / "narrative" / "lexicon"
_CLAUSE = re.compile("[^,;。:!?\\s]+")
_MARKS = re.compile(r"[^\w]+")


class Term(NamedTuple):
    """A preferred term, the broader one above it, and how both are worded."""

    term: str
    broader: str
    pattern: re.Pattern[str]


def strip_phrases(text: str) -> str:
    """Return what a statement says of its own: no opener, tail, hedge or word of every report.

    A statement of which nothing would be left is returned whole (folded).

    Examples
    --------
    >>> strip_phrases("但与上级要求相比,我局个别科室信息公开还不够及时,影响了公众知情权")
    '及时'
    >>> strip_phrases("政府信息公开工作还需进一步加强")
    '政府信息公开工作还需进一步加强'
    """
    rules = _strip_rules()
    bare = open_text(text)
    for group in ("subject", "hedge"):
        bare = rules[group].sub(" ", bare)
    return _MARKS.sub(" ", bare).strip() or _MARKS.sub(" ", fold(text)).strip()


def open_text(text: str) -> str:
    """Return the folded text without its openers and tails, its clauses still apart.

    Examples
    --------
    >>> open_text("主要是信息更新慢,导致群众不满意")
    '信息更新慢'
    """
    rules, bare, before = _strip_rules(), fold(text), None
    while bare != before:
        before, bare = bare, rules["opener"].sub("", bare)
    return rules["tail"].sub("", bare) or fold(text)


def preferred_terms(text: str, thesaurus: str | Path = "synonyms") -> dict[str, float]:
    """Return the thesaurus terms of a statement with their weights: 1 in the first clause, .5 in later ones.

    Parameters
    ----------
    text : str
    thesaurus : {"synonyms", "broader"} or path
        Preferred terms alone, or the broader ones too, with the same weight (their
        names begin with ``^``). A file has term, broader, pattern, note, as the
        packaged ``synonyms.csv``.

    Examples
    --------
    >>> preferred_terms("栏目更新缓慢,人手紧张")
    {'及时': 1.0, '人手': 0.5}
    >>> preferred_terms("栏目更新缓慢", "broader")
    {'及时': 1.0, '^时间': 1.0}
    """
    found: dict[str, float] = {}
    for number, clause in enumerate(_CLAUSE.findall(open_text(text))):
        weight = _LATER_CLAUSE if number else 1.0
        for term in read_thesaurus(thesaurus):
            if term.pattern.search(clause):
                names = [term.term] if thesaurus == "synonyms" or not term.broader else [term.term, f"^{term.broader}"]
                found |= {name: max(weight, found.get(name, 0.0)) for name in names}
    return found


@cache
def read_thesaurus(thesaurus: str | Path) -> tuple[Term, ...]:
    """Read a thesaurus.

    Raises
    ------
    InputError
        There is no such file, a column is lacking or a pattern is no regular expression.

    Examples
    --------
    >>> read_thesaurus("synonyms")[0][:2]
    ('及时', '时间')
    """
    path = _FOLDER / "synonyms.csv" if thesaurus in THESAURI else Path(thesaurus)
    if not path.is_file():
        raise InputError(f"no thesaurus {str(thesaurus)!r}", f"one of {', '.join(THESAURI)}, None or a CSV file")
    rows = _read(path, ("term", "broader", "pattern"))
    return tuple(Term(row["term"], row["broader"], _compiled(row["pattern"], path)) for row in rows)


@cache
def _strip_rules() -> Mapping[str, re.Pattern[str]]:
    path = _FOLDER / "strip.csv"
    groups: dict[str, list[str]] = {}
    for row in _read(path, ("group", "pattern")):
        groups.setdefault(row["group"], []).append(f"(?:{row['pattern']})")
    return {group: _compiled("|".join(patterns), path) for group, patterns in groups.items()}


def _read(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    lacking = [column for column in columns if not rows or column not in rows[0]]
    if lacking:
        raise InputError(f"{path.name} lacks {', '.join(lacking)}", f"its columns are {', '.join(columns)}")
    return rows


def _compiled(pattern: str, path: Path) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise InputError(f"{path.name}: {pattern!r} is no regular expression: {error}") from None


def lexicon_digest(thesaurus: str | Path | None = "synonyms") -> str:
    """Return sixteen hex digits of the phrases and the thesaurus, to print in a paper.

    Examples
    --------
    >>> len(lexicon_digest()), lexicon_digest() == lexicon_digest(None)
    (16, False)
    """
    rules = [(group, pattern.pattern) for group, pattern in _strip_rules().items()]
    terms = [] if thesaurus is None else [(t.term, t.broader, t.pattern.pattern) for t in read_thesaurus(thesaurus)]
    name = thesaurus if thesaurus in THESAURI else None
    return hashlib.sha256(repr((rules, terms, name)).encode("utf-8")).hexdigest()[:16]


def strip_all(texts: pd.Series) -> list[str]:
    """Return every text stripped, each different text read once.

    Examples
    --------
    >>> strip_all(pd.Series(["更新不够及时", "更新不够及时"]))
    ['更新 及时', '更新 及时']
    """
    stripped = {text: strip_phrases(text) for text in dict.fromkeys(texts)}
    return [stripped[text] for text in texts]
