"""Reports as frames: one report, or a corpus of many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.batch import payload_frames, read_source, records_payload
from toolkit.errors import InputError
from toolkit.frames import FRAMES, as_frame, make_frame
from toolkit.reports.document import Document
from toolkit.sources import Source


def _frame(name: str) -> Any:
    return field(default_factory=lambda: make_frame(name), repr=False)


@dataclass
class Corpus:
    """The frames of many reports. Frames are the interface; this only carries them.

    Attributes
    ----------
    reports, statistics, mentions, sections, statements, findings, failures : DataFrame
        Their columns stand in :func:`toolkit.codebook`.
    """

    reports: pd.DataFrame = _frame("reports")
    statistics: pd.DataFrame = _frame("statistics")
    mentions: pd.DataFrame = _frame("mentions")
    sections: pd.DataFrame = _frame("sections")
    statements: pd.DataFrame = _frame("statements")
    findings: pd.DataFrame = _frame("findings")
    failures: pd.DataFrame = _frame("failures")

    @classmethod
    def from_frames(cls, frames: Mapping[str, pd.DataFrame]) -> Corpus:
        """Return a corpus of frames; columns they lack are missing."""
        return cls(**{name: as_frame(name, frame) for name, frame in frames.items() if name in FRAMES})

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return name -> frame, in the order in which they come about."""
        return {name: getattr(self, name) for name in FRAMES}

    def __len__(self) -> int:
        return len(self.reports)

    def __repr__(self) -> str:
        cells = self.statistics["state"].value_counts().to_dict()
        broken = int((self.findings["verdict"] == "broken").sum())
        return (
            f"{type(self).__name__}: {len(self.reports)} reports, {len(self.statistics)} cells {cells}, "
            f"{len(self.statements)} statements, {broken} broken rules, {len(self.failures)} sources not read"
        )


@dataclass(repr=False)
class Report(Corpus):
    """One report: the frames of a corpus, and the document they were read from."""

    document: Document | None = field(default=None, repr=False)


def read_report(source: str | Path) -> Report:
    """Read one annual report.

    Parameters
    ----------
    source : path
        A text, web page, PDF, Word file or picture; what it is, its bytes tell.

    Returns
    -------
    Report
        Its frames have one report, named by the file's name.

    Raises
    ------
    SourceError
        If the file cannot be read or is no annual report; the message says why.

    Examples
    --------
    >>> report = read_report("corpus/dongguan2020.txt")
    >>> report.statistics["state"].value_counts().to_dict()
    {'reported': 196, 'missing': 2}
    """
    path = Path(source)
    if path.is_dir():
        raise InputError(f"{path} is a folder", "read_corpus(folder) reads all its reports")
    records = read_source(Source(path.name, (path,)))
    return Report(**payload_frames([records_payload(records)]), document=records.document)
