"""Every rule against planted contradictions: all that can be told are found, and nothing else."""

import pytest

from benchmarks.rules import made, score


@pytest.fixture(scope="module")
def scores():
    return {planted: score(*made(240, 8, planted)) for planted in (0.7, 0.0)}


def test_what_can_be_told_is_found_and_nothing_else(scores):
    for one in scores.values():
        assert {rule: values.false for rule, values in one.items() if values.false} == {}
        assert {rule: values for rule, values in one.items() if values.found != values.there} == {}


def test_nearly_every_rule_is_there_and_little_cannot_be_told(scores):
    there = {rule for rule, values in scores[0.7].items() if values.there >= 3}
    assert len(there) >= 12 and "children_sum" in there
    assert sum(one.untold for one in scores[0.7].values()) < 0.2 * sum(one.there for one in scores[0.7].values())


def test_a_rule_that_misses_is_told(monkeypatch):
    corpus, truth = made(60, 8, 0.7)
    corpus.findings = corpus.findings[corpus.findings["rule"] != "row_total"]
    assert score(corpus, truth)["row_total"].found < score(corpus, truth)["row_total"].there
