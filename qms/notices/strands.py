"""What sheets of many documents are made of: one strand for each, looked at on its days alone."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Generic, TypeVar

T = TypeVar("T")


class Strand(Generic[T]):
    """What one document has on a sheet over time; asked once for each day it may change on.

    ``known`` makes it as known at an instant; where nothing of its own was signed between two
    instants, it is asked once.
    """

    def __init__(
        self,
        days: Iterable[date],
        say: Callable[[date], T | None],
        instants: Iterable[datetime] = (),
        known: "Callable[[datetime], Strand[T]] | None" = None,
    ) -> None:
        """Take the days on which it may say something else, and what it says."""
        self.days = sorted(days)
        self.instants = sorted(instants)
        self._say = say
        self._known = known
        self._said: dict[int, T | None] = {}
        self._once: dict[int, Strand[T]] = {}

    def on(self, day: date) -> T | None:
        """Return what it says on a day."""
        at = bisect_right(self.days, day)
        if not at:
            return None
        if at not in self._said:
            self._said[at] = self._say(self.days[at - 1])
        return self._said[at]

    def as_known(self, at: datetime) -> "Strand[T]":
        """Return it as known at an instant."""
        known = bisect_right(self.instants, at)
        if known == len(self.instants) or self._known is None:
            return self
        if known not in self._once:
            self._once[known] = self._known(at)
        return self._once[known]
