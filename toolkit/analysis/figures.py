"""The figures: each takes a frame and matplotlib Axes and gives the Axes back.

    plot_prevalence      shares with intervals, by year and level or by theme
    plot_associations    theme by indicator, with q marks and n
    plot_forest          all themes on one indicator
    plot_answers         problems by improvements
    plot_persistence     what is named again the year after
    plot_keyness         words that set levels apart
    plot_reuse           text copied from the year before and from others
    plot_counts          a count: its zeros, and the rest on a log scale
    plot_stability       how stable each cluster is
    plot_clusters        map of clusters with their medoids
    plot_coverage        reports by province and year
    plot_provinces       a value by province, as tiles
    plot_failures        what was not read and why

All take ``lang="zh"`` or ``"en"``, ``style="colour"`` or ``"journal"`` (for black
and white print), ``title`` and ``note``; every one writes a caption with n and
what was left out, and marks simulated data. ``save_figure`` writes the files.
"""

from toolkit.analysis.drawing.associations import plot_associations, plot_forest
from toolkit.analysis.drawing.clusters import plot_clusters, plot_stability
from toolkit.analysis.drawing.corpus import plot_coverage, plot_failures, plot_provinces
from toolkit.analysis.drawing.fonts import font_families, missing_characters
from toolkit.analysis.drawing.style import save_figure
from toolkit.analysis.drawing.themes import plot_answers, plot_persistence, plot_prevalence
from toolkit.analysis.drawing.values import plot_counts, plot_keyness, plot_reuse

__all__ = [
    "font_families",
    "missing_characters",
    "plot_answers",
    "plot_associations",
    "plot_clusters",
    "plot_counts",
    "plot_coverage",
    "plot_failures",
    "plot_forest",
    "plot_keyness",
    "plot_persistence",
    "plot_prevalence",
    "plot_provinces",
    "plot_reuse",
    "plot_stability",
    "save_figure",
]
