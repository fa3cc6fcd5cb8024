"""The frames: which there are, their columns and types. ``fields.csv`` is their dictionary."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from io import StringIO
from typing import Any

import pandas as pd
import pyarrow as pa

#: The frames of a corpus, in the order in which they come about.
FRAMES = ("reports", "statistics", "mentions", "sections", "statements", "findings", "failures")

_IS_PANDAS_3 = int(pd.__version__.split(".")[0]) >= 3
_TYPES: dict[str, Any] = {
    "text": "str" if _IS_PANDAS_3 else "object",
    "number": "Float64",
    "integer": "Int64",
    "offset": "Int64",
    "flag": "bool",
}
_ARROW_TYPES = {
    "text": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "offset": pa.int64(),
    "flag": pa.bool_(),
}


@cache
def fields(frame: str) -> dict[str, dict[str, str]]:
    """Return column -> its entry in the dictionary, in the frame's order.

    Examples
    --------
    >>> list(fields("failures"))
    ['source', 'stage', 'error', 'message', 'hint']
    """
    text = resources.files("toolkit").joinpath("fields.csv").read_text(encoding="utf-8")
    return {row["column"]: row for row in csv.DictReader(StringIO(text)) if row["frame"] == frame}


def make_frame(frame: str, rows: Iterable[Mapping[str, Any]] = ()) -> pd.DataFrame:
    """Return a frame with its columns and types; what a row does not state is missing.

    Examples
    --------
    >>> make_frame("failures", [{"source": "a.html", "stage": "read"}])[["source", "hint"]].isna().values.tolist()
    [[False, True]]
    """
    rows = list(rows)
    data = {}
    for column, entry in fields(frame).items():
        values = [row.get(column) for row in rows]
        if entry["type"] == "flag":
            values = [bool(value) for value in values]
        elif entry["type"] == "number":
            values = [None if value is None else float(value) for value in values]
        data[column] = pd.Series(values, dtype=_TYPES[entry["type"]])
    return pd.DataFrame(data)


def as_frame(frame: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the columns and types of a frame; columns it lacks are missing."""
    data = {}
    for column, entry in fields(frame).items():
        values = table[column] if column in table else pd.Series([None] * len(table), index=table.index, dtype="object")
        if entry["type"] == "flag":
            values = values.astype("object").where(values.notna(), False).astype(bool)
        elif entry["type"] == "text" and (values.dtype != "str" or not _IS_PANDAS_3):
            values = values.astype("object").where(values.notna(), None).astype(_TYPES["text"])
        else:
            values = values.astype(_TYPES[entry["type"]])
        data[column] = values.reset_index(drop=True)
    return pd.DataFrame(data)


@cache
def arrow_schema(frame: str) -> pa.Schema:
    """Return the frame's schema for Parquet."""
    return pa.schema([(column, _ARROW_TYPES[entry["type"]]) for column, entry in fields(frame).items()])
