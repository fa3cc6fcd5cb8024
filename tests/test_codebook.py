"""The codebook names everything a researcher meets, once, in Chinese and English."""

import re

import pytest

from toolkit.codebook import COLUMNS, codebook
from toolkit.corpus import read_corpus
from toolkit.frames import FRAMES, fields
from toolkit.reports.form import FORMS, form_cells
from toolkit.simulation import simulate

_CODED = {
    "reports": ("level", "agency_type", "sector", "scope", "form", "status", "problems_status"),
    "statistics": ("part", "item", "category", "state", "unit"),
    "sections": ("chapter",),
    "statements": ("kind", "progress", "code"),
    "findings": ("rule", "severity", "verdict"),
}


@pytest.fixture(scope="module")
def book():
    return codebook()


def test_columns_and_keys(book):
    assert tuple(book) == COLUMNS
    assert not book.duplicated(["name", "kind", "of"]).any()
    assert set(book["kind"]) == {"column", "cell", "code", "indicator"}


def test_every_column_of_every_frame_is_there(book):
    named = set(zip(book["of"], book["name"]))
    assert {(frame, column) for frame in FRAMES for column in fields(frame)} <= named


def test_every_cell_is_there_with_clause_unit_and_forms(book):
    cells = book[book["kind"] == "cell"].set_index("name")
    assert set(cells.index) == {cell.short for form in FORMS for cell in form_cells(form)}
    assert (cells["unit"].isin(["count", "yuan"]) & (cells["forms"] != "")).all()
    denied = cells[cells["item"].str.startswith("denied_") | (cells["part"] == "active_disclosure")]
    assert (denied["clause"].str.startswith("art. ")).all()
    assert cells["forms"].str.split().explode().value_counts().to_dict() == {
        form: len(form_cells(form)) for form in ("2021", "2019")
    }


def test_every_entry_has_both_labels(book):
    assert (book["label_zh"] != "").all() and (book["label_en"] != "").all()


def test_names_fit_stata_and_sql(book):
    names = book.loc[book["kind"].isin(["column", "cell", "indicator"]), "name"]
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,31}", name) for name in names)
    assert not set(names) & {"select", "from", "where", "group", "order", "table", "index", "case", "values"}


def test_every_code_that_frames_use_is_there(book, tmp_path):
    corpus = read_corpus(simulate(tmp_path / "reports", reports=60, seed=5), progress=False)
    codes = book[book["kind"] == "code"].groupby("of")["name"].agg(set)
    for frame, columns in _CODED.items():
        for column in columns:
            used = set(getattr(corpus, frame)[column].dropna())
            known = codes.get(column, set())
            assert used <= known, f"{frame}.{column}: {sorted(used - known)}"
