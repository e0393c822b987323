"""Acts at the door: a session begins, fails to begin, ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms import trail
from qms.accounts import passwords, queries, rules
from qms.accounts.models import FailedSignIn, SignIn, User
from qms.errors import NotAllowedError
from qms.text import nfc
from qms.trail import Act

_LONGEST = 60


class WaitError(NotAllowedError):
    """Too many sign-ins failed; says how long to wait."""


@dataclass(frozen=True)
class Attempt:
    """A sign-in that is being tried: counted as failed until it is proved right."""

    account: str
    address: str
    left: int


def attempt(session: Session, act: Act, *, account: str, address: str) -> Attempt:
    """Count a sign-in before its password is looked at, so that many at once gain nothing.

    Words typed by strangers do not go into the trail.

    Raises:
        WaitError: the account or the address has failed too often.

    """
    return _count(session, act, nfc(account).strip().lower()[:_LONGEST], address[:_LONGEST])


def attempt_again(session: Session, act: Act) -> Attempt:
    """Count a password that somebody who is in gives once more, as at the door.

    What strangers do at the door with the account, or from the same address, keeps nobody
    from it: no account is in upper case.

    Raises:
        WaitError: the person has failed too often.

    """
    own = f"PERSON/{act.actor}"
    return _count(session, act, own, own)


def _count(session: Session, act: Act, account: str, address: str) -> Attempt:
    left = rules.FAILURES_ALLOWED
    for column, value, allowed in (
        (FailedSignIn.account, account, rules.FAILURES_ALLOWED),
        (FailedSignIn.address, address, rules.ADDRESS_FAILURES_ALLOWED),
    ):
        failed = queries.failures(session, column, value, act.at)
        until = rules.wait_until(failed, allowed)
        if until is not None:
            raise WaitError(
                "Đã thử sai quá nhiều lần. Mời đợi %(minutes)s phút rồi thử lại.",
                minutes=rules.wait_minutes(until, act.at),
            )
        left = min(left, allowed - len(failed) - 1)
    old = act.at - timedelta(days=1)
    session.execute(sa.delete(FailedSignIn).where(FailedSignIn.at < old))
    session.add(FailedSignIn(account=account, address=address, at=act.at))
    return Attempt(account, address, left)


def forget(session: Session, attempt: Attempt) -> None:
    """Take back what counted as failed: the password was right."""
    session.execute(sa.delete(FailedSignIn).where(FailedSignIn.account == attempt.account))


def proved(session: Session, account: str, password: str) -> int | None:
    """Return whose account it is if the password is right; both answers take as long."""
    user = session.scalar(sa.select(User).where(User.account == account))
    good = user is not None and user.closed_at is None
    known = user.password_hash if user is not None and good else None
    return user.id if passwords.matches(known, password) and user is not None else None


def begin(session: Session, act: Act, user_id: int, *, agent: str) -> str:
    """Begin a session, forget what failed before it, and return the secret for the cookie."""
    user = queries.person(session, user_id)
    if user.closed_at is not None:
        raise NotAllowedError("Tài khoản đã khóa.")
    secret = passwords.new_secret()
    session.execute(sa.delete(FailedSignIn).where(FailedSignIn.account == user.account))
    session.add(
        SignIn(
            secret_hash=passwords.secret_hash(secret),
            user_id=user_id,
            began_at=act.at,
            seen_at=act.at,
            agent=nfc(agent)[:200],
        )
    )
    who = Act(user_id, act.at, act.today, act.via)
    trail.record(
        session, who, action="account.signed_in", subject=f"person/{user_id}", detail={}
    )
    return secret


def seen(session: Session, secret: str, at: datetime) -> None:
    """Note that a session is in use."""
    session.execute(
        sa.update(SignIn)
        .where(SignIn.secret_hash == passwords.secret_hash(secret))
        .values(seen_at=at)
    )


def end(session: Session, act: Act, secret: str) -> None:
    """End a session at once."""
    found = queries.sign_in(session, passwords.secret_hash(secret))
    if found is not None and found.ended_at is None:
        found.ended_at = act.at
        subject = f"person/{found.user_id}"
        trail.record(session, act, action="account.signed_out", subject=subject, detail={})


def end_all(session: Session, act: Act, user: User, *, but: str = "") -> None:
    """End every session of a person, ``but`` the one with this secret."""
    session.execute(
        sa.update(SignIn)
        .where(
            SignIn.user_id == user.id,
            SignIn.ended_at.is_(None),
            SignIn.secret_hash != passwords.secret_hash(but),
        )
        .values(ended_at=act.at)
    )


def end_own(session: Session, act: Act) -> None:
    """End every session of whoever acts, in all browsers."""
    user = queries.person(session, act.actor or 0)
    end_all(session, act, user)
    trail.record(
        session,
        act,
        action="account.signed_out",
        subject=f"person/{user.id}",
        detail={"all": 1},
    )
