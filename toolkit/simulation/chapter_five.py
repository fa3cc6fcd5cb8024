"""Chapter five composed from the coding scheme: statements with their codes, in the layouts of real reports.

The phrases stand in ``data/statements.csv``, at least eight for every code
and kind of the scheme. What is composed is known to the character: kind,
code, place and progress of every statement.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

_WITH_SECOND = [
    ("信息公开在及时性、全面性上有待提高", "timeliness", "completeness"),
    ("公开工作在规范性、便民性方面还需加强", "institution_standard", "form_channel"),
    ("政策解读和互动回应的质量有待提升", "interpretation", "engagement"),
    ("对《条例》的学习和宣传力度不够", "capacity_training", "publicity"),
    ("公开内容的全面性、针对性还不足", "completeness", "quality_relevance"),
    ("信息更新和平台维护不够到位", "timeliness", "platform"),
]
_TITLES = {
    "awareness": "思想认识需提高",
    "staffing": "工作力量需充实",
    "capacity_training": "业务能力需加强",
    "timeliness": "时效性需增强",
    "completeness": "公开内容需充实",
    "quality_relevance": "内容质量需提升",
    "key_areas": "重点领域公开需深化",
    "interpretation": "政策解读需加强",
    "form_channel": "公开形式需丰富",
    "platform": "平台建设需完善",
    "engagement": "互动回应需加强",
    "request_handling": "依申请公开办理需规范",
    "institution_standard": "工作机制需健全",
    "supervision": "监督指导需强化",
    "security_review": "审核把关需从严",
    "imbalance": "工作开展不平衡",
    "publicity": "社会宣传需加强",
    "coordination": "协同配合需加强",
    "constraints": "客观条件有限制",
    "generic": "工作水平需提升",
}
_OPENERS = (
    "{year}年，{we}政府信息公开工作稳步推进，取得一定成效，但仍存在一些问题和不足，主要表现在：",
    "一年来，{we}信息公开工作有了新的进展，但也存在以下不足：",
    "虽然{we}政府信息公开工作取得了一定成绩，但与群众期望相比还有差距，主要是：",
    "{year}年度{we}政府信息公开工作中存在的主要问题有：",
    "总结{year}年工作，还存在以下薄弱环节：",
    "{we}信息公开工作总体平稳，但还存在一些短板：",
    "对照上级要求，{we}在信息公开方面还存在以下问题：",
    "在肯定成绩的同时，也清醒地看到工作中的不足：",
)
_TURNS = (
    "针对上述问题，{we}将采取以下措施加以改进：",
    "下一步，{we}将重点做好以下工作：",
    "{next}年，{we}将从以下几个方面改进：",
    "为此，{we}将着力抓好以下工作：",
    "针对存在的问题，今后将主要从以下方面努力：",
    "下一步改进措施：",
    "在今后的工作中，{we}将做到：",
    "针对以上不足，{next}年拟采取如下措施：",
)
_DONE = (
    "针对上一年度存在的问题，{we}{year}年已采取以下措施：",
    "{year}年，{we}对照问题清单抓好整改：",
)
_TAILS = ("推动政府信息公开工作再上新台阶。", "更好地保障人民群众的知情权、参与权和监督权。", "")
_NONE = ("{year}年{we}政府信息公开工作运行平稳，未发现突出问题。", "本年度无需要说明的问题。")
LAYOUTS = ("ordinals", "numbers", "one_paragraph", "headed", "plain", "titled", "lines")
_LAYOUT_WEIGHTS = (30, 14, 18, 14, 8, 8, 8)
_FIRST = "一是", "二是", "三是", "四是", "五是", "六是", "七是", "八是", "九是", "十是"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of chapter five, and where it stands in the chapter's text."""

    kind: str
    text: str
    code: str
    second_code: str = ""
    progress: str = ""
    start: int = 0
    stop: int = 0


@dataclass(frozen=True, slots=True)
class ChapterFive:
    """Chapter five: its text (paragraphs joined by a newline), statements and layout."""

    text: str
    statements: tuple[Statement, ...]
    layout: str


@cache
def phrases(kind: str) -> dict[str, tuple[str, ...]]:
    """Return the phrases of a kind by code.

    Examples
    --------
    >>> len(phrases("problem")), len(phrases("improvement"))
    (20, 18)
    >>> min(len(bank) for kind in ("problem", "improvement") for bank in phrases(kind).values())
    8
    """
    found: dict[str, list[str]] = {}
    with resources.files("toolkit.simulation").joinpath("data/statements.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["kind"] == kind:
                found.setdefault(row["code"], []).append(row["text"])
    return {code: tuple(bank) for code, bank in found.items()}


def problems(codes: Sequence[str], rng: random.Random) -> list[Statement]:
    """Word the problems of these codes; now and then two codes under one predicate."""
    named = [Statement("problem", rng.choice(phrases("problem")[code]), code) for code in codes]
    if named and rng.random() < 0.1:
        text, code, second = rng.choice(_WITH_SECOND)
        if code in codes and second not in codes:
            named[list(codes).index(code)] = Statement("problem", text, code, second)
    return named


def improvements(codes: Sequence[str], rng: random.Random, *, congruent: float = 0.5) -> list[Statement]:
    """Word improvements: for each code with a given probability one of its own, and others.

    The progress of a whole chapter is the same: what is planned, or in one
    report of eight what was done.
    """
    bank = phrases("improvement")
    answered = [code for code in codes if code in bank and rng.random() < congruent]
    others = [code for code in rng.sample(sorted(bank), rng.choice((1, 1, 2))) if code not in codes]
    done = rng.random() < 0.125
    return [
        Statement(
            "improvement", f"{'已' if done else ''}{rng.choice(bank[code])}", code, "", "done" if done else "planned"
        )
        for code in answered + others
    ]


def compose_chapter(
    named: Sequence[Statement],
    planned: Sequence[Statement],
    *,
    we: str,
    year: int,
    rng: random.Random,
    layout: str = "",
) -> ChapterFive:
    """Compose the chapter and keep every statement's place.

    Parameters
    ----------
    named, planned : sequences of Statement
        Problems and improvements, in the order in which they stand.
    we : str
        How the body speaks of itself: 我局.
    year : int
        Of the report.
    layout : str, optional
        One of ``LAYOUTS``; by default drawn as often as real reports have it.

    Examples
    --------
    >>> rng = random.Random(4)
    >>> named = problems(["timeliness", "staffing"], rng)
    >>> chapter = compose_chapter(named, improvements(["timeliness"], rng), we="我局", year=2021, rng=rng)
    >>> [chapter.text[s.start : s.stop] == s.text for s in chapter.statements]
    [True, True, True, True]
    """
    words = {"we": we, "year": year, "next": year + 1}
    if not named:
        return ChapterFive(rng.choice(_NONE).format(**words), (), "none_named")
    layout = layout or rng.choices(LAYOUTS, _LAYOUT_WEIGHTS)[0]
    composer = _Composer(layout)
    if layout == "headed":
        composer.put("（一）存在的主要问题\n")
    composer.put(rng.choice(_OPENERS).format(**words))
    composer.items(_titled(named) if layout == "titled" else list(named))
    if planned:
        composer.put({"headed": "\n（二）改进情况\n", "one_paragraph": ""}.get(layout, "\n"))
        composer.put(rng.choice(_DONE if planned[0].progress == "done" else _TURNS).format(**words))
        composer.items(list(planned))
        composer.put(rng.choice(_TAILS))
    return ChapterFive(composer.text, tuple(composer.placed), layout)


def _titled(named: Sequence[Statement]) -> list[Statement]:
    # What is copied from a titled list has its title already.
    return [one if "。" in one.text else replace(one, text=f"{_TITLES[one.code]}。{one.text}") for one in named]


class _Composer:
    """Puts text and statements one after another and knows where each stands."""

    def __init__(self, layout: str) -> None:
        self.text = ""
        self.placed: list[Statement] = []
        self._layout = layout

    def put(self, text: str) -> None:
        self.text += text

    def items(self, statements: list[Statement]) -> None:
        for place, one in enumerate(statements):
            last = place == len(statements) - 1
            self.put(self._enumerator(place, len(statements)))
            self.placed.append(replace(one, start=len(self.text), stop=len(self.text) + len(one.text)))
            self.put(one.text + ("。" if last else self._mark(place)))

    def _enumerator(self, place: int, count: int) -> str:
        if self._layout in ("plain", "lines"):
            return "\n" if self._layout == "lines" else ""
        if self._layout in ("numbers", "titled"):
            return f"\n{place + 1}.{' ' if count > 6 else ''}"
        if self._layout == "headed":
            return f"\n{place + 1}、"
        return _FIRST[place] if count > 1 else ""

    def _mark(self, place: int) -> str:
        if self._layout in ("numbers", "titled", "headed", "lines"):
            return "。"
        return "。" if self._layout == "ordinals" and place % 2 else "；"
