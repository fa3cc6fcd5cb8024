"""The tables of a study as files, each with its codebook."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.analysis.export import EXCEL_ROWS, export
from toolkit.analysis.writing.regression_tables import regression_table
from toolkit.analysis.writing.wording import label_of, words
from toolkit.corpus import Corpus
from toolkit.steps.analysis import Findings, Part, attempt, strongest

#: Columns of the strongest associations that fit on a page.
PRINTED = (
    *("theme", "indicator", "effect_name", "effect", "low", "high", "p", "q"),
    *("n", "agencies_with", "agencies_without", "strata", "naive_effect", "naive_p", "simulated"),
)


@cache
def table_list() -> tuple[dict[str, str], ...]:
    """Return the tables of a study: name, formats, titles and notes in Chinese and English.

    Examples
    --------
    >>> next(row["title_en"] for row in table_list() if row["name"] == "robustness")
    'Robustness: the strongest associations under other choices'
    """
    with resources.files("toolkit.steps").joinpath("tables.csv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def complete_tables(corpus: Corpus, found: Findings, lang: str) -> None:
    """Add the tables that are other tables laid out: coverage, contradictions, for print."""
    found.keep("coverage", lambda: coverage(corpus.reports))
    found.keep("contradictions", lambda: contradictions(corpus))
    found.tables["failures"] = Part(corpus.failures)
    rows = strongest(found.table("associations").frame, 15)
    printed = rows[[name for name in PRINTED if name in rows]].copy() if len(rows) else rows
    for column in ("theme", "indicator", "effect_name"):
        if column in printed:
            printed[column] = [label_of(name, lang) for name in printed[column]]
    found.tables["associations_strongest"] = Part(printed, found.table("associations").reason)
    models = found.table("regressions").frame
    if len(models):
        own = {
            "n_statements": words(lang, "问题陈述条数", "Problem statements"),
            "reuse": words(lang, "重复文本比例", "Copied text"),
        }
        effects = {name: result.effects[name] for name, result in found.regressions.items()}
        found.keep(
            "regression_table", lambda: regression_table(_lettered(models, lang), effects, lang=lang, labels=own)
        )


def _lettered(models: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The outcome of the year after is called by its label."""
    base = models["outcome"].str.replace(r" \(t\+\d+\)$", "", regex=True)
    later = models["outcome"].str.extract(r"( \(t\+\d+\))$")[0].fillna("")
    return models.assign(outcome=[label_of(name, lang) + when for name, when in zip(base, later)])


def coverage(reports: pd.DataFrame) -> pd.DataFrame:
    """Return the number of reports by province, level and year; what is not told is missing.

    Examples
    --------
    >>> reports = pd.DataFrame({"report": ["a", "b"], "province": "广东省", "level": "county", "year": [2022, 2022]})
    >>> coverage(reports.assign(simulated=False))[["province", "level", "year", "n"]].values.tolist()
    [['广东省', 'county', 2022, 2]]
    """
    keys = ["province", "level", "year"]
    groups = reports.groupby(keys, dropna=False, sort=True)
    return groups.agg(n=("report", "size"), simulated=("simulated", "any")).reset_index()


def contradictions(corpus: Corpus) -> pd.DataFrame:
    """Return the rules that do not hold, the widest gaps first, one row per cell concerned.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    DataFrame
        place_in_list, report, rule, severity, place, lhs, rhs, gap, note, then the cell: part, item,
        category, raw (as printed), value, state, locator (where in the source), simulated. Of
        the cells, those that hold zero are left out.
    """
    broken = corpus.findings[corpus.findings["verdict"].eq("broken")]
    if broken.empty:
        return pd.DataFrame()
    order = broken.assign(hard=broken["severity"].ne("hard"), size=-broken["gap"].abs().fillna(0))
    order = order.sort_values(["hard", "size", "report", "rule", "place"], kind="stable").reset_index(drop=True)
    order["place_in_list"] = order.index + 1
    cells = order.assign(cell=order["cells"].fillna("").str.split(";")).explode("cell", ignore_index=True)
    keys = cells["cell"].fillna("").str.split("/", expand=True).reindex(columns=range(3))
    cells = cells.assign(part=keys[0], item=keys[1], category=keys[2])
    columns = ["report", "part", "item", "category"]
    held = corpus.statistics[corpus.statistics["report"].isin(set(broken["report"]))]
    shown = held[[*columns, "raw", "value", "state", "locator"]]
    table = cells.merge(shown, on=columns, how="left")
    silent = table["value"].eq(0).fillna(False) & table.duplicated("place_in_list")
    head = ["place_in_list", "report", "rule", "severity", "place", "lhs", "rhs", "gap", "note"]
    cell = ["part", "item", "category", "raw", "value", "state", "locator", "simulated"]
    return table.loc[~silent, [*head, *cell]].reset_index(drop=True)


def write_tables(found: Findings, folder: Path, lang: str, source: str) -> tuple[list[Path], dict[str, str]]:
    """Write every table that there is in its formats, and its codebook.

    Returns
    -------
    files : list of Path
    failed : dict
        File name to error of those that could not be written.
    """
    files: list[Path] = []
    failed: dict[str, str] = {}
    for row, frame, suffix in _wanted(found):
        target = folder / f"{row['name']}.{suffix}"
        arguments = {**_texts(row, lang), "source": source if suffix in ("tex", "docx") else ""}
        printed = suffix in ("tex", "docx")
        shown = frame.drop(columns="simulated", errors="ignore") if printed else frame
        marked = _marked(shown, frame, lang, arguments) if printed else arguments
        header = "label" if printed else "name"
        written, part = attempt(partial(export, shown, target, lang=lang, header=header, **marked))
        if written is None:
            failed[target.name] = part.reason
        else:
            files += written
    return sorted(set(files)), failed


def _wanted(found: Findings) -> Iterator[tuple[dict[str, str], pd.DataFrame, str]]:
    for row in table_list():
        frame = found.table(row["name"]).frame
        for suffix in row["formats"].split() if len(frame) else ():
            if suffix != "xlsx" or len(frame) <= EXCEL_ROWS:
                yield row, frame, suffix


def _texts(row: Mapping[str, str], lang: str) -> dict[str, str]:
    return {"title": row[f"title_{lang}"], "note": row[f"note_{lang}"]}


def _marked(shown: pd.DataFrame, frame: pd.DataFrame, lang: str, texts: dict[str, Any]) -> dict[str, Any]:
    """A printed table has no column ``simulated``; its title says so."""
    made = "simulated" in frame and bool(frame["simulated"].eq(True).any())
    if not made:
        return texts
    return {**texts, "title": texts["title"] + words(lang, "（模拟数据）", " (simulated data)")}
