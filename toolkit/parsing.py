"""``toolkit parse``: a folder of reports to a folder of frames, in two passes.

The first pass reads sources, batch by batch, into a staging file. The second
goes through the staging file again, fills what needs the whole corpus
(duplicates, rules across reports) and writes the frames. Memory does not grow
with the number of reports but for a few numbers each.
"""

from __future__ import annotations

import errno
import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from tqdm import tqdm

from toolkit import dataset
from toolkit.cache import tidy
from toolkit.dataset import FrameWriter, clean, publish
from toolkit.engine import read_batches
from toolkit.errors import InputError, SourceError
from toolkit.firstpass import STAGED, Part, staged_part
from toolkit.frames import FRAMES, arrow_schema, as_frame
from toolkit.reports.consistency.across import Across
from toolkit.selection import in_order
from toolkit.sources import WORKSHOP, Source, find_sources
from toolkit.staging import Tables, take
from toolkit.summary import Summary
from toolkit.widefiles import WideWriter

_CACHE, _STAGING = f"{WORKSHOP}/cache", f"{WORKSHOP}/staging"
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
    found = find_sources(sources)
    if not found:
        raise InputError(f"{_names(sources)}: there is no file to read", "name a folder with reports")
    try:
        staging = _prepare(output)
        return _run(found, output, staging, processes, progress, lang)
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


def _run(found: list[Source], output: Path, staging: Path, processes: int | None, progress: bool, lang: str) -> Summary:
    summary, across = Summary(sources=len(found)), Across()
    with ExitStack() as open_files:
        batches = read_batches(found, processes, output / _CACHE, finish=partial(staged_part, folder=staging))
        files, widths = _first_pass(batches, across, summary, progress)
        partitioned = summary.reports > dataset.MANY_REPORTS
        writers = {name: FrameWriter(output, name, partitioned) for name in FRAMES}
        wide = WideWriter(output, summary.reports, widths, lang)
        open_files.callback(wide.abandon)
        for writer in writers.values():
            open_files.callback(writer.abandon)
        with ThreadPoolExecutor(2) if processes != 1 else _Here() as threads:
            _second_pass(_ahead(files, threads), across, summary, writers, wide, threads)
        for writer in writers.values():
            writer.close()
        names = [f"{name}.parquet" for name in FRAMES] + ([] if partitioned else [f"{name}.csv" for name in FRAMES])
        names += wide.close()
    counts = {"sources": summary.sources, "reports": summary.reports, "failures": summary.failed}
    publish(output, names, {**counts, "simulated": summary.simulated, "files": names})
    return summary


def _first_pass(
    batches: Iterable[tuple[int, Part]], across: Across, summary: Summary, progress: bool
) -> tuple[list[Path], dict[str, int]]:
    """Read; return the files of what was read, and text column -> bytes of its longest text."""
    files: list[Path] = []
    widths: Counter[str] = Counter()
    with tqdm(total=summary.sources, unit="file", disable=not progress) as bar:
        for count, part in batches:
            files.append(part.file)
            summary.merge(part.summary)
            across.add_facts(part.facts)
            widths |= Counter(part.widths)
            bar.update(count)
    # A copy is named after another report, which may be the one with the longest name.
    return files, {**widths, "duplicate_of": widths["report"]}


class _Here(Executor):
    """Does at once what threads would do beside the others."""

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(task(*args, **kwargs))
        return done


def _ahead(files: Iterable[Path], threads: Executor) -> Iterator[Tables]:
    """Yield what was read, each part loaded while the one before it is written."""
    loading: deque[Future[Tables]] = deque()
    for file in files:
        loading.append(threads.submit(take, file, STAGED))
        if len(loading) > 1:
            yield loading.popleft().result()
    while loading:
        yield loading.popleft().result()


def _second_pass(
    parts: Iterable[Tables],
    across: Across,
    summary: Summary,
    writers: Mapping[str, FrameWriter],
    wide: WideWriter,
    threads: Executor,
) -> None:
    """Fill what needs all reports, and write: the wide table beside the frames."""
    duplicates, findings = across.duplicates(), across.findings()
    by_report = dict(tuple(findings.groupby("report", sort=False)))
    writing: Future[None] | None = None
    for tables in parts:
        reports = tables["reports"]["report"].to_pylist()
        _fill(tables, reports, duplicates, by_report, summary)
        if writing:
            writing.result()
        writing = threads.submit(wide.write, tables["wide"], tables["rows"])
        years = dict(zip(reports, tables["reports"]["year"].to_pylist()))
        for name in FRAMES:
            writers[name].write(tables[name], years)
    if writing:
        writing.result()


def _fill(
    tables: Tables,
    reports: list[str],
    duplicates: Mapping[str, str],
    findings: Mapping[str, pd.DataFrame],
    summary: Summary,
) -> None:
    copies = pa.array([duplicates.get(report) for report in reports], pa.string())
    for name in ("reports", "wide"):
        place = tables[name].schema.get_field_index("duplicate_of")
        tables[name] = tables[name].set_column(place, tables[name].schema.field(place), copies)
    if more := [findings[report] for report in reports if report in findings]:
        added = _findings_table(pd.concat(more, ignore_index=True))
        summary.add_findings(added)
        tables["findings"] = pa.concat_tables([tables["findings"], added])
    tables["findings"] = in_order(tables["findings"], reports)


def _findings_table(findings: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(as_frame("findings", findings), arrow_schema("findings"), preserve_index=False)
