"""Rules that need more than one report: copies, years that follow each other, bodies in a territory.

``Across`` keeps a few numbers of each report in a database on disk, and takes
from it some bodies and those right below them at a time, which are all that is
ever compared. So memory does not grow with the number of reports. Of these rules
only what does not hold is a finding, all soft: a merger, another scope or a
correction may be the reason. A blank or missing cell contradicts nothing.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from toolkit.errors import SourceError
from toolkit.frames import arrow_schema, as_frame
from toolkit.reports.cells import CellTable, Key, places_of, spread
from toolkit.reports.checks import as_findings
from toolkit.reports.consistency.children import COUNTED, children_findings
from toolkit.reports.consistency.years import FOLLOWED, year_findings
from toolkit.reports.folding import fold

#: Cells of which the rules across reports need the figures.
KEPT: tuple[Key, ...] = tuple(dict.fromkeys([*FOLLOWED, *COUNTED]))

_FACTS = ("report", "agency_id", "parent_id", "agency_type", "scope", "year", "simulated")
_FIGURES = pa.list_(pa.float64(), len(KEPT))
_SCHEMA = pa.schema(
    [*(arrow_schema("reports").field(name) for name in _FACTS), ("body", pa.int64()), ("figures", _FIGURES)]
)
_SHORTEST_BODY = 50
_NO_WORD = re.compile(r"\W+")
#: Reports that are compared at once, those of the bodies below them not counted.
_AT_ONCE = 2_000
_COLUMNS = (*_FACTS, "body", "figures")
_SET_UP = f"""
PRAGMA journal_mode = OFF;
PRAGMA cache_size = -1024;
CREATE TABLE facts (place INTEGER PRIMARY KEY, {", ".join(_COLUMNS)});
CREATE INDEX bodies ON facts (body);
BEGIN;
"""
_INSERT = f"INSERT INTO facts VALUES (:place, {', '.join(f':{name}' for name in _COLUMNS)})"
# What is not known contradicts nothing.
_FIRST = """
SELECT report FROM facts
WHERE body = :body AND coalesce(agency_id = :agency_id, 1) AND coalesce(year = :year, 1) ORDER BY place LIMIT 1
"""
_INDEX = """
CREATE INDEX IF NOT EXISTS agencies ON facts (agency_id, year);
CREATE INDEX IF NOT EXISTS parents ON facts (parent_id);
"""
_SIZES = """
SELECT agency_id, count(*) FROM facts WHERE agency_id NOT NULL AND year NOT NULL GROUP BY agency_id ORDER BY agency_id
"""
_FAMILIES = """
SELECT * FROM facts WHERE agency_id NOT NULL AND year NOT NULL
AND (agency_id BETWEEN :first AND :last OR parent_id BETWEEN :first AND :last) ORDER BY place
"""


def across_facts(reports: pa.Table, cells: CellTable, sections: Iterable[tuple[str, str | None]]) -> pa.Table:
    """Return what :class:`Across` keeps of some reports.

    Parameters
    ----------
    reports : pyarrow.Table
        With report, agency_id, parent_id, agency_type, scope, year, simulated.
    cells : CellTable
        Of these reports, in their order.
    sections : iterable of (report, text)

    Returns
    -------
    pyarrow.Table
        These columns, ``body`` (a hash of the folded text, 0 for none) and
        ``figures`` (of the cells ``KEPT``, NaN where none is reported).
    """
    bodies = _bodies(sections)
    hashes = pa.array([bodies.get(report, 0) for report in reports["report"].to_pylist()], pa.int64())
    figures = pa.array(cells.values[:, places_of(KEPT)].ravel())
    facts = [reports[name].combine_chunks() for name in _FACTS]
    return pa.Table.from_arrays([*facts, hashes, pa.FixedSizeListArray.from_arrays(figures, len(KEPT))], schema=_SCHEMA)


class Across:
    """Collects the few facts of each report that rules across reports compare.

    Examples
    --------
    >>> cells = pd.DataFrame({"report": ["a", "b"], "part": "applications",
    ...     "item": ["carried_forward", "brought_forward"], "category": "total", "value": [3, 5], "state": "reported"})
    >>> reports = pd.DataFrame({"report": ["a", "b"], "agency_id": "321322沭阳县教育局", "year": [2022, 2023]})
    >>> across = Across()
    >>> across.add({"reports": reports, "statistics": cells})
    >>> across.findings()[["report", "rule", "lhs", "rhs"]].values.tolist()
    [['b', 'carry_over', 5.0, 3.0]]
    """

    def __init__(self) -> None:
        # Without a name it is a temporary file, which is gone with the connection.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._database.close)
        with _room():
            self._database.executescript(_SET_UP)
        self._reports = 0
        self._copies: dict[str, str] = {}
        self._found: list[dict[str, Any]] = []

    def add(self, frames: Mapping[str, pd.DataFrame]) -> None:
        """Add the reports of some frames: reports and statistics, and sections where there are some."""
        reports = as_frame("reports", frames["reports"]).sort_values("report", ignore_index=True)
        cells = spread(frames["statistics"], pd.Index(reports["report"]))
        sections = frames["sections"] if "sections" in frames else pd.DataFrame({"report": [], "text": []})
        table = pa.Table.from_pandas(reports, arrow_schema("reports"), preserve_index=False)
        self.add_facts(across_facts(table, cells, zip(sections["report"], sections["text"])))

    def add_facts(self, facts: pa.Table) -> dict[str, str]:
        """Add what :func:`across_facts` returned of some reports, which come in the order of their names.

        Returns
        -------
        dict
            Those of them that are copies -> the first report with the same
            text. Reports that are known to be of different bodies or years
            are no copies of each other, though the text may be copied.

        Raises
        ------
        SourceError
            If the folder for temporary files is full.
        """
        copies = {}
        with _room():
            for place, row in enumerate(_rows(facts), self._reports):
                first = self._database.execute(_FIRST, row).fetchone() if row["body"] else None
                if first:
                    copies[row["report"]] = first[0]
                    self._found.append(_copy(row["report"], first[0], row["simulated"]) | {"order": place})
                else:
                    self._database.execute(_INSERT, row | {"place": place})
        self._reports += len(facts)
        self._copies |= copies
        return copies

    def duplicates(self) -> dict[str, str]:
        """Return report -> the first report, by name, with the same text."""
        return self._copies

    def findings(self) -> pd.DataFrame:
        """Return the findings across reports, in the order in which the reports were added.

        Raises
        ------
        SourceError
            If the folder for temporary files is full.
        """
        places = {key: place for place, key in enumerate(KEPT)}
        found = list(self._found)
        with _room():
            self._database.executescript(_INDEX)
            for some in self._families():
                found += _compared(*some, places)
        return as_findings(sorted(found, key=itemgetter("order")))

    def _families(self) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
        """Yield facts and figures of some bodies, and of those below them; ``is_own`` tells the first from these."""
        for first, last in self._ranges():
            rows = self._database.execute(_FAMILIES, {"first": first, "last": last}).fetchall()
            *columns, figures = zip(*rows)
            facts = pd.DataFrame(dict(zip(("order", *_COLUMNS), columns))).astype({"simulated": bool})
            is_own = facts["agency_id"].between(first, last)
            yield facts.assign(is_own=is_own), np.frombuffer(b"".join(figures)).reshape(-1, len(KEPT))

    def _ranges(self) -> Iterator[tuple[str, str]]:
        """Yield the first and the last of bodies that have about as many reports as are compared at once."""
        first, reports = None, 0
        for agency, count in self._database.execute(_SIZES):
            first, last, reports = first or agency, agency, reports + count
            if reports >= _AT_ONCE:
                yield first, last
                first, reports = None, 0
        if first:
            yield first, last


def _rows(facts: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield the facts of each report, its figures as bytes."""
    figures = facts["figures"].combine_chunks().flatten().to_numpy().reshape(-1, len(KEPT))
    for row, values in zip(facts.drop_columns(["figures"]).to_pylist(), figures):
        yield row | {"figures": values.tobytes()}


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        message = f"the folder for temporary files is full or cannot be written ({error})"
        raise SourceError(message, "make room there, or name another in SQLITE_TMPDIR (on Windows in TMP)") from error


def _compared(facts: pd.DataFrame, values: np.ndarray, places: Mapping[Key, int]) -> Iterator[dict[str, Any]]:
    """Yield what does not hold in some families."""
    is_own = facts["is_own"].to_numpy(bool)
    own = facts[is_own].reset_index(drop=True)
    order = dict(zip(own["report"], own["order"]))
    # One that is here as a child is compared with its other years, and with its own children, in its own family.
    children = facts.assign(scope=facts["scope"].where(is_own))
    for row in [*year_findings(own, values[is_own], places), *children_findings(children, values, places)]:
        yield row | {"order": order[row["report"]]}


def _copy(report: str, original: str, simulated: bool) -> dict[str, object]:
    found = {"report": report, "rule": "duplicate", "severity": "soft", "verdict": "broken", "simulated": simulated}
    return found | {"note": f"the same text as {original}"}


def _bodies(sections: Iterable[tuple[str, str | None]]) -> dict[str, int]:
    """Return a hash of each report's folded text."""
    texts: dict[str, str] = {}
    for report, text in sections:
        if isinstance(text, str):
            texts[report] = texts.get(report, "") + text
    return {report: _hash(text) for report, text in texts.items() if len(text) > _SHORTEST_BODY}


def _hash(text: str) -> int:
    """Return a hash of a text's words; mirrors lose and change stops."""
    text = _NO_WORD.sub("", fold(text))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big")
