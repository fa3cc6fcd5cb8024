"""Text through which the edge of what is printed runs."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

# Ink may reach beyond the edge by so much and still be seen.
SEEN = 0.5


def has_cut_text(page: Any) -> bool:
    """Whether a page has a text of which something is hidden beyond the right edge of what is printed.

    Parameters
    ----------
    page : FPDF_PAGE
        As the engine knows it.

    Examples
    --------
    >>> import pypdfium2
    >>> document = pypdfium2.PdfDocument("tests/data/simulated_browser_print.pdf")
    >>> page = document[0]
    >>> has_cut_text(page.raw)
    False
    >>> page.close(), document.close()
    (True, True)
    """
    return any(_is_cut(text) for text in _texts(page))


def _texts(page: Any) -> Iterator[Any]:
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        item = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_TEXT:
            yield item


def _is_cut(text: Any) -> bool:
    clip = pdfium.FPDFPageObj_GetClipPath(text)
    edges = [_right_edge(clip, path) for path in range(max(0, pdfium.FPDFClipPath_CountPaths(clip)))]
    if not edges:
        return False
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(text, left, bottom, right, top)
    return right.value > min(edges) + SEEN


def _right_edge(clip: Any, path: int) -> float:
    x, y, edge = ctypes.c_float(), ctypes.c_float(), float("-inf")
    for number in range(pdfium.FPDFClipPath_CountPathSegments(clip, path)):
        pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, path, number), x, y)
        edge = max(edge, x.value)
    return edge
