"""Worker processes: each reads batches of sources, and none can take the others down.

A worker notes which source it is at. So when it dies or does not come back in
time, exactly that source is known: it becomes a failure, a new worker reads
the rest of the batch. Results come in the order of the batches.

No worker is forked from the user's process, whose threads would not survive
it, and none imports the user's script: a script without ``if __name__ ==
"__main__"`` works, also on Windows. On Linux the workers are forked from a
process that has nothing but :mod:`toolkit.warm` loaded, elsewhere spawned.
Arrow takes their memory from the system: its own pool keeps what is freed,
which is more the longer a worker runs.
"""

from __future__ import annotations

import gc
import itertools
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from types import ModuleType
from typing import Any

#: Seconds after which a source is given up.
TIME_LIMIT = 120.0
_TICK = 1.0
# Read by Arrow when it is loaded.
_POOL = "ARROW_DEFAULT_MEMORY_POOL"
# Seconds within which a worker begins, however busy the machine.
_START = 120.0
#: Batches after which a worker makes way for a new one: what libraries in it never give back does not add up.
_MOST_JOBS = 40

#: A batch, failures known from earlier tries by place, and a callback told each place -> result.
Work = Callable[[Any, dict[int, str], Callable[[int], None]], Any]

CRASHED = "reading the file took the process down (out of memory, or a damaged file)"
TOO_LONG = "reading the file took longer than {0:.0f} seconds"


@dataclass
class _Job:
    number: int
    batch: Any
    known: dict[int, str] = field(default_factory=dict)


class _Worker:
    """A process, the job it has, and the source it is at."""

    def __init__(self, work: Work) -> None:
        context = _context()
        self.connection, theirs = context.Pipe()
        # Shared memory: a message for every source would wake this process as often, which costs the workers time.
        self._noted = context.RawValue("i", -1)
        self.process = context.Process(target=_serve, args=(theirs, self._noted, work), daemon=True)
        with _starting():
            self.process.start()
        theirs.close()
        self.job: _Job | None = None
        self.jobs, self.place, self.since = 0, -1, 0.0

    def give(self, job: _Job) -> None:
        """Hand over a job."""
        self.jobs += 1
        self.job, self.place, self.since = job, -1, time.monotonic()
        self._noted.value = -1
        with suppress(OSError):  # if it has died, its end of the pipe says so
            self.connection.send((job.batch, job.known))

    def look(self) -> None:
        """Learn at which source the worker is, and since when."""
        if self.place != self._noted.value:
            self.place, self.since = self._noted.value, time.monotonic()

    def stop(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.join()
        self.connection.close()


@cache
def _context() -> Any:
    if not sys.platform.startswith("linux"):
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(["toolkit.warm"])
    return context


def start_early() -> None:
    """Let the process from which workers are forked load what they need while this one does other things."""
    if _context().get_start_method() == "forkserver":
        from multiprocessing.forkserver import ensure_running

        with _starting():
            ensure_running()


def run_jobs(
    batches: Sequence[Any], work: Work, processes: int, time_limit: float | None = None
) -> Iterator[tuple[int, Any]]:
    """Yield the number of each batch and what ``work`` returns for it, in order.

    Parameters
    ----------
    batches : sequence
        What each holds, ``work`` alone knows.
    work : function of module level
        Called in a worker with a batch, the failures known from earlier
        tries (place in the batch -> message) and a function to be called
        with its place before each source is read.
    processes : int
    time_limit : float, optional
        Seconds for one source; ``TIME_LIMIT`` by default.

    Raises
    ------
    Exception
        Whatever ``work`` raises, which ends all workers.
    """
    waiting = deque(_Job(number, batch) for number, batch in enumerate(batches))
    limit = TIME_LIMIT if time_limit is None else time_limit
    workers: list[_Worker] = []
    done: dict[int, Any] = {}
    turn = 0
    try:
        workers += [_Worker(work) for _ in range(min(processes, len(batches)))]
        while turn < len(batches):
            # No more than a few batches wait for their turn: memory stays flat behind a slow one.
            _hand_out(workers, waiting, turn + 3 * processes, work)
            _collect(workers, waiting, done, work, limit)
            while turn in done:
                yield turn, done.pop(turn)
                turn += 1
    finally:
        for worker in workers:
            worker.stop()


def _hand_out(workers: list[_Worker], waiting: deque[_Job], horizon: int, work: Work) -> None:
    for place, worker in enumerate(workers):
        if worker.job is None and waiting and waiting[0].number < horizon:
            if worker.jobs >= _MOST_JOBS:
                worker.stop()
                workers[place] = worker = _Worker(work)
            worker.give(waiting.popleft())


def _collect(workers: list[_Worker], waiting: deque[_Job], done: dict[int, Any], work: Work, limit: float) -> None:
    """Take what the workers say; replace those that died or take too long."""
    ready = set(wait([worker.connection for worker in workers if worker.job], min(_TICK, limit)))
    for place, worker in enumerate(workers):
        reason = ""
        worker.look()
        if worker.connection in ready:
            reason = "" if _hear(worker, done) else CRASHED
        elif worker.job and time.monotonic() - worker.since > (limit if worker.place >= 0 else max(limit, _START)):
            reason = TOO_LONG.format(limit)
        if reason and worker.job:
            worker.stop()
            waiting.appendleft(_again(worker, reason))
            workers[place] = _Worker(work)


def _hear(worker: _Worker, done: dict[int, Any]) -> bool:
    """Take the result of a worker; return False if it has died."""
    try:
        kind, value = worker.connection.recv()
    except (EOFError, OSError):
        return False
    if kind == "error":
        raise value
    assert worker.job is not None
    done[worker.job.number] = value
    worker.job = None
    return True


def _again(worker: _Worker, reason: str) -> _Job:
    """Return a worker's job with the source that it was at as a known failure."""
    job = worker.job
    assert job is not None
    if worker.place < 0:
        if job.known.get(-1):
            raise RuntimeError("worker processes end before they read anything: is there enough memory?")
        return _Job(job.number, job.batch, job.known | {-1: reason})
    return _Job(job.number, job.batch, job.known | {worker.place: reason})


def _serve(connection: Connection, noted: Any, work: Work) -> None:
    """Work until the parent closes the pipe or is gone."""
    # Ctrl-C reaches every process of the terminal; the parent alone answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()

    def begin(place: int) -> None:
        noted.value = place

    try:
        for jobs in itertools.count():
            batch, known = connection.recv()
            connection.send(_answer(work, batch, known, begin))
            gc.collect()  # pages and their documents refer to each other in circles
            if not jobs:
                gc.freeze()  # modules and word lists are there for good: they are not looked through again
    except (EOFError, OSError):
        return


def _answer(work: Work, batch: Any, known: dict[int, str], begin: Callable[[int], None]) -> tuple[str, Any]:
    try:
        return "done", work(batch, known, begin)
    except Exception as error:
        return "error", error


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


@contextmanager
def _starting() -> Iterator[None]:
    """Start a process that is deaf to Ctrl-C, does not import the user's script, and gives back memory."""
    with _interrupts_ignored(), _without_script(), _memory_of_system():
        yield


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Start a process deaf to Ctrl-C, so that it does not print a traceback while it starts."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _without_script() -> Iterator[None]:
    """Start a process that does not import the script being run: it might call this very function."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


@contextmanager
def _memory_of_system() -> Iterator[None]:
    """Start a process in which Arrow has no memory pool of its own, unless the user has chosen one."""
    if _POOL in os.environ:
        yield
        return
    os.environ[_POOL] = "system"
    try:
        yield
    finally:
        del os.environ[_POOL]
