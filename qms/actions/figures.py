"""What the dashboard counts: open and overdue by unit, age, recurrence, days to effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.actions.lists import is_late
from qms.actions.models import Finding, Request
from qms.actions.queries import Who, visible
from qms.actions.rules import ENDS, State
from qms.documents.rules import months_later

AGES: Final = (30, 60, 90, 180)
"""Days at which the age of open requests is parted."""
LOOKED_BACK: Final = 24
"""Months in which the same clause and unit again count as recurrence."""
QUARTERS: Final = 8
"""Quarters that the time to effect is shown for."""
MOST_RECURRING: Final = 20


@dataclass(frozen=True)
class ByUnit:
    """How many requests of a unit are open, and how many of these are late."""

    unit_id: int
    open: int
    late: int


@dataclass(frozen=True)
class Recurring:
    """The same clause found again in the same unit."""

    unit_id: int
    edition: str
    clause: str
    count: int
    last_on: date


@dataclass(frozen=True)
class Quarter:
    """The days from finding to verified effect of requests that were closed in a quarter."""

    year: int
    quarter: int
    closed: int
    days: int | None

    @property
    def words(self) -> str:
        """How a chart on paper names it."""
        return f"Quý {self.quarter}/{self.year}"


@dataclass(frozen=True)
class Figures:
    """All that the dashboard shows. ``ages``: how many open ones are in each part of time."""

    by_unit: Sequence[ByUnit]
    ages: Sequence[tuple[int, int | None, int]]
    recurring: Sequence[Recurring]
    quarters: Sequence[Quarter]

    @property
    def open(self) -> int:
        """How many requests are open."""
        return sum(each.open for each in self.by_unit)

    @property
    def late(self) -> int:
        """How many of these are late."""
        return sum(each.late for each in self.by_unit)


def figures(session: Session, who: Who, today: date, unit_id: int | None = None) -> Figures:
    """Return the figures of what a person may see, in four questions."""
    seen = [visible(who)] if unit_id is None else [visible(who), Finding.unit_id == unit_id]
    return Figures(
        by_unit=_by_unit(session, seen, today),
        ages=_ages(session, seen, today),
        recurring=_recurring(session, seen, today),
        quarters=_quarters(session, seen, today),
    )


def _by_unit(
    session: Session, seen: Sequence[sa.ColumnElement[bool]], today: date
) -> list[ByUnit]:
    late = sa.func.sum(sa.case((is_late(today), 1), else_=0))
    query = (
        sa.select(Request.unit_id, sa.func.count(), late)
        .join(Finding, Finding.id == Request.finding_id)
        .where(Request.state.not_in(ENDS), *seen)
        .group_by(Request.unit_id)
        .order_by(sa.func.count().desc(), Request.unit_id)
    )
    return [ByUnit(row[0], row[1], int(row[2])) for row in session.execute(query)]


def _ages(
    session: Session, seen: Sequence[sa.ColumnElement[bool]], today: date
) -> list[tuple[int, int | None, int]]:
    """Return from which day, up to which, and how many open requests are so old."""
    query = (
        sa.select(Request.raised_on, sa.func.count())
        .join(Finding, Finding.id == Request.finding_id)
        .where(Request.state.not_in(ENDS), *seen)
        .group_by(Request.raised_on)
    )
    starts = (0, *(each + 1 for each in AGES))
    ends: tuple[int | None, ...] = (*AGES, None)
    counts = dict.fromkeys(starts, 0)
    for raised_on, count in session.execute(query):
        age = (today - raised_on).days
        counts[max(each for each in starts if each <= max(age, 0))] += count
    return [(start, end, counts[start]) for start, end in zip(starts, ends, strict=True)]


def _recurring(
    session: Session, seen: Sequence[sa.ColumnElement[bool]], today: date
) -> list[Recurring]:
    since = months_later(today, -LOOKED_BACK)
    query = (
        sa.select(
            Finding.unit_id,
            Finding.edition,
            Finding.clause,
            sa.func.count(),
            sa.func.max(Finding.raised_on),
        )
        .where(Finding.annulled_on.is_(None), Finding.raised_on >= since, *seen)
        .group_by(Finding.unit_id, Finding.edition, Finding.clause)
        .having(sa.func.count() > 1)
        .order_by(sa.func.count().desc(), sa.func.max(Finding.raised_on).desc())
        .limit(MOST_RECURRING)
    )
    return [Recurring(*row) for row in session.execute(query)]


def _quarters(
    session: Session, seen: Sequence[sa.ColumnElement[bool]], today: date
) -> list[Quarter]:
    shown = quarters_until(today)
    first = date(shown[0][0], shown[0][1] * 3 - 2, 1)
    query = (
        sa.select(Finding.raised_on, Request.effect_on)
        .join(Finding, Finding.id == Request.finding_id)
        .where(Request.state == State.CLOSED, Request.effect_on >= first, *seen)
    )
    took: Mapping[tuple[int, int], list[int]] = {each: [] for each in shown}
    for raised_on, effect_on in session.execute(query):
        closed_on = effect_on or today
        quarter = (closed_on.year, quarter_of(closed_on))
        if quarter in took:
            took[quarter].append((closed_on - raised_on).days)
    return [
        Quarter(*each, len(days), int(median(days)) if days else None)
        for each, days in took.items()
    ]


def quarter_of(day: date) -> int:
    """Return the quarter of its year that a day lies in."""
    return (day.month - 1) // 3 + 1


def quarters_until(today: date) -> list[tuple[int, int]]:
    """Return the last quarters, this one included, the earliest first."""
    found = []
    at = date(today.year, quarter_of(today) * 3 - 2, 1)
    for _ in range(QUARTERS):
        found.append((at.year, quarter_of(at)))
        before = at - timedelta(days=1)
        at = date(before.year, quarter_of(before) * 3 - 2, 1)
    return found[::-1]
