"""Figures of themes: how often they are named, answered, kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from toolkit.analysis.drawing.corpus import draw_tiles, need
from toolkit.analysis.drawing.lettering import wrapped
from toolkit.analysis.drawing.style import Style, axes_of, bare, finish, style_of
from toolkit.analysis.writing.wording import is_simulated, label_of, words
from toolkit.errors import InputError

LEVELS = ("central", "province", "prefecture", "county", "township", "other")


def in_order(names: Any) -> list[Any]:
    """Return levels from the centre down, anything else sorted, what is not told last.

    Examples
    --------
    >>> in_order(["township", "province"]), in_order([2023, 2021])
    (['province', 'township'], [2021, 2023])
    """
    known = [name for name in pd.unique(pd.Series(list(names), dtype=object)) if not pd.isna(name)]
    if known and all(name in LEVELS for name in known):
        return sorted(known, key=LEVELS.index)
    return sorted(known, key=lambda name: (isinstance(name, str), name))


def percent_axis(axis: Any) -> None:
    """Write the values of an axis as percentages."""
    axis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")


def plot_prevalence(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    lang: str = "zh",
    x: str = "year",
    group: str | None = "level",
    style: str | Style = "colour",
    title: str = "",
    note: str = "",
    labels: Mapping[Any, str] | None = None,
    ylabel: str = "",
) -> Axes:
    """Draw shares with their intervals, by year and level or by theme.

    Parameters
    ----------
    frame : DataFrame
        As ``prevalence`` gives it: ``x``, ``group`` (if any), share, low, high, n.
    x : str
        ``year`` makes series over time; anything else, such as ``theme``, rows.
    group : str or None
        Column of the series; left out where the frame has no such column.
    labels : mapping, optional
        Labels of your own, by code or cluster.
    ylabel : str
        What the share is of, e.g. "指出人员力量问题的报告占比".
    ax, lang, style, title, note
        As in ``plot_coverage``.

    Raises
    ------
    InputError
        If columns are absent, or rows stand twice: the frame has a further dimension.

    Examples
    --------
    >>> frame = pd.DataFrame({"year": [2022, 2023], "share": [0.2, 0.3], "low": 0.1, "high": 0.5, "n": 40})
    >>> ax = plot_prevalence(frame, lang="en")
    >>> ax.texts[0].get_text()
    'n\xa0=\xa040 reports per point; bars: 95% intervals.'
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    need(frame, x, "share", "low", "high", "n")
    keys = [x, *([group] if group and group in frame else [])]
    if frame.duplicated(keys).any():
        raise InputError(f"several rows for one {' and '.join(keys)}", "choose one theme or value, or name it as group")
    groups: list[Any] = in_order(frame[group]) if len(keys) == 2 else [None]
    look, over_time = style_of(style), x == "year"
    places = in_order(frame[x])
    if not over_time:
        places = sorted(places, key=lambda name: frame.loc[frame[x].eq(name), "share"].mean())
    ax = axes_of(ax, 6.4, 4.0) if over_time else axes_of(ax, 6.8, 1.4 + len(places) * max(0.3, 0.17 * len(groups)))
    spread = 0.6 / max(len(groups), 2)
    for number, name in enumerate(groups):
        rows = frame if name is None else frame[frame[keys[-1]].eq(name)]
        rows = rows.set_index(x).reindex(places)
        at = np.arange(len(places)) + (number - (len(groups) - 1) / 2) * spread * (1 if over_time else -1)
        _series(ax, at, rows, look, number, "" if name is None else label_of(name, lang, labels), over_time)
    named = [label_of(place, lang, labels) if not over_time else f"{int(place)}" for place in places]
    (ax.set_xticks if over_time else ax.set_yticks)(range(len(places)), named)
    if not over_time:
        ax.set_ylim(-0.6, len(places) - 0.4)
    top = min(1.02, float(np.nanmax([*frame["high"], 0.05])) * 1.06)
    _share_axis(ax, over_time, top, ylabel or words(lang, "指出该问题的报告占比", "Share of reports that name it"))
    caption, legend = _n_of(frame, keys, groups, lang, labels), groups != [None]
    return finish(ax, lang, title=title, note=note, simulated=is_simulated(frame), caption=caption, legend=legend)


def _share_axis(ax: Axes, upright: bool, top: float, label: str) -> None:
    """Let the axis of the shares run from nothing to the top, in per cent, with a grid behind the marks."""
    value_axis, limits = (ax.yaxis, ax.set_ylim) if upright else (ax.xaxis, ax.set_xlim)
    percent_axis(value_axis)
    limits(0, top)
    value_axis.set_label_text(label)
    value_axis.grid(True, color="#E3E3E3", linewidth=0.6)
    ax.set_axisbelow(True)
    bare(ax)


def _series(ax: Axes, at: np.ndarray, rows: pd.DataFrame, look: Style, number: int, label: str, upright: bool) -> None:
    share = rows["share"].to_numpy(dtype=float)
    bars = np.vstack([share - rows["low"].to_numpy(dtype=float), rows["high"].to_numpy(dtype=float) - share])
    number %= len(look.colors)
    options: dict[str, Any] = {
        **{
            "color": look.colors[number],
            "marker": look.markers[number],
            "markersize": 5,
            "capsize": 2.5,
            "label": label,
        },
        **{"linestyle": look.lines[number] if upright else "none", "linewidth": 1.3, "elinewidth": 1.0},
    }
    if number == 1:
        options["markerfacecolor"] = "white"
    bars = np.clip(bars, 0, None)
    ax.errorbar(at, share, yerr=bars, **options) if upright else ax.errorbar(share, at, xerr=bars, **options)


def _n_of(frame: pd.DataFrame, keys: list[str], groups: list[Any], lang: str, labels: Any) -> str:
    low, high = int(frame["n"].min()), int(frame["n"].max())
    each = f"n = {low:,}" if low == high else f"n = {low:,}–{high:,}"
    text = words(lang, f"每点 {each} 份报告，线段为95%置信区间", f"{each} reports per point; bars: 95% intervals")
    if groups != [None] and keys[0] == "year":
        sums = [
            f"{label_of(name, lang, labels)} {int(frame.loc[frame[keys[-1]].eq(name), 'n'].sum()):,}" for name in groups
        ]
        text += words(lang, "；合计：" + "、".join(sums), "; in all: " + ", ".join(sums))
    lost = int(frame["n_missing"].sum()) if "n_missing" in frame else 0
    return text + (words(lang, f"；缺失 {lost:,} 份未计", f"; {lost:,} missing left out") if lost else "")


def plot_answers(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    lang: str = "zh",
    style: str | Style = "colour",
    title: str = "",
    note: str = "",
    labels: Mapping[Any, str] | None = None,
) -> Axes:
    """Draw the problem-improvement matrix: who names the problem, announces the improvement.

    Parameters
    ----------
    frame : DataFrame
        As ``answers`` gives it: problem, improvement, n, k, share.
    ax, lang, style, title, note, labels
        As in ``plot_prevalence``.

    Examples
    --------
    >>> frame = pd.DataFrame({"problem": ["staffing"], "improvement": "staffing", "n": 8, "k": 4, "share": 0.5})
    >>> ax = plot_answers(frame)
    >>> ax.get_yticklabels()[0].get_text(), ax.texts[0].get_text()
    ('人员力量 (8)', '50')
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    need(frame, "problem", "improvement", "n", "share")
    look = style_of(style)
    table = frame.pivot(index="problem", columns="improvement", values="share")
    n = frame.drop_duplicates("problem").set_index("problem")["n"]
    rows = n.sort_values(ascending=False, kind="stable").index.tolist()
    columns = [name for name in rows if name in table] + [name for name in table if name not in rows]
    table = table.reindex(index=rows, columns=columns)
    ax = axes_of(ax, 2.6 + 0.42 * len(columns), 2.3 + 0.3 * len(rows))
    texts = table.map(lambda share: f"{100 * share:.0f}" if share > 0 else "").to_numpy()
    named = [f"{label_of(name, lang, labels)} ({n[name]:,})" for name in rows]
    across = [wrapped(label_of(name, lang, labels), 30) for name in columns]
    draw_tiles(ax, table.to_numpy(dtype=float), texts, named, across, look)
    ax.set_xticks(
        ax.get_xticks(),
        [text.get_text() for text in ax.get_xticklabels()],
        rotation=45,
        ha="right",
        rotation_mode="anchor",
    )
    for place, name in enumerate(rows):
        if name in columns:
            ax.add_patch(
                Rectangle((columns.index(name), place), 1, 1, fill=False, edgecolor=look.accent, linewidth=1.4)
            )
    ax.set(xlabel=words(lang, "改进措施", "Improvement"), ylabel=words(lang, "问题（报告数）", "Problem (reports)"))
    caption = words(
        lang,
        "指出该问题的报告中提出该改进的百分比；框线为同一主题",
        "Per cent of the reports that name the problem with the improvement; framed: same theme",
    )
    return finish(ax, lang, title=title, note=note, simulated=is_simulated(frame), caption=caption)


def plot_persistence(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    lang: str = "zh",
    style: str | Style = "colour",
    title: str = "",
    note: str = "",
    labels: Mapping[Any, str] | None = None,
) -> Axes:
    """Draw how often a theme is named again the year after, beside how often it is taken up.

    Parameters
    ----------
    frame : DataFrame
        As ``persistence`` gives it: theme, n_named, again, low, high, n_not, new, new_low, new_high.
    ax, lang, style, title, note, labels
        As in ``plot_prevalence``.

    Examples
    --------
    >>> frame = pd.DataFrame({"theme": ["staffing"], "n_named": 9, "again": 0.7, "low": 0.4, "high": 0.9})
    >>> ax = plot_persistence(frame.assign(n_not=20, new=0.1, new_low=0.05, new_high=0.3))
    >>> ax.get_yticklabels()[0].get_text()
    '人员力量 (9 / 20)'
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    need(frame, "theme", "n_named", "again", "low", "high", "n_not", "new", "new_low", "new_high")
    look = style_of(style)
    rows = frame.sort_values("again", na_position="first").reset_index(drop=True)
    ax = axes_of(ax, 6.8, 1.6 + 0.34 * len(rows))
    said = (
        words(lang, "上年已指出，本年再次指出", "Named before, named again"),
        words(lang, "上年未指出，本年新指出", "Not named before, taken up"),
    )
    for number, names in enumerate((("again", "low", "high"), ("new", "new_low", "new_high"))):
        part = rows[list(names)].set_axis(["share", "low", "high"], axis=1)
        _series(ax, rows.index.to_numpy() + 0.13 * (1 - 2 * number), part, look, number, said[number], upright=False)
    named = [f"{label_of(row.theme, lang, labels)} ({row.n_named:,} / {row.n_not:,})" for row in rows.itertuples()]
    ax.set_yticks(range(len(rows)), named)
    ax.set(xlim=(0, 1.0), ylim=(-0.6, len(rows) - 0.4), xlabel=words(lang, "占比", "Share"))
    percent_axis(ax.xaxis)
    ax.grid(True, axis="x", color="#E3E3E3", linewidth=0.6)
    ax.set_axisbelow(True)
    bare(ax)
    caption = words(
        lang,
        "括号内为上年已指出、未指出的机关-年份数；线段为95%置信区间",
        "In brackets: agency-years that named it before / did not; bars: 95% intervals",
    )
    return finish(ax, lang, title=title, note=note, simulated=is_simulated(frame), caption=caption, legend=True)
