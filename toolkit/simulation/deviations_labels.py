"""Labels as they come misprinted, cut, spaced, wrapped, bracketed and renamed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from toolkit.simulation.draft import Draft
from toolkit.simulation.sheet import Slot

_MISPRINTS = {
    "2.其他法律行政法规禁止公开": "2.其他法律行政止公开",
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": (
        "（二）部分公开（区分处理的，只计这一情况，不计其他情形）"
    ),
    "5.属于三类内部事务信息": "5.属于三类内容事务信息",
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": (
        "1.申请人无正当理由逾期不补正、行政机关不再处理"
    ),
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": "2.申请人逾期未按收费通知要求缴纳费用",
    "3.补正后申请内容仍不明确": "3.补正后申请内容任不明确",
    "1.信访举报投诉类申请": "1.信访举报投拆类申请",
    "四、结转下年度继续办理": "四、结转下年度续继办理",
}
_CUTS = {"本年新制作数量": "本年新", "本年新公开数量": "本年新", "本年增/减": "本年增/", "现行有效件数": "现行有效件"}
_NOTES = {
    "现行有效件数": "现行有效件数（历史累计）",
    "上一年项目数量": "上一年项目数量（指上一年度事项清单中的事项数量）",
    "本年增/减": "本年增/减（指本年度事项的增减数量，减少用负数表示）",
    "处理决定数量": "处理决定数量（指本年度办件数量）",
    "本年处理决定数量": "本年处理决定数量（指本年度办件数量）",
    "规章": "规章（指地方政府规章）",
    "4.保护第三方合法权益": "4.保护第三方合法权益（商业秘密、个人隐私）",
    "1.本机关不掌握相关政府信息": "1.本机关不掌握相关政府信息（含信息不存在）",
}
_HALF = str.maketrans("（），", "(),", "“”")
_BARE = re.compile(r"^(?:[（(][一二三四五六七][）)]|[一二三四]、|\d[.、．])")


def misprinted(report: Draft, rng: random.Random) -> None:
    """Misprints that real reports have."""
    for slot in report.slots("label"):
        slot.text = _MISPRINTS.get(slot.text, slot.text)


def lost_character(report: Draft, rng: random.Random) -> None:
    """Every third long label has lost one character."""
    for slot in report.slots("label"):
        if len(slot.text) > 6 and rng.random() < 0.34:
            place = rng.randrange(3, len(slot.text))
            slot.text = slot.text[:place] + slot.text[place + 1 :]


def cut(report: Draft, rng: random.Random) -> None:
    """Header labels cut at the line break that stood in them."""
    for slot in report.slots("header"):
        slot.text = _CUTS.get(slot.text, slot.text)


def cut_rows(report: Draft, rng: random.Random) -> None:
    """Row labels cut short at the cell's edge."""
    for slot in report.slots("label"):
        if len(slot.text) > 9:
            slot.text = slot.text[: max(9, len(slot.text) * 2 // 3)]


def spaced(report: Draft, rng: random.Random) -> None:
    """Layout blanks inside labels: 总 计, 三 、本 年."""
    for slot in report.slots("label", "header", "group"):
        places = sorted(rng.sample(range(1, len(slot.text)), min(2, len(slot.text) - 1)), reverse=True)
        for place in places:
            slot.text = slot.text[:place] + " " + slot.text[place:]


def wrapped(report: Draft, rng: random.Random) -> None:
    """A line break inside each label longer than five characters."""
    for slot in report.slots("label", "header", "group"):
        if len(slot.text) > 5:
            place = rng.randrange(3, len(slot.text) - 1)
            slot.text = slot.text[:place] + "\n" + slot.text[place:]


def bracketed(report: Draft, rng: random.Random) -> None:
    """Explanations in brackets behind labels, as one province printed them."""
    for slot in report.slots("label", "header"):
        slot.text = _NOTES.get(slot.text, slot.text)


def half_width(report: Draft, rng: random.Random) -> None:
    """Half-width brackets and no quotation marks."""
    for slot in report.slots("label", "group", "block", "corner"):
        slot.text = slot.text.translate(_HALF)


def full_width(report: Draft, rng: random.Random) -> None:
    """Full-width digits and points in the enumerators."""
    for slot in report.slots("label"):
        slot.text = re.sub(r"^(\d)\.", lambda match: chr(ord(match[1]) + 0xFEE0) + "．", slot.text)


def comma_enumerators(report: Draft, rng: random.Random) -> None:
    """1、 for 1. in every row."""
    for slot in report.slots("label"):
        slot.text = re.sub(r"^(\d)\.", r"\1、", slot.text)


def bare(report: Draft, rng: random.Random) -> None:
    """Row labels without their enumerators: 其他 and 总计 stand alone in several places."""
    for slot in report.slots("label", "group"):
        slot.text = _BARE.sub("", slot.text)


def sums_renamed(report: Draft, rng: random.Random) -> None:
    """合计 and 小计 for 总计, 其它 for 其他."""
    for slot in report.slots("label", "header"):
        slot.text = {"总计": "合计", "（七）总计": "（七）合计", "3.其他": "3.其它", "其他": "其它"}.get(
            slot.text, slot.text
        )


def short_names(report: Draft, rng: random.Random) -> None:
    """规范性文件 in form 2021, 行政规范性文件 in form 2019."""
    other = {"行政规范性文件": "规范性文件", "规范性文件": "行政规范性文件"}
    for slot in report.slots("label"):
        slot.text = other.get(slot.text, slot.text)


def dash_enumerators(report: Draft, rng: random.Random) -> None:
    """— for 一 before the rows and chapters."""
    for chapter in report.chapters[:1]:
        chapter.heading = chapter.heading.replace("一、", "—、", 1)
    for slot in report.slots("label"):
        slot.text = slot.text.replace("一、", "—、", 1) if slot.text.startswith("一、") else slot.text


def header_in_two_rows(report: Draft, rng: random.Random) -> None:
    """Header cells spread over two table rows: 商业 科研 … above 企业 机构."""
    for table in report.tables():
        if table.part == "active_disclosure":
            continue
        place = next(number for number, row in enumerate(table.rows) if any(slot.key for slot in row))
        while place and all(slot.role != "header" for slot in table.rows[place - 1]):
            place -= 1
        above = table.rows[place - 1]
        halves = [(slot.text[: len(slot.text) // 2], slot.text[len(slot.text) // 2 :]) for slot in above]
        table.rows[place - 1 : place] = [
            [Slot(first, 1, slot.colspan, "header") for slot, (first, _) in zip(above, halves, strict=True)],
            [Slot(second, 1, slot.colspan, "header") for slot, (_, second) in zip(above, halves, strict=True)],
        ]
        for row in table.rows[: place - 1]:
            _stretch(row)


def _stretch(row: list[Slot]) -> None:
    for slot in row:
        if slot.rowspan > 1:
            slot.rowspan += 1


LABEL_DEVIATIONS: dict[str, Callable[[Draft, random.Random], None]] = {
    "label_misprinted": misprinted,
    "label_lost_character": lost_character,
    "label_cut": cut,
    "label_cut_rows": cut_rows,
    "label_spaced": spaced,
    "label_wrapped": wrapped,
    "label_bracketed": bracketed,
    "label_half_width": half_width,
    "label_full_width": full_width,
    "label_comma_enumerators": comma_enumerators,
    "label_bare": bare,
    "label_sums_renamed": sums_renamed,
    "label_short_names": short_names,
    "label_dash_enumerators": dash_enumerators,
    "header_in_two_rows": header_in_two_rows,
}
