"""Acts of those who follow: ask, confirm, leave; and what the daily letters write down.

Strangers act here. What they type stands in rows of its own that are deleted with them; the
trail holds numbers only.
"""

import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.passwords import new_secret, secret_hash
from qms.errors import NotFoundError, RefusedError
from qms.following import queries, rules
from qms.following.models import FollowAsk, Follower, Subscription
from qms.trail import Act
from qms.units.models import Unit

_GONE: Final = "Đường dẫn này không còn dùng được. Nếu vẫn muốn nhận thư, mời đăng ký lại trên bảng niêm yết."


class TooManyError(RefusedError):
    """So many requests came that no more are taken for a while."""


def way_out(key: bytes, salt: str) -> str:
    """Return the secret that leads a follower out; nothing in the database tells it."""
    return _mac(key, "out", salt)


def ask(
    session: Session,
    act: Act,
    *,
    unit: Unit,
    field: str,
    email: str,
    language: str,
    place: str,
    key: bytes,
) -> str:
    """Keep that an address wants to follow, and return the secret that confirms it.

    Returns nothing where the address had letters enough for a day: none is to be sent, and
    whoever asks is told no difference.

    Raises:
        TooManyError: too many requests came from one place, or in all.

    """
    address_mark, place_mark = _mac(key, "address", email), _mac(key, "place", place)
    lately = act.at - rules.WHILE
    if (
        queries.asks(session, lately, place_mark=place_mark) >= rules.ASKS_A_PLACE
        or queries.asks(session, lately) >= rules.ASKS_IN_ALL
    ):
        raise TooManyError("Đã có quá nhiều yêu cầu. Mời thử lại sau một giờ.")
    day_ago = act.at - rules.ASKS_KEPT
    session.execute(sa.delete(FollowAsk).where(FollowAsk.at < day_ago))
    enough = queries.asks(session, day_ago, address_mark=address_mark) >= rules.ASKS_AN_ADDRESS
    session.add(FollowAsk(address_mark=address_mark, place_mark=place_mark, at=act.at))
    if enough:
        return ""
    follower = queries.by_email(session, email) or _follower(session, email, key)
    secret = new_secret()
    kept = [s for s in follower.subscriptions if (s.unit_id, s.field) == (unit.id, field)]
    if kept:
        kept[0].confirm_hash = secret_hash(secret)
        kept[0].asked_at = act.at
    else:
        follower.subscriptions.append(
            Subscription(
                unit_id=unit.id,
                field=field,
                confirm_hash=secret_hash(secret),
                asked_at=act.at,
                told_until=act.at,
            )
        )
    if not any(each.confirmed_at for each in follower.subscriptions):
        follower.language = language
    session.flush()
    return secret


def confirm(session: Session, act: Act, secret: str) -> Subscription:
    """Begin to follow; a second time changes nothing.

    Raises:
        NotFoundError: nobody waits for this secret, or no longer.

    """
    found = to_confirm(session, act.at, secret)
    if found.confirmed_at is None:
        found.confirmed_at = found.told_until = act.at
        about = f"unit/{found.unit.slug}"
        trail.record(session, act, action="following.confirmed", subject=about, detail={})
    return found


def to_confirm(session: Session, now: datetime, secret: str) -> Subscription:
    """Return what a secret confirms, while it does."""
    found = queries.by_confirm_hash(session, secret_hash(secret))
    if found is None or (found.confirmed_at is None and _too_old(found, now)):
        raise NotFoundError(_GONE)
    return found


def leaving(session: Session, secret: str) -> Follower:
    """Return whom a secret leads out.

    Raises:
        NotFoundError: they left already, or never were there.

    """
    found = queries.by_out_hash(session, secret_hash(secret))
    if found is None:
        raise NotFoundError(_GONE)
    return found


def leave(session: Session, act: Act, secret: str, subscription_id: int | None = None) -> None:
    """End what somebody follows, or one thing of it; with the last the address is deleted.

    Whoever left already is not told otherwise.
    """
    follower = queries.by_out_hash(session, secret_hash(secret))
    if follower is None:
        return
    for each in list(follower.subscriptions):
        if subscription_id in {None, each.id}:
            if each.confirmed_at is not None:
                about = f"unit/{each.unit.slug}"
                trail.record(session, act, action="following.ended", subject=about, detail={})
            follower.subscriptions.remove(each)
    if not follower.subscriptions:
        session.delete(follower)


def forget_unconfirmed(session: Session, now: datetime) -> int:
    """Delete what nobody confirmed in time, and addresses that follow nothing; return how many."""
    old = now - timedelta(days=rules.UNCONFIRMED_DAYS)
    gone = sa.delete(Subscription).where(
        Subscription.confirmed_at.is_(None), Subscription.asked_at < old
    )
    count = len(session.scalars(gone.returning(Subscription.id)).all())
    session.execute(sa.delete(Follower).where(~Follower.subscriptions.any()))
    session.execute(sa.delete(FollowAsk).where(FollowAsk.at < now - rules.ASKS_KEPT))
    return count


def claim(session: Session, follower_id: int, today: date, out: str) -> bool:
    """Take today's one letter to somebody for oneself; False where another did.

    ``out`` is the way out that the letter names: another one, where the office has a new key.
    """
    mine = (
        sa.update(Follower)
        .where(Follower.id == follower_id)
        .where(sa.or_(Follower.mailed_on.is_(None), Follower.mailed_on < today))
        .values(mailed_on=today, out_hash=secret_hash(out))
    )
    return session.execute(mine.returning(Follower.id)).first() is not None


def give_back(session: Session, follower_id: int, before: date | None) -> None:
    """Give back a letter that could not be sent, so that it is tried again."""
    back = sa.update(Follower).where(Follower.id == follower_id).values(mailed_on=before)
    session.execute(back)


def told(session: Session, follower_id: int, until: datetime) -> None:
    """Note until when somebody knows all."""
    session.execute(
        sa.update(Subscription)
        .where(Subscription.follower_id == follower_id)
        .where(Subscription.confirmed_at.is_not(None))
        .values(told_until=until)
    )


def _follower(session: Session, email: str, key: bytes) -> Follower:
    salt = secrets.token_hex(16)
    made = Follower(email=email, salt=salt, out_hash=secret_hash(way_out(key, salt)))
    made.subscriptions = []
    session.add(made)
    return made


def _too_old(found: Subscription, now: datetime) -> bool:
    return found.asked_at < now - timedelta(days=rules.UNCONFIRMED_DAYS)


def _mac(key: bytes, purpose: str, value: str) -> str:
    return hmac.new(key, f"following/{purpose}/{value}".encode(), hashlib.sha256).hexdigest()
