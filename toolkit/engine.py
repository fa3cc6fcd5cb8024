"""Many sources: all cores, a cache by content, progress, and nothing lost when one fails.

Workers return the frames of a batch; batches come back in the order of the
sources, whatever the number of processes. What a source says is cached under
the hash of its content, its name and the toolkit's version, so that reading
again reads only what changed and a run that was killed goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa

from toolkit import __version__
from toolkit.batch import Payload, payload_frames, source_payload
from toolkit.frames import FRAMES, arrow_schema
from toolkit.sources import Source

#: Reports in a batch: large enough to outweigh the hand-over, small enough to hold.
BATCH = 50
#: Fewer sources than this are read here: starting processes takes a second or two.
_FEW = 60

Tables = dict[str, pa.Table]


def read_batches(
    sources: Sequence[Source], processes: int | None = None, cache: Path | None = None, size: int = BATCH
) -> Iterator[tuple[int, Tables]]:
    """Yield the number of sources and the frames, as Arrow tables, of one batch after the other.

    Parameters
    ----------
    sources : sequence of Source
    processes : int, optional
        All cores by default; 1 reads here.
    cache : Path, optional
        Folder in which what each source says is kept.
    size : int
        Sources in a batch.

    Yields
    ------
    count, tables
        In the order of the sources.
    """
    batches = [tuple(sources[start : start + size]) for start in range(0, len(sources), size)]
    processes = processes or (os.cpu_count() or 1 if len(sources) >= _FEW else 1)
    if processes == 1:
        for batch in batches:
            yield len(batch), read_batch(batch, cache)
        return
    yield from _read_parallel(batches, processes, cache)


def read_batch(batch: Sequence[Source], cache: Path | None) -> Tables:
    """Return the frames of some sources as Arrow tables."""
    payloads = [cached_payload(source, cache) for source in batch]
    frames = payload_frames(payloads)
    return {
        name: pa.Table.from_pandas(frames[name], schema=arrow_schema(name), preserve_index=False) for name in FRAMES
    }


def cached_payload(source: Source, cache: Path | None) -> Payload:
    """Return what a source says, from the cache if its content is unchanged."""
    place = None if cache is None else _place(source, cache)
    if place is not None and place.exists():
        try:
            return json.loads(zlib.decompress(place.read_bytes()))
        except (OSError, ValueError, zlib.error):
            pass  # a damaged entry is no entry
    payload = source_payload(source)
    if place is not None and "failures" not in payload:
        _keep(place, payload)
    return payload


def _place(source: Source, cache: Path) -> Path | None:
    """Return where a source's payload is kept; None where the source cannot be hashed."""
    digest = hashlib.sha256(f"{source.name}\0{source.simulated}".encode())
    try:
        for path in source.paths:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    except OSError:
        return None
    key = digest.hexdigest()
    return cache / __version__ / key[:2] / f"{key[2:]}.z"


def _keep(place: Path, payload: Payload) -> None:
    """Write a cache entry so that it is there as a whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_suffix(f".{os.getpid()}.tmp")
    partial.write_bytes(zlib.compress(json.dumps(payload, ensure_ascii=False, default=float).encode("utf-8"), 1))
    os.replace(partial, place)


def _read_parallel(
    batches: Sequence[tuple[Source, ...]], processes: int, cache: Path | None
) -> Iterator[tuple[int, Tables]]:
    waiting = deque(batches)
    while waiting:
        try:
            yield from _pool_run(waiting, processes, cache)
        except BrokenProcessPool:
            # A file took its process down: its batch is read source by source, each in a process of its own.
            batch = waiting.popleft()
            yield len(batch), _read_apart(batch, cache)


def _pool_run(waiting: deque[tuple[Source, ...]], processes: int, cache: Path | None) -> Iterator[tuple[int, Tables]]:
    """Read batches in a pool; ``waiting`` keeps those that have not come back."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        running: deque[Future[Tables]] = deque()
        started = 0
        try:
            while waiting:
                while started < len(waiting) and len(running) < 2 * processes:
                    running.append(pool.submit(read_batch, waiting[started], cache))
                    started += 1
                tables = running.popleft().result()
                started -= 1
                yield len(waiting.popleft()), tables
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _read_apart(batch: Sequence[Source], cache: Path | None) -> Tables:
    tables = [_read_alone(source, cache) for source in batch]
    return {name: pa.concat_tables([one[name] for one in tables]) for name in FRAMES}


def _read_alone(source: Source, cache: Path | None) -> Tables:
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            return pool.submit(read_batch, (source,), cache).result()
    except BrokenProcessPool:
        message = "reading the file took the process down (out of memory, or a damaged file)"
        failure = {"source": source.name, "stage": "read", "error": "BrokenProcessPool", "message": message}
        failure["hint"] = "save the report alone, in another format"
        frames = payload_frames([{"failures": [failure]}])
        return {name: pa.Table.from_pandas(frames[name], arrow_schema(name), preserve_index=False) for name in FRAMES}
