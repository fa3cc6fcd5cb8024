"""Examples in docstrings that read pictures want the extra ``ocr``; without it they are skipped, and say so."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

PICTURES = ("readers", "scans")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the doctests of the readers of scans where the extra is not installed."""
    if find_spec("cv2") is not None:
        return
    for item in items:
        if isinstance(item, pytest.DoctestItem) and item.path.parts[-3:-1] == PICTURES:
            item.add_marker(pytest.mark.skip(reason="the extra ocr is not installed"))
