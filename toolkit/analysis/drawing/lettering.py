"""Texts of figures broken and cut to a width: Chinese anywhere, Latin at spaces."""

from __future__ import annotations

import unicodedata


def width_of(text: str) -> float:
    """Return the width of a text in ems: Chinese 1, Latin about half.

    Examples
    --------
    >>> width_of("公开率 95")
    4.65
    """
    return round(sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.55 for char in text), 2)


def wrapped(text: str, ems: float) -> str:
    """Break a text into lines of at most so many ems, at spaces where it has them.

    Examples
    --------
    >>> wrapped("政府信息公开 annual report", 8)
    '政府信息公开\\nannual report'
    """
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            # Chinese punctuation must not begin a line.
            if line.strip() and width_of((line + piece).rstrip()) > ems and piece not in "，。；：、！？）〕》」”,.;:)":
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line.rstrip())
    return "\n".join(lines)


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for char in text:
        wide = unicodedata.east_asian_width(char) in "WF" or (char.isspace() and char != "\u00a0")
        if wide or not pieces or pieces[-1].isspace() or unicodedata.east_asian_width(pieces[-1][-1]) in "WF":
            pieces.append(char)
        else:
            pieces[-1] += char
    return pieces


def shortened(text: str, ems: float) -> str:
    """Cut a text to so many ems, with an ellipsis.

    Examples
    --------
    >>> shortened("更新不及时的问题仍然存在", 8)
    '更新不及时的问…'
    """
    if width_of(text) <= ems:
        return text
    while text and width_of(text) > ems - 1:
        text = text[:-1]
    return text.rstrip() + "…"
