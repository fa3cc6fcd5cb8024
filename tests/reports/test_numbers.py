"""The text of a cell: value, state, unit."""

from decimal import Decimal

import pytest

from toolkit.reports.numbers import looks_like_value, read_number, stated_unit


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        pytest.param("0", 0, id="zero"),
        pytest.param(" 12\xa0", 12, id="no-break space"),
        pytest.param("１２", 12, id="full width"),
        pytest.param("1,203", 1203, id="thousands"),
        pytest.param("11398889", 11398889, id="eight digits"),
        pytest.param("+2", 2, id="plus"),
        pytest.param("－1942", -1942, id="full-width minus"),
        pytest.param("3件", 3, id="counted"),
        pytest.param("二十", 20, id="Chinese numeral"),
        pytest.param("? 0", 0, id="lost no-break space"),
        pytest.param("2\u200b114", 2114, id="zero-width space"),
    ],
)
def test_counts_are_read(raw: str, value: int) -> None:
    assert read_number(raw) == (Decimal(value), "reported")


@pytest.mark.parametrize(
    ("raw", "state"),
    [
        ("", "blank"),
        ("\xa0", "blank"),
        ("\u3000\u200b", "blank"),
        ("/", "dash"),
        ("—", "dash"),
        ("——", "dash"),
        ("－", "dash"),
        ("无", "dash"),
        ("见附件", "text"),
        ("3 5", "text"),
        ("12%", "text"),
        ("1,20", "text"),
        ("一", "text"),
        ("3（其中1件撤回）", "text"),
        ("3\n5", "text"),
        ("—123", "text"),
        ("1 203", "text"),
    ],
)
def test_what_is_no_number_has_no_value(raw: str, state: str) -> None:
    assert read_number(raw) == (None, state)


@pytest.mark.parametrize(
    ("raw", "header", "value", "state"),
    [
        pytest.param("51.1082万元", None, "511082", "reported", id="unit in the cell"),
        pytest.param("96171.6", "万元", "961716000", "reported", id="unit in the header"),
        pytest.param("251000元", "万元", "251000", "reported", id="the cell's own unit counts"),
        pytest.param("0.5", "元", "0.5", "reported", id="fen"),
        pytest.param("8040", None, None, "text", id="no unit"),
        pytest.param("0", None, None, "text", id="zero without a unit is a text too"),
        pytest.param("", "万元", None, "blank", id="blank"),
        pytest.param("12", "千万元", None, "text", id="a unit that is not known"),
        pytest.param("12万美元", "万元", None, "text", id="foreign money"),
    ],
)
def test_money_is_in_yuan(raw: str, header: str | None, value: str | None, state: str) -> None:
    reading = read_number(raw, header, is_money=True)
    assert reading == (None if value is None else Decimal(value), state)


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("本年收费金额（单位：万元）", "万元"),
        ("采购总金额", None),
        ("金额(元)", "元"),
        ("采购总金额（亿元）", "亿元"),
        ("收费金额（万元）（单位：万元）", "万元"),
        ("本年收费金额（单位：万元/元）", None),
        ("本年收费金额（元、万元）", None),
        ("本年收费金额（单位：万美元）", None),
        ("本年收费金额（港币，万元）", None),
        ("采购总金额（千万元）", "千万元"),
    ],
)
def test_unit_of_a_header(header: str, unit: str | None) -> None:
    assert stated_unit(header) == unit


def test_labels_are_no_values() -> None:
    assert not any(looks_like_value(text) for text in ("1.属于国家秘密", "总计", "第二十条第(一)项", "本年新"))
