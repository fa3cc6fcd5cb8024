"""The coder: a coding scheme applied to problem and improvement statements.

How a statement is decided: every rule that matches gives its code the rule's
weight, times .88 for each clause that stands before in the same sentence (the first clause of a
Chinese plan or title usually carries it), times .55 after the first
sentence, times the factor of a framing clause. The heaviest code wins; among
equals the code with the lower ``precedence``. The winning rule and its words
stand beside the code, so that every decision can be questioned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from toolkit.errors import InputError
from toolkit.narrative.codingscheme import KINDS, CodingScheme, Rule, check_kind, load_scheme
from toolkit.reports.folding import fold

LATER_CLAUSE, LATEST_CLAUSE, LATER_SENTENCE = 0.88, 0.6, 0.55
SECOND_AT_LEAST = 0.65
DECISION = ("code", "second_code", "confidence", "rule", "matched")
_CLAUSE = re.compile(r"[^,;。:!?]+")


class Decision(NamedTuple):
    """What the coder says of one statement, and why."""

    code: str | None
    second_code: str | None
    confidence: float | None
    rule: str | None
    matched: str | None


class _Hit(NamedTuple):
    score: float
    clause: int
    rule: str
    matched: str


_NOTHING = Decision(None, None, None, None, None)


def decide(scheme: CodingScheme, text: str, kind: str) -> Decision:
    """Code one statement.

    Parameters
    ----------
    scheme : CodingScheme
    text : str
    kind : {"problem", "improvement"}

    Returns
    -------
    Decision
        code, second_code, confidence, rule and matched; all None if no rule
        matches.

    Raises
    ------
    InputError
        If the kind is neither problem nor improvement.

    Examples
    --------
    >>> decide(load_scheme(), "因人手少，信息未能及时上传", "problem")
    Decision(code='staffing', second_code=None, confidence=0.534, rule='staff_cause', matched='因人手')
    """
    check_kind(kind)
    clauses = _clauses(fold(text), scheme.framing[kind])
    best: dict[str, _Hit] = {}
    for rule in scheme.compiled[kind]:
        for hit in _hits(rule, clauses):
            if rule.code not in best or hit.score > best[rule.code].score:
                best[rule.code] = hit
    return _settle(best, scheme.precedence)


def _settle(best: dict[str, _Hit], precedence: dict[str, int]) -> Decision:
    if not best:
        return _NOTHING
    ranked = sorted(best, key=lambda code: (-best[code].score, precedence[code]))
    first = best[ranked[0]]
    runner_up = best[ranked[1]].score if len(ranked) > 1 else 0.0
    second = next((code for code in ranked[1:] if _beside(first, best[code])), None)
    confidence = min(first.score, 1.0) * first.score / (first.score + runner_up)
    return Decision(ranked[0], second, round(confidence, 3), first.rule, first.matched)


def _beside(first: _Hit, other: _Hit) -> bool:
    """Whether another theme stands in the deciding clause, as in 在A、B方面有待提高."""
    return other.clause == first.clause and other.score >= SECOND_AT_LEAST * first.score


def _clauses(text: str, frames: list[tuple[re.Pattern[str], float]]) -> list[tuple[str, float]]:
    """Each clause of a folded statement with the weight of its place."""
    found: list[tuple[str, float]] = []
    place, sentence, previous = 1.0, 1.0, 0
    for match in _CLAUSE.finditer(text):
        if found and set(text[previous : match.start()]) & set("。;!?"):
            place, sentence = 1.0, LATER_SENTENCE
        previous = match.end()
        clause = match.group()
        factor = min((factor for pattern, factor in frames if pattern.search(clause)), default=1.0)
        found.append((clause, place * sentence * factor))
        # A framing clause does not push the one it frames down.
        place = place if factor < 1 else max(place * LATER_CLAUSE, LATEST_CLAUSE)
    return found


def _hits(rule: Rule, clauses: list[tuple[str, float]]) -> Iterator[_Hit]:
    for at, (clause, place) in enumerate(clauses):
        match = rule.pattern.search(clause)
        if match and not (rule.without and rule.without.search(clause)):
            yield _Hit(rule.weight * place, at, rule.name, match.group())


def code_statements(statements: pd.DataFrame, scheme: CodingScheme | str | Path | None = None) -> pd.DataFrame:
    """Give each problem and improvement statement its code, and say why.

    Parameters
    ----------
    statements : DataFrame
        Has ``text`` and ``kind`` (problem | improvement); without ``kind``
        all are problems. Other columns stay.
    scheme : CodingScheme or folder, optional
        The packaged scheme of 20 problem categories, 18 for improvements, if
        none is given.

    Returns
    -------
    DataFrame
        The statements, same rows and index, with code, second_code (another
        theme in the clause that decided, with at least .65 of its evidence), confidence
        (0 to 1: the winner's weight times its share against the runner-up; an order,
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
                       code         rule matched
    0            timeliness         time      更新
    1  institution_standard         inst      机制
    2     capacity_training  train_first  加强业务培训
    """
    if not isinstance(scheme, CodingScheme):
        scheme = load_scheme(scheme)
    if "kind" not in statements:
        statements = statements.assign(kind="problem")
    check_statements(statements)
    pairs = list(zip(statements["kind"], statements["text"]))
    decided = {
        pair: decide(scheme, pair[1], pair[0]) for pair in dict.fromkeys(p for p in pairs if isinstance(p[1], str))
    }
    decisions = pd.DataFrame([decided.get(p, _NOTHING) for p in pairs], columns=list(DECISION), index=statements.index)
    decisions["confidence"] = decisions["confidence"].astype("Float64")
    kept = statements.drop(columns=[c for c in DECISION if c in statements])
    return pd.concat([kept, decisions.astype(dict.fromkeys(set(DECISION) - {"confidence"}, "string"))], axis=1)


def check_statements(statements: pd.DataFrame) -> None:
    """Raise InputError unless there are texts of kind problem and improvement.

    Examples
    --------
    >>> check_statements(pd.DataFrame({"text": ["更新不及时"]}))
    Traceback (most recent call last):
    toolkit.errors.InputError: the statements lack kind. Try: pass what split_statements returned
    """
    lacking = [column for column in ("text", "kind") if column not in statements]
    if lacking:
        raise InputError(f"the statements lack {' and '.join(lacking)}", "pass what split_statements returned")
    other = sorted({str(kind) for kind in statements["kind"].unique()} - set(KINDS))
    if other:
        raise InputError(f"statements of kind {', '.join(other)} cannot be coded", "keep problem and improvement rows")
