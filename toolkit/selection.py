"""Which part of a corpus is wanted: reports, frames, columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.errors import InputError
from toolkit.frames import FRAMES, fields

LEVELS = ("central", "province", "prefecture", "county", "township", "other")
#: Columns of ``reports`` that tell whether a report is wanted.
TELLING = ("report", "year", "level", "province", "region_code")


@dataclass(frozen=True)
class Selection:
    """The part of a corpus that is wanted; None is all.

    Attributes
    ----------
    years, levels, provinces : sequence, optional
    regions : sequence, optional
        Codes of GB/T 2260; one of a province or a prefecture has all below it.
    frames : sequence of str
    columns : mapping
        Frame name -> columns; its key stays in any case.

    Raises
    ------
    InputError
        If there is no such level, frame or column.

    Examples
    --------
    >>> reports = pd.DataFrame({"report": ["a", "b"], "region_code": ["321322", "330100"]})
    >>> Selection(regions=["3213"]).mask(reports).tolist()
    [True, False]
    """

    years: Sequence[int] | None = None
    levels: Sequence[str] | None = None
    provinces: Sequence[str] | None = None
    regions: Sequence[str] | None = None
    frames: Sequence[str] = FRAMES
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _demand(self.levels or (), LEVELS, "level")
        _demand([*self.frames, *self.columns], FRAMES, "frame")
        for frame, columns in self.columns.items():
            _demand(columns, tuple(fields(frame)), f"column of {frame}")
        for code in self.regions or ():
            if not (str(code).isdigit() and 2 <= len(str(code)) <= 6):
                raise InputError(f"{code!r} is no code of a region", "2 to 6 digits of GB/T 2260, such as 3213")

    @property
    def is_whole(self) -> bool:
        """Whether every report is wanted."""
        return all(one is None for one in (self.years, self.levels, self.provinces, self.regions))

    def mask(self, reports: pd.DataFrame) -> np.ndarray:
        """Return which rows of ``reports`` are wanted."""
        asked = {"year": self.years, "level": self.levels, "province": self.provinces}
        masks = [reports[column].isin(list(values)) for column, values in asked.items() if values is not None]
        if self.regions is not None:
            stems = tuple(_stem(str(code)) for code in self.regions)
            masks.append(reports["region_code"].map(lambda code: isinstance(code, str) and code.startswith(stems)))
        return np.asarray(reduce(and_, masks, pd.Series(True, index=reports.index)), dtype=bool)

    def columns_of(self, frame: str) -> list[str]:
        """Return the columns of a frame that are wanted, its key among them."""
        wanted = self.columns.get(frame)
        key = "source" if frame == "failures" else "report"
        return [column for column in fields(frame) if wanted is None or column in wanted or column == key]


def selection(
    years: Sequence[int] | int | None,
    levels: Sequence[str] | str | None,
    provinces: Sequence[str] | str | None,
    regions: Sequence[str] | str | None,
    frames: Sequence[str] | str,
    columns: Mapping[str, Sequence[str]] | None,
) -> Selection:
    """Return a selection; one value stands for a list of one.

    Examples
    --------
    >>> selection(2021, "county", None, None, "reports", None).frames
    ['reports']
    """
    for year in _listed(years) or []:
        if not isinstance(year, int | np.integer):
            raise InputError(f"the year {year!r} is no number", "pass years as 2021 or [2020, 2021]")
    return Selection(
        _listed(years),
        _listed(levels),
        _listed(provinces),
        _listed(regions),
        _listed(frames) or [],
        columns or {},
    )


def _listed(given: Any) -> list[Any] | None:
    return given if given is None else [given] if isinstance(given, (str, int)) else list(given)


def _stem(code: str) -> str:
    """Return a code without the pairs of zeros that mean all below."""
    while len(code) > 2 and len(code) % 2 == 0 and code.endswith("00"):
        code = code[:-2]
    return code


def _demand(names: Iterable[str], known: Sequence[str], what: str) -> None:
    for name in names:
        if name not in known:
            raise InputError(f"there is no {what} {name!r}", f"one of {', '.join(known)}")


def in_order(table: pa.Table, reports: Sequence[str]) -> pa.Table:
    """Return a table's rows in the order of the reports, those of one report as they stand.

    Examples
    --------
    >>> in_order(pa.table({"report": ["b", "a", "b"], "n": [1, 2, 3]}), ["a", "b"])["n"].to_pylist()
    [2, 1, 3]
    """
    places = pc.index_in(table["report"], pa.array(reports, pa.string())).to_numpy()
    return table if (np.diff(places) >= 0).all() else table.take(np.argsort(places, kind="stable"))
