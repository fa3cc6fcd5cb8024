"""Chapter five -> single problem and improvement statements, with their places."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from toolkit.errors import InputError
from toolkit.narrative import predicates as say
from toolkit.narrative.clauses import Piece, promote_lone_gap, trim
from toolkit.narrative.lines import line_rule
from toolkit.narrative.marks import View, find_sentences, read_view
from toolkit.narrative.progress import progress_of, sentence_around
from toolkit.narrative.splitting import Splitting

COLUMNS = ["kind", "position", "text", "start", "stop", "progress"]
_TYPES = dict.fromkeys(("kind", "text", "progress"), "string") | dict.fromkeys(("position", "start", "stop"), "int64")


def split_statements(text: str) -> pd.DataFrame:
    """Split one chapter five into its single problem and improvement statements.

    The unit is one predicate that names a deficit, or one measure with an action of its own. A title and its detail,
    a list of nouns under one predicate (在A、B方面有待提高) and a cause with its clause are one. What only frames
    (仍存在一些不足) or praises is no statement; `label_spans` has it.

    Parameters
    ----------
    text : str
        The chapter as published, with or without its heading; line ends may cut sentences.

    Returns
    -------
    DataFrame
        One row per statement in the order of the text: ``kind`` (problem, improvement), ``position`` (1, 2, ... within
        its kind), ``text`` (``text[start:stop]`` of the chapter, without enumerator and final punctuation), ``start``
        and ``stop`` (characters), ``progress`` (planned or done; missing for problems).

    Raises
    ------
    InputError
        If `text` is no string: a report without the chapter has no statements, see `problems_status`.

    Notes
    -----
    A measure counts as done when its own words or the sentence that opens its list tell it as taken (已, 了, 完成),
    else as planned: 改进情况 nearly always holds plans.

    Examples
    --------
    >>> chapter = "虽有进展,但仍存在不足:一是公开数量较少,方式单一;二是更新不及时。下一步,我局将加强培训。"
    >>> split_statements(chapter)[["kind", "text", "start", "stop", "progress"]]
              kind    text  start  stop progress
    0      problem  公开数量较少     14    20     <NA>
    1      problem    方式单一     21    25     <NA>
    2      problem   更新不及时     28    33     <NA>
    3  improvement    加强培训     41    45  planned
    """
    return pd.DataFrame(statement_rows(text), columns=COLUMNS).astype(_TYPES)


def statement_rows(text: str) -> list[dict[str, Any]]:
    """Return `split_statements` as plain data.

    Examples
    --------
    >>> [(row["kind"], row["text"]) for row in statement_rows("内容不够全面。下一步,加强培训。")]
    [('problem', '内容不够全面'), ('improvement', '加强培训')]
    """
    return [row for row in _span_rows(text) if row["kind"] in ("problem", "improvement")]


def problems_status(text: str | None) -> str:
    """Tell whether a chapter five names problems.

    Parameters
    ----------
    text : str or None
        The chapter without its heading; None if the report has no such chapter.

    Returns
    -------
    str
        ``absent``: no chapter. ``unread``: a chapter without any text, so that nothing can be said of it.
        ``none_named``: a text that names no problem (无; 暂无明显问题; plans alone). ``named``: at least one.

    Examples
    --------
    >>> problems_status("公开内容不够全面。"), problems_status("无。"), problems_status(""), problems_status(None)
    ('named', 'none_named', 'unread', 'absent')
    """
    if text is None:
        return "absent"
    if isinstance(text, str) and not text.strip():
        return "unread"
    return "named" if (split_statements(text)["kind"] == "problem").any() else "none_named"


def label_spans(text: str) -> pd.DataFrame:
    """Label the stretches of a chapter five: problems, improvements, achievements and other.

    The columns are those of `split_statements`; ``kind`` is also achievement (what went well, before 但) or other
    (headings, frames, transitions). Spans ascend and never overlap.

    Raises
    ------
    InputError
        If `text` is no string.

    Examples
    --------
    >>> label_spans("公开工作取得进展,但仍有不足,更新不及时。")[["kind", "text"]]
              kind      text
    0  achievement  公开工作取得进展
    1        other     但仍有不足
    2      problem     更新不及时
    """
    return pd.DataFrame(_span_rows(text), columns=COLUMNS).astype(_TYPES)


def _span_rows(text: str) -> list[dict[str, Any]]:
    if not isinstance(text, str):
        hint = "pass the chapter as str"
        raise InputError(f"a chapter five is text, not {type(text).__name__}", hint)
    view = read_view(text, line_rule(text), say.heading_kind)
    return _rows(view, text, promote_lone_gap(view, Splitting(view).read(find_sentences(view))))


def _rows(view: View, text: str, pieces: list[Piece]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    seen: Counter[str] = Counter()
    lead = ""
    for piece in pieces:
        start, stop = piece.start, piece.stop
        progress: str | None = None
        if piece.kind == "other":
            lead = view.text[start:stop]
        elif piece.kind != "achievement":
            start, stop = trim(view.text, start, stop)
        if piece.kind == "improvement":
            before, after = sentence_around(view.text, start, stop)
            progress = progress_of(view.text[start:stop], lead, before, after)
        if stop > start:
            first, last = view.span(start, stop)
            seen[piece.kind] += 1
            rows.append(dict(zip(COLUMNS, (piece.kind, seen[piece.kind], text[first:last], first, last, progress))))
    return rows
