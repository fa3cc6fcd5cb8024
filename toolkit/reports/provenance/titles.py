"""The title of a report: where it stands, and the agency and year in it.

A title reads [agency] [year] 政府信息公开工作年度报告, but also year first,
doubled, on two or three lines, without agency or year, or with its last words
scrambled. Blanks inside it are layout; otherwise it is kept as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from toolkit.reports.document import Document
from toolkit.reports.folding import drop_noise, fold, same_length
from toolkit.reports.provenance.agencies import describe_agency

TITLE_LABELS = ("名称", "标题", "信息名称", "文件名称", "公文名称", "主题名称", "articletitle")

# Only years that a report can have: 1[0-9]{3} would read telephone numbers.
YEAR = "(?:20[0-3][0-9]|二[〇○零0O][〇○零0O一二三][〇○零0O一二三四五六七八九])"
_TITLE = re.compile(
    "^(?P<head>.{0,70}?)(?:(?:政府|政务)(?:信息|资讯)公开|政务公开(?=工?作?年度?报)"
    "|(?<=[局委办厅镇乡街道府处心会司院校年度])信息公开)"
    f"(?P<core>(?:{YEAR}|[年度工作情况的实施执行告报总结])" + "{2,18})(?P<tail>.*)$"
)
_YEAR_AFTER = re.compile(rf"\({YEAR}(?:年度|年|度)?\)")
_AFTER_TITLE = re.compile(r"^(?:$|的?(?:公告|通告|公示)$|[-_|—–·(\[<>】》」』\"”'.。/,:].*)")
_LABEL = re.compile('^.{0,40}[>:»](?=.)|^【[^】]*】|^[《<"“【*·•★☆●■◆▲►#]+|^\\d{1,2}[.、](?=\\D)')
_YEAR_WORDS = re.compile(f"(?:关于)?(?P<year>{YEAR})(?:年度|年|度)?")
_CHAPTER_ONE = re.compile("^(?:第?[一—]|㈠|1)[、.章,].{0,24}(?:情况|概述|概况|落实)")
_CHAPTER_INSIDE = re.compile("[一—]\\s*[、.]\\s*(?:总体情况|總體情況|概\\s*述)")
_WAY = re.compile("[>»]|位置[:：]")
_OF_SITE = re.compile("(?:主办|承办|协办|网站?|门户|专栏|版权所有|平台)$")
# What publishes a report under a title of its own: 关于印发某县2023年…年度报告的通知, …年度报告及解读.
_PUBLISHED = re.compile(
    "^(?:.*(?:印发|公布|发布|报送))?[《<]?(?P<report>[^《<]*?报告)[》>]?(?:的(?:通知|函|公告)|及其?解读)$"
)
_SUMMARY = re.compile("(?:工作)?总结$")
_NUMERALS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_NO_REPORT = ("解读", "通知", "通报", "函", "规定", "指南", "方案", "格式", "范文", "目录")


@dataclass(frozen=True, slots=True)
class Title:
    """A title as printed, without the blanks of its layout; agency and year in it, if any.

    ``below`` is the title's own line where the agency stands in a line above it: that may be the site's name.
    """

    text: str
    agency: str = ""
    year: int | None = None
    below: str = field(default="", repr=False)


@lru_cache(maxsize=128)
def read_title(line: str) -> Title | None:
    """Read a line as the title of an annual report, or return None.

    Examples
    --------
    >>> read_title("2022年迎宾路街道政府信息公开 工作年度报告")
    Title(text='2022年迎宾路街道政府信息公开工作年度报告', agency='迎宾路街道', year=2022)
    >>> read_title("关于二〇二〇年度政府信息公开情况的报告").year
    2020
    >>> read_title("政府信息公开年度报告解读") is None
    True
    """
    if "报" not in line and "報" not in line:
        return None
    raw = "".join(drop_noise(line).split())
    text = same_length(raw)
    label = _LABEL.match(text)
    raw, text = (raw[label.end() :], text[label.end() :]) if label else (raw, text)
    match = _TITLE.match(text)
    if match is None or "报" not in match["core"] or not _AFTER_TITLE.match(match["tail"]):
        return None
    if any(word in text for word in _NO_REPORT) or re.search("[。,;!?]", match["head"]):
        return None
    after = _YEAR_AFTER.match(text, match.start("tail"))
    stop = after.end() if after else match.start("tail")
    return Title(raw[:stop].rstrip("的"), _agency_in(raw, match), _year_in(text[:stop]))


def find_title(document: Document, head: list[str] | None = None) -> Title | None:
    """Return the best title of a document: the one that names its agency and year.

    The page's own label (名称), the lines before chapter one and the file's
    title are read in this order; a title that names a known body wins.

    Parameters
    ----------
    document : Document
    head : list of str, optional
        Its :func:`head_lines`, where they are known.

    Examples
    --------
    >>> from toolkit.reports.document import DocumentBuilder
    >>> builder = DocumentBuilder("text")
    >>> for line in ("淮安市人民政府", "2024 年政府信息公开工作年度报告", "一、总体情况"):
    ...     builder.paragraph(line)
    >>> find_title(builder.build()).text
    '淮安市人民政府2024年政府信息公开工作年度报告'
    """
    head = head_lines(document) if head is None else head
    named = [value for key, value in document.meta.items() if fold(key).lower() in TITLE_LABELS]
    found = [title for value in named if (title := read_title(value)) is not None]
    found += _titles_in(head)
    own = read_title(document.title)
    found += [own] if own else []
    return max(found, key=_worth, default=None) or _loose_title([*head, document.title])


def head_lines(document: Document) -> list[str]:
    """Return the lines before chapter one, blank ones left out.

    Examples
    --------
    >>> from toolkit.reports.document import DocumentBuilder
    >>> builder = DocumentBuilder("text")
    >>> builder.paragraph("沭阳县教育局\\n2023年政府信息公开年度报告")
    >>> builder.paragraph("一、总体情况")
    >>> head_lines(builder.build())
    ['沭阳县教育局', '2023年政府信息公开年度报告']
    """
    lines: list[str] = []
    for block in document.blocks:
        for line in document.text[block.start : block.stop].splitlines():
            if _CHAPTER_ONE.match(fold(line[:80])) or len(lines) == 300:
                return lines
            # A page whose text has lost its line breaks: only what stands before chapter one.
            chapter = _CHAPTER_INSIDE.search(line, 0, 3000)
            before = line[: chapter.start()] if chapter else line[:3000]
            if before.strip():
                lines.append(before)
            if chapter:
                return lines
    return lines


def _loose_title(lines: Sequence[str]) -> Title | None:
    """Return the title of a report that calls itself a summary, or stands under the notice that publishes it."""
    for line in lines:
        own = "".join(drop_noise(line[:120]).split())
        text = same_length(own)
        published = _PUBLISHED.search(text)
        title = read_title(_SUMMARY.sub("报告", published["report"] if published else text))
        if title is not None:
            return Title(own, title.agency, title.year)
    return None


def _titles_in(lines: list[str]) -> Iterator[Title]:
    for number, line in enumerate(lines):
        if "公" not in line and "报" not in line and "報" not in line:
            continue
        title = read_title(line) if len(line) <= 120 else None
        below = lines[number + 1] if number + 1 < len(lines) else ""
        # A title in two lines; but what stands above a whole title may be the way through the site.
        if title is None and below and "公" in line and len(line) < 60 and read_title(below) is None:
            title = read_title(line + below)
        if title is None:
            yield from (found for part in line.split()[:8] if (found := read_title(part)) is not None)
        else:
            is_way = _WAY.search(line) is not None
            yield title if is_way else _with_lines_above(title, lines[max(0, number - 2) : number])


def _with_lines_above(title: Title, above: Iterable[str]) -> Title:
    """Put the agency's and the year's lines before a title that stands below them."""
    parts = ["".join(drop_noise(line).split()) for line in above]
    if title.agency:
        above_it = parts[-1] if parts and title.year is None else ""
        year = _year_in(above_it) if _YEAR_WORDS.fullmatch(same_length(above_it)) else None
        return Title(above_it + title.text, title.agency, year) if year else title
    if _are_listed(parts):
        return title
    for start in range(len(parts)):
        joined = "".join(parts[start:])
        name = _YEAR_WORDS.sub("", same_length(joined))
        is_name = len(joined) <= 40 and ":" not in name and not _OF_SITE.search(name)
        if is_name and describe_agency(name).agency_type is not None:
            return Title(joined + title.text, name, title.year or _year_in(same_length(joined)), title.text)
    return title


def _are_listed(lines: Sequence[str]) -> bool:
    """Return whether each line names a body with its region: a list of a site's bodies, not one in two lines."""
    bodies = [describe_agency(same_length(line)) for line in lines]
    return len(bodies) > 1 and all(body.agency_type and body.region_code for body in bodies)


def _agency_in(raw: str, match: re.Match[str]) -> str:
    """Return the head of a title without its year, from the raw text."""
    head = match["head"]
    kept = raw[: len(head)]
    for year in reversed(list(_YEAR_WORDS.finditer(head))):
        kept = kept[: year.start()] + kept[year.end() :]
    kept = re.sub("^(?:关于|關於|公布|发布)+", "", kept.strip("《》【】<>\"“”'-—_·:：.,，。|*"))
    return re.sub("(?:关于|關於|公布|发布|年度|的)+$", "", kept).strip("《》")


def _year_in(text: str) -> int | None:
    years = {to_year(match["year"]) for match in _YEAR_WORDS.finditer(text)}
    return years.pop() if len(years) == 1 else None


def to_year(text: str) -> int:
    """Return the year that four digits or numerals write.

    Examples
    --------
    >>> to_year("二〇二〇"), to_year("2021")
    (2020, 2021)
    """
    return int(text.translate(_NUMERALS))


def _worth(title: Title) -> tuple[bool, bool, bool, bool, bool]:
    """Rank a title by the body that it names itself, the year, and the body named above it."""
    agency = describe_agency(title.agency, title.year) if title.agency else None
    named = bool(agency and agency.agency_type), bool(agency and agency.region_code)
    own, above = ((False, False), named) if title.below else (named, (False, False))
    return *own, title.year is not None, *above
