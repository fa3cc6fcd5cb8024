"""Administrative divisions of China by name and year, matched exactly or not at all.

The table is in ``regions/``: provinces, prefectures and counties with their
GB/T 2260 code and years of validity, and the townships of every county. Its
sources are named in ``regions/README.md``. A name that several places bear
stays untold unless the text, the year or the page says which one is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import pandas as pd

from toolkit.errors import InputError
from toolkit.reports.folding import fold
from toolkit.reports.form import read_rows

LEVELS = ("province", "prefecture", "county")

_SUFFIX = re.compile("(特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|地区|林区|省|市|县|区|旗|盟)$")
# The peoples after which autonomous prefectures, counties and banners are called, as their names spell them.
_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔"
    "|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|塔吉克|普米|怒|鄂温克|保安|裕固|鄂伦春|独龙|各"
)
_AUTONOMOUS = re.compile(
    f"^(?P<stem>.*?[^族])(?:(?:{_PEOPLES})族|蒙古|哈萨克|柯尔克孜|塔吉克|锡伯)+自治(?P<kind>[州县旗])$"
)
_OWN_PEOPLE = re.compile("^(?P<stem>.+?)族?自治(?P<kind>[县旗])$")
_TOWNSHIP = re.compile(
    "^(?:人民政府)?(?![我本各全](?:镇|乡|街道|苏木))(?P<stem>[一-鿿]{1,14}?)"
    "(?P<kind>街道办事处|街道办|街道|地区办事处|苏木|镇|乡|街)(?=人民政府|政府|党|办公室|$)"
)
_ENDS_AS_TOWNSHIP = re.compile("(街道|街道办|街道办事处|镇|乡|街|苏木)(人民政府)?$")
# A township in a zone: 苏州高新区枫桥街道.
_IN_ZONE = re.compile("开发区|高新区|经开区|园区|新区|示范区|度假区|保税区|管理区|功能区|试验区")
# After a short form these would belong to a longer name that is not in the table: 长沙路, 北京东路, 黄山镇.
_NOT_AFTER_SHORT = "省市县区旗州盟乡镇街村路道桥巷"


@dataclass(frozen=True, slots=True)
class Division:
    """A province, prefecture or county under one name.

    ``valid_from`` and ``valid_to`` are the first and last year at whose end
    the name, code and parent stood; 2007 means 2007 or before, 9999 still.
    """

    code: str
    name: str
    level: str
    parent: str
    valid_from: int
    valid_to: int

    def lies_in(self, code: str) -> bool:
        """Tell whether this is the division of that code or lies in it."""
        return code in (self.code, self.parent, self.code[:2] + "0000")


@dataclass(frozen=True, slots=True)
class Place:
    """What the beginning of a name says about where.

    ``division`` is the deepest division that is certain, ``township`` the
    township's name, ``rest`` what follows. ``candidates`` has more than one
    division when the name does not tell which.
    """

    division: Division | None
    township: str
    rest: str
    candidates: tuple[Division, ...] = ()


def divisions() -> pd.DataFrame:
    """Return the dated table of divisions.

    Returns
    -------
    DataFrame
        ``code`` (GB/T 2260, six digits), ``name``, ``level`` (province,
        prefecture, county), ``parent`` (code), ``valid_from``, ``valid_to``
        (years, both included; 2007 means 2007 or before, missing means still).

    Examples
    --------
    >>> table = divisions()
    >>> print(table[table["name"].str.startswith("海门")].to_string(index=False))
      code name  level parent  valid_from  valid_to
    320614  海门区 county 320600        2020      <NA>
    320684  海门市 county 320600        2007      2019
    """
    table = pd.DataFrame(read_rows("regions/divisions.csv"))
    table["valid_from"] = table["valid_from"].astype("Int64")
    table["valid_to"] = pd.to_numeric(table["valid_to"], errors="coerce").astype("Int64")
    return table


def find_divisions(name: str, year: int | None = None, within: str | None = None) -> list[Division]:
    """Return every division that bears exactly this name.

    Parameters
    ----------
    name : str
        A full name (沭阳县), its usual short form (延边州, 沿河县), or the
        name without its last word (沭阳).
    year : int, optional
        Divisions of that year, else of the next (a report is titled when it
        is published), else the last before it. Without a year today's.
    within : str, optional
        Code of a division in which it lies.

    Returns
    -------
    list of Division
        Empty when none bears the name; several when the name alone does not
        tell which: then nothing may be concluded from it.

    Raises
    ------
    InputError
        If ``within`` is not a code of the table.

    Examples
    --------
    >>> [d.code for d in find_divisions("海门市", 2015)], [d.code for d in find_divisions("海门区", 2021)]
    (['320684'], ['320614'])
    >>> [d.code for d in find_divisions("鼓楼区")]
    ['320106', '320302', '350102', '410204']
    >>> [d.code for d in find_divisions("鼓楼区", within="320100")], find_divisions("和康的县")
    (['320106'], [])
    """
    if within is not None and within not in _tables().by_code:
        raise InputError(f"within={within!r} is no code of the table of divisions", "a GB/T 2260 code such as '320100'")
    tables = _tables()
    name = fold(name)
    found = tables.names.get(name) or tables.shorts.get(name) or []
    return list(_of_year((d for d in found if within is None or d.lies_in(within)), year))


def division(code: str, year: int | None = None) -> Division | None:
    """Return the division of a code, or None.

    Examples
    --------
    >>> division("321322").name, division("999999")
    ('沭阳县', None)
    """
    found = _of_year(_tables().by_code.get(code, ()), year)
    return found[0] if found else None


def region_names(place: Division | None) -> dict[str, str | None]:
    """Return province, city and county of a division.

    The districts of a municipality and the counties directly under a province
    lie in no prefecture: their ``city`` is None.

    Examples
    --------
    >>> region_names(division("321322"))
    {'province': '江苏省', 'city': '宿迁市', 'county': '沭阳县'}
    >>> region_names(division("310104"))
    {'province': '上海市', 'city': None, 'county': '徐汇区'}
    """
    names: dict[str, str | None] = dict.fromkeys(("province", "city", "county"))
    while place is not None:
        names["city" if place.level == "prefecture" else place.level] = place.name
        place = division(place.parent, min(place.valid_to, 2100)) if place.parent else None
    return names


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
    township = _township(rest, found, within)
    if township is None:
        return Place(found[0] if len(found) == 1 else None, "", rest, tuple(found))
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
    tables = _tables()
    for length in range(min(tables.longest, len(text) - start), 1, -1):
        name = text[start : start + length]
        candidates = tables.names.get(name)
        if candidates is None and _may_be_short(text, start + length):
            candidates = tables.shorts.get(name)
            if candidates and any(d.level == "province" for d in candidates) and not above:
                candidates = [d for d in candidates if d.level == "province"]
        inside = _of_year((d for d in candidates or () if _is_below(d, above)), year)
        if inside:
            return list(inside), start + length
    return None


def _may_be_short(text: str, stop: int) -> bool:
    rest = text[stop:]
    if not rest or rest[0] in _NOT_AFTER_SHORT:
        return False
    return bool(_IN_ZONE.search(rest)) or not _ENDS_AS_TOWNSHIP.search(rest)


def _is_below(place: Division, above: list[Division]) -> bool:
    return not above or any(place.code != upper.code and place.lies_in(upper.code) for upper in above)


def _of_year(found: Iterable[Division], year: int | None) -> tuple[Division, ...]:
    """Return the divisions of a year, one for each code."""
    pool = list(found)
    if len(pool) == 1 and (year is None or pool[0].valid_from <= year + 1):
        return tuple(pool)
    for moment in (year, year + 1) if year is not None else (9998,):
        valid = [d for d in pool if d.valid_from <= moment <= d.valid_to]
        if valid:
            return tuple({d.code: d for d in valid}.values())
    past = [d for d in pool if d.valid_to < (year or 9998)]
    last = max((d.valid_to for d in past), default=0)
    return tuple({d.code: d for d in past if d.valid_to == last}.values())


def _decide(found: list[Division], within: str | None) -> list[Division]:
    """Let the page decide between places of one name."""
    if len(found) < 2 or within is None:
        return found
    around = _ancestors(within)
    return [d for d in found if d.lies_in(within) or d.code in around] or found


def _ancestors(code: str) -> set[str]:
    place = division(code)
    return {code, place.parent, code[:2] + "0000"} if place else {code}


def _township(rest: str, found: list[Division], within: str | None) -> tuple[str, str, list[Division]] | None:
    """Return the township's name, what follows it, and the divisions where it may lie."""
    match = _TOWNSHIP.match(rest)
    if match is None or _IN_ZONE.search(match["stem"]):
        return None
    kind = match["kind"]
    name = match["stem"] + ("街道" if kind.startswith("街") else "地区" if kind.startswith("地区") else kind)
    after = rest[match.end() :]
    codes = _tables().townships.get(name, ())
    if any(d.level == "county" for d in found):
        # 白云区棠景街道: of two 白云区 one has it.
        return name, after, [d for d in found if d.code in codes] or found
    homes = [place for code in codes if (place := division(code)) is not None]
    if found:
        homes = [home for home in homes if any(home.lies_in(d.code) for d in found)] or found
    elif len(homes) > 1 and within is not None:
        homes = _decide(homes, within)
    return name, after, homes


@dataclass(frozen=True, slots=True)
class _Tables:
    names: dict[str, list[Division]]
    shorts: dict[str, list[Division]]
    by_code: dict[str, list[Division]]
    townships: dict[str, tuple[str, ...]]
    longest: int


@cache
def _tables() -> _Tables:
    rows = [
        Division(r["code"], r["name"], r["level"], r["parent"], int(r["valid_from"]), int(r["valid_to"] or 9999))
        for r in read_rows("regions/divisions.csv")
    ]
    names: dict[str, list[Division]] = {}
    shorts: dict[str, list[Division]] = {}
    by_code: dict[str, list[Division]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
        for name in _full_forms(row.name):
            names.setdefault(name, []).append(row)
        stem = _stem(row.name)
        if len(stem) > 1 and stem not in _words_of_office():
            shorts.setdefault(stem, []).append(row)
    for alias in read_rows("regions/aliases.csv"):
        names.setdefault(alias["alias"], []).extend(d for d in names[alias["name"]])
    return _Tables(names, shorts, by_code, _townships(), max(map(len, names)))


def _full_forms(name: str) -> Iterator[str]:
    yield name
    match = _AUTONOMOUS.match(name) or _OWN_PEOPLE.match(name)
    if match:
        yield match["stem"] + match["kind"]
        if match["kind"] != "州":
            yield match["stem"] + "自治" + match["kind"]


def _stem(name: str) -> str:
    match = _AUTONOMOUS.match(name)
    return match["stem"] if match else _SUFFIX.sub("", name)


@cache
def _words_of_office() -> frozenset[str]:
    """公安 and 合作 are words before they are 公安县 and 合作市."""
    return frozenset(row["word"][:2] for row in read_rows("regions/sector_words.csv"))


def _townships() -> dict[str, tuple[str, ...]]:
    homes: dict[str, list[str]] = {}
    for row in read_rows("regions/townships.csv"):
        for name in row["townships"].split(" "):
            homes.setdefault(name, []).append(row["region_code"])
    return {name: tuple(codes) for name, codes in homes.items()}
