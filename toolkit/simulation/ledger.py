"""What a simulated folder holds beside its reports: the list of sources, and the truth.

Rows are written as reports come, so that memory does not grow with their number.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from toolkit.reports.form import FORMS, form_cells
from toolkit.simulation.contradictions import findings_across, findings_inside
from toolkit.simulation.filing import Filing
from toolkit.simulation.shapes_text import GAPS
from toolkit.simulation.sheet import Key
from toolkit.simulation.themes import LINKS
from toolkit.simulation.truth import Truth
from toolkit.simulation.writer import Written

COLUMNS: dict[str, tuple[str, ...]] = {
    "SOURCES": ("file", "simulated", "title", "year", "shape"),
    "truth/reports": (
        *("report", "title", "agency", "agency_id", "parent_id", "agency_type", "sector", "level", "province", "city"),
        *("county", "region_code", "scope", "scope_basis", "year", "form", "published", "index_number"),
        *("problems_status", "duplicate_of", "shape", "simulated"),
    ),
    "truth/marks": ("report", "part", "item", "category", "state", "raw"),
    "truth/statements": (
        *("statement", "report", "kind", "position", "text", "start", "stop", "progress", "code", "second_code"),
        "simulated",
    ),
    "truth/inconsistencies": ("rule", "report", "place", "planted"),
    "truth/copied": ("statement", "source", "kind"),
    "truth/links": ("theme", "indicator", "scale", "size", "planted"),
}
README = """# The truth of simulated reports

Every report of this folder is simulated: no agency published it. Places and kinds of body are real, figures and
sentences are not. `SOURCES.csv` above lists the files; what stands in them is told here.

- `reports.csv`: what each report says of itself.
- `statistics.csv`: one row a report, one column a cell under its short name; empty where the form has no such cell
  or no number stands in it. `marks.csv` has the state and text of the latter: blank, dash, missing.
- `statements.csv`: chapter five, statement by statement; `start` and `stop` count in the chapter's text, its
  paragraphs parted as in the file: by a line break, in text with empty lines by two.
- `inconsistencies.csv`: what contradicts what; `planted` is True for the rule that was meant, False for what follows.
- `copied.csv`: statements taken over from the year before (self) or from a neighbour (peer).
- `links.csv`: what naming a theme does to the body's own figures; size 0 is a planted null.
"""


@cache
def cell_names() -> dict[Key, str]:
    """Return the short name of every cell of every form."""
    return {cell.key: cell.short for form in FORMS for cell in form_cells(form)}


class Ledger:
    """The lists of a simulated folder, written row by row."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.reports = 0
        self._folder, self._seed = folder, seed
        self._stack = ExitStack()
        self._writers: dict[str, Any] = {}

    def __enter__(self) -> Ledger:
        truth = self._folder / "truth"
        truth.mkdir(parents=True, exist_ok=True)
        (truth / "README.md").write_text(f"{README}\nSeed: {self._seed}.\n", encoding="utf-8", newline="\n")
        columns = {**COLUMNS, "truth/statistics": ("report", *cell_names().values())}
        for name, header in columns.items():
            file = self._stack.enter_context((self._folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            self._writers[name] = csv.writer(file, lineterminator="\n")
            self._writers[name].writerow(header)
        for link in LINKS:
            self._row("truth/links", link.theme, link.indicator, link.scale, link.size, link.size != 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def enter(self, filing: Filing, written: Written, before: Filing | None) -> None:
        """Write a report's file and everything that is known of it."""
        path = self._folder / filing.name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(written.content)
        self.reports += 1
        self._row("SOURCES", filing.name, True, filing.title, filing.year, filing.shape)
        self._report(filing)
        self._statistics(filing.name, written.truths)
        self._statements(filing)
        self._inconsistencies(filing, before)

    def _row(self, name: str, *values: Any) -> None:
        self._writers[name].writerow(values)

    def _report(self, filing: Filing) -> None:
        body = filing.body
        form = {"mixed_head": "mixed"}.get(filing.form, filing.form)
        status = "absent" if filing.chapter is None else "named" if filing.chapter.statements else "none_named"
        scope = "" if filing.scope is None else "territory" if body.agency_type == "government" else "own"
        self._row(
            "truth/reports",
            *(filing.name, filing.title, body.name, body.agency_id, body.parent_id, body.agency_type, body.sector),
            *(body.level, body.province, body.city, body.county, body.region_code, scope, filing.scope, filing.year),
            *(form, filing.published, filing.index_number if filing.shape == "html_site" else ""),
            *(status, filing.duplicate_of, filing.shape, True),
        )

    def _statistics(self, name: str, truths: Iterable[Truth]) -> None:
        values: dict[str, Any] = {}
        for truth in truths:
            state, value = settled(truth)
            if state == "reported":
                values[cell_names()[truth.key]] = value
            else:
                self._row("truth/marks", name, *truth.key, state, truth.printed)
        self._row("truth/statistics", name, *(values.get(short, "") for short in cell_names().values()))

    def _statements(self, filing: Filing) -> None:
        if filing.chapter is None:
            return
        wider = len(GAPS.get(filing.shape, "\n")) - 1
        for place, one in enumerate(filing.chapter.statements, start=1):
            key = f"{filing.name}#{place}"
            moved = wider * filing.chapter.text.count("\n", 0, one.start)
            span = (one.start + moved, one.stop + moved)
            facts = (one.kind, place, one.text, *span, one.progress, one.code, one.second_code)
            self._row("truth/statements", key, filing.name, *facts, True)
        for copy in filing.copied:
            source = f"{copy.source}#{copy.source_position}"
            self._row("truth/copied", f"{filing.name}#{copy.position}", source, copy.kind)

    def _inconsistencies(self, filing: Filing, before: Filing | None) -> None:
        found = [*findings_inside(filing.figures), *filing.follows] if not filing.duplicate_of else []
        if before and not filing.duplicate_of:
            found += findings_across(before.figures, filing.figures)
        rules = {rule for rule, _ in filing.planted}
        for rule, place in filing.planted:
            self._row("truth/inconsistencies", rule, filing.name, place, True)
        for rule, place in dict.fromkeys(found):
            if (rule, place) not in filing.planted:
                self._row("truth/inconsistencies", rule, filing.name, place, rule in rules)


def settled(truth: Truth) -> tuple[str, Any]:
    """Return the one state and value that a truth stands for: missing where it is among the honest ones."""
    if len(truth.allowed) > 1 and ("missing", None) in truth.allowed:
        return "missing", None
    return min(truth.allowed, key=lambda outcome: outcome[0] != "reported")
