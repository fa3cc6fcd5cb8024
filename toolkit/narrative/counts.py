"""Texts -> words -> counts by word and group, with the documents that use them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.errors import InputError
from toolkit.narrative.words import Segmenter


def need_columns(frame: pd.DataFrame, *columns: str) -> None:
    """Refuse a frame that lacks a column.

    Raises
    ------
    InputError
        Naming the columns.

    Examples
    --------
    >>> need_columns(pd.DataFrame({"text": ["公开"]}), "text")
    """
    absent = [name for name in columns if name not in frame.columns]
    if absent:
        raise InputError(f"the frame has no column {', '.join(absent)}", "pass the statements or sections frame")


def worded(statements: pd.DataFrame, segmenter: Segmenter) -> pd.DataFrame:
    """Return one row per word with ``row`` (of the frame) and ``document`` (its report, else the row).

    The other columns are those of ``Segmenter.tokens``.

    Examples
    --------
    >>> frame = pd.DataFrame({"report": ["a"], "text": ["公开少"]})
    >>> worded(frame, Segmenter())[["row", "document", "token"]].to_dict("list")
    {'row': [0, 0], 'document': ['a', 'a'], 'token': ['公开', '少']}
    """
    need_columns(statements, "text")
    rows = np.arange(len(statements))
    numbered = statements.assign(statement=rows)
    tokens = segmenter.tokens(numbered).rename(columns={"statement": "row"})
    tokens["document"] = tokens["report"] if "report" in tokens else tokens["row"]
    return tokens


def worded_groups(
    statements: pd.DataFrame, by: str, reports: pd.DataFrame | None, segmenter: Segmenter
) -> tuple[pd.DataFrame, int]:
    """Return ``worded`` with a grouping column, and the number of texts whose group is not known.

    The column is taken from the statements, else by ``report`` from the reports.

    Raises
    ------
    InputError
        No such column.

    Examples
    --------
    >>> frame = pd.DataFrame({"report": ["a", "b"], "text": ["公开少", "更新慢"]})
    >>> reports = pd.DataFrame({"report": ["a", "b"], "year": [2023, pd.NA]})
    >>> tokens, left_out = worded_groups(frame, "year", reports, Segmenter())
    >>> tokens["year"].tolist(), left_out
    ([2023, 2023], 1)
    """
    if by in statements.columns:
        groups = statements[by]
    elif reports is not None and by in reports.columns:
        need_columns(statements, "report")
        groups = statements["report"].map(reports.set_index("report")[by])
    else:
        raise InputError(
            f"no column {by!r} in the statements", "pass reports= with the reports frame, or another column"
        )
    known = groups.notna().to_numpy()
    tokens = worded(statements[known], segmenter)
    tokens[by] = groups[known].to_numpy()[tokens["row"].to_numpy(dtype=int)]
    return tokens, int((~known).sum())


def count_tables(tokens: pd.DataFrame, by: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return occurrences and numbers of documents, words in rows, groups in columns.

    Examples
    --------
    >>> tokens = pd.DataFrame({"token": ["公开", "公开"], "year": [2023, 2023], "document": ["a", "a"]})
    >>> counts, documents = count_tables(tokens, "year")
    >>> int(counts.loc["公开", 2023]), int(documents.loc["公开", 2023])
    (2, 1)
    """
    by_word = tokens.groupby(["token", by])["document"]
    return by_word.size().unstack(fill_value=0), by_word.nunique().unstack(fill_value=0)


def flagged(result: pd.DataFrame, tokens: pd.DataFrame, left_out: int = 0) -> pd.DataFrame:
    """Say whether simulated text went into a comparison; one such row marks all, since all are compared.

    ``result.attrs["left_out"]`` is the number of texts without a group.

    Examples
    --------
    >>> flagged(pd.DataFrame({"count": [1]}), pd.DataFrame({"simulated": [True, False]}))
       count  simulated
    0      1       True
    """
    made = bool(tokens["simulated"].any()) if "simulated" in tokens else False
    result = result.assign(simulated=made)
    result.attrs["left_out"] = left_out
    return result


def default_words() -> Segmenter:
    """Return the segmenter of word counts: the full lexicon, function words left out.

    Examples
    --------
    >>> default_words().cut("公开的内容不够")
    ['公开', '内容', '不够']
    """
    return Segmenter(stopwords="function")
