"""What is asked about working days: the calendar of an office, and the papers behind it."""

import json
from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms.counter.calendar import Calendar, DayKind, Turned
from qms.counter.models import DaysNotice
from qms.errors import NotFoundError
from qms.units.queries import places
from qms.units.rules import chain

PAGE = 20
"""Notices on one page."""


def calendar_of(session: Session, unit_id: int) -> Calendar:
    """Return the days of a unit: of notices that name one day, the nearest unit's latest."""
    above = chain(places(session), unit_id)
    query = sa.select(DaysNotice).where(
        DaysNotice.unit_id.in_(above), DaysNotice.confirmed_at.is_not(None)
    )
    found = sorted(
        session.scalars(query),
        key=lambda each: (-above.index(each.unit_id), each.confirmed_at, each.id),
    )
    turned = {
        day: Turned(kind, each.basis) for each in found for day, kind in days_of(each).items()
    }
    return Calendar(turned, frozenset(each.year for each in found if each.year is not None))


def days_of(row: DaysNotice) -> dict[date, DayKind]:
    """Return the days that a notice turns, in their order."""
    return {
        date.fromisoformat(day): DayKind(kind) for day, kind in json.loads(row.days).items()
    }


def notices(
    session: Session, unit_ids: Collection[int], *, page: int
) -> tuple[Sequence[DaysNotice], int]:
    """Return one page of the notices of some units, newest first, and how many there are."""
    query = sa.select(DaysNotice).where(DaysNotice.unit_id.in_(unit_ids))
    total = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    shown = query.order_by(DaysNotice.id.desc()).offset((page - 1) * PAGE).limit(PAGE)
    return session.scalars(shown.options(joinedload(DaysNotice.unit))).all(), total


def waiting(session: Session, unit_ids: Collection[int]) -> Sequence[DaysNotice]:
    """Return the notices of some units that nobody confirmed yet."""
    query = sa.select(DaysNotice).where(
        DaysNotice.unit_id.in_(unit_ids), DaysNotice.confirmed_at.is_(None)
    )
    return session.scalars(query.order_by(DaysNotice.id)).all()


def one(session: Session, notice_id: int) -> DaysNotice:
    """Return a notice.

    Raises:
        NotFoundError: there is none.

    """
    found = session.get(DaysNotice, notice_id)
    if found is None:
        raise NotFoundError("Không có thông báo ngày nghỉ này.")
    return found
