"""Close reading: concordance, keyness, collocations, word frequencies; each is a frame.

Scores order words for reading; they are no tests. Words of one report depend on
each other, so no p-value is given, and raw counts and the number of documents
stand beside every score.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from toolkit.errors import InputError
from toolkit.narrative.counts import count_tables, default_words, flagged, need_columns, worded, worded_groups
from toolkit.narrative.scores import g_squared, log_odds_ratio, pair_association
from toolkit.narrative.words import Segmenter
from toolkit.reports.folding import same_length

_CARRIED = ("statement", "report", "chapter", "kind", "code", "simulated")


def kwic(statements: pd.DataFrame, pattern: str, width: int = 20) -> pd.DataFrame:
    """Return every place where a pattern stands, with its context (a concordance).

    Parameters
    ----------
    statements : DataFrame
        Statements or sections: a column ``text``.
    pattern : str
        A word or regular expression. It is matched in one spelling, so 公开
        finds 公開 as well; full-width signs in it are taken literally.
    width : int, default 20
        Characters of context on each side.

    Returns
    -------
    DataFrame
        One row per place in the order of the texts: statement, report, chapter,
        kind, code, simulated (those the frame has), left, match, right (as
        printed), start, stop (characters of ``text``).

    Raises
    ------
    InputError
        An empty pattern, or one that is no regular expression.

    Examples
    --------
    >>> frame = pd.DataFrame({"statement": ["a#1", "a#2"], "text": ["答复不及时", "公開不夠及時"]})
    >>> print(kwic(frame, "不.*时", width=3).to_string(index=False))
    statement left match right  start  stop
          a#1   答复   不及时            2     5
          a#2   公開  不夠及時            2     6
    """
    finder = _compiled(pattern)
    need_columns(statements, "text")
    rows = []
    for place, text in enumerate(statements["text"]):
        if not isinstance(text, str):
            continue
        for found in finder.finditer(same_length(text)):
            start, stop = found.span()
            if start < stop:
                left, right = text[max(0, start - width) : start], text[stop : stop + width]
                rows.append((place, left, text[start:stop], right, start, stop))
    places = pd.DataFrame(rows, columns=["place", "left", "match", "right", "start", "stop"])
    carried = statements[[name for name in _CARRIED if name in statements.columns]]
    carried = carried.iloc[places["place"].astype(int)].reset_index(drop=True)
    return pd.concat([carried, places.drop(columns="place")], axis=1)


def keyness(
    statements: pd.DataFrame,
    by: str,
    reports: pd.DataFrame | None = None,
    group: object = None,
    segmenter: Segmenter | None = None,
    prior: float = 500.0,
    min_count: int = 3,
) -> pd.DataFrame:
    """Return which words are typical of each group, against all other groups together.

    Parameters
    ----------
    statements : DataFrame
        Columns ``text`` and ``report``; select one kind before, to compare
        problems only.
    by : str
        Column that makes the groups (year, level, province, code, ...), of
        ``statements`` or, joined by ``report``, of ``reports``. Rows where it is
        missing are left out; ``result.attrs["left_out"]`` is their number.
    reports : DataFrame, optional
        The reports frame.
    group : optional
        Give one group only.
    segmenter : Segmenter, optional
        Default: the full lexicon without function words.
    prior : float, default 500
        Weight of the prior in words: how many words of average usage are added
        to each side. Larger values draw rare words further towards zero.
    min_count : int, default 3
        Words rarer than this in all groups together are not listed (they count
        in the totals).

    Returns
    -------
    DataFrame
        One row per group and word, the most typical first: the group under its
        column's name, token, count, count_other (occurrences in the group and
        in the others), documents, documents_other (reports that use it), total,
        total_other (words), log_odds (natural logarithm of the ratio of odds,
        informative Dirichlet prior), z (log_odds over its standard deviation),
        g2 (log-likelihood ratio; large in either direction), simulated.

    Raises
    ------
    InputError
        No such column, or fewer than two groups.

    Notes
    -----
    z and g2 take words for independent draws. Copied text breaks that: look at
    ``documents`` and leave duplicates out first.

    Sources: Monroe, Colaresi & Quinn (2008), Political Analysis 16(4); Dunning
    (1993), Computational Linguistics 19(1).

    Examples
    --------
    >>> frame = pd.DataFrame({"report": ["a", "b"], "level": ["county", "township"],
    ...                       "text": ["人员不足,培训不足,人员少", "更新不及时,更新慢,更新少"]})
    >>> typical = keyness(frame, "level", group="township")
    >>> print(typical[["token", "count", "count_other", "log_odds", "z", "g2"]].round(2).to_string(index=False))
    token  count  count_other  log_odds    z   g2
       更新      3            0      0.03 0.21 3.94
    """
    if not prior > 0:
        raise InputError(f"prior must be above 0, not {prior}", "use the default of 500 words")
    segmenter = segmenter or default_words()
    tokens, left_out = worded_groups(statements, by, reports, segmenter)
    counts, documents = count_tables(tokens, by)
    if counts.shape[1] < 2:
        raise InputError(f"{by} has {counts.shape[1]} group(s) with words", "keyness compares two or more groups")
    if group is not None and group not in counts.columns:
        raise InputError(f"no group {group!r} in {by}", f"use one of {', '.join(map(str, counts.columns))}")
    chosen = counts.columns if group is None else [group]
    parts = [_against_others(counts, documents, name, by, prior) for name in chosen]
    result = pd.concat(parts, ignore_index=True)
    result = result[result["count"] + result["count_other"] >= min_count].reset_index(drop=True)
    return flagged(result, tokens, left_out)


def collocations(
    statements: pd.DataFrame,
    segmenter: Segmenter | None = None,
    window: int = 1,
    min_count: int = 3,
) -> pd.DataFrame:
    """Return pairs of words that stand together more often than their frequencies let expect.

    Parameters
    ----------
    statements : DataFrame
        Column ``text``; ``report`` for the number of documents.
    segmenter : Segmenter, optional
        Default: the full lexicon with every word kept, since a word left out
        would make strangers neighbours.
    window : int, default 1
        How far apart the words may be. 1: neighbours with nothing between; a
        mark or a blank counts as a word.
    min_count : int, default 3
        Rarer pairs are not listed.

    Returns
    -------
    DataFrame
        One row per ordered pair, strongest g2 first: first, second, count,
        count_first (pairs that begin with ``first``), count_second (pairs that
        end with ``second``), pairs (of the whole text), documents, pmi
        (pointwise mutual information, bits), npmi (-1 to 1), g2
        (log-likelihood ratio of the pair's table), simulated.

    Notes
    -----
    PMI favours rare pairs, g2 frequent ones; read both. Sources: Church &
    Hanks (1990), Computational Linguistics 16(1); Bouma (2009), GSCL; Dunning
    (1993), Computational Linguistics 19(1).

    Examples
    --------
    >>> frame = pd.DataFrame({"text": ["更新不及时", "公开不及时", "答复不及时", "公开形式少"]})
    >>> print(collocations(frame).drop(columns="simulated").round(2).to_string(index=False))
    first second  count  count_first  count_second  pairs  documents  pmi  npmi   g2
        不     及时      3            3             3      7          3 1.22   1.0 9.56
    """
    if window < 1:
        raise InputError(f"window must be 1 or more, not {window}", "1 gives neighbours")
    tokens = worded(statements, segmenter or Segmenter())
    pairs = _pairs(tokens, window)
    joint = pairs.groupby(["first", "second"], sort=True).agg(
        count=("document", "size"), documents=("document", "nunique")
    )
    joint = joint.reset_index()
    joint["count_first"] = joint.groupby("first")["count"].transform("sum")
    joint["count_second"] = joint.groupby("second")["count"].transform("sum")
    joint["pairs"] = len(pairs)
    joint = _scored(joint[joint["count"] >= min_count])
    ordered = joint.sort_values(["g2", "first", "second"], ascending=[False, True, True], ignore_index=True)
    return flagged(ordered, tokens)


def word_frequencies(
    statements: pd.DataFrame,
    by: str | None = "year",
    reports: pd.DataFrame | None = None,
    words: Iterable[str] | None = None,
    segmenter: Segmenter | None = None,
    min_count: int = 3,
) -> pd.DataFrame:
    """Return how often words stand in each year, or in each group of any column.

    Parameters
    ----------
    statements, by, reports, segmenter, min_count
        As in ``keyness``; ``by=None`` counts all texts together.
    words : iterable of str, optional
        These words only, however rare.

    Returns
    -------
    DataFrame
        One row per group and word, also where it does not occur (count 0: the
        group was read and the word is not there): the group under its column's
        name, token, count, total (words of the group), per_10000 (occurrences
        in ten thousand words), documents (reports that use it),
        documents_total, share (of documents), simulated.

    Examples
    --------
    >>> frame = pd.DataFrame({"report": ["a", "b"], "year": [2022, 2023], "text": ["人员不足", "人员少,经费少"]})
    >>> print(word_frequencies(frame, words=["经费"]).iloc[:, :6].to_string(index=False))
     year token  count  total  per_10000  documents
     2022    经费      0      1        0.0          0
     2023    经费      1      4     2500.0          1
    """
    frame = statements if by else statements.assign(all="all")
    by = by or "all"
    segmenter = segmenter or default_words()
    tokens, left_out = worded_groups(frame, by, reports, segmenter)
    counts, documents = count_tables(tokens, by)
    kept = counts.index[counts.sum(axis=1) >= min_count] if words is None else _asked(words, segmenter)
    result = counts.reindex(kept, fill_value=0).stack().rename("count").rename_axis(["token", by]).reset_index()
    result = result[[by, "token", "count"]].sort_values([by, "count", "token"], ascending=[True, False, True])
    result["total"] = result[by].map(counts.sum()).astype("int64")
    result["per_10000"] = result["count"] / result["total"] * 10_000
    used = documents.reindex(kept, fill_value=0).stack()
    result["documents"] = used.reindex(pd.MultiIndex.from_frame(result[["token", by]])).to_numpy()
    result["documents_total"] = result[by].map(tokens.groupby(by)["document"].nunique()).astype("int64")
    result["share"] = result["documents"] / result["documents_total"]
    return flagged(result.reset_index(drop=True), tokens, left_out)


def _asked(words: Iterable[str], segmenter: Segmenter) -> pd.Index:
    """Refuse what can never be a word here: its count would be zero without being true."""
    if isinstance(words, str):
        raise InputError(f"words must be a list, not the text {words!r}", f"words=[{words!r}]")
    asked = [same_length(word) for word in dict.fromkeys(words)]
    for word in asked:
        if (cut := segmenter.cut(word)) != [word]:
            raise InputError(
                f"{word!r} is not one word for this segmenter, but {cut}",
                "add it to user_terms, take it from the stop list, or count it with kwic",
            )
    return pd.Index(asked)


def _compiled(pattern: str) -> re.Pattern[str]:
    if not pattern:
        raise InputError("the pattern is empty", "give a word or a regular expression")
    signs = (re.escape(one) if ord(sign) > 127 else one for sign, one in zip(pattern, same_length(pattern)))
    try:
        return re.compile("".join(signs))
    except re.error as error:
        raise InputError(
            f"{pattern!r} is no regular expression: {error}", "put \\ before signs such as ( or +"
        ) from error


def _against_others(counts: pd.DataFrame, documents: pd.DataFrame, name: object, by: str, prior: float) -> pd.DataFrame:
    here, everywhere = counts[name].to_numpy(), counts.sum(axis=1).to_numpy()
    other, total, total_other = everywhere - here, here.sum(), (everywhere - here).sum()
    log_odds, z = log_odds_ratio(here, other, prior)
    columns = {
        by: [name] * len(counts), "token": counts.index, "count": here, "count_other": other,
        "documents": documents[name].to_numpy(), "documents_other": documents.drop(columns=name).sum(axis=1).to_numpy(),
        "total": total, "total_other": total_other, "log_odds": log_odds, "z": z,
        "g2": g_squared(here, total - here, other, total_other - other),
    }  # fmt: skip
    return pd.DataFrame(columns).sort_values(["z", "token"], ascending=[False, True])


def _pairs(tokens: pd.DataFrame, window: int) -> pd.DataFrame:
    parts = []
    # A word further on is at least as many positions away.
    for step in range(1, window + 1):
        later = tokens[["row", "position", "token"]].shift(-step)
        near = (later["row"] == tokens["row"]) & (later["position"] - tokens["position"] <= window)
        part = {"first": tokens["token"][near], "second": later["token"][near], "document": tokens["document"][near]}
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)


def _scored(joint: pd.DataFrame) -> pd.DataFrame:
    margins = [joint[name].to_numpy(float) for name in ("count", "count_first", "count_second", "pairs")]
    pmi, npmi, strength = pair_association(*margins)
    columns = ["first", "second", "count", "count_first", "count_second", "pairs", "documents"]
    return joint[columns].assign(pmi=pmi, npmi=npmi, g2=strength)
