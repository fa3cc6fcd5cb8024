"""``toolkit parse``: a folder of reports to a folder of frames, in two passes.

The first pass reads sources, batch by batch, into a staging file. The second
goes through the staging file again, fills what needs the whole corpus
(duplicates, rules across years) and writes the frames. Memory does not grow
with the number of reports but for a few numbers each.
"""

from __future__ import annotations

import errno
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from tqdm import tqdm

from toolkit.corpus import Corpus
from toolkit.dataset import MANY_REPORTS, FrameWriter, clean, publish
from toolkit.engine import Tables, read_batches
from toolkit.errors import InputError, SourceError
from toolkit.frames import FRAMES, arrow_schema, as_frame
from toolkit.reports.across import Across
from toolkit.sources import Source, find_sources
from toolkit.wide import WideWriter

_CACHE, _STAGING = ".cache", "staging"
_MOST_FAILURES_SHOWN = 8
_WORDS = {
    "en": {
        "read": "{0} reports read from {1} sources ({2} of them partial); {3} sources not read",
        "simulated": "{0} of the reports are simulated",
        "years": "years: {0}",
        "cells": "cells: {0}",
        "broken": "rules that do not hold: {0}",
        "statements": "{0} problem and improvement statements",
        "more": "  ... and {0} more, see failures.csv",
        "where": "frames and the wide table are in {0}",
    },
    "zh": {
        "read": "读取报告 {0} 份（来源 {1} 个，其中不完整 {2} 份）；未能读取的来源 {3} 个",
        "simulated": "其中模拟报告 {0} 份",
        "years": "年度：{0}",
        "cells": "单元格：{0}",
        "broken": "不成立的规则：{0}",
        "statements": "问题与改进陈述 {0} 条",
        "more": "  ……另有 {0} 个，见 failures.csv",
        "where": "数据表与宽表位于 {0}",
    },
}


@dataclass
class Summary:
    """What a run read: counts for the screen that ends it."""

    sources: int = 0
    reports: int = 0
    partial: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    years: Counter[int] = field(default_factory=Counter)
    statements: int = 0
    simulated: int = 0

    def add(self, frames: dict[str, pd.DataFrame]) -> None:
        """Count the frames of a batch."""
        reports, findings = frames["reports"], frames["findings"]
        self.reports += len(reports)
        self.partial += int((reports["status"] == "partial").sum())
        self.simulated += int(reports["simulated"].sum())
        self.years.update(reports["year"].dropna().astype(int))
        self.states.update(frames["statistics"]["state"])
        self.broken.update(findings.loc[findings["verdict"] == "broken", "rule"])
        self.statements += len(frames["statements"])
        self.failures += list(zip(frames["failures"]["source"], frames["failures"]["message"]))

    def text(self, lang: str, output: str | Path) -> str:
        """Return the summary as one screen of text, in Chinese or English."""
        words = _WORDS[lang]
        lines = [words["read"].format(self.reports, self.sources, self.partial, len(self.failures))]
        if self.simulated:
            lines.append(words["simulated"].format(self.simulated))
        lines.append(
            words["years"].format(", ".join(f"{year} ({count})" for year, count in sorted(self.years.items())))
        )
        lines.append(
            words["cells"].format(", ".join(f"{state} {count:,}" for state, count in self.states.most_common()))
        )
        lines.append(
            words["broken"].format(", ".join(f"{rule} {count}" for rule, count in self.broken.most_common()) or 0)
        )
        lines.append(words["statements"].format(self.statements))
        lines += [f"  {source}: {message}" for source, message in self.failures[:_MOST_FAILURES_SHOWN]]
        if len(self.failures) > _MOST_FAILURES_SHOWN:
            lines.append(words["more"].format(len(self.failures) - _MOST_FAILURES_SHOWN))
        return "\n".join([*lines, words["where"].format(output)])


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

    Raises
    ------
    InputError
        If no source holds a file, or the output folder is a source.
    SourceError
        If a source is not there, or the disk is full.
    """
    output = Path(output)
    found = find_sources(sources)
    if not found:
        raise InputError("the sources hold no file", "name a folder with reports")
    if output.is_file():
        raise InputError(f"{output} is a file", "name a folder for the frames")
    try:
        return _run(found, output, processes, progress, lang)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SourceError(f"{output}: the disk is full", "make room and run the same command again") from error
        raise


def _run(found: list[Source], output: Path, processes: int | None, progress: bool, lang: str) -> Summary:
    staging = output / _CACHE / _STAGING
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    clean(output)
    summary, across = Summary(sources=len(found)), Across()
    stage = _Stage(staging)
    with tqdm(total=len(found), unit="file", disable=not progress) as bar:
        for count, tables in read_batches(found, processes, output / _CACHE):
            frames = {name: as_frame(name, tables[name].to_pandas()) for name in FRAMES}
            summary.add(frames)
            across.add(frames)
            stage.write(tables)
            bar.update(count)
    stage.close()
    names = _write(output, stage, across, summary, lang)
    rows = {"sources": summary.sources, "reports": summary.reports, "failures": len(summary.failures)}
    publish(output, names, {**rows, "simulated": summary.simulated, "files": names})
    shutil.rmtree(staging, ignore_errors=True)
    return summary


class _Stage:
    """The frames of the first pass: a file each, with a row group for every batch that has rows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._groups: list[dict[str, int]] = []
        self._writers = {name: pq.ParquetWriter(folder / f"{name}.parquet", arrow_schema(name)) for name in FRAMES}
        self._written = dict.fromkeys(FRAMES, 0)

    def write(self, tables: Tables) -> None:
        """Append a batch."""
        groups = {}
        for name in FRAMES:
            if len(tables[name]):
                self._writers[name].write_table(tables[name], row_group_size=len(tables[name]))
                groups[name] = self._written[name]
                self._written[name] += 1
        self._groups.append(groups)

    def close(self) -> None:
        """Finish the files."""
        for writer in self._writers.values():
            writer.close()

    def __iter__(self) -> Iterator[dict[str, pd.DataFrame]]:
        """Yield the frames of each batch."""
        files = {name: pq.ParquetFile(self._folder / f"{name}.parquet") for name in FRAMES}
        for groups in self._groups:
            tables = {
                name: files[name].read_row_group(groups[name]) if name in groups else arrow_schema(name).empty_table()
                for name in FRAMES
            }
            yield {name: as_frame(name, table.to_pandas()) for name, table in tables.items()}
        for file in files.values():
            file.close()


def _write(output: Path, stage: _Stage, across: Across, summary: Summary, lang: str) -> list[str]:
    """The second pass: fill what needs the whole corpus, and write."""
    partitioned = summary.reports > MANY_REPORTS
    writers = {name: FrameWriter(output, name, partitioned) for name in FRAMES}
    wide = WideWriter(output, lang, as_table=not partitioned)
    duplicates, findings = across.duplicates(), across.findings()
    summary.broken.update(findings.loc[findings["verdict"] == "broken", "rule"])
    by_report = dict(tuple(findings.groupby("report", sort=False)))
    for frames in stage:
        reports = frames["reports"]
        reports["duplicate_of"] = as_frame("reports", reports.assign(duplicate_of=reports["report"].map(duplicates)))[
            "duplicate_of"
        ]
        more = [by_report[report] for report in reports["report"] if report in by_report]
        frames["findings"] = as_frame("findings", pd.concat([frames["findings"], *more], ignore_index=True))
        years = dict(zip(reports["report"], reports["year"].astype("object").where(reports["year"].notna(), None)))
        for name in FRAMES:
            table = pa.Table.from_pandas(frames[name], arrow_schema(name), preserve_index=False)
            writers[name].write(table, years)
        wide.write(Corpus(**frames))
    for writer in writers.values():
        writer.close()
    names = [f"{name}.parquet" for name in FRAMES] + ([] if partitioned else [f"{name}.csv" for name in FRAMES])
    return names + wide.close()
