"""The reader of pictures, on pages drawn here. All are simulated."""

from __future__ import annotations

import io
import sys
from importlib.util import find_spec

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from tests.reports.readers.raw_pdf import pdf, ruled, text
from toolkit.errors import SourceError
from toolkit.reports.readers.pdf.reader import read_pdf
from toolkit.reports.readers.scans import reader as scan

needs_ocr = pytest.mark.skipif(find_spec("rapidocr") is None, reason="the extra ocr is not installed")
FIGURES = [["3001", "53", "0", "61"], ["447", "", "7", "9568"], ["12", "0", "108", "2932"]]


def page() -> list[str]:
    """Return a table of figures with a line of words above it."""
    xs, ys = [100.0, 180.0, 260.0, 340.0, 420.0], [700.0, 660.0, 620.0, 580.0]
    drawn = ["0.8 w", *ruled(xs, ys), text(100, 750, "Annual report 2023, simulated", 12)]
    for y, row in zip(ys, FIGURES):
        drawn += [text(x + 25, y - 25, figure, 12) for x, figure in zip(xs, row) if figure]
    return drawn


def picture(dpi: int, skew: float = 0.0, grain: float = 0.0) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf([page()]))
    drawn = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
    pixels = np.asarray(drawn.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255), dtype=float)
    pixels = pixels + np.random.default_rng(0).normal(0, grain, pixels.shape) if grain else pixels
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@needs_ocr
def test_figures_of_a_page_askew_and_grainy():
    document = scan.read_pictures([png(picture(150, skew=0.8, grain=8.0))])
    grid = next(document.grids())
    assert [[cell.text for cell in row] for row in grid.rows()] == FIGURES
    assert not any(cell.doubtful for cell in grid.cells)
    assert grid.cells[5].locator == "p1t1r2c2" and grid.cells[5].text == ""
    first = next(document.paragraphs())
    assert document.text[first.start : first.stop].replace(" ", "") == "Annualreport2023,simulated"
    assert document.format == "scan"


@needs_ocr
def test_a_damaged_figure_is_doubtful_and_nothing_is_filled_in():
    image = np.asarray(picture(200)).copy()
    scale = 200 / 72
    # White over the right half of the 53 in the first row: its sum could be reckoned, it is not.
    top, left = int((842 - 700) * scale), int(211 * scale)
    image[top + 10 : top + 100, left : left + 3] = 60
    image[top + 50 : top + 62, left - 12 : left + 30] = 120
    cell = next(scan.read_pictures([Image.fromarray(image)]).grids()).cells[1]
    assert cell.doubtful


@needs_ocr
def test_pictures_inside_a_pdf_are_read():
    document = pypdfium2.PdfDocument.new()
    image = pypdfium2.PdfImage.new(document)
    image.set_bitmap(pypdfium2.PdfBitmap.from_pil(picture(200).convert("RGB")))
    image.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
    target = document.new_page(595, 842)
    target.insert_obj(image)
    target.gen_content()
    file = io.BytesIO()
    document.save(file)
    found = read_pdf(file.getvalue())
    assert [[cell.text for cell in row] for row in next(found.grids()).rows()] == FIGURES
    assert found.notes == ["page 1 is a picture, read by text recognition"] and found.format == "scan"


@needs_ocr
@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(png(Image.new("1", (20_000, 20_000), 1)), "20,000 x 20,000 pixels", id="400 million pixels"),
        pytest.param(png(Image.new("L", (300, 300), 255)), "no text", id="blank"),
        pytest.param(b"words", "not a picture", id="no picture"),
        pytest.param(png(Image.effect_noise((300, 300), 80))[:4000], "damaged", id="truncated"),
    ],
)
def test_bad_pictures_are_told_apart(data, message):
    with pytest.raises(SourceError, match=message) as caught:
        scan.read_pictures([data])
    assert caught.value.hint


def test_without_the_extra_the_failure_says_what_to_install(monkeypatch):
    scan.reader.cache_clear()
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    with pytest.raises(SourceError, match=r"pip install 'xxgk-toolkit\[ocr\]'"):
        scan.read_pictures([b""])
    scan.reader.cache_clear()
