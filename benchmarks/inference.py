"""Does `correlate` keep what it promises? Rejections under a true null, power, coverage, time.

    python -m benchmarks.inference [--runs 2000] [--workers 2] [--scale]

Every run draws 150 agencies × 3 years with what makes naive tests fail: larger
bodies name more problems and receive more applications (level and parent
effects on both sides), themes and figures persist from year to year, a third of
the bodies copy the template of a neighbour, many receive no application at all.
Under the null nothing ties a body's themes to its own figures.
"""

from __future__ import annotations

import argparse
import os
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

LEVELS = ("township", "county", "prefecture")
USED = ["applications", "log_applications", "disclosure_rate", "completeness", "late"]
SIZES = {"null": 0.0, "small": 0.3, "middle": 0.6, "large": 1.0}


@dataclass(frozen=True)
class World:
    """A population of bodies: `effect` shifts a body's figures, in standard deviations, when it names the theme."""

    parents: int = 10
    bodies: int = 15
    years: int = 3
    effect: float = 0.0
    unread: float = 0.0


def draw(world: World, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Statements and indicators of one simulated panel."""
    rng = np.random.default_rng([world.parents, world.bodies, seed])
    shape = (world.parents, world.bodies, world.years)
    level = np.broadcast_to((np.arange(world.parents) % 3)[:, None, None], shape)
    named = _themes(rng, level, shape)
    frame = _figures(rng, level, shape, world.effect * (named - named.mean()))
    place = np.indices(shape).reshape(3, -1)
    frame["parent_id"] = [f"p{p}" for p in place[0]]
    frame["agency_id"] = [f"p{p}a{a}" for p, a in zip(place[0], place[1], strict=True)]
    frame["year"] = 2021 + place[2]
    frame["report"] = frame["agency_id"] + "/" + frame["year"].astype(str)
    frame["level"] = [LEVELS[i] for i in level.ravel()]
    frame["simulated"] = True
    code = np.where(named.ravel() > 0, "staffing", "training")
    statements = frame[["report"]].assign(kind="problem", code=code)
    kept = rng.random(len(frame)) >= world.unread
    return statements[kept], frame


def _themes(rng: np.random.Generator, level: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    body = rng.normal(0, 1.2, (*shape[:2], 1)) + rng.normal(0, 0.5, (shape[0], 1, 1))
    named = (rng.random(shape) < _share(-1.2 + level + body)).astype(float)
    kept = rng.random(shape) < 0.5
    for t in range(1, shape[2]):
        named[:, :, t] = np.where(kept[:, :, t], named[:, :, t - 1], named[:, :, t])
    copied = rng.random(shape[:2]) < 0.35
    for a in range(1, shape[1]):
        named[:, a] = np.where(copied[:, a, None], named[:, a - 1], named[:, a])
    return named


def _figures(
    rng: np.random.Generator, level: np.ndarray, shape: tuple[int, int, int], shift: np.ndarray
) -> pd.DataFrame:
    def body(spread: float) -> np.ndarray:
        return rng.normal(0, spread, (*shape[:2], 1)) + rng.normal(0, spread / 3, (shape[0], 1, 1))

    size = body(1.0)
    some = rng.random(shape) < _share(-0.5 + 0.8 * level + size + 1.5 * shift)
    count = np.where(some, 1 + rng.poisson(np.exp(0.3 + 0.5 * level + 0.6 * size + shift)), 0)
    rate = 0.6 + 0.05 * level + 0.1 * (body(0.8) + rng.normal(0, 0.6, shape) + shift)
    full = 0.8 + 0.05 * level + 0.1 * (body(0.8) + rng.normal(0, 0.6, shape) + shift)
    late = rng.random(shape) < _share(-0.7 - 0.5 * level + body(1.0) + 1.8 * shift)
    values = {"applications": count, "log_applications": np.log1p(count), "completeness": full, "late": late}
    frame = pd.DataFrame({k: v.ravel() for k, v in values.items()})
    frame["disclosure_rate"] = np.where(some, rate.clip(0, 1), np.nan).ravel()
    return frame


def _share(logit: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logit))


def one_run(seed: int, world: World, permutations: int = 199, samples: int = 299) -> pd.DataFrame:
    """Rows of `correlate` for one panel."""
    from toolkit.analysis.association import correlate

    statements, frame = draw(world, seed)
    kinds = {"log_applications": "numeric"}
    return correlate(
        statements,
        frame,
        themes=["staffing"],
        indicators_used=USED,
        kinds=kinds,
        n_permutations=permutations,
        n_bootstrap=samples,
        seed=seed,
    )


def many_runs(job: Callable[[int], pd.DataFrame], runs: int, workers: int) -> pd.DataFrame:
    """Rows of all runs, the seeds being the runs' numbers."""
    with ProcessPoolExecutor(workers, initializer=_one_thread) as pool:
        return pd.concat(pool.map(job, range(runs), chunksize=20), ignore_index=True)


def _one_thread() -> None:
    warnings.simplefilter("error")


def truth(world: World) -> pd.DataFrame:
    """The stratified effects of the population: one panel 300 times as large."""
    large = World(world.parents * 300, world.bodies, world.years, world.effect, world.unread)
    return one_run(10**6, large, 99, 99).set_index("indicator")


def rejections(rows: pd.DataFrame) -> pd.DataFrame:
    """Share of runs with p below .05, by indicator."""
    rows = rows[rows["reason"].isna()]
    groups = rows.groupby("indicator", sort=False)
    return pd.DataFrame(
        {
            "runs": groups.size(),
            "correlate": groups["p"].apply(lambda p: (p <= 0.05).mean()),
            "naive": groups["naive_p"].apply(lambda p: (p <= 0.05).mean()),
        }
    )


def coverage(rows: pd.DataFrame, population: pd.DataFrame) -> pd.Series:
    """Share of runs whose interval holds the population's stratified effect."""
    rows = rows[rows["reason"].isna() & rows["low"].notna()]
    target = rows["indicator"].map(population["effect"])
    return rows["low"].le(target).mul(rows["high"].ge(target)).groupby(rows["indicator"], sort=False).mean()


def miscoded_run(seed: int, world: World, chance: float) -> pd.DataFrame:
    """Rows for a panel that a careless coder coded, with a hand-coded sample of the reports.

    The coder overlooks a quarter of the namings, more of them where the figures are high, and sees some that are not.
    """
    from toolkit.analysis.association import correlate

    statements, frame = draw(world, seed)
    rng = np.random.default_rng([seed, 5])
    low = (frame["completeness"] < frame["completeness"].median()).to_numpy()
    said = statements["code"].eq("staffing").to_numpy()
    wrong = rng.random(len(said)) < np.where(said, np.where(low, 0.15, 0.35), np.where(low, 0.10, 0.05))
    coded = statements.assign(code=np.where(said ^ wrong, "staffing", "training"))
    hand = statements[rng.random(len(said)) < chance].assign(probability=chance)
    return correlate(
        coded,
        frame,
        themes=["staffing"],
        indicators_used=["completeness", "late"],
        hand_coded=hand,
        n_permutations=99,
        n_bootstrap=299,
        seed=seed,
    )


def timing(n_reports: int = 20_000, n_themes: int = 20, permutations: int = 2000) -> float:
    """Seconds for 20 themes × 12 indicators × 20,000 reports with 2,000 permutations and 1,000 samples."""
    from toolkit.analysis.association import correlate

    world = World(parents=n_reports // 60, bodies=20, years=3)
    _, frame = draw(world, 0)
    rng = np.random.default_rng(0)
    for i in range(9):
        frame[f"rate_{i}"] = np.where(rng.random(len(frame)) < 0.1 * i, np.nan, rng.random(len(frame)))
    rows, themes = np.nonzero(rng.random((len(frame), n_themes)) < np.linspace(0.05, 0.5, n_themes))
    codes = np.array([f"theme_{k:02}" for k in range(n_themes)])[themes]
    statements = pd.DataFrame({"report": frame["report"].to_numpy()[rows], "kind": "problem", "code": codes})
    used = ["log_applications", "completeness", "late", *(f"rate_{i}" for i in range(9))]
    start = time.perf_counter()
    result = correlate(
        statements, frame, indicators_used=used, kinds={"log_applications": "numeric"}, n_permutations=permutations
    )
    seconds = time.perf_counter() - start
    assert len(result) == n_themes * 12
    return seconds


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--scale", action="store_true", help="time 20 themes x 12 indicators x 20,000 reports")
    options = parser.parse_args()
    start = time.perf_counter()
    report_null(options.runs, options.workers)
    report_effects(max(options.runs // 8, 50), options.workers)
    report_corrected(max(options.runs // 8, 50), options.workers)
    if options.scale:
        print(f"\n20 themes x 12 indicators x 20,000 reports, 2,000 permutations: {timing():.0f} s")
    print(f"\n{time.perf_counter() - start:.0f} s in all")


def report_null(runs: int, workers: int) -> None:
    """Rejections under a true null, and coverage of zero effect."""
    worlds = {
        "150 agencies x 3 years, 10 parents": (World(), runs),
        "unequal years (a third unread)": (World(unread=0.33), runs // 4),
        "30 parents x 5 agencies": (World(parents=30, bodies=5), runs // 4),
    }
    for name, (world, n) in worlds.items():
        rows = many_runs(partial(one_run, world=world), n, workers)
        null = pd.DataFrame({"effect": rows.groupby("indicator")["effect_name"].first().eq("odds_ratio").astype(float)})
        print(f"\nTrue null, {name}: share of runs with p <= .05; coverage of the 95 % interval")
        table = rejections(rows).assign(coverage=coverage(rows, null))
        table.loc["all six"] = table.mean()
        print(table.astype({"runs": int}).round(3).to_string())
        print(f"simulation error of one share: +-{1.96 * np.sqrt(0.05 * 0.95 / n):.3f}")


def report_effects(runs: int, workers: int) -> None:
    """Power and coverage for planted effects."""
    table = {}
    for name, size in SIZES.items():
        if size:
            world = World(effect=size)
            rows = many_runs(partial(one_run, world=world), runs, workers)
            population = truth(world)
            table[name] = rejections(rows).assign(
                effect=population["effect"],
                median=rows.groupby("indicator")["effect"].median(),
                coverage=coverage(rows, population),
            )
    print("\nPlanted effects: power, the population's stratified effect, coverage")
    print(pd.concat(table, names=["size"]).round(3).to_string())


def report_corrected(runs: int, workers: int) -> None:
    """Bias and coverage with a coder's labels, corrected by a hand-coded sample of 30 %."""
    world = World(effect=SIZES["middle"])
    rows = many_runs(partial(miscoded_run, world=world, chance=0.3), runs, workers).set_index("indicator")
    population = truth(world)
    target = population["risk_difference"].fillna(population["effect"])
    coder = rows["risk_difference"].fillna(rows["effect"])
    low, high = rows["risk_low"].fillna(rows["low"]), rows["risk_high"].fillna(rows["high"])
    aim = target.reindex(rows.index)
    table = pd.DataFrame(
        {
            "truth": target,
            "coder": coder.groupby(level=0).mean(),
            "corrected": rows["corrected_effect"].groupby(level=0).mean(),
            "coder_coverage": (low.le(aim) & high.ge(aim)).groupby(level=0).mean(),
            "coverage": (rows["corrected_low"].le(aim) & rows["corrected_high"].ge(aim)).groupby(level=0).mean(),
        }
    )
    print(f"\nA coder that errs, corrected by 30 % of reports coded by hand ({runs} runs)")
    print(table.dropna().round(3).to_string())


if __name__ == "__main__":
    main()
