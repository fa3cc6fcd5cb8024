"""Many sources: all cores, a cache by content, and nothing lost when one fails.

Sources are read in batches, which come back in the order of the sources,
whatever the number of processes.
"""

from __future__ import annotations

import os
import pickle
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Batch:
    """Some sources, packed: thousands wait their turn, and a path takes a kilobyte as an object, fifty bytes packed."""

    count: int
    packed: bytes

    def sources(self) -> tuple[Source, ...]:
        """Return the sources."""
        return pickle.loads(zlib.decompress(self.packed))


class Finish(Protocol):
    """What is made of the frames of a batch, in the process that read them."""

    def __call__(self, tables: Tables, /) -> Any:
        """Return what is handed over in place of the tables."""


def read_batches(
    batches: Sequence[Batch], processes: int | None = None, cache: Path | None = None, finish: Finish | None = None
) -> Iterator[tuple[int, Any]]:
    """Yield the number of sources and the frames, as Arrow tables, of one batch after the other.

    Parameters
    ----------
    batches : sequence of Batch
    processes : int, optional
        All cores by default; 1 reads here, where a file that crashes its
        reader ends the run.
    cache : Path, optional
        Folder in which what each source says is kept.
    finish : function of module level, optional
        Applied to each batch where it is read; what it returns is yielded.

    Yields
    ------
    count, tables
        In the order of the sources.
    """
    work = partial(read_batch, cache=cache, finish=finish)
    if processes == 1 or (processes is None and _are_few_and_plain(batches)):
        for batch in batches:
            yield batch.count, work(batch)
        return
    for number, tables in run_jobs(batches, work, processes or os.cpu_count() or 1):
        yield batches[number].count, tables


def batches_of(sources: Sequence[Source], size: int = BATCH) -> list[Batch]:
    """Return the sources in batches, which depend on their number alone.

    Parameters
    ----------
    sources : sequence of Source
    size : int
        Sources in a batch; the last are smaller.

    Examples
    --------
    >>> batches = batches_of([Source("a", ())] * 128)
    >>> [batch.count for batch in batches]
    [25, 25, 19, 14, 11, 8, 6, 5, 5, 5, 5]
    >>> batches[-1].sources()[0]
    Source(name='a', files=(), simulated=False, capture=None)
    """
    batches, start = [], 0
    while start < len(sources):
        left = len(sources) - start
        some = tuple(sources[start : start + min(size, max(left // _TAPERED, _SMALLEST))])
        batches.append(Batch(len(some), zlib.compress(pickle.dumps(some))))
        start += len(some)
    return batches


def _are_few_and_plain(batches: Sequence[Batch]) -> bool:
    if sum(batch.count for batch in batches) >= _FEW:
        return False
    return all(_is_plain(path) for batch in batches for source in batch.sources() for path in source.paths)


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
    batch: Batch,
    known: Mapping[int, str] | None = None,
    begin: Callable[[int], None] | None = None,
    cache: Path | None = None,
    finish: Finish | None = None,
) -> Any:
    """Return the frames of some sources as Arrow tables.

    Parameters
    ----------
    batch : Batch
    known : mapping, optional
        Place in the batch -> why that source is not read: it took a process
        down before.
    begin : function, optional
        Told the place of each source before it is read.
    cache : Path, optional
    finish : function, optional
    """
    sources = batch.sources()
    payloads = []
    for place, source in enumerate(sources):
        if known and place in known:
            payloads.append(_not_read(source, known[place]))
            continue
        if begin:
            begin(place)
        payloads.append(cached_payload(source, cache))
    tables = _tables(sources, payloads)
    return finish(tables) if finish else tables


def _tables(sources: Sequence[Source], payloads: Sequence[Payload]) -> Tables:
    """Return the frames of the payloads; one whose frames cannot be made becomes a failure."""
    try:
        frames = payload_frames(payloads)
    except Exception as error:
        if len(sources) == 1:
            return _tables(sources, [_not_read(sources[0], f"unexpected: {error!r}"[:_MOST_CHARACTERS], "code")])
        parts = [_tables([source], [payload]) for source, payload in zip(sources, payloads)]
        return {name: pa.concat_tables([part[name] for part in parts]) for name in FRAMES}
    return {name: pa.Table.from_pandas(frames[name], arrow_schema(name), preserve_index=False) for name in FRAMES}


def _not_read(source: Source, reason: str, stage: str = "read") -> Payload:
    failure = {"source": source.name, "stage": stage, "error": "SourceError", "message": reason}
    return {"failures": [failure | {"hint": "save the report alone, in another format"}]}
