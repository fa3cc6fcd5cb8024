"""Accuracy, time and memory of reading scans at 150 and 200 dots per inch, on simulated reports with known truth.

Run ``python -m benchmarks.scans`` with the extra ``ocr`` and LibreOffice; ``--documents 80`` has more than 15,000
cells at each resolution. ``--keep DIR`` keeps the scans, and takes them from there the next time. Memory is the
resident memory of a process of its own that reads one scan, sampled fifty times a second.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time

import psutil
import pypdfium2 as pdfium

from benchmarks.paper import paper_report, scanned
from toolkit import read_report
from toolkit.errors import ToolkitError
from toolkit.simulation.shapes_files import print_pages
from toolkit.simulation.truth import COUNTS, Score, score

#: Number, resolution, score, pages, seconds, processor seconds.
Result = tuple[int, int, Score, int, float, float]
HEADER = (
    f"{'dpi':>5}{'reports':>9}{'pages':>7}{'cells':>8}{'right':>8}{'%':>9}{'silently wrong':>16}{'per 10,000':>12}"
    f"{'missed':>8}{'s/page':>8}{'CPU s/page':>12}"
)


def print_documents(numbers: list[int], folder: Path) -> None:
    """Print the reports that are not yet in a folder to PDF."""
    wanted = [number for number in numbers if not (folder / f"{number}.pdf").is_file()]
    with tempfile.TemporaryDirectory() as aside:
        files = [paper_report(number).save(Path(aside) / str(number)) for number in wanted]
        for start in range(0, len(files), 40):
            print_pages(files[start : start + 40], folder)


def read_one(job: tuple[int, int], folder: Path) -> Result:
    """Read one report scanned at one resolution."""
    number, resolution = job
    path = folder / f"{number}_{resolution}.pdf"
    if not path.is_file():
        path.write_bytes(scanned(folder / f"{number}.pdf", resolution, number))
    with closing(pdfium.PdfDocument(path)) as document:
        pages = len(document)
    begin, began = perf_counter(), process_time()
    try:
        statistics = read_report(path).statistics
    except ToolkitError as error:
        print(f"not read: {path.name}: {error}")
        statistics = None
    spent, used = perf_counter() - begin, process_time() - began
    truths = paper_report(number).truths
    if statistics is None:
        lost = len(truths)
        return number, resolution, Score(lost, 0, 0, lost, lost, 0, ()), pages, spent, used
    return number, resolution, score(truths, statistics), pages, spent, used


def peak_memory(path: Path) -> tuple[float, float]:
    """Return the megabytes of a process before it reads a scan, and the most it has while it does."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_peak_here, path).result()


def _peak_here(path: Path) -> tuple[float, float]:
    process, done = psutil.Process(), threading.Event()
    seen = [process.memory_info().rss]

    def sample() -> None:
        while not done.wait(0.02):
            seen.append(process.memory_info().rss)

    watch = threading.Thread(target=sample)
    watch.start()
    try:
        read_report(path)
    finally:
        done.set()
        watch.join()
    return seen[0] / 2**20, max(seen) / 2**20


def measure(options: argparse.Namespace, folder: Path) -> tuple[dict[int, Counter[str]], list[str]]:
    """Return the sums by resolution, and what differed."""
    numbers = list(range(options.first, options.first + options.documents))
    print_documents(numbers, folder)
    jobs = [(number, resolution) for number in numbers for resolution in options.resolutions]
    sums: dict[int, Counter[str]] = {resolution: Counter() for resolution in options.resolutions}
    differences = []
    with ExitStack() as stack:
        results: Iterator[Result] = map(partial(read_one, folder=folder), jobs)
        if options.processes > 1:
            pool = ProcessPoolExecutor(options.processes, mp_context=get_context("spawn"))
            results = stack.enter_context(pool).map(partial(read_one, folder=folder), jobs)
        for number, resolution, result, pages, spent, used in results:
            counts = Counter({name: getattr(result, name) for name in COUNTS})
            sums[resolution] += counts + Counter(reports=1, pages=pages)
            sums[resolution]["spent"] += spent  # type: ignore[assignment]
            sums[resolution]["used"] += used  # type: ignore[assignment]
            differences += [
                f"{number} at {resolution}: {'/'.join(miss.key)}: {miss.kind}: {miss.printed!r}, got {miss.got}"
                for miss in result.misses
            ]
            if options.verbose:
                print(f"{number} at {resolution}: {result.right} right, {result.wrong} wrong", flush=True)
    return sums, differences


def row(resolution: int, counts: Counter[str]) -> str:
    cells, pages = max(counts["cells"], 1), max(counts["pages"], 1)
    return (
        f"{resolution:5}{counts['reports']:9}{counts['pages']:7}{counts['cells']:8}{counts['right']:8}"
        f"{100 * counts['right'] / cells:9.3f}{counts['wrong']:16}{10_000 * counts['wrong'] / cells:12.2f}"
        f"{counts['missed']:8}{counts['spent'] / pages:8.2f}{counts['used'] / pages:12.2f}"
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=6, help="reports; each has about 200 cells")
    parser.add_argument("--first", type=int, default=0, help="number of the first report: other numbers, other reports")
    parser.add_argument("--resolutions", type=int, nargs="*", default=[150, 200])
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--keep", default="", help="folder that keeps the scans")
    parser.add_argument("--show", type=int, default=20, help="differences to print; what is silently wrong comes first")
    parser.add_argument("--verbose", action="store_true", help="say what was read of each report")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(options.keep or aside)
        folder.mkdir(parents=True, exist_ok=True)
        sums, differences = measure(options, folder)
        scans = {dots: folder / f"{options.first}_{dots}.pdf" for dots in options.resolutions}
        peaks = {dots: peak_memory(scan) for dots, scan in scans.items()}
    print(HEADER)
    print("\n".join(row(resolution, counts) for resolution, counts in sums.items()))
    for dots, (before, peak) in peaks.items():
        print(f"peak memory of one process at {dots} dpi: {peak:.0f} MB, {before:.0f} MB before it reads")
    print(f"-- differences ({len(differences)})")
    print("\n".join(sorted(differences, key=lambda text: ": wrong:" not in text)[: options.show]))


if __name__ == "__main__":
    main()
