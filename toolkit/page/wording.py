"""What the toolkit says in English of empty rows, variants and reports left out, in the page's language."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    with resources.files("toolkit.page").joinpath("wording.csv").open(encoding="utf-8") as file:
        return tuple((re.compile(row["pattern"]), row["zh"]) for row in csv.DictReader(file))


def in_words(text: Any, lang: str) -> str:
    """Return a reason, a warning, or the name of a variant in the page's language.

    What has no Chinese wording in ``wording.csv`` stays as it is.

    Examples
    --------
    >>> in_words("only 3 agencies on a side", "zh"), in_words("without 浙江省", "zh"), in_words("form 2021", "en")
    ('一侧只有 3 个机关', '去除浙江省', 'form 2021')
    """
    said = "" if pd.isna(text) else str(text)
    if lang == "zh":
        for pattern, wording in _patterns():
            said = pattern.sub(wording, said)
    return said.replace("chapter five none_named", "chapter five names no problem")
