"""The wide table: every cell under its short name, missing what is not reported, in CSV, Excel and Stata."""

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest

from toolkit.corpus import Corpus, read_corpus
from toolkit.errors import InputError
from toolkit.parsing import parse
from toolkit.reports.cells import spread
from toolkit.reports.form import FORMS, form_cells
from toolkit.simulation import simulate
from toolkit.spreadsheet import SheetWriter
from toolkit.statafile import MOST_BYTES, StataWriter
from toolkit.wide import short_cells, widen
from toolkit.widefiles import wide_schema, wide_table


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return simulate(tmp_path_factory.mktemp("wide") / "reports", reports=12, seed=4)


@pytest.fixture(scope="module")
def corpus(folder):
    return read_corpus(folder, processes=1, progress=False)


@pytest.fixture(scope="module", params=["zh", "en"])
def written(request, folder, tmp_path_factory):
    output = tmp_path_factory.mktemp(f"wide-{request.param}")
    parse(folder, output, processes=1, progress=False, lang=request.param)
    return output, request.param


def _cells(values: dict[str, tuple[float | None, str]]) -> Corpus:
    rows = []
    for key, (value, state) in values.items():
        part, item, category = key.split("/")
        row = {"report": "r", "part": part, "item": item, "category": category}
        rows.append(row | {"value": value, "state": state})
    return Corpus.from_frames({"reports": pd.DataFrame({"report": ["r"]}), "statistics": pd.DataFrame(rows)})


def test_short_names_are_unique_and_fit_stata():
    names = wide_schema().names
    assert len(set(names)) == len(names) and max(map(len, names)) <= 32
    assert len(short_cells()) == len({cell.key for form in FORMS for cell in form_cells(form)})


def test_blank_is_missing_unless_asked_and_states_are_counted(capsys):
    items = ("rules", "normative_documents")
    corpus = _cells(
        {
            f"active_disclosure/{items[0]}/issued": (3.0, "reported"),
            f"active_disclosure/{items[0]}/repealed": (None, "blank"),
            f"active_disclosure/{items[1]}/issued": (None, "text"),
        }
    )
    wide = widen(corpus)
    assert capsys.readouterr().out == "cells by state: reported 1, blank 1, text 1\n"
    names = [
        cell.short
        for cell in (*short_cells().values(),)
        if cell.item in items and cell.category in ("issued", "repealed")
    ]
    row = wide[[name for name in names if name in wide]].iloc[0]
    assert row.isna().sum() == 2 and row.dropna().tolist() == [3.0]
    assert widen(corpus, blanks="zero", quiet=True)[row.index].iloc[0].isna().sum() == 1
    with pytest.raises(InputError, match="blanks is 'no'"):
        widen(corpus, blanks="no")


def test_derived_totals_stand_beside_printed_ones_and_need_all_parts():
    cells = [cell for cell in form_cells("2021") if cell.item == "new_received"]
    values = {"/".join(cell.key): (1.0, "reported") for cell in cells}
    wide = widen(_cells(values), quiet=True)
    assert wide.loc[0, ["new_total", "new_total_derived"]].tolist() == [1.0, 6.0]
    values["applications/new_received/research"] = (None, "blank")
    assert "new_total_derived" not in widen(_cells(values), quiet=True)


def test_the_streamed_table_is_the_wide_table(corpus):
    expected = widen(corpus, quiet=True)
    reports = pa.Table.from_pandas(corpus.reports, preserve_index=False)
    cells = spread(corpus.statistics, pd.Index(corpus.reports["report"]))
    streamed = wide_table(reports.cast(pa.schema(list(wide_schema())[: reports.num_columns])), cells).to_pandas()
    for column in expected.columns[len(corpus.reports.columns) :]:
        np.testing.assert_array_equal(streamed[column], expected[column].to_numpy(float, na_value=np.nan))
    assert streamed[[name for name in streamed if name not in expected]].isna().all(axis=None)


def test_the_table_has_what_the_frames_have(corpus, written):
    table = pd.read_csv(written[0] / "wide.csv", encoding="utf-8-sig", low_memory=False).set_index("report")
    short = {cell.key: name for name, cell in short_cells().items()}
    for row in corpus.statistics.sample(300, random_state=0).itertuples():
        value = table.loc[row.report, short[row.part, row.item, row.category]]
        assert (pd.isna(value) and pd.isna(row.value)) or value == row.value


def test_excel_opens_it_with_labels_above_names(corpus, written):
    output, lang = written
    book = openpyxl.load_workbook(output / "wide.xlsx")
    rows = list(book["wide"].values)
    assert book["wide"].freeze_panes == "B3"
    book.close()
    assert list(rows[1]) == wide_schema().names and len(rows) == 2 + len(corpus)
    labels = dict(zip(rows[1], rows[0]))
    assert labels["agency"] == {"zh": "发布机关", "en": "Agency"}[lang]
    assert {"zh": "新收", "en": "received"}[lang] in labels["new_total"]
    assert [row[0] for row in rows[2:]] == corpus.reports["report"].tolist()
    table = pd.read_csv(output / "wide.csv", encoding="utf-8-sig", low_memory=False)
    values = pd.DataFrame(rows[2:], columns=rows[1])["new_total"].astype(float)
    np.testing.assert_array_equal(values, table["new_total"])


def test_stata_reads_it_back_with_labels_and_missing_values(corpus, written):
    output, _ = written
    with pd.io.stata.StataReader(output / "wide.dta") as reader:
        labels, table = reader.variable_labels(), reader.read()
    assert list(table) == wide_schema().names and labels["new_total"] and len(labels["new_total"]) <= 80
    assert table["report"].tolist() == corpus.reports["report"].tolist()
    expected = widen(corpus, quiet=True)
    for name in short_cells():
        if name in expected:
            np.testing.assert_array_equal(table[name], expected[name].to_numpy(float, na_value=np.nan))
        else:
            assert table[name].isna().all()
    assert table["simulated"].tolist() == [1] * len(corpus)


def test_a_sheet_takes_what_excel_forbids(tmp_path):
    with SheetWriter(tmp_path / "a.xlsx", "a") as sheet:
        sheet.write(["=1+1", "a\x00b\x1f", "<&>", "字" * 40_000, float("1e15"), False])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    row = next(book["a"].values)
    book.close()
    assert row[:3] == ("=1+1", "ab", "<&>") and len(row[3]) == 32_767 and row[4:] == (10**15, False)


def test_a_stata_text_too_long_is_cut_between_characters(tmp_path):
    table = pa.table({"text": ["字" * 3000, "短"]})
    writer = StataWriter(tmp_path / "a.dta", table.schema, 2, {"text": 9000}, {})
    writer.write(table)
    writer.close()
    assert pd.read_stata(tmp_path / "a.dta")["text"].tolist() == ["字" * (MOST_BYTES // 3), "短"]
