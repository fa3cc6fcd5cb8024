"""The first pass over the sources: what is made of a batch in the process that reads it.

The frames of a batch go to a file. What the run as a whole needs of it is
little: counts, the widths of texts, and of each report the few facts that
rules across reports compare.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from toolkit.frames import FRAMES
from toolkit.reports.cells import spread
from toolkit.reports.consistency.across import across_facts
from toolkit.staging import Tables, put
from toolkit.summary import Summary
from toolkit.widefiles import sheet_rows, wide_table, widest

#: The tables of a part that can be written at once, and those that wait for all reports.
FINAL = (*(name for name in FRAMES if name != "findings"), "rows")
LATE = ("findings", "wide")
_CELLS = ["report", "part", "item", "category", "value", "state"]


class Part(NamedTuple):
    """A batch that was read: the files of its frames, and what the run keeps of it."""

    file: Path
    late: Path
    summary: Summary
    facts: pa.Table
    widths: dict[str, int]


def staged_part(tables: Tables, folder: Path) -> Part:
    """Put the frames of a batch and its wide table on disk.

    Parameters
    ----------
    tables : mapping
        The frames of a batch.
    folder : Path
        For the file.
    """
    reports, sections = tables["reports"], tables["sections"]
    cells = spread(tables["statistics"].select(_CELLS).to_pandas(), pd.Index(reports["report"].to_pylist()))
    texts = zip(sections["report"].to_pylist(), sections["text"].to_pylist())
    facts = across_facts(reports, cells, texts)
    summary = Summary()
    summary.add(tables)
    wide = wide_table(reports, cells)
    made = tables | {"wide": wide, "rows": sheet_rows(wide)}
    file, late = (put({name: made[name] for name in names}, folder) for names in (FINAL, LATE))
    widths = widest(reports)
    del wide, made, cells
    pa.default_memory_pool().release_unused()
    return Part(file, late, summary, facts, widths)
