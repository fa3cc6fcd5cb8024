"""Functions of the PDF engine, called with what needs no conversion: three times as fast as its own wrappers."""

from __future__ import annotations

import ctypes
import itertools
from collections import deque
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

WHOLE, REAL = ctypes.c_int, ctypes.c_float


class Handle(ctypes.c_void_p):
    """What the engine calls an object of its own; unlike a number it is passed on as it is."""


@cache
def engine(name: str, result: Any = None) -> Callable[..., Any]:
    """Return a function of the engine, to be called with handles, references and whole numbers only.

    Parameters
    ----------
    name : str
        As the engine calls it.
    result : type of ctypes, optional
        :data:`WHOLE`, :data:`REAL`, :class:`Handle`; what the engine returns is ignored without it.

    Examples
    --------
    >>> engine("FPDFBitmap_GetWidth", WHOLE)(Handle(None))
    0
    """
    found = ctypes.cast(getattr(pdfium, name), ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result)(found)  # type: ignore[arg-type]


class _Room:
    """Room for numbers that the engine writes; references to it are made once, which takes as long as a call."""

    ROWS, COLUMNS = 4, 1024

    def __init__(self) -> None:
        numbers = (ctypes.c_double * (self.ROWS * self.COLUMNS))()
        self.rows = [
            [ctypes.byref(numbers, 8 * (row * self.COLUMNS + column)) for column in range(self.COLUMNS)]
            for row in range(self.ROWS)
        ]
        self.values = np.frombuffer(memoryview(numbers)).reshape(self.ROWS, self.COLUMNS)


_ROOMS: list[_Room] = []


def asked(
    function: Callable[..., Any], usual: Sequence[float], items: Sequence[Any], *before: Any, kind: str = "f8"
) -> np.ndarray:
    """Return the numbers that a function of the engine writes, a row for each, a column for each item.

    Parameters
    ----------
    function : callable
        From :func:`engine`; its last arguments, at most 4, say where it writes.
    usual : sequence of float
        What stands there when it writes nothing, a number for each of these arguments.
    items : sequence
        Its argument before these, call by call.
    *before : object
        Its first arguments, the same in every call.
    kind : str
        Of the numbers, as numpy calls it: ``f8``, ``f4``, ``u4``, ``i4``.
    """
    numbers = np.empty((len(usual), len(items)), dtype=kind)
    numbers.T[...] = usual
    same = [itertools.repeat(argument) for argument in before]
    # Two threads never write into the same room.
    room = _ROOMS.pop() if _ROOMS else _Room()
    written = room.values.view(kind)[: len(usual), :: 8 // numbers.itemsize]
    for start in range(0, len(items), _Room.COLUMNS):
        part = items[start : start + _Room.COLUMNS]
        taken = numbers[:, start : start + _Room.COLUMNS]
        # What it cannot tell it does not write.
        written[:, : len(part)] = taken
        deque(map(function, *same, part, *room.rows[: len(usual)]), 0)
        taken[...] = written[:, : len(part)]
    _ROOMS.append(room)
    return numbers
