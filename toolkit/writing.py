"""The files of a run, written while sources are still read.

What is said of a report is final when its batch comes, but for the rules
across reports. So all frames but ``findings`` are written at once; findings,
``wide.csv`` and ``wide.dta`` (a format that begins with the number of rows
and the widths of texts) wait for the end. Nothing is written before it is
known whether there are so many reports that frames are partitioned.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from toolkit import dataset
from toolkit.dataset import FrameWriter, flush_largest
from toolkit.firstpass import FINAL, LATE, Part
from toolkit.frames import FRAMES, arrow_schema, as_frame
from toolkit.selection import in_order
from toolkit.staging import Tables, take
from toolkit.summary import Summary
from toolkit.widefiles import WideSheet, WideWriter


class Output:
    """Takes what was read, batch after batch, and writes it under partial names.

    Parameters
    ----------
    folder : Path
    sources : int
        How many there are; not all will be reports.
    lang : {"zh", "en"}
        Language of the labels in the wide table.
    """

    def __init__(self, folder: Path, sources: int, lang: str) -> None:
        self._folder, self._lang = folder, lang
        self._left, self._reports = sources, 0
        self._waiting: deque[Part] = deque()
        self._late: list[Path] = []
        self._copies: dict[str, str] = {}
        self._writers: dict[str, FrameWriter] = {}
        self._open = ExitStack()
        self._sheet = WideSheet(folder, lang)
        self._open.callback(self._sheet.abandon)

    def add(self, count: int, part: Part, copies: Mapping[str, str]) -> None:
        """Take the next batch: how many sources it had, and which of its reports are copies of which."""
        self._left -= count
        self._reports += part.summary.reports
        self._copies |= copies
        self._waiting.append(part)
        if self._writers or self._is_settled():
            self._write_waiting()

    def finish(self, findings: pd.DataFrame, widths: Mapping[str, int], summary: Summary) -> list[str]:
        """Write what had to wait, and return the names of all files.

        Parameters
        ----------
        findings : DataFrame
            Those across reports; counted in ``summary``.
        widths : mapping
            Text column -> bytes of its longest text.
        """
        self._write_waiting()
        across = pa.Table.from_pandas(as_frame("findings", findings), arrow_schema("findings"), preserve_index=False)
        rows = findings.groupby("report").indices
        wide = WideWriter(self._folder, self._reports, widths, self._lang)
        self._open.callback(wide.abandon)
        for file in self._late:
            tables = take(file, LATE)
            self._write_findings(tables, across, rows, summary)
            wide.write(_with_copies(tables["wide"], self._copies))
        return self._close(wide)

    def abandon(self) -> None:
        """Let go of files that will not be finished."""
        self._open.close()

    def _is_settled(self) -> bool:
        """Return whether it is known if there will be many reports."""
        return self._reports > dataset.MANY_REPORTS or self._reports + self._left <= dataset.MANY_REPORTS

    def _write_waiting(self) -> None:
        if not self._writers:
            partitioned = self._reports > dataset.MANY_REPORTS
            for name in FRAMES:
                self._writers[name] = FrameWriter(self._folder, name, partitioned)
                self._open.callback(self._writers[name].abandon)
        while self._waiting:
            part = self._waiting.popleft()
            self._late.append(part.late)
            self._write(take(part.file, FINAL))
            pa.default_memory_pool().release_unused()

    def _write(self, tables: Tables) -> None:
        tables["reports"] = _with_copies(tables["reports"], self._copies)
        years = _years(tables["reports"])
        for name, writer in self._writers.items():
            if name in tables:
                writer.write(tables[name], years)
        flush_largest(self._writers.values())
        self._sheet.write(tables["rows"], tables["reports"])

    def _write_findings(
        self, tables: Tables, across: pa.Table, rows: Mapping[str, np.ndarray], summary: Summary
    ) -> None:
        """Write the findings of a batch and those of ``across`` on its reports, which stand in the given ``rows``."""
        found, years = tables["findings"], _years(tables["wide"])
        if more := [rows[report] for report in years if report in rows]:
            added = across.take(np.concatenate(more))
            summary.add_findings(added)
            found = pa.concat_tables([found, added])
        self._writers["findings"].write(in_order(found, list(years)), years)
        flush_largest(self._writers.values())

    def _close(self, wide: WideWriter) -> list[str]:
        for writer in self._writers.values():
            writer.close()
        partitioned = any(writer.partitioned for writer in self._writers.values())
        names = [f"{name}.parquet" for name in FRAMES] + ([] if partitioned else [f"{name}.csv" for name in FRAMES])
        return [*names, *wide.close(), *self._sheet.close()]


def _years(reports: pa.Table) -> dict[str, int | None]:
    return dict(zip(reports["report"].to_pylist(), reports["year"].to_pylist()))


def _with_copies(table: pa.Table, copies: Mapping[str, str]) -> pa.Table:
    place = table.schema.get_field_index("duplicate_of")
    originals = pa.array([copies.get(report) for report in table["report"].to_pylist()], pa.string())
    return table.set_column(place, table.schema.field(place), originals)
