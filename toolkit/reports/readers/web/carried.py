"""An article that a page carries in its scripts, templates and fields, to be shown by a browser only."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote, unquote_to_bytes

from toolkit.errors import SourceError
from toolkit.reports.folding import fold
from toolkit.reports.readers.encoding import decode
from toolkit.reports.readers.web.hidden import LABELS_OF_TABLES

_CARRIER = re.compile(
    r"<(?P<tag>script|template|noscript|textarea)\b(?P<told>[^>]*)>(?P<inner>.*?)</(?P=tag)\s*>"
    r"|<iframe\b[^>]*?\ssrc\s*=\s*(?P<quote>[\"'])(?P<address>data:.*?)(?P=quote)[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP_TYPE = re.compile(r"type\s*=\s*[\"']?text/(?:html|x?-?template|x-handlebars|ng-template|plain)", re.IGNORECASE)
_LITERAL = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`", re.DOTALL
)
_CELL = re.compile(r"<t[dr]\b", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_UTF16_ESCAPE = re.compile(r"%u([0-9a-fA-F]{4})")
_PERCENT = re.compile(r"%3c", re.IGNORECASE)
_SIMPLE_ESCAPES = {"n": "\n", "t": "\t", "r": ""}


def with_carried(html: str) -> str:
    """Return a page with the tables of a report in the place of what carries them.

    Scripts (JSON, strings, ``document.write``), ``<template>``, ``<noscript>``,
    ``<textarea>`` and frames whose address is their content are looked into.
    The same text is returned where none of them holds a table of the form.

    Examples
    --------
    >>> with_carried("<p>1</p><template><table><tr><td>规范性文件<td>3</table></template>")
    '<p>1</p><table><tr><td>规范性文件<td>3</table>'
    >>> with_carried("<script>document.write('<tr><td>规范'); document.write('性文件<td>3')</script>")
    '<tr><td>规范性文件<td>3'
    >>> with_carried("<script>var a = '<td>'</script>")
    "<script>var a = '<td>'</script>"
    """
    return _CARRIER.sub(_shown, html)


def _shown(carrier: re.Match[str]) -> str:
    found = [page for page in dict.fromkeys(_pages(carrier)) if _has_table(page)]
    return "\n".join(found) if found else carrier[0]


def _pages(carrier: re.Match[str]) -> Iterator[str]:
    if carrier["address"]:
        yield _page_of_address(unescape(carrier["address"]))
    elif carrier["tag"].lower() == "textarea":
        yield unescape(carrier["inner"])
    elif carrier["tag"].lower() != "script" or _MARKUP_TYPE.search(carrier["told"]):
        yield carrier["inner"]
    else:
        yield from _pages_of_script(carrier["inner"])


def _page_of_address(address: str) -> str:
    kind, _, content = address.partition(",")
    try:
        data = base64.b64decode(content) if "base64" in kind else unquote_to_bytes(content)
        return decode(data)[0]
    except (binascii.Error, ValueError, SourceError):
        return ""


def _pages_of_script(script: str) -> Iterator[str]:
    strings = [_plain(match[1] or match[2] or match[3] or "") for match in _LITERAL.finditer(script)]
    whole = [string for string in strings if _has_table(string)]
    # What is written piece by piece is a page only as a whole.
    yield from ["".join(strings)] if "document.write" in script and len(whole) < len(strings) else whole


def unescaped(literal: str) -> str:
    """Return what a string of a script says: its text between the quotes, with the escapes resolved.

    Examples
    --------
    >>> unescaped(r"<td>\\u89c4\\u7ae0<\\/td>"), unescaped(r"it\\'s")
    ('<td>规章</td>', "it's")
    """
    literal = literal.replace("\\'", "'")
    try:
        return json.loads(f'"{literal}"', strict=False)
    except ValueError:
        return re.sub(r"\\(.)", lambda match: _SIMPLE_ESCAPES.get(match[1], match[1]), literal)


def _plain(literal: str) -> str:
    """Return what a string of a script says, with the escapes of addresses and of pages resolved too."""
    string = unescaped(literal)
    if _PERCENT.search(string):
        string = unquote(_UTF16_ESCAPE.sub(lambda match: chr(int(match[1], 16)), string))
    return unescape(string) if "&lt;t" in string else string


def _has_table(page: str) -> bool:
    if not _CELL.search(page):
        return False
    text = fold(_TAG.sub("", page))
    return any(label in text for label in LABELS_OF_TABLES)
