"""The figures of a study: drawn once, as files for papers and as pictures for the page."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.analysis.writing.wording import label_of, words
from toolkit.corpus import Corpus
from toolkit.steps.analysis import Findings, attempt, strongest

if TYPE_CHECKING:
    from toolkit.analysis.clusters import Clusters

#: A picture with more characters than this goes into the page as pixels.
LARGEST_SVG = 260_000
ROWS = 20
#: Shares of fewer agencies are not drawn.
LEAST_AGENCIES = 5


@dataclass(frozen=True)
class Picture:
    """A figure of the page: name of its files, title, what it shows in words, the picture as data, its width in px."""

    name: str
    title: str
    alt: str
    data: str
    width: int


def draw_figures(
    corpus: Corpus, found: Findings, clusters: Clusters | None, folder: Path, lang: str
) -> tuple[dict[str, Picture], dict[str, str]]:
    """Draw every figure that the data allow, as PDF, SVG and PNG.

    Parameters
    ----------
    corpus, found, clusters
        What was read and found.
    folder : Path
        For the files.
    lang : {"zh", "en"}

    Returns
    -------
    pictures : dict
        Name to Picture, for the page.
    failed : dict
        Name to error of figures that could not be drawn.
    """
    import matplotlib.pyplot as plt

    pictures, failed = {}, {}
    with plt.style.context("default"), plt.ioff():
        for name, title, alt, draw in _figures(corpus, found, clusters, lang):
            picture, part = attempt(partial(_drawn, draw, folder, name, title, alt))
            if picture is None:
                failed[name] = part.reason
            else:
                pictures[name] = picture
            plt.close("all")
    return pictures, failed


def _drawn(draw: Callable[[], Any], folder: Path, name: str, title: str, alt: str) -> Picture:
    from toolkit.analysis.figures import save_figure

    ax = draw()
    files = save_figure(ax, folder / name)
    svg = next(file for file in files if file.suffix == ".svg").read_text(encoding="utf-8")
    points = re.search(r'width="([\d.]+)pt"', svg)
    width = round(float(points[1]) * 96 / 72) if points else 600
    if len(svg) <= LARGEST_SVG:
        return Picture(name, title, alt, _data(svg[svg.index("<svg") :].encode(), "svg+xml"), width)
    memory = io.BytesIO()
    ax.figure.savefig(memory, format="png", dpi=150, bbox_inches="tight")
    return Picture(name, title, alt, _data(_fewer_colours(memory.getvalue()), "png"), width)


def _data(content: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _fewer_colours(png: bytes) -> bytes:
    """Charts have few colours: a palette of 128 takes a third of the room."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image, image.convert("RGB") as full:
        memory = io.BytesIO()
        full.quantize(128, dither=Image.Dither.NONE).save(memory, format="png", optimize=True)
    return memory.getvalue()


Figure = tuple[str, str, str, Callable[[], Any]]


def _figures(corpus: Corpus, found: Findings, clusters: Clusters | None, lang: str) -> Iterator[Figure]:
    """Yield name, title, description and drawing of each figure that there is data for."""
    yield from _of_corpus(corpus, found, lang)
    yield from _of_themes(found, lang)
    yield from _of_clusters(found, clusters, lang)
    labels = {} if clusters is None else {k: label_of(v, lang) for k, v in clusters.labels.items()}
    yield from _of_associations(found, labels, lang)


def _of_corpus(corpus: Corpus, found: Findings, lang: str) -> Iterator[Figure]:
    from toolkit.analysis import figures

    reports = corpus.reports
    known = reports[reports["province"].notna() & reports["year"].notna()]
    if len(known):
        title = words(lang, "报告覆盖：省份与年份", "Coverage: province and year")
        alt = words(lang, f"{known['province'].nunique()} 个省份各年的报告数", "Reports by province and year")
        yield "coverage", title, alt, lambda: figures.plot_coverage(reports, lang=lang)
    if known["province"].nunique() > 2:
        counts = known.groupby("province").agg(n=("report", "size"), simulated=("simulated", "any")).reset_index()
        alt = words(lang, "各省级行政区的报告数，每省一格", "Reports by province, one tile each")
        title = words(lang, "各省报告数", "Reports by province")
        yield "provinces", title, alt, lambda: figures.plot_provinces(counts, lang=lang)
    if len(corpus.failures):
        title = words(lang, "未能读取的来源", "Sources that were not read")
        failures, read = corpus.failures, len(reports)
        alt = words(lang, f"{len(failures)} 个来源未能读取，按原因", f"{len(failures)} sources not read, by reason")
        yield "failures", title, alt, lambda: figures.plot_failures(failures, lang=lang, n_read=read)
    frame = found.indicators
    if len(frame) > 4 and frame["new_received"].notna().any() and not (frame["new_received"] < 0).any():
        zeros = int(frame["new_received"].eq(0).sum())
        title = words(lang, "新收申请数的分布", "Applications received")
        alt = words(lang, f"新收申请数分布，其中为零 {zeros} 份", f"Distribution; {zeros} reports have none")
        yield "applications", title, alt, lambda: figures.plot_counts(frame, "new_received", lang=lang)
    reuse = found.table("reuse").frame
    if len(reuse) and reuse[["reuse_self", "reuse_peer"]].notna().any(axis=None):
        title = words(lang, "问题章节的重复文本", "Copied text in chapter five")
        alt = words(lang, "问题章节与上年本机关、与其他机关重复比例的分布", "Share of the chapter copied: own, peers")
        yield "reuse", title, alt, lambda: figures.plot_reuse(reuse, lang=lang)


def _of_themes(found: Findings, lang: str) -> Iterator[Figure]:
    from toolkit.analysis import figures

    share = found.table("prevalence").frame
    if len(share) == 0 or share["n_clusters"].max() < LEAST_AGENCIES:
        return
    top = share.sort_values("share", ascending=False).iloc[0]
    alt = words(lang, "指出各主题的报告占比及95%区间；最多为", "Share of reports per theme; most often ")
    alt += f"{label_of(top['theme'], lang)} {100 * top['share']:.0f}%"
    title = words(lang, "指出各类问题的报告占比", "Share of reports that name each theme")
    yield "prevalence", title, alt, lambda: figures.plot_prevalence(share, x="theme", group=None, lang=lang)
    yield from _over_time(found, top["theme"], lang)
    stays = found.table("persistence").frame
    if len(stays):
        title = words(lang, "问题的延续：上年与本年", "What is named again the year after")
        alt = words(
            lang, "各主题上年指出后本年再次指出的比例，及新指出的比例", "How often themes are named again or anew"
        )
        yield "persistence", title, alt, lambda: figures.plot_persistence(stays, lang=lang)
    matrix = found.table("answers").frame
    if len(matrix):
        title = words(lang, "问题与改进措施的对应", "Problems and the improvements announced")
        alt = words(
            lang, "指出各问题的报告中提出各类改进的百分比", "Per cent of reports with each improvement, by problem"
        )
        yield "answers", title, alt, lambda: figures.plot_answers(matrix, lang=lang)
    keys = found.table("keyness").frame
    if len(keys):
        title = words(lang, "各层级的特征词", "Words typical of each level")
        alt = words(lang, "各层级问题陈述的特征词及其z值", "Words typical of the problems named at each level")
        yield "keyness", title, alt, lambda: figures.plot_keyness(keys, group="level", lang=lang)


def _over_time(found: Findings, theme: str, lang: str) -> Iterator[Figure]:
    from toolkit.analysis import figures

    frame = found.table("prevalence_year_level").frame
    rows = frame[frame["theme"].eq(theme) & frame["level"].notna() & frame["year"].notna()] if len(frame) else frame
    if len(rows) and rows["year"].nunique() > 1:
        label = label_of(theme, lang)
        title = words(lang, f"“{label}”：按年份与层级", f'"{label}" by year and level')
        alt = words(lang, f"指出“{label}”的报告占比，按年份与层级", f"Share naming {label}, by year and level")
        yield "prevalence_year", title, alt, lambda: figures.plot_prevalence(rows, lang=lang)


def _of_clusters(found: Findings, clusters: Clusters | None, lang: str) -> Iterator[Figure]:
    from toolkit.analysis import figures

    if clusters is None:
        return
    stable = clusters.stability
    if len(stable) and stable["stability"].notna().any():
        title = words(lang, "聚类的稳定性", "Stability of the clusters")
        alt = words(
            lang, f"{len(stable)} 个聚类的平均Jaccard稳定性", f"Mean Jaccard stability of {len(stable)} clusters"
        )
        yield "stability", title, alt, lambda: figures.plot_stability(stable, lang=lang)
    places = found.table("cluster_map").frame
    if len(places):
        title = words(lang, "问题聚类图", "Map of the clusters")
        alt = words(lang, "各聚类及其中心语句在平面上的位置", "Clusters and their medoid statements on a plane")
        yield "clusters", title, alt, lambda: figures.plot_clusters(places, lang=lang)


def _of_associations(found: Findings, labels: Mapping[int, str], lang: str) -> Iterator[Figure]:
    from toolkit.analysis import figures

    for family in ("applications", "disputes", "clusters"):
        frame = found.table(f"associations_{family}").frame
        if len(frame) and frame["effect"].notna().any():
            sure = int(frame["q"].lt(0.05).sum())
            zh = f"{len(frame)} 个组合的效应，其中 q<.05 有 {sure} 个"
            alt = words(lang, zh, f"Effects of {len(frame)} pairs, {sure} of them with q<.05")
            themes = list(dict.fromkeys(frame["theme"]))[:ROWS]
            own = labels if family == "clusters" else None
            draw = partial(figures.plot_associations, frame, lang=lang, themes=themes, labels=own)
            yield f"associations_{family}", heat_title(family, lang), alt, draw
    best = strongest(found.table("associations").frame, 1)
    if len(best):
        row = best.iloc[0]
        family = found.table(f"associations_{row['family']}").frame
        label = label_of(row["indicator"], lang)
        title = words(lang, f"各主题与“{label}”", f"All themes and {label}")
        alt = words(
            lang, f"森林图：各主题与“{label}”的效应和95%区间", f"Forest plot: effects on {label} with intervals"
        )
        yield "forest", title, alt, lambda: figures.plot_forest(family, row["indicator"], lang=lang)


def heat_title(family: str, lang: str) -> str:
    """Return the title of a family of associations."""
    from toolkit.steps.analysis import families

    row = next(row for row in families() if row["family"] == family)
    return words(lang, row["label_zh"], row["label_en"])
