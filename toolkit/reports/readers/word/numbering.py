"""The numbers that Word sets before paragraphs: 一、, （二）, 3. They stand in no text."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DIGITS = "〇一二三四五六七八九"
LEVELS = 9
CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographDigital",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "japaneseDigitalTenThousand",
}


class Numbering:
    """Counts the numbered paragraphs of a Word file, in the order of its text.

    Parameters
    ----------
    numbering, styles : Element or None
        The roots of ``word/numbering.xml`` and ``word/styles.xml``.
    """

    def __init__(self, numbering: Any = None, styles: Any = None) -> None:
        kinds = [] if numbering is None else numbering.iter(f"{W}abstractNum")
        abstract = {node.get(f"{W}abstractNumId"): node for node in kinds}
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._list_of: dict[str, str] = {}
        for node in [] if numbering is None else numbering.iter(f"{W}num"):
            number = node.get(f"{W}numId")
            self._list_of[number] = _value(node, "abstractNumId")
            self._levels[number] = _levels(abstract.get(self._list_of[number]), node)
        self._styles = {} if styles is None else {node.get(f"{W}styleId"): node for node in styles.iter(f"{W}style")}
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0] * LEVELS)

    def label(self, paragraph: Any) -> str:
        """Return the number before a paragraph, ``""`` where there is none, and count it.

        Examples
        --------
        >>> from xml.etree.ElementTree import fromstring
        >>> space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        >>> level = '<w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
        >>> kind = f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        >>> one = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        >>> numbering = Numbering(fromstring(f"<w:numbering {space}>{kind}{one}</w:numbering>"))
        >>> paragraph = fromstring(f'<w:p {space}><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:p>')
        >>> numbering.label(paragraph), numbering.label(paragraph)
        ('一、', '二、')
        """
        number, level = self._place(paragraph)
        levels = self._levels.get(number, {})
        if level not in levels:
            return ""
        counts = self._counts[self._list_of[number]]
        start = levels[level][2]
        counts[level] = max(counts[level] + 1, start)
        counts[level + 1 :] = [0] * (LEVELS - level - 1)
        kind, pattern, _ = levels[level]
        if kind in ("bullet", "none"):
            return ""
        return re.sub(r"%([1-9])", lambda match: self._figure(levels, counts, int(match[1]) - 1), pattern)

    def _figure(self, levels: dict[int, tuple[str, str, int]], counts: list[int], level: int) -> str:
        kind, _, start = levels.get(level, ("decimal", "", 1))
        return written(max(counts[level], start), kind)

    def _place(self, paragraph: Any) -> tuple[str, int]:
        properties = paragraph.find(f"{W}pPr")
        seen = 0
        number = level = ""
        while properties is not None and seen < LEVELS:
            found = properties.find(f"{W}numPr")
            if found is not None:
                number, level = number or _value(found, "numId"), level or _value(found, "ilvl")
            style = self._styles.get(_value(properties, "pStyle") or _value(properties, "basedOn"))
            properties = None if style is None or number else _style_properties(style)
            seen += 1
        return number, min(int(level), LEVELS - 1) if level.isdigit() else 0


def _style_properties(style: Any) -> Any:
    properties = style.find(f"{W}pPr")
    if properties is None or properties.find(f"{W}numPr") is None:
        return style
    return properties


def _value(node: Any, name: str) -> str:
    found = node.find(f"{W}{name}")
    return "" if found is None else found.get(f"{W}val", "")


def _levels(abstract: Any, number: Any) -> dict[int, tuple[str, str, int]]:
    levels: dict[int, tuple[str, str, int]] = {}
    for node in [] if abstract is None else abstract.iter(f"{W}lvl"):
        start = _value(node, "start")
        levels[int(node.get(f"{W}ilvl", "0"))] = (
            _value(node, "numFmt"),
            _value(node, "lvlText"),
            int(start) if start.isdigit() else 1,
        )
    for node in number.iter(f"{W}lvlOverride"):
        start, level = _value(node, "startOverride"), int(node.get(f"{W}ilvl", "0"))
        if start.isdigit() and level in levels:
            levels[level] = (*levels[level][:2], int(start))
    return levels


def written(number: int, kind: str) -> str:
    """Return a number as a Word list writes it.

    Examples
    --------
    >>> [written(number, "chineseCounting") for number in (3, 10, 12, 21)]
    ['三', '十', '十二', '二十一']
    >>> written(3, "decimalEnclosedCircle"), written(2, "lowerLetter"), written(4, "decimal")
    ('③', 'b', '4')
    """
    if kind in CHINESE and number < 100:
        tens, ones = divmod(number, 10)
        ten = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
        return ten + (DIGITS[ones] if ones else "") if number else DIGITS[0]
    if kind.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if kind in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        return chr(ord("a" if kind == "lowerLetter" else "A") + number - 1)
    return str(number)
