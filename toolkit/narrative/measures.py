"""What a clause says of measures: an action, its object, its purpose, its ground, a plan."""

from __future__ import annotations

import re
from functools import cache

from toolkit.narrative.cues import after_adverbs, cues, find_deficit

_WILL = re.compile(r"[^,]{0,16}?(?<!即)将")
_BODY = re.compile(r"我|本|全[县市区镇乡]|[县市区镇乡局委办院所]将|今年|明年|\d年|\?年")
_PLAN_HEAD = re.compile(
    r"[^,]{0,24}?(?:将|拟|(?<![主重需必只不])要(?!求|点|素))(?:会|要)?(?!信息|政府|政务|文件|相关|部分|其|公开)"
)
_VERB_AND_OBJECT = 4
_ADJUNCT = re.compile("针对|按|以|对|为|通过|在|从|由|向|与")


@cache
def _measure_start() -> re.Pattern[str]:
    return re.compile(f"(?:{cues('measure').pattern})")


def opens_measure(clause: str) -> bool:
    """Tell whether a clause begins with an action of its own.

    Examples
    --------
    >>> opens_measure("进一步加强培训"), opens_measure("提高公开水平")
    (True, False)
    """
    if states_result(clause):
        return False
    bare = after_adverbs(clause)
    if _ADJUNCT.match(bare):
        return bool(_measure_start().search(bare, 2))
    return bool(_measure_start().match(bare) or _measure_start().match(clause))


def names_object(clause: str) -> bool:
    """Tell whether a clause is an action and its object: 完善制度, not 及时更新, not 宣传引导 (an object itself).

    Examples
    --------
    >>> names_object("完善制度"), names_object("及时更新"), names_object("宣传引导")
    (True, False, False)
    """
    rest = after_adverbs(clause)
    return len(rest) >= _VERB_AND_OBJECT and bool(cues("transitive").match(rest))


def states_result(clause: str) -> bool:
    """Tell whether a clause says what a measure is for: 确保…, 提高水平.

    Examples
    --------
    >>> states_result("确保公开及时"), states_result("完善公开制度")
    (True, False)
    """
    return bool(cues("result").match(after_adverbs(clause)) or cues("result").match(clause))


def turns_to_measures(clause: str) -> bool:
    """Tell whether a clause turns from problems to what is done about them: 针对以上问题, 下一步.

    Examples
    --------
    >>> turns_to_measures("针对以上问题"), turns_to_measures("我局将加强培训"), turns_to_measures("更新不及时")
    (True, True, False)
    """
    bare = clause.removeprefix("同时").removeprefix("因此")
    if bare.startswith(("针对", "对")) and find_deficit(bare) and not cues("ground").search(bare):
        return False
    return bool(cues("turn").match(bare)) or _tells_plan(bare)


def _tells_plan(clause: str) -> bool:
    """Tell 我局将加强… from 部分单位将公开视为负担."""
    match = _WILL.match(clause)
    if not match:
        return False
    if _BODY.search(match[0]):
        return True
    rest = clause[match.end() :]
    return not rest or opens_measure(rest) or states_result(rest) or gives_context(rest) or after_adverbs(rest) != rest


def plan_end(clause: str) -> int:
    """Return where 我局将, 下一步要 ends; 0 where there is none.

    Examples
    --------
    >>> plan_end("我局将加强培训"), plan_end("加强培训")
    (3, 0)
    """
    match = _PLAN_HEAD.match(clause)
    return match.end() if match else 0


def after_plan(clause: str, in_item: bool) -> int:
    """Return where the measure begins behind 我局将, 下一步要; 0 if nothing precedes it.

    Examples
    --------
    >>> "我局将加强培训"[after_plan("我局将加强培训", in_item=False) :]
    '加强培训'
    """
    return 0 if in_item and not turns_to_measures(clause) else plan_end(clause)


def frames_plans(clause: str) -> bool:
    """Tell whether a clause announces measures without naming one: 从以下几方面改进.

    Examples
    --------
    >>> frames_plans("从以下几方面改进"), frames_plans("加强培训")
    (True, False)
    """
    return bool(cues("plans_frame").search(clause))


def names_instrument(clause: str) -> bool:
    """Tell whether a clause says with what the next one is done: 充分利用公众号等形式.

    Examples
    --------
    >>> names_instrument("充分利用公众号等形式"), names_instrument("加强培训")
    (True, False)
    """
    rest = after_adverbs(clause)
    return bool(cues("instrument").match(rest)) and not cues("by_means").search(rest)


def gives_context(clause: str) -> bool:
    """Tell whether a clause only says by what or on what ground something is done.

    Examples
    --------
    >>> gives_context("按照上级要求"), gives_context("按照上级要求加强培训")
    (True, False)
    """
    acts = cues("measure").search(clause, 4) and not cues("ground").search(clause)
    return bool(cues("context").match(clause)) and not acts
