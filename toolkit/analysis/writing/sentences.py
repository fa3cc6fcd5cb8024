"""Findings as sentences with their numbers, ready to quote.

The wording is that agencies *name* a problem: a chapter tells what a body
says of itself, not what it lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from toolkit.analysis.writing.wording import SIMULATED, label_of, words
from toolkit.errors import InputError


def quote_sentence(row: Any, lang: str = "zh", labels: Mapping[Any, str] | None = None) -> str:
    """Return the sentence that a row of results says.

    Parameters
    ----------
    row : Series or mapping
        A row of ``correlate`` (theme, indicator, effect, low, high, n, p, q, and
        effect_name) or of ``prevalence`` (share, low, high, k, n, and theme).
    lang : {"zh", "en"}
    labels : mapping, optional
        Labels of your own, by code, cluster or indicator.

    Returns
    -------
    str
        Without an estimate, the sentence says so and why. Where q is not below
        .05 it says that no association is shown, never that there is none.

    Raises
    ------
    InputError
        If the row is neither.

    Examples
    --------
    >>> row = {"theme": "staffing", "indicator": "disclosure_rate", "effect_name": "cliffs_delta", "effect": -0.21,
    ...        "low": -0.33, "high": -0.08, "n": 812, "p": 0.0005, "q": 0.004}
    >>> print(quote_sentence(row, "en"))
    Compared with their peers, agencies that name "Staffing" report lower values of "Disclosure rate" (Cliff's delta = −0.21, 95% CI [−0.33, −0.08], p < .001, q = .004, n = 812 reports).
    """  # noqa: E501
    held = dict(row)
    if {"theme", "indicator", "effect"} <= held.keys():
        sentence = _association(held, lang, labels)
    elif {"share", "k", "n"} <= held.keys():
        sentence = _share(held, lang, labels)
    else:
        raise InputError("the row is of neither correlate nor prevalence", "frame.iloc[0] of one of them")
    if held.get("simulated") is not None and bool(held["simulated"]):
        mark = SIMULATED[lang]
        return words(lang, f"〔{mark}〕{sentence}", f"[{mark}] {sentence}")
    return sentence


def _association(row: dict[str, Any], lang: str, labels: Mapping[Any, str] | None) -> str:
    theme, indicator = label_of(row["theme"], lang, labels), label_of(row["indicator"], lang, labels)
    if pd.isna(row["effect"]):
        why = row.get("reason") if isinstance(row.get("reason"), str) else words(lang, "样本不足", "too few agencies")
        return words(
            lang,
            f"指出“{theme}”的机关与“{indicator}”之间的关联无法估计（{why}）。",
            f'No estimate for agencies that name "{theme}" and "{indicator}" ({why}).',
        )
    told = _numbers(row, lang)
    # A comparison with nothing is false: without q and p nothing is claimed.
    q = next((float(row[letter]) for letter in ("q", "p") if pd.notna(row.get(letter))), float("nan"))
    if not q < 0.05:
        return words(
            lang,
            f"与同类机关相比，未发现指出“{theme}”的机关在“{indicator}”上存在统计上可靠的差异（{told}）。",
            f'Agencies that name "{theme}" are not shown to differ from their peers in "{indicator}" ({told}).',
        )
    return _found(row, theme, indicator, told, lang)


def _found(row: dict[str, Any], theme: str, indicator: str, told: str, lang: str) -> str:
    name = row.get("effect_name")
    up = row["effect"] > (1 if name == "odds_ratio" else 0)
    if name in ("phi", "cramers_v"):
        how = words(lang, "相关联", "goes together with") if up else words(lang, "负相关", "goes against")
        return words(
            lang,
            f"在同类机关中，指出“{theme}”与“{indicator}”{how}（{told}）。",
            f'Among peers, that an agency names "{theme}" {how} "{indicator}" ({told}).',
        )
    if name == "odds_ratio":
        how = words(lang, "更高" if up else "更低", "higher" if up else "lower")
        return words(
            lang,
            f"与同类机关相比，指出“{theme}”的机关“{indicator}”的发生比{how}（{told}）。",
            f'Compared with their peers, agencies that name "{theme}" show {how} odds of "{indicator}" ({told}).',
        )
    how = words(lang, "更高" if up else "更低", "higher" if up else "lower")
    return words(
        lang,
        f"与同类机关相比，指出“{theme}”的机关“{indicator}”{how}（{told}）。",
        f'Compared with their peers, agencies that name "{theme}" report {how} values of "{indicator}" ({told}).',
    )


def _numbers(row: dict[str, Any], lang: str) -> str:
    name = label_of(row.get("effect_name") if isinstance(row.get("effect_name"), str) else "effect", lang)
    parts = [f"{name} = {_decimal(row['effect'])}"]
    if pd.notna(row.get("low")) and pd.notna(row.get("high")):
        parts.append(words(lang, "95%置信区间", "95% CI") + f" [{_decimal(row['low'])}, {_decimal(row['high'])}]")
    parts += [_probability(letter, row[letter]) for letter in ("p", "q") if pd.notna(row.get(letter))]
    parts.append(words(lang, f"n = {row['n']:,.0f} 份报告", f"n = {row['n']:,.0f} reports"))
    return words(lang, "，", ", ").join(parts)


def _share(row: dict[str, Any], lang: str, labels: Mapping[Any, str] | None) -> str:
    if not row["n"]:
        return words(lang, "没有可用的报告。", "No report tells.")
    about = row.get("theme") if row.get("theme") is not None else row.get("value")
    theme = label_of(about, lang, labels) if about is not None else words(lang, "该问题", "the problem")
    where = [label_of(row[key], lang) for key in ("level", "province") if isinstance(row.get(key), str)]
    year = words(lang, f"{row['year']:.0f}年", f"In {row['year']:.0f}, ") if pd.notna(row.get("year")) else ""
    told = f"{row['k']:,.0f}/{row['n']:,.0f}"
    if pd.notna(row.get("low")):
        told += words(lang, "，95%置信区间 ", ", 95% CI ") + f"[{100 * row['low']:.1f}%, {100 * row['high']:.1f}%]"
    share, place = f"{100 * row['share']:.1f}%", words(lang, "、", ", ").join(where)
    zh = f"{year}{place}{'，' if year or place else ''}{share} 的报告指出“{theme}”（{told}）。"
    en = f'{year}{share} of the reports{f" ({place})" if place else ""} name "{theme}" ({told}).'
    return words(lang, zh, en)


def _decimal(value: float) -> str:
    return "∞" if value == float("inf") else f"{value:,.2f}".replace("-", "−")


def _probability(letter: str, value: float) -> str:
    return f"{letter} < .001" if value < 0.001 else f"{letter} = {value:.3f}".replace("0.", ".")
