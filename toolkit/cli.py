"""The commands: ``toolkit parse``, ``study``, ``simulate``, ``codebook``."""

from __future__ import annotations

import argparse
import locale
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from toolkit import __version__
from toolkit.errors import InputError, ToolkitError

_STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0: every source was read; 1: some went to ``failures``; 2: a wrong
    argument, or nothing could be read; 130: stopped by Ctrl-C.
    """
    _speak_utf8()
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except ToolkitError as error:
        print(f"toolkit: {error}", file=sys.stderr)
        return 2
    except OSError as error:  # a folder that may not be written, a network drive that is gone
        print(f"toolkit: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ntoolkit: stopped. What was read is kept: the same command goes on from here.", file=sys.stderr)
        return _STOPPED


def _speak_utf8() -> None:
    """Windows consoles and pipes may use another encoding, in which Chinese cannot be printed."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="toolkit", description="政府信息公开工作年度报告: reports to frames to findings."
    )
    parser.add_argument("--version", action="version", version=f"toolkit {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_parse(commands.add_parser("parse", help="read reports into frames (Parquet, CSV) and the wide table"))
    _add_study(commands.add_parser("study", help="parse, check, code, cluster, correlate, draw: one report page"))
    _add_simulate(commands.add_parser("simulate", help="write simulated reports with their truth"))
    _add_codebook(commands.add_parser("codebook", help="print or write the data dictionary"))
    return parser


def _add_sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help="files and folders of reports, any mix")
    parser.add_argument("--output", required=True, metavar="DIR", help="folder for the results; made if need be")
    parser.add_argument("--processes", type=_positive, metavar="N", help="all cores by default")
    parser.add_argument("--lang", choices=("zh", "en"), default=_language(), help="language of summary and labels")
    parser.add_argument("--quiet", action="store_true", help="no progress bar and no summary")


def _add_parse(parser: argparse.ArgumentParser) -> None:
    _add_sources(parser)
    parser.set_defaults(run=_parse)


def _add_study(parser: argparse.ArgumentParser) -> None:
    _add_sources(parser)
    parser.add_argument("--seed", type=int, default=0, help="of every random step (default 0)")
    parser.set_defaults(run=_study)


def _add_simulate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument("--reports", type=_positive, default=450, metavar="N", help="how many (default 450)")
    parser.add_argument(
        "--seed", type=int, default=0, metavar="S", help="the same seed gives the same bytes (default 0)"
    )
    parser.set_defaults(run=_simulate)


def _add_codebook(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", metavar="FILE", help=".csv or .xlsx; printed as CSV by default")
    parser.set_defaults(run=_codebook)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _language() -> str:
    named = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


def _parse(options: argparse.Namespace) -> int:
    _start_early(options.processes)
    from toolkit.parsing import parse

    summary = parse(options.sources, options.output, options.processes, not options.quiet, options.lang)
    if not options.quiet:
        print(summary.text(options.lang, options.output))
    return 1 if summary.failed else 0


def _start_early(processes: int | None) -> None:
    """Start on what workers need before this process loads what it needs itself."""
    # Arrow's own pool keeps what is freed: memory would grow with the number of reports.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if processes != 1:
        from toolkit.pool import start_early

        start_early()


def _study(options: argparse.Namespace) -> int:
    # A command draws files; a window system, if there is one, is not asked for.
    os.environ.setdefault("MPLBACKEND", "agg")
    _start_early(options.processes)
    from toolkit.study import study

    result = study(options.sources, options.output, options.processes, not options.quiet, options.lang, options.seed)
    if not options.quiet:
        print(result.text(options.lang, options.output))
    return 1 if result.failures else 0


def _simulate(options: argparse.Namespace) -> int:
    from toolkit.simulation import simulate

    simulate(options.folder, reports=options.reports, seed=options.seed)
    print(f"{options.folder}: {options.reports} simulated reports, their truth in {Path(options.folder) / 'truth'}")
    return 0


def _codebook(options: argparse.Namespace) -> int:
    from toolkit.codebook import codebook

    book = codebook()
    suffix = Path(options.output).suffix.lower() if options.output else ""
    if not options.output:
        print(book.to_csv(index=False, lineterminator="\n"), end="")
    elif suffix == ".csv":
        book.to_csv(options.output, index=False, encoding="utf-8-sig", lineterminator="\n")
    elif suffix == ".xlsx":
        book.to_excel(options.output, index=False, sheet_name="codebook")
    else:
        raise InputError(f"a codebook cannot be written as {suffix or 'a file without suffix'}", ".csv or .xlsx")
    return 0


if __name__ == "__main__":
    sys.exit(main())
