"""Accuracy of the readers on reports with known truth, per shape and per deviation.

Run ``python -m benchmarks.accuracy``; ``--failures DIR`` keeps the documents
on which the reader and the truth differ.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from time import perf_counter

import pandas as pd

from benchmarks.baselines import BASELINES
from toolkit import read_corpus
from toolkit.simulation.deviations import DEVIATIONS
from toolkit.simulation.shapes_files import office, print_pages, scan
from toolkit.simulation.sheet import COMPOSITIONS
from toolkit.simulation.truth import COUNTS, Score, score
from toolkit.simulation.writer import SHAPES, Written, write_report

Reader = Callable[[Path], dict[str, pd.DataFrame]]
CHUNK = 400
#: Shapes that take their time, and what they are made from: fewer forms, and no deviations of the page's source.
SLOW = {"docx": "docx", "pdf": "docx", "scan_200": "docx", "scan_150": "docx"}
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


def toolkit_reader(folder: Path) -> dict[str, pd.DataFrame]:
    """The statistics of every file of a folder, read through the public function."""
    corpus = read_corpus(folder, progress=False)
    for failure in corpus.failures.itertuples():
        print(f"  not read: {failure.source}: {failure.message}")
    return dict(iter(corpus.statistics.groupby("report")))


def naive(reader: Callable[[Path], pd.DataFrame]) -> Reader:
    """A baseline over a folder; where it gives up it has reported nothing."""

    def read(folder: Path) -> dict[str, pd.DataFrame]:
        found = {}
        for path in folder.iterdir():
            # Baselines break on what they were not made for; that is what is measured.
            with suppress(Exception):
                found[path.name] = reader(path)
        return found

    return read


def documents(options: argparse.Namespace) -> Iterator[tuple[str, str, str, Written]]:
    """Every form in every shape with every deviation, one at a time: name, shape, deviation, document."""
    for seed in range(options.seeds):
        for form in options.forms:
            for shape in options.shapes:
                for deviation in options.deviations:
                    if shape in SLOW and (form not in ("2019", "2021") or _not_for(shape, deviation)):
                        continue
                    names = [] if deviation == "none" else [deviation]
                    written = write_report(form, SLOW.get(shape, shape), names, seed=seed)
                    yield f"{shape}+{deviation}+{form}+{seed}", shape, deviation, written


def _not_for(shape: str, deviation: str) -> bool:
    # On a printed page a figure stands where it stands: a row that lost a cell is a row of misprinted figures.
    lost = deviation in ("cells_lost", "fees_cell_lost") and shape != "docx"
    return lost or (deviation in DEVIATIONS and DEVIATIONS[deviation].family == "pages")


def lay_out(chunk: list[tuple[str, str, str, Written]], folder: Path) -> list[str]:
    """Write the documents of a chunk into a folder, print and scan those that want it; return their names."""
    names = []
    with tempfile.TemporaryDirectory() as aside:
        printing = {}
        for name, shape, _, written in chunk:
            path = written.save((folder if SLOW.get(shape, shape) == shape else Path(aside)) / name)
            if path.parent != folder:
                printing[path.stem] = (path, shape)
                path = path.with_suffix(".pdf")
            names.append(path.name)
        printed = print_pages([path for path, _ in printing.values()], folder) if printing else []
        for stem, path in zip(printing, printed, strict=True):
            shape = printing[stem][1]
            if shape.startswith("scan_"):
                path.write_bytes(scan(path, int(shape.removeprefix("scan_")), random.Random(stem)))
    return names


def measure(reader: Reader, options: argparse.Namespace) -> tuple[dict[str, Tally], dict[str, Tally], list[str]]:
    """Score a reader on every document; return tallies by shape and by deviation, and the failures."""
    shapes: dict[str, Tally] = {}
    deviations: dict[str, Tally] = {}
    failures: list[str] = []
    waiting = documents(options)
    while chunk := list(islice(waiting, CHUNK)):
        with tempfile.TemporaryDirectory() as folder:
            names = lay_out(chunk, Path(folder))
            found = reader(Path(folder))
        for name, (label, shape, deviation, written) in zip(names, chunk, strict=True):
            result = score(written.truths, found.get(name, NOTHING))
            shapes.setdefault(shape, Tally()).add(result)
            deviations.setdefault(deviation, Tally()).add(result)
            if result.wrong or result.whole_right < result.whole:
                failures += [f"{label}: {'/'.join(m.key)}: {m.kind}, {m.expected}, got {m.got}" for m in result.misses]
                if options.failures:
                    written.save(Path(options.failures) / label)
    return shapes, deviations, failures


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
    parser.add_argument(
        "--shapes",
        nargs="*",
        default=[*SHAPES, *(["pdf"] if office() else [])],
        help="of them pdf, scan_200 and scan_150 want LibreOffice; scans are left out by default",
    )
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
            report(name, naive(reader), options)


if __name__ == "__main__":
    main()
