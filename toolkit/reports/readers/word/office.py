"""Older and other office formats (.doc, .wps, .rtf, .odt), through LibreOffice.

LibreOffice turns the file into .docx in a profile of its own, without window,
macros or network; :mod:`.docx` reads the result.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from toolkit.errors import SourceError
from toolkit.reports.document import Document
from toolkit.reports.readers.word.docx import looks_like_docx, read_docx

SUFFIXES = (".doc", ".wps", ".rtf", ".odt", ".docx")
# Named, a filter fails on what is not its own; unnamed, LibreOffice reads damaged files as plain text.
FILTERS = {".doc": "MS Word 97", ".rtf": "Rich Text Format", ".odt": "writer8", ".docx": "MS Word 2007 XML"}
SECONDS = 120
MAX_BYTES = 100 * 2**20
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Where the installers of Windows and macOS put it, outside of PATH.
PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
# No macro is run; whatever would be fetched is asked of a proxy that is not there.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{}
</oor:items>
"""
ITEMS = {
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution"): "true",
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel"): "3",
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks"): "true",
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent"): "true",
    ("org.openoffice.Office.Writer/Content/Update", "Link"): "0",
    ("org.openoffice.Inet/Settings", "ooInetProxyType"): "2",
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName"): "127.0.0.1",
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort"): "9",
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName"): "127.0.0.1",
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort"): "9",
    ("org.openoffice.Inet/Settings", "ooInetNoProxy"): "",
}


def office_suffix(data: bytes) -> str:
    """Return which of these formats bytes are in, ``""`` for none, whatever their name ends with.

    A .wps is mostly a .doc, a .doc often RTF, a web page or a .docx.

    Raises
    ------
    SourceError
        If the file is a Word file encrypted with a password, or a workbook
        or slides under a Word file's name.

    Examples
    --------
    >>> office_suffix(rb"{\\rtf1 ..."), office_suffix(b"<html>")
    ('.rtf', '')
    """
    if data[:5] == rb"{\rtf":
        return ".rtf"
    if looks_like_docx(data):
        return ".docx"
    if data[:4] == b"PK\x03\x04" and b"opendocument.text" in data[:200]:
        return ".odt"
    if not data.startswith(OLE2):
        return ""
    if _names(data, "EncryptedPackage"):
        raise SourceError("the Word file is encrypted and asks for a password", "save a copy without password")
    if _names(data, "WordDocument"):
        return ".doc"
    if _names(data, "Workbook") or _names(data, "PowerPoint Document"):
        raise SourceError("a workbook or slides, not a Word file", "save the report as PDF or .docx")
    return ".wps"


def _names(data: bytes, stream: str) -> bool:
    return stream.encode("utf-16-le") in data


def find_libreoffice() -> str | None:
    """Return the path of LibreOffice's program, None when it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in PLACES if Path(place).is_file()), None)


def read_with_libreoffice(data: bytes, suffix: str, name: str = "the file") -> Document:
    """Read a file in a format that LibreOffice knows.

    Parameters
    ----------
    data : bytes
        The content of the file.
    suffix : {".doc", ".wps", ".rtf", ".odt", ".docx"}
        Its format, where :func:`office_suffix` cannot tell it.
    name : str
        What messages call it.

    Returns
    -------
    Document
        As :func:`.docx.read_docx` returns it; ``format`` is the suffix.

    Raises
    ------
    SourceError
        If LibreOffice is not installed, cannot read the file, or takes longer
        than ``SECONDS``.
    """
    suffix = office_suffix(data) or suffix.lower()
    if suffix == ".docx":
        return read_docx(data, name)
    if suffix not in SUFFIXES:
        raise SourceError(f"{name}: {suffix!r} is no format for LibreOffice", f"one of {', '.join(SUFFIXES)}")
    if not data.strip(b"\x00 \r\n"):
        raise SourceError(f"{name}: the file is empty ({len(data):,} bytes)", "download it again")
    if len(data) > MAX_BYTES:
        raise SourceError(f"{name}: {len(data):,} bytes are more than {MAX_BYTES:,}", "remove its pictures")
    program = find_libreoffice()
    if program is None:
        message = f"{name}: a {suffix} file is read through LibreOffice, which is not installed"
        raise SourceError(message, "install LibreOffice (libreoffice.org), or save the file as .docx")
    with tempfile.TemporaryDirectory(prefix="xxgk-", ignore_cleanup_errors=True) as folder:
        document = read_docx(_as_docx(program, data, suffix, Path(folder), name), name)
    document.format = suffix[1:]
    return document


def _as_docx(program: str, data: bytes, suffix: str, folder: Path, name: str) -> bytes:
    source, output = folder / f"report{suffix}", folder / "output"
    source.write_bytes(data)
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_settings(), encoding="utf-8")
    command = [program, f"-env:UserInstallation={settings.parents[1].as_uri()}", "--headless", "--norestore"]
    command += ["--nolockcheck", "--nologo", "--nofirststartwizard", "--convert-to", "docx:MS Word 2007 XML"]
    if suffix in FILTERS:
        command.append(f"--infilter={FILTERS[suffix]}")
    message = _run([*command, "--outdir", str(output), str(source)], folder, name)
    converted = output / "report.docx"
    if not converted.is_file():
        what = f"{name}: LibreOffice cannot read it as {suffix}" + (f" ({message})" if message else "")
        raise SourceError(what, "open it in Word or WPS and save it as .docx")
    return converted.read_bytes()


def _settings() -> str:
    item = '<item oor:path="/{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
    return SETTINGS.format("\n".join(item.format(*place, value) for place, value in ITEMS.items()))


def _run(command: list[str], folder: Path, name: str) -> str:
    # Its own home and no proxy of the user's: LibreOffice must not meet an open window of theirs.
    environment = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, errors = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        _end(process)
        message = f"{name}: LibreOffice took longer than {SECONDS} s"
        raise SourceError(message, "open it in Word or WPS and save it as .docx") from None
    return errors.decode("utf-8", "replace").strip().splitlines()[-1][:200] if errors.strip() else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice and the process that its starter left behind."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
