"""The Chinese font of the figures: always there, the same on every machine.

The font that comes with the package is used first, since a figure should look
the same for a co-author and a printer; the fonts of the system follow for
what it lacks. A character that no font has is shown as 〓, the printers' sign
for a missing sort, never as an empty box, and ``missing_characters`` names it.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from matplotlib import font_manager, ft2font

from toolkit.analysis.drawing.subsetting import FAMILY
from toolkit.errors import InputError

SYSTEM = (
    *("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei"),
    *("Heiti SC", "Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimSun", "Arial Unicode MS"),
)
LAST = "DejaVu Sans"
SUBSTITUTE = "〓"


@cache
def _shipped() -> str:
    with resources.as_file(
        resources.files("toolkit.analysis.drawing").joinpath("fonts/XxgkSansSC-Regular.otf")
    ) as path:
        font_manager.fontManager.addfont(str(path))
    return FAMILY


def font_families(prefer: str = "shipped") -> list[str]:
    """Return the families of the figures' text, the first that has a character wins.

    Parameters
    ----------
    prefer : {"shipped", "system"} or a family's name
        ``shipped``: the package's font, the same picture everywhere.
        ``system``: the first Chinese font of this machine, where there is one.

    Raises
    ------
    InputError
        If a family is named that this machine does not have.

    Examples
    --------
    >>> font_families()[0]
    'Xxgk Sans SC'
    """
    own = _shipped()
    here = {font.name for font in font_manager.fontManager.ttflist}
    system = [name for name in SYSTEM if name in here]
    if prefer in ("shipped", "system"):
        order = [own, *system] if prefer == "shipped" else [*system[:1], own, *system[1:]]
    elif prefer in here:
        order = [prefer, own, *system]
    else:
        raise InputError(f"no font {prefer!r} on this machine", '"shipped", "system", or one of ' + ", ".join(system))
    return list(dict.fromkeys([*order, LAST]))


@cache
def _coverage(families: tuple[str, ...]) -> frozenset[int]:
    covered: set[int] = set()
    for family in families:
        path = font_manager.findfont(font_manager.FontProperties(family=[family]), fallback_to_default=False)
        covered |= set(ft2font.FT2Font(path).get_charmap())
    return frozenset(covered)


def missing_characters(text: str, families: list[str] | None = None) -> list[str]:
    """Return the characters of a text that none of the fonts can show.

    Examples
    --------
    >>> missing_characters("浉河区 ≥ 95%", ["Xxgk Sans SC"])
    []
    >>> missing_characters("\\U000f0000", font_families())
    ['\\U000f0000']
    """
    font_families()
    covered = _coverage(tuple(families or font_families()))
    return sorted({char for char in text if ord(char) not in covered and not char.isspace()})


def showable(text: str, families: list[str] | None = None) -> str:
    """Return the text with 〓 for each character that none of the fonts can show.

    Examples
    --------
    >>> showable("县\\U000f0000镇")
    '县〓镇'
    """
    for char in missing_characters(text, families):
        text = text.replace(char, SUBSTITUTE)
    return text
