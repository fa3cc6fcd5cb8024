"""Agreement, stability, recovery, time and memory of ``cluster_problems``.

Run as ``python -m benchmarks.clusters [--samples 10] [--statements 20000] [--seed 0]``; the full
size is ``--statements 100000``. The annotated statements are those of the tests, or
with ``--annotated FILE.csv`` others with text and code. Those of the tests were coded before the thesaurus was
written, but its author had read part of them: on statements nobody has seen, expect less.
"""

from __future__ import annotations

import argparse
import random
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
from sklearn.metrics import adjusted_rand_score, v_measure_score

from toolkit.analysis.clusters import Clusters, cluster_problems
from toolkit.simulation.chapter_five import phrases

ANNOTATED = Path(__file__).parent.parent / "tests" / "narrative" / "data" / "phrases.csv"
SIZE = 250
VARIANTS: dict[str, dict[str, Any]] = {
    "unseeded, k = 20, no thesaurus": {"seeded": False, "n_clusters": 20, "thesaurus": None},
    "unseeded, k = 20 (default)": {"seeded": False, "n_clusters": 20},
    "unseeded, k = 20, characters": {"seeded": False, "n_clusters": 20, "vectors": "characters"},
    "unseeded, k = 20, word vectors": {"seeded": False, "n_clusters": 20, "vectors": "embedding"},
    "unseeded, k = 20, broader terms": {"seeded": False, "n_clusters": 20, "thesaurus": "broader"},
    "unseeded, k by stability": {"seeded": False, "resamples": 0},
    "seeded (partly circular)": {},
}
_WHO = ("", "个别单位", "我局", "部分科室", "少数部门", "有的镇街", "目前", "但")
_TAILS = ("", "", "，影响了公开效果", "，与群众期待还有差距", "的问题仍然存在", "，需要在今后工作中加以改进")


def annotated_statements(path: Path) -> pd.DataFrame:
    """Return text and code of the problem statements of a CSV file."""
    frame = pd.read_csv(path, encoding="utf-8")
    frame = frame[frame["kind"] == "problem"] if "kind" in frame else frame
    return frame[["text", "code"]].drop_duplicates("text").reset_index(drop=True)


def made_statements(count: int, seed: int) -> pd.DataFrame:
    """Return statements with planted codes: a phrase of the simulator, framed, often with a clause of another."""
    draw = random.Random(seed)
    bank = phrases("problem")
    codes = sorted(bank)
    rows = []
    for number in range(count):
        code = draw.choice(codes)
        aside = "，" + draw.choice(bank[draw.choice(codes)]) if draw.random() < 0.5 else ""
        rows.append(
            (f"r{number // 3}", draw.choice(_WHO) + draw.choice(bank[code]) + aside + draw.choice(_TAILS), code)
        )
    return pd.DataFrame(rows, columns=["report", "text", "code"]).assign(simulated=True, kind="problem")


def agreement(frame: pd.DataFrame, clusters: Clusters) -> tuple[float, float]:
    """Return V and ARI against codes that the clustering did not see."""
    found = clusters.assignments["cluster"].fillna(0)
    return float(v_measure_score(frame["code"], found)), float(adjusted_rand_score(frame["code"], found))


def compare_variants(frame: pd.DataFrame, samples: int, seed: int) -> pd.DataFrame:
    """Return mean and smallest V, ARI and Jaccard stability of each variant over subsamples of 250 statements."""
    size = min(SIZE, len(frame))
    drawn = [frame.sample(size, random_state=seed + at).reset_index(drop=True) for at in range(samples)]
    rows = []
    for name, settings in VARIANTS.items():
        made = [cluster_problems(part.drop(columns="code"), seed=seed, **settings) for part in drawn]
        scores = np.array([agreement(part, one) for part, one in zip(drawn, made)])
        stable = [one.info["stability_mean"] for one in made]
        counts = [one.info["k"] for one in made]
        rows.append((name, np.mean(counts), *scores.mean(axis=0), scores[:, 0].min(), np.mean(stable)))
    return pd.DataFrame(rows, columns=["variant", "k", "V", "ARI", "V, smallest", "Jaccard"])


def recovery(count: int, seed: int) -> pd.DataFrame:
    """Return how well planted codes are recovered from made statements."""
    frame = made_statements(count, seed)
    rows = []
    for name, settings in VARIANTS.items():
        clusters = cluster_problems(frame.drop(columns="code"), seed=seed, **{**settings, "resamples": 0})
        rows.append((name, clusters.info["k"], *agreement(frame, clusters)))
    return pd.DataFrame(rows, columns=["variant", "k", "V", "ARI"])


def measured(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what work gives, its seconds and the largest memory of the process meanwhile, in GB."""
    process, peak, done = psutil.Process(), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            peak[0] = max(peak[0], process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    begin = time.perf_counter()
    try:
        result = work()
    finally:
        done.set()
        watcher.join()
    return result, time.perf_counter() - begin, peak[0] / 1e9


def timed(count: int, seed: int) -> pd.DataFrame:
    """Return seconds, memory and agreement of a seeded and an unseeded clustering, near-duplicates included."""
    planted = made_statements(count, seed)
    frame, rows = planted.drop(columns="code"), []
    asked: dict[str, dict[str, Any]] = {"seeded": {}, "unseeded, k by stability": {"seeded": False}}
    for name, settings in asked.items():
        clusters, seconds, memory = measured(partial(cluster_problems, frame, seed=seed, **settings))
        v, _ = agreement(planted, clusters)
        rows.append((name, count, clusters.info["n_distinct"], clusters.info["k"], seconds, memory, v))
    return pd.DataFrame(rows, columns=["clustering", "statements", "distinct", "k", "seconds", "GB", "V"])


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--annotated", type=Path, default=ANNOTATED)
    parser.add_argument("--samples", type=int, default=10)
    parser.add_argument("--statements", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    frame = annotated_statements(asked.annotated)
    said = f"Against codes given by hand: {asked.samples} samples of {min(SIZE, len(frame))} of {len(frame)} statements"
    for title, table in (
        (said, compare_variants(frame, asked.samples, asked.seed)),
        ("Planted codes, 2,000 made statements", recovery(2_000, asked.seed)),
        ("Time and memory", timed(asked.statements, asked.seed)),
    ):
        print(f"\n{title}\n{table.round(3).to_string(index=False)}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
