"""Frames on disk: written whole or not at all, read in part.

Up to 10,000 reports a frame is ``NAME.parquet`` and ``NAME.csv``; above, a
directory ``NAME.parquet/`` partitioned by year. A folder is complete when it
has its manifest, which is written last.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.dataset as pa_dataset
import pyarrow.parquet as pq

from toolkit import __version__
from toolkit.errors import SourceError
from toolkit.frames import FRAMES, arrow_schema, as_frame
from toolkit.selection import TELLING, Selection, in_order
from toolkit.sources import MANIFEST

#: Above this many reports frames are partitioned directories, without CSV.
MANY_REPORTS = 10_000
#: Bytes of rows that wait to be written, of all frames: enough for row groups that are worth their overhead. Frames
#: partitioned by year have more of these at once.
_WAITING_BYTES, _WAITING_BYTES_BY_YEAR = 2**19, 2**23
# Extremes of a row group, kept in memory to the end, for what a reader may ask by.
_ASKED_BY = ("report", "source", "year")
_BOM = b"\xef\xbb\xbf"
#: What the names of files end in until they are finished.
PARTIAL = ".partial"


def csv_file(path: Path) -> IO[bytes]:
    """Open a CSV file for writing that Excel takes for what it is: UTF-8."""
    file = path.open("wb")
    file.write(_BOM)
    return file


def shut(files: Iterable[IO[bytes] | pa.NativeFile]) -> None:
    """Close files whatever state they are in: a full disk must not hide behind a second error."""
    for file in files:
        with suppress(OSError, ValueError):
            file.close()


class FrameWriter:
    """Writes one frame piece by piece, as Parquet and CSV, or partitioned by year."""

    def __init__(self, folder: Path, name: str, partitioned: bool) -> None:
        self.name, self.partitioned, self.rows = name, partitioned, 0
        self._folder, self._schema = folder, arrow_schema(name)
        self._writers: dict[int | None, pq.ParquetWriter] = {}
        self._waiting: dict[int | None, list[pa.Table]] = {}
        #: Year (None for all) -> bytes of the rows that wait to be written.
        self.waiting_bytes: Counter[int | None] = Counter()
        self._files: list[IO[bytes] | pa.NativeFile] = []
        self._csv: Any = None
        if not partitioned:
            self._files.append(csv_file(folder / f"{name}.csv{PARTIAL}"))
            self._csv = pa_csv.CSVWriter(self._files[0], self._schema)

    def write(self, table: pa.Table, years: Mapping[str, int | None] | None = None) -> None:
        """Append rows; ``years`` tells the partition of each report.

        They wait to be written as Parquet until :func:`flush_largest` is called, or the frame is closed.
        """
        self.rows += len(table)
        if not len(table):
            return
        if not self.partitioned:
            self._append(None, table)
            self._csv.write_table(table)
            return
        column = "source" if self.name == "failures" else "report"
        year = pa.array([(years or {}).get(report) for report in table[column].to_pylist()], pa.int64())
        for value in pc.unique(year).to_pylist():
            mask = pc.is_null(year) if value is None else pc.fill_null(pc.equal(year, value), False)
            self._append(value, table.filter(mask))

    def close(self) -> None:
        """Finish the files; they keep their partial names until :func:`publish`."""
        if not self._waiting:
            self._append(None, self._schema.empty_table())
        for year in self._waiting:
            self.flush(year)
        for writer in self._writers.values():
            writer.close()
        if self._csv is not None:
            self._csv.close()
        for file in self._files:
            file.close()

    def abandon(self) -> None:
        """Let go of files that will not be finished."""
        for writer in self._writers.values():
            writer.is_open = False  # else it is finished when it is forgotten
        shut(self._files)

    def flush(self, year: int | None) -> None:
        """Write the rows of a year that wait as a row group."""
        if year not in self._writers:
            self._files.append(pa.OSFile(str(self._path(year)), "wb"))
            asked = [name for name in _ASKED_BY if name in self._schema.names]
            self._writers[year] = pq.ParquetWriter(
                self._files[-1], self._schema, compression="zstd", write_statistics=asked
            )
        if self._waiting[year]:
            self._writers[year].write_table(pa.concat_tables(self._waiting[year]))
            self._waiting[year].clear()
            self.waiting_bytes[year] = 0

    def _append(self, year: int | None, table: pa.Table) -> None:
        self._waiting.setdefault(year, []).append(table)
        self.waiting_bytes[year] += table.nbytes

    def _path(self, year: int | None) -> Path:
        path = self._folder / f"{self.name}.parquet{PARTIAL}"
        if not self.partitioned:
            return path
        folder = path / f"year={year if year is not None else '__HIVE_DEFAULT_PARTITION__'}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / "part-0.parquet"


def flush_largest(writers: Collection[FrameWriter]) -> None:
    """Write the rows of which most wait, frame by frame, until few wait in all."""
    most = _WAITING_BYTES_BY_YEAR if any(writer.partitioned for writer in writers) else _WAITING_BYTES
    waiting = {(writer, year): size for writer in writers for year, size in writer.waiting_bytes.items()}
    while sum(waiting.values()) > most:
        writer, year = largest = max(waiting, key=waiting.__getitem__)
        writer.flush(year)
        del waiting[largest]


def clean(folder: Path) -> None:
    """Remove what a run that was stopped left behind."""
    for path in folder.glob(f"*{PARTIAL}"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):  # Windows removes no file that is open; the next run does
                path.unlink()


def publish(folder: Path, names: Iterable[str], manifest: Mapping[str, Any]) -> None:
    """Give finished files their names, and write the manifest that makes them count.

    The old manifest goes first: a run stopped in between leaves a folder
    that says of itself that it is incomplete.
    """
    (folder / MANIFEST).unlink(missing_ok=True)
    for name in names:
        target, partial = folder / name, folder / f"{name}{PARTIAL}"
        if target.is_dir():
            shutil.rmtree(target)
        elif partial.is_dir():
            target.unlink(missing_ok=True)
        if partial.exists():
            os.replace(partial, target)
    for name in FRAMES:
        if f"{name}.csv" not in names:
            (folder / f"{name}.csv").unlink(missing_ok=True)
    text = json.dumps({"toolkit": __version__, **manifest}, ensure_ascii=False, indent=2)
    partial = folder / f"{MANIFEST}{PARTIAL}"
    partial.write_text(text + "\n", encoding="utf-8", newline="\n")
    os.replace(partial, folder / MANIFEST)


def load_frames(folder: Path, chosen: Selection) -> dict[str, pd.DataFrame]:
    """Load frames, only what is asked: partitions of other years and other columns are not read.

    Parameters
    ----------
    folder : Path
        What ``toolkit parse`` wrote.
    chosen : Selection

    Raises
    ------
    SourceError
        If the folder is not complete.
    """
    if not (folder / MANIFEST).exists():
        raise SourceError(f"{folder}: the frames are not complete (a run was stopped)", "run toolkit parse again")
    wanted = None if chosen.is_whole else _wanted_reports(folder, chosen)
    return {name: _load(folder, name, chosen, wanted) for name in chosen.frames}


def _wanted_reports(folder: Path, chosen: Selection) -> pa.Array:
    reports = _open(folder, "reports", chosen).to_table(columns=list(TELLING)).to_pandas()
    return pa.array(reports.loc[chosen.mask(reports), "report"].tolist(), pa.string())


def _load(folder: Path, name: str, chosen: Selection, wanted: pa.Array | None) -> pd.DataFrame:
    """Load a frame, its rows in the order of the reports' names, however it was partitioned."""
    condition = None if wanted is None or name == "failures" else pc.field("report").isin(wanted)
    table = _open(folder, name, chosen).to_table(columns=chosen.columns_of(name), filter=condition)
    if (folder / f"{name}.parquet").is_dir() and name != "failures":
        table = in_order(table, sorted(pc.unique(table["report"]).to_pylist()))
    return as_frame(name, table.to_pandas())


def _open(folder: Path, name: str, chosen: Selection) -> pa_dataset.Dataset:
    """Open a frame; of a partitioned one only the years asked for."""
    path = folder / f"{name}.parquet"
    if not path.is_dir():
        return pa_dataset.dataset(str(path), schema=arrow_schema(name))
    parts = sorted(path.iterdir())
    if chosen.years is not None and name != "failures":
        parts = [part for part in parts if part.name in {f"year={int(year)}" for year in chosen.years}]
    files = [str(file) for part in parts for file in sorted(part.glob("*.parquet"))]
    return pa_dataset.dataset(files, schema=arrow_schema(name), format="parquet")
