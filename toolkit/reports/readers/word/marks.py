"""Marks beside a figure in a Word file: raised, lowered or white text is no part of the figure it touches."""

from __future__ import annotations

import re
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: Around the text of a mark.
OPEN, CLOSE = "\x1e", "\x1f"

_ATTRIBUTE = "mark"
_OF_NOTES = ("FootnoteReference", "EndnoteReference")
_DEEPEST_STYLE = 10
_BESIDE_FIGURE = re.compile(f"(?<=[\\d.,，])[{OPEN}{CLOSE}](?=[\\d.,，])")
_SEAMS = re.compile(f"[{OPEN}{CLOSE}]")


def set_marks(body: Any, styles: Any) -> None:
    """Note at each run of a document whether it is a mark: by itself, or by its style.

    Parameters
    ----------
    body, styles : Element or None
        The roots of ``word/document.xml`` and ``word/styles.xml``.
    """
    nodes = [] if styles is None else styles.iter(f"{W}style")
    by_name = {node.get(f"{W}styleId", ""): node for node in nodes}
    of_marks = {name for name in by_name if _is_of_marks(name, by_name)} | set(_OF_NOTES)
    for run in [] if body is None else body.iter(f"{W}r"):
        if _is_mark(run, of_marks):
            run.set(_ATTRIBUTE, "1")


def is_mark(run: Any) -> bool:
    """Return whether a run was noted to be a mark."""
    return run.get(_ATTRIBUTE) is not None


def set_apart(text: str) -> str:
    """Return a text with its marks told by blanks where they would lengthen a figure.

    Examples
    --------
    >>> set_apart(f"467{OPEN}3{CLOSE}"), set_apart(f"{OPEN}4{CLOSE}{OPEN}67{CLOSE}"), set_apart(f"m{OPEN}2{CLOSE}")
    ('467 3', '467', 'm2')
    """
    if OPEN not in text:
        return text
    # A mark in several runs is one mark.
    return _SEAMS.sub("", _BESIDE_FIGURE.sub(" ", text.replace(CLOSE + OPEN, "")))


def _is_mark(run: Any, of_marks: set[str]) -> bool:
    properties = run.find(f"{W}rPr")
    if properties is None:
        return False
    own = _told_by(properties)
    style = properties.find(f"{W}rStyle")
    return own if own is not None else style is not None and style.get(f"{W}val") in of_marks


def _told_by(properties: Any) -> bool | None:
    """Return whether properties make a mark; None if they do not say."""
    raised, moved, color = (properties.find(f"{W}{name}") for name in ("vertAlign", "position", "color"))
    if raised is not None:
        return raised.get(f"{W}val") != "baseline"
    if moved is not None and moved.get(f"{W}val", "0") != "0":
        return True
    return True if color is not None and color.get(f"{W}val", "").upper() == "FFFFFF" else None


def _is_of_marks(name: str, by_name: dict[str, Any]) -> bool:
    for _ in range(_DEEPEST_STYLE):
        style = by_name.get(name)
        if style is None:
            return False
        properties = style.find(f"{W}rPr")
        told = None if properties is None else _told_by(properties)
        if told is not None:
            return told
        based = style.find(f"{W}basedOn")
        name = "" if based is None else based.get(f"{W}val", "")
    return False
