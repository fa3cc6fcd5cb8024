"""Rules that need more than one report: copies, and figures that run on from year to year."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pandas as pd

from toolkit.reports.checks import empty_findings
from toolkit.reports.folding import fold


class Across:
    """Collects the few facts of each report that rules across reports compare."""

    def __init__(self) -> None:
        self._bodies: list[pd.DataFrame] = []

    def add(self, frames: Mapping[str, pd.DataFrame]) -> None:
        """Add the reports of some frames."""
        facts = frames["reports"][["report", "agency_id", "year"]]
        self._bodies.append(facts.merge(_bodies(frames["sections"]), on="report", how="left"))

    def duplicates(self) -> dict[str, str]:
        """Return report -> the first report, by name, with the same body."""
        if not self._bodies:
            return {}
        facts = pd.concat(self._bodies, ignore_index=True).dropna(subset=["body"]).sort_values("report")
        first = facts.groupby("body")["report"].transform("first")
        copies = facts[first != facts["report"]]
        return dict(zip(copies["report"], first[copies.index]))

    def findings(self) -> pd.DataFrame:
        """Return the findings across reports."""
        return empty_findings()


def _bodies(sections: pd.DataFrame) -> pd.DataFrame:
    """Return the hash of each report's folded text."""
    texts = sections.groupby("report", sort=False)["text"].agg("".join)
    hashes = [hashlib.sha256(fold(text).encode()).hexdigest() if len(text) > 50 else None for text in texts]
    return pd.DataFrame({"report": texts.index, "body": hashes})
