"""Web archives: every page and document a source, every damaged record a failure, nothing lost behind it."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest

from toolkit.corpus import read_corpus
from toolkit.parsing import parse
from toolkit.reports.readers.web.warc import find_captures, load_capture
from toolkit.simulation import write_report
from toolkit.sources import find_sources

URL = "http://www.example.gov.cn/{0}"
TIME = "2022-02-0{0}T08:00:00Z"
_DATA = Path(__file__).parents[2] / "data"


def _page(seed: int = 0) -> bytes:
    return write_report("2021", "html_clean", seed=seed).content


def _record(kind: str, url: str, body: bytes, time: str = TIME.format(1), **heads: str) -> bytes:
    head = {"WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": time, "Content-Length": str(len(body))}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in (head | heads).items())
    return b"WARC/1.0\r\n" + lines.encode() + b"\r\n" + body + b"\r\n\r\n"


def _answer(body: bytes, told: str = "text/html; charset=utf-8", status: int = 200, **heads: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in heads.items())
    return f"HTTP/1.1 {status} OK\r\nContent-Type: {told}\r\n{lines}\r\n".encode() + body


def _chunked(body: bytes) -> bytes:
    parts = [body[start : start + 1000] for start in range(0, len(body), 1000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def _response(name: str, body: bytes, day: int = 1, **heads: str) -> bytes:
    return _record("response", URL.format(name), _answer(body, **heads), TIME.format(day))  # type: ignore[arg-type]


RECORDS = [
    _record("warcinfo", "", b"software: a crawler\r\n"),
    _record("request", URL.format("a.html"), b"GET /a.html HTTP/1.1\r\n\r\n"),
    _response("a.html", _page(1)),
    _response("style.css", b"body {}", told="text/css"),
    _response("gone.html", b"<p>404", status=404),
    _response("b.pdf", (_DATA / "simulated_office_print.pdf").read_bytes(), told="application/pdf"),
    _record("revisit", URL.format("a.html"), b"HTTP/1.1 200 OK\r\n\r\n"),
    _response("c.html", _chunked(_page(2)), Transfer_Encoding="chunked"),
    _response("d.html", gzip.compress(_page(3)), Content_Encoding="gzip"),
    _response("e.html", zlib.compress(_page(4)), Content_Encoding="deflate"),
    _record("resource", URL.format("f"), _page(5), Content_Type="text/html"),
]
NAMES = ["a.html", "b.pdf", "c.html", "d.html", "e.html", "f"]

WRITTEN = {
    "plain": ("site.warc", b"".join(RECORDS)),
    "one member a record": ("site.warc.gz", b"".join(map(gzip.compress, RECORDS))),
    "one member": ("site.warc.gz", gzip.compress(b"".join(RECORDS))),
}


@pytest.mark.parametrize(("name", "content"), WRITTEN.values(), ids=WRITTEN)
def test_pages_and_documents_are_found_and_read(name, content, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    captures = list(find_captures(path))
    assert [one.name for one in captures] == [f"{URL.format(name)} {TIME.format(1)}" for name in NAMES]
    pages = {one.url.rpartition("/")[2]: load_capture(path, one) for one in captures}
    for place, page in enumerate(["a.html", "c.html", "d.html", "e.html", "f"], 1):
        assert pages[page] == _page(place)
    assert pages["b.pdf"].startswith(b"%PDF-")


def test_reports_are_named_by_address_and_time(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "site.warc.gz").write_bytes(WRITTEN["one member a record"][1] + gzip.compress(RECORDS[2]))
    (tmp_path / "in" / "alone.html").write_bytes(_page(9))
    summary = parse(tmp_path / "in", tmp_path / "out", processes=2, progress=False)
    corpus = read_corpus(tmp_path / "out")
    assert (summary.reports, summary.failed) == (8, 0)
    reports = corpus.reports.set_index("report")
    again = f"{URL.format('a.html')} {TIME.format(1)} (2)"
    assert set(reports.index) == {f"{URL.format(name)} {TIME.format(1)}" for name in NAMES} | {"alone.html", again}
    assert reports.loc[again, "duplicate_of"] == f"{URL.format('a.html')} {TIME.format(1)}"
    assert reports.loc[again, "url"] == URL.format("a.html")
    assert parse(tmp_path / "in", tmp_path / "out", processes=1, progress=False).reports == 8
    assert read_corpus(tmp_path / "out").reports.equals(corpus.reports)


def test_a_source_leads_the_name_where_several_are_given(tmp_path):
    for name in ("x", "y"):
        (tmp_path / f"{name}.warc").write_bytes(_response("a.html", _page(1)))
    names = [source.name for source in find_sources([tmp_path / "x.warc", tmp_path / "y.warc"])]
    assert names == [f"{name}.warc/{URL.format('a.html')} {TIME.format(1)}" for name in ("x", "y")]


_FIRST, _LAST = _response("a.html", _page(1)), _response("z.html", _page(2))
_LYING = _FIRST.replace(b"Content-Length: ", b"Content-Length: 9", 1)
_BROKEN_GZIP = gzip.compress(_FIRST)[:400] + b"\0" * 50
DAMAGED = {
    "cut off": ("s.warc", _LAST + _FIRST[:-2000], 1),
    "cut off, compressed": ("s.warc.gz", gzip.compress(_LAST) + gzip.compress(_FIRST)[:-300], 1),
    "no length": ("s.warc", _FIRST.replace(b"Content-Length", b"Content-Size", 1) + _LAST, 1),
    "a length too great": ("s.warc", _LYING + _LAST, 1),
    "rubbish between": ("s.warc", _LAST + b"rubbish\r\n" * 9, 1),
    "a damaged member": ("s.warc.gz", _BROKEN_GZIP + gzip.compress(_LAST), 1),
    "a chunk missing": (
        "s.warc",
        _response("a.html", _chunked(_page(1))[:-900], Transfer_Encoding="chunked") + _LAST,
        1,
    ),
    "compression unknown": ("s.warc", _response("a.html", b"xxx", Content_Encoding="br") + _LAST, 1),
    "an empty page": ("s.warc", _response("a.html", b" ") + _LAST, 1),
}


@pytest.mark.parametrize(("name", "content", "failures"), DAMAGED.values(), ids=DAMAGED)
def test_what_is_damaged_is_a_failure_and_stops_nothing(name, content, failures, tmp_path):
    (tmp_path / name).write_bytes(content)
    corpus = read_corpus(tmp_path, progress=False)
    assert corpus.reports["url"].tolist() == [URL.format("z.html")]
    assert len(corpus.failures) == failures
    assert set(corpus.failures["stage"]) == {"open"} and corpus.failures["hint"].notna().all()


@pytest.mark.parametrize("content", [b"", b"no archive", RECORDS[0], gzip.compress(RECORDS[0])])
def test_an_archive_without_pages_does_not_vanish(content, tmp_path):
    (tmp_path / "s.warc").write_bytes(content)
    failures = read_corpus(tmp_path, progress=False).failures
    assert len(failures) == 1 and failures["source"][0].startswith("s.warc record at byte 0")
