"""The cause of a finding as a tree: why, and why that, written as lines with hyphens."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from qms.errors import InvalidError

DEEPEST: Final = 8
"""Most steps of asking why."""


@dataclass(frozen=True)
class Why:
    """A cause and what lies behind it; without anything behind, it is a root."""

    words: str
    behind: tuple["Why", ...] = ()


def whys(text: str) -> tuple[Why, ...]:
    """Return a cause map as a tree, from lines that begin with a hyphen for each step of asking.

    Raises:
        InvalidError: a line skips a step, or goes too deep.

    """
    found: list[tuple[int, str]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        words = line.lstrip("-– ")
        if not words:
            continue
        depth = sum(sign in "-–" for sign in line[: len(line) - len(words)])
        if depth > (found[-1][0] + 1 if found else 0) or depth >= DEEPEST:
            raise InvalidError(
                "Dòng “%(line)s” lùi quá sâu: mỗi lần hỏi “vì sao” chỉ thêm một gạch, nhiều nhất"
                " %(most)s lần.",
                line=words,
                most=DEEPEST - 1,
            )
        found.append((depth, words))
    return _branches(found, 0)


def _branches(lines: list[tuple[int, str]], depth: int) -> tuple[Why, ...]:
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
