"""The page's sections on chapter five: themes, clusters, copied text, congruence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.analysis.writing.wording import label_of
from toolkit.corpus import Corpus
from toolkit.narrative.coding import load_scheme
from toolkit.page.corpus import number, percent
from toolkit.page.html import Html, Page, Shaded, bullets, link, paragraph, safe, together
from toolkit.steps.analysis import Findings
from toolkit.steps.figures import LEAST_AGENCIES
from toolkit.steps.narrative import MEDOIDS, copied_pair

if TYPE_CHECKING:
    from toolkit.analysis.clusters import Clusters

EXAMPLES, GROUPS, TABLE_THEMES = 2, 8, 20
#: Below so many problem statements codes serve better than clusters.
FEW_STATEMENTS = 300
#: From this share of its text on a statement stands elsewhere, and is no good example.
COPIED = 0.5


def themes(page: Page, corpus: Corpus, found: Findings) -> Html:
    """Write which problems are named, how often, with examples."""
    said = corpus.statements
    problems = said[said["kind"].eq("problem")]
    part = found.table("prevalence")
    if not part:
        return together([_counts(page, corpus, problems), page.empty(part.reason or _nothing(page))])
    agencies = int(part.frame["n_clusters"].max())
    few = page.empty(page.tell("few_agencies", agencies=agencies)) if agencies < LEAST_AGENCIES else Html("")
    return together(
        [
            _counts(page, corpus, problems),
            few,
            page.picture("prevalence"),
            _prevalence(page, part.frame, problems),
            _by_year(page, found),
            page.picture("prevalence_year"),
            page.picture("persistence") or _once(page, found),
            page.picture("keyness"),
        ]
    )


def _nothing(page: Page) -> str:
    return page.say("没有已编码的问题陈述", "no coded problem statement")


def _once(page: Page, found: Findings) -> Html:
    reason = found.table("persistence").reason
    return together([page.heading("延续", "Persistence"), page.empty(reason)]) if reason else Html("")


def _counts(page: Page, corpus: Corpus, problems: pd.DataFrame) -> Html:
    named = int(corpus.reports["problems_status"].eq("named").sum())
    text = page.tell(
        "themes",
        reports=number(named),
        problems=number(len(problems)),
        improvements=number(len(corpus.statements) - len(problems)),
        codes=len(load_scheme().codes_of("problem")),
    )
    return paragraph(text)


def _prevalence(page: Page, frame: pd.DataFrame, problems: pd.DataFrame) -> Html:
    rows = []
    few = frame["n_clusters"].max() < LEAST_AGENCIES
    for row in frame.sort_values("share", ascending=False, kind="stable").head(TABLE_THEMES).itertuples():
        interval = "—" if few else f"{percent(row.low, 1)}–{percent(row.high, 1)}"
        example = _examples(problems[problems["code"].eq(row.theme)])
        share = "—" if few else percent(row.share, 1)
        rows.append([label_of(row.theme, page.lang), f"{row.k:,}/{row.n:,}", share, interval, example])
    heads = [
        page.say("主题", "Theme"),
        page.say("报告", "Reports"),
        page.say("占比", "Share"),
        page.say("95%区间", "95% interval"),
        page.say("例句", "Statements"),
    ]
    note = page.tell("prevalence_note")
    title = page.say("各类问题：占比与例句", "Themes: share and statements")
    return page.table(title, heads, rows, ["key", "num", "num", "num", "text"], note=note)


def _examples(rows: pd.DataFrame) -> Html:
    """Choose statements that stand in the theme's middle: coded with confidence, not copied, neither short nor long."""
    if rows.empty:
        return Html("—")
    copied = rows[["reuse_self", "reuse_peer"]].astype("Float64").max(axis=1).fillna(0).gt(COPIED)
    far = (rows["text"].str.len().astype(float) - 22).abs().clip(lower=8)
    ranked = rows.assign(copied=copied, far=far, sure=-rows["confidence"].fillna(0))
    ranked = ranked.sort_values(["copied", "far", "sure", "statement"], kind="stable").drop_duplicates("text")
    return bullets(ranked["text"].head(EXAMPLES))


def _by_year(page: Page, found: Findings) -> Html:
    frame = found.table("prevalence_year").frame
    frame = frame[frame["year"].notna()] if len(frame) else frame
    if frame.empty or frame["year"].nunique() < 2:
        return Html("")
    years = sorted(frame["year"].unique())
    held = frame.set_index(["theme", "year"])
    order = found.table("prevalence").frame.sort_values("share", ascending=False, kind="stable")["theme"]
    rows = []
    for theme in order.head(TABLE_THEMES):
        cells: list[Any] = []
        for year in years:
            known = (theme, year) in held.index
            share = held.loc[(theme, year), "share"] if known else float("nan")
            cells.append(Shaded(percent(share), 0.0 if pd.isna(share) else float(share)))
        rows.append([label_of(theme, page.lang), *cells])
    n = frame.drop_duplicates("year").set_index("year")["n"]
    heads = [page.say("主题", "Theme"), *[f"{int(year)} (n={n[year]:,})" for year in years]]
    title = page.say("指出各类问题的报告占比：按年份", "Share of reports that name each theme, by year")
    note = page.say("区间见 ", "Intervals: ") + link("prevalence_year.csv", "tables/prevalence_year.csv")
    return page.table(title, heads, rows, ["key", *["num"] * len(years)], note=Html(note))


def grouping(page: Page, found: Findings, clusters: Clusters | None) -> Html:
    """Write the clusters of problems, their stability, their words and medoids."""
    part = found.table("clusters")
    if clusters is None or not part:
        return page.empty(part.reason or page.say("没有聚类", "no clusters"))
    few = clusters.info["n"] < FEW_STATEMENTS
    warned = [paragraph(page.tell("clusters_few", few=FEW_STATEMENTS), "warning")] if few else []
    return together(
        [
            paragraph(_how(page, clusters)),
            *warned,
            page.picture("stability"),
            _cluster_table(page, part.frame, found.table("cluster_medoids").frame),
            page.picture("clusters", broad=True),
            Html(f'<p class="note" lang="en">{safe(clusters.settings)}</p>'),
        ]
    )


def _how(page: Page, clusters: Clusters) -> str:
    info = clusters.info
    stable = int(clusters.stability["stability"].ge(0.75).sum())
    doubtful = int(clusters.stability["stability"].lt(0.6).sum())
    return page.tell(
        "clusters",
        n=number(info["n"]),
        k=info["k"],
        v=f"{clusters.overlap.v:.2f}",
        ari=f"{clusters.overlap.ari:.2f}",
        stable=stable,
        doubtful=doubtful,
    )


def _cluster_table(page: Page, frame: pd.DataFrame, medoids: pd.DataFrame) -> Html:
    rows = []
    for row in frame.itertuples():
        texts = medoids.loc[medoids["cluster"].eq(row.cluster), "text"].head(MEDOIDS) if len(medoids) else []
        label = row.label if isinstance(row.label, str) else label_of(row.cluster, page.lang)
        stability = "—" if pd.isna(row.stability) else f"{row.stability:.2f}"
        terms = row.terms if isinstance(row.terms, str) else "—"
        name = f"{row.cluster} {label_of(label, page.lang)}"
        rows.append([name, number(row.statements), number(row.reports), stability, terms, bullets(texts)])
    heads = [
        page.say("聚类", "Cluster"),
        page.say("陈述", "Statements"),
        page.say("报告", "Reports"),
        page.say("稳定性", "Stability"),
        page.say("特征词", "Terms"),
        page.say("中心语句", "Medoid statements"),
    ]
    title = page.say("聚类：规模、稳定性、特征词与中心语句", "Clusters: size, stability, terms and medoids")
    return page.table(title, heads, rows, ["key", "num", "num", "num", "key", "text"])


def copied(page: Page, corpus: Corpus, found: Findings) -> Html:
    """Write how much of the chapters is copied, the largest groups of near-duplicates, and an example."""
    part = found.table("reuse")
    if not part:
        return page.empty(part.reason or page.say("没有问题章节", "no chapter five"))
    pair = copied_pair(part.frame, corpus, page.lang)
    example = Html("")
    if pair:
        row, comparison = pair
        caption = page.tell("pair", share=percent(row["any_share"]))
        table = Html(f'<div class="sides">{comparison.html}</div>')
        example = together([page.heading("并排示例", "Side by side"), paragraph(caption, "note"), table])
    counts, picture = _reuse_counts(page, part.frame), page.picture("reuse")
    return together([counts, picture, _duplicate_groups(page, part.frame, corpus), example])


def _reuse_counts(page: Page, reuse: pd.DataFrame) -> Html:
    rows = []
    for column, zh, en in (
        ("reuse_self", "与本机关上年报告", "The body's own report of the year before"),
        ("reuse_peer", "与同一上级政府的其他机关（同年）", "Bodies under the same parent, same year"),
        ("reuse_any", "与任何机关（同年或更早）", "Any body, same year or before"),
    ):
        values = reuse[column].astype("Float64").dropna().astype(float)
        told = [percent(values.quantile(q)) if len(values) else "—" for q in (0.25, 0.5, 0.75)]
        most = percent(values.ge(0.8).mean()) if len(values) else "—"
        rows.append([page.say(zh, en), number(len(values)), *told, most])
    heads = [
        page.say("比较对象", "Compared with"),
        page.say("可比报告", "Reports compared"),
        page.say("下四分位", "Lower quartile"),
        page.say("中位数", "Median"),
        page.say("上四分位", "Upper quartile"),
        page.say("重复达80%的报告", "Reports with 80% or more"),
    ]
    title = page.say("问题章节中重复文本的比例", "Share of chapter five that stands elsewhere")
    note = page.tell("reuse_note")
    return page.table(title, heads, rows, ["key", *["num"] * 5], note=note)


def _duplicate_groups(page: Page, reuse: pd.DataFrame, corpus: Corpus) -> Html:
    held = reuse[reuse["duplicate_group"].notna()]
    if held.empty:
        return paragraph(page.say("没有近乎相同的问题章节。", "No chapters are nearly the same."))
    years = held["report"].map(corpus.reports.set_index("report")["year"])
    bodies = held["report"].map(corpus.reports.set_index("report")["agency_id"])
    table = held.assign(year=years, body=bodies).groupby("duplicate_group")
    sizes = table.agg(
        reports=("report", "size"), bodies=("body", "nunique"), first=("year", "min"), last=("year", "max")
    )
    sizes = sizes.reset_index().sort_values(["reports", "duplicate_group"], ascending=[False, True], kind="stable")
    rows = [
        [row.duplicate_group, number(row.reports), number(row.bodies), _years(row.first, row.last)]
        for row in sizes.head(GROUPS).itertuples()
    ]
    heads = [
        page.say("最早的报告", "Earliest report"),
        page.say("报告数", "Reports"),
        page.say("机关数", "Agencies"),
        page.say("年份", "Years"),
    ]
    note = page.say(
        f"共 {len(sizes):,} 组，{len(held):,} 份报告。", f"{len(sizes):,} groups of {len(held):,} reports in all."
    )
    title = page.say("近乎相同的问题章节：最大的组", "Nearly identical chapters: the largest groups")
    return page.table(title, heads, rows, ["path", "num", "num", "num"], note=note)


def _years(first: Any, last: Any) -> str:
    if pd.isna(first):
        return "—"
    return f"{int(first)}" if first == last else f"{int(first)}–{int(last)}"


def answering(page: Page, found: Findings) -> Html:
    """Write how far the improvements answer the problems."""
    part = found.table("congruence")
    row = part.frame.iloc[0] if part else None
    if row is None or not row["n_problems"]:
        return page.empty(part.reason or _nothing(page))
    interval = page.say("机关太少，无区间", "too few agencies for an interval")
    if pd.notna(row["low"]):
        interval = page.say("95%区间 ", "95% interval ") + f"{percent(row['low'], 1)}–{percent(row['high'], 1)}"
    told = page.tell(
        "congruence",
        reports=number(row["reports"]),
        problems=number(row["n_problems"]),
        answered=number(row["n_answered"]),
        share=percent(row["congruence"], 1),
        interval=interval,
    )
    chance = ""
    if pd.notna(row["expected"]):
        mean = percent(row["mean_congruence"], 1)
        chance = page.tell("congruence_chance", mean=mean, chance=percent(row["expected"], 1))
    text = f"{told} {chance}".strip()
    return together([paragraph(text), page.picture("answers", broad=True)])
