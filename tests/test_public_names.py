"""The public names: each leads to what it says, in whatever order things are imported."""

from __future__ import annotations

import importlib
import subprocess
import sys
from types import ModuleType

import pytest

import toolkit


@pytest.mark.parametrize("name", [name for name in toolkit.__all__ if name != "__version__"])
def test_a_public_name_is_a_function_or_class_also_after_its_module_was_imported(name):
    importlib.import_module(toolkit._HOMES[name])
    found = getattr(toolkit, name)
    assert callable(found) and not isinstance(found, ModuleType)
    assert found.__doc__
    assert getattr(toolkit, name) is found


def test_a_module_of_a_public_name_can_be_imported_from():
    from toolkit import codebook
    from toolkit.codebook import codebook as same

    assert codebook is same


def test_plots_are_public_and_unknown_names_are_not():
    assert callable(toolkit.plot_prevalence)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = toolkit.no_such_name


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, toolkit; print([name for name in ('pandas', 'matplotlib', 'jieba') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "[]"
