"""Word files, and pages printed from them: shapes that are bytes, not text."""

from __future__ import annotations

import contextlib
import io
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import docx
import pypdfium2 as pdfium
from docx.document import Document as WordDocument
from docx.shared import Pt

from toolkit.errors import InputError
from toolkit.simulation.draft import Draft
from toolkit.simulation.sheet import Slot, Table

_SECONDS_PER_FILE = 60


def word_file(report: Draft) -> bytes:
    """Return the report as a .docx file, merged cells merged as Word does it.

    Examples
    --------
    >>> from toolkit.simulation.draft import distinct_figures, draft
    >>> word_file(draft("2021", distinct_figures("2021")))[:2]
    b'PK'
    """
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(8)
    document.core_properties.created = document.core_properties.modified = datetime(2020, 1, 1)
    document.core_properties.comments = report.mark
    document.add_heading(report.title, 0)
    for text in [report.mark, *report.preamble]:
        document.add_paragraph(text)
    for chapter in report.chapters:
        document.add_heading(chapter.heading, 1)
        for block in chapter.blocks:
            if isinstance(block, Table):
                _add_table(document, block)
            else:
                document.add_paragraph(block)
    for text in report.closing:
        document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add_table(document: WordDocument, table: Table) -> None:
    width = max(sum(slot.colspan for slot in row) for row in table.rows)
    grid = document.add_table(len(table.rows), width, style="Table Grid")
    # One look at all cells: python-docx rebuilds the row at every cell(row, column).
    cells = [list(row.cells) for row in grid.rows]
    covered: set[tuple[int, int]] = set()
    for number, row in enumerate(table.rows):
        column = 0
        for slot in row:
            while (number, column) in covered:
                column += 1
            last = min(number + slot.rowspan, len(table.rows)) - 1, min(column + slot.colspan, width) - 1
            cell = cells[number][column]
            if last != (number, column):
                cell = cell.merge(cells[last[0]][last[1]])
            cell.text = _without_breaks(slot)
            covered |= {(down, right) for down in range(number, last[0] + 1) for right in range(column, last[1] + 1)}
            column += slot.colspan
    # A lost cell is not an empty one: what no slot covers is taken out of its row.
    for number, row_cells in enumerate(cells):
        for column, cell in enumerate(row_cells):
            if (number, column) not in covered:
                cell._tc.getparent().remove(cell._tc)


def _without_breaks(slot: Slot) -> str:
    # Word files are XML: what XML cannot hold cannot stand in them.
    return "".join(character for character in slot.text if character >= " " or character in "\n\t")


def office() -> str | None:
    """Return the path of LibreOffice, or None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def print_pages(files: Iterable[Path], folder: Path) -> list[Path]:
    """Print Word files or pages to PDF with LibreOffice, all in one run.

    Parameters
    ----------
    files : iterable of Path
        With different stems.
    folder : Path
        Where the PDFs go.

    Returns
    -------
    list of Path
        One PDF for each file, in the same order.

    Raises
    ------
    InputError
        If LibreOffice is not installed or does not print every file.
    """
    sources = list(files)
    program = office()
    if program is None:
        raise InputError("LibreOffice is not installed", "install it, or leave out the format pdf")
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                *(program, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--convert-to", "pdf"),
                *("--outdir", str(folder), *map(str, sources)),
            ],
            check=True,
            capture_output=True,
            timeout=_SECONDS_PER_FILE * (len(sources) + 1),
        )
    printed = [folder / f"{source.stem}.pdf" for source in sources]
    if lost := [path.name for path in printed if not path.is_file()]:
        raise InputError(f"LibreOffice did not print {', '.join(lost[:3])}", "open the file in LibreOffice and look")
    return printed


def scan(pdf: Path, dots_per_inch: int, rng: random.Random) -> bytes:
    """Return an image-only PDF of a printed one: grey pages, slightly skewed, as a scanner makes them."""
    pages = []
    with contextlib.closing(pdfium.PdfDocument(pdf)) as document:
        for page in document:
            image = page.render(scale=dots_per_inch / 72).to_pil().convert("L")
            pages.append(image.rotate(rng.uniform(-0.4, 0.4), fillcolor=255))
    file = io.BytesIO()
    pages[0].save(file, format="PDF", save_all=True, append_images=pages[1:], resolution=dots_per_inch)
    return file.getvalue()


#: Name -> (writer, keeps empty cells, parts cells by more than blanks).
FILE_SHAPES: dict[str, tuple[Callable[[Draft], bytes], bool, bool]] = {"docx": (word_file, True, True)}
