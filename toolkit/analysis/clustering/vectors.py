"""Short statements as vectors: words and characters after stripping, or the corpus's own word vectors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from toolkit.analysis.clustering.phrases import preferred_terms, strip_phrases
from toolkit.errors import InputError
from toolkit.narrative.words import Segmenter

VECTORS = ("search_tokens", "characters", "embedding")
# Measured on 518 short statements: fewer blur, more leave clusters of single words.
DIMENSIONS = 30
# Beyond this many texts a feature of one text alone joins nothing and only takes memory.
_RARE_FROM = 2_000

Features = Mapping[str, float]


@dataclass
class Vectoriser:
    """Statements to unit vectors; fitted once, it takes new statements too.

    Parameters
    ----------
    vectors : {"search_tokens", "characters", "embedding"}
        Search tokens with character bigrams; character 1- to 3-grams; or
        word vectors learned from these statements alone (positive pointwise
        mutual information of words in one statement, decomposed), averaged with
        the words' weights.
    thesaurus : {"synonyms", "broader"}, path or None
        Whether words are folded to terms of the thesaurus, see ``preferred_terms``.
    segmenter : Segmenter, optional
        The lean lexicon, if none is given.
    seed : int, default 0

    Examples
    --------
    >>> texts = ["信息更新不够及时", "栏目更新较慢", "人手不足", "没有专人负责"]
    >>> unit = Vectoriser(thesaurus="broader").fit(texts).transform(texts)
    >>> (unit @ unit.T).round(1)[0, :3].tolist()
    [1.0, 0.5, 0.0]
    """

    vectors: str = "search_tokens"
    thesaurus: str | Path | None = "synonyms"
    segmenter: Segmenter = field(default_factory=lambda: Segmenter("lean"))
    seed: int = 0
    _blocks: list[_Block | None] = field(default_factory=list, repr=False)
    _projection: np.ndarray | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.vectors not in VECTORS:
            raise InputError(f"vectors is {self.vectors!r}", f"one of {', '.join(VECTORS)}, or an array")

    def fit(self, texts: Sequence[str]) -> Vectoriser:
        """Learn features, their weights and the projection from distinct texts.

        Raises
        ------
        InputError
            No text holds a letter or character.
        """
        counted = self._counted(texts)
        least = 2 if len(texts) >= _RARE_FROM else 1
        # A block without features (no term of the thesaurus anywhere) keeps its place.
        self._blocks = [_Block.of(features, least) for features in counted]
        if not any(self._blocks):
            raise InputError("no text holds a word", "pass problem statements in Chinese")
        table = _joined(self._blocks, counted)
        with threadpool_limits(1):
            self._projection = self._learn(table)
        return self

    def transform(self, texts: Sequence[str]) -> np.ndarray:
        """Return one row of length 1 for every text; all zero where nothing of it is known."""
        table = _joined(self._blocks, self._counted(texts))
        with threadpool_limits(1):
            return normalize(table @ self._projection)

    def _counted(self, texts: Sequence[str]) -> list[list[Features]]:
        """Return for each block the features of every text."""
        bare = [strip_phrases(text) for text in texts]
        terms: list[Features] = (
            [preferred_terms(text, self.thesaurus) for text in texts] if self.thesaurus is not None else []
        )
        if self.vectors == "characters":
            blocks: list[list[Features]] = [[_counts(_grams(text, 1, 3)) for text in bare]]
        else:
            blocks = [[_counts(self.segmenter.cut_for_search(text)) for text in bare]]
        if self.vectors == "search_tokens":
            blocks.append([_counts(_grams(text, 2, 2)) for text in bare])
        if self.vectors == "embedding" and terms:
            # In one space with the words, so that a word is learned from the terms beside it.
            return [[{**words, **{f"={name}": weight for name, weight in own.items()}}
                     for words, own in zip(blocks[0], terms)]]  # fmt: skip
        return [*blocks, terms] if terms else blocks

    def _learn(self, table: sp.csr_matrix) -> np.ndarray:
        if self.vectors == "embedding":
            return _word_vectors(table, self.seed)
        return _decomposed(table, self.seed)


@dataclass
class _Block:
    """The features of one kind and their inverse document frequencies."""

    names: DictVectorizer
    weights: TfidfTransformer

    @classmethod
    def of(cls, features: list[Features], least: int) -> _Block | None:
        names = DictVectorizer()
        table = names.fit_transform(features)
        often = np.asarray((table > 0).sum(axis=0)).ravel() >= least
        if not often.any():
            return None
        names.restrict(often)
        return cls(names, TfidfTransformer().fit(table[:, often]))

    def transform(self, features: list[Features]) -> sp.csr_matrix:
        return self.weights.transform(self.names.transform(features))


def _joined(blocks: list[_Block | None], counted: list[list[Features]]) -> sp.csr_matrix:
    parts = [block.transform(features) for block, features in zip(blocks, counted) if block]
    return normalize(sp.hstack(parts).tocsr())


def _counts(features: Iterable[str]) -> dict[str, float]:
    return {name: 1 + float(np.log(count)) for name, count in Counter(features).items()}


def _grams(text: str, shortest: int, longest: int) -> list[str]:
    return [
        word[at : at + length]
        for word in text.split()
        for length in range(shortest, longest + 1)
        for at in range(max(len(word) - length, 0) + 1)
    ]


def _decomposed(table: sp.csr_matrix, seed: int) -> np.ndarray:
    """Return the projection of latent semantic analysis; without one where there is nothing to reduce."""
    if min(table.shape) <= DIMENSIONS:
        return np.eye(table.shape[1])
    return TruncatedSVD(DIMENSIONS, random_state=seed).fit(table).components_.T


def _word_vectors(table: sp.csr_matrix, seed: int) -> np.ndarray:
    """Return a vector for each word from the words it stands with."""
    there = (table > 0).astype(np.float64)
    pairs = (there.T @ there).tocoo()
    single = np.asarray(there.sum(axis=0)).ravel()
    # Context frequencies raised to .75 keep rare words from having the largest information.
    context = single**0.75 / (single**0.75).sum()
    information = np.log(pairs.data / single[pairs.row]) - np.log(context[pairs.col])
    kept = information > 0
    matrix = sp.csr_matrix((information[kept], (pairs.row[kept], pairs.col[kept])), shape=pairs.shape)
    if min(matrix.shape) <= DIMENSIONS:
        return normalize(matrix.toarray())
    return normalize(TruncatedSVD(DIMENSIONS, random_state=seed).fit_transform(matrix))
