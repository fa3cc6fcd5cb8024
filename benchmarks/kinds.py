"""Precision and recall of what is an annual report, on 400 pages of known kind.

Run ``python -m benchmarks.kinds``; ``--failures DIR`` keeps the pages that
were taken for something else. Half are reports: every shape, deviation and
form, tables lost or in pictures, prose of the years before 2019. Half are
not: lists, explanations, notices, models, empty forms and the like, each of
several wordings, as pages with a site around them and as bare text.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.decoys import REGULATION, Page, body_of, decoys, page_of
from toolkit.corpus import read_report
from toolkit.errors import SourceError
from toolkit.reports.kinds import NOT_A_REPORT
from toolkit.simulation.deviations import DEVIATIONS
from toolkit.simulation.draft import distinct_figures, draft
from toolkit.simulation.sheet import Table
from toolkit.simulation.writer import SHAPES, render, write_report

REPORTS = 200


def pages(seed: int = 0) -> Iterator[Page]:
    """Yield 200 reports and 200 pages that are none.

    Parameters
    ----------
    seed : int
    """
    yield from reports(seed)
    yield from decoys(seed)


def reports(seed: int = 0, count: int = REPORTS) -> Iterator[Page]:
    """Yield reports as published, whole and damaged."""
    rng = random.Random(f"reports {seed}")
    makers = [_written] * 14 + [_tables_lost, _tables_lost, _pictured, _prose_report, _prose_report, _table_2014]
    for number in range(count):
        yield makers[number % len(makers)](rng)


def _written(rng: random.Random) -> Page:
    form, shape = rng.choice(("2019", "2021", "2021", "mixed")), rng.choice(sorted(SHAPES))
    written = write_report(form, shape, rng.sample(sorted(DEVIATIONS), rng.choice((0, 1, 1))), seed=rng.randrange(99))
    return Page("report", written.content, written.suffix)


def _bare(rng: random.Random, instead: str) -> Page:
    """A report whose tables are gone, with something in their place."""
    year, name = rng.randrange(2019, 2025), body_of(rng)
    form = "2021" if year > 2020 else "2019"
    report = draft(form, distinct_figures(form, rng.randrange(99)), agency=name, year=year)
    for chapter in report.chapters:
        chapter.blocks = [instead if isinstance(block, Table) else block for block in chapter.blocks]
    written = render(report, rng.choice(("html_clean", "html_site", "text_cell_lines")))
    return Page("report", written.content, written.suffix)


def _tables_lost(rng: random.Random) -> Page:
    return _bare(rng, rng.choice(("该部分以表格形式报告。表格如下：", "详见附件。", "（见附表）", "")))


def _pictured(rng: random.Random) -> Page:
    page = _bare(rng, "此处为图片")
    return Page("report", page.content.replace("此处为图片".encode(), b'<img src="table.png">'), page.suffix)


def _prose_report(rng: random.Random) -> Page:
    year, name = rng.randrange(2008, 2019), body_of(rng)
    chapters = rng.choice(
        (
            (
                "概述",
                "主动公开政府信息情况",
                "依申请公开政府信息和不予公开政府信息情况",
                "收费及减免情况",
                "复议、诉讼和申诉情况",
                "存在的主要问题和改进措施",
            ),
            (
                "基本情况",
                "主动公开政府信息的情况",
                "依申请公开政府信息情况",
                "行政复议和行政诉讼情况",
                "主要问题和改进措施",
                "其他需要说明的事项",
            ),
            ("工作概况", "主动公开情况", "依申请公开情况", "咨询处理情况", "存在问题及工作打算"),
        )
    )
    sentences = (
        f"{year}年，本机关按照{REGULATION}要求，健全机构，明确专人负责政府信息公开工作。",
        f"全年主动公开政府信息{rng.randrange(20, 900)}条，其中全文电子化率达100%。业务动态类信息占总数的比例较高。",
        f"本年度受理政府信息公开申请{rng.randrange(0, 9)}件，均已按期答复，其中同意公开的占多数。",
        "本年度没有收取检索、复制、邮寄等费用。",
        "本年度未发生因政府信息公开申请行政复议、提起行政诉讼和申诉的情况。",
        "存在公开内容不够全面、更新不够及时等不足。下一步将加强培训，完善制度，提高公开质量。",
    )
    lines = [f"{name}{year}年{rng.choice(('度', ''))}政府信息公开{rng.choice(('', '工作'))}年度报告"]
    lines += [f"根据{REGULATION}，由{name}编制本报告。本报告电子版可在本机关网站下载。"]
    for numeral, (heading, sentence) in zip("一二三四五六", zip(chapters, sentences)):
        lines += [f"{numeral}、{heading}", sentence]
    return page_of("report", lines[0], lines, rng)


def _table_2014(rng: random.Random) -> Page:
    page = _prose_report(rng)
    rows = (
        "统计指标\t单位\t统计数",
        "一、主动公开情况\t——\t",
        f"（一）主动公开政府信息数\t条\t{rng.randrange(900)}",
        "（一）收到申请数\t件\t3",
    )
    text = "附表：政府信息公开情况统计表\n" + "\n".join(rows)
    if page.suffix == ".txt":
        return Page("report", page.content + text.encode(), ".txt")
    return Page(
        "report", page.content.replace(b"</div><!--foot-->", f"<pre>{text}</pre></div><!--foot-->".encode()), ".html"
    )


def judge(page: Page, folder: Path, number: int) -> tuple[bool, str]:
    """Return whether a page was taken for a report, and the message if not."""
    path = folder / f"{number:03d}{page.suffix}"
    path.write_bytes(page.content)
    try:
        read_report(path)
    except SourceError as error:
        return False, error.message
    return True, ""


def measure(seed: int = 0, keep: Path | None = None) -> dict[str, Counter[str]]:
    """Return kind -> counts: pages, taken for reports, refused as no report, read errors."""
    counts: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as place:
        for number, page in enumerate(pages(seed)):
            taken, message = judge(page, Path(place), number)
            one = counts.setdefault(page.kind, Counter())
            one["pages"] += 1
            one["taken" if taken else "refused"] += 1
            one["told"] += not taken and message.startswith(NOT_A_REPORT)
            if keep is not None and taken != (page.kind == "report"):
                (keep / f"{page.kind}-{number:03d}{page.suffix}").write_bytes(page.content)
                print(page.kind, number, message)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--failures", type=Path)
    arguments = parser.parse_args()
    if arguments.failures:
        arguments.failures.mkdir(parents=True, exist_ok=True)
    counts = measure(arguments.seed, arguments.failures)
    print(f"{'kind':22}{'pages':>7}{'taken for reports':>20}{'refused':>9}{'with reason':>13}")
    for kind, one in counts.items():
        print(f"{kind:22}{one['pages']:7}{one['taken']:20}{one['refused']:9}{one['told']:13}")
    right, taken = counts["report"]["taken"], sum(one["taken"] for one in counts.values())
    print(f"precision {right / taken:.4f}, recall {right / counts['report']['pages']:.4f} (simulated pages)")


if __name__ == "__main__":
    main()
