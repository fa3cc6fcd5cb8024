"""The writer: what it prints is what it says it printed."""

from __future__ import annotations

import contextlib
import random

import docx
import pandas as pd
import pypdfium2 as pdfium
import pytest
from selectolax.lexbor import LexborHTMLParser

from toolkit.errors import FormError, InputError
from toolkit.reports.marking import is_simulated
from toolkit.simulation.deviations import DEVIATIONS
from toolkit.simulation.draft import distinct_figures, draft
from toolkit.simulation.shapes_files import office, print_pages, scan
from toolkit.simulation.shapes_html import HTML_SHAPES
from toolkit.simulation.shapes_text import TEXT_SHAPES
from toolkit.simulation.sheet import COMPOSITIONS, compose
from toolkit.simulation.truth import outcome, score
from toolkit.simulation.writer import render, write_report


def _widths(table) -> set[int]:
    taken: dict[tuple[int, int], bool] = {}
    rows = table.css("tr")
    for number, row in enumerate(rows):
        column = 0
        for cell in row.css("td"):
            while (number, column) in taken:
                column += 1
            for down in range(int(cell.attributes.get("rowspan") or 1)):
                for right in range(int(cell.attributes.get("colspan") or 1)):
                    assert (number + down, column + right) not in taken
                    taken[number + down, column + right] = True
            column += int(cell.attributes.get("colspan") or 1)
    assert max(row for row, _ in taken) < len(rows)
    return {sum(row == number for row, _ in taken) for number in range(len(rows))}


REGULAR = ["spans_differ", "groups_with_empty_cells", "groups_merged", "groups_in_own_rows", "group_scattered"]


@pytest.mark.parametrize("form", COMPOSITIONS)
@pytest.mark.parametrize("deviation", ["none", "header_in_two_rows", "row_added", "total_first", *REGULAR])
def test_tables_are_rectangles(form, deviation):
    page = write_report(form, "html_clean", [] if deviation == "none" else [deviation]).content.decode()
    widths = [_widths(table) for table in LexborHTMLParser(page).css("table")]
    assert [len(width) for width in widths] == [1, 1, 1]
    assert [max(width) for width in widths] == [5 if deviation == "spans_differ" else 4, 10, 15]


@pytest.mark.parametrize(("form", "cells"), [("2019", 198), ("2021", 200), ("mixed", 186), ("mixed_head", 200)])
def test_every_cell_is_printed_once_and_differs(form, cells):
    truths = write_report(form, "html_clean").truths
    assert len(truths) == cells == len({truth.printed for truth in truths})


@pytest.mark.parametrize("form", COMPOSITIONS)
def test_distinct_figures_keep_the_identities(form):
    figures = distinct_figures(form, seed=5)
    items = dict.fromkeys(item for part, item, _ in figures if part == "applications")
    outcomes = [i for i in items if i not in ("new_received", "brought_forward", "outcomes_total", "carried_forward")]
    for category in dict.fromkeys(category for part, _, category in figures if part == "applications"):
        row = {item: figures["applications", item, category] for item in items}
        assert row["outcomes_total"] == sum(row[item] for item in outcomes)
        assert row["new_received"] + row["brought_forward"] == row["outcomes_total"] + row["carried_forward"]


@pytest.mark.parametrize(
    ("text", "unit", "header", "expected"),
    [
        pytest.param("１，２３４", "count", "", ("reported", 1234), id="full width"),
        pytest.param("\xa0\u200b", "count", "", ("blank", None), id="invisible"),
        pytest.param("－5", "count", "", ("reported", -5), id="full-width minus"),
        pytest.param("－", "count", "", ("dash", None), id="full-width dash"),
        pytest.param("96171.6", "yuan", "本年收费金额（单位：万元）", ("reported", 961_716_000), id="header unit"),
        pytest.param("251000元", "yuan", "本年收费金额（单位：万元）", ("reported", 251_000), id="cell unit first"),
        pytest.param("8040", "yuan", "采购总金额", ("text", None), id="no unit"),
        pytest.param("12件", "count", "", ("text", None), id="measure word"),
    ],
)
def test_outcome(text, unit, header, expected):
    assert outcome(text, unit, header) == expected


def test_where_blanks_vanish_a_row_may_be_missing_but_not_shifted():
    figures = distinct_figures("2021") | {("applications", "granted", "business"): ""}
    kept = {t.key: t for t in render(draft("2021", figures), "text_tabbed_rows").truths}
    lost = {t.key: t for t in render(draft("2021", figures), "text_cell_lines").truths}
    first = ("applications", "granted", "natural_person")
    assert {state for state, _ in kept[first].allowed} == {"reported"} and kept[first].whole
    assert {state for state, _ in lost[first].allowed} == {"reported", "missing"} and not lost[first].whole
    assert {state for state, _ in lost["applications", "granted", "business"].allowed} == {"blank", "missing"}


def test_score_tells_wrong_from_missed():
    truths = write_report("2021", "html_clean", ["sparse"]).truths
    frame = pd.DataFrame(
        [(*t.key, state, value) for t in truths for state, value in t.allowed],
        columns=["part", "item", "category", "state", "value"],
    )
    assert (score(truths, frame).right, score(truths, frame).wrong) == (200, 0)
    shifted = frame.assign(value=[99_999.0, *frame["value"][1:]])
    assert (score(truths, shifted).wrong, score(truths, shifted).missed) == (1, 0)
    blank = frame.assign(state=["blank", "missing", *frame["state"][2:]])
    assert (score(truths, blank).wrong, score(truths, blank).missed) == (1, 1)
    assert score(truths, frame[5:]).missed == 5
    extra = pd.concat([frame, pd.DataFrame([("applications", "other", "total", "reported", 4)], columns=frame.columns)])
    assert score(truths, extra).wrong == 1


@pytest.mark.parametrize("shape", [*TEXT_SHAPES, *HTML_SHAPES])
def test_every_figure_stands_in_every_shape_and_the_document_says_it_is_simulated(shape):
    written = write_report("2021", shape)
    text = written.content.decode()
    text = text.encode().decode("unicode_escape") if shape == "html_json" else text
    bare = LexborHTMLParser(text).text() if shape.startswith("html_") and shape != "html_script" else text
    assert all(truth.printed in bare for truth in written.truths)
    assert is_simulated(text)


def test_word_file_has_the_figures_in_merged_tables(tmp_path):
    written = write_report("2021", "docx")
    document = docx.Document(str(written.save(tmp_path / "report")))
    assert [len(table.rows) for table in document.tables] == [14, 28, 4]
    texts = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert all(truth.printed in texts for truth in written.truths)
    assert texts.count("三、本年度办理结果") == 22
    assert is_simulated("\n".join(paragraph.text for paragraph in document.paragraphs))


@pytest.mark.skipif(office() is None, reason="LibreOffice is not installed: it prints Word files to PDF")
def test_printed_and_scanned(tmp_path):
    source = write_report("2021", "docx").save(tmp_path / "report")
    (tmp_path / "printed").mkdir()
    [printed] = print_pages([source], tmp_path / "printed")
    with contextlib.closing(pdfium.PdfDocument(printed)) as document:
        assert "政府信息公开" in document[0].get_textpage().get_text_range()
        pages = len(document)
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan(printed, 100, random.Random(0)))
    with contextlib.closing(pdfium.PdfDocument(path)) as document:
        assert len(document) == pages
        assert document[0].get_textpage().get_text_range() == ""


@pytest.mark.parametrize("deviation", DEVIATIONS)
def test_a_deviation_changes_the_document_and_repeats_itself(deviation):
    form = "2019" if deviation in ("signed", "label_cut", "fees_cell_lost", "label_bracketed") else "2021"
    one, two = (write_report(form, "html_clean", [deviation], seed=3) for _ in range(2))
    assert one == two
    if deviation not in ("repeated_lines_removed", "encoding_utf8_lying"):
        assert one.content != write_report(form, "html_clean", seed=3).content


def test_a_lost_cell_is_missing_and_its_row_unsure():
    truths = {t.key[1:]: t for t in write_report("2019", "html_clean", ["fees_cell_lost"]).truths}
    assert truths["fees", "items_last_year"].allowed == {("missing", None)}
    assert ("missing", None) in truths["fees", "change"].allowed


@pytest.mark.parametrize(
    ("error", "call"),
    [
        pytest.param(InputError, lambda: write_report("2021", "papyrus"), id="shape"),
        pytest.param(InputError, lambda: write_report("2021", "html_clean", ["burnt"]), id="deviation"),
        pytest.param(FormError, lambda: compose("2014"), id="form"),
    ],
)
def test_unknown_names(error, call):
    with pytest.raises(error, match="one of"):
        call()
