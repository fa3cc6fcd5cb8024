"""Sources: which files of a folder are reports, and what each is called."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import InputError, SourceError

#: The file that a folder of frames holds once it is complete.
MANIFEST = "manifest.json"

_PICTURES = frozenset([".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"])
_PAGES = (".html", ".htm", ".mht", ".mhtml")
_LAST_NUMBER = re.compile(r"\d+(?!.*\d)")
_YES = frozenset(["true", "1", "yes", "是"])


@dataclass(frozen=True, slots=True)
class Source:
    """A source: its name in every frame, its files (several for numbered pictures)."""

    name: str
    paths: tuple[Path, ...]
    simulated: bool = False


def find_sources(sources: str | Path | Iterable[str | Path]) -> list[Source]:
    """Return the sources in files and folders, sorted by name.

    Parameters
    ----------
    sources : path or several
        Folders are walked; hidden files, SOURCES.csv, folders named
        ``truth``, folders of frames and the ``X_files`` folder of a saved
        page ``X.html`` are passed over. Numbered pictures in one folder are
        one source.

    Returns
    -------
    list of Source
        Named by the path relative to the folder, with ``/``; led by the
        folder's name when several are given.

    Raises
    ------
    SourceError
        If a path is not there.
    InputError
        If no path is given.
    """
    given = [Path(sources)] if isinstance(sources, (str, Path)) else [Path(one) for one in sources]
    if not given:
        raise InputError("no source was given", "name a file or a folder of reports")
    labels = _labels(given)
    found = [source for path, label in zip(given, labels) for source in _sources_of(path, label)]
    return sorted({source.name: source for source in found}.values(), key=lambda source: source.name)


def _labels(given: Sequence[Path]) -> list[str]:
    """Return what leads the names: nothing for one source, the source's own name for several."""
    if len(given) == 1:
        return [""]
    names = [path.resolve().name for path in given]
    return [
        name if names.count(name) == 1 else f"{name}({names[:place].count(name) + 1})"
        for place, name in enumerate(names)
    ]


def _sources_of(path: Path, label: str) -> Iterator[Source]:
    if not path.exists():
        raise SourceError(f"{path}: there is no such file or folder", "check the path")
    if path.is_file():
        yield Source(label or path.name, (path,))
        return
    simulated = _stated_simulated(path)
    for files in _grouped(_walk(path, set())):
        name = files[0].relative_to(path).as_posix()
        full = f"{label}/{name}" if label else name
        yield Source(full, files, name in simulated)


def _walk(folder: Path, seen: set[str]) -> Iterator[Path]:
    """Yield the files of a folder; a link that leads back is not followed twice."""
    real = os.path.realpath(folder)
    if real in seen:
        return
    seen.add(real)
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        # The folder itself becomes a source that cannot be read: it must not vanish.
        yield folder
        return
    names = {entry.name for entry in entries}
    for entry in entries:
        if entry.name.startswith((".", "~$")) or entry.name == "SOURCES.csv":
            continue
        if not entry.is_dir():
            yield entry
        elif not _is_passed_over(entry, names):
            yield from _walk(entry, seen)


def _is_passed_over(folder: Path, siblings: set[str]) -> bool:
    stem = folder.name.removesuffix("_files").removesuffix(".files")
    is_page_folder = stem != folder.name and any(stem + suffix in siblings for suffix in _PAGES)
    return folder.name == "truth" or is_page_folder or (folder / MANIFEST).exists() or (folder / ".cache").is_dir()


def _grouped(files: Iterable[Path]) -> Iterator[tuple[Path, ...]]:
    """Yield one tuple a source: pictures of one folder whose names differ by a number stand together."""
    pictures: dict[tuple[Path, str], list[Path]] = {}
    for file in files:
        number = _LAST_NUMBER.search(file.stem)
        if file.suffix.lower() in _PICTURES and number:
            key = (file.parent, file.stem[: number.start()] + "#" + file.stem[number.end() :])
            pictures.setdefault(key, []).append(file)
        else:
            yield (file,)
    for group in pictures.values():
        yield tuple(sorted(group, key=lambda file: int(_LAST_NUMBER.search(file.stem)[0])))  # type: ignore[index]


def _stated_simulated(folder: Path) -> set[str]:
    """Return the files that a SOURCES.csv in the folder or below it calls simulated."""
    found: set[str] = set()
    for manifest in sorted(folder.rglob("SOURCES.csv")):
        base = manifest.parent.relative_to(folder)
        with manifest.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if (row.get("simulated") or "").strip().lower() in _YES:
                    found.add((base / (row.get("file") or row.get("path") or "")).as_posix())
    return found
