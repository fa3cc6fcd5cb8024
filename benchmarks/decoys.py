"""Pages that are no annual report, of ten kinds and several wordings each."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from toolkit.simulation.draft import draft
from toolkit.simulation.sheet import Table, compose

DECOYS = 20
PLACES = ("青石县", "沭阳县", "榆树市", "淮安市", "东莞市", "浦东新区", "崆峒区", "安溪县")
BODIES = ("人民政府", "人民政府办公室", "教育局", "发展和改革局", "财政局", "住房和城乡建设局", "统计局", "水利局")
OFFICE = ("办公室", "政务公开办公室", "政府办")
REGULATION = "《中华人民共和国政府信息公开条例》"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of known kind; ``report`` where it is one."""

    kind: str
    content: bytes
    suffix: str


def decoys(seed: int = 0, count: int = DECOYS) -> Iterator[Page]:
    """Yield some pages of every kind that is none."""
    rng = random.Random(f"decoys {seed}")
    for kind, maker in KINDS.items():
        for _ in range(count):
            yield _decoy(kind, *maker(rng), rng)


def body_of(rng: random.Random) -> str:
    return rng.choice(PLACES) + rng.choice(BODIES)


def page_of(kind: str, title: str, lines: list[str], rng: random.Random) -> Page:
    """Return a page of lines: bare text, a clean page, or a page with a site around it."""
    how = rng.choice(("text", "clean", "site"))
    if how == "text":
        return Page(kind, "\n".join(map(_flat, lines)).encode(), ".txt")
    site = (
        "首页 政务公开 政府信息公开指南 政府信息公开制度 政府信息公开年报 政策解读 通知公告 互动交流",
        "当前位置：首页 > 政府信息公开 > 政府信息公开年报",
    )
    chrome = "".join(f"<p>{line}</p>" for line in site) if how == "site" else ""
    body = "".join(line if line.startswith("<table") else f"<p>{line}</p>" for line in lines)
    foot = "<p>扫一扫在手机打开当前页</p><p>主办：县政府办公室</p>" if how == "site" else ""
    head = f"<head><title>{title}{rng.choice(('', '-青石县人民政府'))}</title></head>"
    html = f"<html>{head}<body>{chrome}<div>{body}</div><!--foot-->{foot}</body></html>"
    return Page(kind, html.encode(), ".html")


def _flat(line: str) -> str:
    """Return a table as rows of text, its cells parted by tabs."""
    if not line.startswith("<table"):
        return line
    rows = line.removeprefix("<table>").removesuffix("</table>").split("</tr>")
    return "\n".join("\t".join(re.findall("<td[^>]*>(.*?)</td>", row)) for row in rows)


def _decoy(kind: str, title: str, lines: list[str], rng: random.Random) -> Page:
    return page_of(kind, title, [title, *lines] if title else lines, rng)


def _table(form: str, fill: Callable[[int], str]) -> list[str]:
    """Return the three tables of a form as pages have them."""
    keys = [cell.key for cell in compose(form)]
    report = draft(form, {key: fill(place) for place, key in enumerate(keys)})
    return ["".join(_rows(table)) for table in report.tables()]


def _rows(table: Table) -> Iterator[str]:
    yield "<table>"
    for row in table.rows:
        cells = (f'<td rowspan="{slot.rowspan}" colspan="{slot.colspan}">{slot.text}</td>' for slot in row)
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</table>"


def _list_page(rng: random.Random) -> tuple[str, list[str]]:
    place, first = rng.choice(PLACES), rng.randrange(2012, 2018)
    names = [
        f"{place}{rng.choice(BODIES)}{year}年政府信息公开工作年度报告" for year in range(first, first + 8) for _ in "12"
    ]
    return "政府信息公开年报", [f"{name} {rng.randrange(2013, 2026)}-01-{rng.randrange(10, 31)}" for name in names]


def _interpretation(rng: random.Random) -> tuple[str, list[str]]:
    name, year = body_of(rng), rng.randrange(2019, 2025)
    title = rng.choice(
        (
            f"【文字解读】{name}{year}年政府信息公开工作年度报告",
            f"{name}{year}年政府信息公开工作年度报告解读",
            f"一图读懂：{name}{year}年政府信息公开年度报告",
            f"图解：{year}年{name}政府信息公开工作年度报告",
            f"《{name}{year}年政府信息公开工作年度报告》政策解读",
        )
    )
    lines = [
        "一、编制背景",
        f"根据{REGULATION}，{name}编制并发布了年度报告，现解读如下。",
        "二、总体情况",
        f"{year}年收到申请{rng.randrange(90)}件。",
    ]
    more = [
        "三、主动公开政府信息情况",
        "主动公开信息更加规范。",
        "四、存在的主要问题及改进情况",
        "信息更新不及时，下一步加强培训。",
    ]
    return title, lines + rng.choice(([], more))


def _notice(rng: random.Random) -> tuple[str, list[str]]:
    place, year = rng.choice(PLACES), rng.randrange(2019, 2025)
    title = rng.choice(
        (
            f"关于做好{year}年政府信息公开工作年度报告编制发布工作的通知",
            f"{place}人民政府{rng.choice(OFFICE)}关于编制{year}年度政府信息公开工作年度报告的通知",
            f"关于报送{year}年政府信息公开工作年度报告的函",
            f"{place}政务公开领导小组关于{year}年政府信息公开年度报告编制情况的通报",
        )
    )
    lines = [
        "各乡镇人民政府、街道办事处，县政府各部门：",
        f"为做好{year}年年度报告编制工作，现将有关事项通知如下：",
        "一、报告内容",
        "（一）总体情况。（二）主动公开政府信息情况。（三）收到和处理政府信息公开申请情况。",
    ]
    return title, [
        *lines,
        "二、有关要求",
        "请于1月31日前公布本机关年度报告。附件：格式模板",
        *(rng.choice(([], _blank_form()))),
    ]


def _blank_form() -> list[str]:
    tables = _table("2021", lambda place: "")
    heads = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况")
    inner = [line for pair in zip(heads, tables) for line in pair]
    return [
        "一、总体情况",
        "（文字描述）",
        *inner,
        "五、存在的主要问题及改进情况",
        "（文字描述）",
        "六、其他需要报告的事项",
        "（文字描述，收取信息处理费情况在此处报告。）",
    ]


def _letter(rng: random.Random) -> tuple[str, list[str]]:
    title = rng.choice(
        (
            "国务院办公厅政府信息与政务公开办公室关于印发《中华人民共和国政府信息公开工作年度报告格式》的通知",
            "国务院办公厅政府信息与政务公开办公室关于政府信息公开工作年度报告有关事项的通知",
        )
    )
    number = rng.choice(("国办公开办函〔2021〕30号", "国办公开办函〔2019〕60号"))
    return title, [
        number,
        "各省、自治区、直辖市人民政府办公厅：",
        "为进一步规范年度报告编制工作，现将格式印发给你们，请遵照执行。",
        *_blank_form(),
    ]


def _half_year(rng: random.Random) -> tuple[str, list[str]]:
    place, year = body_of(rng), rng.randrange(2019, 2025)
    part = rng.choice(("上半年", "第一季度", "第三季度", "1-6月", "下半年"))
    title = f"{place}{year}年{part}政府信息公开{rng.choice(('申请统计', '工作情况', '申请办理情况统计表', '统计数据'))}"
    lines = [f"{year}年{part}，共收到政府信息公开申请{rng.randrange(90)}件，答复{rng.randrange(90)}件。"]
    return title, lines + rng.choice(([], [_table("2021", lambda place: str(place % 7))[1]]))


def _summary(rng: random.Random) -> tuple[str, list[str]]:
    name, year = body_of(rng), rng.randrange(2012, 2025)
    word = rng.choice(
        (
            "政务公开工作总结",
            "政务公开工作总结和下一步计划",
            "政务公开和政府信息公开工作总结",
            "政务公开工作要点落实情况总结",
        )
    )
    lines = [
        "一、基本情况",
        "加强组织领导，健全工作机制。",
        "二、存在问题",
        "人员兼职多，业务不熟。",
        "三、下一步打算",
        "加强培训。",
    ]
    return f"{name}{year}年{word}", lines


def _model(rng: random.Random) -> tuple[str, list[str]]:
    where = rng.choice(("XX县", "××局", "XXX街道"))
    title = rng.choice(
        (
            f"{where}政府信息公开年度报告范文",
            "政府信息公开工作年度报告（模板）",
            "2023年政府信息公开工作年度报告范文（精选3篇）",
            f"{where}20XX年政府信息公开工作年度报告",
        )
    )
    text = [f"20XX年，{where}认真贯彻落实{REGULATION}，主动公开信息XX条，收到申请XX件，答复XX件。", "欢迎下载参考。"]
    return title, [
        "一、总体情况",
        *text,
        *_blank_form()[2:8],
        "五、存在的主要问题及改进情况",
        f"{where}公开意识不强。",
        "六、其他需要报告的事项",
        "无。",
    ]


def _system(rng: random.Random) -> tuple[str, list[str]]:
    title = rng.choice(
        ("政府信息公开情况统计报表制度", "政府信息公开统计制度及填报说明", "政府信息公开工作统计调查制度（试行）")
    )
    return title, [
        "一、总说明",
        "为了解各级行政机关政府信息公开情况，制定本制度。",
        "二、报表目录",
        "三、指标解释",
        "主动公开信息数：指本期主动公开的信息条数。",
    ]


def _empty(rng: random.Random) -> tuple[str, list[str]]:
    return rng.choice((("", [""]), ("", ["404"]), ("", ["正在加载..."]), ("", ["页面不存在"])))


def _empty_form(rng: random.Random) -> tuple[str, list[str]]:
    title = rng.choice((f"{body_of(rng)}2023年政府信息公开工作年度报告", "政府信息公开工作年度报告", ""))
    return title, _blank_form()


KINDS: dict[str, Callable[[random.Random], tuple[str, list[str]]]] = {
    "list": _list_page,
    "interpretation": _interpretation,
    "notice": _notice,
    "letter with form": _letter,
    "half-year": _half_year,
    "summary": _summary,
    "model": _model,
    "statistical system": _system,
    "empty page": _empty,
    "empty form": _empty_form,
}
