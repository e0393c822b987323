"""What waits because of audits: to plan, to staff, to notify, to answer, to report, to close."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from qms.accounts.rules import Permission
from qms.audits import finding_queries, notice_queries
from qms.audits.models import Audit, AuditUnit, Member, PlanChange, Receipt
from qms.audits.programme_models import Programme, ProgrammeDrafter, Slot
from qms.audits.rules import OPEN, State, notice_from
from qms.audits.rules import Duty as InTeam
from qms.duties import Ask, Bearer, Duty
from qms.errors import N_
from qms.units.queries import entered_names, last_name

MOST: Final = 100
"""Most audits that one desk lists."""


def programmes(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return the programmes to approve or to mend, and the months until the next without audit."""
    plans, approves = _units(who, Permission.AUDIT_PLAN), _units(who, Permission.AUDIT_APPROVE)
    if not plans and not approves:
        return []
    drafted = sa.exists().where(
        ProgrammeDrafter.programme_id == Programme.id,
        ProgrammeDrafter.issue == Programme.issue,
        ProgrammeDrafter.user_id == who.id,
    )
    planned = Programme.owner_id.in_(plans)
    due = sa.and_(
        Slot.programme_id == Programme.id,
        Programme.approved_at.is_not(None),
        Programme.year == today.year,
        Slot.month <= today.month + 1,
    )
    asks = {
        "approve": sa.and_(
            Programme.owner_id.in_(approves),
            Programme.sent_at.is_not(None),
            Programme.approved_at.is_(None),
            Programme.year >= today.year,
            ~drafted,
        ),
        "mend": sa.and_(planned, Programme.returned_at.is_not(None)),
        "month": sa.and_(planned, Slot.month.is_not(None)),
    }
    query = (
        sa.select(
            Programme,
            Slot,
            last_name(Programme.owner_id).label("owner"),
            *(asked.label(name) for name, asked in asks.items()),
        )
        .outerjoin(Slot, due)
        .where(sa.or_(*asks.values()))
        .order_by(Slot.month.is_not(None), Slot.month, Slot.unit_id, Programme.id)
    )
    rows = session.execute(query.limit(MOST)).all()
    several = len({row.Programme.owner_id for row in rows}) > 1
    waiting = [duty for row in rows if not row.month for duty in _of_programme(row, several)]
    return [*waiting, *_months(session, [row for row in rows if row.month], today)]


def _of_programme(
    row: Any,  # noqa: ANN401 - a row of `programmes`
    several: bool,  # noqa: FBT001 - whether more than one office asks
) -> Iterator[Duty]:
    programme: Programme = row.Programme
    title = f"{programme.year} – {row.owner}" if several else str(programme.year)
    link = f"/audits/programme?year={programme.year}&unit={programme.owner_id}"
    if row.approve:
        kind = N_("Phê duyệt chương trình đánh giá")
        yield Duty(kind, title, link, "in_review", since=programme.sent_at)
    if row.mend:
        kind = N_("Sửa chương trình đánh giá bị trả lại")
        yield Duty(
            kind,
            title,
            link,
            "returned",
            words=programme.return_reason or "",
            since=programme.returned_at,
        )


def _months(session: Session, rows: Sequence[Any], today: date) -> Sequence[Duty]:
    """Return the planned months that have no audit yet."""
    if not rows:
        return []
    held = (
        sa.select(AuditUnit.unit_id, sa.func.count())
        .join(Audit, Audit.id == AuditUnit.audit_id)
        .where(Audit.year == today.year, Audit.state != State.CANCELLED)
        .group_by(AuditUnit.unit_id)
    )
    left = Counter({row[0]: row[1] for row in session.execute(held)})
    names, found = entered_names(session), []
    for row in rows:
        left[row.Slot.unit_id] -= 1
        if left[row.Slot.unit_id] < 0:
            name = names.get(row.Slot.unit_id, "")
            found.append(_month(row.Slot, row.Programme, name, today))
    return found


def audits(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return what waits for somebody about audits that are not over, in one question."""
    led = sa.exists().where(
        Member.audit_id == Audit.id, Member.duty == InTeam.LEAD, Member.left_at.is_(None)
    )
    mine = aliased(Member)
    planned = Audit.owner_id.in_(_units(who, Permission.AUDIT_PLAN))
    asks = {
        "choose": sa.and_(planned, Audit.state == State.PLANNED, ~led),
        "team": sa.and_(
            Audit.owner_id.in_(_units(who, Permission.AUDIT_APPROVE)),
            Audit.state.in_((State.PLANNED, State.NOTIFIED, State.UNDER_WAY)),
            Audit.team_number.is_(None),
            Audit.team_returned_at.is_(None),
            led,
        ),
        "mend": sa.and_(
            planned,
            Audit.state.in_((State.PLANNED, State.NOTIFIED, State.UNDER_WAY)),
            Audit.team_returned_at.is_not(None),
        ),
        "notify": sa.and_(planned, Audit.state == State.PLANNED, led),
        "audit": sa.and_(
            mine.user_id.is_not(None), Audit.state.in_((State.NOTIFIED, State.UNDER_WAY))
        ),
        **_of_units(who, today),
        "close": sa.and_(
            planned, Audit.state == State.REPORTED, ~finding_queries.any_open(Audit.id)
        ),
    }
    query = (
        sa.select(
            *(Audit, mine.duty, last_name(Audit.owner_id).label("owner")),
            *(asked.label(name) for name, asked in asks.items()),
        )
        .outerjoin(
            mine,
            sa.and_(mine.audit_id == Audit.id, mine.user_id == who.id, mine.left_at.is_(None)),
        )
        .where(Audit.state.in_(OPEN), sa.or_(*asks.values()))
        .order_by(Audit.first_day, Audit.id)
        .limit(MOST)
    )
    rows = session.execute(query).all()
    several = len({row.Audit.owner_id for row in rows}) > 1
    found = ((row, duty) for row in rows for duty in _of(row, today))
    return [replace(duty, words=row.owner) if several else duty for row, duty in found]


def _of_units(who: Bearer, today: date) -> dict[str, sa.ColumnElement[bool]]:
    """Return which audits wait for the heads of audited units."""
    mine = sa.and_(
        AuditUnit.audit_id == Audit.id,
        AuditUnit.unit_id.in_(_units(who, Permission.DECISION_REVIEW)),
    )
    received = sa.exists().where(
        Receipt.audit_id == Audit.id,
        Receipt.unit_id == AuditUnit.unit_id,
        *notice_queries.of_days(Receipt),
    )
    changed = sa.exists().where(
        PlanChange.audit_id == Audit.id,
        PlanChange.day >= today,
        mine,
        sa.or_(PlanChange.unit_id.is_(None), PlanChange.unit_id == AuditUnit.unit_id),
    )
    return {
        "receive": sa.and_(
            Audit.state == State.NOTIFIED,
            Audit.last_day >= today,
            sa.exists().where(mine, ~received),
        ),
        "changed": sa.and_(Audit.state.in_((State.NOTIFIED, State.UNDER_WAY)), changed),
    }


DUTIES: Final[tuple[Ask, ...]] = (programmes, audits)


def _of(row: Any, today: date) -> Iterator[Duty]:  # noqa: ANN401 - a row of `audits`
    audit: Audit = row.Audit
    if row.choose:
        yield _duty(audit, N_("Chọn đoàn đánh giá, xếp giờ"), "review", "/team")
    if row.team:
        yield _duty(audit, N_("Quyết định thành lập đoàn đánh giá"), "in_review", "/team")
    if row.mend:
        kind, said = N_("Sửa đoàn đánh giá bị trả lại"), audit.team_return_reason or ""
        yield replace(_duty(audit, kind, "returned", "/team"), words=said)
    if row.notify and notice_from(audit.first_day) <= today:
        state = "late" if audit.first_day <= today else "today"
        yield _duty(audit, N_("Thông báo cuộc đánh giá cho đơn vị"), state)
    if row.audit:
        yield from _team(audit, row.duty, today)
    if row.receive:
        yield _duty(audit, N_("Đơn vị sắp được đánh giá"), "review")
    if row.changed:
        yield _duty(audit, N_("Kế hoạch đánh giá đã thay đổi"), "changed", "#plan-changes")
    if row.close:
        yield _duty(audit, N_("Đóng cuộc đánh giá"), "in_review")


def _team(audit: Audit, duty: InTeam, today: date) -> Iterator[Duty]:
    if audit.state is State.UNDER_WAY:
        if audit.last_day < today and duty is InTeam.LEAD:
            yield _duty(audit, N_("Báo cáo cuộc đánh giá"), "late")
        else:
            yield _duty(audit, N_("Trả lời phiếu đánh giá"), "today", "/checklist")
    elif audit.first_day <= today:
        yield _duty(audit, N_("Bắt đầu cuộc đánh giá"), "today")
    else:
        yield _duty(audit, N_("Chuẩn bị phiếu đánh giá"), "review", "/checklist")


def _units(who: Bearer, permission: Permission) -> list[int]:
    return sorted(who.reach.get(permission, frozenset()))


def _month(slot: Slot, programme: Programme, name: str, today: date) -> Duty:
    asked = f"unit={programme.owner_id}&of={slot.unit_id}&month={slot.month}"
    return Duty(
        kind=N_("Lập cuộc đánh giá theo chương trình"),
        title=f"{name}, {slot.month:02}/{programme.year}",
        link=f"/audits/new?{asked}&year={programme.year}",
        state="late" if slot.month < today.month else "review",
        since=programme.approved_at,
    )


def _duty(audit: Audit, kind: str, state: str, part: str = "") -> Duty:
    return Duty(
        kind=kind,
        title=f"{audit.words} – {audit.title}",
        link=f"/audits/{audit.id}{part}",
        state=state,
        since=audit.reported_at or audit.notified_at or audit.planned_at,
        due=audit.first_day if audit.reported_at is None else None,
    )
