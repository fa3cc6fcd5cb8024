"""One simulated report: its facts, prose and printing habits, as a draft to be rendered."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit.simulation.bodies import Body
from toolkit.simulation.chapter_five import ChapterFive
from toolkit.simulation.counts import Year
from toolkit.simulation.draft import Draft, draft
from toolkit.simulation.sheet import Figure, Key

#: How a body prints zeros: as 0, not at all, or as a dash.
PRINTED_ZEROS = {"0": 93, "": 4, "-": 2, "/": 1}
_REGULATION = "《中华人民共和国政府信息公开条例》"
_OPENING = (
    "{year}年，{we}认真贯彻落实{law}，坚持以公开为常态、不公开为例外，扎实推进政府信息公开各项工作。",
    "{year}年，{we}按照{law}及上级工作部署，围绕中心工作，持续深化政务公开，不断提升工作质效。",
    "一年来，{we}严格执行{law}，着力加强信息发布、解读和回应工作，保障群众依法获取政府信息。",
)
_MANAGEMENT = (
    "（三）政府信息管理。规范公文属性认定，健全信息发布审核机制，做好文件清理和动态调整。",
    "（三）政府信息管理。完善信息制作、获取、保存、处理等环节的制度，加强源头管理。",
)
_PLATFORM = (
    "（四）政府信息公开平台建设。优化网站栏目，用好政务新媒体，方便群众查阅信息。",
    "（四）政府信息公开平台建设。加强政府网站和政务新媒体日常维护，推进政务公开专区建设。",
)
_GUARD = (
    "（五）监督保障。加强组织领导，开展业务培训，主动接受社会监督，未发生责任追究情形。",
    "（五）监督保障。明确工作分工，定期开展自查，将政府信息公开纳入年度考核。",
)


@dataclass(frozen=True, slots=True)
class Copied:
    """A statement taken over: its position, the report and position it comes from, ``self`` or ``peer``."""

    position: int
    source: str
    source_position: int
    kind: str


@dataclass(slots=True)
class Filing:
    """A report as its body files it.

    ``figures`` are the printed ones, plants included; ``planted`` has rule
    and place of every contradiction that was meant, ``follows`` what others
    below it break.
    """

    body: Body
    year: int
    form: str
    figures: dict[Key, Figure]
    whole: Year
    chapter: ChapterFive | None
    published: str
    index_number: str
    planted: list[tuple[str, str]] = field(default_factory=list)
    copied: list[Copied] = field(default_factory=list)
    follows: list[tuple[str, str]] = field(default_factory=list)
    told_received: int | None = None
    period: int = 0
    scope: str | None = None
    shape: str = "html_clean"
    name: str = ""
    duplicate_of: str = ""

    @property
    def title(self) -> str:
        """The report's title."""
        return f"{self.body.name}{self.year}年政府信息公开工作年度报告"


def published_on(body: Body, year: int, rng: random.Random) -> str:
    """Draw a publication date: departments by 31 January, governments by 31 March, some late."""
    late = rng.random() < 0.12
    if body.agency_type == "government":
        month, day = (4, rng.randrange(1, 30)) if late else (rng.choice((1, 2, 3)), rng.randrange(8, 29))
    else:
        month, day = (rng.choice((2, 3)), rng.randrange(1, 28)) if late else (1, rng.randrange(6, 32))
    return f"{year + 1}-{month:02d}-{day:02d}"


def scope_of(body: Body, rng: random.Random) -> str | None:
    """Return the sentence that tells the report's scope; one report in three leaves it untold."""
    if rng.random() < 0.33:
        return None
    if body.agency_type == "government":
        below = {"county": "全县（市、区）各部门、各乡镇（街道）", "prefecture": "全市各县（市、区）和市级各部门"}
        return f"本报告所列数据为{below.get(body.level, '全省各市县和省级各部门')}的汇总数据。"
    return "本报告所列数据仅为本机关的数据，不含下属单位。"


def as_draft(filing: Filing, zeros: str, rng: random.Random) -> Draft:
    """Return the draft of a filing, zeros printed as its body prints them."""
    printed = {key: _printed(figure, zeros) for key, figure in filing.figures.items()}
    report = draft(
        filing.form,
        printed,
        agency=filing.body.name,
        year=filing.year,
        published=filing.published,
        prose=_prose(filing, rng),
    )
    report.index_number = filing.index_number
    if filing.chapter is None:
        report.chapters = [chapter for chapter in report.chapters if chapter.name != "problems"]
        report.chapters[-1].heading = "五、其他需要报告的事项"
    return report


def _printed(figure: Figure, zeros: str) -> Figure:
    return zeros if figure == 0 and not isinstance(figure, str) else figure


def _prose(filing: Filing, rng: random.Random) -> dict[str, list[str]]:
    words = {"year": filing.year, "we": filing.body.we, "law": _REGULATION}
    preamble = [
        f"根据{_REGULATION}规定，现公布{filing.body.name}{filing.year}年政府信息公开工作年度报告。"
        f"本报告所列数据的统计期限自{filing.period or filing.year}年1月1日起至12月31日止。"
    ]
    if filing.scope:
        preamble.append(filing.scope)
    overview = [
        rng.choice(_OPENING).format(**words),
        f"（一）主动公开。全年通过政府网站等渠道主动公开政府信息{rng.randrange(20, 900)}条。",
        f"（二）依申请公开。{_received(filing)}",
        *(rng.choice(sentences) for sentences in (_MANAGEMENT, _PLATFORM, _GUARD)),
    ]
    problems = filing.chapter.text.split("\n") if filing.chapter else []
    fee = "本年度未收取信息处理费。" if filing.year > 2020 else ""
    return {
        "preamble": preamble,
        "overview": overview,
        "problems": problems,
        "other_matters": [fee + "无其他需要报告的事项。"],
    }


def _received(filing: Filing) -> str:
    told = filing.told_received if filing.told_received is not None else _count(filing.figures, "new_received", "total")
    if not told:
        return "本年度未收到政府信息公开申请。"
    settled = _count(filing.figures, "outcomes_total", "total")
    left = _count(filing.figures, "carried_forward", "total")
    persons = _count(filing.figures, "new_received", "natural_person")
    people = f"，其中自然人申请{persons}件" if filing.told_received is None else ""
    return f"本年度新收政府信息公开申请{told}件{people}；办结{settled}件（含上年结转），结转下年度继续办理{left}件。"


def _count(figures: Mapping[Key, Figure], item: str, category: str) -> int:
    return int(str(figures["applications", item, category]))


def form_of(year: int, rng: random.Random) -> str:
    """Return the form in force for a year; one report in forty of form 2021 keeps one row 其他处理."""
    if year <= 2020:
        return "2019"
    return "mixed" if rng.random() < 0.025 else "2021"
