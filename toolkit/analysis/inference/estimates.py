"""Effect, interval and p of every theme with every indicator, before they become rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.analysis.inference.bootstrap import MANY_PARENTS, Resampler
from toolkit.analysis.inference.effects import Measure, build_design, moments
from toolkit.analysis.inference.influence import effect_slopes, odds_slopes, spread_slopes
from toolkit.analysis.inference.misclassification import estimated_presence
from toolkit.analysis.inference.permutation import permuted_effects, quotient, two_sided_p
from toolkit.analysis.inference.strata import Panel


@dataclass(frozen=True)
class Task:
    """Reports, themes and settings that all rows share.

    Attributes
    ----------
    panel : Panel
        Reports compared.
    codes : list
        Themes.
    named : ndarray, shape (n, themes)
        1 where the report names the theme.
    n_permutations, n_bootstrap, seed : int
        As in `correlate`.
    peers : str
        What makes bodies peers, for the column ``method``.
    notes : tuple of str
        Warnings that hold for every row.
    labels : DataFrame, optional
        Hand-coded sample.
    """

    panel: Panel
    codes: list
    named: np.ndarray
    n_permutations: int
    n_bootstrap: int
    seed: int
    peers: str
    notes: tuple[str, ...] = ()
    labels: pd.DataFrame | None = None


class Estimates:
    """All figures of the measures that vary among peers.

    Parameters
    ----------
    task : Task
        Reports, themes, settings.
    measures : sequence of Measure
        Binary, numeric and theme measures.

    Examples
    --------
    See `toolkit.analysis.association.correlate`.
    """

    def __init__(self, task: Task, measures: Sequence[Measure]) -> None:
        self.task = task
        self.design = build_design(measures, task.panel.stratum)
        self.root = np.array([m.kind == "theme" for m in measures])
        self.resampler = Resampler(task.panel, task.n_bootstrap, task.seed)
        self.numerator, self.denominator = moments(self.design, task.named)
        self.p = self._p()
        self.parents = np.zeros(self.p.shape, dtype=int)

    def columns(self, j: int, measure: Measure) -> dict[str, np.ndarray]:
        """Values of one measure's columns, each of shape (themes,)."""
        own = self.task.codes.index(measure.indicator) if measure.kind == "theme" else None
        effect, low, high = self._bounded(j, self.task.named, own)
        found = {"effect": effect, "low": low, "high": high, "p": self.p[j]}
        if measure.kind == "binary":
            found |= {"risk_difference": effect, "risk_low": low, "risk_high": high}
            found["effect"], found["low"], found["high"] = self._odds(j)
        if self.task.labels is not None and measure.kind != "theme":
            found |= self._corrected(j, "risk_difference" if measure.kind == "binary" else "cliffs_delta")
        return found

    def resampled(self, j: int) -> list[str]:
        """What the bootstrap of one measure drew, for every theme."""
        return [f"{k} parents" if k >= MANY_PARENTS else "bodies within parents" for k in self.parents[j]]

    def _p(self) -> np.ndarray:
        task = self.task
        observed = quotient(self.numerator, self.denominator, self.root)
        permuted = permuted_effects(task.panel, self.design, task.named, self.root, task.n_permutations, task.seed)
        return two_sided_p(observed, permuted)

    def _bounded(self, j: int, themes: np.ndarray, own: int | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Effect between -1 and 1, its interval taken on Fisher's scale; `own` is another theme's column."""
        numerator, denominator = (part[j] for part in moments(self.design, themes))
        slopes = effect_slopes(self.design, j, themes)
        self.parents[j] = self._informing(j, slopes.strata)
        with np.errstate(invalid="ignore", divide="ignore"):
            divisor = np.where(denominator > 1e-9, denominator, np.nan)
            relative = slopes.denominator / divisor
            if own is not None:
                divisor = np.sqrt(divisor * divisor[own])
                relative = (relative + relative[:, [own]]) / 2
            effect = numerator / divisor
            influence = slopes.numerator / divisor - effect * relative
            low, high = self.resampler.percentiles(influence / (1 - effect**2), self.parents[j], slopes.small)
            return effect, np.tanh(np.arctanh(effect) + low), np.tanh(np.arctanh(effect) + high)

    def _odds(self, j: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        ratio, slope = odds_slopes(self.design, j, self.task.named)
        small = effect_slopes(self.design, j, self.task.named).small
        with np.errstate(invalid="ignore"):
            low, high = self.resampler.percentiles(slope, self.parents[j], small)
            return ratio, ratio * np.exp(low), ratio * np.exp(high)

    def _informing(self, j: int, strata: np.ndarray) -> np.ndarray:
        """Parent governments under which peers differ in naming each theme."""
        of_stratum = np.zeros(int(self.task.panel.stratum.max()) + 1, dtype=int)
        of_stratum[self.task.panel.stratum] = self.task.panel.parent
        owner = of_stratum[self.design.row_stratum[self.design.rows(j)]]
        return np.array([len(np.unique(owner[np.abs(column) > 1e-9])) for column in strata.T])

    def _corrected(self, j: int, name: str) -> dict[str, np.ndarray]:
        task = self.task
        reports = task.panel.frame["report"]
        presence, variance, n = estimated_presence(task.labels, reports, task.codes, task.named)
        effect, low, high = (
            value - self._ratio_bias(j, presence, variance) for value in self._bounded(j, presence, None)
        )
        inside = np.abs(effect) < 1
        return {
            "corrected_name": np.full(len(effect), name, dtype=object),
            "corrected_effect": effect,
            "corrected_low": np.where(inside, low, np.nan),
            "corrected_high": np.where(inside, high, np.nan),
            "n_hand_coded": np.full(len(effect), n),
        }

    def _ratio_bias(self, j: int, presence: np.ndarray, variance: np.ndarray) -> np.ndarray:
        """Second-order bias of a quotient whose parts both vary with the draw of the hand-coded sample."""
        numerator, denominator = (part[j] for part in moments(self.design, presence))
        up, down = self.design.scores[:, [j]], spread_slopes(self.design, j, presence)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = numerator / denominator
            return (ratio * (variance * down**2).sum(axis=0) - (variance * up * down).sum(axis=0)) / denominator**2
