"""What a clause says: a deficit, a measure, praise, a frame, a heading, a theme.

The words are data, `lexicon/cues.csv`: one row for each group of words, with a note where a row needs one.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources

_HEADING_WORDS = re.compile(
    r"政府|政务|信息|公开|工作|推进|中|的|存在|主要|问题|困难|不足|及其|及|和|与|、|或|改进|整改|完善|情况|措施|下一步|下步|"
    r"下一阶段|打算|计划|今后|相关|要求|今年|明年|本年度?|年度|上一?年度?|(?:\d{4}|\?)?年|方面|方向|安排|思路|努力|意见|"
    r"建议|对策|以及|有关|需要|薄弱环节|短板|原因|分析|目前|当前|现阶段|之处|具体|解决|举措|办法|落实|加强|提升|重点|"
    r"任务|目标|(?:我|本|全|各)(?:县|市|区|镇|乡|街道|局|委|办|单位|部门)|差距|仍|还|以下|针对|几个|一些|[一二三四五六]、"
)
_TROUBLE = r"问题|不足|困难|差距|短板|薄弱环节|薄弱点|弱项|欠缺|缺陷|缺点|之处|距离|薄弱之处|薄弱的地方"
_BETTERMENT = r"改进|整改|下一步|下步|下一阶段|打算|计划|今后|要求|措施|方向|安排|思路|对策|建议|举措|任务|目标"
_FILLER = re.compile(
    r"但是|但|然而|不过|同时|当前|目前|虽然|在|对照|按照|我们|也|还|仍然|仍旧|仍|依然|依旧|存在|有着|着|了|一些|一定|"
    r"某些|部分|以下|如下|诸多|许多|较多|不少|少量|若干|几个|几点|多个|[一二两三四五六]个|[一二三四五六]点|方面|程度|上|的|主要|突出|明显|"
    r"问题|不足|困难|差距|短板|薄弱环节|薄弱点|弱项|欠缺|缺陷|缺点|之处|距离|和|与|及|、|或|政府|政务|信息|公开|工作|中|"
    r"开展|推进|过程|实施|情况|取得|成绩|看到|清醒|认识到|意识到|地|面临|发现|我|本|全|各|县|市|区|镇|乡|苏木|街道|办事处|局|委|"
    r"单位|部门|办公室|机关|(?:\d{2,4}|\?)?年度?|今年|一年来|以来|不容忽视|需要|改进|进一步|加以|解决|具体|体现|表现|为|是|"
    r"个别|地方|环节|相比|比较|比|相对|较大|较|很|有|等|如|即|例如|比如|这|些|客观|同|离|距离|距|要求|上级|条例|《|》|公众|群众|"
    r"人民|社会|期望|期待|需求|需要|新|形势|高|标准|先进|地区|兄弟|目标|县委|政府|市委|区委|中央|省|党中央|国务院|日益|增长|"
    r"实际|信息化|广大|企业|服务对象|法治|建设|服务型|之间|自查|梳理|总结|经|我市|纵观|总体|来看|看|从|到"
)
_GAP = re.compile(r"(?:与|和|同|离|距|比|较|对照)[^,]{0,40}(?:差距|距离)|相比[^,]{0,12}(?:差距|距离|不足)")
_FRAME_CORE = re.compile(rf"{_TROUBLE}")
_NO_PROBLEM = re.compile(
    r"(?:暂|均|皆|并|目前|尚)*(?:无|没有|未发现|未出现|不存在)(?:明显|突出|重大|较大|其他|其它|任何|相关|存在|需要|的|主要|"
    r"政府信息公开|信息公开|工作|方面|以上|上述|改进|整改|说明|报告|情况|事项)*(?:问题|不足|情况|事项|困难)?(?:存在)?"
)
_SWITCH = re.compile(
    r"针对(?!性)|对(?:于)?(?:以上|上述|这些|存在|此)|(?:结合|围绕|根据)(?:以上|上述|这些|存在)|(?:在)?(?:下一步|下步|下阶段|下一阶段)|"
    r"(?:在)?(?:今后|未来|新的一年|接下来|明年)|为(?:此|切实解决|解决|进一步|了进一步|切实|推动|更好)|以上问题|上述问题|"
    r"(?:\d{4}|\?)年,?(?:我|本|全|县|区|市|镇|街道)[^,]{0,12}(?:将|拟|要)|[^,]{0,16}(?<!即)将(?!信息|政府|政务|文件|相关|部分|其|不|公开)|"
    r"(?:\d{4}|\?)年,?(?:计划|拟|要)|我们[^,]{0,12}(?:要|会|从|考虑)|(?:同时|现)?(?:采取|制定)(?:了)?(?:以下|如下|[^,]{0,4}措施)|考虑从"
)
_PLAN_HEAD = re.compile(r"[^,]{0,24}?(?:将|拟|(?<![主重需必只不])要(?!求|点|素))(?:会|要)?(?!信息|政府|政务|文件|相关|部分|其|公开)")
_FRAME_OF_PLANS = re.compile(
    r"(?:以下|如下|这?[几一二三四五六两]个?|下列)(?:个)?(?:方面|几点|几项|措施|工作|问题|重点)|措施(?:改进|加以)|"
    r"抓好改进|做好以下|(?:主要|重点)(?:做好|抓好|从|在)[^,]{0,16}(?:工作|方面|入手|着手)$|(?:着手|入手)|改进措施$|"
    r"按照[^,]{0,20}要求$|(?:继续|会|予以|加以|认真|积极|不断|逐步|进行)(?:改进|整改|完善)$|^(?:总结经验|克服困难|扎实工作|再接再厉)$"
)
_CONTEXT = re.compile(r"(?:严格|认真|坚决|切实)?(?:按照|根据|依据|对照|依照|遵循|结合|围绕)|在[^,]{0,24}(?:下|上|中|方面|基础上|同时)$|以[^,]{2,20}为")
_DONE = re.compile(r"已(?!经?不)|(?<!为)了(?!解)|完成(?!率)|上年度?|去年|得到(?:了)?(?:有效|明显)?(?:改善|提升|整改|解决)|共(?:开展|组织|举办)|先后|截至")
_PLANNED = re.compile(r"将|下一步|下步|今后|明年|计划|拟|打算|未来")
_ADJUNCT = re.compile("按|以|对|为|通过|在|从|由|向|与")
_TAKES_OBJECT = re.compile("(?:缺乏|缺少|欠缺|缺失|没有|缺)[^,]{2}")
_SPARSE_SUBJECT = re.compile(r"^(?:[,、]|还|仍|也|尚|有时|存在|以及|且|并|又|和|及|更|都|均|较|偏|很|需|有)*")


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
    with source.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


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


def states_result(clause: str) -> bool:
    """Tell whether a clause says what a measure is for: 确保…, 提高水平."""
    return bool(cues("result").match(_after_adverbs(clause)) or cues("result").match(clause))


def _after_adverbs(clause: str) -> str:
    skipped = _adverbs().match(clause)
    return clause[skipped.end() :] if skipped else clause


def ends_line(line: str) -> bool:
    """Tell whether a line without a full stop is complete: a heading, or a statement to its predicate."""
    return bool(cues("deficit_end").search(line)) or heading_kind(line) is not None


def heading_kind(clause: str) -> str | None:
    """Return what a heading announces: problem, improvement, or both; None if the clause is no heading.

    Examples
    --------
    >>> heading_kind("存在的主要问题"), heading_kind("改进措施"), heading_kind("完善公开制度")
    ('problem', 'improvement', None)
    """
    if len(clause) > 40 or re.sub(r"[\s,:。]", "", _HEADING_WORDS.sub("", clause)):
        return None
    trouble, better = re.search(_TROUBLE, clause), re.search(_BETTERMENT, clause)
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
    if len(clause) > 120 or not _FRAME_CORE.search(clause):
        return False
    gap = _GAP.search(clause)
    if gap:
        return len(_FILLER.sub("", clause[: gap.start()])) <= 1
    bare = re.sub(_TROUBLE + "|不容忽视|不可忽视|需要", "", clause)
    return not cues("deficit").search(bare) and len(_FILLER.sub("", bare)) <= 2


def is_gap(clause: str) -> bool:
    """Tell whether a clause is a gap formula: 与上级要求还有差距."""
    return bool(_GAP.search(clause))


def denies_problems(clause: str) -> bool:
    """Tell whether a clause says that there is nothing to name: 无, 暂无明显问题."""
    return bool(_NO_PROBLEM.fullmatch(clause))


def is_filler(clause: str) -> bool:
    """Tell whether a stretch names nobody and nothing but the work and its body."""
    return len(clause) <= 60 and len(_FILLER.sub("", clause)) <= 3


def turns_to_measures(clause: str) -> bool:
    """Tell whether a clause turns from problems to what is done about them: 针对以上问题, 下一步."""
    return bool(_SWITCH.match(clause.removeprefix("同时").removeprefix("因此").lstrip(",")))


def after_plan(clause: str) -> int:
    """Return where the measure begins behind 我局将, 下一步要; 0 if nothing precedes it."""
    match = _PLAN_HEAD.match(clause)
    return match.end() if match else 0


def frames_plans(clause: str) -> bool:
    """Tell whether a clause announces measures without naming one: 从以下几方面改进."""
    return bool(_FRAME_OF_PLANS.search(clause))


def gives_context(clause: str) -> bool:
    """Tell whether a clause only says by what or on what ground something is done."""
    return bool(_CONTEXT.match(clause))


def progress_of(text: str, lead: str) -> str:
    """Return ``done`` for a measure told as taken, else ``planned``; `lead` is the clause that opened its list."""
    if _DONE.search(text) and not _PLANNED.search(text):
        return "done"
    return "planned"
