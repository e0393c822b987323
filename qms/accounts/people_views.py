"""Pages on which administrators look after people and their posts."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from qms import clock
from qms.accounts import queries, service
from qms.accounts.forms import (
    LINK_DAYS,
    ROLE_LABELS,
    ActForm,
    EndPostForm,
    PersonForm,
    PostForm,
    by_name,
)
from qms.accounts.rules import Permission, Role
from qms.accounts.units_views import own_office
from qms.db import db, transaction
from qms.errors import QmsError
from qms.units import queries as units
from qms.web.addresses import page_number
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires, visitor

bp = Blueprint("people", __name__, url_prefix="/admin/people")

PAGE: Final = 50

_MANAGE: Final = Permission.ACCOUNT_MANAGE


@bp.get("")
@requires(_MANAGE)
def index() -> ResponseReturnValue:
    """List the people of the units one administers."""
    session = db.session()
    wanted = queries.Wanted(
        words=request.args.get("q", "").strip()[:60],
        role=_role(request.args.get("role", "")),
        closed=request.args.get("state") == "closed",
    )
    number = page_number()
    found, total = queries.people_page(session, _reached(), wanted, page=number, size=PAGE)
    return render_template(
        "accounts/people.html",
        people=found,
        total=total,
        number=number,
        size=PAGE,
        wanted=wanted,
        roles=ROLE_LABELS,
        names=units.entered_names(session),
        on=clock.today(),
    )


@bp.get("/new")
@requires(_MANAGE)
def new() -> ResponseReturnValue:
    """Ask for a new person and the first post."""
    form = PersonForm(first_day=clock.today(), unit=own_office())
    form.unit.choices = _choices()
    return render_template("accounts/person_new.html", form=form)


@bp.post("/new")
@requires(_MANAGE)
def add() -> ResponseReturnValue:
    """Open an account with a first post, and show its one-time link once."""
    form = PersonForm()
    form.unit.choices = _choices()
    if not form.validate_on_submit():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render_template("accounts/person_new.html", form=form), status
    try:
        with transaction() as session:
            user = service.add(
                session,
                act(),
                account=form.account.data,
                name=form.name.data,
                title=form.title.data or "",
            )
            service.give_post(
                session,
                act(),
                user,
                units.unit(session, form.unit.data),
                Role(form.role.data),
                first_day=form.first_day.data,
                last_day=form.last_day.data,
            )
            secret = service.link(session, act(), user)
            person_id = user.id
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return render_template("accounts/person_new.html", form=form), status_of(error)
    return _show_link(person_id, secret)


@bp.get("/<int:person_id>")
@requires(_MANAGE)
def person(person_id: int) -> ResponseReturnValue:
    """Show one person with all posts."""
    return _person(person_id)


@bp.post("/<int:person_id>/posts")
@requires(_MANAGE)
def give_post(person_id: int) -> ResponseReturnValue:
    """Give a person one more post."""
    form = PostForm()
    form.unit.choices = _choices()
    if not form.validate_on_submit():
        return _person(person_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            user = queries.person(session, person_id)
            unit = units.unit(session, form.unit.data)
            service.may_manage(session, act(), user)
            service.give_post(
                session,
                act(),
                user,
                unit,
                Role(form.role.data),
                first_day=form.first_day.data,
                last_day=form.last_day.data,
            )
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _person(person_id, form), status_of(error)
    flash(_("Đã giao chức trách."))
    return redirect(url_for(".person", person_id=person_id), code=303)


@bp.get("/<int:person_id>/posts/<int:post_id>/end")
@requires(_MANAGE)
def end_post(person_id: int, post_id: int) -> ResponseReturnValue:
    """Ask for the last day of a post."""
    post = queries.post_of(db.session(), person_id, post_id, _reached())
    return _post_end(person_id, post_id, EndPostForm(last_day=post.last_day or clock.today()))


@bp.post("/<int:person_id>/posts/<int:post_id>/end")
@requires(_MANAGE)
def set_last_day(person_id: int, post_id: int) -> ResponseReturnValue:
    """Let a post end."""
    queries.post_of(db.session(), person_id, post_id, _reached())
    form = EndPostForm()
    if not form.validate_on_submit():
        return _post_end(person_id, post_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            post = queries.post(session, post_id)
            service.end_post(session, act(), post, last_day=form.last_day.data)
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _post_end(person_id, post_id, form), status_of(error)
    flash(_("Đã ghi ngày cuối cùng của chức trách."))
    return redirect(url_for(".person", person_id=person_id), code=303)


@bp.post("/<int:person_id>/link")
@requires(_MANAGE)
def link(person_id: int) -> ResponseReturnValue:
    """Make a one-time link and show it once."""
    with transaction() as session:
        secret = service.link(session, act(), queries.person(session, person_id))
    return _show_link(person_id, secret)


@bp.post("/<int:person_id>/close")
@requires(_MANAGE)
def close(person_id: int) -> ResponseReturnValue:
    """Close an account; its sessions end at once."""
    with transaction() as session:
        service.close(session, act(), queries.person(session, person_id))
    flash(_("Đã khóa tài khoản; các lần đăng nhập đã kết thúc."))
    return redirect(url_for(".person", person_id=person_id), code=303)


def _reached() -> frozenset[int]:
    return visitor().reach.get(_MANAGE, frozenset())


def _choices() -> list[SelectChoice]:
    """Return the units in which one may give posts, by name."""
    session = db.session()
    names = units.entered_names(session)
    mine = queries.appointable(session, _reached())
    found = [
        (unit.slug, names.get(unit.id, unit.slug))
        for unit in units.units(session)
        if unit.id in mine
    ]
    return by_name(found)


def _person(person_id: int, form: PostForm | None = None) -> str:
    if form is None:
        form = PostForm(formdata=None, first_day=clock.today(), unit=own_office())
        form.unit.choices = _choices()
    return render_template(
        "accounts/person.html",
        user=queries.shown_person(db.session(), person_id, _reached()),
        form=form,
        act_form=ActForm(),
        reached=_reached(),
        me=visitor().id,
        roles=ROLE_LABELS,
        names=units.entered_names(db.session()),
        on=clock.today(),
    )


def _post_end(person_id: int, post_id: int, form: EndPostForm) -> str:
    post = queries.post_of(db.session(), person_id, post_id, _reached())
    name = units.entered_names(db.session()).get(post.unit_id, post.unit.slug)
    return render_template(
        "accounts/post_end.html",
        form=form,
        user=queries.shown_person(db.session(), person_id, _reached()),
        post=post,
        role=ROLE_LABELS[post.role],
        unit=name,
    )


def _show_link(person_id: int, secret: str) -> str:
    path = url_for("accounts.first_password", secret=secret)
    return render_template(
        "accounts/link.html",
        user=queries.person(db.session(), person_id),
        link=f"{current_app.config['PUBLIC_URL'].rstrip('/')}{path}",
        days=LINK_DAYS,
    )


def _role(word: str) -> Role | None:
    return next((role for role in Role if role.value == word), None)
