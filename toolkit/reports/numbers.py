"""The text of a cell: its value, its unit and its state.

Nothing is repaired. What is not plainly one number is no number, a blank is
no zero, and a sum of money without a unit is a text.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from toolkit.reports.folding import fold

_DASH = re.compile(r"[-/\\]{1,4}|无")
_NUMBER = re.compile(r"\??([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)([^\d]{0,4})")
_COUNT_UNITS = frozenset(["", "件", "条", "项", "个", "次", "宗", "起", "份", "篇", "部", "(件)", "(条)", "(项)"])
_MONEY_UNITS = {"元": 1, "万元": 10_000, "亿元": 100_000_000, "万": 10_000, "千元": 1_000, "百万元": 1_000_000}
_DIGITS = {
    "零": 0,
    "〇": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_TENS = {"十": 10, "百": 100, "千": 1000}
# Blanks inside a number: two numbers in one cell, or one printed apart; which, cannot be told.
_TWO_NUMBERS = re.compile(r"[\d０-９][\s]+[\d０-９.,，．]|[.,，．][\s]+[\d０-９]|-\u2009")
# A dash is no minus: what it means before a number cannot be told.
_DASH_BEFORE = re.compile(r"\s*[—–―─]")
_STATED_UNIT = re.compile("(?:[十百千]?万|百亿|亿|千|百|十)?元")
_FOREIGN = re.compile("美[元金]|欧元|英镑|[日韩台澳]元|港[元币纸]|澳门?[元币]|[日台]币|卢布|外[币汇]")


class Reading(NamedTuple):
    """What a cell says: ``value`` is None unless ``state`` is ``reported``."""

    value: Decimal | None
    state: str


@lru_cache(maxsize=1024)
def read_number(raw: str, money_unit: str | None = None, is_money: bool = False) -> Reading:
    """Read the text of a cell.

    Parameters
    ----------
    raw : str
        The cell's text exactly.
    money_unit : str, optional
        The unit that the column's header states (``万元``), for money.
    is_money : bool
        Whether the cell is a sum of money; its value is in yuan.

    Returns
    -------
    Reading
        ``state`` is ``reported``, ``blank``, ``dash`` (/ - — 无) or ``text``
        (not a number; also money whose unit neither cell nor header gives).

    Examples
    --------
    >>> read_number("1,203"), read_number(" "), read_number("/"), read_number("见附件").state
    (Reading(value=Decimal('1203'), state='reported'), Reading(value=None, state='blank'), \
Reading(value=None, state='dash'), 'text')
    >>> read_number("51.1082万元", is_money=True).value
    Decimal('511082')
    >>> read_number("8040", is_money=True).state
    'text'
    """
    text = fold(raw)
    if not text:
        return Reading(None, "blank")
    if _DASH.fullmatch(text):
        return Reading(None, "dash")
    if len(text) > 1 and (_TWO_NUMBERS.search(raw) or _DASH_BEFORE.match(raw)):
        return Reading(None, "text")
    number, unit = _number_and_unit(text)
    if number is None:
        return Reading(None, "text")
    if is_money:
        return _money(number, unit, money_unit)
    return Reading(number, "reported") if unit in _COUNT_UNITS else Reading(None, "text")


def looks_like_value(folded: str) -> bool:
    """Return whether a folded text is a number, a dash or nothing.

    Examples
    --------
    >>> [looks_like_value(text) for text in ("12", "3件", "/", "", "规章", "1.属于国家秘密")]
    [True, True, True, True, False, False]
    """
    if folded.isdigit() or not folded or folded == "一":
        return True
    if _DASH.fullmatch(folded):
        return True
    number, unit = _number_and_unit(folded)
    return number is not None and (unit in _COUNT_UNITS or unit in _MONEY_UNITS)


def stated_unit(header: str) -> str | None:
    """Return the unit of money that a header states; none if it states several, or foreign money.

    Examples
    --------
    >>> stated_unit("本年收费金额（单位：万元）")
    '万元'
    >>> stated_unit("本年收费金额（单位：万元/元）") is stated_unit("收费金额（万美元）") is None
    True
    """
    folded = fold(header)
    units = set(_STATED_UNIT.findall(folded))
    return units.pop() if len(units) == 1 and not _FOREIGN.search(folded) else None


def _money(number: Decimal, unit: str, header_unit: str | None) -> Reading:
    factor = _MONEY_UNITS.get(unit or header_unit or "")
    if factor is None:
        return Reading(None, "text")
    value = number * factor
    return Reading(value.to_integral_value() if value == value.to_integral_value() else value, "reported")


def _number_and_unit(text: str) -> tuple[Decimal | None, str]:
    match = _NUMBER.fullmatch(text.replace("，", ","))
    if match:
        return Decimal(match[1].replace(",", "")), match[2]
    spelled = _spelled_out(text)
    return (None, "") if spelled is None else (Decimal(spelled), "")


def _spelled_out(text: str) -> int | None:
    """Read 十二, 二十, 一百零五, 三: Chinese numerals up to 9999."""
    if text == "一":
        return None  # as often a dash as a one
    total, digit = 0, None
    for char in text:
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
        elif char in _TENS:
            total += (1 if digit is None else digit) * _TENS[char]
            digit = None
        else:
            return None
    return total + (digit or 0)
