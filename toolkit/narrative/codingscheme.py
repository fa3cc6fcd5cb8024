"""A coding scheme, held as data that a researcher can read, edit, cite and replace.

A scheme is a folder of three tables. ``scheme.csv`` has the categories with
their definitions, inclusion and exclusion rules, ``rules.csv`` the words that
speak for them, ``frames.csv`` the clauses that only frame a statement (what it is
measured against, by what means). Another scheme is another folder, not
another program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from toolkit.errors import FormError, InputError

KINDS = ("problem", "improvement")
_PACKAGED = Path(__file__).with_name("scheme")
_COLUMNS = {
    "scheme": ("code", "label", "label_en", "definition", "include", "exclude", "typical", "kinds"),
    "rules": ("rule", "code", "kind", "weight", "pattern", "without"),
    "frames": ("frame", "kind", "factor", "pattern"),
}
_GAP = re.compile(r"~(\d+)~")


class Rule(NamedTuple):
    """A rule of the scheme, ready to match."""

    name: str
    code: str
    weight: float
    pattern: re.Pattern[str]
    without: re.Pattern[str] | None


@dataclass(frozen=True, eq=False)
class CodingScheme:
    """Categories, rules and frames of a coding scheme.

    Parameters
    ----------
    categories : DataFrame
        code, label, label_en, definition, include, exclude, typical, kinds
        (``problem``, ``improvement`` or both, parted by a blank) and, if the
        order of rows is not the order of precedence, precedence.
    rules : DataFrame
        rule (its name), code, kind (``problem``, ``improvement``, ``both``),
        weight, pattern and without: regular expressions on folded text, in
        which ``~6~`` means at most six characters of the same clause. A match
        does not count where ``without`` matches in its clause.
    frames : DataFrame
        frame, kind, factor, pattern: clauses whose matches weigh less.

    Examples
    --------
    >>> scheme = load_scheme()
    >>> scheme.codes[:3], scheme.label("staffing"), scheme.label("staffing", lang="en")
    (('awareness', 'staffing', 'capacity_training'), '人员力量', 'Staffing')
    """

    categories: pd.DataFrame
    rules: pd.DataFrame
    frames: pd.DataFrame

    def __post_init__(self) -> None:
        _check_categories(self.categories)
        _check_rows(self.rules, "rules", set(self.categories["code"]))
        _check_rows(self.frames, "frames", None)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes, in the order of the scheme."""
        return tuple(self.categories["code"])

    def codes_of(self, kind: str) -> tuple[str, ...]:
        """The codes that statements of one kind can have.

        Examples
        --------
        >>> load_scheme().codes_of("improvement")[:3]
        ('awareness', 'staffing', 'capacity_training')
        """
        check_kind(kind)
        of_kind = self.categories["kinds"].str.split().map(lambda kinds: kind in kinds)
        return tuple(self.categories.loc[of_kind, "code"])

    def label(self, code: str, lang: str = "zh") -> str:
        """The label of a code in Chinese or English.

        Raises
        ------
        FormError
            If the scheme has no such code.

        Examples
        --------
        >>> load_scheme().label("staffing"), load_scheme().label("staffing", lang="en")
        ('人员力量', 'Staffing')
        """
        if code not in self.codes:
            raise FormError(f"the coding scheme has no code {code!r}", f"one of {', '.join(self.codes)}")
        column = "label" if lang == "zh" else "label_en"
        return str(self.categories.loc[self.categories["code"] == code, column].iloc[0])

    @cached_property
    def precedence(self) -> dict[str, int]:
        """Each code's rank when the evidence for two is equal; the lower wins.

        Examples
        --------
        >>> list(load_scheme().precedence.items())[:2]
        [('awareness', 11), ('staffing', 12)]
        """
        if "precedence" not in self.categories:
            return {code: rank for rank, code in enumerate(self.codes, 1)}
        return dict(zip(self.codes, self.categories["precedence"].astype(int)))

    @cached_property
    def compiled(self) -> dict[str, tuple[Rule, ...]]:
        """For each kind of statement the rules that can decide it.

        Examples
        --------
        >>> load_scheme().compiled["problem"][0].code
        'institution_standard'
        """
        return {kind: tuple(self._rules_of(kind)) for kind in KINDS}

    @cached_property
    def framing(self) -> dict[str, list[tuple[re.Pattern[str], float]]]:
        """For each kind of statement the framing clauses with their factors.

        Examples
        --------
        >>> [factor for _, factor in load_scheme().framing["problem"]][:2]
        [0.6, 0.8]
        """
        rows = list(self.frames.itertuples(index=False))
        return {
            kind: [(_compile(str(r.pattern)), float(r.factor)) for r in rows if r.kind in (kind, "both")]
            for kind in KINDS
        }

    def _rules_of(self, kind: str) -> Iterator[Rule]:
        allowed = self.codes_of(kind)
        for row in self.rules.itertuples(index=False):
            if row.kind in (kind, "both") and row.code in allowed:
                without = _compile(str(row.without)) if row.without else None
                yield Rule(str(row.rule), str(row.code), float(row.weight), _compile(str(row.pattern)), without)


def load_scheme(folder: str | Path | None = None) -> CodingScheme:
    """Read a coding scheme from a folder; without one, the packaged scheme.

    Parameters
    ----------
    folder : path, optional
        Holds ``scheme.csv``, ``rules.csv`` and, if wanted, ``frames.csv``
        (UTF-8). To make an own scheme, copy the packaged folder and edit it.

    Raises
    ------
    FormError
        If the folder or one of its tables is not there.
    InputError
        If a table lacks a column, a code occurs twice, a rule speaks for an
        unknown code, or a pattern is not a regular expression.

    Examples
    --------
    >>> len(load_scheme().codes), len(load_scheme().codes_of("improvement"))
    (20, 18)
    """
    return _packaged() if folder is None else _read_scheme(Path(folder))


@cache
def _packaged() -> CodingScheme:
    return _read_scheme(_PACKAGED)


def _read_scheme(folder: Path) -> CodingScheme:
    frames = _read_table(folder, "frames") if (folder / "frames.csv").exists() else _empty("frames")
    return CodingScheme(_read_table(folder, "scheme"), _read_table(folder, "rules"), frames)


def _empty(table: str) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype=object) for column in _COLUMNS[table]})


def _read_table(folder: Path, table: str) -> pd.DataFrame:
    path = folder / f"{table}.csv"
    if not path.exists():
        raise FormError(f"{folder}: there is no {table}.csv", f"copy the packaged scheme from {_PACKAGED} and edit it")
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def _require_columns(frame: pd.DataFrame, table: str) -> None:
    lacking = [column for column in _COLUMNS[table] if column not in frame]
    if lacking:
        raise InputError(f"{table}.csv lacks {', '.join(lacking)}", f"its columns are {', '.join(_COLUMNS[table])}")


def _check_categories(categories: pd.DataFrame) -> None:
    _require_columns(categories, "scheme")
    twice = categories.loc[categories["code"].duplicated(), "code"].tolist()
    if twice:
        raise InputError(f"scheme.csv has a code twice: {', '.join(twice)}")
    for row in categories.itertuples(index=False):
        if not re.fullmatch("[a-z][a-z0-9_]{0,31}", str(row.code)):
            raise InputError(f"scheme.csv: {row.code!r} is no code", "lower-case letters, digits and _, at most 32")
        if "precedence" in categories and not str(row.precedence).isdigit():
            raise InputError(f"scheme.csv: {row.code}: precedence is {row.precedence!r}", "a whole number, 1 is first")
        if not set(str(row.kinds).split()) & set(KINDS):
            raise InputError(
                f"scheme.csv: {row.code} is for no kind of statement", "kinds: problem, improvement or both"
            )


def _check_rows(frame: pd.DataFrame, table: str, codes: set[str] | None) -> None:
    _require_columns(frame, table)
    name, number = ("rule", "weight") if table == "rules" else ("frame", "factor")
    for row in frame.to_dict("records"):
        where = f"{table}.csv, {row[name]}"
        if codes is not None and row["code"] not in codes:
            raise InputError(f"{where}: the scheme has no code {row['code']!r}", "add it to scheme.csv")
        if row["kind"] not in (*KINDS, "both"):
            raise InputError(f"{where}: kind is {row['kind']!r}", "problem, improvement or both")
        _check_row_values(row, number, where)


def _check_row_values(row: dict, number: str, where: str) -> None:
    if not re.fullmatch(r"\d*\.?\d+", str(row[number])):
        raise InputError(f"{where}: {number} is {row[number]!r}", "a positive number such as 1.0")
    for column in ("pattern", "without"):
        try:
            _compile(str(row.get(column) or ""))
        except re.error as error:
            raise InputError(f"{where}: {column} is no regular expression: {error}") from None


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(_GAP.sub(r"[^,;。:!?]{0,\1}", pattern))


def check_kind(kind: str) -> None:
    """Raise InputError unless a kind is problem or improvement.

    Examples
    --------
    >>> check_kind("praise")
    Traceback (most recent call last):
    toolkit.errors.InputError: kind is 'praise'. Try: one of problem, improvement
    """
    if kind not in KINDS:
        raise InputError(f"kind is {kind!r}", f"one of {', '.join(KINDS)}")
