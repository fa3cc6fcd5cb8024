"""Bytes to text: the encoding is told from the bytes, never from what the page claims.

A saved page often names a charset it was not saved in. UTF-8 proves itself; between
GB18030 (which holds GB2312 and GBK) and Big5 the commonest characters decide.
"""

from __future__ import annotations

import codecs

from toolkit.errors import SourceError

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_COMMON_SIMPLIFIED = frozenset("的一年府政信息公开工作和主动在及度管理关部情况申请办数量行为第二十条项总计法不予结")
_COMMON_TRADITIONAL = frozenset("的一年府政信息公開工作和主動在及度管理關部情況申請辦數量行為第二十條項總計法不予結")
_CONTROL = bytes(byte for byte in range(32) if byte not in (0, 9, 10, 12, 13, 27))
# Chinese in its own encoding has many more of the common characters than this, in another one hardly any.
_SURELY_CHINESE = 0.05
# A page cut in the middle of a character, or with some broken bytes, is read; of one that has lost
# more of its characters nothing is certain.
_TOLERATED_DAMAGE = 0.25
_FEW_LOST = 20
_ENDS = ("utf-16-le", "utf-16-be")
_SAMPLE = 16384


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of ``data`` and the encoding it is in.

    Raises
    ------
    SourceError
        If the bytes are no text (many null or control bytes), or if too many
        of its characters are damaged in the encoding they are likeliest in.

    Examples
    --------
    >>> decode("政府信息公开".encode("gbk"))
    ('政府信息公开', 'gb18030')
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding
    if wide := _unmarked_wide(data):
        return data.decode(wide, "replace"), wide
    if looks_binary(data):
        raise SourceError(
            "the file is of no kind that can be read (binary data)", "save the report as web page, Word or PDF"
        )
    data = data.replace(b"\0", b"")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_damaged_or_legacy(data)


def looks_binary(data: bytes) -> bool:
    """Return whether the bytes are no text in any encoding of Chinese.

    Examples
    --------
    >>> looks_binary(bytes(range(32)) * 8), looks_binary("规章".encode("gbk"))
    (True, False)
    """
    sample = data[:_SAMPLE]
    control = len(sample) - len(sample.translate(None, _CONTROL))
    return control + sample.count(0) / 8 > 0.01 * len(sample) + 8


def _unmarked_wide(data: bytes) -> str | None:
    """Return the order of bytes of a UTF-16 text that has lost its mark."""
    if b"\0" not in data:
        return None
    sample = data[: min(_SAMPLE, len(data) // 2 * 2)]
    tries = [(sample.decode(order, "replace"), order) for order in _ENDS]
    text, order = max(tries, key=lambda one: _commonness(one[0]))
    return order if "\ufffd" not in text[:-1] and _commonness(text) > _SURELY_CHINESE else None


def _decode_damaged_or_legacy(data: bytes) -> tuple[str, str]:
    tries = [(data.decode(encoding, "replace"), encoding) for encoding in ("gb18030", "big5", "utf-8")]
    text, encoding = max(tries, key=lambda one: _commonness(one[0]))
    lost = text.count("\ufffd")
    if lost > _FEW_LOST and lost > _TOLERATED_DAMAGE * (lost + _count_of_han(text)):
        raise SourceError(
            f"the characters of the file are damaged ({lost:,} are lost, read as {encoding})",
            "download it again; it may have been converted from one encoding to another",
        )
    return text, encoding


def _count_of_han(text: str) -> int:
    return sum("\u4e00" <= char <= "\u9fff" for char in text)


def _commonness(text: str) -> float:
    han = _count_of_han(text) or 1
    common = max(sum(char in chars for char in text) for chars in (_COMMON_SIMPLIFIED, _COMMON_TRADITIONAL))
    return common / (han + 20 * text.count("\ufffd"))
