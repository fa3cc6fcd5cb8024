"""The manifest of a study: what was run, on what, with which versions, seeds and data."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit import __version__
from toolkit.corpus import Corpus
from toolkit.steps.analysis import Findings, families
from toolkit.summary import Summary

PACKAGES = ("pandas", "numpy", "scipy", "scikit-learn", "statsmodels", "jieba", "matplotlib", "pyarrow")
#: Data of the toolkit that the results depend on.
DATA = {
    "lexicon": ("narrative/lexicon",),
    "scheme": ("narrative/scheme",),
    "forms": ("reports/forms",),
    "regions": ("reports/regions",),
    "indicators": ("analysis/indicators.csv",),
    "families": ("steps/families.csv",),
}


def versions() -> dict[str, str]:
    """Return the versions of the toolkit, of Python and of what the toolkit computes with.

    Examples
    --------
    >>> list(versions())[:3]
    ['toolkit', 'python', 'pandas']
    """
    return {"toolkit": __version__, "python": platform.python_version(), **{p: metadata.version(p) for p in PACKAGES}}


def data_hashes() -> dict[str, str]:
    """Return the SHA-256 of the lexicon, the coding scheme and other data of the toolkit.

    The same text gives the same hash on every system: line ends do not count.

    Examples
    --------
    >>> [len(digest) for digest in data_hashes().values()]
    [64, 64, 64, 64, 64, 64]
    """
    root = resources.files("toolkit")
    return {name: _digest(root.joinpath(path) for path in paths) for name, paths in DATA.items()}


def _digest(places: Iterable[Traversable]) -> str:
    digest = hashlib.sha256()
    for place in places:
        files = sorted(place.iterdir(), key=lambda one: one.name) if place.is_dir() else [place]
        for file in files:
            if file.is_file() and not file.name.startswith((".", "__")):
                digest.update(file.name.encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def manifest(
    corpus: Corpus, found: Findings, summary: Summary, settings: Mapping[str, Any], seconds: Mapping[str, float]
) -> dict[str, Any]:
    """Return the manifest of a study.

    Parameters
    ----------
    corpus, found, summary
        What was read and found.
    settings : mapping
        sources, lang, seed and files.
    seconds : mapping
        Step to the time it took: the only part that differs between two runs.

    Returns
    -------
    dict
        versions, settings, data (hashes), sources (hashes by report, and one of all), counts, not_read, families,
        left_out, empty (steps without a result, and why), failed (steps that ended in an error), clusters, seconds.
    """
    reports = corpus.reports
    hashes = {row.report: _plain(row.sha256) for row in reports[["report", "sha256"]].itertuples()}
    lines = "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes))
    empty = {name: part.reason for name, part in found.tables.items() if part.reason and not part.failed}
    return {
        "versions": versions(),
        "settings": dict(settings),
        "data_sha256": data_hashes(),
        "counts": _counts(corpus, summary),
        "not_read": [{key: _plain(value) for key, value in row.items()} for row in corpus.failures.to_dict("records")],
        "families": [_family(row, found) for row in families()],
        "empty": empty,
        "failed": {name: part.reason for name, part in found.tables.items() if part.failed},
        "regressions": {name: result.notes[name] for name, result in found.regressions.items()},
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
        "sources_sha256": hashlib.sha256(lines.encode()).hexdigest(),
        "sources": hashes,
    }


def _plain(value: Any) -> Any:
    return None if pd.isna(value) else str(value)


def _counts(corpus: Corpus, summary: Summary) -> dict[str, Any]:
    reports, findings = corpus.reports, corpus.findings
    return {
        "sources": summary.sources,
        "reports": len(reports),
        "simulated": int(reports["simulated"].sum()),
        "partial": int(reports["status"].eq("partial").sum()),
        "duplicates": int(reports["duplicate_of"].notna().sum()),
        "agencies": int(reports["agency_id"].nunique()),
        "cells": {str(k): int(v) for k, v in corpus.statistics["state"].value_counts().sort_index().items()},
        "broken_rules": {
            str(k): int(v)
            for k, v in findings.loc[findings["verdict"].eq("broken"), "rule"].value_counts().sort_index().items()
        },
        "problems_status": {
            str(k): int(v) for k, v in reports["problems_status"].value_counts(dropna=False).sort_index().items()
        },
        "statements": {str(k): int(v) for k, v in corpus.statements["kind"].value_counts().sort_index().items()},
    }


def _family(row: Mapping[str, str], found: Findings) -> dict[str, Any]:
    frame = found.table(f"associations_{row['family']}").frame
    tested = int(frame["p"].notna().sum()) if len(frame) else 0
    return {**row, "tests": tested, "left_out": frame.attrs.get("left_out", {}), **frame.attrs.get("settings", {})}


def write_manifest(path: Path, content: Mapping[str, Any]) -> None:
    """Write a manifest as JSON, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
