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
    "(?:报告|数据|统计|本年报)(?:中|所列|所称|中所列|范围|数据|的)*(?:数据|范围|口径)?(?:均|仅|只|已|不)*(?:包括|包含|涵盖|汇总|含|覆盖|为)了?"
)
# The report is made of those of others: 综合各县区政府和市政府各部门的年度报告编制而成.
_MADE_OF = re.compile(
    "(?:根据|依据|综合|汇总|汇集|整合)(?P<whose>[^。;,《]{2,100}?)的?(?:政府信息公开|政务公开|工作|年度|有关|相关|统计)*(?:报告|年报|数据|情况|材料)"
    "(?:[和及、][^。;,《]{0,24})?[,(]?(?:汇总|综合)?后?(?:而成|形成本|(?:编制|编写)(?=而成|[,。;(]|$|.{0,12}报告))"
)
_ORDER = re.compile("关于|通知|要求|规定|精神|意见|条例|格式|办法|部署|安排")
_BELOW = re.compile(
    "乡镇|镇街|街道|县区|各县|各区(?!域|直|级)|县\\(市|市县|区县|下辖|辖区内各|各级(?:行政机关|政府|人民政府|机关)"
)
_BESIDE = re.compile("部门|委办局|各委、|工作机构|直属(?:机构|单位)|政府系统|各级(?:行政机关|政府|人民政府|机关)")
_SUBORDINATE = re.compile("下属|所属|(?<!管理)部门")
_EXCLUDED = re.compile("(?:不|未|没有)(?:包括|包含|含|涵盖|纳入|计入|统计)|除外|不在(?:内|其中|统计)")
_AS_A_WHOLE = re.compile("^全(?:省|区|市|州|盟|县|旗)(?:的|汇总|统计|数据|情况|范围|口径)*$")
_ITSELF = re.compile(
    "^(?:[^,及和与、]{0,24}(?:[局委厅办室署]|支队|大队|中心))?(?:本|我)?(?:机关本身|本级机关|机关|本单位|单位|本级|局|委|办|厅|镇|乡|街道|街道办事处|街道办)"
    "(?:自身)?的?(?:数据|情况|统计)*(?:[,。;]|$)"
)
_OWN_LEVEL = re.compile("^(?:仅|只)?[^,及和与、]{0,8}(?:省|市|县|区|州|旗)本级的?(?:数据|情况)*$")
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
    told = [(scope, sentence) for sentence, folded in sentences if (scope := _coverage(folded))]
    if not told:
        told = [(scope, sentence) for sentence, folded in sentences if (scope := _counted(folded, tables))]
        if "territory" in dict(told) and any(_leaves_out_below(folded) for _, folded in sentences):
            told = [pair for pair in told if pair[0] != "territory"]
    return told[0] if len({scope for scope, _ in told}) == 1 else (None, None)


def _sentences(prose: str) -> list[str]:
    return [
        match[0].strip() for match in _SENTENCE.finditer(prose.replace("；", ";").replace("！", "!").replace("？", "?"))
    ]


def _coverage(folded: str) -> str | None:
    """Read a sentence that says what the figures of the report cover."""
    made = _MADE_OF.search(folded) if "编" in folded or "成" in folded else None
    if made and "报" in folded and not _ORDER.search(made["whose"]) and (scope := _of_others(made["whose"])):
        return scope
    match = _COVERAGE.search(folded)
    if match is None:
        return None
    rest = folded[match.start() :]
    if ("本报告" in rest and "组成" in rest) or ("情况" in rest and "六" in rest):
        return None
    inside, outside = _sides(folded, match)
    if scope := _of_others(inside):
        return scope
    if _AS_A_WHOLE.match(inside.rstrip(",。;")):
        return "territory"
    if _OWN_LEVEL.match(inside.rstrip(",。;")):
        return "level"
    # A county's figures without its townships may be those of its office or of all its departments.
    return "own" if _ITSELF.match(inside) or _SUBORDINATE.search(outside) else None


def _of_others(words: str) -> str | None:
    """Return whose figures words name: those of the bodies below too, or of the level's departments."""
    if _BELOW.search(words) and _BESIDE.search(words):
        return "territory"
    return "level" if _BESIDE.search(words) and re.search("政府|[省市县区州旗][直级]", words) else None


def _sides(folded: str, match: re.Match[str]) -> tuple[str, str]:
    """Return what the figures cover and what they leave out."""
    excluded = _EXCLUDED.search(folded, match.start())
    if excluded is None:
        return folded[match.end() :], ""
    if folded.startswith(("除", "不在", "未纳入", "未计入"), excluded.start()):
        # 各乡镇除外: what is left out stands before.
        clause = folded.rfind(",", 0, excluded.start()) + 1
        return folded[match.end() : max(clause, match.end())], folded[clause : excluded.start()]
    return folded[match.end() : max(excluded.start(), match.end())], folded[excluded.end() :]


def _leaves_out_below(folded: str) -> bool:
    match = _COVERAGE.search(folded)
    return match is not None and _BELOW.search(_sides(folded, match)[1]) is not None


def _counted(folded: str, tables: str) -> str | None:
    """Read a sentence that counts the applications, of whom and how many."""
    if "申请" not in folded:
        return None
    match = _APPLICATIONS.search(folded) or _APPLICATIONS_AFTER.search(folded)
    if match is None or not re.search("信息|公开|依", match["what"]):
        return None
    numbers = re.findall("[0-9]+", tables)
    if numbers and match["number"] not in numbers:
        return None
    kinds = {
        kind
        for kind, pattern in (("territory", _WHOLE), ("level", _LEVEL), ("own", _OWN))
        if pattern.search(match["who"])
    }
    return kinds.pop() if len(kinds) == 1 else None


def _folded(sentence: str) -> str:
    return "".join(same_length(drop_noise(sentence)).split())
