"""Clusters of problems: agreement with codes, stability, new statements, labels, wrong questions."""

import itertools
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.metrics import adjusted_rand_score, v_measure_score
from threadpoolctl import threadpool_limits

from toolkit.analysis.clustering.duplicates import duplicate_groups, weights_of
from toolkit.analysis.clustering.partition import divide
from toolkit.analysis.clustering.phrases import preferred_terms, strip_phrases
from toolkit.analysis.clustering.stability import best_jaccard, choose, jaccard_stability
from toolkit.analysis.clustering.vectors import Vectoriser
from toolkit.analysis.clusters import Clusters, cluster_problems
from toolkit.errors import InputError
from toolkit.simulation.chapter_five import phrases as simulated_phrases

matplotlib.use("Agg")
ANNOTATED = Path(__file__).parent.parent / "narrative" / "data" / "phrases.csv"


@pytest.fixture(scope="module")
def annotated() -> pd.DataFrame:
    frame = pd.read_csv(ANNOTATED, encoding="utf-8")
    frame = frame[frame["kind"] == "problem"].drop_duplicates("text").reset_index(drop=True)
    names = [f"r{at // 3}#{at % 3}" for at in frame.index]
    return frame.assign(statement=names, report=[name.split("#")[0] for name in names], simulated=False)


@pytest.fixture(scope="module")
def unseeded(annotated) -> Clusters:
    return cluster_problems(annotated.drop(columns="code"), n_clusters=20, seeded=False, resamples=5)


@pytest.fixture(scope="module")
def seeded(annotated) -> Clusters:
    return cluster_problems(annotated.drop(columns="code"), resamples=5)


def planted(copies: int = 1) -> pd.DataFrame:
    rows = [(code, text) for code, bank in simulated_phrases("problem").items() for text in bank for _ in range(copies)]
    frame = pd.DataFrame(rows, columns=["code", "text"]).assign(kind="problem", simulated=True)
    return frame.assign(statement=[f"s{at}" for at in frame.index], report=[f"r{at // 4}" for at in frame.index])


# What it finds


def test_unseeded_clusters_agree_with_codes_they_have_not_seen(annotated, unseeded):
    found = unseeded.assignments["cluster"]
    assert v_measure_score(annotated["code"], found) >= 0.62
    assert adjusted_rand_score(annotated["code"], found) >= 0.35
    assert unseeded.info["k"] == 20


def test_seeded_clusters_agree_more(annotated, seeded):
    assert v_measure_score(annotated["code"], seeded.assignments["cluster"]) >= 0.85
    assert any("circular" in told for told in seeded.info["warnings"])


def test_raw_statements_would_agree_less(annotated, unseeded):
    raw = cluster_problems(annotated, n_clusters=20, seeded=False, resamples=0, thesaurus=None)
    assert raw.overlap.v + 0.05 < v_measure_score(annotated["code"], unseeded.assignments["cluster"])


@pytest.mark.parametrize("vectors", ["search_tokens", "characters", "embedding"])
def test_planted_themes_come_back(vectors):
    frame = planted()
    found = cluster_problems(frame.drop(columns="code"), 20, seeded=False, vectors=vectors, resamples=0)
    assert v_measure_score(frame["code"], found.assignments["cluster"]) >= 0.55


def test_as_many_seeded_clusters_as_codes_with_five_statements():
    text = [
        f"{word}问题{letter}" for word, times in (("甲乙", 5), ("丙丁", 6), ("戊己", 4)) for letter in "abcdef"[:times]
    ]
    frame = pd.DataFrame({"text": text, "code": ["x"] * 5 + ["y"] * 6 + ["z"] * 4})
    found = cluster_problems(frame, resamples=0)
    assert found.info["k"] == 2
    assert found.info["seeds"] == ("y", "x")
    assert found.info["codes"] == "the column code"


@pytest.mark.parametrize(("asked", "got"), [(4, 4), (25, 25)], ids=["fewer than codes", "more than codes"])
def test_a_number_may_be_given_with_seeds(annotated, asked, got):
    assert cluster_problems(annotated, asked, resamples=0).info["k"] == got


# How it is told


def test_a_frame_for_each_statement_and_nothing_else(annotated, unseeded):
    assert unseeded.assignments.columns.tolist() == ["statement", "cluster"]
    assert unseeded.assignments["statement"].tolist() == annotated["statement"].tolist()
    assert sorted(unseeded.assignments["cluster"].unique()) == list(range(1, 21))
    assert unseeded.sizes["statements"].is_monotonic_decreasing
    assert unseeded.sizes["statements"].sum() == len(annotated)
    assert unseeded.sizes["share"].sum() == pytest.approx(1)


def test_only_problems_take_part_and_a_text_without_words_is_in_no_cluster(annotated):
    part = annotated.head(60).assign(kind=["problem"] * 40 + ["improvement"] * 20)
    part.loc[3, "text"] = "——。"
    part.loc[5, "text"] = None
    found = cluster_problems(part, 5, seeded=False, resamples=0)
    assert len(found.assignments) == 39
    assert found.assignments["cluster"].isna().tolist() == [at == 3 for at in range(39)]
    assert found.info["n_unclustered"] == 1
    attached = found.attach(part)
    assert attached["cluster"].isna().sum() == 22
    assert attached.index.equals(part.index)


def test_few_statements_are_told(annotated, unseeded):
    few = cluster_problems(annotated.head(299), 10, seeded=False, resamples=0)
    assert "codes serve better" in few.info["warnings"][0]
    assert not any("codes serve better" in told for told in unseeded.info["warnings"])


def test_info_and_settings_can_be_printed(unseeded):
    info = unseeded.info
    assert (info["n"], info["seed"], info["thesaurus"]) == (431, 0, "synonyms")
    assert set(info["versions"]) >= {"jieba", "scikit-learn"}
    for said in (info["lexicon"], info["segmenter"], "V = ", "Seed 0", "20 clusters"):
        assert said in unseeded.settings


def test_overlap_is_scikit_learns_and_its_matrix_counts_every_statement(annotated):
    found = cluster_problems(annotated, 12, seeded=False, resamples=0)
    overlap = found.overlap
    assert overlap.v == pytest.approx(v_measure_score(annotated["code"], found.assignments["cluster"]))
    assert overlap.ari == pytest.approx(adjusted_rand_score(annotated["code"], found.assignments["cluster"]))
    assert int(overlap.matrix.to_numpy().sum()) == overlap.n == 431
    assert overlap.matrix.loc["staffing"].sum() == (annotated["code"] == "staffing").sum()


def test_medoids_have_the_smallest_mean_distance(annotated, unseeded):
    best = unseeded.representatives(1)
    assert best["rank"].eq(1).all() and len(best) == 20
    fitted = unseeded._fitted
    for row in best.head(5).itertuples():
        inside = fitted.statements[fitted.statements["cluster"] == row.cluster]
        vectors = fitted.vectors[inside["row"]]
        cost = ((vectors[:, None] - vectors[None]) ** 2).sum(axis=2) @ inside["weight"].to_numpy()
        assert cost[inside["statement"].tolist().index(row.statement)] == pytest.approx(cost.min())
    assert unseeded.representatives(4).groupby("cluster").size().max() == 4


def test_terms_are_class_based_tf_idf(unseeded):
    terms = unseeded.terms(3)
    assert terms.groupby("cluster").size().eq(3).all()
    assert terms.groupby("cluster")["weight"].apply(lambda w: w.is_monotonic_decreasing).all()
    cluster = unseeded.assign(pd.DataFrame({"text": ["依申请公开答复不规范"]}))["cluster"].iloc[0]
    assert "申请" in terms.loc[terms["cluster"] == cluster, "term"].tolist()


def test_labels_set_by_hand_stay_in_every_frame_and_plot(unseeded):
    from toolkit.analysis.drawing.clusters import plot_clusters, plot_stability

    named = unseeded.label({1: "甲类"}).label({2: "乙类"})
    assert unseeded.sizes["label"].isna().all()
    for frame in (named.sizes, named.stability, named.terms(1), named.representatives(1), named.map(60)):
        assert set(frame.loc[frame["cluster"].isin([1, 2]), "label"]) == {"甲类", "乙类"}
    shown = [tick.get_text() for tick in plot_stability(named.stability).get_yticklabels()]
    assert any("甲类" in text for text in shown)
    assert any("甲类" in text.get_text() for text in plot_clusters(named.map(60)).texts)
    matplotlib.pyplot.close("all")


def test_the_map_has_every_medoid_and_is_the_same_each_time(unseeded):
    shown = unseeded.map(80)
    assert len(shown) == 80 and shown["medoid"].sum() == 20
    pd.testing.assert_frame_equal(shown, unseeded.map(80))


def test_simulated_statements_stay_marked():
    found = cluster_problems(planted(), 5, seeded=False, resamples=0)
    for frame in (found.sizes, found.stability, found.terms(1), found.representatives(1), found.map(40)):
        assert frame["simulated"].all()


# New statements


def test_statements_assigned_again_get_their_own_cluster(annotated, unseeded, seeded):
    for found in (unseeded, seeded):
        again = found.assign(annotated.drop(columns="code"))
        assert again["cluster"].tolist() == found.assignments["cluster"].tolist()


def test_new_statements_join_without_refitting(unseeded):
    new = pd.DataFrame({"statement": ["a", "b", "c"], "text": ["更新不够及时", "信息发布滞后", "……"]})
    got = unseeded.assign(new)["cluster"]
    assert got[0] == got[1]
    assert got.isna().tolist() == [False, False, True]


# Near-duplicates


def test_near_duplicates_weigh_like_few():
    text = pd.Series(["公开信息更新不够及时,栏目较旧"] * 8 + ["公开信息更新不够及时，栏目较舊。", "人手紧张"])
    groups = duplicate_groups(text)
    assert len(set(groups[:9])) == 1 and groups[9] != groups[0]
    assert weights_of(groups)[:9].sum() == pytest.approx(1 + np.log(9))


def test_a_flood_of_one_text_does_not_move_the_other_clusters(annotated):
    flood = pd.concat([annotated, pd.DataFrame({"text": ["信息更新不够及时"] * 500, "kind": "problem"})])
    flood = flood.assign(statement=range(len(flood))).reset_index(drop=True)
    light = cluster_problems(flood, 20, seeded=False, resamples=0).assignments["cluster"][:431]
    plain = cluster_problems(annotated, 20, seeded=False, resamples=0).assignments["cluster"]
    assert adjusted_rand_score(plain, light) > 0.8


# Repeatable


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("settings", [{}, {"seeded": False, "n_clusters": 9}], ids=["seeded", "unseeded"])
def test_the_same_whatever_the_threads(annotated, threads, settings):
    part = annotated.head(120).drop(columns="code")
    with threadpool_limits(threads):
        found = cluster_problems(part, seed=3, resamples=2, **settings)
    assert found.assignments["cluster"].tolist() == _reference(part, settings)


def _reference(part: pd.DataFrame, settings: dict) -> list:
    return cluster_problems(part, seed=3, resamples=2, **settings).assignments["cluster"].tolist()


def test_the_order_of_rows_decides_nothing_but_numbers(annotated):
    part = annotated.head(150)
    turned = part.iloc[::-1]
    one = cluster_problems(part, 10, seeded=False, resamples=0).assignments.set_index("statement")["cluster"]
    other = cluster_problems(turned, 10, seeded=False, resamples=0).assignments.set_index("statement")["cluster"]
    assert adjusted_rand_score(one, other[one.index]) == pytest.approx(1)


# Stability


def test_best_jaccard_is_counted_by_hand():
    reference, other = np.array([0, 0, 0, 1, 1, 2]), np.array([7, 7, 8, 8, 8, 9])
    sets = [{at for at in range(6) if reference[at] == c} for c in range(3)]
    theirs = [{at for at in range(6) if other[at] == c} for c in (7, 8, 9)]
    wanted = [max(len(a & b) / len(a | b) for b in theirs) for a in sets]
    assert best_jaccard(reference, other, 3).tolist() == pytest.approx(wanted)


def test_clusters_that_are_there_are_stable_and_halves_of_one_cloud_are_not():
    generator = np.random.default_rng(0)
    apart = np.vstack([generator.normal(m, 0.05, (40, 2)) for m in ([1, 0], [0, 1], [-1, -1])])
    cloud = generator.normal(0, 1, (120, 2))

    def stability(points: np.ndarray) -> float:
        again = lambda rows, counts, seed: divide(points[rows], counts.astype(float), 3, seed)  # noqa: E731
        found = divide(points, np.ones(len(points)), 3, 0)
        return jaccard_stability(found.labels, np.ones(len(points), int), again, 10, 0)["stability"].mean()

    assert stability(apart) == pytest.approx(1)
    assert stability(cloud) < 0.9


def test_the_number_is_where_the_curve_levels_off(annotated):
    found = cluster_problems(annotated.head(220), seeded=False, resamples=0, k_range=(20, 44))
    curve = found.curve
    assert curve.columns.tolist() == ["k", "stability", "se", "pairs", "chosen"]
    assert curve.loc[curve["chosen"], "k"].tolist() == [found.info["k"]] == [choose(curve)]
    assert curve["stability"].between(-0.1, 1).all()


def test_a_number_at_the_end_of_the_range_is_told(annotated):
    found = cluster_problems(annotated, seeded=False, resamples=0, k_range=(20, 20))
    assert any("end of k_range" in told for told in found.info["warnings"])


def test_stability_is_missing_when_it_was_not_computed(annotated):
    found = cluster_problems(annotated.head(100), 5, seeded=False, resamples=0)
    assert found.stability["stability"].isna().all()
    assert "not computed" in found.settings


# One's own vectors and clusterer


def test_an_array_is_taken_as_it_is():
    generator = np.random.default_rng(1)
    array = np.vstack([generator.normal(m, 0.01, (20, 2)) for m in ([1, 0], [0, 1], [-1, 0])])
    frame = pd.DataFrame(
        {"text": [f"语句{letter}" for letter in itertools.islice("abcdefghijklmnopqrstuvwxyz" * 3, 60)]}
    )
    found = cluster_problems(frame, 3, seeded=False, vectors=array, resamples=5)
    assert adjusted_rand_score(np.repeat([0, 1, 2], 20), found.assignments["cluster"]) == 1
    assert found.stability["stability"].min() > 0.99
    new = found.assign(frame.head(1), vectors=array[:1])
    assert new["cluster"].tolist() == found.assignments["cluster"].head(1).tolist()


@pytest.mark.parametrize(
    "clusterer",
    [KMeans(7, n_init=2), AgglomerativeClustering(7)],
    ids=["weighted, with a random state", "neither"],
)
def test_any_clusterer_of_scikit_learn(annotated, clusterer):
    found = cluster_problems(annotated.head(150), clusterer=clusterer, resamples=2)
    assert found.info["k"] == 7
    assert type(clusterer).__name__ in found.info["method"]
    assert len(found.assign(annotated.tail(5))) == 5


# Words


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("但与上级要求相比,个别部门信息公开还不够及时", "及时"),
        ("公開形式較為單一", "形式 单一"),
        ("栏目更新慢,导致群众不满意", "栏目更新慢"),
        ("审核把关不严的问题仍然存在", "审核把关不严"),
    ],
    ids=["opener, subject, hedge", "traditional", "tail", "that it is a problem"],
)
def test_what_is_stripped(text, left):
    assert strip_phrases(text) == left


def test_words_of_one_meaning_become_one_term():
    same = [preferred_terms(text) for text in ("更新慢", "发布滞后", "时效性差")]
    assert same == [{"及时": 1.0}] * 3


def test_no_term_of_the_thesaurus_is_a_code():
    from toolkit.analysis.clustering.phrases import read_thesaurus
    from toolkit.narrative.codingscheme import load_scheme

    terms = {term.term for term in read_thesaurus("synonyms")}
    assert len(terms) > 2 * len(load_scheme().codes_of("improvement"))


# Wrong questions

SOME = pd.DataFrame({"text": ["更新慢", "人手少", "形式单一", "制度不健全"], "kind": "problem"})


@pytest.mark.parametrize(
    ("frame", "settings", "said"),
    [
        (SOME, {"n_clusters": 5}, "4 distinct statements cannot make 5"),
        (SOME, {"n_clusters": 1}, "no division"),
        (SOME.head(0), {}, "no statements"),
        (SOME.drop(columns="text"), {}, "column text"),
        (SOME.assign(kind="improvement"), {}, "no statement of kind problem"),
        (SOME, {"n_clusters": 2, "vectors": np.ones((3, 2))}, r"shape \(3, 2\)"),
        (SOME, {"n_clusters": 2, "vectors": np.ones(4)}, r"shape \(4,\)"),
        (SOME, {"n_clusters": 2, "vectors": np.full((4, 2), np.nan)}, "missing or infinite"),
        (SOME, {"n_clusters": 2, "vectors": "bert"}, "'bert'"),
        (SOME, {"n_clusters": 2, "weights": "heavy"}, "'heavy'"),
        (SOME, {"n_clusters": 2, "weights": [1, 1]}, "one positive number"),
        (SOME, {"n_clusters": 2, "thesaurus": "none.csv"}, "no thesaurus"),
        (SOME.assign(text="更新不够及时"), {"n_clusters": 2}, "say the same"),
        (SOME, {"clusterer": KMeans(1, n_init=1)}, "one cluster"),
    ],
    ids=["more clusters than statements", "one cluster", "empty", "no text", "no problem", "wrong rows", "wrong shape",
         "not finite", "unknown vectors", "unknown weights", "too few weights", "no thesaurus", "all equal",
         "a clusterer that finds one"],
)  # fmt: skip
def test_what_is_asked_wrongly_gets_an_answer(frame, settings, said):
    with pytest.raises(InputError, match=said):
        cluster_problems(frame, seeded=False, **settings)


def test_seeds_need_two_codes_with_five_statements():
    with pytest.raises(InputError, match="fewer than two codes"):
        cluster_problems(SOME)


def test_labels_and_numbers_asked_wrongly(unseeded):
    for wrong in ({99: "x"}, {1: " "}):
        with pytest.raises(InputError):
            unseeded.label(wrong)
    for ask in (unseeded.representatives, unseeded.terms):
        with pytest.raises(InputError, match="n is 0"):
            ask(0)
    with pytest.raises(InputError, match="texts alone"):
        unseeded.assign(SOME, vectors=np.ones((4, 2)))


def test_vectors_learn_nothing_from_texts_without_words():
    with pytest.raises(InputError, match="no text"):
        Vectoriser().fit(["。", "——"])
