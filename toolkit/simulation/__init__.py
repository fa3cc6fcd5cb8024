"""Simulated reports with known truth: one in any shape, or a panel of agencies over years."""

from toolkit.simulation.marking import is_simulated
from toolkit.simulation.panel import PanelTruth, read_truth, simulate
from toolkit.simulation.writer import write_report

__all__ = ["PanelTruth", "is_simulated", "read_truth", "simulate", "write_report"]
