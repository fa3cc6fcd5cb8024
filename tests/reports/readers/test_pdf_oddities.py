"""Whole reports with the oddities of published PDFs: what is printed is read, or marked missing, never moved.

Every cell holds another number, so that a figure in a wrong cell shows. All reports are simulated.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

import pandas as pd
import pypdfium2
import pytest

from tests.reports.readers.drawn_report import Paper, drawn
from toolkit import read_report
from toolkit.reports.readers.layout.parts import Part, Placed
from toolkit.reports.readers.layout.seams import stitched
from toolkit.reports.readers.pdf.reader import read_pdf
from toolkit.reports.report import document_records
from toolkit.simulation.deviations import DEVIATIONS
from toolkit.simulation.draft import Draft, distinct_figures, draft
from toolkit.simulation.sheet import Figure, Key, Slot, Table
from toolkit.simulation.truth import Score, score, truth_of

UP, OVER, DOWN = "0 1 -1 0 595 0", "-1 0 0 -1 595 842", "0 -1 1 0 0 842"
RUNNING = "青石县发展和改革局2022年政府信息公开工作年度报告"


def report(form: str = "2021", deviations: tuple[str, ...] = (), figures: Mapping[Key, Figure] | None = None) -> Draft:
    made = draft(form, distinct_figures(form) | dict(figures or {}))
    for name in deviations:
        DEVIATIONS[name].apply(made, random.Random(name))
    return made


def scored(made: Draft, paper: Paper, truth: Draft | None = None) -> Score:
    """The score of what is read of a drawn report; the truth is what it prints, unless another draft has it."""
    document = read_pdf(drawn(made, paper))
    statistics = pd.DataFrame(document_records(document, "drawn.pdf").statistics)
    printed = truth or made
    truths = truth_of(printed.tables(), printed.units, blanks_kept=paper.ruled, cells_kept=paper.ruled)
    return score(truths, statistics)


def wrong(result: Score) -> list[tuple]:
    return [(miss.key, miss.printed, miss.got) for miss in result.misses if miss.kind == "wrong"]


def cut(label: str, line: int) -> tuple[tuple[str, int], ...]:
    return ((label, line),)


WHOLE = {
    "nothing odd": ("2021", (), Paper()),
    "nothing odd, form of 2019": ("2019", (), Paper()),
    "misprinted labels": ("2021", ("label_misprinted",), Paper()),
    "one row 其他处理 in a form of 2021": ("mixed", (), Paper()),
    "one row 其他处理 and a misprinted label": ("mixed", ("label_misprinted",), Paper()),
    "header cells split in two": ("2021", ("header_in_two_rows",), Paper()),
    "header cells split in two, repeated": ("2021", ("header_in_two_rows",), Paper(repeated=True, lines=40)),
    "page numbers -3-": ("2021", (), Paper(number="-{}-", lines=20)),
    "page numbers — 3 — and running headers": ("2021", (), Paper(header=RUNNING, lines=20)),
    "headers repeated": ("2021", (), Paper(repeated=True, lines=30)),
    "headers repeated, a word cut": ("2021", (), Paper(repeated=True, breaks=cut("（四）无法提供", 1))),
    "frames open at page breaks": ("2021", (), Paper(closed=False, lines=20)),
    "vertical label": ("2021", ("group_upright",), Paper()),
    "vertical label, cut": ("2021", ("group_upright",), Paper(breaks=cut("三、本年度办理结果", 4))),
    "vertical label scattered into the rows": ("2021", ("group_scattered",), Paper()),
    "vertical label scattered, form of 2019": ("2019", ("group_scattered",), Paper(lines=40)),
    "wrapped labels": ("2021", ("label_wrapped",), Paper()),
    "wrapped labels, cut": ("2021", ("label_wrapped",), Paper(breaks=cut("4.保护第三方合法权益", 1), closed=False)),
    "groups repeated in every row, their words and labels cut": (
        *("2021", ("groups_repeated", "label_wrapped")),
        Paper(breaks=cut("1.属于国家秘密", 1), middle=False),
    ),
    "spaced labels": ("2021", ("label_spaced",), Paper()),
    "wrapped and spaced labels": ("2019", ("label_wrapped", "label_spaced"), Paper(lines=45)),
    "blank cells": ("2021", ("blank_cells",), Paper(lines=40)),
    "no lines": ("2021", (), Paper(ruled=False)),
    "no lines, form of 2019 with decreases": ("2019", (), Paper(ruled=False)),
    "no lines, one row 其他处理": ("mixed", (), Paper(ruled=False)),
    "no lines, figures beside the first line": ("2021", (), Paper(ruled=False, middle=False)),
    "no lines, page numbers and headers": ("2021", (), Paper(ruled=False, header=RUNNING, number="第 {} 页")),
    "drawn twice": ("2021", (), Paper(shadow=0.3)),
    "drawn twice, no lines": ("2019", (), Paper(shadow=0.3, ruled=False)),
    "turned upwards": ("2021", (), Paper(turned=True, lines=36, turn=UP)),
    "turned downwards": ("2021", (), Paper(turned=True, lines=36, turn=DOWN)),
    "upside down": ("2021", (), Paper(turn=OVER)),
    "turned, and shown upright": ("2021", (), Paper(turned=True, lines=36, turn=UP, extra="/Rotate 90")),
    "shown turned": ("2021", (), Paper(extra="/Rotate 270")),
    "turned, no lines": ("2021", (), Paper(turned=True, lines=36, turn=UP, ruled=False)),
}


@pytest.mark.parametrize(("form", "deviations", "paper"), WHOLE.values(), ids=list(WHOLE))
def test_every_cell_is_right(form, deviations, paper):
    result = scored(report(form, deviations), paper)
    assert (result.right, wrong(result)) == (result.cells, [])


CUTS = [
    *(("（四）无法提供", line) for line in (1, 2)),
    *(("三、本年度办理结果", line) for line in (1, 6)),
    ("（二）部分公开", 1),
    ("1.属于国家秘密", 0),
    ("5.要求行政机关确认", 1),
    *(("1.申请人无正当理由", line) for line in (1, 2)),
    *(("2.申请人逾期未按", line) for line in (1, 2)),
    ("二、上年结转", 0),
    ("（七）总计", 1),
]


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "open"])
@pytest.mark.parametrize("middle", [True, False], ids=["middle", "top"])
@pytest.mark.parametrize(("label", "line"), CUTS, ids=[f"{label} {line}" for label, line in CUTS])
def test_a_table_cut_anywhere_is_whole(label, line, middle, closed):
    result = scored(report(), Paper(breaks=cut(label, line), middle=middle, closed=closed))
    assert (result.right, wrong(result)) == (200, [])


def test_labels_wrapped_over_pages_without_lines():
    result = scored(report(deviations=("label_wrapped",)), Paper(ruled=False, middle=False, lines=40))
    assert wrong(result) == []
    # Headers of columns wrapped among each other cannot be told: their rows are missing.
    assert {miss.key[1] for miss in result.misses} == {"rules", "normative_documents"}


def test_the_page_break_stands_inside_the_word():
    with pypdfium2.PdfDocument(drawn(report(), Paper(breaks=cut("（四）无法提供", 1)))) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    assert "（四）无法提" in texts[0] and "供" not in texts[0].split("（四）无法提")[1]
    assert "供" in texts[1].split("2.没有现成")[0]


def test_a_figure_above_a_page_break_without_its_label_is_doubtful():
    texts = (["1.信访", "87"], ["", "1161"]), (["2.重复申请", "9"], ["3.要求", "55"])
    parts = [
        Part(page, 0.0, [0, 300, 600], 2, [Placed(rows[k // 2][k % 2], k // 2, k % 2, 1, 1, page) for k in range(4)])
        for page, rows in enumerate(texts, 1)
    ]
    read = [(cell.text, cell.doubtful) for part in stitched(parts) for cell in part.cells if cell.column == 1]
    assert read == [("87", False), ("1161", True), ("9", True), ("55", False)]


@pytest.mark.parametrize("ruled", [True, False], ids=["ruled", "no lines"])
def test_a_report_inside_a_longer_document(ruled, tmp_path):
    made, paper = report(), Paper(ruled=ruled, header="青石年鉴（2023）")
    data = drawn(made, paper, before=4, pages=12)
    with pypdfium2.PdfDocument(data) as document:
        assert len(document) == 12
    (tmp_path / "yearbook.pdf").write_bytes(data)
    read = read_report(tmp_path / "yearbook.pdf")
    assert score(truth_of(made.tables(), made.units), read.statistics).right == 200
    assert {locator[:2] for locator in read.statistics["locator"].dropna() if ruled} <= {"p5", "p6"}
    assert read.reports.loc[0, ["year", "status"]].tolist() == [2022, "parsed"]


def reported(findings: pd.DataFrame, rule: str) -> dict[str, tuple[float, float, str]]:
    rows = findings[(findings["rule"] == rule) & (findings["verdict"] == "broken")]
    return {row.place: (row.lhs, row.rhs, row.severity) for row in rows.itertuples()}


def test_totals_of_0_beside_parts_that_sum_to_11_are_kept_and_reported(tmp_path):
    made = report()
    for slot in made.slots("value"):
        slot.text = "0"
    row, column, route = ("denied_state_secret", "business", "reconsideration")
    printed = {
        **{("applications", row, kind): text for kind, text in zip(("natural_person", "research"), "74")},
        **{("applications", "granted", column): "8"},
        **{("applications", "not_processed_repeated", column): "3"},
        **{("disputes", route, result): text for result, text in zip(("upheld", "corrected", "pending"), "533")},
    }
    for slot in made.slots("value"):
        slot.text = printed.get(slot.key, slot.text)
    (tmp_path / "totals.pdf").write_bytes(drawn(made, Paper()))
    read = read_report(tmp_path / "totals.pdf")
    values = read.statistics.set_index(["part", "item", "category"])["value"]
    assert values["applications", row, "total"] == values["applications", "outcomes_total", column] == 0
    assert values["disputes", route, "total"] == 0
    assert values.sum() == 7 + 4 + 8 + 3 + 5 + 3 + 3
    assert reported(read.findings, "row_total")[f"applications/{row}/total"] == (0, 11, "hard")
    assert reported(read.findings, "column_total")[f"applications/outcomes_total/{column}"] == (0, 11, "hard")
    assert reported(read.findings, "dispute_total")[f"disputes/{route}/total"] == (0, 11, "hard")


LETTERS = [(1.0, True), (2.0, True), (3.0, True), (5.0, True), (1.0, False), (2.0, False), (3.0, False), (5.0, False)]


@pytest.mark.parametrize(("space", "ruled"), LETTERS, ids=[f"{space} pt, ruled {ruled}" for space, ruled in LETTERS])
@pytest.mark.parametrize("form", ["2019", "2021"])
def test_digits_printed_apart_are_one_number_or_none(form, space, ruled):
    assert wrong(scored(report(form), Paper(letter_space=space, ruled=ruled))) == []


@pytest.mark.parametrize("ruled", [True, False], ids=["ruled", "no lines"])
def test_one_number_printed_apart_beside_blanks_is_not_three(ruled):
    figures = {("active_disclosure", "rules", category): "" for category in ("repealed", "in_force")}
    made = report("2021", figures=figures | {("active_disclosure", "rules", "issued"): "123"})
    document = read_pdf(drawn(made, Paper(letter_space=4, ruled=ruled)))
    rows = pd.DataFrame(document_records(document, "drawn.pdf").statistics).set_index(["item", "category"])
    states = [rows.loc[("rules", category), "state"] for category in ("issued", "repealed", "in_force")]
    assert states == (["text", "blank", "blank"] if ruled else ["missing"] * 3)
    assert rows.loc["rules", "value"].isna().all()


def in_two(made: Draft) -> None:
    """行政复议 and 行政诉讼 in tables of their own."""
    chapter = next(chapter for chapter in made.chapters if chapter.name == "disputes")
    table = next(block for block in chapter.blocks if isinstance(block, Table))
    heads, routes, results, values = table.rows
    first = [[Slot(heads[0].text, 1, 5, "header")], [Slot(slot.text, role="header") for slot in routes[:5]], values[:5]]
    second = [[Slot(heads[1].text, 1, 10, "header")], routes[5:], results, values[5:]]
    chapter.blocks[chapter.blocks.index(table) :] = [Table("disputes", first), Table("disputes", second)]


def with_title_between(made: Draft) -> None:
    in_two(made)
    chapter = next(chapter for chapter in made.chapters if chapter.name == "disputes")
    chapter.blocks.insert(len(chapter.blocks) - 1, "（二）行政诉讼情况")


SPLITS: dict[str, Callable[[Draft], None]] = {"beside each other": in_two, "with a title between": with_title_between}


@pytest.mark.parametrize("split", SPLITS.values(), ids=list(SPLITS))
@pytest.mark.parametrize("paper", [Paper(), Paper(lines=48)], ids=["one page", "a page each"])
def test_disputes_in_two_tables(split, paper):
    made = report()
    split(made)
    result = scored(made, paper, truth=report())
    assert (result.right, wrong(result)) == (200, [])


@pytest.mark.parametrize("split", SPLITS.values(), ids=list(SPLITS))
def test_disputes_in_two_tables_without_lines_are_missing(split):
    made = report()
    split(made)
    result = scored(made, Paper(ruled=False), truth=report())
    assert (result.right, wrong(result)) == (185, [])
    assert {miss.key[0] for miss in result.misses} == {"disputes"}


@pytest.mark.parametrize("blank", ["upheld", "pending", "total"])
@pytest.mark.parametrize("route", ["reconsideration", "litigation_after_reconsideration"])
def test_a_blank_in_an_unruled_row_of_disputes_moves_no_figure(route, blank):
    result = scored(report(figures={("disputes", route, blank): ""}), Paper(ruled=False))
    assert wrong(result) == []
    assert {miss.key[0] for miss in result.misses} <= {"disputes"}


def test_a_decimal_printed_apart_is_not_its_last_digits():
    fees = ("active_disclosure", "fees", "amount")
    made = report(figures={fees: "39350.04"})
    document = read_pdf(drawn(made, Paper(letter_space=2, ruled=False)))
    rows = pd.DataFrame(document_records(document, "drawn.pdf").statistics).set_index(["part", "item", "category"])
    assert rows.loc[fees, "state"] in ("text", "missing") and pd.isna(rows.loc[fees, "value"])


def test_a_header_that_is_not_known_moves_no_column():
    made = report(deviations=("total_first",))
    next(slot for slot in made.slots("header") if slot.text == "总计").text = "申总计"
    result = scored(made, Paper())
    assert wrong(result) == []
    assert {miss.key[2] for miss in result.misses} == {"total"}
