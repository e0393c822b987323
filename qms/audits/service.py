"""Acts about audits before they begin: planning one, its hours, telling its units."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.audits import (
    notice_service,
    plan_changes,
    programme_queries,
    queries,
    rules,
    standing,
    team_service,
)
from qms.audits.models import Audit, AuditUnit, HourAuditor, PlanHour
from qms.audits.rules import COMING, Days, Hour, State, Step
from qms.counter.calendar import YEARS
from qms.counter.queries import calendar_of
from qms.errors import InvalidError, NotFoundError, RefusedError
from qms.standards.queries import edition_of
from qms.trail import Act
from qms.units.models import Unit
from qms.units.queries import places
from qms.units.rules import office_of


@dataclass(frozen=True)
class Said:
    """What is said of an audit: what it is about, when, and of which units.

    ``off_days``: days on which nobody works are meant; ``outside``: why it is held although the
    approved programme has no audit left for a unit.
    """

    title: str
    scope: str
    criteria: str
    days: Days
    unit_ids: tuple[int, ...]
    off_days: bool = False
    outside: str = ""


def plan(session: Session, act: Act, owner: Unit, said: Said) -> Audit:
    """Plan an audit of some units of an office; it gets the next number of the year.

    Raises:
        InvalidError: the days are in the wrong order, gone by or not worked, a unit is not of
            the office or not in the programme, and nothing is said about it.

    """
    require(session, act.actor, Permission.AUDIT_PLAN, owner.id, act.today)
    _check(session, owner.id, said)
    _check_days(session, act, owner.id, said)
    year = said.days.first.year
    made = Audit(
        owner_id=owner.id,
        year=year,
        number=queries.next_number(session, owner.id, year),
        planned_by=act.actor,
        planned_at=act.at,
        units=[AuditUnit(unit_id=each) for each in said.unit_ids],
        **_columns(session, owner.id, said),
        outside_reason=_outside(session, owner.id, said),
    )
    session.add(made)
    session.flush()
    _record(
        session,
        act,
        "audit.planned",
        made,
        detail={
            "first_day": made.first_day,
            "last_day": made.last_day,
            "units": list(said.unit_ids),
            "edition": made.edition,
            "outside": made.outside_reason or "",
        },
    )
    return made


def change(session: Session, act: Act, audit: Audit, said: Said) -> None:
    """Change what an audit is about before it begins; its team must stay independent.

    Raises:
        RefusedError: it has begun, or a member may not audit what it is about now.

    """
    _plans(session, act, audit)
    _check(session, audit.owner_id, said)
    if said.days.first.year != audit.year:
        raise InvalidError("Dời sang năm khác: hãy hủy cuộc này và lập cuộc mới trong năm ấy.")
    told = (audit.first_day, audit.last_day, set(queries.unit_ids(audit)))
    asked = (said.days.first, said.days.last, set(said.unit_ids))
    if audit.state is State.NOTIFIED and told != asked:
        rules.check_notice(said.days.first, act.today, audit.notice_reason)
    if (audit.first_day, audit.last_day) != (said.days.first, said.days.last):
        _check_days(session, act, audit.owner_id, said)
    audit.outside_reason = _outside(session, audit.owner_id, said, audit)
    for name, value in _columns(session, audit.owner_id, said).items():
        setattr(audit, name, value)
    kept = {each.unit_id: each for each in audit.units}
    audit.units = [
        kept.get(each) or AuditUnit(audit_id=audit.id, unit_id=each) for each in said.unit_ids
    ]
    session.flush()
    team_service.check_team(session, act, audit)
    _drop_hours_outside(session, audit)
    _record(
        session,
        act,
        "audit.changed",
        audit,
        detail={
            "first_day": audit.first_day,
            "last_day": audit.last_day,
            "units": list(said.unit_ids),
            "edition": audit.edition,
            "outside": audit.outside_reason or "",
        },
    )


def add_hour(
    session: Session, act: Act, audit: Audit, hour: Hour, subject: str, *, reason: str = ""
) -> PlanHour:
    """Put an hour into the plan; after the notice for a reason, and the units see it.

    Raises:
        InvalidError: it lies outside the audit, or an auditor is elsewhere then.

    """
    _arranges(session, act, audit)
    if hour.unit_id is not None and hour.unit_id not in queries.unit_ids(audit):
        raise InvalidError("Đơn vị này không thuộc cuộc đánh giá.")
    others = map(queries.as_hour, queries.hours(session, [audit.id])[audit.id])
    team = {each.user_id for each in queries.team(session, [audit.id])[audit.id]}
    rules.check_hour(hour, queries.days_of(audit), others, team)
    made = PlanHour(
        audit_id=audit.id,
        day=hour.day,
        begins=hour.begins,
        ends=hour.ends,
        session=hour.session,
        unit_id=hour.unit_id,
        subject=subject,
        auditors=[HourAuditor(user_id=each) for each in sorted(hour.auditors)],
    )
    session.add(made)
    session.flush()
    plan_changes.note(session, act, audit, made, added=True, reason=reason)
    detail = {"day": hour.day, "unit": hour.unit_id, "reason": reason}
    _record(session, act, "audit.hour_added", audit, detail=detail)
    return made


def drop_hour(
    session: Session, act: Act, audit: Audit, hour_id: int, *, reason: str = ""
) -> None:
    """Take an hour out of the plan; after the notice for a reason, and the units see it."""
    _arranges(session, act, audit)
    for each in queries.hours(session, [audit.id])[audit.id]:
        if each.id == hour_id:
            plan_changes.note(session, act, audit, each, added=False, reason=reason)
            session.delete(each)
            detail = {"day": each.day, "unit": each.unit_id, "reason": reason}
            _record(session, act, "audit.hour_dropped", audit, detail=detail)


def notify(session: Session, act: Act, audit: Audit, *, reason: str = "") -> None:
    """Tell the units that they will be audited, 5 to 7 days before.

    Raises:
        RefusedError: there is no team, no decision of it, or a unit without an hour.
        InvalidError: it is late and no reason is given.

    """
    require(session, act.actor, Permission.AUDIT_PLAN, audit.owner_id, act.today)
    state = rules.advance(audit.state, Step.NOTIFY)
    rules.check_ready_to_notify(standing.ready(session, audit))
    rules.check_notice(audit.first_day, act.today, reason)
    audit.state, audit.notice_reason = state, reason
    audit.notified_at, audit.notified_by = act.at, act.actor
    audit.notified_on = act.today
    notice_service.keep(session, act, audit)
    _record(session, act, "audit.notified", audit, detail={"reason": reason})


def cancel(session: Session, act: Act, audit: Audit, *, reason: str) -> None:
    """Let a planned audit not take place, for a reason."""
    require(session, act.actor, Permission.AUDIT_PLAN, audit.owner_id, act.today)
    if not reason:
        raise InvalidError("Hãy ghi vì sao không đánh giá nữa.")
    audit.state = rules.advance(audit.state, Step.CANCEL)
    audit.cancel_reason = reason
    _record(session, act, "audit.cancelled", audit, detail={"reason": reason})


def _plans(session: Session, act: Act, audit: Audit) -> None:
    require(session, act.actor, Permission.AUDIT_PLAN, audit.owner_id, act.today)
    if audit.state not in COMING:
        raise RefusedError("Cuộc đánh giá đã bắt đầu, không sửa phần này được nữa.")


def _arranges(session: Session, act: Act, audit: Audit) -> None:
    """Refuse who neither plans audits here nor leads this one, and every change after its end."""
    if not standing.leads(session, act.actor, audit):
        require(session, act.actor, Permission.AUDIT_PLAN, audit.owner_id, act.today)
    if audit.state not in {*COMING, State.UNDER_WAY}:
        raise RefusedError("Cuộc đánh giá đã báo cáo, không sửa kế hoạch được nữa.")


def _columns(session: Session, owner_id: int, said: Said) -> dict[str, object]:
    return {
        "title": said.title,
        "scope": said.scope,
        "criteria": said.criteria,
        "edition": edition_of(session, owner_id, said.days.first),
        "first_day": said.days.first,
        "last_day": said.days.last,
        "period_first": said.days.period_first,
        "period_last": said.days.period_last,
    }


def _check(session: Session, owner_id: int, said: Said) -> None:
    rules.check_days(said.days)
    if not said.unit_ids:
        raise InvalidError("Hãy chọn ít nhất một đơn vị được đánh giá.")
    placed = places(session)
    for each in said.unit_ids:
        if each not in placed:
            raise NotFoundError("Không có đơn vị số %(number)s.", number=each)
        if office_of(placed, each) != owner_id:
            raise InvalidError("Chỉ đánh giá đơn vị thuộc cơ quan.")


def _check_days(session: Session, act: Act, owner_id: int, said: Said) -> None:
    first, last = said.days.first, said.days.last
    rules.check_to_come(first, act.today)
    works = calendar_of(session, owner_id).works
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    off = [day for day in days if day.year in YEARS and not works(day)]
    rules.check_worked(off, meant=said.off_days)


def _outside(
    session: Session, owner_id: int, said: Said, audit: Audit | None = None
) -> str | None:
    """Return why an audit is held outside the programme; None where it is not."""
    year, but = said.days.first.year, audit.id if audit else None
    found = programme_queries.outside(session, owner_id, year, said.unit_ids, but=but)
    names = queries.unit_names(session, said.days.first)
    rules.check_outside([names.get(each, str(each)) for each in found], said.outside)
    return said.outside if found else None


def _drop_hours_outside(session: Session, audit: Audit) -> None:
    """Take out of the plan what no longer fits the days or units of the audit."""
    units = queries.unit_ids(audit)
    for each in queries.hours(session, [audit.id])[audit.id]:
        outside = not audit.first_day <= each.day <= audit.last_day
        if outside or (each.unit_id is not None and each.unit_id not in units):
            session.delete(each)
    session.flush()


def _record(
    session: Session, act: Act, action: str, audit: Audit, *, detail: Mapping[str, object]
) -> None:
    trail.record(session, act, action=action, subject=audit.ref, detail=detail)
