"""Days and years: the day a report was published, the year it is about.

A report names its year in up to six places, and each of them is wrong
somewhere: the period was left over from last year's report, the folder is
that of publication, the date moved with the site. All are kept; most decide.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from toolkit.reports.folding import fold, same_length
from toolkit.reports.provenance.titles import YEAR, to_year

_DAY = re.compile(
    r"(?P<y>20[0-3]\d)\s*[-年./]\s*(?P<m>[01]?\d)\s*[-月./]\s*(?P<d>[0-3]?\d)(?!\d)"
    r"|(?<!\d)(?P<ymd>20[0-3]\d[01]\d[0-3]\d)(?!\d)"
)
_SIGN_OF_DAY = re.compile("[\\d年\uf98e]")
_LIKE_DAY = re.compile("\\d\\s*[-年\uf98e./―—–−─﹣－．／]\\s*\\d|\\d{8}|[年\uf98e]\\s*\\S(?:\\s*\\S){0,2}\\s*[月⽉]")
_NUMERAL_DAY = re.compile(
    f"(?P<y>{YEAR})年(?P<m>十?[一二三四五六七八九]|十)月(?P<d>[一二三]?十?[一二三四五六七八九]?)[日号]"
)
_PERIOD = re.compile(
    rf"(?P<from>{YEAR})年0?1月0?1[日号]起?[,、]?(?:至|到|[-—–~―]+)(?:(?P<to>{YEAR})年)?(?:度)?12月31[日号]"
)
_OPENING = re.compile(f"(?:^|[。;)])(?P<year>{YEAR})年度?(?=[,我本全在])")
_OF_YEAR = re.compile(
    f"(?:公布|发布|编制|编写|形成|撰写)[^。;]{{0,40}}?(?P<year>{YEAR})年度?[^。;]{{0,12}}(?:报告|年报)"
)
_PATH = re.compile("(?:fbtime=|/)(?P<year>20[0-3][0-9])(?:(?<=fbtime=....)|n(?:db?g?b?g?)?|年[^/]*)(?=[/&.]|$)")
_ORDER = ("title", "period", "preamble", "overview", "path", "date")


def read_date(text: str) -> date | None:
    """Return the first day that a text writes, in digits or numerals.

    Examples
    --------
    >>> read_date("2021-01-22 09:40"), read_date("二〇二四年一月十七日"), read_date("20251月1日")
    (datetime.date(2021, 1, 22), datetime.date(2024, 1, 17), None)
    """
    if not _LIKE_DAY.search(text):
        return None
    text = same_length(text)
    match = _DAY.search(text)
    if match and match["ymd"]:
        return _day(int(match["ymd"][:4]), int(match["ymd"][4:6]), int(match["ymd"][6:]))
    if match:
        return _day(int(match["y"]), int(match["m"]), int(match["d"]))
    match = _NUMERAL_DAY.search("".join(text.split()))
    return _day(to_year(match["y"]), _small(match["m"]), _small(match["d"])) if match else None


def may_hold_day(text: str) -> bool:
    """Return whether a text has a digit or the word year, without which it writes no day.

    Examples
    --------
    >>> may_hold_day("二〇二四年一月十七日"), may_hold_day("沭阳县教育局")
    (True, False)
    """
    return _SIGN_OF_DAY.search(text) is not None


def without_date(text: str) -> str:
    """Return a line without the day in it: 沭阳县教育局 of 沭阳县教育局2024年1月17日.

    Examples
    --------
    >>> without_date("沭阳县教育局 二〇二四年一月十七日")
    '沭阳县教育局'
    """
    folded = "".join(same_length(text).split())
    return _NUMERAL_DAY.sub("", _DAY.sub("", folded)).strip("日号()")


def year_votes(title_year: int | None, preamble: str, overview: str, path: str, day: date | None) -> dict[str, int]:
    """Return every year that a report says it is about, by where it says so.

    Parameters
    ----------
    title_year : int or None
    preamble, overview : str
        Text before and of chapter one.
    path : str
        Path or address; ``fbtime=2021`` and the folder ``2021ndbg`` name a
        report's year, a bare ``/2022/`` that of publication and does not count.
    day : date or None
        Day of signature or publication; its year less one counts only when
        nothing else says a year.

    Examples
    --------
    >>> year_votes(2021, "统计期限自2020年1月1日至12月31日。", "2021年，我局", "", None)
    {'period': 2020, 'title': 2021, 'overview': 2021}
    """
    preamble, overview = fold(preamble), fold(overview[:3000])
    period = _PERIOD.search(preamble) or _PERIOD.search(overview)
    votes: dict[str, int] = {}
    if period and period["to"] in (None, period["from"]):
        votes["period"] = to_year(period["from"])
    if title_year:
        votes["title"] = title_year
    for name, pattern, text in (
        ("preamble", _OF_YEAR, preamble),
        ("overview", _OPENING, overview),
        ("path", _PATH, path),
    ):
        match = pattern.search(text)
        if match:
            votes[name] = to_year(match["year"])
    return votes if votes or day is None or day.month > 6 else {"date": day.year - 1}


def vote(votes: dict[str, int]) -> int | None:
    """Return the year that most sources give; between equals the title decides, then the period.

    Examples
    --------
    >>> vote({"period": 2020, "title": 2021, "overview": 2021}), vote({"period": 2020, "title": 2021}), vote({})
    (2021, 2021, None)
    """
    counts = Counter(votes.values())
    order = [votes[name] for name in _ORDER if name in votes]
    return max(order, key=lambda year: (counts[year], -order.index(year)), default=None)


def date_notes(published: date | None, year: int | None, votes: dict[str, int]) -> list[str]:
    """Return in words what is odd about the year and the day of publication.

    Examples
    --------
    >>> date_notes(date(2020, 12, 25), 2020, {"title": 2020})
    ['published 2020-12-25, before the year 2020 ended']
    """
    notes = []
    if len(set(votes.values())) > 1:
        notes.append("sources disagree on the year: " + ", ".join(f"{name} {value}" for name, value in votes.items()))
    if "date" in votes:
        notes.append("only the date tells the year")
    if published is None or year is None:
        return notes
    months = (published.year - year) * 12 + published.month - 12
    if published < date(year, 12, 31):
        notes.append(f"published {published.isoformat()}, before the year {year} ended")
    elif months > 15:
        notes.append(f"published {published.isoformat()}, more than 15 months after {year}")
    return notes


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _small(text: str) -> int:
    """Return a number below 40 written as 十七 or 二十."""
    tens, ten, ones = text.rpartition("十")
    digits = "〇一二三四五六七八九"
    return (digits.index(tens) if tens else 1 if ten else 0) * 10 + (digits.index(ones) if ones else 0)
