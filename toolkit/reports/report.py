"""A source file to plain records: one report's row, figures, chapters and what was left open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from toolkit.reports.align import align
from toolkit.reports.chapters import Chapter, chapter_texts, find_chapters
from toolkit.reports.consistency.mentions import mention_rows
from toolkit.reports.consistency.rules import year_rows
from toolkit.reports.document import Document
from toolkit.reports.form import FORMS, PARTS, FormCell, form_cells
from toolkit.reports.kinds import OLD_FORMS, demand_report, old_form
from toolkit.reports.metadata import describe
from toolkit.reports.numbers import read_number, stated_unit
from toolkit.reports.provenance.titles import head_lines
from toolkit.reports.tables.alignment import Alignment, Placed, Unplaced
from toolkit.reports.tables.tokens import read_tokens

_EXPECTED_CHAPTERS = ("overview", "problems", "other_matters")
_BLOCKS = ("art20_1", "art20_5", "art20_6", "art20_8", "art20_9", "outcomes_other")

Row = dict[str, Any]


@dataclass
class Records:
    """What one source says, as plain rows; frames are made of many.

    ``report`` has the columns of the reports frame that the source itself can
    tell; the others are rows of the frames of their names, without the report.
    """

    report: Row
    statistics: list[Row] = field(default_factory=list)
    sections: list[Row] = field(default_factory=list)
    mentions: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)
    document: Document | None = None


def document_records(document: Document, name: str) -> Records:
    """Return the records of a document that has been read.

    Parameters
    ----------
    document : Document
    name : str
        The report's key; its folders may name a year.

    Raises
    ------
    SourceError
        If the document is no annual report.
    """
    chapters = find_chapters(document)
    found = align(read_tokens(document))
    texts = chapter_texts(document, chapters)
    head = head_lines(document)
    demand_report(document, found, texts, head)
    facts: dict[str, Any] = describe(document, texts, name, head)
    statistics, form = statistics_rows(found)
    form = form or old_form(document, facts["year"], bool(found.placed))
    report: Row = {"report": name, "format": document.format, "form": form}
    report |= {column: value for column, value in facts.items() if column not in ("year_votes", "notes")}
    report |= dict(zip(("status", "reason"), _status(found, texts, document, form)))
    findings = unplaced_rows(found, statistics) + list(year_rows(facts["year_votes"], facts["year"]))
    sections = section_rows(document, chapters)
    mentions = mention_rows({row["chapter"]: row["text"] for row in sections}, facts["year"])
    return Records(report, statistics, sections, mentions, findings, document)


def statistics_rows(found: Alignment) -> tuple[list[Row], str | None]:
    """Return a row for every cell of the form, also when the source lost it, and the form.

    The form is told block by block; a block that is absent takes the form of
    the others. If none tells it there are no rows.
    """
    told = {block: form for block, form in found.forms.items() if form}
    if not told:
        return [], None
    usual = Counter(form for form in told.values() if form != "both").most_common(1)
    default = usual[0][0] if usual else FORMS[-1]
    forms = {one for block in told for one in (FORMS if told[block] == "both" else (told[block],))}
    placed = {(one.part, one.item, one.category): one for one in found.placed}
    expected = _missing_rows(tuple(told.get(block, default) for block in _BLOCKS), default)
    rows = [_statistic(missing, placed.get(key)) for key, missing in expected]
    return rows, forms.pop() if len(forms) == 1 else "mixed"


@cache
def _missing_rows(forms: tuple[str, ...], default: str) -> tuple[tuple[tuple[str, str, str], Row], ...]:
    """Return key and row of every cell as if the source had lost it, for the blocks' forms, in the form's order.

    Cells of no block are those of the default form.
    """
    form_of = dict(zip(_BLOCKS, forms))
    wanted = [
        cell
        for form in FORMS
        for cell in form_cells(form)
        if form_of.get(cell.block, default) in (form, "both" if cell.block == "outcomes_other" else form)
    ]
    return tuple((cell.key, _missing(cell)) for cell in sorted(wanted, key=_place_in_form))


_ORDER = {cell.key: (place, FORMS.index(form)) for form in FORMS for place, cell in enumerate(form_cells(form))}


def _place_in_form(cell: FormCell) -> tuple[int, int, int]:
    part = PARTS.index(cell.part)
    if cell.item in ("outcomes_total", "carried_forward"):
        return part, 1000 + (cell.item == "carried_forward"), _ORDER[cell.key][0]
    return part, 0, _ORDER[cell.key][0]


def _missing(cell: FormCell) -> Row:
    return {
        "part": cell.part,
        "item": cell.item,
        "category": cell.category,
        "value": None,
        "unit": cell.unit,
        "raw": None,
        "state": "missing",
        "is_total": cell.is_total,
        "locator": None,
    }


def _statistic(missing: Row, placed: Placed | None) -> Row:
    """Return a copy of the row of a missing cell, filled with what the source has there."""
    row = missing.copy()
    if placed is None or placed.cell is None:
        return row
    raw = row["raw"] = placed.cell.text
    row["locator"] = placed.cell.locator or None
    row["value"], row["state"] = _figure(raw, placed.header if row["unit"] == "yuan" else None)
    if placed.cell.doubtful:
        row["value"], row["state"] = None, "doubtful"
    return row


@lru_cache(maxsize=256)
def _figure(raw: str, header_of_money: str | None) -> tuple[float | None, str]:
    unit = None if header_of_money is None else stated_unit(header_of_money)
    value, state = read_number(raw, unit, header_of_money is not None)
    return (float(value) if state == "reported" and value is not None else None), state


def section_rows(document: Document, chapters: list[Chapter]) -> list[Row]:
    """Return the rows of the sections frame, one a chapter kind."""
    rows: dict[str, Row] = {}
    for one in chapters:
        text = document.text[one.start : one.stop]
        if one.chapter in rows:
            row = rows[one.chapter]
            joined = f"{row['text']}\n{text}" if text and row["text"] else row["text"] or text
            row |= {"heading": f"{row['heading']}\n{one.heading}", "text": joined, "stop": one.stop}
        else:
            rows[one.chapter] = {"chapter": one.chapter, "heading": one.heading or None, "text": text}
            rows[one.chapter] |= {"start": one.start, "stop": one.stop}
    return list(rows.values())


def unplaced_rows(found: Alignment, statistics: Sequence[Row]) -> list[Row]:
    """Return the findings ``unplaced``: values of a row whose columns cannot be told."""
    return [_unplaced(one, [row for row in statistics if row["item"] == one.item]) for one in found.unplaced]


def _unplaced(one: Unplaced, cells: Sequence[Row]) -> Row:
    raw = ", ".join(f"{cell.text} ({cell.locator})" for cell in one.cells)
    values = [read_number(cell.text).value for cell in one.cells]
    return {
        "rule": "unplaced",
        "place": f"{one.part}/{one.item}" if one.item else one.part,
        "severity": "soft",
        "verdict": "untestable",
        "lhs": values[0] if len(values) == 1 else None,
        "cells": ";".join("/".join((row["part"], row["item"], row["category"])) for row in cells) or None,
        "note": f"values whose column cannot be told: {raw}",
    }


def _status(found: Alignment, texts: Mapping[str, str], document: Document, form: str | None) -> tuple[str, str | None]:
    parts = {one.part for one in found.placed}
    # Before 2019 there were no such tables, and no chapter five by law.
    if form in OLD_FORMS:
        return ("partial", "; ".join(document.notes)) if document.notes else ("parsed", None)
    reasons = [_not_read(part, found) for part in PARTS if part not in parts]
    reasons += [f"chapter not found: {chapter}" for chapter in _EXPECTED_CHAPTERS if chapter not in texts]
    if form is None and found.placed:
        reasons.append(
            f"no block tells whether the form is that of 2019 or of 2021: {len(found.placed)} figures have no row"
        )
    reasons += document.notes
    status = "partial" if reasons or found.doubts else "parsed"
    return status, "; ".join(reasons + found.notes) or None


def _not_read(part: str, found: Alignment) -> str:
    """Tell a table that is absent from one that stands there and whose columns cannot be told."""
    return f"columns not told in the table of {part}" if part in found.seen else f"table not found: {part}"
