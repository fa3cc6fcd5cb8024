"""Peak memory of ``toolkit parse`` as the corpus grows, and two processes against one.

Run as ``python -m benchmarks.memory [--reports 100 1000 10000] [--timed 1000] [--processes 2]``. Each run is a
command of its own on simulated reports with an empty cache; memory is that of the command and its workers together,
sampled ten times a second: on Linux, where workers share pages, the proportional set, elsewhere the resident set.
A small corpus is read again and again for ten seconds, since the few samples of one short run miss its peak. The
peak is flat if that of the largest corpus is at most 10 % above that of the smallest. The processes are compared in
turns on the same reports, the fastest of three runs each; memory is not sampled then, which takes
a sixth of a core, and two processes leave none free.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from toolkit.simulation import simulate

_PAUSE = 0.1
_TURNS = 3
_SAMPLED = 10.0


def run_parse(folder: Path, output: Path, processes: int) -> tuple[float, float, float]:
    """Return seconds, peak megabytes of all processes together, and peak megabytes of the command alone."""
    start = time.perf_counter()
    process = subprocess.Popen(_command(folder, output, processes))
    parent, together, alone = psutil.Process(process.pid), 0, 0
    while process.poll() is None:
        own, others = _memory(parent), [_memory(child) for child in _children(parent)]
        together, alone = max(together, own + sum(others)), max(alone, own)
        time.sleep(_PAUSE)
    _demand_success(process.returncode)
    return time.perf_counter() - start, together / 2**20, alone / 2**20


def sample_parse(source: Path, folder: Path, processes: int) -> tuple[float, float, float]:
    """Return the fewest seconds and the highest peaks of as many runs as take ten seconds."""
    runs: list[tuple[float, float, float]] = []
    while sum(seconds for seconds, _, _ in runs) < _SAMPLED:
        with tempfile.TemporaryDirectory(dir=folder) as output:
            runs.append(run_parse(source, Path(output), processes))
    seconds, peaks, alone = zip(*runs)
    return min(seconds), max(peaks), max(alone)


def time_parse(folder: Path, output: Path, processes: int) -> float:
    """Return seconds."""
    start = time.perf_counter()
    _demand_success(subprocess.run(_command(folder, output, processes)).returncode)
    return time.perf_counter() - start


def _command(folder: Path, output: Path, processes: int) -> list[str]:
    command = [sys.executable, "-m", "toolkit.cli", "parse", str(folder), "--output", str(output), "--quiet"]
    return [*command, "--processes", str(processes)]


def _demand_success(code: int) -> None:
    if code not in (0, 1):
        raise RuntimeError(f"toolkit parse ended with exit code {code}")


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def _memory(process: psutil.Process) -> int:
    try:
        return process.memory_full_info().pss if sys.platform.startswith("linux") else process.memory_info().rss
    except psutil.Error:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, nargs="+", default=[100, 1_000, 10_000])
    parser.add_argument("--timed", type=int, default=1_000, help="reports on which processes are compared; 0: none")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where the simulated reports are made, and kept")
    return parser


def _simulated(folder: Path, reports: int) -> Path:
    place = folder / f"simulated-{reports}"
    return place if place.exists() else simulate(place, reports=reports, seed=0)


def compare_sizes(folder: Path, sizes: list[int], processes: int) -> None:
    """Print time and peak memory by number of reports."""
    print(f"{'reports':>8}  {'seconds':>8}  {'per second':>10}  {'peak MB':>8}  {'command MB':>10}  of smallest")
    first = 0.0
    for reports in sizes:
        source = _simulated(folder, reports)
        seconds, peak, alone = sample_parse(source, folder, processes)
        first = first or peak
        rate = reports / seconds
        print(f"{reports:>8,}  {seconds:>8.1f}  {rate:>10.1f}  {peak:>8.0f}  {alone:>10.0f}  {peak / first:>10.2f}x")


def compare_processes(folder: Path, reports: int) -> None:
    """Print the time of one process and of two, and their ratio."""
    source = _simulated(folder, reports)
    times: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(_TURNS):
        for processes, seconds in times.items():
            with tempfile.TemporaryDirectory(dir=folder) as output:
                seconds.append(time_parse(source, Path(output), processes))
    one, two = min(times[1]), min(times[2])
    print(f"\n{reports:,} reports: one process {one:.1f} s, two processes {two:.1f} s: {one / two:.2f} times as fast")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{os.cpu_count()} cores, load {load:.1f}: other work on the machine lowers the ratio")


def main() -> None:
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = options.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        compare_sizes(folder, options.reports, options.processes)
        if options.timed:
            compare_processes(folder, options.timed)


if __name__ == "__main__":
    main()
