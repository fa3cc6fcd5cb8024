"""What the benchmark of speed measures is a whole report, and its clock counts work, not waiting."""

from __future__ import annotations

import time

from benchmarks.speed import PAGE_BYTES, line, median_seconds, records, word_pasted_page


def test_the_page_has_its_size_and_every_cell_is_read():
    page = word_pasted_page()
    assert abs(len(page) - PAGE_BYTES) < 1000
    assert page.count(b"<span") == page.count(b"</span>") > 1000
    assert {row["state"] for row in records(page, ".html").statistics} == {"reported"}


def test_waiting_is_no_work():
    jobs = {"wait": lambda: time.sleep(0.02), "work": lambda: sum(range(200_000))}
    assert median_seconds(jobs, 3)["wait"] < 0.01 < median_seconds(jobs, 3, time.perf_counter)["wait"]


def test_a_line_has_the_multiple_and_the_rate():
    assert line("page", 0.006, 0.001, 3_000_000).split() == ["page", "6.00", "6.0", "500.0"]
