"""Who reports, for which place and year, and when: the facts beside the figures.

Every fact is taken from what the page itself says, in a fixed order of
sources; where sources disagree the disagreement is kept, and what none of
them tells is None. Addresses, telephone numbers and names of persons are
never taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from toolkit.reports.document import Document
from toolkit.reports.folding import drop_noise, fold, same_length
from toolkit.reports.provenance.agencies import Agency, describe_agency
from toolkit.reports.provenance.dates import (
    date_notes,
    may_hold_day,
    read_date,
    vote,
    without_date,
    year_votes,
)
from toolkit.reports.provenance.divisions import division
from toolkit.reports.provenance.scope import read_scope
from toolkit.reports.provenance.titles import Title, find_title, head_lines

ISSUER_LABELS = (
    "发布机构",
    "发布单位",
    "发文机关",
    "发文单位",
    "公开机构",
    "公开主体",
    "发布机关",
    "责任单位",
    "信息来源",
    "来源",
    "单位",
    "contentsource",
)
DATE_LABELS = (
    "公开日期",
    "发布日期",
    "发布时间",
    "公开时间",
    "发文日期",
    "生成日期",
    "成文日期",
    "时间",
    "日期",
    "pubdate",
)
INDEX_LABELS = ("索引号", "信息索引号", "索引号码", "信息索引")
# The portal or its office, often not the body that reports.
WEAK_LABELS = ("信息来源", "来源", "单位", "contentsource")
URL_LABELS = ("来源", "原文链接", "原文地址", "网址", "链接", "url")

_FACTS = ("agency_id", "parent_id", "agency_type", "sector", "level", "province", "city", "county", "region_code")
_LABELS = "|".join(sorted({*INDEX_LABELS, *ISSUER_LABELS, *DATE_LABELS}, key=len, reverse=True))
_STATED = re.compile(
    rf"(?:^|[\s·•|]|(?<=[\]】]))(?P<label>{_LABELS})\s*[:：]\s*(?P<value>.*?)(?=\s*(?:{_LABELS}|浏览|点击|字体|阅读|分享|打印|作者|字号|【|\|)|$)"
)
_COMPILER = re.compile(
    "由(?P<by>[^,。由;:]{2,32}?)(?:负责)?(?:根据|按照|依据|依照|编制|编写)"
    "|(?:公布|发布|编制)(?P<of>[^,。;:]{2,32}?)(?:20[0-3][0-9]年?度?)?(?:年度)?(?:政府|政务)信息公开"
)
_ADVERTISING = re.compile(
    "[A-Za-z0-9]|官网|官方|入口|手机|比分|直播|彩票|投注|博彩|娱乐|网址|下载|注册|登录|平台|棋牌|开户|首页"
)
_LINE_OF_SOURCE = re.compile("来源|來源|浏览|阅读|点击|字体|字号|作者")
_DAY_OF_VISIT = re.compile("星期|今天|现在")
_WORDS_OF_DEPARTMENT = ("我局", "我委", "我厅", "本局")
_WHO_WORDS = {"我镇": "township_government", "我乡": "township_government", "我街": "subdistrict_office"}


def describe(
    document: Document, chapters: dict[str, str], source: str = "", head: list[str] | None = None
) -> dict[str, object]:
    """Return what a document tells about its report beside the figures.

    Parameters
    ----------
    document : Document
    chapters : dict
        Text of the chapters by code; ``preamble``, ``overview`` and
        ``applications`` are read.
    source : str
        Path or URL; its folders may name a year.
    head : list of str, optional
        Its lines before chapter one, where they are known.

    Returns
    -------
    dict
        The columns of ``reports`` from ``title`` to ``url`` (None where the
        document does not tell), ``year_votes`` (source: year, all that say
        one) and ``notes`` (what disagrees, in words).

    Examples
    --------
    >>> from toolkit.reports.document import DocumentBuilder
    >>> builder = DocumentBuilder("text")
    >>> builder.paragraph("沭阳县发展和改革局2023年政府信息公开年度报告")
    >>> builder.paragraph("一、总体情况")
    >>> facts = describe(builder.build(meta={"公开日期": "2024-01-17"}), {})
    >>> facts["agency"], facts["region_code"], facts["year"], facts["published"], facts["url"]
    ('沭阳县发展和改革局', '321322', 2023, '2024-01-17', None)
    """
    head = head_lines(document) if head is None else head
    title = find_title(document, head)
    stated = _stated(document, head)
    signature, signed = _signature(document, head)
    published = _published(stated) or signed or _beside_source(head)
    path = source if "fbtime" in source else document.url or source
    # What is longer is no preamble: a page whose chapters were not found.
    chapters = {code: text[:50_000] for code, text in chapters.items()}
    preamble, overview = chapters.get("preamble", ""), chapters.get("overview", "")
    votes = year_votes(title.year if title else None, preamble, overview, path, signed or published)
    year = vote(votes)
    if title and title.below and _is_contradicted(title, signature, stated, chapters, year):
        title = Title(title.below, "", title.year)
    agency, notes = _agency(title, signature, stated, document, chapters, year)
    index_number = _index_number(stated)
    scope, basis = read_scope(preamble + "\n" + overview, chapters.get("applications", ""))
    notes += date_notes(published, year, votes) + _code_notes(index_number, agency)
    return {
        "title": title.text if title else None,
        "agency": agency.name or None,
        **{fact: getattr(agency, fact) for fact in _FACTS},
        "scope": scope,
        "scope_basis": basis,
        "year": year,
        "published": published.isoformat() if published else None,
        "index_number": index_number,
        "url": _url(document, stated),
        "year_votes": votes,
        "notes": notes,
    }


def _stated(document: Document, head: list[str]) -> dict[str, str]:
    """Return label and value pairs of the page: its metadata, then the lines before chapter one."""
    stated = {fold(key).lower(): value.strip() for key, value in document.meta.items() if value.strip()}
    for line in head:
        if ":" in line or "：" in line:
            for match in _STATED.finditer(line[:400]):
                if match["value"].strip():
                    stated.setdefault(match["label"], match["value"].strip())
    return stated


def _published(stated: dict[str, str]) -> date | None:
    days = (read_date(stated[label]) for label in DATE_LABELS if label in stated)
    return next((day for day in days if day), None)


def _beside_source(head: list[str]) -> date | None:
    """Return the day in the line under a title that names the source or counts the readers: it needs no label."""
    lines = (line for line in head if len(line) <= 120 and may_hold_day(line))
    told = (line for line in lines if _LINE_OF_SOURCE.search(line) and not _DAY_OF_VISIT.search(line))
    return next((day for line in told if (day := read_date(line))), None)


def _signature(document: Document, head: list[str]) -> tuple[str, date | None]:
    """Return the agency and the day that stand under a report, or else under its title.

    Above the report a day without an agency beside it is that of the visit.
    """
    for lines in (_last_lines(document, 12), head):
        for number in range(len(lines) - 1, -1, -1):
            line = _squeezed(lines[number]) if may_hold_day(lines[number]) else ""
            day = read_date(line) if len(line) <= 60 else None
            name = without_date(line) if day else ""
            if day is None or (name and not _told(name)):
                continue
            above = _squeezed(lines[number - 1]) if number else ""
            name = name or (above if _told(above) else "")
            if name or lines[number] not in head:
                return name, day
    return "", None


def _squeezed(line: str) -> str:
    return "".join(drop_noise(line[:200]).split())


def _last_lines(document: Document, count: int) -> list[str]:
    lines: list[str] = []
    for block in reversed(document.blocks):
        if block.grid is not None:
            break
        lines = [line for line in document.text[block.start : block.stop].splitlines() if line.strip()] + lines
        if len(lines) >= count:
            break
    return lines[-count:]


def _agency(
    title: Title | None,
    signature: str,
    stated: dict[str, str],
    document: Document,
    chapters: dict[str, str],
    year: int | None,
) -> tuple[Agency, list[str]]:
    """Return the first body that a source names, completed by what the others say about where."""
    named = list(_named(title, signature, stated, chapters))
    described = [(source, describe_agency(name, year)) for source, name in named if _told(name)]
    by_words = _by_words(chapters)
    if not described or (
        described[0][0] in WEAK_LABELS and by_words.agency_type not in (None, described[0][1].agency_type)
    ):
        return by_words, []
    source, agency = described[0]
    notes = [] if source == "title" else [f"the agency is named by {source}, not by the title"]
    around = [other for _, other in described[1:]] + [
        describe_agency(name, year) for name in _sites(document, stated) if _told(name)
    ]
    agency = _completed(agency, around, year)
    # 我镇 is no name; what kind of body it is, it tells.
    return (replace(agency, name="") if re.match("[我本全]", agency.name) else agency), notes


def _is_contradicted(
    title: Title, signature: str, stated: dict[str, str], chapters: dict[str, str], year: int | None
) -> bool:
    """Return whether the body named above a title is not the one that reports: it may be the site's."""
    above = describe_agency(title.agency, year)
    others = [name for source, name in _named(None, signature, stated, chapters) if source not in WEAK_LABELS]
    bodies = [describe_agency(name, year) for name in others if _told(name)]
    if any(not _may_speak_for(body, above) for body in bodies):
        return True
    if bodies or above.agency_type != "government":
        return False
    prose = fold("".join(chapters.get(one, "") for one in ("preamble", "overview", "problems")))
    return any(word in prose for word in (*_WORDS_OF_DEPARTMENT, *_WHO_WORDS))


def _may_speak_for(body: Agency, above: Agency) -> bool:
    """Return whether two names are of one body, or of a government and its office."""
    is_office = body.agency_type == "government_office" and above.agency_type == "government"
    is_named_alike = body.body == above.body and body.township == above.township
    is_there = body.region_code is None or above.region_code is None or body.region_code == above.region_code
    return (is_office or is_named_alike) and is_there


def _named(
    title: Title | None, signature: str, stated: dict[str, str], chapters: dict[str, str]
) -> Iterator[tuple[str, str]]:
    if title and title.agency:
        yield "title", title.agency
    if signature:
        yield "signature", signature
    for match in _COMPILER.finditer(fold(chapters.get("preamble", ""))):
        yield "preamble", match["by"] or match["of"]
    for label in ISSUER_LABELS:
        if label in stated:
            yield label, stated[label]


def _sites(document: Document, stated: dict[str, str]) -> Iterator[str]:
    """Yield what stands after the title in the file's title (年度报告-沭阳县发改局), and the site's name."""
    parts = re.split(r"\s*[-_|—–]+\s*", same_length(document.title))
    yield from (part for part in (*parts[1:], stated.get("sitename", "")) if part)


def _told(name: str) -> bool:
    """Tell whether a text is the name of a body, and of which: advertising in its place is not."""
    folded = fold(name)
    if not 2 <= len(folded) <= 45 or _ADVERTISING.search(folded):
        return False
    found = describe_agency(name)
    known = found.level or found.region_code or folded.startswith(("市", "本市"))
    return bool(found.agency_type and (known or (found.sector and len(folded) <= 14)))


def _completed(agency: Agency, around: list[Agency], year: int | None) -> Agency:
    """Give 县教育局 and 东关街道办事处 the region that the page tells elsewhere."""
    for other in around:
        if agency.region_code is not None:
            break
        if other.region_code is None:
            continue
        if (
            agency.body
            and agency.body == other.body
            and agency.agency_type == other.agency_type
            and not agency.township
        ):
            agency = replace(other, name=agency.name)
        else:
            agency = describe_agency(agency.name, year, within=other.region_code)
    return agency


def _by_words(chapters: dict[str, str]) -> Agency:
    """Return the type that 我镇, 我乡 or 我街 tells where no name is left."""
    prose = fold(chapters.get("preamble", "") + chapters.get("overview", ""))
    kinds = {kind for word, kind in _WHO_WORDS.items() if word in prose}
    return Agency("", kinds.pop(), level="township") if len(kinds) == 1 else Agency("")


def _index_number(stated: dict[str, str]) -> str | None:
    value = next((stated[label] for label in INDEX_LABELS if label in stated), "")
    token = value.split()[0] if value.split() else ""
    return (
        token if re.fullmatch(r"[-0-9A-Za-z/_.()〔〕\[\]年号一-鿿]{4,60}", token) and re.search(r"\d", token) else None
    )


def _url(document: Document, stated: dict[str, str]) -> str | None:
    said = [document.url, *(stated.get(label, "") for label in URL_LABELS)]
    return next((url for url in said if url.startswith(("http://", "https://"))), None)


def _code_notes(index_number: str | None, agency: Agency) -> list[str]:
    """Compare the region in a unified credit code with the name; the name stands."""
    match = re.match(r"[0-9A-Z]{2}(?P<code>\d{6})[0-9A-Z]{10}(?![0-9A-Z])", index_number or "")
    code = match["code"] if match else ""
    if not code or agency.region_code is None or division(code) is None or code[:4] == agency.region_code[:4]:
        return []
    return [f"the index number has the code {code}, the name says {agency.region_code}"]
