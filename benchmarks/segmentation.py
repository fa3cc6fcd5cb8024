"""Speed of the Segmenter beside bare jieba in the same run, and whether their words agree.

Run as ``python -m benchmarks.segmentation [--characters 400000] [FILE...]``; files are
UTF-8 texts, without them text is made of clauses as chapters have them. jieba
cuts in all rows; the Segmenter adds folding and offsets and remembers clauses
that return. The row without memory shows what it costs where nothing returns.
"""

from __future__ import annotations

import argparse
import random
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from toolkit.narrative.dictionary import is_word
from toolkit.narrative.wordlists import _FOLDER, LEXICONS
from toolkit.narrative.words import Segmenter
from toolkit.reports.folding import same_length

_SUBJECTS = [
    "主动公开的内容",
    "依申请公开答复",
    "政策解读",
    "政务新媒体",
    "公开栏目",
    "工作人员业务培训",
    "信息更新",
    "12345热线",
]
_DEFICITS = ["不够及时", "形式单一", "有待加强", "还不全面", "更新滞后", "质量不高", "力度不足", "不够规范"]


def made_text(characters: int, seed: int = 0) -> str:
    draw = random.Random(seed)
    clauses, size = [], 0
    while size < characters:
        place = draw.choice(["", "在一些部门", f"在{draw.randint(1, 9999)}个村"])
        clause = draw.choice(_SUBJECTS) + place + draw.choice(_DEFICITS)
        clauses.append(clause)
        size += len(clause) + 1
    return ",".join(clauses)


def jieba_itself() -> Callable[[str], list[str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    tokenizer = jieba.Tokenizer()
    with open(Path(jieba.__path__[0]) / "dict.txt", "rb") as source:
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(source)
    tokenizer.initialized = True
    with open(_FOLDER / LEXICONS["full"], "rb") as lexicon:
        tokenizer.load_userdict(lexicon)
    return lambda text: [word for word in tokenizer.cut(text, HMM=False) if is_word(word)]


def without_memory() -> Callable[[str], list[str]]:
    segmenter = Segmenter()
    segmenter._remembered = segmenter._cut_block
    return segmenter.cut


ENGINES: dict[str, Callable[[], Callable[[str], list[str]]]] = {
    "jieba.Tokenizer": jieba_itself,
    "Segmenter": lambda: Segmenter().cut,
    "Segmenter, no memory": without_memory,
}


def timed(engine: str, text: str, rounds: int) -> dict[str, object]:
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        cut = ENGINES[engine]()
        cut("公开")
        loaded = time.perf_counter()
        words = cut(text)
        seconds.append((loaded - began, time.perf_counter() - loaded))
    # Tables are shared by the segmenters of a process: only the first loads.
    return {"engine": engine, "load_s": seconds[0][0], "cut_s": min(cut for _, cut in seconds), "words": words}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--characters", type=int, default=400_000)
    parser.add_argument("--rounds", type=int, default=3, help="the quickest counts")
    arguments = parser.parse_args()
    read = [path.read_text(encoding="utf-8") for path in arguments.files]
    text = same_length("\n".join(read) or made_text(arguments.characters))
    table = pd.DataFrame([timed(engine, text, arguments.rounds) for engine in ENGINES])
    agree = all(words == table["words"][0] for words in table["words"])
    table = table.assign(words=table["words"].str.len(), per_second=len(text) / table["cut_s"])
    table["times_jieba"] = table["per_second"] / table["per_second"][0]
    print(f"{len(text):,} characters; words {'equal' if agree else 'DIFFER'}; per_second: characters")
    print(table.round({"load_s": 2, "cut_s": 3, "per_second": -3, "times_jieba": 2}).to_string(index=False))


if __name__ == "__main__":
    main()
