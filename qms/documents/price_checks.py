"""Which fee lines would answer the same question, and which days none of them answers. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, islice, pairwise, product
from typing import Final, TypeVar

from qms.documents.kinds.fees import Channel, FeeLine
from qms.documents.price_rules import Ground, Held, in_words
from qms.errors import InvalidError
from qms.text import fold
from qms.vietnamese import day as day_words

Days = tuple[date, date]
T = TypeVar("T")

MOST: Final = 100
"""Contradictions of a schedule that are told at once."""


def clashes(
    lines: Sequence[FeeLine], ground: Ground | None = None
) -> list[tuple[int, int, InvalidError]]:
    """Return each two lines of a schedule that would answer the same question, in words.

    Without the ground only territories that share a word, or are everywhere, are compared.
    At most :data:`MOST` are told: the rest shows when those are mended.
    """
    by_name: dict[tuple[str, str], dict[str, list[int]]] = {}
    for place, line in enumerate(lines):
        cases = by_name.setdefault((line.procedure, fold(line.name)), {})
        cases.setdefault(fold(line.case), []).append(place)
    pairs = (sorted(pair) for cases in by_name.values() for pair in alike(cases))
    clashing = (
        (first, second, days)
        for first, second in pairs
        if (days := _both(lines[first], lines[second], ground))
    )
    return [
        (first, second, _clash(first, second, lines[first], lines[second], days))
        for first, second, days in sorted(islice(clashing, MOST))
    ]


def alike(cases: Mapping[str, Sequence[T]]) -> Iterator[tuple[T, T]]:
    """Return each two lines, by case, that a question of one case might find together."""
    general = cases.get("", ())
    for case, each in cases.items():
        yield from combinations(each, 2)
        if case:
            yield from product(general, each)


def contradict(one: Held, other: Held, ground: Ground) -> date | None:
    """Return the first day on which two held lines would answer the same question."""
    mine, theirs = one.line, other.line
    if (mine.procedure, one.name_key) != (theirs.procedure, other.name_key):
        return None
    if len({one.case_key, other.case_key} - {""}) > 1 or not _same_way(mine, theirs):
        return None
    if not _same_ground(mine, theirs, ground):
        return None
    days = _shared(
        (one.first_day, one.last_day or date.max), (other.first_day, other.last_day or date.max)
    )
    return days[0] if days else None


def gaps(lines: Sequence[FeeLine]) -> list[tuple[int, int, date, date]]:
    """Return the stretches of days between two lines of one price on which neither answers.

    Each is the places of the line before and the one behind, the first and the last day.
    """
    rows: dict[tuple[object, ...], list[int]] = {}
    for place, line in enumerate(lines):
        for channel in line.channels or tuple(Channel):
            what = (line.procedure, fold(line.name), fold(line.case), channel)
            rows.setdefault((*what, frozenset(line.units)), []).append(place)
    found = set()
    for places in rows.values():
        ordered = sorted(places, key=lambda each: _days(lines[each]))
        for before, behind in pairwise(ordered):
            end, begin = _days(lines[before])[1], _days(lines[behind])[0]
            if begin.toordinal() - end.toordinal() > 1:
                one = timedelta(days=1)
                found.add((before, behind, end + one, begin - one))
    return sorted(found)


def _both(one: FeeLine, other: FeeLine, ground: Ground | None) -> Days | None:
    """Return the days on which two lines of one case would both answer."""
    days = _shared(_days(one), _days(other))
    return days if days and _same_way(one, other) and _same_ground(one, other, ground) else None


def _same_way(one: FeeLine, other: FeeLine) -> bool:
    """Tell whether a question of one channel would find both."""
    mine, theirs = (set(each.channels or Channel) for each in (one, other))
    return not mine.isdisjoint(theirs)


def _same_ground(one: FeeLine, other: FeeLine, ground: Ground | None) -> bool:
    if ground is not None:
        return ground.share(one.units, other.units)
    return not one.units or not other.units or not {*one.units}.isdisjoint(other.units)


def _days(line: FeeLine) -> Days:
    return line.first_day or date.min, line.last_day or date.max


def _shared(one: Days, other: Days) -> Days | None:
    days = (max(one[0], other[0]), min(one[1], other[1]))
    return days if days[0] <= days[1] else None


def _clash(first: int, second: int, one: FeeLine, other: FeeLine, days: Days) -> InvalidError:
    known = next((each for each in days if each not in {date.min, date.max}), None)
    sentence = (
        "Dòng %(first)s (%(one)s) và dòng %(second)s (%(other)s) cùng trả lời một trường hợp, "
        "chẳng hạn ngày %(day)s."
        if known
        else "Dòng %(first)s (%(one)s) và dòng %(second)s (%(other)s) cùng trả lời một trường "
        "hợp, mọi ngày."
    )
    return InvalidError(
        sentence,
        first=first + 1,
        second=second + 1,
        one=in_words(one),
        other=in_words(other),
        day=day_words(known) if known else "",
    )
