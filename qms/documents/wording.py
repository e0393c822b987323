"""Which words of two texts are the same, and which parts of two lists belong together. Pure.

Everything here treats the two sides alike: swapped arguments give the swapped answer.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise, takewhile
from math import isqrt
from typing import Final, Literal

from qms import text

Mark = Literal["=", "-", "+"]
Segment = tuple[Mark, str]
"""Whether words stand in both texts, in the old one or in the new one; and the words."""
Match = tuple[int, int, int]
"""Where a common run begins in the old list, in the new one, and its length."""
Pair = tuple[int, int]
Step = tuple[int | None, int | None]

ALIKE: Final = 0.5
"""From this share of common words on, two texts are two versions of one."""
LONGEST_RUN: Final = 2_000
"""Words that are compared directly; flat comparison costs the square."""
MOST_CELLS: Final = 10_000

_WORD: Final = r"[\w\u0300-\u036f]+"
_TOKEN: Final = re.compile(
    rf"(?P<space>\s*)(?P<word>(?<!\S)[a-zđ]\)|\d{_WORD[:-1]}*(?:[./,:-]{_WORD})*%?"
    rf"|{_WORD}(?:-{_WORD})*|\.{{2,}}|\S)"
)
_SENTENCE_ENDS: Final = frozenset(".;:!?")


def tidy(typed: str) -> str:
    """Return text as it is compared here: the stored form, white space as single spaces."""
    return " ".join(text.nfc(typed).split())


def words(typed: str) -> tuple[list[str], list[bool]]:
    """Return words and punctuation marks, and for each whether a space stands before it.

    Syllables, numbers and numbers of legal texts (281/2016/TT-BTC) stay whole.
    """
    found = list(_TOKEN.finditer(typed))
    return [token["word"] for token in found], [bool(token["space"]) for token in found]


def matches(old: Sequence[str], new: Sequence[str], *, hurry: bool = False) -> list[Match]:
    """Return the common runs of two lists, in order; ``hurry`` may overlook frequent items."""
    if list(old) > list(new):
        return [(i, j, length) for j, i, length in matches(new, old, hurry=hurry)]
    pairs = zip(old, new, strict=False)
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    rest = zip(reversed(old[head:]), reversed(new[head:]), strict=False)
    tail = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], rest))
    inner = SequenceMatcher(
        None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=hurry
    )
    found = [(0, 0, head)]
    found += [(head + i, head + j, length) for i, j, length in inner.get_matching_blocks()]
    found.append((len(old) - tail, len(new) - tail, tail))
    return [match for match in found if match[2]]


def align(
    old: Sequence[str], new: Sequence[str], likeness: Callable[[int, int], float]
) -> list[Step]:
    """Walk two lists side by side: pairs that belong together, and what has no partner.

    Equal items anchor the walk; between anchors those pairs are chosen, in order, whose
    ``likeness`` (0 to 1, 0 for strangers) is greatest in sum.
    """
    common = [(i + k, j + k) for i, j, length in matches(old, new) for k in range(length)]
    edges = [(-1, -1), *common, (len(old), len(new))]
    pairs = list(common)
    swapped = list(old) > list(new)
    for (i, j), (next_i, next_j) in pairwise(edges):
        gap = range(i + 1, next_i), range(j + 1, next_j)
        if swapped:
            found = _pair_alike(gap[1], gap[0], lambda b, a: likeness(a, b))
            pairs += [(a, b) for b, a in found]
        else:
            pairs += _pair_alike(*gap, likeness)
    return _steps(sorted(pairs), len(old), len(new))


def _steps(pairs: list[Pair], olds: int, news: int) -> list[Step]:
    steps: list[Step] = []
    i = j = 0
    for next_i, next_j in [*pairs, (olds, news)]:
        steps += [(lost, None) for lost in range(i, next_i)]
        steps += [(None, added) for added in range(j, next_j)]
        steps.append((next_i, next_j))
        i, j = next_i + 1, next_j + 1
    return steps[:-1]


def _pair_alike(old: range, new: range, likeness: Callable[[int, int], float]) -> list[Pair]:
    if len(old) * len(new) > MOST_CELLS:
        parts = isqrt(len(old) * len(new) // MOST_CELLS) + 1
        return [
            pair
            for part in range(parts)
            for pair in _pair_alike(_part(old, part, parts), _part(new, part, parts), likeness)
        ]
    scores = [[likeness(i, j) for j in new] for i in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = best[i + 1][j + 1] + scores[i][j] if scores[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    pairs: list[Pair] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((old[i], new[j]))
            i, j = i + 1, j + 1
    return pairs


def _part(whole: range, part: int, parts: int) -> range:
    return whole[len(whole) * part // parts : len(whole) * (part + 1) // parts]


@lru_cache(maxsize=512)
def _bag(typed: str) -> Counter[str]:
    return Counter(words(typed.lower())[0])


def likeness(old: str, new: str) -> float:
    """Return the share of words two texts have in common, 0 if they are strangers."""
    bags = _bag(old), _bag(new)
    sizes = bags[0].total(), bags[1].total()
    if 2 * min(sizes) < ALIKE * sum(sizes):
        return 0.0
    share = 2 * (bags[0] & bags[1]).total() / (sum(sizes) or 1)
    return share if share >= ALIKE else 0.0


def compare_words(old: str, new: str) -> tuple[Segment, ...]:
    """Return the pieces of two texts: what stands in both, what went, what came.

    White space and Unicode form do not count; letter case does. Between a word that went and
    the one that came a space stands as a piece of its own, so that pieces need only be joined.
    """
    old, new = tidy(old), tidy(new)
    if old == new:
        return (("=", new),) if new else ()
    (old_words, old_spaces), (new_words, new_spaces) = words(old), words(new)
    runs = _readable(_runs(old_words, new_words), old_words)
    pieces: list[tuple[Mark, str, bool]] = []
    for same, (i, next_i), (j, next_j) in runs:
        if same:
            pieces.append(("=", *_joined(new_words, new_spaces, j, next_j)))
            continue
        if i < next_i:
            pieces.append(("-", *_joined(old_words, old_spaces, i, next_i)))
        if j < next_j:
            pieces.append(("+", *_joined(new_words, new_spaces, j, next_j)))
    return _spaced(pieces)


def _joined(parts: list[str], spaces: list[bool], start: int, end: int) -> tuple[str, bool]:
    """Return the words of a run as one text, and whether a space stands before it."""
    inner = range(start + 1, end)
    return parts[start] + "".join(" " * spaces[k] + parts[k] for k in inner), spaces[start]


def _spaced(pieces: list[tuple[Mark, str, bool]]) -> tuple[Segment, ...]:
    """Put the spaces between pieces where no mark of change shows them."""
    found: list[Segment] = []
    for mark, piece, space in pieces:
        before = found[-1][0] if found else None
        if not before or not (space or (before, mark) == ("-", "+")):
            found.append((mark, piece))
        elif before == "=":
            found[-1] = ("=", found[-1][1] + " ")
            found.append((mark, piece))
        elif mark == "=":
            found.append(("=", " " + piece))
        else:
            found += [("=", " "), (mark, piece)]
    return tuple(found)


Run = tuple[bool, Pair, Pair]


def _runs(old: list[str], new: list[str]) -> list[Run]:
    """Return common and changed runs in turn, each with its place in both lists."""
    runs: list[Run] = []
    i = j = 0
    for next_i, next_j, length in [*_word_matches(old, new), (len(old), len(new), 0)]:
        if (i, j) != (next_i, next_j):
            runs.append((False, (i, next_i), (j, next_j)))
        if length and runs and runs[-1][0]:
            _, (i, _), (j, _) = runs.pop()
            runs.append((True, (i, next_i + length), (j, next_j + length)))
        elif length:
            runs.append((True, (next_i, next_i + length), (next_j, next_j + length)))
        i, j = next_i + length, next_j + length
    return runs


def _word_matches(old: list[str], new: list[str]) -> list[Match]:
    if max(len(old), len(new)) <= LONGEST_RUN:
        return matches(old, new)
    found: list[Match] = []
    parts = _sentences(old), _sentences(new)
    olds = [" ".join(old[start:end]) for start, end in parts[0]]
    news = [" ".join(new[start:end]) for start, end in parts[1]]
    for i, j in align(olds, news, lambda i, j: likeness(olds[i], news[j])):
        if i is None or j is None:
            continue
        (a, next_a), (b, next_b) = parts[0][i], parts[1][j]
        hurry = max(next_a - a, next_b - b) > LONGEST_RUN
        inner = matches(old[a:next_a], new[b:next_b], hurry=hurry)
        found += [(a + x, b + y, length) for x, y, length in inner]
    return found


def _sentences(parts: list[str]) -> list[Pair]:
    ends = [k + 1 for k, word in enumerate(parts) if word in _SENTENCE_ENDS]
    return [pair for pair in pairwise([0, *ends, len(parts)]) if pair[0] < pair[1]]


def _readable(runs: list[Run], old: list[str]) -> list[Run]:
    """Join changes that a single common word keeps apart: fewer, longer pieces read better."""
    found: list[Run] = []
    for place, run in enumerate(runs):
        same, (i, next_i), (j, next_j) = run
        after_change = bool(found) and not found[-1][0]
        if same:
            lone = sum(word[0].isalnum() for word in old[i:next_i]) <= 1
            between = after_change and place < len(runs) - 1
            joins = lone and between and _long(found[-1]) and _long(runs[place + 1])
        else:
            joins = after_change
        if joins:
            _, (i, _), (j, _) = found.pop()
            found.append((False, (i, next_i), (j, next_j)))
        else:
            found.append(run)
    return found


def _long(run: Run) -> bool:
    return max(end - start for start, end in run[1:]) > 1
