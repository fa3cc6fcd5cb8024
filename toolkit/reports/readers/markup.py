"""Marks in a text: Markdown, single tags and entities that a converter of pages left behind.

They are no part of what is printed: a cell ``**规章**`` says 规章, a ``<br>`` in a
row with bars is a blank. Two figures that only a mark parts stay apart.
"""

from __future__ import annotations

import re
from html import unescape

#: A table of HTML, with the page that some converters wrap around each.
TABLE = re.compile(
    r"(?:<html\b[^>]*>\s*)?(?:<body\b[^>]*>\s*)?<table\b.*?</table\s*>(?:\s*</body\s*>)?(?:\s*</html\s*>)?",
    re.IGNORECASE | re.DOTALL,
)

_NO_TEXT = re.compile(r"<(?:script|style|meta|link|head|frameset|iframe|!doctype)\b", re.IGNORECASE)
_MAKES_LINE = re.compile(r"<(?:p|div|li|h[1-6]|center|section|article|d[dt]|t[dr]|table)\b[^<>]*>", re.IGNORECASE)
_LINES_PER_TAG = 4
_HAN = re.compile("[一-鿿]")
_STRUCK_OUT = re.compile(
    r"<(del|s|strike)(?:\s[^<>]*)?>.{0,200}?</\1\s*>|~~[^~\n|\s，。]{1,30}~~|<!--.*?-->", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(
    r"(?:</?(?:a|abbr|article|b|big|blockquote|body|br|center|code|del|div|em|font|h[1-6]|hr|html|i|img|ins|label"
    r"|li|mark|o:p|ol|p|pre|section|small|span|strong|sub|sup|u|ul)(?:\s[^<>\n]*|/)?>)+",
    re.IGNORECASE,
)
_LINE_TAG = re.compile(r"</?(?:article|blockquote|br|center|div|h[1-6]|hr|li|ol|p|pre|section|ul)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(?=\S)|^[ \t]*(?:={3,}|-{5,}|```\w*)[ \t]*$", re.MULTILINE)
_BOLD = re.compile(r"(?<![*_])(\*{2,3}|__)(?=[^\s*_])([^*|\t\n]*?[^\s*|])\1(?![*_])")
_EMPHASIS = re.compile(r"(?<![*\w])\*(?=[^\s*])([^*|\t\n]*[^\s*|])\*(?![*\w])")
_CODE = re.compile(r"(?<!`)`([^`|\t\n]+)`(?!`)")
_ESCAPED = re.compile(r"\\(?=[-.*_#+()\[\]~>!{}])")


def is_page(text: str) -> bool:
    """Return whether tags make a text a page, rather than stand in it singly.

    Tables are left out of the count: Markdown has them too. What remains is a
    page where its lines, or every fourth of them, stand in tags of their own.

    Examples
    --------
    >>> is_page("<p>一、总体情况</p><p>正文</p>"), is_page("一、总体情况<br>正文"), is_page("规章 | 1")
    (True, False, False)
    """
    tables = TABLE.findall(text)
    # Tables that are cut off or stand in each other are those of a page.
    if len(tables) < text.lower().count("<table"):
        return True
    rest = TABLE.sub(" ", text)
    if _NO_TEXT.search(rest):
        return True
    lines = [line for line in rest.split("\n") if _HAN.search(line)]
    tags = sum(len(_MAKES_LINE.findall(line)) for line in rest.split("\n") if not _is_row(line))
    return (tags * _LINES_PER_TAG >= max(len(lines), 1)) or (bool(tables) and not lines)


def unmarked(text: str) -> str:
    """Return a text without its marks.

    Examples
    --------
    >>> unmarked("# 年度报告\\n| **规章** | `3` | 1<sup>2</sup> |\\n第一行<br>第二行")
    '年度报告\\n| 规章 | 3 | 1 2 |\\n第一行\\n第二行'
    """
    if "<" in text or "~~" in text:
        text = _STRUCK_OUT.sub("", text)
        text = "\n".join(_untagged(line) if "<" in line else line for line in text.split("\n"))
    if "&" in text:
        text = _ENTITY.sub(lambda entity: unescape(entity[0]), text)
    if "**" in text or "__" in text:
        text = _BOLD.sub(r"\2", text)
    if "*" in text:
        text = _EMPHASIS.sub(r"\1", text)
    if "`" in text:
        text = _CODE.sub(r"\1", text)
    if "\\" in text:
        text = _ESCAPED.sub("", text)
    return _HEADING.sub("", text)


def _untagged(line: str) -> str:
    end = " " if _is_row(line) else "\n"

    def instead(tags: re.Match[str]) -> str:
        if _LINE_TAG.search(tags[0]):
            return end
        return " " if line[: tags.start()][-1:].isdigit() and line[tags.end() :][:1].isdigit() else ""

    return _TAG.sub(instead, line)


def _is_row(line: str) -> bool:
    return line.count("|") > 1 or "\t" in line
