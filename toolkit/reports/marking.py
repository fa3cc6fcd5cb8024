"""How simulated reports are told from published ones.

Three marks, each enough: the column ``simulated`` of a folder's SOURCES.csv,
``<meta name="simulated">`` in a page, and a visible line in every document.
"""

from __future__ import annotations

import re

#: The visible line that every simulated document carries after its title.
LINE = "本报告为模拟数据（simulated），不是任何机关发布的文件。"
#: The mark in the head of a simulated page.
META = '<meta name="simulated" content="true">'
_MARK = re.compile(r"本[报報]告[为為]模[拟擬](?:数据|數據|資料)|<meta\s+name=[\"']?simulated", re.IGNORECASE)


def is_simulated(text: str) -> bool:
    """Tell whether a document says of itself that it is simulated.

    Parameters
    ----------
    text : str
        The text of the document, or the source of the page; the traditional
        spelling is known too.

    Examples
    --------
    >>> is_simulated("青石县财政局2022年政府信息公开工作年度报告\\n" + LINE)
    True
    >>> is_simulated("本报告由总体情况等六部分组成。")
    False
    """
    return _MARK.search(text) is not None
