"""Simulated reports with known truth: one in any shape, or a panel of agencies over years.

Readers ask this package only whether a report is simulated; the writers are
loaded when they are first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from toolkit.reports.marking import is_simulated

if TYPE_CHECKING:
    from toolkit.simulation.panel import PanelTruth, read_truth, simulate
    from toolkit.simulation.writer import write_report

__all__ = ["PanelTruth", "is_simulated", "read_truth", "simulate", "write_report"]

_HOMES = {"PanelTruth": "panel", "read_truth": "panel", "simulate": "panel", "write_report": "writer"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"toolkit.simulation.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'toolkit.simulation' has no attribute {name!r}")
