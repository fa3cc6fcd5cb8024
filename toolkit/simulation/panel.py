"""A panel of simulated reports: agencies over years, written to a folder with their truth."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from toolkit.errors import InputError
from toolkit.reports.form import FORMS, form_cells
from toolkit.simulation.filing import as_draft
from toolkit.simulation.histories import SHAPES_OF, Member, Plan, histories
from toolkit.simulation.ledger import COLUMNS, Ledger
from toolkit.simulation.writer import render

_TYPED = ("year", "position", "start", "stop", "size", "planted", "simulated")


def simulate(
    folder: str | Path,
    reports: int = 450,
    seed: int = 0,
    *,
    years: Sequence[int] = (2020, 2021, 2022),
    formats: Sequence[str] = ("html", "text"),
    contradictions: float = 0.08,
    copied: float = 0.3,
) -> Path:
    """Write simulated reports with known truth.

    Agencies of four levels report over the years; figures are skewed, most
    townships have no applications, and what one year carries forward the next
    brings forward. Chapter five is composed from the coding scheme; themes
    and figures are linked as ``truth/links.csv`` says. Everything is labelled
    simulated: the list SOURCES.csv, every file's name, a line in every report.

    Parameters
    ----------
    folder : path
        Made if it is not there; it must be empty.
    reports : int
        Number of files; a body has one for each year.
    seed : int
        The same seed gives the same bytes.
    years : sequence of int
        From 2019 on; 2019 and 2020 have form 2019, later years form 2021.
    formats : sequence of {"html", "text"}
    contradictions : float
        Share of reports, governments' apart, with a planted contradiction.
    copied : float
        Share of reports whose chapter five is copied, from the body's own
        year before or from a neighbour.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        If an argument is out of range or the folder is not empty.

    Examples
    --------
    >>> import tempfile
    >>> folder = simulate(Path(tempfile.mkdtemp()) / "panel", reports=6)
    >>> sorted(path.name for path in folder.iterdir())
    ['2020', '2021', '2022', 'SOURCES.csv', 'truth']
    >>> read_truth(folder).reports["level"].unique().tolist()
    ['province']
    """
    target = Path(folder)
    _check(target, reports, years, formats, contradictions, copied)
    plan = Plan(seed, tuple(sorted(years)), tuple(formats), contradictions, copied)
    with Ledger(target, seed) as ledger:
        for member in histories(plan):
            _publish(member, plan, ledger, reports)
            if ledger.reports == reports:
                return target
        raise InputError(f"only {ledger.reports} reports can be simulated over {len(years)} years", "name more years")


def _publish(member: Member, plan: Plan, ledger: Ledger, reports: int) -> None:
    for year, filing in member.filings.items():
        if ledger.reports < reports:
            rng = random.Random(f"prose {plan.seed} {filing.body.agency_id} {filing.year}")
            written = render(as_draft(filing, member.zeros, rng), filing.shape)
            ledger.enter(filing, written, member.filings.get(year - 1))


def _check(target: Path, reports: int, years: Sequence[int], formats: Sequence[str], *shares: float) -> None:
    if reports < 1:
        raise InputError(f"reports is {reports}", "one report or more")
    if not years or min(years) < 2019 or len(set(years)) != len(years):
        raise InputError(f"years is {tuple(years)}", "different years from 2019 on")
    if unknown := set(formats) - set(SHAPES_OF):
        raise InputError(f"there is no format {', '.join(sorted(unknown))}", f"one of {', '.join(SHAPES_OF)}")
    if not formats or not all(0 <= share <= 1 for share in shares):
        raise InputError("formats is empty or a share is not between 0 and 1", "a share is 0.08, not 8")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{target} is not an empty folder", "name a new one")


@dataclass(frozen=True, slots=True)
class PanelTruth:
    """The truth of a simulated folder as frames.

    ``statistics`` has a row for every cell of every report's form: report,
    part, item, category, value, state; money in yuan. The others are the
    files of ``truth/`` as they stand there.
    """

    reports: pd.DataFrame
    statistics: pd.DataFrame
    statements: pd.DataFrame
    inconsistencies: pd.DataFrame
    copied: pd.DataFrame
    links: pd.DataFrame


def read_truth(folder: str | Path) -> PanelTruth:
    """Read the truth of a simulated folder.

    Parameters
    ----------
    folder : path
        What :func:`simulate` wrote.

    Raises
    ------
    InputError
        If the folder has no truth.

    Examples
    --------
    >>> import tempfile
    >>> truth = read_truth(simulate(Path(tempfile.mkdtemp()) / "panel", reports=3))
    >>> truth.statistics.groupby("report", sort=False).size().tolist()
    [198, 200, 200]
    """
    place = Path(folder) / "truth"
    if not (place / "statistics.csv").is_file():
        raise InputError(f"{folder} has no truth folder", "name a folder that simulate wrote")
    frames = {name: _list(place, name) for name in ("reports", "statements", "inconsistencies", "copied", "links")}
    return PanelTruth(statistics=_long(place), **frames)


def _list(place: Path, name: str) -> pd.DataFrame:
    text = {column: str for column in COLUMNS[f"truth/{name}"] if column not in _TYPED}
    return pd.read_csv(place / f"{name}.csv", dtype=text, encoding="utf-8")


def _long(place: Path) -> pd.DataFrame:
    keys = {cell.short: cell.key for form in FORMS for cell in form_cells(form)}
    wide = pd.read_csv(place / "statistics.csv", encoding="utf-8")
    order = {report: number for number, report in enumerate(wide["report"])}
    long = wide.melt(id_vars="report", var_name="short").dropna(subset="value")
    long[["part", "item", "category"]] = [keys[short] for short in long.pop("short")]
    marks = pd.read_csv(place / "marks.csv", encoding="utf-8", keep_default_na=False).drop(columns="raw")
    both = pd.concat([long.assign(state="reported"), marks.assign(value=float("nan"))], ignore_index=True)
    rank = {key: number for number, key in enumerate(keys.values())}
    cells = zip(both["part"], both["item"], both["category"], strict=True)
    both["_place"] = [
        order[report] * len(rank) + rank[cell] for report, cell in zip(both["report"], cells, strict=True)
    ]
    return both.sort_values("_place")[["report", "part", "item", "category", "value", "state"]].reset_index(drop=True)
