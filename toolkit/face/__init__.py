"""The report's face: its tables as published, with what is known about every cell.

Drawn from the frames of one report, so that what is seen is what is computed
with. Static HTML without script. Colours are of the palette of Okabe and Ito
(2008), which colour-blind readers tell apart; every mark has a sign as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from importlib import resources
from typing import Any, Protocol

import pandas as pd

from toolkit.errors import InputError
from toolkit.face.layout import Box, Layout, layouts
from toolkit.face.words import WORDS, labels
from toolkit.reports.form import PARTS

#: No face is larger, in bytes.
LARGEST = 50_000

_MARKS = {"blank": ("b", "▢"), "dash": ("d", ""), "text": ("t", "T"), "missing": ("m", "∅"), "doubtful": ("q", "?")}
_MOST_FINDINGS = 12
_MOST_FIGURES = 24
_PAGE = re.compile(r"p(\d+)")


class HasReport(Protocol):
    """Anything that carries the frames of one report."""

    reports: pd.DataFrame
    statistics: pd.DataFrame
    findings: pd.DataFrame
    statements: pd.DataFrame


def html(report: HasReport, lang: str = "zh") -> str:
    """Return one report as a page: its tables as published, marked.

    Parameters
    ----------
    report : Report
        Of :func:`toolkit.read_report`.
    lang : {"zh", "en"}
        ``zh`` has the official labels.

    Returns
    -------
    str
        HTML of under 50 kB. Hovering over a cell shows its code, its place
        in the source and what is known about it. A cell whose state is not
        ``reported`` is marked by colour and sign; so is a sum that does not
        hold (≠), with its terms in a dashed frame.

    Raises
    ------
    InputError
        If there is no such language, or not exactly one report.

    Examples
    --------
    >>> from toolkit import read_report
    >>> page = html(read_report("corpus/dongguan2020.txt"))
    >>> 'title="active_disclosure/procurement/amount&#10;@' in page, len(page.encode()) < 50_000
    (True, True)
    """
    row = _one_report(report, lang)
    page = ""
    # Texts where numbers belong may be long: they are cut until the page is small enough.
    for length in (60, 12, 4):
        page = "".join(_page(report, row, lang, length))
        if len(page.encode("utf-8")) <= LARGEST:
            break
    return page


def text(report: HasReport, lang: str = "zh") -> str:
    """Return one report as a few lines for a terminal.

    Examples
    --------
    >>> from toolkit import read_report
    >>> print(text(read_report("corpus/dongguan2020.txt"), lang="en"))
    平凉市崆峒区东关街道办事处2020年政府信息公开工作年度报告
      平凉市崆峒区东关街道办事处 · 2020 · form 2019 · 2021-01-22 · parsed · dongguan2020.txt
      cells: 196 reported, 2 missing
      rules: 40 hold, 0 broken, 1 untestable
      chapter five: 4 problems, 3 improvements
      ! Unplaced active_disclosure/fees: values whose column cannot be told: 0 (@1122-1123)
    """
    row, words = _one_report(report, lang), WORDS[lang]
    kinds = report.statements["kind"].value_counts()
    lines = [
        _known(row["title"]) or _known(row["report"]),
        f"  {_facts(row, lang)}",
        f"  {words['cells']}: {_counted(report.statistics['state'], 'state', lang)}",
        f"  {words['rules']}: {_verdicts(report.findings, lang)}",
        f"  {words['chapter_five'].format(kinds.get('problem', 0), kinds.get('improvement', 0))}",
        *(f"  ! {line}" for line in _finding_lines(report.findings, lang, 3)),
    ]
    return "\n".join(lines)


def _one_report(report: HasReport, lang: str) -> pd.Series:
    if lang not in WORDS:
        raise InputError(f"there is no language {lang!r}", f"one of {', '.join(WORDS)}")
    if len(report.reports) != 1:
        raise InputError(f"a face is of one report, these frames have {len(report.reports)}", "read_report(path)")
    return report.reports.iloc[0]


def _page(report: HasReport, row: pd.Series, lang: str, length: int) -> Iterator[str]:
    words = WORDS[lang]
    yield f'<div class="xxgk" lang="{lang}"><style>{_style()}</style>'
    simulated = f' <span class="s">{words["simulated"]}</span>' if row["simulated"] else ""
    yield f"<h3>{_safe(_known(row['title']) or _known(row['report']), 200)}{simulated}</h3>"
    yield f"<p>{_safe(_facts(row, lang), 400)}</p>"
    if _known(row["reason"]):
        yield f"<p>{words['reason']}: {_safe(row['reason'], 100 + 5 * length)}</p>"
    cells = _Cells(report.statistics, report.findings, lang, length)
    for part in PARTS:
        yield from _table(part, layouts(part, cells.keys, lang), cells, lang)
    if report.statistics.empty:
        yield f"<p>{words['no_statistics']}</p>"
    yield _legend(lang)
    yield f"<p>{words['cells']}: {_safe(_counted(report.statistics['state'], 'state', lang), 400)}<br>"
    yield f"{words['rules']}: {_safe(_verdicts(report.findings, lang), 400)}</p>"
    lines = _finding_lines(report.findings, lang, _MOST_FINDINGS)
    found = "".join(f"<li>{_safe(line, 60 + 3 * length)}</li>" for line in lines)
    yield f"<ul>{found}</ul></div>" if found else "</div>"


@cache
def _style() -> str:
    sheet = resources.files("toolkit.face").joinpath("face.css").read_text(encoding="utf-8")
    return sheet.replace("\n", "")


def _table(part: str, tables: Sequence[Layout], cells: _Cells, lang: str) -> Iterator[str]:
    """Yield the tables of a part; the first says where in the source they stand."""
    for place, table in enumerate(tables):
        yield "<table>"
        if place == 0:
            yield f"<caption>{_safe(labels('part', lang)[part], 80)} <small>{cells.pages(part)}</small></caption>"
        for line in table:
            yield "<tr>" + "".join(_box(box, cells) for box in line) + "</tr>"
        yield "</table>"


def _box(box: Box, cells: _Cells) -> str:
    spans = f' rowspan="{box.rows}"' if box.rows > 1 else ""
    spans += f' colspan="{box.columns}"' if box.columns > 1 else ""
    if box.key is None:
        left = ' class="l"' if box.is_row_label else ""
        return f"<th{left}{spans}>{escape(box.label)}</th>"
    return cells.draw(box.key, spans)


class _Cells:
    """The cells of a report by key, and the broken sums in which they stand."""

    def __init__(self, statistics: pd.DataFrame, findings: pd.DataFrame, lang: str, length: int) -> None:
        columns = ["part", "item", "category", "value", "unit", "raw", "state", "locator"]
        rows = statistics[columns].to_dict("records")
        self.rows: dict[tuple[str, str, str], Mapping[str, Any]] = {
            (row["part"], row["item"], row["category"]): row for row in rows
        }
        self.lang, self.length = lang, length
        self.states = labels("state", lang)
        broken = findings[findings["verdict"] == "broken"]
        self.broken: dict[str, list[str]] = {}
        self.terms: dict[str, list[str]] = {}
        for one in broken.to_dict("records"):
            note = (
                f"{one['rule']}: {_number(one['lhs'])} ≠ {_number(one['rhs'])}" if _known(one["lhs"]) else one["rule"]
            )
            self.broken.setdefault(_known(one["place"]), []).append(note)
            for cell in _known(one["cells"]).split(";"):
                self.terms.setdefault(cell, []).append(one["rule"])

    @property
    def keys(self) -> set[tuple[str, str, str]]:
        return set(self.rows)

    def pages(self, part: str) -> str:
        """Return where in the source the part stands: its pages, or its first and last locator."""
        found = [_known(row["locator"]) for key, row in self.rows.items() if key[0] == part and _known(row["locator"])]
        pages = sorted({int(match[1]) for one in found if (match := _PAGE.match(one))})
        if pages:
            span = f"{pages[0]}" if len(pages) == 1 else f"{pages[0]}–{pages[-1]}"
            return WORDS[self.lang]["pages"].format(span)
        return escape(f"{found[0]} … {found[-1]}") if found else ""

    def draw(self, key: tuple[str, str, str], spans: str) -> str:
        """Return a cell as published: its raw text, its marks, and what is known about it on hover."""
        row, name = self.rows[key], "/".join(key)
        kind, sign = _MARKS.get(row["state"], ("", ""))
        shown = " ".join(_known(row["raw"]).split())
        marks = [kind] if kind else []
        if name in self.broken:
            marks, sign = [*marks, "x"], sign + "≠"
        elif name in self.terms:
            marks.append("y")
        style = f' class="{" ".join(marks)}"' if marks else ""
        mark = f"<i>{sign}</i>" if sign else ""
        title = escape(self._title(name, row), quote=True).replace("\n", "&#10;")
        return f'<td{style}{spans} title="{title}">{_safe(shown, min(self.length, _MOST_FIGURES))}{mark}</td>'

    def _title(self, name: str, row: Mapping[str, Any]) -> str:
        lines = [name]
        if _known(row["locator"]):
            page = _PAGE.match(row["locator"])
            lines.append(row["locator"] + (f" ({WORDS[self.lang]['pages'].format(page[1])})" if page else ""))
        if row["state"] != "reported":
            lines.append(self.states[row["state"]])
        elif row["unit"] != "count":
            lines.append(f"= {_number(row['value'])} {row['unit']}")
        lines += self.broken.get(name, [])
        if name not in self.broken:
            lines += [f"≠ {rule}" for rule in dict.fromkeys(self.terms.get(name, []))]
        raw = _known(row["raw"])
        if len(raw) > _MOST_FIGURES and self.length > _MOST_FIGURES:
            lines.append(raw[: self.length])
        return "\n".join(lines)


def _legend(lang: str) -> str:
    states = labels("state", lang)
    signs = [f'<span class="{kind}">{states[state]} {sign or "—"}</span>' for state, (kind, sign) in _MARKS.items()]
    signs.append(f'<span class="x">{WORDS[lang]["broken"]} <i>≠</i></span>')
    signs.append(f'<span class="y">{WORDS[lang]["term"]}</span>')
    return f'<p class="k">{"".join(signs)} {WORDS[lang]["hover"]}</p>'


def _facts(row: pd.Series, lang: str) -> str:
    form = f"{WORDS[lang]['form']} {row['form']}" if _known(row["form"]) else ""
    values = [row["agency"], row["year"], form, row["published"], row["index_number"]]
    status = labels("status", lang) if lang == "zh" else {}
    values += [status.get(row["status"], row["status"]), row["report"]]
    return " · ".join(_known(value) for value in values if _known(value))


def _counted(column: pd.Series, field: str, lang: str) -> str:
    names = labels(field, lang) if lang == "zh" else {}
    return ", ".join(f"{count} {names.get(value, value)}" for value, count in column.value_counts().items()) or "0"


def _verdicts(findings: pd.DataFrame, lang: str) -> str:
    counts = findings["verdict"].value_counts()
    return WORDS[lang]["verdicts"].format(*(counts.get(one, 0) for one in ("holds", "broken", "untestable")))


def _finding_lines(findings: pd.DataFrame, lang: str, most: int) -> list[str]:
    """Return what does not hold, hard rules first, then what could not be tested."""
    open_ones = findings[findings["verdict"] != "holds"]
    order = {"brokenhard": 0, "brokensoft": 1, "untestablehard": 3, "untestablesoft": 2}
    ranks = (open_ones["verdict"] + open_ones["severity"]).map(order)
    ranked = open_ones.iloc[ranks.argsort(kind="stable")].to_dict("records")
    lines = [_finding_line(one, lang) for one in ranked[:most]]
    return lines + ([WORDS[lang]["more"].format(len(ranked) - most)] if len(ranked) > most else [])


def _finding_line(one: Mapping[str, Any], lang: str) -> str:
    parts = [f"{labels('rule', lang)[one['rule']]} {_known(one['place'])}".strip()]
    if one["verdict"] == "broken" and _known(one["lhs"]) and _known(one["rhs"]):
        parts.append(f"{_number(one['lhs'])} ≠ {_number(one['rhs'])}")
    if _known(one["note"]):
        parts.append(_known(one["note"]))
    return ": ".join(parts)


def _number(value: Any) -> str:
    return f"{float(value):.10g}" if abs(float(value)) < 1e10 else f"{float(value):.0f}"


def _known(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _safe(value: Any, length: int) -> str:
    shown = str(value)
    return escape(shown if len(shown) <= length else shown[:length] + "…")
