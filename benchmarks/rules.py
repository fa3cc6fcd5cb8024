"""Every rule on simulated reports with planted contradictions: how many are found, and what else is.

Run as ``python -m benchmarks.rules [--reports 450] [--seeds 101 102 103]``. A contradiction is told from what a
reader of the report can see: one that hangs on a figure which the report leaves blank, or on a scope that it does not
state, cannot be found and is counted apart (column ``untold``). A second table has reports without any plant: what is
found there beyond the contradictions that chance has made is false.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from toolkit.corpus import Corpus, read_corpus
from toolkit.reports.form import form_cells
from toolkit.simulation import PanelTruth, read_truth, simulate

YEARS = (2019, 2020, 2021, 2022, 2023)
Finding = tuple[str, str, str]


class Score(NamedTuple):
    """Contradictions of one rule: those there are, those found, those that cannot be told, false ones."""

    there: int
    found: int
    untold: int
    false: int


def made(reports: int, seed: int, planted: float) -> tuple[Corpus, PanelTruth]:
    """Simulate reports and read them."""
    with tempfile.TemporaryDirectory() as name:
        folder = simulate(Path(name) / "reports", reports, seed=seed, contradictions=planted, years=YEARS)
        return read_corpus(folder, progress=False), read_truth(folder)


def score(corpus: Corpus, truth: PanelTruth) -> dict[str, Score]:
    """Return rule -> score, contradiction by contradiction.

    Parameters
    ----------
    corpus : Corpus
    truth : PanelTruth
        Of the same folder.
    """
    told = corpus.findings[(corpus.findings["verdict"] == "broken") | (corpus.findings["rule"] == "unplaced")]
    found, wanted = set(_triples(told)), set(_triples(truth.inconsistencies))
    by_report = {one[:2] for one in wanted}
    scores = {}
    for rule in sorted({one[0] for one in found | wanted}):
        there = {one for one in wanted if one[0] == rule}
        hit = {one for one in there if one in found or _by_report(one, found)}
        hidden = {one for one in there - hit if _is_untold(one, corpus, truth)}
        others = {one for one in found if one[0] == rule and one[:2] not in by_report}
        false = {one for one in others if not _is_borne_out(one, corpus, truth)}
        scores[rule] = Score(len(there) - len(hidden), len(hit), len(hidden), len(false))
    return scores


def _triples(frame: pd.DataFrame) -> Iterable[Finding]:
    return zip(frame["rule"], frame["report"], frame["place"].fillna(""))


def _by_report(one: Finding, found: set[Finding]) -> bool:
    """A row that lost a value is told by its row, the truth tells the cell."""
    return one[0] == "unplaced" and any(other[:2] == one[:2] for other in found)


def _is_borne_out(one: Finding, corpus: Corpus, truth: PanelTruth) -> bool:
    """Return whether the true figures bear out a finding that the list of what follows from plants leaves out.

    A row that was written without one of its values cannot be placed; a fee
    that was planted ten thousand times too great exceeds that of the parent.
    """
    rule, report, place = one
    if rule == "children_sum":
        return _is_exceeded(report, place, _with_children(report, corpus), truth)
    cells = truth.statistics[truth.statistics["report"] == report]
    is_of_row = cells["item"] == place.rpartition("/")[2]
    return rule == "unplaced" and bool(cells.loc[is_of_row, "state"].eq("blank").any())


def _with_children(report: str, corpus: Corpus) -> pd.Series:
    """Return a report and those of the bodies below for the same year."""
    reports = corpus.reports
    body = reports.set_index("report").loc[report]
    below = reports[(reports["parent_id"] == body["agency_id"]) & (reports["year"] == body["year"])]
    return pd.concat([pd.Series([report]), below["report"]])


def _is_untold(one: Finding, corpus: Corpus, truth: PanelTruth) -> bool:
    """Return whether a contradiction hangs on something that the reports do not print."""
    rule, report, place = one
    body = corpus.reports.set_index("report").loc[report]
    bodies = corpus.reports.loc[corpus.reports["agency_id"] == body["agency_id"], "report"]
    if rule == "children_sum":
        bodies = _with_children(report, corpus)
        if not isinstance(body["scope"], str) or not _is_exceeded(report, place, bodies, truth):
            return True
    cells = corpus.statistics[corpus.statistics["report"].isin(bodies)]
    item = place.split("/")[1] if "/" in place else ""
    near = cells[cells["item"].isin(_items(rule, item))]
    return bool(near["state"].ne("reported").any()) or (rule == "prose_agrees" and _by_chance(report, corpus))


def _is_exceeded(report: str, place: str, bodies: pd.Series, truth: PanelTruth) -> bool:
    """Return whether what is below sums to more; the number of reports may cut a family in two."""
    keys = truth.statistics["part"].str.cat([truth.statistics["item"], truth.statistics["category"]], sep="/")
    cells = truth.statistics[keys == place].set_index("report")
    values = cells["value"].reindex(bodies).fillna(0)
    return bool(values.sum() > 2 * values[report])


def _items(rule: str, item: str) -> set[str]:
    """Return the rows of the table that a contradiction hangs on."""
    if rule in ("column_total", "balance"):
        return {cell.item for form in ("2019", "2021") for cell in form_cells(form) if cell.part == "applications"}
    return {item, "carried_forward", "brought_forward"} if rule == "carry_over" else {item}


def _by_chance(report: str, corpus: Corpus) -> bool:
    """Return whether the false figure of the prose is by chance that of another meaning of its words."""
    cells = corpus.statistics[(corpus.statistics["report"] == report) & (corpus.statistics["category"] == "total")]
    figures = cells.set_index("item")["value"]
    said = corpus.mentions[(corpus.mentions["report"] == report) & (corpus.mentions["concept"] == "new_received")]
    return bool((said["value"] == figures["new_received"] + figures["brought_forward"]).any())


def _print(title: str, scores: Iterable[dict[str, Score]]) -> None:
    sums: dict[str, Counter[str]] = {}
    for one in scores:
        for rule, values in one.items():
            sums.setdefault(rule, Counter()).update(values._asdict())
    print(f"{title}\n{'rule':<22}{'there':>8}{'found':>8}{'recall':>8}{'false':>8}{'untold':>8}")
    for rule, total in sorted(sums.items()):
        recall = f"{total['found'] / total['there']:.3f}" if total["there"] else "-"
        print(f"{rule:<22}{total['there']:>8}{total['found']:>8}{recall:>8}{total['false']:>8}{total['untold']:>8}")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=450)
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103])
    options = parser.parse_args()
    for title, planted in (("seven in ten reports with a plant", 0.7), ("no plant", 0.0)):
        _print(title, [score(*made(options.reports, seed, planted)) for seed in options.seeds])


if __name__ == "__main__":
    main()
