"""Pages at the door, and of one's own account."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError

from qms import clock, mail
from qms.accounts import people_views, queries, service, sign_in_service, units_views
from qms.accounts.forms import (
    ROLE_LABELS,
    ActForm,
    EmailForm,
    FirstPasswordForm,
    PasswordForm,
    SignInForm,
)
from qms.accounts.passwords import secret_hash
from qms.accounts.rules import Permission, browser_words
from qms.db import db, touch, transaction
from qms.errors import QmsError
from qms.units.queries import entered_names
from qms.web import kept
from qms.web.errors import sentence_of, status_of
from qms.web.guards import (
    SignInNeededError,
    act,
    idle_minutes,
    let_in,
    let_out,
    may_come_in,
    session_hours,
    signed_in,
    stranger,
    visitor,
)
from qms.web.marks import is_public, public
from qms.web.menu import Group, Item

bp = Blueprint("accounts", __name__)
bp.register_blueprint(people_views.bp)
bp.register_blueprint(units_views.bp)

MENU = (
    Item(
        Group.SYSTEM,
        _l("Người dùng"),
        "accounts.people.index",
        (Permission.ACCOUNT_MANAGE,),
    ),
    Item(Group.SYSTEM, _l("Đơn vị"), "accounts.units.index", units_views.ANY),
    Item(Group.SYSTEM, _l("Tài khoản của tôi"), "accounts.own"),
)


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask who is there."""
    form = SignInForm(next=kept.own_address(request.args.get("next", "")))
    return _door(form)


@bp.post("/sign-in")
@public
def enter() -> ResponseReturnValue:
    """Let somebody in who proves who it is; what was typed before is offered again."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _door(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with touch() as session:
            attempt = sign_in_service.attempt(
                session,
                stranger(),
                account=form.account.data,
                address=request.remote_addr or "",
            )
    except sign_in_service.WaitError as error:
        form.password.errors = [sentence_of(error)]
        return _door(form), HTTPStatus.TOO_MANY_REQUESTS
    person = sign_in_service.proved(db.session(), attempt.account, form.password.data)
    if person is None:
        form.password.errors = [_wrong(attempt.left)]
        return _door(form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as session:
        secret = sign_in_service.begin(
            session, stranger(), person, agent=request.user_agent.string
        )
    let_in(secret)
    found = kept.read(form.kept.data or "")
    if found:
        return _offer(found, _("Ông, bà đã đăng nhập. Nội dung đã ghi còn nguyên."))
    return redirect(kept.own_address(form.next.data or "") or url_for("desk.index"), code=303)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session on the server, so that its cookie opens nothing any more."""
    if may_come_in():
        with transaction() as session:
            sign_in_service.end(session, act(), visitor().secret)
        let_out()
    return redirect(url_for(".sign_in"), code=303)


@bp.get("/first-password/<secret>")
@public
def first_password(secret: str) -> ResponseReturnValue:
    """Ask for the first password of the person whose link it is."""
    user = service.user_of_link(db.session(), stranger(), secret)
    return _first_password(FirstPasswordForm(), user.account, user.name)


@bp.post("/first-password/<secret>")
@public
def set_first_password(secret: str) -> ResponseReturnValue:
    """Set it, once."""
    form = FirstPasswordForm()
    user = service.user_of_link(db.session(), stranger(), secret)
    account, name = user.account, user.name
    if not form.validate_on_submit():
        return _first_password(form, account, name), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            service.use_link(session, stranger(), secret, form.password.data)
    except QmsError as error:
        form.password.errors = [sentence_of(error)]
        return _first_password(form, account, name), status_of(error)
    flash(_("Đã đặt mật khẩu. Mời đăng nhập bằng tên “%(account)s”.", account=account))
    return redirect(url_for(".sign_in"), code=303)


@bp.get("/account")
@signed_in
def own() -> ResponseReturnValue:
    """Show who one is here, one's posts and open sessions."""
    return _own(PasswordForm())


@bp.post("/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Set another password; all other sessions end."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return _own(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with touch() as session:
            attempt = sign_in_service.attempt_again(session, act())
        with transaction() as session:
            service.change_password(
                session,
                act(),
                old=form.old.data,
                new=form.password.data,
                keep=visitor().secret,
            )
            sign_in_service.forget(session, attempt)
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _own(form), status_of(error)
    flash(_("Đã đổi mật khẩu. Các lần đăng nhập khác đã kết thúc."))
    return redirect(url_for(".own"), code=303)


@bp.post("/account/email")
@signed_in
def set_email() -> ResponseReturnValue:
    """Say where letters go to oneself."""
    form = EmailForm()
    try:
        if not form.validate_on_submit():
            return _own(PasswordForm(formdata=None), form), HTTPStatus.UNPROCESSABLE_ENTITY
        email = mail.address(form.email.data) if form.email.data else ""
        with transaction() as session:
            service.set_email(session, act(), email)
    except QmsError as error:
        form.email.errors = [sentence_of(error)]
        return _own(PasswordForm(formdata=None), form), status_of(error)
    flash(_("Đã lưu địa chỉ thư."))
    return redirect(url_for(".own"), code=303)


@bp.post("/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """End all sessions of this person, this one included."""
    with transaction() as session:
        sign_in_service.end_own(session, act())
    let_out()
    flash(_("Đã đăng xuất ở mọi nơi."))
    return redirect(url_for(".sign_in"), code=303)


@bp.app_errorhandler(SignInNeededError)
def _sign_in_needed(_error: SignInNeededError) -> ResponseReturnValue:
    """Ask who is there and carry along what was typed."""
    sealed = kept.take()
    form = SignInForm(formdata=None, kept=sealed)
    words = (
        _("Phiên làm việc đã hết. Đăng nhập lại để lưu tiếp; nội dung đã ghi còn nguyên.")
        if sealed
        else _("Phiên làm việc đã hết. Mời đăng nhập lại.")
    )
    return _door(form, words), HTTPStatus.UNAUTHORIZED


@bp.app_errorhandler(CSRFError)
def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    """Offer a form whose token is stale again, with a fresh one."""
    if request.endpoint == "accounts.enter":
        form = SignInForm()
        words = _("Trang đăng nhập đã mở quá lâu. Mời nhập lại mật khẩu.")
        return _door(form, words), HTTPStatus.BAD_REQUEST
    if not is_public(request.endpoint) and not may_come_in():
        return _sign_in_needed(SignInNeededError())
    sealed = kept.take()
    found = kept.read(sealed) or kept.Kept(request.path, (), files=False)
    words = (
        _("Trang này đã mở quá lâu nên chưa lưu. Nội dung đã ghi còn nguyên.")
        if sealed
        else _("Trang này đã mở quá lâu nên chưa làm gì. Mời mở lại trang rồi làm lại.")
    )
    return _offer(found, words), HTTPStatus.BAD_REQUEST


def _door(form: SignInForm, words: str = "") -> str:
    carried = kept.read(form.kept.data or "")
    return render_template(
        "accounts/sign_in.html", form=form, words=words, carried=carried, office=None
    )


def _offer(found: kept.Kept, words: str) -> str:
    return render_template("accounts/kept.html", kept=found, words=words, office=None)


def _wrong(left: int) -> str:
    if left > 0:
        return str(
            _(
                "Tên đăng nhập hoặc mật khẩu chưa đúng. Còn %(left)s lần thử trước khi phải chờ.",
                left=left,
            )
        )
    return str(_("Tên đăng nhập hoặc mật khẩu chưa đúng. Lần sau phải chờ mới thử được."))


def _first_password(form: FirstPasswordForm, account: str, name: str) -> str:
    return render_template(
        "accounts/first_password.html", form=form, account=account, name=name, office=None
    )


def _own(form: PasswordForm, letters: EmailForm | None = None) -> str:
    session, who = db.session(), visitor()
    user = queries.person(session, who.id)
    now = clock.now()
    open_now = queries.open_sign_ins(
        session, who.id, begun=now - session_hours(), used=now - idle_minutes()
    )
    return render_template(
        "accounts/own.html",
        user=user,
        names=entered_names(session),
        roles=ROLE_LABELS,
        form=form,
        letters=letters or EmailForm(formdata=None, email=user.email),
        act_form=ActForm(),
        sign_ins=open_now,
        browser_words=browser_words,
        this=secret_hash(who.secret),
    )
