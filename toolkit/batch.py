"""Sources to frames, a batch at a time: what every worker does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from toolkit.errors import SourceError, ToolkitError
from toolkit.frames import FRAMES, as_frame, make_frame
from toolkit.narrative.coding import code_statements
from toolkit.narrative.statements import statement_rows
from toolkit.reports.consistency.rules import check_report
from toolkit.reports.document import Document
from toolkit.reports.marking import is_simulated
from toolkit.reports.readers import load, read_bytes
from toolkit.reports.readers.web.warc import load_capture, suffix_of
from toolkit.reports.report import Records, document_records
from toolkit.sources import Source

#: Frame name -> the rows that one source adds to it; plain data, fit for JSON.
Payload = dict[str, list[dict[str, Any]]]

_BUG_HINT = "this is an error of the toolkit: report it with the file; the others were read"
_MOST_BYTES_IN_MESSAGE = 500


def read_source(source: Source) -> Records:
    """Read a source: one file, or the numbered pictures of one report.

    Raises
    ------
    SourceError
        If it cannot be read or is no annual report.
    """
    data = source_bytes(source)
    return _recognised(source, data, _document(source, data))


def source_bytes(source: Source) -> list[bytes]:
    """Return the bytes of a source, file by file.

    Raises
    ------
    SourceError
        If a file cannot be opened, is empty or too large.
    """
    if source.capture:
        return [load_capture(source.paths[0], source.capture)]
    return [load(path) for path in source.paths]


def _document(source: Source, data: Sequence[bytes]) -> Document:
    if source.capture:
        document = read_bytes(data[0], suffix_of(source.capture.url))
        document.url = document.url or source.capture.url
        return document
    return read_bytes(data[0], source.paths[0].suffix.lower()) if len(data) == 1 else _read_pages(data)


def _recognised(source: Source, data: Sequence[bytes], document: Document) -> Records:
    records = document_records(document, source.name)
    records.report["sha256"] = source_hash(data)
    records.report["simulated"] = source.simulated or "simulated" in document.meta or is_simulated(document.text)
    return records


def source_hash(data: Sequence[bytes]) -> str:
    """Return the SHA-256 of a source's bytes."""
    return hashlib.sha256(b"".join(data)).hexdigest()


def _read_pages(pages: Sequence[bytes]) -> Document:
    from toolkit.reports.readers.scans.reader import read_pictures

    return read_pictures(list(pages))


def source_payload(source: Source) -> Payload:
    """Return the rows a source adds to each frame; one that cannot be read adds a failure.

    The failure names the step that failed: ``open`` the files, ``read`` a
    document from their bytes, ``recognise`` the report, ``code`` chapter five.
    """
    stage = "open"
    try:
        data = source_bytes(source)
        stage = "read"
        document = _document(source, data)
        stage = "recognise"
        records = _recognised(source, data, document)
        stage = "code"
        return records_payload(records)
    except ToolkitError as error:
        return {"failures": [_failure(source, stage, error, error.message, error.hint)]}
    except (MemoryError, RecursionError) as error:
        reason = "the file asks for too much memory or is nested too deep"
        return {"failures": [_failure(source, stage, error, reason, "save the report alone")]}
    except Exception as error:  # a single file never stops the others
        return {"failures": [_failure(source, stage, error, f"unexpected: {error!r}", _BUG_HINT)]}


def _failure(source: Source, stage: str, error: BaseException, message: str, hint: str) -> dict[str, str]:
    message = message[:_MOST_BYTES_IN_MESSAGE]
    return {"source": source.name, "stage": stage, "error": type(error).__name__, "message": message, "hint": hint}


def records_payload(records: Records) -> Payload:
    """Return the records of a report as rows of the frames, chapter five split into statements."""
    name, simulated = records.report["report"], records.report["simulated"]
    problems = next((row for row in records.sections if row["chapter"] == "problems"), None)
    statements = [] if problems is None else statement_rows(problems["text"])
    records.report["problems_status"] = _problems_status(problems, statements)
    for number, row in enumerate(statements, 1):
        row["statement"] = f"{name}#{number}"
    payload = {"reports": [records.report], "statistics": records.statistics, "sections": records.sections}
    payload |= {"mentions": records.mentions, "statements": statements, "findings": records.findings}
    for rows in payload.values():
        for row in rows:
            row |= {"report": name, "simulated": simulated}
    return payload


def _problems_status(section: dict[str, Any] | None, statements: Sequence[dict[str, Any]]) -> str:
    """Return what ``problems_status`` returns, from statements that are split already."""
    if section is None or not section["text"].strip():
        return "absent" if section is None else "unread"
    return "named" if any(row["kind"] == "problem" for row in statements) else "none_named"


def payload_frames(payloads: Iterable[Payload]) -> dict[str, pd.DataFrame]:
    """Return the frames of many payloads: statements coded, sums tested."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in FRAMES}
    for payload in payloads:
        for name, more in payload.items():
            rows[name] += more
    frames = {name: make_frame(name, rows[name]) for name in FRAMES}
    frames["statements"] = as_frame("statements", code_statements(frames["statements"]))
    frames["findings"] = check_report(frames)
    return frames


def raise_failure(failures: pd.DataFrame) -> None:
    """Raise the first failure as the error it was.

    Raises
    ------
    SourceError
    """
    first = failures.iloc[0]
    raise SourceError(f"{first['source']}: {first['message']}", "" if pd.isna(first["hint"]) else first["hint"])
