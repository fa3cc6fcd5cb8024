"""Clusters of problems that reports name, with their stability, their words and their overlap with the codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.analysis.agreement import Overlap, overlap_with_codes
from toolkit.analysis.atlas import places_on_map
from toolkit.analysis.fitting import Fitted, fit_clusters
from toolkit.analysis.participants import Settings
from toolkit.analysis.terms import class_terms
from toolkit.errors import InputError
from toolkit.narrative.codingscheme import CodingScheme
from toolkit.narrative.words import Segmenter

FEW = 300


@dataclass(frozen=True, eq=False)
class Clusters:
    """Statements in clusters; nothing in it changes, ``label`` returns another.

    Attributes
    ----------
    assignments : DataFrame
        statement, cluster (from 1, the largest first; missing for a text without
        words, and where a clusterer of one's own calls a statement noise).
    info : dict
        What a paper has to tell: settings, seed, versions, digests of the lexicons, n,
        k and how it was chosen, agreement with the codes, stability, warnings.
    sizes : DataFrame
        cluster, label, statements, reports, share (of statements in clusters), weight
        (near-duplicates weighed down), simulated.
    stability : DataFrame
        cluster, label, size, stability (mean Jaccard), recovered, dissolved,
        resamples, simulated; see ``jaccard_stability``.
    overlap : Overlap
        matrix (codes × clusters), v, ari, n, source.
    curve : DataFrame
        k, stability, se, pairs, chosen: of an unseeded clustering whose number of
        clusters was not given; else without rows.
    """

    assignments: pd.DataFrame
    info: Mapping[str, Any]
    overlap: Overlap
    curve: pd.DataFrame
    labels: Mapping[int, str]
    _fitted: Fitted = field(repr=False)

    def __repr__(self) -> str:
        return f"Clusters({self.info['k']} clusters of {self.info['n']} statements, {self.info['how_k']})"

    @cached_property
    def sizes(self) -> pd.DataFrame:
        """Return how many statements and reports each cluster has."""
        frame = self._fitted.statements
        groups = frame.groupby("cluster", observed=True)
        table = groups.agg(statements=("statement", "size"), reports=("report", "nunique"), weight=("weight", "sum"))
        table = table.reset_index().assign(share=lambda t: t["statements"] / t["statements"].sum())
        table = self._labelled(table)[["cluster", "label", "statements", "reports", "share", "weight"]]
        return table.assign(simulated=self._simulated())

    @cached_property
    def stability(self) -> pd.DataFrame:
        """Return each cluster's stability under resampling of the statements, as ``plot_stability`` takes it."""
        sizes = self.sizes[["cluster", "label", "statements", "simulated"]].rename(columns={"statements": "size"})
        columns = ["cluster", "label", "size", "stability", "recovered", "dissolved", "resamples", "simulated"]
        return sizes.merge(self._fitted.stability, on="cluster", how="left")[columns]

    def representatives(self, n: int = 3) -> pd.DataFrame:
        """Return the n statements nearest to the middle of each cluster, of each text one.

        Parameters
        ----------
        n : int, default 3

        Returns
        -------
        DataFrame
            cluster, label, rank (1: the medoid, which has the smallest mean squared distance to the
            statements of its cluster), statement, report, text, copies (statements
            with this text), distance, simulated.

        Raises
        ------
        InputError
            If n is below 1.
        """
        if n < 1:
            raise InputError(f"n is {n}", "1 or more")
        frame = self._fitted.statements.dropna(subset="cluster")
        frame = frame.sort_values(["cluster", "distance", "place"], kind="stable")
        frame = frame.assign(copies=frame.groupby(["cluster", "text"])["statement"].transform("size"))
        frame = frame.drop_duplicates(["cluster", "text"]).groupby("cluster").head(n)
        frame = frame.assign(rank=frame.groupby("cluster").cumcount() + 1)
        columns = ["cluster", "label", "rank", "statement", "report", "text", "copies", "distance", "simulated"]
        return self._labelled(frame)[columns].reset_index(drop=True)

    def terms(self, n: int = 10) -> pd.DataFrame:
        """Return the n words that tell each cluster from the others.

        Returns
        -------
        DataFrame
            cluster, label, rank, term, weight (class-based TF-IDF), statements (of the cluster
            that have it), simulated.

        Notes
        -----
        Words of the stripped statements, each statement with its weight. Source of the
        measure: Grootendorst (2022), "BERTopic", arXiv 2203.05794.
        """
        if n < 1:
            raise InputError(f"n is {n}", "1 or more")
        table = class_terms(self._fitted.statements, self._fitted.segmenter, n)
        table = self._labelled(table).assign(simulated=self._simulated())
        return table[["cluster", "label", "rank", "term", "weight", "statements", "simulated"]]

    def label(self, mapping: Mapping[int, str]) -> Clusters:
        """Return the same clusters with labels set by hand, which stay in every frame and plot.

        Parameters
        ----------
        mapping : dict of cluster to label
            Clusters that it does not name keep theirs.

        Raises
        ------
        InputError
            If there is no such cluster, or a label is empty.
        """
        known = set(self._fitted.statements["cluster"].dropna())
        for cluster, label in mapping.items():
            if cluster not in known:
                raise InputError(f"there is no cluster {cluster!r}", f"clusters 1 to {len(known)}")
            if not isinstance(label, str) or not label.strip():
                raise InputError(f"the label of cluster {cluster} is {label!r}", "a text")
        return replace(self, labels={**self.labels, **mapping})

    def assign(self, statements: pd.DataFrame, vectors: np.ndarray | None = None) -> pd.DataFrame:
        """Give new statements the clusters of these, without refitting.

        Parameters
        ----------
        statements : DataFrame
            As for ``cluster_problems``.
        vectors : array, optional
            One row per statement, where the clusters were made from an array.

        Returns
        -------
        DataFrame
            statement, cluster, distance (cosine distance to the cluster's centre), as for
            ``assignments``; cluster is missing where no word of the text is known.
        """
        return self._fitted.assign(statements, vectors)

    def attach(self, statements: pd.DataFrame) -> pd.DataFrame:
        """Return the statements with the column ``cluster`` filled in; missing where a statement took no part.

        Raises
        ------
        InputError
            If the statements lack the column statement, or have one twice.
        """
        if "statement" not in statements or statements["statement"].duplicated().any():
            raise InputError("the statements lack a column statement with each once", "pass the frame clustered")
        clusters = self.assignments.set_index("statement")["cluster"]
        return statements.assign(cluster=statements["statement"].map(clusters).astype("Int64"))

    def map(self, n: int = 1_500, seed: int = 0) -> pd.DataFrame:
        """Return the statements' places on a map, as ``plot_clusters`` takes it.

        Parameters
        ----------
        n : int, default 1500
            At most so many distinct texts are drawn; all medoids are among them.
        seed : int, default 0

        Returns
        -------
        DataFrame
            statement, cluster, label, text, x, y, medoid, simulated; one row per distinct text drawn.

        Notes
        -----
        t-SNE (van der Maaten & Hinton 2008): neighbours are true, distances are not.
        """
        medoids = set(self.representatives(1)["statement"])
        frame = self._fitted.statements.dropna(subset="cluster")
        frame = frame.assign(medoid=frame["statement"].isin(medoids))
        columns = ["statement", "cluster", "label", "text", "x", "y", "medoid", "simulated"]
        return self._labelled(places_on_map(frame, self._fitted.vectors, n, seed))[columns]

    @property
    def settings(self) -> str:
        """A paragraph that says how the clusters were made, for a paper's appendix."""
        info = self.info
        stability = info["stability_mean"]
        said = "not computed" if np.isnan(stability) else f"{stability:.2f} ({info['resamples']} bootstrap samples)"
        versions = ", ".join(f"{name} {version}" for name, version in info["versions"].items())
        return (
            f"{info['n']} {info['kind']} statements ({info['n_distinct']} distinct texts) in {info['k']} clusters; "
            f"number of clusters: {info['how_k']}. {info['method']}; vectors: {info['vectors']}, thesaurus: "
            f"{info['thesaurus']}; near-duplicates: {info['weights']}. Agreement with the codes ({info['codes']}): "
            f"V = {info['v']:.2f}, ARI = {info['ari']:.2f}. Mean Jaccard stability: {said}. Seed {info['seed']}; "
            f"lexicon {info['lexicon']}, segmenter {info['segmenter']}; {versions}."
        )

    def _labelled(self, frame: pd.DataFrame) -> pd.DataFrame:
        named = frame["cluster"].map(dict(self.labels)).astype("string")
        return frame.assign(label=named)

    def _simulated(self) -> bool:
        return bool(self._fitted.statements["simulated"].any())


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
