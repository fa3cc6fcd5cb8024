"""The report's face says what the frames say, and hides nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from toolkit import InputError, Report, face, read_report
from toolkit.corpus import Corpus
from toolkit.frames import make_frame
from toolkit.reports.form import form_cells

FOUNDING = "corpus/dongguan2020.txt"


def made(rows: list[dict], findings: list[dict] | None = None, **report) -> Report:
    """A report of given cells."""
    facts = {"report": "made.html", "title": "某局2023年报告", "year": 2023, "form": "2021", "status": "parsed"}
    return Report(
        reports=make_frame("reports", [facts | report]),
        statistics=make_frame("statistics", [{"report": "made.html", **row} for row in rows]),
        findings=make_frame("findings", [{"report": "made.html", **row} for row in findings or []]),
    )


def full(form: str = "2021", raw: str = "7", state: str = "reported", **changes) -> list[dict]:
    """Every cell of a form; ``changes`` are by short name."""
    rows = []
    for cell in form_cells(form):
        row = {"part": cell.part, "item": cell.item, "category": cell.category, "unit": cell.unit}
        row |= {"raw": raw, "state": state, "value": 7 if state == "reported" else None, "locator": "p4t1r3c2"}
        rows.append(row | changes.get(cell.short, {}))
    return rows


class _Tables(HTMLParser):
    """Counts the grid places that each table's rows cover."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[tuple[int, int]]]] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        values = dict(attrs)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append((int(values.get("rowspan", 1)), int(values.get("colspan", 1))))


def widths(table: list[list[tuple[int, int]]]) -> set[int]:
    """The number of places in every row, merged cells counted in each row that they cover."""
    covered = [0] * len(table)
    for place, row in enumerate(table):
        for rows, columns in row:
            for below in range(place, place + rows):
                covered[below] += columns
    return set(covered)


def parsed(page: str) -> _Tables:
    tables = _Tables()
    tables.feed(page)
    return tables


def cell(page: str, key: str) -> str:
    """The markup of one cell."""
    return re.search(rf'<td[^>]*title="{re.escape(key)}[&"].*?</td>', page)[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", ["2019", "2021"])
def test_the_tables_have_every_cell_once_and_no_hole(form, lang):
    page = face.html(made(full(form), form=form), lang)
    titles = re.findall(r'<td[^>]*title="([^&"]+)', page)
    assert sorted(titles) == sorted("/".join(one.key) for one in form_cells(form))
    assert [widths(table) for table in parsed(page).tables] == [{7}, {10}, {15}]


def test_a_report_of_both_forms_shows_the_rows_of_both():
    rows = {tuple(row[name] for name in ("part", "item", "category")): row for row in full("2019") + full("2021")}
    page = face.html(made(list(rows.values()), form="mixed"))
    assert page.count("<td") == len(rows)
    assert "（六）其他处理" in page and "2.申请人逾期未按收费通知" in page
    assert [len(widths(table)) for table in parsed(page).tables] == [1, 1, 1]
    assert len(page.encode()) < face.LARGEST


def test_labels_are_the_official_ones_of_the_reports_form():
    page = face.html(read_report(FOUNDING))
    assert "本年新制作数量" in page and "本年制发件数" not in page
    assert "申请人情况" in page and "5.要求行政机关确认或重新出具已获取信息" in page


def test_a_cell_is_shown_as_printed_with_code_place_and_value():
    shown = cell(face.html(read_report(FOUNDING)), "active_disclosure/procurement/amount")
    assert ">51.1082万元<" in shown and "@" in shown and "= 511082 yuan" in shown


def test_the_page_of_a_cell_is_said():
    page = face.html(made(full()))
    assert "第 4 页" in cell(page, "applications/granted/total") and "<small>第 4 页</small>" in page
    assert "p. 4" in face.html(made(full()), lang="en")


@pytest.mark.parametrize(
    ("state", "raw", "kind", "shown"),
    [
        pytest.param("blank", "", "b", "<i>▢</i>", id="blank"),
        pytest.param("dash", "—", "d", "—", id="dash"),
        pytest.param("text", "见附件", "t", "见附件<i>T</i>", id="text"),
        pytest.param("missing", None, "m", "<i>∅</i>", id="missing"),
        pytest.param("doubtful", "17", "q", "17<i>?</i>", id="doubtful"),
    ],
)
def test_a_cell_without_a_certain_number_is_marked(state, raw, kind, shown):
    changed = {"granted_total": {"state": state, "raw": raw, "value": None}}
    drawn = cell(face.html(made(full(**changed))), "applications/granted/total")
    assert f'class="{kind}"' in drawn and shown in drawn
    assert 'class="' not in cell(face.html(made(full())), "applications/granted/total")


def test_a_broken_sum_is_marked_with_its_terms_and_listed():
    broken = {
        **{"rule": "row_total", "place": "applications/granted/total", "severity": "hard", "verdict": "broken"},
        **{"lhs": 12, "rhs": 11, "gap": 1, "cells": "applications/granted/total;applications/granted/business"},
    }
    page = face.html(made(full(), [broken]))
    total = cell(page, "applications/granted/total")
    assert 'class="x"' in total and "≠" in total and "row_total: 12 ≠ 11" in total
    assert 'class="y"' in cell(page, "applications/granted/business")
    assert "<li>行合计 applications/granted/total: 12 ≠ 11</li>" in page
    assert 'class="x"' not in re.sub(r'<p class="k">.*?</p>', "", face.html(made(full())))


def test_broken_hard_rules_stand_first_and_the_rest_is_counted():
    soft = [{"rule": "carry_over", "place": str(n), "severity": "soft", "verdict": "broken"} for n in range(20)]
    hard = [{"rule": "balance", "place": "applications/new_received/total", "severity": "hard", "verdict": "broken"}]
    page = face.html(made(full(), soft + hard), lang="en")
    assert re.findall("<li>(.*?)</li>", page)[0].startswith("Balance applications/new_received/total")
    assert "and 9 more" in page


def test_whatever_a_report_says_is_escaped():
    evil = "<script>alert(1)</script>\"&'"
    rows = full(granted_total={"state": "text", "raw": evil, "value": None, "locator": evil})
    page = face.html(made(rows, [{"rule": "unplaced", "verdict": "untestable", "note": evil}], title=evil, reason=evil))
    assert "<script" not in page and "&lt;script&gt;" in page
    allowed = "div style h3 p table caption small tr th td i span br ul li"
    assert parsed(page).tags <= set(allowed.split())


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(full(raw="数" * 5000, state="text"), id="long texts in every cell"),
        pytest.param(full(raw="<&>'\"" * 500, state="doubtful"), id="signs that escaping makes longer"),
        pytest.param(full(raw="😀" * 900, state="text"), id="characters of four bytes"),
    ],
)
def test_no_face_is_larger_than_it_may_be(rows):
    findings = [{"rule": "unplaced", "verdict": "untestable", "note": "值" * 9000} for _ in range(500)]
    page = face.html(made(rows, findings, title="题" * 9000, reason="因" * 9000))
    assert len(page.encode()) <= face.LARGEST


def test_a_report_without_figures_says_so():
    page = face.html(made([], form="prose"))
    assert "没有可以读取的统计表" in page and "<table" not in page


def test_simulated_reports_are_called_so():
    assert "模拟数据" in face.html(made(full(), simulated=True))
    assert "simulated data" in face.html(made(full(), simulated=True), lang="en")
    assert "模拟数据" not in face.html(made(full()))


def test_a_notebook_shows_the_face_and_a_terminal_a_few_lines():
    report = read_report(FOUNDING)
    assert report._repr_html_() == face.html(report)
    assert repr(report) == face.text(report, lang="en")
    assert 4 <= len(repr(report).splitlines()) <= 9


def test_frames_of_several_reports_are_no_face():
    corpus = Corpus(reports=make_frame("reports", [{"report": "a"}, {"report": "b"}]))
    with pytest.raises(InputError, match="have 2"):
        face.html(corpus)


def test_an_unknown_language_is_refused():
    with pytest.raises(InputError, match="'fr'"):
        face.html(made(full()), lang="fr")


def test_missing_facts_are_left_out_and_nothing_is_called_nan():
    rows = full()
    report = made(rows, agency=None, index_number=None)
    report.statistics["value"] = report.statistics["value"].where(report.statistics["part"] != "disputes", pd.NA)
    assert not re.search(r"\bnan\b|None|&lt;NA&gt;", face.html(report) + face.text(report))
