"""Two texts side by side with what they share marked, for a notebook or a web page."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np

from toolkit.errors import InputError
from toolkit.narrative.shingles import LENGTH, characters, covered, shingles

_LABELS = {
    "zh": {"share": "相同部分占 {share:.0%}({same}/{count} 字)", "short": "文本过短,无法比较", "made": "模拟数据"},
    "en": {
        "share": "{share:.0%} shared ({same} of {count} characters)",
        "short": "too short to compare",
        "made": "simulated data",
    },
}
_TABLE = "width:100%;table-layout:fixed;border-collapse:collapse"
_PAGE = f'<table style="{_TABLE}"><tr>{{heads}}</tr><tr>{{bodies}}</tr></table>{{note}}'
_HEAD = '<th style="text-align:left;padding:.4em;border-bottom:1px solid #888">{title}<br><small>{label}</small></th>'
_BODY = '<td style="vertical-align:top;padding:.4em;text-align:left;white-space:pre-wrap">{text}</td>'
_MARK = '<mark style="background:#ffe08a;color:#000">{text}</mark>'


@dataclass(frozen=True)
class Comparison:
    """Two texts and the spans they share.

    Attributes
    ----------
    spans_a, spans_b : tuple of (start, stop)
        Shared stretches, as characters of each text.
    share_a, share_b : float
        Shared characters over all that count (no punctuation, no blanks);
        NaN for a text shorter than a shingle.
    html : str
        The two texts as a static table, everything escaped. A notebook shows
        it by itself.
    """

    spans_a: tuple[tuple[int, int], ...]
    spans_b: tuple[tuple[int, int], ...]
    share_a: float
    share_b: float
    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"Comparison(share_a={self.share_a:.2f}, share_b={self.share_b:.2f}, {len(self.spans_a)} spans)"


def compare_texts(
    a: str,
    b: str,
    titles: tuple[str, str] = ("A", "B"),
    length: int = LENGTH,
    lang: str = "zh",
    simulated: bool = False,
) -> Comparison:
    """Return two texts side by side, the parts they share marked.

    Parameters
    ----------
    a, b : str
        The texts.
    titles : (str, str)
        Headings of the two columns, as the reports' names.
    length : int, default 12
        Stretches shorter than this are not marked; as in ``find_reuse``.
    lang : {"zh", "en"}
        Language of the labels.
    simulated : bool, default False
        Whether one of the texts is simulated; the view then says so.

    Returns
    -------
    Comparison

    Examples
    --------
    >>> view = compare_texts("2022年,公开内容不够全面,更新不够及时。", "2023年,公开内容不够全面、更新不够及时;人员少。")
    >>> view
    Comparison(share_a=1.00, share_b=0.84, 1 spans)
    >>> start, stop = view.spans_b[0]
    >>> "2023年,公开内容不够全面、更新不够及时;人员少。"[start:stop]
    '2023年,公开内容不够全面、更新不够及时'
    """
    if lang not in _LABELS:
        raise InputError(f"no language {lang!r}", "use zh or en")
    if not all(isinstance(text, str) for text in (a, b)):
        raise InputError("both texts must be str", "leave missing texts out")
    (spans_a, same_a, count_a), (spans_b, same_b, count_b) = _shared(a, b, length), _shared(b, a, length)
    labels = _LABELS[lang]
    sides = ((a, spans_a, same_a, count_a), (b, spans_b, same_b, count_b))
    heads = [_head(title, same, count, labels) for title, (_, _, same, count) in zip(titles, sides)]
    bodies = [_BODY.format(text=_marked(text, spans)) for text, spans, _, _ in sides]
    note = f"<p><strong>{labels['made']}</strong></p>" if simulated else ""
    page = _PAGE.format(heads="".join(heads), bodies="".join(bodies), note=note)
    return Comparison(spans_a, spans_b, _share(same_a, count_a), _share(same_b, count_b), page)


def _shared(text: str, source: str, length: int) -> tuple[tuple[tuple[int, int], ...], int | None, int]:
    """Return shared spans, shared characters (None: too short) and characters that count."""
    codes, places = characters(text)
    if len(codes) < length:
        return (), None, len(codes)
    marks = covered(np.isin(shingles(codes, length), shingles(characters(source).codes, length)), length, len(codes))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marks, [False]])))
    spans = tuple((int(places[first]), _end(text, int(places[last - 1]))) for first, last in edges.reshape(-1, 2))
    return spans, int(marks.sum()), len(codes)


def _end(text: str, last: int) -> int:
    """Return where a span ends; a number counts as one sign and is marked as a whole."""
    stop = last + 1
    while text[last].isdigit() and stop < len(text) and text[stop].isdigit():
        stop += 1
    return stop


def _share(same: int | None, count: int) -> float:
    return float("nan") if same is None else same / count


def _head(title: str, same: int | None, count: int, labels: dict[str, str]) -> str:
    label = labels["short"] if same is None else labels["share"].format(share=same / count, same=same, count=count)
    return _HEAD.format(title=escape(title), label=escape(label))


def _marked(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    pieces, end = [], 0
    for start, stop in spans:
        pieces += [escape(text[end:start]), _MARK.format(text=escape(text[start:stop]))]
        end = stop
    return "".join([*pieces, escape(text[end:])])
