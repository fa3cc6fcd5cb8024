"""The ruled lines in the picture of a page.

A line is longer than any stroke of a character, or it runs from one such line
to the next: the wall of a single cell. Measures are parts of a character.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from toolkit.reports.readers.layout.lattice import Ruling
from toolkit.reports.readers.scans.picture import CHARACTER, POINT, Pixels

# Longer than a stroke of a heading; than a stroke of a text; thinner than a bar.
LONG, SHORT, THICK = 4.0, 1.0, 0.45
# A wall of one cell ends so near before the lines that it joins; a line bridges gaps of a speck.
NEAR, GAP = 0.12, 0.11
# No cell is narrower; so much of a line is as dark as text.
NARROW, ALL, HARDLY = 1.1, 0.95, 0.5


class Stroke(NamedTuple):
    """A straight line in pixels: its place across, and from where to where it runs."""

    at: float
    start: int
    stop: int
    label: int


def picture_rulings(ink: Pixels, text: Pixels) -> tuple[list[Ruling], list[Ruling], Pixels]:
    """Return the level and the upright lines of a page, in points, and the pixels they take.

    ``text`` is the darker part of the ``ink``: that of text.

    Examples
    --------
    >>> ink = np.zeros((400, 600), np.uint8)
    >>> ink[100:103, 50:550] = ink[100:300, 300:303] = 255
    >>> level, upright, taken = picture_rulings(ink, ink)
    >>> [(round(line.at), round(line.start), round(line.stop)) for line in (*level, *upright)]
    [(28, 14, 153), (84, 28, 84)]
    """
    upside = np.ascontiguousarray(ink.T)
    level, level_pixels = _strokes(ink, LONG)
    upright, upright_pixels = _strokes(upside, LONG)
    walls, wall_pixels = _between(upside, text.T, upright_pixels, level, upright)
    floors, floor_pixels = _between(ink, text, level_pixels, upright + walls, level)
    taken = level_pixels | floor_pixels | (upright_pixels | wall_pixels).T
    return _rulings(level + floors), _rulings(upright + walls), taken


def _rulings(strokes: list[Stroke]) -> list[Ruling]:
    return [Ruling(stroke.at / POINT, stroke.start / POINT, stroke.stop / POINT) for stroke in strokes]


def _strokes(ink: Pixels, shortest: float) -> tuple[list[Stroke], Pixels]:
    """Return the lines of one direction, level in these pixels, and the pixels they and their blurred edges take."""
    import cv2

    bridged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, int(GAP * CHARACTER)), np.uint8))
    runs = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, int(shortest * CHARACTER)), np.uint8))
    runs = cv2.dilate(runs, np.ones((3, 1), np.uint8))
    _, labels, stats, centres = cv2.connectedComponentsWithStats(runs)
    found = list(_thin(stats, centres))
    kept = np.zeros(len(stats), np.uint8)
    kept[[stroke.label for stroke in found]] = 255
    return found, cv2.dilate(kept[labels], np.ones((5, 1), np.uint8))


def _thin(stats: Pixels, centres: Pixels) -> Iterator[Stroke]:
    for label, ((left, _, width, height, area), (_, y)) in enumerate(zip(stats.tolist(), centres.tolist())):
        # Skewed by a rest, a long line fills a flat box. A picture or a bar fills a thick one.
        if label and width > 3 * height and area / width < THICK * CHARACTER:
            yield Stroke(y, left, left + width, label)


def _between(
    ink: Pixels, text: Pixels, known: Pixels, across: list[Stroke], along: list[Stroke]
) -> tuple[list[Stroke], Pixels]:
    """Return the shorter lines that run from one line across to another."""
    strokes, pixels = _strokes(ink & ~known, SHORT)
    kept = [
        stroke
        for stroke in strokes
        if _meets(stroke.start, -1, stroke.at, across) and _meets(stroke.stop, 1, stroke.at, across)
    ]
    kept = [stroke for stroke in kept if _is_even(stroke, text) and not _is_beside(stroke, kept + along)]
    mask = np.zeros_like(pixels)
    reach = int(THICK * CHARACTER)
    for stroke in kept:
        own = np.s_[max(0, int(stroke.at) - reach) : int(stroke.at) + reach + 1, stroke.start : stroke.stop]
        mask[own] = pixels[own]
    return kept, mask


def _is_even(stroke: Stroke, text: Pixels) -> bool:
    """Whether a line is all as dark as text, or hardly: a digit between two lines near to it leaves paler gaps."""
    at = round(stroke.at)
    dark = text[max(0, at - 2) : at + 3, stroke.start : stroke.stop].max(axis=0).mean() / 255
    return bool(dark >= ALL or dark <= HARDLY)


def _is_beside(stroke: Stroke, others: list[Stroke]) -> bool:
    """Whether another line runs beside, nearer than the sides of a cell: these are sides of a digit."""
    return any(
        0 < abs(other.at - stroke.at) < NARROW * CHARACTER and other.start < stroke.stop and stroke.start < other.stop
        for other in others
    )


def _meets(end: int, outward: int, at: float, across: list[Stroke]) -> bool:
    """Whether a line's end is at one of the lines across, or just beyond."""
    reach = THICK * CHARACTER
    return any(
        -NEAR * CHARACTER <= (end - line.at) * outward <= reach and line.start - reach <= at <= line.stop + reach
        for line in across
    )
