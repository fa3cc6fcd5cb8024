"""Cells in reading order: one stream, whether they stand in a grid or in flattened text.

Text that once was a table comes in many shapes: a cell a line, a row a line with
bars or tabs, a bar after every cell, lines as a PDF shows them with labels wrapped
around their numbers, everything on one line. All become the same :class:`Token`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from toolkit.reports.document import Block, Cell, Document, Grid
from toolkit.reports.folding import fold
from toolkit.reports.numbers import looks_like_value
from toolkit.reports.tables.labels import Label, bare, begins_label, recognise
from toolkit.reports.tables.pagenumbers import page_numbers
from toolkit.reports.tables.rownumbers import without_row_numbers

#: What :attr:`Token.grid` says of flattened tables: rows and cells are certain; cells alone are; neither is;
#: lines are lost.
ROWS, BARS, PLAIN, LOST = "rows", "bars", "", "lost"

_BARS = str.maketrans("｜│┃┆┊║¦", "|||||||")
_PAGE_LINE = re.compile(
    r"[-—–－]\s*\d{1,4}\s*[-—–－]|第\s*\d+\s*页.{0,12}|(Page|P\.)\s*\d+.*|\d+\s*/\s*\d+\s*页?", re.IGNORECASE
)
_RULE_LINE = re.compile(r"[\s|:+=-]*[-=+:]{3,}[\s|:+=-]*")
# A no-break space that was lost shows as a question mark before the number; a unit belongs to its number; and
# a digit or numeral before a stop and words enumerates them (7 .属 于行政执法案卷; 四 、 政府信息公开行政复议).
_ATOM = re.compile(
    r"[\d.,，．-]+(?:\u2009[\d.,，．-]+)+|\d[\d,，]*[.．]\s+\d+(?:\s*万?元)?(?=\s|$)"
    r"|(?<!\S)(?:\d{1,2}|[一二三四五六七])\s+[.．、]\s*[一-鿿]\S*|[?？]\s+\d\S*"
    r"|\d[\d,，.]*\s+(?:百万|千|亿|万|萬)?元|\S+"
)
# What is left of a figure that a line break or a gap has cut: its row has more pieces than columns.
_PIECE_OF_FIGURE = re.compile(r"\d{3,}[.．]|(?=.*\d)\d*[,，][\d,，]*(?:[.．]\d*)?")
# A figure with the mark of a footnote is a cell, though its figure cannot be told from the mark.
_FIGURE_AND_MARK = re.compile(r"\d[\d,]*(?:[*※]|[\[【(（〔]\s*(?:注\s*\d?|\d{1,2})\s*[\]】)）〕])")
_NUMBER_THEN_LABEL = re.compile(r"(\d[\d,.]*?)((?:[一二三四五六七]、|[(（][一二三四五六七][)）]).+)")
_LABEL_THEN_NUMBER = re.compile(r"(.*[一-鿿)）”\"])(\d[\d,.]*)")
_SIGNS_OF_TABLES = re.compile(
    "本\\s*年\\s*新\\s*收|规\\s*章|结\\s*果\\s*维\\s*持|行\\s*政\\s*许\\s*可|予\\s*以\\s*公\\s*开"
)
_UPRIGHT = "三"
_MOST_ATOMS_IN_LABEL = 24
_MOST_COLUMNS = 7
_MOST_BARS_IN_ROW = 60


@dataclass(slots=True)
class Token:
    """One thing met while reading a table.

    ``kind`` is ``value`` (a number, a dash or a blank), ``covered`` (a place
    under a merged cell), ``text`` (words that may be a label), ``end`` (of a
    row) or ``line`` (the last one before a grid). ``grid`` names the table; see
    ROWS, BARS and PLAIN for flattened ones.
    """

    kind: str
    cell: Cell | None = None
    labels: tuple[Label, ...] = ()
    grid: str = ""


def read_tokens(document: Document) -> Iterator[Token]:
    """Yield the tokens of every table of a document, in reading order."""
    run: list[Block] = []
    for block in document.blocks:
        if block.grid is None:
            run.append(block)
        else:
            yield from _run_tokens(document, run)
            yield _line_before(document, run)
            run = []
            yield from grid_tokens(block.grid)
    yield from _run_tokens(document, run)


def _line_before(document: Document, run: Sequence[Block]) -> Token:
    """Return the last line before a grid: it may say whose year the figures are."""
    texts = (document.text[block.start : block.stop].strip() for block in reversed(run))
    return Token("line", Cell(next((text for text in texts if text), ""), -1, -1))


def grid_tokens(grid: Grid) -> Iterator[Token]:
    """Yield the tokens of a grid, rows ended; spread of merged cells resolved."""
    name = grid.locator or "t"
    above: list[Cell] = []
    for row in grid.rows():
        number = row[0].row
        above = [cell for cell in above if cell.row + cell.rowspan > number]
        for cell in sorted(row + above, key=attrgetter("column")) if above else row:
            is_own = cell.row == number
            if _is_value(cell.text):
                yield Token("value" if is_own else "covered", cell, (), name)
            elif is_own:
                yield Token("text", cell, recognise(cell.text), name)
        yield Token("end", grid=name)
        above += [cell for cell in row if cell.rowspan > 1]


@lru_cache(maxsize=1024)
def _is_value(text: str) -> bool:
    """Figures and labels recur, in a report and from report to report."""
    return looks_like_value(fold(text))


def _run_tokens(document: Document, run: Sequence[Block]) -> Iterator[Token]:
    """Yield the tokens of consecutive paragraphs, if they hold a flattened table."""
    if not run:
        return
    text = document.text[run[0].start : run[-1].stop]
    if not _SIGNS_OF_TABLES.search(fold(text)):
        return
    lines = [line for block in run for line in _split_lines(document.text, block)]
    lines = [line for line in lines if not _PAGE_LINE.fullmatch(line[0].strip())]
    if _has_bars(lines):
        tokens = _row_tokens(lines) if _has_rows(lines) else _bar_tokens(document.text, lines)
    else:
        lines = without_row_numbers(lines)
        tokens = _without_rows_at(page_numbers([line for line, _ in lines]), lines)
    yield from tokens
    yield Token("end")


Line = tuple[str, int]


def _split_lines(text: str, block: Block) -> Iterator[Line]:
    start = block.start
    for line in text[block.start : block.stop].split("\n"):
        yield line.translate(_BARS), start
        start += len(line) + 1


def _has_bars(lines: Sequence[Line]) -> bool:
    return sum("|" in line or "\t" in line for line, _ in lines) > 8 or any(line.count("|") > 60 for line, _ in lines)


def _has_rows(lines: Sequence[Line]) -> bool:
    """Return whether lines with bars hold whole rows, rather than a cell each."""
    barred = [line for line, _ in lines if ("|" in line or "\t" in line) and line.strip("|\t \u3000\xa0")]
    inner = [_inner_bars(line) for line in barred]
    return sum(count > 0 for count in inner) > len(inner) / 2 and max(inner, default=0) <= _MOST_BARS_IN_ROW


def _inner_bars(line: str) -> int:
    """Count the bars of a line but for the one at its end (or at both)."""
    line = line.strip(" \u3000\xa0")
    return line.count("|") - line.startswith("|") - line.endswith("|") + line.count("\t")


def _row_tokens(lines: Sequence[Line]) -> Iterator[Token]:
    """A row a line, cells parted by bars or tabs: rows are certain, spans are not."""
    barred = [line for line, _ in lines if "|" in line]
    begins_with_bar = sum(line.lstrip().startswith("|") for line in barred) > len(barred) / 2
    for line, start in _joined_rows(lines):
        mark = "|" if "|" in line else "\t"
        if mark not in line:
            yield Token("end")
            yield from _plain_tokens([(line, start)])
            yield Token("end")
        elif not _RULE_LINE.fullmatch(line):
            yield from _split_cells(line, start, mark, begins_with_bar)
            yield Token("end")


def _joined_rows(lines: Sequence[Line]) -> Iterator[Line]:
    """Join a row whose cell goes on in the next line: it began with a bar and did not end with one."""
    ends_with_bar = sum(line.rstrip().endswith("|") for line, _ in lines) > sum("|" in line for line, _ in lines) * 0.8
    pending: Line | None = None
    for line, start in lines:
        if pending is not None:
            gap = start - pending[1] - len(pending[0])
            line, start = pending[0] + " " * gap + line, pending[1]
            pending = None
        if ends_with_bar and line.lstrip().startswith("|") and not line.rstrip().endswith("|"):
            pending = (line, start)
        else:
            yield line, start
    if pending is not None:
        yield pending


def _split_cells(line: str, start: int, mark: str, begins_with_bar: bool) -> Iterator[Token]:
    left = len(line) - len(line.lstrip(" \u3000\xa0")) if mark == "|" else 0
    begin = left + 1 if begins_with_bar and line[left : left + 1] == mark and mark == "|" else 0
    end = (
        len(line.rstrip(" \u3000\xa0")) - 1 if mark == "|" and line.rstrip(" \u3000\xa0").endswith(mark) else len(line)
    )
    place = begin
    for part in line[begin:end].split(mark):
        yield _token(part, start + place, ROWS)
        place += len(part) + 1


def _bar_tokens(text: str, lines: Sequence[Line]) -> Iterator[Token]:
    """A bar after (or before) every cell: blanks are kept, rows are not."""
    begin, stop = lines[0][1], lines[-1][1] + len(lines[-1][0])
    place = begin
    for part in text[begin:stop].translate(_BARS).split("|"):
        yield from _bar_cell(part, place)
        place += len(part) + 1


def _bar_cell(part: str, place: int) -> Iterator[Token]:
    pieces = [piece for piece in part.split("\n") if piece.strip()]
    whole = _token(part, place, BARS)
    is_figure_first = len(pieces) > 1 and looks_like_value(fold(pieces[0]))
    is_after_heading = any(label.kind == "stop" for label in whole.labels)
    if len(pieces) < 2 or whole.kind == "value" or (whole.labels and not is_figure_first and not is_after_heading):
        yield whole
        return
    for piece in part.split("\n"):
        if piece.strip() and not _PAGE_LINE.fullmatch(piece.strip()):
            yield _token(piece, place, BARS)
        place += len(piece) + 1


def _token(raw: str, start: int, grid: str) -> Token:
    stripped = raw.strip()
    start += raw.index(stripped[0]) if stripped else 0
    cell = Cell(stripped, -1, -1, locator=f"@{start}-{start + len(stripped)}")
    folded = fold(stripped)
    # 三 alone is a piece of 三、本年度办理结果, printed upright, more often than a number.
    if looks_like_value(folded) and not (grid != ROWS and folded == _UPRIGHT):
        return Token("value", cell, grid=grid)
    if grid != ROWS and _FIGURE_AND_MARK.fullmatch(stripped):
        return Token("value", cell, grid=grid)
    if grid == PLAIN and _PIECE_OF_FIGURE.fullmatch(stripped):
        return Token("value", cell, grid=grid)
    return Token("text", cell, recognise(stripped), grid)


def _plain_tokens(lines: Sequence[Line]) -> Iterator[Token]:
    """No bars: blanks are lost; labels may be wrapped around their numbers."""
    atoms = [token for line, start in lines for token in _atoms(line, start)]
    place = 0
    while place < len(atoms):
        if atoms[place].kind == "value":
            yield atoms[place]
            place += 1
            continue
        label, inner, place = _longest_label(atoms, place)
        yield label
        yield from inner


def _without_rows_at(numbers: set[int], lines: Sequence[Line]) -> Iterator[Token]:
    """Read lines without bars; rows that a page number stands in are lost, as it may fill a figure's place."""
    if not numbers:
        return _plain_tokens(lines)
    pages = {f"@{start + len(line) - len(line.lstrip())}" for line, start in (lines[place] for place in numbers)}
    tokens = list(_plain_tokens(lines))
    begin = 0
    for place, token in enumerate(tokens):
        is_next_row = token.kind == "text" and place > 0 and tokens[place - 1].kind == "value"
        begin = place if is_next_row else begin
        if token.kind == "value" and token.cell.locator.partition("-")[0] in pages:  # type: ignore[union-attr]
            for one in tokens[begin : place + 1]:
                one.grid = LOST
    return iter(tokens)


def _atoms(line: str, start: int) -> Iterator[Token]:
    # A mark without width alone is no blank cell.
    words = [word for word in _ATOM.finditer(line) if fold(word[0])]
    whole = _token(line, start, "")
    if whole.labels and not any(looks_like_value(fold(word[0])) for word in words[1:]):
        yield whole
        return
    for word in words:
        yield from _cut_atom(word[0], start + word.start())


def _cut_atom(word: str, start: int) -> Iterator[Token]:
    """Cut a number from the label it is glued to, where the cut is certain."""
    token = _token(word, start, "")
    before = _NUMBER_THEN_LABEL.fullmatch(word) if not token.labels else None
    after = _LABEL_THEN_NUMBER.fullmatch(word) if token.kind == "text" else None
    if before and recognise(before[2]):
        yield _token(before[1], start, "")
        yield from _cut_atom(before[2], start + before.start(2))
    elif after and recognise(after[1]) and bare(after[1]) == bare(word):
        yield _token(after[1], start, "")
        yield _token(after[2], start + after.start(2), "")
    else:
        yield token


def _longest_label(atoms: list[Token], place: int) -> tuple[Token, list[Token], int]:
    """Return the longest label that begins here, the values it is wrapped around, and where reading goes on."""
    best, best_inner, best_stop = atoms[place], [], place + 1
    text, inner = atoms[place].cell.text, []  # type: ignore[union-attr]
    for stop in range(place + 1, min(place + _MOST_ATOMS_IN_LABEL, len(atoms))):
        if not begins_label(bare(text)):
            break
        if atoms[stop].kind == "value":
            inner.append(atoms[stop])
            if len(inner) > _MOST_COLUMNS:
                break
            continue
        if _are_two_labels(best, atoms[stop]):
            break
        text += atoms[stop].cell.text  # type: ignore[union-attr]
        if labels := recognise(text):
            cell = Cell(text, -1, -1, locator=atoms[place].cell.locator)  # type: ignore[union-attr]
            best, best_inner, best_stop = Token("text", cell, labels), list(inner), stop + 1
    return best, best_inner, best_stop


def _are_two_labels(label: Token, following: Token) -> bool:
    """Return whether both are labels of their own, not a label and the rest of it."""
    rest = {one.kind for one in following.labels} <= {"note"} or any(one.code == "new_cut" for one in label.labels)
    return bool(label.labels) and not rest
