"""What a clause says: a frame, a heading, praise, a turn; and which part it has among problems or among measures."""

from __future__ import annotations

import re

from toolkit.narrative.cues import cues, find_deficit
from toolkit.narrative.measures import (
    frames_plans,
    gives_context,
    opens_measure,
    plan_end,
    states_result,
    turns_to_measures,
)

_NO_PROBLEM = re.compile(
    r"(?:暂|均|皆|并|目前|尚)*(?:(?:无|没有|未)(?:出现|发现|存在)?|不存在)(?:明显|突出|重大|较大|其他|其它|任何|相关|存在|需要|的|主要|"
    r"政府信息公开|信息公开|工作|方面|以上|上述|改进|整改|说明|报告|情况|事项)*(?:问题|不足|情况|事项|困难)?(?:存在)?"
)
_DENIES = re.compile("(?:不存在|未发现|没有发现|没有出现|未出现)[^,]{0,40}(?:问题|情况|现象|情形)$")
_TO_BE_SOLVED = re.compile(
    "不容忽视|不可忽视|(?:需要?|有待|亟待|亟需)(?:进一步)?(?:解决|改进|完善|改善)?(?:的(?!地方|方面|之处)|$)"
)
_ASKS_REMEDY = re.compile(
    "(?:还|仍|都|均|也)?(?:需要?|有待|亟待|亟需|须)(?:我们?|在|于|今后|以后|下一步|下步|未来|的|工作|中|进一步|不断|加以|予以|认真|继续|"
    "逐步|努力|高度重视|并)*(?:改进|解决|完善|克服|提高|加强)(?:和(?:改进|完善|提高|加强|解决))?"
)
_DATE = re.compile(r"(?:在)?(?:(?:\d{4}|\?)年度?|今年|明年|本年度)(?:以来)?")
_TAKES_OBJECT = re.compile("(?:缺乏|缺少|欠缺|缺失|没有|缺)[^,]{2}")
_SPARSE_SUBJECT = re.compile(r"^(?:[,、]|还|仍|也|尚|有时|存在|以及|且|并|又|和|及|更(?!新|换)|都|均|较|偏|很|需|有)*")


def has_subject(clause: str, deficit: re.Match[str]) -> bool:
    """Tell whether the clause itself says what is deficient: before the deficit, or as its object (缺少专人).

    Examples
    --------
    >>> [has_subject(clause, find_deficit(clause)) for clause in ("更新不及时", "不够及时", "缺少专人")]
    [True, False, True]
    """
    if deficit.start() == 0 and _TAKES_OBJECT.match(clause):
        return True
    return len(_SPARSE_SUBJECT.sub("", clause[: deficit.start()])) >= 2


def heading_kind(clause: str) -> str | None:
    """Return what a heading announces: problem, improvement, or both; None if the clause is no heading.

    Examples
    --------
    >>> heading_kind("存在的主要问题"), heading_kind("改进措施"), heading_kind("完善公开制度")
    ('problem', 'improvement', None)
    """
    # 改进措施是, 存在的问题主要有
    bare = re.sub("(?:主要)?(?:是|为|有|包括)$", "", clause[:41])
    if len(bare) > 40 or re.sub(r"[\s,:。]", "", cues("heading").sub("", bare)):
        return None
    trouble, better = cues("trouble").search(clause), cues("betterment").search(clause)
    if trouble and better:
        return "improvement" if re.search("整改情况|针对|解决|(?:问题|不足)的?(?:改进|整改)", clause) else "both"
    return "problem" if trouble else "improvement" if better else None


def is_frame(clause: str) -> bool:
    """Tell whether a clause announces problems without naming one: 但仍存在一些不足, 与群众需求还有差距.

    Examples
    --------
    >>> is_frame("但也存在一些问题"), is_frame("公开内容与公众需求还有差距")
    (True, False)
    """
    if len(clause) > 120 or not cues("trouble").search(clause):
        return False
    gap = cues("gap").search(clause)
    if gap:
        return len(cues("filler").sub("", clause[: gap.start()])) <= 1
    bare = cues("trouble").sub("", _TO_BE_SOLVED.sub("", clause))
    # 人力不足 names a problem, 还有一些不足 announces some.
    most = 1 if clause.endswith("不足") else 2
    return not cues("deficit").search(bare) and len(cues("filler").sub("", bare)) <= most


def is_gap(clause: str) -> bool:
    """Tell whether a clause is a gap formula: 与上级要求还有差距.

    Examples
    --------
    >>> is_gap("与上级要求还有差距"), is_gap("更新不及时")
    (True, False)
    """
    return bool(cues("gap").search(clause))


def denies_problems(clause: str) -> bool:
    """Tell whether a clause says that there is nothing to name: 无, 暂无明显问题.

    Examples
    --------
    >>> denies_problems("无"), denies_problems("暂无明显问题"), denies_problems("更新不及时")
    (True, True, False)
    """
    return len(clause) <= 60 and bool(_NO_PROBLEM.fullmatch(clause) or _DENIES.search(clause))


def is_filler(clause: str) -> bool:
    """Tell whether a stretch names nobody and nothing but the work and its body.

    Examples
    --------
    >>> is_filler("我局政府信息公开工作中"), is_filler("部分栏目更新不及时")
    (True, False)
    """
    return len(clause) <= 60 and len(cues("filler").sub("", clause)) <= 3


def turns_to_problems(clause: str, free: bool = True, reviewing: bool = False) -> bool:
    """Tell whether a clause turns from measures back to problems: 仍存在以下不足, 但仍存在更新不及时等问题.

    `free` tells that it stands in no enumerated item, `reviewing` that the measures were about last year's problems.

    Examples
    --------
    >>> turns_to_problems("但仍存在更新不及时等问题"), turns_to_problems("加强培训")
    (True, False)
    """
    if cues("remedy").search(clause) or turns_to_measures(clause) or frames_plans(clause) or recalls_problems(clause):
        return False
    if cues("exists").search(clause) and is_frame(clause):
        return True
    if not free or not find_deficit(clause) or opens_measure(clause):
        return False
    return bool(reviewing or cues("still").match(clause))


def recalls_problems(clause: str) -> bool:
    """Tell whether a clause only recalls what was wrong last year: 上年度存在更新不及时等问题.

    Examples
    --------
    >>> recalls_problems("上年度存在更新不及时等问题"), recalls_problems("存在更新不及时等问题")
    (True, False)
    """
    return len(clause) <= 120 and bool(cues("recalled").match(clause))


def praises(clause: str) -> bool:
    """Tell whether a clause reports what went well.

    Examples
    --------
    >>> praises("公开工作取得新进展"), praises("更新不及时")
    (True, False)
    """
    return bool(cues("praise").search(clause))


def tells_detail(clause: str) -> bool:
    """Tell whether a sentence that begins so only details the one before: 主要表现为.

    Examples
    --------
    >>> tells_detail("主要表现为更新不及时"), tells_detail("更新不及时")
    (True, False)
    """
    return bool(cues("detail").match(clause))


def gives_instance(sentence: str) -> bool:
    """Tell whether a sentence speaks of some of many: 部分单位, 有的栏目.

    Examples
    --------
    >>> gives_instance("部分单位更新不及时"), gives_instance("更新不及时")
    (True, False)
    """
    return bool(cues("instance").match(sentence))


def problem_role(clause: str, following: str, is_open: bool, in_item: bool) -> str:
    """Return what a clause among problems is: deficit, cause (of the next), tail (of the last), achievement or other.

    `is_open` tells that a statement precedes it in its sentence, `in_item` that it stands in an enumerated item.

    Examples
    --------
    >>> problem_role("更新不及时", "", is_open=False, in_item=False)
    'deficit'
    >>> problem_role("由于人员变动", "更新不及时", is_open=False, in_item=False)
    'cause'
    >>> problem_role("还存在一些问题", "", is_open=False, in_item=False)
    'other'
    """
    if denies_problems(clause) or _DATE.fullmatch(clause) or (is_open and _ASKS_REMEDY.fullmatch(clause)):
        return "other"
    if is_frame(clause):
        return "tail" if is_open and is_gap(clause) else "other"
    caused = cues("cause").match(clause)
    if caused and find_deficit(following) and not following.startswith("但"):
        return "cause"
    if find_deficit(clause):
        return "deficit"
    if following.startswith(("但", "然而", "不过", "却")) or (not is_open and praises(clause)):
        return "achievement"
    if is_open:
        return "cause" if caused else "tail"
    return "cause" if in_item or gives_instance(clause) or (caused and not is_filler(clause)) else "other"


def _acts(clause: str) -> bool:
    """Tell whether a clause behind 下一步 or 我局将 does something, not only says on what ground."""
    if len(clause) <= 2 or clause.startswith("为") or gives_context(clause):
        return False
    return bool(cues("measure").search(clause) or states_result(clause)) and not cues("ground").search(clause)


def measure_role(clause: str, is_open: bool, in_item: bool) -> str:
    """Return what a clause among measures is: measure, result (or any other tail), context (of the next) or other.

    Examples
    --------
    >>> measure_role("加强培训", is_open=False, in_item=False)
    'measure'
    >>> measure_role("提高业务水平", is_open=True, in_item=False)
    'result'
    >>> measure_role("从以下几方面改进", is_open=False, in_item=False)
    'other'
    """
    rest = clause[plan_end(clause) :]
    if (
        heading_kind(clause)
        or frames_plans(clause)
        or is_frame(clause)
        or denies_problems(clause)
        or recalls_problems(clause)
    ):
        return "other"
    if not is_open and turns_to_measures(clause) and not _acts(rest):
        return "other"
    if gives_context(rest):
        return "context" if in_item or is_open else "other"
    if opens_measure(rest):
        return "measure"
    return "result" if is_open or in_item or states_result(rest) or not is_filler(clause) else "other"
