"""The key that opens a person's calendar of audits to a program: made anew or taken away."""

from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.passwords import secret_hash
from qms.audits.checklist_models import CalendarKey
from qms.trail import Act


def make_key(session: Session, act: Act, user_id: int, secret: str) -> None:
    """Let a secret open the calendar of a person; the one before opens it no more."""
    kept = session.get(CalendarKey, user_id)
    if kept is None:
        kept = CalendarKey(user_id=user_id)
        session.add(kept)
    kept.secret_hash, kept.made_at = secret_hash(secret), act.at
    session.flush()
    trail.record(
        session,
        act,
        action="auditor.calendar_opened",
        subject=f"person/{user_id}",
        detail={},
    )


def drop_key(session: Session, act: Act, user_id: int) -> None:
    """Close the calendar of a person to programs."""
    kept = session.get(CalendarKey, user_id)
    if kept is not None:
        session.delete(kept)
        trail.record(
            session,
            act,
            action="auditor.calendar_closed",
            subject=f"person/{user_id}",
            detail={},
        )
