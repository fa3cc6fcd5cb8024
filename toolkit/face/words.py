"""The words of a report's face, in Chinese and English."""

from __future__ import annotations

from functools import cache

from toolkit.codebook import codebook

WORDS = {
    "zh": {
        "cells": "单元格",
        "rules": "规则",
        "verdicts": "成立 {0}，不成立 {1}，无法检验 {2}",
        "chapter_five": "第五章：问题 {0} 条，改进 {1} 条",
        "form": "表式",
        "reason": "不完整之处",
        "simulated": "模拟数据",
        "pages": "第 {0} 页",
        "no_statistics": "没有可以读取的统计表。",
        "broken": "合计不符",
        "term": "所涉单元格",
        "hover": "悬停可见代码、出处与状态。",
        "more": "……另有 {0} 条，见 findings 表",
        "content": "信息内容",
        "applicants": "申请人情况",
        "organisations": "法人或其他组织",
        "identity": "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
        "litigation": "行政诉讼",
    },
    "en": {
        "cells": "cells",
        "rules": "rules",
        "verdicts": "{0} hold, {1} broken, {2} untestable",
        "chapter_five": "chapter five: {0} problems, {1} improvements",
        "form": "form",
        "reason": "not complete",
        "simulated": "simulated data",
        "pages": "p. {0}",
        "no_statistics": "There is no statistics table that could be read.",
        "broken": "sum does not hold",
        "term": "cell of that sum",
        "hover": "Hover over a cell for its code, place and state.",
        "more": "... and {0} more, see the frame findings",
        "content": "Information",
        "applicants": "Applicants",
        "organisations": "Legal persons and other organisations",
        "identity": "(in every column: first row + second row = third + fourth)",
        "litigation": "Litigation",
    },
}

#: The labels that head several rows of the table of applications.
GROUPS = {
    "三、本年度办理结果": "III. Outcomes this year",
    "（三）不予公开": "(3) Denied",
    "（四）无法提供": "(4) Unavailable",
    "（五）不予处理": "(5) Not processed",
    "（六）其他处理": "(6) Other",
}


@cache
def labels(of: str, lang: str) -> dict[str, str]:
    """Return code -> label of a set of codes, from the codebook.

    Examples
    --------
    >>> labels("state", "zh")["blank"], labels("verdict", "en")["broken"]
    ('空白', 'Broken')
    """
    book = codebook()
    codes = book[(book["kind"] == "code") & (book["of"] == of)]
    return dict(zip(codes["name"], codes[f"label_{lang}"]))
