"""The page that a supervisor reads: one file, no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.analysis.wording import SIMULATED
from toolkit.corpus import Corpus
from toolkit.study_analysis import Findings
from toolkit.study_figures import Picture
from toolkit.study_html import Html, Page, bullets, paragraph, safe, together
from toolkit.study_page_corpus import covering, quality, reading
from toolkit.study_page_findings import associations, headline, limits, repeating, steps_without
from toolkit.study_page_themes import answering, copied, grouping, themes

if TYPE_CHECKING:
    from toolkit.analysis.clusters import Clusters

Section = tuple[str, str, str, Html]


def page_of(
    corpus: Corpus,
    found: Findings,
    clusters: Clusters | None,
    pictures: Mapping[str, Picture],
    content: Mapping[str, Any],
    failed: Mapping[str, str],
    lang: str,
) -> str:
    """Return the page of a study as HTML.

    Parameters
    ----------
    corpus, found, clusters
        What was read and found.
    pictures : mapping
        Name to Picture.
    content : mapping
        The manifest.
    failed : mapping
        Figures and tables that could not be made, and why.
    lang : {"zh", "en"}
    """
    page = Page(lang, pictures, bool(corpus.reports["simulated"].any()))
    sections = _sections(page, corpus, found, clusters, content)
    contents = "".join(f'<li><a href="#{name}">{safe(page.say(zh, en))}</a></li>' for name, zh, en, _ in sections)
    body = together(
        Html(
            f'<section id="{name}" aria-labelledby="h-{name}"><h2 id="h-{name}">{safe(page.say(zh, en))}</h2>{part}</section>'
        )
        for name, zh, en, part in sections
    )
    label = page.say("目录", "Contents")
    errors = steps_without(page, content, failed)
    navigation = Html(f'<nav aria-label="{label}"><ol>{contents}</ol></nav>')
    return _document(page, together([errors, navigation, body]), content)


def _sections(
    page: Page, corpus: Corpus, found: Findings, clusters: Clusters | None, content: Mapping[str, Any]
) -> list[Section]:
    # Written in the order of the page, since figures and tables are numbered as they come.
    return [
        ("summary", "概要", "Summary", _summary(page, corpus, found)),
        ("read", "读取了什么，没有读取什么", "What was read, and what was not", reading(page, corpus, content["counts"]["sources"])),
        ("coverage", "覆盖范围", "Coverage", covering(page, corpus)),
        ("quality", "数据质量", "Quality of the data", quality(page, corpus, found)),
        ("themes", "各机关指出的问题", "Problems that agencies name", themes(page, corpus, found)),
        ("clusters", "问题聚类", "Clusters of problems", grouping(page, found, clusters)),
        ("associations", "问题与披露指标的关联", "Problems named and disclosure", associations(page, found)),
        ("copied", "雷同文本", "Copied text", copied(page, corpus, found)),
        ("congruence", "问题与改进是否对应", "Do the improvements answer the problems", answering(page, found)),
        ("limits", "局限", "Limits", limits(page, corpus, found)),
        ("again", "复现", "To do this again", repeating(page, content)),
    ]  # fmt: skip


def _summary(page: Page, corpus: Corpus, found: Findings) -> Html:
    reports, findings = corpus.reports, corpus.findings
    hard = findings[findings["verdict"].eq("broken") & findings["severity"].eq("hard")]
    problems = int(corpus.statements["kind"].eq("problem").sum())
    figures = (
        ("报告", "Reports", len(reports)),
        ("机关", "Agencies", reports["agency_id"].nunique()),
        ("年份", "Years", _span(corpus)),
        ("省级行政区", "Provinces", reports["province"].nunique()),
        ("未能读取的来源", "Sources not read", len(corpus.failures)),
        ("自相矛盾的报告", "Reports that contradict themselves", hard["report"].nunique()),
        ("问题陈述", "Problem statements", problems),
    )
    cards = "".join(
        f"<div><dt>{safe(page.say(zh, en))}</dt><dd>{safe(value if isinstance(value, str) else f'{value:,}')}</dd></div>"
        for zh, en, value in figures
    )
    sentences = headline(found, page.lang, 3)
    part = found.table("associations")
    if sentences:
        told = bullets(sentences, "sentences")
    elif part:
        told = paragraph(
            page.say(
                "校正多重检验后，没有关联达到 q < .05。",
                "After adjusting for the number of tests, no association has q < .05.",
            )
        )
    else:
        told = page.empty(part.reason) if part.reason else Html("")
    return together([Html(f'<dl class="numbers">{cards}</dl>'), told])


def _span(corpus: Corpus) -> str:
    years = corpus.reports["year"].dropna()
    if not len(years):
        return "—"
    first, last = int(years.min()), int(years.max())
    return f"{first}" if first == last else f"{first}–{last}"


def _document(page: Page, body: Html, content: Mapping[str, Any]) -> str:
    style = resources.files("toolkit").joinpath("study.css").read_text(encoding="utf-8")
    title = page.say(
        "政府信息公开工作年度报告：问题与披露指标", "Annual reports on information disclosure: problems and figures"
    )
    mark = SIMULATED[page.lang]
    bar = page.say(
        f"{mark}：本页含模拟报告，其数字不描述任何真实机关。",
        f"{mark[0].upper()}{mark[1:]}: this page holds simulated reports, whose figures describe no real body.",
    )
    banner = f'<div class="simulated-bar" role="note">{safe(bar)}</div>' if page.simulated else ""
    lead = page.say(
        "指出了什么问题，数字是多少，两者有何关联", "What they name, what they count, and what goes with what"
    )
    made = page.say("由 xxgk-toolkit 生成，版本 ", "Made by xxgk-toolkit, version ") + content["versions"]["toolkit"]
    made += page.say(f"；随机种子 {content['settings']['seed']}。", f"; seed {content['settings']['seed']}.")
    head_title = (
        f"{title}（{mark}）"
        if page.simulated and page.lang == "zh"
        else f"{title} ({mark})"
        if page.simulated
        else title
    )
    language = "zh-CN" if page.lang == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n"
        f"<title>{safe(head_title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f'<body lang="{language}">\n<a class="skip" href="#main">{safe(page.say("跳到正文", "Skip to the text"))}</a>\n{banner}\n'
        f'<header><h1>{safe(title)}{page.mark()}</h1><p class="lead">{safe(lead)}</p></header>\n'
        f'<main id="main">\n{body}\n</main>\n<footer>{safe(made)}</footer>\n</body>\n</html>\n'
    )


def write_page(path: Path, text: str) -> None:
    """Write the page, UTF-8.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_page(Path(folder) / "index.html", "<p>页</p>")
    ...     (Path(folder) / "index.html").read_text(encoding="utf-8")
    '<p>页</p>'
    """
    path.write_text(text, encoding="utf-8", newline="\n")
