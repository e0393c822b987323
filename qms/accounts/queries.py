"""What is asked about people."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from qms.accounts.models import FailedSignIn, Post, SignIn, User
from qms.accounts.rules import WAIT_MINUTES, Permission, posts_for
from qms.errors import NotAllowedError, NotFoundError
from qms.units.queries import places


def user(session: Session, account: str) -> User:
    """Return the person with this account.

    Raises:
        NotFoundError: there is none.

    """
    found = session.scalar(sa.select(User).where(User.account == account))
    if found is None:
        raise NotFoundError("Không có tài khoản “%(account)s”.", account=account)
    return found


def names(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of people by number."""
    wanted = {each for each in user_ids if each is not None}
    rows = session.execute(sa.select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def posts(session: Session, user_id: int) -> Sequence[Post]:
    """Return all posts a person holds or held, of an open account."""
    query = sa.select(Post).join(User).where(Post.user_id == user_id, User.closed_at.is_(None))
    return session.scalars(query.order_by(Post.id)).all()


def allowing_posts(
    session: Session, user_id: int | None, permission: Permission, unit_id: int, on: date
) -> list[Post]:
    """Return the posts that allow a person something in a unit on a day."""
    if user_id is None:
        return []
    return posts_for(posts(session, user_id), permission, places(session), unit_id, on)


def require(
    session: Session, user_id: int | None, permission: Permission, unit_id: int, on: date
) -> Post:
    """Return a post that allows it, asked in the transaction of the act.

    Raises:
        NotAllowedError: no post of the person does.

    """
    found = allowing_posts(session, user_id, permission, unit_id, on)
    if not found:
        raise NotAllowedError("Chức trách của ông, bà không cho phép việc này ở đơn vị này.")
    return found[0]


def people(session: Session) -> Sequence[User]:
    """Return everybody with their posts and units."""
    query = sa.select(User).options(selectinload(User.posts).selectinload(Post.unit))
    return session.scalars(query.order_by(User.account)).all()


def person(session: Session, user_id: int) -> User:
    """Return one person with posts and units."""
    options = selectinload(User.posts).selectinload(Post.unit)
    found = session.scalar(sa.select(User).where(User.id == user_id).options(options))
    if found is None:
        raise NotFoundError("Không có người này.")
    return found


def failures(session: Session, *, account: str, address: str, now: datetime) -> int:
    """Return the larger count of recent failures, by account or by address."""
    since = now - timedelta(minutes=WAIT_MINUTES)
    counts = [
        session.scalar(
            sa.select(sa.func.count())
            .select_from(FailedSignIn)
            .where(column == value, FailedSignIn.at > since)
        )
        for column, value in ((FailedSignIn.account, account), (FailedSignIn.address, address))
    ]
    return max(count or 0 for count in counts)


def sign_in(session: Session, secret_hash: str) -> SignIn | None:
    """Return a session by the hash of its secret."""
    return session.get(SignIn, secret_hash)
