"""The words that tell one cluster from the others: class-based TF-IDF."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer

from toolkit.analysis.clustering.phrases import strip_all
from toolkit.narrative.words import Segmenter


def class_terms(statements: pd.DataFrame, segmenter: Segmenter, n: int) -> pd.DataFrame:
    """Return the n words of each cluster with the largest class-based TF-IDF.

    Parameters
    ----------
    statements : DataFrame
        text, cluster, weight.
    segmenter : Segmenter
    n : int

    Returns
    -------
    DataFrame
        cluster, rank (from 1), term, weight, statements (of the cluster that have the word).

    Notes
    -----
    The share of a word among the words of the cluster times ln(1 + A / f), where f is how
    often it stands in all clusters and A how many words a cluster has on average; statements count
    with their weights.

    Examples
    --------
    >>> frame = pd.DataFrame({"text": ["更新慢", "栏目更新慢", "人手紧张"], "cluster": [1, 1, 2], "weight": 1.0})
    >>> print(class_terms(frame, Segmenter(), 1).round(2).to_string(index=False))
     cluster  rank term  weight  statements
           1     1    慢    0.46           2
           2     1   人手    0.69           1
    """
    frame = statements.dropna(subset="cluster")
    vectorizer = CountVectorizer(analyzer=_identity)
    words = {text: segmenter.cut(text) for text in set(strip_all(frame["text"]))}
    table = vectorizer.fit_transform([words[text] for text in strip_all(frame["text"])])
    clusters, place = np.unique(frame["cluster"].to_numpy(dtype=np.int64), return_inverse=True)
    member = np.zeros((len(clusters), len(frame)))
    member[place, np.arange(len(frame))] = 1
    counts = (table.T @ (member * frame["weight"].to_numpy()[None]).T).T
    holds = ((table > 0).astype(float).T @ member.T).T
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-12)
    weight = share * np.log1p(counts.sum() / len(clusters) / counts.sum(axis=0))
    return _largest(weight, holds, clusters, vectorizer.get_feature_names_out(), n)


def _identity(words: list[str]) -> list[str]:
    return words


def _largest(weight: np.ndarray, holds: np.ndarray, clusters: np.ndarray, names: np.ndarray, n: int) -> pd.DataFrame:
    rows = []
    for place, cluster in enumerate(clusters):
        order = np.argsort(-weight[place], kind="stable")[:n]
        rows += [
            (int(cluster), rank, names[word], weight[place, word], int(holds[place, word]))
            for rank, word in enumerate(order, 1)
            if weight[place, word] > 0
        ]
    return pd.DataFrame(rows, columns=["cluster", "rank", "term", "weight", "statements"])
