"""Acts on people and posts. Each asks whether whoever acts may, in its own transaction."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms import trail
from qms.accounts import passwords, queries, rules, sign_in_service
from qms.accounts.models import OneTimeLink, Post, User
from qms.accounts.rules import Permission
from qms.errors import InvalidError, NotAllowedError, RefusedError
from qms.text import nfc
from qms.trail import Act, Via
from qms.units.models import Unit
from qms.units.queries import places
from qms.units.rules import check_days, holds
from qms.vietnamese import day as day_words

NAME_LENGTH = 120
"""Most characters of a name or title; half as many of an account."""


def add(session: Session, act: Act, *, account: str, name: str, title: str = "") -> User:
    """Open an account without a password; a one-time link sets the first one."""
    may_manage_somewhere(session, act)
    rules.check_account(account)
    if session.scalar(sa.select(User.id).where(User.account == account)):
        raise InvalidError("Tên đăng nhập “%(account)s” đã có người dùng.", account=account)
    if not name.strip():
        raise InvalidError("Hãy ghi họ và tên.")
    if max(len(name), len(title), 2 * len(account)) > NAME_LENGTH:
        raise InvalidError("Tên dài quá %(most)s ký tự.", most=NAME_LENGTH)
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
    """Give a person a role in a unit from a day on.

    Raises:
        NotAllowedError: no post of the actor allows it there.
        RefusedError: to oneself, to a closed account, in an ended unit, or twice.

    """
    if user.id == act.actor:
        raise RefusedError("Không ai tự giao chức trách cho mình; cần một quản trị viên khác.")
    _may_give(session, act, unit, role)
    check_days(first_day, last_day)
    if user.closed_at is not None:
        raise RefusedError("Tài khoản đã khóa.")
    if unit.last_day is not None and first_day > unit.last_day:
        raise RefusedError("Đơn vị đã kết thúc ngày %(day)s.", day=day_words(unit.last_day))
    _check_not_held(session, user, unit, role, first_day, last_day)
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
    """Let a post end; its holder may use it up to that day.

    Raises:
        NotAllowedError: no post of the actor allows it there.
        RefusedError: it would be longer than it was, end in the past, or leave nobody to
            administer the unit.

    """
    may_in(session, act, Permission.ACCOUNT_MANAGE, post.unit_id)
    check_days(post.first_day, last_day)
    if post.last_day is not None and last_day > post.last_day:
        raise RefusedError(
            "Chức trách này đã kết thúc ngày %(day)s; muốn kéo dài thì giao chức trách mới.",
            day=day_words(post.last_day),
        )
    if last_day < act.today - timedelta(days=1):
        raise RefusedError("Ngày cuối cùng sớm nhất là hôm qua, để thôi từ hôm nay.")
    _check_follows(session, post, last_day + timedelta(days=1))
    post.last_day = last_day
    detail = {"post": post.id, "last_day": last_day}
    trail.record(
        session, act, action="post.ended", subject=f"person/{post.user_id}", detail=detail
    )


def close(session: Session, act: Act, user: User) -> None:
    """Close an account and end all its sessions."""
    if user.id == act.actor:
        raise RefusedError("Không ai tự khóa tài khoản của mình.")
    may_manage(session, act, user)
    if user.closed_at is not None:
        raise RefusedError("Tài khoản đã khóa.")
    for post in queries.posts(session, user.id):
        if holds(post, act.today):
            _check_follows(session, post, act.today)
    user.closed_at = act.at
    sign_in_service.end_all(session, act, user)
    trail.record(session, act, action="account.closed", subject=f"person/{user.id}", detail={})


def link(session: Session, act: Act, user: User) -> str:
    """Make a one-time link for setting a password; earlier unused ones lapse.

    Returns the secret, which is not kept.

    Raises:
        NotAllowedError: the person holds a post that the actor does not reach.
        RefusedError: for oneself, or for a closed account.

    """
    if user.id == act.actor:
        raise RefusedError("Mật khẩu của chính mình thì đổi ở trang tài khoản.")
    may_manage(session, act, user)
    if user.closed_at is not None:
        raise RefusedError("Tài khoản đã khóa.")
    _let_links_lapse(session, act, user)
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
            "Đường dẫn này đã dùng hoặc quá hạn. Hãy xin quản trị viên đường dẫn mới."
        )
    user = queries.person(session, found.user_id)
    if user.closed_at is not None:
        raise NotAllowedError("Tài khoản đã khóa.")
    return user


def use_link(session: Session, act: Act, secret: str, password: str) -> User:
    """Set the password of the person whose link it is, once."""
    user = user_of_link(session, act, secret)
    rules.check_password(password, user.account)
    used = session.get_one(OneTimeLink, passwords.secret_hash(secret))
    used.used_at = act.at
    user.password_hash = passwords.hashed(password)
    sign_in_service.end_all(session, act, user)
    who = Act(user.id, act.at, act.today, act.via)
    trail.record(
        session, who, action="account.password_set", subject=f"person/{user.id}", detail={}
    )
    return user


def set_password(session: Session, act: Act, user: User, password: str) -> None:
    """Set a password directly: for the demonstration and the installation only."""
    if not by_installation(act):
        raise NotAllowedError("Mật khẩu chỉ do chính người dùng đặt.")
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


def change_password(session: Session, act: Act, *, old: str, new: str, keep: str) -> None:
    """Change one's own password; every other session and unused link ends.

    ``keep``: the secret of the session at hand.

    Raises:
        InvalidError: the old one is wrong, or the new one cannot be used.

    """
    user = queries.person(session, act.actor or 0)
    if not passwords.matches(user.password_hash, old):
        raise InvalidError("Mật khẩu đang dùng chưa đúng.")
    rules.check_password(new, user.account)
    if passwords.matches(user.password_hash, new):
        raise InvalidError("Mật khẩu mới phải khác mật khẩu đang dùng.")
    user.password_hash = passwords.hashed(new)
    sign_in_service.end_all(session, act, user, but=keep)
    _let_links_lapse(session, act, user)
    trail.record(
        session, act, action="account.password_set", subject=f"person/{user.id}", detail={}
    )


def set_email(session: Session, act: Act, email: str) -> None:
    """Say where letters go to oneself; nothing means nowhere. The trail does not name it."""
    user = queries.person(session, act.actor or 0)
    user.email = email or None
    trail.record(
        session, act, action="account.email_set", subject=f"person/{user.id}", detail={}
    )


def by_installation(act: Act) -> bool:
    """Tell whether nobody acts: the installation or demonstration itself, never the web."""
    return act.actor is None and act.via is not Via.WEB


def may_in(session: Session, act: Act, permission: Permission, unit_id: int) -> None:
    """Let the installation pass, and whoever a post allows it in the unit today.

    Raises:
        NotAllowedError: no post does.

    """
    if not by_installation(act):
        queries.require(session, act.actor, permission, unit_id, act.today)


def may_manage_somewhere(session: Session, act: Act) -> None:
    """Let the installation pass, and whoever administers some unit today."""
    if by_installation(act):
        return
    held = queries.posts(session, act.actor or 0)
    if Permission.ACCOUNT_MANAGE not in rules.granted(held, act.today):
        raise NotAllowedError("Chức trách của ông, bà không cho phép việc này.")


def may_manage(session: Session, act: Act, user: User) -> None:
    """Let pass who administers every unit in which the person holds or will hold a post.

    Who has left is managed by whoever administered the last posts; who never had one, by any
    administrator.
    """
    may_manage_somewhere(session, act)
    held = queries.posts(session, user.id)
    lasting = [post for post in held if post.last_day is None or post.last_day >= act.today]
    for post in lasting or held:
        may_in(session, act, Permission.ACCOUNT_MANAGE, post.unit_id)


def _may_give(session: Session, act: Act, unit: Unit, role: rules.Role) -> None:
    """Let an office's first administrator be appointed from above, all else inside it."""
    first = (
        role is rules.Role.ADMINISTRATOR
        and unit.office
        and unit.parent_id is not None
        and not queries.ever_administered(session, unit.id)
    )
    from_above = unit.parent_id if first and unit.parent_id else unit.id
    may_in(session, act, Permission.ACCOUNT_MANAGE, from_above)


def _check_not_held(
    session: Session,
    user: User,
    unit: Unit,
    role: rules.Role,
    first_day: date,
    last_day: date | None,
) -> None:
    for post in queries.posts(session, user.id):
        same = post.unit_id == unit.id and post.role is role
        before = last_day is not None and last_day < post.first_day
        after = post.last_day is not None and post.last_day < first_day
        if same and not before and not after:
            raise RefusedError("Người này đã giữ chức trách đó trong những ngày này.")


def _check_follows(session: Session, post: Post, on: date) -> None:
    if post.role is not rules.Role.ADMINISTRATOR:
        return
    others = queries.administrators(session, but=post.user_id)
    if not rules.follows(others, post, places(session), on):
        raise RefusedError(
            "Đây là quản trị viên duy nhất của đơn vị; hãy giao quản trị cho người khác,"
            " người ấy đặt mật khẩu xong thì mới thôi được."
        )


def _let_links_lapse(session: Session, act: Act, user: User) -> None:
    session.execute(
        sa.update(OneTimeLink)
        .where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
        .values(used_at=act.at)
    )
