"""Every notebook runs from top to bottom, is small, short and shows its outputs.

Run with ``pytest -m notebooks tests/test_notebooks.py``; the plain test command leaves this marker out.
"""

from __future__ import annotations

import ast
import re
import time
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_NOTEBOOKS = sorted((_ROOT / "notebooks").glob("*.ipynb"))
_LARGEST = 300_000
_LONGEST_FUNCTION = 5
_SECONDS = 60
# A machine of continuous integration may be several times slower than a reader's.
_PATIENCE = 5 * _SECONDS

pytestmark = [
    pytest.mark.notebooks,
    # The kernel's messages come over sockets whose warnings are not this project's.
    pytest.mark.filterwarnings("default"),
]


def _code_cells(path: Path) -> list:
    import nbformat

    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def _python(cell) -> str:
    return re.sub(r"(?m)^\s*[%!].*$", "", cell.source)


def test_there_are_notebooks():
    assert [path.name for path in _NOTEBOOKS if re.match(r"\d\d-", path.name)] == [path.name for path in _NOTEBOOKS]
    assert _NOTEBOOKS


@pytest.mark.parametrize("path", _NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path: Path):
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    began = time.monotonic()
    NotebookClient(
        notebook, timeout=_PATIENCE, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    seconds = time.monotonic() - began
    print(f"{path.name}: {seconds:.0f} s")
    assert seconds < _PATIENCE


@pytest.mark.parametrize("path", _NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_small_and_shows_its_outputs(path: Path):
    assert path.stat().st_size < _LARGEST
    cells = _code_cells(path)
    assert any(cell.outputs for cell in cells)
    errors = [output for cell in cells for output in cell.outputs if output.output_type == "error"]
    assert errors == []


@pytest.mark.parametrize("path", _NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_holds_no_long_function(path: Path):
    functions = [
        node
        for cell in _code_cells(path)
        for node in ast.walk(ast.parse(_python(cell)))
        if isinstance(node, ast.FunctionDef)
    ]
    assert [one.name for one in functions if one.end_lineno - one.lineno + 1 > _LONGEST_FUNCTION] == []
