"""What stands at the edges of printed pages: page numbers and figures like them, tables wider than the page."""

from __future__ import annotations

import pytest

from tests.reports.readers.raw_pdf import line, pdf, ruled, text
from toolkit.reports.readers.pdf.reader import read_pdf


def texts(pages: list[list[str]]) -> list[str]:
    document = read_pdf(pdf(pages))
    return [document.text[block.start : block.stop] for block in document.paragraphs()]


def page(top: str, bottom: str, words: str = "一、总体情况") -> list[str]:
    drawn = [text(60, 400, words)]
    drawn += [text(290, 800, top)] if top else []
    return [*drawn, text(290, 30, bottom)] if bottom else drawn


NUMBERS = {
    "the page's own": (["", ""], ["1", "2"], []),
    "counting on from those before": (["", ""], ["17", "18"], []),
    "dashes around them": (["", ""], ["— 17 —", "- 9 -"], []),
    "above": (["5", "6"], ["", ""], []),
    "figures of a row that the page cuts": (["", "813"], ["3258", ""], ["3258", "813"]),
    "a figure on every page": (["", ""], ["3258", "204"], ["3258", "204"]),
    "a page number and a figure": (["", "813"], ["1", "2"], ["813"]),
}


@pytest.mark.parametrize(("tops", "bottoms", "kept"), NUMBERS.values(), ids=list(NUMBERS))
def test_a_lone_figure_is_a_page_number_where_it_counts_the_pages(tops, bottoms, kept):
    found = texts([page(*ends) for ends in zip(tops, bottoms)])
    assert [words for words in found if not words.startswith("一、")] == kept


WALLS, ROWS = [60.0, 200.0, 300.0], [700.0, 680.0, 660.0, 640.0]


def table(last: list[str], x: float, right_wall: bool, left_wall: bool = True) -> list[str]:
    """A table whose last column is 50 wide; its figures begin at x."""
    walls = [*(WALLS if left_wall else WALLS[1:]), *([350.0] if right_wall else [])]
    drawn = [line(wall, ROWS[0], wall, ROWS[-1]) for wall in walls]
    drawn += [line(60, y, 350, y) for y in ROWS]
    labels = ("一、新收", "二、结转", "（七）总计")
    for y, label, middle, figure in zip(ROWS, labels, ("11", "12", "13"), last):
        drawn += [text(66, y - 14, label), text(230, y - 14, middle)]
        drawn += [text(x, y - 14, figure)] if figure else []
    return drawn


def last_column(drawn: list[str]) -> list[tuple[str, bool]]:
    grid = next(read_pdf(pdf([[text(60, 780, "三、收到和处理政府信息公开申请情况"), *drawn]])).grids())
    return [
        (cell.text, cell.doubtful) for cell in grid.cells if cell.column == 2 or (cell.column == 1 and cell.colspan > 1)
    ]


@pytest.mark.parametrize(
    ("last", "x", "right_wall", "left_wall", "doubtful"),
    [
        pytest.param(["237588", "1", "42"], 306, True, True, False, id="closed"),
        pytest.param(["23", "1", "42"], 306, False, True, False, id="open, with room for another digit"),
        pytest.param(["2375", "1161", ""], 328, False, True, True, id="open, and figures run up to the edge"),
        pytest.param(["", "", ""], 306, False, True, True, id="open, and nothing can be seen"),
        pytest.param(["2375", "1161", ""], 328, False, False, False, id="open on both sides, as some tables are"),
    ],
)
def test_a_column_without_a_wall_on_its_right(last, x, right_wall, left_wall, doubtful):
    found = last_column(table(last, x, right_wall, left_wall))
    assert found == [(figure, doubtful) for figure in last]


def test_figures_through_which_the_edge_of_the_print_runs_are_doubtful():
    drawn = table(["", "", ""], 306, False)
    cut = ["q 40 40 280 780 re W n", text(312, 686, "237588"), "Q", text(306, 666, "1")]
    assert last_column([*drawn, *cut]) == [("237588", True), ("1", True), ("", True)]


def test_an_edge_that_cuts_no_text_changes_nothing():
    drawn = table(["", "", ""], 306, False)
    whole = ["q 40 40 310 780 re W n", text(306, 686, "23"), "Q", text(306, 666, "1")]
    assert last_column([*drawn, *whole]) == [("23", False), ("1", False), ("", False)]


def test_a_closed_table_beside_cut_text_is_whole():
    drawn = [*ruled([60, 200, 300, 350], ROWS[:2]), text(66, 686, "规章"), text(230, 686, "3"), text(306, 686, "7")]
    cut = ["q 40 40 280 780 re W n", text(312, 600, "237588"), "Q"]
    assert last_column([*drawn, *cut]) == [("7", False)]
