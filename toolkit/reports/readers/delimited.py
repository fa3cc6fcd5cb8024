"""Tables kept as comma- or semicolon-separated text: what spreadsheets and data frames are saved as."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FIELD = r"(?:\"(?:[^\"]|\"\"){0,400}\"|[^\"%s\n]*)"
_RECORDS = {mark: re.compile(rf"(?:{_FIELD % mark}{mark})+{_FIELD % mark}(?=\n|\Z)") for mark in ",;"}
_FIELDS = {mark: re.compile(rf"({_FIELD % mark})(?:{mark}|\Z)") for mark in ",;"}
_SIGNS_OF_TABLES = re.compile("本年新收|规章|结果维持|行政许可|予以公开")
_FEWEST_COLUMNS = 4
_FEWEST_ROWS = 3
_MOST_PROSE = 0.2
_LONGEST_CELL = 60

_Rows = list[list[str]]


def tabulated(text: str) -> str:
    """Return a text whose separated tables are rows with tabs.

    A table is what all lines in a row part into the same number of fields; a
    block of lines that do not agree, as with thousands unquoted, is left alone.

    Examples
    --------
    >>> tabulated('信息内容,本年制发件数,本年废止件数,现行有效件数\\n规章,0,0,0\\n行政规范性文件,"1,203",,7')
    '信息内容\\t本年制发件数\\t本年废止件数\\t现行有效件数\\n规章\\t0\\t0\\t0\\n行政规范性文件\\t1,203\\t\\t7'
    """
    for mark in ",;":
        if text.count(mark) >= _FEWEST_ROWS * (_FEWEST_COLUMNS - 1):
            text = "".join(_blocks(text, mark))
    return text


def _blocks(text: str, mark: str) -> Iterator[str]:
    """Yield the text in pieces, each block of separated lines as rows if it is a table."""
    place = kept = 0
    rows: _Rows = []
    while place < len(text):
        record = _RECORDS[mark].match(text, place)
        stop = record.end() if record else _line_end(text, place)
        if record:
            rows.append(_fields(record[0], mark))
        elif rows:
            yield _written(rows, text[kept:place])
            rows, kept = [], place
        if not record:
            yield text[kept : stop + 1]
            kept = stop + 1
        place = stop + 1
    if rows:
        yield _written(rows, text[kept:])


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _fields(record: str, mark: str) -> list[str]:
    fields = [field[1] for field in _FIELDS[mark].finditer(record)]
    # After a field that ends the record the pattern matches once more, an empty end.
    if not record.endswith(mark):
        fields.pop()
    return [_unquoted(field) for field in fields]


def _unquoted(field: str) -> str:
    if field.startswith('"'):
        field = field[1:-1].replace('""', '"')
    return " ".join(field.split())


def _written(rows: _Rows, source: str) -> str:
    rows_of_table = _without_index(rows)
    if not _is_table(rows_of_table, "".join(source.split())):
        return source
    end = "\n" if source.endswith("\n") else ""
    return "\n".join(_line(row) for row in rows_of_table) + end


def _is_table(rows: _Rows, source: str) -> bool:
    if len(rows) < _FEWEST_ROWS or len({len(row) for row in rows}) > 1 or len(rows[0]) < _FEWEST_COLUMNS:
        return False
    # A title or a paragraph may stand in the first field of its row.
    prose = sum("。" in field for row in rows for field in row[1:])
    return prose <= _MOST_PROSE * len(rows) and _SIGNS_OF_TABLES.search(source) is not None


def _without_index(rows: _Rows) -> _Rows:
    """Leave the numbers of rows and columns out that a data frame is saved with."""
    columns = [str(number) for number in range(len(rows[0]) - 1)]
    if rows[0][0] or rows[0][1:] != columns or [row[0] for row in rows[1:]] != list(map(str, range(len(rows) - 1))):
        return rows[1:] if rows[0] == [*columns, str(len(columns))] else rows
    return [row[1:] for row in rows[1:]]


def _line(row: list[str]) -> str:
    is_prose = not any(row[1:]) and ("。" in row[0] or len(row[0]) > _LONGEST_CELL)
    return row[0] if is_prose else "\t".join(row)
