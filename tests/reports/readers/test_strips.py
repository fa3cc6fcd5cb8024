"""What the ink of a cell's line can say."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from toolkit.reports.readers.scans.picture import CHARACTER
from toolkit.reports.readers.scans.strips import has_more, is_faint, strips_in

pytestmark = pytest.mark.skipif(find_spec("cv2") is None, reason="the extra ocr is not installed")
HIGH = 28
CELL = (0, 80, 0, 240)


def cell(*shapes: tuple[int, int, int, int]) -> np.ndarray:
    """Return a cell with boxes of ink: left, top, width, height."""
    ink = np.zeros((80, 240), np.uint8)
    for left, top, width, height in shapes:
        ink[top : top + height, left : left + width] = 255
    return ink


def leaning(by: int) -> np.ndarray:
    """Return a cell with a stroke whose top is so many pixels right of its foot."""
    ink = cell()
    for row in range(HIGH):
        left = 100 + round(by * (1 - row / HIGH))
        ink[25 + row, left : left + 4] = 255
    return ink


@pytest.mark.parametrize(
    ("ink", "figure", "can"),
    [
        pytest.param(leaning(0), "1", True, id="an upright stroke is a one"),
        pytest.param(leaning(0), "/", False, id="an upright stroke is no slash"),
        pytest.param(leaning(9), "1", False, id="a leaning stroke is no one"),
        pytest.param(leaning(9), "/", True, id="a leaning stroke is a slash"),
        pytest.param(leaning(4), "1", False, id="between: neither a one"),
        pytest.param(leaning(4), "/", False, id="between: nor a slash"),
        pytest.param(cell((50, 25, 18, HIGH), (72, 25, 18, HIGH)), "53", True, id="two shapes are two digits"),
        pytest.param(cell((50, 25, 18, HIGH), (72, 25, 18, HIGH)), "5", False, id="two shapes are not one digit"),
        pytest.param(cell((50, 25, 40, HIGH)), "53", True, id="digits that touch"),
        pytest.param(cell((50, 25, 18, HIGH), (120, 25, 18, HIGH)), "53", False, id="a wall lost between two figures"),
        pytest.param(cell((40, 36, 9, 4), (54, 25, 18, HIGH)), "5", False, id="a minus passed over"),
        pytest.param(cell((40, 36, 9, 4), (54, 25, 18, HIGH)), "-5", True, id="a minus read"),
    ],
)
def test_a_line_can_say_what_its_shapes_are(ink, figure, can):
    (strip,) = strips_in(ink, CELL, 0)
    assert strip.can_be(figure) is can


def test_a_flat_stroke_is_a_dash_and_a_digit_is_none():
    (dash,) = strips_in(cell((100, 38, 22, 4)), CELL, 0)
    (digit,) = strips_in(cell((100, 25, 18, HIGH)), CELL, 0)
    assert (dash.is_dash, digit.is_dash) == (True, False)


def test_lines_are_told_apart_and_dust_is_left_out():
    ink = cell((50, 5, 20, HIGH), (50, 45, 20, HIGH), (200, 15, 6, 6), (190, 60, 3, 3))
    upper, lower = strips_in(ink, CELL, 7)
    assert (upper.top, upper.bottom, upper.left, upper.right) == (5, 33, 50, 70)
    assert (lower.top, lower.left, lower.cell) == (45, 50, 7)
    assert strips_in(cell((200, 15, 6, 6)), CELL, 0) == []


def test_what_is_paler_than_ink_is_noticed():
    ink = cell((100, 25, 18, HIGH))
    (strip,) = strips_in(ink, CELL, 0)
    page = 255 - ink
    assert not has_more(page, strip, CELL)
    page[25 : 25 + HIGH, 78:92] = 190
    assert has_more(page, strip, CELL)
    empty = np.full((80, 240), 255, np.uint8)
    assert not is_faint(empty, CELL)
    empty[25 : 25 + CHARACTER - 6, 100:118] = 235
    assert is_faint(empty, CELL)
