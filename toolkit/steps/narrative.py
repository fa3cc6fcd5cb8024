"""Chapter five in a study: copied text and clusters of problems, written back into the statements."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.analysis.writing.wording import words
from toolkit.corpus import Corpus
from toolkit.narrative.comparison import Comparison, compare_texts
from toolkit.narrative.reuse import add_reuse
from toolkit.steps.analysis import Findings, Part, attempt

if TYPE_CHECKING:
    from toolkit.analysis.clusters import Clusters

#: Below so many problem statements there is nothing to cluster.
LEAST_STATEMENTS = 30
MEDOIDS, TERMS = 3, 8


def fill_reuse(corpus: Corpus, found: Findings, lang: str) -> None:
    """Fill ``reuse_self`` and ``reuse_peer`` of the corpus's statements."""
    none = words(lang, "没有陈述", "no statements")
    filled, part = attempt(lambda: add_reuse(corpus.statements, corpus.sections, corpus.reports), none)
    if filled is not None:
        corpus.statements = filled
    found.tables["reuse_statements"] = part


def fill_clusters(corpus: Corpus, found: Findings, lang: str, seed: int) -> Clusters | None:
    """Cluster the problems, fill the statements' ``cluster``, and keep the clusters' tables.

    Returns
    -------
    Clusters or None
        None where there is too little to cluster; the reason stands in the table ``clusters``.
    """
    problems = corpus.statements[corpus.statements["kind"].eq("problem") & corpus.statements["text"].notna()]
    if len(problems) < LEAST_STATEMENTS:
        reason = words(
            lang,
            f"问题陈述太少：{len(problems)} 条（要求 {LEAST_STATEMENTS} 条以上）",
            f"too few problem statements: {len(problems)} ({LEAST_STATEMENTS} needed)",
        )
        found.tables["clusters"] = Part(reason=reason)
        return None
    clusters, part = attempt(lambda: _clustered(problems, seed))
    found.tables["clusters"] = part
    if clusters is None:
        return None
    corpus.statements = clusters.attach(corpus.statements)
    found.keep("clusters", lambda: _summary(clusters))
    found.keep("cluster_terms", lambda: clusters.terms(TERMS))
    found.keep("cluster_medoids", lambda: clusters.representatives(MEDOIDS))
    found.keep("cluster_overlap", lambda: clusters.overlap.matrix.rename_axis(index="code", columns=None).reset_index())
    found.keep("cluster_map", lambda: clusters.map(seed=seed))
    return clusters


def _clustered(problems: pd.DataFrame, seed: int, **options: Any) -> Clusters:
    from toolkit.analysis.clusters import cluster_problems

    return cluster_problems(problems, seed=seed, **options)


def _summary(clusters: Clusters) -> pd.DataFrame:
    """One row per cluster: how large, how stable, and its words."""
    stable = clusters.stability.drop(columns=["label", "size", "simulated"])
    said = clusters.terms(TERMS).groupby("cluster")["term"].agg("、".join).rename("terms").reset_index()
    medoid = clusters.representatives(1)[["cluster", "text"]].rename(columns={"text": "medoid"})
    table = clusters.sizes
    for more in (stable, said, medoid):
        table = table.merge(more, on="cluster", how="left")
    return table


def other_clusterings(corpus: Corpus, clusters: Clusters | None, seed: int) -> dict[str, pd.DataFrame]:
    """Return name -> assignments of another clustering, for the robustness table.

    Other numbers of clusters, other tokens, and no seeds from the coding scheme. What cannot
    be clustered so is left out.
    """
    if clusters is None:
        return {}
    problems = corpus.statements[corpus.statements["kind"].eq("problem") & corpus.statements["text"].notna()]
    k = int(clusters.info["k"])
    variants: dict[str, dict[str, Any]] = {
        f"clusters, k = {max(2, k - 4)}, unseeded": {"n_clusters": max(2, k - 4), "seeded": False},
        f"clusters, k = {k + 4}, unseeded": {"n_clusters": k + 4, "seeded": False},
        "clusters of character n-grams": {"n_clusters": k, "seeded": False, "vectors": "characters"},
    }
    made = {name: attempt(partial(_assignments, problems, seed, options))[0] for name, options in variants.items()}
    return {name: frame for name, frame in made.items() if frame is not None}


def _assignments(problems: pd.DataFrame, seed: int, options: dict[str, Any]) -> pd.DataFrame:
    return _clustered(problems, seed, resamples=0, **options).assignments


def copied_pair(reuse: pd.DataFrame, corpus: Corpus, lang: str) -> tuple[pd.Series, Comparison] | None:
    """Return the most telling pair of chapters with text in common, side by side.

    The pair with the most characters in common, of different bodies if there is one.

    Parameters
    ----------
    reuse : DataFrame
        As ``find_reuse`` gives it.
    corpus : Corpus
    lang : {"zh", "en"}

    Returns
    -------
    (row, comparison) or None
        The row of ``reuse`` and its source; None where nothing was copied.
    """
    if reuse.empty:
        return None
    rows = reuse[reuse["any_share"].fillna(0).gt(0.3) & reuse["any_source"].notna()]
    if rows.empty:
        return None
    body = corpus.reports.set_index("report")["agency_id"]
    other = rows["report"].map(body).ne(rows["any_source"].map(body)).fillna(True)
    rows = rows[other] if other.any() else rows
    # Long chapters make poor examples.
    best = rows.assign(near=(rows["characters"].astype(float) - 250).abs())
    row = best[best["any_share"].ge(min(0.6, best["any_share"].max()))].sort_values(["near", "report"]).iloc[0]
    chapters = corpus.sections[corpus.sections["chapter"].eq("problems")].drop_duplicates("report")
    text = chapters.set_index("report")["text"]
    pair = (row["any_source"], row["report"])
    made = bool(row["simulated"])
    return row, compare_texts(text[pair[0]], text[pair[1]], titles=pair, lang=lang, simulated=made)
