"""A coder learned from adjudicated statements, scored on agencies it has not seen.

Character n-grams and a linear model (multinomial logistic regression). Learned
from 161 annotated statements of 28 chapters it was right on .62 of the
statements of chapters held out, where rules reach .8 and more; its use is a
large hand-coded corpus, an own scheme without rules, or, with the rules' code
as one more feature, learning where the rules err. Reports of one agency
resemble each other, so only scores on agencies held out say anything of new ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline

from toolkit.errors import InputError
from toolkit.narrative.adjudication import Adjudication, score_coder
from toolkit.narrative.coding import DECISION, SECOND_AT_LEAST, check_statements, code_statements
from toolkit.narrative.codingscheme import CodingScheme
from toolkit.reports.folding import fold

MODEL = "model"
LONGEST = 3
# One feature among eighty has no voice in a normalised vector; repeated it has.
_VOICES = 6


@dataclass(frozen=True)
class TrainedCoder:
    """A learned coder; use it where ``code_statements`` is used.

    Attributes
    ----------
    scores : DataFrame
        As of ``score_coder``: its held-out scores, cross-validated by agency.
    held_out : DataFrame
        statement, group, fold, code (adjudicated) and machine (said of it by
        a model that had not seen its agency).
    """

    scores: pd.DataFrame
    held_out: pd.DataFrame
    model: Pipeline
    scheme: CodingScheme | None

    def code_statements(self, statements: pd.DataFrame) -> pd.DataFrame:
        """Code statements with the learned model.

        Parameters
        ----------
        statements : DataFrame
            text and kind, as for ``toolkit.narrative.coding.code_statements``.

        Returns
        -------
        DataFrame
            The statements with code, second_code, confidence (the model's
            probability), rule (always ``model``) and matched (the n-gram that
            spoke most for the code). Missing for a text without words.

        Raises
        ------
        InputError
            If a column is lacking or a kind is unknown.

        Examples
        --------
        >>> hand = pd.DataFrame({
        ...     "statement": range(8), "agency": list("aabbccdd"), "kind": "problem",
        ...     "text": ["更新不及时", "人手不足", "更新较慢", "人手紧张"] * 2,
        ...     "code": ["timeliness", "staffing"] * 4,
        ... })
        >>> coder = train_coder(hand)
        >>> new = pd.DataFrame({"kind": ["problem"] * 2, "text": ["内容更新迟缓", "专职人手偏少"]})
        >>> coder.code_statements(new)[["text", "code", "rule", "matched"]]
             text        code   rule matched
        0  内容更新迟缓  timeliness  model       新
        1  专职人手偏少    staffing  model       人
        """
        check_statements(statements)
        kept = statements.drop(columns=[column for column in DECISION if column in statements])
        documents = _documents(statements, self.scheme)
        spoken = np.array([bool(document[1]) for document in documents], dtype=bool)
        table = pd.DataFrame(index=statements.index, columns=list(DECISION), dtype=object)
        if spoken.any():
            table.loc[spoken] = _predict(self.model, [d for d, s in zip(documents, spoken) if s])
        types = dict.fromkeys(DECISION, "string") | {"confidence": "Float64"}
        return pd.concat([kept, table.astype(types)], axis=1)


def train_coder(
    adjudicated: Adjudication | pd.DataFrame,
    groups: str = "agency",
    folds: int = 5,
    scheme: CodingScheme | None = None,
    seed: int = 0,
) -> TrainedCoder:
    """Learn a coder from settled codes and score it on agencies held out.

    Parameters
    ----------
    adjudicated : Adjudication or DataFrame
        statement, kind, text, code and the column named by ``groups``; rows without a
        settled code are left out.
    groups : str, default "agency"
        The column that holds the agency. All its statements are held out together.
    folds : int, default 5
        Fewer if there are fewer agencies.
    scheme : CodingScheme, optional
        If given, the code that its rules give is a feature too.
    seed : int, default 0
        For the intervals of the scores; the model itself has no randomness.

    Returns
    -------
    TrainedCoder

    Raises
    ------
    InputError
        If a column is lacking, or there are fewer than two agencies or codes.

    Notes
    -----
    The model is fitted unweighted; the scores are weighted by 1 / probability.

    Examples
    --------
    >>> hand = pd.DataFrame({
    ...     "statement": range(8), "agency": list("aabbccdd"), "kind": "problem",
    ...     "text": ["更新不及时", "人手不足", "更新较慢", "人手紧张"] * 2,
    ...     "code": ["timeliness", "staffing"] * 4,
    ... })
    >>> train_coder(hand).scores[["code", "n", "accuracy"]].head(1)
      code  n  accuracy
    0  all  8       1.0
    """
    settled = _trainable(adjudicated, groups)
    documents, codes = _documents(settled, scheme), settled["code"].to_numpy(dtype=object)
    groups_of = pd.factorize(settled[groups])[0]
    if folds < 2:
        raise InputError(f"folds is {folds}", "2 or more")
    held_out = np.full(len(settled), -1)
    said = np.empty(len(settled), dtype=object)
    folding = GroupKFold(n_splits=min(folds, groups_of.max() + 1))
    for at, (learn, test) in enumerate(folding.split(documents, codes, groups_of)):
        model = _fit([documents[row] for row in learn], codes[learn])
        said[test], held_out[test] = _predict(model, [documents[row] for row in test])[:, 0], at
    table = pd.DataFrame({"statement": settled["statement"], "group": settled[groups], "fold": held_out})
    machine = pd.DataFrame({"statement": settled["statement"], "code": said})
    scores = score_coder(machine, settled, cluster=groups, seed=seed)
    return TrainedCoder(scores, table.assign(code=codes, machine=said), _fit(documents, codes), scheme)


def _trainable(adjudicated: Adjudication | pd.DataFrame, groups: str) -> pd.DataFrame:
    table = adjudicated.statements if isinstance(adjudicated, Adjudication) else adjudicated
    lacking = [column for column in ("statement", "kind", "text", "code", groups) if column not in table]
    if lacking:
        raise InputError(f"the adjudicated statements lack {', '.join(lacking)}", "join what is known of each report")
    table = table[table["code"].notna() & table["text"].notna()].reset_index(drop=True)
    if table[groups].isna().any():
        raise InputError(f"some statements have no {groups}", "fill it in, or leave those statements out")
    if table[groups].nunique() < 2 or table["code"].nunique() < 2:
        raise InputError(f"one {groups} or one code is not enough to learn from", "code more statements")
    return table


def _documents(statements: pd.DataFrame, scheme: CodingScheme | None) -> list[tuple[str, str, str]]:
    """Kind, folded text and the rules' code of each statement."""
    texts = statements["text"].map(lambda text: fold(text) if isinstance(text, str) else "")
    ruled = [""] * len(statements)
    if scheme is not None:
        ruled = code_statements(statements[["kind", "text"]], scheme)["code"].fillna("").tolist()
    return list(zip(statements["kind"].astype(str), texts, ruled))


def _features(document: tuple[str, str, str]) -> list[str]:
    kind, text, ruled = document
    grams = [text[at : at + n] for n in range(1, LONGEST + 1) for at in range(len(text) - n + 1)]
    return [*grams, f"kind={kind}", *([f"rule={ruled}"] * _VOICES if ruled else [])]


def _fit(documents: list[tuple[str, str, str]], codes: np.ndarray) -> Pipeline:
    model = make_pipeline(
        TfidfVectorizer(analyzer=_features, sublinear_tf=False),
        LogisticRegression(C=20, class_weight="balanced", max_iter=1000),
    )
    return model.fit(documents, codes)


def _predict(model: Pipeline, documents: list[tuple[str, str, str]]) -> np.ndarray:
    """code, second_code, confidence, rule, matched of each document."""
    vectorizer, regression = model.steps[0][1], model.steps[1][1]
    vectors = cast(csr_matrix, vectorizer.transform(documents))
    shares = regression.predict_proba(vectors)
    best, second = np.argsort(-shares, axis=1, kind="stable")[:, :2].T
    names, grams = regression.classes_, vectorizer.get_feature_names_out()
    # For two classes scikit-learn keeps the coefficients of the second only.
    weights = regression.coef_ if len(names) > 2 else np.vstack([-regression.coef_[0], regression.coef_[0]])
    rows = np.empty((len(documents), len(DECISION)), dtype=object)
    for at, (code, other) in enumerate(zip(best, second)):
        near = shares[at, other] >= SECOND_AT_LEAST * shares[at, code]
        matched = _loudest(vectors[at], weights[code], grams)
        rows[at] = [names[code], names[other] if near else None, round(shares[at, code], 3), MODEL, matched]
    return rows


def _loudest(vector: csr_matrix, weights: np.ndarray, grams: np.ndarray) -> str | None:
    voices = vector.data * weights[vector.indices]
    return str(grams[vector.indices[voices.argmax()]]) if voices.size and voices.max() > 0 else None
