"""Characters at known places: which are read, which lines they make, where there is a blank; cells of known lines."""

from __future__ import annotations

import time

import numpy as np
import pytest

from tests.reports.readers.raw_pdf import pdf, text
from toolkit.reports.readers.layout.glyphs import Glyphs
from toolkit.reports.readers.layout.printed import printed_lines
from toolkit.reports.readers.layout.spans import Edges, cell_spans
from toolkit.reports.readers.pdf.characters import Characters, page_glyphs
from toolkit.reports.readers.pdf.reader import read_pdf


def glyphs(chars: str, places: list[float], heights: list[float] | None = None, base: float = 10.0) -> Glyphs:
    """Return glyphs 8 high, or as given, with ink half as wide, all on one base."""
    size = np.array(heights or [8.0] * len(chars))
    x, y = np.array(places, dtype=float), np.full(len(chars), base)
    return Glyphs.placed(np.array([ord(char) for char in chars]), np.array([x, y - size, x + size / 2, y, x, y, size]))


def together(*parts: Glyphs) -> Glyphs:
    codes, numbers = (np.concatenate(columns, axis=-1) for columns in zip(*((it.codes, it.numbers) for it in parts)))
    return Glyphs.placed(codes, numbers)


@pytest.mark.parametrize(
    ("chars", "places", "expected"),
    [
        pytest.param("8041", [0, 5, 10, 15], "8041", id="one number"),
        pytest.param("80415760", [0, 5, 10, 15, 21, 26, 31, 36], "8041 5760", id="a longer step"),
        pytest.param("80415760", [0, 5, 10, 15, 30, 35, 40, 45], "8041 5760", id="a gap"),
        pytest.param("12", [0, 6.5], "12", id="two digits, a step that may be one of both"),
        pytest.param("12", [0, 9], "1 2", id="two digits apart"),
        pytest.param("-7", [0, 5], "-7", id="a negative number"),
        pytest.param("-7", [0, 8], "- 7", id="a dash and a number"),
        pytest.param("总 计", [0, 4, 12], "总 计", id="a printed blank"),
        pytest.param("总计", [0, 16], "总 计", id="a gap between Chinese characters"),
        pytest.param("总计", [0, 12], "总计", id="characters that follow each other"),
        pytest.param("ab", [0, 7], "a b", id="a gap between letters"),
    ],
)
def test_a_gap_is_a_blank_where_it_is_one_on_paper(chars, places, expected):
    assert printed_lines(glyphs(chars, places)).texts == [expected]


def test_digits_that_stand_evenly_are_one_number_whatever_their_heights():
    # Old-style figures: 1 is as high as x, and the step between two of them is long beside their height.
    old_style = glyphs("98119", [0, 4.6, 9.2, 13.8, 18.4], [8.0, 8.0, 5.5, 5.5, 8.0])
    assert printed_lines(old_style).texts == ["98119"]


def test_lines_are_told_by_height_and_group():
    label, raised, below = glyphs("甲乙", [0, 8]), glyphs("12", [23, 28], base=8.5), glyphs("3", [0], base=22.0)
    page = together(below, raised, label)
    assert printed_lines(page).texts == ["甲乙 12", "3"]
    found = printed_lines(page, np.array([1, 1, 1, 0, 0]))
    assert (found.texts, found.groups.tolist()) == (["甲乙", "12", "3"], [0, 1, 1])


def test_blanks_are_thin_in_the_group_that_wants_it():
    page = together(glyphs("12", [0, 9]), glyphs("34", [100, 109]))
    found = printed_lines(page, np.array([0, 0, 1, 1]), thin=1)
    assert found.texts == ["1 2", "3\u20094"]


def test_lines_of_blanks_alone_are_none():
    nothing = Glyphs.placed(np.array([32, 32]), np.array([[0, 5], [9, 9], [0, 5], [9, 9], [0, 5], [9, 9], [0, 0]]))
    assert len(printed_lines(nothing)) == 0
    assert printed_lines(together(glyphs("7", [0], base=40.0), nothing)).texts == ["7"]


def edges(rows: list[str]) -> Edges:
    """Return edges as drawn: a row for each place, a sign for each piece, ``x`` where it is drawn."""
    found = Edges(len(rows), len(rows[0]))
    for place, row in enumerate(rows):
        for step, sign in enumerate(row):
            if sign == "x":
                found.draw(place, step, step + 1)
    return found


@pytest.mark.parametrize(
    ("walls", "floors", "expected"),
    [
        (["xx", "xx", "xx"], ["xx", "xx", "xx"], [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]),
        (["xx", ".x", "xx"], ["xx", "xx", "xx"], [(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)]),
        (["xx", "xx", "xx"], ["xx", ".x", "xx"], [(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]),
        (["xx", ".x", "xx"], ["xx", ".x", "xx"], [(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]),
    ],
    ids=["all drawn", "merged across", "merged down", "a piece is missing"],
)
def test_cells_are_what_lines_bound(walls, floors, expected):
    assert cell_spans(edges(walls), edges(floors)) == expected


@pytest.mark.parametrize("places", [[(300, 300)], [(150, 640), (170, 640)]], ids=["one digit", "two side by side"])
def test_slanted_digits_are_no_figure(places):
    slanted = [f"BT /F1 10 Tf 0.7071 0.7071 -0.7071 0.7071 {x} {y} Tm <0037> Tj ET" for x, y in places]
    document = read_pdf(pdf([[text(60, 700, "一、总体情况"), text(60, 680, "5"), *slanted]]))
    assert [document.text[block.start : block.stop] for block in document.paragraphs()] == ["一、总体情况", "5"]


@pytest.mark.parametrize(
    ("size", "shift", "expected"),
    [(8.0, 1.5, 1), (9.0, 0.0, 1), (8.0, 3.0, 2), (16.0, 1.5, 2)],
    ids=["a shadow", "a little larger", "another digit", "far larger"],
)
def test_a_second_drawing_stands_near_and_is_as_large(size, shift, expected):
    left, sizes = np.array([100.0, 100.0 + shift]), np.array([8.0, size])
    boxes = np.array([left, left + sizes / 2, [200.0, 200.0], 200.0 + sizes])
    characters = Characters(np.arange(2), np.array([53, 53], "<u4"), boxes, np.array([left, [200.0, 200.0]]), 0)
    assert len(page_glyphs(characters)) == expected


def test_thousands_of_drawings_over_each_other_take_no_time():
    piled = [text(50, 780 - 0.07 * number, "1 2 3 4 5 6 7 8 9 0 " * 2, 4 + number % 7) for number in range(3000)]
    begun = time.process_time()
    assert read_pdf(pdf([[*piled, text(50, 800, "一、总体情况")]])).text.startswith("一、总体情况")
    assert time.process_time() - begun < 4
