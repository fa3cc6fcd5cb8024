"""What a reader may say about a printed document, and how its answer is scored.

The truth of a cell is a set of outcomes, each a state and a value. Most cells
have one. Where the shape loses something (blank cells vanish when every cell
is a line of its own) the honest answers are several, and ``missing`` is
always among them; a value that was not printed in that cell never is.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from toolkit.simulation.sheet import Key, Outcome, Slot, Table

COUNTS = ("cells", "right", "wrong", "missed", "whole", "whole_right")
MISSING: Outcome = ("missing", None)
BLANK: Outcome = ("blank", None)
_DASHES = {"/", "-", "—", "——", "－", "–", "无", "／", "\\"}
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d+)?")
_MONEY = re.compile(rf"({_NUMBER.pattern})(万元|元)")
_UNIT = {"万元": Decimal(10_000), "元": Decimal(1)}
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0xFEFF, 0x2060])


@dataclass(frozen=True, slots=True)
class Truth:
    """A cell of the form: its key, what was printed, and the honest outcomes.

    ``whole`` says that the shape lost nothing of the cell: only its own value
    and state are right then.
    """

    key: Key
    printed: str
    allowed: frozenset[Outcome]
    whole: bool


@dataclass(frozen=True, slots=True)
class Miss:
    """One cell on which a reader and the truth differ."""

    key: Key
    kind: str
    printed: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Score:
    """How a reader did on a document; ``cells = right + wrong + missed``.

    ``wrong`` counts what a user cannot see: a value that was not printed in
    its cell, or a cell called blank or dash although a figure stands there.
    ``whole`` and ``whole_right`` count the cells of which the shape lost nothing.
    """

    cells: int
    right: int
    wrong: int
    missed: int
    whole: int
    whole_right: int
    misses: tuple[Miss, ...]


def outcome(text: str, unit: str = "count", header: str = "") -> Outcome:
    """Return the state and value of a cell with this text.

    Parameters
    ----------
    text : str
        The cell's text as printed.
    unit : {"count", "yuan"}
        The form's unit; money needs a unit in the cell or in its header.
    header : str
        The label above the cell.

    Examples
    --------
    >>> outcome("51.1082万元", "yuan")
    ('reported', Decimal('511082'))
    >>> outcome(" "), outcome("—"), outcome("详见附件"), outcome("1,204")
    (('blank', None), ('dash', None), ('text', None), ('reported', Decimal('1204')))
    >>> outcome("8040", "yuan"), outcome("0.5", "yuan", "本年收费金额（单位：万元）")
    (('text', None), ('reported', Decimal('5000')))
    """
    plain = _plain(text)
    if not plain:
        return BLANK
    if plain in _DASHES:
        return "dash", None
    plain = plain.replace("−", "-")
    if unit == "yuan":
        return _money(plain, _plain(header))
    if _NUMBER.fullmatch(plain):
        return "reported", _exact(Decimal(plain.replace(",", "")))
    return "text", None


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).split()).replace("萬", "万")


def _money(plain: str, header: str) -> Outcome:
    if stated := _MONEY.fullmatch(plain):
        return "reported", _exact(Decimal(stated[1].replace(",", "")) * _UNIT[stated[2]])
    if not _NUMBER.fullmatch(plain):
        return "text", None
    factor = next((factor for name, factor in _UNIT.items() if name in header), None)
    if factor is None:
        return "text", None
    return "reported", _exact(Decimal(plain.replace(",", "")) * factor)


def _exact(value: Decimal) -> Decimal:
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def truth_of(
    tables: Iterable[Table], units: dict[Key, str], *, blanks_kept: bool = True, cells_kept: bool = True
) -> list[Truth]:
    """Return the truth of every cell of the form for the printed tables.

    Parameters
    ----------
    tables : iterable of Table
        What is printed.
    units : dict
        Unit of every cell of the form; a key that no table prints is missing.
    blanks_kept : bool
        False where empty cells leave no trace: in a row with one, places
        cannot be told, and ``missing`` is honest for all its cells.
    cells_kept : bool
        False where cells are parted by spaces only: a row with a text of
        several words cannot be told apart safely either.
    """
    truths: dict[Key, Truth] = {}
    tables = list(tables)
    unprinted = units.keys() - {slot.key for table in tables for slot in table.slots()}
    for table in tables:
        header = ""
        for row in table.rows:
            heads = [slot.text for slot in row if slot.role == "header"]
            header = heads[-1] if heads else header
            values = [slot for slot in row if slot.key in units]
            lost = {key for key in unprinted if values and _row_of(key) == _row_of(values[0].key)}  # type: ignore[arg-type]
            for truth in _row_truth(values, lost, units, header, blanks_kept, cells_kept):
                truths[truth.key] = truth
    absent = frozenset([MISSING])
    return [truths.get(key, Truth(key, "", absent, True)) for key in units]


def _row_truth(
    values: list[Slot], lost: set[Key], units: dict[Key, str], header: str, blanks_kept: bool, cells_kept: bool
) -> list[Truth]:
    own = {
        slot.key: slot.allowed or _outcomes(slot.text, units[slot.key], header)  # type: ignore[index]
        for slot in values
    }
    empty = any(BLANK in allowed for allowed in own.values())
    wordy = any(not re.fullmatch(r"[\d.,+\-]+", slot.text.strip()) for slot in values)
    told = any(MISSING in allowed for allowed in own.values())
    unsure = told or bool(lost) or (empty and not blanks_kept) or (wordy and not cells_kept)
    widened = {MISSING} if unsure else set()
    truths = [Truth(key, "", frozenset([MISSING]), not unsure) for key in sorted(lost)]
    for slot in values:
        allowed = own[slot.key] | widened
        truths.append(Truth(slot.key, slot.text, allowed, not unsure))  # type: ignore[arg-type]
    return truths


def _outcomes(text: str, unit: str, header: str) -> frozenset[Outcome]:
    own = outcome(text, unit, header)
    # Nothing is nothing in every unit: 0 may be read or be kept as text.
    zero = own[0] == "text" and outcome(text) == ("reported", Decimal(0))
    return frozenset([own, ("reported", Decimal(0))]) if zero else frozenset([own])


def _row_of(key: Key) -> tuple[str, ...]:
    return key[:1] if key[0] == "disputes" else key[:2]


def score(truths: Iterable[Truth], statistics: pd.DataFrame) -> Score:
    """Score the statistics frame of one document against its truth.

    A reported value of a cell that the printed form does not have counts as
    wrong; cells that the reader leaves out count as missed.
    """
    columns = zip(*(statistics[name] for name in ("part", "item", "category", "state", "value")), strict=True)
    got = {(part, item, category): (state, value) for part, item, category, state, value in columns}
    counts, misses, known = Counter[str](), list[Miss](), set[Key]()
    for truth in truths:
        known.add(truth.key)
        state, value = got.get(truth.key, ("(no row)", None))
        kind = _judge(truth, state, value)
        counts[kind] += 1
        counts["cells"] += 1
        counts["whole"] += truth.whole
        counts["whole_right"] += truth.whole and kind == "right"
        if kind != "right":
            misses.append(Miss(truth.key, kind, truth.printed, _shown(truth.allowed), f"{state} {value}"))
    for key, (state, value) in got.items():
        if key not in known and state == "reported":
            counts["wrong"] += 1
            misses.append(Miss(key, "wrong", "", "no such cell", f"{state} {value}"))
    return Score(**{name: counts[name] for name in COUNTS}, misses=tuple(misses))


def _judge(truth: Truth, state: str, value: Any) -> str:
    for honest, figure in truth.allowed:
        if state == honest and (figure is None or (not pd.isna(value) and Decimal(str(value)) == figure)):
            return "right"
    printed_figure = any(honest == "reported" for honest, _ in truth.allowed)
    silent = state == "reported" or (state in ("blank", "dash") and printed_figure)
    return "wrong" if silent else "missed"


def _shown(allowed: frozenset[Outcome]) -> str:
    return " | ".join(sorted(f"{state} {value}" if value is not None else state for state, value in allowed))
