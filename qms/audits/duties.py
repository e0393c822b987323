"""What waits because of audits: to plan, to staff, to notify, to answer, to report, to close."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from qms.accounts.rules import Permission
from qms.audits import finding_queries, notice_queries
from qms.audits.models import Audit, AuditUnit, Member, Programme, Receipt, Slot
from qms.audits.rules import OPEN, State, notice_from
from qms.audits.rules import Duty as InTeam
from qms.duties import Ask, Bearer, Duty
from qms.errors import N_
from qms.units.queries import entered_names

MOST: Final = 100
"""Most audits that one desk lists."""


def programmes(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return the programmes that a leader has to approve."""
    mine = _units(who, Permission.AUDIT_APPROVE)
    if not mine:
        return []
    query = sa.select(Programme).where(
        Programme.owner_id.in_(mine),
        Programme.approved_at.is_(None),
        Programme.drafted_by != who.id,
        Programme.year >= today.year,
    )
    return [
        Duty(
            kind=N_("Phê duyệt chương trình đánh giá"),
            title=str(each.year),
            link=f"/audits/programme?year={each.year}&unit={each.owner_id}",
            state="in_review",
            since=each.drafted_at,
        )
        for each in session.scalars(query.order_by(Programme.id).limit(MOST))
    ]


def months(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return the months of approved programmes, until the next one, that have no audit yet."""
    mine = _units(who, Permission.AUDIT_PLAN)
    query = (
        sa.select(Slot, Programme)
        .join(Programme, Programme.id == Slot.programme_id)
        .where(Programme.owner_id.in_(mine), Programme.approved_at.is_not(None))
        .where(Programme.year == today.year, Slot.month <= today.month + 1)
        .order_by(Slot.month, Slot.unit_id)
    )
    planned = session.execute(query.limit(MOST)).all() if mine else []
    if not planned:
        return []
    held = (
        sa.select(AuditUnit.unit_id, sa.func.count())
        .join(Audit, Audit.id == AuditUnit.audit_id)
        .where(Audit.year == today.year, Audit.state != State.CANCELLED)
        .group_by(AuditUnit.unit_id)
    )
    left = Counter({row[0]: row[1] for row in session.execute(held)})
    names, found = entered_names(session), []
    for slot, programme in planned:
        left[slot.unit_id] -= 1
        if left[slot.unit_id] < 0:
            found.append(_month(slot, programme, names.get(slot.unit_id, ""), today))
    return found


def audits(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return what waits for somebody about audits that are not over, in one question."""
    led = sa.exists().where(
        Member.audit_id == Audit.id, Member.duty == InTeam.LEAD, Member.left_at.is_(None)
    )
    mine = aliased(Member)
    received = sa.exists().where(
        Receipt.audit_id == Audit.id,
        Receipt.unit_id == AuditUnit.unit_id,
        *notice_queries.of_days(Receipt),
    )
    to_receive = sa.exists().where(
        AuditUnit.audit_id == Audit.id,
        AuditUnit.unit_id.in_(_units(who, Permission.DECISION_REVIEW)),
        ~received,
    )
    planned = Audit.owner_id.in_(_units(who, Permission.AUDIT_PLAN))
    asks = {
        "choose": sa.and_(planned, Audit.state == State.PLANNED, ~led),
        "team": sa.and_(
            Audit.owner_id.in_(_units(who, Permission.AUDIT_APPROVE)),
            Audit.state.in_((State.PLANNED, State.NOTIFIED, State.UNDER_WAY)),
            Audit.team_number.is_(None),
            led,
        ),
        "notify": sa.and_(planned, Audit.state == State.PLANNED, led),
        "audit": sa.and_(
            mine.user_id.is_not(None), Audit.state.in_((State.NOTIFIED, State.UNDER_WAY))
        ),
        "receive": sa.and_(Audit.state == State.NOTIFIED, Audit.last_day >= today, to_receive),
        "close": sa.and_(
            planned, Audit.state == State.REPORTED, ~finding_queries.any_open(Audit.id)
        ),
    }
    query = (
        sa.select(Audit, mine.duty, *(asked.label(name) for name, asked in asks.items()))
        .outerjoin(
            mine,
            sa.and_(mine.audit_id == Audit.id, mine.user_id == who.id, mine.left_at.is_(None)),
        )
        .where(Audit.state.in_(OPEN), sa.or_(*asks.values()))
        .order_by(Audit.first_day, Audit.id)
        .limit(MOST)
    )
    return [duty for row in session.execute(query) for duty in _of(row, today)]


DUTIES: Final[tuple[Ask, ...]] = (programmes, months, audits)


def _of(row: Any, today: date) -> Iterator[Duty]:  # noqa: ANN401 - a row of `audits`
    audit: Audit = row.Audit
    if row.choose:
        yield _duty(audit, N_("Chọn đoàn đánh giá, xếp giờ"), "review", "/team")
    if row.team:
        yield _duty(audit, N_("Quyết định thành lập đoàn đánh giá"), "in_review", "/team")
    if row.notify and notice_from(audit.first_day) <= today:
        state = "late" if audit.first_day <= today else "today"
        yield _duty(audit, N_("Thông báo cuộc đánh giá cho đơn vị"), state)
    if row.audit:
        yield from _team(audit, row.duty, today)
    if row.receive:
        yield _duty(audit, N_("Đơn vị sắp được đánh giá"), "review")
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
