"""``check``: all rules on any frames a researcher has, also on figures typed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from toolkit.errors import InputError
from toolkit.frames import FRAMES, as_frame, make_frame
from toolkit.reports.consistency.across import Across
from toolkit.reports.consistency.rules import check_report
from toolkit.reports.form import FORMS, form_cells

_NEEDED = ("report", "part", "item", "category", "value")
_KEY = ["report", "part", "item", "category"]
_STATES = ("reported", "blank", "dash", "text", "missing", "doubtful")
_READ = ("reports", "statistics", "mentions", "sections", "findings")
_NEEDED_IN = {"reports": ("report",), "mentions": ("report", "concept", "value"), "sections": ("report", "text")}


def check(corpus: Any) -> pd.DataFrame:
    """Test every rule on the figures of reports.

    Parameters
    ----------
    corpus : Corpus, mapping or DataFrame
        A corpus or report; or a mapping of frames by name; or a statistics
        frame alone, as one types it: report, part, item, category, value.
        ``state`` defaults to reported where there is a value and to missing
        where there is none, ``simulated`` to False. ``reports`` (year, level,
        agency_type, agency_id, parent_id, scope) is needed by the rules about
        powers, forms, years and territories; ``mentions`` by those about
        prose; what is not there is not tested.

    Returns
    -------
    DataFrame
        The findings frame, the same that reading gives: a row for every sum
        tested, of the other rules what does not hold. ``unplaced`` and
        ``year_agrees`` are seen by reading alone and kept from its findings.

    Raises
    ------
    InputError
        If a column is missing, a cell stands twice, or a part, item,
        category or state is unknown.

    Examples
    --------
    >>> typed = pd.DataFrame({"report": "b2023", "part": "disputes", "item": "reconsideration",
    ...     "category": ["upheld", "corrected", "other_result", "pending", "total"], "value": [10, 1, 0, 0, 0]})
    >>> check(typed)[["rule", "lhs", "rhs", "verdict"]].values.tolist()
    [['dispute_total', 0.0, 11.0, 'broken']]
    >>> check(typed.drop(columns="item"))
    Traceback (most recent call last):
    toolkit.errors.InputError: the statistics have no column item. Try: name report, part, item, category and value
    """
    frames = _frames(corpus)
    across = Across()
    across.add(frames)
    parts = [part for part in (check_report(frames), across.findings()) if len(part)]
    return as_frame("findings", pd.concat(parts, ignore_index=True)) if parts else make_frame("findings")


def _frames(corpus: Any) -> dict[str, pd.DataFrame]:
    """Return the frames that the rules read, completed by defaults."""
    if isinstance(corpus, pd.DataFrame):
        given: Mapping[str, pd.DataFrame] = {"statistics": corpus}
    elif isinstance(corpus, Mapping):
        given = corpus
    elif hasattr(corpus, "statistics"):
        given = {name: getattr(corpus, name, None) for name in _READ}
    else:
        raise InputError(f"check cannot take {type(corpus).__name__}", "a corpus, a mapping of frames or a DataFrame")
    if unknown := [name for name in given if name not in FRAMES]:
        raise InputError(f"there is no frame {unknown[0]!r}", f"one of {', '.join(FRAMES)}")
    if not isinstance(given.get("statistics"), pd.DataFrame):
        raise InputError("the frames have no statistics", "a statistics frame with report, part, item, category, value")
    frames = {name: _given(name, given.get(name)) for name in _READ if name != "statistics"}
    frames["statistics"] = _statistics(given["statistics"])
    if frames["reports"].empty:
        frames["reports"] = _reports_of(frames["statistics"])
    return frames


def _given(name: str, frame: pd.DataFrame | None) -> pd.DataFrame:
    if frame is None:
        return make_frame(name)
    if not isinstance(frame, pd.DataFrame):
        raise InputError(f"{name} is no DataFrame but {type(frame).__name__}", "give a DataFrame, or leave it out")
    for column in _NEEDED_IN.get(name, ()):
        if column not in frame and len(frame):
            raise InputError(f"{name} has no column {column}", f"name {', '.join(_NEEDED_IN[name])}")
    if name == "reports":
        _demand_numbers(frame, "year", name)
        if frame["report"].duplicated().any():
            twice = frame.loc[frame["report"].duplicated(), "report"].iloc[0]
            raise InputError(f"the reports frame has {twice!r} twice", "one row a report")
    frame = frame.drop(columns=[column for column in ("form",) if column in frame and frame[column].isna().all()])
    made = as_frame(name, frame)
    # A form that nobody states is told from the cells.
    return made if name != "reports" or "form" in frame else made.drop(columns="form")


def _statistics(frame: pd.DataFrame) -> pd.DataFrame:
    lacking = [column for column in _NEEDED if column not in frame]
    if lacking:
        raise InputError(
            f"the statistics have no column {', '.join(lacking)}", "name report, part, item, category and value"
        )
    _demand_numbers(frame, "value", "statistics")
    _demand_cells(frame)
    made = as_frame("statistics", frame)
    if "state" not in frame:
        made["state"] = made["value"].notna().map({True: "reported", False: "missing"})
    unknown = made.loc[~made["state"].isin(_STATES), "state"]
    if len(unknown):
        raise InputError(f"there is no state {unknown.iloc[0]!r}", f"one of {', '.join(_STATES)}")
    if made["state"].eq("reported").to_numpy()[made["value"].isna().to_numpy()].any():
        raise InputError("a cell is reported and has no value", "its state is blank, dash, text, missing or doubtful")
    return made


def _demand_numbers(frame: pd.DataFrame, column: str, name: str) -> None:
    if column not in frame:
        return
    numbers = pd.to_numeric(frame[column], errors="coerce")
    bad = frame.loc[numbers.isna() & frame[column].notna(), column]
    if len(bad):
        raise InputError(f"{column} in {name} is no number: {bad.iloc[0]!r}", "leave a cell without a number missing")


def _demand_cells(frame: pd.DataFrame) -> None:
    known = {cell.key for form in FORMS for cell in form_cells(form)}
    keys = frame[_KEY[1:]].drop_duplicates()
    for key in keys.itertuples(index=False, name=None):
        if key not in known:
            raise InputError(
                f"no form has a cell {'/'.join(map(str, key))}", "toolkit.codebook() names parts, items and categories"
            )
    if frame.duplicated(_KEY).any():
        twice = frame[frame.duplicated(_KEY)].iloc[0]
        raise InputError(
            f"{twice['report']!r} has the cell {'/'.join(twice[_KEY[1:]])} twice", "one row for every cell of a report"
        )


def _reports_of(statistics: pd.DataFrame) -> pd.DataFrame:
    """Return a reports frame that knows nothing but the names."""
    names = statistics.drop_duplicates("report")
    return as_frame("reports", names[["report", "simulated"]]).drop(columns="form")
