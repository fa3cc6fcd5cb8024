"""Text through which the edge of what is printed runs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from toolkit.reports.readers.pdf.engine import WHOLE, Handle, asked, engine
from toolkit.reports.readers.pdf.rulings import BOUNDS, CLIP, CLIPS, POINT, Drawing

# Ink may reach beyond the edge by so much and still be seen.
SEEN = 0.5
_SEGMENTS = engine("FPDFClipPath_CountPathSegments", WHOLE)
_SEGMENT = engine("FPDFClipPath_GetPathSegment", Handle)


def has_cut_text(drawing: Drawing) -> bool:
    """Whether a page has a text of which something is hidden beyond the right edge of what is printed.

    Parameters
    ----------
    drawing : Drawing
        What :func:`.rulings.page_drawing` says of the page, while it is open.

    Examples
    --------
    >>> import pypdfium2
    >>> from toolkit.reports.readers.layout.glyphs import TURNS
    >>> from toolkit.reports.readers.pdf.rulings import page_drawing
    >>> document = pypdfium2.PdfDocument("tests/data/simulated_browser_print.pdf")
    >>> page = document[0]
    >>> has_cut_text(page_drawing(page.raw, TURNS[0]))
    False
    >>> page.close(), document.close()
    (True, True)
    """
    clips = list(map(CLIP, drawing.texts))
    clipped = [(text, clip, paths) for text, clip, paths in zip(drawing.texts, clips, map(CLIPS, clips)) if paths > 0]
    ends = asked(BOUNDS, [0.0] * 4, [text for text, _, _ in clipped], kind="f4")[2].tolist()
    return any(end > min(_right_edges(clip, paths)) + SEEN for end, (_, clip, paths) in zip(ends, clipped))


def _right_edges(clip: Handle, paths: int) -> Iterator[float]:
    for path in range(paths):
        segments = range(_SEGMENTS(clip, path))
        parts = list(map(_SEGMENT, itertools.repeat(clip), itertools.repeat(path), segments))
        yield max(asked(POINT, [float("-inf")] * 2, parts, kind="f4")[0].tolist(), default=float("-inf"))
