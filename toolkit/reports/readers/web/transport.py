"""A server's answer: its head, and its body without what belongs to the transport."""

from __future__ import annotations

import email
import email.message
import re
import zlib

from toolkit.errors import SourceError
from toolkit.reports.readers import MAX_BYTES

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]*\r\n")


def split_answer(data: bytes) -> tuple[email.message.Message, bytes]:
    """Return head and body of a server's answer.

    Examples
    --------
    >>> head, body = split_answer(b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n<p>7")
    >>> head["Content-Type"], body
    ('text/html', b'<p>7')
    """
    head, _, body = data.partition(b"\r\n\r\n")
    return email.message_from_bytes(head.partition(b"\n")[2]), body


def body_of(data: bytes) -> bytes:
    """Return the body of a server's answer, its chunks joined, decompressed.

    Raises
    ------
    SourceError
        If it is compressed in a way unknown here.
    EOFError, zlib.error
        If it is damaged.

    Examples
    --------
    >>> head = b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n"
    >>> body_of(head + b"3\\r\\n<p>\\r\\n1\\r\\n7\\r\\n0\\r\\n\\r\\n")
    b'<p>7'
    """
    answer, body = split_answer(data)
    if "chunked" in (answer["Transfer-Encoding"] or "").lower():
        body = _joined(body)
    encoding = (answer["Content-Encoding"] or "").strip().lower()
    if encoding in ("gzip", "x-gzip") and body.startswith(b"\x1f\x8b"):
        return _inflated(body, 31)
    if encoding == "deflate":
        return _inflated(body, 15 if body[:1] == b"x" else -15)
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise SourceError(f"the page is compressed as {encoding}", "crawl it without compression")
    return body


def _inflated(body: bytes, bits: int) -> bytes:
    """Return what was compressed, as far as a report may be large."""
    inflater = zlib.decompressobj(bits)
    data = inflater.decompress(body, MAX_BYTES)
    if not inflater.eof:
        raise EOFError("the compressed page has no end")
    return data


def _joined(body: bytes) -> bytes:
    """Return a body that was sent in chunks; one that the archive has joined already as it is."""
    parts: list[bytes] = []
    place = 0
    while match := _CHUNK.match(body, place):
        size = int(match[1], 16)
        if not size:
            return b"".join(parts)
        parts.append(body[match.end() : match.end() + size])
        place = match.end() + size + 2
    if parts:
        raise EOFError("a chunk is missing")
    return body
