"""Text recognition: what a picture of one line says, and how sure that is.

Needs the extra ``ocr``: rapidocr with onnxruntime, whose models come inside
the wheel; nothing is fetched. A line is read as words, and as a figure: signs
of one shape (``1 I l |``, ``0 O``, the dashes) are then one sign.
"""

from __future__ import annotations

import logging
import multiprocessing
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from toolkit.errors import SourceError
from toolkit.reports.readers.scans.picture import Pixels

HINT = "pip install 'xxgk-toolkit[ocr]'"
# What the model takes: lines of this height, white around them, in batches about as wide.
HEIGHT, NARROWEST, STEP, BATCH = 48, 48, 16, 16
WIDEST = 3200
#: The signs of figures and their units, each with the signs of its shape.
SIGNS = {
    **{digit: digit + wide for digit, wide in zip("23456789", "２３４５６７８９")},
    **{"0": "0０OoＯ〇○", "1": "1１IlＩｌ|｜丨", "-": "-—–－一―ー─━_"},
    **{"/": "/／", ",": ",，", ".": ".．。", "+": "+＋", "%": "%％"},
    **{unit: unit for unit in " 万元件条项个次"},
}


class Reading(NamedTuple):
    """What one line says: its words, and the figure that it is, ``""`` where it is none.

    ``sure`` is the mean over the characters, ``figure_sure`` the least.
    """

    text: str
    sure: float
    figure: str = ""
    figure_sure: float = 0.0


@cache
def reader() -> Any:
    """Return the recognition engine, loaded once in a process.

    Raises
    ------
    SourceError
        If the extra ``ocr`` is not installed.
    """
    try:
        from rapidocr import RapidOCR
    except ImportError:
        message = "a picture is read by text recognition, which is not installed"
        raise SourceError(message, HINT) from None
    settings: dict[str, Any] = {"Global.log_level": "error"}
    if multiprocessing.parent_process() is not None:
        # One of several processes: each keeps to one processor.
        settings["EngineConfig.onnxruntime.intra_op_num_threads"] = 1
    engine = RapidOCR(params=settings)
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    # The models are loaded with the first picture.
    engine(np.full((HEIGHT, 2 * HEIGHT, 3), 255, np.uint8), use_det=False, use_cls=False, use_rec=True)
    return engine


def recognised(crops: list[Pixels]) -> list[Reading]:
    """Return what grey pictures of one line each say."""
    scaled = [_scaled(crop) for crop in crops]
    order = sorted(range(len(crops)), key=lambda index: scaled[index].shape[1])
    readings: dict[int, Reading] = {}
    for _, same in groupby(order, key=lambda index: scaled[index].shape[1]):
        members = list(same)
        for start in range(0, len(members), BATCH):
            batch = members[start : start + BATCH]
            pixels = np.stack([scaled[index] for index in batch])[:, None].astype(np.float32) / 127.5 - 1
            found = reader().text_rec.session(np.repeat(pixels, 3, axis=1))
            readings.update(zip(batch, (_decoded(line) for line in found)))
    return [readings[index] for index in range(len(crops))]


def _scaled(crop: Pixels) -> Pixels:
    """Return a line at the model's height; white is added on its right, up to one of a few widths."""
    import cv2

    width = min(WIDEST, max(1, round(crop.shape[1] * HEIGHT / crop.shape[0])))
    kind = cv2.INTER_AREA if crop.shape[0] > HEIGHT else cv2.INTER_LINEAR
    line = cv2.resize(crop, (width, HEIGHT), interpolation=kind)
    step = STEP if width < 8 * HEIGHT else 8 * STEP
    return np.pad(line, ((0, 0), (0, max(NARROWEST, -(-width // step) * step) - width)), constant_values=255)


@cache
def _alphabet() -> tuple[list[str], list[int], Pixels, list[str]]:
    """Return the model's signs; those among them that figures have, which sign each is (one column each), and these."""
    signs = list(reader().text_rec.postprocess_op.character)
    known = set("".join(SIGNS.values()))
    columns = [0, *(index for index, sign in enumerate(signs) if index and sign in known)]
    member = np.zeros((len(columns), len(SIGNS) + 1), np.float32)
    member[0, 0] = 1
    for row, column in enumerate(columns[1:], 1):
        member[row, 1:] = [signs[column] in alike for alike in SIGNS.values()]
    return signs, columns, member, ["", *SIGNS, "?"]


def _decoded(steps: Pixels) -> Reading:
    """Return what the model's probabilities (steps by signs) say."""
    signs, columns, member, figures = _alphabet()
    text, scores = _collapsed(steps, signs)
    mean = float(np.mean(scores)) if scores else 0.0
    alike = steps[:, columns] @ member
    figure, sure = _collapsed(np.hstack([alike, 1 - alike.sum(axis=1, keepdims=True)]), figures)
    if not figure.strip() or "?" in figure:
        return Reading(text.strip(), mean)
    least = min(score for sign, score in zip(figure, sure) if sign != " ")
    return Reading(text.strip(), mean, figure.strip(), least)


def _collapsed(steps: Pixels, signs: list[str]) -> tuple[str, list[float]]:
    """Return the likeliest signs, each once where it stays, and how likely each is; sign 0 is none."""
    best, text, scores = steps.argmax(axis=1), [], []
    likely, before = steps.max(axis=1), 0
    for sign, score in zip(best.tolist(), likely.tolist()):
        if sign and sign != before:
            text.append(signs[sign])
            scores.append(score)
        elif sign:
            scores[-1] = max(scores[-1], score)
        before = sign
    return "".join(text), scores
