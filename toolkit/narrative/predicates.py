"""What a clause says: a deficit, a measure, praise, a frame, a heading, a theme.

The words are data, `lexicon/cues.csv`: one row for each group of words, with a note where a row needs one.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources

_NO_PROBLEM = re.compile(
    r"(?:暂|均|皆|并|目前|尚)*(?:(?:无|没有|未)(?:出现|发现|存在)?|不存在)(?:明显|突出|重大|较大|其他|其它|任何|相关|存在|需要|的|主要|"
    r"政府信息公开|信息公开|工作|方面|以上|上述|改进|整改|说明|报告|情况|事项)*(?:问题|不足|情况|事项|困难)?(?:存在)?"
)
_WILL = re.compile(r"[^,]{0,16}?(?<!即)将")
_BODY = re.compile(r"我|本|全[县市区镇乡]|[县市区镇乡局委办院所]将|今年|明年|\d年|\?年")
_PLAN_HEAD = re.compile(
    r"[^,]{0,24}?(?:将|拟|(?<![主重需必只不])要(?!求|点|素))(?:会|要)?(?!信息|政府|政务|文件|相关|部分|其|公开)"
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
_VERB_AND_OBJECT = 4
_ADJUNCT = re.compile("针对|按|以|对|为|通过|在|从|由|向|与")
_TAKES_OBJECT = re.compile("(?:缺乏|缺少|欠缺|缺失|没有|缺)[^,]{2}")
_SPARSE_SUBJECT = re.compile(r"^(?:[,、]|还|仍|也|尚|有时|存在|以及|且|并|又|和|及|更(?!新|换)|都|均|较|偏|很|需|有)*")


@cache
def cues(group: str) -> re.Pattern[str]:
    """Return one pattern for all rows of a group of `lexicon/cues.csv`.

    Examples
    --------
    >>> cues("praise").search("公开工作取得新进展")[0]
    '取得'
    """
    rows = [row["pattern"] for row in _rows() if row["group"] == group]
    return re.compile("|".join(rows))


@cache
def _rows() -> list[dict[str, str]]:
    source = resources.files("toolkit.narrative") / "lexicon" / "cues.csv"
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


@cache
def _adverbs() -> re.Pattern[str]:
    return re.compile(f"(?:{cues('adverb').pattern})*")


@cache
def _measure_start() -> re.Pattern[str]:
    return re.compile(f"(?:{cues('measure').pattern})")


def themes() -> list[str]:
    """Return the coarse themes in the order in which they are tried."""
    return [row["group"] for row in _rows() if row["group"].startswith("theme:")]


def themes_of(clause: str) -> tuple[str, ...]:
    """Return the themes whose words a clause holds, the most specific first.

    The themes only decide whether two neighbouring clauses speak of one thing; the codes of a coding scheme are
    given later, to whole statements.

    Examples
    --------
    >>> themes_of("部分栏目更新滞后"), themes_of("工作较多")
    (('timeliness', 'platform'), ())
    """
    # An adverb (全面公开, 及时发布) is no theme.
    start = len(clause) - len(_after_adverbs(clause))
    return tuple(group.removeprefix("theme:") for group in themes() if cues(group).search(clause, start))


def find_deficit(clause: str) -> re.Match[str] | None:
    """Return the first predicate that names a deficit or demands its remedy, if the clause has one.

    Examples
    --------
    >>> find_deficit("公开不及时")[0], find_deficit("不断加强公开")
    ('不', None)
    """
    return cues("deficit").search(clause)


def has_subject(clause: str, deficit: re.Match[str]) -> bool:
    """Tell whether the clause itself says what is deficient: before the deficit, or as its object (缺少专人)."""
    if deficit.start() == 0 and _TAKES_OBJECT.match(clause):
        return True
    return len(_SPARSE_SUBJECT.sub("", clause[: deficit.start()])) >= 2


def opens_measure(clause: str) -> bool:
    """Tell whether a clause begins with an action of its own.

    Examples
    --------
    >>> opens_measure("进一步加强培训"), opens_measure("提高公开水平")
    (True, False)
    """
    if states_result(clause):
        return False
    bare = _after_adverbs(clause)
    if _ADJUNCT.match(bare):
        return bool(_measure_start().search(bare, 2))
    return bool(_measure_start().match(bare) or _measure_start().match(clause))


def names_object(clause: str) -> bool:
    """Tell whether a clause is an action and its object: 完善制度, not 及时更新, not 宣传引导 (an object itself)."""
    rest = _after_adverbs(clause)
    return len(rest) >= _VERB_AND_OBJECT and bool(cues("transitive").match(rest))


def states_result(clause: str) -> bool:
    """Tell whether a clause says what a measure is for: 确保…, 提高水平."""
    return bool(cues("result").match(_after_adverbs(clause)) or cues("result").match(clause))


def _after_adverbs(clause: str) -> str:
    skipped = _adverbs().match(clause)
    return clause[skipped.end() :] if skipped else clause


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
    """Tell whether a clause is a gap formula: 与上级要求还有差距."""
    return bool(cues("gap").search(clause))


def denies_problems(clause: str) -> bool:
    """Tell whether a clause says that there is nothing to name: 无, 暂无明显问题."""
    return len(clause) <= 60 and bool(_NO_PROBLEM.fullmatch(clause) or _DENIES.search(clause))


def is_filler(clause: str) -> bool:
    """Tell whether a stretch names nobody and nothing but the work and its body."""
    return len(clause) <= 60 and len(cues("filler").sub("", clause)) <= 3


def turns_to_measures(clause: str) -> bool:
    """Tell whether a clause turns from problems to what is done about them: 针对以上问题, 下一步."""
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
    return not rest or opens_measure(rest) or states_result(rest) or gives_context(rest) or _after_adverbs(rest) != rest


def turns_to_problems(clause: str, free: bool = True, reviewing: bool = False) -> bool:
    """Tell whether a clause turns from measures back to problems: 仍存在以下不足, 但仍存在更新不及时等问题.

    `free` tells that it stands in no enumerated item, `reviewing` that the measures were about last year's problems.
    """
    if cues("remedy").search(clause) or turns_to_measures(clause) or frames_plans(clause) or recalls_problems(clause):
        return False
    if cues("exists").search(clause) and is_frame(clause):
        return True
    if not free or not find_deficit(clause) or opens_measure(clause):
        return False
    return bool(reviewing or cues("still").match(clause))


def recalls_problems(clause: str) -> bool:
    """Tell whether a clause only recalls what was wrong last year: 上年度存在更新不及时等问题."""
    return len(clause) <= 120 and bool(cues("recalled").match(clause))


def _plan_end(clause: str) -> int:
    match = _PLAN_HEAD.match(clause)
    return match.end() if match else 0


def after_plan(clause: str, in_item: bool) -> int:
    """Return where the measure begins behind 我局将, 下一步要; 0 if nothing precedes it."""
    return 0 if in_item and not turns_to_measures(clause) else _plan_end(clause)


def frames_plans(clause: str) -> bool:
    """Tell whether a clause announces measures without naming one: 从以下几方面改进."""
    return bool(cues("plans_frame").search(clause))


def names_instrument(clause: str) -> bool:
    """Tell whether a clause says with what the next one is done: 充分利用公众号等形式."""
    rest = _after_adverbs(clause)
    return bool(cues("instrument").match(rest)) and not cues("by_means").search(rest)


def gives_context(clause: str) -> bool:
    """Tell whether a clause only says by what or on what ground something is done."""
    acts = cues("measure").search(clause, 4) and not cues("ground").search(clause)
    return bool(cues("context").match(clause)) and not acts


def praises(clause: str) -> bool:
    """Tell whether a clause reports what went well."""
    return bool(cues("praise").search(clause))


def tells_detail(clause: str) -> bool:
    """Tell whether a sentence that begins so only details the one before: 主要表现为."""
    return bool(cues("detail").match(clause))


def gives_instance(sentence: str) -> bool:
    """Tell whether a sentence speaks of some of many: 部分单位, 有的栏目."""
    return bool(cues("instance").match(sentence))


def problem_role(clause: str, following: str, is_open: bool, in_item: bool) -> str:
    """Return what a clause among problems is: deficit, cause (of the next), tail (of the last), achievement or other.

    `is_open` tells that a statement precedes it in its sentence, `in_item` that it stands in an enumerated item.
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
    """Return what a clause among measures is: measure, result (or any other tail), context (of the next) or other."""
    rest = clause[_plan_end(clause) :]
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
