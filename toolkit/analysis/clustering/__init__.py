"""Clusters of statements: vectors, fitting, stability, terms."""
