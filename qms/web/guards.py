"""The door. Closed unless a view says who may pass, so a forgotten mark locks people out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import flask_login
from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import Unauthorized

from qms import clock
from qms.accounts.passwords import secret_hash
from qms.accounts.queries import signed_in as session_of
from qms.accounts.rules import Permission, Role, granted, reach, since
from qms.accounts.sign_in_service import seen
from qms.db import db, touch
from qms.errors import NotAllowedError
from qms.trail import Act, Via
from qms.units.queries import places
from qms.units.rules import holds
from qms.web import kept
from qms.web.marks import MARK, is_public

View = TypeVar("View", bound=Callable[..., Any])

SIGNED_IN: Final = "signed-in"
"""The mark of a view open to everybody with an account."""

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_LAST_SEEN: Final = timedelta(minutes=1)

csrf = CSRFProtect()


class SignInNeededError(Unauthorized):
    """A form came without a session; who answers it must not lose what was typed."""


class _Login(flask_login.LoginManager):  # type: ignore[misc]  # Flask-Login has no types
    """Remembers nobody beyond a session, so public pages are answered without looking for one."""

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


@dataclass(frozen=True)
class Visitor(flask_login.UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """The person signed in, as far as pages need to know."""

    id: int
    account: str
    name: str
    title: str
    roles: frozenset[Role]
    units: tuple[int, ...]
    permissions: frozenset[Permission]
    reach: Mapping[Permission, frozenset[int]]
    since: Mapping[int, date]
    secret: str
    seen_at: datetime

    def get_id(self) -> str:
        """Return what the cookie holds: the secret of the session, not the person."""
        return self.secret

    def may(self, permission: Permission | str) -> bool:
        """Tell whether some post of the person allows this somewhere."""
        return Permission(permission) in self.permissions


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Mark a view as open to people some post of whom allows one of ``permissions``."""

    def mark(view: View) -> View:
        setattr(view, MARK, frozenset(permissions))
        return view

    return mark


def signed_in(view: View) -> View:
    """Mark a view as open to everybody with an account."""
    setattr(view, MARK, SIGNED_IN)
    return view


def tokenless(view: View) -> View:
    """Mark a form that any program may send, such as the way out that a letter names.

    It must rest on a secret in its address, or do nothing that matters to whoever sends it.
    """
    csrf.exempt(view)
    return view


def visitor() -> Visitor:
    """Return the person signed in; only in views that are not public."""
    found: Visitor = flask_login.current_user._get_current_object()  # noqa: SLF001
    return found


def act() -> Act:
    """Return who does something now; services want it first."""
    return Act(visitor().id, at=clock.now(), today=clock.today(), via=Via.WEB)


def stranger() -> Act:
    """Return the act of somebody not signed in, such as a sign-in itself."""
    return Act(None, at=clock.now(), today=clock.today(), via=Via.WEB)


def may_come_in() -> bool:
    """Tell whether the session of this request is good; looks for one, so not on public pages."""
    return bool(flask_login.current_user.is_authenticated)


def session_hours() -> timedelta:
    """Return how long a session lasts, used or not."""
    return timedelta(hours=float(current_app.config["SESSION_HOURS"]))


def idle_minutes() -> timedelta:
    """Return how long a session lasts while nothing is asked."""
    return timedelta(minutes=float(current_app.config["IDLE_MINUTES"]))


def let_in(secret: str) -> None:
    """Begin a session in this browser; nothing of the one before remains, nor its tokens."""
    _forget()
    flask_login.login_user(_load(secret))


def let_out() -> None:
    """End the session in this browser."""
    flask_login.logout_user()
    _forget()


def _forget() -> None:
    language = session.get("lang")
    session.clear()
    g.pop("csrf_token", None)
    if language:
        session["lang"] = language


def init_app(app: Flask) -> None:
    """Put the door in front of every view."""
    # No context processor: it would look for a session on every public page.
    login = _Login(app, add_context_processor=False)
    login.session_protection = None
    login.user_loader(_load)
    app.before_request(_same_origin)
    csrf.init_app(app)
    app.before_request(_may_pass)


def _load(secret: str) -> Visitor | None:
    """Return who holds the session with this secret, if it is still good."""
    rows = db.session()
    both = session_of(rows, secret_hash(secret))
    if both is None:
        return None
    found, user = both
    now = clock.now()
    if (
        found.ended_at is not None
        or now - found.began_at > session_hours()
        or now - found.seen_at > idle_minutes()
        or user.closed_at is not None
    ):
        return None
    posts = [post for post in user.posts if holds(post, clock.today())]
    return Visitor(
        id=user.id,
        account=user.account,
        name=user.name,
        title=user.title,
        roles=frozenset(post.role for post in posts),
        units=tuple(dict.fromkeys(post.unit_id for post in posts)),
        permissions=granted(posts, clock.today()),
        reach=reach(posts, places(rows), clock.today()),
        since=since(posts, clock.today()),
        secret=secret,
        seen_at=found.seen_at,
    )


def _same_origin() -> None:
    """Refuse a form posted from another site (cross-site request forgery)."""
    if request.method in _SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        allowed = site in {"same-origin", "none"}
    else:
        allowed = origin is None or urlsplit(origin).netloc == request.host
    if not allowed:
        abort(403)


def _may_pass() -> ResponseReturnValue | None:
    if is_public(request.endpoint):
        return None
    if not flask_login.current_user.is_authenticated:
        if request.method not in _SAFE:
            raise SignInNeededError
        asked = kept.own_address(kept.this_address())
        return redirect(url_for("accounts.sign_in", next=asked or None), code=303)
    _was_seen(visitor())
    view = current_app.view_functions[request.endpoint or ""]
    mark: str | frozenset[Permission] = getattr(view, MARK, frozenset())
    if mark != SIGNED_IN and not visitor().permissions.intersection(mark):
        raise NotAllowedError("Chức trách của ông, bà không mở được trang này.")
    return None


def _was_seen(who: Visitor) -> None:
    """Note that the session is in use, at most once a minute."""
    now = clock.now()
    if now - who.seen_at > _LAST_SEEN:
        with touch() as rows:
            seen(rows, who.secret, now)
