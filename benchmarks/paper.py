"""Reports as a scanner delivers them: plausible figures, set in many ways, printed, scanned well or badly. Simulated.

Used by :mod:`benchmarks.scans`. Every document follows from its seed alone.
"""

from __future__ import annotations

import contextlib
import io
import random
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import docx
import numpy as np
import pypdfium2 as pdfium
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
from docx.table import Table
from PIL import Image, ImageFilter

from toolkit.simulation.draft import draft
from toolkit.simulation.sheet import Figure, Key, compose
from toolkit.simulation.writer import Written, render

#: Latin and Chinese fonts that stand for those of offices: Song, Hei, Times, Arial.
LATIN = ("Liberation Serif", "Liberation Sans", "Noto Serif CJK SC", "Noto Sans CJK SC", "DejaVu Serif")
CHINESE = ("Noto Serif CJK SC", "Noto Sans CJK SC")
#: How large the largest figures of a body are, in powers of ten: a township, an office, a county, a city, a province.
SIZES = (0.6, 1.3, 2.0, 3.0, 4.2)
ZEROS = {"0": 7, "": 1, "/": 0.5, "—": 0.5, "-": 0.5}
AGENCIES = ("青石县发展和改革局", "临江市人民政府", "云河区城南街道办事处", "东陵市教育局", "白水县人民政府")


def paper_report(seed: int) -> Written:
    """Return a simulated report as a Word file, set in its own way, with its truth."""
    rng = random.Random(f"paper {seed}")
    form = rng.choice(("2021", "2021", "2019"))
    figures = plausible_figures(form, rng)
    zero = rng.choices(list(ZEROS), list(ZEROS.values()))[0]
    commas = rng.random() < 0.25
    shown = {key: _printed(key, figure, zero, commas) for key, figure in figures.items()}
    year = rng.choice((2021, 2022, 2023, 2024))
    written = render(draft(form, shown, agency=rng.choice(AGENCIES), year=year), "docx")
    return Written(_set(written.content, rng), written.suffix, form, written.truths)


def plausible_figures(form: str, rng: random.Random) -> dict[Key, Figure]:
    """Return figures of a body of some size: many zeros, every sum true."""
    size, busy = rng.choice(SIZES), rng.choice((0.1, 0.3, 0.6, 0.9))
    keys = [cell.key for cell in compose(form)]
    figures: dict[Key, Figure] = {}
    for part, item, category in keys:
        high = size + (2.5 if part == "active_disclosure" else -1.0 if part == "disputes" else 0.0)
        count = int(10 ** rng.uniform(0, max(0.5, high))) if rng.random() < busy else 0
        figures[part, item, category] = count
        if category == "amount":
            unit = "" if item == "fees" else "万元"
            figures[part, item, category] = f"{Decimal(count * 997 % 99_999_989) / 100:.2f}{unit}"
        elif category == "change" and rng.random() < 0.3:
            figures[part, item, category] = -count
    _balance_applications(keys, figures)
    for item in {item for part, item, _ in keys if part == "disputes"}:
        _add_up(figures, "disputes", item, [key[2] for key in keys if key[:2] == ("disputes", item)])
    return figures


def _balance_applications(keys: list[Key], figures: dict[Key, Figure]) -> None:
    part = "applications"
    items = list(dict.fromkeys(item for name, item, _ in keys if name == part))
    kinds = list(dict.fromkeys(kind for name, _, kind in keys if name == part))
    outcomes = items[2 : items.index("outcomes_total")]
    for kind in kinds[:-1]:
        total = sum(int(str(figures[part, item, kind])) for item in outcomes)
        settled = total + int(str(figures[part, "carried_forward", kind]))
        brought = min(settled, int(str(figures[part, "brought_forward", kind])))
        figures[part, "outcomes_total", kind] = total
        figures[part, "brought_forward", kind] = brought
        figures[part, "new_received", kind] = settled - brought
    for item in items:
        _add_up(figures, part, item, kinds)


def _add_up(figures: dict[Key, Figure], part: str, item: str, kinds: list[str]) -> None:
    figures[part, item, kinds[-1]] = sum(int(str(figures[part, item, kind])) for kind in kinds[:-1])


def _printed(key: Key, figure: Figure, zero: str, commas: bool) -> Figure:
    if figure == 0 and key[0] == "applications":
        return zero
    return f"{figure:,}" if commas and isinstance(figure, int) else figure


def _set(content: bytes, rng: random.Random) -> bytes:
    """Set a Word file in fonts, sizes and columns of its own."""
    document = docx.Document(io.BytesIO(content))
    normal = document.styles["Normal"]
    normal.font.size = Pt(rng.choice((8, 9, 9, 10)))
    normal.font.name = rng.choice(LATIN)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), rng.choice(CHINESE))
    normal.paragraph_format.space_after = Pt(rng.choice((0, 0, 2)))
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(rng.choice((20, 25, 28)))
    width = section.page_width - section.left_margin - section.right_margin
    as_official, centred = rng.random() < 0.75, rng.random() < 0.75
    for table in document.tables:
        columns = len(table.columns)
        shares: tuple[int, ...] = (1,) * columns
        if columns == 10 and as_official:
            shares = rng.choice(((4, 8, 22, 9, 9, 9, 9, 10, 9, 11), (5, 10, 25, 8, 8, 8, 8, 10, 8, 10)))
        _lay_columns(table, [int(width * share / sum(shares)) for share in shares])
        if centred:
            _centre(table)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _lay_columns(table: Table, widths: list[int]) -> None:
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Emu(width)
    for row in table._tbl.tr_lst:
        at = row.grid_before
        for cell in row.tc_lst:
            cell.width = Emu(sum(widths[at : at + cell.grid_span]))
            at += cell.grid_span


def _centre(table: Table) -> None:
    for row in table._tbl.tr_lst:
        for cell in row.tc_lst:
            properties = cell.get_or_add_tcPr()
            align = properties.makeelement(qn("w:vAlign"), {qn("w:val"): "center"})
            properties.append(align)
            for paragraph in cell.p_lst:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


@dataclass(frozen=True, slots=True)
class Scanner:
    """What a scanner does to a page."""

    skew: float
    grain: float
    blur: float
    paper: int
    black: int
    shade: float
    quality: int


def scanner(seed: int) -> Scanner:
    """Return the scanner of a document: from clean to poor."""
    rng = random.Random(f"scanner {seed}")
    return Scanner(
        skew=rng.uniform(-1, 1),
        grain=rng.choice((0, 2, 5, 9)),
        blur=rng.choice((0, 0.3, 0.5, 0.7)),
        paper=rng.choice((255, 250, 235, 215)),
        black=rng.choice((0, 20, 45, 70)),
        shade=rng.choice((0, 0, 12, 25)),
        quality=rng.choice((45, 60, 75, 90)),
    )


def scanned(pdf: Path, dots_per_inch: int, seed: int) -> bytes:
    """Return an image-only PDF of a printed one, as :func:`scanner` delivers it."""
    device, random_state = scanner(seed), np.random.default_rng(seed)
    pages = []
    with contextlib.closing(pdfium.PdfDocument(pdf)) as document:
        for page in document:
            image = page.render(scale=dots_per_inch / 72).to_pil().convert("L")
            pages.append(_through(device, image, random_state))
    file = io.BytesIO()
    pages[0].save(
        file, format="PDF", save_all=True, append_images=pages[1:], resolution=dots_per_inch, quality=device.quality
    )
    return file.getvalue()


def _through(device: Scanner, image: Image.Image, random_state: np.random.Generator) -> Image.Image:
    turned = image.rotate(device.skew + random_state.uniform(-0.2, 0.2), Image.Resampling.BICUBIC, fillcolor=255)
    if device.blur:
        turned = turned.filter(ImageFilter.GaussianBlur(device.blur * image.width / 1240))
    pixels = device.black + np.asarray(turned, dtype=float) * (device.paper - device.black) / 255
    pixels -= device.shade * np.linspace(0, 1, image.width) ** 2
    pixels += random_state.normal(0, device.grain, pixels.shape) if device.grain else 0
    file = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=device.quality)
    return Image.open(file)
