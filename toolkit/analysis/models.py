"""Regressions of disclosure on the problems that agencies name, with fixed effects and clustered errors.

Four models that reviewers know: linear probability or linear (`lpm`), logit,
Poisson pseudo maximum likelihood for counts, fractional logit for rates. The
estimation is statsmodels'; this module prepares the sample (dropping what cannot
inform the model and saying so) and lays the results side by side.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from toolkit.analysis.inference.sample import Sample, build_sample
from toolkit.errors import InputError

MODELS = ("lpm", "logit", "poisson", "fractional")
FIXED_EFFECTS = ("level", "agency_type", "year", "province")
#: Controls used where the frame has them: longer chapters name more, copied ones say less.
CONTROLS = ("log_chapter_length", "n_statements", "reuse")
COLUMNS = ["model", "outcome", "term", "estimate", "se", "low", "high", "p", "n", "clusters"]
#: Below this number of clusters their errors are too small.
FEW_CLUSTERS = 30
#: A coefficient that moves the log odds this far per standard deviation is on its way to infinity.
SEPARATED = 12.0
_WORDS = {
    "en": {"yes": "Yes", "no": "No", "fe": "{} fixed effects", "n": "N", "clusters": "Clusters", "model": "Model"},
    "zh": {"yes": "是", "no": "否", "fe": "{}固定效应", "n": "样本量", "clusters": "聚类数", "model": "模型"},
}
_ZH = {"level": "层级", "agency_type": "机构类型", "year": "年份", "province": "省份", "agency_id": "机构"}


@dataclass(frozen=True)
class Regression:
    """One or more estimated models.

    Attributes
    ----------
    frame : DataFrame
        One row per model and term: model, outcome, term, estimate, se, low, high
        (95 %), p, n (reports), clusters. A term that does not vary within the
        fixed effects has no estimate.
    effects : dict
        Fixed effects of each model.
    notes : dict
        What was left out of each model and why, what to mind.
    simulated : bool
        Whether simulated reports are among the data.

    Examples
    --------
    See `regress`.
    """

    frame: pd.DataFrame
    effects: dict[str, tuple[str, ...]]
    notes: dict[str, list[str]]
    simulated: bool = False

    def beside(self, *others: Regression) -> Regression:
        """Put further models beside these.

        Parameters
        ----------
        *others : Regression
            Results whose model names differ from these.

        Returns
        -------
        Regression

        Raises
        ------
        InputError
            Two models have one name.

        Examples
        --------
        >>> frame = pd.DataFrame({"rate": [0.1, 0.5, 0.4, 0.9], "x": [0, 0, 1, 1], "parent_id": list("pqrs")})
        >>> one = regress(frame, "rate", "x", fixed_effects=(), name="(1)")
        >>> one.beside(regress(frame, "rate", "x", model="fractional", fixed_effects=(), name="(2)")).frame["model"].to_list()
        ['(1)', '(2)']
        """  # noqa: E501
        effects, notes = dict(self.effects), dict(self.notes)
        for other in others:
            twice = effects.keys() & other.effects.keys()
            if twice:
                raise InputError(f"two models are called {', '.join(sorted(twice))}", "give names: regress(..., name=)")
            effects |= other.effects
            notes |= other.notes
        frame = pd.concat([self.frame, *(o.frame for o in others)], ignore_index=True)
        return Regression(frame, effects, notes, self.simulated or any(o.simulated for o in others))

    def table(self, stars: Sequence[float] = (0.1, 0.05, 0.01), digits: int = 3, lang: str = "en") -> pd.DataFrame:
        """Lay the models out as journals print them.

        Parameters
        ----------
        stars : sequence of float
            Limits of p for one, two, three stars.
        digits : int
            Decimals.
        lang : {"en", "zh"}
            Language of the row labels.

        Returns
        -------
        DataFrame
            Columns are models; under each estimate its standard error in parentheses,
            then fixed effects, N and clusters. A term that a model lacks is empty.

        Examples
        --------
        >>> frame = pd.DataFrame({"rate": [0.1, 0.5, 0.4, 0.9], "x": [0, 0, 1, 1], "parent_id": list("pqrs")})
        >>> print(regress(frame, "rate", "x", fixed_effects=(), name="(1)").table())
                      (1)
        x           0.350
                  (0.320)
        Outcome      rate
        N               4
        Clusters        4
        """
        words = _WORDS[lang]
        columns = {m: self._column(m, stars, digits, words, lang) for m in self.effects}
        order = dict.fromkeys(label for column in columns.values() for label in column)
        tail = [k for k in order if k[1] > 1]
        rows = [k for k in order if k[1] <= 1] + sorted(tail, key=lambda k: k[1])
        table = pd.DataFrame({m: [c.get(k, "") for k in rows] for m, c in columns.items()})
        table.index = pd.Index([k[0] if k[1] != 1 else "" for k in rows])
        return table

    def _column(
        self, model: str, stars: Sequence[float], digits: int, words: dict[str, str], lang: str
    ) -> dict[tuple[str, int, str], str]:
        rows = self.frame[self.frame["model"] == model]
        cells: dict[tuple[str, int, str], str] = {}
        for row in rows[rows["estimate"].notna()].itertuples():
            mark = "*" * sum(row.p < limit for limit in stars)
            cells[(row.term, 0, row.term)] = f"{row.estimate:.{digits}f}{mark}"
            cells[("", 1, row.term)] = f"({row.se:.{digits}f})"
        everywhere = dict.fromkeys(e for effects in self.effects.values() for e in effects)
        for effect in everywhere:
            label = words["fe"].format(_ZH.get(effect, effect) if lang == "zh" else effect)
            cells[(label, 2, effect)] = words["yes"] if effect in self.effects[model] else words["no"]
        cells[("被解释变量" if lang == "zh" else "Outcome", 3, "")] = rows["outcome"].iloc[0]
        cells[(words["n"], 4, "")] = f"{rows['n'].iloc[0]:,}"
        cells[(words["clusters"], 5, "")] = f"{rows['clusters'].iloc[0]:,}"
        return cells


def regress(
    frame: pd.DataFrame,
    outcome: str,
    terms: str | Sequence[str],
    *,
    model: str | Sequence[str] = "lpm",
    fixed_effects: Sequence[str] = FIXED_EFFECTS,
    controls: Sequence[str] | None = None,
    cluster: str = "parent_id",
    trials: str | None = None,
    lead: int = 0,
    name: str | None = None,
) -> Regression:
    """Regress an indicator on themes (or a theme on indicators) among comparable reports.

    Parameters
    ----------
    frame : DataFrame
        One row per report: indicators, themes as 0 and 1 (see `with_themes`),
        and the columns of fixed effects and clusters.
    outcome : str
        Column to explain.
    terms : str or sequence of str
        Columns whose coefficients are wanted.
    model : {"lpm", "logit", "poisson", "fractional"} or several
        Linear (probability) model, logit, Poisson pseudo maximum likelihood,
        fractional logit (outcome between 0 and 1).
    fixed_effects : sequence of str
        Columns; a missing value is a category of its own. ``("agency_id", "year")``
        compares each agency with itself. Columns the frame lacks, or that do not
        vary, are left out of the defaults.
    controls : sequence of str, optional
        By default those of `CONTROLS` that the frame has; ``()`` for none.
    cluster : str
        Errors are clustered by it; a report without it is a cluster by its agency.
    trials : str, optional
        For "fractional": column with the denominator, as weights.
    lead : int
        Explain the outcome of so many years later (improvements are plans).
    name : str, optional
        Name of the model in the result.

    Returns
    -------
    Regression
        Standard errors are cluster-robust with statsmodels' small-sample factor;
        p and intervals use t with clusters - 1 degrees of freedom.

    Raises
    ------
    InputError
        Lacking columns, an outcome outside the model's range, fewer than two
        clusters, or fewer reports than coefficients.

    Notes
    -----
    Groups of a fixed effect in which a logit's or Poisson's outcome never varies
    (or is always 0) say nothing about the terms and are dropped with a note.
    Sources: Papke & Wooldridge (1996) for fractional logit; Santos Silva & Tenreyro (2006) for Poisson.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> frame = pd.DataFrame({"parent_id": np.repeat(range(40), 10), "year": [2022, 2023] * 200})
    >>> frame["staffing"] = rng.integers(0, 2, 400)
    >>> frame["rate"] = 0.6 - 0.1 * frame["staffing"] + rng.normal(0, 0.1, 400)
    >>> result = regress(frame, "rate", "staffing", fixed_effects=["year"])
    >>> result.frame[["term", "estimate", "se", "n", "clusters"]].round(3).to_string(index=False).split()[-5:]
    ['staffing', '-0.089', '0.01', '400', '40']
    """
    wanted = [model] if isinstance(model, str) else list(model)
    unknown = [m for m in wanted if m not in MODELS]
    if unknown:
        raise InputError(f"model: {', '.join(unknown)}", f"choose from {', '.join(MODELS)}")
    names = [terms] if isinstance(terms, str) else list(terms)
    used = [c for c in CONTROLS if c in frame.columns and c not in names] if controls is None else list(controls)
    effects = _effects(frame, fixed_effects)
    results = []
    for kind in wanted:
        sample = build_sample(frame, outcome, names, used, effects, cluster, kind, trials, lead)
        label = kind if name is None else (name if len(wanted) == 1 else f"{name} {kind}")
        results.append(_regression(sample, label, lead))
    return results[0].beside(*results[1:])


def _effects(frame: pd.DataFrame, fixed_effects: Sequence[str]) -> tuple[str, ...]:
    if tuple(fixed_effects) == FIXED_EFFECTS:
        return tuple(c for c in fixed_effects if c in frame.columns and frame[c].nunique(dropna=False) > 1)
    return tuple(fixed_effects)


def _regression(sample: Sample, label: str, lead: int) -> Regression:
    estimate, covariance = _fitted(sample)
    clusters = len(np.unique(sample.cluster))
    se = np.sqrt(np.diag(covariance))
    t = stats.t(clusters - 1)
    rows = pd.DataFrame({"term": sample.columns, "estimate": estimate, "se": np.where(np.isnan(estimate), np.nan, se)})
    rows = rows.set_index("term").reindex(sample.terms).rename_axis("term").reset_index()
    half = t.ppf(0.975) * rows["se"]
    rows = rows.assign(
        model=label,
        outcome=sample.outcome if not lead else f"{sample.outcome} (t+{lead})",
        low=rows["estimate"] - half,
        high=rows["estimate"] + half,
        p=2 * t.sf(np.abs(rows["estimate"] / rows["se"])),
        n=len(sample.y),
        clusters=clusters,
    )
    notes = list(sample.notes)
    lost = rows.loc[rows["estimate"].isna() & rows["term"].isin(sample.columns), "term"]
    notes += [f"{term} separates the outcome: no finite estimate" for term in lost]
    if clusters < FEW_CLUSTERS:
        notes.append(f"only {clusters} clusters: standard errors tend to be too small")
    return Regression(rows[COLUMNS], {label: sample.effects}, {label: notes}, sample.simulated)


def _fitted(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """Estimates and clustered covariance; statsmodels is imported here since that takes seconds."""
    import statsmodels.api as sm

    options = {"cov_type": "cluster", "cov_kwds": {"groups": sample.cluster}}
    if sample.kind == "lpm":
        fit = sm.OLS(sample.y, sample.x).fit(**options)
        free = len(sample.y) - sample.x.shape[1]
        return fit.params, fit.cov_params() * free / (free - sample.absorbed)
    family = sm.families.Poisson() if sample.kind == "poisson" else sm.families.Binomial()
    model = sm.GLM(sample.y, sample.x, family=family, var_weights=sample.weights)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = model.fit(tol=1e-10, **options)
    params = np.where(np.abs(fit.params * sample.x.std(axis=0)) > SEPARATED, np.nan, fit.params)
    return params, fit.cov_params()
