"""Facts a page states about the report: 索引号, 发布机构, 发布日期, ..."""

from __future__ import annotations

import re
from functools import lru_cache

from toolkit.reports.document import Document
from toolkit.reports.folding import fold, same_length

_LABELS = frozenset(
    (
        "索引号 索引号码 信息索引号 索引编号 索引 名称 信息名称 标题 文件名称 "
        "发布机构 发布单位 发文机关 发文单位 公开机构 公开主体 信息提供单位 "
        "责任部门 公开责任部门 发布部门 制发机关 单位 "
        "来源 信息来源 文章来源 稿件来源 作者 "
        "公开日期 发布日期 发布时间 公开时间 成文日期 生成日期 发文日期 印发日期 日期 时间 更新时间 采集时间 "
        "文号 发文字号 文件编号 发文文号 主题分类 主题词 分类 公开类别 信息分类 体裁分类 组配分类 服务对象 关键词 "
        "有效性 时效 公开方式 公开形式 公开范围 公开时限 统一社会信用代码 网址 原文链接"
    ).split()
)
# 索 引 号: layout parts the characters of a label.
_SPACED = "|".join(r"\s*".join(label) for label in sorted(_LABELS, key=len, reverse=True))
_PAIR = re.compile(rf"(?<![一-鿿(])({_SPACED})\s*[】\]]?\s*[:：]\s*")
_LONGEST_VALUE = 120


def stated_facts(document: Document) -> dict[str, str]:
    """Return the label and value pairs that stand on the page, as printed.

    Pairs stand in cells side by side, in one paragraph (发布机构：某局), in
    several in one line, or in two paragraphs, label first. The first value
    of a label counts; contact data is no fact of a report and stays out.

    Examples
    --------
    >>> from toolkit.reports.document import DocumentBuilder
    >>> builder = DocumentBuilder("text")
    >>> builder.paragraph("索 引 号：014314799/2024-00002  发布机构：沭阳县发展和改革局")
    >>> stated_facts(builder.build())
    {'索引号': '014314799/2024-00002', '发布机构': '沭阳县发展和改革局'}
    >>> builder = DocumentBuilder("text")
    >>> builder.paragraph("发布机构：沭阳县发展和改革局 发布日期：2024-01-17 （单位：万元）")
    >>> stated_facts(builder.build())
    {'发布机构': '沭阳县发展和改革局', '发布日期': '2024-01-17 （单位：万元）'}
    """
    facts: dict[str, str] = {}
    label = ""
    for block in document.blocks:
        text = document.text[block.start : block.stop]
        if block.grid is not None:
            cells = [cell.text for cell in block.grid.cells[:60]]
            are_labels = [_is_label(text) for text in cells]
            for place, is_label in enumerate(are_labels[:-1]):
                if is_label and not are_labels[place + 1]:
                    _note(facts, cells[place], cells[place + 1])
            label = ""
        elif len(text) <= _LONGEST_VALUE * 3:
            if label and not _is_label(text):
                _note(facts, label, text)
            if ":" in text or "：" in text:
                _note_pairs(facts, text)
            label = text if _is_label(text) else ""
    return facts


def _name(text: str) -> str:
    return fold(text).strip(":：【】[]•·")


@lru_cache(maxsize=1024)
def _is_label(text: str) -> bool:
    return len(text) < 16 and _name(text) in _LABELS


def _note(facts: dict[str, str], label: str, value: str) -> None:
    value = value.strip()
    if value and len(value) <= _LONGEST_VALUE and _is_label(label) and not _is_label(value):
        facts.setdefault(_name(label), value)


def _note_pairs(facts: dict[str, str], text: str) -> None:
    places = list(_PAIR.finditer(same_length(text)))
    for match, following in zip(places, [*places[1:], None]):
        value = text[match.end() : following.start() if following else len(text)]
        _note(facts, match[1], value.strip(" \t　\xa0|【】[]"))
