"""Pictures of pages: brought to one size, straightened, their paper white and their ink black.

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
DARKNESS, LINE_DARKNESS = 36, 12
# So many points tell how a page lies; paper is at least as light as this part of the light around it.
MAX_STROKES, WHITE = 60_000, 0.97
# The point of the lattice's measures: a character is 10 points high.
POINT = CHARACTER / 10
Pixels = np.ndarray[Any, np.dtype[Any]]


def pictures_in(data: bytes | Image.Image, name: str = "the picture") -> Iterator[Pixels]:
    """Yield the pages of a picture file in grey; a TIFF may have many.

    Raises
    ------
    SourceError
        If the file is no picture, damaged, or larger than ``MAX_PIXELS``.

    Parameters
    ----------
    data : bytes or PIL.Image.Image
        The content of the file, or a picture already opened.
    name : str
        What messages call it.

    Examples
    --------
    >>> [page.shape for page in pictures_in(Image.new("RGB", (60, 40), "white"))]
    [(40, 60)]
    >>> next(pictures_in(b"no picture"))
    Traceback (most recent call last):
    toolkit.errors.SourceError: the picture: not a picture that can be read. Try: save it as PNG or JPEG
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
    """Return a page with characters about ``CHARACTER`` pixels high and level lines.

    Examples
    --------
    >>> page = np.full((200, 300), 255, np.uint8)
    >>> page[90:108, 20:280] = np.where(np.arange(260) % 20 < 12, 0, 255)
    >>> straightened(page).shape, character_height(straightened(page))
    ((400, 600), 36.6)
    """
    import cv2

    height = character_height(grey)
    if height:
        scale = min(max(CHARACTER / height, SMALLEST_SCALE), LARGEST_SCALE)
        scale = min(scale, (MAX_WORKING_PIXELS / grey.size) ** 0.5)
        kind = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=kind)
    angle = skew(grey)
    if abs(angle) < 0.03:
        return flattened(grey)
    rows, columns = grey.shape
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), angle, 1.0)
    return flattened(cv2.warpAffine(grey, turn, (columns, rows), flags=cv2.INTER_CUBIC, borderValue=255))


def character_height(grey: Pixels) -> float:
    """Return the height of the page's characters in pixels, 0 where there are none.

    Examples
    --------
    >>> page = np.full((200, 300), 255, np.uint8)
    >>> page[90:108, 20:280] = np.where(np.arange(260) % 20 < 12, 0, 255)
    >>> character_height(page), character_height(np.full((200, 300), 255, np.uint8))
    (18.0, 0.0)
    """
    import cv2

    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    like_text = (height >= SMALLEST) & (height < 150) & (width < 1.6 * height) & (width > 0.15 * height)
    return float(np.percentile(height[like_text], 80)) if like_text.sum() >= 8 else 0.0


def skew(grey: Pixels) -> float:
    """Return by how many degrees the page's lines rise to the left.

    Turned right, the strokes that run across the page stand in as few rows as
    can be: ruled lines, and where there are none lines of text.

    Examples
    --------
    >>> page = np.full((400, 600), 255, np.uint8)
    >>> page[200 - np.arange(600) // 40, np.arange(600)] = 0
    >>> round(skew(page), 1)
    -1.4
    """
    import cv2

    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    ink = cv2.adaptiveThreshold(half, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, CHARACTER // 4), np.uint8))
    y, x = np.nonzero(strokes)
    if len(y) < CHARACTER:
        return 0.0
    step = max(1, len(y) // MAX_STROKES)
    y, x = y[::step].astype(np.float32), x[::step].astype(np.float32) - half.shape[1] / 2
    best = 0.0
    for reach, apart in ((MAX_SKEW, 0.2), (0.3, 0.03), (0.04, 0.005)):
        angles = best + np.arange(-reach, reach + apart / 2, apart)
        best = float(angles[int(np.argmax([_gathered(y, x, angle) for angle in angles]))])
    return best


def _gathered(y: Pixels, x: Pixels, angle: float) -> float:
    """Return how much the points gather in rows, when they are turned by an angle."""
    rows = y - x * np.float32(np.tan(np.radians(angle)))
    rows -= rows.min()
    counts = np.bincount(rows.astype(np.int32)), np.bincount((rows + np.float32(0.5)).astype(np.int32))
    return float(sum((count.astype(np.float64) ** 2).sum() for count in counts))


def flattened(grey: Pixels) -> Pixels:
    """Return a page with white paper and black ink, whatever the light fell like.

    Examples
    --------
    >>> page = np.full((160, 160), 200, np.uint8)
    >>> page[70:90, 40:120] = 60
    >>> flat = flattened(page)
    >>> int(flat[0, 0]), int(flat[80, 80])
    (255, 0)
    """
    import cv2

    small = cv2.resize(grey, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), (0, 0), 4)
    paper = cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR).astype(np.float32)
    flat = grey.astype(np.float32) / np.maximum(paper, 1)
    dark = flat[::4, ::4]
    black = float(np.percentile(dark[dark < 0.7], 10)) if (dark < 0.7).sum() > CHARACTER else 0.0
    return np.clip((flat - black) * (255 / (WHITE - black)), 0, 255).astype(np.uint8)


def ink_of(grey: Pixels) -> tuple[Pixels, Pixels]:
    """Return where a page is darker than its surroundings, and than its grain, as 0 and 255: text, and lines too.

    Thin lines are paler than text.

    Parameters
    ----------
    grey : array
        A page as :func:`straightened` returns it.

    Returns
    -------
    text, lines : array
        255 where there is ink.

    Examples
    --------
    >>> page = np.full((160, 160), 200, np.uint8)
    >>> page[70:90, 40:120], page[129:132, :] = 60, 170
    >>> text, lines = ink_of(page)
    >>> [int(found[80, 80]) for found in (text, lines)], [int(found[130, 80]) for found in (text, lines)]
    ([255, 255], [0, 255])
    """
    import cv2

    smooth = cv2.GaussianBlur(grey, (0, 0), CHARACTER / 30)
    grain = 1.48 * float(np.median(np.abs(smooth.astype(np.int16) - cv2.medianBlur(smooth, 5))))
    around = cv2.blur(smooth, (2 * CHARACTER + 1, 2 * CHARACTER + 1)).astype(np.int16) - smooth
    text, lines = ((around > max(least, 4 * grain)).astype(np.uint8) * 255 for least in (DARKNESS, LINE_DARKNESS))
    return text, lines
