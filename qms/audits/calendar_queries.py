"""Whose calendar of audits a secret opens."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.accounts.models import Post, User
from qms.accounts.passwords import secret_hash
from qms.accounts.rules import Permission, reach
from qms.audits.checklist_models import CalendarKey
from qms.audits.queries import Viewer
from qms.errors import NotFoundError
from qms.units.queries import places


def has_key(session: Session, user_id: int) -> bool:
    """Tell whether a program may read a person's calendar."""
    return session.get(CalendarKey, user_id) is not None


def whose(session: Session, secret: str, today: date) -> Viewer:
    """Return the person whose calendar a secret opens, with what is within reach today.

    Raises:
        NotFoundError: it opens none, or the account is closed.

    """
    query = (
        sa.select(CalendarKey.user_id)
        .join(User, User.id == CalendarKey.user_id)
        .where(CalendarKey.secret_hash == secret_hash(secret), User.closed_at.is_(None))
    )
    user_id = session.scalar(query)
    if user_id is None:
        raise NotFoundError("Không có lịch này, hoặc đường dẫn đã được thay.")
    posts = session.scalars(sa.select(Post).where(Post.user_id == user_id)).all()
    found = reach(posts, places(session), today)
    return Viewer(user_id, found.get(Permission.AUDIT_READ, frozenset()))
