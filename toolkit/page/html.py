"""The elements of the page: sections, tables, figures. Every text is escaped here and nowhere else."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from importlib import resources
from typing import Any

from toolkit.analysis.writing.wording import SIMULATED, words
from toolkit.steps.figures import Picture


@cache
def _texts() -> dict[str, dict[str, str]]:
    with resources.files("toolkit.page").joinpath("texts.csv").open(encoding="utf-8") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


class Html(str):
    """A text that is HTML already, so that it is not escaped again."""


def safe(value: Any) -> Html:
    """Return a value as HTML: escaped unless it is HTML already.

    Examples
    --------
    >>> safe("<b>"), safe(Html("<b>"))
    ('&lt;b&gt;', '<b>')
    """
    return value if isinstance(value, Html) else Html(escape(str(value)))


def paragraph(text: Any, kind: str = "") -> Html:
    """Return a paragraph, of a class if there is one.

    Examples
    --------
    >>> paragraph("a & b", "note")
    '<p class="note">a &amp; b</p>'
    """
    return Html(f'<p class="{kind}">{safe(text)}</p>' if kind else f"<p>{safe(text)}</p>")


def bullets(items: Iterable[Any], kind: str = "") -> Html:
    """Return a list.

    Examples
    --------
    >>> bullets(["a", "b"])
    '<ul><li>a</li><li>b</li></ul>'
    """
    name = f' class="{kind}"' if kind else ""
    return Html(f"<ul{name}>" + "".join(f"<li>{safe(item)}</li>" for item in items) + "</ul>")


def together(parts: Iterable[str]) -> Html:
    """Return elements one after the other.

    Examples
    --------
    >>> together([paragraph("a"), paragraph("b")])
    '<p>a</p><p>b</p>'
    """
    return Html("".join(parts))


def link(text: Any, address: str) -> Html:
    """Return a link to a file of the study, or to a published page; other addresses stay text.

    Examples
    --------
    >>> link("a", "tables/a.csv"), link("b", "javascript:x")
    ('<a href="tables/a.csv">a</a>', 'b')
    """
    if ":" in address and not address.startswith(("http://", "https://")):
        return safe(text)
    return Html(f'<a href="{escape(address)}">{safe(text)}</a>')


@dataclass
class Page:
    """What the sections write with: the language, the pictures, and the numbers of figures and tables.

    Attributes
    ----------
    lang : {"zh", "en"}
    pictures : dict
        Name to Picture.
    simulated : bool
        Whether simulated reports are among the data: every caption then says so.
    """

    lang: str
    pictures: Mapping[str, Picture]
    simulated: bool = False
    _counts: dict[str, int] = field(default_factory=lambda: {"figure": 0, "table": 0})

    def say(self, zh: str, en: str) -> str:
        """Return the wording of the page's language."""
        return words(self.lang, zh, en)

    def tell(self, name: str, **values: Any) -> str:
        """Return a text of ``texts.csv`` in the page's language, with its values filled in."""
        return _texts()[name][self.lang].format(**values)

    def mark(self) -> Html:
        """Return the mark of simulated data, or nothing."""
        return Html(f' <span class="made">{SIMULATED[self.lang]}</span>') if self.simulated else Html("")

    def empty(self, reason: str) -> Html:
        """Return what stands where there is no result."""
        return paragraph(self.say(f"无法说明：{reason}。", f"Nothing can be said: {reason}."), "empty")

    def heading(self, zh: str, en: str) -> Html:
        """Return a heading inside a section."""
        return Html(f"<h3>{safe(self.say(zh, en))}</h3>")

    def picture(self, name: str, broad: bool = False) -> Html:
        """Return a figure with its number, title and files; nothing where it was not drawn."""
        picture = self.pictures.get(name)
        if picture is None:
            return Html("")
        files = " · ".join(link(kind.upper(), f"figures/{name}.{kind}") for kind in ("pdf", "svg", "png"))
        head = f"{self._number('figure')} {safe(picture.title)}{self.mark()} <small>{files}</small>"
        image = f'<img src="{picture.data}" width="{picture.width}" alt="{escape(picture.alt + self._made())}">'
        kind = ' class="broad"' if broad else ""
        scroll = f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(picture.title)}">{image}</div>'
        return Html(f"<figure{kind}><figcaption>{head}</figcaption>{scroll}</figure>")

    def table(
        self,
        title: str,
        heads: Sequence[Any],
        rows: Sequence[Sequence[Any]],
        kinds: Sequence[str] = (),
        note: str = "",
        groups: Sequence[bool] = (),
    ) -> Html:
        """Return a table with its number and title.

        Parameters
        ----------
        title : str
        heads : sequence
        rows : sequence of sequences
            Cells; the first of each row heads it.
        kinds : sequence of str
            Class of each column: num, text, path, key.
        note : str
            Below the table.
        groups : sequence of bool
            Which rows begin a group.
        """
        kinds = [*kinds, *[""] * (len(heads) - len(kinds))]
        head = "".join(f'<th scope="col"{_class(kind)}>{safe(text)}</th>' for text, kind in zip(heads, kinds))
        head = f"<thead><tr>{head}</tr></thead>" if any(heads) else "<thead></thead>"
        lines = []
        for place, row in enumerate(rows):
            first = f'<th scope="row"{_class(kinds[0])}>{safe(row[0])}</th>'
            rest = "".join(_cell(value, kind) for value, kind in zip(row[1:], kinds[1:]))
            lines.append(f"<tr{_class('group') if place < len(groups) and groups[place] else ''}>{first}{rest}</tr>")
        caption = f"{self._number('table')} {safe(title)}{self.mark()}"
        below = paragraph(note, "note") if note else ""
        return Html(
            f'<div class="table"><div class="scroll" tabindex="0" role="region" aria-label="{escape(title)}">'
            f"<table><caption>{caption}</caption>{head}<tbody>{''.join(lines)}</tbody></table>"
            f"</div>{below}</div>"
        )

    def _number(self, kind: str) -> str:
        self._counts[kind] += 1
        label = self.say("图", "Figure ") if kind == "figure" else self.say("表", "Table ")
        return f"{label}{self._counts[kind]}"

    def _made(self) -> str:
        return self.say("（模拟数据）", " (simulated data)") if self.simulated else ""


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


@dataclass(frozen=True)
class Shaded:
    """A number of a table with a shade from 0 to 1 behind it."""

    text: str
    shade: float


def _cell(value: Any, kind: str) -> str:
    if isinstance(value, Shaded):
        # Dark enough to see, light enough to read on.
        return f'<td class="shade num" style="--s:{round(55 * value.shade)}">{safe(value.text)}</td>'
    return f"<td{_class(kind)}>{safe(value)}</td>"
