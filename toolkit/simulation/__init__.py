"""Simulated reports with known truth."""
