"""The page's sections on the corpus: what was read, coverage, quality of the data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import pandas as pd

from toolkit.analysis.chapter import IDENTITY_RULES
from toolkit.analysis.drawing.themes import in_order
from toolkit.analysis.writing.wording import label_of
from toolkit.codebook import codebook
from toolkit.corpus import Corpus
from toolkit.page.html import Html, Page, Shaded, bullets, link, paragraph, safe, together
from toolkit.page.wording import in_words
from toolkit.reports.form import FORMS, form_cells
from toolkit.steps.analysis import Findings

FAILURES, CONTRADICTIONS, CELLS = 30, 10, 6
STATES = ("reported", "blank", "dash", "text", "missing", "doubtful")


@cache
def _codes() -> dict[tuple[str, str], tuple[str, str]]:
    book = codebook()
    rows = book[book["kind"].eq("code")]
    return {(row.of, row.name): (row.label_zh, row.label_en) for row in rows.itertuples(index=False)}


def code_label(of: str, name: Any, lang: str) -> str:
    """Return what a code of the codebook is called.

    Examples
    --------
    >>> code_label("state", "blank", "zh"), code_label("form", None, "en")
    ('空白', 'Not told')
    """
    if pd.isna(name):
        return label_of(name, lang)
    labels = _codes().get((of, str(name)))
    return (labels[0] if lang == "zh" else labels[1]) if labels else label_of(name, lang)


def number(value: Any) -> str:
    """Return a count with thousands separators.

    Examples
    --------
    >>> number(12345.0), number(None)
    ('12,345', '—')
    """
    return (
        "—" if pd.isna(value) else f"{value:,.0f}".replace("-", "−") if float(value).is_integer() else f"{value:,.2f}"
    )


def percent(value: Any, digits: int = 0) -> str:
    """Return a share as a percentage.

    Examples
    --------
    >>> percent(0.256), percent(float("nan"))
    ('26%', '—')
    """
    return "—" if pd.isna(value) else f"{100 * value:.{digits}f}%"


def reading(page: Page, corpus: Corpus, sources: int) -> Html:
    """Write what was read, what was not, and why."""
    reports, failures = corpus.reports, corpus.failures
    partial = int(reports["status"].eq("partial").sum())
    copies = int(reports["duplicate_of"].notna().sum())
    made = int(reports["simulated"].sum())
    said = [
        page.tell("read", sources=number(sources), reports=number(len(reports)), failures=number(len(failures))),
        page.tell("read_partial", partial=number(partial), copies=number(copies)),
    ]
    if made:
        said.append(page.tell("read_simulated", made=number(made), share=percent(made / len(reports))))
    kinds = _counted(page, reports)
    return together(
        [bullets(said), kinds, page.picture("failures"), _failures(page, failures), _partial(page, reports)]
    )


def _counted(page: Page, reports: pd.DataFrame) -> Html:
    rows, groups = [], []
    for column, zh, en in (
        ("format", "文件格式", "Format"),
        ("form", "表式", "Form"),
        ("scope", "统计范围", "Scope of the figures"),
        ("problems_status", "问题章节", "Chapter five"),
    ):
        counts = reports[column].value_counts(dropna=False)
        for place, (value, count) in enumerate(sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))):
            head = page.say(zh, en) if not place else ""
            rows.append([head, code_label(column, value, page.lang), number(count), percent(count / len(reports))])
            groups.append(not place)
    heads = ["", page.say("类别", "Kind"), page.say("报告数", "Reports"), page.say("占比", "Share")]
    title = page.say("读出的报告", "The reports that were read")
    return page.table(title, heads, rows, ["key", "", "num", "num"], groups=groups) if rows else Html("")


def _failures(page: Page, failures: pd.DataFrame) -> Html:
    if failures.empty:
        return paragraph(page.say("每个来源都已读出。", "Every source was read."))
    rows = [[_text(v) for v in row] for row in failures[["source", "message", "hint"]].head(FAILURES).values.tolist()]
    heads = [page.say("来源", "Source"), page.say("原因", "Why"), page.say("可以尝试", "What to try")]
    more = len(failures) - len(rows)
    note = page.say(f"另有 {more} 个，见 ", f"{more} more, see ") if more > 0 else page.say("全表见 ", "All of it: ")
    title = page.say("未能读取的来源及原因", "What was not read, and why")
    note_html = Html(note + link("failures.csv", "failures.csv"))
    return page.table(title, heads, rows, ["path", "text", "text"], note=note_html)


def _partial(page: Page, reports: pd.DataFrame) -> Html:
    counts = reports.loc[reports["status"].eq("partial"), "reason"].value_counts(dropna=False)
    if counts.empty:
        return Html("")
    rows = [[_lacking(page, reason), number(count)] for reason, count in counts.head(15).items()]
    heads = [page.say("缺少什么", "What is lacking"), page.say("报告数", "Reports")]
    return page.table(page.say("不完整的报告", "Partial reports"), heads, rows, ["text", "num"])


def _lacking(page: Page, reason: Any) -> str:
    """The reason says in codes which table or chapter was not found."""
    said = in_words(reason, page.lang) or "—"
    for of in ("chapter", "part"):
        for code in {row for kind, row in _codes() if kind == of}:
            said = re.sub(rf"\b{code}\b", code_label(of, code, page.lang), said)
    return said


def _text(value: Any) -> str:
    return "—" if pd.isna(value) else str(value)


def covering(page: Page, corpus: Corpus) -> Html:
    """Write the coverage: province by year, level by year."""
    reports = corpus.reports
    told = reports["year"].notna() & reports["province"].notna()
    parts = [
        _by_year(page, reports, "province", page.say("省份 × 年份的报告数", "Reports by province and year")),
        _by_year(page, reports, "level", page.say("层级 × 年份的报告数", "Reports by level and year")),
        page.picture("provinces"),
    ]
    lost = int((~told).sum())
    if lost:
        parts.append(
            paragraph(
                page.say(f"{lost:,} 份报告的省份或年份不明。", f"{lost:,} reports do not tell province or year."),
                "note",
            )
        )
    agencies = reports.groupby("agency_id")["year"].nunique()
    several = int(agencies.gt(1).sum())
    text = page.tell("coverage", agencies=number(len(agencies)), several=number(several))
    return together([paragraph(text), *parts])


def _by_year(page: Page, reports: pd.DataFrame, column: str, title: str) -> Html:
    counts = reports.groupby([column, "year"], dropna=False).size().unstack(fill_value=0)
    if counts.empty:
        return Html("")
    years = sorted(counts.columns, key=lambda year: (pd.isna(year), year if pd.notna(year) else 0))
    names = [*in_order(counts.index), *[name for name in counts.index if pd.isna(name)]]
    most = max(1, int(counts.to_numpy().max()))
    rows = []
    for name in names:
        line = counts[counts.index.isna()].iloc[0] if pd.isna(name) else counts.loc[name]
        label = code_label("level", name, page.lang) if column == "level" else label_of(name, page.lang)
        cells = [Shaded(number(line[year]) if line[year] else "", line[year] / most) for year in years]
        rows.append([label, *cells, number(line.sum())])
    heads = [
        page.say("省份", "Province") if column == "province" else page.say("层级", "Level"),
        *[page.say("年份不明", "not told") if pd.isna(year) else str(int(year)) for year in years],
        page.say("合计", "Total"),
    ]
    return page.table(title, heads, rows, ["key", *["num"] * (len(heads) - 1)])


def quality(page: Page, corpus: Corpus, found: Findings) -> Html:
    """Write the quality of the data: states of cells, rules, the worst contradictions with the way back."""
    intro = page.tell("quality")
    return together([paragraph(intro), _states(page, corpus), _rules(page, corpus), _worst(page, corpus, found)])


def _states(page: Page, corpus: Corpus) -> Html:
    cells = corpus.statistics
    if cells.empty:
        return page.empty(page.say("没有读出表格", "no table was read"))
    table = cells.groupby(["part", "state"]).size().unstack(fill_value=0).reindex(columns=STATES, fill_value=0)
    rows = []
    for part in [part for part in ("active_disclosure", "applications", "disputes") if part in table.index]:
        line = table.loc[part]
        shown = [f"{number(line[state])}" for state in STATES]
        rows.append([code_label("part", part, page.lang), *shown, percent(line["reported"] / line.sum(), 1)])
    heads = [
        page.say("表", "Table"),
        *[code_label("state", state, page.lang) for state in STATES],
        page.say("有数值的占比", "Share reported"),
    ]
    title = page.say("单元格的状态", "State of the cells")
    return page.table(title, heads, rows, ["key", *["num"] * 7])


def _rules(page: Page, corpus: Corpus) -> Html:
    if corpus.findings.empty:
        return page.empty(page.say("没有可检验的规则", "no rule could be tested"))
    table = corpus.findings.groupby(["rule", "verdict"]).size().unstack(fill_value=0)
    table = table.reindex(columns=["holds", "broken", "untestable"], fill_value=0).sort_values(
        "broken", ascending=False
    )
    reports = corpus.findings[corpus.findings["verdict"].eq("broken")].groupby("rule")["report"].nunique()
    rows = []
    for rule, (holds, broken, untestable) in zip(table.index, table.to_numpy()):
        held = number(holds) if rule in IDENTITY_RULES else "—"
        rows.append([code_label("rule", rule, page.lang), held, number(broken), number(untestable)])
        rows[-1].append(number(reports.get(rule, 0)))
    heads = [
        page.say("规则", "Rule"),
        page.say("成立", "Holds"),
        page.say("不成立", "Broken"),
        page.say("无法检验", "Untestable"),
        page.say("涉及报告", "Reports concerned"),
    ]
    title = page.say("勾稽关系与其他规则", "Identities and other rules")
    return page.table(title, heads, rows, ["key", "num", "num", "num", "num"], note=page.tell("rules_note"))


def _worst(page: Page, corpus: Corpus, found: Findings) -> Html:
    part = found.table("contradictions")
    if not part:
        reason = part.reason and page.empty(part.reason)
        return reason or paragraph(page.say("没有不成立的规则。", "No rule is broken."))
    # One per report and rule: a wrong total breaks several lines at once.
    firsts = part.frame.drop_duplicates(["report", "rule"])["place_in_list"].head(CONTRADICTIONS)
    rows = [_contradiction(page, part.frame[part.frame["place_in_list"].eq(place)]) for place in firsts]
    heads = [
        page.say("报告", "Report"),
        page.say("规则与位置", "Rule and place"),
        page.say("左边", "Left"),
        page.say("右边", "Right"),
        page.say("差额", "Gap"),
        page.say("原文与出处", "As printed, and where"),
    ]
    note = page.tell("contradictions_note")
    title = page.say("差额最大的矛盾", "The widest contradictions")
    all_of_it = Html(note + link("tables/contradictions.csv", "tables/contradictions.csv"))
    return page.table(title, heads, rows, ["path", "key", "num", "num", "num", "text"], note=all_of_it)


@cache
def _cell_labels() -> dict[tuple[str, str, str], tuple[str, str]]:
    cells = [cell for form in FORMS for cell in form_cells(form)]
    return {cell.key: (f"{cell.item_label} · {cell.category_label}", cell.english) for cell in cells}


def place_label(place: Any, lang: str) -> str:
    """Return the label of a cell or row whose key is part/item/category.

    Examples
    --------
    >>> place_label("applications/new_received/total", "en")
    'Applications received this year: total'
    """
    keys = tuple(str(place).split("/"))
    labels = _cell_labels().get(keys)  # type: ignore[arg-type]
    if labels:
        return labels[0] if lang == "zh" else labels[1]
    names = [code_label(of, name, lang) for of, name in zip(("part", "item", "category"), keys)]
    return " · ".join(names[1:] or names)


def _contradiction(page: Page, rows: pd.DataFrame) -> list[Any]:
    first = rows.iloc[0]
    cells = [_as_printed(page, row) for row in rows.head(CELLS).itertuples() if pd.notna(row.state)]
    more = len(rows) - CELLS
    if more > 0:
        cells.append(safe(page.say(f"另有 {more} 格", f"{more} more cells")))
    rule = f"{code_label('rule', first['rule'], page.lang)}：{place_label(first['place'], page.lang)}"
    sides = [number(first[side]) for side in ("lhs", "rhs", "gap")]
    return [first["report"], rule, *sides, _lines(cells)]


def _as_printed(page: Page, row: Any) -> Html:
    label = place_label(f"{row.part}/{row.item}/{row.category}", page.lang)
    raw = "—" if pd.isna(row.raw) else f"“{row.raw}”"
    state = "" if row.state == "reported" else f" {code_label('state', row.state, page.lang)}"
    where = f"（{row.locator}）" if pd.notna(row.locator) else ""
    return Html(f'{safe(label)}：{safe(raw)}{safe(state)}<span class="short">{safe(where)}</span>')


def _lines(texts: Iterable[str]) -> Html:
    return Html("<br>".join(safe(text) for text in texts))
