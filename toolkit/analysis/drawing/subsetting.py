"""How the font that comes with the package is made from Noto Sans CJK SC.

Run ``python -m toolkit.analysis.drawing.subsetting NotoSansCJK-Regular.ttc OUT.otf``;
fontTools comes with matplotlib. The subset holds GB2312, the common characters
of Big5 (names on traditional pages), every character of the names of divisions
and the signs that figures use. The Open Font License lets a modified font
keep its licence but not a reserved name, hence the name of its own.
"""

from __future__ import annotations

import csv
import sys
from importlib import resources
from pathlib import Path
from typing import Any

FAMILY = "Xxgk Sans SC"
SIGNS = "−–—…·×÷±≤≥≈≠†‡§′″‰←↑→↓↔∞√∑∂∆αβγδεθκλμπρσφχψω²³¹⁴〓〔〕【】《》「」『』①②③④⑤⑥⑦⑧⑨⑩■□▲△▼▽◆◇●○★☆✓€£¥©"


def wanted_characters() -> set[str]:
    """Return the characters that the packaged font must show.

    Examples
    --------
    >>> set("浉瀍堽垟") <= wanted_characters()
    True
    """
    chars = set(map(chr, range(0x20, 0x7F))) | set(map(chr, range(0xA0, 0x100))) | set(SIGNS)
    chars |= set(map(chr, range(0x3000, 0x3020))) | set(map(chr, range(0xFF01, 0xFF5F)))
    chars |= _encoded("gb2312", range(0xA1, 0xF8)) | _encoded("big5", range(0xA4, 0xC7))
    regions = resources.files("toolkit.reports").joinpath("regions")
    for name in ("divisions.csv", "townships.csv", "zones.csv", "aliases.csv"):
        with regions.joinpath(name).open(encoding="utf-8") as file:
            chars.update("".join(value for row in csv.reader(file) for value in row))
    return {char for char in chars if char.isprintable() and char != "\ufffd"}


def _encoded(encoding: str, lead: range) -> set[str]:
    codes = (bytes([high, low]) for high in lead for low in range(0x40, 0xFF))
    return {char for code in codes for char in code.decode(encoding, "ignore") if len(char) == 1}


def subset(source: Path, target: Path, face: int = 2) -> list[str]:
    """Write the subset of a font collection and return the characters it lacks.

    Parameters
    ----------
    source : Path
        NotoSansCJK-Regular.ttc; ``face`` 2 of it is Simplified Chinese.
    target : Path
        The .otf to write. The same source gives the same bytes.
    face : int
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    font = TTFont(source, fontNumber=face, recalcTimestamp=False)
    options = Options(layout_features=[], hinting=False, desubroutinize=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
    subsetter = Subsetter(options)
    wanted = wanted_characters()
    subsetter.populate(unicodes=map(ord, wanted))
    subsetter.subset(font)
    _rename(font)
    font.save(target)
    return sorted(char for char in wanted if ord(char) not in font.getBestCmap())


def _rename(font: Any) -> None:
    postscript = FAMILY.replace(" ", "") + "-Regular"
    names = {1: FAMILY, 2: "Regular", 3: f"2.004;{postscript}", 4: FAMILY, 6: postscript}
    names[5] = font["name"].getDebugName(5) + "; subset, renamed"
    table = font["name"]
    table.names = [record for record in table.names if record.langID == 0x409 and record.nameID not in (7, 16, 17)]
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames = [postscript]
    top.topDictIndex[0].FullName = top.topDictIndex[0].FamilyName = FAMILY


if __name__ == "__main__":
    lacking = subset(Path(sys.argv[1]), Path(sys.argv[2]))
    print(f"{Path(sys.argv[2]).stat().st_size / 1e6:.2f} MB; not in the source font: {''.join(lacking) or 'none'}")
