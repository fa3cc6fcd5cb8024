"""Speed of the Segmenter against jieba itself, and whether their words agree.

Run as ``python -m benchmarks.segmentation [--characters 400000] [FILE...]``; files are
UTF-8 texts, without them text is made of clauses as chapters have them.
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


def timed(build: Callable[[], Callable[[str], list[str]]], text: str) -> tuple[float, float, list[str]]:
    began = time.perf_counter()
    cut = build()
    cut("公开")
    loaded = time.perf_counter()
    words = cut(text)
    return loaded - began, len(text) / (time.perf_counter() - loaded), words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--characters", type=int, default=400_000)
    arguments = parser.parse_args()
    read = [path.read_text(encoding="utf-8") for path in arguments.files]
    text = same_length("\n".join(read) or made_text(arguments.characters))
    rows = []
    for name, build in {"jieba.Tokenizer": jieba_itself, "Segmenter": lambda: Segmenter().cut}.items():
        loading, speed, words = timed(build, text)
        rows.append({"engine": name, "load_s": loading, "1,000 characters/s": speed / 1000, "words": words})
    agree = rows[0]["words"] == rows[1]["words"]
    table = pd.DataFrame([{**row, "words": len(row["words"])} for row in rows])  # type: ignore[arg-type]
    print(f"{len(text):,} characters; words {'equal' if agree else 'DIFFER'}")
    print(table.round(2).to_string(index=False))


if __name__ == "__main__":
    main()
