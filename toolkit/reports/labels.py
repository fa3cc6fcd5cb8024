"""The labels of the official tables, told from the texts of real reports.

Labels come misprinted, cut, spaced, wrapped and with notes in brackets, and
其他, 总计 and 行政复议 stand in several places. So a text has several possible
labels, exact ones first; which one it is, its place decides (:mod:`.align`).
The wordings are rows of ``forms/labels.csv``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from toolkit.reports.folding import fold
from toolkit.reports.form import FORMS, FormCell, form_cells, read_rows

_ENUMERATOR = re.compile(r"^(?:\(?[一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.,]|\(?\d{1,2}[.、)．]?(?=[一-鿿]))+")
_NOT_HAN = re.compile(r"[^一-鿿]+")
_LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the form: ``kind`` is block, header, item, group, note, start or stop."""

    kind: str
    part: str
    code: str


def bare(text: str) -> str:
    """Return a label's Chinese characters without its enumerator.

    Examples
    --------
    >>> bare("3.危及“三安全 一稳定”"), bare("（三）不予公开")
    ('危及三安全一稳定', '不予公开')
    """
    folded = fold(text)
    return _NOT_HAN.sub("", _ENUMERATOR.sub("", folded)) or _NOT_HAN.sub("", folded)


@lru_cache(maxsize=65536)
def recognise(text: str) -> tuple[Label, ...]:
    """Return the labels a text may be, in the order of the table of wordings.

    Examples
    --------
    >>> [label.code for label in recognise("2.其他法律行政止公开")]
    ['denied_law_prohibits']
    >>> [(label.kind, label.code) for label in recognise("总 计")]
    [('header', 'total'), ('item', 'outcomes_total'), ('header', 'total')]
    """
    if len(text) > 3 * _LONGEST_LABEL:
        return ()
    words = bare(text)
    # No label ends in a digit: that would be its figure, glued to it.
    if not words or len(words) > _LONGEST_LABEL or text.rstrip()[-1].isdigit():
        return ()
    return tuple(label for label, pattern in _wordings() if pattern.fullmatch(words))


def begins_label(words: str) -> bool:
    """Return whether ``words`` (bare) begin an official label and are not yet the whole of it.

    Examples
    --------
    >>> begins_label("要求行政机关确认或重"), begins_label("要求行政机关确认或重新出具已获取信息")
    (True, False)
    """
    return words in _beginnings()


@cache
def official_items(part: str) -> dict[str, str]:
    """Return item code -> official label, bare, of a part, in the order of the forms.

    Examples
    --------
    >>> list(official_items("applications"))[-3:]
    ['other', 'outcomes_total', 'carried_forward']
    """
    newest_first = [cell for form in reversed(FORMS) for cell in form_cells(form) if cell.part == part]
    labels = {cell.item: bare(cell.item_label) for cell in newest_first}
    last = [item for item in ("outcomes_total", "carried_forward") if item in labels]
    return {item: label for item, label in labels.items() if item not in last} | {item: labels[item] for item in last}


@cache
def _wordings() -> tuple[tuple[Label, re.Pattern[str]], ...]:
    return tuple(
        (Label(row["kind"], row["part"], row["code"]), re.compile(row["pattern"]))
        for row in read_rows("forms/labels.csv")
    )


@cache
def _beginnings() -> frozenset[str]:
    labels = {bare(text) for form in FORMS for cell in form_cells(form) for text in _texts(cell)}
    labels |= {"申请人情况", "法人或其他组织", "信息内容", "本列数据的勾稽关系为第一项加第二项之和等于第三项加第四项之和"}
    return frozenset(label[:end] for label in labels for end in range(1, len(label)))


def _texts(cell: FormCell) -> tuple[str, str, str]:
    return cell.item_label, cell.category_label, cell.group
