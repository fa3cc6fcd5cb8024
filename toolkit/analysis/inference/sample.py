"""The sample of a regression: rows, columns, what cannot inform it and is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from toolkit.analysis.inference.fixed_effects import degrees_absorbed, dummies, independent_columns, swept_out
from toolkit.errors import InputError


@dataclass(frozen=True)
class Sample:
    """Arrays that a model is fitted on.

    Attributes
    ----------
    kind, outcome : str
        Model and outcome.
    y, x, weights, cluster : ndarray
        Outcome, columns, weights and cluster of each report.
    columns, terms : list of str
        Names of the columns of x, and the terms wanted (some may be lacking).
    effects : tuple of str
        Fixed effects.
    absorbed : int
        Degrees of freedom of effects that were swept out instead of entered.
    notes : list of str
        What was left out.
    simulated : bool
        Whether simulated reports are among them.
    """

    kind: str
    outcome: str
    y: np.ndarray
    x: np.ndarray
    weights: np.ndarray
    cluster: np.ndarray
    columns: list[str]
    terms: list[str]
    effects: tuple[str, ...]
    absorbed: int = 0
    notes: list[str] = field(default_factory=list)
    simulated: bool = False


def build_sample(
    frame: pd.DataFrame,
    outcome: str,
    terms: Sequence[str],
    controls: Sequence[str],
    effects: tuple[str, ...],
    cluster: str,
    kind: str,
    trials: str | None = None,
    lead: int = 0,
) -> Sample:
    """Choose rows and columns of a regression.

    Parameters
    ----------
    frame, outcome, terms, controls, effects, cluster, kind, trials, lead
        As for `regress`.

    Returns
    -------
    Sample

    Raises
    ------
    InputError
        As for `regress`.

    Examples
    --------
    >>> frame = pd.DataFrame({"y": [0.1, 0.2, None, 0.3], "x": [1, 0, 1, 1], "parent_id": list("pqrs")})
    >>> sample = build_sample(frame, "y", ["x"], [], (), "parent_id", "lpm")
    >>> sample.y.tolist(), sample.notes
    ([0.1, 0.2, 0.3], ['1 reports lack a value'])
    """
    needed = [outcome, *terms, *controls, *effects, cluster, *([trials] if trials else [])]
    if lead:
        needed += ["agency_id", "year"]
    lacking = [c for c in dict.fromkeys(needed) if c not in frame.columns]
    if lacking:
        raise InputError(f"frame: no column {', '.join(lacking)}", "see with_themes and indicators")
    rows, notes = _complete(_later(frame, outcome, trials, lead), [outcome, *terms, *controls], trials)
    rows = _in_range(rows, outcome, kind)
    if kind in ("logit", "poisson", "fractional"):
        rows = _informative(rows, outcome, effects, kind, notes)
    clusters = _clusters(rows, cluster)
    return _columns(rows, outcome, list(terms), list(controls), effects, clusters, kind, trials, notes)


def _later(frame: pd.DataFrame, outcome: str, trials: str | None, lead: int) -> pd.DataFrame:
    """Replace the outcome (and its trials) by those of `lead` years later."""
    if not lead:
        return frame
    moved = [outcome, *([trials] if trials else [])]
    later = frame[["agency_id", "year", *moved]].dropna(subset=["agency_id", "year"])
    if later.duplicated(["agency_id", "year"]).any():
        raise InputError("an agency has two reports of one year", "drop duplicates first (reports.duplicate_of)")
    later = later.assign(year=later["year"] - lead)
    return frame.drop(columns=moved).merge(later, on=["agency_id", "year"], how="left")


def _complete(frame: pd.DataFrame, columns: Sequence[str], trials: str | None) -> tuple[pd.DataFrame, list[str]]:
    numbers = list(dict.fromkeys([*columns, *([trials] if trials else [])]))
    frame = frame.assign(**{c: frame[c].astype("Float64").astype("float64") for c in numbers})
    finite = np.isfinite(frame[numbers]).all(axis=1)
    if trials:
        finite &= frame[trials] > 0
    left = int((~finite).sum())
    return frame[finite].reset_index(drop=True), [f"{left} reports lack a value"] if left else []


def _in_range(rows: pd.DataFrame, outcome: str, kind: str) -> pd.DataFrame:
    y = rows[outcome]
    if kind == "logit" and not y.isin([0, 1]).all():
        raise InputError(f"logit: {outcome} is not 0 and 1 throughout", 'use model="fractional" or "lpm"')
    if kind == "poisson" and (y < 0).any():
        raise InputError(f"poisson: {outcome} is negative somewhere", 'use model="lpm"')
    if kind == "fractional" and not y.between(0, 1).all():
        raise InputError(f"fractional: {outcome} leaves 0 to 1", 'use model="poisson" or "lpm"')
    return rows


def _informative(
    rows: pd.DataFrame, outcome: str, effects: tuple[str, ...], kind: str, notes: list[str]
) -> pd.DataFrame:
    before = len(rows)
    while effects and len(rows):
        keep = pd.Series(True, index=rows.index)
        for effect in effects:
            y = rows.groupby(effect, dropna=False)[outcome]
            high, low = y.transform("max"), y.transform("min")
            keep &= (high > 0) & ((low < 1) | (kind == "poisson"))
        if keep.all():
            break
        rows = rows[keep]
    if len(rows) < before:
        notes.append(f"{before - len(rows)} reports are in groups whose outcome never varies")
    return rows.reset_index(drop=True)


def _clusters(rows: pd.DataFrame, cluster: str) -> np.ndarray:
    own = rows["agency_id"] if "agency_id" in rows.columns else pd.Series(rows.index, index=rows.index)
    told = rows[cluster].notna()
    key = rows[cluster].astype(str).where(told, "without: " + own.astype(str))
    codes = pd.factorize(key, sort=True)[0]
    if len(np.unique(codes)) < 2:
        raise InputError(f"cluster: {cluster} has fewer than two values in the sample", "name another column")
    return codes


def _columns(
    rows: pd.DataFrame,
    outcome: str,
    terms: list[str],
    controls: list[str],
    effects: tuple[str, ...],
    clusters: np.ndarray,
    kind: str,
    trials: str | None,
    notes: list[str],
) -> Sample:
    y, x, absorbed = rows[outcome].to_numpy(dtype=float), rows[controls + terms].to_numpy(dtype=float), 0
    codes = [rows.groupby(e, dropna=False, sort=True).ngroup().to_numpy() for e in effects]
    if kind == "lpm" and codes:
        absorbed = degrees_absorbed(codes, clusters)
        swept = swept_out(np.column_stack([y, x]), codes)
        names, y, x = controls + terms, swept[:, 0], swept[:, 1:]
    else:
        entered, labels = dummies(codes, effects)
        names = ["constant", *labels, *controls, *terms]
        x = np.column_stack([np.ones(len(y)), *entered.T, x])
    kept = independent_columns(x)
    for i in sorted(set(range(len(names))) - set(kept)):
        if names[i] in controls + terms:
            notes.append(f"{names[i]} does not vary within the fixed effects and other columns")
    if len(y) <= len(kept) + absorbed or not kept:
        raise InputError(f"{len(y)} reports for {len(kept) + absorbed} coefficients", "use fewer terms or effects")
    weights = rows[trials].to_numpy(dtype=float) if trials else np.ones(len(y))
    simulated = "simulated" in rows.columns and bool(rows["simulated"].astype("boolean").fillna(False).any())
    columns = [names[i] for i in kept]
    shown = [*terms, *(c for c in controls if c not in terms)]
    return Sample(kind, outcome, y, x[:, kept], weights, clusters, columns, shown, effects, absorbed, notes, simulated)
