"""Lines of text in the cells of a picture, by their ink: where they are, and what their shapes can be.

Measures are parts of a character, ``CHARACTER`` pixels.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from toolkit.reports.readers.scans.picture import CHARACTER, Pixels

# Ink smaller than the first is dust, unless within the second of some as large as the third; a digit is higher than
# the fourth part of the highest one.
DUST, BESIDE, SMALL, STROKE = 0.12, 0.7, 0.3, 0.6
# White between two digits of one figure is less; more is a wall that was lost.
APART = 0.8
# A stroke that leans to the right by this part of its height is a slash; one that leans less is upright. What is
# between can be either.
UPRIGHT, LEANING, EVEN = 0.12, 0.17, 1.6
# What is paler than ink is darker than paper by this much of 255.
PALE = 40
# A dash is lower; a minus is as wide as this part of a figure's height.
FLAT, SIGN = 0.3, 0.2
PLAIN = re.compile(r"[-+]?\d[\d.,%]*")
Box = tuple[int, int, int, int]


@dataclass
class Strip:
    """A line of a cell: where its ink is, how many digits its shapes can be, the widest white, how a lone stroke leans.

    ``lean`` is NaN unless the line is one stroke; ``even`` tells that the stroke is as thick on top as elsewhere.
    """

    cell: int
    top: int
    bottom: int
    left: int
    right: int
    digits: int
    white: int
    shapes: int
    lean: float = float("nan")
    even: bool = False
    signed: bool = False

    def can_be(self, figure: str) -> bool:
        """Whether a line with these shapes can say this figure.

        Examples
        --------
        >>> ink = np.zeros((60, 120), np.uint8)
        >>> ink[15:45, 30:36] = ink[15:45, 60:66] = 255
        >>> strip = strips_in(ink, (0, 60, 0, 120), cell=0)[0]
        >>> strip.digits, strip.can_be("11"), strip.can_be("111")
        (2, True, False)
        """
        if figure == "1" and not self.lean < UPRIGHT:
            return math.isnan(self.lean)
        if figure == "/":
            return self.is_slash
        if not PLAIN.fullmatch(figure):
            return True
        if self.signed and figure[0] not in "-+":
            return False
        digits = sum(char.isdigit() for char in figure)
        # A sign may touch the digit behind it.
        return digits <= self.digits <= digits + (figure[0] in "-+") and self.white < APART * CHARACTER

    @property
    def is_slash(self) -> bool:
        """Whether the line is one leaning stroke: the recognition takes it for a one.

        Examples
        --------
        >>> ink = np.zeros((60, 120), np.uint8)
        >>> ink[(45 - np.arange(30))[:, None], (60 + np.arange(30) // 3)[:, None] + np.arange(4)] = 255
        >>> strips_in(ink, (0, 60, 0, 120), cell=0)[0].is_slash
        True
        """
        return self.even and self.lean >= LEANING

    @property
    def is_dash(self) -> bool:
        """Whether the line is one flat stroke.

        Examples
        --------
        >>> ink = np.zeros((60, 120), np.uint8)
        >>> ink[28:32, 50:70] = 255
        >>> strips_in(ink, (0, 60, 0, 120), cell=0)[0].is_dash
        True
        """
        width, height = self.right - self.left, self.bottom - self.top
        return self.shapes == 1 and height < FLAT * CHARACTER and width > 1.3 * height


def strips_in(ink: Pixels, box: Box, cell: int) -> list[Strip]:
    """Return the lines of text in a cell (top, bottom, left, right), dust left out.

    Parameters
    ----------
    ink : array
        255 where there is ink, 0 elsewhere.
    box : tuple of int
        Where the cell is, in pixels.
    cell : int
        Its number, which its lines keep.

    Examples
    --------
    >>> ink = np.zeros((60, 120), np.uint8)
    >>> ink[15:45, 30:36] = ink[15:45, 60:66] = 255
    >>> [(strip.top, strip.bottom, strip.left, strip.right) for strip in strips_in(ink, (0, 60, 0, 120), cell=0)]
    [(15, 45, 30, 66)]
    """
    import cv2

    top, bottom, left, right = box
    inner = np.ascontiguousarray(ink[top + 2 : bottom - 2, left + 2 : right - 2])
    if inner.size == 0:
        return []
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inner)
    sizes = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    kept = [index for index in range(1, len(stats)) if sizes[index] >= DUST * CHARACTER]
    strips = []
    for begin, end in _bands(stats[kept]):
        own = [index for index in kept if begin <= stats[index][1] + stats[index][3] / 2 < end]
        own = _without_dust(own, stats, sizes)
        if own:
            strips.append(_strip(own, stats, labels, (top + 2, left + 2), cell))
    return strips


def _without_dust(own: list[int], stats: Pixels, sizes: Pixels) -> list[int]:
    """Return the shapes of a line: small ones stand beside large ones."""
    large = [index for index in own if sizes[index] >= SMALL * CHARACTER]
    return [index for index in own if any(_gap(stats[index], stats[other]) <= BESIDE * CHARACTER for other in large)]


def _gap(one: Pixels, other: Pixels) -> int:
    return int(max(one[0], other[0]) - min(one[0] + one[2], other[0] + other[2]))


def _strip(own: list[int], stats: Pixels, labels: Pixels, corner: tuple[int, int], cell: int) -> Strip:
    x0, y0, width, height = stats[own, 0], stats[own, 1], stats[own, 2], stats[own, 3]
    order = np.argsort(x0)
    reached = np.maximum.accumulate((x0 + width)[order])
    white = int((x0[order][1:] - reached[:-1]).max()) if len(own) > 1 else 0
    top, left = int(y0.min()), int(x0.min())
    bottom, right = int((y0 + height).max()), int((x0 + width).max())
    strip = Strip(cell, top + corner[0], bottom + corner[0], left + corner[1], right + corner[1], 0, white, len(own))
    strip.digits = _digits_in(width, height)
    strip.signed = _is_signed(labels[top:bottom, left:right] > 0)
    tall = [index for index, high in zip(own, height) if high >= STROKE * height.max()]
    if len(tall) == 1 and 0.8 * height.max() > width[own.index(tall[0])]:
        x, y, wide, high = stats[tall[0]][:4]
        strip.lean, strip.even = _lean(labels[y : y + high, x : x + wide] == tall[0])
    return strip


def _is_signed(shapes: Pixels) -> bool:
    """Whether a line begins with a flat stroke half-way up: a minus, which the recognition may pass over."""
    height, signs = len(shapes), 0
    for column in shapes.T:
        inked = np.flatnonzero(column)
        if len(inked):
            middle, extent = (inked[0] + inked[-1]) / 2 / height, (inked[-1] - inked[0] + 1) / height
            if extent > FLAT or not 0.3 < middle < 0.75:
                break
            signs += 1
    return signs >= SIGN * height


def _lean(shape: Pixels) -> tuple[float, bool]:
    """Return how far the top of a shape is right of its foot, as part of its height, and whether it is even."""
    across = np.arange(shape.shape[1])
    thickness = shape.sum(axis=1)
    centres = (shape * across).sum(axis=1) / np.maximum(thickness, 1)
    part = max(1, len(shape) // 4)
    lean = (np.median(centres[:part]) - np.median(centres[-part:])) / (0.75 * len(shape))
    return float(lean), bool(thickness.max() <= EVEN * np.median(thickness))


def _digits_in(widths: Pixels, heights: Pixels) -> int:
    """Return how many digits the shapes of a line of figures can be; in print they may touch.

    A digit is as wide as 0.72 of its height, with the white beside it.
    """
    tall = heights >= STROKE * heights.max()
    return int(np.maximum(1, np.round((widths[tall] / heights.max() + 0.1) / 0.72)).sum())


def _bands(stats: Pixels) -> list[tuple[int, int]]:
    """Return from where to where the lines of text reach: parts of one character stay together."""
    spans = sorted((int(top), int(top + tall)) for _, top, _, tall, _ in stats)
    bands: list[tuple[int, int]] = []
    for top, bottom in spans:
        if bands:
            begin, end = bands[-1]
            overlap = min(end, bottom) - top
            together = max(end, bottom) - begin <= 1.15 * CHARACTER and top - end < 0.35 * CHARACTER
            if together or overlap > 0.5 * (bottom - top) or overlap > 0.5 * (end - begin):
                bands[-1] = begin, max(end, bottom)
                continue
        bands.append((top, bottom))
    return bands


def crop_of(page: Pixels, strip: Strip, above: float, beside: float) -> Pixels:
    """Return a line with white around it, in parts of a character.

    Examples
    --------
    >>> page = np.full((60, 120), 255, np.uint8)
    >>> crop_of(page, Strip(0, 10, 50, 30, 66, 2, 0, 2), above=0.5, beside=1).shape
    (76, 108)
    """
    up, aside = int(above * CHARACTER), int(beside * CHARACTER)
    crop = page[strip.top : strip.bottom, strip.left : strip.right]
    # A dash or a dot would be blown up to the height of a line.
    up = max(up, (CHARACTER - crop.shape[0]) // 2)
    return np.pad(crop, ((up, up), (aside, aside)), constant_values=255)


def has_more(page: Pixels, strip: Strip, box: Box) -> bool:
    """Whether something paler than ink, like a sign or a digit, stands beside a figure in its cell.

    Examples
    --------
    >>> page = np.full((60, 200), 255, np.uint8)
    >>> page[15:45, 130:140] = 190
    >>> [has_more(page, Strip(0, 15, 45, left, left + 30, 2, 0, 2), (0, 60, 0, 200)) for left in (90, 20)]
    [True, False]
    """
    import cv2

    reach, around = CHARACTER, CHARACTER // 6
    for left, right in ((strip.left - reach, strip.left - 3), (strip.right + 3, strip.right + reach)):
        left, right = max(left, box[2] + 5), min(right, box[3] - 5)
        if right - left > around:
            beside = cv2.blur(page[strip.top : strip.bottom, left:right], (around, around - 2))
            if np.median(beside) - float(beside.min()) > PALE:
                return True
    return False


def is_faint(grey: Pixels, box: Box) -> bool:
    """Whether an empty cell has something paler than ink, as high as a digit.

    Examples
    --------
    >>> page = np.full((60, 120), 255, np.uint8)
    >>> page[15:45, 50:60] = 225
    >>> is_faint(page, (0, 60, 0, 120)), is_faint(np.full((60, 120), 255, np.uint8), (0, 60, 0, 120))
    (True, False)
    """
    import cv2

    top, bottom, left, right = box
    inner = grey[top + 5 : bottom - 5, left + 5 : right - 5]
    if inner.size < CHARACTER**2 / 4:
        return False
    smooth = cv2.GaussianBlur(inner, (5, 5), 0)
    pale = (smooth < np.median(smooth) - 10).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(pale)
    height, width = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]
    return bool(((height > STROKE * CHARACTER) & (height < 2 * CHARACTER) & (width < 6 * CHARACTER)).any())
