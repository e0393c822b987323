"""Acts about the notice of an audit: a unit received it, a letter told of it."""

from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.audits import kept_notices, notice_queries, paper_heads, queries
from qms.audits.models import Audit, KeptNotice, NoticeLetter, Receipt
from qms.audits.rules import State
from qms.errors import InvalidError, RefusedError
from qms.trail import Act


def keep(session: Session, act: Act, audit: Audit) -> None:
    """Keep what a notice tells, unless its days were told to these units before.

    The first one is of the day of the notice, also where that day was before notices were kept.
    """
    if notice_queries.notice(session, audit) is not None:
        return
    first = None if notice_queries.any_kept(session, audit) else audit.notified_on
    told = kept_notices.Notice(
        paper_heads.head(session, audit, act.today),
        paper_heads.hours(session, audit, act.today),
        audit.notice_reason,
    )
    session.add(
        KeptNotice(
            audit_id=audit.id,
            first_day=audit.first_day,
            last_day=audit.last_day,
            unit_ids=notice_queries.told_units(audit),
            told_on=first or act.today,
            said=kept_notices.written(told),
        )
    )
    session.flush()


def receive(session: Session, act: Act, audit: Audit, unit_id: int) -> Receipt:
    """Say in the name of a unit that it received the notice; other days need it again.

    Raises:
        NotAllowedError: the person is not the head of the unit.
        RefusedError: no notice waits, or it was received.

    """
    post = require(session, act.actor, Permission.DECISION_REVIEW, unit_id, act.today)
    if unit_id not in queries.unit_ids(audit):
        raise InvalidError("Đơn vị này không thuộc cuộc đánh giá.")
    if audit.state is not State.NOTIFIED:
        raise RefusedError("Cuộc đánh giá không có thông báo nào đang chờ xác nhận.")
    if unit_id in notice_queries.receipts(session, audit):
        raise RefusedError("Đơn vị đã xác nhận nhận thông báo này rồi.")
    keep(session, act, audit)
    made = Receipt(
        audit_id=audit.id,
        unit_id=unit_id,
        first_day=audit.first_day,
        last_day=audit.last_day,
        received_by=post.user_id,
        received_on=act.today,
        received_at=act.at,
    )
    session.add(made)
    session.flush()
    trail.record(
        session,
        act,
        action="audit.notice_received",
        subject=audit.ref,
        detail={"unit": unit_id, "first_day": audit.first_day, "last_day": audit.last_day},
    )
    return made


def told(session: Session, act: Act, audit: Audit, user_id: int) -> None:
    """Note that a letter with the days of an audit went to somebody."""
    keep(session, act, audit)
    session.add(
        NoticeLetter(
            audit_id=audit.id,
            user_id=user_id,
            first_day=audit.first_day,
            last_day=audit.last_day,
            sent_at=act.at,
        )
    )
    session.flush()
    trail.record(
        session, act, action="audit.letter_sent", subject=audit.ref, detail={"person": user_id}
    )
