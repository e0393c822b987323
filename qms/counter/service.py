"""Acts on working days: entering what a notice says, and confirming it."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.counter import queries
from qms.counter.calendar import DayKind
from qms.counter.models import DaysNotice
from qms.digests import canonical
from qms.errors import InvalidError, NotAllowedError, RefusedError
from qms.trail import Act
from qms.units.models import Unit
from qms.units.queries import unit_by_id


def enter(
    session: Session,
    act: Act,
    unit: Unit,
    *,
    basis: str,
    year: int | None,
    days: Mapping[date, DayKind],
) -> DaysNotice:
    """Enter what a paper says of days in a unit and below; it waits for a second person.

    Raises:
        NotAllowedError: no post of the actor reaches the unit.
        InvalidError: it turns no day and settles no year.

    """
    require(session, act.actor, Permission.CALENDAR_ENTER, unit.id, act.today)
    if not days and year is None:
        raise InvalidError(
            "Hãy ghi ít nhất một ngày, hoặc năm mà thông báo này chốt lịch nghỉ."
        )
    told = {day.isoformat(): kind.value for day, kind in sorted(days.items())}
    row = DaysNotice(
        unit_id=unit.id,
        year=year,
        basis=basis,
        days=canonical(told).decode(),
        entered_by=_actor(act),
        entered_at=act.at,
    )
    session.add(row)
    session.flush()
    named = [f"{day}: {kind}" for day, kind in told.items()]
    detail = {"number": row.id, "year": year, "days": named}
    trail.record(
        session, act, action="calendar.entered", subject=f"unit/{unit.slug}", detail=detail
    )
    return row


def confirm(session: Session, act: Act, notice_id: int) -> DaysNotice:
    """Confirm a notice that somebody else entered; from now on its days count.

    Raises:
        NotAllowedError: no post of the actor reaches its unit, or the actor entered it.
        RefusedError: it was confirmed before.

    """
    row = queries.one(session, notice_id)
    require(session, act.actor, Permission.CALENDAR_CONFIRM, row.unit_id, act.today)
    if row.confirmed_at is not None:
        raise RefusedError("Thông báo này đã được xác nhận.")
    if row.entered_by == act.actor:
        raise NotAllowedError("Người nhập không tự xác nhận; cần một người thứ hai.")
    row.confirmed_by, row.confirmed_at = _actor(act), act.at
    unit = unit_by_id(session, row.unit_id)
    detail = {"number": row.id, "year": row.year}
    trail.record(
        session, act, action="calendar.confirmed", subject=f"unit/{unit.slug}", detail=detail
    )
    return row


def _actor(act: Act) -> int:
    if act.actor is None:
        raise NotAllowedError("Việc này cần một người đứng tên.")
    return act.actor
