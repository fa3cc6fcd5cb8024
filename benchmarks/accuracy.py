"""Accuracy of the readers on reports with known truth, per shape and per deviation.

Run ``python -m benchmarks.accuracy``; ``--failures DIR`` keeps the documents
on which the reader and the truth differ.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import pandas as pd

from benchmarks.baselines import BASELINES
from toolkit.reports.report import read_report
from toolkit.simulation.deviations import DEVIATIONS
from toolkit.simulation.sheet import COMPOSITIONS
from toolkit.simulation.truth import COUNTS, Score, score
from toolkit.simulation.writer import SHAPES, Written, write_report

Reader = Callable[[Path], pd.DataFrame]
NOTHING = pd.DataFrame(columns=["part", "item", "category", "state", "value"])


@dataclass(slots=True)
class Tally:
    """Sums of scores, and the documents on which something differed."""

    counts: Counter[str] = field(default_factory=Counter)
    documents: int = 0

    def add(self, result: Score) -> None:
        self.documents += 1
        for name in COUNTS:
            self.counts[name] += getattr(result, name)

    def row(self, name: str) -> str:
        counts = self.counts
        share = 100 * counts["right"] / max(counts["cells"], 1)
        whole = 100 * counts["whole_right"] / max(counts["whole"], 1)
        return (
            f"{name:32}{self.documents:7}{counts['cells']:9}{counts['right']:9}{share:9.3f}"
            f"{counts['wrong']:9}{counts['missed']:9}{whole:12.3f}"
        )


HEADER = (
    f"{'':32}{'reports':>7}{'cells':>9}{'right':>9}{'%':>9}{'silently':>9}{'missed':>9}{'% nothing':>12}\n"
    f"{'':66}{'wrong':>9}{'':>9}{'lost':>12}"
)


def toolkit_reader(path: Path) -> pd.DataFrame:
    """The statistics frame of the public reader."""
    return read_report(path).statistics


def documents(options: argparse.Namespace) -> Iterator[tuple[str, str, str, int, Written]]:
    """Every form in every shape with every deviation, one at a time."""
    for seed in range(options.seeds):
        for form in options.forms:
            for shape in options.shapes:
                for deviation in options.deviations:
                    names = [] if deviation == "none" else [deviation]
                    yield form, shape, deviation, seed, write_report(form, shape, names, seed=seed)


def measure(reader: Reader, options: argparse.Namespace) -> tuple[dict[str, Tally], dict[str, Tally], list[str]]:
    """Score a reader on every document; return tallies by shape and by deviation, and the failures."""
    shapes: dict[str, Tally] = {}
    deviations: dict[str, Tally] = {}
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for form, shape, deviation, seed, written in documents(options):
            result = score(written.truths, _read(reader, written.save(Path(folder) / "report")))
            shapes.setdefault(shape, Tally()).add(result)
            deviations.setdefault(deviation, Tally()).add(result)
            if result.misses and (result.wrong or result.whole_right < result.whole):
                name = f"{shape}+{deviation}+{form}+{seed}"
                failures += [
                    f"{name}: {'/'.join(m.key)}: {m.kind}, printed {m.printed!r}, {m.got}" for m in result.misses
                ]
                if options.failures:
                    written.save(Path(options.failures) / name)
    return shapes, deviations, failures


def _read(reader: Reader, path: Path) -> pd.DataFrame:
    try:
        return reader(path)
    except Exception as error:
        # A reader that gives up has reported nothing: every cell is missed, and the table says so.
        print(f"  {path.suffix}: {type(error).__name__}: {str(error)[:120]}")
        return NOTHING


def report(name: str, reader: Reader, options: argparse.Namespace) -> None:
    """Print the tables of one reader."""
    start = perf_counter()
    shapes, deviations, failures = measure(reader, options)
    total = Tally()
    for tally in shapes.values():
        total.counts += tally.counts
        total.documents += tally.documents
    print(f"\n{name}: {total.documents} reports in {perf_counter() - start:.0f} s\n{HEADER}")
    print(total.row("all"))
    for title, tallies in (("shape", shapes), ("deviation", deviations)):
        print(f"-- by {title}")
        print("\n".join(tally.row(key) for key, tally in tallies.items()))
    print(f"-- differences ({len(failures)})")
    print("\n".join(failures[: options.show]))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", nargs="*", default=list(COMPOSITIONS))
    parser.add_argument("--shapes", nargs="*", default=list(SHAPES))
    parser.add_argument("--deviations", nargs="*", default=["none", *DEVIATIONS])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--show", type=int, default=40, help="differences to print")
    parser.add_argument("--failures", default="", help="folder that keeps the documents read wrongly")
    parser.add_argument("--baselines", action="store_true", help="measure two naive readers as well")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    if options.failures:
        Path(options.failures).mkdir(parents=True, exist_ok=True)
    report("toolkit", toolkit_reader, options)
    if options.baselines:
        for name, reader in BASELINES.items():
            report(name, reader, options)


if __name__ == "__main__":
    main()
