"""A whole report drawn as a PDF, line by line on a grid: page breaks fall where a test wants them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from tests.reports.readers.raw_pdf import line, pdf, text
from toolkit.simulation.draft import Draft
from toolkit.simulation.sheet import Slot, Table

SIZE, PITCH, PAD, LEFT = 8.0, 12.0, 4.0, 45.0
WIDTHS = {"active_disclosure": [190, 105, 105, 105], "applications": [22, 60, 143] + 7 * [40], "disputes": 15 * [33]}
Extent = tuple[int, int, int, int]


@dataclass(frozen=True)
class Paper:
    """How a report is printed.

    ``breaks``: pages also end after the so many-th line of the cell that begins with these words.
    ``closed``: a table's frame is drawn round its part on every page. ``repeated``: its header too.
    ``turn``: a matrix in which every page is drawn; ``turned``: pages as wide as others are high.
    """

    ruled: bool = True
    breaks: tuple[tuple[str, int], ...] = ()
    closed: bool = True
    repeated: bool = False
    middle: bool = True
    number: str = "— {} —"
    header: str = ""
    shadow: float = 0.0
    letter_space: float = 0.0
    turned: bool = False
    turn: str = ""
    extra: str = ""
    lines: int = 58

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of what is drawn."""
        return (842.0, 595.0) if self.turned else (595.0, 842.0)


@dataclass
class Strip:
    """An endless page: words by line and place, cells by their lines and edges, header rows by table."""

    words: list[tuple[int, float, str, bool]] = field(default_factory=list)
    boxes: list[tuple[int, int, float, float]] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    tables: list[tuple[int, int, int]] = field(default_factory=list)
    forced: list[int] = field(default_factory=list)


def drawn(report: Draft, paper: Paper, before: int = 0, pages: int = 0) -> bytes:
    """Return the report as a PDF; with ``before`` other pages in front, and others behind until there are ``pages``."""
    strip = _strip(report, paper)
    own = [_page(strip, paper, start, stop) for start, stop in pairwise(_cuts(strip, paper))]
    behind = max(0, pages - before - len(own))
    bodies = [
        *(_foreign(number) for number in range(before)),
        *own,
        *(_foreign(number + 50) for number in range(behind)),
    ]
    numbered = [_with_margins(body, paper, number) for number, body in enumerate(bodies, 1)]
    sheet = (595.0, 842.0) if paper.turn else paper.size
    return pdf([[f"q {paper.turn} cm", *body, "Q"] if paper.turn else body for body in numbered], sheet, paper.extra)


def width(words: str, letter_space: float = 0.0) -> float:
    """Return how wide words are."""
    return sum(SIZE / 2 if char.isascii() else SIZE for char in words) + letter_space * (len(words) - 1)


def _wrapped(words: str, room: float, letter_space: float = 0.0) -> list[str]:
    lines: list[str] = []
    for piece in words.split("\n"):
        lines.append("")
        for char in piece:
            if lines[-1] and width(lines[-1] + char, letter_space) > room:
                lines.append("")
            lines[-1] += char
    return lines


def _strip(report: Draft, paper: Paper) -> Strip:
    strip, at = Strip(), 0
    blocks: list[str | Table] = [report.title, report.mark, *report.preamble]
    for chapter in report.chapters:
        blocks += [chapter.heading, *chapter.blocks]
    for block in [*blocks, *report.closing]:
        if isinstance(block, Table):
            at = _set_table(strip, block, paper, at) + 1
            continue
        for words in _wrapped(block, 505):
            strip.words.append((at, LEFT, words, False))
            strip.ends.append(at + 1)
            at += 1
    return strip


def _extents(table: Table) -> Iterator[tuple[Slot, Extent]]:
    """Yield the slots with their rows and columns, first and last but one."""
    taken: set[tuple[int, int]] = set()
    for row, slots in enumerate(table.rows):
        column = 0
        for slot in slots:
            while (row, column) in taken:
                column += 1
            bottom, right = min(row + slot.rowspan, len(table.rows)), column + slot.colspan
            taken |= {(down, across) for down in range(row, bottom) for across in range(column, right)}
            yield slot, (row, bottom, column, right)
            column = right


def _set_table(strip: Strip, table: Table, paper: Paper, at: int) -> int:
    cells = list(_extents(table))
    xs = [LEFT, *accumulate(WIDTHS.get(table.part, [100] * 5), initial=LEFT)][1:]
    texts = [
        _wrapped(slot.text, xs[right] - xs[left] - 2 * PAD, paper.letter_space if slot.key else 0.0)
        for slot, (_, _, left, right) in cells
    ]
    heights = [1] * len(table.rows)
    for lines, (_, (top, bottom, _, _)) in sorted(zip(texts, cells), key=lambda item: item[1][1][1] - item[1][1][0]):
        heights[bottom - 1] += max(0, len(lines) - sum(heights[top:bottom]))
    ys = list(accumulate(heights, initial=at))
    for lines, (slot, (top, bottom, left, right)) in zip(texts, cells):
        strip.boxes.append((ys[top], ys[bottom], xs[left], xs[right]))
        first = ys[top] + ((ys[bottom] - ys[top] - len(lines)) // 2 if paper.middle else 0)
        for down, words in enumerate(lines):
            strip.words.append((first + down, xs[left] + PAD, words, slot.key is not None))
        strip.forced += [first + down for words, down in paper.breaks if slot.text.replace("\n", "").startswith(words)]
    strip.ends += ys[1:]
    head = next((row for row, slots in enumerate(table.rows) if any(slot.key for slot in slots)), 0)
    strip.tables.append((ys[0], ys[head], ys[-1]))
    return ys[-1]


def _cuts(strip: Strip, paper: Paper) -> list[int]:
    end, cuts = max(strip.ends), [0]
    while cuts[-1] < end:
        room = (
            paper.lines
            - sum(head - top for top, head, bottom in strip.tables if top < cuts[-1] < bottom) * paper.repeated
        )
        reach = cuts[-1] + room
        forced = [at for at in strip.forced if cuts[-1] < at <= reach]
        cuts.append(min(forced) if forced else max(at for at in strip.ends if at <= reach))
    return cuts


def _page(strip: Strip, paper: Paper, start: int, stop: int) -> list[str]:
    top, shift = paper.size[1] - 60, start
    drawn: list[str] = []
    for begin, head, end in strip.tables:
        if paper.repeated and head < start < end:
            drawn += _slice(strip, paper, begin, head, top + begin * PITCH)
            shift = start - (head - begin)
    return drawn + _slice(strip, paper, start, stop, top + shift * PITCH)


def _slice(strip: Strip, paper: Paper, start: int, stop: int, zero: float) -> list[str]:
    drawn = []
    for at, x, words, is_figure in strip.words:
        if start <= at < stop and words.strip():
            spacing = f"{paper.letter_space if is_figure else 0} Tc "
            places = [0.0, paper.shadow] if paper.shadow else [0.0]
            drawn += [spacing + text(x + aside, zero - at * PITCH - 9, words, SIZE) for aside in places]
    for top, bottom, left, right in strip.boxes if paper.ruled else []:
        high, low = max(top, start), min(bottom, stop)
        if high < low:
            sides = [zero - high * PITCH, zero - low * PITCH]
            drawn += [line(x, sides[0], x, sides[1]) for x in (left, right)]
            kept = [(high == top, sides[0]), (low == bottom, sides[1])]
            drawn += [line(left, y, right, y) for own, y in kept if own or paper.closed]
    return drawn


def _with_margins(body: list[str], paper: Paper, number: int) -> list[str]:
    page_number = [text(paper.size[0] / 2 - 10, 24, paper.number.format(number), SIZE)] if paper.number else []
    header = [text(LEFT, paper.size[1] - 40, paper.header, SIZE)] if paper.header else []
    return [*header, *body, *page_number]


def _foreign(number: int) -> list[str]:
    """A page of something else: prose, and a ruled table of figures with labels that a report has too."""
    drawn = [
        text(LEFT, 780, f"第{number + 1}篇 乡镇企业统计", SIZE),
        text(LEFT, 760, "本年全县企业总数有所增长。", SIZE),
    ]
    rows = [("企业", "90001"), ("其他", "90002"), ("总计", f"{91000 + number}")]
    for place, (label, figure) in enumerate(rows):
        y = 700 - 20 * place
        drawn += [text(LEFT + 4, y + 6, label, SIZE), text(LEFT + 104, y + 6, figure, SIZE)]
        drawn += [line(x, y, x, y + 20) for x in (LEFT, LEFT + 100, LEFT + 200)]
        drawn += [line(LEFT, at, LEFT + 200, at) for at in (y, y + 20)]
    return drawn
