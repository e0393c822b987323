"""Which fee lines would answer the same question, and which days none of them answers. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise

from qms.documents.kinds.fees import Channel, FeeLine
from qms.documents.price_rules import Ground, Held, in_words
from qms.errors import InvalidError
from qms.text import fold
from qms.vietnamese import day as day_words

Days = tuple[date, date]


def clashes(
    lines: Sequence[FeeLine], ground: Ground | None = None
) -> list[tuple[int, int, InvalidError]]:
    """Return each two lines of a schedule that would answer the same question, in words.

    Without the ground only territories that share a word, or are everywhere, are compared.
    """
    by_name: dict[tuple[str, str], list[int]] = {}
    for place, line in enumerate(lines):
        by_name.setdefault((line.procedure, fold(line.name)), []).append(place)
    found = []
    for places in by_name.values():
        for first, second in combinations(places, 2):
            one, other = lines[first], lines[second]
            if _same_case(one, other) and _same_ground(one, other, ground):
                days = _shared(_days(one), _days(other))
                if days is not None:
                    found.append((first, second, _clash(first, second, one, other, days)))
    return sorted(found, key=lambda each: each[:2])


def contradict(one: Held, other: Held, ground: Ground) -> date | None:
    """Return the first day on which two held lines would answer the same question."""
    mine, theirs = one.line, other.line
    if (mine.procedure, one.name_key) != (theirs.procedure, other.name_key):
        return None
    if not _same_case(mine, theirs) or not _same_ground(mine, theirs, ground):
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


def _same_case(one: FeeLine, other: FeeLine) -> bool:
    """Tell whether a question of one case and channel would find both."""
    cases = {fold(one.case), fold(other.case)} - {""}
    mine, theirs = (set(each.channels or Channel) for each in (one, other))
    return len(cases) <= 1 and not mine.isdisjoint(theirs)


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
