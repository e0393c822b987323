"""How much faster revisions are compared than by one flat pass over all words.

Two real texts of 20 pages from the national catalogue, a quarter of the paragraphs edited.
Reads ``$QMS_SAMPLES/*.jsonl.gz``; goal: a ratio of at most 0.01.
"""

import gzip
import json
import os
import random
import re
import time
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from qms.documents.comparison import Paragraph, Section, compare, paragraphs, summary

WORDS_A_PAGE: Final = 430
PAGES: Final = 20
GOAL: Final = 0.01


def real_paragraphs(samples: Path) -> list[str]:
    """Return 20 pages of real steps, the longest procedures first, each line once."""
    newest = max(samples.glob("*.jsonl.gz"))
    with gzip.open(newest, "rt", encoding="utf-8") as lines:
        steps = [json.loads(line).get("trinh_tu_thuc_hien") or "" for line in lines]
    found: dict[str, int] = {}
    for step in sorted(steps, key=len, reverse=True):
        for paragraph in paragraphs(step):
            found.setdefault(paragraph.text, len(paragraph.text.split()))
            if sum(found.values()) >= WORDS_A_PAGE * PAGES:
                return list(found)
    return list(found)


def edited(texts: list[str], chance: random.Random) -> list[str]:
    """Return the texts with every fourth edited: words replaced, dropped, added, or all gone."""
    result: list[str] = []
    for place in range(len(texts)):
        words = texts[place].split()
        if place % 4:
            result.append(texts[place])
            continue
        if place % 40 == 0:
            result.append("Quy định mới: " + " ".join(chance.sample(words, len(words))))
            continue
        for _ in range(max(1, len(words) // 12)):
            spot = chance.randrange(len(words))
            words[spot : spot + chance.randint(0, 2)] = chance.choice(
                [["phường"], ["05", "ngày"], [], ["theo", "quy", "định"]]
            )
        result.append(" ".join(words) or "Bãi bỏ.")
    return result


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    folder = os.environ.get("QMS_SAMPLES")
    if not folder or not list(Path(folder).glob("*.jsonl.gz")):
        print("comparison: skipped, $QMS_SAMPLES names no folder with *.jsonl.gz")
        return
    old = real_paragraphs(Path(folder))
    new = edited(old, random.Random(1))  # noqa: S311 - repeatable edits, no secret
    sides = [
        [Section("steps", "Trình tự thực hiện", tuple(map(Paragraph, side)))]
        for side in (old, new)
    ]
    olds, news = (re.findall(r"\s+|\S+", "\n".join(side)) for side in (old, new))
    ours = seconds(lambda: compare(*sides))
    flat = SequenceMatcher[str](None, olds, news, autojunk=False)
    theirs = seconds(flat.get_opcodes)
    counts = summary(compare(*sides))
    words = sum(len(text.split()) for text in old)
    print(f"comparison: {len(old)} paragraphs, {words} words, {counts.places} places differ")
    print(f"comparison: {ours / theirs:.4f} of a flat comparison (goal {GOAL})")


if __name__ == "__main__":
    main()
