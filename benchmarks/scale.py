"""A corpus end to end: reports per second, reading again, and loading a part of it.

Run as ``python -m benchmarks.scale [--reports 3000]``; the full size is ``--reports 100000``. Above 10,000 reports
the frames are directories partitioned by year. Every report is simulated.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from toolkit.corpus import read_corpus
from toolkit.dataset import MANY_REPORTS
from toolkit.parsing import parse
from toolkit.simulation import simulate

Result = TypeVar("Result")


def _timed(action: Callable[[], Result]) -> tuple[Result, float]:
    start = time.perf_counter()
    result = action()
    return result, time.perf_counter() - start


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def compare(reports: int, seed: int, processes: int | None) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as made:
        source, output = Path(made) / "reports", Path(made) / "frames"
        simulate(source, reports=reports, seed=seed, years=(2019, 2020, 2021, 2022, 2023))
        _, fresh = _timed(lambda: parse(source, output, processes, progress=False))
        _, again = _timed(lambda: parse(source, output, processes, progress=False))
        first, *_ = sorted(source.glob("2021/*"))
        first.write_bytes(first.read_bytes() + b"\n")
        _, changed = _timed(lambda: parse(source, output, processes, progress=False))
        whole, load = _timed(lambda: read_corpus(output))
        year, part = _timed(lambda: read_corpus(output, years=[2022], frames=["reports", "statistics"]))
        print(f"{reports:,} simulated reports, {_size(source):.0f} MB; frames and cache {_size(output):.0f} MB")
        print(f"frames {'partitioned by year' if reports > MANY_REPORTS else 'in one file each'}\n")
        for name, seconds in (("read all", fresh), ("read again, nothing changed", again), ("one changed", changed)):
            ratio = f"{fresh / seconds:.1f} times as fast as the first reading"
            print(f"{name:<32}{seconds:>8.1f} s {reports / seconds:>9.1f} reports/s   {ratio}")
        print(f"{'load all frames':<32}{load:>8.2f} s {len(whole):>9,} reports")
        print(f"{'load figures of one year':<32}{part:>8.2f} s {len(year):>9,} reports")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, help="all cores by default")
    options = parser.parse_args()
    compare(options.reports, options.seed, options.processes)


if __name__ == "__main__":
    main()
