"""The Word reader, against files made here. All are simulated."""

from __future__ import annotations

import http.server
import io
import json
import threading
import time
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from toolkit.errors import SourceError
from toolkit.reports.document import Document, Grid
from toolkit.reports.folding import fold
from toolkit.reports.readers.word import find_libreoffice, looks_like_docx, office, read_docx, read_with_libreoffice

DATA = Path(__file__).parents[2] / "data"
needs_libreoffice = pytest.mark.skipif(find_libreoffice() is None, reason="LibreOffice is not installed")


def saved(document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def texts(document: Document) -> list[str]:
    return [document.text[block.start : block.stop] for block in document.paragraphs()]


def rows(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows()]


def official_tables() -> list[list]:
    return json.loads((DATA / "simulated_office_print.json").read_text(encoding="utf-8"))


def with_tables(tables: list[list]) -> bytes:
    document = docx.Document()
    for number, cells in enumerate(tables):
        document.add_paragraph(f"{'二三四'[number]}、表格")
        table = document.add_table(max(c[0] + c[2] for c in cells), max(c[1] + c[3] for c in cells))
        for row, column, rowspan, colspan, words in cells:
            table.cell(row, column).merge(table.cell(row + rowspan - 1, column + colspan - 1)).text = words
    return saved(document)


def of(grid: Grid) -> dict:
    return {(cell.row, cell.column, cell.rowspan, cell.colspan): fold(cell.text) for cell in grid.cells}


def test_every_cell_of_the_official_tables():
    document = read_docx(with_tables(official_tables()))
    for grid, table in zip(document.grids(), official_tables(), strict=True):
        assert of(grid) == {tuple(cell[:4]): fold(cell[4]) for cell in table}
    assert texts(document) == ["二、表格", "三、表格", "四、表格"]
    applications = list(document.grids())[1]
    assert next(cell.locator for cell in applications.cells if cell.text.startswith("四、结转")) == "t2r28c1"


def test_blank_and_dash_stay_what_they_are():
    document = docx.Document()
    table = document.add_table(1, 4)
    for cell, words in zip(table.rows[0].cells, ["规章", "", "0", "—"]):
        cell.text = words
    assert rows(next(read_docx(saved(document)).grids())) == [["规章", "", "0", "—"]]


def test_tracked_changes_and_hidden_text():
    document = docx.Document()
    paragraph = document.add_paragraph("收到申请")
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>12</w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:moveFrom {nsdecls('w')}><w:r><w:t>13</w:t></w:r></w:moveFrom>"))
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>21</w:t></w:r></w:ins>"))
    hidden = paragraph.add_run("99")
    hidden.font.hidden = True
    paragraph.add_run("件")
    table = document.add_table(2, 2)
    for cell, words in zip([*table.rows[0].cells, *table.rows[1].cells], ["规章", "1", "旧行", "7"]):
        cell.text = words
    table.rows[1]._tr.get_or_add_trPr().append(OxmlElement("w:del"))
    read = read_docx(saved(document))
    assert texts(read) == ["收到申请21件"]
    assert rows(next(read.grids())) == [["规章", "1"]]


def test_headers_fields_and_pinyin_are_no_text():
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "政府公报"
    ruby = "<w:ruby><w:rt><w:r><w:t>zhèng</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>政</w:t></w:r></w:rubyBase></w:ruby>"
    paragraph = document.add_paragraph()
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}>{ruby}</w:r>"))
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:instrText>INCLUDETEXT "http://x"</w:instrText></w:r>'))
    paragraph.add_run("府")
    assert texts(read_docx(saved(document))) == ["政府"]


def test_text_boxes_are_read_once():
    words = "<w:txbxContent><w:p><w:r><w:t>附注</w:t></w:r></w:p></w:txbxContent>"
    boxes = (
        f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
        f"<mc:Choice Requires='wps'><w:drawing>{words}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{words}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    document = docx.Document()
    document.add_paragraph("正文")._p.append(parse_xml(boxes))
    assert texts(read_docx(saved(document))) == ["正文", "附注"]


def test_numbers_that_word_sets_are_text():
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/>'
            '<w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
        ),
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for words, level in (("总体情况", 0), ("甲", 1), ("乙", 1), ("主动公开", 0), ("丙", 1)):
        properties = document.add_paragraph(words)._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>')
        )
    assert texts(read_docx(saved(document))) == ["一、总体情况", "1.甲", "2.乙", "二、主动公开", "1.丙"]


def test_a_frame_is_taken_off_and_a_small_table_in_a_cell_kept_there():
    document = docx.Document()
    frame = document.add_table(1, 2)
    frame.cell(0, 0).paragraphs[0].text = "一、总体情况"
    inner = frame.cell(0, 1).add_table(2, 2)
    for cell, words in zip([*inner.rows[0].cells, *inner.rows[1].cells], ["规章", "1", "许可", "2"]):
        cell.text = words
    plain = document.add_table(1, 2)
    plain.cell(0, 0).text = "收费"
    plain.cell(0, 1).add_table(1, 1).cell(0, 0).text = "8"
    read = read_docx(saved(document))
    assert texts(read) == ["一、总体情况"]
    assert [rows(grid) for grid in read.grids()] == [[["规章", "1"], ["许可", "2"]], [["收费", "8"]]]


def test_edges_that_miss_each_other_by_a_rounding_are_one():
    document = docx.Document()
    table = document.add_table(2, 3)
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), (2000, 12, 2000)):
        column.set(qn("w:w"), str(width))
    for row, (first, words) in zip(table.rows, ((2, ["甲", "1"]), (1, ["乙", "2"]))):
        row.cells[0].merge(row.cells[first - 1]).text = words[0]
        row.cells[first].merge(row.cells[2]).text = words[1]
    grid = next(read_docx(saved(document)).grids())
    assert [(c.text, c.row, c.column, c.colspan) for c in grid.cells] == [
        ("甲", 0, 0, 1),
        ("1", 0, 1, 1),
        ("乙", 1, 0, 1),
        ("2", 1, 1, 1),
    ]


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name.replace("__", "/") + ".xml", content)
    return file.getvalue()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "empty", id="zero bytes"),
        pytest.param(b"PK\x03\x04" + b"x" * 400, "damaged", id="damaged"),
        pytest.param(with_tables(official_tables()[:1])[:-900], "damaged", id="truncated"),
        pytest.param(archive(xl__workbook=b"<x/>"), "not a Word file", id="workbook"),
        pytest.param(archive(word__document=b" " * (65 * 2**20)), "zip bombs", id="zip bomb"),
        pytest.param(archive(word__document=ENTITIES), "declares entities", id="entities"),
        pytest.param(archive(word__document=b"<w:document"), "breaks off", id="broken XML"),
    ],
)
def test_bad_files_are_told_apart(data, message):
    begun = time.perf_counter()
    with pytest.raises(SourceError, match=message) as caught:
        read_docx(data)
    assert caught.value.hint
    assert time.perf_counter() - begun < 3


def test_without_libreoffice_the_failure_says_what_to_install(monkeypatch):
    monkeypatch.setattr(office, "find_libreoffice", lambda: None)
    with pytest.raises(SourceError, match="install LibreOffice"):
        read_with_libreoffice(rb"{\rtf1 text}", ".rtf")


@pytest.mark.parametrize(
    ("streams", "suffix"), [("WordDocument", ".doc"), ("CONTENTS", ".wps")], ids=["a .wps that is a .doc", "Works"]
)
def test_kind_by_content(streams, suffix):
    assert office.office_suffix(office.OLE2 + streams.encode("utf-16-le")) == suffix
    assert looks_like_docx(with_tables(official_tables()[:1]))


@pytest.mark.parametrize("stream", ["EncryptedPackage", "Workbook"])
def test_office_files_that_are_no_readable_report(stream):
    with pytest.raises(SourceError, match=r"encrypted|workbook"):
        read_with_libreoffice(office.OLE2 + stream.encode("utf-16-le"), ".doc")


RTF = rb"""{\rtf1\ansi \trowd\cellx2000\cellx4000\cellx6000 A\cell 12\cell \cell\row\pard 
{\field{\*\fldinst{ INCLUDEPICTURE "http://127.0.0.1:PORT/x.png" \\d }}{\fldrslt }}end\par}"""


@needs_libreoffice
def test_rtf_named_doc_is_read_and_nothing_is_fetched():
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        document = read_with_libreoffice(RTF.replace(b"PORT", str(server.server_port).encode()), ".doc")
        server.shutdown()
    assert asked == []
    assert document.format == "rtf"
    assert rows(next(document.grids())) == [["A", "12", ""]]
    assert texts(document) == ["end"]


@needs_libreoffice
def test_a_damaged_doc_is_a_failure():
    with pytest.raises(SourceError, match=r"cannot read it as \.doc"):
        read_with_libreoffice(office.OLE2 + "WordDocument".encode("utf-16-le") + b"x" * 2000, ".doc")


@needs_libreoffice
def test_libreoffice_is_ended_when_it_takes_too_long(monkeypatch):
    monkeypatch.setattr(office, "SECONDS", 0.05)
    with pytest.raises(SourceError, match="took longer"):
        read_with_libreoffice(rb"{\rtf1 text}", ".rtf")


def one_cell(*runs: str, styles: str = "") -> str:
    """Return the text of a cell with these runs, as they stand in a Word file."""
    document = docx.Document()
    for style in styles and [styles]:
        document.styles.element.append(parse_xml(style))
    paragraph = document.add_table(1, 2).cell(0, 1).paragraphs[0]
    for run in runs:
        paragraph._p.append(parse_xml(run))
    return rows(next(read_docx(saved(document)).grids()))[0][1]


def run(text: str, properties: str = "", inner: str = "") -> str:
    return f"<w:r {nsdecls('w')}><w:rPr>{properties}</w:rPr>{inner}<w:t>{text}</w:t></w:r>"


_STYLE = f'<w:style {nsdecls("w")} w:type="character" w:styleId="mark"><w:name w:val="mark"/>{{}}</w:style>'
_RAISED = '<w:vertAlign w:val="superscript"/>'


@pytest.mark.parametrize(
    "mark",
    [
        run("3", _RAISED),
        run("3", '<w:position w:val="10"/>'),
        run("3", '<w:rStyle w:val="mark"/>'),
        run("3", '<w:rStyle w:val="FootnoteReference"/>', '<w:footnoteReference w:id="1" w:customMarkFollows="1"/>'),
        run("3", '<w:color w:val="FFFFFF"/>'),
    ],
    ids=["raised", "moved", "style", "note", "white"],
)
def test_a_mark_beside_a_figure_makes_no_other_figure(mark: str):
    styles = _STYLE.format(f"<w:rPr>{_RAISED}</w:rPr>")
    assert one_cell(run("467"), mark, styles=styles) == "467 3"
    assert one_cell(mark, run("467"), styles=styles) == "3 467"
    assert one_cell(run("规章"), mark, styles=styles) == "规章3"


def test_a_figure_in_runs_that_are_moved_alike_is_one_figure():
    moved = '<w:position w:val="-6"/>'
    assert one_cell(run("4", moved), run("67", moved)) == "467"
    assert one_cell(run("4", '<w:vertAlign w:val="baseline"/>'), run("67")) == "467"
    assert one_cell(run("4", '<w:rStyle w:val="mark"/>'), run("67"), styles=_STYLE.format("")) == "467"


def test_a_number_of_a_list_never_lengthens_a_figure():
    document = docx.Document()
    cell = document.add_table(1, 2).cell(0, 1)
    cell.paragraphs[0].text = "467"
    cell.paragraphs[0].style = "List Number"
    cell.add_paragraph("规章", style="List Number")
    assert rows(next(read_docx(saved(document)).grids()))[0][1] == "1. 467\n2.规章"


@pytest.mark.parametrize("entry", ["一、总体情况\t1", "一、总体情况………………1"])
def test_a_table_of_contents_is_no_text(entry: str):
    document = docx.Document()
    for line in (
        "目  录",
        entry,
        entry.replace("一、总体", "二、主动公开"),
        "某局2023年政府信息公开工作年度报告",
        "一、总体情况",
    ):
        document.add_paragraph(line)
    assert texts(read_docx(saved(document))) == ["某局2023年政府信息公开工作年度报告", "一、总体情况"]
