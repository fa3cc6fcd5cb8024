"""The bodies that report: governments, departments, towns and streets, with their parents.

Places are real (their names and codes make metadata testable), the reports
are not: every file, page and list says simulated. Places come from
``data/places.csv``, a fixed selection, so that a seed gives the same bodies in every version.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby

DEPARTMENTS = {
    "教育局": "education",
    "公安局": "public_security",
    "民政局": "civil_affairs",
    "财政局": "finance",
    "人力资源和社会保障局": "human_resources",
    "自然资源局": "natural_resources",
    "住房和城乡建设局": "housing_construction",
    "交通运输局": "transport",
    "农业农村局": "agriculture",
    "卫生健康委员会": "health",
    "应急管理局": "emergency",
    "市场监督管理局": "market_regulation",
    "统计局": "statistics",
    "发展和改革委员会": "development_reform",
}
_PER_LEVEL = {"province": 8, "prefecture": 9, "county": 7}
_SELF = {"government": "本级人民政府", "subdistrict_office": "我街道", "township_government": "我镇"}


@dataclass(frozen=True, slots=True)
class Body:
    """An agency: its name, its place and its parent's ``agency_id``."""

    name: str
    agency_id: str
    parent_id: str
    agency_type: str
    level: str
    sector: str
    province: str
    city: str
    county: str
    region_code: str

    @property
    def we(self) -> str:
        """How the body speaks of itself."""
        return _SELF.get(self.agency_type, "我局" if self.name.endswith("局") else "我委" if self.sector else "我单位")


@dataclass(frozen=True, slots=True)
class Place:
    """A county with its prefecture, province and townships."""

    province: str
    city_code: str
    city: str
    county_code: str
    county: str
    townships: str


@cache
def _places() -> tuple[Place, ...]:
    with resources.files("toolkit.simulation").joinpath("data/places.csv").open(encoding="utf-8") as file:
        return tuple(Place(**row) for row in csv.DictReader(file))


def families(seed: int = 0) -> Iterator[list[Body]]:
    """Yield the bodies of one prefecture after another, children before their parents.

    A prefecture's family is its counties with their departments and
    townships, its own departments, and, where it is the first of its
    province, the province's. The order of prefectures follows the seed.

    Examples
    --------
    >>> family = next(families(seed=0))
    >>> [body.level for body in (family[0], family[-1])], len(family)
    (['township', 'province'], 90)
    >>> family[-1].parent_id
    '国务院'
    """
    prefectures = [list(group) for _, group in groupby(_places(), key=lambda place: place.city_code)]
    random.Random(f"families {seed}").shuffle(prefectures)
    seen = set[str]()
    for places in prefectures:
        bodies = [body for place in places for body in _county(place, seed)]
        bodies += _prefecture(places[0], seed)
        if places[0].province not in seen:
            seen.add(places[0].province)
            bodies += _province(places[0], seed)
        yield bodies


def _county(place: Place, seed: int) -> Iterator[Body]:
    where = (place.province, place.city, place.county, place.county_code)
    own = place.county_code + place.county
    # Districts of that name are many; their bodies put the city before it.
    called = place.city + place.county if place.county.endswith("区") else place.county
    for township in place.townships.split():
        office = township.endswith("街道")
        name = f"{called}{township}{'办事处' if office else '人民政府'}"
        kind = "subdistrict_office" if office else "township_government"
        yield Body(name, place.county_code + township, own, kind, "township", "", *where)
    yield from _departments(called, place.county_code + place.county, "county", where, seed)
    yield Body(f"{called}人民政府", own, place.city_code + place.city, "government", "county", "", *where)


def _prefecture(place: Place, seed: int) -> Iterator[Body]:
    where = (place.province, place.city, "", place.city_code)
    own = place.city_code + place.city
    yield from _departments(place.city, own, "prefecture", where, seed)
    parent = f"{place.city_code[:2]}0000{place.province}"
    yield Body(f"{place.city}人民政府", own, parent, "government", "prefecture", "", *where)


def _province(place: Place, seed: int) -> Iterator[Body]:
    code = f"{place.city_code[:2]}0000"
    where = (place.province, "", "", code)
    yield from _departments(place.province, code + place.province, "province", where, seed)
    yield Body(f"{place.province}人民政府", code + place.province, "国务院", "government", "province", "", *where)


def _departments(place: str, own: str, level: str, where: tuple[str, str, str, str], seed: int) -> Iterator[Body]:
    rng = random.Random(f"departments {own} {seed}")
    for name in sorted(rng.sample(sorted(DEPARTMENTS), _PER_LEVEL[level])):
        title = name.removesuffix("局") + "厅" if level == "province" and name in _HALLS else name
        yield Body(f"{place}{title}", f"{own}{title}", own, "department", level, DEPARTMENTS[name], *where)


_HALLS = {name for name in DEPARTMENTS if name.endswith("局") and name not in ("统计局", "市场监督管理局")}
