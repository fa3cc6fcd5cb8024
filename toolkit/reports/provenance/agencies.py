"""What the name of an agency tells: its type, sector, level, region and kin.

The rules are data in ``regions/``: ``agency_types.csv`` (endings; the last
match wins), ``sector_words.csv`` and ``sectors.csv``, ``agency_systems.csv``
(bodies under a ministry, which stand before the place), ``central_bodies.csv``,
``zones.csv`` and ``agency_crosswalk.csv``. What a name does not tell is None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from toolkit.reports.folding import fold
from toolkit.reports.form import read_rows
from toolkit.reports.provenance.agency_names import one_spelling, without_government
from toolkit.reports.provenance.divisions import Division, division, region_names
from toolkit.reports.provenance.places import Place, locate
from toolkit.reports.provenance.zones import beside_mountain, read_zone

_OFFICES = ("government", "government_office", "township_government", "subdistrict_office", "zone")
TYPES = (*_OFFICES, "department", "vertical", "institution")
STATE_COUNCIL = "国务院"

_BRACKETS = re.compile(r"\([^()]*\)")
# 市场, 市政, 区划 and 州际 are words; 市, 区 and 州 alone stand for "of our city".
_GENERIC = re.compile("^(?:本|我|全)?(?P<unit>省|自治区|市(?![场监容])(?!政(?!府))|州|盟|县|区(?!划)|旗)(?P<rest>.+)$")
_GENERIC_LEVEL = {"省": "province", "自治区": "province", "州": "prefecture", "盟": "prefecture"}
_BARE_TOWNSHIP = re.compile("^(?:本|我)?(?P<kind>镇|乡|苏木|街道办事处|街道办|街道)(?:人民政府|政府)?$")
_ZONES_OWN = ("", "党政办公室", "办公室", "综合办公室")
_ARMY = "生产建设兵团"
_BRANCH = re.compile("(?:局|委员会|委|中心)(?P<where>[一-鿿]{2,14}?)(?:分局|支局)$")
_DIVISION_OF_ARMY = re.compile("^(?:新疆生产建设兵团)?第[一二三四五六七八九十]+师(?=.)")


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency as far as its name tells.

    ``agency_id`` is the region code, the division's name and the body's name
    in one spelling (a government's without 人民政府, a renamed body's under
    its present name); it is None where the region is not known.
    """

    name: str
    agency_type: str | None = None
    sector: str | None = None
    level: str | None = None
    province: str | None = None
    city: str | None = None
    county: str | None = None
    region_code: str | None = None
    township: str | None = None
    body: str = ""
    agency_id: str | None = None
    parent_id: str | None = None


def describe_agency(name: str, year: int | None = None, within: str | None = None) -> Agency:
    """Return what the name of an agency tells.

    Parameters
    ----------
    name : str
        As titled: 沭阳县发展和改革局.
    year : int, optional
        Year of the report; names and codes of divisions change.
    within : str, optional
        Code of the division that the page is about. It completes 县教育局 and
        东关街道办事处; it never overrules a name that is clear.

    Returns
    -------
    Agency
        ``level`` is central, province, prefecture, county, township, or other
        for zones and bodies outside the levels.

    Examples
    --------
    >>> found = describe_agency("沭阳县发展和改革局", 2023)
    >>> found.agency_type, found.sector, found.level, found.region_code
    ('department', 'development_reform', 'county', '321322')
    >>> found.agency_id, found.parent_id
    ('321322沭阳县发展和改革局', '321322沭阳县')
    >>> describe_agency("沭阳县").agency_id == describe_agency("沭阳县人民政府").agency_id
    True
    >>> describe_agency("县教育局").level, describe_agency("县教育局").region_code
    ('county', None)
    """
    return _describe(name, year, within)


@lru_cache(maxsize=128)
def _describe(name: str, year: int | None, within: str | None) -> Agency:
    folded = _BRACKETS.sub("", fold(name)).strip("·-—_|:,.。")
    central = _central(folded)
    if central is not None:
        return replace(central, name=name)
    system, rest = _system(_DIVISION_OF_ARMY.sub("", folded.removeprefix("中共")))
    place = locate(rest.removeprefix("驻") if system else rest, year, within)
    place, level, body = _generic(place, within)
    zone, inner, place = read_zone(body, place)
    if zone or _by_ending(body)[0] == "zone":
        zone, place = beside_mountain(zone, body, place)
    agency_type, override = _type_of(place, body, inner if zone else body, bool(zone), bool(system))
    if agency_type is None:
        return Agency(name)
    if agency_type == "vertical":
        place = _branch(place, year)
    if agency_type == "institution" and place.short:
        # 淮阴工学院 lies not in 淮阴区: schools keep the names of places that are no more.
        place = replace(place, division=None, candidates=())
    level = _level(place, level, override, body, bool(zone))
    if _DIVISION_OF_ARMY.match(folded):
        level = "prefecture"
    sector = _sector(agency_type, system + without_government(inner or body))
    found = Agency(name, agency_type, sector, level, township=place.township or None)
    return _with_kin(_with_region(found, place.division), place.division, zone, inner if zone else body)


def _central(folded: str) -> Agency | None:
    bare = folded.removeprefix("中华人民共和国")
    row = _central_bodies().get(bare)
    if row is None:
        return None
    name = row["name"]
    kind = {"国务院": "government", "国务院办公厅": "government_office"}.get(name, "department")
    parent = None if name == STATE_COUNCIL else STATE_COUNCIL
    return Agency(
        bare, kind, row["sector"] or None, "central", body=name, agency_id=one_spelling(name), parent_id=parent
    )


def _system(folded: str) -> tuple[str, str]:
    for system in _systems():
        if folded.startswith(system) and len(folded) > len(system) + 2:
            return system, folded[len(system) :]
    return "", folded


def _generic(place: Place, within: str | None) -> tuple[Place, str | None, str]:
    """Resolve 县教育局 by the page; return place, level and body."""
    if place.candidates or place.township:
        return place, None, place.rest
    bare = _BARE_TOWNSHIP.match(place.rest)
    if bare:
        home = division(within) if within else None
        return replace(place, division=home if home and home.level == "county" else None), "township", place.rest
    match = _GENERIC.match(place.rest)
    if match is None:
        return place, None, place.rest
    home = _home(match["unit"], within)
    level = (
        home.level if home else _GENERIC_LEVEL.get(match["unit"]) or ("county" if match["unit"] in "县区旗" else None)
    )
    return replace(place, division=home, candidates=(home,) if home else ()), level, match["rest"]


def _home(unit: str, within: str | None) -> Division | None:
    """Return the division around ``within`` whose name ends with ``unit``."""
    home = division(within) if within else None
    while home is not None and not home.name.endswith(unit):
        home = division(home.parent) if home.parent else None
    return home


def _type_of(place: Place, body: str, inner: str, in_zone: bool, in_system: bool) -> tuple[str | None, str]:
    if place.township and inner in ("", "人民政府", "政府", "办事处", "党工委", "党委"):
        return (
            "subdistrict_office" if place.township.endswith(("街道", "地区")) else "township_government"
        ), "township"
    bare = _BARE_TOWNSHIP.match(inner or body)
    if bare:
        return ("subdistrict_office" if bare["kind"].startswith("街") else "township_government"), "township"
    if in_zone and (inner in _ZONES_OWN or (inner == "管理局" and "景" not in body)):
        return "zone", "other"
    if not inner and not in_zone:
        return ("government", "") if place.candidates else (None, "")
    found, override = _by_ending(inner)
    if in_system:
        return "vertical", override
    return found, override


def _by_ending(body: str) -> tuple[str | None, str]:
    found: tuple[str | None, str] = (None, "")
    for pattern, agency_type, level in _types():
        if pattern.search(body):
            found = agency_type, level
    return found


def _branch(place: Place, year: int | None) -> Place:
    """Follow 市生态环境局竹山分局 to the county that it serves."""
    match = _BRANCH.search(place.rest)
    if match is None or place.township:
        return place
    upper = place.division
    served = locate(match["where"] + "局", year)
    inside = [d for d in served.candidates if upper is None or (d.code != upper.code and d.lies_in(upper.code))]
    if len(inside) == 1 and served.rest == "局":
        return replace(place, division=inside[0], candidates=tuple(inside))
    return replace(place, candidates=()) if upper is not None else place


def _level(place: Place, generic: str | None, override: str, body: str, in_zone: bool) -> str | None:
    if override == "township" or place.township:
        return "township"
    if override or in_zone:
        return override or "other"
    levels = {d.level for d in place.candidates}
    return levels.pop() if len(levels) == 1 else generic


def _sector(agency_type: str, body: str) -> str | None:
    if agency_type in _OFFICES:
        return None
    found = [word for word in _sector_words() if word in body]
    return _sector_words()[min(found, key=lambda word: (body.index(word), -len(word)))] if found else None


def _with_region(found: Agency, place: Division | None) -> Agency:
    if place is None:
        return found
    names = region_names(place)
    return replace(
        found, region_code=place.code, province=names["province"], city=names["city"], county=names["county"]
    )


def _with_kin(found: Agency, place: Division | None, zone: str, body: str) -> Agency:
    spelled = one_spelling(body)
    if place is None:
        return replace(found, body=zone + spelled)
    own = place.code + place.name
    if found.township:
        seat = place.code + found.township
        is_seat = found.agency_type in ("township_government", "subdistrict_office")
        return replace(
            found, body=spelled, agency_id=seat if is_seat else seat + spelled, parent_id=own if is_seat else seat
        )
    if found.level == "township":
        return replace(found, body=spelled, parent_id=own)
    body = zone + spelled if found.agency_type != "zone" else zone or spelled.removesuffix("管理委员会")
    found = replace(found, body=body, agency_id=own + body)
    return replace(found, parent_id=_parent(found, place, own, zone))


def _parent(found: Agency, place: Division, own: str, zone: str) -> str | None:
    if found.agency_type in ("vertical", "institution"):
        return None
    if found.agency_type == "government":
        above = division(place.parent) if place.parent else None
        return above.code + above.name if above else STATE_COUNCIL
    if found.body.startswith(_ARMY) and found.body != _ARMY:
        return own + _ARMY
    return own + zone if zone and found.agency_type != "zone" else own


@cache
def _types() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    return tuple(
        (re.compile(r["pattern"]), r["agency_type"], r["level"]) for r in read_rows("regions/agency_types.csv")
    )


@cache
def _sector_words() -> dict[str, str]:
    return {row["word"]: row["sector"] for row in read_rows("regions/sector_words.csv")}


@cache
def _systems() -> tuple[str, ...]:
    return tuple(sorted((row["system"] for row in read_rows("regions/agency_systems.csv")), key=len, reverse=True))


@cache
def _central_bodies() -> dict[str, dict[str, str]]:
    rows = read_rows("regions/central_bodies.csv")
    return {name: row for row in rows for name in (row["name"], *row["alias"].split())}
