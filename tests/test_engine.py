"""Workers: results in order, exactly the guilty source named, no process left behind."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.pool_work import work
from toolkit.cache import cached_payload, edition, tidy
from toolkit.corpus import read_corpus
from toolkit.engine import batches_of, read_batches
from toolkit.frames import FRAMES
from toolkit.pool import CRASHED, TOO_LONG, run_jobs
from toolkit.simulation import simulate
from toolkit.sources import Source, find_sources

_ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return simulate(tmp_path_factory.mktemp("engine") / "reports", reports=24, seed=1)


def _run(batches, processes=2, **kwargs):
    return [result for _, result in run_jobs(batches, work, processes, **kwargs)]


def test_results_come_in_order_whichever_worker_is_quicker():
    batches = [("slow", "a"), ("b",), ("c", "slow"), ("d",)]
    assert _run(batches) == [list(batch) for batch in batches]
    assert not multiprocessing.active_children()


def test_a_crash_and_a_hang_name_their_source_and_leave_the_others():
    batches = [("a", "crash", "b"), ("c", "hang"), ("crash",), ("d",)]
    long = TOO_LONG.format(0.5)
    assert _run(batches, time_limit=0.5) == [["a", CRASHED, "b"], ["c", long], [CRASHED], ["d"]]


def test_an_error_that_concerns_all_ends_all():
    with pytest.raises(OSError, match="No space left") as caught:
        _run([("a",), ("raise",), ("b",)])
    assert caught.value.errno == 28
    assert not multiprocessing.active_children()


def test_workers_make_way_for_new_ones_and_nothing_is_lost(monkeypatch):
    monkeypatch.setattr("toolkit.pool._MOST_JOBS", 1)
    batches = [("a",), ("b", "crash"), ("c",), ("d",)]
    assert _run(batches) == [["a"], ["b", CRASHED], ["c"], ["d"]]
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("method", ["", "spawn"], ids=["as here", "as on Windows"])
def test_workers_take_memory_from_the_system_and_the_user_keeps_his_choice(monkeypatch, method):
    if method:
        monkeypatch.setattr("toolkit.pool._context", lambda: multiprocessing.get_context(method))
    before = os.environ.get("ARROW_DEFAULT_MEMORY_POOL")
    assert _run([("a", "memory"), ("crash", "memory")]) == [["a", "system"], [CRASHED, "system"]]
    assert os.environ.get("ARROW_DEFAULT_MEMORY_POOL") == before


@pytest.mark.parametrize("number", [1, 4, 5, 6, 128, 1001])
def test_every_source_is_in_one_batch(number):
    sources = [Source(f"{place}", (f"{place}.html",)) for place in range(number)]
    batches = batches_of(sources)
    assert [source for batch in batches for source in batch.sources()] == sources
    assert [batch.count for batch in batches] == [len(batch.sources()) for batch in batches]


def test_workers_end_when_the_results_are_not_wanted():
    results = run_jobs([("a",), ("slow",), ("b",)], work, 2)
    assert next(results) == (0, ["a"])
    results.close()
    assert not multiprocessing.active_children()


def _frames(folder, processes, size):
    parts = [tables for _, tables in read_batches(batches_of(find_sources(folder), size), processes)]
    return {name: pd.concat([part[name].to_pandas() for part in parts], ignore_index=True) for name in FRAMES}


@pytest.mark.parametrize(("processes", "size"), [(1, 5), (2, 7)], ids=["one", "two"])
def test_frames_do_not_depend_on_processes_and_batches(folder, processes, size):
    expected, found = _frames(folder, 1, 24), _frames(folder, processes, size)
    for name in FRAMES:
        pd.testing.assert_frame_equal(found[name], expected[name])


def test_a_script_without_guard_reads_with_processes(folder, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        f"import toolkit\nprint(len(toolkit.read_corpus({str(folder)!r}, processes=2, progress=False)))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, cwd=_ROOT)
    assert (done.stdout.split(), done.returncode) == (["24"], 0), done.stderr


def test_the_cache_gives_back_what_was_read_and_no_more(folder, tmp_path):
    source = find_sources(folder)[0]
    fresh = cached_payload(source, tmp_path)
    entry = next(tmp_path.rglob("*.z"))
    assert cached_payload(source, tmp_path) == fresh
    entry.write_bytes(entry.read_bytes()[:50])
    assert cached_payload(source, tmp_path) == fresh
    assert cached_payload(Source("other.html", source.files), tmp_path)["reports"][0]["report"] == "other.html"


def test_a_cached_source_is_not_read_again_and_a_changed_one_is(folder, tmp_path, monkeypatch):
    source = find_sources(folder)[0]
    copy = tmp_path / "report.html"
    copy.write_bytes(source.paths[0].read_bytes())
    cached_payload(Source("report", (str(copy),)), tmp_path / "cache")
    monkeypatch.setattr("toolkit.cache.source_payload", lambda source: {"failures": [{"source": source.name}]})
    assert "reports" in cached_payload(Source("report", (str(copy),)), tmp_path / "cache")
    copy.write_bytes(copy.read_bytes() + b"\n")
    assert "failures" in cached_payload(Source("report", (str(copy),)), tmp_path / "cache")
    assert len(list((tmp_path / "cache").rglob("*.z"))) == 1, "a failure was kept"


def test_entries_of_other_editions_and_half_written_ones_go(tmp_path):
    for place in ("0.0.1-old/ab/c.z", f"{edition()}/ab/c.z", f"{edition()}/ab/d.123.tmp"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(b"x")
    tidy(tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["c.z"]


_PATCH = """
import os, time
import toolkit.reports.readers as readers
import toolkit.batch, toolkit.pool
load = readers.load
def marked(path):
    data = load(path)
    if b"CRASH" in data:
        os.abort()
    if b"HANG" in data:
        time.sleep(60)
    return data
readers.load = toolkit.batch.load = marked
toolkit.pool.TIME_LIMIT = 1.5
"""


def test_a_file_that_kills_its_reader_and_one_that_hangs_become_failures(folder, tmp_path):
    """The whole command, its readers patched in every process to die of one file and to hang on another."""
    (tmp_path / "patch").mkdir()
    (tmp_path / "patch" / "sitecustomize.py").write_text(textwrap.dedent(_PATCH), encoding="utf-8")
    reports = tmp_path / "reports"
    reports.mkdir()
    for number, source in enumerate(find_sources(folder)[:10]):
        (reports / f"{number}{source.paths[0].suffix}").write_bytes(source.paths[0].read_bytes())
    (reports / "crash.html").write_text("<p>CRASH", encoding="utf-8")
    (reports / "hang.html").write_text("<p>HANG", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "toolkit.cli", "parse", str(reports), "--output", str(tmp_path / "out"), "--quiet"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path / "patch"), str(_ROOT)])},
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    corpus = read_corpus(tmp_path / "out")
    assert (done.returncode, len(corpus)) == (1, 10), done.stderr
    messages = corpus.failures.set_index("source")["message"].to_dict()
    assert messages == {"crash.html": CRASHED, "hang.html": TOO_LONG.format(1.5)}


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process group there")
def test_workers_do_not_outlive_a_parent_that_is_killed():
    code = "from tests.pool_work import work; from toolkit.pool import run_jobs; import sys\n"
    code += (
        "next(run_jobs([('a',), ('hang',), ('hang',)], work, 2)); print('up', flush=True); import time; time.sleep(9)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=_ROOT, start_new_session=True
    ) as run:
        assert run.stdout is not None and run.stdout.readline() == b"up\n"
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        deadline = time.monotonic() + 5
        while _alive(run.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not _alive(run.pid), "workers live on without their parent"


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
