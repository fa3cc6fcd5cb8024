"""Pictures of pages: brought to one size, straightened, and their ruled lines.

After :func:`straightened` a Chinese character is about ``CHARACTER`` pixels
high; all measures here are parts of that. Needs the extra ``ocr``.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from toolkit.errors import SourceError
from toolkit.reports.readers.lattice import Ruling

# An A3 page at 400 dpi has 31 million pixels.
MAX_PIXELS = 64_000_000
MAX_FRAMES = 100
CHARACTER = 36
# Beyond these the text would be too small to read, or is no text.
SMALLEST, LARGEST_SCALE, SMALLEST_SCALE = 7, 3.5, 0.4
MAX_WORKING_PIXELS = 40_000_000
# A page that lies further askew was not scanned but photographed.
MAX_SKEW = 8.0
# Ink is darker than the paper around it by this much of 255.
DARKNESS = 14
# The point of the lattice's measures: a character is 10 points high.
POINT = CHARACTER / 10
Pixels = np.ndarray[Any, np.dtype[Any]]


def pictures_in(data: bytes | Image.Image, name: str = "the picture") -> Iterator[Pixels]:
    """Yield the pages of a picture file in grey; a TIFF may have many.

    Raises
    ------
    SourceError
        If the file is no picture, damaged, or larger than ``MAX_PIXELS``.
    """
    if isinstance(data, Image.Image):
        yield _grey(data, name)
        return
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        with Image.open(io.BytesIO(data)) as picture:
            for number, frame in enumerate(ImageSequence.Iterator(picture)):
                if number == MAX_FRAMES:
                    raise SourceError(f"{name}: more than {MAX_FRAMES} pictures in one file", "save the report's alone")
                yield _grey(frame, name)
    except UnidentifiedImageError:
        raise SourceError(f"{name}: not a picture that can be read", "save it as PNG or JPEG") from None
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{name}: the picture is damaged ({error})", "download it again") from None
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def _grey(picture: Image.Image, name: str) -> Pixels:
    width, height = picture.size
    # The size stands in the file's head: nothing has been unpacked yet.
    if width * height > MAX_PIXELS:
        message = f"{name}: a picture of {width:,} x {height:,} pixels, more than {MAX_PIXELS:,}"
        raise SourceError(message, "save it smaller: 200 dots per inch are enough")
    picture = ImageOps.exif_transpose(picture)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return np.asarray(picture.convert("L"))


def straightened(grey: Pixels) -> Pixels:
    """Return a page with characters about ``CHARACTER`` pixels high and level lines."""
    import cv2

    height = character_height(grey)
    if height:
        scale = min(max(CHARACTER / height, SMALLEST_SCALE), LARGEST_SCALE)
        scale = min(scale, (MAX_WORKING_PIXELS / grey.size) ** 0.5)
        kind = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=kind)
    angle = skew(grey)
    if abs(angle) < 0.03:
        return grey
    rows, columns = grey.shape
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), angle, 1.0)
    return cv2.warpAffine(grey, turn, (columns, rows), flags=cv2.INTER_CUBIC, borderValue=255)


def character_height(grey: Pixels) -> float:
    """Return the height of the page's characters in pixels, 0 where there are none."""
    import cv2

    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    like_text = (height >= SMALLEST) & (height < 150) & (width < 1.6 * height) & (width > 0.15 * height)
    return float(np.percentile(height[like_text], 80)) if like_text.sum() >= 8 else 0.0


def skew(grey: Pixels) -> float:
    """Return by how many degrees the page's long lines rise to the left."""
    import cv2

    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    ink = cv2.adaptiveThreshold(half, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    longest = half.shape[1] // 4
    lines = cv2.HoughLinesP(ink, 1, np.pi / 3600, 150, minLineLength=longest, maxLineGap=6)
    if lines is None:
        return 0.0
    x0, y0, x1, y1 = lines.reshape(-1, 4).T.astype(float)
    angles = np.degrees(np.arctan2(y1 - y0, x1 - x0))
    level = np.abs(angles) < MAX_SKEW
    weights = np.hypot(x1 - x0, y1 - y0)[level]
    return _weighted_median(angles[level], weights) if level.any() else 0.0


def _weighted_median(values: Pixels, weights: Pixels) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])


def ink_of(grey: Pixels) -> Pixels:
    """Return where a page is darker than its surroundings, and than its grain, as 0 and 255."""
    import cv2

    smooth = cv2.GaussianBlur(grey, (0, 0), CHARACTER / 30)
    grain = 1.48 * float(np.median(np.abs(smooth.astype(np.int16) - cv2.medianBlur(smooth, 5))))
    darkness = max(DARKNESS, 4 * grain)
    size = 2 * CHARACTER + 1
    return cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, size, darkness)


def picture_rulings(ink: Pixels) -> tuple[list[Ruling], list[Ruling], Pixels]:
    """Return the level and the upright lines of a page, in points, and the pixels they take.

    A line is longer than any stroke of a character; its gaps are bridged.
    """
    import cv2

    long, bridge = int(2.6 * CHARACTER), CHARACTER // 9
    taken = np.zeros_like(ink)
    found: list[list[Ruling]] = []
    for level in (True, False):
        page = ink if level else np.ascontiguousarray(ink.T)
        bridged = cv2.morphologyEx(page, cv2.MORPH_CLOSE, np.ones((1, bridge), np.uint8))
        lines = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
        lines = cv2.dilate(lines, np.ones((3, 1), np.uint8))
        _, _, stats, centres = cv2.connectedComponentsWithStats(lines)
        found.append(list(_rulings(stats[1:], centres[1:])))
        taken |= lines if level else lines.T
    return found[0], found[1], taken


def _rulings(stats: Pixels, centres: Pixels) -> Iterator[Ruling]:
    for (left, _, width, height, area), (_, y) in zip(stats.tolist(), centres.tolist()):
        # A line is thin; skewed by a rest, a long one fills a flat box. A picture or a bar fills a thick one.
        if width > 3 * height and area / width < 0.45 * CHARACTER:
            yield Ruling(y / POINT, left / POINT, (left + width) / POINT)
