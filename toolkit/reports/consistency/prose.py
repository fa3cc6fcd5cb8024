"""Prose against tables: a figure that the text states, and the cells it may mean.

The same words mean different cells in different reports (收到 is this year's
applications, or with those that last year left), so every concept has a set of
candidates (``forms/concepts.csv``) and any of them will do. What none of them
gives is a finding, soft, since the sentence may count for another body: then
the note quotes the words that say so. Cells that are blank or missing can only
add to a sum; a figure is called broken only where no number in them could
mend it. A part that the sentence gives to a body other than the report's own
is none of the table's totals, and no finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from toolkit.reports.cells import NOT_IN_FORM, REPORTED, CellTable, Key, spread
from toolkit.reports.checks import as_findings
from toolkit.reports.consistency.business import subject
from toolkit.reports.consistency.mentions import concepts, is_approximate
from toolkit.reports.folding import fold, same_length
from toolkit.reports.form import FORMS, form_cells
from toolkit.reports.provenance.agencies import describe_agency
from toolkit.reports.provenance.agency_names import one_spelling

_KINDS = ("natural_person", "business", "research", "public_interest", "legal_service", "other_organisation")
_ORGANISATIONS = _KINDS[1:]
_TOLERANCE = 1e-6
_PART = re.compile("其中")
_CLAUSE = re.compile("[,;:、(]")
_OTHER_SCOPE = re.compile(
    "向[省市县区]?(?:人民)?政府|[省市县区州旗](?:人民)?政府(?:及[^,。;]{0,8})?办公[室厅]|政府办(?:公[室厅])?|各(?:级|部门|乡镇|街道|镇街|县区|区县|单位)"
    "|下属|所属|部门|乡镇|街道办?|本级|全[省市县区州旗]|[我本](?:局|委|办|厅|镇|乡|街道|机关|单位|中心)"
)


class Candidate(NamedTuple):
    """A sum of cells over all reports: its least value, whether that is exact, whether the form has it."""

    keys: tuple[Key, ...]
    least: np.ndarray
    exact: np.ndarray
    there: np.ndarray


def prose_findings(
    mentions: pd.DataFrame, table: CellTable, sections: pd.DataFrame | None = None, reports: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the figures of the prose that none of their cells gives.

    Parameters
    ----------
    mentions : DataFrame
        report, concept, value, raw; chapter, start for the sentence.
    table : CellTable
        The statistics of the same reports.
    sections, reports : DataFrame, optional
        Text around a figure, and the reports' agency and scope: the body that
        a sentence speaks of is left out where it is not the agency, and told
        in the note where the agency is not known.

    Returns
    -------
    DataFrame
        Findings ``prose_agrees``, soft: lhs is the prose, rhs the first
        candidate. What agrees, is only approximate or cannot be told has no row.

    Examples
    --------
    >>> cells = pd.DataFrame({"report": "r", "part": "applications", "item": ["granted", "granted", "partly_granted"],
    ...     "category": ["natural_person", "total", "total"], "value": [258, 272, 3], "state": "reported"})
    >>> prose = pd.DataFrame({"report": ["r"], "concept": "granted_and_partly", "value": 258.0, "raw": "258件"})
    >>> found = prose_findings(prose, spread(cells))
    >>> found[["lhs", "rhs", "verdict"]].values.tolist()
    [[258.0, 275.0, 'broken']]
    >>> found["note"][0]
    'the prose says "258件"; it is the cell applications/granted/natural_person'
    """
    compared = _compared(mentions, table)
    agreed = set(zip(compared.loc[compared["agrees"], "report"], compared.loc[compared["agrees"], "concept"]))
    broken = compared[compared["broken"]].drop_duplicates(["report", "concept", "value"])
    texts = _texts(broken, sections)
    scopes, agencies = _told_of(reports, "scope"), _told_of(reports, "agency")
    simulated = dict(zip(table.reports, table.simulated))
    rows = []
    for row, sentence in zip(broken.to_dict("records"), texts):
        scope_words = _OTHER_SCOPE.search(sentence)
        body = subject(_CLAUSE.split(sentence)[-1])
        words = body or (scope_words[0] if scope_words else "")
        if (row["report"], row["concept"]) in agreed and (words or _PART.search(sentence)):
            continue  # a part of a figure that agrees elsewhere
        if body and _is_another(body, agencies.get(row["report"])):
            continue
        rows.append(_finding(row, words, scopes.get(row["report"])))
        rows[-1]["simulated"] = bool(simulated[row["report"]])
    return as_findings(rows)


def _told_of(reports: pd.DataFrame | None, column: str) -> dict[str, object]:
    return {} if reports is None or column not in reports else dict(zip(reports["report"], reports[column]))


def _is_another(body: str, agency: object) -> bool:
    """Tell whether a sentence speaks of another body than the report's: 县公安局 in the report of 沭阳县教育局."""
    if not isinstance(agency, str):
        return False
    # 市 and 县 before the name stand for the place, and names are cut short.
    name, own = (_bare(one_spelling(re.sub("^[省市县区州旗](?!场监)", "", fold(part)))) for part in (body, agency))
    return not own.endswith(name) and not _bare(one_spelling(describe_agency(agency).body)).endswith(name)


def _bare(name: str) -> str:
    return re.sub("人民(?=政府)|办事处$", "", name)


def agreeing(mentions: pd.DataFrame, statistics: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of the prose that the tables give, with the cells that gave them.

    Parameters
    ----------
    mentions, statistics : DataFrame
        Frames of the same reports.

    Returns
    -------
    DataFrame
        The rows of mentions that agree, and ``cells``: the first candidate
        that gives the figure, its cells joined by ``;``.

    Examples
    --------
    >>> from toolkit.corpus import read_report
    >>> report = read_report("corpus/dongguan2020.txt")
    >>> len(agreeing(report.mentions, report.statistics))
    0
    """
    if mentions.empty or statistics.empty:
        return mentions.iloc[:0].assign(cells=pd.Series(dtype="object"))
    compared = _compared(mentions, spread(statistics))
    kept = compared[compared["agrees"]]
    return mentions.loc[kept["_row"]].assign(cells=kept["cells"].to_numpy()).reset_index(drop=True)


def _compared(mentions: pd.DataFrame, table: CellTable) -> pd.DataFrame:
    """Return the mentions with: agrees, broken, cells, rhs, near."""
    places = {report: place for place, report in enumerate(table.reports)}
    known = (
        mentions["report"].isin(list(places)) & mentions["value"].notna() & mentions["concept"].isin(list(concepts()))
    )
    kept = mentions[known]
    kept = kept[~kept["raw"].fillna("").astype(str).map(is_approximate).to_numpy(bool)]
    frame = kept.assign(_row=kept.index, _place=kept["report"].map(places), value=kept["value"].astype(float))
    frame = frame.assign(agrees=False, broken=False, cells="", rhs=np.nan, near="")
    cache_: dict[str, Candidate] = {}
    parts = [_compare(concept, group.copy(), table, cache_) for concept, group in frame.groupby("concept", sort=False)]
    return pd.concat(parts) if parts else frame


def _compare(concept: str, group: pd.DataFrame, table: CellTable, known: dict[str, Candidate]) -> pd.DataFrame:
    entry = concepts()[concept]
    candidates = [_candidate(text, table, known) for text in entry["candidates"].split(" | ") if text]
    place, value = group["_place"].to_numpy(int), group["value"].to_numpy(float)
    possible, agrees = np.zeros(len(group), bool), np.zeros(len(group), bool)
    contradicted = np.ones(len(group), bool)
    cells, rhs = np.full(len(group), "", object), np.full(len(group), np.nan)
    for one in candidates:
        least, exact, there = one.least[place], one.exact[place], one.there[place]
        same = there & (np.abs(value - least) < _TOLERANCE)
        if entry["relation"] == "most":
            same = there & (value < least + _TOLERANCE)
        below, above = value < least - _TOLERANCE, value > least + _TOLERANCE
        differs = (exact & above) if entry["relation"] == "most" else (below | (exact & above))
        name = ";".join("/".join(key) for key in one.keys)
        cells = np.where((same & ~agrees) | (there & (cells == "")), name, cells)
        rhs = np.where(there & np.isnan(rhs), least, rhs)
        possible, agrees = possible | there, agrees | same
        contradicted &= ~there | differs
    group["agrees"], group["cells"], group["rhs"] = agrees, cells, rhs
    group["broken"] = possible & contradicted & ~agrees & (entry["relation"] != "none")
    if group["broken"].any():
        group["near"] = _near(entry["near"], group, table, known)
    return group


def _near(names: str, group: pd.DataFrame, table: CellTable, known: dict[str, Candidate]) -> list[str]:
    """Return the cell, not the one that the words mean, that gives a figure."""
    near = [_candidate(text, table, known) for text in names.split(" | ") if text]
    found = []
    for place, value in zip(group["_place"], group["value"]):
        same = (one for one in near if one.there[place] and value and abs(one.least[place] - value) < _TOLERANCE)
        match = next(same, None)
        found.append(" + ".join("/".join(key) for key in match.keys) if match else "")
    return found


def _candidate(text: str, table: CellTable, known: dict[str, Candidate]) -> Candidate:
    if text not in known:
        keys = tuple(_keys(text))
        terms = [_term(table, key) for key in keys]
        least = np.sum([term[0] for term in terms], axis=0)
        exact, there = (np.all([term[place] for term in terms], axis=0) for place in (1, 2))
        known[text] = Candidate(keys, least, exact, there)
    return known[text]


def _term(table: CellTable, key: Key) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a cell's least value, whether it is exact and whether the form has it.

    A total of applications that is not printed is at least the sum of its row.
    """
    values, states = (part[:, 0] for part in table.terms([key]))
    exact, there = states == REPORTED, states != NOT_IN_FORM
    least = np.where(exact, values, 0.0)
    if key[0] != "applications" or key[2] != "total" or exact.all():
        return least, exact, there
    parts, part_states = table.terms([(*key[:2], kind) for kind in _KINDS])
    is_told = part_states == REPORTED
    summed = np.where(is_told, parts, 0).sum(axis=1)
    return np.where(exact, least, summed), exact | (there & is_told.all(axis=1)), there


@cache
def _parts() -> Mapping[tuple[str, str], str]:
    return {(cell.item, cell.category): cell.part for form in FORMS for cell in form_cells(form)}


def _keys(text: str) -> Iterator[Key]:
    for term in text.split(" + "):
        item, category = term.split(".")
        for one in _ORGANISATIONS if category == "organisations" else (category,):
            yield _parts()[item, one], item, one


def _texts(broken: pd.DataFrame, sections: pd.DataFrame | None) -> list[str]:
    """Return the sentence around each figure, up to the figure's end."""
    if sections is None or broken.empty or not {"chapter", "start", "stop"} <= set(broken):
        return [str(raw) for raw in broken["raw"]]
    wanted = sections[sections["report"].isin(broken["report"])]
    texts = {(row.report, row.chapter): row.text for row in wanted[["report", "chapter", "text"]].itertuples()}
    found = []
    for row in broken[["report", "chapter", "start", "stop", "raw"]].itertuples():
        text = texts.get((row.report, row.chapter))
        if not isinstance(text, str) or pd.isna(row.start):
            found.append(str(row.raw))
            continue
        before = same_length(text[max(0, int(row.start) - 120) : int(row.stop)])
        found.append(re.split("[。!?;\n]", before)[-1])
    return found


def _finding(row: Mapping[str, object], words: str, scope: object) -> dict[str, object]:
    note = f'the prose says "{str(row["raw"]).strip()}"'
    if row["near"]:
        note += f"; it is the cell {row['near']}"
    if words:
        told = f", the report's scope is {scope}" if isinstance(scope, str) else ""
        note += f"; the scope may differ: the sentence speaks of {words}{told}"
    lhs, rhs = float(str(row["value"])), float(str(row["rhs"]))
    place = str(row["cells"]).split(";")[0]
    found = {"report": row["report"], "rule": "prose_agrees", "place": place, "severity": "soft", "lhs": lhs}
    return found | {"rhs": rhs, "gap": lhs - rhs, "verdict": "broken", "cells": row["cells"], "note": note}
