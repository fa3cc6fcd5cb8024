"""The PDF reader, against tables whose every cell is known. All files are simulated."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from tests.reports.readers.raw_pdf import line, pdf, ruled, text
from toolkit.errors import SourceError
from toolkit.reports.document import Document, Grid
from toolkit.reports.folding import fold
from toolkit.reports.readers.layout.pages import Page, document_of
from toolkit.reports.readers.layout.paragraphs import Line
from toolkit.reports.readers.layout.parts import Part, Placed
from toolkit.reports.readers.layout.seams import stitched
from toolkit.reports.readers.pdf.reader import is_image_only, read_pdf

DATA = Path(__file__).parents[2] / "data"


def cells(grid: Grid) -> dict[tuple[int, int, int, int], str]:
    return {(cell.row, cell.column, cell.rowspan, cell.colspan): fold(cell.text) for cell in grid.cells}


def texts(document: Document) -> list[str]:
    return [document.text[block.start : block.stop] for block in document.paragraphs()]


def rows(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows()]


@pytest.mark.parametrize("name", ["simulated_browser_print", "simulated_office_print"])
def test_every_cell_of_the_official_tables(name):
    document = read_pdf((DATA / f"{name}.pdf").read_bytes())
    truth = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    for grid, table in zip(document.grids(), truth, strict=True):
        assert cells(grid) == {tuple(cell[:4]): fold(cell[4]) for cell in table}
        assert not any(cell.doubtful for cell in grid.cells)


def test_locators_name_the_page_on_which_a_cell_stands():
    document = read_pdf((DATA / "simulated_office_print.pdf").read_bytes())
    _, applications, disputes = document.grids()
    assert applications.locator == "p2t2" and disputes.locator == "p6t3"
    assert {cell.locator[:2] for cell in applications.cells} == {"p2", "p3", "p4", "p5", "p6"}
    assert next(cell.locator for cell in applications.cells if fold(cell.text).startswith("四、结转")) == "p6t2r28c1"


def test_paragraphs_are_joined_and_page_numbers_dropped():
    document = read_pdf((DATA / "simulated_office_print.pdf").read_bytes())
    found = [fold(paragraph) for paragraph in texts(document)]
    assert found[0] == "某某市人民政府2023年政府信息公开工作年度报告"
    assert found[1].startswith("(本文件为模拟数据") and found[1].endswith("提出意见。")
    assert [paragraph for paragraph in found if len(paragraph) < 30 and paragraph != found[0]] == [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
        "无其他需要报告的事项。",
    ]


def table(y: float, labels: list[tuple[str, list[str]]], **kinds: bool) -> list[str]:
    """Return a table of rows 20 high, its label column 100 wide, its figures' columns 40."""
    columns = len(labels[0][1])
    xs = [100.0, 200.0, *(200.0 + 40 * (number + 1) for number in range(columns))]
    ys = [y - 20.0 * number for number in range(len(labels) + 1)]
    drawn = [line(x, ys[0], x, ys[-1]) for x in xs]
    closed = slice(kinds.get("open_top", False), len(ys) - kinds.get("open_bottom", False))
    drawn += [line(xs[0], at, xs[-1], at) for at in ys[closed]]
    for top, (label, figures) in zip(ys, labels):
        drawn.append(text(106, top - 14, label))
        drawn += [text(x + 8, top - 14, figure) for x, figure in zip(xs[1:], figures) if figure]
    return drawn


def test_a_blank_cell_is_there_and_empty():
    document = read_pdf(pdf([table(700, [("规章", ["1", "", "3"]), ("许可", ["", "0", "/"])])]))
    assert rows(next(document.grids())) == [["规章", "1", "", "3"], ["许可", "", "0", "/"]]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(
            [("1.甲", ["1", "2"])], [("2.乙", ["3", "4"])], [["1.甲", "1", "2"], ["2.乙", "3", "4"]], id="whole rows"
        ),
        pytest.param(
            [("1.甲甲甲甲甲甲甲甲", ["", ""])],
            [("乙乙", ["3", "4"])],
            [["1.甲甲甲甲甲甲甲甲乙乙", "3", "4"]],
            id="label cut, figures below",
        ),
        pytest.param(
            [("1.甲甲甲甲甲甲甲甲", ["3", "4"])],
            [("乙乙", ["", ""])],
            [["1.甲甲甲甲甲甲甲甲乙乙", "3", "4"]],
            id="label cut, figures above",
        ),
        pytest.param(
            [("规章", ["", ""])],
            [("规范性文件", ["3", "4"])],
            [["规章", "", ""], ["规范性文件", "3", "4"]],
            id="a blank row is whole",
        ),
        pytest.param(
            [("项目", ["甲项", "乙项"]), ("1.甲", ["1", "2"])],
            [("项目", ["甲项", "乙项"]), ("2.乙", ["3", "4"])],
            [["项目", "甲项", "乙项"], ["1.甲", "1", "2"], ["2.乙", "3", "4"]],
            id="repeated header",
        ),
    ],
)
def test_a_table_over_a_page_break_is_one_table(first, second, expected):
    above, below = table(100, first, open_bottom=True), table(800, second, open_top=True)
    above += [text(280, 20, "— 1 —")]
    document = read_pdf(pdf([above, [*below, text(280, 20, "— 2 —")]]))
    assert [rows(grid) for grid in document.grids()] == [expected]
    assert texts(document) == []


def test_a_heading_between_parts_two_tables():
    first, second = table(100, [("1.甲", ["1", "2"])]), table(700, [("2.乙", ["3", "4"])])
    document = read_pdf(pdf([first, [text(100, 780, "四、行政复议、行政诉讼情况"), *second]]))
    assert [rows(grid) for grid in document.grids()] == [[["1.甲", "1", "2"]], [["2.乙", "3", "4"]]]


def test_vertical_label_one_character_a_line():
    letters = [text(105, 780 - 12 * number, char) for number, char in enumerate("三、本年度办理结果")]
    lines = [*ruled([100, 120, 200], [800, 660]), line(120, 730, 200, 730), text(130, 760, "12"), text(130, 690, "34")]
    grid = next(read_pdf(pdf([[*lines, *letters]])).grids())
    assert cells(grid) == {(0, 0, 2, 1): "三、本年度办理结果", (0, 1, 1, 1): "12", (1, 1, 1, 1): "34"}


def test_text_drawn_twice_is_read_once():
    once = table(700, [("规章", ["11", "200"])])
    shadow = [text(106.3, 686, "规章"), text(208.3, 686, "11"), text(248.3, 686.3, "200")]
    assert rows(next(read_pdf(pdf([once + shadow])).grids())) == [["规章", "11", "200"]]


@pytest.mark.parametrize(
    "matrix", ["0 1 -1 0 595 0", "-1 0 0 -1 595 842", "0 -1 1 0 0 842"], ids=["up", "over", "down"]
)
def test_turned_pages(matrix):
    turned = [f"q {matrix} cm", *table(500, [("规章", ["1", "22"]), ("许可", ["333", ""])]), "Q"]
    assert rows(next(read_pdf(pdf([turned])).grids())) == [["规章", "1", "22"], ["许可", "333", ""]]


def test_lines_as_thin_boxes_dots_and_double_lines():
    thin = ["0 g"] + [f"{x} 660 0.5 40 re f" for x in (100, 200, 240)] + [f"100 {y} 140 0.5 re f" for y in (660, 680)]
    dotted = [f"{x} 699.5 1 1 re f" for x in range(100, 241, 3)] + ["100 678.2 140 0.5 re f"]
    figures = [text(106, 686, "规章"), text(208, 686, "5"), text(106, 665, "许可"), text(208, 665, "7")]
    assert rows(next(read_pdf(pdf([[*thin, *dotted, *figures]])).grids())) == [["规章", "5"], ["许可", "7"]]


def test_white_boxes_and_backgrounds_are_no_lines():
    drawn = ["1 g 150 640 1 60 re f 0.8 0.9 1 rg 100 680 180 20 re f 0 g", *table(700, [("规章", ["5", "6"])])]
    assert rows(next(read_pdf(pdf([drawn])).grids())) == [["规章", "5", "6"]]


def test_a_frame_around_the_page_is_no_table():
    document = read_pdf(
        pdf([[*ruled([50, 550], [800, 400]), text(60, 780, "一、总体情况"), *table(700, [("规章", ["5"])])]])
    )
    assert texts(document) == ["一、总体情况"]
    assert [rows(grid) for grid in document.grids()] == [[["规章", "5"]]]


def test_a_figure_through_which_a_line_runs_is_doubtful():
    drawn = [*ruled([100, 200, 240, 280], [700, 680]), text(106, 686, "许可"), text(215, 686, "1234567")]
    grid = next(read_pdf(pdf([drawn])).grids())
    assert [(cell.text, cell.doubtful) for cell in grid.cells] == [("许可", False), ("1234567", True), ("", True)]


def test_two_figures_in_one_cell_are_doubtful():
    drawn = [*ruled([100, 200, 300], [700, 660]), text(106, 676, "许可"), text(240, 686, "3"), text(240, 668, "5")]
    cell = next(read_pdf(pdf([drawn])).grids()).cells[1]
    assert (cell.text, cell.doubtful) == ("3\n5", True)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([(110, "8041"), (132, "5760")], "8041 5760"),
        ([(110, "8"), (116, "0"), (122, "4"), (128, "1"), (134, "5760")], "80415760"),
        ([(110, "-"), (117, "3247")], "-\u20093247"),
        ([(110, "-"), (113.6, "3247")], "-3247"),
    ],
    ids=["a step longer than between digits", "digits drawn one by one", "a dash and a number", "a negative number"],
)
def test_neighbouring_numbers_are_never_one(pieces, expected):
    document = read_pdf(pdf([[text(x, 686, words) for x, words in [(50, "许可"), *pieces]]]))
    assert texts(document) == [f"许可 {expected}"]


def test_a_dash_beside_a_line_is_a_cell_of_its_own():
    drawn = [
        *ruled([100, 200, 240, 280], [700, 680]),
        text(106, 686, "许可"),
        text(235, 686, "-"),
        text(241.5, 686, "32"),
    ]
    grid = next(read_pdf(pdf([drawn])).grids())
    assert [(cell.text, cell.doubtful) for cell in grid.cells] == [("许可", False), ("-", False), ("32", False)]


def test_a_strip_at_the_edge_of_one_page_is_no_column():
    upper = Part(
        1,
        0.0,
        [0, 4, 500, 900],
        1,
        [Placed("", 0, 0, 1, 1, 1), Placed("总计", 0, 1, 1, 1, 1), Placed("7", 0, 2, 1, 1, 1)],
    )
    lower = Part(2, 0.0, [0, 500, 900], 1, [Placed("结转", 0, 0, 1, 1, 2), Placed("8", 0, 1, 1, 1, 2)])
    (whole,) = stitched([upper, lower])
    assert [(cell.text, cell.row, cell.column, cell.colspan) for cell in whole.cells] == [
        ("总计", 0, 0, 1),
        ("7", 0, 1, 1),
        ("结转", 1, 0, 1),
        ("8", 1, 1, 1),
    ]


def test_a_table_without_lines_stays_lines():
    drawn = [
        text(100, 700, "规章"),
        text(300, 700, "1"),
        text(400, 700, "2"),
        text(100, 680, "许可"),
        text(300, 680, "3"),
    ]
    document = read_pdf(pdf([drawn]))
    assert texts(document) == ["规章 1 2", "许可 3"]


def picture_page(document: pypdfium2.PdfDocument) -> None:
    bitmap = pypdfium2.PdfBitmap.new_native(60, 80, 1)
    image = pypdfium2.PdfImage.new(document)
    image.set_bitmap(bitmap)
    image.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
    page = document.new_page(595, 842)
    page.insert_obj(image)
    page.gen_content()


def saved(document: pypdfium2.PdfDocument) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_pictures_are_told():
    document = pypdfium2.PdfDocument.new()
    picture_page(document)
    assert is_image_only(saved(document))
    with pytest.raises(SourceError, match=r"its 1 pages are pictures.*xxgk-toolkit\[ocr\]"):
        read_pdf(saved(document), ocr=False)
    document.import_pages(pypdfium2.PdfDocument(pdf([[text(100, 700, "一、总体情况")]])), index=0)
    assert not is_image_only(saved(document))
    assert read_pdf(saved(document), ocr=False).notes == ["page 2 is a picture"]


def test_hidden_text_over_a_picture_is_not_trusted():
    document = pypdfium2.PdfDocument(pdf([["3 Tr", text(100, 700, "规章 7")]]))
    image = pypdfium2.PdfImage.new(document)
    image.set_bitmap(pypdfium2.PdfBitmap.new_native(60, 80, 1))
    image.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
    page = document[0]
    page.insert_obj(image)
    page.gen_content()
    with pytest.raises(SourceError, match="pictures without a text layer"):
        read_pdf(saved(document), ocr=False)


SMALL = pdf([[text(100, 700, "一、总体情况")]])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "empty", id="zero bytes"),
        pytest.param(SMALL[:-300], "cut short", id="truncated"),
        pytest.param(b"%PDF-1.4\n" + b"x" * 500 + b"\n%%EOF", "damaged", id="damaged"),
        pytest.param(b"<html></html>", "not a PDF", id="web page"),
        pytest.param((DATA / "encrypted.pdf").read_bytes(), "encrypted", id="encrypted"),
        pytest.param(pdf([[]]), "blank", id="blank"),
        pytest.param(pdf([[text(10, 700, "甲")]], (14173, 842)), "5.0 m wide", id="5 m wide"),
        pytest.param(pdf([[]] * 3000), "3,000 pages", id="3,000 pages"),
    ],
)
def test_bad_files_are_told_apart(data, message):
    begun = time.perf_counter()
    with pytest.raises(SourceError, match=message) as caught:
        read_pdf(data)
    assert caught.value.hint
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize("apart", [2.5, 4.0], ids=["joined", "too many lines"])
def test_ten_thousand_lines_are_no_table_and_take_no_time(apart):
    random = np.random.default_rng(0)
    places = random.integers(0, int(480 / apart), (5000, 2)) * apart + 50
    net = [line(x, y, x + apart, y) for x, y in places] + [line(x, y, x, y + apart) for x, y in places[::-1]]
    begun = time.perf_counter()
    document = read_pdf(pdf([[*net, text(50, 800, "一、总体情况" * 6)]]))
    assert texts(document) == ["一、总体情况" * 6]
    assert list(document.grids()) == []
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    ("above", "full", "below", "expected"),
    [
        (["376", "767"], True, ["6", ""], [("3766", False), ("767", False)]),
        (["376", "767"], False, ["6", ""], [("376", True), ("767", True), ("6", True), ("", True)]),
        (["376", "767"], True, ["6", "1"], [("376", True), ("767", True), ("6", True), ("1", True)]),
        (["-", "767"], True, ["6", ""], [("-", True), ("767", True), ("6", True), ("", True)]),
    ],
    ids=["wrapped", "room was left", "a row of its own", "a dash does not go on"],
)
def test_figures_wrapped_over_a_page_break(above, full, below, expected):
    upper, lower = (
        Part(page, 0.0, [0, 300, 600], 1, [Placed(text, 0, k, 1, 1, page, full=full) for k, text in enumerate(figures)])
        for page, figures in ((1, above), (2, below))
    )
    assert [(cell.text, cell.doubtful) for part in stitched([upper, lower]) for cell in part.cells] == expected


def test_cells_with_boxes_of_their_own_and_tables_below_each_other():
    boxes = [
        f"{x + 1} {y + 1} {width - 2} 18 re S"
        for y, widths in ((700, (100, 60, 60)), (680, (100, 60, 60)), (600, (103, 60, 57)), (580, (103, 60, 57)))
        for x, width in zip((100, 100 + widths[0], 160 + widths[0]), widths)
    ]
    words = [text(x, y + 6, f"{x}") for y in (700, 680, 600, 580) for x in (110, 210, 270)]
    first, second = (rows(grid) for grid in read_pdf(pdf([[*boxes, *words, text(100, 640, "二、其他情况")]])).grids())
    assert first == second == [["110", "210", "270"]] * 2


def test_a_label_cut_early_beside_whole_figures_is_one():
    upper = Part(1, 0.0, [0, 300, 600], 1, [Placed("3.危", 0, 0, 1, 1, 1), Placed("7", 0, 1, 1, 1, 1)])
    lower = Part(2, 0.0, [0, 300, 600], 1, [Placed("及“三安全一稳定”", 0, 0, 1, 1, 2), Placed("", 0, 1, 1, 1, 2)])
    lower.cells.append(Placed("4.保护", 1, 0, 1, 1, 2))
    lower.cells.append(Placed("9", 1, 1, 1, 1, 2))
    lower.rows = 2
    (whole,) = stitched([upper, lower])
    assert [cell.text for cell in whole.cells] == ["3.危及“三安全一稳定”", "7", "4.保护", "9"]


def test_words_among_the_figures_are_no_label():
    cells = [("5.属于三", True), ("692", False), ("详见附件", True)]
    upper = Part(1, 0.0, [0, 300, 450, 600], 1, [Placed(t, 0, k, 1, 1, 1, full=f) for k, (t, f) in enumerate(cells)])
    lower = Part(
        2, 0.0, [0, 300, 450, 600], 1, [Placed(t, 0, k, 1, 1, 2) for k, t in enumerate(["类内部事务", "", ""])]
    )
    lower.cells += [Placed(t, 1, k, 1, 1, 2) for k, t in enumerate(["6.属于", "8", "9"])]
    lower.rows = 2
    (whole,) = stitched([upper, lower])
    assert [cell.text for cell in whole.cells][:3] == ["5.属于三类内部事务", "692", "详见附件"]


def test_full_width_commas_part_no_blank():
    document = read_pdf(pdf([[text(100, 686, "许可 2，268，007")]]))
    assert texts(document) == ["许可 2，268，007"]


@pytest.mark.parametrize(("words", "doubtful"), [("6 1 14 |64", True), ("五、存在的 1 2", False)])
def test_a_line_of_figures_after_a_table_makes_its_last_row_doubtful(words, doubtful):
    table = Part(1, 500.0, [0, 300, 600], 1, [Placed("376", 0, 0, 1, 1, 1), Placed("767", 0, 1, 1, 1, 1)])
    rest = Line(words, 2, 0.0, 90.0, 100.0, 110.0, 10.0)
    pages = [Page(1, (0.0, 800.0), tables=[table]), Page(2, (0.0, 800.0), lines=[rest])]
    document = document_of(pages, "scan")
    assert [cell.doubtful for cell in next(document.grids()).cells] == [doubtful] * 2


def test_a_watermark_is_no_figure():
    cells = [text(60, 700, "规章"), text(160, 700, "3988"), text(260, 700, "7107")]
    slanted = f"BT /F1 24 Tf .7 .7 -.7 .7 150 690 Tm <{'2020'.encode('utf-16-be').hex()}> Tj ET"
    document = read_pdf(pdf([[*ruled([50, 150, 250, 350], [680, 720]), *cells, slanted]]))
    assert [cell.text for grid in document.grids() for cell in grid.cells] == ["规章", "3988", "7107"]


def cells_of(drawings: list[str]) -> dict[tuple[int, int], tuple[str, bool]]:
    """The cells of the one table of a page: text, and whether it is doubtful."""
    grid = next(read_pdf(pdf([[text(100, 800, "一、总体情况"), *drawings]])).grids())
    return {(cell.row, cell.column): (cell.text, cell.doubtful) for cell in grid.cells}


BLACK, WHITE = "0 g", "1 g"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([BLACK], [], "7", id="black on paper"),
        pytest.param([WHITE], [BLACK], "", id="white on paper"),
        pytest.param(["0 0 0.6 rg 101 701 98 48 re f", WHITE], [BLACK], "7", id="white on blue"),
        pytest.param(["0 0 0.6 rg 101 701 98 48 re f"], [BLACK], "", id="blue on blue"),
        pytest.param(["3 Tr"], ["0 Tr"], "", id="without ink"),
        pytest.param([BLACK], ["1 g 101 701 98 48 re f 0 g"], "", id="under a white box"),
        pytest.param([BLACK, "1 g 101 701 98 48 re f 0 g"], [], "7", id="on a white box"),
    ],
)
def test_what_is_not_shown_is_not_read(before, after, expected):
    drawings = [*ruled([100, 200, 300], [700, 750]), text(220, 720, "8"), *before, text(120, 720, "7"), *after]
    assert cells_of(drawings) == {(0, 0): (expected, False), (0, 1): ("8", False)}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["1", "，721，", "007"], ("1，721，007", False), id="a line begins with a comma"),
        pytest.param(["83", "1，007"], ("83\n1，007", True), id="each may be a figure"),
        pytest.param(["1", "2，07"], ("1\n2，07", True), id="no thousands"),
        pytest.param(["3", "5"], ("3\n5", True), id="two figures"),
    ],
)
def test_figures_with_commas_wrapped_in_their_cell(lines, expected):
    drawings = ruled([100, 142, 200], [700, 760])
    drawings += [text(106, 745 - 12 * place, words) for place, words in enumerate(lines)]
    assert cells_of(drawings)[0, 0] == expected


def test_other_figures_of_the_page_tell_that_figures_are_wrapped():
    drawings = ruled([100, 142, 184, 226, 300], [700, 760])
    for left, lines in [(106, ["1", "，721，", "007"]), (148, ["4", "，300，", "007"]), (190, ["83", "1，007"])]:
        drawings += [text(left, 745 - 12 * place, words) for place, words in enumerate(lines)]
    assert [cells_of(drawings)[0, column] for column in (0, 1, 2)] == [
        ("1，721，007", False),
        ("4，300，007", False),
        ("831，007", False),
    ]


def test_a_first_line_indented_by_blanks_is_full():
    drawings = ruled([100, 128, 200], [700, 760])
    whole = cells_of([*drawings, text(111, 745, "23"), text(106, 733, "12")])
    assert whole[0, 0] == ("2312", False)


def test_short_figures_in_the_middle_of_a_narrow_cell_are_two():
    drawings = [*ruled([100, 128, 200], [700, 760]), text(134, 745, "规章")]
    assert cells_of([*drawings, text(112, 745, "2"), text(112, 733, "1")])[0, 0] == ("2\n1", True)


def test_a_label_cut_by_a_page_break_beside_words_in_the_place_of_figures():
    xs = [100.0, 160.0, 220.0]
    head = [text(105, 820, "项目"), text(165, 820, "数量"), text(105, 770, "甲"), text(165, 770, "5")]
    one = [*ruled(xs, [700, 750, 800, 840]), *head, text(102, 720, "5.属于三类"), text(165, 720, "无")]
    two = [*ruled(xs, [700, 750, 800]), text(105, 780, "内部事务"), text(105, 720, "6.乙"), text(165, 720, "8")]
    grid = next(read_pdf(pdf([one, two])).grids())
    read = {(cell.row, cell.column): (cell.text, cell.doubtful) for cell in grid.cells}
    assert read[2, 0] == ("5.属于三类内部事务", False)
    assert read[2, 1] == ("无", False)
