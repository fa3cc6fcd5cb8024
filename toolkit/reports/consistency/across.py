"""Rules that need more than one report: copies, years that follow each other, bodies in a territory.

``Across`` keeps a few numbers of each report, so that memory hardly grows with
their number. Of these rules only what does not hold is a finding, all soft:
a merger, another scope or a correction may be the reason. A blank or missing
cell contradicts nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import pandas as pd
import pyarrow as pa

from toolkit.frames import arrow_schema, as_frame
from toolkit.reports.cells import CellTable, Key, places_of, spread
from toolkit.reports.checks import as_findings, empty_findings
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
        self._facts: list[pa.Buffer] = []
        self._firsts: dict[int, list[tuple[str, object, object]]] = {}
        self._copies: dict[str, str] = {}

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
        self._facts.append(_packed(facts))
        columns = (facts[name].to_pylist() for name in ("body", "report", "agency_id", "year"))
        copies = {}
        for body, *one in zip(*columns):
            firsts = self._firsts.setdefault(body, []) if body else []
            same = (first for first in firsts if _alike(first[1], one[1]) and _alike(first[2], one[2]))
            first = next(same, None)
            if first:
                copies[one[0]] = first[0]
            elif body:
                firsts.append(tuple(one))
        self._copies |= copies
        return copies

    def duplicates(self) -> dict[str, str]:
        """Return report -> the first report, by name, with the same text."""
        return self._copies

    def findings(self) -> pd.DataFrame:
        """Return the findings across reports."""
        table = pa.concat_tables(map(_unpacked, self._facts)) if self._facts else _SCHEMA.empty_table()
        if not len(table):
            return empty_findings()
        facts, copies = table.drop(["figures"]).to_pandas(), self._copies
        values = table["figures"].combine_chunks().flatten().to_numpy().reshape(-1, len(KEPT))
        simulated = dict(zip(facts["report"], facts["simulated"]))
        own = ~facts["report"].isin(list(copies)).to_numpy()
        facts, values = facts[own].reset_index(drop=True), values[own]
        rows = [_copy(report, original, simulated[report]) for report, original in copies.items()]
        places = {key: place for place, key in enumerate(KEPT)}
        rows += year_findings(facts, values, places)
        rows += children_findings(facts, values, places)
        return as_findings(rows)


def _packed(facts: pa.Table) -> pa.Buffer:
    """Return a table compressed: most figures are zero."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, facts.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(facts)
    return sink.getvalue()


def _unpacked(facts: pa.Buffer) -> pa.Table:
    with pa.ipc.open_stream(facts) as reader:
        return reader.read_all()


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
    return int.from_bytes(hashlib.sha256(fold(text).encode()).digest()[:7], "big")
