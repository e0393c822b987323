"""Acts that draft the programme of a year: planning months, leaving units out."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.audits import programme_queries, programme_rules
from qms.audits.programme_models import OutOfScope, Programme, ProgrammeDrafter, Slot
from qms.errors import InvalidError, RefusedError
from qms.trail import Act
from qms.units.models import Unit


def plan(
    session: Session,
    act: Act,
    owner: Unit,
    year: int,
    slots: set[programme_rules.Slot],
    *,
    purpose: str = "",
) -> Programme:
    """Write the months of a year's programme; what is approved has to be opened again first.

    Raises:
        RefusedError: the programme is approved, or waits for approval.
        InvalidError: a month is none, or a unit is not of this office.

    """
    require(session, act.actor, Permission.AUDIT_PLAN, owner.id, act.today)
    known = set(programme_queries.units_of(session, owner.id, year))
    for slot in slots:
        programme_rules.check_month(slot.month)
        if slot.unit_id not in known:
            raise InvalidError("Chỉ xếp lịch cho đơn vị thuộc cơ quan trong năm ấy.")
    kept = _draft(session, act, owner, year)
    kept.purpose = purpose
    there = {
        programme_rules.Slot(row.unit_id, row.month): row
        for row in programme_queries.slots(session, kept.id)
    }
    for slot, row in there.items():
        if slot not in slots:
            session.delete(row)
    session.add_all(
        Slot(programme_id=kept.id, unit_id=slot.unit_id, month=slot.month)
        for slot in sorted(slots - there.keys(), key=lambda each: (each.unit_id, each.month))
    )
    record(
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
    record(
        session,
        act,
        "programme.scope_changed",
        kept,
        detail={"unit": unit_id, "reason": reason},
    )


def _draft(session: Session, act: Act, owner: Unit, year: int) -> Programme:
    """Return the programme of a year while it may be changed; begin it where there is none."""
    kept = programme_queries.programme(session, owner.id, year)
    if kept is None:
        kept = Programme(owner_id=owner.id, year=year, drafted_at=act.at)
        session.add(kept)
    elif kept.approved_at is not None:
        raise RefusedError("Chương trình đã được phê duyệt. Hãy mở lại kèm lý do rồi mới sửa.")
    elif kept.sent_at is not None:
        raise RefusedError("Chương trình đang chờ phê duyệt. Hãy rút lại rồi mới sửa.")
    kept.drafted_by, kept.drafted_at = act.actor, act.at
    session.flush()
    note_drafter(session, act, kept)
    return kept


def note_drafter(session: Session, act: Act, kept: Programme) -> None:
    """Remember who had a hand in a draft: none of them may approve it."""
    key = (kept.id, kept.issue, act.actor)
    if act.actor is not None and session.get(ProgrammeDrafter, key) is None:
        session.add(ProgrammeDrafter(programme_id=kept.id, issue=kept.issue, user_id=act.actor))
        session.flush()


def record(
    session: Session, act: Act, action: str, kept: Programme, *, detail: Mapping[str, object]
) -> None:
    """Write the line of the trail about an act on a programme."""
    trail.record(
        session, act, action=action, subject=kept.ref, detail={"year": kept.year, **detail}
    )
