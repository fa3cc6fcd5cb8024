"""What stands in cells other than a plain number, and cells that are not there."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from toolkit.simulation.draft import Draft
from toolkit.simulation.sheet import Outcome, Slot
from toolkit.simulation.truth import MISSING, outcome

_NUMERALS = {"一": 1, "二": 2, "三": 3, "八": 8, "十": 10, "十二": 12, "零": 0}


def zeros(report: Draft, rng: random.Random) -> None:
    """A body without any figure: every cell 0."""
    for slot in report.slots("value"):
        slot.text = "0"


def sparse(report: Draft, rng: random.Random) -> None:
    """Four of five cells 0, as in most reports; small figures between them."""
    for slot in report.slots("value"):
        slot.text = str(rng.randrange(1, 30)) if rng.random() < 0.2 else "0"


def _zeros_as(*texts: str) -> Callable[[Draft, random.Random], None]:
    def change(report: Draft, rng: random.Random) -> None:
        for slot in report.slots("value"):
            slot.text = str(rng.randrange(1, 3000)) if rng.random() < 0.4 else rng.choice(texts)

    return change


def blank_cells(report: Draft, rng: random.Random) -> None:
    """Every tenth cell empty."""
    for slot in report.slots("value"):
        slot.text = "" if rng.random() < 0.1 else slot.text


def text_cells(report: Draft, rng: random.Random) -> None:
    """A few cells hold words."""
    for slot in report.slots("value"):
        slot.text = rng.choice(["详见附件", "不适用", "见说明"]) if rng.random() < 0.03 else slot.text


def footnote_marks(report: Draft, rng: random.Random) -> None:
    """A few figures bear the mark of a footnote, from which none can be told."""
    for slot in _counts(report):
        if rng.random() < 0.03:
            slot.text += rng.choice(["①", "[1]", "*", "（注）"])
            _allow(slot, ("text", None))


def question_zeros(report: Draft, rng: random.Random) -> None:
    """A no-break space shown as a question mark before zeros: ``? 0``."""
    for slot in report.slots("value"):
        if rng.random() < 0.2:
            slot.text = "? 0"
            _allow(slot, ("reported", Decimal(0)), ("text", None), MISSING)


def thousands(report: Draft, rng: random.Random) -> None:
    """Thousands separators, half-width and full-width."""
    for slot in _counts(report):
        if "." not in slot.text:
            slot.text = f"{int(slot.text) * 1000 + 7:,}".replace(",", rng.choice([",", "，"]))


def full_width_digits(report: Draft, rng: random.Random) -> None:
    """Digits １２３ in full width."""
    for slot in report.slots("value"):
        slot.text = re.sub(r"\d", lambda match: chr(ord(match[0]) + 0xFEE0), slot.text)


def padded(report: Draft, rng: random.Random) -> None:
    """Blanks of every kind around the figures."""
    for slot in report.slots("value"):
        slot.text = rng.choice(["  {}", "{} ", "\u3000{}", " \xa0{}\xa0", "\n{}\n"]).format(slot.text)


def only_total(report: Draft, rng: random.Random) -> None:
    """Only the column 总计 is filled in, the six columns of applicants are empty."""
    for slot in _applications(report):
        slot.text = slot.text if slot.key and slot.key[2] == "total" else ""


def totals_blank(report: Draft, rng: random.Random) -> None:
    """The row totals are empty but in four rows."""
    kept = ("new_received", "brought_forward", "outcomes_total", "carried_forward")
    for slot in _applications(report):
        if slot.key and slot.key[2] == "total" and slot.key[1] not in kept:
            slot.text = ""


def totals_zero(report: Draft, rng: random.Random) -> None:
    """Totals printed as 0 beside parts that are not."""
    for slot in report.slots("value"):
        if slot.key and slot.key[0] == "disputes" and slot.key[2] == "total":
            slot.text = "0"


def table_blank(report: Draft, rng: random.Random) -> None:
    """The table of applications is not filled in at all."""
    for slot in _applications(report):
        slot.text = ""


def row_blank(report: Draft, rng: random.Random) -> None:
    """Two rows of applications are not filled in."""
    for slot in _applications(report):
        if slot.key and slot.key[1] in ("denied_third_party", "not_processed_repeated"):
            slot.text = ""


def cells_lost(report: Draft, rng: random.Random) -> None:
    """One row in three has lost one cell, without a trace."""
    for table in report.tables():
        for row in table.rows:
            values = [slot for slot in row if slot.key]
            if len(values) > 1 and rng.random() < 0.34:
                row.remove(rng.choice(values))


def fees_cell_lost(report: Draft, rng: random.Random) -> None:
    """The row of fees (two cells in form 2019) has lost its first cell."""
    for table in report.tables():
        for row in table.rows:
            if row[0].text == "行政事业性收费" and len(row) > 2:
                del row[1]


def signed(report: Draft, rng: random.Random) -> None:
    """Changes with a sign: +2, -1942, －5."""
    for slot in report.slots("value"):
        if slot.key and slot.key[2] == "change":
            slot.text = rng.choice(["+", "-", "－", "＋"]) + slot.text.lstrip("-")


def unit_inside(report: Draft, rng: random.Random) -> None:
    """Amounts with their unit in the cell, against the header's."""
    for slot in _amounts(report):
        slot.text = rng.choice(["160.5964万元", "251000元", "51.1082万元", "1,251,000.50 元"])


def amount_without_unit(report: Draft, rng: random.Random) -> None:
    """Amounts whose unit neither cell nor header gives."""
    for slot in report.slots("header"):
        slot.text = slot.text.replace("（单位：万元）", "")
    for slot in _amounts(report):
        slot.text = "59237.2449"


def header_in_yuan(report: Draft, rng: random.Random) -> None:
    """The header of fees says 元 where the form says 万元."""
    for slot in report.slots("header"):
        slot.text = slot.text.replace("（单位：万元）", "（单位：元）")


def long_figures(report: Draft, rng: random.Random) -> None:
    """Counts of eight digits."""
    for slot in _counts(report):
        if "." not in slot.text and not slot.text.startswith("-"):
            slot.text = str(int(slot.text) + 11_390_000)


def chinese_numerals(report: Draft, rng: random.Random) -> None:
    """Counts in Chinese numerals; to read them or to keep them as text are both honest."""
    for slot in _counts(report):
        if rng.random() < 0.1:
            slot.text = rng.choice(sorted(_NUMERALS))
            _allow(slot, ("reported", Decimal(_NUMERALS[slot.text])), ("text", None))


def counted(report: Draft, rng: random.Random) -> None:
    """Counts with their measure word: 12件."""
    for slot in _counts(report):
        if rng.random() < 0.1 and "." not in slot.text:
            _allow(slot, ("reported", Decimal(slot.text)), ("text", None))
            slot.text += "件"


def repeated_lines_removed(report: Draft, rng: random.Random) -> None:
    """The extractor kept each line of text once: zeros and labels are gone for good."""
    sparse(report, rng)
    for slot in _counts(report):
        _allow(slot, outcome(slot.text), MISSING)
    for slot in _amounts(report):
        slot.text = "7.25万元"
        _allow(slot, outcome(slot.text, "yuan"), MISSING)
    report.text_changes.append(lambda text: "\n".join(dict.fromkeys(text.split("\n"))))


def _allow(slot: Slot, *outcomes: Outcome) -> None:
    slot.allowed = frozenset(outcomes)


def _applications(report: Draft) -> Iterator[Slot]:
    return (slot for slot in report.slots("value") if slot.key and slot.key[0] == "applications")


def _amounts(report: Draft) -> Iterator[Slot]:
    return (slot for slot in report.slots("value") if slot.key and slot.key[2] == "amount")


def _counts(report: Draft) -> Iterator[Slot]:
    return (slot for slot in report.slots("value") if slot.key and slot.key[2] != "amount")


CELL_DEVIATIONS: dict[str, Callable[[Draft, random.Random], None]] = {
    "zeros": zeros,
    "sparse": sparse,
    "blank_cells": blank_cells,
    "blank_zeros": _zeros_as(""),
    "nbsp_zeros": _zeros_as("\xa0"),
    "dash_zeros": _zeros_as("/", "-", "—", "无"),
    "text_cells": text_cells,
    "footnote_marks": footnote_marks,
    "question_zeros": question_zeros,
    "thousands": thousands,
    "full_width_digits": full_width_digits,
    "padded": padded,
    "only_total": only_total,
    "totals_blank": totals_blank,
    "totals_zero": totals_zero,
    "table_blank": table_blank,
    "row_blank": row_blank,
    "cells_lost": cells_lost,
    "fees_cell_lost": fees_cell_lost,
    "signed": signed,
    "unit_inside": unit_inside,
    "amount_without_unit": amount_without_unit,
    "header_in_yuan": header_in_yuan,
    "long_figures": long_figures,
    "chinese_numerals": chinese_numerals,
    "counted": counted,
    "repeated_lines_removed": repeated_lines_removed,
}
