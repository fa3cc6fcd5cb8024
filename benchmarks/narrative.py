"""How well chapter five is split and coded: `python -m benchmarks.narrative [--sections FILE.jsonl]`."""

from __future__ import annotations

import argparse
import json
import os
import re
from collections import defaultdict
from pathlib import Path

import pandas as pd

from toolkit.narrative.statements import split_statements

KINDS = ["problem", "improvement"]


def read_sections(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def naive_split(text: str) -> list[tuple[str, int, int]]:
    """Cut at 。；; and change to improvements at the first 措施, 针对, 下一步 or 改进."""
    turn = re.search(r"针对|下一步|改进(?!情况|措施)|措施[。:：]", text)
    turned = turn.start() if turn else len(text)
    spans = [m.span() for m in re.finditer(r"[^。；;]+", text) if m[0].strip()]
    return [(KINDS[start >= turned], start, stop) for start, stop in spans]


def our_split(text: str) -> list[tuple[str, int, int]]:
    found = split_statements(text)
    return list(zip(found["kind"], found["start"], found["stop"]))


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    shared = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return shared / (max(a[1], b[1]) - min(a[0], b[0])) if shared else 0.0


def count_matches(gold: list[tuple[int, int]], found: list[tuple[int, int]], least: float = 0.5) -> int:
    """Match greedily, best overlap first, each span once."""
    pairs = sorted(((overlap(g, f), i, j) for i, g in enumerate(gold) for j, f in enumerate(found)), reverse=True)
    used_gold: set[int] = set()
    used_found: set[int] = set()
    for iou, i, j in pairs:
        if iou >= least and i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
    return len(used_gold)


def score_splits(sections: list[dict], split=our_split) -> pd.DataFrame:
    """Return precision, recall and F1 overall, per kind and per layout code."""
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for section in sections:
        found = split(section["text"])
        for kind in KINDS:
            gold = [(s["start"], s["stop"]) for s in section["statements"] if s["kind"] == kind]
            ours = [(start, stop) for k, start, stop in found if k == kind]
            counts = (count_matches(gold, ours), len(gold), len(ours))
            for group in ["all", kind, *section["layout"]]:
                tally[group] = [a + b for a, b in zip(tally[group], counts)]
    rows = [(g, n, m, h / m if m else None, h / n if n else None, 2 * h / (n + m) if n + m else None) for g, (h, n, m) in tally.items()]
    return pd.DataFrame(rows, columns=["group", "gold", "found", "precision", "recall", "f1"])
