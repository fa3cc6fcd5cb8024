"""Web archives of crawlers (WARC): each page or document in them is a source of its own.

A file is a row of records, plain or compressed one by one (``.warc.gz``).
Looking through it keeps nothing in memory but where each record begins. A
damaged record is told as such, and the search goes on behind it.

Source: the WARC format, ISO 28500.
"""

from __future__ import annotations

import email
import email.message
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from toolkit.errors import SourceError
from toolkit.reports.readers import MAX_BYTES
from toolkit.reports.readers.web.transport import body_of, split_answer

SUFFIXES = (".warc", ".warc.gz")

_DOCUMENTS = ("text/html", "xhtml", "application/pdf", "msword", "wordprocessingml", "opendocument.text", "/rtf")
_DOCUMENT_NAMES = (".pdf", ".doc", ".docx", ".wps", ".rtf", ".odt")
_UNTOLD = ("", "application/octet-stream", "application/force-download", "application/x-download")
_GZIP = b"\x1f\x8b\x08"
_VERSION = re.compile(rb"WARC/\d+\.\d+\s*$")
_BEGINNING = re.compile(rb"WARC/1\.[01](?=\r?\n)|\x1f\x8b\x08")
_STATUS = re.compile(rb"HTTP/\S+ +(\d{3})")
_BLOCK = 2**16
_HINT = "crawl the page again, or save it alone"


@dataclass(frozen=True, slots=True)
class Capture:
    """A page or document of a web archive.

    Attributes
    ----------
    start, skip : int
        Bytes before the compressed member in the file, and before the record in the member.
    url, time : str
        Its address and when it was captured.
    damage : str
        Why there is nothing to read.
    """

    start: int
    skip: int = 0
    url: str = ""
    time: str = ""
    damage: str = ""

    @property
    def name(self) -> str:
        """What the report is called: address and time of capture; of a damaged record, its place.

        Examples
        --------
        >>> Capture(0, url="http://www.example.gov.cn/1.html", time="2022-02-01T08:00:00Z").name
        'http://www.example.gov.cn/1.html 2022-02-01T08:00:00Z'
        >>> Capture(1200, damage="the record is damaged").name
        'record at byte 1200'
        """
        return f"{self.url} {self.time}".strip() or f"record at byte {self.start + self.skip}"


def find_captures(path: Path) -> Iterator[Capture]:
    """Yield the pages and documents of a web archive, and what is damaged in it.

    Parameters
    ----------
    path : Path

    Yields
    ------
    Capture
        Of every answer of a server (status 200) that is a web page, a PDF or
        a Word file. If there is nothing, one that says so.

    Examples
    --------
    >>> import tempfile
    >>> body = b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n<p>7"
    >>> head = "WARC/1.0\\r\\nWARC-Type: response\\r\\nWARC-Target-URI: http://a.cn/\\r\\n"
    >>> head += f"Content-Length: {len(body)}\\r\\n\\r\\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.warc"
    ...     size = path.write_bytes(head.encode() + body + b"\\r\\n\\r\\n")
    ...     [capture.url for capture in find_captures(path)]
    ['http://a.cn/']
    """
    size, found, start = path.stat().st_size, 0, 0
    with path.open("rb") as file:
        while start < size:
            stream = _open(file, start)
            try:
                for skip, head, body in _records(stream):
                    if capture := _capture(start, skip, head, body):
                        found += 1
                        yield capture
                start = stream.end()
            except (EOFError, ValueError, zlib.error) as error:
                found += 1
                yield Capture(start, stream.record, damage=f"the record is damaged ({error})")
                start = _next_record(file, start + (0 if stream.is_compressed else stream.record) + 1)
    if not found:
        yield Capture(0, damage="the web archive holds no page and no document")


def load_capture(path: Path, capture: Capture) -> bytes:
    """Return a page or document as the server sent it.

    Raises
    ------
    SourceError
        If the record is damaged, too large or compressed in a way unknown here.

    Examples
    --------
    >>> import tempfile
    >>> body = b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n<p>7"
    >>> head = "WARC/1.0\\r\\nWARC-Type: response\\r\\nWARC-Target-URI: http://a.cn/\\r\\n"
    >>> head += f"Content-Length: {len(body)}\\r\\n\\r\\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.warc"
    ...     size = path.write_bytes(head.encode() + body + b"\\r\\n\\r\\n")
    ...     [load_capture(path, capture) for capture in find_captures(path)]
    [b'<p>7']
    """
    if capture.damage:
        raise SourceError(capture.damage, _HINT)
    try:
        with path.open("rb") as file:
            stream = _open(file, capture.start)
            stream.skip(capture.skip)
            stream.readline()
            head = _headers(stream)
            length = int(head["Content-Length"])
            if length > MAX_BYTES:
                raise SourceError(f"the record is too large ({length / 2**20:.0f} MB)", "save the report alone")
            data = stream.read(length)
            data = body_of(data) if head["WARC-Type"] == "response" else data
    except (EOFError, ValueError, TypeError, zlib.error) as error:
        raise SourceError(f"the record is damaged ({error})", _HINT) from error
    if not data.strip(b" \t\r\n\0"):
        raise SourceError("the page is empty", _HINT)
    return data


class _Stream:
    """A file from a place on, or one compressed member of it; ``place`` counts the bytes read."""

    def __init__(self, raw: IO[bytes], member: _Member | None = None) -> None:
        self._raw, self._member = raw, member
        self.place, self.record = 0, 0

    @property
    def is_compressed(self) -> bool:
        return self._member is not None

    def readline(self) -> bytes:
        line = self._raw.readline(_BLOCK)
        self.place += len(line)
        return line

    def read(self, size: int) -> bytes:
        data = self._raw.read(size)
        self.place += len(data)
        if len(data) < size:
            raise EOFError("the file ends within it")
        return data

    def skip(self, size: int) -> None:
        while size > 0:
            size -= len(self.read(min(size, _BLOCK)))

    def end(self) -> int:
        """Return where in the file it ends, once all is read."""
        return self._member.end() if self._member else self._raw.tell()


class _Member(io.RawIOBase):
    """One compressed member of a file, decompressed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._zip = file, zlib.decompressobj(31)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._zip.eof:
            data = self._zip.unconsumed_tail or self._file.read(_BLOCK)
            if not data:
                raise EOFError("the file ends within it")
            if out := self._zip.decompress(data, len(buffer)):
                buffer[: len(out)] = out
                return len(out)
        return 0

    def end(self) -> int:
        return self._file.tell() - len(self._zip.unused_data)


def _open(file: IO[bytes], start: int) -> _Stream:
    file.seek(start)
    is_compressed = file.read(len(_GZIP)) == _GZIP
    file.seek(start)
    if not is_compressed:
        return _Stream(file)
    member = _Member(file)
    return _Stream(io.BufferedReader(member, _BLOCK), member)  # type: ignore[arg-type]


def _records(stream: _Stream) -> Iterator[tuple[int, email.message.Message, bytes]]:
    """Yield place, head and the beginning of the content of each record."""
    while line := stream.readline():
        if not line.strip():
            continue
        stream.record = stream.place - len(line)
        if not _VERSION.match(line):
            raise ValueError("no record begins here")
        head = _headers(stream)
        length = int(head["Content-Length"] or "no length is stated")
        body = stream.read(min(length, _BLOCK))
        stream.skip(length - len(body))
        yield stream.record, head, body


def _headers(stream: _Stream) -> email.message.Message:
    lines = []
    while (line := stream.readline()).strip():
        lines.append(line)
    return email.message_from_bytes(b"".join(lines))


def _capture(start: int, skip: int, head: email.message.Message, body: bytes) -> Capture | None:
    """Return a record if it is a page or a document."""
    url = (head["WARC-Target-URI"] or "").strip("<> ")
    kind = head["WARC-Type"]
    if kind == "response" and url.startswith("http"):
        status = _STATUS.match(body)
        told = split_answer(body)[0].get("Content-Type") or ""
        is_wanted = bool(status and status[1] == b"200") and _is_document(told, url)
    else:
        is_wanted = kind == "resource" and _is_document(head["Content-Type"] or "", url)
    return Capture(start, skip, url, head["WARC-Date"] or "") if is_wanted else None


def _is_document(content_type: str, url: str) -> bool:
    told = content_type.partition(";")[0].strip().lower()
    if told in _UNTOLD:
        return suffix_of(url) in (*_DOCUMENT_NAMES, "", ".html", ".htm")
    return any(word in told for word in _DOCUMENTS)


def suffix_of(url: str) -> str:
    """Return the suffix of the file that an address names.

    Examples
    --------
    >>> suffix_of("http://www.example.gov.cn/a/b.PDF?x=1.2"), suffix_of("http://www.example.gov.cn/")
    ('.pdf', '')
    """
    name = urlsplit(url).path.rpartition("/")[2]
    return f".{name.rpartition('.')[2].lower()}" if "." in name else ""


def _next_record(file: IO[bytes], start: int) -> int:
    """Return where, from a place on, the next record or compressed member begins; else where the file ends."""
    file.seek(start)
    before = b""
    while data := file.read(_BLOCK):
        window = before + data
        for match in _BEGINNING.finditer(window):
            place = file.tell() - len(window) + match.start()
            if match[0] != _GZIP or _holds_record(file, place):
                return place
        before = window[-len(b"WARC/1.0") :]
    return file.tell()


def _holds_record(file: IO[bytes], start: int) -> bool:
    place = file.tell()
    try:
        return bool(_VERSION.match(_open(file, start).readline()))
    except (EOFError, zlib.error):
        return False
    finally:
        file.seek(place)
