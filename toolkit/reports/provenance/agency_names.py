"""Names of agencies in one spelling: abbreviations, renamed bodies, sectors.

The crosswalk is ``regions/agency_crosswalk.csv``, the sectors
``regions/sectors.csv``.
"""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from toolkit.reports.folding import fold
from toolkit.reports.form import read_rows


def sectors() -> pd.DataFrame:
    """Return the sectors of agencies.

    Returns
    -------
    DataFrame
        ``sector`` (code), ``chinese``, ``english``.

    Examples
    --------
    >>> print(sectors().head(2).to_string(index=False))
                sector chinese                english
             education      教育              Education
    science_technology    科学技术 Science and technology
    """
    return pd.DataFrame(read_rows("regions/sectors.csv"))


def crosswalk() -> pd.DataFrame:
    """Return the names of bodies that became others.

    Returns
    -------
    DataFrame
        ``old``, ``new``, ``kind`` and ``year``. Abbreviations and one-to-one
        renamings are joined in ``agency_id``; mergers (工商, 质监 and 食药监 all
        became 市场监督管理) are listed only, since several bodies of one year
        would fall under one identifier.

    Examples
    --------
    >>> crosswalk().query("old == '国土资源局'").to_dict("records")
    [{'old': '国土资源局', 'new': '自然资源局', 'kind': 'renamed', 'year': '2018'}]
    """
    return pd.DataFrame(read_rows("regions/agency_crosswalk.csv"))


def one_spelling(body: str) -> str:
    """Return a body's name in full and under its present name.

    Examples
    --------
    >>> one_spelling("市监局"), one_spelling("国土局"), one_spelling("工商行政管理局")
    ('市场监督管理局', '自然资源局', '工商行政管理局')
    """
    body = without_government(fold(body))
    for _ in range(3):
        body = _joined_names().get(body, body)
    return body


def without_government(body: str) -> str:
    """Return a body's name without 人民政府 around it.

    Examples
    --------
    >>> without_government("人民政府外事办公室"), without_government("人民政府"), without_government("人民政府办公室")
    ('外事办公室', '', '人民政府办公室')
    """
    if body in ("人民政府", "政府", "行政公署", "行署"):
        return ""
    match = re.match("^(?:人民政府|政府|行政公署)(?!办公|办$|驻)(?P<rest>.+)$", body)
    return match["rest"] if match else body


@cache
def _joined_names() -> dict[str, str]:
    rows = read_rows("regions/agency_crosswalk.csv")
    return {row["old"]: row["new"] for row in rows if row["kind"] != "merged"}
