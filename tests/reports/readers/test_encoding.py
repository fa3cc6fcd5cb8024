"""Bytes to text: damage, marks that are lost, and what is refused."""

import random

import pytest

from toolkit.errors import SourceError
from toolkit.reports.readers.encoding import decode

TEXT = (
    "政府信息公开工作年度报告\n一、总体情况\n本年新收政府信息公开申请数量\t12\t0\t3\n主动公开、依申请公开的情况。\n"
    * 12
)


def broken(data: bytes, times: int) -> bytes:
    places, found = random.Random(7), bytearray(data)
    for _ in range(times):
        found[places.randrange(len(found))] = 0xFF
    return bytes(found)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("times", [1, 12, 40])
def test_some_broken_bytes_do_not_change_the_encoding(encoding: str, times: int) -> None:
    text, told = decode(broken(TEXT.encode(encoding), times))
    assert told == encoding and "年度报告" in text and "\ufffd" in text


def test_a_text_that_has_lost_most_of_its_characters_is_refused() -> None:
    with pytest.raises(SourceError, match=r"damaged .*read as utf-8"):
        decode(broken(TEXT.encode(), 700))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == (TEXT, encoding)
    assert decode(TEXT.encode(encoding) + b"\0")[0].startswith(TEXT)


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\0" * 4096, b"\x7fELF\x02\x01\x01" + b"\0\x01\0\x90" * 900])
def test_binary_data_is_no_text(data: bytes) -> None:
    with pytest.raises(SourceError, match="binary"):
        decode(data)


def test_single_null_bytes_are_no_sign_of_utf16() -> None:
    data = TEXT.encode()
    assert decode(data[:120] + b"\0\0\0" + data[120:]) == (TEXT, "utf-8")
