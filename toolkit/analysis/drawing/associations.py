"""Figures of what goes with what: the heatmap and the forest plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

from toolkit.analysis.drawing.corpus import ink_on, need
from toolkit.analysis.drawing.lettering import wrapped
from toolkit.analysis.drawing.style import Style, axes_of, bare, finish, style_of
from toolkit.analysis.writing.wording import is_simulated, label_of, words
from toolkit.errors import InputError

RATIOS = ("odds_ratio", "rate_ratio", "risk_ratio")


def stars(q: float) -> str:
    """Return the marks of a q or p value: *** below .001, ** .01, * .05.

    Examples
    --------
    >>> stars(0.0004), stars(0.03), stars(0.2), stars(float("nan"))
    ('***', '*', '', '')
    """
    return "***" if q < 0.001 else "**" if q < 0.01 else "*" if q < 0.05 else ""


def plot_associations(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    lang: str = "zh",
    style: str | Style = "colour",
    title: str = "",
    note: str = "",
    labels: Mapping[Any, str] | None = None,
    themes: Sequence[Any] | None = None,
    indicators: Sequence[str] | None = None,
) -> Axes:
    """Draw the heatmap of themes by indicators: effect, marks for q, and n in every cell.

    Parameters
    ----------
    frame : DataFrame
        As ``correlate`` gives it: theme, indicator, effect, n, q, and effect_name
        where it has one. Odds ratios are coloured by Yule's Q, (r - 1) / (r + 1),
        so that they stand on one scale with Cliff's delta and phi; the number
        printed is the effect itself. Empty rows are hatched.
    themes, indicators : sequence, optional
        Those to draw, in this order. Default: all, in the frame's order.
    ax, lang, style, title, note, labels
        As in ``plot_prevalence``.

    Raises
    ------
    InputError
        If a column is absent or a pair stands twice.

    Examples
    --------
    >>> frame = pd.DataFrame({"theme": ["staffing"], "indicator": "any_suits", "effect": 1.5, "n": 90, "q": 0.03})
    >>> ax = plot_associations(frame.assign(effect_name="odds_ratio"), lang="en")
    >>> [text.get_text() for text in ax.texts[:2]]
    ['1.50*', 'n=90']
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    need(frame, "theme", "indicator", "effect", "n", "q")
    if frame.duplicated(["theme", "indicator"]).any():
        raise InputError("a theme and indicator stand twice in the frame", "one family of associations at a time")
    rows = list(themes) if themes is not None else list(pd.unique(frame["theme"]))
    columns = list(indicators) if indicators is not None else list(pd.unique(frame["indicator"]))
    look = style_of(style)
    ax = axes_of(ax, 2.6 + 0.62 * len(columns), 2.4 + 0.38 * len(rows))
    chosen = frame[frame["theme"].isin(rows) & frame["indicator"].isin(columns)]
    scaled = on_one_scale(chosen)
    reach = max(0.2, float(np.nanmax([*scaled.abs(), 0.0])))
    for row, shade in zip(chosen.itertuples(), scaled):
        _cell(ax, columns.index(row.indicator), rows.index(row.theme), row, shade, reach, look)
    ax.set(xlim=(0, max(len(columns), 1)), ylim=(max(len(rows), 1), 0))
    ax.set_xticks(
        np.arange(len(columns)) + 0.5,
        [wrapped(label_of(name, lang, labels), 20) for name in columns],
        rotation=45,
        ha="right",
        rotation_mode="anchor",
        fontsize=8.5,
    )
    ax.set_yticks(np.arange(len(rows)) + 0.5, [label_of(name, lang, labels) for name in rows], fontsize=8.5)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return finish(
        ax, lang, title=title, note=note, simulated=is_simulated(frame), caption=_heat_caption(chosen, look, lang)
    )


def on_one_scale(frame: pd.DataFrame) -> pd.Series:
    """Return the effects between -1 and 1: ratios as Yule's Q, others as they are.

    Examples
    --------
    >>> frame = pd.DataFrame({"effect_name": ["odds_ratio", "odds_ratio", "phi"], "effect": [3.0, float("inf"), 0.2]})
    >>> on_one_scale(frame).tolist()
    [0.5, 1.0, 0.2]
    """
    effect = pd.to_numeric(frame["effect"]).astype(float)
    ratio = frame["effect_name"].isin(RATIOS) if "effect_name" in frame else pd.Series(False, index=frame.index)
    return effect.mask(ratio, 1 - 2 / (effect + 1))


def _cell(ax: Axes, x: int, y: int, row: Any, shade: float, reach: float, look: Style) -> None:
    grey = look.name == "journal"
    if pd.isna(shade):
        ax.add_patch(Rectangle((x, y), 1, 1, facecolor="white", edgecolor="#C9C9C9", hatch="xxx", linewidth=0))
        return
    position = 0.75 * abs(shade) / reach if grey else 0.5 + 0.4 * shade / reach
    face = colormaps[look.sequential if grey else look.diverging](position)
    ax.add_patch(Rectangle((x, y), 1, 1, facecolor=face, edgecolor="white", linewidth=1))
    ink = ink_on(face)
    if grey and abs(shade) > 0.005:
        # Greys show the size of an effect; its direction needs a sign of its own.
        ax.plot(x + 0.09, y + 0.14, "^" if shade > 0 else "v", color=ink_on(face), markersize=2.6)
    number = "∞" if np.isinf(row.effect) else f"{row.effect:.2f}".replace("-", "−")
    few = "†" if isinstance(getattr(row, "warning", None), str) and row.warning else ""
    strong = bool(stars(row.q))
    ax.text(
        x + 0.5,
        y + 0.34,
        f"{number}{stars(row.q)}{few}",
        ha="center",
        va="center",
        fontsize=7.5,
        color=ink,
        alpha=1.0 if strong else 0.9,
    )
    ax.text(x + 0.5, y + 0.74, f"n={row.n:,.0f}", ha="center", va="center", fontsize=5.8, color=ink)


def _heat_caption(frame: pd.DataFrame, look: Style, lang: str) -> str:
    names = (
        [] if "effect_name" not in frame else [label_of(name, lang) for name in frame["effect_name"].dropna().unique()]
    )
    text = words(lang, "格内为效应值", "Cells: effect") + (
        f"（{'、'.join(names)}）" if names and lang == "zh" else f" ({', '.join(names)})" if names else ""
    )
    text += words(
        lang, "，* q < .05，** q < .01，*** q < .001；n 为报告数", "; * q < .05, ** q < .01, *** q < .001; n: reports"
    )
    if "effect_name" in frame and frame["effect_name"].isin(RATIOS).any():
        text += words(lang, "；比值比按 Yule Q 着色", "; odds ratios are coloured by Yule's Q")
    if look.name == "journal":
        text += words(lang, "；灰度为效应大小，三角为方向", "; shade: size of the effect, triangle: direction")
    if "warning" in frame and frame["warning"].notna().any():
        text += words(lang, "；† 机关数偏少", "; †: few agencies")
    empty = int(pd.isna(frame["effect"]).sum())
    return text + (words(lang, f"；网格 {empty} 格无法估计", f"; hatched: {empty} not estimable") if empty else "")


def plot_forest(
    frame: pd.DataFrame,
    indicator: str | None = None,
    ax: Axes | None = None,
    lang: str = "zh",
    style: str | Style = "colour",
    title: str = "",
    note: str = "",
    labels: Mapping[Any, str] | None = None,
) -> Axes:
    """Draw the effects of all themes on one indicator with their intervals.

    Parameters
    ----------
    frame : DataFrame
        As ``correlate`` gives it: theme, indicator, effect, low, high, n, q.
    indicator : str, optional
        Needed where the frame has several.
    ax, lang, style, title, note, labels
        As in ``plot_prevalence``. Filled marks: q < .05. Ratios on a log scale.

    Raises
    ------
    InputError
        If the indicator is not there or has several kinds of effects.

    Examples
    --------
    >>> frame = pd.DataFrame({"theme": ["staffing"], "indicator": "any_suits", "effect": 1.5, "n": 90, "q": 0.03})
    >>> ax = plot_forest(frame.assign(effect_name="odds_ratio", low=1.1, high=2.0), lang="en")
    >>> ax.texts[0].get_text()
    '1.50* [1.10, 2.00]   90'
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    need(frame, "theme", "indicator", "effect", "low", "high", "n", "q")
    rows, indicator, measure = _one_family(frame, indicator)
    look, ratio = style_of(style), measure in RATIOS
    known = rows[rows["effect"].notna()].sort_values("effect", kind="stable").reset_index(drop=True)
    ax = axes_of(ax, 7.2, 1.7 + 0.32 * max(len(known), 1))
    left, right = _limits(known, ratio)
    ax.axvline(1 if ratio else 0, color="#777777", linewidth=0.9, linestyle=(0, (4, 3)))
    for place, row in enumerate(known.itertuples()):
        _interval(ax, place, row, left, right, look)
    ax.set_yticks(range(len(known)), [f"{label_of(row.theme, lang, labels)}" for row in known.itertuples()])
    ax.set_ylim(-0.7, max(len(known), 1) - 0.3)
    _effect_axis(ax, ratio, left, right)
    ax.set_xlabel(label_of(measure, lang))
    ax.text(
        1.035,
        1.0,
        words(lang, "效应 [95%区间]    n", "effect [95% CI]    n"),
        transform=ax.transAxes,
        fontsize=7.5,
        va="bottom",
        color="#333333",
    )
    bare(ax)
    caption = _forest_caption(label_of(indicator, lang, labels), len(rows) - len(known), lang)
    return finish(ax, lang, title=title, note=note, simulated=is_simulated(rows), caption=caption, lift=12)


def _one_family(frame: pd.DataFrame, indicator: str | None) -> tuple[pd.DataFrame, str, str]:
    """Return the rows of one indicator, its name and the kind of its effects."""
    there = list(pd.unique(frame["indicator"]))
    if indicator is None and len(there) == 1:
        indicator = there[0]
    if indicator is None or indicator not in there:
        raise InputError(f"indicator is {indicator!r}", f"one of {', '.join(map(str, there))}")
    rows = frame[frame["indicator"].eq(indicator)]
    measures = list(rows["effect_name"].dropna().unique()) if "effect_name" in rows else []
    if len(measures) > 1:
        raise InputError(f"{indicator} has effects of kinds {', '.join(measures)}", "one kind of effect")
    return rows, indicator, measures[0] if measures else "effect"


def _forest_caption(indicator: str, empty: int, lang: str) -> str:
    caption = words(lang, f"指标：{indicator}；实心为 q < .05", f"Indicator: {indicator}; filled: q < .05")
    if empty:
        caption += words(lang, f"；{empty} 个主题无法估计，未绘", f"; {empty} themes not estimable, not shown")
    return caption


def _limits(rows: pd.DataFrame, ratio: bool) -> tuple[float, float]:
    bounds = rows[["effect", "low", "high"]].to_numpy(dtype=float).ravel()
    bounds = bounds[np.isfinite(bounds)]
    if ratio:
        # An interval that runs off to nothing or infinity must not flatten the others.
        inner = bounds[(bounds > 0.02) & (bounds < 50)]
        return float(min([0.8, *inner])) / 1.15, float(max([1.25, *inner])) * 1.15
    reach = float(max([0.1, *np.abs(bounds)])) * 1.1
    return (-reach if (bounds < 0).any() else -0.05 * reach), reach


def _interval(ax: Axes, place: int, row: Any, left: float, right: float, look: Style) -> None:
    low, high, effect = (float(value) for value in (row.low, row.high, row.effect))
    color = look.colors[0]
    ax.hlines(place, max(low, left), min(high, right), color=color, linewidth=1.4)
    for bound, edge, arrow in ((low, left, "<"), (high, right, ">")):
        if (bound < edge) if arrow == "<" else (bound > edge):
            ax.plot(edge, place, arrow, color=color, markersize=5, clip_on=False)
    face = color if stars(row.q) else "white"
    ax.plot(min(max(effect, left), right), place, look.markers[1], color=color, markerfacecolor=face, markersize=5.5)
    said = " ".join([f"{_number(effect)}{stars(row.q)} [{_number(low)}, {_number(high)}]", f"  {row.n:,.0f}"])
    ax.text(1.035, place, said, transform=ax.get_yaxis_transform(), fontsize=7.5, va="center")


def _number(value: float) -> str:
    return (
        "∞"
        if value == np.inf
        else "–"
        if np.isnan(value)
        else f"{value:,.0f}"
        if abs(value) >= 1000
        else f"{value:.2f}".replace("-", "−")
    )


def _effect_axis(ax: Axes, ratio: bool, left: float, right: float) -> None:
    if not ratio:
        ax.set_xlim(left, right)
        return
    ax.set_xscale("log")
    ax.set_xlim(left, right)
    marks = [mark for mark in (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50) if left <= mark <= right]
    ax.xaxis.set_major_locator(FixedLocator(marks))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())
