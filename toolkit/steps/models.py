"""The models of a study, and whether its strongest associations survive other choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from toolkit.analysis.indicators import indicators
from toolkit.analysis.inference.presence import with_themes
from toolkit.analysis.models import CONTROLS, Regression, regress
from toolkit.analysis.robustness import robustness
from toolkit.analysis.writing.wording import words
from toolkit.corpus import Corpus
from toolkit.steps.analysis import Findings, Part, attempt, strongest

#: Below these a regression with fixed effects and controls says nothing.
LEAST_REPORTS, LEAST_PARENTS = 100, 10
#: Themes in a regression: the most frequent ones, chosen before looking at any result.
TERMS = 5


def check_robustness(found: Findings, corpus: Corpus, variants: Mapping[str, Any], lang: str, seed: int) -> None:
    """Fill ``robustness``: the strongest associations under other choices."""
    rows = strongest(found.table("associations").frame)
    if rows.empty:
        found.tables["robustness"] = Part(reason=words(lang, "没有可检验的关联", "no association to check"))
        return
    pairs = set(zip(rows["theme"], rows["indicator"]))
    used = list(dict.fromkeys(name.removesuffix("_any").removesuffix("_positive") for name in rows["indicator"]))
    blanks = {
        "blanks as zero where balanced": lambda _: indicators(corpus, blanks="zero_if_balanced"),
        "without broken reports": lambda _: indicators(corpus, exclude_broken=True),
    }

    def make() -> pd.DataFrame:
        table = robustness(
            corpus.statements,
            found.indicators,
            corpus.reports,
            themes=list(dict.fromkeys(rows["theme"])),
            indicators_used=used,
            other_statements=variants,
            other_indicators=blanks,
            scopes="all",
            seed=seed,
        )
        return table[[pair in pairs for pair in zip(table["theme"], table["indicator"])]].reset_index(drop=True)

    found.keep("robustness", make)


def model(found: Findings, corpus: Corpus, lang: str) -> None:
    """Fill ``regressions``: default models of the most frequent themes, with controls and fixed effects."""
    frame = found.indicators
    parents = corpus.reports["parent_id"].nunique()
    if len(frame) < LEAST_REPORTS or parents < LEAST_PARENTS or found.named.empty:
        reason = words(
            lang,
            f"样本太小：{len(frame)} 份报告、{parents} 个上级政府（要求 {LEAST_REPORTS} 份、{LEAST_PARENTS} 个）",
            f"{len(frame)} reports of {parents} parent governments; {LEAST_REPORTS} of {LEAST_PARENTS} are needed",
        )
        found.tables["regressions"] = Part(reason=reason)
        return
    themes, part = attempt(lambda: with_themes(corpus.statements, frame, corpus.reports, corpus.sections))
    if themes is None:
        found.tables["regressions"] = part
        return
    themes, terms, rows, reasons = _sample(themes), _terms(found), [], []
    for name, arguments in _models(themes):
        result, part = attempt(partial(regress, themes, terms=terms, **arguments))
        if result is None:
            reasons.append(f"{name}: {part.reason}")
            continue
        result = _renamed(result, name)
        found.regressions[name] = result
        rows.append(result.frame.assign(simulated=result.simulated))
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()
    found.tables["regressions"] = Part(table, "; ".join(reasons))


def _sample(frame: pd.DataFrame) -> pd.DataFrame:
    """One report per agency and year; a control that nothing is known of would cost every report."""
    if "duplicate_of" in frame:
        frame = frame[frame["duplicate_of"].isna()]
    told = frame["agency_id"].notna() & frame["year"].notna()
    once = frame[told & ~frame.duplicated(["agency_id", "year"])]
    return once.drop(columns=[name for name in CONTROLS if name in once and once[name].isna().all()])


def _renamed(result: Regression, name: str) -> Regression:
    frame = result.frame.assign(model=name)
    effects, notes = next(iter(result.effects.values())), next(iter(result.notes.values()))
    return Regression(frame, {name: effects}, {name: notes}, result.simulated)


def _terms(found: Findings) -> list[str]:
    """The themes named most often, of those that between a tenth and nine tenths of the reports name."""
    share = found.named.groupby("theme")["named"].mean()
    usable = share[share.between(0.1, 0.9)].sort_values(ascending=False, kind="stable")
    return [theme for theme in usable.index if theme != "generic"][:TERMS]


def _models(frame: pd.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the arguments of each default model."""
    within = {"fixed_effects": ("agency_id", "year")}
    yield "(1) LPM", {"outcome": "disclosure_rate", "model": "lpm"}
    yield "(2) FL", {"outcome": "disclosure_rate", "model": "fractional", "trials": "outcomes_total"}
    yield "(3) PPML", {"outcome": "new_received", "model": "poisson"}
    yield "(4) Logit", {"outcome": "any_reconsiderations", "model": "logit"}
    if frame["year"].nunique() >= 3:
        yield "(5) FE", {"outcome": "disclosure_rate", "model": "lpm", **within}
    if frame["year"].nunique() >= 2:
        yield "(6) t+1", {"outcome": "disclosure_rate", "model": "lpm", "lead": 1}
