"""A run that is stopped at any moment goes on to the same result; what is partial never counts."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from toolkit import dataset
from toolkit.corpus import read_corpus
from toolkit.errors import InputError, SourceError
from toolkit.frames import FRAMES
from toolkit.parsing import parse
from toolkit.simulation import simulate
from toolkit.wide import widen

_ROOT = Path(__file__).parents[1]
_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals to a process group need POSIX")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = simulate(tmp_path_factory.mktemp("parsing") / "reports", reports=40, seed=2)
    page = next(folder.glob("2021/*.html"))
    (folder / "2021" / "again.html").write_bytes(page.read_bytes())
    (folder / "notes.html").write_text("<p>通知", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def undisturbed(folder, tmp_path_factory) -> Path:
    output = tmp_path_factory.mktemp("undisturbed")
    parse(folder, output, processes=1, progress=False)
    return output


def _files(output: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in output.iterdir() if path.is_file()}


def _command(folder: Path, output: Path, processes: int = 2) -> list[str]:
    command = [sys.executable, "-m", "toolkit.cli", "parse", str(folder), "--output", str(output)]
    return [*command, "--processes", str(processes), "--lang", "zh"]


def _start(folder: Path, output: Path) -> subprocess.Popen:
    return subprocess.Popen(
        _command(folder, output), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=_ROOT, start_new_session=True
    )


def _wait_until_none(group: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError("processes are left behind")


def test_what_a_run_writes(undisturbed):
    frames = {f"{name}.{suffix}" for name in FRAMES for suffix in ("csv", "parquet")}
    assert set(_files(undisturbed)) == frames | {"wide.csv", "wide.xlsx", "wide.dta", "manifest.json"}


def test_processes_do_not_change_a_byte(folder, undisturbed, tmp_path):
    parse(folder, tmp_path, processes=2, progress=False)
    assert _files(tmp_path) == _files(undisturbed)


def test_what_needs_all_reports_is_filled_in_the_second_pass(folder, undisturbed):
    corpus = read_corpus(undisturbed)
    copies = corpus.reports.dropna(subset="duplicate_of").set_index("report")["duplicate_of"]
    names = {Path(name).name for name in [*copies.index, *copies]}
    assert len(copies) == 1 and "again.html" in names
    wide = widen(corpus, quiet=True)
    assert wide["duplicate_of"].notna().sum() == 1
    assert corpus.failures["source"].tolist() == ["notes.html"]


def test_reading_again_reads_nothing(folder, undisturbed, tmp_path, monkeypatch):
    shutil.copytree(undisturbed, tmp_path / "out")
    read = []
    monkeypatch.setattr("toolkit.cache.source_payload", lambda source: read.append(source.name) or _failure(source))
    parse(folder, tmp_path / "out", processes=1, progress=False)
    assert read == ["notes.html"], "only what failed is tried again"


def _failure(source):
    return {"failures": [{"source": source.name, "stage": "read", "error": "SourceError", "message": "m"}]}


@_posix
def test_killed_at_ten_moments_it_goes_on_to_the_same_result(folder, undisturbed, tmp_path):
    draw = random.Random(5)
    for _ in range(10):
        run = _start(folder, tmp_path / "out")
        with run:
            time.sleep(draw.uniform(0.1, 1.6))
            run.send_signal(signal.SIGKILL)
        _wait_until_none(run.pid)
        if run.returncode != 0 and (tmp_path / "out" / "manifest.json").exists():
            assert _files(tmp_path / "out").keys() >= _files(undisturbed).keys()
    assert subprocess.run(_command(folder, tmp_path / "out"), cwd=_ROOT, capture_output=True).returncode == 1
    assert _files(tmp_path / "out") == _files(undisturbed)


@_posix
def test_ctrl_c_ends_cleanly_and_the_same_command_goes_on(folder, undisturbed, tmp_path):
    has_ended = True
    while has_ended:  # on a busy machine before this process gets its turn
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        with _start(folder, tmp_path / "out") as run:
            while not list((tmp_path / "out").rglob("*.z")):
                time.sleep(0.02)
            has_ended = (tmp_path / "out" / "manifest.json").exists()
            os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to every process
            _, said = run.communicate(timeout=30)
    assert run.returncode == 130
    assert "the same command goes on from here" in said.decode("utf-8") and "Traceback" not in said.decode("utf-8")
    _wait_until_none(run.pid)
    with pytest.raises(SourceError, match="not complete"):
        read_corpus(tmp_path / "out")
    parse(folder, tmp_path / "out", progress=False)
    assert _files(tmp_path / "out") == _files(undisturbed)


@pytest.mark.parametrize("step", range(4), ids=["first", "second", "third", "fourth"])
def test_stopped_while_files_get_their_names_the_folder_counts_as_incomplete(
    folder, undisturbed, tmp_path, monkeypatch, step
):
    shutil.copytree(undisturbed, tmp_path / "out")
    moves = []

    def replace(source, target):
        if not str(source).endswith(".tmp"):
            moves.append(target)
            if len(moves) > 5 * step:
                raise KeyboardInterrupt
        shutil.move(source, target)

    monkeypatch.setattr("toolkit.dataset.os.replace", replace)
    with pytest.raises(KeyboardInterrupt):
        parse(folder, tmp_path / "out", processes=1, progress=False)
    monkeypatch.undo()
    with pytest.raises(SourceError, match="not complete"):
        read_corpus(tmp_path / "out")
    parse(folder, tmp_path / "out", processes=1, progress=False)
    assert _files(tmp_path / "out") == _files(undisturbed)


def _small_disk(place: Path, megabytes: float) -> None:
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={int(megabytes * 2**20)}", "tmpfs", str(place)]
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("a small disk can only be mounted by root on Linux")
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")


@pytest.mark.parametrize("megabytes", [0.1, 0.6, 1.2, 2.5], ids=["cache", "cache too", "staging", "frames"])
def test_a_full_disk_is_told_and_nothing_partial_counts(folder, undisturbed, tmp_path, megabytes):
    disk = tmp_path / "disk"
    _small_disk(disk, megabytes)
    try:
        done = subprocess.run(_command(folder, disk / "out"), cwd=_ROOT, capture_output=True, text=True)
        assert (done.returncode, "the disk is full" in done.stderr) == (2, True), done.stderr
        assert "Traceback" not in done.stderr and "ignored" not in done.stderr
        assert not (disk / "out" / "manifest.json").exists()
        assert not list((disk / "out").glob("*.partial"))
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        parse(folder, disk / "out", processes=1, progress=False)
        assert _files(disk / "out") == _files(undisturbed)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_spares_the_frames_that_were_complete(folder, undisturbed, tmp_path, monkeypatch):
    shutil.copytree(undisturbed, tmp_path / "out")

    def full(self, table):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("toolkit.widefiles.StataWriter.write", full)
    with pytest.raises(SourceError, match="the disk is full"):
        parse(folder, tmp_path / "out", processes=1, progress=False)
    assert _files(tmp_path / "out") == _files(undisturbed)


def test_above_the_limit_frames_are_partitioned_by_year(folder, undisturbed, tmp_path, monkeypatch):
    monkeypatch.setattr(dataset, "MANY_REPORTS", 10)
    shutil.copytree(undisturbed, tmp_path / "out")
    parse(folder, tmp_path / "out", progress=False)
    assert {path.name for path in (tmp_path / "out" / "statistics.parquet").iterdir()} >= {"year=2020", "year=2021"}
    assert not list((tmp_path / "out").glob("statistics.csv")) and (tmp_path / "out" / "wide.csv").exists()
    whole, parts = read_corpus(undisturbed), read_corpus(tmp_path / "out")
    for name in FRAMES:
        key = ["report"] if name not in ("failures",) else ["source"]
        order = {report: place for place, report in enumerate(getattr(whole, name)[key[0]].unique())}
        found = getattr(parts, name).sort_values(key, key=lambda column: column.map(order), kind="stable")
        assert found.reset_index(drop=True).equals(getattr(whole, name)), name
    monkeypatch.undo()
    parse(folder, tmp_path / "out", progress=False)
    assert _files(tmp_path / "out") == _files(undisturbed)


def test_output_beside_the_reports_is_not_read_as_reports(folder, tmp_path):
    shutil.copytree(folder / "2020", tmp_path / "r")
    first = parse(tmp_path / "r", tmp_path / "r", processes=1, progress=False)
    second = parse(tmp_path / "r", tmp_path / "r", processes=1, progress=False)
    assert first.sources == second.sources == len(list((folder / "2020").iterdir()))
    assert first.failed == second.failed == 0


def test_output_that_is_a_file_is_refused(folder, tmp_path):
    (tmp_path / "out").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="is a file"):
        parse(folder, tmp_path / "out", progress=False)
