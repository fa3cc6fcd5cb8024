"""A frame as a Stata file: names, labels and missing values as Stata knows them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import InputError

NAME_LENGTH, LABEL_LENGTH = 32, 80
RESERVED = {
    *(
        "_all",
        "_b",
        "_coef",
        "_cons",
        "_n",
        "_N",
        "_pi",
        "_pred",
        "_rc",
        "_skip",
        "aggregate",
        "array",
        "boolean",
        "break",
    ),
    *("byte", "case", "catch", "class", "colvector", "complex", "const", "continue", "default", "delegate", "delete"),
    *("do", "double", "else", "eltypedef", "end", "enum", "explicit", "export", "external", "float", "for", "friend"),
    *("function", "global", "goto", "if", "in", "inline", "int", "local", "long", "NULL", "pragma", "protected"),
    *("quad", "rowvector", "short", "strL", "typedef", "typename", "using", "virtual", "with"),
}


def write_stata(frame: pd.DataFrame, target: Path, labels: Mapping[str, str], title: str = "") -> dict[str, str]:
    """Write a frame in Stata's format 118 and return what had to be changed, by column.

    Parameters
    ----------
    frame : DataFrame
    target : Path
    labels : mapping
        Labels by column, cut to 80 characters.
    title : str
        The label of the data, cut to 80 characters.

    Returns
    -------
    dict
        Per column: a new name, values that Stata cannot hold.

    Raises
    ------
    InputError
        If the frame has no columns.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     changes = write_stata(pd.DataFrame({"float": [np.inf]}), Path(folder) / "a.dta", {})
    >>> changes["float"]
    'Stata name: _float; 1 infinite values are missing'
    """
    if not len(frame.columns):
        raise InputError("the frame has no columns", "a frame with at least one column")
    names = stata_names(frame.columns)
    changes = {old: f"Stata name: {new}" for old, new in names.items() if old != new}
    columns: dict[str, pd.Series] = {}
    for old, new in names.items():
        columns[new], change = _column(frame[old])
        if change:
            changes[old] = "; ".join(filter(None, (changes.get(old, ""), change)))
    data = pd.DataFrame(columns, index=frame.index)
    data.to_stata(
        target,
        write_index=False,
        version=118,
        variable_labels={new: _cut(labels.get(old, old)) for old, new in names.items()},
        data_label=_cut(title) or None,
        # The day of writing would make the same data another file.
        time_stamp=datetime.datetime(2000, 1, 1),
        convert_dates={name: "td" for name in data if data[name].dtype.kind == "M"},
    )
    return changes


def stata_names(columns: Any) -> dict[str, str]:
    """Return a valid Stata name for every column: at most 32 letters, digits and _, not reserved, unique.

    Examples
    --------
    >>> stata_names(["year", "2023", "float", "公开率", "a" * 40])["2023"]
    '_2023'
    >>> stata_names(["a" * 33, "a" * 34])["a" * 34] == "a" * 30 + "_2"
    True
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for old in columns:
        new = re.sub(r"\W", "_", str(old))[:NAME_LENGTH] or "_"
        if new[0].isdigit() or new in RESERVED or re.fullmatch(r"str\d+", new):
            new = f"_{new}"[:NAME_LENGTH]
        # Windows and Excel do not tell letters by case, Stata does; a reader of both must.
        base, number = new, 2
        while new.lower() in taken:
            new = f"{base[: NAME_LENGTH - len(str(number)) - 1]}_{number}"
            number += 1
        taken.add(new.lower())
        names[old] = new
    return names


def _cut(text: str) -> str:
    text = str(text)
    return text if len(text) <= LABEL_LENGTH else text[: LABEL_LENGTH - 1] + "…"


def _column(column: pd.Series) -> tuple[pd.Series, str]:
    kind = column.dtype
    if pd.api.types.is_bool_dtype(kind) or pd.api.types.is_numeric_dtype(kind):
        return _numbers(column)
    if pd.api.types.is_datetime64_any_dtype(kind):
        times = column.dt.tz_localize(None) if getattr(kind, "tz", None) is not None else column
        lost = bool((times.dropna() != times.dropna().dt.normalize()).any())
        return times.dt.normalize(), "time of day left out" if lost else ""
    held = column.dropna()
    if len(held) and all(isinstance(value, (bool, int, float, np.number)) for value in held):
        return _numbers(column.astype("Float64"))
    text = column.astype("object").map(lambda value: "" if pd.isna(value) else str(value)).astype("object")
    return text.str.replace("\0", "\ufffd", regex=False).astype("object"), ""


def _numbers(column: pd.Series) -> tuple[pd.Series, str]:
    numbers = column.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    endless = np.isinf(numbers)
    numbers = np.where(endless, np.nan, numbers)
    change = f"{int(endless.sum())} infinite values are missing" if endless.any() else ""
    whole = len(numbers) and not np.isnan(numbers).any() and (numbers == np.round(numbers)).all()
    was_float = pd.api.types.is_float_dtype(column.dtype)
    if whole and not was_float and np.abs(numbers).max() < 2_147_483_000:
        small = np.abs(numbers).max() <= 100
        return pd.Series(numbers.astype(np.int8 if small else np.int32), index=column.index), change
    return pd.Series(numbers, index=column.index), change
