"""The pages in which governments publish a report: clean, cluttered, pasted from Word, or broken."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from html import escape

from toolkit.reports.marking import META
from toolkit.simulation.draft import Draft
from toolkit.simulation.sheet import Slot, Table

_NAVIGATION = """<div class="top"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/xxgk">政府信息公开</a></li>
<li><a href="/jdhy">解读回应</a></li><li><a href="/bsfw">办事服务</a></li><li><a href="/hdjl">互动交流</a></li></ul>
<a href="#">登录</a> <a href="#">注册</a> <a href="#">无障碍</a> <a href="#">长者模式</a></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; 政府信息公开 &gt; 政府信息公开年报</div>
<div class="side"><ul><li>政府信息公开指南</li><li>政府信息公开制度</li>
<li>法定主动公开内容</li><li>政府信息公开年报</li></ul></div>"""
_FOOTER = """<div class="share">分享到： 【打印本页】 【关闭窗口】 扫一扫在手机打开当前页</div>
<div class="related">相关附件</div>
<div class="foot">主办单位：本级人民政府办公室 网站标识码：0000000000 ICP备00000000号</div>"""


def clean_page(report: Draft) -> str:
    """A page that holds the report and nothing else."""
    return _page(report, _article(report, _plain_cell), "", "")


def site_page(report: Draft) -> str:
    """A portal's page: navigation, a table of metadata, layout tables, spans pasted from Word."""
    rng = random.Random(report.title)
    article = _article(report, lambda slot: _word_cell(slot, rng), paragraph=_word_paragraph)
    inner = f'<table><tr><td id="zoom">{article}</td></tr></table>'
    boxed = f'<table class="layout" width="980"><tr><td>{inner}</td></tr></table>'
    return _page(report, _metadata(report) + boxed, _NAVIGATION, _FOOTER)


def script_page(report: Draft) -> str:
    """A page whose article is a string in a script, quotes and slashes escaped."""
    quoted = json.dumps(_article(report, _plain_cell), ensure_ascii=False).replace("/", "\\/")
    body = f'<div id="content"></div><script>var detail = {{"title": "", "content": {quoted}}};show(detail);</script>'
    return _page(report, body, _NAVIGATION, _FOOTER)


def json_answer(report: Draft) -> str:
    """What a portal's interface answers: JSON with the article's HTML in a string."""
    answer = {
        "code": 200,
        "data": {"title": report.title, "pubDate": report.published, "content": _article(report, _plain_cell)},
    }
    return json.dumps(answer, ensure_ascii=True)


def broken_lines(report: Draft) -> str:
    """A page that holds every cell as a line of one paragraph, without any table."""
    lines = [report.title, report.mark, *report.preamble]
    for chapter in report.chapters:
        lines.append(chapter.heading)
        for block in chapter.blocks:
            texts = [slot.text for slot in block.slots() if slot.text.strip()] if isinstance(block, Table) else [block]
            lines += texts
    body = "<br>\n".join(escape(line, quote=False) for line in [*lines, *report.closing])
    return _page(report, f"<div><p>{body}</p></div>", _NAVIGATION, _FOOTER)


def _page(report: Draft, body: str, before: str, after: str) -> str:
    charset = report.encoding if report.charset is None else report.charset
    declared = f'<meta charset="{charset}">\n' if charset else ""
    page = (
        f"<!DOCTYPE html>\n<html>\n<head>\n{declared}{META}\n<title>{escape(report.title)}</title>\n"
        f"<style>td {{ border: 1px solid }}</style>\n</head>\n<body>\n{before}\n{body}\n{after}\n</body>\n</html>\n"
    )
    for change in report.html_changes:
        page = change(page)
    return page


def _article(report: Draft, cell: Callable[[Slot], str], paragraph: Callable[[str], str] | None = None) -> str:
    wrap = paragraph or (lambda text: f"<p>{escape(text, quote=False)}</p>")
    parts = [f"<h1>{escape(report.title, quote=False)}</h1>", f"<p>{report.mark}</p>"]
    parts.append(f"<p>发布时间：{report.published} 来源：{escape(report.agency, quote=False)}</p>")
    parts += [wrap(text) for text in report.preamble]
    for chapter in report.chapters:
        parts.append(wrap(chapter.heading))
        parts += [_table(block, cell) if isinstance(block, Table) else wrap(block) for block in chapter.blocks]
    return "\n".join(parts + [wrap(text) for text in report.closing])


def _table(table: Table, cell: Callable[[Slot], str]) -> str:
    rows = "\n".join(f"<tr>{''.join(cell(slot) for slot in row)}</tr>" for row in table.rows)
    return f'<table border="1">\n{rows}\n</table>'


def _spans(slot: Slot) -> str:
    rows = f' rowspan="{slot.rowspan}"' if slot.rowspan > 1 else ""
    return rows + (f' colspan="{slot.colspan}"' if slot.colspan > 1 else "")


def _plain_cell(slot: Slot) -> str:
    return f"<td{_spans(slot)}>{_inner(slot.text)}</td>"


def _inner(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>").replace("\xa0", "&nbsp;")


def _word_cell(slot: Slot, rng: random.Random) -> str:
    """Word cuts a cell's text, numbers included, into spans of its own."""
    text = slot.text
    if len(text) > 1 and "\n" not in text and rng.random() < 0.3:
        cut = rng.randrange(1, len(text))
        inner = "".join(
            f'<span lang="EN-US" style="font-size:9pt">{_inner(part)}</span>' for part in (text[:cut], text[cut:])
        )
    else:
        inner = f'<span style="font-family:宋体;font-size:9.0pt">{_inner(text) or "<o:p></o:p>"}</span>'
    style = 'style="border:solid windowtext 1.0pt;padding:0cm 5.4pt" valign="top"'
    return (
        f'<td{_spans(slot)} {style}>\n  <p class="MsoNormal" align="center"><font face="宋体">{inner}</font></p>\n</td>'
    )


def _word_paragraph(text: str) -> str:
    inner = f'<span style="font-family:仿宋">{escape(text, quote=False)}</span>'
    return f'<p class="MsoNormal" style="text-indent:32pt">{inner}</p>'


def _metadata(report: Draft) -> str:
    facts = [
        ("索引号", report.index_number),
        ("发布机构", report.agency),
        ("发布日期", report.published),
        ("主题分类", "政务公开"),
        ("标题", report.title),
        ("文号", "无"),
    ]
    rows = "".join(
        f"<tr><td>{left[0]}：</td><td>{escape(left[1])}</td><td>{right[0]}：</td><td>{escape(right[1])}</td></tr>"
        for left, right in zip(facts[::2], facts[1::2], strict=True)
    )
    return f'<table class="xxgk-head">{rows}</table>\n<div>浏览次数：12 字体：[大 中 小]</div>\n'


#: Name -> (writer, keeps empty cells, parts cells by more than blanks).
HTML_SHAPES: dict[str, tuple[Callable[[Draft], str], bool, bool]] = {
    "html_clean": (clean_page, True, True),
    "html_site": (site_page, True, True),
    "html_script": (script_page, True, True),
    "html_json": (json_answer, True, True),
    "html_broken_lines": (broken_lines, False, True),
}
