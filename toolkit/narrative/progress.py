"""Whether a measure is told as taken or as intended, and last year's problems as mended."""

from __future__ import annotations

import re

from toolkit.narrative.cues import cues

_SENTENCE_LENGTH = 80


def progress_of(text: str, lead: str = "", before: str = "", after: str = "") -> str:
    """Return ``done`` for a measure told as taken, else ``planned``.

    Its own words decide first (将, 下一步; 已, 了, 完成), then what stands `before` it in its sentence (2023年我局将),
    then the clause that opened its list (`lead`), then what the sentence goes on with (`after`). A count of things
    held or published (培训4次) is done where none of them speaks of a plan; 每年2次 and 3个工作日 are no counts.

    Examples
    --------
    >>> progress_of("组织了两次培训"), progress_of("组织培训", "开展了以下工作"), progress_of("组织培训")
    ('done', 'done', 'planned')
    >>> progress_of("组织培训4次"), progress_of("组织培训4次", before="2023年我局将"), progress_of("每年组织培训4次")
    ('done', 'planned', 'planned')
    """
    for told in (text, before, lead):
        if cues("planned").search(told):
            return "planned"
        if cues("done").search(told):
            return "done"
    counted = cues("counted").search(text) and not cues("rate").search(text)
    return "done" if counted or cues("done").search(after) else "planned"


def sentence_around(text: str, start: int, stop: int) -> tuple[str, str]:
    """Return what a statement's sentence says before and after it, as far as it matters for progress.

    Examples
    --------
    >>> sentence_around("内容少。2023年我局将组织培训,提高水平。", 12, 16)
    ('2023年我局将', ',提高水平')
    """
    before = re.split("[。;\n]", text[max(0, start - _SENTENCE_LENGTH) : start])[-1]
    after = re.split("[。;\n]", text[stop : stop + _SENTENCE_LENGTH])[0]
    return before, after


def solved_until(sentence: str) -> int:
    """Return where a sentence has said that last year's problems are mended; 0 if it does not say so.

    Examples
    --------
    >>> solved_until("去年存在的更新慢等问题,已得到解决:培训两次"), solved_until("去年存在的问题尚未解决")
    (17, 0)
    """
    told = cues("solved").match(sentence)
    return told.end() if told and not cues("unsolved").search(told[0]) else 0
