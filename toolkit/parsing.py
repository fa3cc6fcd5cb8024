"""``toolkit parse``: a folder of reports to a folder of frames.

Sources are read batch by batch, and written while the next are read; what
needs the whole corpus is filled at the end. Memory does not grow with the
number of reports but for a few numbers each.
"""

from __future__ import annotations

import errno
import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from toolkit.cache import tidy
from toolkit.dataset import clean, publish
from toolkit.engine import Batch, batches_of, read_batches
from toolkit.errors import InputError, SourceError
from toolkit.firstpass import staged_part
from toolkit.reports.consistency.across import Across
from toolkit.sources import WORKSHOP, find_sources
from toolkit.summary import Summary
from toolkit.writing import Output

_CACHE, _STAGING = f"{WORKSHOP}/cache", f"{WORKSHOP}/staging"
#: Batches that may wait for being written.
_MOST_BEGUN = 8
_OUT_OF_ROOM = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)


def parse(
    sources: str | Path | Iterable[str | Path],
    output: str | Path,
    processes: int | None = None,
    progress: bool = True,
    lang: str = "zh",
) -> Summary:
    """Read reports and write their frames and the wide table.

    Parameters
    ----------
    sources : path or several
        Files and folders, any mix.
    output : path
        The folder for the frames; made if need be. It keeps a cache: reading
        again reads only what changed, and a run that was stopped goes on.
    processes : int, optional
        All cores by default.
    progress : bool
        Show a progress bar.
    lang : {"zh", "en"}
        Language of the headers of the wide table.

    Returns
    -------
    Summary
        Counts; ``text(lang, output)`` is the screen that ends a run.

    Raises
    ------
    InputError
        If no source holds a file, or the output folder is a file or cannot
        be written.
    SourceError
        If a source is not there, or the disk is full.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     summary = parse("corpus/dongguan2020.txt", folder, progress=False)
    ...     names = sorted(path.name for path in Path(folder).glob("re*"))
    >>> summary.reports, summary.failed, names
    (1, 0, ['reports.csv', 'reports.parquet'])
    """
    output = Path(output)
    batches = batches_of(find_sources(sources))
    if not batches:
        raise InputError(f"{_names(sources)}: there is no file to read", "name a folder with reports")
    try:
        staging = _prepare(output)
        return _run(batches, output, staging, processes, progress, lang)
    except OSError as error:
        if error.errno in _OUT_OF_ROOM:
            raise SourceError(f"{output}: the disk is full", "make room and run the same command again") from error
        raise
    finally:
        # What a run leaves unfinished would fill the disk; the cache stays, so the next run goes on.
        shutil.rmtree(output / _STAGING, ignore_errors=True)
        clean(output)


def _names(sources: str | Path | Iterable[str | Path]) -> str:
    return str(sources) if isinstance(sources, (str, Path)) else ", ".join(map(str, sources))


def _prepare(output: Path) -> Path:
    """Make the folders; what a run that was stopped left behind goes."""
    if output.is_file():
        raise InputError(f"{output} is a file", "name a folder for the frames")
    staging = output / _STAGING
    try:
        shutil.rmtree(staging, ignore_errors=True)
        tidy(output / _CACHE)
        staging.mkdir(parents=True)
        clean(output)
    except PermissionError as error:
        raise InputError(f"{output} may not be written (permission denied)", "name another folder") from error
    return staging


def _run(
    batches: Sequence[Batch], output: Path, staging: Path, processes: int | None, progress: bool, lang: str
) -> Summary:
    summary, across, widths = Summary(sources=sum(batch.count for batch in batches)), Across(), Counter[str]()
    with ExitStack() as open_files:
        files = Output(output, summary.sources, lang)
        open_files.callback(files.abandon)
        thread = open_files.enter_context(_Here() if processes == 1 else _Beside())
        parts = read_batches(batches, processes, output / _CACHE, partial(staged_part, folder=staging))
        with tqdm(total=summary.sources, unit="file", disable=not progress) as bar:
            for count, part in parts:
                summary.merge(part.summary)
                widths |= Counter(part.widths)
                thread.do(files.add, count, part, across.add_facts(part.facts))
                bar.update(count)
        thread.wait()
        # A copy is named after another report, which may be the one with the longest name.
        names = files.finish(across.findings(), {**widths, "duplicate_of": widths["report"]}, summary)
    counts = {"sources": summary.sources, "reports": summary.reports, "failures": summary.failed}
    publish(output, names, {**counts, "simulated": summary.simulated, "files": names})
    return summary


class _Here:
    """Does a task at once."""

    def __enter__(self) -> _Here:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def do(self, task: Callable[..., None], *arguments: Any) -> None:
        task(*arguments)

    def wait(self) -> None:
        """Return when all is done."""


class _Beside(_Here):
    """Does tasks one after the other in a thread, so that nobody has to wait for the disk."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._begun: deque[Future[None]] = deque()

    def __exit__(self, *error: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def do(self, task: Callable[..., None], *arguments: Any) -> None:
        self._begun.append(self._thread.submit(task, *arguments))
        while self._begun and (self._begun[0].done() or len(self._begun) > _MOST_BEGUN):
            self._begun.popleft().result()

    def wait(self) -> None:
        while self._begun:
            self._begun.popleft().result()
