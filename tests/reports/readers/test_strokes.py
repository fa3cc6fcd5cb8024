"""Ruled lines and the lie of a page, on pixels drawn here."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
from PIL import Image

from toolkit.reports.readers.layout.lattice import lattices
from toolkit.reports.readers.scans.picture import CHARACTER, flattened, skew
from toolkit.reports.readers.scans.strokes import picture_rulings

pytestmark = pytest.mark.skipif(find_spec("cv2") is None, reason="the extra ocr is not installed")
ROW = int(1.5 * CHARACTER)


def table(rows: int, inner: list[tuple[int, int]]) -> np.ndarray:
    """Return a frame of rows with inner walls: where, and in which row."""
    ink = np.zeros((rows * ROW + 60, 800), np.uint8)
    for row in range(rows + 1):
        ink[30 + row * ROW : 34 + row * ROW, 30:774] = 255
    for left in (30, 770):
        ink[30 : 34 + rows * ROW, left : left + 4] = 255
    for left, row in inner:
        ink[30 + row * ROW : 34 + (row + 1) * ROW, left : left + 4] = 255
    return ink


def spans(ink: np.ndarray, text: np.ndarray | None = None) -> list[tuple[int, int, int, int]]:
    level, upright, _ = picture_rulings(ink, ink if text is None else text)
    return lattices(level, upright)[0].spans


def test_a_wall_of_one_row_parts_its_cells():
    assert spans(table(2, [(400, 1)])) == [(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)]


def test_fifteen_columns_of_one_row():
    assert len(spans(table(1, [(30 + 49 * column, 0) for column in range(1, 15)]))) == 15


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(np.s_[40:74, 400:404], id="a one that does not reach the lines"),
        pytest.param((np.s_[30:88, 400:404], np.s_[30:88, 420:424]), id="sides of a digit blurred into the lines"),
    ],
)
def test_a_digit_is_no_wall(shape):
    ink = table(1, [(200, 0)])
    for part in shape if isinstance(shape[0], tuple) else (shape,):
        ink[part] = 255
    assert len(spans(ink)) == 2


def test_what_is_paler_at_its_ends_is_no_wall():
    ink = table(1, [(200, 0), (500, 0)])
    text = ink.copy()
    text[34:42, 500:504] = text[74:84, 500:504] = 0
    assert [span[1] for span in spans(ink, text)] == [0, 1]


@pytest.mark.parametrize("angle", [0.0, 0.9, -0.63, 3.0, -6.5])
def test_a_page_askew_is_measured(angle):
    page = Image.fromarray(255 - np.pad(table(12, [(300, row) for row in range(12)]), 150))
    turned = np.asarray(page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255))
    assert skew(turned) == pytest.approx(-angle, abs=0.08)


def test_paper_becomes_white_and_ink_black_under_a_shadow():
    page = np.tile(np.linspace(220, 140, 800), (400, 1))
    page[180:200, 100:700:6] *= 0.4
    flat = flattened(page.astype(np.uint8))
    assert flat[50].min() > 245 and flat[190, 100] < 40 and flat[190, 694] < 40
