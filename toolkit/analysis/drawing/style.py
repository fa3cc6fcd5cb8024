"""How the figures look: colours, greys for print, languages, captions, files.

Two styles: ``colour``, with the palette of Okabe & Ito (2008) that colour-blind
readers tell apart, and ``journal`` for Chinese journals, in greys, hatches,
markers and line styles that read in black and white print.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from toolkit.analysis.drawing.fonts import font_families, missing_characters, showable
from toolkit.analysis.drawing.lettering import width_of, wrapped
from toolkit.analysis.writing.wording import SIMULATED
from toolkit.errors import InputError


@dataclass(frozen=True)
class Style:
    """What tells series apart, each tuple long enough for eight of them."""

    name: str
    colors: tuple[str, ...]
    hatches: tuple[str, ...]
    markers: tuple[str, ...]
    lines: tuple[Any, ...]
    sequential: str
    diverging: str
    accent: str
    quiet: str
    edge: str


_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
_LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
STYLES = {
    "colour": Style(
        "colour",
        ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8A6D00", "#000000"),
        ("",) * 8,
        _MARKERS,
        ("-",) * 8,
        "Blues",
        "PuOr_r",
        "#D55E00",
        "#B8BEC4",
        "#4A4F55",
    ),
    "journal": Style(
        "journal",
        ("#000000", "#707070", "#A8A8A8", "#3C3C3C", "#8C8C8C", "#BDBDBD", "#505050", "#989898"),
        ("", "////", "....", "\\\\\\\\", "xxxx", "----", "++++", "oo"),
        _MARKERS,
        _LINES,
        "Greys",
        "Greys",
        "#000000",
        "#C8C8C8",
        "#000000",
    ),
}


def style_of(style: str | Style) -> Style:
    """Return a style by its name.

    Examples
    --------
    >>> style_of("journal").colors[0]
    '#000000'
    """
    if isinstance(style, Style):
        return style
    if style not in STYLES:
        raise InputError(f"there is no style {style!r}", f"one of {', '.join(STYLES)}")
    return STYLES[style]


def axes_of(ax: Axes | None, width: float = 6.4, height: float = 4.0) -> Axes:
    """Return the Axes given, or new ones of that size in inches that lay themselves out."""
    if ax is not None:
        return ax
    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def finish(
    ax: Axes,
    lang: str,
    *,
    title: str = "",
    note: str = "",
    simulated: bool = False,
    caption: str = "",
    lift: float = 0.0,
    legend: bool = False,
) -> Axes:
    """Set title, caption and legend, mark simulated data, put every text into the Chinese font.

    The figure is laid out once without them, so that they can be broken to the
    width that is left; ``lift`` points stay free below the title.
    """
    dress(ax)
    left, points = _room(ax)
    rows = _legend_above(ax, left, points) if legend else 0
    mark = SIMULATED[lang] if simulated else ""
    if title or mark:
        pad = 6 + 17 * rows + lift
        ax.set_title(_headed(title, mark, lang, points / 11.5), loc="left", x=left, fontsize=11, pad=pad)
    parts = [mark and mark[0].upper() + mark[1:], caption.rstrip("。."), note.rstrip("。.")]
    text = ("。" if lang == "zh" else ". ").join(part for part in parts if part)
    if text:
        # A number is not torn from its letter.
        text = re.sub(r"\* (?=q)", "*\u00a0", text)
        text = re.sub(r"\b([npq]) ([=<]) ", "\\1\u00a0\\2\u00a0", text)
        stop = "。" if lang == "zh" else "."
        ax.annotate(
            wrapped(text + stop, points / 8.8),
            xy=(left, 0),
            xytext=(0, -5),
            # Below the x-axis label, wherever that comes to stand.
            xycoords=("axes fraction", ax.xaxis.label),
            textcoords="offset points",
            ha="left",
            va="top",
            fontsize=8.5,
            color="#333333",
            annotation_clip=False,
            gid="caption",
        )
    dress(ax)
    return ax


def _room(ax: Axes) -> tuple[float, float]:
    """Return where the labels left of the Axes begin (in Axes widths) and the points from there to its right edge."""
    figure = _figure(ax)
    figure.draw_without_rendering()
    box, ticks = ax.get_window_extent(), ax.yaxis.get_tightbbox(figure.canvas.get_renderer())  # type: ignore[attr-defined]
    start = min(box.x0, ticks.x0) if ticks is not None else box.x0
    return (start - box.x0) / max(box.width, 1.0), max(110.0, (box.x1 - start) * 72 / figure.dpi)


def _headed(title: str, mark: str, lang: str, ems: float) -> str:
    mark = mark and (f"（{mark}）" if lang == "zh" else f" ({mark})") if title else mark
    lines = wrapped(title, ems)
    fits = width_of(lines.split("\n")[-1] + mark) <= ems
    return lines + (mark if fits else "\n" + mark.strip())


def _figure(ax: Axes) -> Figure:
    figure: Any = ax.figure
    while not isinstance(figure, Figure):
        figure = figure.figure
    return figure


def dress(ax: Axes) -> None:
    """Put every text of the Axes into the Chinese font; what no font has becomes 〓."""
    families = font_families()
    ax.tick_params(which="both", labelfontfamily=families)
    for axis in (ax.xaxis, ax.yaxis):
        # Tick labels are written anew at every draw, so they are replaced at their source.
        labels = [text.get_text() for text in axis.get_ticklabels()]
        if labels != (shown := [showable(label, families) for label in labels]):
            axis.set_ticks(axis.get_ticklocs(), shown)
    for text in ax.findobj(Text):
        assert isinstance(text, Text)
        text.set_fontfamily(families)
        # The labels of log axes are mathematics, a dollar sign in a name is not.
        text.set_parse_math("\\mathdefault" in text.get_text())
        if text.get_text() and missing_characters(text.get_text(), families):
            text.set_text(showable(text.get_text(), families))


def _legend_above(ax: Axes, left: float, points: float) -> int:
    """Put the legend between Axes and title, where no data is, and return its number of rows."""
    handles, labels = ax.get_legend_handles_labels()
    widest = max(width_of(label) for label in labels) * 9 + 40
    columns = max(1, min(len(labels), int(points / widest)))
    ax.legend(
        handles,
        labels,
        loc="lower left",
        bbox_to_anchor=(left, 1),
        ncols=columns,
        frameon=False,
        fontsize=9,
        borderaxespad=0.2,
        handlelength=1.8,
        columnspacing=1.2,
    )
    return -(-len(labels) // columns)


def bare(ax: Axes) -> None:
    """Take away the frame's upper and right lines."""
    ax.spines[["top", "right"]].set_visible(False)


def save_figure(
    fig: Figure | Axes, path: str | Path, formats: Sequence[str] = ("pdf", "svg", "png"), dpi: int = 300
) -> list[Path]:
    """Write a figure, the same bytes each time it is drawn.

    Parameters
    ----------
    fig : Figure or Axes
    path : path
        Without suffix; one that names a format is taken off.
    formats : sequence of str
        Of pdf, svg, png, eps, tiff. Text is embedded (PDF) or outlined (SVG), so
        that it shows on machines without the font.
    dpi : int
        Of png and tiff.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        If a format is not known.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> ax = axes_of(None); files = save_figure(ax, Path(folder.name) / "图1", formats=["svg"])
    >>> [file.name for file in files]
    ['图1.svg']
    >>> plt.close(ax.figure); folder.cleanup()
    """
    known = ("pdf", "svg", "png", "eps", "tiff")
    if unknown := [name for name in formats if name not in known]:
        raise InputError(f"no format {unknown[0]!r} for figures", f"of {', '.join(known)}")
    figure = _figure(fig) if isinstance(fig, Axes) else fig
    base = Path(path)
    base = base.with_suffix("") if base.suffix[1:].lower() in known else base
    base.parent.mkdir(parents=True, exist_ok=True)
    dates = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}
    files = []
    # Type 3: an OpenType font with cubic outlines is not a valid Type 42.
    with plt.rc_context({"svg.hashsalt": "toolkit", "pdf.fonttype": 3, "svg.fonttype": "path"}):
        for name in formats:
            file = base.with_name(f"{base.name}.{name}")
            figure.savefig(file, format=name, dpi=dpi, bbox_inches="tight", metadata=dates.get(name, {}))
            files.append(file)
    return files
