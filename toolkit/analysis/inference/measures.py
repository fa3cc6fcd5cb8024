"""The columns that are compared with the themes, and what kind of number each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from toolkit.analysis.indicators import indicator_table
from toolkit.analysis.inference.effects import Measure
from toolkit.errors import InputError

#: Columns about the report, not about what was disclosed.
ABOUT = frozenset(
    (
        *("report", "title", "agency", "agency_id", "parent_id", "agency_type", "sector", "level"),
        *("province", "city", "county", "region_code", "scope", "scope_basis", "year", "form", "published"),
        *(
            "index_number",
            "url",
            "format",
            "sha256",
            "status",
            "reason",
            "problems_status",
            "duplicate_of",
            "simulated",
        ),
    )
)
KINDS = ("binary", "numeric", "count", "category")
_CODEBOOK = {"count": "count", "rate": "numeric", "log": "numeric", "flag": "binary", "date": "category"}


@cache
def _known() -> dict[str, tuple[str, bool]]:
    """Kind of each indicator of the codebook, and whether it is a rate of the form's cells."""
    table = indicator_table()
    of_form = table["kind"].eq("rate") & table["source_cells"].str.contains("applications/|disputes/")
    return {n: (_CODEBOOK[k], bool(o)) for n, k, o in zip(table["name"], table["kind"], of_form, strict=True)}


def kind_of(name: str, values: pd.Series) -> str:
    """Kind of an indicator, from the codebook, else from its values.

    Parameters
    ----------
    name : str
        Column; what is about the report (level, year) is a category.
    values : Series
        Its values.

    Returns
    -------
    str
        ``binary`` (0 and 1), ``count`` (whole numbers with zeros), ``category``
        (text, or about the report), else ``numeric``.

    Examples
    --------
    >>> [kind_of("x", pd.Series(v)) for v in ([True, False], [0, 3, 12], [0.2, 0.5], ["own", "level"])]
    ['binary', 'count', 'numeric', 'category']
    """
    if name in _known():
        return _known()[name][0]
    held = values.dropna()
    if name in ABOUT or not (len(held) == 0 or pd.api.types.is_numeric_dtype(held.infer_objects())):
        return "category"
    held = held.astype(float)
    if len(held) and held.isin([0.0, 1.0]).all():
        return "binary"
    whole = held.ge(0).all() and held.mod(1).eq(0).all()
    return "count" if whole and held.eq(0).any() else "numeric"


def default_indicators(frame: pd.DataFrame) -> list[str]:
    """Columns compared where none are named.

    Parameters
    ----------
    frame : DataFrame
        One row per report.

    Returns
    -------
    list of str
        The rates of applications and disputes, and numbers that the codebook of
        indicators does not know. Counts, logs and what is measured on the chapter
        itself (a longer chapter names more) are compared when asked for by name.

    Raises
    ------
    InputError
        There is no such column.

    Examples
    --------
    >>> default_indicators(pd.DataFrame({"report": ["a"], "disclosure_rate": [0.5], "suits": [2], "own_index": [7.5]}))
    ['disclosure_rate', 'own_index']
    """
    known = _known()
    rates = [c for c in frame.columns if c in known and known[c][1]]
    others = [c for c in frame.columns if c not in known and kind_of(c, frame[c]) != "category"]
    if not rates and not others:
        raise InputError("indicators: no rate among the columns", "name columns with indicators_used")
    return [c for c in frame.columns if c in {*rates, *others}]


def choose_measures(
    frame: pd.DataFrame,
    used: Sequence[str] | None,
    kinds: Mapping[str, str] | None,
    codes: Sequence[object],
    named: np.ndarray,
) -> list[Measure]:
    """Indicators to compare, counts in two parts.

    Parameters
    ----------
    frame : DataFrame
        One row per report.
    used : sequence of str, optional
        Columns, or themes; by default those of `default_indicators`.
    kinds : mapping, optional
        Kinds that overrule the values.
    codes, named : sequence, ndarray
        Themes, and whether each report names them.

    Returns
    -------
    list of Measure

    Raises
    ------
    InputError
        No such column or theme, or no such kind.

    Examples
    --------
    >>> frame = pd.DataFrame({"report": ["a", "b", "c"], "suits": [0, 2, 0], "rate": [0.1, None, 0.3]})
    >>> [(m.indicator, m.kind) for m in choose_measures(frame, ["suits", "rate"], None, [], np.zeros((3, 0)))]
    [('suits_any', 'binary'), ('suits_positive', 'numeric'), ('rate', 'numeric')]
    """
    kinds = dict(kinds or {})
    used = default_indicators(frame) if used is None else used
    if isinstance(used, str):
        used = [used]
    wrong = [f"{c}={k}" for c, k in kinds.items() if k not in KINDS]
    if wrong:
        raise InputError(f"kinds: {', '.join(wrong)}", f"choose from {', '.join(KINDS)}")
    found: list[Measure] = []
    for name in dict.fromkeys(used):
        found += _measures(frame, name, kinds.get(name), codes, named, used)
    return found


def _measures(
    frame: pd.DataFrame, name: str, kind: str | None, codes: Sequence[object], named: np.ndarray, used: Sequence[str]
) -> list[Measure]:
    if name not in frame.columns:
        if name not in codes:
            raise InputError(f"indicators: no column {name!r}, and no theme of that name", "see indicators.columns")
        return [Measure(name, "", "theme", named[:, list(codes).index(name)])]
    kind = kind or kind_of(name, frame[name])
    if kind == "category":
        codes_of = pd.factorize(frame[name], sort=True)[0].astype(float)
        return [Measure(name, "", kind, np.where(codes_of < 0, np.nan, codes_of))]
    values = frame[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    values = np.where(np.isfinite(values), values, np.nan)
    if kind != "count":
        return [Measure(name, "", kind, values)]
    above = np.where(np.isnan(values), np.nan, (values > 0).astype(float))
    parts = [
        Measure(f"{name}_any", "any", "binary", above),
        Measure(f"{name}_positive", "positive", "numeric", np.where(values > 0, values, np.nan)),
    ]
    return [part for part in parts if part.indicator not in used]
