"""Pages for staff: which screens there are, what each shows, setting one up."""

import secrets
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.queries import names
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.errors import QmsError
from qms.kiosk import queries, rules, service
from qms.kiosk.forms import ScreenForm
from qms.units.queries import entered_names, unit_by_id
from qms.web import typeset, version
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires, visitor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

bp = Blueprint("screens", __name__, url_prefix="/screens")

KEEPERS = requires(Permission.COPY_PRINT)


def version_on(session: "Session", today: date) -> str:
    """Return what is another whenever a board may tell something else."""
    return rules.content_version(today, version.told(session))


@bp.get("")
@KEEPERS
def index() -> ResponseReturnValue:
    """List the screens of a person's units, with what each shows."""
    session, now = db.session(), clock.now()
    present = version_on(session, clock.day_of(now))
    found = queries.screens(session, _reached())
    return render_template(
        "kiosk/screens.html",
        screens=[(each, rules.standing(each.heard, present, now)) for each in found],
        unit_names=entered_names(session),
    )


@bp.get("/new")
@KEEPERS
def new() -> ResponseReturnValue:
    """Ask where a screen stands."""
    return _new(_form())


@bp.post("/new")
@KEEPERS
def set_up() -> ResponseReturnValue:
    """Set a screen up; its page has the address to open on it."""
    form = _form()
    if not form.validate_on_submit():
        return _new(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            screen_id = service.set_up(
                session,
                act(),
                unit_by_id(session, int(form.unit.data)),
                name=form.name.data,
                counter=form.counter.data or "",
                random=secrets.token_bytes(service.TOKEN_BYTES),
            ).id
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _new(form), status_of(error)
    flash(_("Đã ghi màn hình. Mời mở địa chỉ dưới đây trên màn hình đó."))
    return redirect(url_for(".show", screen_id=screen_id), code=303)


@bp.get("/<int:screen_id>")
@KEEPERS
def show(screen_id: int) -> ResponseReturnValue:
    """Show one screen: its address, when it last asked and what it showed."""
    session, now = db.session(), clock.now()
    found = queries.screen_in(session, screen_id, _reached())
    path = url_for("kiosk.screen", unit=found.unit.slug, screen=found.token, lang=None)
    address = f"{current_app.config['PUBLIC_URL'].rstrip('/')}{path}"
    present = version_on(session, clock.day_of(now))
    return render_template(
        "kiosk/screen_of_office.html",
        screen=found,
        standing=rules.standing(found.heard, present, now),
        path=path,
        address=address,
        qr=typeset.qr(address),
        unit_name=entered_names(session)[found.unit_id],
        people=names(session, [found.made_by]),
    )


@bp.post("/<int:screen_id>/take-away")
@KEEPERS
def take_away(screen_id: int) -> ResponseReturnValue:
    """End the address of a screen."""
    with transaction() as session:
        service.take_away(session, act(), queries.screen_in(session, screen_id, _reached()))
    flash(_("Đã bỏ màn hình. Địa chỉ của nó không còn dùng được."))
    return redirect(url_for(".index"), code=303)


def _form() -> ScreenForm:
    form, reached = ScreenForm(), _reached()
    form.unit.choices = [
        (str(number), name)
        for number, name in entered_names(db.session()).items()
        if number in reached
    ]
    return form


def _new(form: ScreenForm) -> str:
    return render_template("kiosk/screen_new.html", form=form)


def _reached() -> frozenset[int]:
    return visitor().reach.get(Permission.COPY_PRINT, frozenset())
