"""The page's sections on what goes with what, on limits, and on how to do it again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from toolkit.analysis.sentences import quote_sentence
from toolkit.analysis.tables import printed
from toolkit.analysis.wording import label_of
from toolkit.corpus import Corpus
from toolkit.study_analysis import Findings, families, strongest
from toolkit.study_html import Html, Page, bullets, link, paragraph, safe, together
from toolkit.study_page_corpus import code_label, number, percent

SHOWN, QUOTED = 15, 6
_REASONS = (
    (r"only (\d+) agencies with the theme have peers to compare \((\d+) needed\)", r"指出该主题且有可比对象的机关只有 \1 个（要求 \2 个）"),
    (r"only (\d+) agencies without the theme have peers to compare \((\d+) needed\)", r"未指出该主题且有可比对象的机关只有 \1 个（要求 \2 个）"),
    (r"only (\d+) agencies on a side", r"一侧只有 \1 个机关"),
    (r"no report compared has a value of the indicator", "可比报告都没有该指标的数值"),
    (r"the indicator does not vary among peers", "同类机关之间该指标没有差异"),
    (r"the indicator does not vary", "该指标没有差异"),
    (r"no report names the theme", "没有报告指出该主题"),
    (r"every report names the theme", "每份报告都指出该主题"),
    (r"peers never differ in naming the theme", "同类机关在是否指出该主题上没有差异"),
    (r"complete separation, no interval", "完全分离，无区间"),
    (r"no report that names a problem has a figure of the indicators", "指出问题的报告都没有这些指标的数值"),
    (r"no report names a problem", "没有报告指出问题"),
)  # fmt: skip
_LEFT_OUT = {
    "chapter five absent": ("没有问题章节", "no chapter five"),
    "chapter five none_named": ("问题章节未列问题", "chapter five names no problem"),
    "chapter five unread": ("问题章节未读出", "chapter five not read"),
    "no figure of the indicators": ("没有这些指标的数值（如没有申请）", "no value of the indicators (e.g. no applications)"),
    "duplicate of another report": ("另一份报告的副本", "copy of another report"),
    "agency not told": ("机关不明", "agency not told"),
    "year missing": ("年份不明", "year not told"),
    "second report of a year": ("同年第二份报告", "second report of a year"),
    "no peer under the same parent": ("同一上级政府下没有可比机关", "no peer under the same parent"),
}  # fmt: skip
_VARIANTS = {
    "main": "主要结果",
    "clusters instead of codes": "以聚类代替编码",
    "without copied text": "去除雷同文本",
    "without townships": "去除乡镇街道",
    "blanks as zero where balanced": "空白在勾稽成立时计零",
    "without broken reports": "去除自相矛盾的报告",
    "clusters of character n-grams": "聚类：字符 n 元组",
}


def in_words(text: Any, lang: str) -> str:
    """Return a reason or warning of ``correlate`` in the page's language.

    Examples
    --------
    >>> in_words("only 3 agencies on a side", "zh")
    '一侧只有 3 个机关'
    """
    said = "" if pd.isna(text) else str(text)
    if lang == "zh":
        for pattern, wording in _REASONS:
            said = re.sub(pattern, wording, said)
    return said


def variant_label(name: str, lang: str) -> str:
    """Return what a variant of the robustness table is called.

    Examples
    --------
    >>> variant_label("without 浙江省", "zh"), variant_label("form 2021", "zh")
    ('去除浙江省', '仅2021年表式')
    """
    if lang == "en":
        return name
    if name in _VARIANTS:
        return _VARIANTS[name]
    said = re.sub(r"^form (\w+)$", r"仅\1年表式", name)
    said = re.sub(r"^clusters, k = (\d+), unseeded$", r"聚类：k = \1，无种子", said)
    return re.sub(r"^without (\S+)$", r"去除\1", said)


def headline(found: Findings, lang: str, count: int = QUOTED) -> list[str]:
    """Return the sentences of the strongest associations with q below .05."""
    rows = strongest(found.table("associations").frame, 60)
    sure = rows[rows["q"].lt(0.05)] if len(rows) else rows
    return [quote_sentence(row, lang) for _, row in sure.head(count).iterrows()]


def associations(page: Page, found: Findings) -> Html:
    """Write the associations with intervals and q, n on each side, the naive result beside; models and robustness."""
    part = found.table("associations")
    if not part:
        return page.empty(part.reason or page.say("没有关联可以估计", "no association could be estimated"))
    sentences = headline(found, page.lang)
    told = bullets(sentences, "sentences") if sentences else paragraph(_none_sure(page, part.frame))
    return together(
        [
            paragraph(_how(page)),
            _families(page, found),
            told,
            page.picture("associations_applications", broad=True),
            page.picture("forest"),
            _strongest(page, part.frame),
            page.picture("associations_disputes"),
            _robustness(page, found),
            _models(page, found),
            page.heading("探索：聚类", "Exploring: clusters"),
            page.picture("associations_clusters", broad=True)
            or page.empty(found.table("associations_clusters").reason or page.say("没有聚类", "no clusters")),
        ]
    )


def _none_sure(page: Page, frame: pd.DataFrame) -> str:
    tested = int(frame["p"].notna().sum())
    return page.say(
        f"检验了 {tested:,} 个组合，校正多重检验后没有一个 q < .05。这不表示没有关联。",
        f"{tested:,} pairs were tested; none has q < .05 after adjusting for their number. That does not show there is none.",
    )


def _how(page: Page) -> str:
    return page.say(
        "每个机关只与同类相比：同一层级、同一上级政府、同一年份、同一统计范围与表式。效应、区间与 p 值描述同一个量："
        "比率用分层 Cliff δ，有无用 Mantel–Haenszel 比值比，计数分两步（有无；有者多少）；区间由聚类自助法（上级政府，再到机关）得出，"
        "p 值由整段机关历史在同类之间置换得出，q 值在事先声明的检验族内按 Benjamini–Hochberg 校正。"
        "“未分层”一栏是把所有报告当作相互独立时的结果，只供对照：较大的机关申请多、章节也长，未分层检验会反复“发现”这一点。",
        "Every body is compared with its peers only: same level, parent government, year, scope and form. Effect, interval and "
        "p describe one quantity: stratified Cliff's delta for rates, the Mantel–Haenszel odds ratio for yes and no, two parts "
        "for counts (any; how many where any). Intervals: cluster bootstrap (parents, then agencies); p: whole agency "
        "histories permuted among peers; q: Benjamini–Hochberg within a family declared beforehand. The naive column takes "
        "all reports as independent and is there for comparison: larger bodies get more applications and write longer "
        "chapters, which a naive test finds again and again.",
    )


def _families(page: Page, found: Findings) -> Html:
    rows = []
    for family in families():
        part = found.table(f"associations_{family['family']}")
        frame, label = part.frame, family[f"label_{page.lang}"]
        if not part:
            rows.append([label, "—", "—", "—", in_words(part.reason, page.lang)])
            continue
        left = frame.attrs.get("left_out", {})
        out = "；".join(f"{_left(k, page)} {v:,}" for k, v in left.items() if v)
        tested, sure = int(frame["p"].notna().sum()), int(frame["q"].lt(0.05).sum())
        rows.append([label, number(tested), number(frame["effect"].isna().sum()), number(sure), out or "—"])
    heads = [
        page.say("检验族", "Family"),
        page.say("检验数", "Tests"),
        page.say("无法估计", "Not estimable"),
        "q < .05",
        page.say("未参与比较的报告", "Reports left out"),
    ]
    title = page.say("事先声明的检验族", "Families declared beforehand")
    return page.table(title, heads, rows, ["key", "num", "num", "num", "text"])


def _left(name: str, page: Page) -> str:
    return page.say(*_LEFT_OUT[name]) if name in _LEFT_OUT else name


def _strongest(page: Page, frame: pd.DataFrame) -> Html:
    rows = []
    for row in strongest(frame, SHOWN).itertuples():
        effect = f"{_decimal(row.effect)} [{_decimal(row.low)}, {_decimal(row.high)}]"
        sides = f"{row.agencies_with:,} / {row.agencies_without:,}"
        naive = f"{_decimal(row.naive_effect)} ({_probability(row.naive_p)})"
        what = f"{label_of(row.theme, page.lang)} → {label_of(row.indicator, page.lang)}"
        measure = label_of(row.effect_name, page.lang)
        q = Html(f'<span class="strong">{_probability(row.q)}</span>') if row.q < 0.05 else _probability(row.q)
        warning = in_words(row.warning, page.lang)
        rows.append([what, measure, effect, _probability(row.p), q, number(row.n), sides, row.strata, naive, warning])
    heads = [
        page.say("指出的问题 → 指标", "Problem named → indicator"),
        page.say("效应量", "Measure"),
        page.say("效应 [95%区间]", "Effect [95% CI]"),
        "p",
        "q",
        page.say("报告", "Reports"),
        page.say("指出/未指出的机关", "Agencies: name it / do not"),
        page.say("有效层", "Strata"),
        page.say("未分层（p）", "Naive (p)"),
        page.say("提示", "Warning"),
    ]
    kinds = ["key", "", "num", "num", "num", "num", "num", "num", "num", "key"]
    note = page.say("按 p 值排列；全部见 ", "Ordered by p; all of them: ") + link(
        "associations.csv", "tables/associations.csv"
    )
    title = page.say("最强的关联，未分层结果并列", "The strongest associations, the naive result beside")
    return page.table(title, heads, rows, kinds, note=Html(note))


def _decimal(value: Any) -> str:
    if pd.isna(value):
        return "—"
    return "∞" if value == float("inf") else f"{value:,.2f}".replace("-", "−")


def _probability(value: Any) -> str:
    return "—" if pd.isna(value) else "<.001" if value < 0.001 else f"{value:.3f}".replace("0.", ".", 1)


def _robustness(page: Page, found: Findings) -> Html:
    part = found.table("robustness")
    if not part:
        return together([page.heading("稳健性", "Robustness"), page.empty(part.reason)]) if part.reason else Html("")
    pairs = part.frame[["theme", "indicator"]].drop_duplicates()
    heads = [page.say("设定", "Choice")]
    heads += [f"{label_of(t, page.lang)} → {label_of(i, page.lang)}" for t, i in pairs.itertuples(index=False)]
    held = part.frame.set_index(["variant", "theme", "indicator"])
    rows = []
    for variant in dict.fromkeys(part.frame["variant"]):
        cells = [_under(held, (variant, *pair), page) for pair in pairs.itertuples(index=False, name=None)]
        rows.append([variant_label(variant, page.lang), *cells])
    note = page.say(
        "格内为效应 [95%区间]；≠ 为方向与主要结果相反；— 为无法估计，原因见 ",
        "Cells: effect [95% CI]; ≠: other direction than the main result; —: not estimable, for the reason see ",
    )
    note = Html(note + link("robustness.csv", "tables/robustness.csv"))
    title = page.say("稳健性：最强关联在其他设定下", "Robustness: the strongest associations under other choices")
    return page.table(title, heads, rows, ["key", *["num"] * len(pairs)], note=note)


def _under(held: pd.DataFrame, key: tuple[str, ...], page: Page) -> Any:
    if key not in held.index:
        return "—"
    row = held.loc[key]
    if pd.isna(row["effect"]):
        return "—"
    turned = " ≠" if pd.notna(row["same_direction"]) and not row["same_direction"] else ""
    effect = f"{_decimal(row['effect'])}{turned}"
    return Html(f"{safe(effect)}<br><small>[{_decimal(row['low'])}, {_decimal(row['high'])}]</small>")


def _models(page: Page, found: Findings) -> Html:
    part = found.table("regression_table")
    head = page.heading("回归", "Regressions")
    if not part:
        reason = found.table("regressions").reason
        return together([head, page.empty(reason)]) if reason else Html("")
    table = part.frame
    rows = [[row[0], *row[1:]] for row in table.itertuples(index=False, name=None)]
    heads = ["", *[str(name) for name in table.columns[1:]]]
    notes = [f"{name} {text}" for name, result in found.regressions.items() for text in result.notes[name]]
    stars = table.attrs.get("note", "")
    about = page.say(
        "(1)–(2) 公开率：线性概率、分数 logit；(3) 新收申请数：泊松伪最大似然；(4) 有无行政复议：logit；(5) 机关与年份固定效应；"
        "(6) 以当年主题解释次年公开率。解释变量为指出最多的几个主题，在看结果之前确定；控制章节长度、陈述条数与重复比例；标准误按上级政府聚类。",
        "(1)-(2) disclosure rate: linear, fractional logit; (3) applications received: Poisson PML; (4) any reconsideration: "
        "logit; (5) agency and year effects; (6) themes of this year, disclosure rate of the next. Terms: the themes named "
        "most often, chosen before any result. Controls: chapter length, statements, reuse. Errors clustered by parent.",
    )
    lines = [paragraph(f"{stars} {about}", "note")]
    if notes:
        lines.append(
            Html(
                f"<details><summary>{safe(page.say('样本说明', 'Notes on the samples'))}</summary>{bullets(notes)}</details>"
            )
        )
    reason = found.table("regressions").reason
    lines += [paragraph(page.say(f"未能估计：{reason}", f"Not estimated: {reason}"), "note")] if reason else []
    title = page.say("回归结果", "Regressions")
    return together([head, page.table(title, heads, rows, ["key", *["num"] * (len(heads) - 1)]), *lines])


def limits(page: Page, corpus: Corpus, found: Findings) -> Html:
    """Write what the numbers cannot say."""
    reports, said = corpus.reports, corpus.statements
    return bullets([text for text in _limits(page, reports, said, found) if text])


def _limits(page: Page, reports: pd.DataFrame, said: pd.DataFrame, found: Findings) -> list[str]:
    made = reports["simulated"].mean() if len(reports) else 0
    return [
        page.say(
            f"本页 {percent(made)} 的报告是模拟数据，任何数字都不描述真实机关。",
            f"{percent(made)} of the reports are simulated: no number on this page describes a real body.",
        )
        if made
        else "",
        page.say(
            "指出问题是自我陈述，有选择性：未指出不等于没有。本页只说“指出某问题的机关”，不说“有某问题的机关”。",
            "To name a problem is a statement about oneself, and selective: what is not named may be there. "
            'This page says "agencies that name X", never "agencies that have X".',
        ),
        page.say(
            "关联不是因果：同类比较、固定效应和控制变量排除了层级、地区与年份的差异，没有排除其他差异。",
            "Association is not cause: peers, fixed effects and controls take away differences of level, place and year, no others.",
        ),
        _coder(page, said),
        _mixture(page, reports, "scope", page.say("统计范围", "Scopes"), page.say("不同范围的数字是不同的序列", "their figures are different series")),
        _mixture(page, reports, "form", page.say("表式", "Forms"), page.say("不合并，只在各自内部比较", "they are compared each within itself, never pooled")),
        page.say(
            "多数基层机关没有申请：其比率缺失而非零，关于比率的结论只适用于有申请的机关。2024年起对不予公开须先复议后诉讼，前后年份的复议、诉讼数量不可直接比较。",
            "Most small bodies receive no applications: their rates are missing, not zero, and what is said of rates holds for bodies "
            "with applications. From 2024 reconsideration comes before suing over a refusal: numbers before and after do not compare.",
        ),
        _copied_limit(page, found),
    ]  # fmt: skip


def _coder(page: Page, said: pd.DataFrame) -> str:
    problems = said[said["kind"].eq("problem")]
    if problems.empty:
        return ""
    none = percent(problems["code"].isna().mean(), 1)
    general = percent(problems["code"].eq("generic").mean(), 1)
    unsure = percent(problems["confidence"].lt(0.5).mean(), 1)
    return page.say(
        f"编码由规则完成，会出错：按同类规则编码的经验，约每五条陈述有一条与人工编码不同，因此占比有偏差，按编码估计的关联也可能偏离，"
        f"区间不含这部分误差。本语料中 {none} 的问题陈述没有编码，{general} 只有笼统表述，{unsure} 的编码把握不足 .50。"
        "本语料未经人工核对：抽样人工编码（export_for_coding）后，correlate(hand_coded=) 会在旁边给出校正后的估计。",
        f"Rules assign the codes, and err: coders of this kind differ from a human coder in about one statement of five. Shares "
        f"are then biased, associations of codes may be, and the intervals do not hold that error. Here {none} of the problem "
        f"statements have no code, {general} are general wording only, {unsure} are coded with a confidence below .50. Nothing "
        "here was checked by hand: with a random sample coded by hand (export_for_coding), correlate(hand_coded=) sets "
        "corrected estimates beside these.",
    )


def _mixture(page: Page, reports: pd.DataFrame, column: str, label: str, consequence: str) -> str:
    counts = reports[column].value_counts(dropna=False)
    if len(counts) < 2:
        return ""
    told = "、".join(f"{code_label(column, name, page.lang)} {count:,}" for name, count in counts.items())
    told = told if page.lang == "zh" else told.replace("、", ", ")
    return page.say(f"{label}不一：{told}；{consequence}。", f"{label} differ: {told}; {consequence}.")


def _copied_limit(page: Page, found: Findings) -> str:
    reuse = found.table("reuse").frame
    values = reuse["reuse_any"].astype("Float64").dropna() if len(reuse) else pd.Series(dtype=float)
    if not len(values):
        return ""
    share = percent(float(values.ge(0.5).mean()))
    return page.say(
        f"{share} 的可比问题章节有一半以上文字见于其他报告：照抄的问题说明的是模板，未必是本机关。",
        f"In {share} of the chapters compared, half the text or more stands in other reports: what is copied tells of a template.",
    )


def repeating(page: Page, content: Mapping[str, Any]) -> Html:
    """Write versions, seed and hashes: what is needed to do it again."""
    versions = ", ".join(f"{name} {version}" for name, version in content["versions"].items())
    settings = content["settings"]
    rows = [
        [page.say("版本", "Versions"), versions],
        [page.say("随机种子", "Seed"), settings["seed"]],
        [page.say("来源", "Sources"), "; ".join(settings["sources"])],
        [page.say("来源指纹", "Digest of the sources"), _digest(content["sources_sha256"])],
    ]
    named = {
        "lexicon": page.say("词典指纹", "Digest of the lexicon"),
        "scheme": page.say("编码方案指纹", "Digest of the coding scheme"),
    }
    rows += [[label, _digest(content["data_sha256"][key])] for key, label in named.items()]
    title = page.say("复现本页所需", "What is needed to do this again")
    table = page.table(title, ["", ""], rows, ["key", "text"])
    text = page.say("图在 figures/，表及其数据字典在 tables/，数据框与宽表在本文件夹；全部设定、各来源指纹与耗时见 ",
                    "Figures are in figures/, tables with their codebooks in tables/, frames and the wide table in this folder; "
                    "all settings, the digest of every source and the times taken: ")  # fmt: skip
    return together([table, paragraph(Html(safe(text) + link("study.json", "study.json")))])


def _digest(text: str) -> Html:
    return Html(f"<code>{safe(text)}</code>")


def steps_without(page: Page, content: Mapping[str, Any], failed: Mapping[str, str]) -> Html:
    """Write which steps ended in an error; nothing where none did."""
    errors = {**content["failed"], **failed}
    if not errors:
        return Html("")
    head = page.say("以下步骤出错，结果缺失：", "These steps ended in an error, their results are missing:")
    return together([paragraph(head, "warning"), bullets(f"{name}: {text}" for name, text in errors.items())])
