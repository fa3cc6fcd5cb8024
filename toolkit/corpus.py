"""Reports as frames: one report, or a corpus of many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
from tqdm import tqdm

from toolkit import face
from toolkit.batch import payload_frames, read_source, records_payload
from toolkit.dataset import load_frames
from toolkit.engine import Batch, batches_of, read_batches
from toolkit.errors import InputError
from toolkit.frames import FRAMES, as_frame, make_frame
from toolkit.reports.consistency.across import Across
from toolkit.reports.document import Document
from toolkit.selection import Selection, selection
from toolkit.sources import Source, find_sources, is_output


@dataclass
class Corpus:
    """The frames of many reports. Frames are the interface; this only carries them.

    Attributes
    ----------
    reports, statistics, mentions, sections, statements, findings, failures : DataFrame
        Their columns stand in :func:`toolkit.codebook`.
    """

    reports: pd.DataFrame = field(default_factory=partial(make_frame, "reports"), repr=False)
    statistics: pd.DataFrame = field(default_factory=partial(make_frame, "statistics"), repr=False)
    mentions: pd.DataFrame = field(default_factory=partial(make_frame, "mentions"), repr=False)
    sections: pd.DataFrame = field(default_factory=partial(make_frame, "sections"), repr=False)
    statements: pd.DataFrame = field(default_factory=partial(make_frame, "statements"), repr=False)
    findings: pd.DataFrame = field(default_factory=partial(make_frame, "findings"), repr=False)
    failures: pd.DataFrame = field(default_factory=partial(make_frame, "failures"), repr=False)

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

    def __repr__(self) -> str:
        return face.text(self, lang="en") if len(self.reports) == 1 else super().__repr__()

    def _repr_html_(self) -> str | None:
        """Return the face that a notebook shows; ``face.html(report, lang="en")`` has it in English."""
        return face.html(self) if len(self.reports) == 1 else None


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
    if not isinstance(source, (str, Path)):
        raise InputError(f"a report's source is a path, not {type(source).__name__}", "pass the path of its file")
    path = Path(source)
    if path.is_dir():
        raise InputError(f"{path} is a folder", "read_corpus(folder) reads all its reports")
    records = read_source(Source(path.name, (str(path),)))
    return Report(**payload_frames([records_payload(records)]), document=records.document)


def read_corpus(
    source: str | Path | Iterable[str | Path],
    years: Sequence[int] | int | None = None,
    levels: Sequence[str] | str | None = None,
    provinces: Sequence[str] | str | None = None,
    regions: Sequence[str] | str | None = None,
    frames: Sequence[str] | str = FRAMES,
    columns: Mapping[str, Sequence[str]] | None = None,
    processes: int | None = None,
    cache: str | Path | None = None,
    progress: bool = True,
) -> Corpus:
    """Read reports, or load the frames that ``toolkit parse`` has written.

    Parameters
    ----------
    source : path or several
        Files and folders of reports; or one folder of frames, of which only
        what is asked is loaded: partitions of other years and other columns
        are not touched.
    years, levels, provinces : sequence or one, optional
        Only these reports.
    regions : sequence or one, optional
        Only reports of these regions: codes of GB/T 2260, ``32`` or
        ``320000`` for a province with all below it, ``3213``, ``321322``.
    frames : sequence or one
        Only these frames; the others are empty.
    columns : mapping, optional
        Frame name -> the columns wanted beside its key; the others are missing.
    processes : int, optional
        All cores by default; 1 reads in this process, where a file that
        crashes its reader ends it.
    cache : path, optional
        Folder in which what each source says is kept: reading again reads
        only what changed.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Corpus
        What could not be read stands in ``failures``; it stops nothing.
        Rows stand in the order of the reports' names. Copies and rules
        across reports are told from all reports of the source, wanted or not.

    Raises
    ------
    SourceError
        If a path is not there, or a folder of frames is not complete.
    InputError
        If a level, a frame or a column is asked that there is not.

    Examples
    --------
    >>> corpus = read_corpus("corpus/dongguan2020.txt", progress=False)
    >>> corpus.reports[["agency", "year", "form"]].values.tolist()
    [['平凉市崆峒区东关街道办事处', 2020, '2019']]
    >>> len(read_corpus("corpus/dongguan2020.txt", years=2021, progress=False))
    0
    """
    chosen = selection(years, levels, provinces, regions, frames, columns)
    if isinstance(source, (str, Path)) and is_output(Path(source)):
        return Corpus.from_frames(load_frames(Path(source), chosen))
    batches = batches_of(find_sources(source))
    corpus = _read_sources(batches, processes, None if cache is None else Path(cache), progress)
    return _chosen(corpus, chosen)


def _read_sources(batches: Sequence[Batch], processes: int | None, cache: Path | None, progress: bool) -> Corpus:
    tables: dict[str, list[pa.Table]] = {name: [] for name in FRAMES}
    with tqdm(total=sum(batch.count for batch in batches), unit="file", disable=not progress) as bar:
        for count, read in read_batches(batches, processes, cache):
            for name in FRAMES:
                tables[name].append(read[name])
            bar.update(count)
    frames = {
        name: as_frame(name, pa.concat_tables(tables[name]).to_pandas()) if tables[name] else make_frame(name)
        for name in FRAMES
    }
    return Corpus(**fill_across(frames))


def fill_across(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Fill what needs all reports: duplicates, and findings across reports."""
    across = Across()
    across.add(frames)
    reports = frames["reports"]
    copies = reports.assign(duplicate_of=reports["report"].map(across.duplicates()))
    findings = pd.concat([frames["findings"], across.findings()], ignore_index=True)
    order = {report: place for place, report in enumerate(reports["report"])}
    findings = findings.sort_values("report", key=lambda names: names.map(order), kind="stable", ignore_index=True)
    return frames | {"reports": as_frame("reports", copies), "findings": as_frame("findings", findings)}


def _chosen(corpus: Corpus, chosen: Selection) -> Corpus:
    """Keep the reports, frames and columns asked for."""
    kept = {name: frame[chosen.columns_of(name)] for name, frame in corpus.frames().items() if name in chosen.frames}
    if not chosen.is_whole:
        wanted = set(corpus.reports.loc[chosen.mask(corpus.reports), "report"])
        for name, frame in kept.items():
            if "report" in frame:
                kept[name] = frame[frame["report"].isin(wanted)]
    return Corpus.from_frames(kept)
