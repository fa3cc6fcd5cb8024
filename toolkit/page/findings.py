"""The page's sections on what goes with what, on limits, and on how to do it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from toolkit.analysis.models import FEW_CLUSTERS
from toolkit.analysis.writing.sentences import quote_sentence
from toolkit.analysis.writing.wording import label_of
from toolkit.corpus import Corpus
from toolkit.page.corpus import code_label, number, percent
from toolkit.page.html import Html, Page, bullets, link, paragraph, safe, together
from toolkit.page.wording import in_words
from toolkit.steps.analysis import Findings, families, strongest

SHOWN, QUOTED = 15, 6


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
            paragraph(page.tell("associations")),
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
    return page.tell("none_sure", tested=number(tested))


def _families(page: Page, found: Findings) -> Html:
    rows = []
    for family in families():
        part = found.table(f"associations_{family['family']}")
        frame, label = part.frame, family[f"label_{page.lang}"]
        if not part:
            rows.append([label, "—", "—", "—", in_words(part.reason, page.lang)])
            continue
        left = frame.attrs.get("left_out", {})
        out = "; ".join(f"{in_words(k, page.lang)} {v:,}" for k, v in left.items() if v)
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
    kinds = ["key", "short", "num", "num", "num", "num", "num", "num", "num", ""]
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
        rows.append([in_words(variant, page.lang), *cells])
    note = page.tell("robustness_note")
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
    notes = [in_words(text, page.lang) for text in notes]
    stars = table.attrs.get("note", "")
    about = page.tell("models")
    lines = [paragraph(f"{stars} {about}", "note")]
    few = min(int(result.frame["clusters"].min()) for result in found.regressions.values())
    if few < FEW_CLUSTERS:
        lines.insert(0, paragraph(page.tell("models_few", clusters=few), "warning"))
    if notes:
        head_of = safe(page.say("样本说明", "Notes on the samples"))
        lines.append(Html(f"<details><summary>{head_of}</summary>{bullets(notes)}</details>"))
    reason = found.table("regressions").reason
    lines += [paragraph(page.say(f"未能估计：{reason}", f"Not estimated: {reason}"), "note")] if reason else []
    title = page.say("回归结果", "Regressions")
    return together([head, page.table(title, heads, rows, ["key", *["num"] * (len(heads) - 1)]), *lines])


def limits(page: Page, corpus: Corpus, found: Findings) -> Html:
    """Write what the numbers cannot say."""
    reports, said = corpus.reports, corpus.statements
    made = reports["simulated"].mean() if len(reports) else 0
    bodies = int(reports["agency_id"].nunique())
    apart = page.say("不合并，只在各自内部比较", "they are compared each within itself, never pooled")
    series = page.say("不同范围的数字是不同的序列", "their figures are different series")
    texts = [
        page.tell("limit_simulated", share=percent(made)) if made else "",
        page.tell("limit_small", agencies=bodies) if bodies < 10 else "",
        page.tell("limit_named"),
        page.tell("limit_cause"),
        *_coder(page, said, found),
        _mixture(page, reports, "scope", page.say("统计范围", "Scopes"), series),
        _mixture(page, reports, "form", page.say("表式", "Forms"), apart),
        page.tell("limit_rates"),
        _copied_limit(page, found),
    ]
    return bullets(text for text in texts if text)


def _coder(page: Page, said: pd.DataFrame, found: Findings) -> list[str]:
    problems = said[said["kind"].eq("problem")]
    if problems.empty:
        return []
    shares = {
        "none": problems["code"].isna().mean(),
        "general": problems["code"].eq("generic").mean(),
        "unsure": problems["confidence"].lt(0.5).mean(),
    }
    frame = found.table("associations").frame
    corrected = len(frame) > 0 and frame["corrected_effect"].notna().any()
    told = page.tell("limit_coder", **{name: percent(share, 1) for name, share in shares.items()})
    return [told, page.tell("limit_corrected" if corrected else "limit_unchecked")]


def _mixture(page: Page, reports: pd.DataFrame, column: str, label: str, consequence: str) -> str:
    counts = reports[column].value_counts(dropna=False)
    if len(counts) < 2:
        return ""
    told = "、".join(f"{code_label(column, name, page.lang)} {count:,}" for name, count in counts.items())
    told = told if page.lang == "zh" else told.replace("、", ", ")
    return page.tell("limit_mixture", label=label, told=told, consequence=consequence)


def _copied_limit(page: Page, found: Findings) -> str:
    reuse = found.table("reuse").frame
    values = reuse["reuse_any"].astype("Float64").dropna() if len(reuse) else pd.Series(dtype=float)
    if not len(values):
        return ""
    share = percent(float(values.ge(0.5).mean()))
    return page.tell("limit_copied", share=share)


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
    text = page.tell("again")
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
