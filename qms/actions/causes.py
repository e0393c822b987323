"""The cause of a finding as a tree: why, and why that, written as lines in any usual way."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from qms.errors import InvalidError

DEEPEST: Final = 8
"""Most steps of asking why."""

_DASHES: Final = re.compile(r"(?:[-–—•*+→>]\s*)+")
_NUMBER: Final = re.compile(
    r"(\d{1,2}(?:\.\d{1,2})*)[.):]\s*(?=\D|$)|(\d{1,2}(?:\.\d{1,2})+)\s+"
)
_ASKED: Final = re.compile(
    r"(?:vì sao|tại sao)\s*(?:lần\s*)?(\d)\s*[:.)?–-]*\s*", re.IGNORECASE
)


@dataclass(frozen=True)
class Why:
    """A cause and what lies behind it; without anything behind, it is a root."""

    words: str
    behind: tuple["Why", ...] = ()


@dataclass(frozen=True)
class _Line:
    """A line as it was written: how far in, behind how many dashes or under which number."""

    words: str
    indent: int
    dashes: int = 0
    number: tuple[int, ...] = ()


def whys(text: str) -> tuple[Why, ...]:
    """Return a cause map as a tree, from lines with dashes, numbers or indented.

    One more dash, the next number of a row, one more part of a number, or further in: each asks
    why once more.

    Raises:
        InvalidError: it goes too deep.

    """
    lines = [_read(line) for line in text.expandtabs(4).splitlines()]
    found = _depths([line for line in lines if line.words])
    for depth, words in found:
        if depth >= DEEPEST:
            raise InvalidError(
                "Dòng “%(line)s” sâu quá: hỏi “vì sao” nhiều nhất %(most)s lần.",
                line=words,
                most=DEEPEST - 1,
            )
    return _branches(found, 0)


def _read(line: str) -> _Line:
    said = line.strip()
    indent = len(line) - len(line.lstrip())
    if marked := _DASHES.match(said):
        signs = sum(not each.isspace() for each in marked[0])
        return _Line(said[marked.end() :].strip(), indent, dashes=signs)
    if marked := _ASKED.match(said):
        return _Line(said[marked.end() :].strip(), indent, number=(int(marked[1]),))
    if marked := _NUMBER.match(said):
        parts = tuple(map(int, (marked[1] or marked[2]).split(".")))
        return _Line(said[marked.end() :].strip(), indent, number=parts)
    return _Line(said, indent)


def _depths(lines: Sequence[_Line]) -> list[tuple[int, str]]:
    """Return how deep each line stands: below the nearest one before it that weighs less."""
    chain = _is_chain(lines)
    most = max((len(each.number) for each in lines), default=0)
    by_marks = chain or most > 1 or any(each.dashes > 1 for each in lines)
    above: list[tuple[int, int]] = []
    found = []
    for each in lines:
        number = each.number[0] if chain and each.number else len(each.number)
        mark = most + each.dashes if each.dashes else number
        weight = (0, mark) if by_marks else (each.indent, mark)
        while above and above[-1] >= weight:
            above.pop()
        found.append((len(above), each.words))
        above.append(weight)
    return found


def _is_chain(lines: Sequence[_Line]) -> bool:
    """Tell whether numbers count the times of asking why: 1, 2, 3 and nothing else marked."""
    numbers = [each.number for each in lines if each.number]
    if any(each.dashes for each in lines):
        return False
    return len(numbers) > 1 and all(len(each) == 1 for each in numbers)


def _branches(lines: Sequence[tuple[int, str]], depth: int) -> tuple[Why, ...]:
    starts = [place for place, (at, _) in enumerate(lines) if at == depth]
    ends = [*starts[1:], len(lines)] if starts else []
    return tuple(
        Why(lines[start][1], _branches(lines[start + 1 : end], depth + 1))
        for start, end in zip(starts, ends, strict=True)
    )


def roots(found: Collection[Why]) -> list[str]:
    """Return the causes behind which nobody saw another."""
    return [
        words
        for each in found
        for words in (roots(each.behind) if each.behind else [each.words])
    ]
