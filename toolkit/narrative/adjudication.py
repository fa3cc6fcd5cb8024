"""Settling what human coders differ on, with a record, and scoring the machine by it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from toolkit.errors import InputError
from toolkit.narrative.agreement import OVERALL
from toolkit.narrative.codingscheme import CodingScheme, load_scheme
from toolkit.narrative.handcoding import HandCoding

_KEPT = ("report", "kind", "text", "stratum", "probability", "simulated")
_NONE = "(none)"


@dataclass(frozen=True)
class Adjudication:
    """The settled codes and what is still open.

    Attributes
    ----------
    statements : DataFrame
        One row per statement: statement, report, kind, text, code,
        second_code, stratum, probability, simulated, status (agreed: all who
        coded it say the same; single: one coder only; decided: by the record; open:
        code missing), who and why.
    open : DataFrame
        One row per open statement with each coder's code in a column of
        its name and empty columns code, second_code, who, why: fill it in and
        pass it as ``decisions``.
    """

    statements: pd.DataFrame
    open: pd.DataFrame


def adjudicate(
    coded: HandCoding | pd.DataFrame,
    decisions: pd.DataFrame | str | Path | None = None,
    scheme: CodingScheme | str | Path | None = None,
) -> Adjudication:
    """Settle the codes on which coders differ.

    Parameters
    ----------
    coded : HandCoding or DataFrame
        What ``import_coding`` returned (or its ``codes``).
    decisions : DataFrame or path of a .csv or .xlsx, optional
        statement, code, who (decided) and why; second_code if any. A decision
        may also overrule a code on which the coders agree.
    scheme : CodingScheme or folder, optional

    Returns
    -------
    Adjudication

    Raises
    ------
    InputError
        If a decision is on a statement that nobody coded, stands twice, has an unknown
        code, or does not say who decided and why.

    Examples
    --------
    >>> coded = pd.DataFrame({
    ...     "coder": ["li", "wu", "li", "wu"], "statement": ["a#1", "a#1", "a#2", "a#2"],
    ...     "kind": "problem", "code": ["staffing", "staffing", "platform", "form_channel"],
    ... })
    >>> adjudicate(coded).open[["statement", "li", "wu"]]
      statement        li            wu
    0       a#2  platform  form_channel
    >>> decisions = pd.DataFrame({
    ...     "statement": ["a#2"], "code": ["platform"], "who": ["both"], "why": ["a fault of the website"],
    ... })
    >>> adjudicate(coded, decisions).statements[["statement", "code", "status", "who"]].fillna("-")
      statement      code   status   who
    0       a#1  staffing   agreed     -
    1       a#2  platform  decided  both
    """
    codes = coded.codes if isinstance(coded, HandCoding) else coded
    scheme = scheme if isinstance(scheme, CodingScheme) else load_scheme(scheme)
    settled = pd.DataFrame([_settle(name, rows) for name, rows in codes.groupby("statement", sort=False)])
    if decisions is not None:
        settled = _decide(settled, _read_decisions(decisions, settled, scheme))
    texts = ["statement", "code", "second_code", "status", "who", "why"]
    settled = settled.astype(dict.fromkeys(texts, "string"))
    return Adjudication(settled, _open(codes, settled))


def _settle(statement: object, rows: pd.DataFrame) -> dict[str, object]:
    given = rows["code"].dropna()
    kept = {column: _first(rows[column]) for column in _KEPT if column in rows}
    row = {"statement": statement, **kept, "code": None, "second_code": None, "who": None, "why": None}
    if given.nunique() != 1:
        return row | {"status": "open"}
    second = rows["second_code"].dropna() if "second_code" in rows else pd.Series(dtype=object)
    # A second code counts if every coder who gave the main code gave it too.
    same = len(second) == len(given) and second.nunique() == 1
    status = "agreed" if len(given) > 1 else "single"
    return row | {"code": given.iloc[0], "second_code": second.iloc[0] if same else None, "status": status}


def _first(values: pd.Series) -> object:
    known = values.dropna()
    return known.iloc[0] if len(known) else None


def _read_decisions(given: pd.DataFrame | str | Path, settled: pd.DataFrame, scheme: CodingScheme) -> pd.DataFrame:
    table = given if isinstance(given, pd.DataFrame) else _read_table(Path(given))
    lacking = [column for column in ("statement", "code", "who", "why") if column not in table]
    if lacking:
        raise InputError(f"the decisions lack {', '.join(lacking)}", "fill in the frame `open` of an adjudication")
    # Rows not yet filled in are no decisions.
    table = table[table["code"].notna()]
    kinds = settled.set_index("statement")["kind"] if "kind" in settled else pd.Series(dtype=object)
    known = set(settled["statement"])
    for row in table.to_dict("records"):
        _check_decision(row, known, kinds, scheme)
    if table["statement"].duplicated().any():
        twice = table.loc[table["statement"].duplicated(), "statement"].iloc[0]
        raise InputError(f"there are two decisions on {twice}", "keep one")
    return table


def _read_table(path: Path) -> pd.DataFrame:
    if path.suffix.lower() == ".xlsx":
        return pd.read_excel(path, dtype=object)
    return pd.read_csv(path, encoding="utf-8-sig", dtype=object)


def _check_decision(row: dict, known: set, kinds: pd.Series, scheme: CodingScheme) -> None:
    where = f"the decision on {row['statement']}"
    if row["statement"] not in known:
        raise InputError(f"{where}: nobody coded that statement", "look at its spelling")
    allowed = scheme.codes_of(kinds[row["statement"]]) if row["statement"] in kinds.index else scheme.codes
    if row["code"] not in allowed:
        raise InputError(f"{where}: {row['code']!r} is no code for it", f"one of {', '.join(allowed)}")
    if any(pd.isna(row[column]) or not str(row[column]).strip() for column in ("who", "why")):
        raise InputError(f"{where} does not say who decided and why", "fill in both columns")


def _decide(settled: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    table = settled.set_index("statement").astype(object)
    for row in decisions.to_dict("records"):
        for column in ("code", "second_code", "who", "why"):
            table.loc[row["statement"], column] = row.get(column)
        table.loc[row["statement"], "status"] = "decided"
    return table.reset_index().astype({c: settled[c].dtype for c in settled if c in _KEPT})


def _open(codes: pd.DataFrame, settled: pd.DataFrame) -> pd.DataFrame:
    left = settled[settled["status"] == "open"]
    shown = [column for column in ("statement", "kind", "text") if column in left]
    wide = codes.pivot(index="statement", columns="coder", values="code").rename_axis(columns=None)
    table = left[shown].merge(wide, left_on="statement", right_index=True, how="left")
    empty = dict.fromkeys(("code", "second_code", "who", "why"), pd.NA)
    return table.assign(**empty).reset_index(drop=True)


def score_coder(
    machine: pd.DataFrame,
    adjudicated: Adjudication | pd.DataFrame,
    cluster: str = "report",
    at_least: int = 5,
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Score a coder's codes against adjudicated ones, weighted to the whole corpus.

    Parameters
    ----------
    machine : DataFrame
        statement and code: what ``code_statements`` or a trained coder returned.
    adjudicated : Adjudication or DataFrame
        statement and code; probability, if the statements were sampled: each then
        counts 1 / probability. Statements without a settled code are left out.
    cluster : str, default "report"
        Column resampled together; statements where it is absent.
    at_least : int, default 5
        Macro-F1 is the mean over codes with this many adjudicated statements.
    resamples, level, seed
        For the bootstrap intervals.

    Returns
    -------
    DataFrame
        First ``all``, then each adjudicated code: code, n (adjudicated),
        n_machine, accuracy with low and high (``all`` only), precision, recall,
        f1 (macro-F1 in ``all``) with low and high. Shares from 0 to 1; precision is
        missing where the machine never gave the code.

    Raises
    ------
    InputError
        If the two have no statement in common or the machine has one twice.

    Examples
    --------
    >>> hand = pd.DataFrame({"statement": [1, 2, 3], "code": ["staffing", "staffing", "platform"],
    ...                      "probability": [0.5, 0.5, 0.25]})
    >>> machine = pd.DataFrame({"statement": [1, 2, 3], "code": ["staffing", "platform", "platform"]})
    >>> table = score_coder(machine, hand, at_least=1)
    >>> table[["code", "n", "accuracy", "precision", "recall", "f1"]].round(3)
           code  n  accuracy  precision  recall     f1
    0       all  3      0.75        NaN     NaN  0.733
    1  platform  1       NaN      0.667     1.0  0.800
    2  staffing  2       NaN      1.000     0.5  0.667
    """
    both = _matched(machine, adjudicated)
    names = sorted({*both["code"], *both["machine"]})
    cells = _weighted_cells(both, names, cluster)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(cells), np.full(len(cells), 1 / len(cells)), size=resamples)
    tables = (drawn @ cells.reshape(len(cells), -1)).reshape(resamples, len(names), len(names))
    counts = both["code"].value_counts()
    point = _scores(cells.sum(axis=0, keepdims=True), names, counts, at_least)
    sample = _scores(tables, names, counts, at_least)
    rows = [_overall(both, point, sample, level)]
    rows += [_of_code(code, names.index(code), both, point, sample, level) for code in sorted(counts.index)]
    return pd.DataFrame(rows)


def _matched(machine: pd.DataFrame, adjudicated: Adjudication | pd.DataFrame) -> pd.DataFrame:
    hand = adjudicated.statements if isinstance(adjudicated, Adjudication) else adjudicated
    hand = hand[hand["code"].notna()].reset_index(drop=True)
    if not machine["statement"].is_unique:
        raise InputError("the machine has a statement twice", "one row per statement")
    given = machine.set_index("statement")["code"].astype(object)
    hand = hand[hand["statement"].isin(given.index)]
    if hand.empty:
        raise InputError("no adjudicated statement is among the machine's", "code the same statements")
    said = hand["statement"].map(given)
    return hand.assign(machine=said.where(said.notna(), _NONE).astype(str), code=hand["code"].astype(str))


def _weighted_cells(both: pd.DataFrame, names: list[str], cluster: str) -> np.ndarray:
    """Confusion table (hand × machine) of each cluster, in weights."""
    units = _units(both, cluster)
    weights = 1 / both["probability"].to_numpy(dtype=float) if "probability" in both else np.ones(len(both))
    place = {name: at for at, name in enumerate(names)}
    cells = np.zeros((units.max() + 1, len(names), len(names)))
    np.add.at(cells, (units, both["code"].map(place).to_numpy(), both["machine"].map(place).to_numpy()), weights)
    return cells


def _units(both: pd.DataFrame, cluster: str) -> np.ndarray:
    """Number of each row's cluster; a row without one stands for itself."""
    named = both[cluster] if cluster in both else pd.Series(pd.NA, index=both.index)
    units = pd.factorize(named)[0]
    alone = units < 0
    units[alone] = units.max() + 1 + np.arange(alone.sum())
    return units


def _scores(tables: np.ndarray, names: list[str], counts: pd.Series, at_least: int) -> dict[str, np.ndarray]:
    right = np.diagonal(tables, axis1=1, axis2=2)
    by_hand, by_machine = tables.sum(axis=2), tables.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        scores = {"precision": right / by_machine, "recall": right / by_hand, "f1": 2 * right / (by_hand + by_machine)}
        scores["accuracy"] = right.sum(axis=1) / tables.sum(axis=(1, 2))
    often = [at for at, name in enumerate(names) if counts.get(name, 0) >= at_least]
    # A code that a resample lost altogether has no F1 there and does not count.
    f1 = np.ma.masked_invalid(scores["f1"][:, often])
    scores["macro"] = f1.mean(axis=1).filled(np.nan) if often else np.full(len(tables), np.nan)
    return scores


def _overall(both: pd.DataFrame, point: dict, sample: dict, level: float) -> dict[str, object]:
    accuracy, macro = _bounds(sample["accuracy"], level), _bounds(sample["macro"], level)
    row = {"code": OVERALL, "n": len(both), "n_machine": int((both["machine"] != _NONE).sum())}
    row |= {"accuracy": point["accuracy"][0], "accuracy_low": accuracy[0], "accuracy_high": accuracy[1]}
    return row | {
        "precision": np.nan,
        "recall": np.nan,
        "f1": point["macro"][0],
        "f1_low": macro[0],
        "f1_high": macro[1],
    }


def _of_code(code: str, at: int, both: pd.DataFrame, point: dict, sample: dict, level: float) -> dict[str, object]:
    low, high = _bounds(sample["f1"][:, at], level)
    row = {"code": code, "n": int((both["code"] == code).sum()), "n_machine": int((both["machine"] == code).sum())}
    row |= dict.fromkeys(("accuracy", "accuracy_low", "accuracy_high"), np.nan)
    row |= {name: point[name][0, at] for name in ("precision", "recall", "f1")}
    return row | {"f1_low": low, "f1_high": high}


def _bounds(sample: np.ndarray, level: float) -> tuple[float, float]:
    defined = sample[~np.isnan(sample)]
    if not sample.size or 2 * defined.size < sample.size:
        return np.nan, np.nan
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
