"""What divides a chapter: enumerators, sentences, clauses, and lines that do or do not end.

All matching happens on a `View`: the chapter in one spelling, without blanks, injected pinyin and line ends that only
the page made. Every place of the view knows its place in the text as published.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from toolkit.reports.folding import same_length

_NUM = "[一二三四五六七八九十]{1,3}"
_RINGS = "①-⑳❶-❿"
_MARK = re.compile(
    rf"(?P<shi>{_NUM}(?:是|则|要(?!求|点|素)))"
    rf"|(?P<ord>首先|其次|再次|再者|最后|其[一二三四五六]|第[一二三四五六七八九十](?=[,、是:]))"
    rf"|(?P<paren>\((?:{_NUM}|\d{{1,2}})\)|[㈠-㈩⑴-⒇])"
    rf"|(?P<han>{_NUM}[、.])"
    r"|(?P<nested>(?<!\d)\d{1,2}(?:\.[1-9]\d?){1,2}(?![\d.%‰版万亿元个件条次人分倍年月日]))"
    r"|(?P<digit>[⒈-⒛]|\d{1,2}(?:[、)]|\.(?!\d)|\.(?=\d{4}年)))"
    rf"|(?P<ring>[{_RINGS}])"
    r"|(?P<bullet>[●•◆◇■□▪◦○★☆※➢►▶·*\uf06c\uf0d8-])"
    rf"|(?P<asked>(?:存在)?问题(?:{_NUM}|\d{{1,2}})[:、.])"
)
_AFTER_MARK = re.compile(r"(?:(?:方面)?是(?=[^否])|[,、:.])*")
_ENDS = ";。!?…"
# Half-width texts end a sentence with "."; behind a digit it belongs to a figure, behind 一 and (1) to an enumerator.
_FULL_STOP = re.compile(
    r"(?<=[㐀-鿿”》%)])\.(?<![一二三四五六七八九十]\.)(?<![一二三四五六七八九十\d]\)\.)(?![A-Za-z.])"
)
# 主要表现一是, 以下问题(一): an enumerator also follows these without any sign between.
_TAIL_BEFORE_MARK = "题足为面施现节处有如下将距"
_ORDINALS = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": 99}
_PINYIN = r"(?<=[㐀-鿿])\([a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]{1,6}\)"
# A printed page number stands alone in its line, in mid-sentence as often as not.
_PAGE_NUMBER = r"(?<=\n)(?:[-—–]+[ \t]*\d{1,3}[ \t]*[-—–]+|\d{1,3}|第\d{1,3}页)(?=[ \t]*\r?\n)"
_NOISE = re.compile(rf"(?:[\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\xad]|{_PINYIN}|{_PAGE_NUMBER})+")
_OPENS_BLOCK = re.compile(r"针对|下一步|下步|今后|为此|接下来|对(?:以上|上述)")
_LINE_END = re.compile(r"\r\n|\r|\n")
_SENTENCE = re.compile(r"([^。;!?…\n]*)(?:[。;!?…]+[”’」』)]?|\n|$)")


@dataclass(frozen=True)
class View:
    """A chapter for matching: `text`, the place of each character in the source, and where blanks stood."""

    text: str
    places: list[int]
    gaps: frozenset[int]

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Return the source's offsets of a non-empty stretch of the view.

        Examples
        --------
        >>> view = read_view("更新 不及时", lambda line, alone: False, lambda line: False)
        >>> view.text, view.span(0, 3)
        ('更新不及时', (0, 4))
        """
        return self.places[start], self.places[stop - 1] + 1


@dataclass(frozen=True)
class Mark:
    """An enumerator: its style, its number (0 for a bullet), and where it stands in the view."""

    style: str
    number: int
    start: int
    stop: int


@dataclass(frozen=True)
class Sentence:
    """A stretch up to a full stop, a semicolon, the end of a line or the next enumerator."""

    start: int
    stop: int
    ending: str
    mark: Mark | None
    new_line: bool


def read_view(text: str, ends_line: Callable[[str, bool], bool], headed: Callable[[str], object]) -> View:
    """Return the chapter without blanks and without line ends that cut a sentence.

    A line end stays (as ``\\n``) after a full stop, before an enumerator or a new block, at an empty line, and after
    a line of which `ends_line` says so; a blank becomes one behind a line that is `headed`.

    Examples
    --------
    >>> read_view("工\\n作 脱节。\\n二是內(nèi)容少", lambda line, alone: False, lambda line: False).text
    '工作脱节。\\n二是内容少'
    """
    folded = _FULL_STOP.sub("。", same_length(text))
    if re.search(f"[{_RINGS}]", text):
        folded = _keep_rings(text, folded)
    pieces: list[str] = []
    places: list[int] = []
    gaps: set[int] = set()
    at = line = 0
    alone = True
    for noise in _NOISE.finditer(folded):
        pieces.append(folded[at : noise.start()])
        places.extend(range(at, noise.start()))
        at = noise.end()
        if noise[0].startswith("("):
            continue
        before = _NOISE.sub("", folded[line : noise.start()][-60:])
        broken = "\n" in noise[0] or "\r" in noise[0]
        # Pages flattened to one line keep a blank behind a heading.
        ends = (
            _line_ends(before, noise[0], folded, noise.end(), alone, ends_line)
            if broken
            else headed(without_mark(before))
        )
        if places and before and ends:
            pieces.append("\n")
            places.append(noise.start())
        if broken or ends:
            line, alone = noise.end(), bool(ends)
        gaps.add(len(places))
    pieces.append(folded[at:])
    places.extend(range(at, len(folded)))
    return View("".join(pieces), places, frozenset(gaps))


def _keep_rings(text: str, folded: str) -> str:
    # Folding turns ① into a bare digit that no longer looks like an enumerator.
    return "".join(raw if re.match(f"[{_RINGS}]", raw) else new for raw, new in zip(text, folded, strict=True))


def _line_ends(
    before: str, noise: str, folded: str, after: int, alone: bool, ends_line: Callable[[str, bool], bool]
) -> bool:
    if not before or _MARK.fullmatch(before):
        return False
    if before[-1] in _ENDS or before[-1] in ":”" or _OPENS_BLOCK.match(folded, after):
        return True
    mark = _MARK.match(folded, after)
    if mark and (before[-1] not in ",、" or mark.lastgroup != "bullet"):
        return True
    if before[-1] in ",、":
        return False
    empty_line = not any(sign.isdigit() for sign in noise) and len(_LINE_END.findall(noise)) > 1
    line = without_mark(before)
    return empty_line or ends_line(line, alone and line == before)


def without_mark(line: str) -> str:
    """Return a line without the enumerator before it.

    Examples
    --------
    >>> without_mark("一是更新不及时"), without_mark("更新不及时")
    ('更新不及时', '更新不及时')
    """
    mark = _MARK.match(line)
    return line[mark.end() :] if mark else line


def find_marks(view: View) -> list[Mark]:
    """Return the enumerators of a chapter, in order.

    Examples
    --------
    >>> view = read_view("一是内容少;二是更新慢。(1)统一要求 ②加强培训", lambda line, alone: False, lambda line: False)
    >>> [(mark.style, mark.number) for mark in find_marks(view)]
    [('shi', 1), ('shi', 2), ('paren1', 1), ('ring', 2)]
    """
    marks: list[Mark] = []
    last: dict[str, int] = {}
    for match in _MARK.finditer(view.text):
        style, number = _style_and_number(match)
        # (1)意识不强(2)内容单一: without any sign between, the next number alone tells an enumerator.
        next_paren = match.lastgroup == "paren" and last.get(style) == number - 1
        if next_paren or _stands_free(view, match):
            last[style] = number
            stop = _AFTER_MARK.match(view.text, match.end()).end()  # type: ignore[union-attr]
            marks.append(Mark(style, number, match.start(), stop))
    return marks


def _stands_free(view: View, match: re.Match[str]) -> bool:
    start, style = match.start(), match.lastgroup
    before = view.text[start - 1] if start else "\n"
    if style == "bullet":
        return before == "\n" or (start in view.gaps and match[0] not in "-·*○□")
    if style == "shi" and match[0].endswith(("要", "则")):
        return before in _ENDS + "\n:,"
    if before.isdigit() or (style == "han" and before in "第、"):
        return False
    if style == "ring":
        return True
    free = before in _ENDS + ("\n:" if style == "nested" else "\n:,”)") or start in view.gaps
    return free or (before in _TAIL_BEFORE_MARK and style in ("shi", "paren", "asked"))


def _style_and_number(match: re.Match[str]) -> tuple[str, int]:
    style, mark = str(match.lastgroup), match[0]
    if style == "bullet":
        return style, 0
    if mark in _ORDINALS:
        return style, _ORDINALS[mark]
    digits = re.findall(r"\d+", same_length(mark)) or re.findall(r"\d+", _plain(mark))
    if digits:
        return (style + "1" if style == "paren" else style), int(digits[-1])
    return style, _chinese_number(re.sub("[^一二三四五六七八九十]", "", _plain(mark)))


def _plain(mark: str) -> str:
    return unicodedata.normalize("NFKC", mark)


def _chinese_number(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    value = "零一二三四五六七八九".find
    return (value(tens[-1]) if tens else 1) * 10 * bool(ten) + (value(ones[-1]) if ones else 0)


def find_sentences(view: View) -> list[Sentence]:
    """Return the sentences of a chapter, each with the enumerator that opens it.

    Examples
    --------
    >>> view = read_view("不足:一是内容少;二是更新慢。", lambda line, alone: False, lambda line: False)
    >>> [view.text[s.start : s.stop] for s in find_sentences(view)]
    ['不足', '内容少', '更新慢']
    """
    marks = find_marks(view)
    stops = [mark.start for mark in marks[1:]] + [len(view.text)]
    sentences = list(_between(view, None, 0, marks[0].start if marks else len(view.text)))
    for mark, stop in zip(marks, stops, strict=False):
        sentences.extend(_between(view, mark, mark.stop, stop))
    return sentences


def _between(view: View, mark: Mark | None, at: int, stop: int) -> Iterator[Sentence]:
    while at < stop:
        match = _SENTENCE.match(view.text, at, stop)
        assert match is not None
        start = at + len(match[1]) - len(match[1].lstrip(",:、”"))
        end = max(start, at + len(match[1].rstrip(",:、")))
        if end > start:
            yield Sentence(start, end, view.text[end : end + 1], mark, not mark and view.text[at - 1 : at] == "\n")
            mark = None
        at = max(match.end(), at + 1)
