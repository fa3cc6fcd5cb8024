"""Sources: which files of a folder are reports, and what each is called."""

from __future__ import annotations

import csv
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from toolkit.errors import InputError, SourceError
from toolkit.reports.readers.web.warc import SUFFIXES, Capture, find_captures

#: The file that a folder of frames holds once it is complete.
MANIFEST = "manifest.json"
#: The folder in a folder of frames that holds the cache; it tells such a folder from one of reports.
WORKSHOP = ".toolkit"

#: The page of a study, and what lists its other files.
PAGE, STUDY = "index.html", "study.json"

_PICTURES = frozenset([".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"])
_PAGES = (".html", ".htm", ".mht", ".mhtml")
_WRITTEN = re.compile(
    r"(reports|statistics|mentions|sections|statements|findings|failures|wide)\.(parquet|csv|xlsx|dta)(\.partial)?"
    r"|manifest\.json(\.partial)?"
)
_LAST_NUMBER = re.compile(r"\d+(?!.*\d)")
_YES = frozenset(["true", "1", "yes", "是"])


@dataclass(frozen=True, slots=True)
class Source:
    """A source: its name in every frame, its files (several for numbered pictures), its place in a web archive.

    Files are texts, not paths, which take ten times the memory: there may be a million.
    """

    name: str
    files: tuple[str, ...]
    simulated: bool = False
    capture: Capture | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files as paths."""
        return tuple(map(Path, self.files))


def find_sources(sources: str | Path | Iterable[str | Path]) -> list[Source]:
    """Return the sources in files and folders, sorted by name.

    Parameters
    ----------
    sources : path or several
        Folders are walked; hidden files, SOURCES.csv, folders named
        ``truth``, folders of frames and the ``X_files`` folder of a saved
        page ``X.html`` are passed over. Numbered pictures in one folder are
        one source. Each page and document of a web archive (``.warc``,
        ``.warc.gz``) is a source, named by its address and the time of its
        capture. A link is followed once; one that leads nowhere is a
        source that cannot be read.

    Returns
    -------
    list of Source
        Named by the path relative to the folder, with ``/``; led by the
        folder's name when several are given. No two have the same name.

    Raises
    ------
    SourceError
        If a path is not there.
    InputError
        If no path is given.

    Examples
    --------
    >>> [source.name for source in find_sources("corpus")][0]
    'dongguan2020.txt'
    """
    if not isinstance(sources, Iterable | Path):
        raise InputError(f"sources are paths, not {type(sources).__name__}", "name a file or a folder of reports")
    given = [Path(sources)] if isinstance(sources, (str, Path)) else [Path(one) for one in sources]
    if not given:
        raise InputError("no source was given", "name a file or a folder of reports")
    given = list({os.path.abspath(path): path for path in given}.values())
    found = [source for path, label in zip(given, _labels(given)) for source in _sources_of(path, label)]
    if len(given) > 1:
        found = _once(found)
    found.sort(key=lambda source: (source.name, source.files))
    return _distinct(found)


def _once(found: Iterable[Source]) -> list[Source]:
    """Return each source once, by its first name; it is simulated if any of the folders given says so."""
    once: dict[tuple[str, Capture | None], Source] = {}
    for source in found:
        place = os.path.normcase(os.path.abspath(source.files[0])), source.capture
        first = once.get(place, source)
        once[place] = replace(first, simulated=first.simulated or source.simulated)
    return list(once.values())


def _distinct(found: list[Source]) -> list[Source]:
    """Number the sources of one name, which stand together: none may vanish behind another."""
    if all(one.name != other.name for one, other in pairwise(found)):
        return found
    times: Counter[str] = Counter()
    result = []
    for source in found:
        times[source.name] += 1
        number = times[source.name]
        result.append(source if number == 1 else replace(source, name=f"{source.name} ({number})"))
    return sorted(result, key=lambda source: source.name)


def _labels(given: Sequence[Path]) -> list[str]:
    """Return what leads the names: nothing for one source; the ends of several, as long as tells them apart."""
    if len(given) == 1:
        return [""]
    parts = [Path(os.path.abspath(path)).parts for path in given]
    labels = []
    for own in parts:
        length = 1
        while length < len(own) and sum(one[-length:] == own[-length:] for one in parts) > 1:
            length += 1
        labels.append(_readable("/".join(own[-length:])))
    return labels


def _readable(name: str) -> str:
    """Return a file's name as text; names that are no UTF-8 come from archives made on Chinese Windows."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "replace")
    return name


def _sources_of(path: Path, label: str) -> Iterator[Source]:
    try:
        path.stat()
    except FileNotFoundError as error:
        raise SourceError(f"{path}: there is no such file or folder", "check the path") from error
    except OSError:
        yield Source(label or _readable(path.name), (str(path),))  # it becomes a failure that says why
        return
    if not os.path.isdir(path):
        yield from _opened(Source(label or _readable(path.name), (str(path),)), label)
        return
    simulated = _stated_simulated(path)
    for files in _grouped(_walk(str(path))):
        # A folder that cannot be looked into stands for itself.
        name = _readable(os.path.relpath(files[0], path).replace(os.sep, "/") if files[0] != str(path) else path.name)
        full = f"{label}/{name}" if label else name
        yield from _opened(Source(full, files, name in simulated), label)


def _opened(source: Source, label: str) -> Iterator[Source]:
    """Yield a source; of a web archive what it holds."""
    if not source.files[0].lower().endswith(SUFFIXES):
        yield source
        return
    try:
        for capture in find_captures(source.paths[0]):
            name = capture.name if capture.url else f"{source.name} {capture.name}"
            yield replace(source, name=f"{label}/{name}" if label and capture.url else name, capture=capture)
    except OSError:
        yield source  # it becomes a failure that says why


def _walk(top: str) -> Iterator[str]:
    """Yield the files of a folder; linked folders come last and none is walked twice."""
    seen: set[str] = set()
    waiting, links = [top], list[str]()
    while waiting or links:
        folder = waiting.pop() if waiting else links.pop(0)
        real = os.path.realpath(folder)
        if real in seen:
            continue
        seen.add(real)
        for entry in _entries(folder):
            if entry == folder or not os.path.isdir(entry):
                yield entry
            else:
                (links if os.path.islink(entry) else waiting).append(entry)


def _entries(folder: str) -> Iterator[str]:
    """Yield what a folder holds, without what is passed over; itself if it cannot be looked into."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        yield folder  # a source that cannot be read: it must not vanish
        return
    siblings, written = set(names), is_output(folder)
    of_study = _of_study(Path(folder)) | _of_study(Path(folder).parent)
    for name in names:
        entry = os.path.join(folder, name)
        if not (
            name.startswith((".", "~$"))
            or name == "SOURCES.csv"
            or (of_study and Path(entry) in of_study)
            or (written and _WRITTEN.fullmatch(name))
            or (os.path.isdir(entry) and _is_passed_over(entry, name, siblings))
        ):
            yield entry


def _of_study(folder: Path) -> set[Path]:
    """Return the files that a study has written to a folder which may hold reports as well."""
    if not is_output(folder) or not (folder / STUDY).is_file():
        return set()
    try:
        files = json.loads((folder / STUDY).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, TypeError, KeyError):
        files = []
    return {folder / str(name) for name in (*files, PAGE, STUDY)}


def is_output(folder: str | Path) -> bool:
    """Return whether a folder holds frames, complete or not."""
    return os.path.isdir(os.path.join(folder, WORKSHOP)) or os.path.exists(os.path.join(folder, "reports.parquet"))


def _is_passed_over(folder: str, name: str, siblings: set[str]) -> bool:
    stem = name.removesuffix("_files").removesuffix(".files")
    is_page_folder = stem != name and any(stem + suffix in siblings for suffix in _PAGES)
    return name == "truth" or is_page_folder or is_output(folder)


def _grouped(files: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Yield one tuple a source: pictures of one folder whose names differ by a number stand together."""
    pictures: dict[str, list[tuple[int, str]]] = {}
    for file in files:
        folder, name = os.path.split(file)
        stem, suffix = os.path.splitext(name)
        number = _LAST_NUMBER.search(stem)
        if suffix.lower() in _PICTURES and number:
            key = os.path.join(folder, f"{stem[: number.start()]}#{stem[number.end() :]}")
            pictures.setdefault(key, []).append((int(number[0]), file))
        else:
            yield (file,)
    for group in pictures.values():
        yield tuple(file for _, file in sorted(group))


def _stated_simulated(folder: Path) -> set[str]:
    """Return the files that a SOURCES.csv in the folder or below it calls simulated."""
    found: set[str] = set()
    for manifest in sorted(folder.rglob("SOURCES.csv")):
        base = manifest.parent.relative_to(folder)
        with suppress(OSError, csv.Error):  # simulated reports say so themselves as well
            found.update(
                os.path.normpath(os.path.join(base, name)).replace(os.sep, "/") for name in _named_simulated(manifest)
            )
    return found


def _named_simulated(manifest: Path) -> Iterator[str]:
    with manifest.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            if (row.get("simulated") or "").strip().lower() in _YES:
                yield row.get("file") or row.get("path") or ""
