"""Words of Chinese text, cut by jieba, private and repeatable.

jieba keeps its state in the module: a cache file in the temp folder that is
trusted unchecked, user words of whoever loaded theirs first, forced splits.
Here a tokenizer of a private jieba is filled from the dictionary that jieba
ships, with the domain lexicon and user terms laid over it in a fixed order;
nothing the process did with jieba can change a word, and nothing done here
changes jieba.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from toolkit.errors import InputError
from toolkit.narrative.dictionary import BLOCK, build, cut_block, is_word, part_of_speech, search_words, shipped_digest
from toolkit.narrative.wordlists import denies, read_lexicon, read_stopwords, read_terms
from toolkit.reports.folding import same_length

_LONGEST_REMEMBERED = 60
_STOP_SPAN = 5

# They are digits to Python, and words to nobody.
_ENUMERATORS = re.compile("[\u2460-\u24ff\u2776-\u2793\u3200-\u32ff²³¹]")


class Token(NamedTuple):
    """One word with its place: ``text[start:stop]`` is its spelling in the source."""

    word: str
    start: int
    stop: int


class Segmenter:
    """Cut Chinese text into words, the same on every machine.

    Parameters
    ----------
    lexicon : {"full", "lean", None}, path or list of str, default "full"
        Domain terms. ``"full"`` keeps 依申请公开 and 信息公开目录 whole and reads
        best in word lists and concordances; ``"lean"`` leaves out compounds of
        公开, 信息 and 不够, which otherwise become rare words that share
        nothing, and suits clustering. A file has a term a line, optionally
        followed by its frequency and part of speech, as jieba's user files.
    stopwords : None, "all", group name, path, or list of these and of words
        What ``cut`` leaves out: ``"function"`` (function words and hedges),
        ``"self_reference"`` (我局, 工作, 信息公开 and other words of every
        report), ``"boilerplate"`` (whole phrases, taken out before the text is
        cut). Default: nothing. A word that denies (不, 未, 无, 没有, 不够, 不足)
        is never left out, whatever the list says. Only a boilerplate phrase
        goes as a whole.
    user_terms : path or list of str, optional
        Own terms, laid over the lexicon.
    hmm : bool, default False
        Whether jieba's hidden Markov model may join characters that no
        dictionary joins. It invents words: 公开办未及时 gives 办未.

    Raises
    ------
    InputError
        A lexicon, group or term that cannot be used.

    Notes
    -----
    Cut first, filter afterwards: no word forms across punctuation, blanks or
    something left out. Text is cut in one spelling (simplified, half-width),
    and words come back in it; offsets are those of the text as given. A term
    never begins or ends inside a run of digits or Latin letters. Punctuation
    is not a word.

    Source: jieba 0.42.1 (MIT), whose words these are, character for character.

    Examples
    --------
    >>> segmenter = Segmenter()
    >>> segmenter.cut("依申请公开答复不及时,12345热线宣传少。")
    ['依申请公开', '答复', '不', '及时', '12345热线', '宣传', '少']
    >>> Segmenter(stopwords=["function", "self_reference"]).cut("我局的信息公开还不及时")
    ['不', '及时']
    """

    def __init__(
        self,
        lexicon: str | Path | Iterable[str] | None = "full",
        stopwords: str | Path | Iterable[str] | None = None,
        user_terms: str | Path | Iterable[str] | None = None,
        hmm: bool = False,
    ) -> None:
        self.terms = (*read_lexicon(lexicon), *read_terms(user_terms))
        words, phrases = read_stopwords(stopwords)
        self.stopwords = frozenset(word for word in words if not denies(word))
        self.phrases = tuple(sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))
        self.hmm = bool(hmm)
        self._prepare()

    def _prepare(self) -> None:
        self._tokenizer: Any = None
        self._remembered: Callable[[str], tuple[str, ...]] = lru_cache(maxsize=50_000)(self._cut_block)
        self._boilerplate = _phrase_pattern(self.phrases)

    def __getstate__(self) -> dict:
        """Leave the tables behind: another process builds its own once."""
        return {name: value for name, value in self.__dict__.items() if not name.startswith("_")}

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self._prepare()

    def __repr__(self) -> str:
        return (
            f"Segmenter({len(self.terms)} terms, {len(self.stopwords)} stopwords, "
            f"{len(self.phrases)} phrases, hmm={self.hmm}, fingerprint {self.fingerprint})"
        )

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits of dictionary, terms, stop lists, settings and versions, to print in a paper.

        Two segmenters of one fingerprint cut every text alike.

        Examples
        --------
        >>> Segmenter("lean").fingerprint == Segmenter("lean").fingerprint != Segmenter("full").fingerprint
        True
        """
        versions = [importlib.metadata.version(name) for name in ("jieba", "opencc")]
        parts = [shipped_digest(), *versions, self.terms, sorted(self.stopwords), self.phrases, self.hmm]
        return hashlib.sha256(repr(parts).encode("utf-8")).hexdigest()[:16]

    def cut(self, text: str) -> list[str]:
        """Return the words of a text, without punctuation and stopwords.

        Examples
        --------
        >>> Segmenter().cut("政策解讀、業務培訓不足")
        ['政策解读', '业务培训', '不足']
        """
        return [token.word for _, token in self._kept(text)]

    def cut_for_search(self, text: str) -> list[str]:
        """Return the words and, before each long word, the shorter words inside it.

        Compounds then share tokens with their parts, which vectors need.

        Examples
        --------
        >>> Segmenter().cut_for_search("依申请公开")
        ['申请', '公开', '依申请公开']
        """
        searched = (search_words(word, self._jieba()) for word in self.cut(text))
        return [word for words in searched for word in words if word not in self.stopwords]

    def tag(self, text: str) -> list[tuple[str, str]]:
        """Return the words of ``cut``, each with its part of speech.

        The part of speech is the dictionary's (n noun, v verb, d adverb, ...;
        m a number, eng Latin letters, x unknown); it does not depend on the
        context.

        Examples
        --------
        >>> Segmenter().tag("公开不及时12次")
        [('公开', 'ad'), ('不', 'd'), ('及时', 'c'), ('12', 'm'), ('次', 'q')]
        """
        own = {word: tag for word, _, tag in self.terms if tag}
        return [(word, own.get(word) or part_of_speech(word)) for word in self.cut(text)]

    def locate(self, text: str) -> list[Token]:
        """Return the words of ``cut``, each with its offsets in ``text``.

        Examples
        --------
        >>> Segmenter().locate("公开, 及时")
        [Token(word='公开', start=0, stop=2), Token(word='及时', start=4, stop=6)]
        """
        return [token for _, token in self._kept(text)]

    def tokens(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return one row for every word of a frame's texts.

        Parameters
        ----------
        frame : DataFrame
            Statements or sections: a column ``text``, and any of ``statement``,
            ``report``, ``chapter``, ``simulated``, which are carried along. A
            missing text gives no rows.

        Returns
        -------
        DataFrame
            Those columns, then position (from 1; words left out, marks and
            blanks are counted too, so that only neighbours differ by one),
            token, start, stop (characters of the row's text).

        Examples
        --------
        >>> frame = pd.DataFrame({"statement": ["a#1"], "text": ["公开的内容"]})
        >>> print(Segmenter(stopwords="function").tokens(frame).to_string(index=False))
        statement  position token  start  stop
              a#1         1    公开      0     2
              a#1         3    内容      3     5
        """
        if "text" not in frame.columns:
            raise InputError("the frame has no column text", "pass the statements or sections frame")
        keys = [name for name in ("statement", "report", "chapter", "simulated") if name in frame.columns]
        texts = frame["text"].astype("object").where(frame["text"].notna(), "")
        vocabulary: dict[str, int] = {}
        numbers = array("q")
        counts = [0] * len(texts)
        for row, text in enumerate(texts):
            for position, (word, start, stop) in self._kept(text):
                numbers.extend((position, vocabulary.setdefault(word, len(vocabulary)), start, stop))
                counts[row] += 1
        carried = frame[keys].iloc[np.repeat(np.arange(len(frame)), counts)].reset_index(drop=True)
        return pd.concat([carried, _table_of_tokens(numbers, list(vocabulary))], axis=1)

    def _jieba(self) -> Any:
        if self._tokenizer is None:
            self._tokenizer = build(self.terms)
        return self._tokenizer

    def _kept(self, text: str) -> Iterator[tuple[int, Token]]:
        numbered = self._words(text)
        return _without(list(numbered), self.stopwords) if self.stopwords else numbered

    def _words(self, text: str) -> Iterator[tuple[int, Token]]:
        number = end = 0
        for block in BLOCK.finditer(self._folded(text)):
            start = block.start()
            number += start > end
            short = len(block[0]) <= _LONGEST_REMEMBERED
            for word in self._remembered(block[0]) if short else self._cut_block(block[0]):
                number, end = number + 1, start + len(word)
                if is_word(word):
                    yield number, Token(word, start, end)
                start = end

    def _folded(self, text: str) -> str:
        if not isinstance(text, str):
            raise InputError(f"a text must be a str, not {type(text).__name__}", "leave missing texts out")
        folded = _ENUMERATORS.sub(" ", text) if _ENUMERATORS.search(text) else text
        folded = same_length(folded)
        if self._boilerplate:
            folded = self._boilerplate.sub(lambda found: "\n" * len(found[0]), folded)
        return folded

    def _cut_block(self, block: str) -> tuple[str, ...]:
        return cut_block(block, self._jieba(), self.hmm)


def _table_of_tokens(numbers: array, vocabulary: list[str]) -> pd.DataFrame:
    columns = np.frombuffer(numbers, dtype=np.int64).reshape(-1, 4) if len(numbers) else np.zeros((0, 4), np.int64)
    result = pd.DataFrame(columns.copy(), columns=["position", "token", "start", "stop"])
    # Every word is kept once, however often it stands in the corpus.
    return result.assign(token=np.array(vocabulary, dtype=object)[columns[:, 1]])


def _without(numbered: list[tuple[int, Token]], stopwords: frozenset[str]) -> Iterator[tuple[int, Token]]:
    """Yield the words outside the list, where a listed expression may be several adjacent words (我局)."""
    place = 0
    while place < len(numbered):
        size = _stopped(numbered, place, stopwords)
        if not size:
            yield numbered[place]
        place += size or 1


def _stopped(numbered: list[tuple[int, Token]], place: int, stopwords: frozenset[str]) -> int:
    expression, longest = "", 0
    for size, (_, token) in enumerate(numbered[place : place + _STOP_SPAN], 1):
        if size > 1 and token.start != numbered[place + size - 2][1].stop:
            break
        expression += token.word
        longest = size if expression in stopwords else longest
    return longest


def _phrase_pattern(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    if not phrases:
        return None
    loose = [r"[,、;\s“”]*".join(map(re.escape, phrase)) for phrase in phrases]
    return re.compile("|".join(loose))
