"""The page that a supervisor reads: one file, no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from toolkit.analysis.writing.wording import SIMULATED
from toolkit.corpus import Corpus
from toolkit.page.corpus import covering, number, quality, reading
from toolkit.page.findings import associations, headline, limits, repeating, steps_without
from toolkit.page.html import Html, Page, bullets, paragraph, safe, together
from toolkit.page.themes import answering, copied, grouping, themes
from toolkit.steps.analysis import Findings
from toolkit.steps.figures import Picture

if TYPE_CHECKING:
    from toolkit.analysis.clusters import Clusters

Section = tuple[str, str, Html]


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
    contents = together(Html(f'<li><a href="#{name}">{safe(title)}</a></li>') for name, title, _ in sections)
    body = together(
        Html(f'<section id="{name}" aria-labelledby="h-{name}"><h2 id="h-{name}">{safe(title)}</h2>{part}</section>')
        for name, title, part in sections
    )
    return _document(page, contents, body, steps_without(page, content, failed), content)


def _sections(
    page: Page, corpus: Corpus, found: Findings, clusters: Clusters | None, content: Mapping[str, Any]
) -> list[Section]:
    # Written in the order of the page, since figures and tables are numbered as they come.
    say = page.say
    read = reading(page, corpus, content["counts"]["sources"])
    return [
        ("summary", say("概要", "Summary"), _summary(page, corpus, found)),
        ("read", say("读取了什么，没有读取什么", "What was read, and what was not"), read),
        ("coverage", say("覆盖范围", "Coverage"), covering(page, corpus)),
        ("quality", say("数据质量", "Quality of the data"), quality(page, corpus, found)),
        ("themes", say("各机关指出的问题", "Problems that agencies name"), themes(page, corpus, found)),
        ("clusters", say("问题聚类", "Clusters of problems"), grouping(page, found, clusters)),
        ("associations", say("问题与披露指标的关联", "Problems named and disclosure"), associations(page, found)),
        ("copied", say("雷同文本", "Copied text"), copied(page, corpus, found)),
        ("congruence", say("问题与改进是否对应", "Do improvements answer the problems"), answering(page, found)),
        ("limits", say("局限", "Limits"), limits(page, corpus, found)),
        ("again", say("复现", "To do this again"), repeating(page, content)),
    ]


def _summary(page: Page, corpus: Corpus, found: Findings) -> Html:
    reports, findings = corpus.reports, corpus.findings
    hard = findings[findings["verdict"].eq("broken") & findings["severity"].eq("hard")]
    problems = int(corpus.statements["kind"].eq("problem").sum())
    figures = (
        ("报告", "Reports", number(len(reports))),
        ("机关", "Agencies", number(reports["agency_id"].nunique())),
        ("年份", "Years", _span(corpus)),
        ("省级行政区", "Provinces", number(reports["province"].nunique())),
        ("未能读取的来源", "Sources not read", number(len(corpus.failures))),
        ("自相矛盾的报告", "Reports that contradict themselves", number(hard["report"].nunique())),
        ("问题陈述", "Problem statements", number(problems)),
    )
    cards = "".join(f"<div><dt>{safe(page.say(zh, en))}</dt><dd>{safe(value)}</dd></div>" for zh, en, value in figures)
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


def _document(page: Page, contents: Html, body: Html, errors: Html, content: Mapping[str, Any]) -> str:
    mark = SIMULATED[page.lang]
    bar = page.tell("simulated_bar", mark=mark[0].upper() + mark[1:])
    made = page.say("由 xxgk-toolkit {} 生成；随机种子 {}。", "Made by xxgk-toolkit {}; seed {}.")
    texts = {
        "language": "zh-CN" if page.lang == "zh" else "en",
        "title": page.tell("title"),
        "title_mark": page.say(f"（{mark}）", f" ({mark})") if page.simulated else "",
        "skip": page.say("跳到正文", "Skip to the text"),
        "lead": page.tell("lead"),
        "swipe": page.say("较宽的图表可左右滑动。", "Wide figures and tables scroll sideways."),
        "contents_label": page.say("目录", "Contents"),
        "made": made.format(content["versions"]["toolkit"], content["settings"]["seed"]),
    }
    parts: dict[str, str] = {
        "style": _package_text("study.css"),
        "mark": page.mark(),
        "banner": f'<div class="simulated-bar" role="note">{safe(bar)}</div>' if page.simulated else "",
        "errors": errors,
        "contents": contents,
        "body": body,
    }
    template = Template(_package_text("study_page.html"))
    return template.substitute({**{name: safe(text) for name, text in texts.items()}, **parts})


def _package_text(name: str) -> str:
    return resources.files("toolkit.page").joinpath(name).read_text(encoding="utf-8")


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
