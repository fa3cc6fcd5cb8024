"""Figures that the prose states: how many applications came, were granted, went to court.

What a figure counts is told by the words before or after it. The concepts and
their wordings are data: ``forms/concepts.csv``, ``forms/concept_patterns.csv``
and ``forms/concept_exclusions.csv`` (cases of 备案, letters to the mayor,
half-year figures, comparisons with last year are other things). A figure whose
concept the words do not tell is no mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from toolkit.reports.consistency.business import is_other_business
from toolkit.reports.folding import same_length
from toolkit.reports.form import FORMS, form_cells, read_rows
from toolkit.reports.numbers import read_number

#: Chapters whose prose is read.
PROSE_CHAPTERS = ("overview", "applications", "other_matters")

_NUMBER = re.compile(
    r"(?<![\d.第])(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)"
    r"(?P<about>余|多)?(?P<scale>[万亿])?(?:余|多)?个?(?P<unit>件次|件|条|宗|份|起|次|部|篇|例|项|元|笔|个)"
)
_SCALES = {"万": 10_000, "亿": 100_000_000}
_KINDS = {"元": "元", "条": "条", "篇": "条"}
_SENTENCE_ENDS = "。!?\n"
_CLAUSE = re.compile(r"[,;。:!?\n(]")
_NEXT = re.compile(r"[,;。!?\n(]")
_YEAR = re.compile(r"(20\d\d)年")
_NEGATIONS = re.compile("[未无没]")
_KEPT = re.compile("\n|[^\\s“”\"'\u200b《》〈〉*]+")
# The next line goes on: no blank line, no indent, no enumerator.
_WRAP = re.compile(r"\n(?![\s(一二三四五六七八九十]|\d+[.、])")
_WRAPPED = 25
_LEFT, _RIGHT, _HEAD = 70, 40, 25
_KEEPS_YEAR = frozenset(["brought_forward", "carried_forward"])
# In 同比 and the like the year before is only what the report's year is measured by.
_MEASURE = re.compile("[比较与同]20\\d\\d年[^,;。]{0,16}")
_APPROXIMATE = re.compile(r"(?:近|约|逾|超过?|不足|大约|至少)\s*[\d,.]+|余|\d\s*多|\d\s*万(?!元)")


class Found(NamedTuple):
    """A figure in a compact text: its concept, value, unit and place there."""

    concept: str
    value: float
    unit: str | None
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class _Wording:
    concept: str
    context: re.Pattern[str] | None
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    unless: re.Pattern[str] | None


class _Group(NamedTuple):
    """Wordings of one kind of business, passed over where no word tells of it."""

    sign: re.Pattern[str] | None
    wordings: tuple[_Wording, ...]


def mention_rows(texts: Mapping[str, str], year: int | None = None) -> list[dict[str, Any]]:
    """Return the figures that the prose of a report states.

    Parameters
    ----------
    texts : mapping
        Text of the sections by chapter; tables in them are passed over.
    year : int, optional
        Year of the report: a figure that a sentence gives for another year is left out.

    Returns
    -------
    list of dict
        chapter, concept (``forms/concepts.csv``), value (money in yuan), unit
        as printed, raw (the words), start and stop in the section's text.

    Examples
    --------
    >>> text = "2024年，全市共受理政府信息公开申请 3119件，答复3050件（另有103件顺延到下年度答复）。未收取信息处理费。"
    >>> for row in mention_rows({"overview": text}, 2024):
    ...     print(row["concept"], row["value"], row["unit"], row["raw"])
    new_received 3119.0 件 受理政府信息公开申请 3119件
    processed 3050.0 件 答复3050件
    carried_forward 103.0 件 103件顺延到下年
    fee_amount 0.0 None 未收取信息处理费
    """
    rows = []
    for chapter in PROSE_CHAPTERS:
        text = texts.get(chapter, "")
        compact, offsets = _compact(same_length(_without_tables(text, chapter == "applications")))
        for found in _found(compact, year):
            start, stop = offsets[found.start], offsets[found.stop - 1] + 1
            row = {"chapter": chapter, "concept": found.concept, "value": found.value, "unit": found.unit}
            rows.append(row | {"raw": text[start:stop], "start": start, "stop": stop})
    return rows


def is_approximate(raw: str) -> bool:
    """Return whether the words state no exact figure: 5500余条, 近百件, 1.2万件.

    Examples
    --------
    >>> is_approximate("信息 5500余条"), is_approximate("收到申请26件")
    (True, False)
    """
    return _APPROXIMATE.search(same_length(raw)) is not None


def concepts() -> dict[str, dict[str, str]]:
    """Return concept -> its entry: labels, the cells it may mean, how strictly.

    Examples
    --------
    >>> concepts()["carried_forward"]["label_zh"]
    '结转下年'
    """
    return _concepts()


@cache
def _concepts() -> dict[str, dict[str, str]]:
    return {row["concept"]: row for row in read_rows("forms/concepts.csv")}


def _without_tables(text: str, has_table: bool) -> str:
    """Return the text, character for character, with the lines of a table blanked."""
    if not has_table and "\t" not in text and "|" not in text:
        return text
    lines = text.split("\n")
    is_prose = ["\t" not in line and "|" not in line and (not has_table or "。" in line) for line in lines]
    return "\n".join(line if kept else " " * len(line) for line, kept in zip(lines, is_prose))


def _compact(folded: str) -> tuple[str, list[int]]:
    """Return the text without blanks, quotes and wraps of lines, and where each character stands."""
    parts: list[str] = []
    places: list[int] = []
    for match in _KEPT.finditer(folded):
        if match[0] != "\n":
            parts.append(match[0])
            places.extend(range(match.start(), match.end()))
        elif parts and parts[-1][-1] not in _SENTENCE_ENDS and not _is_wrapped(folded, match.start()):
            parts.append("\n")
            places.append(match.start())
    return "".join(parts), places


def _is_wrapped(text: str, place: int) -> bool:
    """Tell a line that was broken at the edge of the page from the end of a paragraph."""
    line = text[text.rfind("\n", 0, place) + 1 : place]
    return len(line) >= _WRAPPED and _WRAP.match(text, place) is not None and line.rstrip()[-1:] not in ":;"


def _found(text: str, year: int | None) -> Iterator[Found]:
    previous = 0
    for number in _NUMBER.finditer(text):
        value = _value(number)
        if value is not None:
            found = _told(text, number, value, previous, year)
            if found:
                yield found
            previous = number.end()
    if _NEGATIONS.search(text):
        yield from _nothing(text)


def _value(number: re.Match[str]) -> float | None:
    digits = number["number"]
    value = 1 if digits == "一" else read_number(digits).value
    return None if value is None else float(value * _SCALES.get(number["scale"] or "", 1))


def _told(text: str, number: re.Match[str], value: float, previous: int, year: int | None) -> Found | None:
    """Return what a number counts, by the first wording that fits the words around it."""
    begin = _sentence_start(text, number.start())
    left_start = max(begin, previous, number.start() - _LEFT)
    left, context = text[left_start : number.start()], _context(text, begin, number.start())
    right = text[number.end() : number.end() + _RIGHT]
    nearby = _nearby(left, right)
    sentence = text[begin : number.start()]
    if any(pattern.search(nearby if span == "clause" else sentence) for span, pattern in _exclusions()):
        return None
    unit = _KINDS.get(number["unit"], "件")
    for one in _likely(unit, left + right):
        span = _fits(one, left, right, context, nearby)
        if span is None or (one.concept not in _KEEPS_YEAR and _another_year(sentence, year)):
            continue
        start, stop = left_start + span[0], number.end() + span[1]
        if is_other_business(_part(one.concept), text, (begin, start, stop), context):
            return None
        return Found(one.concept, value, number["unit"], start, stop)
    return None


def _likely(unit: str, words: str) -> Iterator[_Wording]:
    """Yield the wordings of a unit that the words around a number may hold."""
    for group in _groups(unit):
        if group.sign is None or group.sign.search(words):
            yield from group.wordings


@cache
def _part(concept: str) -> str:
    """Return the table of the first cell that a concept may mean, or nothing."""
    item = concepts()[concept]["candidates"].split(".")[0]
    return next((cell.part for form in FORMS for cell in form_cells(form) if cell.item == item), "")


def _fits(one: _Wording, left: str, right: str, context: str, nearby: str) -> tuple[int, int] | None:
    """Return how far a wording reaches into the words before and after a number."""
    before = one.before.search(left) if one.before else None
    if one.before and before is None:
        return None
    after = one.after.match(right) if one.after else None
    if one.after and after is None:
        return None
    if one.context and not one.context.search(context):
        return None
    if one.unless and one.unless.search(nearby if after else _clause(left)):
        return None
    if one.unless and before and one.unless.search(before[0]):
        return None
    return (before.start() if before else len(left), after.end() if after else 0)


def _nothing(text: str) -> Iterator[Found]:
    """Find plain statements of none: 未收到政府信息公开申请."""
    for sentence in re.finditer(r"[^。!?\n;]+", text):
        if not _NEGATIONS.search(sentence[0]):
            continue
        if any(span == "sentence" and pattern.search(sentence[0]) for span, pattern in _exclusions()):
            continue
        context = _context(text, _sentence_start(text, sentence.start()), sentence.end())
        seen = set()
        for one in _nothings():
            match = one.before.search(sentence[0]) if one.before and one.concept not in seen else None
            if match is None or (one.context and not one.context.search(context)):
                continue
            begin = sentence.start()
            start, stop = begin + match.start(), begin + match.end()
            if one.unless is not None and one.unless.search(match[0]):
                continue
            if not is_other_business(_part(one.concept), text, (begin, start, stop), ""):
                seen.add(one.concept)
                yield Found(one.concept, 0.0, None, start, stop)


def _sentence_start(text: str, place: int) -> int:
    return max(text.rfind(end, 0, place) for end in _SENTENCE_ENDS) + 1


def _context(text: str, begin: int, stop: int) -> str:
    """The head of the paragraph, the sentence before and the sentence up to a number."""
    line = text.rfind("\n", 0, begin) + 1
    before = _sentence_start(text, begin - 1) if begin > line else begin
    head = text[line : line + _HEAD] if line + _HEAD < before else ""
    return head + text[before:stop]


def _nearby(left: str, right: str) -> str:
    """The clause that a number stands in."""
    stop = _NEXT.search(right)
    return _clause(left) + right[: stop.start() if stop else len(right)]


def _clause(left: str) -> str:
    return _CLAUSE.split(left)[-1]


def _another_year(sentence: str, year: int | None) -> bool:
    """Tell whether the last year that a sentence names before a figure is not the report's."""
    if re.search("(?:上一?年度?|去年)(?![^,;。]{0,4}结转)[^,;。]{0,12}$", sentence):
        return True
    years = _YEAR.findall(_MEASURE.sub("", sentence))
    return year is not None and bool(years) and int(years[-1]) != year


@cache
def _groups(unit: str) -> tuple[_Group, ...]:
    """Return the wordings of a unit in the order of the table, those of one sign together."""
    units = (unit, "条") if unit == "件" else (unit,)
    rows = [row for row in read_rows("forms/concept_patterns.csv") if not row["value"] and row["unit"] in units]
    return tuple(
        _Group(re.compile(sign) if sign else None, tuple(map(_wording, group)))
        for sign, group in groupby(rows, key=lambda row: row["sign"])
    )


@cache
def _nothings() -> tuple[_Wording, ...]:
    return tuple(_wording(row) for row in read_rows("forms/concept_patterns.csv") if row["value"] == "0")


def _wording(row: Mapping[str, str]) -> _Wording:
    names: Sequence[str] = ("context", "before", "after", "unless")
    patterns = [re.compile(row[name]) if row[name] else None for name in names]
    return _Wording(row["concept"], *patterns)


@cache
def _exclusions() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["span"], re.compile(row["pattern"])) for row in read_rows("forms/concept_exclusions.csv"))
