"""Folding: one spelling for matching; the raw text is kept beside it.

Real pages mix full-width and half-width signs, traditional script, Kangxi
radicals (⼀⼯), zero-width and no-break spaces and pinyin in brackets.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import opencc

_PINYIN = re.compile(r"(?<=[㐀-鿿])[(（][a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]{1,6}[)）]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\xad]")
_SHORT = 80
_DASHES = dict.fromkeys(map(ord, "—–―−─﹣➖"), "-")
_WORD_PLACES = re.compile("(?<=规范性)[档檔]案|(?<=主动公开)[档檔]案")


class _OneSpelling(dict):
    """A ``str.translate`` table that learns each character when it meets it."""

    def __missing__(self, code: int) -> str:
        # ① and ² are no digits: a footnote's mark must not lengthen the number before it.
        is_mark = unicodedata.category(chr(code)) == "No"
        folded = chr(code) if is_mark else unicodedata.normalize("NFKC", chr(code))
        if len(folded) == 1:
            folded = _simplifier().convert(folded)
        # One character for one character keeps every offset valid.
        self[code] = folded if len(folded) == 1 else chr(code)
        return self[code]


_TABLE = _OneSpelling(_DASHES)


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def same_length(text: str) -> str:
    """Return the text in one spelling, character for character.

    Full-width signs become half-width, traditional characters simplified,
    Kangxi radicals ordinary characters, a no-break space a space. Every
    offset of the result is an offset of ``text``.

    Examples
    --------
    >>> same_length("（一）規範性檔案１２"), same_length("答覆")
    ('(一)规范性文件12', '答复')
    """
    folded = text.translate(_TABLE).replace("答覆", "答复")
    return _WORD_PLACES.sub("文件", folded) if "规范性" in folded or "主动公开" in folded else folded


def drop_noise(text: str) -> str:
    """Return the text without zero-width characters and injected pinyin.

    Examples
    --------
    >>> drop_noise("政(zhèng)府(fǔ)信息")
    '政府信息'
    """
    text = _INVISIBLE.sub("", text)
    return _PINYIN.sub("", text) if "(" in text or "（" in text else text


def fold(text: str) -> str:
    """Return the text as labels are compared: one spelling, no blanks, no noise.

    Examples
    --------
    >>> fold(" 总 计\\u200b ")
    '总计'
    """
    return _fold_label(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    return "".join(same_length(drop_noise(text)).split())


@lru_cache(maxsize=1024)
def _fold_label(text: str) -> str:
    """Labels and figures recur, in a report and from report to report."""
    return _fold(text)


def squeeze(text: str) -> tuple[str, list[int]]:
    """Return the folded characters of a text and where each of them stands in it.

    Examples
    --------
    >>> squeeze("总 体(tǐ)情况")
    ('总体情况', [0, 2, 7, 8])
    """
    folded = same_length(text)
    noise = {place for match in _PINYIN.finditer(folded) for place in range(*match.span())} if "(" in folded else set()
    noise.update([match.start() for match in _INVISIBLE.finditer(folded)])
    if not noise and folded.split() == [folded]:
        return folded, list(range(len(folded)))
    kept = [place for place, char in enumerate(folded) if not char.isspace() and place not in noise]
    return "".join([folded[place] for place in kept]), kept
