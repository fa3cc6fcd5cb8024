"""The rows of an association table: who is compared, the effect, its interval and p, and why a row is empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from toolkit.analysis.inference.categories import category_association, told_by_year
from toolkit.analysis.inference.effects import Measure
from toolkit.analysis.inference.estimates import Estimates, Task
from toolkit.analysis.inference.naive import naive_result

#: Agencies on a side below which a row stays empty, and below which it carries a warning.
TOO_FEW, FEW = 5, 15
EFFECTS = {"binary": "odds_ratio", "numeric": "cliffs_delta", "theme": "phi", "category": "cramers_v"}
COUNTS = ("n", "n_with", "n_without", "agencies_with", "agencies_without", "strata")
COLUMNS = [
    *("theme", "indicator", "part", "effect_name", "effect", "low", "high", *COUNTS, "p", "q", "method"),
    *("warning", "reason", "risk_difference", "risk_low", "risk_high"),
    *("corrected_name", "corrected_effect", "corrected_low", "corrected_high", "n_hand_coded"),
    *("naive_effect", "naive_p", "naive_test", "simulated"),
]

TEXTS = ("part", "method", "warning", "reason", "corrected_name", "naive_test")


Row = dict[str, Any]


def compared_rows(task: Task, measures: Sequence[Measure]) -> list[Row]:
    """Rows for indicators that vary among peers: binary, numeric, and other themes.

    Parameters
    ----------
    task : Task
        Reports, themes, settings.
    measures : sequence of Measure
        What to compare.

    Returns
    -------
    list of dict
        Columns of `correlate` without q; what is missing is not in the dict.

    Examples
    --------
    See `correlate`.
    """
    rows = {m.indicator: _begun(task, m, task.panel.stratum) for m in measures}
    usable = [m for m in measures if any("reason" not in row for row in rows[m.indicator])]
    if usable:
        found = Estimates(task, usable)
        for j, measure in enumerate(usable):
            _fill(rows[measure.indicator], found.columns(j, measure))
            how = f"{task.n_permutations} permutations of histories within {task.peers}; bootstrap of"
            _fill(rows[measure.indicator], {"method": [f"{how} {whom}" for whom in found.resampled(j)]})
            _finish(task, rows[measure.indicator], measure)
    return [row for part in rows.values() for row in part]


def category_rows(task: Task, measure: Measure) -> list[Row]:
    """Rows for a category of the report, such as its level or year.

    Parameters
    ----------
    task : Task
        Reports, themes, settings.
    measure : Measure
        The category.

    Returns
    -------
    list of dict
        As from `compared_rows`.

    Examples
    --------
    See `correlate`.
    """
    rows = _begun(task, measure, np.zeros(len(measure.values), dtype=int))
    if any("reason" not in row for row in rows):
        numbers = (task.n_permutations, task.n_bootstrap, task.seed)
        _fill(rows, category_association(task.panel, measure.values, task.named, *numbers))
        yearly = told_by_year(task.panel, measure.values)
        whom = "each body's years reordered" if yearly else "histories exchanged among all bodies"
        _fill(rows, {"method": [f"{task.n_permutations} permutations, {whom}"] * len(rows)})
        _finish(task, rows, measure)
    return rows


def _begun(task: Task, measure: Measure, stratum: np.ndarray) -> list[Row]:
    """Rows with counts, and the reason where they have to stay empty."""
    counts, varies = _counts(task, measure, stratum)
    simulated = bool(task.panel.frame["simulated"].astype("boolean").fillna(False).any())
    same = {"indicator": measure.indicator, "effect_name": EFFECTS[measure.kind], "simulated": simulated}
    if measure.part:
        same["part"] = measure.part
    rows = []
    for k, theme in enumerate(task.codes):
        row = same | {"theme": theme} | {name: int(values[k]) for name, values in counts.items()}
        reason = _reason(row, measure, bool(varies[k]))
        rows.append(row | {"reason": reason} if reason else row)
    return rows


def _fill(rows: list[Row], columns: Mapping[str, Sequence[Any] | np.ndarray]) -> None:
    """Enter values into the rows that are not empty for a reason."""
    for k, row in enumerate(rows):
        if "reason" not in row:
            row.update({name: values[k] for name, values in columns.items()})


def _finish(task: Task, rows: list[Row], measure: Measure) -> None:
    """Add warnings and what the naive test says."""
    full = [k for k, row in enumerate(rows) if "reason" not in row]
    naive = naive_result(measure.values, measure.kind, task.named[:, full])
    for k, (effect, p, test) in zip(full, naive, strict=True):
        row = rows[k]
        few = min(row["agencies_with"], row["agencies_without"])
        warnings = [f"only {few} agencies on a side"] if few < FEW else []
        warnings += ["complete separation, no interval"] if np.isnan(row["low"]) else []
        row |= {"naive_effect": effect, "naive_p": p, "naive_test": test}
        if warnings or task.notes:
            row["warning"] = "; ".join([*warnings, *task.notes])


def _counts(task: Task, measure: Measure, stratum: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    seen = np.isfinite(measure.values)
    named = task.named[seen]
    code = np.unique(stratum[seen], return_inverse=True)[1]
    per_stratum = _adder(code)
    m, n = per_stratum @ named, per_stratum @ np.ones((len(named), 1))
    both = (m > 0) & (m < n)
    inside = both[code] if len(code) else np.zeros(named.shape, dtype=bool)
    per_unit = _adder(task.panel.unit[seen])
    with_theme, without = per_unit @ (inside * named), per_unit @ (inside * (1 - named))
    low, high = np.full(len(m), np.inf), np.full(len(m), -np.inf)
    np.minimum.at(low, code, measure.values[seen])
    np.maximum.at(high, code, measure.values[seen])
    counts = {
        "n": np.full(named.shape[1], len(named)),
        "n_with": named.sum(axis=0).astype(int),
        "n_without": (1 - named).sum(axis=0).astype(int),
        "agencies_with": (with_theme > 0).sum(axis=0),
        "agencies_without": (without > 0).sum(axis=0),
        "strata": both.sum(axis=0),
    }
    return counts, (both & (low < high)[:, None]).any(axis=0)


def _adder(code: np.ndarray) -> sparse.csr_array:
    shape = (code.max(initial=-1) + 1, len(code))
    return sparse.csr_array((np.ones(len(code)), (code, np.arange(len(code)))), shape=shape)


def _reason(row: Row, measure: Measure, varies: bool) -> str:
    held = measure.values[np.isfinite(measure.values)]
    side, fewest = min((row[f"agencies_{s}"], s) for s in ("with", "without"))[::-1]
    answers = {
        "the theme itself": measure.kind == "theme" and row["theme"] == measure.indicator,
        "no report compared has a value of the indicator": len(held) == 0,
        "the indicator does not vary": len(held) > 0 and held.min() == held.max(),
        "no report names the theme": row["n_with"] == 0,
        "every report names the theme": row["n_without"] == 0,
        "peers never differ in naming the theme": row["strata"] == 0,
        "the indicator does not vary among peers": not varies,
        f"only {fewest} agencies {side} the theme have peers to compare ({TOO_FEW} needed)": fewest < TOO_FEW,
    }
    return next((reason for reason, holds in answers.items() if holds), "")
