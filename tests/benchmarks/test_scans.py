"""The reports of the benchmark of scans: known truth, sums that hold, the same from the same number."""

from __future__ import annotations

import random

import pytest

from benchmarks.paper import paper_report, plausible_figures
from toolkit.simulation.sheet import compose


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_plausible_figures_add_up(form):
    for seed in range(5):
        figures = plausible_figures(form, random.Random(seed))
        kinds = list(dict.fromkeys(cell.category for cell in compose(form) if cell.part == "applications"))
        for kind in kinds:
            part = {key[1]: figure for key, figure in figures.items() if key[0] == "applications" and key[2] == kind}
            outcomes = sum(part[item] for item in list(part)[2 : list(part).index("outcomes_total")])
            assert outcomes == part["outcomes_total"]
            assert part["new_received"] + part["brought_forward"] == outcomes + part["carried_forward"]
        received = [figures["applications", "new_received", kind] for kind in kinds]
        assert sum(received[:-1]) == received[-1]


def test_a_paper_report_has_its_truth_and_follows_from_its_number():
    one, again, other = paper_report(3), paper_report(3), paper_report(4)
    assert one.truths == again.truths != other.truths
    assert len(one.truths) == len(compose(one.form)) and all(truth.whole for truth in one.truths)
