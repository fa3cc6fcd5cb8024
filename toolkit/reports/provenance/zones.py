"""Zones: what a name says of an economic, scenic or new zone, and where it lies.

Zones are no divisions. ``regions/zones.csv`` has those whose name does not
begin with the place that they lie in.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from toolkit.reports.form import read_rows
from toolkit.reports.provenance.divisions import division, short_name
from toolkit.reports.provenance.places import Place, locate

_ZONE = re.compile(
    "^(?P<zone>.{0,24}?(?:开发区|高新区|经开区|产业园区|工业园区|物流园区|科技园区|新区|园区|示范区|度假区|保税港?区"
    "|风景名胜区|风景区|管理区|功能区|合作区|试验区|集聚区|集中区|新城|工业园|产业园|科技园|生态城|科技城|实验区|旅游区))"
    "(?:党工委|管理委员会|管委会|管委)*(?P<inner>.*)$"
)
# A zone named after a famous mountain may lie beside it, in another county of the city.
_MOUNTAIN = re.compile("..山$|^[泰庐衡恒千黄]山$")


def read_zone(body: str, place: Place) -> tuple[str, str, Place]:
    """Split a zone's name from what is inside it; zones are no divisions.

    Parameters
    ----------
    body : str
        A name without its place: 经济技术开发区教育局.
    place : Place
        Its place, as far as it is known.

    Returns
    -------
    tuple
        The zone, what follows its name, and the place: where the zone lies if
        its name alone tells it, and the township inside it. Two empty words
        where the body is no zone's.

    Examples
    --------
    >>> zone, inner, place = read_zone("西咸新区沣东新城教育局", Place(None, "", "西咸新区沣东新城教育局"))
    >>> zone, inner, place.division.code
    ('西咸新区沣东新城', '教育局', '610000')
    """
    match = _ZONE.match(body) if not place.township else None
    if match is None:
        return "", "", place
    place = _common(place)
    code = next((row["region_code"] for row in _zones() if match["zone"].endswith(row["zone"])), None)
    if not place.candidates and code:
        home = division(code)
        place = replace(place, division=home, candidates=(home,) if home else ())
    # 西咸新区沣东新城管委会 is that of a zone in a zone.
    nested = _ZONE.match(match["inner"])
    if nested and not nested["inner"].startswith(("街道", "镇", "乡")):
        return match["zone"] + nested["zone"], *_inside_zone(nested["inner"], place)
    return match["zone"], *_inside_zone(match["inner"], place)


def beside_mountain(zone: str, body: str, place: Place) -> tuple[str, Place]:
    """Return the zone and the city for a zone that bears the name of a mountain, as a county does.

    Where ``regions/zones.csv`` has the zone, its place is that.

    Examples
    --------
    >>> from toolkit.reports.provenance.places import locate
    >>> zone, place = beside_mountain("经济技术开发区", "", locate("井冈山经济技术开发区"))
    >>> zone, place.division.name
    ('井冈山经济技术开发区', '吉安市')
    """
    home = place.division
    if not place.short or place.township or home is None or home.level != "county":
        return zone, place
    name = short_name(home.name)
    full = name + (zone or body)
    code = next((row["region_code"] for row in _zones() if full.startswith(row["zone"])), None)
    if code == home.code or (code is None and not _MOUNTAIN.search(name)):
        return zone, place
    upper = division(code or home.parent)
    return full if zone else "", replace(place, division=upper, candidates=(upper,) if upper else ())


def _common(place: Place) -> Place:
    """Take the city for 淮安经济技术开发区, be it of 淮安市 or of 淮安区 in it."""
    around = [d for d in place.candidates if all(other.lies_in(d.code) for other in place.candidates)]
    return replace(place, division=around[0], candidates=(around[0],)) if len(around) == 1 else place


def _inside_zone(inner: str, place: Place) -> tuple[str, Place]:
    """Find the county of a township that a zone administers, if the city has one of that name."""
    found = locate(inner)
    if not found.township:
        return inner, place
    homes = [d for d in found.candidates if place.division is None or d.lies_in(place.division.code)]
    home = homes[0] if len(homes) == 1 else place.division
    return found.rest, replace(place, division=home, township=found.township)


@cache
def _zones() -> tuple[dict[str, str], ...]:
    """Return the zones whose name alone tells where they lie."""
    return tuple(read_rows("regions/zones.csv"))
