"""Divisions by name and year: exact, dated, and silent where a name does not tell."""

from __future__ import annotations

import time

import pytest

from toolkit.errors import InputError
from toolkit.reports.provenance.divisions import LEVELS, division, divisions, find_divisions, region_names, tables
from toolkit.reports.provenance.places import locate


def test_table_is_a_tree_of_six_digit_codes():
    table = divisions()
    assert list(table.columns) == ["code", "name", "level", "parent", "valid_from", "valid_to"]
    assert table["code"].str.fullmatch(r"\d{6}").all()
    assert set(table["level"]) == set(LEVELS)
    assert set(table.loc[table["level"] != "province", "parent"]) <= set(table["code"])
    assert (table["valid_to"].fillna(9999) >= table["valid_from"]).all()
    assert not table.duplicated(["code", "name", "valid_from"]).any()


@pytest.mark.parametrize(
    ("year", "provinces", "prefectures", "counties"),
    [(2010, 34, 333, 2856), (2019, 34, 333, 2846), (2023, 34, 333, 2844)],
)
def test_as_many_divisions_as_there_were(year, provinces, prefectures, counties):
    """333 prefectures since 2003; the counties of the statistical yearbooks: 2,856, 2,846 and 2,844."""
    table = divisions()
    then = table[(table["valid_from"] <= year) & (table["valid_to"].fillna(9999) >= year)]
    assert then["level"].value_counts().to_dict() == {
        "province": provinces,
        "prefecture": prefectures,
        "county": counties,
    }


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("海门市", 2019, "320684"),
        ("海门区", 2020, "320614"),
        ("海门区", 2019, "320614"),
        ("襄樊市", 2009, "420600"),
        ("襄阳市", 2011, "420600"),
        ("寿县", 2012, "341521"),
        ("寿县", 2016, "340422"),
        ("蓟县", 2010, "120225"),
        ("蓟州区", 2020, "120119"),
        ("曹妃甸区", 2015, "130209"),
        ("沭阳", None, "321322"),
        ("海门市", None, "320684"),
        ("乾安县", None, "220723"),
        ("延边州", None, "222400"),
        ("积石山县", None, "622927"),
    ],
)
def test_a_name_and_its_year(name, year, code):
    assert [found.code for found in find_divisions(name, year)] == [code]


@pytest.mark.parametrize("name", ["和康的县", "康", "江北新区县", "东关街道", "", "365bet县"])
def test_what_is_no_name_finds_nothing(name):
    assert find_divisions(name, 2010) == []


def test_a_name_that_did_not_exist_yet_is_not_found():
    assert find_divisions("海门区", 2015) == []
    assert find_divisions("两江新区", 2015) == []


def test_several_places_of_one_name():
    assert {found.code for found in find_divisions("鼓楼区", 2021)} == {"320106", "320302", "350102", "410204"}
    assert [found.code for found in find_divisions("鼓楼区", 2021, within="410000")] == ["410204"]
    with pytest.raises(InputError, match="within='999999'"):
        find_divisions("鼓楼区", within="999999")


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("321322", ("江苏省", "宿迁市", "沭阳县")),
        ("310104", ("上海市", None, "徐汇区")),
        ("419001", ("河南省", None, "济源市")),
        ("441900", ("广东省", "东莞市", None)),
        ("659001", ("新疆维吾尔自治区", None, "石河子市")),
        ("340422", ("安徽省", "淮南市", "寿县")),
    ],
)
def test_province_city_county(code, names):
    assert tuple(region_names(division(code)).values()) == names


def test_the_upper_names_are_of_the_division_own_years():
    assert region_names(division("341521", 2010))["city"] == "六安市"


@pytest.mark.parametrize(
    ("text", "code", "township", "rest"),
    [
        ("平凉市崆峒区东关街道办事处", "620802", "东关街道", ""),
        ("平凉市东关街道办事处", "620802", "东关街道", ""),
        ("东关街道办事处", None, "东关街道", ""),
        ("南京东路街道办事处", "310101", "南京东路街道", ""),
        ("南京市场监督管理局", "320100", "", "市场监督管理局"),
        ("公安县公安局", "421022", "", "公安局"),
        ("公安局", None, "", "公安局"),
        ("和平教育局", None, "", "教育局"),
        ("湖北省荆州市公安县", "421022", "", ""),
        ("河北区教育局", "120105", "", "教育局"),
        ("东莞市长安镇人民政府", "441900", "长安镇", "人民政府"),
        ("黄山市黄山区汤口镇", "341003", "汤口镇", ""),
        ("古县镇人民政府", None, "古县镇", "人民政府"),
        ("饶州街道办事处", "361128", "饶州街道", ""),
        ("海门区三厂街道", "320614", "三厂街道", ""),
        ("枞阳县𠙶山镇", "340722", "𠙶山镇", ""),
        ("铜山区新区街道办事处", "320312", "新区街道", ""),
        ("平凉市从无此镇人民政府", None, "从无此镇", "人民政府"),
        ("平凉市从无此县教育局", None, "", "平凉市从无此县教育局"),
        ("乡镇企业局", None, "", "乡镇企业局"),
        ("開雲教育局", None, "", "开云教育局"),
        ("上海市黃浦區教育局", "310101", "", "教育局"),
    ],
)
def test_the_place_at_the_beginning(text, code, township, rest):
    place = locate(text)
    assert (place.division.code if place.division else None, place.township, place.rest) == (code, township, rest)


def test_townships_are_names_of_townships():
    assert all(len(name) > 1 and not set(name) & set("?()·-,") for name in tables().townships)
    assert {code for codes in tables().townships.values() for code in codes} <= set(tables().by_code)


def test_sixteen_townships_of_one_name():
    assert len(tables().townships["东关街道"]) == len(locate("东关街道").candidates) == 16


def test_the_tables_load_fast_and_places_are_read_fast():
    tables.cache_clear()
    start = time.perf_counter()
    tables()
    assert time.perf_counter() - start < 1.0
    start = time.perf_counter()
    for _ in range(200):
        locate("平凉市崆峒区东关街道办事处")
    assert time.perf_counter() - start < 0.4
