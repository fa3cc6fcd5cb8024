"""How clusters are made: statements to distinct texts, vectors, seeds, groups, and what is told of it."""

from __future__ import annotations

import importlib.metadata
import platform
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.preprocessing import normalize

from toolkit.analysis.clustering.agreement import Overlap
from toolkit.analysis.clustering.participants import (
    LEAST_SEEDS,
    Settings,
    commonest,
    seed_codes,
    taking_part,
    told_weights,
    weights_for,
)
from toolkit.analysis.clustering.partition import Partition, centres_of, divide
from toolkit.analysis.clustering.phrases import lexicon_digest
from toolkit.analysis.clustering.stability import choose, jaccard_stability, stability_curve
from toolkit.analysis.clustering.vectors import Vectoriser
from toolkit.errors import InputError
from toolkit.narrative.codingscheme import CodingScheme, load_scheme
from toolkit.narrative.words import Segmenter

# How loudly a statement's code speaks beside its words (length 1) in a seeded clustering.
SEED_VOICE = 0.5
_PAIRS = 10


@dataclass(frozen=True, eq=False)
class Fitted:
    """Clusters with all that is needed to describe them and to take in new statements."""

    settings: Settings
    statements: pd.DataFrame
    vectors: np.ndarray
    partition: Partition
    vectoriser: Vectoriser | None
    seeds: tuple[str, ...]
    names: np.ndarray
    stability: pd.DataFrame
    curve: pd.DataFrame
    labels: dict[int, str]
    how_k: str
    codes_from: str

    @property
    def segmenter(self) -> Segmenter:
        """The segmenter of the settings."""
        return self.settings.segmenter

    def assign(self, statements: pd.DataFrame, vectors: np.ndarray | None) -> pd.DataFrame:
        """Give new statements the nearest cluster."""
        if (self.vectoriser is None) != (vectors is not None):
            need = "an array" if self.vectoriser is None else "texts alone"
            raise InputError(f"these clusters were made from {need}", f"assign takes {need} too")
        settings = replace(self.settings, vectors="search_tokens" if vectors is None else vectors)
        frame, _ = taking_part(statements, settings)
        if self.vectoriser is not None:
            rows = self.vectoriser.transform(frame["text"].tolist())
        else:
            rows = normalize(np.asarray(vectors, dtype=float)[frame["place"]])
        rows = _with_seeds(rows, frame["code"], self.seeds)
        if rows.shape[1] != self.partition.centres.shape[1]:
            raise InputError(
                f"the vectors have {rows.shape[1]} columns", f"{self.partition.centres.shape[1]}, as fitted"
            )
        labels = self.partition.nearest(rows)
        known = np.abs(rows).sum(axis=1) > 0
        distance = _cosine_distance(rows, self.partition.centres[labels])
        cluster = pd.array(self.names[labels], dtype="Int64")
        cluster[~known] = pd.NA
        return pd.DataFrame({
            "statement": frame["statement"].to_numpy(),
            "cluster": cluster,
            "distance": np.where(known, distance, np.nan),
        })  # fmt: skip

    def describe(self, overlap: Overlap, few: int) -> dict[str, Any]:
        """Return what a paper has to tell."""
        settings, frame = self.settings, self.statements
        packages = ("xxgk-toolkit", "jieba", "scikit-learn", "scipy", "numpy")
        held = self.stability["stability"].dropna()
        return {
            "kind": settings.kind,
            "n": len(frame),
            "n_distinct": int(frame["text"].nunique()),
            "n_unclustered": int(frame["cluster"].isna().sum()),
            "k": int(frame["cluster"].nunique()),
            "how_k": self.how_k,
            "method": self._method(),
            "seeded": settings.seeded,
            "seeds": self.seeds,
            "seed": settings.seed,
            "vectors": settings.vectors if isinstance(settings.vectors, str) else "an array of the user's",
            "dimensions": self.vectors.shape[1],
            "thesaurus": "none" if self.vectoriser is None else str(settings.thesaurus or "none"),
            "weights": told_weights(settings.weights),
            "codes": overlap.source,
            "v": overlap.v,
            "ari": overlap.ari,
            "stability_mean": float(held.mean()) if len(held) else np.nan,
            "resamples": settings.resamples,
            "lexicon": lexicon_digest(settings.thesaurus),
            "segmenter": settings.segmenter.fingerprint,
            "versions": {"Python": platform.python_version()}
            | {name: importlib.metadata.version(name) for name in packages},
            "simulated": bool(frame["simulated"].any()),
            "warnings": self._warnings(overlap, few),
        }

    def _method(self) -> str:
        if self.settings.clusterer is not None:
            return f"{self.settings.clusterer}, unseeded"
        return (
            "k-means seeded from the codes" if self.seeds else "k-means started from average-linkage clusters, unseeded"
        )

    def _warnings(self, overlap: Overlap, few: int) -> tuple[str, ...]:
        n, weak = len(self.statements), self.stability.loc[self.stability["stability"] < 0.6, "cluster"].tolist()
        told = []
        if n < few:
            told.append(f"{n} statements are fewer than {few}: codes serve better than clusters here")
        if self.seeds:
            told.append("seeded from the codes: agreement with the codes is partly circular")
        elif self.vectoriser is not None and self.settings.thesaurus == "broader":
            told.append(
                "the thesaurus's broader terms lie near the codes: agreement with the codes owes something to it"
            )
        if len(self.curve) and self.curve["chosen"].iloc[-1]:
            told.append("the number of clusters is the end of k_range: widen it before calling it a finding")
        if weak:
            told.append(f"not to be trusted (Jaccard stability below .6): clusters {', '.join(map(str, weak))}")
        if not overlap.n:
            told.append("no statement has a code: overlap is not known")
        return tuple(told)


def fit_clusters(statements: pd.DataFrame, settings: Settings) -> Fitted:
    """Make the clusters; see ``cluster_problems``."""
    settings.check(statements)
    frame, source = taking_part(statements, settings)
    vectors, vectoriser, frame = _vectors(frame, settings)
    if len(np.unique(vectors[frame["row"]].round(9), axis=0)) < 2:
        raise InputError("all statements say the same", "there is nothing to divide; look at find_reuse")
    seeds = seed_codes(frame) if settings.seeded else ()
    if settings.seeded and len(seeds) < 2:
        raise InputError(
            f"fewer than two codes have {LEAST_SEEDS} statements", "pass seeded=False, or read the codes themselves"
        )
    seeds = seeds[: settings.n_clusters]
    codes = frame.groupby("row")["code"].agg(commonest)
    vectors = _with_seeds(vectors, codes, seeds)
    maker = _Maker(vectors, frame, codes, seeds, settings)
    curve, count, how = maker.choose_count()
    partition = maker.divide(np.arange(len(vectors)), maker.occurrences, count, settings.seed)
    stability = maker.stability(partition, count)
    return _named(frame, vectors, partition, vectoriser, seeds, stability, curve, how, source, settings)


def _vectors(frame: pd.DataFrame, settings: Settings) -> tuple[np.ndarray, Vectoriser | None, pd.DataFrame]:
    """Return vectors of distinct rows, and the frame with each statement's row and weight."""
    frame = frame.assign(weight=weights_for(frame, settings))
    if not isinstance(settings.vectors, str):
        array = normalize(np.asarray(settings.vectors, dtype=float)[frame["place"]])
        return array, None, frame.assign(row=np.arange(len(frame)))
    # Sorted, so that the order of rows decides nothing.
    row, texts = pd.factorize(frame["text"], sort=True)
    vectoriser = Vectoriser(settings.vectors, settings.thesaurus, settings.segmenter, settings.seed).fit(list(texts))
    return vectoriser.transform(list(texts)), vectoriser, frame.assign(row=row)


def _with_seeds(vectors: np.ndarray, codes: pd.Series, seeds: tuple[str, ...]) -> np.ndarray:
    if not seeds:
        return vectors
    voices = SEED_VOICE * (codes.to_numpy(dtype=object)[:, None] == np.array(seeds, dtype=object)[None])
    return normalize(np.hstack([vectors, voices.astype(float)]))


@dataclass(frozen=True, eq=False)
class _Maker:
    """Divides all texts, or those that a bootstrap sample has."""

    vectors: np.ndarray
    frame: pd.DataFrame
    codes: pd.Series
    seeds: tuple[str, ...]
    settings: Settings

    @property
    def occurrences(self) -> np.ndarray:
        return np.bincount(self.frame["row"], minlength=len(self.vectors))

    def divide(self, rows: np.ndarray, counts: np.ndarray, count: int, seed: int) -> Partition:
        # A text drawn m times weighs m times what one of its statements does.
        weight = np.bincount(self.frame["row"], self.frame["weight"], len(self.vectors)) / self.occurrences
        part, mass = self.vectors[rows], weight[rows] * counts
        return divide(part, mass, count, seed, self._start(rows, mass), self.settings.clusterer)

    def choose_count(self) -> tuple[pd.DataFrame, int, str]:
        settings, none = self.settings, pd.DataFrame(columns=["k", "stability", "se", "pairs", "chosen"])
        distinct = len(self.vectors)
        if settings.clusterer is not None:
            return none, 0, f"{type(settings.clusterer).__name__}'s own"
        count, how = settings.n_clusters, "given"
        if count is None and self.seeds:
            count, how = len(self.seeds), f"codes with {LEAST_SEEDS} statements or more"
        if count is None:
            none = self._curve()
            count, how = choose(none), "bootstrap stability (see the curve)"
            none = none.assign(chosen=none["k"].eq(count))
        if distinct < count:
            raise InputError(f"{distinct} distinct statements cannot make {count} clusters", "ask for fewer clusters")
        return none, count, how

    def stability(self, partition: Partition, count: int) -> pd.DataFrame:
        again = lambda rows, counts, seed: self.divide(rows, counts, count, seed)  # noqa: E731
        resamples = self.settings.resamples
        if resamples:
            return jaccard_stability(partition.labels, self.occurrences, again, resamples, self.settings.seed)
        return pd.DataFrame({"cluster": range(partition.labels.max() + 1), "stability": np.nan, "recovered": np.nan,
                             "dissolved": np.nan, "resamples": 0})  # fmt: skip

    def _start(self, rows: np.ndarray, mass: np.ndarray) -> np.ndarray | None:
        if not self.seeds:
            return None
        places = {code: place for place, code in enumerate(self.seeds)}
        labels = np.array([places.get(code, -1) for code in self.codes.to_numpy(dtype=object)[rows]], dtype=np.int64)
        there = np.bincount(labels[labels >= 0], minlength=len(self.seeds)) > 0
        centres = centres_of(self.vectors[rows], labels, mass, len(self.seeds)) if there.any() else None
        return None if centres is None else centres[there]

    def _curve(self) -> pd.DataFrame:
        low, high = self.settings.k_range
        high = max(min(high, len(self.vectors) // 5), min(low, len(self.vectors) - 1))
        low = min(low, high)
        step = max(1, round((high - low) / 12))
        if high < 2:
            raise InputError("too few distinct statements for a number of clusters", "pass n_clusters")
        return stability_curve(
            self.vectors, self.occurrences, self.divide, range(low, high + 1, step), _PAIRS, self.settings.seed
        )


def _named(
    frame: pd.DataFrame, vectors: np.ndarray, partition: Partition, vectoriser: Vectoriser | None,
    seeds: tuple[str, ...], stability: pd.DataFrame, curve: pd.DataFrame, how: str, source: str, settings: Settings,
) -> Fitted:  # fmt: skip
    """Number the clusters from 1, the largest first."""
    known = np.abs(vectors).sum(axis=1) > 0
    labels = np.where(known, partition.labels, -1)[frame["row"]]
    size = np.bincount(labels[labels >= 0], minlength=len(partition.centres))
    names = np.empty(len(size), dtype=np.int64)
    names[np.argsort(-size, kind="stable")] = np.arange(1, len(size) + 1)
    cluster = pd.array(np.where(labels >= 0, names[labels], 0), dtype="Int64")
    cluster[labels < 0] = pd.NA
    distance = _cosine_distance(vectors[frame["row"]], partition.centres[labels])
    frame = frame.assign(cluster=cluster, distance=np.where(labels >= 0, distance, np.nan))
    stability = stability.assign(cluster=names[stability["cluster"]]).sort_values("cluster", ignore_index=True)
    said = _seed_labels(seeds, names, settings)
    return Fitted(
        settings, frame, vectors, partition, vectoriser, seeds, names, stability, curve, said, how, source
    )  # fmt: skip


def _seed_labels(seeds: tuple[str, ...], names: np.ndarray, settings: Settings) -> dict[int, str]:
    """Call a seeded cluster by the label of the code it started from."""
    scheme = settings.scheme if isinstance(settings.scheme, CodingScheme) else load_scheme(settings.scheme)
    return {int(names[place]): scheme.label(code) if code in scheme.codes else code for place, code in enumerate(seeds)}


def _cosine_distance(rows: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return 1 - np.einsum("ij,ij->i", normalize(rows), normalize(centres))
