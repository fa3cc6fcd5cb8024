"""Estimates that allow for the coder's errors, from a hand-coded sample.

A coder that is right nine times in ten still biases every comparison, and the
interval around the biased figure is too narrow for its error. Where a random
sample of reports was coded by hand with known probability, the presence of a
theme is replaced by::

    coder's label + (1 if in the sample) / probability * (hand label - coder's label)

which is right on average whatever the coder does. It enters the effects of
`toolkit.analysis.inference.effects`, whose denominators are freed of the square that the
sampling adds.

Source: Egami, Hinck, Stewart & Wei (2023), design-based supervised learning.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.errors import InputError


def hand_labels(hand_coded: pd.DataFrame, statements: pd.DataFrame | None = None) -> pd.DataFrame:
    """Check a hand-coded sample and bring it to one row per report and code.

    Parameters
    ----------
    hand_coded : DataFrame
        ``code`` (missing: nothing of the scheme), ``probability`` that the report
        was drawn, and ``report``, or ``statement`` (``report#n``).
    statements : DataFrame, optional
        Statements of the same kind; with ``statement`` in the sample, every one
        of a sampled report has to be coded.

    Returns
    -------
    DataFrame
        report, code, probability.

    Raises
    ------
    InputError
        A column is lacking, a probability is not in (0, 1] or differs inside a
        report, or only a part of a report's statements was coded.

    Examples
    --------
    >>> sample = pd.DataFrame({"statement": ["a#1", "a#2"], "code": ["staffing", None], "probability": [0.1, 0.1]})
    >>> hand_labels(sample)["report"].to_list()
    ['a', 'a']
    """
    key = next((c for c in ("report", "statement") if c in hand_coded.columns), None)
    lacking = [c for c in ("code", "probability") if c not in hand_coded.columns]
    if key is None or lacking:
        wanted = ", ".join(lacking or ["report"])
        raise InputError(f"hand_coded: no column {wanted}", "give report (or statement), code, probability")
    frame = hand_coded.reset_index(drop=True)
    if key == "statement":
        frame = frame.assign(report=frame["statement"].str.rsplit("#", n=1).str[0])
        _refuse_partial(frame, statements)
    probability = frame["probability"].astype("float64")
    if not probability.between(0, 1, inclusive="right").all():
        raise InputError("hand_coded: probability outside (0, 1]", "give each report's chance of being drawn")
    if frame.assign(probability=probability).groupby("report")["probability"].nunique().gt(1).any():
        raise InputError("hand_coded: probability differs inside a report", "draw whole reports, not statements")
    return frame[["report", "code"]].assign(probability=probability)


def _refuse_partial(frame: pd.DataFrame, statements: pd.DataFrame | None) -> None:
    if statements is None:
        return
    held = statements[statements["report"].isin(set(frame["report"]))]
    missing = held.loc[~held["statement"].isin(set(frame["statement"])), "report"]
    if len(missing):
        raise InputError(
            f"hand_coded: report {missing.iloc[0]!r} is coded in part",
            "code every statement of a sampled report; a theme's absence is known only then",
        )


def estimated_presence(
    labels: pd.DataFrame, reports: pd.Series, codes: Sequence[object], coded: np.ndarray
) -> tuple[np.ndarray, np.ndarray, int]:
    """Presence of each theme, unbiased over the draw of the sample.

    Parameters
    ----------
    labels : DataFrame
        From `hand_labels`.
    reports : Series, length n
        Reports in the order of `coded`.
    codes : sequence
        Themes in the order of its columns.
    coded : ndarray, shape (n, themes)
        1 where the coder finds the theme in the report.

    Returns
    -------
    presence : ndarray, shape (n, themes)
        Not bound to 0 and 1.
    variance : ndarray, shape (n, themes)
        Unbiased estimate of its variance over the draw, 0 outside the sample.
    n_hand_coded : int
        Reports of the sample among `reports`.

    Examples
    --------
    >>> labels = pd.DataFrame({"report": ["a"], "code": ["staffing"], "probability": [0.5]})
    >>> coded = np.array([[0.0], [1.0]])
    >>> presence, variance, n = estimated_presence(labels, pd.Series(["a", "b"]), ["staffing"], coded)
    >>> presence.ravel().tolist(), variance.ravel().tolist(), n
    ([2.0, 1.0], [2.0, 0.0], 1)
    """
    labels = labels[labels["report"].isin(set(reports))]
    if labels.empty:
        raise InputError("hand_coded: none of its reports is compared", "draw the sample from the reports analysed")
    chance = reports.map(labels.groupby("report")["probability"].first())
    drawn = chance.notna().to_numpy()
    said = set(zip(labels["report"], labels["code"], strict=True))
    truth = np.array([[(r, c) in said for c in codes] for r in reports[drawn]], dtype=float)
    presence = coded.astype(float).copy()
    weight = chance[drawn].to_numpy(dtype=float)[:, None]
    presence[drawn] += (truth - coded[drawn]) / weight
    variance = np.zeros_like(presence)
    variance[drawn] = (1 - weight) * (presence - coded)[drawn] ** 2
    return presence, variance, int(drawn.sum())
