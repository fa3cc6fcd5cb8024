"""The cache: what a source says, kept under its content, so that only what changed is read again.

An entry is found by the source's bytes, its name and the edition of the
toolkit that read it; it is there as a whole or not at all. Failures are not
kept: what could not be read is tried again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from toolkit import __version__
from toolkit.batch import Payload, source_bytes, source_payload
from toolkit.sources import Source

#: What takes part in reading: another state of these files is another edition.
_CODE = ("*.py", "reports/**/*.py", "reports/**/*.csv", "narrative/**/*.py", "narrative/**/*.csv", "narrative/**/*.txt")


def cached_payload(source: Source, folder: Path | None) -> Payload:
    """Return what a source says, from the cache if its content is unchanged.

    Parameters
    ----------
    source : Source
    folder : Path or None
        The cache; None reads without one.
    """
    place = None if folder is None else _place(source, folder)
    if place is None:
        return source_payload(source)
    try:
        return json.loads(zlib.decompress(place.read_bytes()))
    except (OSError, ValueError, zlib.error):
        pass  # no entry; and a damaged entry is no entry
    payload = source_payload(source)
    if "failures" not in payload:
        _keep(place, payload)
    return payload


@cache
def edition() -> str:
    """Return what names the toolkit that reads: its version, its code and what it finds installed.

    A development copy changes without its version, and a report read before
    the extra for scans was installed is to be read again.

    Examples
    --------
    >>> edition().startswith(__version__)
    True
    """
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted({path for pattern in _CODE for path in root.glob(pattern)}):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    found = [name for name in ("rapidocr", "onnxruntime") if find_spec(name)]
    found += [name for name in ("soffice", "libreoffice") if shutil.which(name)]
    digest.update(" ".join(found).encode())
    return f"{__version__}-{digest.hexdigest()[:12]}"


def tidy(folder: Path) -> None:
    """Remove entries of other editions, and what a killed run left half written."""
    for path in folder.glob("*/") if folder.is_dir() else ():
        if path.is_dir() and path.name != edition():
            shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob("*/*/*.tmp"):
        path.unlink(missing_ok=True)


def _place(source: Source, folder: Path) -> Path | None:
    """Return where a source's payload is kept; None where the source cannot be hashed."""
    digest = hashlib.sha256(f"{source.name}\0{source.simulated}".encode())
    try:
        if source.capture:
            digest.update(b"".join(source_bytes(source)))
        for path in () if source.capture else source.paths:
            if not path.is_file():
                return None
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    except OSError:
        return None
    key = digest.hexdigest()
    return folder / edition() / key[:2] / f"{key[2:]}.z"


def _keep(place: Path, payload: Payload) -> None:
    """Write an entry so that it is there as a whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_suffix(f".{os.getpid()}.tmp")
    try:
        partial.write_bytes(zlib.compress(json.dumps(payload, ensure_ascii=False, default=_plain).encode("utf-8"), 1))
        os.replace(partial, place)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _plain(value: object) -> int | float:
    """Return a decimal, or a number of numpy, as one of Python."""
    number = float(value)  # type: ignore[arg-type]
    return int(number) if number.is_integer() else number
