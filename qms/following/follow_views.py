"""Letters about changes: asking for them, confirming, and leaving again."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from qms import clock, mail
from qms.db import db, transaction
from qms.errors import InvalidError, QmsError
from qms.following import letters_views, service
from qms.following.changes import board as board_of
from qms.following.changes import fields as fields_of
from qms.following.forms import FollowForm
from qms.notices.day_views import office
from qms.text import whole_number
from qms.units.queries import unit as unit_named
from qms.web.errors import sentence_of, status_of
from qms.web.guards import stranger, tokenless
from qms.web.i18n import language
from qms.web.marks import public

if TYPE_CHECKING:
    from qms.following.models import Subscription
    from qms.units.models import Unit

bp = Blueprint("letters", __name__)

EVERY: Final = "*"
"""Stands for all fields; no address word."""

NO_STORE: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
"""Addresses that hold a secret are kept nowhere and told to nobody."""


@bp.get("/b/<unit>/theo-doi")
@public
def follow(unit: str) -> ResponseReturnValue:
    """Offer the feed and, where letters can be sent, those."""
    of = unit_named(db.session(), unit)
    fields = _fields(of)
    form = FollowForm(formdata=None, field=request.args.get("field", EVERY))
    form.field.choices = _choices(fields)
    return _page(of, form, fields)


@bp.post("/b/<unit>/theo-doi")
@tokenless
@public
def ask(unit: str) -> ResponseReturnValue:
    """Send a letter that asks whether its address wants more."""
    of = unit_named(db.session(), unit)
    fields, form = _fields(of), FollowForm()
    form.field.choices = _choices(fields)
    if not mail.configured() or not form.validate_on_submit():
        return _page(of, form, fields), HTTPStatus.UNPROCESSABLE_ENTITY, NO_STORE
    try:
        with transaction() as session:
            secret = service.ask(
                session,
                stranger(),
                unit=of,
                field="" if form.field.data == EVERY else form.field.data,
                email=form.email.data,
                language=language(),
                place=request.remote_addr or "",
                key=secret_key(),
            )
        if secret:
            name = office(unit_named(db.session(), unit), clock.today()).name
            topic = fields.get(form.field.data, [""])[0]
            with mail.door() as send:
                send(letters_views.question(form.email.data, secret, name, topic))
    except service.TooManyError as error:
        form.form_errors.append(sentence_of(error))
        return _page(of, form, fields), HTTPStatus.TOO_MANY_REQUESTS, NO_STORE
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _page(of, form, fields), status_of(error), NO_STORE
    return redirect(url_for(".follow", unit=unit, sent=1), code=HTTPStatus.SEE_OTHER)


@bp.get("/theo-doi/xac-nhan/<secret>")
@public
def confirm(secret: str) -> ResponseReturnValue:
    """Ask for the one press that makes a follower: what only looks at links makes none."""
    found = service.to_confirm(db.session(), clock.now(), secret)
    return _confirm_page(found, done=found.confirmed_at is not None)


@bp.post("/theo-doi/xac-nhan/<secret>")
@tokenless
@public
def confirmed(secret: str) -> ResponseReturnValue:
    """Begin to send letters."""
    with transaction() as session:
        service.confirm(session, stranger(), secret)
    return _confirm_page(service.to_confirm(db.session(), clock.now(), secret), done=True)


@bp.get("/theo-doi/thoi/<secret>")
@public
def out(secret: str) -> ResponseReturnValue:
    """Show what somebody follows, with a button that ends it."""
    found = service.leaving(db.session(), secret)
    page = render_template(
        "following/out.html", followed=_named(found.subscriptions), done=False
    )
    return page, HTTPStatus.OK, NO_STORE


@bp.post("/theo-doi/thoi/<secret>")
@tokenless
@public
def leave(secret: str) -> ResponseReturnValue:
    """End all letters, or those about one board; mail programs press this too (RFC 8058)."""
    only = whole_number(request.form.get("only"))
    if only is None and request.form.get("only"):
        raise InvalidError("Không rõ thôi theo dõi mục nào. Hãy mở lại đường dẫn trong thư.")
    with transaction() as session:
        service.leave(session, stranger(), secret, only)
    try:
        left = _named(service.leaving(db.session(), secret).subscriptions)
    except QmsError:
        left = []
    page = render_template("following/out.html", followed=left, done=True)
    return page, HTTPStatus.OK, NO_STORE


def secret_key() -> bytes:
    """Return the key that makes ways out."""
    key = current_app.secret_key
    return key if isinstance(key, bytes) else str(key).encode()


def _fields(of: "Unit") -> dict[str, list[str]]:
    return fields_of(db.session(), board_of(db.session(), of, clock.today()).seen)


def _choices(fields: dict[str, list[str]]) -> list[SelectChoice]:
    every = SelectChoice(value=EVERY, label=_("Mọi lĩnh vực"))
    return [
        every,
        *(SelectChoice(value=slug, label=names[0]) for slug, names in fields.items()),
    ]


def _page(of: "Unit", form: FollowForm, fields: dict[str, list[str]]) -> str:
    field = form.field.data or ""
    return render_template(
        "following/follow.html",
        office=office(of, clock.today()),
        today=clock.today(),
        form=form,
        field=field if field in fields else "",
        topic=fields[field][0] if field in fields else "",
        letters=mail.configured(),
        sent=request.method == "GET" and request.args.get("sent") == "1",
    )


def _confirm_page(found: "Subscription", *, done: bool) -> ResponseReturnValue:
    ((_id, unit, name, topic),) = _named([found])
    page = render_template(
        "following/confirm.html",
        office=office(found.unit, clock.today()),
        unit=unit,
        name=name,
        topic=topic,
        done=done,
    )
    return page, HTTPStatus.OK, NO_STORE


def _named(found: "list[Subscription]") -> list[tuple[int, str, str, str]]:
    """Return number, unit, its name, and the field of what is followed."""
    return [
        (
            each.id,
            each.unit.slug,
            office(each.unit, clock.today()).name,
            _fields(each.unit).get(each.field, [each.field])[0],
        )
        for each in found
    ]
