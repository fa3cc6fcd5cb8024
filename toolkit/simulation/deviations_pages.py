"""Deviations of the whole document: script, noise, encodings, headings, damaged markup."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache

import opencc

from toolkit.simulation.draft import NUMERALS, Draft

_PINYIN = {"政": "zhèng", "公": "gōng", "开": "kāi", "信": "xìn", "请": "qǐng", "行": "xíng", "总": "zǒng", "其": "qí"}
_KANGXI = str.maketrans({"一": "⼀", "工": "⼯", "力": "⼒", "大": "⼤", "行": "⾏", "人": "⼈", "自": "⾃"})
_HEADINGS = {
    "overview": ["总体情况", "概述", "主要工作概述", "政府信息公开工作总体情况", "基本概况"],
    "active_disclosure": ["主动公开政府信息情况", "行政机关主动公开政府信息的情况", "政府信息主动公开情况"],
    "applications": [
        "行政机关收到和处理政府信息公开申请的情况",
        "依申请公开政府信息情况",
        "政府信息依申请公开办理情况",
    ],
    "disputes": [
        "政府信息公开行政复议行政诉讼情况",
        "因政府信息公开工作被申请行政复议、提起行政诉讼的情况",
        "政府信息公开行政复议和行政诉讼情况",
        "行政复议和行政诉讼情况",
    ],
    "problems": ["政府信息公开工作存在的主要问题及改进情况", "存在的主要问题和改进措施", "存在问题及改进情况"],
    "other_matters": ["其他事项", "其他需要报告的事项", "需要说明的事项", "其他报告事项"],
}


def _every_text(change: Callable[[str, random.Random], str]) -> Callable[[Draft, random.Random], None]:
    return lambda report, rng: report.change_text(lambda text: change(text, rng))


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def _in_script(name: str) -> Callable[[Draft, random.Random], None]:
    def change(report: Draft, rng: random.Random) -> None:
        report.change_text(_converter(name).convert)
        report.mark = _converter(name).convert(report.mark)

    return change


def _pinyin(text: str, rng: random.Random) -> str:
    return "".join(
        f"{character}({_PINYIN[character]})" if character in _PINYIN and rng.random() < 0.3 else character
        for character in text
    )


def _kangxi(text: str, rng: random.Random) -> str:
    return text.translate(_KANGXI)


def _zero_width(text: str, rng: random.Random) -> str:
    return "".join(character + ("\u200b" if rng.random() < 0.2 else "") for character in text)


def _no_break(text: str, rng: random.Random) -> str:
    return f"\xa0{text}\xa0" if text else text


def _doubled_commas(text: str, rng: random.Random) -> str:
    return text.replace("、", ",、").replace("。", ",。")


def preamble(report: Draft, rng: random.Random) -> None:
    """A preamble that lists all six chapters on one line."""
    names = "、".join(chapter.heading.split("、", 1)[-1] for chapter in report.chapters)
    report.preamble.insert(
        0,
        f"根据《中华人民共和国政府信息公开条例》规定，{report.agency}编制本报告。本报告由{names}等六部分组成，"
        f"所列数据的统计期限自{report.year}年1月1日起至{report.year}年12月31日止。",
    )


def preamble_lines(report: Draft, rng: random.Random) -> None:
    """A table of contents: every chapter heading once more, a line each, above the report."""
    report.preamble += ["目  录", *(chapter.heading for chapter in report.chapters)]


def heading_variants(report: Draft, rng: random.Random) -> None:
    """Headings as the regulation, older forms and provinces word them."""
    for numeral, chapter in zip(NUMERALS, report.chapters, strict=False):
        chapter.heading = f"{numeral}、{rng.choice(_HEADINGS[chapter.name])}"


def headings_bracketed(report: Draft, rng: random.Random) -> None:
    """（一）总体情况 for 一、总体情况."""
    for chapter in report.chapters:
        chapter.heading = re.sub(r"^(.)、", r"（\1）", chapter.heading)


def headings_bare(report: Draft, rng: random.Random) -> None:
    """Headings without their numerals."""
    for chapter in report.chapters:
        chapter.heading = chapter.heading.split("、", 1)[-1]


def headings_spaced(report: Draft, rng: random.Random) -> None:
    """Blanks in and before headings: 五 、存在的主要问题."""
    for chapter in report.chapters:
        chapter.heading = "     " + chapter.heading.replace("、", " 、 ", 1)


def signature(report: Draft, rng: random.Random) -> None:
    """Agency and date at the end, in traditional official style."""
    year = int(report.published[:4])
    report.closing += [report.agency, f"{year}年1月18日"]


def _encoded(encoding: str, charset: str | None, script: str = "") -> Callable[[Draft, random.Random], None]:
    def change(report: Draft, rng: random.Random) -> None:
        if script:
            _in_script(script)(report, rng)
        report.encoding, report.charset = encoding, charset

    return change


def _markup(change: Callable[[str], str]) -> Callable[[Draft, random.Random], None]:
    return lambda report, rng: report.html_changes.append(change)


def _unclosed(page: str) -> str:
    return re.sub(r"</(td|tr|p|span|font|div)>", "", page)


def _deep(page: str) -> str:
    return page.replace("<h1>", "<div><font>" * 3000 + "<h1>", 1)


def _nulls(page: str) -> str:
    return page.replace("</td>", "\x00</td>").replace("信息", "信\x00息", 5)


def _upper_case(page: str) -> str:
    return re.sub(r"</?(table|tr|td|p)\b", lambda match: match[0].upper(), page)


def _commented(page: str) -> str:
    return page.replace("</td>", "<!-- 0 --></td>").replace("<tr>", "<!--[if !supportMisalignedColumns]--><tr>")


def _sections(page: str) -> str:
    return page.replace('<table border="1">', '<table border="1"><caption></caption><thead></thead><tbody>')


def _swallowed(page: str) -> str:
    return page.replace("<h1>", "<p>根据《关于印发<中华人民共和国政府信息公开工作年度报告格式>的通知》编制</p><h1>", 1)


def windows_lines(report: Draft, rng: random.Random) -> None:
    """Lines end with carriage return and line feed."""
    report.text_changes.append(lambda text: text.replace("\n", "\r\n"))
    report.html_changes.append(lambda page: page.replace("\n", "\r\n"))


def cut_bytes(report: Draft, rng: random.Random) -> None:
    """Stray replacement characters between cells."""
    report.closing.append("\ufffd\ufffd")


PAGE_DEVIATIONS: dict[str, Callable[[Draft, random.Random], None]] = {
    "script_traditional": _in_script("s2t"),
    "script_taiwan": _in_script("s2twp"),
    "noise_pinyin": _every_text(_pinyin),
    "noise_kangxi": _every_text(_kangxi),
    "noise_zero_width": _every_text(_zero_width),
    "noise_no_break": _every_text(_no_break),
    "noise_doubled_commas": _every_text(_doubled_commas),
    "noise_replacement": cut_bytes,
    "preamble_on_one_line": preamble,
    "preamble_as_contents": preamble_lines,
    "heading_variants": heading_variants,
    "heading_bracketed": headings_bracketed,
    "heading_bare": headings_bare,
    "heading_spaced": headings_spaced,
    "signature": signature,
    "encoding_gbk": _encoded("gbk", None),
    "encoding_gb18030_undeclared": _encoded("gb18030", ""),
    "encoding_gbk_lying": _encoded("gbk", "utf-8"),
    "encoding_utf8_lying": _encoded("utf-8", "gb2312"),
    "encoding_utf8_undeclared": _encoded("utf-8", ""),
    "encoding_utf8_marked": _encoded("utf-8-sig", "utf-8"),
    "encoding_big5": _encoded("big5", None, "s2t"),
    "encoding_big5_undeclared": _encoded("big5", "", "s2t"),
    "encoding_utf16": _encoded("utf-16", ""),
    "markup_unclosed": _markup(_unclosed),
    "markup_deep": _markup(_deep),
    "markup_nulls": _markup(_nulls),
    "markup_upper_case": _markup(_upper_case),
    "markup_commented": _markup(_commented),
    "markup_sections": _markup(_sections),
    "markup_swallowed": _markup(_swallowed),
    "windows_lines": windows_lines,
}
