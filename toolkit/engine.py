"""Many sources: all cores, a cache by content, and nothing lost when one fails.

Sources are read in batches, which come back in the order of the sources,
whatever the number of processes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from toolkit.batch import Payload, payload_frames
from toolkit.cache import cached_payload
from toolkit.frames import FRAMES, arrow_schema
from toolkit.pool import run_jobs
from toolkit.sources import Source

#: Reports in a batch: large enough to outweigh the hand-over, small enough to hold.
BATCH = 25
#: The last batches are smaller, down to this: else one process reads its last long after the others are done.
_SMALLEST = 5
_TAPERED = 4
#: Fewer sources than this, pages and texts alone, are read here: starting processes takes a second.
_FEW = 10
_PLAIN = frozenset([".html", ".htm", ".txt"])
_MOST_BYTES_HERE = 2_000_000
_MOST_CHARACTERS = 500

Tables = dict[str, pa.Table]


class Finish(Protocol):
    """What is made of the frames of a batch, in the process that read them."""

    def __call__(self, tables: Tables, /) -> Any:
        """Return what is handed over in place of the tables."""


def read_batches(
    sources: Sequence[Source],
    processes: int | None = None,
    cache: Path | None = None,
    size: int = BATCH,
    finish: Finish | None = None,
) -> Iterator[tuple[int, Any]]:
    """Yield the number of sources and the frames, as Arrow tables, of one batch after the other.

    Parameters
    ----------
    sources : sequence of Source
    processes : int, optional
        All cores by default; 1 reads here, where a file that crashes its
        reader ends the run.
    cache : Path, optional
        Folder in which what each source says is kept.
    size : int
        Sources in a batch.
    finish : function of module level, optional
        Applied to each batch where it is read; what it returns is yielded.

    Yields
    ------
    count, tables
        In the order of the sources.
    """
    batches = batches_of(sources, size)
    work = partial(read_batch, cache=cache, finish=finish)
    if processes == 1 or (processes is None and _are_few_and_plain(sources)):
        for batch in batches:
            yield len(batch), work(batch)
        return
    for number, tables in run_jobs(batches, work, processes or os.cpu_count() or 1):
        yield len(batches[number]), tables


def batches_of(sources: Sequence[Source], size: int = BATCH) -> list[tuple[Source, ...]]:
    """Return the sources in batches, which depend on their number alone.

    Examples
    --------
    >>> [len(batch) for batch in batches_of([Source("a", ())] * 130)]
    [25, 25, 20, 15, 11, 8, 6, 5, 5, 5, 5]
    """
    batches, start = [], 0
    while start < len(sources):
        left = len(sources) - start
        stop = start + min(size, max(left // _TAPERED, _SMALLEST))
        batches.append(tuple(sources[start:stop]))
        start = stop
    return batches


def _are_few_and_plain(sources: Sequence[Source]) -> bool:
    if len(sources) >= _FEW:
        return False
    return all(_is_plain(path) for source in sources for path in source.paths)


def _is_plain(path: Path) -> bool:
    """Return whether a file's reader cannot crash: a page or a text, by suffix and by content, and small."""
    try:
        if path.suffix.lower() not in _PLAIN or path.stat().st_size > _MOST_BYTES_HERE:
            return False
        with path.open("rb") as file:
            return b"%PDF-" not in file.read(1024)
    except OSError:
        return True  # it will not be read at all


def read_batch(
    batch: Sequence[Source],
    known: Mapping[int, str] | None = None,
    begin: Callable[[int], None] | None = None,
    cache: Path | None = None,
    finish: Finish | None = None,
) -> Any:
    """Return the frames of some sources as Arrow tables.

    Parameters
    ----------
    batch : sequence of Source
    known : mapping, optional
        Place in the batch -> why that source is not read: it took a process
        down before.
    begin : function, optional
        Told the place of each source before it is read.
    cache : Path, optional
    finish : function, optional
    """
    payloads = []
    for place, source in enumerate(batch):
        if known and place in known:
            payloads.append(_not_read(source, known[place]))
            continue
        if begin:
            begin(place)
        payloads.append(cached_payload(source, cache))
    tables = _tables(batch, payloads)
    return finish(tables) if finish else tables


def _tables(batch: Sequence[Source], payloads: Sequence[Payload]) -> Tables:
    """Return the frames of the payloads; one whose frames cannot be made becomes a failure."""
    try:
        frames = payload_frames(payloads)
    except Exception as error:
        if len(batch) == 1:
            return _tables(batch, [_not_read(batch[0], f"unexpected: {error!r}"[:_MOST_CHARACTERS], "code")])
        parts = [_tables([source], [payload]) for source, payload in zip(batch, payloads)]
        return {name: pa.concat_tables([part[name] for part in parts]) for name in FRAMES}
    return {name: pa.Table.from_pandas(frames[name], arrow_schema(name), preserve_index=False) for name in FRAMES}


def _not_read(source: Source, reason: str, stage: str = "read") -> Payload:
    failure = {"source": source.name, "stage": stage, "error": "SourceError", "message": reason}
    return {"failures": [failure | {"hint": "save the report alone, in another format"}]}
