"""What is no annual report: list pages, explanations, notices, models, empty forms.

A page is judged by what it calls itself first, by how many chapters a report
has, and by whether figures stand in its tables. The kinds and the words of
their titles are data (``forms/kinds.csv``). In doubt a page is a report: a
report that lacks its tables is partial, one taken for a notice would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from toolkit.errors import SourceError
from toolkit.reports.document import Document
from toolkit.reports.folding import drop_noise, fold, same_length
from toolkit.reports.form import read_rows
from toolkit.reports.numbers import read_number
from toolkit.reports.provenance.titles import TITLE_LABELS, read_title
from toolkit.reports.tables.alignment import Alignment

#: How the messages begin that say a source is no report.
NOT_A_REPORT = ("no annual report", "empty form")

#: Forms of reports before 2019: chapters, and no cells.
OLD_FORMS = ("2014", "prose")

_ENOUGH_CHAPTERS, _FEW_CHAPTERS = 3, 2
_PROSE_CHAPTERS = ("overview", "problems", "other_matters")
_MANY_TITLES, _LIST_SHARE = 4, 0.5
_EMPTY, _SHORT_PROSE, _LONG_PROSE = 20, 15, 400
# A page that only speaks of reports may quote a row or two of their tables.
_ENOUGH_ROWS = 5
_GLANCE, _LONG_GLANCE = 80, 2000
_MANY_PLACEHOLDERS = 4
_PLACEHOLDER = re.compile(
    r"(?<![A-Za-z])[XＸ×✕xｘ╳Ｏ○〇]{2,4}(?:年|县|市|区|省|镇|乡|局|街道|单位|机关|部门|公司|件|条|项|次|个|人民|月|日)|20[XＸ×x]{2}年|_{3,}(?:年|件|条|局|县)"
)
_PLACEHOLDER_SIGNS = "XＸ×✕xｘ╳Ｏ○〇_"
_INSTRUCTION = re.compile(
    r"[(（][^()（）]{0,40}(?:文字描述|此处|报告)[^()（）]{0,40}[)）]|该部分以表格形式报告。?(?:表格如下[:：]?)?"
)
_EXPLAINED = re.compile(
    r"[【\[(]?[^】\]):]{0,6}(?:解读|图解|读懂|一图|图说)[^】\]):]{0,6}[】\]):]|一(?:张)?图(?:读懂|看懂|了解|解读)|图解|图说|数说|读懂|速[读览]|解读"
)
# A title of a model, also where the form below it is filled with figures as an example.
_MODEL = re.compile(
    "[(\\[【](?:[^()\\[\\]【】]{0,6})(?:模板|模版|样式|样本|范本|范文|示例|示范文本|参考文本)[^()\\[\\]【】]{0,4}[)\\]】]"
    "|(?:[X×✕x╳]{2,4}|[○〇]{2,4})(?:县|市|区|省|镇|乡|局|街道|委|办|厅|单位|机关|部门|人民|政府)|20[X×x]{2}年"
)
_OTHER_REPORT = re.compile(
    "(?:法治政府|法治建设|政府网站|政务新媒体|行政执法|行政复议|财政|部门决算|质量|社会责任|环境|政务服务|审计|统计|数据开放).{0,16}(?:报告|年报|报表)"
)
_OWN_CHAPTERS = frozenset(["active_disclosure", "applications", "disputes"])
_ATTACHED = re.compile(
    r"附件|附:|\.(?:pdf|docx?|wps|xlsx?|ofd|zip|rar)(?![a-z])|(?:点击|请)(?:下载|查看)|下载", re.IGNORECASE
)
_TITLE_WORDS = re.compile("(?:信息|政务|政府|资讯)公开|年报|年度报告|统计")
# Sentences, and the way through the site.
_NO_TITLE = re.compile("[。;>]|^首页|位置:")
_STATISTICS_TABLE = re.compile("统计指标|政府信息公开情况统计(?:报)?表|指标名称|附表")
_OLD_WORDS = re.compile("收费及减免|收费和减免|咨询(?:处理)?情况|人员和收支|不予公开政府信息的?情况")
_LAST_OLD_YEAR = 2018


@dataclass(frozen=True, slots=True)
class _Kind:
    kind: str
    chapters_below: int
    values_below: int
    pattern: re.Pattern[str]
    message: str
    hint: str


def demand_report(document: Document, found: Alignment, texts: Mapping[str, str], head: list[str]) -> None:
    """Raise unless a document is an annual report.

    Parameters
    ----------
    document : Document
    found : Alignment
        Its cells.
    texts : mapping
        Its chapters.
    head : list of str
        Its lines before chapter one.

    Raises
    ------
    SourceError
        The message begins with ``no annual report`` or ``empty form`` and says what the document is.

    Examples
    --------
    >>> from toolkit.corpus import read_report
    >>> import tempfile, pathlib
    >>> page = pathlib.Path(tempfile.mkdtemp()) / "page.txt"
    >>> title = "关于做好2023年政府信息公开工作年度报告编制发布工作的通知"
    >>> _ = page.write_text(f"{title}\\n各乡镇：请于1月31日前报送。", encoding="utf-8")
    >>> read_report(page)
    Traceback (most recent call last):
    toolkit.errors.SourceError: no annual report: a notice or letter about reports, no report itself. \
Try: name the report of a body
    """
    chapters = len(set(texts) - {"preamble"})
    values, blank = _values(found)
    if all(len(fold(document.text[:size])) < _EMPTY for size in (_GLANCE, _LONG_GLANCE)):
        raise _refused("the page is empty", "open it in a browser and save it again, or save its attachment")
    if blank and not values and not _prose(texts) and chapters:
        raise SourceError(
            "empty form: all its cells are blank and no chapter has a text", "name the report that a body filled in"
        )
    has_tables = bool(found.placed) or len(found.unplaced) >= _ENOUGH_ROWS
    titles = list(_titles(document, head))
    kind = _kind(titles, chapters, values)
    if kind is not None:
        raise _refused(kind.message, kind.hint)
    has_signs = any(sign in document.text for sign in _PLACEHOLDER_SIGNS)
    if has_signs and len(_PLACEHOLDER.findall(document.text)) >= _MANY_PLACEHOLDERS:
        raise _refused("a model text with XX in place of names and figures", "name the report that a body published")
    if not has_tables and (chapters < _ENOUGH_CHAPTERS or _OWN_CHAPTERS.isdisjoint(texts)):
        _demand_text(document, titles, chapters)


def old_form(document: Document, year: int | None, has_cells: bool) -> str | None:
    """Return the form of a report of 2008 to 2018: ``2014`` where its table of statistics is seen, else ``prose``.

    Examples
    --------
    >>> from toolkit.reports.readers.text import read_text
    >>> page = read_text("一、概述\\n2012年主动公开信息175条。\\n二、咨询情况\\n无。".encode())
    >>> old_form(page, 2012, False), old_form(page, 2021, False), old_form(page, None, False)
    ('prose', None, 'prose')
    """
    if has_cells or (year is not None and year > _LAST_OLD_YEAR):
        return None
    text = same_length(document.text)
    if year is None and not _OLD_WORDS.search(text):
        return None
    return "2014" if _STATISTICS_TABLE.search(text) else "prose"


def _refused(message: str, hint: str) -> SourceError:
    return SourceError(f"no annual report: {message}", hint)


def _values(found: Alignment) -> tuple[int, int]:
    """Return how many cells hold a figure, and how many hold nothing."""
    texts = [one.cell.text for one in found.placed if one.cell is not None]
    texts += [cell.text for one in found.unplaced for cell in one.cells]
    blank = sum(not text.strip() for text in texts)
    return sum(read_number(text).value is not None for text in texts), blank


def _prose(texts: Mapping[str, str]) -> bool:
    """Tell whether a chapter has a text of its own, not only the form's instruction."""
    return any(len(fold(_INSTRUCTION.sub("", texts.get(one, "")))) > _SHORT_PROSE for one in _PROSE_CHAPTERS)


def _titles(document: Document, head: list[str]) -> Iterator[str]:
    """Yield the lines by which a document may call itself, the file's own title first."""
    if document.format == "html":
        # The title of an office file is often that of the template it was made from.
        yield document.title
    yield from (value for key, value in document.meta.items() if fold(key).lower() in TITLE_LABELS)
    yield from head


def _kind(titles: Sequence[str], chapters: int, values: int) -> _Kind | None:
    """Return what a document calls itself, if that is no report: the first line that is a title decides."""
    for line in titles:
        folded = "".join(same_length(drop_noise(line[:160])).split())
        if not 5 <= len(folded) <= 70 or not _TITLE_WORDS.search(folded) or _NO_TITLE.search(folded):
            continue
        named = read_title(line) or read_title(_without_site(line))
        if "报" in folded and _MODEL.search(folded):
            return next(one for one in _kinds() if one.kind == "model")
        if named is not None and not _EXPLAINED.match(folded):
            return None
        for one in _kinds():
            if one.pattern.search(_without_site(folded)):
                if chapters < one.chapters_below and values < one.values_below:
                    return one
                break
    return None


def _without_site(title: str) -> str:
    """Return a file's title without the site's name: ...年度报告-通知公告-沭阳县政府."""
    own = re.split("[-_|]", title)[0]
    return own if re.search("报告|公开", own) else title


def _demand_text(document: Document, titles: Sequence[str], chapters: int) -> None:
    """Demand of a page without tables, and with few chapters or none of disclosure, that it is a report in prose."""
    folded = fold(document.text)
    is_titled = any(read_title(line) is not None for line in titles)
    if chapters >= _ENOUGH_CHAPTERS:
        if not is_titled and any(_OTHER_REPORT.search(fold(line)) for line in titles if len(line) < _GLANCE):
            raise _refused("a report about other business", "look for 政府信息公开工作年度报告 on the same site")
        return
    _demand_no_links(document, folded, is_titled)
    told = sum(word in folded for word in ("主动公开", "申请", "复议", "收费", "存在", "不足", "问题"))
    if is_titled and len(folded) > _LONG_PROSE and (chapters >= _FEW_CHAPTERS or told >= 4):
        return
    hint = "check that the file holds the report itself, not a list, a notice or an article about it"
    if any("picture" in note for note in document.notes):
        hint = "the report may be in its pictures: save them, or the attachment"
    raise _refused("neither its chapters nor its tables were found", hint)


def _demand_no_links(document: Document, folded: str, is_titled: bool) -> None:
    """Demand that a page is neither a list of reports nor the link to one."""
    lines = [line for line in document.text.splitlines() if line.strip()]
    named = {line: title for line in lines if len(line) < 100 and "报" in line and (title := read_title(line))}
    listed = sum(len(fold(line)) for line in lines if line in named)
    one_report = len({(title.agency, title.year) for title in named.values()}) <= 1
    if is_titled and one_report and len(folded) < _LONG_PROSE and _ATTACHED.search(document.text):
        raise _refused("a page whose report is in its attachment", "save the attachment and name that")
    if len(named) >= _MANY_TITLES or (len(named) > 1 and listed > _LIST_SHARE * len(folded)):
        raise _refused("a list of reports", "follow its links and save the reports themselves")


@cache
def _kinds() -> tuple[_Kind, ...]:
    unlimited = 10_000
    return tuple(
        _Kind(
            row["kind"],
            int(row["chapters_below"] or unlimited),
            int(row["values_below"] or unlimited),
            re.compile(row["pattern"]),
            row["message"],
            row["hint"],
        )
        for row in read_rows("forms/kinds.csv")
    )
