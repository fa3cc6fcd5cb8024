"""The commands: exit codes, the screen that ends a run, messages that say what to try."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from toolkit.cli import main
from toolkit.simulation import write_report

_ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    for seed in range(3):
        (folder / f"{seed}.html").write_bytes(write_report("2021", "html_clean", seed=seed).content)
    return folder


def test_all_read_is_0_and_the_screen_counts(folder, tmp_path, capsys):
    assert main(["parse", str(folder), "--output", str(tmp_path / "out"), "--lang", "en"]) == 0
    said = capsys.readouterr()
    assert "3 reports read from 3 sources" in said.out and "3 of the reports are simulated" in said.out
    assert "cells: reported 600" in said.out and str(tmp_path / "out") in said.out
    assert len(said.out.splitlines()) < 24, "more than one screen"
    assert "100%" in said.err, "no progress bar"


def test_in_chinese(folder, tmp_path, capsys):
    main(["parse", str(folder), "--output", str(tmp_path / "out"), "--lang", "zh"])
    assert "读取报告 3 份（来源 3 个" in capsys.readouterr().out


def test_some_not_read_is_1_and_they_are_named(folder, tmp_path, capsys):
    for number in range(12):
        (folder / f"bad{number:02}.html").write_bytes(b"")
    assert main(["parse", str(folder), "--output", str(tmp_path / "out"), "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert "12 sources not read" in out and "bad00.html: the file is empty" in out
    assert "... and 4 more, see failures" in out
    assert len(pd.read_csv(tmp_path / "out" / "failures.csv")) == 12


def test_quiet_says_nothing(folder, tmp_path, capsys):
    assert main(["parse", str(folder), "--output", str(tmp_path / "out"), "--quiet"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["parse", "gone", "--output", "out"], r"gone: there is no such file or folder. Try: "),
        (["parse", "empty", "--output", "out"], r"empty: there is no file to read. Try: "),
        (["parse", "reports", "--output", "reports/0.html"], r"0.html is a file. Try: "),
        (["codebook", "--output", "book.pdf"], r"cannot be written as .pdf. Try: .csv or .xlsx"),
        (["codebook", "--output", "gone/book.csv"], r"gone"),
        (["simulate", "reports", "--reports", "3"], r"reports is not an empty folder. Try: "),
    ],
    ids=["absent", "empty", "output", "suffix", "no folder", "simulate"],
)
def test_a_wrong_argument_is_2_and_says_what_to_try(folder, tmp_path, monkeypatch, capsys, arguments, message):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert re.search(message, said) and "Traceback" not in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["parse"],
        ["parse", "reports"],
        ["parse", "reports", "--output", "o", "--processes", "0"],
        ["parse", "reports", "--output", "o", "--processes", "many"],
        ["parse", "reports", "--output", "o", "--lang", "fr"],
        ["read"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_understood_is_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2 and "usage: toolkit" in capsys.readouterr().err


def test_stopped_is_130(folder, tmp_path, monkeypatch, capsys):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("toolkit.parsing.find_sources", stop)
    assert main(["parse", str(folder), "--output", str(tmp_path / "out")]) == 130
    assert "the same command goes on from here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"LC_ALL": "zh_CN.UTF-8"}, "读取报告"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "reports read"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_TW"}, "读取报告"),
    ],
    ids=["chinese", "overruled", "by LANG"],
)
def test_language_is_told_by_the_locale(folder, tmp_path, monkeypatch, capsys, names, expected):
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    main(["parse", str(folder), "--output", str(tmp_path / "out")])
    assert expected in capsys.readouterr().out


def test_chinese_is_printed_whatever_the_console_can(folder, tmp_path):
    command = [sys.executable, "-m", "toolkit.cli", "parse", str(folder), "--output", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, "--lang", "zh"], env=os.environ | {"PYTHONIOENCODING": "ascii"}, capture_output=True, cwd=_ROOT
    )
    assert done.returncode == 0 and "读取报告 3 份" in done.stdout.decode("utf-8")


def test_several_sources_lead_the_names(folder, tmp_path):
    (tmp_path / "one.html").write_bytes((folder / "0.html").read_bytes())
    assert main(["parse", str(folder), str(tmp_path / "one.html"), "--output", str(tmp_path / "out"), "--quiet"]) == 0
    reports = pd.read_parquet(tmp_path / "out" / "reports.parquet")["report"].tolist()
    assert reports == ["one.html", "reports/0.html", "reports/1.html", "reports/2.html"]


def test_the_codebook_as_csv_and_as_a_file(tmp_path, capsys):
    assert main(["codebook"]) == 0
    book = pd.read_csv(io.StringIO(capsys.readouterr().out), keep_default_na=False)
    assert main(["codebook", "--output", str(tmp_path / "book.xlsx")]) == 0
    assert main(["codebook", "--output", str(tmp_path / "book.csv")]) == 0
    for again in (
        pd.read_excel(tmp_path / "book.xlsx", keep_default_na=False, dtype=str),
        pd.read_csv(tmp_path / "book.csv", keep_default_na=False, encoding="utf-8-sig", dtype=str),
    ):
        assert again.to_numpy().tolist() == book.astype(str).to_numpy().tolist()


def test_commands_load_only_what_they_need():
    """Starting is quick: no plotting, no statistics, no spreadsheets for reading reports."""
    code = "import sys, toolkit.parsing; print(*[m for m in sys.modules if m in sys.argv])"
    heavy = ["matplotlib", "scipy", "sklearn", "statsmodels", "openpyxl", "pypdfium2", "docx"]
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, cwd=_ROOT, check=True)
    assert done.stdout.split() == []
