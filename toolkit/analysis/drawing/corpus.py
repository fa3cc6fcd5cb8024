"""Figures of the corpus: coverage, provinces, what was not read, counts, copied text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps, colors
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from toolkit.analysis.drawing.lettering import shortened
from toolkit.analysis.drawing.style import Style, axes_of, bare, finish, style_of
from toolkit.analysis.writing.wording import is_simulated, label_of, province_of, provinces, words
from toolkit.errors import InputError


def need(frame: pd.DataFrame, *columns: str) -> None:
    """Raise InputError unless the frame has the columns."""
    if absent := [name for name in columns if name not in frame]:
        raise InputError(f"the frame has no column {', '.join(absent)}", f"it has {', '.join(map(str, frame.columns))}")


def ink_on(shade: Any) -> str:
    """Return black or white, whichever reads on the colour.

    Examples
    --------
    >>> ink_on("#000000"), ink_on("#FFFFFF")
    ('white', 'black')
    """
    red, green, blue = colors.to_rgb(shade)
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.55 else "white"


def plot_coverage(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    lang: str = "zh",
    style: str | Style = "colour",
    title: str = "",
    note: str = "",
) -> Axes:
    """Draw how many reports there are by province and year.

    Parameters
    ----------
    frame : DataFrame
        One row per report: province, year. Reports without either stand in the caption.
    ax, lang, style, title, note
        As in every figure: Axes to draw on, "zh" or "en", "colour" or "journal", texts.

    Returns
    -------
    Axes

    Examples
    --------
    >>> ax = plot_coverage(pd.DataFrame({"province": ["广东省", "北京市"], "year": [2022, 2023]}))
    >>> [tick.get_text() for tick in ax.get_yticklabels()]
    ['北京', '广东']
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    need(frame, "province", "year")
    known = frame[frame["province"].notna() & frame["year"].notna()]
    look = style_of(style)
    table = pd.crosstab(known["province"], known["year"].astype(int))
    place = {row["name"]: number for number, row in enumerate(provinces())}
    table = table.loc[sorted(table.index, key=lambda name: (_rank(name, place), name))]
    if len(table.columns):
        table = table.reindex(columns=range(table.columns.min(), table.columns.max() + 1), fill_value=0)
    ax = axes_of(ax, max(5.0, 1.8 + 0.55 * table.shape[1]), 1.4 + 0.26 * len(table))
    names = [_short(name, lang) for name in table.index]
    shades = np.log1p(table.to_numpy(dtype=float))
    draw_tiles(ax, shades, table.map("{:,}".format).where(table > 0, "").to_numpy(), names, list(table.columns), look)
    lost = len(frame) - len(known)
    caption = words(lang, f"n = {len(known):,} 份报告，空格为无报告", f"n = {len(known):,} reports; empty: none")
    if lost:
        caption += words(lang, f"；另有 {lost:,} 份地区或年份不明", f"; {lost:,} without province or year not shown")
    return finish(ax, lang, title=title, note=note, simulated=is_simulated(frame), caption=caption)


def _rank(name: str, place: Mapping[str, int]) -> int:
    row = province_of(name)
    return place[row["name"]] if row else len(place)


def _short(name: Any, lang: str) -> str:
    row = province_of(name)
    return row[lang] if row else str(name)


def draw_tiles(
    ax: Axes, shades: np.ndarray, texts: np.ndarray, rows: list[Any], columns: list[Any], look: Style, size: float = 7.5
) -> None:
    """Draw a table of shaded cells with a text in each; a shade that is missing stays white."""
    filled = np.ma.masked_invalid(np.where(shades == 0, np.nan, shades))
    # The darkest third of the map is left out, so that no text drowns.
    top = float(filled.max()) / 0.65 if filled.count() else 1.0
    norm = colors.Normalize(0, top)
    ax.pcolormesh(
        np.arange(len(columns) + 1),
        np.arange(len(rows) + 1),
        filled,
        cmap=look.sequential,
        norm=norm,
        edgecolors="white",
        linewidth=1,
    )
    for (row, column), text in np.ndenumerate(texts):
        shade = colormaps[look.sequential](norm(shades[row, column])) if np.isfinite(shades[row, column]) else "white"
        ax.text(
            column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=size, color=ink_on(shade), linespacing=1.1
        )
    ax.set_xticks(np.arange(len(columns)) + 0.5, [str(name) for name in columns], fontsize=8.5)
    ax.set_yticks(np.arange(len(rows)) + 0.5, [str(name) for name in rows], fontsize=8.5)
    ax.set(xlim=(0, max(len(columns), 1)), ylim=(max(len(rows), 1), 0))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def plot_provinces(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    lang: str = "zh",
    value: str = "n",
    style: str | Style = "colour",
    title: str = "",
    note: str = "",
    percent: bool = False,
) -> Axes:
    """Draw a value by province as a grid of 34 equal tiles.

    Tiles rather than boundaries: no boundary set that is free to ship and follows
    the official map is at hand, and small provinces are seen as well as large ones.

    Parameters
    ----------
    frame : DataFrame
        province (name or six-digit code, once each) and ``value``.
    value : str
        The column to draw; a province without it is hatched.
    percent : bool
        Write the value as a percentage.
    ax, lang, style, title, note
        As in ``plot_coverage``.

    Raises
    ------
    InputError
        If a column is absent or a province stands twice.

    Examples
    --------
    >>> ax = plot_provinces(pd.DataFrame({"province": ["广东省"], "n": [12]}), lang="en")
    >>> ax.texts[-1].get_text()
    'n: 1 provinces with data; hatched: none.'
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    need(frame, "province", value)
    look = style_of(style)
    found: dict[str, float] = {}
    elsewhere = 0
    for name, number in zip(frame["province"], pd.to_numeric(frame[value]).astype(float)):
        row = province_of(name)
        if row is None:
            elsewhere += 1
        elif row["code"] in found:
            raise InputError(f"{row['zh']} stands twice in the frame", "one row per province, e.g. one year or a mean")
        else:
            found[row["code"]] = number
    ax = axes_of(ax, 6.4, 6.4)
    known = [number for number in found.values() if np.isfinite(number)]
    norm = colors.Normalize(min([0.0, *known]), max([*known, 1e-9]) / 0.8)
    for row in provinces():
        _tile(ax, row, found.get(row["code"], np.nan), norm, look, lang, percent)
    ax.set(xlim=(1.9, 9.1), ylim=(8.05, -0.1), aspect="equal", xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    caption = words(
        lang, f"{len(known)} 个省级行政区有数据，斜线为无数据", f"{len(known)} provinces with data; hatched: none"
    )
    if elsewhere:
        caption += words(lang, f"；{elsewhere} 行不属于任何省份，未绘", f"; {elsewhere} rows of no province not shown")
    caption = f"{label_of(value, lang)}: {caption}" if lang == "en" else f"{label_of(value)}：{caption}"
    return finish(ax, lang, title=title, note=note, simulated=is_simulated(frame), caption=caption)


def _tile(ax: Axes, row: dict[str, str], value: float, norm: Any, look: Style, lang: str, percent: bool) -> None:
    x, y, known = int(row["column"]), int(row["row"]), np.isfinite(value)
    shade = colormaps[look.sequential](norm(value)) if known else "white"
    hatch = None if known else "////"
    ax.add_patch(
        Rectangle((x + 0.03, y + 0.03), 0.94, 0.94, facecolor=shade, edgecolor="#9A9A9A", hatch=hatch, linewidth=0.6)
    )
    number = (
        ""
        if not known
        else f"{100 * value:.0f}%"
        if percent
        else f"{value:,.0f}"
        if abs(value) >= 10
        else f"{value:.2g}"
    )
    ink = ink_on(shade)
    box = None if known else {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
    name = row[lang].replace(" ", "\n")
    size = 9.0 if lang == "zh" else 6.6
    ax.text(
        x + 0.5,
        y + (0.36 if known else 0.5),
        name,
        ha="center",
        va="center",
        fontsize=size,
        color=ink,
        bbox=box,
        linespacing=0.95,
    )
    ax.text(x + 0.5, y + 0.76, number, ha="center", va="center", fontsize=8, color=ink)


def plot_failures(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    lang: str = "zh",
    n_read: int | None = None,
    style: str | Style = "colour",
    title: str = "",
    note: str = "",
) -> Axes:
    """Draw what was not read and why.

    Parameters
    ----------
    frame : DataFrame
        The frame ``failures``: source, stage, error, message.
    n_read : int, optional
        Sources that were read, for the caption.
    ax, lang, style, title, note
        As in ``plot_coverage``.

    Examples
    --------
    >>> frame = pd.DataFrame({"stage": ["read"], "error": ["SourceError"], "message": ["a.pdf: encrypted"]})
    >>> ax = plot_failures(frame, lang="en", n_read=9)
    >>> ax.texts[-1].get_text()
    '1 sources could not be read, 9 were read.'
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    need(frame, "stage", "error", "message")
    look = style_of(style)
    groups = frame.groupby(["stage", "error"], dropna=False)
    counts = groups.size().sort_values(ascending=False)
    ax = axes_of(ax, 6.8, 1.5 + 0.45 * max(len(counts), 1))
    labels = [f"{label_of(stage, lang)} · {error}" for stage, error in counts.index]
    bars = ax.barh(range(len(counts)), counts.to_numpy(), color=look.colors[0], height=0.55)
    ax.bar_label(bars, [f"{n:,}" for n in counts], padding=3, fontsize=8)
    first = groups["message"].first()
    for place, key in enumerate(counts.index):
        example = shortened(str(first.loc[key]).split("\n")[0], 44)
        _say_above(ax, place, words(lang, "例：", "e.g. ") + example)
    ax.set_yticks(range(len(counts)), labels)
    ax.set(
        ylim=(max(len(counts), 1) - 0.4, -0.75),
        xlim=(0, max([1, *counts]) * 1.15),
        xlabel=words(lang, "来源数", "Sources"),
    )
    whole_numbers(ax.xaxis)
    bare(ax)
    if not len(counts):
        said = words(lang, "全部来源均已读出", "Every source was read")
        ax.text(0.5, 0.5, said, transform=ax.transAxes, ha="center", va="center")
        ax.set_xticks([])
    caption = words(lang, f"{len(frame):,} 个来源未能读出", f"{len(frame):,} sources could not be read")
    if n_read is not None:
        caption += words(lang, f"，{n_read:,} 个已读出", f", {n_read:,} were read")
    return finish(ax, lang, title=title, note=note, simulated=is_simulated(frame), caption=caption)


def _say_above(ax: Axes, place: float, said: str) -> None:
    """Write a text in small letters above a level bar."""
    ax.annotate(
        said,
        xy=(0, place - 0.42),
        xytext=(4, 0),
        textcoords="offset points",
        annotation_clip=False,
        fontsize=7,
        color="#555555",
        va="center",
    )


def whole_numbers(axis: Any) -> None:
    """Let an axis of counts show whole numbers with thousands separators."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,.0f}"))
