"""Figures: what is drawn is what the frame says; Chinese always shows; nothing overlaps."""

import ast
import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib import font_manager
from matplotlib.text import Text
from statsmodels.stats.proportion import proportion_confint

from toolkit.analysis import figures
from toolkit.analysis.drawing import fonts
from toolkit.analysis.drawing.associations import on_one_scale, stars
from toolkit.analysis.drawing.corpus import ink_on
from toolkit.analysis.drawing.lettering import width_of, wrapped
from toolkit.analysis.drawing.subsetting import wanted_characters
from toolkit.analysis.prevalence import answers, effective_n, named, persistence, prevalence, wilson
from toolkit.analysis.writing.wording import label_of, provinces
from toolkit.errors import InputError
from toolkit.narrative.coding import load_scheme

CODES = list(load_scheme().codes)
LEVELS = ["province", "prefecture", "county", "township"]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def panel(simulated=True):
    rng = np.random.default_rng(1)
    rows = [
        (f"a{n}/{year}", f"a{n}", f"p{n % 9}", LEVELS[n % 4], provinces()[n % 31]["name"], year)
        for n in range(60)
        for year in range(2020, 2025)
        if rng.random() < 0.8
    ]
    reports = pd.DataFrame(rows, columns=["report", "agency_id", "parent_id", "level", "province", "year"])
    reports = reports.assign(scope="own", problems_status="named", simulated=simulated)
    marks = rng.random((len(reports), len(CODES)))
    rows = [
        (report, kind, code, simulated)
        for report, mark in zip(reports["report"], marks)
        for code, value in zip(CODES, mark)
        for kind, limit in (("problem", 0.3), ("improvement", 0.2))
        if value < limit
    ]
    return reports, pd.DataFrame(rows, columns=["report", "kind", "code", "simulated"])


def associations(simulated=True):
    rng = np.random.default_rng(2)
    names = ["disclosure_rate", "substantive_disclosure_no_query", "reconsid_correction_rate_strict", "any_suits"]
    rows = []
    for theme in CODES:
        for name in names:
            odds = name.startswith("any")
            effect = float(np.exp(rng.normal()) if odds else rng.uniform(-0.6, 0.6))
            low, high = (effect / 2, effect * 2) if odds else (effect - 0.2, effect + 0.2)
            rows.append((theme, name, "odds_ratio" if odds else "cliffs_delta", effect, low, high, 120, 0.02, 0.03))
    frame = pd.DataFrame(rows, columns=["theme", "indicator", "effect_name", "effect", "low", "high", "n", "p", "q"])
    frame.loc[3, ["effect", "low", "high", "p", "q"]] = np.nan
    return frame.assign(
        warning=pd.Series([None] * 5 + ["few agencies"] + [None] * (len(frame) - 6)), simulated=simulated
    )


def clusters(simulated=True):
    sizes = range(5, 15)
    frame = pd.DataFrame({"cluster": range(10), "size": sizes, "stability": np.linspace(0.3, 1.0, 10)})
    frame["label"] = ["信息公开内容更新不及时、栏目长期不更新且时效性有待进一步提高", *([None] * 9)]
    return frame.assign(simulated=simulated)


def cluster_map(simulated=True):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.normal(size=(200, 2)), columns=["x", "y"]).assign(cluster=rng.integers(0, 10, 200))
    return frame.assign(
        medoid=~frame.duplicated("cluster"), text="主动公开的内容不够全面，更新不够及时", simulated=simulated
    )


def failures(simulated=True):
    rows = [
        ("a.pdf", "read", "SourceError", "a.pdf: 文件已加密，无法读取"),
        ("b", "parse", "ParseError", "b: no table"),
    ]
    return pd.DataFrame(rows, columns=["source", "stage", "error", "message"]).assign(simulated=simulated)


def everything(simulated=True, **options):
    """Draw each figure once."""
    reports, statements = panel(simulated)
    presence = named(statements, reports)
    words = pd.DataFrame(
        {"level": np.repeat(LEVELS, 3), "token": ["人手", "兼职", "培训"] * 4, "z": [3.0, 2.0, 1.0] * 4}
    )
    values = pd.DataFrame({"new_received": [0, 0, 1, 30, 1200, None], "reuse_self": [0, 0.5, 1, None, 0.2, 0.9]})
    values = values.assign(reuse_peer=0.3, simulated=simulated)
    by_province = reports.groupby("province").size().rename("n").reset_index().assign(simulated=simulated)
    one = prevalence(presence[presence["theme"].eq("staffing")], "named", ["year", "level"])
    yield figures.plot_prevalence(one, **options)
    yield figures.plot_prevalence(prevalence(presence, "named", "theme"), x="theme", **options)
    yield figures.plot_associations(associations(simulated), **options)
    yield figures.plot_forest(associations(simulated), "any_suits", **options)
    yield figures.plot_answers(answers(statements), **options)
    yield figures.plot_persistence(persistence(presence), **options)
    yield figures.plot_keyness(words.assign(simulated=simulated), **options)
    yield figures.plot_reuse(values, **options)
    yield figures.plot_counts(values, "new_received", **options)
    yield figures.plot_stability(clusters(simulated), **options)
    yield figures.plot_clusters(cluster_map(simulated), **options)
    yield figures.plot_coverage(reports, **options)
    yield figures.plot_provinces(by_province, **options)
    yield figures.plot_failures(failures(simulated), n_read=7, **options)


def texts(ax):
    return [text.get_text() for text in ax.findobj(Text) if text.get_text() and text.get_visible()]


def caption(ax):
    return next(text.get_text() for text in ax.findobj(Text) if text.get_gid() == "caption").replace("\n", "")


@pytest.mark.parametrize("lang, look", [("zh", "colour"), ("en", "journal")])
def test_every_figure_draws_without_a_missing_glyph_and_without_overlap(lang, look):
    before = dict(plt.rcParams)
    title = {
        "zh": "各级机关指出该问题的比例及其年度变化",
        "en": "Share of agencies that name the problem, by year and level",
    }
    for ax in everything(lang=lang, style=look, title=title[lang], note="剔除 3 份" if lang == "zh" else "3 left out"):
        fig = ax.figure
        fig.canvas.draw()
        names = [re.sub(r"\s", "", text) for text in texts(ax)]
        assert any({"zh": "模拟数据", "en": "simulateddata"}[lang] in name for name in names)
        assert re.sub(r"\s", "", caption(ax)).endswith("剔除3份。" if lang == "zh" else "3leftout.")
        assert overlapping(ax) == [], ax.get_title(loc="left")
        pixels = np.asarray(fig.canvas.buffer_rgba())[..., :3].astype(int)
        assert look == "colour" or np.ptp(pixels, axis=2).max() <= 2, "colour in print"
        plt.close(fig)
    assert dict(plt.rcParams) == before


def overlapping(ax):
    """Pairs of texts whose ink boxes meet, upright ones only."""
    renderer = ax.figure.canvas.get_renderer()
    outside = {
        tick.label1
        for axis in (ax.xaxis, ax.yaxis)
        for tick, place in zip(axis.get_major_ticks(), axis.get_majorticklocs())
        if not min(axis.get_view_interval()) - 1e-9 <= place <= max(axis.get_view_interval()) + 1e-9
    }
    shown = [
        t
        for t in set(ax.findobj(Text)) - outside
        if t.get_text().strip() and t.get_visible() and t.get_rotation() % 90 == 0
    ]
    boxes = [(t.get_text(), Text.get_window_extent(t, renderer).padded(-2.0)) for t in shown]
    view = ax.figure.bbox.padded(400)
    boxes = [(text, box) for text, box in boxes if view.overlaps(box) and box.width > 0 and box.height > 0]
    return [(a[0], b[0]) for n, a in enumerate(boxes) for b in boxes[n + 1 :] if a[1].overlaps(b[1])]


def test_figures_of_real_data_do_not_say_simulated():
    for ax in everything(simulated=False):
        assert not any("模拟" in text for text in texts(ax))


def test_silence_a_character_that_no_font_has_is_a_sign_not_a_box():
    frame = clusters().assign(label=["县\U000f0000镇", *([None] * 9)])
    ax = figures.plot_stability(frame)
    ax.figure.canvas.draw()
    assert any("县〓镇" in text for text in texts(ax))


def test_a_dollar_sign_in_a_label_is_no_mathematics():
    ax = figures.plot_stability(clusters().assign(label=["费用 $5 到 $9", *([None] * 9)]))
    ax.figure.canvas.draw()
    assert any("费用 $5 到 $9" in text for text in texts(ax))


def test_the_packaged_font_is_there_small_free_and_complete():
    folder = Path(fonts.__file__).parent / "fonts"
    font = folder / "XxgkSansSC-Regular.otf"
    assert font.stat().st_size < 2.5e6
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8").upper()
    assert fonts.missing_characters("".join(wanted_characters()), [fonts.FAMILY]) == ["𬮤", "𰝟"]
    labels = "".join(label_of(code) for code in CODES)
    assert fonts.missing_characters(labels + "浉瀍堽垟−≥≤×½Δφδ²—…“”《》〔〕", [fonts.FAMILY]) == []


def test_chinese_shows_on_a_machine_without_any_chinese_font(monkeypatch):
    kept = [entry for entry in font_manager.fontManager.ttflist if entry.name in (fonts.LAST, fonts.FAMILY)]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", kept)
    assert fonts.font_families() == [fonts.FAMILY, fonts.LAST]
    ax = figures.plot_stability(clusters())
    ax.figure.canvas.draw()


def test_font_can_be_chosen():
    assert fonts.font_families("system")[-1] == fonts.LAST
    with pytest.raises(InputError, match="no font"):
        fonts.font_families("Kaiti of the moon")


def test_axes_in_axes_out_also_in_a_grid():
    fig, axes = plt.subplots(1, 2, figsize=(12, 4), layout="constrained")
    assert figures.plot_counts(pd.DataFrame({"n": [0, 1]}), "n", axes[0]) is axes[0]
    assert figures.plot_coverage(panel()[0], axes[1]) is axes[1]
    fig.canvas.draw()


def test_prevalence_is_drawn_at_its_values():
    reports, statements = panel()
    frame = prevalence(named(statements, reports).query("theme == 'staffing'"), "named", ["year", "level"])
    ax = figures.plot_prevalence(frame)
    drawn = [line.get_ydata() for line in ax.lines if line.get_linestyle() == "-"]
    expected = [frame[frame["level"].eq(level)].sort_values("year")["share"].to_numpy() for level in LEVELS]
    np.testing.assert_allclose(drawn, expected)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["省级", "地级", "县级", "乡镇街道"]
    with pytest.raises(InputError, match="several rows"):
        figures.plot_prevalence(frame, group=None)


def test_heatmap_says_effect_marks_n_and_what_is_empty():
    ax = figures.plot_associations(associations(), indicators=["any_suits", "disclosure_rate"])
    frame = associations()
    row = frame[frame["indicator"].eq("any_suits")].iloc[1]
    assert f"{row['effect']:.2f}*" in texts(ax) and "n=120" in texts(ax)
    assert "1 格无法估计" in caption(figures.plot_associations(associations()))
    with pytest.raises(InputError, match="twice"):
        figures.plot_associations(pd.concat([frame, frame]))


def test_forest_draws_every_theme_and_refuses_several_indicators():
    frame = associations()
    ax = figures.plot_forest(frame, "any_suits")
    rows = frame[frame["indicator"].eq("any_suits") & frame["effect"].notna()].sort_values("effect")
    assert [tick.get_text() for tick in ax.get_yticklabels()] == [label_of(code) for code in rows["theme"]]
    assert ax.get_xscale() == "log" and f"{20 - len(rows)} 个主题无法估计" in caption(ax)
    with pytest.raises(InputError, match="one of disclosure_rate"):
        figures.plot_forest(frame)


def test_forest_with_endless_intervals():
    frame = associations().query("indicator == 'any_suits'").reset_index(drop=True)
    frame.loc[1, ["low", "high"]] = [0.0, np.inf]
    ax = figures.plot_forest(frame)
    ax.figure.canvas.draw()
    assert np.isfinite(ax.get_xlim()).all() and any("∞" in text for text in texts(ax))


def test_counts_show_zeros_apart_and_name_the_missing():
    frame = pd.DataFrame({"suits": pd.array([0, 0, 0, 5, 50, None], dtype="Float64")})
    ax = figures.plot_counts(frame, "suits", lang="en")
    assert "3\n(60%)" in texts(ax) and "3 of them zero; 1 missing" in caption(ax)
    with pytest.raises(InputError, match="negative"):
        figures.plot_counts(pd.DataFrame({"x": [-1]}), "x")


def test_coverage_and_provinces_say_what_has_no_place():
    reports, _ = panel()
    reports.loc[:2, "province"] = None
    assert "另有 3 份地区或年份不明" in caption(figures.plot_coverage(reports))
    frame = pd.DataFrame({"province": ["北京市", "440000", "某省"], "n": [3, 4, 5]})
    ax = figures.plot_provinces(frame)
    assert {"北京", "广东", "台湾", "香港", "澳门"} <= set(texts(ax)) and "1 行不属于任何省份" in caption(ax)
    with pytest.raises(InputError, match="twice"):
        figures.plot_provinces(pd.DataFrame({"province": ["北京市", "北京"], "n": [1, 2]}))


def test_failures_none():
    ax = figures.plot_failures(failures().head(0), n_read=3)
    assert "全部来源均已读出" in texts(ax) and "0 个来源未能读出，3 个已读出" in caption(ax)


def test_labels_set_by_hand_stay():
    ax = figures.plot_stability(clusters(), labels={3: "更新慢"})
    assert any(text.startswith("更新慢 (") for text in texts(ax))
    ax = figures.plot_clusters(cluster_map(), labels={3: "更新慢"})
    assert any("更新慢 (n=" in text for text in texts(ax))


@pytest.mark.parametrize(
    "call",
    [
        lambda: figures.plot_counts(pd.DataFrame({"n": [1]}), "m"),
        lambda: figures.plot_stability(pd.DataFrame({"cluster": [1]})),
        lambda: figures.plot_counts(pd.DataFrame({"n": [1]}), "n", lang="fr"),
        lambda: figures.plot_counts(pd.DataFrame({"n": [1]}), "n", style="rainbow"),
    ],
    ids=["column", "columns", "language", "style"],
)
def test_wrong_arguments(call):
    with pytest.raises(InputError):
        call()


def test_files_are_the_same_each_time(tmp_path):
    bytes_of = []
    for turn in range(2):
        ax = figures.plot_counts(pd.DataFrame({"n": [0, 1, 20]}), "n", title="申请数")
        files = figures.save_figure(ax, tmp_path / f"{turn}" / "图一.png")
        assert [file.name for file in files] == ["图一.pdf", "图一.svg", "图一.png"]
        bytes_of.append([file.read_bytes() for file in files])
        plt.close(ax.figure)
    assert bytes_of[0] == bytes_of[1] and all(bytes_of[0])
    assert plt.imread(tmp_path / "0" / "图一.png").shape[1] > 1500
    with pytest.raises(InputError, match="gif"):
        figures.save_figure(plt.figure(), tmp_path / "x", formats=["gif"])


def test_every_figure_is_exported():
    folder = Path(figures.__file__).parent / "drawing"
    source = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    drawn = {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}
    assert {name for name in drawn if name.startswith("plot_")} == {n for n in figures.__all__ if n.startswith("plot_")}


# The numbers behind the figures.


@pytest.mark.parametrize("k, n", [(0, 10), (3, 20), (20, 20), (170, 400)])
def test_wilson_against_statsmodels(k, n):
    np.testing.assert_allclose(wilson(k, n), proportion_confint(k, n, method="wilson"), atol=1e-12)


def test_effective_n_of_independent_and_of_copied_reports():
    values = np.array([1, 0, 0, 1, 1, 0, 1, 0] * 5)
    assert effective_n(values, np.arange(40)) == pytest.approx(40)
    assert effective_n(np.repeat(values, 3), np.repeat(np.arange(40), 3)) == pytest.approx(40, rel=0.03)
    assert effective_n(np.ones(30), np.repeat(np.arange(10), 3)) == 10


def test_coverage_of_the_cluster_interval():
    rng = np.random.default_rng(0)
    covered = {"cluster": 0, "wilson": 0}
    for _ in range(300):
        share = rng.beta(2, 4, 40).repeat(4)
        frame = pd.DataFrame({"agency_id": np.arange(40).repeat(4), "year": 2023, "x": (rng.random(160) < share) * 1})
        for kind in covered:
            low, high = prevalence(frame, "x", interval=kind).loc[0, ["low", "high"]]
            covered[kind] += low <= 1 / 3 <= high
    assert 0.92 <= covered["cluster"] / 300 <= 0.98 and covered["wilson"] < covered["cluster"]


def test_prevalence_counts_what_is_missing_and_refuses_what_is_no_flag():
    frame = pd.DataFrame({"agency_id": list("abcd"), "year": 2023, "x": pd.array([1, 0, None, 1], dtype="Float64")})
    row = prevalence(frame, "x").iloc[0]
    assert row[["n", "k", "n_missing", "n_clusters"]].tolist() == [3, 2, 1, 3]
    empty = prevalence(frame.assign(x=np.nan), "x").iloc[0]
    assert empty["n"] == 0 and np.isnan(empty["share"]) and np.isnan(empty["low"])
    with pytest.raises(InputError, match="1 and 0"):
        prevalence(frame.assign(x=[1, 2, 3, 4]), "x")
    with pytest.raises(InputError, match="no column agency"):
        prevalence(frame, "x", cluster="agency")


def test_named_leaves_out_chapters_that_were_not_read():
    reports = pd.DataFrame({"report": list("abcd"), "problems_status": ["named", "none_named", "absent", "unread"]})
    statements = pd.DataFrame({"report": ["a"], "kind": "problem", "code": "staffing"})
    assert named(statements, reports)[["report", "named"]].values.tolist() == [["a", 1], ["b", 0]]


def test_persistence_by_hand():
    rows = [
        ("a", 2021, 1),
        ("a", 2022, 1),
        ("a", 2023, 0),
        ("b", 2021, 0),
        ("b", 2022, 1),
        ("b", 2024, 1),
        ("c", 2021, 0),
    ]
    frame = pd.DataFrame(rows, columns=["agency_id", "year", "named"]).assign(theme="staffing", scope="own")
    row = persistence(frame).iloc[0]
    assert row[["n_named", "again", "n_not", "new"]].tolist() == [2, 0.5, 1, 1.0]
    moved = frame.assign(scope=["own", "territory", "own", "own", "own", "own", "own"])
    assert persistence(moved)["n_named"].sum() == 0


def test_on_one_scale_and_stars():
    frame = pd.DataFrame({"effect_name": ["odds_ratio"] * 3, "effect": [1.0, 0.0, np.nan]})
    np.testing.assert_allclose(on_one_scale(frame), [0, -1, np.nan])
    assert [stars(q) for q in (0.0009, 0.001, 0.01, 0.05)] == ["***", "**", "*", ""]
    assert ink_on("#555555") == "white"


def test_wrapping_keeps_every_character():
    text = "统计范围不明的报告 120 份未纳入；数据来源：annual reports as published, see appendix（模拟数据）。"
    broken = wrapped(text, 14)
    assert re.sub(r"\s", "", broken) == re.sub(r"\s", "", text)
    assert max(map(width_of, broken.split("\n"))) <= 15 and not re.search(r"\n[，。；：、）]", broken)
