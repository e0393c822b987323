"""Acts on people, posts and sign-ins."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms import trail
from qms.accounts import passwords, queries, rules
from qms.accounts.models import FailedSignIn, OneTimeLink, Post, SignIn, User
from qms.errors import InvalidError, NotAllowedError, RefusedError
from qms.text import nfc, slug
from qms.trail import Act
from qms.units.models import Unit
from qms.units.rules import check_days


def add(session: Session, act: Act, *, account: str, name: str, title: str = "") -> User:
    """Open an account without a password; a one-time link sets the first one."""
    if not account or slug(account) != account or account != account.lower():
        raise InvalidError(
            "Tên đăng nhập “%(account)s” chỉ được gồm chữ thường không dấu, số và dấu gạch.",
            account=account,
        )
    if session.scalar(sa.select(User.id).where(User.account == account)):
        raise InvalidError("Tên đăng nhập “%(account)s” đã có người dùng.", account=account)
    if not name.strip():
        raise InvalidError("Hãy ghi họ và tên.")
    user = User(account=account, name=nfc(name).strip(), title=nfc(title).strip())
    session.add(user)
    session.flush()
    trail.record(
        session,
        act,
        action="account.opened",
        subject=f"person/{user.id}",
        detail={"account": account},
    )
    return user


def give_post(
    session: Session,
    act: Act,
    user: User,
    unit: Unit,
    role: rules.Role,
    *,
    first_day: date,
    last_day: date | None = None,
) -> Post:
    """Give a person a role in a unit from a day on."""
    check_days(first_day, last_day)
    if user.id == act.actor:
        raise RefusedError("Không ai tự giao chức trách cho mình; cần một quản trị viên khác.")
    post = Post(
        user_id=user.id, unit_id=unit.id, role=role, first_day=first_day, last_day=last_day
    )
    session.add(post)
    session.flush()
    detail = {
        "unit": unit.slug,
        "role": role.value,
        "first_day": first_day,
        "last_day": last_day,
    }
    trail.record(session, act, action="post.given", subject=f"person/{user.id}", detail=detail)
    return post


def end_post(session: Session, act: Act, post: Post, *, last_day: date) -> None:
    """Let a post end; its holder may use it up to that day."""
    check_days(post.first_day, last_day)
    post.last_day = last_day
    detail = {"post": post.id, "last_day": last_day}
    trail.record(
        session, act, action="post.ended", subject=f"person/{post.user_id}", detail=detail
    )


def close(session: Session, act: Act, user: User) -> None:
    """Close an account and end all its sessions."""
    if user.id == act.actor:
        raise RefusedError("Không ai tự khóa tài khoản của mình.")
    user.closed_at = act.at
    end_all_sign_ins(session, act, user)
    trail.record(session, act, action="account.closed", subject=f"person/{user.id}", detail={})


def link(session: Session, act: Act, user: User) -> str:
    """Make a one-time link for setting a password; earlier unused ones lapse.

    Returns the secret, which is not kept.
    """
    if user.closed_at is not None:
        raise RefusedError("Tài khoản đã khóa.")
    session.execute(
        sa.update(OneTimeLink)
        .where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
        .values(used_at=act.at)
    )
    secret = passwords.new_secret()
    session.add(
        OneTimeLink(
            secret_hash=passwords.secret_hash(secret),
            user_id=user.id,
            made_by=act.actor,
            expires_at=act.at + timedelta(hours=rules.LINK_HOURS),
        )
    )
    trail.record(
        session, act, action="account.link_made", subject=f"person/{user.id}", detail={}
    )
    return secret


def user_of_link(session: Session, act: Act, secret: str) -> User:
    """Return whose link it is.

    Raises:
        NotAllowedError: it is unknown, used or too old.

    """
    found = session.get(OneTimeLink, passwords.secret_hash(secret))
    if found is None or found.used_at is not None or found.expires_at < act.at:
        raise NotAllowedError(
            "Liên kết này đã dùng hoặc quá hạn. Hãy xin quản trị viên liên kết mới."
        )
    return queries.person(session, found.user_id)


def use_link(session: Session, act: Act, secret: str, password: str) -> User:
    """Set the password of the person whose link it is, once."""
    user = user_of_link(session, act, secret)
    rules.check_password(password, user.account)
    used = session.get_one(OneTimeLink, passwords.secret_hash(secret))
    used.used_at = act.at
    user.password_hash = passwords.hashed(password)
    end_all_sign_ins(session, act, user)
    who = Act(user.id, act.at, act.today, act.via)
    trail.record(
        session, who, action="account.password_set", subject=f"person/{user.id}", detail={}
    )
    return user


def set_password(session: Session, act: Act, user: User, password: str) -> None:
    """Set a password directly: for the demonstration and the installation only."""
    rules.check_password(password, user.account)
    user.password_hash = passwords.hashed(password)
    trail.record(
        session, act, action="account.password_set", subject=f"person/{user.id}", detail={}
    )


def check_again(session: Session, act: Act, password: str) -> None:
    """Ask for the password once more before a signature.

    Raises:
        NotAllowedError: it is wrong; InvalidError is not used, so nothing is learned.

    """
    user = queries.person(session, act.actor or 0)
    if not passwords.matches(user.password_hash, password):
        raise NotAllowedError("Mật khẩu không đúng. Chưa ký gì.")


def begin_sign_in(session: Session, act: Act, user: User, *, agent: str) -> str:
    """Begin a session and return its secret for the cookie."""
    secret = passwords.new_secret()
    session.add(
        SignIn(
            secret_hash=passwords.secret_hash(secret),
            user_id=user.id,
            began_at=act.at,
            seen_at=act.at,
            agent=agent[:200],
        )
    )
    who = Act(user.id, act.at, act.today, act.via)
    trail.record(
        session, who, action="account.signed_in", subject=f"person/{user.id}", detail={}
    )
    return secret


def fail_sign_in(session: Session, act: Act, *, account: str, address: str) -> None:
    """Count a failed sign-in; words typed by strangers do not go into the trail."""
    session.add(FailedSignIn(account=account[:60], address=address[:60], at=act.at))
    old = act.at - timedelta(days=1)
    session.execute(sa.delete(FailedSignIn).where(FailedSignIn.at < old))


def end_sign_in(session: Session, act: Act, secret: str) -> None:
    """End a session at once."""
    found = session.get(SignIn, passwords.secret_hash(secret))
    if found is not None and found.ended_at is None:
        found.ended_at = act.at
        subject = f"person/{found.user_id}"
        trail.record(session, act, action="account.signed_out", subject=subject, detail={})


def end_all_sign_ins(session: Session, act: Act, user: User) -> None:
    """End every session of a person."""
    session.execute(
        sa.update(SignIn)
        .where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))
        .values(ended_at=act.at)
    )
