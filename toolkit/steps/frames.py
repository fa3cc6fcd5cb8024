"""The frames of a study: the statements written again once clusters and reuse are known."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa

from toolkit import dataset
from toolkit.dataset import PARTIAL, FrameWriter
from toolkit.frames import arrow_schema, as_frame
from toolkit.sources import MANIFEST


def rewrite_statements(folder: Path, statements: pd.DataFrame, reports: pd.DataFrame) -> None:
    """Replace the frame ``statements`` in a folder of frames.

    The manifest goes first and comes back last: a run that is stopped in
    between leaves a folder that says of itself that it is incomplete.

    Parameters
    ----------
    folder : Path
        As ``toolkit parse`` has written it.
    statements : DataFrame
        All statements of the corpus, with whatever has become known of them.
    reports : DataFrame
        report and year: above 10,000 reports the frame is partitioned by year.

    Examples
    --------
    >>> import tempfile
    >>> from toolkit import parse, read_corpus
    >>> with tempfile.TemporaryDirectory() as name:
    ...     summary = parse("corpus/dongguan2020.txt", name, progress=False)
    ...     corpus = read_corpus(name)
    ...     rewrite_statements(Path(name), corpus.statements.assign(cluster=3), corpus.reports)
    ...     read_corpus(name).statements["cluster"].unique().tolist()
    [3]
    """
    partitioned = (folder / "statements.parquet").is_dir() or len(reports) > dataset.MANY_REPORTS
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    writer = FrameWriter(folder, "statements", partitioned)
    table = pa.Table.from_pandas(as_frame("statements", statements), arrow_schema("statements"), preserve_index=False)
    years = {report: None if pd.isna(year) else int(year) for report, year in zip(reports["report"], reports["year"])}
    writer.write(table, years)
    writer.close()
    (folder / MANIFEST).unlink()
    _replace(folder, "statements.parquet")
    if not partitioned:
        _replace(folder, "statements.csv")
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    partial = folder / f"{MANIFEST}{PARTIAL}"
    partial.write_text(text, encoding="utf-8", newline="\n")
    os.replace(partial, folder / MANIFEST)


def _replace(folder: Path, name: str) -> None:
    target = folder / name
    if target.is_dir():
        shutil.rmtree(target)
    os.replace(folder / f"{name}{PARTIAL}", target)
