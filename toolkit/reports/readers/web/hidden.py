"""What a page holds and does not show: copies for print, tabs that wait for a click, struck-out figures."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from toolkit.reports.folding import fold

#: Where none of them is shown, the tables of a report are not shown.
LABELS_OF_TABLES = ("本年新收", "结果维持", "规范性文件", "予以公开")

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|:\s*-999|line-through", re.IGNORECASE
)
# A compiled word is sought in half the time that `in` takes.
_MAYBE_HIDDEN = {
    re.compile(b"none"): '[style*="none" i]',
    re.compile(b"hid"): '[style*="hid" i],[hidden]',
    re.compile(b"-999"): '[style*="-999"]',
    re.compile(b"through"): '[style*="through" i]',
}
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_FOR_PRINT = re.compile(r"@media\s+(?!screen|all)[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_SIMPLE = re.compile(r"[.#][A-Za-z][\w-]*")


def drop_hidden(tree: LexborHTMLParser, styles: str, source: bytes) -> bool:
    """What the page does not show is not read, unless the report stands nowhere else (it waits for a click).

    ``source`` is that of the tree, in small letters: what it does not mention need not be sought.
    Returns whether anything was taken out.

    Parameters
    ----------
    tree : LexborHTMLParser
        The page; hidden nodes are taken out of it.
    styles : str
        Its own style sheets.
    source : bytes
        Its source, in small letters.

    Examples
    --------
    >>> page = "<p>总体情况<p style='display:none'>已删除"
    >>> tree = LexborHTMLParser(page)
    >>> drop_hidden(tree, "", page.encode()), tree.body.text()
    (True, '总体情况')
    """
    maybe = [selector for sign, selector in _MAYBE_HIDDEN.items() if sign.search(source)]
    selectors = [*maybe, *_hiding_rules(styles)]
    if not selectors:
        return False
    # In the order of the page, so that the inner ones come last: with its parent a node is gone.
    hidden = [node for node in tree.css(",".join(selectors)) if _is_hidden(node, styles)]
    whole = fold(tree.body.text()) if hidden and tree.body else ""
    for node in reversed(hidden):
        text = fold(node.text())
        if not any(label in text and whole.count(label) == text.count(label) for label in LABELS_OF_TABLES):
            whole = whole.replace(text, "", 1)
            node.decompose()
    return bool(hidden)


def _hiding_rules(styles: str) -> list[str]:
    """Return the classes and ids that the page's own style sheet does not show on a screen."""
    if "none" not in styles and "hidden" not in styles:
        return []
    rules = _RULE.findall(_FOR_PRINT.sub("", styles))
    selectors = {name.strip() for names, body in rules if _HIDDEN.search(body) for name in names.split(",")}
    return sorted(name for name in selectors if _SIMPLE.fullmatch(name))


def _is_hidden(node: LexborNode, styles: str) -> bool:
    attributes = node.attributes
    if "hidden" in attributes or _HIDDEN.search(attributes.get("style") or ""):
        return True
    names = {f".{name}" for name in (attributes.get("class") or "").split()} | {f"#{attributes.get('id')}"}
    return bool(names & set(_hiding_rules(styles)))
