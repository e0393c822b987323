"""Pages of printed copies: making one for a place, and the list of those that hang."""

import secrets
from http import HTTPStatus

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from flask import url_for as url
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.queries import names
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.errors import NotAllowedError, QmsError
from qms.notices import (
    checking,
    codes,
    pages,
    prints,
    queries,
    service,
    sheets,
    stories,
    validity,
)
from qms.notices.forms import PAPER_WORDS, CopyForm, ListForm
from qms.notices.stories import Story
from qms.text import file_name
from qms.units.queries import entered_names
from qms.units.queries import unit as unit_named
from qms.web import pdf
from qms.web.addresses import page_number
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires, visitor

bp = Blueprint("copies", __name__, url_prefix="/postings")

PRINTS = requires(Permission.COPY_PRINT)


@bp.get("")
@PRINTS
def index() -> ResponseReturnValue:
    """List the copies of a person's units, with whether each still holds."""
    session, page, form = db.session(), page_number(), ListForm(request.args)
    reached = _reached()
    unit_names = {
        unit_id: name for unit_id, name in entered_names(session).items() if unit_id in reached
    }
    form.unit.choices = [
        *form.unit.choices,
        *((str(n), name) for n, name in unit_names.items()),
    ]
    asked = {n for n in unit_names if str(n) == form.unit.data}
    found, total = queries.copies(session, asked or reached, form.q.data or "", page=page)
    judged = checking.judged_copies(session, found, clock.today(), clock.day_of)
    return render_template(
        "notices/copies.html",
        form=form,
        copies=judged,
        people=names(session, [each.printed_by for each in found]),
        unit_names=unit_names,
        page=page,
        size=queries.PAGE,
        total=total,
    )


@bp.get("/new/<unit>/<code>")
@PRINTS
def new(unit: str, code: str) -> ResponseReturnValue:
    """Ask where the sheet of a procedure is to hang."""
    return _new(_story(unit, code), CopyForm(on=clock.today()))


@bp.post("/new/<unit>/<code>")
@PRINTS
def make(unit: str, code: str) -> ResponseReturnValue:
    """Enter a copy; its page has the paper."""
    form, told = CopyForm(), _story(unit, code)
    if form.validate_on_submit() and form.on.data < clock.today():
        form.on.errors = [*form.on.errors, _("Hãy chọn hôm nay hoặc một ngày sắp tới.")]
    if form.errors:
        return _new(told, form), HTTPStatus.UNPROCESSABLE_ENTITY
    random = secrets.token_bytes(codes.COPY_BYTES)
    try:
        with transaction() as session:
            told = stories.on_board(session, unit_named(session, unit), code, form.on.data)
            copy = service.make_copy(
                session, act(), told, place=form.place.data, on=form.on.data, random=random
            ).code
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _new(_story(unit, code), form), status_of(error)
    flash(_("Đã ghi bản in. Mời in tờ giấy dưới đây rồi treo đúng nơi đã ghi."))
    return redirect(url(".show", code=copy), code=303)


@bp.get("/<code>")
@PRINTS
def show(code: str) -> ResponseReturnValue:
    """Show one copy and give its paper."""
    session = db.session()
    copy = queries.copy_in(session, code, _reached())
    (judged,) = checking.judged_copies(session, [copy], clock.today(), clock.day_of)
    return render_template(
        "notices/copy.html",
        copy=copy,
        judged=judged,
        papers=PAPER_WORDS,
        people=names(session, [copy.printed_by]),
        office=queries.office(session, copy.unit, clock.today()),
    )


@bp.get("/<code>.pdf")
@PRINTS
def paper(code: str) -> ResponseReturnValue:
    """Give the paper of a copy, as long as its day still says the same."""
    session = db.session()
    copy = queries.copy_in(session, code, _reached())
    told = stories.story(session, copy.unit, copy.document)
    found = sheets.as_printed(told, copy)
    base = current_app.config["PUBLIC_URL"]
    made_for = prints.made_for(copy.place, clock.day_of(copy.printed_at))
    size = pages.paper(request.args)
    remark = validity.remark(told, found, copy.day, max(copy.day, clock.today()))
    data = prints.copy(copy.code, made_for, found, size, base, pdf.render, remark)
    response = Response(data, mimetype="application/pdf")
    name = f"{file_name(copy.document.code)}-{copy.code.lower()}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _new(told: Story, form: CopyForm) -> str:
    found = sheets.on_day(told, clock.today())
    return render_template(
        "notices/copy_new.html",
        form=form,
        unit=told.unit,
        slug=told.document.slug,
        code=told.document.code,
        title=found.sheet.title if found else sheets.last_title(told),
        name=queries.office(db.session(), told.unit, clock.today()).name,
    )


def _story(unit: str, code: str) -> Story:
    session = db.session()
    found = unit_named(session, unit)
    if found.id not in _reached():
        raise NotAllowedError("Chức trách của ông, bà không cho phép việc này ở đơn vị này.")
    return stories.on_board(session, found, code, clock.today())


def _reached() -> frozenset[int]:
    return visitor().reach.get(Permission.COPY_PRINT, frozenset())
