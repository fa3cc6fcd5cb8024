"""A report that stands inside a frame, a script or a string of a page: it is brought out and parsed as a page."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from toolkit.reports.folding import fold
from toolkit.reports.readers.web.carried import unescaped, with_carried
from toolkit.reports.readers.web.cells import is_inside
from toolkit.reports.readers.web.hidden import LABELS_OF_TABLES

_ESCAPED_CELL = re.compile(r"<\\/t[dr]|\\u003c\\?/?t[dr]|<t[dr]\b[^>]*\\\"", re.IGNORECASE)
_ESCAPE = re.compile(r'\\["/u]')
_ESCAPED_TAG = re.compile(r"\\u003c|&lt;", re.IGNORECASE)
_SCRIPT_STRING = re.compile(r'"((?:[^"\\]|\\.){200,})"|\'((?:[^\'\\]|\\.){200,})\'', re.DOTALL)
_FRAME = re.compile(r"<iframe\b[^>]*?\ssrcdoc=(?:\"([^\"]*)\"|'([^']*)')[^>]*>", re.IGNORECASE)


class Page(NamedTuple):
    """The text of a page, its bytes in UTF-8 and its tree."""

    html: str
    source: bytes
    tree: LexborHTMLParser


def brought_out(html: str, source: bytes) -> Page:
    """Parse a page, or what stands in its frames and scripts if the report stands there.

    Parameters
    ----------
    html : str
    source : bytes
        The same text in UTF-8; a page has it already, and to encode it again takes its time.

    Examples
    --------
    >>> table = "<table><tr><td>规章<\\\\/td><td>3<\\\\/td><\\\\/tr><\\\\/table>" + " " * 200
    >>> page = f'<script>var text = "{table}";</script>'
    >>> brought_out(page, page.encode()).tree.body.text().strip()
    '规章3'
    """
    is_json = html.lstrip()[:1] in ("{", "[")
    is_text_of_page = not is_json and "&" in html and "&lt;/td&gt;" in html
    page = _parsed(unescape(html)) if is_text_of_page else Page(html, source, LexborHTMLParser(source))
    if any("srcdoc" in node.attributes for node in page.tree.tags("iframe")):
        page = _parsed(_FRAME.sub(lambda frame: unescape(frame[1] or frame[2] or ""), page.html))
    if is_json or page.tree.body is None:
        return _parsed(_unescape_scripts(page.html))
    cell = page.tree.css_first("td")
    is_escaped = _has_escaped_cell(page.html)
    if (is_escaped or cell is None or is_inside(cell, "noscript")) and not _shows_table(page.tree):
        html = with_carried(page.html)
        if html == page.html and is_escaped:
            html = _unescape_scripts(html)
        page = page if html == page.html else _parsed(html)
    return page


def _parsed(html: str) -> Page:
    source = html.encode("utf-8", "replace")
    return Page(html, source, LexborHTMLParser(source))


def _has_escaped_cell(html: str) -> bool:
    # A character is sought in no time, words are not.
    return "\\" in html and _ESCAPE.search(html) is not None and _ESCAPED_CELL.search(html) is not None


def _shows_table(tree: LexborHTMLParser) -> bool:
    """Return whether the page itself, not a string in a script, has the tables of a report."""
    scripts = "".join(node.text() for node in tree.css("script,textarea,template,noscript"))
    shown, hidden = fold(tree.body.text() if tree.body else ""), fold(scripts)
    return any(shown.count(label) > hidden.count(label) for label in LABELS_OF_TABLES)


def _unescape_scripts(html: str) -> str:
    """Return a page made of the HTML that stands inside JSON or JavaScript strings."""
    strings = (match[1] or match[2] for match in _SCRIPT_STRING.finditer(html))
    found = [unescaped(string) for string in strings if "<" in string or _ESCAPED_TAG.search(string)]
    return "\n".join(unescape(one) if "&lt;/td&gt;" in one else one for one in found) if found else html
