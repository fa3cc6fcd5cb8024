"""The result of a clustering: assignments, sizes, words, medoids, stability, labels set by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from toolkit.analysis.clustering.agreement import Overlap
from toolkit.analysis.clustering.atlas import places_on_map
from toolkit.analysis.clustering.fitting import Fitted
from toolkit.analysis.clustering.terms import class_terms
from toolkit.errors import InputError


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

    Examples
    --------
    >>> from toolkit.analysis.clusters import cluster_problems
    >>> slow = ["更新不及时", "栏目更新缓慢", "信息发布滞后", "时效性不强", "更新较慢"]
    >>> few = ["人手不足", "没有专人负责", "专职人员偏少", "一人多岗", "人员身兼数职"]
    >>> statements = pd.DataFrame({"statement": range(10), "kind": "problem", "text": slow + few})
    >>> clusters = cluster_problems(statements).label({2: "更新慢"})
    >>> clusters.sizes[["cluster", "label", "statements"]]
       cluster label  statements
    0        1  人员力量           5
    1        2   更新慢           5
    >>> clusters.terms(1)[["label", "term"]]
      label  term
    0  人员力量  一人多岗
    1   更新慢    更新
    >>> clusters.overlap.matrix.to_numpy().tolist(), clusters.overlap.v
    ([[5, 0], [0, 5]], 1.0)
    >>> clusters.map().shape, clusters.attach(statements)["cluster"].tolist()
    ((10, 8), [2, 2, 2, 2, 2, 1, 1, 1, 1, 1])
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
