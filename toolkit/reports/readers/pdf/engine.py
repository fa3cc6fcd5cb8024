"""Functions of the PDF engine, called with plain addresses: twice as fast as through its own wrappers."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any

import pypdfium2.raw as pdfium

ADDRESS, WHOLE, REAL = ctypes.c_void_p, ctypes.c_int, ctypes.c_float


@cache
def engine(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """Return a function of the engine that takes and gives numbers; pointers are addresses.

    Parameters
    ----------
    name : str
        As the engine calls it.
    result, *arguments : types of ctypes
        :data:`ADDRESS`, :data:`WHOLE`, :data:`REAL`.

    Examples
    --------
    >>> engine("FPDFBitmap_GetWidth", WHOLE, ADDRESS)(None)
    0
    """
    found = ctypes.cast(getattr(pdfium, name), ADDRESS).value
    return ctypes.PYFUNCTYPE(result, *arguments)(found)  # type: ignore[arg-type]


def address(handle: Any) -> int:
    """Return the address of a raw handle of pypdfium2."""
    return ctypes.cast(handle, ADDRESS).value or 0
