"""The forms as data."""

import re

import pytest

from toolkit import FormError, codebook
from toolkit.reports.form import FORMS, form_cells, identities
from toolkit.reports.tables.labels import recognise
from toolkit.wide import short_cells


@pytest.mark.parametrize(("form", "parts"), [("2019", (22, 161, 15)), ("2021", (10, 175, 15))])
def test_cells_of_the_forms(form: str, parts: tuple[int, int, int]) -> None:
    counted = [cell.part for cell in form_cells(form)]
    assert tuple(counted.count(part) for part in ("active_disclosure", "applications", "disputes")) == parts


def test_short_names_are_unique_and_fit_stata() -> None:
    names = [cell.short for cell in form_cells("2019")]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,23}|[a-z][a-z0-9_]{0,31}", name) for name in short_cells())
    assert max(len(f"{cell.short}_derived") for cell in form_cells("2021") if cell.is_total) <= 32


def test_one_name_is_one_quantity() -> None:
    by_name = {cell.short: cell for cell in form_cells("2019")}
    for cell in form_cells("2021"):
        other = by_name.get(cell.short)
        assert other is None or (other.key, other.unit) == (cell.key, cell.unit)


def test_an_unknown_form_is_named() -> None:
    with pytest.raises(FormError, match="2014"):
        form_cells("2014")


@pytest.mark.parametrize("form", FORMS)
def test_every_official_label_is_recognised(form: str) -> None:
    for cell in form_cells(form):
        assert cell.item in {label.code for label in recognise(cell.item_label)}, cell.item_label
        assert cell.category in {label.code for label in recognise(cell.category_label)}, cell.category_label


def test_identities_name_cells_of_the_forms() -> None:
    names = {name for form in FORMS for cell in form_cells(form) for name in (cell.item, cell.category)}
    assert all(name in names for identity in identities() for name in (*identity.left, *identity.right))


def test_the_codebook_has_every_cell_with_its_labels() -> None:
    book = codebook()
    cells = book[book["kind"] == "cell"]
    assert set(cells["name"]) == set(short_cells())
    assert (cells[["label_zh", "label_en", "unit", "meaning", "forms"]] != "").all(axis=None)
