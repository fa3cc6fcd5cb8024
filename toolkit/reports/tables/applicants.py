"""The columns of the table of applications: seven kinds of applicant, told by its header."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.reports.form import form_cells
from toolkit.reports.tables.headers import Columns, Head, heads_above, stand_in_order
from toolkit.reports.tables.rows import Row
from toolkit.reports.tables.tokens import PLAIN

APPLICANTS = tuple(dict.fromkeys(cell.category for cell in form_cells("2021") if cell.part == "applications"))
_KINDS = APPLICANTS[1:-1]
#: The official header in reading order: the five kinds of organisation stand below their head.
OFFICIAL_READING = ("natural_person", "organisations", "total", *_KINDS)

#: What stands in each column, None for a column that is none of the form's.
Order = tuple[str | None, ...]


def applicant_columns(rows: Sequence[Row]) -> tuple[Order, list[Head]]:
    """Return the order of the columns, and their heads where these tell places; no order if none can be told.

    Without a header, and where all that is left of it agrees with the official
    one, the official order counts: a row must have seven cells then.

    Examples
    --------
    >>> applicant_columns([])[0] == APPLICANTS
    True
    """
    header = next((row for row in rows if row.item and any(code in APPLICANTS for code, _ in row.columns)), None)
    if header is None:
        return APPLICANTS, []
    columns = [(code, cell) for code, cell in header.columns if code != "applicants"]
    told = _by_place(columns, [row for row in rows if row.item]) if header.in_grid else None
    return told or (_by_reading([code for code, _ in columns if code], header.grid != PLAIN), [])


def _by_place(columns: Columns, rows: Sequence[Row]) -> tuple[Order, list[Head]] | None:
    """Return the heads from left to right: all seven, or those there are if the figures stand under them."""
    heads = _without_heads_of_labels(heads_above(columns, _applicant), rows)
    order: Order = tuple(head.key for head in heads)
    codes = [code for code in order if code]
    if not codes or len(set(codes)) < len(codes):
        return None
    if set(codes) == set(APPLICANTS):
        return order, heads
    if not _stand_under(rows, heads):
        return None
    is_official = all(code in (None, usual) for code, usual in zip(order, APPLICANTS))
    if is_official and len(order) == len(APPLICANTS):
        return APPLICANTS, [Head(usual, head.start, head.stop) for usual, head in zip(APPLICANTS, heads)]
    return order, heads


def _applicant(stack: Columns) -> str | None:
    """Return the lowest head that is known: those above it stand above several."""
    return next((code for code, _ in reversed(stack) if code in APPLICANTS), None)


def _without_heads_of_labels(heads: list[Head], rows: Sequence[Row]) -> list[Head]:
    """Leave the first heads out if no figure stands below: 序号 and the like stand above the labels."""
    cells = [cell for row in rows if row.under_header for cell in row.slots if cell is not None]
    first = min((cell.column for cell in cells), default=None)
    while heads and heads[0].key is None and (first is None or heads[0].stop <= first):
        heads = heads[1:]
    return heads


def _stand_under(rows: Sequence[Row], heads: Sequence[Head]) -> bool:
    """Whether most rows have their figures under the heads; in a table of their own, as many as there are heads."""
    start, stop = heads[0].start, heads[-1].stop
    fitting = 0
    for row in rows:
        filled = [row.slots[place] for place in row.filled()]
        if row.under_header:
            fitting += all(start <= cell.column < stop for cell in filled if cell is not None)
        else:
            fitting += len(row.slots) == len(heads)
    return 2 * fitting > len(rows)


def _by_reading(codes: Sequence[str], are_lines_certain: bool) -> Order:
    """Return the order that the header's known words tell in reading order, or the official one if they agree."""
    if "organisations" not in codes:
        codes = [
            "organisations" if code == "other_organisation" and code in codes[place + 1 :] else code
            for place, code in enumerate(codes)
        ]
    last_line = tuple(codes[-len(APPLICANTS) :])
    if sorted(last_line) == sorted(APPLICANTS) and _are_together(last_line):
        if last_line[0] not in _KINDS and last_line[1] in _KINDS:
            return last_line
        if "organisations" not in codes:
            # 自然人, 总计 and then the kinds: what stood between the two is lost or has other words.
            return APPLICANTS if last_line == ("natural_person", "total", *_KINDS) else last_line
    if codes[:1] == ["organisations"] and not are_lines_certain:
        # Lines as they are seen begin with the highest head, not with the leftmost.
        return ()
    return _around_organisations(codes) or (APPLICANTS if _agrees(codes) else ())


def _are_together(codes: Sequence[str]) -> bool:
    """Whether no other head stands among the kinds of organisation."""
    places = [place for place, code in enumerate(codes) if code in _KINDS]
    return places[-1] - places[0] == len(places) - 1


def _around_organisations(codes: Sequence[str]) -> Order:
    """Return what stands before the kinds of organisation, these, and what stands after them."""
    kinds = [code for code in codes if code in _KINDS]
    upper = [code for code in codes if code in APPLICANTS and code not in _KINDS]
    if len(set(kinds)) < len(kinds) or len(set(upper)) < len(upper):
        return ()
    if len(kinds) != len(_KINDS) or len(upper) != len(APPLICANTS) - len(_KINDS) or not _are_together(codes):
        return ()
    place = min(codes.index(code) for code in ("organisations", kinds[0]) if code in codes)
    before = [code for code in upper if codes.index(code) < place]
    return (*before, *kinds, *(code for code in upper if code not in before))


def _agrees(codes: Sequence[str]) -> bool:
    """Whether the heads there are stand in the official order, from left to right or in reading order."""
    first, last = list(dict.fromkeys(codes)), list(dict.fromkeys(reversed(codes)))[::-1]
    return stand_in_order(first, OFFICIAL_READING) or any(
        stand_in_order([code for code in known if code != "organisations"], APPLICANTS) for known in (first, last)
    )
