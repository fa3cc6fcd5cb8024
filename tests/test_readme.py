"""What README says, runs: its examples are run here, its commands and links are looked at."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_READMES = ["README.md", "README.zh-CN.md"]


def _text(name: str) -> str:
    return (_ROOT / name).read_text(encoding="utf-8")


def test_the_examples_say_what_they_show(monkeypatch):
    name = "README.md"
    monkeypatch.chdir(_ROOT)
    blocks = re.findall(r"```python\n(.*?)```", _text(name), re.DOTALL)
    assert blocks
    example = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, name, name, 0)
    report: list[str] = []
    doctest.DocTestRunner(verbose=False).run(example, out=report.append)
    assert "".join(report) == ""


@pytest.mark.parametrize("name", _READMES)
def test_the_first_two_blocks_are_the_two_commands(name):
    blocks = re.findall(r"```[a-z]*\n(.*?)```", _text(name), re.DOTALL)[:2]
    assert [block.count("\n") for block in blocks] == [1, 1]
    assert "toolkit" in blocks[0] and "corpus --output" in blocks[0]
    assert blocks[1].strip().endswith("-m pytest")
    assert all(block.startswith("python3 -m venv .venv && .venv/bin/pip install ") for block in blocks)


def test_both_languages_have_the_same_commands_and_examples():
    def code(name: str) -> list[str]:
        return re.findall(r"```[a-z]*\n.*?```", _text(name), re.DOTALL)

    assert code("README.md") == code("README.zh-CN.md")


@pytest.mark.parametrize("name", _READMES)
def test_files_that_are_named_are_there(name):
    named = re.findall(r"\]\(([^)#:]+)\)|`((?:toolkit|corpus|notebooks)/[^`*]*|[A-Z]+(?:\.\w+)?)`", _text(name))
    paths = ["".join(one) for one in named]
    assert "LICENSE" in paths
    assert [path for path in paths if not (_ROOT / path).exists()] == []
