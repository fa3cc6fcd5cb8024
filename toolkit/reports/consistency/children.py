"""A territory's figures against those of the bodies in it.

A government whose report covers its territory counts what its departments
and the governments below it count, each once. Whether all of these are there
cannot be read anywhere, so two things alone are called a contradiction: a sum
of the bodies that are there above the territory's own figure, since a missing
body can only add to it; and a figure that differs where, the government's own
office being among the bodies, nearly all others are equal. Blank and missing
cells of a body count as nothing, those of the territory as not told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from toolkit.reports.cells import Key
from toolkit.reports.form import form_cells

_OTHER = ("other_no_correction", "other_fee_unpaid", "other_other")
_ONE_OTHER = tuple(("applications", "other", cell.category) for cell in form_cells("2021") if cell.item == "granted")
#: Additive cells that are compared: applications, disputes, decisions, fees.
COUNTED: tuple[Key, ...] = (
    *(cell.key for cell in form_cells("2021") if cell.part == "applications" and cell.item != "other"),
    *_ONE_OTHER,
    *(cell.key for cell in form_cells("2021") if cell.part == "disputes"),
    *(("active_disclosure", item, "decisions") for item in ("licensing", "penalties", "coercion")),
    ("active_disclosure", "fees", "amount"),
)
#: Share of the cells, not zero, that must be equal for the bodies to be taken as complete, and how many.
COMPLETE_SHARE, COMPLETE_CELLS = 0.9, 10
_FEWEST = 2
_TOLERANCE = 1e-6


def children_findings(facts: pd.DataFrame, values: np.ndarray, places: Mapping[Key, int]) -> list[dict[str, Any]]:
    """Return children_sum where it does not hold.

    Parameters
    ----------
    facts : DataFrame
        report, agency_id, parent_id, agency_type, scope, year, simulated.
    values : array
        Reports by cells, NaN where no figure is reported.
    places : mapping
        Cell -> its column of ``values``.

    Returns
    -------
    list of dict
        Rows of the findings frame: lhs the territory's figure, rhs the sum of
        two bodies or more.
    """
    keys = [key for key in COUNTED if key[1] not in (*_OTHER, "other")]
    figures = np.column_stack([values[:, [places[key] for key in keys]], *_others(values, places)])
    keys += _ONE_OTHER
    is_parent = (facts["scope"] == "territory") & (facts["agency_type"] == "government") & facts["agency_id"].notna()
    if not is_parent.any():
        return []
    below = _by_parent(facts)
    rows: list[dict[str, Any]] = []
    for place in np.flatnonzero(is_parent & facts["year"].notna()).tolist():
        children = below.get((facts["agency_id"].iloc[place], int(facts["year"].iloc[place])), [])
        if len(children) >= _FEWEST:
            offices = facts["agency_type"].iloc[children] == "government_office"
            rows += _compare(facts, place, figures[place], _summed(facts, figures, children), keys, offices.any())
    return rows


def _others(values: np.ndarray, places: Mapping[Key, int]) -> Iterator[np.ndarray]:
    """Yield 其他处理 in all, by category: the one row of some forms, or the sum of the three of others."""
    for key in _ONE_OTHER:
        one = values[:, places[key]]
        three = values[:, [places["applications", item, key[2]] for item in _OTHER]]
        yield np.where(np.isnan(one), three.sum(axis=1), one)


def _by_parent(facts: pd.DataFrame) -> dict[tuple[str, int], list[int]]:
    told = facts[facts["parent_id"].notna() & facts["agency_id"].notna() & facts["year"].notna()]
    groups: dict[tuple[str, int], list[int]] = {}
    for place, parent, year in zip(told.index, told["parent_id"], told["year"]):
        groups.setdefault((parent, int(year)), []).append(place)
    return groups


def _summed(facts: pd.DataFrame, figures: np.ndarray, children: list[int]) -> tuple[np.ndarray, int]:
    """Return the least that the bodies sum to; of several reports of one body, its least figures."""
    bodies: dict[str, np.ndarray] = {}
    for place in children:
        least = np.nan_to_num(figures[place], nan=0.0)
        name = facts["agency_id"].iloc[place]
        bodies[name] = np.minimum(bodies[name], least) if name in bodies else least
    return np.sum(list(bodies.values()), axis=0), len(bodies)


def _compare(
    facts: pd.DataFrame,
    place: int,
    own: np.ndarray,
    summed: tuple[np.ndarray, int],
    keys: list[Key],
    has_office: bool,
) -> list[dict[str, Any]]:
    below, bodies = summed
    told = ~np.isnan(own)
    more = told & (below > own + _TOLERANCE)
    counted = told & ((own != 0) | (below != 0))
    equal = counted & (np.abs(own - below) <= _TOLERANCE)
    is_complete = has_office and equal.sum() >= max(COMPLETE_CELLS, COMPLETE_SHARE * counted.sum())
    less = counted & ~equal & ~more if is_complete else np.zeros(len(own), bool)
    rows = []
    for column in np.flatnonzero(more | less) if bodies >= _FEWEST else ():
        name = "/".join(keys[column])
        differs = "more" if more[column] else "less, where nearly all other figures are equal"
        note = f"{bodies} bodies below sum to {differs}"
        row = {"report": facts["report"].iloc[place], "rule": "children_sum", "place": name, "severity": "soft"}
        row |= {"lhs": float(own[column]), "rhs": float(below[column]), "gap": float(own[column] - below[column])}
        row |= {"verdict": "broken", "cells": name, "note": note, "simulated": bool(facts["simulated"].iloc[place])}
        rows.append(row)
    return rows
