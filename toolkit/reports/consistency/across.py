"""Rules that need more than one report: copies, years that follow each other, bodies in a territory.

``Across`` keeps a few numbers of each report, so that memory hardly grows with
their number. Of these rules only what does not hold is a finding, all soft:
a merger, another scope or a correction may be the reason. A blank or missing
cell contradicts nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from toolkit.reports.checks import CellTable, Key, as_findings, empty_findings
from toolkit.reports.consistency.children import COUNTED, children_findings
from toolkit.reports.consistency.years import FOLLOWED, year_findings
from toolkit.reports.folding import fold

#: Cells of which the rules across reports need the figures.
KEPT: tuple[Key, ...] = tuple(dict.fromkeys([*FOLLOWED, *COUNTED]))

_FACTS = ("report", "agency_id", "parent_id", "agency_type", "scope", "year", "simulated")
_REPORTED = 0


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
        self._facts: list[pd.DataFrame] = []
        self._values: list[np.ndarray] = []

    def add(self, frames: Mapping[str, pd.DataFrame]) -> None:
        """Add the reports of some frames: reports and statistics, and sections where there are some."""
        reports = frames["reports"]
        if reports.empty:
            return
        facts = pd.DataFrame({column: reports.get(column) for column in _FACTS}).reset_index(drop=True)
        bodies = _bodies(frames["sections"]) if "sections" in frames else {}
        facts["body"] = [bodies.get(report, 0) for report in facts["report"]]
        self._facts.append(facts)
        self._values.append(_values(frames["statistics"], facts["report"]))

    def duplicates(self) -> dict[str, str]:
        """Return report -> the first report, by name, with the same text.

        Reports that are known to be of different bodies or years are no
        copies of each other, though the text may be copied.
        """
        facts = self._all()
        facts = facts[facts["body"] != 0]
        facts = facts[facts.duplicated("body", keep=False)].sort_values("report")
        copies: dict[str, str] = {}
        for _, group in facts.groupby("body", sort=False):
            firsts: list[tuple[str, object, object]] = []
            for report, agency, year in zip(group["report"], group["agency_id"], group["year"]):
                same = (one for one in firsts if _alike(one[1], agency) and _alike(one[2], year))
                first = next(same, None)
                if first:
                    copies[report] = first[0]
                else:
                    firsts.append((report, agency, year))
        return copies

    def findings(self) -> pd.DataFrame:
        """Return the findings across reports."""
        facts = self._all()
        if facts.empty:
            return empty_findings()
        copies = self.duplicates()
        values = np.vstack(self._values)
        simulated = dict(zip(facts["report"], facts["simulated"]))
        own = ~facts["report"].isin(list(copies)).to_numpy()
        facts, values = facts[own].reset_index(drop=True), values[own]
        rows = [_copy(report, original, simulated[report]) for report, original in copies.items()]
        places = {key: place for place, key in enumerate(KEPT)}
        rows += year_findings(facts, values, places)
        rows += children_findings(facts, values, places)
        return as_findings(rows)

    def _all(self) -> pd.DataFrame:
        if not self._facts:
            return pd.DataFrame(columns=[*_FACTS, "body"])
        facts = pd.concat(self._facts, ignore_index=True)
        facts["simulated"] = [not pd.isna(flag) and bool(flag) for flag in facts["simulated"]]
        return facts


def _values(statistics: pd.DataFrame, reports: pd.Series) -> np.ndarray:
    """Return reports by cells: the figure, or NaN where none is reported."""
    found = np.full((len(reports), len(KEPT)), np.nan)
    # Of applications only totals are kept, and what is carried over.
    is_kept = (statistics["part"] != "applications") | (statistics["category"] == "total")
    wanted = statistics[is_kept | statistics["item"].isin(["brought_forward", "carried_forward"])]
    if wanted.empty:
        return found
    table = CellTable(wanted)
    values, states = table.terms(KEPT)
    places = {report: place for place, report in enumerate(reports)}
    known = [place for place, report in enumerate(table.reports) if report in places]
    rows = [places[table.reports[place]] for place in known]
    found[rows] = np.where(states[known] == _REPORTED, values[known], np.nan)
    return found


def _alike(one: object, other: object) -> bool:
    return bool(pd.isna(one) or pd.isna(other) or one == other)


def _copy(report: str, original: str, simulated: bool) -> dict[str, object]:
    found = {"report": report, "rule": "duplicate", "severity": "soft", "verdict": "broken", "simulated": simulated}
    return found | {"note": f"the same text as {original}"}


def _bodies(sections: pd.DataFrame) -> dict[str, int]:
    """Return a hash of each report's folded text."""
    texts = sections.groupby("report", sort=False)["text"].agg(lambda parts: "".join(parts.dropna()))
    return {report: _hash(text) for report, text in texts.items() if len(text) > 50}


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(fold(text).encode()).digest()[:7], "big")
