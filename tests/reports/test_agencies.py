"""What the names of agencies tell: every kind of body, none guessed wrong."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from toolkit.reports.form import read_rows
from toolkit.reports.provenance.agencies import TYPES, describe_agency
from toolkit.reports.provenance.agency_names import crosswalk, one_spelling, sectors
from toolkit.reports.provenance.divisions import divisions
from toolkit.reports.provenance.titles import read_title

with (Path(__file__).parent / "agency_titles.csv").open(encoding="utf-8", newline="") as file:
    TITLES = list(csv.DictReader(file))
LEVELS = ("central", "province", "prefecture", "county", "township", "other")


@pytest.mark.parametrize("row", TITLES, ids=[row["title"] for row in TITLES])
def test_title_tells_region_level_type_and_sector(row):
    title = read_title(row["title"])
    assert title is not None
    found = describe_agency(title.agency, title.year)
    told = (title.year, found.agency_type, found.level, found.region_code, found.sector)
    year = int(row["year"]) if row["year"] else None
    assert told == (year, *(row[key] or None for key in ("agency_type", "level", "region_code", "sector")))


def test_the_titles_are_of_every_kind():
    assert len(TITLES) >= 100
    assert {row["agency_type"] for row in TITLES} == set(TYPES)
    assert {row["level"] for row in TITLES} - {""} == set(LEVELS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("沭阳县", "沭阳县人民政府"),
        ("江苏省沭阳县教育局", "沭阳县教育局"),
        ("崆峒区东关街道", "平凉市崆峒区东关街道办事处"),
        ("昌图县七家子镇", "昌图县七家子镇人民政府"),
        ("沭阳县政府办", "沭阳县人民政府办公室"),
        ("沭阳县市监局", "沭阳县市场监督管理局"),
        ("沭阳县发改局", "沭阳县发展和改革局"),
        ("沭阳县国土资源局", "沭阳县自然资源局"),
        ("沭阳县环保局", "沭阳县生态环境局"),
        ("衡阳市发改委", "衡阳市发展和改革委员会"),
        ("苏州工业园区管委会", "苏州工业园区管理委员会"),
        ("市生态环境局竹山分局", "十堰市生态环境局竹山分局"),
        ("教育部", "中华人民共和国教育部"),
    ],
)
def test_one_body_has_one_id(one, other):
    first, second = describe_agency(one), describe_agency(other)
    assert first.agency_id == second.agency_id is not None
    assert first.parent_id == second.parent_id


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("沭阳县人民政府", "沭阳县人民政府办公室"),
        ("沭阳县工商行政管理局", "沭阳县质量技术监督局"),
        ("南京市鼓楼区人民政府", "福州市鼓楼区人民政府"),
        ("朝阳市教育局", "朝阳县教育局"),
    ],
)
def test_two_bodies_have_two_ids(one, other):
    assert describe_agency(one).agency_id != describe_agency(other).agency_id


@pytest.mark.parametrize(
    ("name", "parent"),
    [
        ("沭阳县教育局", "321322沭阳县"),
        ("沭阳县人民政府", "321300宿迁市"),
        ("宿迁市人民政府", "320000江苏省"),
        ("江苏省人民政府", "国务院"),
        ("教育部", "国务院"),
        ("国务院", None),
        ("上海市徐汇区人民政府", "310000上海市"),
        ("平凉市崆峒区东关街道办事处", "620802崆峒区"),
        ("苏州工业园区教育局", "320500苏州市工业园区"),
        ("国家税务总局沭阳县税务局", None),
    ],
)
def test_parent(name, parent):
    assert describe_agency(name).parent_id == parent


@pytest.mark.parametrize(
    ("name", "within", "code"),
    [
        ("县教育局", "321322", "321322"),
        ("市教育局", "321322", "321300"),
        ("东关街道办事处", "620802", "620802"),
        ("东关街道办事处", "620800", "620802"),
        ("鼓楼区人民政府", "320100", "320106"),
        ("沭阳县教育局", "620802", "321322"),
        ("县教育局", "620802", None),
    ],
)
def test_the_page_completes_but_never_overrules(name, within, code):
    assert describe_agency(name, within=within).region_code == code


@pytest.mark.parametrize("name", ["365bet体育在线", "荣成市比分直播", "", "本网", "原创", "1"])
def test_what_is_no_agency_is_untold(name):
    found = describe_agency(name)
    assert (found.agency_type, found.region_code, found.agency_id) == (None, None, None)


def test_a_region_that_a_name_does_not_tell_gives_no_id():
    for name in ("县教育局", "东关街道办事处", "鼓楼区人民政府", "教育局"):
        found = describe_agency(name)
        assert (found.region_code, found.agency_id, found.parent_id) == (None, None, None)


def test_every_county_and_prefecture_is_its_own_government():
    table = divisions()
    now = table[table["valid_to"].isna() & (table["level"] != "province")]
    names = dict(zip(table["code"], table["name"]))
    for row in now.itertuples():
        title = (names[row.parent] if row.level == "county" else "") + row.name + "人民政府"
        found = describe_agency(title, 2026)
        assert (found.region_code, found.level, found.agency_type) in {(row.code, row.level, "government")}, title


def test_sectors_of_the_word_list_have_a_label():
    known = set(sectors()["sector"])
    assert {row["sector"] for row in read_rows("regions/sector_words.csv")} <= known
    assert {row["sector"] for row in read_rows("regions/central_bodies.csv")} - {""} <= known
    assert all(len(code) <= 32 and code.isascii() for code in known)


def test_examples_of_the_types_are_of_their_type():
    for row in read_rows("regions/agency_types.csv"):
        name = (
            row["example"]
            if row["example"].startswith(("新疆", "中国", "南京", "连云港"))
            else "沭阳县" + row["example"]
        )
        assert describe_agency(name).agency_type == row["agency_type"], row


def test_crosswalk_joins_renamings_not_mergers():
    table = crosswalk()
    assert set(table["kind"]) == {"renamed", "merged", "abbreviation"}
    assert all(one_spelling(name) == name for name in table.query("kind == 'merged'")["old"] if name != "国家税务局")
    assert one_spelling("卫计局") == "卫生健康局"


ZONES = {
    "in a zone": ("西咸新区沣东新城管委会", "zone", "610000", "610000陕西省西咸新区沣东新城"),
    "bureau in a zone in a zone": (
        "西咸新区沣东新城教育局",
        "department",
        "610000",
        "610000陕西省西咸新区沣东新城教育局",
    ),
    "authority": ("深圳市前海深港现代服务业合作区管理局", "zone", "440300", "440300深圳市前海深港现代服务业合作区"),
    "named after a mountain": ("井冈山经济技术开发区管理委员会", "zone", "360800", "360800吉安市井冈山经济技术开发区"),
    "mountain not in the table": ("武夷山高新区管委会", "zone", "350700", "350700南平市武夷山高新区"),
    "county after a mountain": ("井冈山市教育局", "department", "360881", "360881井冈山市教育局"),
    "county that ends so": ("昆山高新区管委会", "zone", "320583", "320583昆山市高新区"),
    "named after its county": ("沭阳经济技术开发区管委会", "zone", "321322", "321322沭阳县经济技术开发区"),
    "bureau of the streets": ("济南市城管委", "department", "370100", "370100济南市城管委"),
}


@pytest.mark.parametrize(("name", "kind", "code", "identifier"), ZONES.values(), ids=ZONES)
def test_zones(name, kind, code, identifier):
    found = describe_agency(name, 2023)
    assert (found.agency_type, found.region_code, found.agency_id) == (kind, code, identifier)


@pytest.mark.parametrize(
    "name", ["太原铁路公安局", "沈阳铁路公安局锦州公安处", "上海铁路监督管理局", "民航华东地区管理局"]
)
def test_railways_and_aviation_are_of_no_city(name):
    found = describe_agency(name, 2023)
    assert (found.agency_type, found.level, found.parent_id) == ("vertical", "other", None)


def test_bureaus_of_the_construction_corps_are_its_own():
    corps = describe_agency("新疆生产建设兵团", 2023)
    assert describe_agency("新疆生产建设兵团教育局", 2023).parent_id == corps.agency_id
    assert corps.parent_id == "国务院"
