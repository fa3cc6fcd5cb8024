"""Whose business a figure of the prose is: applications of other kinds, other bodies, a general caseload.

A bureau tells in the same chapter how many applications for licences it
received, a county what each of its bureaus received, a bureau of justice how
many reconsiderations it heard. None of these is a figure of the tables.
"""

from __future__ import annotations

import re

_RECEIVED = "新收|收到|受理|接收|接到|收办"
_APPLICATION = re.compile(f"(?:{_RECEIVED})(?P<what>(?:(?!{_RECEIVED})[^,;。:]){{0,40}}?)申请(?!人)")
_OTHER_KIND = re.compile(
    "(?:查询|登记|许可|认定|援助|注册|变更|复议|仲裁|赔偿|裁决|补贴|救助|审批)(?:事项|业务|服务|类|的)*$"
)
_PLAIN = re.compile(
    "(?:[\\d,.、]|各[类种项级]|公民|法人|和|及|与|或者?|其[他它]|组织|社会|公众|群众|市民|居民|村民|企业|单位|个人|自然人|申请人|当事人|律师|提出|提交|递交"
    "|通过|的|了|到|过|来自|有效|书面|当面|新增?|[共总]计?|全部|本?年度|全年|本年|件次|[件条宗份起次]|[余多]|依法?|办理|答复|处理|回复|办结|并|已|均|行政机关"
    "|[本我](?:机关|单位|[局委办厅镇乡街])|网[上络站]|政府|信函|邮[件寄]|电子|现场|传真|[线在][上线]|平台|渠道|方式|等|撤[回销]|重复|补正|延期)*"
)
_OF_INFORMATION = re.compile("信息公开|依申请|公开申请|申请公开")
_CASELOAD = re.compile(
    "(?:办理|审理|审结|受理|化解|承办|代理)(?:各类|各级|了|全[省市县区]|本级)*(?:行政)?(?:复议|诉讼|应诉)(?:案件|申请|案)"
)
_BODY = re.compile(
    "(?:^|[,;。:、(])(?:其中)?(?P<body>[省市县区州旗局委厅办](?:本级|机关)|(?![本我该])[^,;。:、()\\d]{2,16}?"
    "(?:局|委|委员会|厅|办公室|镇|乡|街道办事处|街道|管委会|部门|单位|本级|(?<!行政)机关))"
    f"(?:共|累计|分别|全年|本年度?|20\\d\\d年)*(?:{_RECEIVED}|办理|答复|办结)"
)


def is_other_business(part: str, text: str, places: tuple[int, int, int], context: str) -> bool:
    """Return whether a figure counts something else than the table that its words would mean.

    Parameters
    ----------
    part : str
        The table: applications or disputes.
    text : str
        The chapter, folded and without blanks.
    places : tuple of int
        Where the sentence begins, and where the words with the figure begin and end.
    context : str
        The sentence up to the figure, and what stands before it.

    Examples
    --------
    >>> text = "收到行政许可申请888件。"
    >>> is_other_business("applications", text, (0, 0, 11), text[:8])
    True
    >>> text = "收到申请888件。"
    >>> is_other_business("applications", text, (0, 0, 7), text[:4])
    False
    """
    begin, start, stop = places
    if part == "disputes":
        sentence = text[begin:stop]
        return _CASELOAD.search(sentence) is not None and not _OF_INFORMATION.search(sentence)
    if part != "applications":
        return False
    return _is_of_another_kind(text[start:stop], context) or _is_one_of_several(text, begin, start, stop)


def subject(clause: str) -> str:
    """Return the body that a clause says received or settled something, or nothing.

    Examples
    --------
    >>> subject("其中县教育局收到申请7件"), subject("我局收到申请7件")
    ('县教育局', '')
    """
    match = _BODY.match(clause)
    return match["body"] if match else ""


def _is_of_another_kind(words: str, context: str) -> bool:
    """Tell whether the words with a figure, or else the last before them, speak of no application for information."""
    own = [*_APPLICATION.finditer(words)]
    told = own or [*_APPLICATION.finditer(context)]
    if not told or _asks_for_information(told[-1]["what"]):
        return False
    return bool(own) or not _OF_INFORMATION.search(context, told[-1].end("what"))


def _asks_for_information(what: str) -> bool:
    """收到行政许可申请 is other business; 收到申请, 收到公民申请 and 收到信息公开申请 are not."""
    if _OTHER_KIND.search(what):
        return False
    return "信息" in what or "公开" in what or _PLAIN.fullmatch(what) is not None


def _is_one_of_several(text: str, begin: int, start: int, stop: int) -> bool:
    """Tell whether a sentence gives the figures of several bodies, and this is one of them."""
    clause = max(text.rfind(sign, begin, start + 1) for sign in ",;:、(") + 1
    if not subject(text[max(begin, clause) : stop]):
        return False
    ends = [place for sign in "。!?\n" if (place := text.find(sign, stop)) >= 0]
    return len({one["body"] for one in _BODY.finditer(text[begin : min(ends, default=len(text))])}) > 1
