"""Whatever stands in a folder: a clear message each, nothing lost, and the reports are read."""

import gzip
import os
import sys
import zipfile
from pathlib import Path

import pytest

from toolkit.corpus import read_corpus
from toolkit.errors import InputError, SourceError
from toolkit.parsing import parse
from toolkit.simulation import write_report

_DATA = Path(__file__).parent / "data"


def _report(**kwargs) -> bytes:
    return write_report("2021", "html_clean", **kwargs).content


def _zip(path: Path, **members: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/"), text)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write(_report())
        file.truncate(200 * 2**20)


# Name -> (how it is made, what the message must say).
_UNREADABLE = {
    "too_large.html": (_sparse, "too large (200 MB"),
    "binary.html": (lambda path: path.write_bytes(bytes(range(256)) * 400), "binary data"),
    "nothing.html": (lambda path: path.write_bytes(b""), "the file is empty"),
    "spaces.txt": (lambda path: path.write_bytes(b" \r\n\0\0"), "the file is empty"),
    "nulls.txt": (lambda path: path.write_bytes(b"\0" * 5000), "the file is empty"),
    "archive.zip": (lambda path: _zip(path, report="x"), "archive (zip)"),
    "archive.gz": (lambda path: path.write_bytes(gzip.compress(b"x" * 100)), "archive (gzip)"),
    "archive.rar": (lambda path: path.write_bytes(b"Rar!\x1a\x07\x01\x00" + b"x" * 100), "archive (RAR)"),
    "archive.7z": (lambda path: path.write_bytes(b"7z\xbc\xaf\x27\x1c" + b"x" * 100), "archive (7-Zip)"),
    "report.ofd": (lambda path: _zip(path, **{"OFD.xml": "<ofd:OFD/>", "Doc_0__Document.xml": "<x/>"}), "OFD document"),
    "table.xlsx": (lambda path: _zip(path, xl__workbook="<workbook/>"), "Excel workbook"),
    "damaged.docx": (lambda path: path.write_bytes(b"PK\x03\x04" + b"x" * 100), "damaged"),
    "list.html": (
        lambda path: path.write_text("<ul><li>某县2021年政府信息公开工作年度报告</ul>", encoding="utf-8"),
        "",
    ),
    "style.css": (lambda path: path.write_text("body {color: red}", encoding="utf-8"), ""),
    "notes.md": (lambda path: path.write_text("# 说明", encoding="utf-8"), ""),
}
_READABLE = {
    "plain.html": lambda: _report(),
    "关于 2021 年度 报告（终稿）.html": lambda: _report(seed=1),
    "a/same.html": lambda: _report(seed=2),
    "b/same.html": lambda: _report(seed=3),
    "deep.html": lambda: b"<div>" * 50_000 + _report(seed=4),
    "deep_inline.html": lambda: b"<b><span>" * 25_000 + _report(seed=5),
    "spans.html": lambda: _report(seed=6) + b"<table><tr><td rowspan=1000000000 colspan=1000000000>x<td>1</table>",
    "utf16.html": lambda: _report(seed=7).decode("utf-8").encode("utf-16"),
    "says_utf8_is_gbk.html": lambda: _report(seed=8).decode("utf-8").encode("gb18030"),
    "says_gbk_is_utf8.html": lambda: _report(seed=9).replace(b"utf-8", b"gb2312", 1).replace(b"UTF-8", b"gb2312", 1),
    "page.doc": lambda: _report(seed=10),
    "page.txt": lambda: _report(seed=11),
    "page_without_suffix": lambda: _report(seed=12),
    "pdf.html": lambda: (_DATA / "simulated_office_print.pdf").read_bytes(),
    "null_bytes.html": lambda: _report(seed=13).replace(b"<p>", b"<p>\0", 5),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("报告 与 杂物")
    for name, (make, _) in _UNREADABLE.items():
        make(folder / name)
    for name, content in _READABLE.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content())
    (folder / "empty").mkdir()
    if sys.platform != "win32":
        (folder / "a" / "back").symlink_to(folder, target_is_directory=True)
        (folder / "itself").symlink_to(folder / "itself")
        (folder / "nowhere.html").symlink_to(folder / "gone.html")
        os.mkfifo(folder / "pipe.html")
    return folder


@pytest.fixture(scope="module")
def corpus(folder):
    return read_corpus(folder, processes=2, progress=False)


def test_nothing_is_lost(corpus):
    links = () if sys.platform == "win32" else ("itself", "nowhere.html", "pipe.html")
    named = sorted([*corpus.reports["report"], *corpus.failures["source"]])
    assert named == sorted([*_UNREADABLE, *_READABLE, *links])


@pytest.mark.parametrize("name", _UNREADABLE)
def test_each_failure_says_why_and_what_to_try(corpus, name):
    row = corpus.failures.set_index("source").loc[name]
    assert _UNREADABLE[name][1] in row["message"] and len(row["message"]) < 500
    assert row["hint"] and not row["message"].startswith("unexpected")


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need POSIX")
@pytest.mark.parametrize(
    ("name", "message"),
    [("itself", "symbolic links"), ("nowhere.html", "no such file"), ("pipe.html", "a device or a pipe")],
)
def test_what_is_no_file_is_a_failure(corpus, name, message):
    assert message in corpus.failures.set_index("source").loc[name, "message"]


@pytest.mark.parametrize("name", _READABLE)
def test_reports_are_read_whole(corpus, name):
    cells = corpus.statistics[corpus.statistics["report"] == name]
    assert cells["state"].isin(["reported", "blank"]).all() and len(cells) == 200


def test_frames_of_a_folder_without_reports_are_empty_not_absent(tmp_path):
    (tmp_path / "notes.txt").write_text("没有报告", encoding="utf-8")
    summary = parse(tmp_path, tmp_path / "out", progress=False)
    assert (summary.reports, summary.failed) == (0, 1)
    again = read_corpus(tmp_path / "out")
    assert len(again.statistics) == 0 and again.failures["source"].tolist() == ["notes.txt"]


def test_an_empty_folder_and_an_absent_one_are_told_before_anything_is_written(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="there is no file to read"):
        parse(tmp_path / "empty", tmp_path / "out", progress=False)
    with pytest.raises(SourceError, match="no such file or folder"):
        parse(tmp_path / "gone", tmp_path / "out", progress=False)
    assert not (tmp_path / "out").exists()


@pytest.fixture
def ordinary_user():
    """Root may read everything: be nobody for a while."""
    if sys.platform == "win32":
        pytest.skip("permissions of files need POSIX")
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def _forbidden(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("forbidden")
    for above in (folder, folder.parent, folder.parent.parent):
        above.chmod(0o755)
    (folder / "good.html").write_bytes(_report())
    (folder / "secret.html").write_bytes(_report(seed=1))
    (folder / "locked").mkdir()
    (folder / "locked" / "report.html").write_bytes(_report(seed=2))
    (folder / "secret.html").chmod(0)
    (folder / "locked").chmod(0)
    return folder


def test_files_and_folders_that_may_not_be_read_stand_in_failures(tmp_path_factory, request):
    folder = _forbidden(tmp_path_factory)
    read_corpus(folder / "good.html", processes=1, progress=False)  # loads every module while it may be read
    request.getfixturevalue("ordinary_user")
    corpus = read_corpus(folder, processes=1, progress=False)
    assert corpus.reports["report"].tolist() == ["good.html"]
    messages = corpus.failures.set_index("source")["message"]
    assert "the file may not be read" in messages["secret.html"]
    assert "the folder may not be read" in messages["locked"]
    with pytest.raises(InputError, match="may not be written"):
        parse(folder / "good.html", folder / "out", progress=False)
