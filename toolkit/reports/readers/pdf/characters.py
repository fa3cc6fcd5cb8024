"""The characters of a PDF page, as the engine tells them, made glyphs: upright, seen, once."""

from __future__ import annotations

import ctypes
import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from toolkit.reports.readers.layout.glyphs import TURNS, Box, Glyphs
from toolkit.reports.readers.pdf.engine import REAL, WHOLE, asked, engine

QUARTER_TURNS = 4
# In quarter turns: a page scanned askew is off by less, a watermark by far more.
SLANTED = 0.08
NO_INK = 0.02
# A second drawing of a character lies nearer than this part of its size (a shadow, a poor man's bold); sizes of other
# characters differ by more.
SAME_PLACE, SAME_SIZE = 0.25, 1.25
# Places are compared in steps of this part of a point, and in bands: two bases that are near lie in one band,
# or else in one of the bands that are moved by half.
STEPS, BANDS = 16, (0.0, 0.5)


@dataclass(slots=True, eq=False)
class Characters:
    """The characters of a page that are drawn upright, blanks with them, in page space.

    ``indices`` are those of the engine, ``codes`` the code points, ``boxes`` has rows of left, right, bottom and top,
    ``origins`` of x and y. ``turn`` says which way most of the text runs, as an index of :data:`TURNS`.
    """

    indices: np.ndarray
    codes: np.ndarray
    boxes: np.ndarray
    origins: np.ndarray
    turn: int

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, which: Any) -> Characters:
        return Characters(
            self.indices[which], self.codes[which], self.boxes[:, which], self.origins[:, which], self.turn
        )

    def within(self, page: Box) -> Characters:
        """Return those that stand on the paper: left, bottom, right, top of it are given."""
        x, y = self.origins
        inside = (page[0] <= x) & (x <= page[2]) & (page[1] <= y) & (y <= page[3])
        return self if inside.all() else self[inside]

    def shown(self, is_shown: Callable[[int, float, float], bool]) -> Characters:
        """Return those that can be seen, of which ``is_shown`` tells by their index and middle."""
        left, right, bottom, top = self.boxes
        facts = self.indices.tolist(), ((left + right) / 2).tolist(), ((bottom + top) / 2).tolist()
        return self[np.fromiter(map(is_shown, *facts), bool, len(self))]


def page_characters(textpage: Any) -> Characters:
    """Return the characters of a PDF page.

    Parameters
    ----------
    textpage : raw handle of pypdfium2
    """
    indices, codes = _printed(textpage)
    listed = indices.tolist()
    boxes = asked(engine("FPDFText_GetCharBox"), [0.0] * 4, listed, textpage)
    origins = asked(engine("FPDFText_GetCharOrigin"), [0.0] * 2, listed, textpage)
    characters = Characters(indices, codes, boxes, origins, 0)
    angle_of = engine("FPDFText_GetCharAngle", REAL)
    angles = [angle_of(textpage, index) for index in indices[_tell_angles(characters)].tolist()]
    if any(map(_is_slanted, angles)):
        characters = characters[np.array([not _is_slanted(angle_of(textpage, index)) for index in listed])]
    characters.turn = _dominant_turn(angles) if len(characters) else 0
    return characters


def _printed(textpage: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the indices of the characters that are drawn, blanks with them, and their code points."""
    codes = _codes(textpage)
    kept = codes > ord(" ")
    made_up = engine("FPDFText_IsGenerated", WHOLE)
    blanks = np.flatnonzero(codes == ord(" "))
    kept[blanks] = [not made for made in map(made_up, itertools.repeat(textpage), blanks.tolist())]
    indices = np.flatnonzero(kept)
    return indices, codes[indices]


def _codes(textpage: Any) -> np.ndarray:
    """Return the code points by the engine's index; half a surrogate pair and no character at all are 0."""
    count = pdfium.FPDFText_CountChars(textpage)
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(textpage, 0, count, buffer)
    codes = np.frombuffer(buffer, "u2")[:count]
    if written == count + 1 and not (((codes >= 0xD800) & (codes < 0xE000)) | (codes >= 0xFFFE)).any():
        return codes.astype("<u4")
    # The whole text leaves some characters out; one by one they keep their index.
    each = [pdfium.FPDFText_GetUnicode(textpage, index) for index in range(count)]
    whole = []
    for before, code in zip([0, *each], each):
        if 0xDC00 <= code < 0xE000 and 0xD800 <= before < 0xDC00:
            code = 0x10000 + ((before - 0xD800) << 10) + (code - 0xDC00)
        whole.append(0 if 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF) else code)
    return np.array(whole, dtype="<u4")


def _tell_angles(characters: Characters) -> np.ndarray:
    """Return of which characters the angle is to be asked.

    Which way most of the text runs shows in a part of it. A slanted figure would stand in a cell: its first
    character stands neither level with nor right below the one before, its last neither with the one after.
    """
    x, y = characters.origins
    apart = np.ones(len(characters) + 1, dtype=bool)
    apart[1:-1] = (np.diff(x) != 0) & (np.diff(y) != 0)
    return (characters.indices % 8 == 0) | apart[:-1] | apart[1:]


def _is_slanted(angle: float) -> bool:
    """Return whether a character runs neither along nor across the page: a watermark over the text."""
    turns = angle / (math.pi / 2)
    return angle > 0 and abs(turns - round(turns)) > SLANTED


def _dominant_turn(angles: list[float]) -> int:
    # The engine counts angles clockwise.
    turns = Counter(round(-angle / (math.pi / 2)) % QUARTER_TURNS for angle in angles if angle >= 0)
    return turns.most_common(1)[0][0] if turns else 0


def page_glyphs(characters: Characters) -> Glyphs:
    """Return characters as glyphs, upright, each once."""
    left, right, bottom, top = characters.boxes
    x, y = characters.origins
    width, height = right - left, top - bottom
    blank = characters.codes == ord(" ")
    size = np.maximum(width, height)
    size[blank] = 0.0
    if len(height) and height.min() < NO_INK:
        # A font neither in the file nor on this machine has widths, no heights.
        top = np.where((height < NO_INK) & ~blank, bottom + 0.7 * width, top)
    turn = TURNS[characters.turn]
    (x0, y0), (x1, y1) = turn(left, bottom), turn(right, top)
    box = np.minimum(x0, x1), np.minimum(y0, y1), np.maximum(x0, x1), np.maximum(y0, y1)
    return _once(Glyphs.placed(characters.codes, np.array([*box, *turn(x, y), size])))


def _once(glyphs: Glyphs) -> Glyphs:
    """Drop second drawings of a character at the same place."""
    if len(glyphs) < 2 or not _may_be_twice(glyphs):
        return glyphs
    sizes = glyphs.size.tolist()
    twice: set[int] = set()
    found = [_near_places(glyphs, shift) for shift in BANDS]
    for first in np.lexsort((glyphs.origin, glyphs.codes)).tolist():
        if first not in twice:
            for second in itertools.chain.from_iterable(near(first) for near in found):
                if max(sizes[first], sizes[second]) <= SAME_SIZE * min(sizes[first], sizes[second]):
                    twice.add(second)
    return glyphs[np.array([index not in twice for index in range(len(glyphs))])] if twice else glyphs


def _near_places(glyphs: Glyphs, shift: float) -> Callable[[int], Iterator[int]]:
    """Return what tells the same characters right of one, near to it and in its band of the page."""
    near = np.maximum(1.0, SAME_PLACE * glyphs.size)
    band = np.floor(glyphs.base / (2 * near.max()) + shift)
    order = np.lexsort((glyphs.origin, band, glyphs.codes))
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = (np.diff(glyphs.codes[order]) != 0) | (np.diff(band[order]) != 0)
    # Where in the order those of other characters or bands begin.
    ends = np.append(np.flatnonzero(begins), len(order))[np.cumsum(begins)].tolist()
    places, ordered, reach = np.argsort(order).tolist(), order.tolist(), near.tolist()
    origins, bases = glyphs.origin.tolist(), glyphs.base.tolist()

    def those_near(first: int) -> Iterator[int]:
        place = places[first]
        for position in range(place + 1, ends[place]):
            second = ordered[position]
            if origins[second] - origins[first] > reach[first]:
                break
            if abs(bases[second] - bases[first]) <= reach[first]:
                yield second

    return those_near


def _may_be_twice(glyphs: Glyphs) -> bool:
    """Whether a character may stand twice at a place: few pages have any, and to be certain of it takes long."""
    near = np.maximum(1.0, SAME_PLACE * glyphs.size)
    # Large ones, looked at among themselves, would make two places of most characters seem one.
    large = 1.5 * float(near.mean())
    if near.max() <= large:
        return _meet(glyphs, near)
    return any(_meet(glyphs[which], near[which]) for which in (near <= large, near >= large / SAME_SIZE))


def _meet(glyphs: Glyphs, near: np.ndarray) -> bool:
    """Whether a character may stand twice at places no further apart than ``near``, across and down."""
    bands = glyphs.base / (2 * near.max(initial=1.0))
    place = (glyphs.codes.astype("i8") << 40) + (glyphs.origin * STEPS).astype("i8")
    steps = near * STEPS + 1
    for shift in BANDS:
        key = place + (np.floor(bands + shift).astype("i8") << 20)
        order = key.argsort()
        key, apart = key[order], steps[order]
        if np.count_nonzero(key[1:] - key[:-1] <= np.maximum(apart[1:], apart[:-1])):
            return True
    return False
