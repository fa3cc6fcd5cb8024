"""How well chapter five is split into statements and coded, with naive baselines beside it.

Run ``python -m benchmarks.narrative [--sections FILE.jsonl] [--simulated N]``. A line of FILE is a JSON object with
``text``, ``layout`` (a list of codes) and ``statements``: start, stop, kind and, for the coder, code. Without
``--sections`` the file is narrative/development.jsonl in the folder named by the environment variable
TOOLKIT_REFERENCE. Simulated sections (labelled SIMULATED) are composed by the toolkit itself: they show what breaks,
not how good it is.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.narrative.coding import code_statements
from toolkit.narrative.codingscheme import load_scheme
from toolkit.narrative.statements import split_statements
from toolkit.simulation.chapter_five import compose_chapter, improvements, phrases, problems

KINDS = ["problem", "improvement"]
LEAST_OVERLAP = 0.5
LEAST_STATEMENTS = 5
Span = tuple[str, int, int]
Section = dict[str, Any]


def read_sections(path: Path) -> list[Section]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def simulate_sections(number: int, seed: int = 0) -> list[Section]:
    """Compose sections with known statements: two to six problems each, every layout of the simulator."""
    rng = random.Random(seed)
    codes = sorted(phrases("problem"))
    sections = []
    for _ in range(number):
        named = problems(rng.sample(codes, rng.randint(2, 6)), rng)
        taken = improvements([one.code for one in named], rng)
        chapter = compose_chapter(named, taken, we=rng.choice(["我局", "我镇", "我市"]), year=2022, rng=rng)
        statements = [
            {"start": one.start, "stop": one.stop, "kind": one.kind, "code": one.code} for one in chapter.statements
        ]
        sections.append({"text": chapter.text, "layout": [chapter.layout], "statements": statements})
    return sections


def split_naively(text: str) -> list[Span]:
    """Cut at 。；; and turn to improvements at the first 针对, 下一步, 改进 or 措施."""
    turn = re.search(r"针对|下一步|改进(?!情况|措施)|措施[。:：]", text)
    turned = turn.start() if turn else len(text)
    spans = [match.span() for match in re.finditer(r"[^。；;]+", text) if match[0].strip()]
    return [(KINDS[start >= turned], start, stop) for start, stop in spans]


def our_split(text: str) -> list[Span]:
    found = split_statements(text)
    return list(zip(found["kind"], found["start"].tolist(), found["stop"].tolist(), strict=True))


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the intersection over the union of two spans."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(shared, 0) / (one[1] - one[0] + other[1] - other[0] - max(shared, 0))


def count_matches(gold: list[tuple[int, int]], found: list[tuple[int, int]]) -> int:
    """Match one to one, the best overlap first."""
    pairs = sorted(((overlap(g, f), i, j) for i, g in enumerate(gold) for j, f in enumerate(found)), reverse=True)
    used_gold: set[int] = set()
    used_found: set[int] = set()
    for shared, i, j in pairs:
        if shared >= LEAST_OVERLAP and i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
    return len(used_gold)


def score_splits(sections: list[Section], split: Callable[[str], list[Span]]) -> pd.DataFrame:
    """Return precision, recall and F1 of statements: all, per kind, per layout code."""
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for section in sections:
        found = split(section["text"])
        for kind in KINDS:
            gold = [(one["start"], one["stop"]) for one in section["statements"] if one["kind"] == kind]
            ours = [(start, stop) for k, start, stop in found if k == kind]
            counts = count_matches(gold, ours), len(gold), len(ours)
            for group in ["all", kind, *section["layout"]]:
                tally[group] = [a + b for a, b in zip(tally[group], counts, strict=True)]
    frame = pd.DataFrame(
        [(group, *counts) for group, counts in tally.items()], columns=["group", "hits", "gold", "found"]
    )
    frame["precision"] = frame["hits"] / frame["found"]
    frame["recall"] = frame["hits"] / frame["gold"]
    frame["f1"] = 2 * frame["hits"] / (frame["gold"] + frame["found"])
    return frame.drop(columns="hits")


def compare_splits(sections: list[Section]) -> pd.DataFrame:
    """Return the scores of the splitter with the F1 of the naive one beside them."""
    ours = score_splits(sections, our_split)
    naive = score_splits(sections, split_naively)[["group", "f1"]].rename(columns={"f1": "naive_f1"})
    order = {group: place for place, group in enumerate(["all", *KINDS])}
    ours["order"] = ours["group"].map(order).fillna(9)
    ours = ours.sort_values(["order", "gold"], ascending=[True, False]).drop(columns="order")
    return ours.merge(naive, on="group", how="left")


def gold_statements(sections: list[Section]) -> pd.DataFrame:
    """Return the annotated problem and improvement statements that have a code."""
    rows = [
        (one["kind"], section["text"][one["start"] : one["stop"]], one["code"])
        for section in sections
        for one in section["statements"]
        if one["kind"] in KINDS and one.get("code")
    ]
    return pd.DataFrame(rows, columns=["kind", "text", "gold"])


def code_by_keywords(statements: pd.DataFrame) -> pd.Series:
    """Give the code with most of its own words in the text: no precedence, no places, ties by the scheme's order."""
    scheme = load_scheme().categories.reset_index()
    words = {
        row["code"]: re.findall(r"[一-鿿]{2,}", f"{row['label']}、{row['include']}、{row['typical']}")
        for row in scheme.to_dict("records")
    }

    def most(text: str) -> str | None:
        hits = {code: sum(word in text for word in own) for code, own in words.items()}
        best = max(hits, key=lambda code: hits[code])
        return best if hits[best] else None

    return statements["text"].map(most)


def macro_f1(gold: Sequence[str], given: Sequence[str | None]) -> float:
    """Return the mean F1 over the codes with at least five statements."""
    often = [code for code, number in Counter(gold).items() if number >= LEAST_STATEMENTS]
    pairs = list(zip(gold, given, strict=True))
    scores = []
    for code in often:
        hits = sum(g == f == code for g, f in pairs)
        scores.append(2 * hits / (gold.count(code) + sum(f == code for f in given)))
    return sum(scores) / len(scores) if scores else float("nan")


def score_coders(sections: list[Section]) -> pd.DataFrame:
    """Return accuracy and macro-F1 of the coder and of a keyword list on the annotated statements, per kind and all."""
    statements = gold_statements(sections)
    given = {"coder": code_statements(statements[["kind", "text"]])["code"], "keywords": code_by_keywords(statements)}
    rows = []
    for name, codes in given.items():
        for group in ["all", *KINDS]:
            chosen = statements["kind"].isin(KINDS if group == "all" else [group])
            gold = statements.loc[chosen, "gold"].tolist()
            found = [code if isinstance(code, str) else None for code in codes[chosen]]
            if gold:
                accuracy = sum(g == f for g, f in zip(gold, found, strict=True)) / len(gold)
                rows.append((name, group, len(gold), accuracy, macro_f1(gold, found)))
    return pd.DataFrame(rows, columns=["coder", "group", "n", "accuracy", "macro_f1"])


def report(title: str, sections: list[Section]) -> None:
    print(f"\n{title}: {len(sections)} sections")
    print(f"\nStatements, matched one to one within their kind at IoU >= {LEAST_OVERLAP}; naive: cut at 。；;")
    print(compare_splits(sections).to_string(index=False, float_format="{:.3f}".format))
    print(f"\nCodes of the annotated statements; macro-F1 over codes with {LEAST_STATEMENTS} or more")
    print(score_coders(sections).to_string(index=False, float_format="{:.3f}".format))


def find_sections(named: Path | None) -> Path | None:
    folder = os.environ.get("TOOLKIT_REFERENCE")
    if named or not folder:
        return named
    return Path(folder) / "narrative" / "development.jsonl"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sections", type=Path, help="annotated sections, one JSON object a line")
    parser.add_argument("--simulated", type=int, default=300, metavar="N", help="simulated sections (0: none)")
    arguments = parser.parse_args()
    path = find_sections(arguments.sections)
    if path and not path.is_file():
        print(f"{path}: no such file. Try: --sections FILE.jsonl", file=sys.stderr)
        return 2
    if path:
        report(f"Annotated, {path.name}", read_sections(path))
    else:
        print("No annotated sections: name them with --sections FILE.jsonl, or set TOOLKIT_REFERENCE to the folder "
              "that holds narrative/development.jsonl.", file=sys.stderr)  # fmt: skip
    if arguments.simulated:
        report("SIMULATED", simulate_sections(arguments.simulated))
    return 0 if path or arguments.simulated else 2


if __name__ == "__main__":
    raise SystemExit(main())
