"""A second account of what a fee costs, written from the design and not from the program.

It asks each text of each schedule afresh, knows no stretches clipped beforehand, and spreads a
territory downwards from the units it names, where the program looks upwards from the place.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import NamedTuple


@dataclass(frozen=True)
class Line:
    """One line as it stands in a text; empty channels are all, empty units everywhere."""

    name: str
    procedure: str
    case: str
    channels: frozenset[str]
    units: frozenset[str]
    first: date | None
    last: date | None
    by_submission: bool


@dataclass(frozen=True)
class Text:
    """A text of a schedule and its first day; no lines from a withdrawal on."""

    first: date
    lines: Sequence[Line] | None


@dataclass(frozen=True)
class Land:
    """Where each unit lies, and pairs of who came before whom."""

    above: dict[str, str]
    succession: Sequence[tuple[str, str]]
    known: dict[frozenset[str], set[str]] = field(default_factory=dict)

    def reached(self, named: frozenset[str]) -> set[str]:
        """Return the named units, all below them, and all that followed one of these."""
        if named in self.known:
            return self.known[named]
        found = set(named)
        while below := {u for u, up in self.above.items() if up in found} - found:
            found |= below
        while after := {new for old, new in self.succession if old in found} - found:
            found |= after
        self.known[named] = found
        return found


class Asked(NamedTuple):
    """A question."""

    procedure: str
    case: str
    channel: str
    place: str
    submitted: date
    decided: date


Said = dict[str, list[tuple[str, int]]]
"""By name of the fee: each line that answers, as schedule and place."""


def says(schedules: dict[str, Sequence[Text]], land: Land, asked: Asked) -> Said:
    """Return what each fee of a procedure answers; nothing where no line speaks of the case."""
    found: Said = {}
    for name in _names(schedules, land, asked):
        on_day = _answering(schedules, land, asked, name, asked.decided)
        if len(on_day) == 1:
            schedule, place = on_day[0]
            line = _text(schedules[schedule], asked.decided)[place]
            if line.by_submission:
                on_day = _answering(schedules, land, asked, name, asked.submitted)
        found[name] = on_day
    return found


def _names(schedules: dict[str, Sequence[Text]], land: Land, asked: Asked) -> set[str]:
    """Return the names of all fees that some line, of whatever day, has for this question."""
    every = [
        line for texts in schedules.values() for text in texts for line in text.lines or ()
    ]
    return {
        bare(line.name)
        for line in every
        if _speaks(line, land, asked)
        and (not bare(asked.case) or bare(line.case) in {"", bare(asked.case)})
    }


def _answering(
    schedules: dict[str, Sequence[Text]], land: Land, asked: Asked, name: str, day: date
) -> list[tuple[str, int]]:
    found = []
    for schedule, texts in schedules.items():
        for place, line in enumerate(_text(texts, day)):
            if bare(line.name) != name or not _speaks(line, land, asked):
                continue
            if bare(line.case) and bare(line.case) != bare(asked.case):
                continue
            if (line.first is None or line.first <= day) and (
                line.last is None or day <= line.last
            ):
                found.append((schedule, place))
    return sorted(found)


def _speaks(line: Line, land: Land, asked: Asked) -> bool:
    if line.procedure != asked.procedure:
        return False
    if line.channels and asked.channel not in line.channels:
        return False
    return not line.units or asked.place in land.reached(line.units)


def _text(texts: Sequence[Text], day: date) -> Sequence[Line]:
    """Return the lines of the text in force on a day."""
    standing: Sequence[Line] | None = None
    for text in sorted(texts, key=lambda each: each.first):
        if text.first <= day:
            standing = text.lines
    return standing or ()


@cache
def bare(words: str) -> str:
    """Return words as they are compared: no accents, no case, single spaces."""
    apart = unicodedata.normalize("NFD", words.casefold().replace("đ", "d"))
    letters = (c if c.isalnum() else " " for c in apart if unicodedata.category(c) != "Mn")
    return " ".join("".join(letters).split())
