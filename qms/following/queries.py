"""What is asked about those who follow."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from qms.following.models import FollowAsk, Follower, Subscription


def by_email(session: Session, email: str) -> Follower | None:
    """Return who has this address, with what they follow."""
    query = sa.select(Follower).where(Follower.email == email)
    return session.scalar(query.options(selectinload(Follower.subscriptions)))


def by_out_hash(session: Session, out_hash: str) -> Follower | None:
    """Return whom a secret leads out, with what they follow."""
    whole = selectinload(Follower.subscriptions).joinedload(Subscription.unit)
    return session.scalar(
        sa.select(Follower).where(Follower.out_hash == out_hash).options(whole)
    )


def by_confirm_hash(session: Session, confirm_hash: str) -> Subscription | None:
    """Return what a secret confirms."""
    query = sa.select(Subscription).where(Subscription.confirm_hash == confirm_hash)
    return session.scalar(
        query.options(joinedload(Subscription.unit), joinedload(Subscription.follower))
    )


def asks(
    session: Session, since: datetime, *, address_mark: str = "", place_mark: str = ""
) -> int:
    """Return how many requests there were since an instant: for an address, from a place, or all."""
    query = sa.select(sa.func.count()).select_from(FollowAsk).where(FollowAsk.at > since)
    if address_mark:
        query = query.where(FollowAsk.address_mark == address_mark)
    if place_mark:
        query = query.where(FollowAsk.place_mark == place_mark)
    return session.scalar(query) or 0


def waiting(session: Session, today: date) -> Sequence[int]:
    """Return the numbers of those who confirmed something and had no letter today."""
    query = (
        sa.select(Follower.id)
        .where(sa.or_(Follower.mailed_on.is_(None), Follower.mailed_on < today))
        .where(Follower.subscriptions.any(Subscription.confirmed_at.is_not(None)))
        .order_by(Follower.id)
    )
    return session.scalars(query).all()


def follower(session: Session, follower_id: int) -> Follower | None:
    """Return a follower with all that they follow; None where they left meanwhile."""
    whole = selectinload(Follower.subscriptions).joinedload(Subscription.unit)
    query = sa.select(Follower).where(Follower.id == follower_id)
    return session.scalar(query.options(whole))
