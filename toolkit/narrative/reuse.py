"""Copied text: how much of a chapter stands in last year's report, in the neighbours', anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from toolkit.errors import InputError
from toolkit.narrative.counts import need_columns
from toolkit.narrative.overlap import (
    UNKNOWN_YEAR,
    Texts,
    best_sources,
    elsewhere,
    has_source,
    inside,
    lay_out,
    likely_pairs,
    resemblance,
    shares,
)
from toolkit.narrative.shingles import LENGTH, characters


def find_reuse(
    sections: pd.DataFrame,
    reports: pd.DataFrame | None = None,
    chapter: str = "problems",
    neighbours: Sequence[str] = ("parent_id",),
    length: int = LENGTH,
    duplicates: float = 0.8,
) -> pd.DataFrame:
    """Return how much of each report's chapter stands in other reports.

    Parameters
    ----------
    sections : DataFrame
        Columns report, chapter, text, simulated. Without a column ``chapter``
        every row is one text.
    reports : DataFrame, optional
        Columns report, agency_id, year and those of ``neighbours``. Without it
        only ``reuse_any`` and ``duplicate_group`` can be told.
    chapter : str, default "problems"
        The chapter to compare.
    neighbours : sequence of str, default ("parent_id",)
        Columns that neighbours have in common besides the year, as
        ``("parent_id", "level")`` or ``("county",)``.
    length : int, default 12
        Characters of a shingle: shorter stretches in common are no reuse.
    duplicates : float, default 0.8
        From which resemblance (shared shingles over all shingles of two
        chapters) on they count as near-duplicates.

    Returns
    -------
    DataFrame
        One row per report in the order of ``sections``: report, characters
        (that count), reuse_self, self_source (the body's own report of the year
        before), reuse_peer, peer_source, peer_share, reuse_any, any_source,
        any_share, duplicate_group (report that leads the group in time; missing
        when there is none), simulated.

        The ``reuse_`` columns are the share of the chapter's characters that
        lie in shingles of the source, of all neighbours together, and of all
        reports of the same or an earlier year together. ``_source`` names the
        one report that shares most, and ``_share`` is the share of it alone.
        Missing: the chapter is absent or shorter than ``length``, or there is
        nothing to compare it with (no report of the year before, no
        neighbour, an agency or year that is not known). 0 means compared, and
        nothing found.

    Raises
    ------
    InputError
        A column is absent, a report has two such chapters, or an argument is
        out of range.

    Notes
    -----
    Punctuation, blanks, script, formulaic sub-headings and the value of numbers
    do not count. Reports of one body and year are never each other's source, and
    simulated texts are compared with simulated ones only. The shares are
    exact; the report that shares most is looked for among likely ones (by
    shared shingles), so a slightly better one can be missed among many.

    Some text stands everywhere by custom: read shares beside those of bodies
    that cannot have copied from each other. Source of the measure: Broder (1997), "On the
    resemblance and containment of documents".

    Examples
    --------
    >>> old = "主动公开的内容不够全面,依申请公开答复的规范性有待加强。"
    >>> sections = pd.DataFrame({"report": ["a22", "a23", "b23"], "chapter": "problems", "simulated": False,
    ...                          "text": [old, old + "政策解读形式较为单一,群众参与互动的渠道不多。", "暂无"]})
    >>> reports = pd.DataFrame({"report": ["a22", "a23", "b23"], "agency_id": ["a", "a", "b"],
    ...                         "year": [2022, 2023, 2023], "parent_id": "p"})
    >>> found = find_reuse(sections, reports)
    >>> print(found[["report", "characters", "reuse_self", "self_source", "reuse_any"]].round(2).to_string(index=False))
    report  characters  reuse_self self_source  reuse_any
       a22          26        <NA>        <NA>       <NA>
       a23          47        0.55         a22       0.55
       b23           2        <NA>        <NA>       <NA>
    """
    if not length >= 2 or not 0 < duplicates <= 1:
        raise InputError(f"length={length}, duplicates={duplicates}", "length from 2, duplicates above 0 and up to 1")
    corpus = _Corpus.of(sections, reports, chapter, neighbours, length)
    texts, known = corpus.texts, corpus.known
    before = [listed[0] if listed else -1 for listed in corpus.before]
    peer, peer_share = best_sources(texts, likely_pairs(texts, corpus.peers))
    other, other_share = best_sources(texts, likely_pairs(texts, corpus.kinds))
    result = pd.DataFrame(
        {
            "report": known["report"],
            "characters": np.diff(texts.starts),
            "reuse_self": _where(shares(texts, corpus.self_marks()), corpus.has_before()),
            "self_source": _named(known, before),
            "reuse_peer": _where(shares(texts, corpus.peer_marks()), _comparable(texts, corpus.peers)),
            "peer_source": _named(known, peer),
            "peer_share": pd.array(peer_share, dtype="Float64"),
            "reuse_any": _where(shares(texts, elsewhere(texts, corpus.kinds)), _comparable(texts, corpus.kinds)),
            "any_source": _named(known, other),
            "any_share": pd.array(other_share, dtype="Float64"),
            "duplicate_group": _named(known, _groups(texts, corpus.kinds, duplicates)),
        }
    )
    return _in_order(result, sections, chapter)


def add_reuse(
    statements: pd.DataFrame,
    sections: pd.DataFrame,
    reports: pd.DataFrame,
    chapter: str = "problems",
    neighbours: Sequence[str] = ("parent_id",),
    length: int = LENGTH,
) -> pd.DataFrame:
    """Return the statements with ``reuse_self`` and ``reuse_peer`` filled in.

    Parameters
    ----------
    statements : DataFrame
        Columns report, start, stop (characters of the section's text).
    sections, reports, chapter, neighbours, length
        As in ``find_reuse``.

    Returns
    -------
    DataFrame
        A copy, with the share of each statement's characters that lie in
        shingles of the whole chapter which last year's report or the
        neighbours have; missing where ``find_reuse`` has the report's missing.

    Examples
    --------
    >>> old = "主动公开的内容不够全面,依申请公开答复的规范性有待加强。"
    >>> sections = pd.DataFrame({"report": ["a22", "a23"], "text": [old, old + "群众参与互动的渠道不多。"]})
    >>> reports = pd.DataFrame({"report": ["a22", "a23"], "agency_id": "a", "year": [2022, 2023], "parent_id": "p"})
    >>> statements = pd.DataFrame({"report": "a23", "start": [0, 28], "stop": [11, 39]})
    >>> add_reuse(statements, sections, reports)["reuse_self"].tolist()
    [1.0, 0.0]
    """
    need_columns(statements, "report", "start", "stop")
    corpus = _Corpus.of(sections, reports, chapter, neighbours, length)
    texts = corpus.texts
    long_enough = np.diff(texts.starts) >= length
    comparable = {
        "reuse_self": (corpus.self_marks(), corpus.has_before() & long_enough),
        "reuse_peer": (corpus.peer_marks(), _comparable(texts, corpus.peers) & long_enough),
    }
    place = dict(zip(corpus.known["report"], range(len(corpus.known))))
    columns = {
        name: pd.array(_of_statements(statements, corpus, place, marks, known), dtype="Float64")
        for name, (marks, known) in comparable.items()
    }
    return statements.assign(**columns)


class _Corpus(NamedTuple):
    """Chapters in the order of their years, with whom each is compared."""

    texts: Texts
    known: pd.DataFrame
    kinds: np.ndarray
    peers: np.ndarray
    before: list[list[int]]

    @classmethod
    def of(
        cls, sections: pd.DataFrame, reports: pd.DataFrame | None, chapter: str, neighbours: Sequence[str], length: int
    ) -> _Corpus:
        known = _described(_chosen(sections, chapter), reports, neighbours)
        known = known.sort_values(["order", "report"], kind="stable", ignore_index=True)
        codes = [characters(text).codes for text in known["text"]]
        texts = lay_out(codes, known["order"].to_numpy(), _units(known), length)
        return cls(texts, known, known["simulated"].to_numpy(int), _peers(known, neighbours), _before(known))

    def has_before(self) -> np.ndarray:
        return np.array([bool(listed) for listed in self.before], dtype=bool)

    def self_marks(self) -> np.ndarray:
        return inside(self.texts, self.before)

    def peer_marks(self) -> np.ndarray:
        return elsewhere(self.texts, self.peers)


def _chosen(sections: pd.DataFrame, chapter: str) -> pd.DataFrame:
    need_columns(sections, "report", "text")
    chosen = sections[sections["chapter"] == chapter] if "chapter" in sections else sections
    if (twice := chosen["report"][chosen["report"].duplicated()]).size:
        raise InputError(f"{twice.iloc[0]}: two rows of chapter {chapter}", "keep one row per report and chapter")
    return chosen


def _described(chosen: pd.DataFrame, reports: pd.DataFrame | None, neighbours: Sequence[str]) -> pd.DataFrame:
    """Return report, text, simulated, agency_id, year, order and the neighbours' columns of chapters with a text."""
    chosen = chosen[chosen["text"].notna()]
    known = pd.DataFrame({"report": chosen["report"], "text": chosen["text"]}).reset_index(drop=True)
    names = dict.fromkeys(["agency_id", "year", *neighbours])
    if reports is not None:
        need_columns(reports, "report", *names)
        known = known.merge(reports[["report", *names]], on="report", how="left", validate="1:1")
    known = known.assign(**{name: pd.NA for name in names if name not in known})
    made = chosen["simulated"].to_numpy() if "simulated" in chosen else False
    order = pd.to_numeric(known["year"]).fillna(UNKNOWN_YEAR).astype("int64")
    return known.assign(simulated=np.broadcast_to(made, len(known)).astype(bool), order=order)


def _numbered(known: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Return a number for each combination, -1 where a part of it is missing."""
    numbers = known.groupby(columns, sort=False, dropna=True).ngroup().to_numpy()
    return np.where(known[columns].notna().all(axis=1), numbers, -1).astype(np.int64)


def _units(known: pd.DataFrame) -> np.ndarray:
    units = _numbered(known, ["agency_id", "year", "simulated"])
    return np.where(units < 0, len(known) + np.arange(len(known)), units)


def _peers(known: pd.DataFrame, neighbours: Sequence[str]) -> np.ndarray:
    return _numbered(known, ["year", *neighbours, "simulated"])


def _before(known: pd.DataFrame) -> list[list[int]]:
    """Return for each chapter the places of the same body's of the year before."""
    keys = list(zip(known["agency_id"], known["order"], known["simulated"]))
    placed: dict[tuple, list[int]] = {}
    for place, key in enumerate(keys):
        if pd.notna(key[0]):
            placed.setdefault(key, []).append(place)
    return [placed.get((agency, year - 1, made), []) if pd.notna(agency) else [] for agency, year, made in keys]


def _comparable(texts: Texts, keys: np.ndarray) -> np.ndarray:
    """Return which texts have another of their key, of another unit and not later."""
    result = np.zeros(len(keys), dtype=bool)
    order = np.argsort(keys, kind="stable")
    order = order[keys[order] >= 0]
    if len(order):
        result[order] = has_source(keys[order], texts.years[order], texts.units[order])
    return result


def _groups(texts: Texts, keys: np.ndarray, least: float) -> np.ndarray:
    """Return for each text the first of its near-duplicates, -1 where it has none."""
    count = len(keys)
    pairs = likely_pairs(texts, keys, keep=2, sources=False)
    near = np.array([resemblance(texts, one, other) >= least for one, other in pairs], dtype=bool)
    one, other = pairs[near].T
    links = coo_array((np.ones(len(one)), (one, other)), shape=(count, count))
    _, labels = connected_components(links, directed=False)
    first = pd.Series(np.arange(count)).groupby(labels).transform("min").to_numpy()
    size = pd.Series(labels).map(pd.Series(labels).value_counts()).to_numpy()
    return np.where(size > 1, first, -1)


def _named(known: pd.DataFrame, places: Sequence[int] | np.ndarray) -> pd.Series:
    names = known["report"].to_numpy(dtype=object)
    return pd.Series([names[place] if place >= 0 else pd.NA for place in places], dtype="object")


def _where(values: np.ndarray, known: np.ndarray) -> pd.api.extensions.ExtensionArray:
    return pd.array(np.where(known, values, np.nan), dtype="Float64")


def _in_order(result: pd.DataFrame, sections: pd.DataFrame, chapter: str) -> pd.DataFrame:
    chosen = _chosen(sections, chapter)
    made = chosen["simulated"].to_numpy() if "simulated" in chosen else False
    asked = pd.DataFrame({"report": chosen["report"], "simulated": made}).reset_index(drop=True)
    ordered = asked.merge(result, on="report", how="left", validate="1:1")
    ordered["characters"] = ordered["characters"].astype("Int64")
    return ordered[[*result.columns, "simulated"]]


def _of_statements(
    statements: pd.DataFrame, corpus: _Corpus, place: dict[str, int], marks: np.ndarray, known: np.ndarray
) -> np.ndarray:
    result = np.full(len(statements), np.nan)
    spans = statements[["report", "start", "stop"]].reset_index(drop=True).dropna()
    for report, rows in spans.groupby("report", sort=False):
        text = place.get(report, -1)
        if text < 0 or not known[text]:
            continue
        places = characters(corpus.known["text"].iloc[text]).places
        begin = corpus.texts.starts[text]
        edges = np.searchsorted(places, rows[["start", "stop"]].to_numpy(dtype=np.int64))
        for row, (first, last) in zip(rows.index, edges):
            result[row] = marks[begin + first : begin + last].mean() if last > first else np.nan
    return result
