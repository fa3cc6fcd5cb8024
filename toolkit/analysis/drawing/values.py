"""Figures of one column: counts with their zeros, copied text, typical words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from toolkit.analysis.drawing.corpus import need, whole_numbers
from toolkit.analysis.drawing.style import Style, axes_of, bare, finish, style_of
from toolkit.analysis.drawing.themes import in_order
from toolkit.analysis.writing.wording import is_simulated, label_of, words
from toolkit.errors import InputError


def plot_counts(
    frame: pd.DataFrame,
    column: str,
    ax: Axes | None = None,
    lang: str = "zh",
    style: str | Style = "colour",
    title: str = "",
    note: str = "",
) -> Axes:
    """Draw a count: a bar for the zeros, a histogram on a log scale for the rest.

    Parameters
    ----------
    frame : DataFrame
        One row per report.
    column : str
        A count. Missing values are left out and stand in the caption.
    ax, lang, style, title, note
        As in ``plot_coverage``.

    Raises
    ------
    InputError
        If the column is absent or has negative values.

    Examples
    --------
    >>> ax = plot_counts(pd.DataFrame({"suits": [0, 0, 12, None]}), "suits", lang="en")
    >>> ax.texts[-1].get_text()
    'n\xa0=\xa03 reports, 2 of them zero; 1 missing not shown.'
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    need(frame, column)
    look = style_of(style)
    values = pd.to_numeric(frame[column]).astype("Float64").dropna().to_numpy(dtype=float)
    if (values < 0).any():
        raise InputError(f"{column} has negative values", "a count")
    positive = np.log10(values[values > 0])
    ax = axes_of(ax, 6.4, 3.8)
    top = max(1.0, float(np.ceil(positive.max()))) if len(positive) else 1.0
    start = min(0.0, float(np.floor(positive.min()))) if len(positive) else 0.0
    zeros, gap = int((values == 0).sum()), start - 0.55
    ax.hist(
        positive, bins=list(np.arange(start, top + 0.26, 0.25)), color=look.colors[0], edgecolor="white", linewidth=0.8
    )
    _draw_zeros(ax, gap, zeros, len(values), look)
    _log_ticks(ax, gap, start, top)
    ax.axvline(start - 0.25, color=look.quiet, linestyle=":", linewidth=1)
    ax.set(
        xlabel=label_of(column, lang) + words(lang, "（对数刻度）", " (log scale)"),
        ylabel=words(lang, "报告数", "Reports"),
    )
    ax.margins(y=0.18)
    whole_numbers(ax.yaxis)
    bare(ax)
    lost = len(frame) - len(values)
    caption = words(
        lang,
        f"n = {len(values):,} 份报告，其中为零 {zeros:,} 份；缺失 {lost:,} 份未绘",
        f"n = {len(values):,} reports, {zeros:,} of them zero; {lost:,} missing not shown",
    )
    return finish(ax, lang, title=title, note=note, simulated=is_simulated(frame), caption=caption)


def _draw_zeros(ax: Axes, at: float, zeros: int, of: int, look: Style) -> None:
    """Draw the bar of the zeros, with their number and share."""
    bar = ax.bar([at], [zeros], width=0.35, color=look.colors[1], hatch=look.hatches[1], edgecolor="white")
    share = f"{zeros:,}\n({100 * zeros / of:.0f}%)" if of else "0"
    ax.bar_label(bar, [share], padding=2, fontsize=8)


def _log_ticks(ax: Axes, zero: float, start: float, top: float) -> None:
    """Name the powers of ten on an axis of logarithms, and the place of the zeros before them."""
    powers = np.arange(int(np.ceil(start)), int(top) + 1)
    ax.set_xticks(
        [zero, *powers], ["0", *(f"{10.0**power:,.0f}" if power >= 0 else f"{10.0**power:g}" for power in powers)]
    )
    ax.set_xlim(zero - 0.35, top + 0.1)


def plot_reuse(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    lang: str = "zh",
    style: str | Style = "colour",
    title: str = "",
    note: str = "",
) -> Axes:
    """Draw how much text is copied: from the own report before, and from peers.

    Parameters
    ----------
    frame : DataFrame
        reuse_self, reuse_peer (0 to 1) of statements or reports. A body's first
        report has no own text before it: missing, left out and counted.
    ax, lang, style, title, note
        As in ``plot_coverage``.

    Examples
    --------
    >>> ax = plot_reuse(pd.DataFrame({"reuse_self": [0.9, None], "reuse_peer": [0.1, 0.2]}))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['与本机关上年', '与其他机关']
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    need(frame, "reuse_self", "reuse_peer")
    look = style_of(style)
    ax = axes_of(ax, 6.4, 3.8)
    names = {
        "reuse_self": words(lang, "与本机关上年", "Own report of the year before"),
        "reuse_peer": words(lang, "与其他机关", "Other agencies"),
    }
    edges = np.linspace(0, 1, 11)
    counted = []
    for place, (column, name) in enumerate(names.items()):
        values = pd.to_numeric(frame[column]).astype("Float64").dropna().to_numpy(dtype=float)
        height = np.histogram(np.clip(values, 0, 1), edges)[0] / max(len(values), 1)
        left = edges[:-1] + 0.008 + place * 0.042
        shade = look.colors[place]
        ax.bar(left, height, 0.042, align="edge", color=shade, hatch=look.hatches[place], edgecolor="white", label=name)
        counted.append(
            words(
                lang,
                f"{name} n = {len(values):,}（缺失 {len(frame) - len(values):,}）",
                f"{name}: n = {len(values):,} ({len(frame) - len(values):,} missing)",
            )
        )
    ax.set_xticks(edges[::2], [f"{100 * edge:.0f}%" for edge in edges[::2]])
    ax.set(
        xlabel=words(lang, "重复文本所占比例", "Share of the text that is copied"),
        ylabel=words(lang, "占比", "Share"),
        xlim=(0, 1),
    )
    ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
    bare(ax)
    caption = words(lang, "；", "; ").join(counted)
    return finish(ax, lang, title=title, note=note, simulated=is_simulated(frame), caption=caption, legend=True)


def plot_keyness(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    lang: str = "zh",
    group: str = "level",
    value: str = "z",
    top: int = 8,
    style: str | Style = "colour",
    title: str = "",
    note: str = "",
    labels: Mapping[Any, str] | None = None,
) -> Axes:
    """Draw the words that set each group apart, the strongest first.

    Parameters
    ----------
    frame : DataFrame
        As ``keyness`` gives it: ``group``, token and ``value``, larger where a word is more typical of the group.
    top : int
        Words per group; those below zero are not typical and not drawn.
    ax, lang, style, title, note, labels
        As in ``plot_prevalence``.

    Examples
    --------
    >>> ax = plot_keyness(pd.DataFrame({"level": ["county"], "token": ["人手"], "z": [4.2]}))
    >>> ax.get_yticklabels()[0].get_text(), ax.get_legend().get_texts()[0].get_text()
    ('人手', '县级')
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    need(frame, group, "token", value)
    look = style_of(style)
    typical = frame[frame[value].gt(0)].sort_values(value, ascending=False, kind="stable")
    parts = {name: typical[typical[group].eq(name)].head(top) for name in in_order(typical[group])}
    ax = axes_of(ax, 6.4, 1.2 + 0.21 * sum(len(part) + 1 for part in parts.values()))
    place, ticks, named = 0.0, [], []
    for number, (name, part) in enumerate(parts.items()):
        number %= len(look.colors)
        at = place + np.arange(len(part))
        ax.barh(
            at,
            part[value].to_numpy(dtype=float),
            height=0.72,
            color=look.colors[number],
            hatch=look.hatches[number],
            edgecolor="white",
            label=label_of(name, lang, labels),
        )
        ticks += list(at)
        named += part["token"].tolist()
        place = place + len(part) + 1
    ax.set_yticks(ticks, named, fontsize=8.5)
    ax.set_ylim(max(place - 1.2, 0.5), -0.8)
    ax.set_xlabel(label_of(value, lang))
    bare(ax)
    caption = words(lang, f"每组前 {top} 词", f"The {top} most typical words of each group")
    return finish(ax, lang, title=title, note=note, simulated=is_simulated(frame), caption=caption, legend=bool(parts))
