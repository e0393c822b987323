"""Which days are worked: weekends, public holidays, and what a yearly notice makes of them. Pure.

Sources: Bộ luật Lao động 45/2019/QH14, Điều 112 (holidays; days in lieu), and the notice of each
year, which settles Tết and Quốc khánh and swaps working days.

The package that knows the law's days brings the whole world's: it takes a second and memory,
so it is loaded by name when the first day is asked for.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Final

YEARS: Final = range(2007, 2100)
"""Years whose lunar days are computed right."""

_COUNTRY: Final = "VN"
_SATURDAY: Final = 5


class DayKind(StrEnum):
    """What a notice makes of a day."""

    OFF = "off"
    WORKING = "working"
    AS_LAW = "as_law"


@dataclass(frozen=True)
class Turned:
    """A day that a notice names: what it makes of it, and on what ground."""

    kind: DayKind
    basis: str


@dataclass(frozen=True)
class DayOff:
    """A day that is not worked and why; ``weekend`` where it is only that."""

    day: date
    name: str
    weekend: bool = False


@dataclass(frozen=True)
class Calendar:
    """The days of an office: the law's, with what notices turned.

    ``settled`` are the years for which the yearly notice was compared with this calendar.
    """

    turned: Mapping[date, Turned] = field(default_factory=dict)
    settled: frozenset[int] = frozenset()

    def off(self, day: date) -> DayOff | None:
        """Return why a day is not worked; None where it is.

        Raises:
            ValueError: the year lies outside :data:`YEARS`.

        """
        named, working = by_law(day.year)
        turned = self.turned.get(day)
        if turned is not None and turned.kind is DayKind.OFF:
            return DayOff(day, named.get(day) or turned.basis)
        if turned is not None and turned.kind is DayKind.WORKING:
            return None
        if day in named:
            return DayOff(day, named[day])
        if day.weekday() >= _SATURDAY and day not in working:
            return DayOff(day, "", weekend=True)
        return None

    def works(self, day: date) -> bool:
        """Tell whether a day is worked."""
        return self.off(day) is None

    def works_from(self, day: date) -> date:
        """Return the first working day that is not before a day."""
        while not self.works(day):
            day += timedelta(days=1)
        return day

    def after(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after a day, which itself is not counted."""
        while count > 0:
            day = self.works_from(day + timedelta(days=1))
            count -= 1
        return day

    def between(self, first: date, last: date) -> list[DayOff]:
        """Return the days after the first up to the last that are not worked."""
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return [found for day in days if (found := self.off(day)) is not None]


@cache
def by_law(year: int) -> tuple[Mapping[date, str], frozenset[date]]:
    """Return the holidays of a year by name, and the days worked instead of others.

    Raises:
        ValueError: the year lies outside :data:`YEARS`.

    """
    if year not in YEARS:
        raise ValueError(year)
    holidays = importlib.import_module("holidays")
    found = holidays.country_holidays(_COUNTRY, years=year, language="vi")
    working = getattr(found, "weekend_workdays", ())
    return (
        {day: name for day, name in sorted(found.items()) if day.year == year},
        frozenset(day for day in working if day.year == year),
    )
