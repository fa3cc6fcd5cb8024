"""One spelling for matching; offsets and figures unharmed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.reports.folding import fold, same_length, squeeze


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("（一）予以公开", "(一)予以公开", id="full width"),
        pytest.param("總 計", "总计", id="traditional"),
        pytest.param("⼀⼯⼒", "一工力", id="Kangxi radicals"),
        pytest.param("政(zhèng)府(fu)信息", "政府信息", id="pinyin"),
        pytest.param("规\u200b章\ufeff", "规章", id="zero width"),
        pytest.param("規範性檔案", "规范性文件", id="words of mirrors"),
        pytest.param("12①", "12①", id="a footnote's mark is no digit"),
        pytest.param("3²", "3²", id="superscript"),
        pytest.param("—－–", "---", id="dashes"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_same_length_keeps_every_offset(text: str) -> None:
    assert len(same_length(text)) == len(text)


@given(st.text(alphabet="总计(zhèng)① \u200b信息１"))
def test_squeeze_tells_where_each_character_stands(text: str) -> None:
    chars, places = squeeze(text)
    assert len(chars) == len(places) and [same_length(text)[place] for place in places] == list(chars)
