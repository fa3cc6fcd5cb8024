"""Batches on their way: kept on disk between the first pass over the sources and the second.

Whoever reads a batch writes it here, so that a worker hands over the name of
a file and not its content.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

Tables = dict[str, pa.Table]

_SUFFIX = ".arrow"
_BUFFER = 2**20
# Threads of Arrow would only wait for cores that other workers use.
_WRITE = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
_READ = pa.ipc.IpcReadOptions(use_threads=False)


def put(tables: Tables, folder: Path) -> Path:
    """Write the tables of a batch, one after the other, to a new file of the folder.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     part = put({"reports": pa.table({"report": ["a", "b"]})}, Path(folder))
    ...     tables = take(part, ["reports"])
    >>> tables["reports"]["report"].to_pylist()
    ['a', 'b']
    """
    number, name = tempfile.mkstemp(_SUFFIX, dir=folder)
    os.close(number)
    # Hundreds of columns of a few rows each would else be as many writes.
    with pa.output_stream(name, buffer_size=_BUFFER) as file:
        for table in tables.values():
            with pa.ipc.new_stream(file, table.schema, options=_WRITE) as writer:
                writer.write_table(table.combine_chunks())
    return Path(name)


def take(part: Path, names: Sequence[str]) -> Tables:
    """Return the tables of a batch by name, and remove the file.

    Parameters
    ----------
    part : Path
        As :func:`put` returned it.
    names : sequence of str
        The names of the tables, in the order in which they were put.
    """
    tables = {}
    with pa.OSFile(str(part), "rb") as file:
        for name in names:
            with pa.ipc.open_stream(file, options=_READ) as reader:
                tables[name] = reader.read_all()
    part.unlink()
    return tables
