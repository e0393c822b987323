"""What something costs on a day, asked of fee lines. Pure.

A line answers only on days inside both its own days and those of its revision, inclusive. An
answer is one line, or all the lines that would answer, or none: never a guess, and unknown is
never nought.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from qms.documents.kinds.fees import Channel, FeeLine, Picks, Rate
from qms.errors import RefusedError
from qms.text import fold
from qms.units.rules import Place, chain
from qms.vietnamese import day as day_words

EVERYWHERE: Final = frozenset[str]()


@dataclass(frozen=True)
class Source:
    """The text in which a line stands, and the decision that brought it."""

    document_id: int
    owner_id: int
    code: str
    slug: str
    title: str
    topic: str
    revision_id: int
    decision_id: int
    decision_number: str


@dataclass(frozen=True)
class Held:
    """A line with the days on which it answers; ``place`` counts from 0 in its schedule."""

    line: FeeLine
    place: int
    source: Source
    first_day: date
    last_day: date | None

    @property
    def first_day_known(self) -> bool:
        """Whether the line says from when on; else it counts from its revision."""
        return self.line.first_day is not None

    @cached_property
    def name_key(self) -> str:
        """The name as names are compared."""
        return fold(self.line.name)

    @cached_property
    def case_key(self) -> str:
        """The case as cases are compared."""
        return fold(self.line.case)

    def holds(self, on: date) -> bool:
        """Tell whether it answers on a day."""
        return self.first_day <= on and (self.last_day is None or on <= self.last_day)


@dataclass(frozen=True)
class Question:
    """What is asked; ``within`` are the address words of all that the place lies in."""

    procedure: str
    channel: Channel
    within: frozenset[str]
    submission_day: date
    decision_day: date
    case: str = ""


@dataclass(frozen=True)
class Answer:
    """What one fee costs: exactly one line, or no line, or all that would answer.

    ``day`` is the day that picked. ``cases`` are those that have a line of their own that day.
    """

    name: str
    day: date
    lines: tuple[Held, ...]
    cases: tuple[str, ...] = ()

    @property
    def line(self) -> Held | None:
        """The line that answers; None where there is none, or more than one."""
        return self.lines[0] if len(self.lines) == 1 else None

    @property
    def refusal(self) -> RefusedError | None:
        """Why there is no answer though there are lines: each of them is named."""
        if len(self.lines) < 2:  # noqa: PLR2004 - two contradict each other
            return None
        return RefusedError(
            "“%(name)s” có %(count)s dòng cùng trả lời cho ngày %(day)s nên chưa trả lời được:",
            name=self.name,
            count=len(self.lines),
            day=day_words(self.day),
            parts=[
                RefusedError(
                    "%(code)s, dòng %(place)s: %(line)s",
                    code=each.source.code,
                    place=each.place + 1,
                    line=in_words(each.line),
                )
                for each in self.lines
            ],
        )


@dataclass(frozen=True)
class Ground:
    """Units by address word, what they lie in, and whom they followed."""

    words: Mapping[int, str]
    places: Mapping[int, Place]
    before: Mapping[int, Sequence[int]]

    def around(self, unit_id: int) -> frozenset[str]:
        """Return the unit and all above it."""
        return frozenset(self.words[each] for each in chain(self.places, unit_id))

    def within(self, unit_id: int) -> frozenset[str]:
        """Return all that the unit, or one of those before it, is or lies below."""
        seen, waiting = set[int](), [unit_id]
        while waiting:
            each = waiting.pop()
            if each not in seen:
                seen.add(each)
                waiting.extend(self.before.get(each, ()))
        return EVERYWHERE.union(*(self.around(each) for each in seen))

    def share(self, one: Iterable[str], other: Iterable[str]) -> bool:
        """Tell whether two territories have ground in common.

        Two areas that one unit now unites have none: who asks there is asked for the place.
        """
        a, b = frozenset(one), frozenset(other)
        if not a or not b or a & b:
            return True
        return any(
            (a & around and b & within) or (b & around and a & within)
            for around, within in self._stations
        )

    @cached_property
    def _stations(self) -> list[tuple[frozenset[str], frozenset[str]]]:
        return [(self.around(each), self.within(each)) for each in self.places]


def held(
    lines: Sequence[FeeLine], source: Source, first_day: date, last_day: date | None
) -> list[Held]:
    """Return the lines of a text clipped to the days on which it is in force."""
    found = []
    for place, line in enumerate(lines):
        first = max(line.first_day or first_day, first_day)
        last = min(line.last_day or date.max, last_day or date.max)
        if first <= last:
            found.append(Held(line, place, source, first, None if last == date.max else last))
    return found


def lies_in(within: frozenset[str], units: Iterable[str]) -> bool:
    """Tell whether a place lies in a line's territory; without units that is everywhere."""
    named = frozenset(units)
    return not named or not named.isdisjoint(within)


def reach(lines: Iterable[Held], within: frozenset[str], on: date) -> list[Held]:
    """Return the lines that hold at a place on a day, as notices show them."""
    return [each for each in lines if each.holds(on) and lies_in(within, each.line.units)]


def stretch(
    lines: Iterable[Held], within: frozenset[str], on: date
) -> tuple[date | None, date | None]:
    """Return the first and last day around one on which the same lines hold at a place.

    None is an end that no line sets.
    """
    one = timedelta(days=1)
    here = [each for each in lines if lies_in(within, each.line.units)]
    turns = {each.first_day for each in here}
    turns |= {each.last_day + one for each in here if each.last_day}
    coming = min((day for day in turns if day > on), default=None)
    return max((day for day in turns if day <= on), default=None), coming and coming - one


def answer(lines: Iterable[Held], asked: Question) -> list[Answer]:
    """Return what each fee costs, by name in the order of the schedules.

    The line in force on the decision day says which of the two days picks.
    """
    by_name: dict[str, list[Held]] = {}
    for each in lines:
        if (
            each.line.procedure == asked.procedure
            and (not each.line.channels or asked.channel in each.line.channels)
            and lies_in(asked.within, each.line.units)
        ):
            by_name.setdefault(each.name_key, []).append(each)
    case = fold(asked.case)
    return [
        _answer(found, asked, case)
        for found in by_name.values()
        if not case or any(each.case_key in {"", case} for each in found)
    ]


def cost(line: FeeLine, units: int) -> int | None:
    """Return what so many pages or pieces cost, up to the cap; None where nobody knows."""
    if line.rate in {Rate.NONE, Rate.EXEMPT}:
        return 0
    if line.rate is Rate.AMOUNT:
        whole = (line.amount or 0) * units
    elif line.rate is Rate.STEPS and (steps := sorted(line.steps, key=lambda s: s.from_unit)):
        if steps[0].from_unit > 1:
            return None
        ends = [*(step.from_unit for step in steps[1:]), units + 1]
        whole = sum(
            step.amount * max(min(end, units + 1) - step.from_unit, 0)
            for step, end in zip(steps, ends, strict=True)
        )
    else:
        return None
    return whole if line.cap is None else min(whole, line.cap)


def in_words(line: FeeLine) -> str:
    """Name a line so that a person finds it: what for, where, from when to when."""
    parts = [line.name, line.procedure, line.case, line.territory or ", ".join(line.units)]
    if line.first_day:
        parts.append(f"từ {day_words(line.first_day)}")
    if line.last_day:
        parts.append(f"đến hết {day_words(line.last_day)}")
    return "; ".join(part for part in parts if part)


def _answer(found: Sequence[Held], asked: Question, case: str) -> Answer:
    """Return what a fee costs, of the lines that bear its name."""
    apt = [each for each in found if each.case_key in {"", case}]
    day = asked.decision_day
    lines = [each for each in apt if each.holds(day)]
    if len(lines) == 1 and lines[0].line.picked_by is Picks.SUBMISSION:
        day = asked.submission_day
        lines = [each for each in apt if each.holds(day)]
    cases = dict.fromkeys(
        each.line.case for each in found if each.case_key and each.holds(asked.decision_day)
    )
    name = (lines or apt or list(found))[0].line.name
    return Answer(name, day, tuple(lines), tuple(cases))
