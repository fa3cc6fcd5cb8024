"""Reports with known truth, read through the public function: nothing silently wrong, and what is there is found.

Every deviation once, the shapes taking turns; ``python -m benchmarks.accuracy`` has all combinations.
"""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import pandas as pd
import pytest

from toolkit import read_corpus, read_report
from toolkit.simulation.deviations import DEVIATIONS
from toolkit.simulation.shapes_html import HTML_SHAPES
from toolkit.simulation.shapes_text import TEXT_SHAPES
from toolkit.simulation.truth import score
from toolkit.simulation.writer import SHAPES, write_report

_SHAPES = list(SHAPES)
_PLAIN = [(shape, "none", form) for shape in _SHAPES for form in ("2019", "2021")]
_MIXED = [("html_site", "none", "mixed"), ("text_cell_lines", "none", "mixed_head")]
_TURNS = list(zip(cycle(_SHAPES), DEVIATIONS, cycle(("2021", "2019", "mixed"))))
_AGAIN = list(zip(cycle([*HTML_SHAPES, *TEXT_SHAPES]), DEVIATIONS, cycle(("2019", "2021"))))
CASES = list(dict.fromkeys([*_PLAIN, *_MIXED, *_TURNS, *_AGAIN]))
# Labels damaged beyond the form, words changed by a translation, numerals that look like enumerators: part is missing,
# and marked so; four fifths or more are read. Without its table nothing tells that a form has one row 其他处理 for three;
# a row of one blank cell is not told from the bars that merged cells leave.
HARD = {"label_lost_character": 0.8, "label_cut_rows": 0.8, "script_taiwan": 0.9, "chinese_numerals": 0.9}
HARD |= {"table_absent": 0.96, "blank_zeros": 0.98, "nbsp_zeros": 0.98}
# Two at once: what a table or its labels deviate in, and cells that are blank, lost or too many.
_CELLS = ("blank_cells", "cells_lost", "totals_blank", "sparse", "row_blank", "thousands")
_FAMILIES = [name for name, deviation in DEVIATIONS.items() if deviation.family in ("tables", "labels")]
PAIRS = [*zip(_FAMILIES, cycle(_CELLS), cycle(_SHAPES)), ("label_misprinted", "totals_blank", "text_tabbed_rows")]
PAIRS += [(name, "blank_cells", "text_visual_lines") for name in ("noise_zero_width", "script_taiwan")]
NOTHING = pd.DataFrame(columns=["part", "item", "category", "state", "value"])


@pytest.fixture(scope="module")
def scores(tmp_path_factory) -> dict:
    folder: Path = tmp_path_factory.mktemp("written")
    written = {case: write_report(case[2], case[0], [] if case[1] == "none" else [case[1]]) for case in CASES}
    names = {case: document.save(folder / "+".join(case)).name for case, document in written.items()}
    found = dict(iter(read_corpus(folder, processes=1, progress=False).statistics.groupby("report")))
    return {case: score(document.truths, found.get(names[case], NOTHING)) for case, document in written.items()}


@pytest.mark.parametrize("case", CASES, ids="+".join)
def test_nothing_is_silently_wrong(scores, case):
    assert [miss for miss in scores[case].misses if miss.kind == "wrong"] == []


@pytest.mark.parametrize("pair", PAIRS, ids="+".join)
def test_two_deviations_at_once_are_not_silently_wrong(pair, tmp_path):
    *deviations, shape = pair
    written = write_report("2021", shape, deviations[::-1])
    result = score(written.truths, read_report(written.save(tmp_path / "report")).statistics)
    assert [miss for miss in result.misses if miss.kind == "wrong"] == []


@pytest.mark.parametrize("case", CASES, ids="+".join)
def test_what_the_shape_keeps_is_read(scores, case):
    missed = [miss for miss in scores[case].misses if miss.kind == "missed"]
    assert scores[case].whole_right >= HARD.get(case[1], 0.999) * scores[case].whole, missed[:3]
