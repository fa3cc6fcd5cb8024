"""Whose figures a report gives: the body's own, its level's, or the whole territory's.

Two reports with the same title may count differently, and only their text
tells. A sentence counts when it says what the figures cover, or when it gives
the number of applications that the table has too; otherwise scope is missing.
"""

from __future__ import annotations

import re

from toolkit.reports.folding import drop_noise, same_length

SCOPES = ("own", "level", "territory")

_SENTENCE = re.compile("[^。;!?\n]{1,600}[。;!?]?")
_COVERAGE = re.compile(
    "(?:报告|数据|统计|本年报)(?:中|所列|所称|中所列|范围|数据|的)*(?:数据|范围|口径)?(?:均|仅|只|已|不)*(?:包括|包含|涵盖|汇总|含|覆盖|为)"
)
_BELOW = re.compile("乡镇|镇街|街道|县区|各县|各区县|县\\(市|市县|区县|下辖|辖区内各")
_BESIDE = re.compile("部门|委办局|工作机构|直属(?:机构|单位)|政府系统")
_ALONE = re.compile(
    "(?:仅|只)(?:包括|包含|涵盖|统计|含|为).{0,12}(?:本机关|本单位|本级|机关本身|本局|本办)|不(?:包括|包含|含).{0,10}(?:下属|各部门|乡镇|街道)"
)
_APPLICATIONS = re.compile(
    "(?P<who>.{0,30}?)(?:共|累计|新)*(?:收到|受理|收办|接收|新收|办理)(?P<what>[^,。;]{0,24}?)申请[^,。;0-9]{0,12}(?P<number>[0-9]+)(?:余)?[件条宗份]"
)
_APPLICATIONS_AFTER = re.compile(
    "(?P<who>.{0,30}?)(?:共|累计|新)*(?:收到|受理|收办|接收|新收|办理)[^,。;0-9]{0,12}(?P<number>[0-9]+)(?:余)?[件条宗份](?P<what>[^,。;]{0,24}?)申请"
)
_WHOLE = re.compile("全(?:省|区|市|州|盟|县|旗)(?!直|级)")
_OWN = re.compile(
    "(?:我|本)(?:局|委|办|厅|部|院|署|处|中心|分局|支队|大队|街道|街道办|镇|乡|街|机关|单位|行政机关|管委会|园区)"
)
_LEVEL = re.compile("[省市区县州旗](?:本级|级机关|政府系统|直部门|级各部门|级部门|政府及(?:其|各|所属|各工作)?部门)")


def read_scope(prose: str, tables: str = "") -> tuple[str | None, str | None]:
    """Return the scope of a report's figures and the sentence that tells it.

    Parameters
    ----------
    prose : str
        Preamble and chapter one.
    tables : str
        Text of chapter three, with the table. If it has figures, a sentence
        about applications counts only when its number is among them.

    Returns
    -------
    tuple
        ``own``, ``level`` or ``territory`` and the sentence, or twice None
        when no sentence tells or two disagree.

    Examples
    --------
    >>> read_scope("2024年，全市共受理政府信息公开申请3119件。", "3119 3084")
    ('territory', '2024年，全市共受理政府信息公开申请3119件。')
    >>> read_scope("2023年，区政府办公室收到申请17件。", "95 0 95")
    (None, None)
    """
    sentences = [(sentence, _folded(sentence)) for sentence in _sentences(prose)]
    told = [pair for pair in (_coverage(*one) for one in sentences) if pair[0]]
    if not told:
        told = [pair for pair in (_counted(*one, tables) for one in sentences) if pair[0]]
    return told[0] if len({scope for scope, _ in told}) == 1 else (None, None)


def _sentences(prose: str) -> list[str]:
    return [
        match[0].strip() for match in _SENTENCE.finditer(prose.replace("；", ";").replace("！", "!").replace("？", "?"))
    ]


def _coverage(sentence: str, folded: str) -> tuple[str | None, str | None]:
    """Read a sentence that says what the figures of the report cover."""
    match = _COVERAGE.search(folded)
    if match is None:
        return None, None
    rest = folded[match.start() :]
    if _ALONE.search(rest):
        return "own", sentence
    if ("本报告" in rest and "组成" in rest) or ("情况" in rest and "六" in rest):
        return None, None
    if _BELOW.search(rest) and _BESIDE.search(rest):
        return "territory", sentence
    return ("level", sentence) if _BESIDE.search(rest) and "政府" in rest else (None, None)


def _counted(sentence: str, folded: str, tables: str) -> tuple[str | None, str | None]:
    """Read a sentence that counts the applications, of whom and how many."""
    if "申请" not in folded:
        return None, None
    match = _APPLICATIONS.search(folded) or _APPLICATIONS_AFTER.search(folded)
    if match is None or not re.search("信息|公开|依", match["what"]):
        return None, None
    numbers = re.findall("[0-9]+", tables)
    if numbers and match["number"] not in numbers:
        return None, None
    kinds = {
        kind
        for kind, pattern in (("territory", _WHOLE), ("level", _LEVEL), ("own", _OWN))
        if pattern.search(match["who"])
    }
    return (kinds.pop(), sentence) if len(kinds) == 1 else (None, None)


def _folded(sentence: str) -> str:
    return "".join(same_length(drop_noise(sentence)).split())
