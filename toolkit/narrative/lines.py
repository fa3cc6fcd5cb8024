"""Lines without a final sign: complete ones, and those which only the page cut."""

from __future__ import annotations

import re
from collections.abc import Callable

from toolkit.narrative import measures
from toolkit.narrative import predicates as say
from toolkit.narrative.cues import cues
from toolkit.narrative.marks import without_mark
from toolkit.reports.folding import same_length

_SIGN_LAST = re.compile(r"[。;:,、.!?…(]$")
_LONGEST_ITEM = 60


def ends_line(line: str, alone: bool) -> bool:
    """Tell whether a line without a full stop is complete: a heading, a statement to its predicate, a measure.

    Only what stands `alone`, with neither an enumerator nor a line before that it goes on with, is taken for a measure.

    Examples
    --------
    >>> [ends_line("加强培训", alone) for alone in (True, False)], ends_line("部分栏目更新不及时", False)
    ([True, False], True)
    """
    if cues("deficit_end").search(line) or say.heading_kind(line):
        return True
    return alone and len(line) <= 30 and not re.search("[,、:]", line) and measures.opens_measure(line)


def line_rule(text: str) -> Callable[[str, bool], bool]:
    """Return the rule by which a chapter's lines without a final sign end: `ends_line`, or every line.

    Where each such line is a measure or comes to its deficit, as in a list of items one a line, none goes on in the
    next; a page that cuts sentences cuts most of them elsewhere.

    Examples
    --------
    >>> rule = line_rule("加强培训,提高素质\\n在大厅设立专区,配备设备")
    >>> rule("加强培训,提高素质", True), line_rule("加强培训,提高素\\n质")("加强培训,提高素", True)
    (True, False)
    """
    lines = ["".join(line.split()) for line in same_length(text).splitlines()]
    open_lines = [line for line in lines if line and not _SIGN_LAST.search(line)]
    items = [line for line in open_lines if not say.heading_kind(without_mark(line))]
    if len(items) > 1 and all(_is_item(line) for line in items):
        return lambda line, alone: True
    return ends_line


def _is_item(line: str) -> bool:
    if without_mark(line) != line or len(line) > _LONGEST_ITEM:
        return False
    clauses = line.split(",")
    return measures.opens_measure(clauses[0]) or _ends_in_deficit(clauses[-1])


def _ends_in_deficit(clause: str) -> bool:
    ends = [found.end() for found in cues("deficit").finditer(clause)]
    return bool(ends) and len(clause) - ends[-1] <= 3 and clause[-1] not in "的在和未不"
