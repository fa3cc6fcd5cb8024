"""Three-line tables for papers, in LaTeX and Word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.analysis.writing.wording import SIMULATED, words

MISSING = "—"
# What heads the row labels of a regression table: nothing.
ROWS = " "
# Backslash first, or it would escape the escapes.
ESCAPES = {
    **{"\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}"},
    **{
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
    },
    **{"−": "$-$", "\n": " "},
}


@dataclass(frozen=True)
class Table:
    """A frame on its way to print: its texts and what stands around it."""

    frame: pd.DataFrame
    labels: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    note: str = ""
    source: str = ""
    lang: str = "zh"
    digits: int = 3
    simulated: bool = False

    def heads(self) -> list[str]:
        """Return what heads the columns; those that start with a blank are headed by nothing."""
        return [self.labels.get(name, name).strip() for name in self.frame.columns]

    def rows(self) -> list[list[str]]:
        """Return the texts of the cells, row by row."""
        columns = [self.frame[name] for name in self.frame.columns]
        texts = [[printed(value, self.digits, _has_decimals(column)) for value in column] for column in columns]
        return [list(row) for row in zip(*texts)]

    def sides(self) -> list[str]:
        """Return l, r or c for each column: texts left, numbers right, the models of a regression centred."""
        numbers = [pd.api.types.is_numeric_dtype(self.frame[name].dtype) for name in self.frame.columns]
        models = "c" if list(self.frame.columns[:1]) == [ROWS] else "l"
        return ["r" if number else models if place else "l" for place, number in enumerate(numbers)]

    def heading(self) -> str:
        """Return the title, with the mark of simulated data."""
        mark = SIMULATED[self.lang] if self.simulated else ""
        if not mark:
            return self.title
        return (
            words(self.lang, f"{self.title}（{mark}）", f"{self.title} ({mark})") if self.title else mark.capitalize()
        )

    def feet(self) -> list[str]:
        """Return the lines below the table: note, missing values, source."""
        missing = any(text == MISSING for row in self.rows() for text in row)
        dash = words(self.lang, f"{MISSING} 为缺失。", f"{MISSING}: missing.") if missing else ""
        note = " ".join(filter(None, (self.note, dash)))
        lines = [words(self.lang, f"注：{note}", f"Note: {note}") if note else ""]
        return (
            [*lines, words(self.lang, f"资料来源：{self.source}", f"Source: {self.source}")] if self.source else lines
        )


def _has_decimals(column: pd.Series) -> bool:
    numbers = column.dropna()
    return pd.api.types.is_float_dtype(column.dtype) and bool((numbers != numbers.round()).any())


def printed(value: Any, digits: int = 3, fixed: bool = False) -> str:
    """Return a value as tables print it: rounded to ``digits``, minus signs, a dash for missing.

    ``fixed`` gives whole numbers their decimals too, as in a column of rates.

    Examples
    --------
    >>> printed(-0.12345), printed(1234.0), printed(1.0, fixed=True), printed(None), printed(0.00001)
    ('−0.123', '1,234', '1.000', '—', '<0.001')
    """
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)) or value is pd.NaT:
        return MISSING
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return signed(f"{int(value):,}")
    if isinstance(value, (float, np.floating)):
        number = float(value)
        if np.isinf(number):
            return "∞" if number > 0 else "−∞"
        if number.is_integer() and not fixed:
            return signed(f"{number:,.0f}")
        small = 10.0**-digits
        return f"<{small:g}" if 0 < number < small / 2 else signed(f"{number:,.{digits}f}")
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def signed(text: str) -> str:
    """Return a number's text with a minus sign for its hyphen.

    Examples
    --------
    >>> signed("-0.5")
    '−0.5'
    """
    return text.replace("-", "−")


def escaped(text: str) -> str:
    r"""Return a text with the characters that LaTeX would read as commands escaped.

    Examples
    --------
    >>> print(escaped("a_b & 50% <x> $5"))
    a\_b \& 50\% \textless{}x\textgreater{} \$5
    """
    return "".join(ESCAPES.get(char, char) for char in text)


def write_latex(table: Table, target: Path) -> None:
    r"""Write a three-line table for booktabs; Chinese needs XeLaTeX with ctex.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_latex(Table(pd.DataFrame({"a_b": [0.5]})), Path(folder) / "a.tex")
    ...     text = (Path(folder) / "a.tex").read_text(encoding="utf-8")
    >>> print(text.split("toprule\n")[1].split("\n\\bottomrule")[0])
    a\_b \\
    \midrule
    0.500 \\
    """
    align = "".join(table.sides())
    lines = ["% \\usepackage{booktabs,ctex}", "\\begin{table}[htbp]", "\\centering"]
    if heading := table.heading():
        lines.append(f"\\caption{{{escaped(heading)}}}")
    lines += [f"\\begin{{tabular}}{{{align}}}", "\\toprule", _latex_row(table.heads()), "\\midrule"]
    lines += [_latex_row(row) for row in table.rows()]
    lines += ["\\bottomrule", "\\end{tabular}"]
    lines += [f"\\par\\footnotesize {escaped(foot)}" for foot in table.feet() if foot]
    target.write_text("\n".join([*lines, "\\end{table}", ""]), encoding="utf-8", newline="\n")


def _latex_row(texts: Sequence[str]) -> str:
    # A bracket at the start of a row would be read as an argument of the line break before it.
    return " & ".join("{}" + escaped(text) if text.startswith(("[", "*")) else escaped(text) for text in texts) + r" \\"


def write_word(table: Table, target: Path) -> None:
    """Write a three-line table in Word: title above, note and source below."""
    from docx import Document

    document = Document()
    normal = document.styles["Normal"]
    _font(normal, 10.5)
    if heading := table.heading():
        _paragraph(document, heading, size=10.5, bold=True, centred=True)
    heads, rows = table.heads(), table.rows()
    grid = document.add_table(rows=1 + len(rows), cols=len(heads))
    grid.alignment = 1
    # Cells are taken once: asking a table for cell after cell takes quadratic time.
    for row, texts in zip(grid.rows, [heads, *rows]):
        for cell, text, side in zip(row.cells, texts, table.sides()):
            _cell(cell, text, side)
    _rules(grid)
    for foot in filter(None, table.feet()):
        _paragraph(document, foot, size=9)
    document.core_properties.created = document.core_properties.modified = pd.Timestamp(2000, 1, 1).to_pydatetime()
    document.save(str(target))


def _font(style: Any, size: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style.font.name, style.font.size = "Times New Roman", Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")


def _paragraph(document: Any, text: str, size: float, bold: bool = False, centred: bool = False) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.alignment = 1 if centred else 0
    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(2)
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)


def _cell(cell: Any, text: str, side: str) -> None:
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.alignment = "lcr".index(side)
    paragraph.add_run(text).font.size = Pt(9)


def _rules(grid: Any) -> None:
    """Draw the three lines: above and below 1.5 points, under the head 0.75."""
    for edge, row in (("top", grid.rows[0]), ("bottom", grid.rows[-1])):
        for cell in row.cells:
            _edge(cell, edge, 12)
    for cell in grid.rows[0].cells:
        _edge(cell, "bottom", 6 if len(grid.rows) > 1 else 12)


def _edge(cell: Any, edge: str, eighths: int) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = cell._tc.get_or_add_tcPr()
    borders = properties.find(qn("w:tcBorders"))
    if borders is None:
        borders = OxmlElement("w:tcBorders")
        properties.append(borders)
    line = borders.find(qn(f"w:{edge}"))
    if line is None:
        line = OxmlElement(f"w:{edge}")
        borders.append(line)
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "0"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
