import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from toolkit.errors import InputError
from toolkit.narrative.reading import collocations, keyness, kwic, word_frequencies
from toolkit.narrative.scores import g_squared, log_odds_ratio, pair_association
from toolkit.narrative.words import Segmenter


@pytest.fixture
def statements():
    texts = ["人员少,业务培训不足", "人员少,经费少", "更新不及时,公開不夠", "栏目,更新慢", pd.NA]
    return pd.DataFrame(
        {
            "statement": [f"r{n}#1" for n in range(5)],
            "report": ["a", "a", "b", "c", "d"],
            "kind": "problem",
            "text": texts,
            "simulated": False,
        },
        index=[7, 7, 8, 9, 9],
    )


@pytest.fixture
def reports():
    years = pd.array([2022, 2023, pd.NA, 2023], dtype="Int64")
    return pd.DataFrame(
        {"report": ["a", "b", "c", "d"], "year": years, "level": ["county", "township", "county", pd.NA]}
    )


def test_the_concordance_gives_context_and_offsets_as_printed(statements):
    found = kwic(statements, "公开", width=3)
    assert found.to_dict("records") == [
        {
            "statement": "r2#1", "report": "b", "kind": "problem", "simulated": False,
            "left": "及时,", "match": "公開", "right": "不夠", "start": 6, "stop": 8,
        }
    ]  # fmt: skip
    text = statements["text"].iloc[2]
    assert text[6:8] == "公開"


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("人员", ["人员", "人员"]),
        ("人员(不足|少)", ["人员少", "人员少"]),
        ("更新不?及?", ["更新不及", "更新"]),
        ("，", [",", ",", ",", ","]),
        ("（一）", []),
        ("x*", []),
        ("不夠", ["不夠"]),
    ],
    ids=["word", "alternatives", "optional", "full-width comma", "full-width bracket", "empty match", "traditional"],
)
def test_patterns(statements, pattern, matches):
    assert kwic(statements, pattern)["match"].tolist() == matches


@pytest.mark.parametrize("pattern", ["", "(", "*公开"])
def test_a_pattern_that_is_none_is_refused(statements, pattern):
    with pytest.raises(InputError, match="Try: "):
        kwic(statements, pattern)


def test_a_concordance_without_places_keeps_its_columns(statements):
    assert list(kwic(statements, "没有这个").columns) == [
        "statement", "report", "kind", "simulated", "left", "match", "right", "start", "stop",
    ]  # fmt: skip


def test_log_odds_by_hand():
    # 2 words; prior 2 at average usage is one of each: (9+1, 1+1) against (1+1, 9+1).
    odds, z = log_odds_ratio([9, 1], [1, 9], prior=2)
    expected = math.log(10 / 2) - math.log(2 / 10)
    assert odds[0] == pytest.approx(expected)
    assert z[0] == pytest.approx(expected / math.sqrt(1 / 10 + 1 / 2))
    assert odds[1] == pytest.approx(-expected)


def test_log_odds_shrink_with_the_prior_and_favour_frequent_words():
    here, other = np.array([30, 3, 967]), np.array([10, 1, 989])
    weak, strong = (log_odds_ratio(here, other, prior)[0][0] for prior in (1, 10_000))
    assert weak > strong > 0
    z = log_odds_ratio(here, other, 500)[1]
    assert z[0] > 2 * z[1] > 0


def test_a_text_of_a_single_word_has_no_odds():
    assert np.isnan(log_odds_ratio([5], [3], 10)[0]).all()


@pytest.mark.parametrize("table", [(10, 90, 20, 80), (0, 50, 7, 43), (3, 1, 3, 93), (5, 5, 5, 5)], ids=str)
def test_g_squared_is_scipys(table):
    a, b, c, d = table
    reference = chi2_contingency([[a, b], [c, d]], correction=False, lambda_="log-likelihood").statistic
    assert g_squared([a], [b], [c], [d])[0] == pytest.approx(reference, abs=1e-9)


def test_keyness_counts_by_hand(statements, reports):
    found = keyness(statements, "year", reports, min_count=1)
    row = found[(found["year"] == 2022) & (found["token"] == "人员")].iloc[0]
    # 2022: 人员 少 业务培训 不足 人员 少 经费 少; 2023: 更新 不 及时 公开 不够.
    assert (row["count"], row["count_other"], row["total"], row["total_other"]) == (2, 0, 8, 5)
    assert (row["documents"], row["documents_other"]) == (1, 0)
    reference = chi2_contingency([[2, 6], [0, 5]], correction=False, lambda_="log-likelihood").statistic
    assert row["g2"] == pytest.approx(reference)
    pseudo = 500 * 2 / 13
    mine, theirs = 2 + pseudo, pseudo
    expected = math.log(mine / (508 - mine)) - math.log(theirs / (505 - theirs))
    assert row["log_odds"] == pytest.approx(expected)
    assert row["z"] == pytest.approx(expected / math.sqrt(1 / mine + 1 / theirs))


def test_two_groups_mirror_each_other(statements, reports):
    found = keyness(statements, "year", reports, min_count=1).pivot(index="token", columns="year", values="z")
    assert found[2022].to_numpy() == pytest.approx(-found[2023].to_numpy())


def test_texts_without_a_group_are_left_out_and_counted(statements, reports):
    found = keyness(statements, "year", reports, min_count=1)
    assert found.attrs["left_out"] == 1
    assert "栏目" not in set(found["token"])


def test_keyness_by_a_column_of_the_statements(statements):
    found = keyness(
        statements.assign(code=["staffing", "staffing", "timeliness", "timeliness", pd.NA]), "code", min_count=2
    )
    first = found.groupby("code").first()["token"]
    assert first["timeliness"] == "更新"
    assert set(found["simulated"]) == {False}


def test_rare_words_count_in_the_totals(statements, reports):
    assert keyness(statements, "year", reports, min_count=2)["total"].max() == 8


@pytest.mark.parametrize(
    "arguments",
    [{"by": "province"}, {"by": "kind"}, {"by": "report", "group": "z"}, {"by": "report", "prior": 0}],
    ids=["no column", "one group", "no group", "no prior"],
)
def test_keyness_refuses(statements, reports, arguments):
    with pytest.raises(InputError, match="Try: "):
        keyness(statements, reports=reports, **arguments)


def test_one_simulated_text_marks_the_comparison(statements):
    statements["simulated"] = [True, False, False, False, False]
    assert keyness(statements, "report", min_count=1)["simulated"].all()
    assert collocations(statements, min_count=1)["simulated"].all()
    assert word_frequencies(statements, "report", min_count=1)["simulated"].all()


def test_collocations_by_hand():
    frame = pd.DataFrame({"text": ["公开不及时", "更新不及时", "更新慢", "及时,更新"], "report": ["a", "a", "b", "c"]})
    found = collocations(frame, min_count=1).set_index(["first", "second"])
    # Pairs: 公开-不, 不-及时 twice, 更新-不, 更新-慢; none across the comma.
    assert ("及时", "更新") not in found.index
    row = found.loc[("不", "及时")]
    assert tuple(row[["count", "count_first", "count_second", "pairs", "documents"]]) == (2, 2, 2, 5, 1)
    assert row["pmi"] == pytest.approx(math.log2(2 * 5 / 4))
    assert row["npmi"] == pytest.approx(1)
    reference = chi2_contingency([[2, 0], [0, 3]], correction=False, lambda_="log-likelihood").statistic
    assert row["g2"] == pytest.approx(reference)


def test_a_wider_window_takes_pairs_further_apart():
    frame = pd.DataFrame({"text": ["公开不及时", "公开 及时"]})
    assert collocations(frame, min_count=1).set_index(["first", "second"])["count"].to_dict() == {
        ("公开", "不"): 1,
        ("不", "及时"): 1,
    }
    wide = collocations(frame, window=2, min_count=1).set_index(["first", "second"])
    assert wide.loc[("公开", "及时"), "count"] == 2


def test_a_pair_that_is_all_there_is():
    pmi, npmi, g2 = pair_association([4], [4], [4], [4])
    assert (pmi[0], npmi[0], g2[0]) == (0, 1, 0)


def test_word_frequencies_have_zeros_where_the_word_is_not(statements, reports):
    found = word_frequencies(statements, "year", reports, min_count=1)
    row = found[(found["year"] == 2022) & (found["token"] == "更新")].iloc[0]
    assert (row["count"], row["total"], row["documents"], row["documents_total"], row["share"]) == (0, 8, 0, 1, 0)
    row = found[(found["year"] == 2022) & (found["token"] == "人员")].iloc[0]
    assert (row["count"], row["per_10000"], row["share"]) == (2, 2500, 1)
    assert found.attrs["left_out"] == 1
    assert found.groupby("year")["count"].sum().tolist() == [8, 5]


def test_word_frequencies_of_all_texts_together(statements):
    found = word_frequencies(statements, None, words=["更新", "沒有"]).set_index("token")
    assert found["count"].to_dict() == {"更新": 2, "没有": 0}
    assert found.loc["更新", "documents"] == 2


@pytest.mark.parametrize("words", [["的"], ["更新不及时"], "更新"], ids=["stopped", "several words", "a text"])
def test_a_count_that_would_be_zero_without_being_true_is_refused(statements, words):
    with pytest.raises(InputError, match="Try: "):
        word_frequencies(statements, None, words=words)


def test_own_words(statements):
    segmenter = Segmenter(None, user_terms=["更新不及时"])
    assert word_frequencies(statements, None, words=["更新不及时"], segmenter=segmenter)["count"].tolist() == [1]
