"""The place with which a name begins: 平凉市崆峒区东关街道办事处.

Names are followed from the left, the longest first, each inside the one
before. A name that several places bear stays untold unless the year or the
page decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.reports.folding import fold
from toolkit.reports.provenance.divisions import Division, division, of_year, office_words, short_name, tables

_TOWNSHIP = re.compile(
    "^(?:人民政府)?(?![我本各全](?:镇|乡|街道|苏木))(?P<stem>[㐀-鿿\U00020000-\U0003ffff]{1,14}?)"
    "(?P<kind>街道办事处|街道办|街道|地区办事处|苏木|镇|乡|街)(?=人民政府|政府|党|办公室|$)"
)
_ENDS_AS_TOWNSHIP = re.compile("(街道|街道办|街道办事处|镇|乡|街|苏木)(人民政府)?$")
# A township in a zone: 苏州高新区枫桥街道.
_IN_ZONE = re.compile("开发区|高新区|经开区|园区|新区|示范区|度假区|保税区|管理区|功能区|试验区")
# 喀什地区岑岭县教育局 before there was a 岑岭县: a body of a county, not of the prefecture.
_UNKNOWN_COUNTY = re.compile(
    "^(?!跨)(?:[㐀-鿿]{1,8}县(?![域城级])|[㐀-鿿]{2,8}旗|[㐀-鿿]{2,6}(?<!发|新|开|范|假|税|理|能|验|作|聚|中|护)"
    "(?<![园景矿林灌港库山社市城郊校院战地辖选特分小口])区(?!域|划))(?=.)"
)
# After a short form these would belong to a longer name that is not in the table: 长沙路, 北京东路, 黄山镇.
_NOT_AFTER_SHORT = "省市县区旗州盟乡镇街村路道桥巷"


@dataclass(frozen=True, slots=True)
class Place:
    """What the beginning of a name says about where.

    ``division`` is the deepest division that is certain, ``township`` the
    township's name, ``rest`` what follows. ``candidates`` has more than one
    division when the name does not tell which. ``short`` is set when the last
    name stood without its 市, 县 or 区.
    """

    division: Division | None
    township: str
    rest: str
    candidates: tuple[Division, ...] = ()
    short: bool = False


def locate(text: str, year: int | None = None, within: str | None = None) -> Place:
    """Read the place with which a name begins.

    Parameters
    ----------
    text : str
        An agency's name: 平凉市崆峒区东关街道办事处.
    year : int, optional
        As in :func:`find_divisions`.
    within : str, optional
        Code of the division that the page is about. It decides between
        places of one name; it never overrules a name that is clear.

    Examples
    --------
    >>> place = locate("平凉市崆峒区东关街道办事处")
    >>> place.division.code, place.township, place.rest
    ('620802', '东关街道', '')
    >>> locate("东关街道办事处").division is None, locate("东关街道办事处", within="620802").division.code
    (True, '620802')
    """
    text = fold(text)
    found, start = _chain(text, year)
    found = _decide(found, within)
    rest = text[start:]
    # 南京市场监督管理局: one 市 was printed where two belong.
    rest = "市" + rest if start and rest.startswith("场监") else rest
    township = _township(rest, found, within, year)
    if start and (township is None or not _is_listed(township)):
        # 古县镇 lies not in 古县: a township of the table before a county and an unknown township.
        whole = _township(text, [], within, year)
        township = whole if whole and _is_listed(whole) else township
    if township is None and found and found[0].level != "county" and _UNKNOWN_COUNTY.match(rest):
        return Place(None, "", text)
    if township is None:
        short = bool(found) and start < len(text) and text[:start].endswith(short_name(found[0].name))
        return Place(found[0] if len(found) == 1 else None, "", rest, tuple(found), short)
    name, rest, homes = township
    return Place(homes[0] if len(homes) == 1 else None, name, rest, tuple(homes))


def _chain(text: str, year: int | None) -> tuple[list[Division], int]:
    """Follow province, prefecture and county from the left; return the last and where it ends."""
    found: list[Division] = []
    start = 0
    while True:
        step = _longest(text, start, found, year)
        if step is None:
            return found, start
        found, start = step


def _longest(text: str, start: int, above: list[Division], year: int | None) -> tuple[list[Division], int] | None:
    known = tables()
    for length in range(min(known.longest, len(text) - start), 1, -1):
        name = text[start : start + length]
        candidates = known.names.get(name)
        if candidates is None and _may_be_short(text, start + length):
            candidates = known.shorts.get(name)
            candidates = _plain(candidates or [], text[start + length :], above, year)
        inside = of_year((d for d in candidates or () if _is_below(d, above)), year)
        if inside:
            return list(inside), start + length
    return None


def _plain(found: list[Division], rest: str, above: list[Division], year: int | None) -> list[Division]:
    """Return the divisions that a short form may mean: those of the time, provinces and cities before others."""
    moment = year or 9998
    found = [d for d in found if d.valid_from - 1 <= moment <= d.valid_to + 1]
    if _ENDS_AS_TOWNSHIP.search(rest):
        return [d for d in found if d.level == "prefecture"]
    if above:
        return found
    if not (rest.startswith(office_words()) or rest == "局" or _IN_ZONE.search(rest)):
        # 武夷山国家公园 is none of 武夷山市's.
        found = [d for d in found if d.level != "county"]
    provinces = [d for d in found if d.level == "province"]
    cities = [d for d in found if d.level == "prefecture"]
    # 西安教育局 is never that of a 西安区; 朝阳教育局 may be that of 朝阳县.
    only_districts = all(d.name.endswith("区") for d in found if d.level == "county")
    return provinces or (cities if only_districts else []) or found


def _may_be_short(text: str, stop: int) -> bool:
    rest = text[stop:]
    if not rest or rest[0] in _NOT_AFTER_SHORT:
        return False
    return bool(_IN_ZONE.search(rest)) or not _ENDS_AS_TOWNSHIP.search(rest)


def _is_below(place: Division, above: list[Division]) -> bool:
    return not above or any(place.code != upper.code and place.lies_in(upper.code) for upper in above)


def _decide(found: list[Division], within: str | None) -> list[Division]:
    """Let the page decide between places of one name."""
    if len(found) < 2 or within is None:
        return found
    around = _ancestors(within)
    return [d for d in found if d.lies_in(within) or d.code in around] or found


def _ancestors(code: str) -> set[str]:
    place = division(code)
    return {code, place.parent, code[:2] + "0000"} if place else {code}


def _township(
    rest: str, found: list[Division], within: str | None, year: int | None
) -> tuple[str, str, list[Division]] | None:
    """Return the township's name, what follows it, and the divisions where it may lie."""
    match = _TOWNSHIP.match(rest)
    if match is None:
        return None
    kind = match["kind"]
    name = match["stem"] + ("街道" if kind.startswith("街") else "地区" if kind.startswith("地区") else kind)
    after = rest[match.end() :]
    codes = tables().townships.get(name, ())
    if _IN_ZONE.search(match["stem"]) and not codes:
        return None
    if any(d.level == "county" for d in found):
        # 白云区棠景街道: of two 白云区 one has it.
        return name, after, [d for d in found if d.code in codes] or found
    return name, after, _homes(codes, found, within, year)


def _homes(codes: tuple[str, ...], found: list[Division], within: str | None, year: int | None) -> list[Division]:
    homes = [place for code in codes if (place := division(code, year)) is not None]
    homes = [home for home in homes if home.valid_from <= (year or 9998) <= home.valid_to] or homes
    if found:
        inside = [home for home in homes if any(home.lies_in(d.code) for d in found)]
        # 东莞 and three other cities have no counties: their townships are the city's.
        return inside or [d for d in found if d.level == "prefecture" and d.code not in tables().parents]
    return _decide(homes, within)


def _is_listed(township: tuple[str, str, list[Division]]) -> bool:
    name, _, homes = township
    return any(home.code in tables().townships.get(name, ()) for home in homes)
