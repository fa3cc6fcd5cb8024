"""Batches on their way: kept on disk between the first pass over the sources and the second."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from toolkit.dataset import shut

Tables = dict[str, pa.Table]

_SUFFIX = ".arrow"


class Stage:
    """Named tables, batch after batch, each name in a file of its own.

    Parameters
    ----------
    folder : Path
        An empty folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     stage = Stage(Path(folder))
    ...     stage.write({"reports": pa.table({"report": ["a", "b"]})})
    ...     stage.write({"reports": pa.table({"report": ["c"]})})
    ...     stage.close()
    ...     counts = [len(tables["reports"]) for tables in stage]
    >>> counts
    [2, 1]
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pa.ipc.RecordBatchStreamWriter] = {}
        self._files: list[pa.NativeFile] = []

    def write(self, tables: Tables) -> None:
        """Append a batch."""
        for name, table in tables.items():
            if name not in self._writers:
                self._files.append(pa.OSFile(str(self._folder / f"{name}{_SUFFIX}"), "wb"))
                options = pa.ipc.IpcWriteOptions(compression="lz4")
                self._writers[name] = pa.ipc.new_stream(self._files[-1], table.schema, options=options)
            for batch in table.combine_chunks().to_batches() or [_empty(table.schema)]:
                self._writers[name].write_batch(batch)

    def close(self) -> None:
        """Finish the files."""
        for writer in self._writers.values():
            writer.close()
        for file in self._files:
            file.close()

    def abandon(self) -> None:
        """Let go of files that will not be finished."""
        shut(self._files)

    def __iter__(self) -> Iterator[Tables]:
        """Yield the batches again."""
        files = [pa.OSFile(str(self._folder / f"{name}{_SUFFIX}"), "rb") for name in self._writers]
        try:
            readers = dict(zip(self._writers, map(pa.ipc.open_stream, files)))
            for batches in zip(*readers.values()):
                yield {name: pa.Table.from_batches([batch]) for name, batch in zip(readers, batches)}
        finally:
            for file in files:
                file.close()


def _empty(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)
