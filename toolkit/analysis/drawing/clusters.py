"""Figures of clusters: how stable they are, where they lie, what stands for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from toolkit.analysis.drawing.corpus import need
from toolkit.analysis.drawing.lettering import shortened
from toolkit.analysis.drawing.style import Style, axes_of, bare, finish, style_of
from toolkit.analysis.writing.wording import is_simulated, label_of, words

# Hennig (2007), Computational Statistics & Data Analysis 52: below .6 a cluster should not
# be trusted, from .75 on it is a valid, stable one.
DOUBTFUL, STABLE = 0.6, 0.75


def plot_stability(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    lang: str = "zh",
    style: str | Style = "colour",
    title: str = "",
    note: str = "",
    labels: Mapping[Any, str] | None = None,
) -> Axes:
    """Draw each cluster's stability under resampling, as bars.

    Parameters
    ----------
    frame : DataFrame
        cluster, size, stability (mean Jaccard, 0 to 1; missing where it was not computed)
        and label, if any; labels set by hand stand in it.
    ax, lang, style, title, note, labels
        As in ``plot_prevalence``.

    Examples
    --------
    >>> ax = plot_stability(pd.DataFrame({"cluster": [0, 1], "size": [40, 9], "stability": [0.8, 0.4]}))
    >>> [tick.get_text() for tick in ax.get_yticklabels()]
    ['类1 (9)', '类0 (40)']
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    need(frame, "cluster", "size", "stability")
    look = style_of(style)
    rows = frame.sort_values("stability", na_position="first", kind="stable").reset_index(drop=True)
    ax = axes_of(ax, 6.8, 1.4 + 0.3 * max(len(rows), 1))
    value = rows["stability"].to_numpy(dtype=float)
    kind = np.where(np.isnan(value), 3, np.where(value >= STABLE, 0, np.where(value >= DOUBTFUL, 1, 2)))
    shades, hatches = (look.colors[0], look.colors[5], look.quiet, "white"), ("", "////", "....", "")
    edge = "white" if look.name == "colour" else look.edge
    for place, (height, which) in enumerate(zip(np.nan_to_num(value), kind)):
        hatch = hatches[which] if look.name == "journal" else ""
        ax.barh(place, height, height=0.66, color=shades[which], hatch=hatch, edgecolor=edge, linewidth=0.6)
        said = f"{height:.2f}" if which != 3 else words(lang, "未计算", "not computed")
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
        ax.text(height + 0.012, place, said, va="center", fontsize=8, bbox=box)
    for limit in (DOUBTFUL, STABLE):
        ax.axvline(limit, color="#777777", linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
    named = [f"{shortened(name, 26)} ({size:,})" for name, size in zip(_names(rows, lang, labels), rows["size"])]
    ax.set_yticks(range(len(rows)), named)
    ax.set(xlim=(0, 1.08), ylim=(-0.6, max(len(rows), 1) - 0.4), xlabel=label_of("stability", lang))
    bare(ax)
    caption = words(
        lang,
        f"括号内为语句数，共 {int(rows['size'].sum()):,} 条；虚线：{DOUBTFUL} 以下不可靠，{STABLE} 以上稳定",
        f"In brackets: statements, {int(rows['size'].sum()):,} in all; "
        f"dashed: below {DOUBTFUL} not to be trusted, from {STABLE} stable",
    )
    return finish(ax, lang, title=title, note=note, simulated=is_simulated(frame), caption=caption)


def _names(rows: pd.DataFrame, lang: str, labels: Mapping[Any, str] | None) -> list[str]:
    own = rows["label"] if "label" in rows else pd.Series(pd.NA, index=rows.index)
    return [
        str(label) if pd.notna(label) and not (labels and cluster in labels) else label_of(cluster, lang, labels)
        for cluster, label in zip(rows["cluster"], own)
    ]


def plot_clusters(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    lang: str = "zh",
    style: str | Style = "colour",
    title: str = "",
    note: str = "",
    labels: Mapping[Any, str] | None = None,
) -> Axes:
    """Draw the map of clusters: a dot per statement, a number at each medoid.

    Parameters
    ----------
    frame : DataFrame
        One row per statement: x, y, cluster; medoid (bool), text (shown beside the
        number for medoids) and label, if any. A statement without cluster is grey.
    ax, lang, style, title, note, labels
        As in ``plot_prevalence``. Distances on such a map are only roughly true.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": [0, 1], "y": [0, 1], "cluster": [0, 1], "text": ["更新慢", "人手少"]})
    >>> frame["medoid"] = True
    >>> ax = plot_clusters(frame, lang="en")
    >>> print(ax.texts[2].get_text())
    0  Cluster 0 (n=1)
         e.g. 更新慢
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    need(frame, "x", "y", "cluster")
    look = style_of(style)
    clusters = sorted(frame["cluster"].dropna().unique())
    ax = axes_of(ax, 9.2, max(4.6, 0.6 + 0.34 * len(clusters)))
    small = max(3.0, 26.0 - 5 * np.log10(max(len(frame), 1)))
    rest = frame[frame["cluster"].isna()]
    ax.scatter(rest["x"], rest["y"], s=small * 0.6, color=look.quiet, linewidths=0, rasterized=True)
    centres, legend = [], []
    for number, cluster in enumerate(clusters):
        part = frame[frame["cluster"].eq(cluster)]
        shade, marker = look.colors[number % 8], look.markers[(number + number // 8) % 8]
        ax.scatter(part["x"], part["y"], s=small, color=shade, marker=marker, alpha=0.55, linewidths=0, rasterized=True)
        medoid = part[part["medoid"].eq(True)].head(1) if "medoid" in part else part.head(0)
        place = medoid if len(medoid) else part[["x", "y"]].median().to_frame().T
        centres.append(place[["x", "y"]].to_numpy(dtype=float)[0])
        legend.append((shade, marker, _legend_text(cluster, part, medoid, lang, labels)))
    for cluster, centre, place in zip(clusters, centres, _apart(np.array(centres).reshape(-1, 2), frame)):
        _number(ax, cluster, centre, place, look)
    for number, (shade, marker, said) in enumerate(legend):
        y = 1 - (number + 0.5) / max(len(legend), 1)
        ax.plot(1.025, y, marker, color=shade, transform=ax.transAxes, markersize=5, clip_on=False)
        ax.text(1.045, y, said, transform=ax.transAxes, fontsize=8, va="center", linespacing=1.15)
    ax.set(xticks=[], yticks=[])
    caption = words(
        lang,
        f"n = {len(frame):,} 条语句，{len(clusters)} 类；数字为中心语句；图上距离仅供参考",
        f"n = {len(frame):,} statements, {len(clusters)} clusters; numbers: medoids; distances are rough",
    )
    if len(rest):
        caption += words(lang, f"；灰点 {len(rest):,} 条未归类", f"; grey: {len(rest):,} in no cluster")
    return finish(ax, lang, title=title, note=note, simulated=is_simulated(frame), caption=caption)


def _number(ax: Axes, cluster: Any, centre: np.ndarray, place: np.ndarray, look: Style) -> None:
    """Write a cluster's number at a place, with a line from its centre."""
    ax.annotate(
        str(cluster),
        tuple(centre),
        tuple(place),
        fontsize=8,
        ha="center",
        va="center",
        zorder=5,
        bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": look.edge, "linewidth": 0.7},
        arrowprops={"arrowstyle": "-", "linewidth": 0.6, "color": look.edge},
    )


def _legend_text(
    cluster: Any, part: pd.DataFrame, medoid: pd.DataFrame, lang: str, labels: Mapping[Any, str] | None
) -> str:
    name = shortened(_names(part.head(1), lang, labels)[0], 20)
    said = f"{cluster}  {name} (n={len(part):,})"
    if len(medoid) and "text" in medoid and isinstance(medoid["text"].iloc[0], str):
        said += words(lang, "\n     例：", "\n     e.g. ") + shortened(medoid["text"].iloc[0].replace("\n", ""), 26)
    return said


def _apart(places: np.ndarray, frame: pd.DataFrame) -> np.ndarray:
    """Push the numbers apart until none stands on another, in units of the map."""
    if len(places) < 2:
        return places
    span = np.array([np.ptp(frame[name].astype(float)) or 1.0 for name in ("x", "y")])
    moved = places / span
    for _ in range(200):
        away = moved[:, None] - moved[None]
        distance = np.sqrt((away**2).sum(axis=2)) + np.eye(len(moved))
        close = distance < 0.055
        if not close.any():
            break
        # Two numbers on one spot are pushed along fixed directions, so that the map is the same each time.
        turn = np.arange(len(moved)) * 2.399963
        away = away + (distance[..., None] < 1e-9) * np.stack([np.cos(turn), np.sin(turn)], axis=1)[:, None] * 1e-3
        push = away / np.maximum(distance, 1e-3)[..., None] * (close * (0.055 - distance))[..., None]
        moved = moved + 0.5 * push.sum(axis=1)
    return moved * span
