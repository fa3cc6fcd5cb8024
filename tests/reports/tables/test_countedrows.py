"""Rows that are counted: the number of the next row is no figure of this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit import read_report
from toolkit.reports.document import Cell
from toolkit.reports.tables.countedrows import drop_numbers_of_next
from toolkit.reports.tables.rows import Row
from toolkit.reports.tables.tokens import LOST, PLAIN
from toolkit.simulation.truth import score
from toolkit.simulation.writer import write_report


def _rows(*texts: str, grid: str = PLAIN) -> list[Row]:
    return [Row("applications", "granted", "", grid, [Cell(word, -1, -1) for word in text.split()]) for text in texts]


def _read(rows: list[Row]) -> list[tuple[str, str]]:
    drop_numbers_of_next(rows, 3)
    return [(" ".join(cell.text for cell in row.slots if cell), row.grid) for row in rows]


def test_the_number_of_the_next_row_is_taken_away():
    rows = _rows("5 6 11 2", "7 8 15 3", "1 1 2 4", "0 0 0 5", "9 9 18")
    assert _read(rows) == [(text, PLAIN) for text in ("5 6 11", "7 8 15", "1 1 2", "0 0 0", "9 9 18")]


def test_totals_that_happen_to_count_stay():
    rows = _rows("1 1 2", "1 2 3", "2 2 4", "2 3 5", "3 3 6", "9 9 18")
    assert [text for text, _ in _read(rows)] == ["1 1 2", "1 2 3", "2 2 4", "2 3 5", "3 3 6", "9 9 18"]


def test_a_row_that_lost_a_blank_does_not_take_the_number_for_its_total():
    rows = _rows(*(f"5 6 11 {number}" for number in range(2, 10)), "7 8 10", "1 1 2")
    assert [text for text, _ in _read(rows)][-2:] == ["7 8", "1 1 2"]


def test_where_a_number_is_lost_its_row_and_the_next_cannot_be_told():
    rows = _rows(
        *(f"5 6 11 {number}" for number in range(2, 7)), "7 8 15", *(f"1 2 3 {n}" for n in range(8, 13)), "4 4 8"
    )
    assert [grid for _, grid in _read(rows)] == [PLAIN] * 5 + [LOST, LOST] + [PLAIN] * 5


def test_a_label_wrapped_around_its_number_has_it_first():
    rows = _rows(
        *(f"5 6 11 {number}" for number in range(2, 7)),
        "7 8 15",
        *("7 1 2 3 8", "4 4 8 9", "1 2 3 10", "6 7 13 11"),
        "1 1 2",
    )
    read = _read(rows)
    assert {grid for _, grid in read} == {PLAIN} and [text for text, _ in read][5:7] == ["7 8 15", "1 2 3"]


def test_a_whole_count_was_taken_for_numbers_of_pages():
    rows = _rows(*(f"5 6 11 {number}" for number in range(2, 7)), "4 4 8", grid=LOST)
    assert {grid for _, grid in _read(rows)} == {PLAIN}


@pytest.mark.parametrize("shape", ["text_cell_lines", "text_bar_after_cell", "text_one_line", "text_visual_lines"])
@pytest.mark.parametrize("other", ["blank_cells", "cells_lost", "totals_blank"])
def test_nothing_is_silently_wrong_where_counted_rows_have_lost_cells(tmp_path: Path, shape, other):
    written = write_report("2021", shape, [other, "rows_numbered"])
    result = score(written.truths, read_report(written.save(tmp_path / "report")).statistics)
    assert result.wrong == 0 and result.right > 50
