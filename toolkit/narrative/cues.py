"""The words by which a clause is told, and what they alone tell: its themes, its deficit.

The words are data, `lexicon/cues.csv`: one row for each group of words, with a note where a row needs one.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources


@cache
def cues(group: str) -> re.Pattern[str]:
    """Return one pattern for all rows of a group of `lexicon/cues.csv`.

    Examples
    --------
    >>> cues("praise").search("公开工作取得新进展")[0]
    '取得'
    """
    rows = [row["pattern"] for row in _rows() if row["group"] == group]
    return re.compile("|".join(rows))


@cache
def _rows() -> list[dict[str, str]]:
    source = resources.files("toolkit.narrative") / "lexicon" / "cues.csv"
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


def themes() -> list[str]:
    """Return the coarse themes in the order in which they are tried.

    Examples
    --------
    >>> themes()[:3]
    ['theme:interpretation', 'theme:request_handling', 'theme:security_review']
    """
    return [row["group"] for row in _rows() if row["group"].startswith("theme:")]


def themes_of(clause: str) -> tuple[str, ...]:
    """Return the themes whose words a clause holds, the most specific first.

    The themes only decide whether two neighbouring clauses speak of one thing; the codes of a coding scheme are
    given later, to whole statements.

    Examples
    --------
    >>> themes_of("部分栏目更新滞后"), themes_of("工作较多")
    (('timeliness', 'platform'), ())
    """
    # An adverb (全面公开, 及时发布) is no theme.
    start = len(clause) - len(after_adverbs(clause))
    return tuple(group.removeprefix("theme:") for group in themes() if cues(group).search(clause, start))


def find_deficit(clause: str) -> re.Match[str] | None:
    """Return the first predicate that names a deficit or demands its remedy, if the clause has one.

    Examples
    --------
    >>> find_deficit("公开不及时")[0], find_deficit("不断加强公开")
    ('不', None)
    """
    return cues("deficit").search(clause)


@cache
def _adverbs() -> re.Pattern[str]:
    return re.compile(f"(?:{cues('adverb').pattern})*")


def after_adverbs(clause: str) -> str:
    """Return a clause from its first word that is no adverb.

    Examples
    --------
    >>> after_adverbs("进一步及时公开信息")
    '公开信息'
    """
    skipped = _adverbs().match(clause)
    return clause[skipped.end() :] if skipped else clause
