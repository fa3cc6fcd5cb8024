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
from toolkit.reports.folding import fold, same_length
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
    if within is not None and within not in tables().by_code:
        raise InputError(f"within={within!r} is no code of the table of divisions", "a GB/T 2260 code such as '320100'")
    known = tables()
    name = fold(name)
    found = known.names.get(name) or known.shorts.get(name) or []
    return list(of_year((d for d in found if within is None or d.lies_in(within)), year))


def division(code: str, year: int | None = None) -> Division | None:
    """Return the division of a code, or None.

    Examples
    --------
    >>> division("321322").name, division("999999")
    ('沭阳县', None)
    """
    found = of_year(tables().by_code.get(code, ()), year)
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


def of_year(found: Iterable[Division], year: int | None) -> tuple[Division, ...]:
    """Return the divisions of a year, one for each code; without a year today's.

    Examples
    --------
    >>> [d.valid_to for d in of_year(tables().by_code["320684"], 2021)]
    [2019]
    """
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


@dataclass(frozen=True, slots=True)
class Tables:
    """The divisions by full name, by short name and by code, and the codes of every township."""

    names: dict[str, list[Division]]
    shorts: dict[str, list[Division]]
    by_code: dict[str, list[Division]]
    townships: dict[str, tuple[str, ...]]
    parents: frozenset[str]
    longest: int


@cache
def tables() -> Tables:
    """Return the table of divisions, read once.

    Examples
    --------
    >>> len(tables().townships["东关街道"])
    16
    """
    begins = {word[:2] for word in office_words()}
    rows = [
        Division(r["code"], r["name"], r["level"], r["parent"], int(r["valid_from"]), int(r["valid_to"] or 9999))
        for r in read_rows("regions/divisions.csv")
    ]
    names: dict[str, list[Division]] = {}
    shorts: dict[str, list[Division]] = {}
    by_code: dict[str, list[Division]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
        # Folding makes 干安县 of 乾安县; the keys are folded as what is looked up.
        for name in _full_forms(row.name):
            names.setdefault(fold(name), []).append(row)
        stem = fold(short_name(row.name))
        # 公安 and 合作 are words for what an office does before they are 公安县 and 合作市.
        if len(stem) > 1 and stem not in begins:
            shorts.setdefault(stem, []).append(row)
    for alias in read_rows("regions/aliases.csv"):
        names.setdefault(fold(alias["alias"]), []).extend(names[fold(alias["name"])])
    return Tables(names, shorts, by_code, _townships(), frozenset(row.parent for row in rows), max(map(len, names)))


def _full_forms(name: str) -> Iterator[str]:
    yield name
    match = _AUTONOMOUS.match(name) or _OWN_PEOPLE.match(name)
    if match:
        yield match["stem"] + match["kind"]
        if match["kind"] != "州":
            yield match["stem"] + "自治" + match["kind"]


def short_name(name: str) -> str:
    """Return a division's name without its last word, and without its peoples.

    Examples
    --------
    >>> short_name("沭阳县"), short_name("恩施土家族苗族自治州")
    ('沭阳', '恩施')
    """
    match = _AUTONOMOUS.match(name)
    return match["stem"] if match else _SUFFIX.sub("", name)


@cache
def office_words() -> tuple[str, ...]:
    """Return the words for the subjects of agencies, by which an agency's own name begins.

    Examples
    --------
    >>> "公安" in office_words(), "沭阳" in office_words()
    (True, False)
    """
    return tuple(row["word"] for row in read_rows("regions/sector_words.csv"))


def _townships() -> dict[str, tuple[str, ...]]:
    homes: dict[str, list[str]] = {}
    for row in read_rows("regions/townships.csv"):
        for name in same_length(row["townships"]).split(" "):
            homes.setdefault(name, []).append(row["region_code"])
    return {name: tuple(codes) for name, codes in homes.items()}
