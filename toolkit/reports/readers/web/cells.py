"""What a cell of a page holds besides its text: fields of a form, marks beside a figure, scripts that fill it."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

#: Stands where a script or a field leaves open what the cell says.
UNREAD = "\x1c"
#: Between the pieces of a cell's text.
SEAM = "\x1f"

# Blanks, seams and the edges of paragraphs.
_AROUND = f" \t\r\n\x1e{SEAM}"
_CELLS = ("td", "th")
_MARKS = frozenset("sup sub rt rp small svg".split())
# Word tears figures into many pieces: of a page pasted from it marks are asked only where one of these stands.
_WORD = b"mso-"
_MARKS_OF_WORD = (re.compile(rb"vertical-align\s*:\s*su"), re.compile(b"text-raise"))
_LINK = re.compile(b"href=[\"']?#\\w")
_MARK_STYLE = re.compile(
    r"vertical-align\s*:\s*(?:super|sub\b|text-|-?\d)|text-raise|position\s*:\s*relative[^\"]*top\s*:\s*-"
    r"|(?:font-size|opacity)\s*:\s*0(?![.\d]*[1-9])|(?<!-)color\s*:\s*(?:white|#fff(?:fff)?\b|rgb\(255, ?255, ?255\))",
    re.IGNORECASE,
)
_MARK_CLASS = re.compile("foot|note|sup|ref", re.IGNORECASE)
_WHITE = ("white", "#fff", "#ffffff")
_DIGITS_PARTED = re.compile(f"[\\d.,，]{SEAM}+[\\d.,，]")
# Attributes whose number says where a cell stands or how wide it is.
_PLACE = re.compile("width|height|size|index|row|col|id$|sort|level|page", re.IGNORECASE)
_SIGN_OF_CARRIER = re.compile(rb"data-[\w-]+\s*=\s*[\"']?[\d.,]+[\"']?[^<>]*></")
_FIGURE = re.compile(r"[\d,.]+")
_LONGEST_FIELD = 40
_DEEPEST_SCRIPT = 3


def show_fields(nodes: dict[str, list[LexborNode]]) -> bool:
    """Put what the fields of a form say in their place, if they stand in cells, and mark cells that a script fills.

    ``nodes`` are those of the page by tag; the replaced ones are taken out of it. Returns whether a cell was marked.
    """
    for node in nodes.get("input", []):
        attributes = node.attributes
        if (attributes.get("type") or "text").lower() in ("text", "number") and is_inside(node, "td"):
            node.replace_with(attributes.get("value") or "")
    if "textarea" in nodes:
        nodes["textarea"] = [node for node in nodes["textarea"] if not _shown_area(node)]
    selects = [node for node in nodes.get("select", []) if is_inside(node, *_CELLS)]
    if selects:
        nodes["select"] = [node for node in nodes["select"] if node not in selects]
    chosen = [_show_choice(node) for node in selects]
    scripts = [node for node in nodes.get("script", []) if _fills_cell(node)]
    for node in scripts:
        node.insert_before(UNREAD)
    return bool(scripts) or not all(chosen)


def _show_choice(node: LexborNode) -> bool:
    """Put the chosen option in the place of its field; return whether one is chosen."""
    chosen = node.css_first("option[selected]")
    node.replace_with(UNREAD if chosen is None else (chosen.text() or ""))
    return chosen is not None


def _fills_cell(script: LexborNode) -> bool:
    above = script.parent
    for _ in range(_DEEPEST_SCRIPT):
        if above is None or above.tag in _CELLS:
            break
        above = above.parent
    return above is not None and above.tag in _CELLS


def _shown_area(node: LexborNode) -> bool:
    """Put a short text in the place of its field; return whether it was one."""
    text = node.text() or ""
    if len(text) > _LONGEST_FIELD or "<" in text or not is_inside(node, *_CELLS):
        return False
    node.replace_with(text)
    return True


def is_inside(node: LexborNode, *tags: str) -> bool:
    """Return whether a node stands within one of these tags."""
    above = node.parent
    while above is not None and above.tag not in tags:
        above = above.parent
    return above is not None


class CellMarks:
    """Tells what stands in the cells of one page beside their text; what is rare is sought once it could matter.

    Parameters
    ----------
    nodes : dict
        The nodes of the page by tag.
    source : bytes
        The page in small letters.
    has_unread : bool
        Whether :func:`show_fields` marked any cell.
    """

    def __init__(self, nodes: dict[str, list[LexborNode]], source: bytes, has_unread: bool = False) -> None:
        self._source = source
        self._signs = (*_MARKS_OF_WORD, _LINK) if "a" in nodes else _MARKS_OF_WORD
        #: Whether any figure may have marks; not known before one stands in pieces.
        self.may_part: bool | None = None if _MARKS.isdisjoint(nodes) else True
        self._has_unread = has_unread
        self._has_carriers = False
        #: Whether any empty cell may be filled by a script; not known before one that is not plainly empty.
        #: Those of a table pasted from Word all hold elements, and no script fills them.
        self.may_be_unread: bool | None = has_unread if "o:p" in nodes else None

    def parted_text(self, node: LexborNode, text: str) -> str:
        """Return a cell's text, with blanks around marks that would make another figure of its figure.

        Examples
        --------
        >>> from selectolax.lexbor import LexborHTMLParser
        >>> page = "<table><tr><td>67<span style='vertical-align:super'>3</span><td><b>6</b><i>7</i></table>"
        >>> marks = CellMarks({}, page.encode())
        >>> [marks.parted_text(node, node.text()) for node in LexborHTMLParser(page).css("td")]
        ['67 3 ', '67']
        """
        pieces = node.text(separator=SEAM).strip(_AROUND)
        if SEAM not in pieces or not _DIGITS_PARTED.search(pieces):
            return text
        if self.may_part is None:
            self.may_part = _WORD not in self._source or any(sign.search(self._source) for sign in self._signs)
        return _with_marks_apart(node) if self.may_part else text

    def is_unread(self, node: LexborNode) -> bool:
        """Return whether a script fills an empty cell: nobody can tell that it is blank.

        Examples
        --------
        >>> from selectolax.lexbor import LexborHTMLParser
        >>> page = "<table><tr><td><span data-n=12></span><td><p data-width=12></p><td><br></table>"
        >>> marks = CellMarks({}, page.encode())
        >>> [marks.is_unread(node) for node in LexborHTMLParser(page).css("td")]
        [True, False, False]
        """
        if self.may_be_unread is None:
            self._has_carriers = _SIGN_OF_CARRIER.search(self._source) is not None
            self.may_be_unread = self._has_carriers or self._has_unread
        if self._has_carriers and _carries_figure(node):
            return True
        return self._has_unread and UNREAD in (node.text() or "")


def _with_marks_apart(node: LexborNode) -> str:
    parts = []
    for child in node.iter(include_text=True):
        inner = (child.text() if child.is_text_node else _with_marks_apart(child)) or ""
        parts.append(f" {inner} " if not child.is_text_node and _is_mark(child) else inner)
    return "".join(parts)


def _is_mark(node: LexborNode) -> bool:
    attributes = node.attributes
    style, names = attributes.get("style") or "", attributes.get("class") or ""
    if node.tag == "a" or node.tag in _MARKS or (attributes.get("color") or "").lower() in _WHITE:
        return True
    return bool(_MARK_STYLE.search(style) or _MARK_CLASS.search(names))


def _carries_figure(node: LexborNode) -> bool:
    return any(
        name.startswith("data-") and not _PLACE.search(name) and _FIGURE.fullmatch(value or "")
        for child in node.css("span,div,p,em,i,b,strong,label,font,a")
        for name, value in child.attributes.items()
    )
