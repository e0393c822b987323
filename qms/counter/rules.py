"""The day a result is promised for, if a whole dossier is received at a moment. Pure.

Sources: the limit of the procedure; Bộ luật Dân sự 91/2015/QH13, Điều 147–148 (the day of
receipt is not counted; a limit that ends on a day off ends with the next working day; a month
ends on the corresponding day, else on the last of the month).
"""

import calendar as months
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from qms.counter.calendar import YEARS, Calendar, DayOff
from qms.documents.kinds.procedure import LimitUnit, Procedure

CLOSES: Final = time(17)
"""When counters close, so that nothing more is answered on the day: the hours of offices."""

MOST_HOURS: Final = 24
"""With more hours than this nobody can tell hours of work from hours of the clock."""

MOST: Final = 3_000
"""A larger number of days is a slip of whoever typed it."""

MOST_MONTHS: Final = 600
"""So is a larger number of months."""

_MAY_TURN: Final = (((1, 1), (3, 5)), ((4, 10), (5, 10)), ((8, 20), (9, 10)))
"""The times of a year, as months and days, that its notice may turn."""

_HOUR: Final = r"sau\s+(\d{1,2})\s*(?:giờ|h|g|:)\s*([0-5]\d)?(?!\w)"
_NEXT: Final = r"ngày\s+làm\s+việc\s+(?:tiếp\s+theo|kế\s+tiếp|liền\s+kề)"
_LATE: Final = (
    re.compile(rf"{_HOUR}[^.;]{{0,160}}?{_NEXT}", re.IGNORECASE),
    re.compile(rf"{_NEXT}[^.;]{{0,80}}?{_HOUR}", re.IGNORECASE),
)
"""The two orders in which texts say that what comes late is answered on the next working day."""

_TIMED: Final = re.compile(
    r"ngay trong ngày|trong ngày|ngày làm việc|sau \d+ giờ|thời hạn|không quá \d+",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[^.;\n]+")
_LONGEST_QUOTE: Final = 260
_MOST_QUOTES: Final = 3


class Silence(StrEnum):
    """Why no day is promised."""

    UNSAID = "unsaid"
    WORDS = "words"
    HOURS = "hours"


@dataclass(frozen=True)
class Term:
    """A time limit: so many of a unit; ``count`` is None where only words say it."""

    count: int | None
    unit: LimitUnit
    words: str = ""


@dataclass(frozen=True)
class Promise:
    """The promised day with how it was counted, or why there is none.

    ``received``: the day that counts as that of receipt, the next working day for a dossier
    that came on a day off. ``at``: the moment hours end. ``late``: received after the hour
    from which the procedure itself answers on the next working day, or ``closed``: after that
    of offices. ``open_years``: years whose holidays were counted by the law alone, since no
    notice of theirs was compared.
    """

    received: date
    day: date | None = None
    at: datetime | None = None
    late: time | None = None
    closed: bool = False
    skipped: tuple[DayOff, ...] = ()
    open_years: tuple[int, ...] = ()
    silence: Silence | None = None

    @property
    def holidays(self) -> tuple[DayOff, ...]:
        """The days off on the way that are no mere weekends."""
        return tuple(each for each in self.skipped if not each.weekend)


def promise(term: Term, moment: datetime, days: Calendar, late: time | None = None) -> Promise:
    """Return the day promised for a dossier received at a moment of the office's clock.

    ``late`` is the hour after which a same-day procedure answers on the next working day.
    """
    received = days.works_from(moment.date())
    silence = _silence(term, received)
    if silence is not None:
        return Promise(received, silence=silence)
    count, moved = term.count or 0, received != moment.date()
    at = too_late = None
    closed = False
    if term.unit is LimitUnit.SAME_DAY:
        too_late = late if late and not moved and moment.time() > late else None
        closed = not too_late and not moved and moment.time() > CLOSES
        end = days.after(received, 1 if too_late or closed else 0)
    elif term.unit is LimitUnit.WORKING_DAY:
        end = days.after(received, count)
    elif term.unit is LimitUnit.HOUR:
        ends = (datetime.combine(received, time.min) if moved else moment) + timedelta(
            hours=count
        )
        end = days.works_from(ends.date())
        at = ends if end == ends.date() and not moved else None
    else:
        by_months = term.unit is LimitUnit.MONTH
        last = _months_after(received, count) if by_months else received + timedelta(days=count)
        end = days.works_from(last)
    return Promise(
        received,
        end,
        at,
        too_late,
        closed,
        tuple(days.between(received, end)),
        tuple(year for year in _turning(received, end) if year not in days.settled),
    )


def term(count: int | None, unit: LimitUnit, words: str) -> Term:
    """Return a limit as the rules count it; a nought of the catalogue says nothing."""
    known = unit in {LimitUnit.SAME_DAY, LimitUnit.OTHER}
    return Term(None if not known and not count else count, unit, words)


def late_hour(procedure: Procedure) -> time | None:
    """Return the hour after which the procedure's own text answers on the next working day."""
    said = [procedure.steps, procedure.note]
    for method in procedure.methods:
        said += [method.note, method.limit.note if method.limit else ""]
    for text in said:
        for way in _LATE:
            found = way.search(text)
            if found and int(found[1]) in range(24):
                return time(int(found[1]), int(found[2] or 0))
    return None


def said_of_time(texts: Iterable[str]) -> list[str]:
    """Return the sentences that speak of time, for the clerk where no limit can be counted."""
    found = (
        " ".join(sentence.split()).strip("-+*• ")
        for text in texts
        for sentence in _SENTENCE.findall(text)
        if _TIMED.search(sentence)
    )
    short = [each for each in dict.fromkeys(found) if len(each) <= _LONGEST_QUOTE]
    return short[:_MOST_QUOTES]


def _silence(term: Term, received: date) -> Silence | None:
    if received.year + _years(term) not in YEARS:
        return Silence.WORDS if term.words else Silence.UNSAID
    if term.unit is LimitUnit.SAME_DAY:
        return None
    most = MOST_MONTHS if term.unit is LimitUnit.MONTH else MOST
    if term.count is None or term.unit is LimitUnit.OTHER or term.count > most:
        return Silence.WORDS if term.words else Silence.UNSAID
    if term.unit is LimitUnit.HOUR and term.count > MOST_HOURS:
        return Silence.HOURS
    return None


def _years(term: Term) -> int:
    """Return after how many years a limit has ended for certain."""
    if term.unit is LimitUnit.MONTH:
        return (term.count or 0) // 12 + 2
    return (term.count or 0) // 200 + 1


def _months_after(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _turning(first: date, last: date) -> list[int]:
    """Return the years whose notice may turn days after the first up to the last.

    Notices settle Tết and Quốc khánh, and swap days around the other holidays.
    """
    return [
        year
        for year in range(first.year, last.year + 1)
        if any(
            first < date(year, *ends) and last >= date(year, *begins)
            for begins, ends in _MAY_TURN
        )
    ]
