"""The page's sections on chapter five: themes, clusters, copied text, congruence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.analysis.wording import label_of
from toolkit.corpus import Corpus
from toolkit.narrative.coding import load_scheme
from toolkit.study_analysis import Findings
from toolkit.study_html import Html, Page, Shaded, bullets, link, paragraph, together
from toolkit.study_narrative import MEDOIDS, copied_pair
from toolkit.study_page_corpus import number, percent

if TYPE_CHECKING:
    from toolkit.analysis.clusters import Clusters

EXAMPLES, GROUPS, TABLE_THEMES = 2, 8, 20
#: From this share of its text on a statement stands elsewhere, and is no good example.
COPIED = 0.5


def themes(page: Page, corpus: Corpus, found: Findings) -> Html:
    """Write which problems are named, how often, with examples."""
    said = corpus.statements
    problems = said[said["kind"].eq("problem")]
    part = found.table("prevalence")
    if not part:
        return together([_counts(page, corpus, problems), page.empty(part.reason or _nothing(page))])
    return together(
        [
            _counts(page, corpus, problems),
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
    text = page.say(
        f"{named:,} 份报告指出了问题，共 {len(problems):,} 条问题陈述、{len(corpus.statements) - len(problems):,} 条改进陈述。"
        f"编码方案有 {len(load_scheme().codes_of('problem'))} 个问题类别；一份报告只要有一条陈述属于某类，就算指出了该类问题。"
        "“指出”不等于“存在”：没有指出的机关未必没有这个问题。",
        f"{named:,} reports name problems: {len(problems):,} problem statements, and "
        f"{len(corpus.statements) - len(problems):,} improvements. The coding scheme has "
        f"{len(load_scheme().codes_of('problem'))} categories of problems; a report names one if a statement of it "
        "belongs there. To name a problem is not to have it: who does not name it may have it all the same.",
    )
    return paragraph(text)


def _prevalence(page: Page, frame: pd.DataFrame, problems: pd.DataFrame) -> Html:
    rows = []
    for row in frame.sort_values("share", ascending=False, kind="stable").head(TABLE_THEMES).itertuples():
        interval = f"{percent(row.low, 1)}–{percent(row.high, 1)}"
        example = _examples(problems[problems["code"].eq(row.theme)])
        share = percent(row.share, 1)
        rows.append([label_of(row.theme, page.lang), f"{row.k:,}/{row.n:,}", share, interval, example])
    heads = [
        page.say("主题", "Theme"),
        page.say("报告", "Reports"),
        page.say("占比", "Share"),
        page.say("95%区间", "95% interval"),
        page.say("例句", "Statements"),
    ]
    note = page.say(
        "区间为 Wilson 区间，按同一机关的报告相互相似调整了有效样本量。例句按原文，尽量取非雷同文本、编码把握较大者。",
        "Intervals: Wilson's, for the effective number of reports, since those of one agency resemble each other. "
        "Statements as printed; where possible not copied, and coded with confidence.",
    )
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
    warnings = clusters.info.get("warnings") or []
    warned = [paragraph(text, "warning") for text in ([warnings] if isinstance(warnings, str) else warnings)]
    return together(
        [
            paragraph(_how(page, clusters)),
            *warned,
            page.picture("stability"),
            _cluster_table(page, part.frame, found.table("cluster_medoids").frame),
            page.picture("clusters", broad=True),
            paragraph(clusters.settings, "note"),
        ]
    )


def _how(page: Page, clusters: Clusters) -> str:
    info = clusters.info
    stable = int(clusters.stability["stability"].ge(0.75).sum())
    doubtful = int(clusters.stability["stability"].lt(0.6).sum())
    return page.say(
        f"{info['n']:,} 条问题陈述分为 {info['k']} 类，以编码方案为种子，因此与编码的一致性（V = {clusters.overlap.v:.2f}，"
        f"ARI = {clusters.overlap.ari:.2f}）部分是循环的。重抽样下稳定（Jaccard ≥ .75）的有 {stable} 类，"
        f"不可靠（< .60）的有 {doubtful} 类。聚类用于探索；关联分析以编码为主。",
        f"{info['n']:,} problem statements in {info['k']} clusters, seeded from the coding scheme, so that their "
        f"agreement with the codes (V = {clusters.overlap.v:.2f}, ARI = {clusters.overlap.ari:.2f}) is partly circular. "
        f"{stable} are stable under resampling (Jaccard from .75), {doubtful} are not to be trusted (below .60). "
        "Clusters explore; the associations rest on the codes.",
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
        caption = page.say(
            f"共同文本占后者的 {percent(row['any_share'])}；标出连续12字以上相同之处。共同文本也可能来自共同的模板或上级文件。",
            f"{percent(row['any_share'])} of the latter stands in the former; stretches of 12 characters and more are "
            "marked. Both may follow one template or document from above.",
        )
        table = Html(f'<div class="sides">{comparison.html}</div>')
        example = together([page.heading("并排示例", "Side by side"), paragraph(caption, "note"), table])
    groups = _duplicate_groups(page, part.frame, corpus)
    return together([_reuse_counts(page, part.frame), page.picture("reuse"), groups, example])


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
    note = page.say(
        "没有可比对象的报告（如首年报告）为缺失，不计为零。", "Reports with nothing to compare are missing, not zero."
    )
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
    chance = page.say("无法计算", "not known") if pd.isna(row["expected"]) else percent(row["expected"], 1)
    text = page.say(
        f"{row['reports']:,.0f} 份报告共指出 {row['n_problems']:,.0f} 个问题主题，其中 {percent(row['congruence'], 1)} "
        f"有同一主题的改进措施（{interval}；各报告平均 {percent(row['mean_congruence'], 1)}）。"
        f"若改进措施来自随机另一份报告，这一比例为 {chance}。改进多为计划，不等于已经落实。",
        f"{row['reports']:,.0f} reports name {row['n_problems']:,.0f} themes of problems; {percent(row['congruence'], 1)} "
        f"of them get an improvement of the same theme ({interval}; mean of the reports {percent(row['mean_congruence'], 1)}). "
        f"Were the improvements those of another report drawn at random, it would be {chance}. Improvements are mostly plans.",
    )
    return together([paragraph(text), page.picture("answers", broad=True)])
