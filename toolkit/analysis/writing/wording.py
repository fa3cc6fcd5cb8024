"""What codes are called in figures and tables, in Chinese and English."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from toolkit.analysis.indicators import indicator_table
from toolkit.errors import InputError
from toolkit.narrative.coding import load_scheme
from toolkit.reports.form import FORMS, form_cells

LANGUAGES = ("zh", "en")
SIMULATED = {"zh": "模拟数据", "en": "simulated data"}
_FIXED = {
    "central": ("中央", "Central"),
    "province": ("省级", "Province"),
    "prefecture": ("地级", "Prefecture"),
    "county": ("县级", "County"),
    "township": ("乡镇街道", "Township"),
    "government": ("政府", "Government"),
    "government_office": ("政府办公厅（室）", "Government office"),
    "department": ("部门", "Department"),
    "township_government": ("乡镇政府", "Township government"),
    "subdistrict_office": ("街道办事处", "Subdistrict office"),
    "zone": ("功能区", "Zone"),
    "vertical": ("垂直管理机构", "Vertical agency"),
    "institution": ("公共企事业单位", "Institution"),
    "own": ("本机关", "Own"),
    "territory": ("全域", "Territory"),
    "problem": ("问题", "Problem"),
    "improvement": ("改进", "Improvement"),
    "year": ("年份", "Year"),
    "level": ("层级", "Level"),
    "agency_type": ("机关类型", "Agency type"),
    "agency_id": ("机关", "Agency"),
    "parent_id": ("上级政府", "Parent government"),
    "report": ("报告", "Report"),
    "scope": ("统计范围", "Scope"),
    "form": ("表式", "Form"),
    "sector": ("领域", "Sector"),
    "city": ("地市", "City"),
    "county_name": ("县区", "County"),
    "simulated": ("是否模拟数据", "Simulated"),
    "code": ("问题类别", "Code"),
    "theme": ("主题", "Theme"),
    "cluster": ("聚类", "Cluster"),
    "indicator": ("指标", "Indicator"),
    "effect": ("效应", "Effect"),
    "effect_name": ("效应量", "Effect measure"),
    "low": ("95%置信区间下限", "95% CI, lower"),
    "high": ("95%置信区间上限", "95% CI, upper"),
    "share": ("占比", "Share"),
    "n": ("样本量", "n"),
    "k": ("其中指出的报告数", "Reports that name it"),
    "p": ("p值", "p"),
    "q": ("q值（BH校正）", "q (Benjamini-Hochberg)"),
    "n_with": ("指出该问题的报告数", "Reports that name it"),
    "n_without": ("未指出该问题的报告数", "Reports that do not"),
    "agencies_with": ("指出该问题的机关数", "Agencies that name it"),
    "agencies_without": ("未指出该问题的机关数", "Agencies that do not"),
    "part": ("计数的部分", "Part of a count"),
    "method": ("方法", "Method"),
    "risk_low": ("比例差95%置信区间下限", "Risk difference, 95% CI, lower"),
    "risk_high": ("比例差95%置信区间上限", "Risk difference, 95% CI, upper"),
    "corrected_name": ("校正效应量", "Corrected effect measure"),
    "corrected_effect": ("校正编码误差后的效应", "Effect corrected for the coder's errors"),
    "corrected_low": ("校正效应95%置信区间下限", "Corrected effect, 95% CI, lower"),
    "corrected_high": ("校正效应95%置信区间上限", "Corrected effect, 95% CI, upper"),
    "n_hand_coded": ("人工编码的报告数", "Reports coded by hand"),
    "naive_effect": ("未分层效应", "Naive effect"),
    "naive_p": ("未分层检验p值", "Naive p"),
    "naive_test": ("未分层检验方法", "Naive test"),
    "outcome": ("被解释变量", "Outcome"),
    "clusters": ("聚类数", "Clusters"),
    "strata": ("有效层数", "Informative strata"),
    "reason": ("空缺原因", "Reason"),
    "warning": ("提示", "Warning"),
    "term": ("变量", "Term"),
    "model": ("模型", "Model"),
    "estimate": ("系数", "Estimate"),
    "se": ("标准误", "Standard error"),
    "odds_ratio": ("比值比", "Odds ratio"),
    "cliffs_delta": ("Cliff δ", "Cliff's delta"),
    "risk_difference": ("比例差", "Risk difference"),
    "phi": ("φ系数", "phi"),
    "cramers_v": ("Cramér V", "Cramér's V"),
    "size": ("条数", "Size"),
    "stability": ("稳定性（Jaccard）", "Stability (Jaccard)"),
    "z": ("关键性（z值）", "Keyness (z)"),
    "log_odds": ("对数比值比", "Log odds ratio"),
    "g2": ("对数似然比（G²）", "Log-likelihood ratio (G²)"),
    "ocr": ("文字识别", "OCR"),
}


def words(lang: str, zh: str, en: str) -> str:
    """Return the Chinese or the English wording.

    Examples
    --------
    >>> words("en", "份报告", "reports")
    'reports'
    """
    if lang not in LANGUAGES:
        raise InputError(f"there is no language {lang!r}", '"zh" or "en"')
    return zh if lang == "zh" else en


def is_simulated(*frames: pd.DataFrame) -> bool:
    """Tell whether any row of the frames is simulated.

    Examples
    --------
    >>> is_simulated(pd.DataFrame({"simulated": [False, True]})), is_simulated(pd.DataFrame({"n": [1]}))
    (True, False)
    """
    return any("simulated" in frame and bool(frame["simulated"].eq(True).any()) for frame in frames)


@cache
def _labels() -> dict[str, tuple[str, str]]:
    labels: dict[str, tuple[str, str]] = {}
    for form in FORMS:
        for cell in form_cells(form):
            labels.setdefault(cell.short, (f"{cell.item_label}：{cell.category_label}", cell.english))
    labels |= {row.name: (row.label_zh, row.label_en) for row in indicator_table().itertuples()}
    scheme = load_scheme()
    labels |= {code: (scheme.label(code), scheme.label(code, lang="en")) for code in scheme.codes}
    return labels | _FIXED


def label_of(name: Any, lang: str = "zh", labels: Mapping[Any, str] | None = None) -> str:
    """Return what a code, indicator, level or column is called.

    Parameters
    ----------
    name : str or int
        A number is a cluster. What has no label is called by its name.
    lang : {"zh", "en"}
    labels : mapping, optional
        Labels of the user's own, by name; they go first.

    Examples
    --------
    >>> label_of("staffing"), label_of("staffing", "en"), label_of("any_suits", "en")
    ('人员力量', 'Staffing', 'Any: suits, both routes')
    >>> label_of(3), label_of(3, labels={3: "更新慢"})
    ('类3', '更新慢')
    """
    if labels and name in labels:
        return str(labels[name])
    if pd.isna(name):
        return words(lang, "未知", "Not told")
    if not isinstance(name, str):
        return words(lang, f"类{int(name)}", f"Cluster {int(name)}")
    for suffix, said in (
        ("", ""),
        ("_any", words(lang, "：有无", ": any")),
        ("_positive", words(lang, "：大于零者", ": where above 0")),
    ):
        if name.endswith(suffix) and (found := _labels().get(name.removesuffix(suffix) if suffix else name)):
            label = words(lang, *found) + said
            return label[:1].upper() + label[1:] if len(label) > 1 else label
    return name


@cache
def provinces() -> tuple[dict[str, str], ...]:
    """Return the 34 provinces with short names and their tiles, in the order of their codes.

    Examples
    --------
    >>> len(provinces()), provinces()[0]["zh"]
    (34, '北京')
    """
    with resources.files("toolkit.analysis.writing").joinpath("provinces.csv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def province_of(name: Any) -> dict[str, str] | None:
    """Return the province that a name or six-digit code begins with, or None.

    Examples
    --------
    >>> province_of("广西壮族自治区")["en"], province_of("440000")["zh"], province_of("江")
    ('Guangxi', '广东', None)
    """
    text = "" if pd.isna(name) else str(name)
    return next((row for row in provinces() if text.startswith(row["zh"]) or text == row["code"]), None)
