"""Tests on published reports, which stand outside the repository.

They are run by naming this folder, with TOOLKIT_REFERENCE set to the folder of
the reference documents; where it is not there they fail. The plain test
command passes them over.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from toolkit import Report, read_report

DOCUMENTS = ("dongguan2020.txt", "shuyang2023.html", "huaian2024.pdf")


@cache
def reference_folder() -> Path:
    """Return the folder of the real documents, or fail with what to do."""
    named = os.environ.get("TOOLKIT_REFERENCE", "")
    folder = Path(named) / "real"
    if not named or not (folder / "statistics.csv").is_file():
        pytest.fail(
            f"TOOLKIT_REFERENCE is {named!r}: set it to the folder that holds real/statistics.csv "
            "and the reports it was taken from",
            pytrace=False,
        )
    return folder


@cache
def read(document: str) -> Report:
    """Read a real document once for all tests."""
    return read_report(reference_folder() / document)


@pytest.fixture
def folder() -> Path:
    """The folder of the real documents."""
    return reference_folder()


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> str:
    """The name of a real document."""
    return request.param


@pytest.fixture
def report(document: str) -> Report:
    """A real document, read."""
    return read(document)


@pytest.fixture
def read_real():
    """A function that reads a real document by name."""
    return read


@pytest.fixture
def known():
    """A function: the rows that a table of the reference folder has for a document, as text."""

    def rows(table: str, document: str) -> pd.DataFrame:
        frame = pd.read_csv(reference_folder() / table, dtype=str, encoding="utf-8", keep_default_na=False)
        return frame[frame["document"] == document]

    return rows
