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

from rapidfuzz import fuzz

from toolkit.reports.folding import fold
from toolkit.reports.form import FORMS, FormCell, form_cells, read_rows

_ENUMERATOR = re.compile(
    r"^(?:\(?[一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.,]|\(?\d{1,2}[.、)．]?(?=[一-鿿]))+"
)
_NOT_HAN = re.compile(r"[^一-鿿]+")
# Words that mirrors in traditional script change, beside the script.
_MAINLAND = {"资讯": "信息", "专案": "项目", "档案": "文件"}
_TAIWAN = re.compile("|".join(_MAINLAND))
_GROUP = re.compile("不予公开|无法提供|不予处理|其[他它]处理|.{0,2}本?年度?办理结果")
_LONGEST_LABEL = 60
_SHORTEST_CUT = 4


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
    folded = _TAIWAN.sub(lambda word: _MAINLAND[word[0]], fold(text))
    return _NOT_HAN.sub("", _ENUMERATOR.sub("", folded)) or _NOT_HAN.sub("", folded)


@lru_cache(maxsize=1024)
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
    return _worded(words) or _merged_with_group(words) or _cut(words)


def _worded(words: str) -> tuple[Label, ...]:
    return tuple(label for label, pattern in _wordings() if pattern.fullmatch(words))


def _merged_with_group(words: str) -> tuple[Label, ...]:
    """（三）不予公开1.属于国家秘密: the label of the group and that of the row in one cell."""
    group = _GROUP.match(words)
    return () if group is None else _worded(words[group.end() :]) or _cut(words[group.end() :])


def _cut(words: str) -> tuple[Label, ...]:
    """A label cut at its end is told while only one label begins like that."""
    item = _cut_items().get(words)
    return (Label("item", "applications", item),) if item else ()


def resembles_item(text: str, part: str) -> float:
    """Return how much a text is like the likest label of a row (0 to 100).

    Examples
    --------
    >>> resembles_item("4.保护第三万合法权益", "applications") > 80, resembles_item("见附件", "applications") < 40
    (True, True)
    """
    words = bare(text)
    return max((fuzz.ratio(words, label) for label in official_items(part).values()), default=0.0)


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
def _cut_items() -> dict[str, str]:
    begins: dict[str, set[str]] = {}
    for item, label in official_items("applications").items():
        for end in range(_SHORTEST_CUT, len(label)):
            begins.setdefault(label[:end], set()).add(item)
    return {words: items.pop() for words, items in begins.items() if len(items) == 1}


@cache
def _wordings() -> tuple[tuple[Label, re.Pattern[str]], ...]:
    return tuple(
        (Label(row["kind"], row["part"], row["code"]), re.compile(row["pattern"]))
        for row in read_rows("forms/labels.csv")
    )


@cache
def _beginnings() -> frozenset[str]:
    labels = {bare(text) for form in FORMS for cell in form_cells(form) for text in _texts(cell)}
    labels |= {
        "申请人情况",
        "法人或其他组织",
        "信息内容",
        "本列数据的勾稽关系为第一项加第二项之和等于第三项加第四项之和",
    }
    return frozenset(label[:end] for label in labels for end in range(1, len(label)))


def _texts(cell: FormCell) -> tuple[str, str, str]:
    return cell.item_label, cell.category_label, cell.group
