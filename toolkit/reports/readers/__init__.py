"""Readers: alternatives of each other, picked by content, not by suffix."""
