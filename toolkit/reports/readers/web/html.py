"""Web pages: the saved page of a government site to paragraphs and grids.

The parser (lexbor) does what browsers do with unclosed tags and tags nested
thousands deep. Tables that only lay out the page are unwrapped; a table that
holds figures becomes a :class:`~toolkit.reports.document.Grid`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from toolkit.reports.document import Cell, Document, DocumentBuilder, Grid
from toolkit.reports.readers.encoding import decode
from toolkit.reports.readers.facts import stated_facts
from toolkit.reports.readers.web.cells import UNREAD, CellMarks, is_inside, show_fields
from toolkit.reports.readers.web.embedded import brought_out
from toolkit.reports.readers.web.hidden import drop_hidden

_EDGE, _TABLE = "\x1e", "\x1d"
_BLOCKS = frozenset(
    "p div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 section article header footer center "
    "blockquote pre form br hr caption option".split()
)
# What a page holds for the browser, and what it says is void or leaves to be chosen.
_CODE = frozenset(["script", "style", "textarea", "template", "title"])
_WRAPPERS = frozenset(["noscript", "select", "del", "s", "strike"])
_SOURCE_BREAK = re.compile(r"(?<=[⺀-鿿，。、；：）”])[ \t]*[\r\n][ \t\r\n]*(?=[⺀-鿿（“])")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)")
_BLANKS = " \t\r\n"
_AROUND = _EDGE + _BLANKS + UNREAD
_HAN = re.compile("[一-鿿]")
_CELLS = ("td", "th")
_DIGITS = re.compile(r"\s*\d{1,12}")
_MAX_COLSPAN = 200
_Rows = list[list[tuple[LexborNode, str]]]
# A cell of a table of figures holds a label or a number; an article in a layout table is longer.
_LONGEST_CELL = 400


def read_html(data: bytes) -> Document:
    """Read a web page.

    Parameters
    ----------
    data : bytes
        The file as saved, in any encoding of Chinese.

    Returns
    -------
    Document
        ``meta`` has the page's ``<meta>`` names and the labelled facts it
        shows (索引号, 发布机构, 发布日期, ...); a grid's cells have locators
        ``t2r5c4``: table, row and column from 1, spans resolved.

    Examples
    --------
    >>> page = read_html("<p>一、总体情况<table><tr><td rowspan=2>规章<td>3<tr><td>4</table>".encode())
    >>> [(cell.text, cell.locator) for cell in next(page.grids()).cells]
    [('规章', 't1r1c1'), ('3', 't1r1c2'), ('4', 't1r2c2')]
    """
    html, encoding = decode(data)
    is_whole = encoding == "utf-8" and "\ufffd" not in html
    return read_page(html, data.replace(b"\0", b"") if is_whole else None)


def read_page(html: str, source: bytes | None = None) -> Document:
    """Read the text of a page; ``source`` is the same in UTF-8, where a caller has it already.

    Examples
    --------
    >>> [cell.text for cell in next(read_page("<table><tr><td>规章<td>3</table>").grids()).cells]
    ['规章', '3']
    """
    page = brought_out(html, source or html.encode("utf-8", "replace"))
    tree = page.tree
    nodes = _by_tag(tree)
    facts = _page_facts(nodes.get("meta", []))
    title = _visible(nodes["title"][0].text()) if "title" in nodes else ""
    url = _page_url(page.html, facts)
    builder = DocumentBuilder("html")
    _fill(builder, tree, nodes, page.source.lower())
    document = builder.build(title=title, url=url)
    document.meta = facts | stated_facts(document)
    return document


def _by_tag(tree: LexborHTMLParser) -> dict[str, list[LexborNode]]:
    """Return the nodes of each tag but those of which a page pasted from Word is full."""
    nodes: dict[str, list[LexborNode]] = defaultdict(list)
    for node in tree.css(":not(span,font,td,tr)"):
        nodes[node.tag or ""].append(node)
    return nodes


def _page_facts(nodes: list[LexborNode]) -> dict[str, str]:
    facts: dict[str, str] = {}
    for node in nodes:
        attributes = node.attributes
        name, content = attributes.get("name") or attributes.get("property"), attributes.get("content")
        if name and content and content.strip():
            facts.setdefault(name, content.strip())
    return facts


def _page_url(html: str, facts: dict[str, str]) -> str:
    saved = _SAVED_FROM.search(html, 0, 4096)
    canonical = re.search(r'<link[^>]+rel="?canonical"?[^>]+href="([^"]+)"', html[:20000])
    named = [match[1] for match in (saved, canonical) if match] + [facts.get("Url", ""), facts.get("og:url", "")]
    return next((url for url in named if urlsplit(url).netloc), "")


def _fill(builder: DocumentBuilder, tree: LexborHTMLParser, nodes: dict[str, list[LexborNode]], source: bytes) -> None:
    body = tree.body
    if body is None:
        return
    styles = "".join(node.text() or "" for node in nodes.get("style", []))
    has_unread = show_fields(nodes)
    has_dropped = _drop_unread(tree, nodes)
    if drop_hidden(tree, styles, source) or has_dropped:
        nodes = _by_tag(tree)
    for tag in _BLOCKS & nodes.keys():
        for node in nodes[tag]:
            node.insert_before(_EDGE)
            node.insert_after(_EDGE)
    if _keep_lines(nodes.get("pre", [])):
        nodes = _by_tag(tree)
    marks = CellMarks(nodes, source, has_unread)
    grids = _lift_tables(nodes.get("table", []), "img" in nodes, marks)
    for part in body.text().split(_EDGE):
        if part.startswith(_TABLE):
            builder.grid(grids[int(part[1:])])
        elif text := _visible(part):
            builder.paragraph(text)


def _drop_unread(tree: LexborHTMLParser, nodes: dict[str, list[LexborNode]]) -> bool:
    """Take out of the page what is not read; return whether any of the other nodes went with it."""
    own = [node for tag in _CODE for node in nodes.get(tag, [])]
    if _WRAPPERS.isdisjoint(nodes) and not any(_holds_nodes(node) for node in own):
        for node in own:
            node.decompose()
        return False
    # In the order of the page, so that the inner ones come last: with its parent a node is gone.
    for node in reversed(tree.css(",".join(_CODE | _WRAPPERS))):
        node.decompose()
    return True


def _holds_nodes(node: LexborNode) -> bool:
    child = node.child
    return child is not None and not (child.is_text_node and child.next is None)


def _keep_lines(preformatted: list[LexborNode]) -> bool:
    """In preformatted text a line end is a line end; return whether there is any."""
    for node in preformatted:
        if node.css_first("table") is None:
            node.replace_with(_EDGE + (node.text() or "").replace("\n", _EDGE) + _EDGE)
    return bool(preformatted)


def _visible(text: str) -> str:
    text = text.strip()
    if "\n" in text or "\r" in text:
        text = _SOURCE_BREAK.sub("", text)
    return _SPACES.sub(" ", text)


def _lift_tables(tables: list[LexborNode], has_pictures: bool, marks: CellMarks) -> list[Grid]:
    """Take the tables of figures out of the page, leaving a mark; unwrap the others.

    A grid's number counts all tables that the page shows, also those that only lay it out.
    """
    grids: list[Grid] = []
    for number, table in zip(range(len(tables), 0, -1), reversed(tables)):
        rows = _table_rows(table)
        if _is_layout(rows):
            _unwrap(table, rows)
        elif _is_inside_cell(table, rows):
            table.replace_with("\t".join(text.strip() for row in rows for _, text in row))
        else:
            table.replace_with(f"{_EDGE}{_TABLE}{len(grids)}{_EDGE}")
            marked = table.css("[rowspan],[colspan],img" if has_pictures else "[rowspan],[colspan]")
            pictures = has_pictures and any(node.tag == "img" for node in marked)
            grids.append(_grid(rows, {node.mem_id for node in marked}, pictures, marks, f"t{number}"))
    return grids


def _table_rows(table: LexborNode) -> _Rows:
    return [[(node, node.text()) for node in row.iter() if node.tag in _CELLS] for row in table.css("tr")]


def _is_layout(rows: _Rows) -> bool:
    texts = [text for row in rows for _, text in row]
    if len(texts) < 2 or any(_TABLE in text for text in texts):
        return True
    return max(map(len, texts)) > _LONGEST_CELL and any(len(text.strip()) > _LONGEST_CELL for text in texts)


def _is_inside_cell(table: LexborNode, rows: _Rows) -> bool:
    """Return whether a table of bare numbers stands inside a cell of another table."""
    if any(_HAN.search(text) for row in rows for _, text in row) or _HAN.search(table.text()):
        return False
    return is_inside(table, *_CELLS)


def _unwrap(table: LexborNode, rows: _Rows) -> None:
    """Leave the text of a table that only lays out, each of its cells a paragraph."""
    for row in rows:
        for node, _ in row:
            node.insert_before(_EDGE)
            node.insert_after(_EDGE)
    table.replace_with(f"{_EDGE}{table.text()}{_EDGE}")


def _grid(rows: _Rows, spanning: set[int], pictures: bool, marks: CellMarks, name: str) -> Grid:
    """Make a grid of a table's rows.

    ``spanning`` are the nodes that state how far they reach, ``pictures`` whether the table has any.
    """
    cells: list[Cell] = []
    covered: dict[int, int] = {}
    for row, nodes in enumerate(rows):
        column, place = 0, f"{name}r{row + 1}c"
        for node, text in nodes:
            while covered.get(column, 0) > row:
                column += 1
            rowspan = colspan = 1
            if node.mem_id in spanning:
                rowspan, colspan = _spans(node, len(rows) - row)
                covered |= dict.fromkeys(range(column, column + colspan), row + rowspan)
            is_open, text = False, _cell_text(text)
            if not text:
                # What a picture or a script shows is neither blank nor a number that can be read.
                is_open = pictures and node.css_first("img") is not None
                if marks.may_be_unread is not False and node.child is not None:
                    is_open = is_open or marks.is_unread(node)
            elif marks.may_part is not False and len(text) > 1 and (text[-1].isdigit() or text[0].isdigit()):
                text = _cell_text(marks.parted_text(node, text))
            cells.append(Cell(text, row, column, rowspan, colspan, f"{place}{column + 1}", is_open))
            column += colspan
    return Grid(cells, name)


def _spans(node: LexborNode, rows_left: int) -> tuple[int, int]:
    attributes = node.attributes
    rowspan, colspan = _whole(attributes.get("rowspan")), _whole(attributes.get("colspan"))
    return min(rowspan or rows_left, rows_left), min(colspan or 1, _MAX_COLSPAN)


def _whole(text: str | None) -> int:
    if not text:
        return 1
    digits = _DIGITS.match(text)
    return int(digits[0]) if digits else 1


def _cell_text(text: str) -> str:
    text = text.strip(_AROUND)
    if _EDGE in text:
        return "\n".join(filter(None, (part.strip(_BLANKS) for part in text.split(_EDGE))))
    return text
