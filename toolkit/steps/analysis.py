"""The analyses of a study: each gives a table, or says why there is none.

Every step stands alone: what a small or odd corpus does not allow leaves its
reason in the table's place and stops nothing else.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from importlib import resources
from typing import Any

import pandas as pd

from toolkit.analysis.association import correlate
from toolkit.analysis.indicators import indicators
from toolkit.analysis.models import Regression
from toolkit.analysis.prevalence import answers, named, persistence, prevalence
from toolkit.analysis.writing.wording import words
from toolkit.corpus import Corpus
from toolkit.errors import ToolkitError
from toolkit.narrative.congruence import congruence, congruence_summary
from toolkit.narrative.reading import keyness
from toolkit.narrative.reuse import find_reuse

#: Pairs of theme and indicator that are looked at under every variant.
STRONGEST = 6


@dataclass(frozen=True)
class Part:
    """A table, or the reason why it is empty.

    Attributes
    ----------
    frame : DataFrame
        Empty where there is a reason.
    reason : str
        Why there is no table.
    failed : bool
        The step ended in an error that nobody foresaw, which is the reason.

    Examples
    --------
    >>> bool(Part()), Part(reason="too few agencies").reason
    (False, 'too few agencies')
    """

    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    reason: str = ""
    failed: bool = False

    def __bool__(self) -> bool:
        return len(self.frame) > 0


def attempt(make: Callable[[], Any], empty: str = "") -> tuple[Any, Part]:
    """Run a step; return its result, and it as a part with the reason if there is none.

    A step that fails for a reason nobody foresaw must not cost the reader all
    others: the error is kept, shown on the page and in the manifest.

    Examples
    --------
    >>> attempt(lambda: pd.DataFrame({"n": [1]}))[1].reason, attempt(lambda: 1 / 0)[1].reason
    ('', 'ZeroDivisionError: division by zero')
    """
    try:
        result = make()
    except ToolkitError as error:
        return None, Part(reason=str(error))
    except Exception as error:
        return None, Part(reason=f"{type(error).__name__}: {error}", failed=True)
    frame = result if isinstance(result, pd.DataFrame) else pd.DataFrame()
    return result, Part(frame, "" if len(frame) else empty)


@dataclass
class Findings:
    """What the analyses found.

    Attributes
    ----------
    tables : dict
        Name to :class:`Part`, in the order of the page.
    regressions : dict
        Name to Regression.
    indicators, named : DataFrame
        What the tables were computed from: one row per report; one per report and theme.
    """

    tables: dict[str, Part] = field(default_factory=dict)
    regressions: dict[str, Regression] = field(default_factory=dict)
    indicators: pd.DataFrame = field(default_factory=pd.DataFrame)
    named: pd.DataFrame = field(default_factory=pd.DataFrame)

    def table(self, name: str) -> Part:
        """Return a table, an empty one where the step was not run."""
        return self.tables.get(name, Part())

    def keep(self, name: str, make: Callable[[], Any], empty: str = "") -> Any:
        """Run a step, keep its table under a name, and return its result."""
        result, self.tables[name] = attempt(make, empty)
        return result


@cache
def families() -> tuple[dict[str, str], ...]:
    """Return the declared families of tests: family, label_zh, label_en, theme, kind, indicators.

    Examples
    --------
    >>> [row["family"] for row in families()][:2]
    ['applications', 'disputes']
    """
    with resources.files("toolkit.steps").joinpath("families.csv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def describe(found: Findings, corpus: Corpus, lang: str) -> None:
    """Fill the tables that describe: indicators, prevalence, persistence, answers, reuse, keyness."""
    said, reports = corpus.statements, corpus.reports
    none = words(lang, "没有已编码的问题陈述", "no coded problem statement")
    found.keep("indicators", lambda: indicators(corpus), words(lang, "没有报告", "no report"))
    found.indicators = found.table("indicators").frame
    if len(said):
        found.keep("named", lambda: named(said, reports), none)
    found.named = found.table("named").frame
    if len(found.named):
        for name, by in (("", []), ("_level", ["level"]), ("_year", ["year"]), ("_year_level", ["year", "level"])):
            found.keep(f"prevalence{name}", partial(prevalence, found.named, "named", ["theme", *by]))
        once = words(lang, "没有连续两年的报告", "no agency has reports of two consecutive years")
        found.keep("persistence", lambda: persistence(found.named), once)
        found.keep("answers", lambda: answers(said), words(lang, "没有改进陈述", "no improvement statement"))
    found.keep("congruence", lambda: _congruence(said, reports), none)
    found.keep("congruence_reports", lambda: congruence(said) if len(said) else pd.DataFrame(), none)
    chapters = words(lang, "没有问题章节", "no chapter five")
    found.keep("reuse", lambda: find_reuse(corpus.sections, reports), chapters)
    problems = said[said["kind"].eq("problem")]
    one = words(lang, "只有一个层级", "reports of one level only")
    several = problems["report"].map(reports.set_index("report")["level"]).nunique() > 1
    found.keep("keyness", lambda: keyness(problems, "level", reports) if several else pd.DataFrame(), one)


def _congruence(said: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    if said.empty or not said["kind"].eq("problem").any():
        return pd.DataFrame()
    agency = reports.set_index("report")["agency_id"]
    bodies = said["report"].map(agency)
    table = congruence_summary(said.assign(body=bodies.where(bodies.notna(), said["report"])), cluster="body")
    return table.assign(simulated=bool(said["simulated"].any()))


def associate(found: Findings, corpus: Corpus, lang: str, seed: int, hand_coded: pd.DataFrame | None = None) -> None:
    """Fill ``associations``: every declared family, compared among peers, q within the family."""
    parts = []
    for family in families():
        name = family["family"]
        reason = _too_small(corpus, family["theme"], lang)
        if reason:
            found.tables[f"associations_{name}"] = Part(reason=reason)
            continue
        sample = hand_coded if family["theme"] == "code" else None
        table = found.keep(f"associations_{name}", partial(_family, found, corpus, family, seed, sample))
        if table is not None:
            parts.append(table)
    held = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    reason = "" if parts else found.table("associations_applications").reason
    found.tables["associations"] = Part(held, reason)


def _too_small(corpus: Corpus, theme: str, lang: str) -> str:
    if theme == "cluster" and corpus.statements["cluster"].isna().all():
        return words(lang, "没有聚类", "no clusters")
    bodies = corpus.reports["agency_id"].nunique()
    if bodies < 10:
        return words(
            lang,
            f"机关太少：共 {bodies} 个，而关联分析要求指出与未指出某问题的可比机关各至少 5 个",
            f"too few agencies: {bodies}, while a comparison needs 5 that name a problem and 5 peers that do not",
        )
    return ""


def _family(
    found: Findings, corpus: Corpus, family: Mapping[str, str], seed: int, hand_coded: pd.DataFrame | None
) -> pd.DataFrame:
    used = [name for name in family["indicators"].split() if name in found.indicators]
    table = correlate(
        corpus.statements,
        found.indicators,
        corpus.reports,
        theme=family["theme"],
        kind=family["kind"],
        indicators_used=used,
        scopes="all",
        forms="all",
        hand_coded=hand_coded,
        seed=seed,
    )
    table.insert(0, "family", family["family"])
    return table


def strongest(associations: pd.DataFrame, count: int = STRONGEST) -> pd.DataFrame:
    """Return the rows of problem codes with the smallest p; of equals those with an interval, then the larger effect.

    Parameters
    ----------
    associations : DataFrame
        As of :func:`associate`.
    count : int

    Examples
    --------
    >>> rows = pd.DataFrame({"family": "disputes", "theme": ["a", "b"], "effect_name": "phi", "effect": [0.1, 0.3],
    ...                      "low": [0.0, 0.1], "p": [0.5, 0.01]})
    >>> strongest(rows, 1)["theme"].tolist()
    ['b']
    """
    if associations.empty:
        return associations
    chosen = associations["family"].isin(["applications", "disputes", "volume"]) & associations["p"].notna()
    rows = associations[chosen]
    size = (rows["effect"] - rows["effect_name"].eq("odds_ratio").astype(float)).abs()
    order = rows.assign(open=rows["low"].isna(), size=size)
    order = order.sort_values(["p", "open", "size"], ascending=[True, True, False], kind="stable")
    return order.drop(columns=["open", "size"]).head(count)
