"""The writer of reports with known truth: a draft, a shape, deviations -> bytes and truth."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import InputError
from toolkit.simulation.deviations import DEVIATIONS
from toolkit.simulation.draft import Draft, distinct_figures, draft
from toolkit.simulation.shapes_files import FILE_SHAPES
from toolkit.simulation.shapes_html import HTML_SHAPES
from toolkit.simulation.shapes_text import TEXT_SHAPES
from toolkit.simulation.sheet import Figure, Key
from toolkit.simulation.truth import Truth, truth_of

#: Name -> (writer, keeps empty cells, parts cells by more than blanks).
SHAPES: dict[str, tuple[Callable[[Draft], str | bytes], bool, bool]] = {**TEXT_SHAPES, **HTML_SHAPES, **FILE_SHAPES}


@dataclass(frozen=True, slots=True)
class Written:
    """A rendered report: its bytes, the suffix they want, the form and the truth of every cell."""

    content: bytes
    suffix: str
    form: str
    truths: tuple[Truth, ...]

    def save(self, path: Path) -> Path:
        """Write the bytes beside ``path`` with their own suffix and return the file."""
        path = path.with_name(path.name + self.suffix)
        path.write_bytes(self.content)
        return path


def render(report: Draft, shape: str) -> Written:
    """Render a draft in a shape.

    Parameters
    ----------
    report : Draft
    shape : str
        A name of ``SHAPES``.

    Raises
    ------
    InputError
        If there is no shape of that name.

    Examples
    --------
    >>> from toolkit.simulation.draft import distinct_figures, draft
    >>> written = render(draft("2021", distinct_figures("2021")), "html_clean")
    >>> written.suffix, len(written.truths), all(truth.whole for truth in written.truths)
    ('.html', 200, True)
    """
    if shape not in SHAPES:
        raise InputError(f"there is no shape {shape!r}", f"one of {', '.join(SHAPES)}")
    writer, blanks_kept, cells_kept = SHAPES[shape]
    truths = truth_of(report.tables(), report.units, blanks_kept=blanks_kept, cells_kept=cells_kept)
    suffix = {"html_json": ".json", "docx": ".docx"}.get(shape, ".txt" if shape in TEXT_SHAPES else ".html")
    text = writer(report)
    if isinstance(text, bytes):
        return Written(text, suffix, report.form, tuple(truths))
    if report.encoding in ("gbk", "gb2312", "big5"):
        text = text.replace("\xa0", " ")
    content = text.encode(report.encoding, errors="replace")
    return Written(content, suffix, report.form, tuple(truths))


def write_report(
    form: str,
    shape: str,
    deviations: Iterable[str] = (),
    *,
    figures: Mapping[Key, Figure] | None = None,
    seed: int = 0,
) -> Written:
    """Return a report in a shape, with deviations, and its truth.

    Parameters
    ----------
    form : {"2019", "2021", "mixed", "mixed_head"}
    shape : str
        A name of ``SHAPES``.
    deviations : iterable of str
        Names of ``DEVIATIONS``, applied in this order.
    figures : mapping, optional
        What stands in the cells; by default every cell has another number.
    seed : int
        Of the default figures and of every place that a deviation chooses.

    Raises
    ------
    InputError, FormError
        If a shape, a deviation or a form has no such name.

    Examples
    --------
    A blank cell leaves no trace where every cell is a line: its whole row
    may then be missing, and must never be shifted.

    >>> written = write_report("2021", "text_cell_lines", ["blank_cells"])
    >>> sum(not truth.whole for truth in written.truths) > 7
    True
    """
    report = draft(form, distinct_figures(form, seed) if figures is None else figures)
    for name in deviations:
        if name not in DEVIATIONS:
            raise InputError(f"there is no deviation {name!r}", f"one of {', '.join(DEVIATIONS)}")
        DEVIATIONS[name].apply(report, random.Random(f"{name} {form} {seed}"))
    return render(report, shape)
