"""A report before it is rendered: chapters with prose and tables, and the facts of its page."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from toolkit.reports.marking import LINE
from toolkit.simulation.sheet import Figure, Key, Slot, Table, compose, fill

CHAPTERS = {
    "overview": "总体情况",
    "active_disclosure": "主动公开政府信息情况",
    "applications": "收到和处理政府信息公开申请情况",
    "disputes": "政府信息公开行政复议、行政诉讼情况",
    "problems": "存在的主要问题及改进情况",
    "other_matters": "其他需要报告的事项",
}
NUMERALS = "一二三四五六七八九十"


@dataclass(slots=True)
class Chapter:
    """A chapter: its contract name, its heading as printed, paragraphs and tables."""

    name: str
    heading: str
    blocks: list[str | Table] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """Everything a shape prints.

    ``units`` has every cell of the form with its unit; ``html_changes`` run
    on the finished page, ``text_changes`` on the finished text; ``encoding``
    is what the bytes are in and ``charset`` what the page declares (``None``:
    as the encoding, ``""``: nothing).
    """

    title: str
    agency: str
    year: int
    published: str
    form: str
    units: dict[Key, str]
    preamble: list[str]
    chapters: list[Chapter]
    mark: str = LINE
    index_number: str = ""
    url: str = ""
    closing: list[str] = field(default_factory=list)
    html_changes: list[Callable[[str], str]] = field(default_factory=list)
    text_changes: list[Callable[[str], str]] = field(default_factory=list)
    encoding: str = "utf-8"
    charset: str | None = None

    def tables(self) -> list[Table]:
        """Return the printed tables in order."""
        return [block for chapter in self.chapters for block in chapter.blocks if isinstance(block, Table)]

    def slots(self, *roles: str) -> Iterator[Slot]:
        """Yield the slots of the tables that have one of the roles (all without)."""
        for table in self.tables():
            yield from (slot for slot in table.slots() if not roles or slot.role in roles)

    def change_text(self, change: Callable[[str], str]) -> None:
        """Apply a change to every printed text, headings, labels and figures included."""
        self.title, self.agency = change(self.title), change(self.agency)
        self.preamble = [change(text) for text in self.preamble]
        self.closing = [change(text) for text in self.closing]
        for chapter in self.chapters:
            chapter.heading = change(chapter.heading)
            chapter.blocks = [change(block) if isinstance(block, str) else block for block in chapter.blocks]
        for slot in self.slots():
            slot.text = change(slot.text)


def draft(
    form: str,
    figures: Mapping[Key, Figure],
    *,
    agency: str = "青石县发展和改革局",
    year: int = 2022,
    published: str = "2023-01-18",
    prose: Mapping[str, list[str]] | None = None,
) -> Draft:
    """Return a report with these figures, ready to be rendered.

    Parameters
    ----------
    form : {"2019", "2021", "mixed", "mixed_head"}
    figures : mapping
        Key (part, item, category) to number, ``""``, dash, text, or ``None``
        for a cell that is not there.
    prose : mapping, optional
        Paragraphs of the chapters by contract name.

    Examples
    --------
    >>> report = draft("2021", distinct_figures("2021", seed=1))
    >>> report.chapters[2].heading
    '三、收到和处理政府信息公开申请情况'
    """
    tables = {table.part: table for table in fill(form, figures)}
    told = dict(_prose(year) if prose is None else prose)
    chapters = []
    for numeral, (name, heading) in zip(NUMERALS, CHAPTERS.items(), strict=False):
        blocks: list[str | Table] = [*told.get(name, [])]
        if name in tables:
            blocks.append(tables[name])
        chapters.append(Chapter(name, f"{numeral}、{heading}", blocks))
    return Draft(
        title=f"{agency}{year}年政府信息公开工作年度报告",
        agency=agency,
        year=year,
        published=published,
        form=form,
        units={cell.key: cell.unit for cell in compose(form)},
        preamble=told.get("preamble", []),
        chapters=chapters,
    )


def _prose(year: int) -> dict[str, list[str]]:
    return {
        "overview": [
            f"{year}年，本机关认真贯彻落实《中华人民共和国政府信息公开条例》，坚持以公开为常态、不公开为例外。",
            "（一）主动公开。围绕重点工作及时发布信息。（二）依申请公开。畅通受理渠道，规范答复文书。",
        ],
        "problems": [
            f"{year}年，本机关政府信息公开工作取得一定成效，但仍存在一些不足：一是信息更新不够及时；二是解读形式较为单一。",
            "下一步，将采取以下措施：一是健全更新机制，明确专人负责；二是丰富解读形式，多用图解和问答。",
        ],
        "other_matters": ["本年度未收取信息处理费。无其他需要报告的事项。"],
    }


def distinct_figures(form: str, seed: int = 0) -> dict[Key, Figure]:
    """Return figures of which no two are equal and whose sums all hold.

    A shift by one cell then shows, and no identity is broken by the figures
    themselves.

    Examples
    --------
    >>> figures = distinct_figures("2019")
    >>> len(figures) == len(set(map(str, figures.values())))
    True
    """
    rng = random.Random(f"figures {form} {seed}")
    keys = [cell.key for cell in compose(form)]
    while True:
        figures = _balanced(keys, rng)
        if len({str(figure) for figure in figures.values()}) == len(keys):
            return figures


def _balanced(keys: list[Key], rng: random.Random) -> dict[Key, Figure]:
    items = list(dict.fromkeys(item for part, item, _ in keys if part == "applications"))
    kinds = list(dict.fromkeys(category for part, _, category in keys if part == "applications"))[:-1]
    pool = iter(rng.sample(range(11, 4000), 1000))
    rows = {item: {kind: next(pool) for kind in kinds} for item in items}
    outcomes = [item for item in items if item not in ("new_received", "brought_forward", "outcomes_total")][:-1]
    for kind in kinds:
        rows["outcomes_total"][kind] = sum(rows[item][kind] for item in outcomes)
        settled = rows["outcomes_total"][kind] + rows["carried_forward"][kind]
        rows["new_received"][kind] = settled - rows["brought_forward"][kind]
    for row in rows.values():
        row["total"] = sum(row.values())
    return {key: _figure(key, rows, pool, rng) for key in keys} | _dispute_totals(keys, pool)


def _figure(key: Key, rows: dict[str, dict[str, int]], pool: Iterator[int], rng: random.Random) -> Figure:
    part, item, category = key
    if part == "applications":
        return rows[item][category]
    if key == ("active_disclosure", "fees", "amount"):
        return Decimal(next(pool) * 1000 + rng.randrange(1, 10)) / 100
    if category == "amount":
        return f"{Decimal(next(pool) * 10_000 + rng.randrange(1, 1000)) / 10_000}万元"
    return -next(pool) if category == "change" and rng.random() < 0.5 else next(pool)


def _dispute_totals(keys: list[Key], pool: Iterator[int]) -> dict[Key, Figure]:
    figures: dict[Key, Figure] = {}
    for item in dict.fromkeys(item for part, item, _ in keys if part == "disputes"):
        parts = [next(pool) for _ in range(4)]
        for category, figure in zip(
            ("upheld", "corrected", "other_result", "pending", "total"), [*parts, sum(parts)], strict=True
        ):
            figures["disputes", item, category] = figure
    return figures
