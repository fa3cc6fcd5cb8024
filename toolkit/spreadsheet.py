"""An Excel sheet written row by row, with the memory of one row.

A workbook is a zip archive of a few small XML parts and one large one, which
is streamed. The same rows give the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO
from xml.sax.saxutils import escape

#: Rows of a sheet that Excel opens.
MOST_ROWS = 1_048_576
_LONGEST_TEXT = 32_767
# Stand for the number of the row and for a cell; no text has them.
_ROW, _HOLE = "\0", "\1"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
    f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font>'
    '</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill '
    'patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/>'
    '</border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    '</cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


class SheetWriter:
    """Writes one sheet.

    Parameters
    ----------
    path : Path
    name : str
        Of the sheet.
    frozen : str
        The upper left cell of what scrolls.

    Examples
    --------
    >>> import tempfile, openpyxl
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with SheetWriter(Path(folder) / "a.xlsx", "data", "A2") as sheet:
    ...         sheet.write(["机关", "件", None, True])
    ...         sheet.write(["甲县", 3.0])
    ...     book = openpyxl.load_workbook(Path(folder) / "a.xlsx")
    ...     rows = list(book["data"].values)
    ...     book.close()
    >>> rows
    [('机关', '件', None, True), ('甲县', 3, None, None)]
    """

    def __init__(self, path: Path, name: str, frozen: str = "A1") -> None:
        self._file = path.open("wb")
        self._archive = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=2)
        for part, text in _PARTS.items():
            self._archive.writestr(_entry(part), _HEAD + text)
        workbook = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="{escape(name)}" sheetId="1" '
        self._archive.writestr(_entry("xl/workbook.xml"), f'{_HEAD}{workbook}r:id="rId1"/></sheets></workbook>')
        self._sheet: IO[bytes] = self._archive.open(_entry("xl/worksheets/sheet1.xml"), "w", force_zip64=True)
        self._sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}">{_pane(frozen)}<sheetData>'.encode())
        self._row = 0

    def write(self, values: Iterable[object]) -> None:
        """Append a row; None leaves a cell empty."""
        self.put(row_text(values))

    def put(self, row: str) -> None:
        """Append a row that :func:`row_text` returned."""
        self._row += 1
        self._sheet.write(row.replace(_ROW, str(self._row)).encode())

    def close(self) -> None:
        """Finish the file."""
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()
        self._archive.close()
        self._file.close()

    def abandon(self) -> None:
        """Let go of a file that will not be finished."""
        self._archive.fp = None  # else the archive is finished when it is forgotten
        with suppress(OSError):
            self._file.close()

    def __enter__(self) -> SheetWriter:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.abandon() if error else self.close()


def row_text(values: Iterable[object], hole: int | None = None) -> str:
    """Return a row as a sheet has it, its number left open: it is made before the rows above it are there.

    Parameters
    ----------
    values : iterable
        None leaves a cell empty.
    hole : int, optional
        Place of a cell that is left open as well: :func:`filled` sets it.
    """
    cells = (
        _HOLE if place == hole else _cell(_letter(place) + _ROW, value)
        for place, value in enumerate(values)
        if value is not None or place == hole
    )
    return f'<row r="{_ROW}">{"".join(cells)}</row>'


def filled(row: str, hole: int, value: object) -> str:
    """Return a row with its open cell.

    Examples
    --------
    >>> row = row_text(["a", None, 2.0], hole=1)
    >>> filled(row, 1, None) == row_text(["a", None, 2.0]), filled(row, 1, "b") == row_text(["a", "b", 2.0])
    (True, True)
    """
    return row.replace(_HOLE, "" if value is None else _cell(_letter(hole) + _ROW, value))


def _entry(part: str) -> zipfile.ZipInfo:
    """Return an entry whose time is always the same."""
    entry = zipfile.ZipInfo(part)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _pane(frozen: str) -> str:
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", frozen).groups()  # type: ignore[union-attr]
    columns = next(place for place in range(16384) if _letter(place) == letters)
    rows = int(digits) - 1
    splits = (f' xSplit="{columns}"' if columns else "") + (f' ySplit="{rows}"' if rows else "")
    if not splits:
        return ""
    pane = "bottomRight" if rows and columns else "bottomLeft" if rows else "topRight"
    return (
        f'<sheetViews><sheetView workbookViewId="0"><pane{splits} topLeftCell="{frozen}" activePane="{pane}" '
        'state="frozen"/></sheetView></sheetViews>'
    )


@cache
def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _cell(address: str, value: object) -> str:
    if isinstance(value, bool):
        return f'<c r="{address}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{address}"><v>{value:.17g}</v></c>'
    text = escape(_FORBIDDEN.sub("", str(value))[:_LONGEST_TEXT])
    return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
