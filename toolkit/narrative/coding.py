"""The coder: a coding scheme, held as data, applied to problem and improvement statements.

A scheme is a folder of three tables. ``scheme.csv`` has the categories with
their inclusion and exclusion rules, ``rules.csv`` the words that speak for
them, ``frames.csv`` the clauses that only frame a statement (what it is measured
against, by what means). Another scheme is another folder, not another program.

How a statement is decided: every rule that matches gives its code the rule's
weight, times .88 for each clause that stands before (the first clause of a
Chinese plan or title usually carries it), times .5 once for everything after the first
sentence, times the factor of a framing clause. The heaviest code wins; among
equals the code with the lower ``precedence``. The winning rule and its words
stand beside the code, so that every decision can be questioned.
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
from toolkit.reports.folding import fold

KINDS = ("problem", "improvement")
LATER_CLAUSE, LATEST_CLAUSE, LATER_SENTENCE = 0.88, 0.6, 0.5
SECOND_AT_LEAST = 0.7
_PACKAGED = Path(__file__).with_name("scheme")
_COLUMNS = {
    "scheme": ("code", "label", "label_en", "definition", "include", "exclude", "typical", "kinds"),
    "rules": ("rule", "code", "kind", "weight", "pattern", "without"),
    "frames": ("frame", "kind", "factor", "pattern"),
}
_CLAUSE = re.compile(r"[^,;。:!?]+")
_GAP = re.compile(r"~(\d+)~")
_DECISION = ("code", "second_code", "confidence", "rule", "matched")


class Decision(NamedTuple):
    """What the coder says of one statement, and why."""

    code: str | None
    second_code: str | None
    confidence: float | None
    rule: str | None
    matched: str | None


class _Rule(NamedTuple):
    name: str
    code: str
    weight: float
    pattern: re.Pattern[str]
    without: re.Pattern[str] | None


class _Hit(NamedTuple):
    score: float
    rule: str
    matched: str


_NOTHING = Decision(None, None, None, None, None)


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
        """The codes that statements of one kind can have."""
        _check_kind(kind)
        of_kind = self.categories["kinds"].str.split().map(lambda kinds: kind in kinds)
        return tuple(self.categories.loc[of_kind, "code"])

    def label(self, code: str, lang: str = "zh") -> str:
        """The label of a code in Chinese or English.

        Raises
        ------
        FormError
            If the scheme has no such code.
        """
        if code not in self.codes:
            raise FormError(f"the coding scheme has no code {code!r}", f"one of {', '.join(self.codes)}")
        column = "label" if lang == "zh" else "label_en"
        return str(self.categories.loc[self.categories["code"] == code, column].iloc[0])

    @cached_property
    def precedence(self) -> dict[str, int]:
        """Each code's rank when the evidence for two is equal; the lower wins."""
        if "precedence" not in self.categories:
            return {code: rank for rank, code in enumerate(self.codes, 1)}
        return dict(zip(self.codes, self.categories["precedence"].astype(int)))

    @cached_property
    def _compiled(self) -> dict[str, tuple[_Rule, ...]]:
        return {kind: tuple(self._rules_of(kind)) for kind in KINDS}

    @cached_property
    def _framing(self) -> dict[str, list[tuple[re.Pattern[str], float]]]:
        rows = list(self.frames.itertuples(index=False))
        return {
            kind: [(_compile(str(r.pattern)), float(r.factor)) for r in rows if r.kind in (kind, "both")]
            for kind in KINDS
        }

    def _rules_of(self, kind: str) -> Iterator[_Rule]:
        allowed = self.codes_of(kind)
        for row in self.rules.itertuples(index=False):
            if row.kind in (kind, "both") and row.code in allowed:
                without = _compile(str(row.without)) if row.without else None
                yield _Rule(str(row.rule), str(row.code), float(row.weight), _compile(str(row.pattern)), without)

    def decide(self, text: str, kind: str) -> Decision:
        """Code one statement.

        Examples
        --------
        >>> load_scheme().decide("因人手少，信息未能及时上传", "problem").code
        'staffing'
        """
        _check_kind(kind)
        clauses = _clauses(fold(text), self._framing[kind])
        best: dict[str, _Hit] = {}
        for rule in self._compiled[kind]:
            for hit in _hits(rule, clauses):
                if rule.code not in best or hit.score > best[rule.code].score:
                    best[rule.code] = hit
        return self._settle(best)

    def _settle(self, best: dict[str, _Hit]) -> Decision:
        if not best:
            return _NOTHING
        ranked = sorted(best, key=lambda code: (-best[code].score, self.precedence[code]))
        first = best[ranked[0]]
        runner_up = best[ranked[1]].score if len(ranked) > 1 else 0.0
        second = ranked[1] if runner_up >= SECOND_AT_LEAST * first.score else None
        confidence = min(first.score, 1.0) * first.score / (first.score + runner_up)
        return Decision(ranked[0], second, round(confidence, 3), first.rule, first.matched)


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


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise InputError(f"kind is {kind!r}", f"one of {', '.join(KINDS)}")


def _clauses(text: str, frames: list[tuple[re.Pattern[str], float]]) -> list[tuple[str, float]]:
    """Each clause of a folded statement with the weight of its place."""
    found: list[tuple[str, float]] = []
    place, sentence, previous = 1.0, 1.0, 0
    for match in _CLAUSE.finditer(text):
        if found and set(text[previous : match.start()]) & set("。;!?"):
            sentence = LATER_SENTENCE
        previous = match.end()
        clause = match.group()
        factor = min((factor for pattern, factor in frames if pattern.search(clause)), default=1.0)
        found.append((clause, place * sentence * factor))
        # A framing clause does not push the one it frames down.
        place = place if factor < 1 else max(place * LATER_CLAUSE, LATEST_CLAUSE)
    return found


def _hits(rule: _Rule, clauses: list[tuple[str, float]]) -> Iterator[_Hit]:
    for clause, place in clauses:
        match = rule.pattern.search(clause)
        if match and not (rule.without and rule.without.search(clause)):
            yield _Hit(rule.weight * place, rule.name, match.group())


def code_statements(statements: pd.DataFrame, scheme: CodingScheme | str | Path | None = None) -> pd.DataFrame:
    """Give each problem and improvement statement its code, and say why.

    Parameters
    ----------
    statements : DataFrame
        Has ``text`` and ``kind`` (problem | improvement); other columns stay.
    scheme : CodingScheme or folder, optional
        The packaged scheme of 20 problem categories, 18 for improvements, if
        none is given.

    Returns
    -------
    DataFrame
        The statements, same rows and index, with code, second_code (another
        theme with at least .7 of the first one's evidence), confidence (0 to
        1: the winner's weight times its share against the runner-up; an order,
        not a probability), rule (the one that decided, from ``rules.csv``) and
        matched (its words, folded). All missing for a text without words.

    Raises
    ------
    InputError
        If a column is lacking, or a kind is neither problem nor improvement.

    Notes
    -----
    Repeated texts are coded once. The codes err: hand-code a random sample
    (``export_for_coding``) before relying on shares of codes.

    Examples
    --------
    >>> statements = pd.DataFrame({
    ...     "kind": ["problem", "problem", "improvement"],
    ...     "text": ["信息更新不够及时", "信息更新维护机制尚未建立", "加强业务培训，提高公开质量"],
    ... })
    >>> code_statements(statements)[["code", "rule", "matched"]]
                       code         rule   matched
    0            timeliness         time        更新
    1  institution_standard         inst        机制
    2     capacity_training  train_first    加强业务培训
    """
    if not isinstance(scheme, CodingScheme):
        scheme = load_scheme(scheme)
    _check_statements(statements)
    pairs = list(zip(statements["kind"], statements["text"]))
    decided = {pair: _decide(scheme, *pair) for pair in dict.fromkeys(p for p in pairs if isinstance(p[1], str))}
    decisions = pd.DataFrame([decided.get(p, _NOTHING) for p in pairs], columns=list(_DECISION), index=statements.index)
    decisions["confidence"] = decisions["confidence"].astype("Float64")
    kept = statements.drop(columns=[c for c in _DECISION if c in statements])
    return pd.concat([kept, decisions.astype(dict.fromkeys(set(_DECISION) - {"confidence"}, "string"))], axis=1)


def _decide(scheme: CodingScheme, kind: str, text: str) -> Decision:
    return scheme.decide(text, kind)


def _check_statements(statements: pd.DataFrame) -> None:
    lacking = [column for column in ("text", "kind") if column not in statements]
    if lacking:
        raise InputError(f"the statements lack {' and '.join(lacking)}", "pass what split_statements returned")
    other = sorted({str(kind) for kind in statements["kind"].unique()} - set(KINDS))
    if other:
        raise InputError(f"statements of kind {', '.join(other)} cannot be coded", "keep problem and improvement rows")
