"""What is asked about people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from qms.accounts.models import FailedSignIn, Post, SignIn, User
from qms.accounts.rules import WAIT_MINUTES, Permission, Role, posts_for
from qms.errors import NotAllowedError, NotFoundError
from qms.text import fold
from qms.units.models import Unit
from qms.units.queries import places

MOST_SIGN_INS: Final = 20
"""Most open sessions that one's own page lists."""

# What every act asks is built once.
_POSTS: Final = (
    sa.select(Post)
    .join(User)
    .where(Post.user_id == sa.bindparam("user"), User.closed_at.is_(None))
    .order_by(Post.id)
)
_WHOLE: Final = joinedload(User.posts).joinedload(Post.unit)

Counted = InstrumentedAttribute[str]
"""A column by which failed sign-ins are counted."""


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
    return session.scalars(_POSTS, {"user": user_id}).all()


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
    query = sa.select(User).where(User.id == user_id).options(_WHOLE)
    found = session.scalars(query).unique().one_or_none()
    if found is None:
        raise NotFoundError("Không có người này.")
    return found


def failures(session: Session, column: Counted, value: str, now: datetime) -> list[datetime]:
    """Return when sign-ins of an account or from an address failed lately."""
    since = now - timedelta(minutes=WAIT_MINUTES)
    query = sa.select(FailedSignIn.at).where(column == value, FailedSignIn.at > since)
    return list(session.scalars(query))


def signed_in(session: Session, secret_hash: str) -> tuple[SignIn, User] | None:
    """Return a session by the hash of its secret with whose it is, posts and units included."""
    query = (
        sa.select(SignIn, User)
        .join(User, User.id == SignIn.user_id)
        .where(SignIn.secret_hash == secret_hash)
        .options(_WHOLE)
    )
    row = session.execute(query).unique().one_or_none()
    return (row[0], row[1]) if row is not None else None


def sign_in(session: Session, secret_hash: str) -> SignIn | None:
    """Return a session by the hash of its secret."""
    return session.get(SignIn, secret_hash)


def open_sign_ins(
    session: Session, user_id: int, *, begun: datetime, used: datetime
) -> Sequence[SignIn]:
    """Return the sessions of a person begun and used after two instants, newest first."""
    query = sa.select(SignIn).where(
        SignIn.user_id == user_id,
        SignIn.ended_at.is_(None),
        SignIn.began_at > begun,
        SignIn.seen_at > used,
    )
    return session.scalars(query.order_by(SignIn.began_at.desc()).limit(MOST_SIGN_INS)).all()


def post(session: Session, post_id: int) -> Post:
    """Return a post with its unit.

    Raises:
        NotFoundError: there is none.

    """
    found = session.scalar(
        sa.select(Post).where(Post.id == post_id).options(joinedload(Post.unit))
    )
    if found is None:
        raise NotFoundError("Không có chức trách này.")
    return found


def shown_person(session: Session, person_id: int, reached_units: frozenset[int]) -> User:
    """Return a person with a post in one of the units, or none yet.

    Raises:
        NotAllowedError: all posts are elsewhere.

    """
    found = person(session, person_id)
    if found.posts and not reached_units & {each.unit_id for each in found.posts}:
        raise NotAllowedError("Người này không thuộc đơn vị ông, bà quản trị.")
    return found


def post_of(
    session: Session, person_id: int, post_id: int, reached_units: frozenset[int]
) -> Post:
    """Return a post of a person one may look at."""
    found = post(session, post_id)
    if found.user_id != shown_person(session, person_id, reached_units).id:
        raise NotFoundError("Không có chức trách này.")
    return found


def administrators(session: Session, *, but: int) -> Sequence[Post]:
    """Return the administrators' posts of open accounts that can sign in, ``but`` one person's."""
    query = (
        sa.select(Post)
        .join(User)
        .where(
            Post.role == Role.ADMINISTRATOR,
            Post.user_id != but,
            User.closed_at.is_(None),
            User.password_hash.is_not(None),
        )
    )
    return session.scalars(query).all()


def ever_administered(session: Session, unit_id: int) -> bool:
    """Tell whether a unit has or had an administrator of its own."""
    query = sa.select(Post.id).where(Post.unit_id == unit_id, Post.role == Role.ADMINISTRATOR)
    return session.scalar(query.limit(1)) is not None


def appointable(session: Session, mine: frozenset[int]) -> frozenset[int]:
    """Return the units in which an administrator of some may give posts.

    These are ``mine`` and the offices right below that never had an administrator.
    """
    query = sa.select(Unit.id).where(
        Unit.office,
        Unit.parent_id.in_(sorted(mine)),
        Unit.id.not_in(sa.select(Post.unit_id).where(Post.role == Role.ADMINISTRATOR)),
    )
    return mine | frozenset(session.scalars(query))


@dataclass(frozen=True)
class Wanted:
    """What a list of people is filtered by; empty means all."""

    words: str = ""
    role: Role | None = None
    closed: bool = False


def people_page(
    session: Session, unit_ids: Iterable[int], wanted: Wanted, *, page: int, size: int
) -> tuple[Sequence[User], int]:
    """Return one page of the people with a post in the units or none yet, and their number."""
    mine = sa.select(Post.user_id).where(Post.unit_id.in_(sorted(unit_ids)))
    anywhere = sa.select(Post.user_id)
    query = sa.select(User).where(
        sa.or_(User.id.in_(mine), User.id.not_in(anywhere)),
        User.closed_at.is_not(None) if wanted.closed else User.closed_at.is_(None),
    )
    if wanted.words:
        name = User.name.contains(wanted.words, autoescape=True)
        titled = User.name.contains(wanted.words.title(), autoescape=True)
        account = User.account.contains(fold(wanted.words), autoescape=True)
        query = query.where(sa.or_(name, titled, account))
    if wanted.role:
        query = query.where(User.id.in_(mine.where(Post.role == wanted.role)))
    total = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    shown = query.order_by(User.account).offset((page - 1) * size).limit(size)
    options = selectinload(User.posts).selectinload(Post.unit)
    return session.scalars(shown.options(options)).all(), total
