"""Tables of contents: they name the chapters before the report has begun."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.reports.document import Grid

_TITLE = re.compile(r"\s*目\s*[录錄]\s*")
_ENTRY = re.compile(r".*[一-鿿].*(?:\t|[.．…·]{2,})\s*\d{1,3}\s*")


def without_contents(blocks: Iterator[str | Grid]) -> Iterator[str | Grid]:
    """Leave 目录 and the lines that end in the number of a page after it out; 目录 alone stays.

    Examples
    --------
    >>> list(without_contents(iter(["目 录", "一、总体情况\\t1", "二、主动公开……3", "某局年度报告", "目录"])))
    ['某局年度报告', '目录']
    """
    title = ""
    has_begun = False
    for block in blocks:
        is_line = isinstance(block, str)
        if is_line and has_begun and _ENTRY.fullmatch(str(block)):
            title = ""
            continue
        if title:
            yield title
        has_begun = is_line and _TITLE.fullmatch(str(block)) is not None
        title = str(block) if has_begun else ""
        if not has_begun:
            yield block
    if title:
        yield title
