"""The chapters of a report, told from their headings.

Six chapters since 2019, with many wordings (``forms/chapters.csv``). The
preamble that lists all of them is no heading, the rows 一、 二、 三、 四、 of the
third table are no chapters, and a heading may stand in the line of its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from toolkit.reports.document import Block, Document
from toolkit.reports.folding import drop_noise, same_length, squeeze
from toolkit.reports.form import read_rows

CHAPTERS = ("preamble", "overview", "active_disclosure", "applications", "disputes", "problems", "other_matters")

_NUMBERS = {char: number for number, char in enumerate("一二三四五六七八九十", 1)} | {"-": 1, "—": 1}
_NUMBER = r"(?:第)?(?P<number>[一二三四五六七八九十]{1,2}|[-—])(?:部分[、.,:]*|[、.,:]+)"
_ZERO_WIDTH = "[\u200b-\u200f\u2060\ufeff]*"
_PLACE = re.compile(
    rf"(?:^|(?<=[\s。;\[【]))(?={_ZERO_WIDTH}(?:第)?(?:[一二三四五六七八九十]{{1,2}}|[-—])(?:部分|{_ZERO_WIDTH}\s*(?:部分)?\s*[、.,:]))"
)
# 1.总体情况, （一）总体情况 and 一 总体情况 are chapters only where no other heading is.
_OTHER_NUMBER = re.compile(
    r"\((?P<bracket>[一二三四五六七八九])\)[、.]?|(?P<digit>[1-9])[、.,:]|(?P<bare>[一二三四五六七八九])"
)
_SIGN = re.compile("[况況述题題足项項议議施算明进進他它]")
_OTHER_HEADING = re.compile(_NUMBER + r"[^。;!?,]{2,30}")
_FOOTER = re.compile(
    r"[\[【(|\s]*(?:扫一扫|微信扫|长按识别|打印|关闭|分享|上一[篇条页]|下一[篇条页]|附件|相关(?:附件|链接|文档|新闻|阅读|稿件|文章|推荐)|热点推荐|推荐阅读"
    r"|主办(?:单位?)?[::]|承办|版权|网站(?:地图|标识|声明|纠错)|政府网站找错|我要纠错|友情链接|copyright|联系我们|关于我们|收藏本站|加入收藏|此[件文]公开发布"
    r"|(?:责任|初审|复审|终审|值班)?编辑[::]|(?:一审|二审|三审|初审|复审|终审|责编|校对|监制)[::]|信息来源[::]|来源[::]|浏览次数|访问量|您是第|返回(?:顶部|首页)"
    r"|.{0,8}icp备|.{0,6}公网安备|政府网站标识码|技术支持|(?:阅读|点击|浏览)(?:次数|量|数)?[::\s]*\d+次?$|评论\s*\d+条?$|[-—=\s]*(?:the\s*)?end[-—=\s.]*$)",
    re.IGNORECASE,
)
# A report's own address stands there too: it ends the text only where no sentence follows.
_ADDRESS = re.compile(r"(?:单位|联系|办公)?地址[::]|邮政?编码?[::]")
_DATE_LINE = re.compile(
    r"[二〇零○一三四五六七八九十\d]{4}\s*[年./-]\s*[一二三四五六七八九十\d]{1,3}\s*[月./-]\s*[一二三四五六七八九十\d]{1,3}\s*日?"
)
_SIGNED = re.compile(
    rf"[一-鿿()]{{2,24}}(?:局|委员会|办公室|厅|人民政府|办事处|管委会|支队|中心|分局)(?:{_DATE_LINE.pattern})?"
)
_OPENING = re.compile(r"(?=.{30})(?=.*[。，,])(?=.*(?:根据|按照|依据|条例|本报告|年度报告))", re.DOTALL)
_SENTENCE = re.compile(r"[。;;,,!?]")
_QUOTES = frozenset("《》“”\"'")
_LONGEST_SIGNATURE = 40
_DISPUTES = CHAPTERS.index("disputes")
_GLANCE = 80


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its code, its heading as printed, and where its text stands."""

    chapter: str
    heading: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class _Heading:
    chapter: str
    number: int
    start: int
    stop: int
    line: int


def find_chapters(document: Document) -> list[Chapter]:
    """Return the chapters of a document in reading order.

    ``document.text[start:stop]`` is a chapter's text without its heading. A
    body that divides one chapter in two (problems, then improvements) gives two.

    Examples
    --------
    >>> from toolkit.reports.readers.text import read_text
    >>> page = read_text("五、存在的主要问题及改进情况\\n更新不及时。\\n六、其他需要报告的事项\\n无。".encode())
    >>> [(one.chapter, page.text[one.start : one.stop].strip()) for one in find_chapters(page)]
    [('problems', '更新不及时。'), ('other_matters', '无。')]
    """
    headings = _with_other_numbers(document, _without_lists(list(_headings(document)), document.text))
    chapters = [
        _chapter(document, heading, following.start if following else len(document.text))
        for heading, following in zip(headings, [*headings[1:], None])
    ]
    chapters = [one for one in chapters if not _is_empty_twin(one, chapters)]
    return _preamble(document, headings) + chapters


def chapter_texts(document: Document, chapters: Sequence[Chapter]) -> dict[str, str]:
    """Return chapter code -> text; two chapters of one kind are joined by a newline."""
    texts: dict[str, list[str]] = {}
    for one in chapters:
        texts.setdefault(one.chapter, []).append(document.text[one.start : one.stop])
    return {chapter: "\n".join(parts) for chapter, parts in texts.items()}


def _headings(document: Document) -> Iterator[_Heading]:
    last_number, last_chapter = 0, ""
    for line, (text, start) in enumerate(_lines(document)):
        for heading in _in_line(text, start, line):
            last_number, last_chapter = heading.number or last_number + 1, heading.chapter
            yield heading
        if last_chapter == "problems" and (other := _other_heading(text, start, line, last_number + 1)):
            last_number, last_chapter = other.number, other.chapter
            yield other


def _lines(document: Document) -> Iterator[tuple[str, int]]:
    for block in document.paragraphs():
        start = block.start
        for line in document.text[block.start : block.stop].split("\n"):
            yield line, start
            start += len(line) + 1


def _in_line(text: str, start: int, line: int) -> Iterator[_Heading]:
    if not _SIGN.search(text[:60] if len(text) < 400 else text):
        return
    places = [match.start() for match in _PLACE.finditer(same_length(text))]
    found = [one for place in places if (one := _numbered(text, place, start, line))]
    if found:
        yield from found
    elif (words := _compact(text, 0)) and len(words[0]) <= 40:
        chapter = next((code for code, pattern in _titles(False) if pattern.fullmatch(words[0].strip(":。"))), None)
        if chapter:
            yield _Heading(chapter, 0, start, start + len(text), line)


def _numbered(text: str, place: int, start: int, line: int) -> _Heading | None:
    words, offsets = _compact(text, place)
    number = re.match(_NUMBER, words)
    if not number:
        return None
    for code, pattern in _titles(True):
        title = pattern.match(words, number.end())
        if title and title.end() > number.end() and _may_end(words, title.end()):
            stop = offsets[title.end() - 1] + 1
            return _Heading(code, _value(number["number"]), start + place, start + stop, line)
    return None


def _with_other_numbers(document: Document, found: list[_Heading]) -> list[_Heading]:
    """Add the headings numbered 1. or （一） of chapters that are not found, where their number and order fit."""
    missing = set(CHAPTERS[1:]) - {heading.chapter for heading in found}
    if not missing:
        return found
    # The last of a chapter: a table of contents may stand before.
    last = {one.chapter: one for one in _numbered_otherwise(document) if one.chapter in missing}
    for one in sorted(last.values(), key=lambda heading: heading.start):
        before = [heading for heading in found if heading.start < one.start]
        after = [heading for heading in found if heading.start > one.start]
        rank = CHAPTERS.index(one.chapter)
        in_order = all(CHAPTERS.index(heading.chapter) < rank for heading in before[-1:])
        in_order = in_order and all(CHAPTERS.index(heading.chapter) > rank for heading in after[:1])
        # After a chapter more than the form has, the last two have the next numbers.
        following = before[-1].number + 1 if before and rank > _DISPUTES else rank
        if in_order and one.number in (rank, following):
            found = [*before, one, *after]
    return found


def _numbered_otherwise(document: Document) -> Iterator[_Heading]:
    for line, (text, start) in enumerate(_lines(document)):
        words = _compact(text, 0)[0] if len(text) <= _GLANCE and _SIGN.search(text) else ""
        number = _OTHER_NUMBER.match(words)
        if not number:
            continue
        title = words[number.end() :].strip(":")
        for code, pattern in _titles(True):
            if pattern.fullmatch(title) and (code == "problems" or _is_plain(code, title)):
                value = int(number["digit"]) if number["digit"] else _value(number["bracket"] or number["bare"])
                yield _Heading(code, value, start, start + len(text), line)
                break


def _is_plain(chapter: str, title: str) -> bool:
    """Tell whether a title needs no number: 3.其他 is a row of a table, 3.收到和处理政府信息公开申请情况 a heading."""
    return any(code == chapter and pattern.fullmatch(title) for code, pattern in _titles(False))


def _may_end(words: str, stop: int) -> bool:
    """A heading ends with its line, before a stop, or where a new text begins."""
    return stop >= len(words) or words[stop] not in "的等中之性和及与、,"


def _compact(text: str, place: int) -> tuple[str, list[int]]:
    """Return a heading's characters without blanks, quotes and noise, and where each stands."""
    chars, places = squeeze(text[place : place + 120])
    if _QUOTES.isdisjoint(chars):
        return chars, [place + offset for offset in places]
    kept = [(char, place + offset) for char, offset in zip(chars, places) if char not in _QUOTES]
    return "".join(char for char, _ in kept), [offset for _, offset in kept]


def _value(number: str) -> int:
    if len(number) == 2:
        return 10 + _NUMBERS.get(number[1], 0) if number[0] == "十" else 10 * _NUMBERS.get(number[0], 0)
    return _NUMBERS.get(number, 0)


def _other_heading(text: str, start: int, line: int, number: int) -> _Heading | None:
    """A numbered heading of another wording ends the chapter of problems when its number is the next."""
    if len(text) > 60 or number < 3:
        return None
    folded = "".join(same_length(text).split())
    match = _OTHER_HEADING.fullmatch(folded)
    if match and _value(match["number"]) == number:
        return _Heading("other_matters", number, start, start + len(text), line)
    return None


def _without_lists(headings: list[_Heading], text: str) -> list[_Heading]:
    """Drop the line of a preamble that lists all chapters."""
    counts: dict[int, list[_Heading]] = {}
    for heading in headings:
        counts.setdefault(heading.line, []).append(heading)
    listed = {
        line
        for line, found in counts.items()
        if len(found) > 2 and all(after.start - before.stop < 12 for before, after in zip(found[:3], found[1:3]))
    }
    return [heading for heading in headings if heading.line not in listed]


def _chapter(document: Document, heading: _Heading, stop: int) -> Chapter:
    text = document.text
    printed = drop_noise(text[heading.start : heading.stop]).strip()
    start = heading.stop
    while start < stop and text[start] in " \t\n\r\u3000\xa0\u200b\ufeff:：。】]":
        start += 1
    stop = _before_footer(document, start, stop)
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    return Chapter(heading.chapter, printed, start, max(start, stop))


def _before_footer(document: Document, start: int, stop: int) -> int:
    """Cut what follows the report: the site's footer, and the date and name it is signed with."""
    blocks = [block for block in document.blocks if block.stop > start and block.start < stop]
    for place, block in enumerate(blocks):
        if block.grid is not None:
            continue
        # A long word of a footer is shorter.
        line = document.text[max(start, block.start) : block.stop].strip()[:_GLANCE]
        folded = same_length(line)
        is_address = _ADDRESS.match(folded) and "。" not in document.text[block.start : stop]
        if is_address or _FOOTER.match(folded):
            stop, blocks = max(start, block.start), blocks[:place]
            break
    return _before_signature(document, blocks, start, stop)


def _before_signature(document: Document, blocks: Sequence[Block], start: int, stop: int) -> int:
    for block in reversed(blocks[-4:]):
        line = document.text[max(start, block.start) : block.stop].strip()
        if len(line) > _GLANCE:
            break
        line = same_length(line)
        is_name = stop <= block.stop + 400 and len(line) <= _LONGEST_SIGNATURE and not _SENTENCE.search(line)
        if block.grid is None and _DATE_LINE.fullmatch("".join(line.split())):
            stop = max(start, block.start)
        elif block.start > start and is_name and _is_signature(line, block, blocks[-1], stop):
            return block.start
        else:
            break
    return stop


def _is_signature(line: str, block: Block, last: Block, stop: int) -> bool:
    """Tell whether a line is the name above a date, or stands alone at the end and is a body's."""
    if block is last:
        return block.stop <= stop and _SIGNED.fullmatch("".join(line.split())) is not None
    return stop < last.stop


def _is_empty_twin(one: Chapter, chapters: Sequence[Chapter]) -> bool:
    """A table of contents: the same heading stands again, and there it has a text."""
    twins = [other for other in chapters if other.chapter == one.chapter and other is not one]
    return one.stop <= one.start and any(other.stop > other.start for other in twins)


def _preamble(document: Document, headings: Sequence[_Heading]) -> list[Chapter]:
    """What stands between the title and the first chapter, if it is a text."""
    if not headings:
        return []
    before = [block for block in document.paragraphs() if block.stop <= headings[0].start]
    texts = [document.text[block.start : block.stop] for block in before]
    first = next((place for place, text in enumerate(texts) if _OPENING.search(text)), None)
    if first is None:
        return []
    return [Chapter("preamble", "", before[first].start, before[-1].stop)]


@cache
def _titles(numbered: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return chapter and wording; those that stand without a number are the fewer."""
    rows = [row for row in read_rows("forms/chapters.csv") if numbered or row["needs_number"] == "no"]
    order = ("problems", "disputes", "applications", "other_matters", "active_disclosure", "overview")
    rows.sort(key=lambda row: order.index(row["chapter"]))
    return tuple((row["chapter"], re.compile(row["pattern"])) for row in rows)
