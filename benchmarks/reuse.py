"""Time, memory and accuracy of ``find_reuse`` on made texts rich in boilerplate.

Run as ``python -m benchmarks.reuse [--reports 10000] [--sample 200] [--seed 0]``; the full
size is ``--reports 100000``. Every text is made; the copying is planted, so it is known.
"""

from __future__ import annotations

import argparse
import random
import threading
import time

import numpy as np
import pandas as pd
import psutil

from toolkit.narrative.reuse import find_reuse
from toolkit.narrative.shingles import LENGTH, characters, shared_share

_YEARS = 5
_CHILDREN = 25
_SIGNS = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]


def _sentence(draw: random.Random) -> str:
    return "".join(draw.choices(_SIGNS, k=draw.randint(14, 45))) + "。"


def made_corpus(count: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return sections and reports: formulae of everyone, of a county, of last year, and sentences of one's own."""
    draw = random.Random(seed)
    formulae = [_sentence(draw) for _ in range(300)]
    rows: list[dict] = []
    for agency in range(-(-count // _YEARS)):
        parent = agency // _CHILDREN
        previous: list[str] = []
        local = random.Random(seed * 1_000_003 + parent)
        county = [_sentence(local) for _ in range(20)]
        loyal = draw.choice([0.0, 0.3, 0.9])
        for year in range(2020, 2020 + _YEARS):
            pool = [(formulae, 5), (county, draw.choice([0, 2, 6]))]
            text = [draw.choice(source) for source, times in pool for _ in range(times)]
            text += [_sentence(draw) for _ in range(8)]
            text = [draw.choice(previous) if previous and draw.random() < loyal else one for one in text]
            previous = text
            rows.append({"report": f"{agency}/{year}", "agency_id": f"a{agency}", "parent_id": f"p{parent}",
                         "year": year, "text": "".join(text)})  # fmt: skip
    frame = pd.DataFrame(rows[:count])
    sections = frame[["report", "text"]].assign(chapter="problems", simulated=True)
    return sections, frame[["report", "agency_id", "parent_id", "year"]]


def brute_force(sections: pd.DataFrame, reports: pd.DataFrame, sample: pd.Index) -> pd.DataFrame:
    """Return the three shares and the best single source of some reports, each compared with every other by sets."""
    whole = sections.merge(reports, on="report")
    codes = [characters(text).codes for text in whole["text"]]
    signs = ["".join(map(chr, one)) for one in codes]
    sets = [{text[at : at + LENGTH] for at in range(len(text) - LENGTH + 1)} for text in signs]
    rows = []
    for place in sample:
        mine = whole.loc[place]
        earlier = whole[(whole["year"] <= mine["year"]) & (whole["agency_id"] != mine["agency_id"])
                        | (whole["year"] < mine["year"])]  # fmt: skip
        peer = earlier[(earlier["year"] == mine["year"]) & (earlier["parent_id"] == mine["parent_id"])]
        own = earlier[(earlier["year"] == mine["year"] - 1) & (earlier["agency_id"] == mine["agency_id"])]
        row = {"report": mine["report"]}
        for name, sources in (("reuse_self", own), ("reuse_peer", peer), ("reuse_any", earlier)):
            row[name] = _covered_share(signs[place], [sets[at] for at in sources.index]) if len(sources) else np.nan
        overlap = [len(sets[place] & sets[at]) for at in earlier.index]
        best = sorted(zip(overlap, earlier.index), reverse=True)[:20]
        row["any_share"] = max((shared_share(codes[place], codes[at]) for _, at in best), default=np.nan)
        rows.append(row)
    return pd.DataFrame(rows)


def _covered_share(text: str, sources: list[set[str]]) -> float:
    marks = np.zeros(len(text), dtype=bool)
    for at in range(len(text) - LENGTH + 1):
        if any(text[at : at + LENGTH] in source for source in sources):
            marks[at : at + LENGTH] = True
    return float(marks.mean())


class _Peak(threading.Thread):
    """Watches this process's memory, since the operating system's own peak is not told everywhere."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.process, self.highest, self.running = psutil.Process(), 0, True

    def run(self) -> None:
        while self.running:
            self.highest = max(self.highest, self.process.memory_info().rss)
            time.sleep(0.05)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    sections, reports = made_corpus(arguments.reports, arguments.seed)
    before, watch = psutil.Process().memory_info().rss, _Peak()
    watch.start()
    began, worked = time.perf_counter(), time.process_time()
    found = find_reuse(sections, reports)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    watch.running = False
    watch.join()
    print(f"made texts: {len(sections):,} reports, {sections['text'].str.len().mean():.0f} characters each")
    used = (watch.highest - before) / 2**20
    print(f"find_reuse: {seconds:.1f} s ({worked:.1f} s of work)")
    print(f"memory: {used:.0f} MB above the {before / 2**20:.0f} MB before")
    print(found[["reuse_self", "reuse_peer", "reuse_any"]].astype(float).describe().loc[["count", "mean"]].round(3))
    if arguments.sample:
        sample = sections.sample(min(arguments.sample, len(sections)), random_state=arguments.seed).index
        report(found, brute_force(sections, reports, sample))


def report(found: pd.DataFrame, exact: pd.DataFrame) -> None:
    both = exact.merge(found, on="report", suffixes=("_exact", ""))
    for name in ("reuse_self", "reuse_peer", "reuse_any"):
        gap = (both[name].astype(float) - both[f"{name}_exact"]).abs()
        agree = (both[name].isna() == both[f"{name}_exact"].isna()).all()
        print(f"{name}: largest difference from brute force {gap.max():.1e}, missing in the same places: {agree}")
    lost = both["any_share_exact"].fillna(0) - both["any_share"].astype(float).fillna(0)
    print(f"any_source: the very best single source found for {(lost <= 1e-9).mean():.1%} of {len(both)} reports,")
    print(f"            else one that shares less by {lost[lost > 1e-9].mean():.3f} on average")


if __name__ == "__main__":
    main()
