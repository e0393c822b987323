"""Acts about the programme of a year: planning months, leaving units out, approving it."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.audits import programme_queries, queries, rules
from qms.audits.models import OutOfScope, Programme, Slot
from qms.errors import InvalidError, RefusedError
from qms.trail import Act
from qms.units.models import Unit


def plan(
    session: Session,
    act: Act,
    owner: Unit,
    year: int,
    slots: set[rules.Slot],
    *,
    purpose: str = "",
) -> Programme:
    """Write the months of a year's programme; what is approved has to be opened again first.

    Raises:
        RefusedError: the programme is approved.
        InvalidError: a month is none, or a unit is not of this office.

    """
    require(session, act.actor, Permission.AUDIT_PLAN, owner.id, act.today)
    known = set(programme_queries.units_of(session, owner.id, year))
    for slot in slots:
        rules.check_month(slot.month)
        if slot.unit_id not in known:
            raise InvalidError("Chỉ xếp lịch cho đơn vị thuộc cơ quan trong năm ấy.")
    kept = _draft(session, act, owner, year)
    kept.purpose = purpose
    there = {
        rules.Slot(row.unit_id, row.month): row
        for row in programme_queries.slots(session, kept.id)
    }
    for slot, row in there.items():
        if slot not in slots:
            session.delete(row)
    session.add_all(
        Slot(programme_id=kept.id, unit_id=slot.unit_id, month=slot.month)
        for slot in sorted(slots - there.keys(), key=lambda each: (each.unit_id, each.month))
    )
    _record(
        session,
        act,
        "programme.planned",
        kept,
        detail={
            "added": len(slots - there.keys()),
            "removed": len(there.keys() - slots),
            "slots": len(slots),
        },
    )
    return kept


def leave_out(
    session: Session, act: Act, owner: Unit, year: int, unit_id: int, reason: str
) -> None:
    """Leave a unit out of the scope of a year, for a reason; without one take it in again."""
    require(session, act.actor, Permission.AUDIT_PLAN, owner.id, act.today)
    if unit_id not in programme_queries.units_of(session, owner.id, year):
        raise InvalidError("Chỉ xếp lịch cho đơn vị thuộc cơ quan trong năm ấy.")
    kept = _draft(session, act, owner, year)
    row = session.get(OutOfScope, (kept.id, unit_id))
    if reason and row is None:
        session.add(OutOfScope(programme_id=kept.id, unit_id=unit_id, reason=reason))
        session.execute(
            sa.delete(Slot).where(Slot.programme_id == kept.id, Slot.unit_id == unit_id)
        )
    elif reason and row is not None:
        row.reason = reason
    elif row is not None:
        session.delete(row)
    _record(
        session,
        act,
        "programme.scope_changed",
        kept,
        detail={"unit": unit_id, "reason": reason},
    )


def approve(
    session: Session, act: Act, programme: Programme, *, number: str, dated: date
) -> None:
    """Approve a programme by decision of the leader, who did not draft it.

    Raises:
        RefusedError: it is approved, leaves out a unit, or is the leader's own draft.

    """
    require(session, act.actor, Permission.AUDIT_APPROVE, programme.owner_id, act.today)
    if programme.approved_at is not None:
        raise RefusedError("Chương trình này đã được phê duyệt.")
    if programme.drafted_by == act.actor:
        raise RefusedError("Người lập chương trình không tự phê duyệt.")
    if dated > act.today:
        raise InvalidError("Ngày của quyết định không thể sau hôm nay.")
    out = programme_queries.left_out(session, programme.id)
    units = programme_queries.units_of(session, programme.owner_id, programme.year)
    slots = [
        rules.Slot(row.unit_id, row.month)
        for row in programme_queries.slots(session, programme.id)
    ]
    names = queries.unit_names(session, act.today)
    rules.check_whole([each for each in units if each not in out], slots, names)
    programme.approved_by, programme.approved_at = act.actor, act.at
    programme.decision_number, programme.decided_on = number, dated
    _record(
        session, act, "programme.approved", programme, detail={"number": number, "dated": dated}
    )


def reopen(session: Session, act: Act, programme: Programme, *, reason: str) -> None:
    """Open an approved programme again, so that it can be changed and approved anew."""
    require(session, act.actor, Permission.AUDIT_PLAN, programme.owner_id, act.today)
    if programme.approved_at is None:
        raise RefusedError("Chương trình này chưa được phê duyệt.")
    if not reason:
        raise InvalidError("Hãy ghi vì sao phải điều chỉnh chương trình đã phê duyệt.")
    _record(
        session,
        act,
        "programme.reopened",
        programme,
        detail={"number": programme.decision_number, "reason": reason},
    )
    programme.approved_by = programme.approved_at = None
    programme.decision_number = programme.decided_on = None
    programme.issue += 1
    programme.change_reason = reason
    programme.drafted_by, programme.drafted_at = act.actor, act.at


def _draft(session: Session, act: Act, owner: Unit, year: int) -> Programme:
    """Return the programme of a year while it may be changed; begin it where there is none."""
    kept = programme_queries.programme(session, owner.id, year)
    if kept is None:
        kept = Programme(owner_id=owner.id, year=year, drafted_at=act.at)
        session.add(kept)
    elif kept.approved_at is not None:
        raise RefusedError("Chương trình đã được phê duyệt. Hãy mở lại kèm lý do rồi mới sửa.")
    kept.drafted_by, kept.drafted_at = act.actor, act.at
    session.flush()
    return kept


def _record(
    session: Session, act: Act, action: str, kept: Programme, *, detail: Mapping[str, object]
) -> None:
    trail.record(
        session, act, action=action, subject=kept.ref, detail={"year": kept.year, **detail}
    )
