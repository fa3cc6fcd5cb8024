"""Rules that need more than one report: copies, years that follow each other, bodies in a territory.

``Across`` keeps a few numbers of each report, compressed, and unpacks them a
family at a time: bodies and those right below them, which are all that is ever
compared. So memory hardly grows with the number of reports. Of these rules
only what does not hold is a finding, all soft: a merger, another scope or a
correction may be the reason. A blank or missing cell contradicts nothing.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

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
_ORDER = pa.field("order", pa.int64())
_SHORTEST_BODY = 50
_NO_WORD = re.compile(r"\W+")
#: Bodies fall into so many families; a chunk of packed reports has a part for each.
_FAMILIES = 64
_CHUNK = 1_000
#: Reports of which the families are compared at once.
_AT_ONCE = 2_000
_OPTIONS = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)


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
        self._waiting: list[pa.Table] = []
        self._packed: list[pa.Buffer] = []
        self._reports = 0
        self._firsts: dict[int, list[tuple[str, object, object]]] = {}
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
        """
        columns = (facts[name].to_pylist() for name in ("body", "simulated", "report", "agency_id", "year"))
        copies = {}
        for place, (body, simulated, *one) in enumerate(zip(*columns), self._reports):
            firsts = self._firsts.setdefault(body, []) if body else []
            same = (first for first in firsts if _alike(first[1], one[1]) and _alike(first[2], one[2]))
            first = next(same, None)
            if first:
                copies[one[0]] = first[0]
                self._found.append(_copy(one[0], first[0], simulated) | {"order": place})
            elif body:
                firsts.append(tuple(one))
        self._copies |= copies
        self._keep(facts, copies)
        return copies

    def _keep(self, facts: pa.Table, copies: Mapping[str, str]) -> None:
        """Keep what can be compared: no copies, no reports of unknown bodies or years."""
        places = pa.array(range(self._reports, self._reports + len(facts)), pa.int64())
        self._reports += len(facts)
        columns = (facts[name].to_pylist() for name in ("report", "agency_id", "year"))
        kept = [name not in copies and body is not None and year is not None for name, body, year in zip(*columns)]
        self._waiting.append(facts.append_column(_ORDER, places).filter(pa.array(kept, pa.bool_())))
        if sum(map(len, self._waiting)) >= _CHUNK:
            self._pack()

    def _pack(self) -> None:
        if any(map(len, self._waiting)):
            (facts,) = pa.concat_tables(self._waiting).combine_chunks().to_batches()
            self._packed.append(_packed(facts))
        self._waiting.clear()

    def duplicates(self) -> dict[str, str]:
        """Return report -> the first report, by name, with the same text."""
        return self._copies

    def findings(self) -> pd.DataFrame:
        """Return the findings across reports, in the order in which the reports were added."""
        self._pack()
        places = {key: place for place, key in enumerate(KEPT)}
        found = list(self._found)
        for some in self._families():
            found += _compared(*some, places)
        return as_findings(sorted(found, key=itemgetter("order")))

    def _families(self) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
        """Yield facts and figures of some families; ``is_own`` is False of those that are here as children alone."""
        chunks = [pa.ipc.open_file(packed) for packed in self._packed]
        step = max(_FAMILIES * _AT_ONCE // max(self._reports, 1), 1)
        for first in range(0, _FAMILIES if chunks else 0, step):
            families = range(first, min(first + step, _FAMILIES))
            table = pa.Table.from_batches([chunk.get_batch(family) for chunk in chunks for family in families])
            # One may stand in its own family and in that of the body above it.
            table = table.take(np.unique(table["order"].to_numpy(), return_index=True)[1])
            facts = table.drop_columns(["figures"]).to_pandas()
            values = table["figures"].combine_chunks().flatten().to_numpy().reshape(-1, len(KEPT))
            yield facts.assign(is_own=[_family(body) in families for body in facts["agency_id"]]), values


def _packed(facts: pa.RecordBatch) -> pa.Buffer:
    """Return facts compressed, a batch a family; a body stands in its own and in that of the body above it."""
    columns = facts["agency_id"].to_pylist(), facts["parent_id"].to_pylist()
    members: list[list[int]] = [[] for _ in range(_FAMILIES)]
    for place, bodies in enumerate(zip(*columns)):
        for family in {_family(body) for body in bodies if body is not None}:
            members[family].append(place)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, facts.schema, options=_OPTIONS) as writer:
        for places in members:
            writer.write_batch(facts.take(pa.array(places, pa.int64())))
    return sink.getvalue()


def _family(body: str) -> int:
    return zlib.crc32(body.encode()) % _FAMILIES


def _compared(facts: pd.DataFrame, values: np.ndarray, places: Mapping[Key, int]) -> Iterator[dict[str, Any]]:
    """Yield what does not hold in some families."""
    is_own = facts["is_own"].to_numpy(bool)
    own = facts[is_own].reset_index(drop=True)
    order = dict(zip(own["report"], own["order"]))
    # One that is here as a child is compared with its other years, and with its own children, in its own family.
    children = facts.assign(scope=facts["scope"].where(is_own))
    for row in [*year_findings(own, values[is_own], places), *children_findings(children, values, places)]:
        yield row | {"order": order[row["report"]]}


def _alike(one: object, other: object) -> bool:
    return bool(pd.isna(one) or pd.isna(other) or one == other)


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
