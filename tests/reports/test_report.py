"""From a document to the rows of one report."""

from pathlib import Path

import pytest

from toolkit import SourceError, read_report
from toolkit.reports.form import form_cells
from toolkit.reports.readers import read_bytes
from toolkit.reports.report import Records, document_records
from toolkit.simulation import write_report

FOUNDING = Path(__file__).parents[2] / "corpus" / "dongguan2020.txt"


def records(form: str, deviations: tuple[str, ...] = ()) -> Records:
    written = write_report(form, "html_clean", deviations)
    return document_records(read_bytes(written.content), "a.html")


def test_the_founding_report_says_what_it_says() -> None:
    report = read_report(FOUNDING)
    statistics = report.statistics.set_index(["part", "item", "category"])
    assert statistics["state"].value_counts().to_dict() == {"reported": 196, "missing": 2}
    assert statistics.loc[("active_disclosure", "procurement", "projects"), "value"] == 86
    amount = statistics.loc[("active_disclosure", "procurement", "amount")]
    assert (amount["value"], amount["unit"], amount["raw"]) == (511082, "yuan", "51.1082万元")
    assert report.reports.loc[0, ["agency", "year", "form", "published"]].tolist() == [
        "平凉市崆峒区东关街道办事处",
        2020,
        "2019",
        "2021-01-22",
    ]


def test_every_figure_has_a_way_back() -> None:
    report = read_report(FOUNDING)
    text = report.document.text
    for row in report.statistics[report.statistics["state"] == "reported"].itertuples():
        start, stop = map(int, row.locator.removeprefix("@").split("-"))
        assert text[start:stop] == row.raw


def test_a_value_without_a_place_is_kept_as_a_finding() -> None:
    findings = read_report(FOUNDING).findings
    unplaced = findings[findings["rule"] == "unplaced"]
    assert unplaced["place"].tolist() == ["active_disclosure/fees"]
    assert "0 (@" in unplaced["note"].item() and unplaced["verdict"].item() == "untestable"


@pytest.mark.parametrize(
    ("replaced", "status", "words"),
    [(b"11", "parsed", "stands 2 times on the page; the first"), (b"22", "partial", "with different figures")],
    ids=["alike", "different"],
)
def test_two_reports_on_a_page_leave_open_which_counts_if_they_differ(replaced: bytes, status: str, words: str) -> None:
    page = write_report("2021", "html_clean").content
    found = document_records(read_bytes(page + page.replace(b"11", replaced)), "a.html")
    alone = document_records(read_bytes(page), "a.html")
    assert found.report["status"] == status and words in found.report["reason"]
    assert [row["value"] for row in found.statistics] == [row["value"] for row in alone.statistics]


def test_a_table_whose_columns_cannot_be_told_is_not_called_absent() -> None:
    found = document_records(read_bytes(write_report("2021", "text_cell_lines", ("blank_zeros",)).content), "a.txt")
    assert (
        found.report["status"] == "partial"
        and "columns not told in the table of applications" in found.report["reason"]
    )
    assert "table not found" not in found.report["reason"]


@pytest.mark.parametrize(
    ("form", "rows", "told"), [("2019", 198, "2019"), ("2021", 200, "2021"), ("mixed", 186, "mixed")]
)
def test_rows_are_the_union_of_the_blocks_forms(form: str, rows: int, told: str) -> None:
    found = records(form)
    assert len(found.statistics) == rows and found.report["form"] == told
    assert {row["state"] for row in found.statistics} == {"reported"}


def test_the_rows_stand_in_the_order_of_the_form() -> None:
    keys = [(row["part"], row["item"], row["category"]) for row in records("2021").statistics]
    assert keys == [cell.key for cell in form_cells("2021")]


def test_a_lost_table_is_missing_and_said() -> None:
    found = records("2021", ("table_absent",))
    lost = [row for row in found.statistics if row["state"] == "missing"]
    assert len(found.statistics) == 200 and len({row["part"] for row in lost}) == 1
    assert found.report["status"] == "partial" and f"table not found: {lost[0]['part']}" in found.report["reason"]


def test_chapters_are_sections_with_offsets() -> None:
    report = read_report(FOUNDING)
    for row in report.sections.itertuples():
        assert report.document.text[row.start : row.stop] == row.text
    assert report.sections["chapter"].tolist()[-1] == "other_matters"


def test_what_is_no_report_is_refused() -> None:
    with pytest.raises(SourceError, match="annual report"):
        document_records(read_bytes("今日要闻：全市召开政务公开工作会议。".encode()), "a.txt")


def test_personal_contact_data_stays_in_the_sections() -> None:
    report = read_report(FOUNDING)
    for name, frame in report.frames().items():
        if name != "sections":
            assert not frame.astype(str).stack().str.contains(r"@\w+\.\w|1[3-9]\d{9}").any()


def test_figures_of_a_report_that_tells_no_form_are_said_to_be_left_out() -> None:
    row = "（一）予以公开 3 1 0 0 0 0 4\n五、存在的主要问题及改进情况\n一是公开数量较少。\n六、其他需要报告的事项\n无。"
    lines = "某县教育局2023年政府信息公开工作年度报告\n一、总体情况\n本年主动公开信息20条。\n一、本年新收政府信息公开申请数量 3 1 0 0 0 0 4\n"
    found = document_records(read_bytes((lines + row).encode()), "a.txt")
    assert found.statistics == []
    assert (
        "no block tells whether the form is that of 2019 or of 2021: 14 figures have no row" in found.report["reason"]
    )
