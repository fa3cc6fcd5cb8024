"""Regressions side by side, as journals print them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.analysis.writing.tables import MISSING, ROWS, printed, signed
from toolkit.analysis.writing.wording import label_of, words
from toolkit.errors import InputError

TAIL = {"outcome": ("被解释变量", "Outcome"), "n": ("样本量", "N"), "clusters": ("聚类数", "Clusters")}


def regression_table(
    models: pd.DataFrame,
    fixed_effects: Mapping[str, Sequence[str]] | None = None,
    lang: str = "zh",
    digits: int = 3,
    limits: Sequence[float] = (0.1, 0.05, 0.01),
    labels: Mapping[Any, str] | None = None,
) -> pd.DataFrame:
    """Lay regressions out as journals print them, ready for ``export``.

    Parameters
    ----------
    models : DataFrame
        One row per model and term: model, term, estimate, se, p, n; outcome and
        clusters, if any. Models and terms keep the frame's order.
    fixed_effects : mapping, optional
        Fixed effects by model, e.g. ``{"(1)": ["level", "year"]}``.
    lang : {"zh", "en"}
    digits : int
    limits : sequence of float
        p below them gives one, two, three stars.
    labels : mapping, optional
        Labels of terms of your own.

    Returns
    -------
    DataFrame
        A column of row labels and one column per model: the estimate with its
        stars, below it the standard error in parentheses; fixed effects (是/否),
        n, clusters. A term that a model lacks is empty, one that it could not
        estimate a dash. ``attrs["note"]`` explains the stars.

    Raises
    ------
    InputError
        If columns are absent or a term stands twice in a model.

    Examples
    --------
    >>> rows = [("(1)", "staffing", -0.21, 0.05, 0.001, 812)]
    >>> models = pd.DataFrame(rows, columns=["model", "term", "estimate", "se", "p", "n"])
    >>> print(regression_table(models, {"(1)": ["year"]}, lang="en").to_string(index=False))
                             (1)
              Staffing −0.210***
                         (0.050)
    Fixed effect: Year       Yes
                     N       812
    """
    if absent := [name for name in ("model", "term", "estimate", "se", "p", "n") if name not in models]:
        raise InputError(f"the frame has no column {', '.join(absent)}", "one row per model and term, as of regress")
    if models.duplicated(["model", "term"]).any():
        raise InputError("a term stands twice in a model", "give the models different names")
    terms = list(pd.unique(models["term"]))
    effects = dict.fromkeys(effect for chosen in (fixed_effects or {}).values() for effect in chosen)
    heads = [line for term in terms for line in (label_of(term, lang, labels), "")]
    for effect in effects:
        # As a column it is the province, as a value of level the rank of one.
        name = label_of(effect, lang, {"province": words(lang, "省份", "Province"), **(labels or {})})
        heads.append(words(lang, f"{name}固定效应", f"Fixed effect: {name}"))
    tail = [name for name in TAIL if name in models]
    heads += [words(lang, *TAIL[name]) for name in tail]
    table = {ROWS: heads}
    for model, rows in models.groupby("model", sort=False):
        cells = [cell for term in terms for cell in _estimate(rows[rows["term"].eq(term)], digits, limits)]
        has = (fixed_effects or {}).get(model, ())
        cells += [words(lang, "是", "Yes") if effect in has else words(lang, "否", "No") for effect in effects]
        cells += [
            label_of(rows[name].iloc[0], lang) if name == "outcome" else printed(rows[name].iloc[0], 0) for name in tail
        ]
        table[str(model)] = cells
    frame = pd.DataFrame(table)
    stars = ", ".join(f"{'*' * (n + 1)} p < {limit:g}" for n, limit in enumerate(limits))
    frame.attrs["note"] = words(
        lang, f"括号内为标准误；{stars.replace(', ', '，')}。", f"Standard errors in parentheses; {stars}."
    )
    return frame


def _estimate(row: pd.DataFrame, digits: int, limits: Sequence[float]) -> tuple[str, str]:
    if row.empty:
        return "", ""
    estimate, error, p = (float(value) if pd.notna(value) else np.nan for value in row.iloc[0][["estimate", "se", "p"]])
    if np.isnan(estimate):
        return MISSING, ""
    marks = "*" * sum(p < limit for limit in limits)
    below = f"({error:.{digits}f})" if not np.isnan(error) else f"({MISSING})"
    return signed(f"{estimate:.{digits}f}") + marks, below
