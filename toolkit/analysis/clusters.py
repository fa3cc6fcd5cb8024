"""Clusters of problems that reports name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.analysis.clustering.agreement import overlap_with_codes
from toolkit.analysis.clustering.clustered import Clusters
from toolkit.analysis.clustering.fitting import fit_clusters
from toolkit.analysis.clustering.participants import Settings
from toolkit.narrative.codingscheme import CodingScheme
from toolkit.narrative.words import Segmenter

__all__ = ["Clusters", "cluster_problems"]

FEW = 300


def cluster_problems(
    statements: pd.DataFrame,
    n_clusters: int | None = None,
    seeded: bool = True,
    seed: int = 0,
    vectors: str | np.ndarray = "search_tokens",
    clusterer: Any = None,
    weights: str | Sequence[float] = "near_duplicates",
    scheme: CodingScheme | str | Path | None = None,
    thesaurus: str | Path | None = "synonyms",
    segmenter: Segmenter | None = None,
    k_range: tuple[int, int] = (6, 40),
    resamples: int = 20,
    kind: str = "problem",
) -> Clusters:
    """Cluster the problems that reports name.

    Short statements cluster by their boilerplate unless it goes: openers, tails, hedges and the
    words of every report are stripped first (``toolkit/narrative/lexicon/strip.csv``), and
    near-duplicates are weighed down. Below some 300 statements codes serve better than
    clusters, and ``info["warnings"]`` says so.

    Parameters
    ----------
    statements : DataFrame
        text; and if there are any: statement, report, kind (only rows of ``kind`` take part),
        code (else ``code_statements`` is run), simulated.
    n_clusters : int, optional
        Without it, seeded, as many as there are codes with five statements or more;
        unseeded, the number comes from bootstrap stability over ``k_range`` (``curve``).
    seeded : bool, default True
        Whether clusters start from the codes. Their agreement with the codes is then partly circular.
    seed : int, default 0
    vectors : {"search_tokens", "characters", "embedding"} or array (n, d)
        See ``Vectoriser``. An array has one row per row of ``statements``.
    clusterer : scikit-learn clusterer, optional
        Used instead of k-means, unseeded; its number of clusters is its own.
    weights : {"near_duplicates", "equal"} or numbers, default "near_duplicates"
        m near-duplicates together weigh 1 + ln m; or one weight per row of ``statements``.
    scheme : CodingScheme or folder, optional
        For the codes, where the statements have none.
    thesaurus : {"synonyms", "broader"}, path or None
        Words of one meaning are folded to one term (及时, 时效, 滞后 → 及时), as data
        in ``lexicon/synonyms.csv``: knowledge of the field brought in, none of any statement's
        code. ``"broader"`` adds the terms above them (全面, 数量, 范围 → 内容), which lie near the
        categories of the coding scheme, so that agreement with the codes is no evidence any
        more; None folds nothing.
    segmenter : Segmenter, optional
        ``Segmenter("lean")`` if none is given.
    k_range : (int, int), default (6, 40)
        Numbers of clusters tried, unseeded; at most a fifth of the distinct texts. The smallest
        is taken whose stability is within a standard error of the best.
    resamples : int, default 20
        Bootstrap samples for the stability of clusters; 0: not computed.
    kind : {"problem", "improvement"}, default "problem"

    Returns
    -------
    Clusters

    Raises
    ------
    InputError
        No statements, fewer distinct statements than clusters, one cluster, an array of the wrong
        shape, statements that all say the same, or an unknown setting.

    Notes
    -----
    The result depends on statements, settings and seed alone, not on the number of threads.
    On 518 annotated statements (samples of 250, 20 clusters) the unseeded default had V = .69
    against the codes, .54 without a thesaurus; see ``python -m benchmarks.clusters``.

    Examples
    --------
    >>> slow = ["更新不及时", "栏目更新缓慢", "信息发布滞后", "时效性不强", "更新较慢"]
    >>> few = ["人手不足", "没有专人负责", "专职人员偏少", "一人多岗", "人员身兼数职"]
    >>> statements = pd.DataFrame({"statement": range(10), "kind": "problem", "text": slow + few})
    >>> clusters = cluster_problems(statements)
    >>> clusters
    Clusters(2 clusters of 10 statements, codes with 5 statements or more)
    >>> clusters.sizes[["cluster", "label", "statements"]]
       cluster label  statements
    0        1  人员力量           5
    1        2   时效性           5
    >>> clusters.info["warnings"][0]
    '10 statements are fewer than 300: codes serve better than clusters here'
    >>> clusters.assign(pd.DataFrame({"statement": ["new"], "text": ["公开还不够及时"]}))["cluster"].tolist()
    [2]
    >>> clusters.label({2: "更新慢"}).representatives(1)[["cluster", "label", "rank"]]
       cluster label  rank
    0        1  人员力量     1
    1        2   更新慢     1
    """
    settings = Settings(
        n_clusters, seeded and clusterer is None, seed, vectors, clusterer, weights, scheme, thesaurus,
        segmenter or Segmenter("lean"), k_range, resamples, kind,
    )  # fmt: skip
    fitted = fit_clusters(statements, settings)
    overlap = overlap_with_codes(fitted.statements, fitted.codes_from)
    return Clusters(
        fitted.statements[["statement", "cluster"]].reset_index(drop=True),
        fitted.describe(overlap, FEW), overlap, fitted.curve, fitted.labels, fitted,
    )  # fmt: skip
