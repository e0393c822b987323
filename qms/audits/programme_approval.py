"""Acts that take the programme of a year to its approval: sent, recalled, returned, approved."""

from datetime import date

from sqlalchemy.orm import Session

from qms import refusals
from qms.accounts.models import User
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.audits import programme_queries, programme_rules, queries
from qms.audits.programme_models import Programme
from qms.audits.programme_service import note_drafter, record
from qms.errors import InvalidError, RefusedError
from qms.trail import Act


def send(session: Session, act: Act, programme: Programme) -> None:
    """Send a draft to the leader for approval.

    Raises:
        RefusedError: it was sent, or leaves out a unit of its scope.

    """
    require(session, act.actor, Permission.AUDIT_PLAN, programme.owner_id, act.today)
    if programme.sent_at is not None:
        raise RefusedError("Chương trình này đã được trình.")
    _check_whole(session, act, programme)
    note_drafter(session, act, programme)
    programme.sent_by, programme.sent_at = act.actor, act.at
    programme.returned_by = programme.returned_at = programme.return_reason = None
    record(session, act, "programme.sent", programme, detail={})


def recall(session: Session, act: Act, programme: Programme) -> None:
    """Take back what was sent and is not approved yet, so that it can be changed."""
    require(session, act.actor, Permission.AUDIT_PLAN, programme.owner_id, act.today)
    _check_waits(programme)
    programme.sent_by = programme.sent_at = None
    record(session, act, "programme.recalled", programme, detail={})


def give_back(session: Session, act: Act, programme: Programme, *, reason: str) -> None:
    """Return a programme to those who drafted it, as the leader, for a reason.

    Raises:
        RefusedError: it does not wait for approval.
        InvalidError: no reason is given.

    """
    require(session, act.actor, Permission.AUDIT_APPROVE, programme.owner_id, act.today)
    _check_waits(programme)
    if not reason:
        raise InvalidError("Hãy ghi vì sao trả lại, để người lập biết cần sửa gì.")
    programme.sent_by = programme.sent_at = None
    programme.returned_by, programme.returned_at = act.actor, act.at
    programme.return_reason = reason
    record(session, act, "programme.returned", programme, detail={"reason": reason})


def approve(
    session: Session,
    act: Act,
    programme: Programme,
    *,
    number: str,
    dated: date,
    confirmed: bool = False,
) -> None:
    """Approve a programme by decision of the leader, who had no hand in its draft.

    ``confirmed``: the leader knows which units are audited less often than they should.

    Raises:
        RefusedError: it does not wait for approval, leaves out a unit, or is the leader's own.

    """
    require(session, act.actor, Permission.AUDIT_APPROVE, programme.owner_id, act.today)
    _check_waits(programme)
    drafters = programme_queries.drafters(session, programme)
    with refusals.on_record(session, act, programme.ref):
        programme_rules.check_approver(act.actor, drafters)
    if dated > act.today:
        raise InvalidError("Ngày của quyết định không thể sau hôm nay.")
    _check_whole(session, act, programme)
    names = queries.unit_names(session, act.today)
    found = programme_queries.matrix(session, programme.owner_id, programme.year, names)
    programme_rules.check_enough(found.short, confirmed=confirmed)
    programme.approved_by, programme.approved_at = act.actor, act.at
    programme.decision_number, programme.decided_on = number, dated
    programme.approved_title = session.get_one(User, act.actor).title
    detail = {"number": number, "dated": dated, "short": len(found.short)}
    record(session, act, "programme.approved", programme, detail=detail)


def reopen(session: Session, act: Act, programme: Programme, *, reason: str) -> None:
    """Open an approved programme again, so that it can be changed and approved anew."""
    require(session, act.actor, Permission.AUDIT_PLAN, programme.owner_id, act.today)
    if programme.approved_at is None:
        raise RefusedError("Chương trình này chưa được phê duyệt.")
    if not reason:
        raise InvalidError("Hãy ghi vì sao phải điều chỉnh chương trình đã phê duyệt.")
    record(
        session,
        act,
        "programme.reopened",
        programme,
        detail={"number": programme.decision_number, "reason": reason},
    )
    programme.approved_by = programme.approved_at = None
    programme.decision_number = programme.decided_on = programme.approved_title = None
    programme.sent_by = programme.sent_at = None
    programme.issue += 1
    programme.change_reason = reason
    programme.drafted_by, programme.drafted_at = act.actor, act.at
    note_drafter(session, act, programme)


def _check_waits(programme: Programme) -> None:
    if programme.approved_at is not None:
        raise RefusedError("Chương trình này đã được phê duyệt.")
    if programme.sent_at is None:
        raise RefusedError("Chương trình này chưa được trình phê duyệt.")


def _check_whole(session: Session, act: Act, programme: Programme) -> None:
    out = programme_queries.left_out(session, programme.id)
    units = programme_queries.units_of(session, programme.owner_id, programme.year)
    slots = [
        programme_rules.Slot(row.unit_id, row.month)
        for row in programme_queries.slots(session, programme.id)
    ]
    names = queries.unit_names(session, act.today)
    programme_rules.check_whole([each for each in units if each not in out], slots, names)
