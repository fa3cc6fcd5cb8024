"""The workbook of a coder: how it is laid out, written and read back.

The first sheet holds what the coder sees, a hidden one what the round trip
needs: which statement a row is, how likely it was to be drawn, and a digest of
its text by which a change is noticed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from zipfile import BadZipFile

import openpyxl
import pandas as pd
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.errors import SourceError
from toolkit.narrative.codingscheme import KINDS, CodingScheme

UNCODABLE = "uncodable"
CODES, SCHEME, INSTRUCTIONS, LISTS, SAMPLE = "coding 编码", "scheme 类目", "instructions 说明", "_lists", "_sample"
_HEADER = ("no", "kind 类型", "text 原文", "code 主编码", "second_code 次编码", "note 备注")
_SEEN = ("no", "kind", "text", "code", "second_code", "note")
_WIDTHS = (6, 12, 70, 32, 32, 30)
_KIND_LABELS = {"problem": "problem 问题", "improvement": "improvement 改进"}
KEPT = ("no", "statement", "report", "kind", "stratum", "probability", "simulated", "digest")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CONTACTS = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII), "[mail 邮箱]"),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)", re.ASCII), "[identity number 证件号]"),
    (re.compile(r"(?<!\d)(?:1[3-9]\d{9}|(?:\(?0\d{2,3}\)?[-— ]?)\d{7,8})(?!\d)", re.ASCII), "[phone 电话]"),
)
_ADVICE = (
    "编码说明 / Instructions",
    "1. 逐行阅读原文,在“主编码”栏从下拉列表中选一个类目;定义、包括与不包括见“类目”工作表。",
    "2. 一条兼及两个并列主题时,可另选“次编码”;没有则留空。",
    "3. 不是问题或改进措施、无法归类的,选 uncodable 并在备注中说明。",
    "4. 请独立编码,编码期间不与其他编码员讨论;不要改动原文、序号或增删行。",
    "1. Read each text and choose its main code from the list; definitions, inclusions and exclusions are on the "
    "scheme sheet.",
    "2. If a text names two themes side by side, choose a second code too; else leave it empty.",
    "3. If it is neither a problem nor an improvement, or fits no category, choose uncodable and say why in the note.",
    "4. Code on your own, without talking to other coders; change no text or number, add or delete no row.",
)


def mask_contacts(text: str) -> str:
    """Replace mail addresses, telephone and identity numbers.

    Examples
    --------
    >>> mask_contacts("联系人见公示，电话0527-83552345，邮箱zwgk@example.com")
    '联系人见公示，电话[phone 电话]，邮箱[mail 邮箱]'
    """
    for pattern, label in _CONTACTS:
        text = pattern.sub(label, text)
    return text


def sheet_text(text: str) -> str:
    """Return a text as the coder sees it: contacts masked, no control characters.

    Examples
    --------
    >>> sheet_text("更新\x0b不及时")
    '更新不及时'
    """
    return _CONTROL.sub("", mask_contacts(text))


def digest(text: str) -> str:
    """Return a short fingerprint of a text's characters.

    Examples
    --------
    >>> digest("更新 不及时") == digest("更新不及时"), digest("更新及时") == digest("更新不及时")
    (True, False)
    """
    # Office programs change line breaks and blanks on their own; only words count.
    return hashlib.sha256("".join(text.split()).encode("utf-8")).hexdigest()[:16]


def workbook(coder: str, rows: pd.DataFrame, scheme: CodingScheme) -> Workbook:
    """Lay out the workbook of one coder.

    Parameters
    ----------
    coder : str
    rows : DataFrame
        no, statement, kind, text, stratum, probability, digest; report and simulated if known.
    scheme : CodingScheme

    Examples
    --------
    >>> from toolkit.narrative.codingscheme import load_scheme
    >>> rows = pd.DataFrame({"no": [1], "statement": ["a#1"], "kind": ["problem"], "text": ["更新慢"],
    ...                      "stratum": ["all"], "probability": [0.1], "digest": [digest("更新慢")]})
    >>> book = workbook("li", rows, load_scheme())
    >>> [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    ['coding 编码', 'scheme 类目', 'instructions 说明']
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = CODES
    _fill(sheet, [_HEADER, *_visible(rows)], _WIDTHS)
    shown = ["code", "label", "label_en", "definition", "include", "exclude", "typical", "kinds"]
    _fill(
        book.create_sheet(SCHEME), [shown, *scheme.categories[shown].to_numpy().tolist()], (20, 18, 26, 40, 50, 50, 40)
    )
    _fill(book.create_sheet(INSTRUCTIONS), [[line] for line in _ADVICE], (110,))
    kept = [column for column in KEPT if column in rows]
    hidden = [["coder", coder], kept, *rows[kept].astype(object).to_numpy().tolist()]
    _fill(book.create_sheet(SAMPLE), hidden, ())
    _drop_downs(sheet, book.create_sheet(LISTS), rows["kind"].tolist(), scheme)
    book[SAMPLE].sheet_state = book[LISTS].sheet_state = "hidden"
    return book


def _visible(rows: pd.DataFrame) -> list[list[object]]:
    return [[row.no, _KIND_LABELS[row.kind], row.text, None, None, None] for row in rows.itertuples(index=False)]


def _fill(sheet: Worksheet, rows: Iterable[Sequence[object]], widths: Sequence[int]) -> None:
    for at, values in enumerate(rows, 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(at, column, None if value is pd.NA else value)  # type: ignore[arg-type]
            if isinstance(value, str):
                # A text that begins with = is a text, not a formula.
                cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=at == 1)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"


def _drop_downs(sheet: Worksheet, lists: Worksheet, kinds: list[str], scheme: CodingScheme) -> None:
    for column, kind in zip("AB", KINDS):
        choices = [f"{code} {scheme.label(code)}" for code in scheme.codes_of(kind)] + [f"{UNCODABLE} 无法编码"]
        for at, choice in enumerate(choices, 1):
            lists[f"{column}{at}"] = choice
        rule = DataValidation("list", formula1=f"'{LISTS}'!${column}$1:${column}${len(choices)}", allow_blank=True)
        rule.error, rule.errorTitle = "请从列表中选择 / choose from the list", CODES
        sheet.add_data_validation(rule)
        for at, of_row in enumerate(kinds, 2):
            if of_row == kind:
                rule.add(f"D{at}:E{at}")


def read_workbook(path: Path) -> tuple[str, pd.DataFrame, pd.DataFrame]:
    """Read a coder's workbook back.

    Parameters
    ----------
    path : Path

    Returns
    -------
    tuple
        The coder; the rows as the coder left them (no, kind, text, code,
        second_code, note, all text); and the hidden sample.

    Raises
    ------
    SourceError
        If the file cannot be read or is not such a workbook.

    Examples
    --------
    >>> import tempfile
    >>> from toolkit.narrative.codingscheme import load_scheme
    >>> rows = pd.DataFrame({"no": [1], "statement": ["a#1"], "kind": ["problem"], "text": ["=更新慢"],
    ...                      "stratum": ["all"], "probability": [0.1], "digest": [digest("=更新慢")]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     workbook("li", rows, load_scheme()).save(Path(folder) / "li.xlsx")
    ...     coder, seen, sample = read_workbook(Path(folder) / "li.xlsx")
    >>> coder, seen["text"].tolist(), sample["probability"].tolist()
    ('li', ['=更新慢'], [0.1])
    """
    try:
        book = openpyxl.load_workbook(path)
    except (OSError, BadZipFile, InvalidFileException, KeyError) as error:
        raise SourceError(f"{path}: cannot be read as a workbook ({error})", "save it as .xlsx") from None
    if not {CODES, SAMPLE} <= set(book.sheetnames):
        raise SourceError(f"{path}: has no sheets {CODES!r} and {SAMPLE!r}", "pass a workbook of export_for_coding")
    left = list(book[CODES].iter_rows(min_row=2, max_col=6, values_only=True))
    # As objects: an empty cell stays None whatever stands in its column.
    seen = pd.DataFrame(left, columns=list(_SEEN), dtype=object)
    hidden = list(book[SAMPLE].iter_rows(values_only=True))
    if len(hidden) < 3 or hidden[0][0] != "coder":
        raise SourceError(f"{path}: the hidden sheet {SAMPLE!r} was changed", "start from the workbook as exported")
    sample = pd.DataFrame(hidden[2:], columns=list(hidden[1]))
    return str(hidden[0][1]), seen.dropna(how="all").reset_index(drop=True), sample
