"""Speed of reading, as multiples of the bare parsers in the same run.

Run ``python -m benchmarks.speed``. A file is measured from its bytes to plain
records, before frames. The multiples are what to compare: seconds differ from
machine to machine and with what else it does.
"""

from __future__ import annotations

import argparse
import io
import random
import statistics
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, process_time

import pypdfium2 as pdfium
from selectolax.lexbor import LexborHTMLParser

from benchmarks.scans import peak_memory
from toolkit.reports.readers import read_bytes
from toolkit.reports.report import document_records
from toolkit.simulation.shapes_files import office, print_pages, scan
from toolkit.simulation.writer import write_report

PAGE_BYTES = 140_000
TEXT_SHAPES = ("text_cell_lines", "text_tabbed_rows", "text_barred_rows", "text_all_on_one_line")
_WORD_SPAN = (
    '<span lang="EN-US"><span style="mso-spacerun:\'yes\';font-family:宋体;mso-bidi-font-family:宋体;'
    'mso-font-kerning:0.0000pt;font-size:10.5000pt">'
)
HEADER = f"{'':44}{'ms':>9}{'of bare':>9}{'MB/s':>9}"


def median_seconds(
    jobs: dict[str, Callable[[], object]], rounds: int, clock: Callable[[], float] = process_time
) -> dict[str, float]:
    """Time jobs in turns and return each one's median.

    The clock counts the processor's time, which waiting for other programs does not lengthen: a long job
    would be met by more of them than a short one.
    """
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            began = clock()
            job()
            times[name].append(clock() - began)
    return {name: statistics.median(values) for name, values in times.items()}


def records(data: bytes, suffix: str = "") -> object:
    return document_records(read_bytes(data, suffix), f"speed{suffix}")


def word_pasted_page(size: int = PAGE_BYTES) -> bytes:
    """A government page of about `size` bytes whose every text stands in nested spans pasted from Word."""
    page = write_report("2021", "html_site").content.decode("utf-8")
    first, *pieces = page.split("<span ")
    nested = (size - len(page.encode("utf-8"))) // len((_WORD_SPAN + "</span></span>").encode("utf-8"))
    times, rest = divmod(nested, len(pieces))
    for place, piece in enumerate(pieces):
        depth = times + (place < rest)
        pieces[place] = (
            _WORD_SPAN * depth + "<span " + piece.replace("</span>", "</span>" + "</span></span>" * depth, 1)
        )
    return "".join([first, *pieces]).encode("utf-8")


def line(name: str, seconds: float, bare: float | None = None, size: int | None = None) -> str:
    multiple = f"{seconds / bare:9.1f}" if bare else f"{'':9}"
    rate = f"{size / 1e6 / seconds:9.1f}" if size else f"{'':9}"
    return f"{name:44}{1000 * seconds:9.2f}{multiple}{rate}"


def measure_page(page: bytes, rounds: int) -> list[str]:
    html = page.decode("utf-8")
    jobs = {"parse": lambda: LexborHTMLParser(html), "records": lambda: records(page, ".html")}
    times = median_seconds(jobs, rounds)
    return [
        line(f"web page of {len(page) // 1000} kB: bare parser", times["parse"], times["parse"], len(page)),
        line(f"web page of {len(page) // 1000} kB: records", times["records"], times["parse"], len(page)),
    ]


def measure_text(rounds: int) -> list[str]:
    lines = []
    for shape in TEXT_SHAPES:
        data = write_report("2021", shape).content
        seconds = median_seconds({shape: lambda data=data: records(data, ".txt")}, rounds)[shape]  # type: ignore[misc]
        lines.append(line(f"text, {shape.removeprefix('text_')}: records", seconds, size=len(data)))
    return lines


def bare_text(data: bytes) -> str:
    with pdfium.PdfDocument(data) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


def pdfplumber_tables(data: bytes) -> list:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        return [page.extract_tables() for page in document.pages]


def measure_pdf(path: Path, rounds: int) -> list[str]:
    data = path.read_bytes()
    jobs: dict[str, Callable[[], object]] = {"bare": lambda: bare_text(data), "records": lambda: records(data, ".pdf")}
    if find_spec("pdfplumber"):
        jobs["pdfplumber"] = lambda: pdfplumber_tables(data)
    times = median_seconds(jobs, rounds)
    names = {"bare": "bare text", "records": "records", "pdfplumber": "pdfplumber's tables"}
    lines = [line(f"{path.name}: {names[name]}", seconds, times["bare"]) for name, seconds in times.items()]
    if "pdfplumber" in times:
        lines.append(f"{path.name}: {times['pdfplumber'] / times['records']:.1f} times as fast as pdfplumber's tables")
    return lines


def measure_scan(printed: Path, rounds: int) -> list[str]:
    lines = []
    for dots in (150, 200):
        data = scan(printed, dots, random.Random(0))
        with pdfium.PdfDocument(data) as document:
            pages = len(document)
        seconds = median_seconds({"scan": lambda data=data: records(data, ".pdf")}, rounds, perf_counter)["scan"]  # type: ignore[misc]
        copy = printed.with_name(f"scan_{dots}.pdf")
        copy.write_bytes(data)
        peak = peak_memory(copy)[1]
        lines.append(f"scan of {pages} pages at {dots} dpi: {seconds / pages:.2f} s a page, {peak:.0f} MB at most")
    return lines


def simulated_pdf(folder: Path) -> Path:
    source = write_report("2021", "docx").save(folder / "simulated")
    return print_pages([source], folder)[0]


def report(rounds: int, pdfs: list[Path], pages: list[Path], with_scan: bool) -> None:
    print(HEADER)
    for page in [word_pasted_page(), *(path.read_bytes() for path in pages)]:
        print(*measure_page(page, rounds), sep="\n", flush=True)
    print(*measure_text(rounds), sep="\n", flush=True)
    with tempfile.TemporaryDirectory() as name:
        printed = [simulated_pdf(Path(name))] if office() else []
        if not printed:
            print("LibreOffice is not installed: no simulated PDF, no scan")
        for path in [*printed, *pdfs]:
            print(*measure_pdf(path, max(rounds // 4, 3)), sep="\n", flush=True)
        if with_scan and printed and find_spec("rapidocr"):
            print(*measure_scan(printed[0], 1), sep="\n", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="of which the median is taken (default 40)")
    parser.add_argument("--pdf", nargs="*", type=Path, default=[], help="further PDFs to measure")
    parser.add_argument("--page", nargs="*", type=Path, default=[], help="further web pages (UTF-8) to measure")
    parser.add_argument("--no-scan", action="store_true", help="leave out the scans, which take longest")
    options = parser.parse_args()
    report(options.rounds, options.pdf, options.page, not options.no_scan)


if __name__ == "__main__":
    main()
