"""The official forms, as data: every cell with its code, label, clause and unit.

A form is a CSV in ``forms/``; a new form or a new wording is a new row there,
not a new branch here. Source of the forms: 国办公开办函〔2019〕60号 (form 2019,
years 2019 and 2020) and 国办公开办函〔2021〕30号 (form 2021, from 2021 on).
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib import resources

from toolkit.errors import FormError

FORMS = ("2019", "2021")
PARTS = ("active_disclosure", "applications", "disputes")


@dataclass(frozen=True, slots=True)
class FormCell:
    """One cell of an official form.

    ``part``, ``item`` and ``category`` are its key, ``short`` its column name
    in the wide table, ``block`` the part of the table by which the form is
    told (``art20_1`` … ``art20_9``, ``outcomes_other``), ``group`` the label
    that heads its rows.
    """

    part: str
    block: str
    group: str
    item: str
    category: str
    short: str
    item_label: str
    category_label: str
    english: str
    clause: str
    unit: str
    is_total: bool
    meaning: str

    @property
    def key(self) -> tuple[str, str, str]:
        """The cell's key: part, item, category."""
        return self.part, self.item, self.category


@dataclass(frozen=True, slots=True)
class Identity:
    """A sum that the form itself demands, over every item or every category."""

    rule: str
    severity: str
    part: str
    each: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    meaning: str


@cache
def form_cells(form: str) -> tuple[FormCell, ...]:
    """Return the cells of a form, in the form's order.

    Parameters
    ----------
    form : {"2019", "2021"}

    Raises
    ------
    FormError
        If there is no form of that name.

    Examples
    --------
    >>> len(form_cells("2019")), len(form_cells("2021"))
    (198, 200)
    >>> form_cells("2021")[9].short
    'fees_amount'
    """
    if form not in FORMS:
        raise FormError(f"there is no form {form!r}", f"one of {', '.join(FORMS)}")
    return tuple(
        FormCell(**{**row, "is_total": row["is_total"] == "True"})  # type: ignore[arg-type]
        for row in read_rows(f"forms/{form}.csv")
    )


@cache
def identities() -> tuple[Identity, ...]:
    """Return the sums that every form demands.

    Examples
    --------
    >>> [identity.rule for identity in identities()]
    ['row_total', 'column_total', 'balance', 'dispute_total']
    """
    return tuple(
        Identity(**{**row, "left": tuple(row["left"].split(" + ")), "right": tuple(row["right"].split(" + "))})  # type: ignore[arg-type]
        for row in read_rows("forms/identities.csv")
    )


def read_rows(path: str) -> list[dict[str, str]]:
    """Return the rows of a CSV that comes with this package."""
    text = resources.files("toolkit.reports").joinpath(path).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))
