"""The one screen that ends a run: what was read, in Chinese or English."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

_MOST_FAILURES_SHOWN = 8
_WORDS = {
    "en": {
        "read": "{0} reports read from {1} sources ({2} of them partial); {3} sources not read",
        "simulated": "{0} of the reports are simulated",
        "years": "years: {0}",
        "cells": "cells: {0}",
        "broken": "rules that do not hold: {0}",
        "statements": "{0} problem and improvement statements",
        "more": "  ... and {0} more, see failures",
        "where": "frames and the wide table are in {0}",
    },
    "zh": {
        "read": "读取报告 {0} 份（来源 {1} 个，其中不完整 {2} 份）；未能读取的来源 {3} 个",
        "simulated": "其中模拟报告 {0} 份",
        "years": "年度：{0}",
        "cells": "单元格：{0}",
        "broken": "不成立的规则：{0}",
        "statements": "问题与改进陈述 {0} 条",
        "more": "  ……另有 {0} 个，见 failures 表",
        "where": "数据表与宽表位于 {0}",
    },
}


@dataclass
class Summary:
    """What a run read: counts for the screen that ends it.

    Attributes
    ----------
    sources, reports, partial, simulated, statements : int
    failed : int
        Sources that could not be read.
    failures : list of (source, message)
        The first of them.
    states, broken, years : Counter
        Cells by state, rules that do not hold, reports by year.
    """

    sources: int = 0
    reports: int = 0
    partial: int = 0
    simulated: int = 0
    statements: int = 0
    failed: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    years: Counter[int] = field(default_factory=Counter)

    def add(self, tables: dict[str, pa.Table]) -> None:
        """Count the frames of a batch."""
        reports, failures = tables["reports"], tables["failures"]
        self.reports += len(reports)
        self.partial += reports["status"].to_pylist().count("partial")
        self.simulated += reports["simulated"].to_pylist().count(True)
        self.years.update(year for year in reports["year"].to_pylist() if year is not None)
        self.states.update(_counts(tables["statistics"]["state"]))
        self.add_findings(tables["findings"])
        self.statements += len(tables["statements"])
        self.failed += len(failures)
        room = _MOST_FAILURES_SHOWN - len(self.failures)
        self.failures += list(zip(failures["source"].to_pylist(), failures["message"].to_pylist()))[: max(room, 0)]

    def merge(self, other: Summary) -> None:
        """Add the counts of another part of the same run; ``sources`` is known from the start."""
        for name in ("reports", "partial", "simulated", "statements", "failed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("states", "broken", "years"):
            getattr(self, name).update(getattr(other, name))
        self.failures += other.failures[: max(_MOST_FAILURES_SHOWN - len(self.failures), 0)]

    def add_findings(self, findings: pa.Table) -> None:
        """Count the rules that do not hold."""
        self.broken.update(_counts(findings.filter(pc.equal(findings["verdict"], "broken"))["rule"]))

    def text(self, lang: str, output: str | Path) -> str:
        """Return the summary as one screen of text, in Chinese or English."""
        words = _WORDS[lang]
        years = (f"{year} ({count})" for year, count in sorted(self.years.items()))
        broken = (f"{rule} {count:,}" for rule, count in self.broken.most_common())
        states = (f"{state} {count:,}" for state, count in self.states.most_common())
        lines = [
            words["read"].format(self.reports, self.sources, self.partial, self.failed),
            *([words["simulated"].format(self.simulated)] if self.simulated else []),
            words["years"].format(", ".join(years) or "-"),
            words["cells"].format(", ".join(states) or "-"),
            words["broken"].format(", ".join(broken) or "0"),
            words["statements"].format(self.statements),
            *(f"  {source}: {message}" for source, message in self.failures),
            *([words["more"].format(self.failed - len(self.failures))] if self.failed > len(self.failures) else []),
        ]
        return "\n".join([*lines, words["where"].format(output)])


def _counts(column: pa.ChunkedArray) -> dict[str, int]:
    return {pair["values"]: pair["counts"] for pair in pc.value_counts(column).to_pylist()}
