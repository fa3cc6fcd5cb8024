"""A Stata file (format 118) written row by row, with the memory of one batch.

The format wants the number of rows and the width of every text before the
first row; both are known after a first pass.

Source: the description of .dta format 118 in Stata's manual (``help dta``).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa

#: Bytes of the longest text that is no long string (strL).
MOST_BYTES = 2045
_DOUBLE, _BYTE = 65526, 65530
_MISSING = float.fromhex("0x1.0p+1023")
_NAME, _FORMAT, _LABEL, _VALUE_LABEL = 129, 57, 321, 129


class StataWriter:
    """Writes a table.

    Parameters
    ----------
    path : Path
    schema : pyarrow.Schema
        Texts, numbers (stored as doubles) and flags (bytes).
    rows : int
        How many rows will be written.
    widths : mapping
        Text column -> bytes of its longest text; what is longer is cut.
    labels : mapping
        Column -> label, cut to 80 characters.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> table = pa.table({"agency": ["甲县", None], "received": [3.0, None]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     writer = StataWriter(Path(folder) / "a.dta", table.schema, 2, {"agency": 6}, {"received": "新收"})
    ...     writer.write(table)
    ...     writer.close()
    ...     frame = pd.read_stata(Path(folder) / "a.dta")
    >>> frame.values.tolist()
    [['甲县', 3.0], ['', nan]]
    """

    def __init__(
        self, path: Path, schema: pa.Schema, rows: int, widths: Mapping[str, int], labels: Mapping[str, str]
    ) -> None:
        self._schema = schema
        self._widths = {
            field.name: min(max(widths.get(field.name, 1), 1), MOST_BYTES)
            for field in schema
            if pa.types.is_string(field.type)
        }
        self._dtype = np.dtype([(field.name, self._numpy_type(field)) for field in schema])
        self._file: IO[bytes] = path.open("wb")
        self._offsets = [0]
        self._start(rows, labels)

    def write(self, table: pa.Table) -> None:
        """Append rows."""
        data = np.zeros(len(table), dtype=self._dtype)
        for field in self._schema:
            column = table[field.name]
            if field.name in self._widths:
                data[field.name] = [_bytes(text, self._widths[field.name]) for text in column.to_pylist()]
            elif pa.types.is_boolean(field.type):
                data[field.name] = column.to_numpy().astype("i1")
            else:
                values = column.cast(pa.float64()).to_numpy()
                data[field.name] = np.where(np.isfinite(values), values, _MISSING)
        self._file.write(data.tobytes())

    def close(self) -> None:
        """Finish the file: its last parts, and where each part begins."""
        self._file.write(b"</data>")
        for part in ("strls", "value_labels"):
            self._mark()
            self._file.write(f"<{part}></{part}>".encode())
        self._mark()
        self._file.write(b"</stata_dta>")
        self._mark()
        self._file.seek(self._map)
        self._file.write(struct.pack(f"<{len(self._offsets)}Q", *self._offsets))
        self._file.close()

    def abandon(self) -> None:
        """Let go of a file that will not be finished."""
        with suppress(OSError):
            self._file.close()

    def _numpy_type(self, field: pa.Field) -> str:
        if field.name in self._widths:
            return f"S{self._widths[field.name]}"
        return "i1" if pa.types.is_boolean(field.type) else "<f8"

    def _mark(self) -> None:
        self._offsets.append(self._file.tell())

    def _start(self, rows: int, labels: Mapping[str, str]) -> None:
        names = self._schema.names
        self._file.write(
            b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>"
            + struct.pack("<H", len(names))
            + b"</K><N>"
            + struct.pack("<Q", rows)
            + b"</N><label>\0\0</label><timestamp>\0</timestamp></header>"
        )
        self._mark()
        self._map = self._file.tell() + len("<map>")
        self._file.write(b"<map>" + bytes(14 * 8) + b"</map>")
        self._part("variable_types", b"".join(struct.pack("<H", self._type(name)) for name in names))
        self._part("varnames", _texts(names, _NAME))
        self._part("sortlist", bytes(2 * (len(names) + 1)))
        self._part("formats", _texts([self._format(name) for name in names], _FORMAT))
        self._part("value_label_names", bytes(_VALUE_LABEL * len(names)))
        self._part("variable_labels", _texts([labels.get(name, "")[:80] for name in names], _LABEL))
        self._part("characteristics", b"")
        self._mark()
        self._file.write(b"<data>")

    def _part(self, name: str, content: bytes) -> None:
        self._mark()
        self._file.write(f"<{name}>".encode() + content + f"</{name}>".encode())

    def _type(self, name: str) -> int:
        return self._widths[name] if name in self._widths else _BYTE if self._dtype[name] == "i1" else _DOUBLE

    def _format(self, name: str) -> str:
        return (
            f"%-{self._widths[name]}s" if name in self._widths else "%8.0g" if self._type(name) == _BYTE else "%12.0g"
        )


def _texts(texts: list[str], width: int) -> bytes:
    return b"".join(_bytes(text, width - 1).ljust(width, b"\0") for text in texts)


def _bytes(text: str | None, width: int) -> bytes:
    """Return a text as UTF-8, cut between characters."""
    data = (text or "").replace("\0", "").encode("utf-8")
    return data if len(data) <= width else data[:width].decode("utf-8", "ignore").encode("utf-8")
