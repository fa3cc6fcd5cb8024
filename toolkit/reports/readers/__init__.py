"""Readers: alternatives of each other, picked by content, not by suffix."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from toolkit.errors import SourceError
from toolkit.reports.document import Document
from toolkit.reports.readers.encoding import decode
from toolkit.reports.readers.markup import is_page
from toolkit.reports.readers.text import read_text
from toolkit.reports.readers.web.archive import page_of_web_archive
from toolkit.reports.readers.web.html import read_html

#: A report is some hundred kilobytes, a scanned one some megabytes.
MAX_BYTES = 100 * 2**20

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM", b"GIF8")
_ARCHIVES = {b"\x1f\x8b": "gzip", b"Rar!": "RAR", b"7z\xbc\xaf": "7-Zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
_WEB_ARCHIVE = (b"MIME-Version:", b"From: <Saved by")
# What stands in nothing but a page, or in what a script was to make a page of.
_SURE_TAGS = (b"<!doctype html", b"<head", b"<meta", b"<script", b"<link", b"<style", b"&lt;table", b"&lt;/td")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_GLANCE = 2000


def read_document(path: Path) -> Document:
    """Read a file of any kind the readers know.

    Parameters
    ----------
    path : Path
        What the file is, its bytes tell; its suffix is not trusted.

    Raises
    ------
    SourceError
        If the file is absent, empty, too large, an archive, damaged or of a
        kind that no reader knows: the message says which, and what to try.

    Examples
    --------
    >>> document = read_document(Path("corpus/dongguan2020.txt"))
    >>> document.format, document.text[:16]
    ('text', '平凉市崆峒区东关街道办事处202')
    """
    return read_bytes(load(path), path.suffix.lower())


def load(path: Path) -> bytes:
    """Return a file's bytes, after the checks that need no reading.

    Examples
    --------
    >>> len(load(Path("corpus/dongguan2020.txt")))
    6554
    >>> load(Path("corpus/no_such_file.txt"))
    Traceback (most recent call last):
    toolkit.errors.SourceError: there is no such file. Try: check the path
    """
    try:
        size = path.stat().st_size
        _demand_file(path)
        if size > MAX_BYTES:
            raise SourceError(
                f"the file is too large ({size / 2**20:.0f} MB, at most {MAX_BYTES / 2**20:.0f} MB)",
                "save the report alone, without the rest of the file",
            )
        data = path.read_bytes()
    except SourceError:
        raise
    except FileNotFoundError as error:
        raise SourceError("there is no such file", "check the path") from error
    except PermissionError as error:
        raise SourceError("the file may not be read (permission denied)", "change its permissions") from error
    except OSError as error:
        raise SourceError(f"the file cannot be read ({error.strerror or error})", "copy it anew") from error
    if not data.strip(b" \t\r\n\0"):
        raise SourceError("the file is empty", "save it again: the download may have failed")
    return data


def _demand_file(path: Path) -> None:
    if path.is_dir():
        raise SourceError("the folder may not be read (permission denied)", "change its permissions")
    if not path.is_file():
        raise SourceError("this is no file but a device or a pipe", "save the report as a file")


def read_bytes(data: bytes, suffix: str = "") -> Document:
    """Read the bytes of a file; ``suffix`` only helps where bytes leave it open.

    Examples
    --------
    >>> read_bytes("<p>一、总体情况</p>".encode("gbk")).format
    'html'
    """
    head = data[:1024].lstrip()
    if b"%PDF-" in data[:1024]:
        from toolkit.reports.readers.pdf.reader import read_pdf

        return read_pdf(data)
    if head.startswith(b"PK"):
        return _read_zip(data)
    if head.startswith(_OLE) or head.startswith(b"{\\rtf"):
        from toolkit.reports.readers.word import read_with_libreoffice

        return read_with_libreoffice(data, ".rtf" if head.startswith(b"{") else ".doc")
    if head.startswith(_PICTURES) or head[8:12] == b"WEBP":
        from toolkit.reports.readers.scans.reader import read_pictures

        return read_pictures([data])
    for mark, kind in _ARCHIVES.items():
        if data.startswith(mark):
            raise SourceError(f"the file is an archive ({kind})", "unpack it and read the folder")
    if head.startswith(_WEB_ARCHIVE):
        return read_html(page_of_web_archive(data))
    return _read_words(data)


def _read_zip(data: bytes) -> Document:
    try:
        names = zipfile.ZipFile(BytesIO(data)).namelist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise SourceError("the file is a damaged Word file or archive", "download it again") from error
    if "word/document.xml" in names:
        from toolkit.reports.readers.word import read_docx

        return read_docx(data)
    if "content.xml" in names and "mimetype" in names:
        from toolkit.reports.readers.word import read_with_libreoffice

        return read_with_libreoffice(data, ".odt")
    if "OFD.xml" in names:
        raise SourceError("the file is an OFD document, which cannot be read", "open it in its viewer, save it as PDF")
    if any(name.startswith("xl/") for name in names):
        raise SourceError("the file is an Excel workbook, not a report", "save the report itself, as page, Word or PDF")
    raise SourceError("the file is an archive (zip)", "unpack it and read the folder")


def _read_words(data: bytes) -> Document:
    start = decode(data[:200_000])[0].encode("utf-8") if data.startswith(_WIDE) else data[:200_000]
    return read_html(data) if _looks_like_page(start) else read_text(data)


def _looks_like_page(start: bytes) -> bool:
    # Most pages show in their first bytes what they are.
    for size in (_GLANCE, len(start)):
        seen = start[:size].replace(b"\0", b"").lower()
        if any(tag in seen for tag in _SURE_TAGS):
            return True
    if b"<" in seen and is_page(decode(start)[0]):
        return True
    return seen.lstrip().startswith((b"{", b"[")) and b"\\u003c" in seen
