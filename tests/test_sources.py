"""Which files are reports, and what they are called: none passed over unsaid, none twice."""

import os
import sys
from pathlib import Path

import pytest

from toolkit.errors import InputError, SourceError
from toolkit.sources import find_sources, is_output


def _touch(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    return folder


def _names(*given) -> list[str]:
    return [source.name for source in find_sources(given[0] if len(given) == 1 else list(given))]


def test_names_are_relative_with_slashes_and_sorted(tmp_path):
    _touch(tmp_path, "b.html", "2021/某县 教育局.txt", "2021/a/b.pdf")
    assert _names(tmp_path) == ["2021/a/b.pdf", "2021/某县 教育局.txt", "b.html"]


@pytest.mark.parametrize(
    "name",
    ["SOURCES.csv", "truth/reports.csv", ".hidden.html", ".git/a.html", "~$open.docx", "page_files/a.js",
     "page.files/b.gif", "out/reports.parquet", "stopped/.toolkit/staging/x"],
)  # fmt: skip
def test_passed_over_by_name(tmp_path, name):
    assert _names(_touch(tmp_path, "page.html", name)) == ["page.html"]


@pytest.mark.parametrize(
    "name", ["manifest.json", "site/manifest.json", "x_files/a.html", ".hidden/../truthful/a.html", "reports.csv"]
)
def test_what_only_looks_like_it_is_not_passed_over(tmp_path, name):
    found = _names(_touch(tmp_path, "page.html", name))
    assert os.path.normpath(name).replace(os.sep, "/") in found


def test_output_in_the_folder_of_the_reports(tmp_path):
    _touch(tmp_path, "a.html", "reports.parquet", "reports.csv", "wide.xlsx", "manifest.json", "wide.csv.partial")
    assert is_output(tmp_path) and _names(tmp_path) == ["a.html"]


def test_what_a_study_wrote_into_the_folder_of_the_reports(tmp_path):
    _touch(tmp_path, "a.html", ".toolkit/x", "index.html", "tables/t.csv", "tables/mine.html", "figures/f.png")
    (tmp_path / "study.json").write_text('{"files": ["tables/t.csv", "figures/f.png"]}', encoding="utf-8")
    assert _names(tmp_path) == ["a.html", "tables/mine.html"]
    (tmp_path / "study.json").write_text("{", encoding="utf-8")
    assert _names(tmp_path) == ["a.html", "figures/f.png", "tables/mine.html", "tables/t.csv"]


def test_a_page_of_that_name_elsewhere_is_a_source(tmp_path):
    assert _names(_touch(tmp_path, "index.html", "study.json")) == ["index.html", "study.json"]


def test_numbered_pictures_are_one_report(tmp_path):
    _touch(tmp_path, "s/p10.png", "s/p2.png", "s/p1.png", "s/cover.png", "t/p1.png", "s/q1.jpg")
    found = {source.name: [path.name for path in source.paths] for source in find_sources(tmp_path)}
    assert found == {
        "s/cover.png": ["cover.png"],
        "s/p1.png": ["p1.png", "p2.png", "p10.png"],
        "s/q1.jpg": ["q1.jpg"],
        "t/p1.png": ["p1.png"],
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["a"], ["x.html"]),
        (["a", "b"], ["a/x.html", "b/x.html"]),
        (["a/x.html", "b/x.html"], ["a/x.html", "b/x.html"]),
        (["a", "a/x.html"], ["a/x.html"]),
        (["a", "a"], ["x.html"]),
        (["2020/r", "2021/r"], ["2020/r/x.html", "2021/r/x.html"]),
        (["a/x.html"], ["x.html"]),
    ],
    ids=["one", "two folders", "two files of one name", "a folder and its file", "twice", "two of one name", "a file"],
)
def test_several_sources(tmp_path, monkeypatch, given, expected):
    _touch(tmp_path, "a/x.html", "b/x.html", "2020/r/x.html", "2021/r/x.html")
    monkeypatch.chdir(tmp_path)
    assert [source.name for source in find_sources(given)] == expected


def test_simulated_is_told_by_the_list_of_sources(tmp_path):
    _touch(tmp_path, "s/a.html", "s/b.html", "c.html")
    (tmp_path / "s" / "SOURCES.csv").write_text("file,simulated\na.html,true\nb.html,false\n", encoding="utf-8-sig")
    assert {source.name: source.simulated for source in find_sources(tmp_path)} == {
        "c.html": False,
        "s/a.html": True,
        "s/b.html": False,
    }


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00\x01", b"file,simulated\n\x00,1\n", b""], ids=["binary", "null", "empty"]
)
def test_a_damaged_list_of_sources_stops_nothing(tmp_path, content):
    _touch(tmp_path, "a.html")
    (tmp_path / "SOURCES.csv").write_bytes(content)
    assert _names(tmp_path) == ["a.html"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize(
    "given", [[".", "inner"], ["inner", "."], ["inner/a.txt", "."], ["inner", "{here}/inner", "."]]
)
def test_a_file_in_several_of_the_given_folders_is_one_source(tmp_path, monkeypatch, given):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.txt").write_text("a", encoding="utf-8")
    (tmp_path / "SOURCES.csv").write_text("file,simulated\ninner/a.txt,true\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (source,) = find_sources([one.format(here=tmp_path) for one in given])
    assert source.simulated and source.paths[0].resolve() == tmp_path / "inner" / "a.txt"


def test_links_are_followed_once_and_come_last(tmp_path):
    _touch(tmp_path, "z/real.html", "z/deep/more.html")
    (tmp_path / "a_link").symlink_to(tmp_path / "z", target_is_directory=True)
    (tmp_path / "z" / "deep" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert _names(tmp_path) == ["loop", "z/deep/more.html", "z/real.html"]


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text exist on Linux only")
def test_names_from_archives_made_on_chinese_windows(tmp_path):
    name = os.fsencode(tmp_path) + b"/" + "年度报告.html".encode("gb18030")
    with open(name, "wb") as file:
        file.write(b"x")
    assert _names(tmp_path) == ["年度报告.html"]


def test_what_is_not_there_and_nothing(tmp_path):
    with pytest.raises(SourceError, match="no such file or folder"):
        find_sources(tmp_path / "gone")
    with pytest.raises(InputError, match="no source was given"):
        find_sources([])
    assert find_sources(tmp_path) == []
