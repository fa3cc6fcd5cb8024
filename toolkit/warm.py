"""What every worker needs, loaded once in the process from which they are forked (see :mod:`toolkit.pool`)."""

from __future__ import annotations

import gc

from toolkit import engine, firstpass
from toolkit.narrative.codingscheme import load_scheme
from toolkit.reports.provenance.divisions import tables

__all__ = ["engine", "firstpass"]

tables()
load_scheme()
# Pages that no worker writes to are shared; a collection would write to all of them.
gc.freeze()
