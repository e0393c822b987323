"""Working days: the calendar of a year, the notices behind it, and a new one."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.forms import ActForm
from qms.accounts.queries import names
from qms.accounts.rules import Permission
from qms.counter import queries, service
from qms.counter.calendar import YEARS, by_law
from qms.counter.forms import DaysNoticeForm
from qms.db import db, transaction
from qms.errors import NotAllowedError, QmsError
from qms.text import whole_number
from qms.units.queries import entered_names, places, unit_by_id
from qms.units.rules import chain, office_of
from qms.web.addresses import page_number
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires, visitor

bp = Blueprint("days", __name__)

ANY: Final = (Permission.CALENDAR_ENTER, Permission.CALENDAR_CONFIRM)
"""Whoever may enter or confirm looks at the page."""


@bp.get("/working-days")
@requires(*ANY)
def index() -> ResponseReturnValue:
    """Show the days of a year that are not worked, and what was entered."""
    return _page(DaysNoticeForm())


@bp.post("/working-days")
@requires(Permission.CALENDAR_ENTER)
def enter() -> ResponseReturnValue:
    """Enter a notice; a second person confirms it."""
    form = DaysNoticeForm()
    if not form.validate_on_submit():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            service.enter(
                session,
                act(),
                unit_by_id(session, own_office()),
                basis=form.basis.data,
                year=form.year.data,
                days=form.days(),
            )
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _page(form), status_of(error)
    flash(
        _("Đã ghi. Thông báo này chờ người thứ hai xác nhận; trước đó chưa tính vào ngày hẹn.")
    )
    return redirect(url_for(".index"), code=303)


@bp.post("/working-days/<int:notice_id>/confirm")
@requires(Permission.CALENDAR_CONFIRM)
def confirm(notice_id: int) -> ResponseReturnValue:
    """Confirm a notice that somebody else entered."""
    with transaction() as session:
        service.confirm(session, act(), notice_id)
    flash(_("Đã xác nhận. Từ bây giờ ngày hẹn tính theo thông báo này."))
    return redirect(url_for(".index"), code=303)


def own_office() -> int:
    """Return the office in which the visitor works."""
    who = visitor()
    if not who.units:
        raise NotAllowedError("Ông, bà chưa có vị trí ở đơn vị nào.")
    return office_of(places(db.session()), who.units[0])


def _page(form: DaysNoticeForm) -> str:
    session, office, page = db.session(), own_office(), page_number()
    this_year = clock.today().year
    year = whole_number(request.args.get("year")) or this_year
    year = min(max(year, YEARS[0]), YEARS[-1])
    calendar = queries.calendar_of(session, office)
    rows, total = queries.notices(session, chain(places(session), office), page=page)
    turned = [each for each in calendar.turned if each.year == year]
    days = sorted({*by_law(year)[0], *by_law(year)[1], *turned})
    mine = visitor().reach.get(Permission.CALENDAR_CONFIRM, frozenset())
    return render_template(
        "counter/days.html",
        form=form,
        act_form=ActForm(),
        year=year,
        years=range(max(this_year - 1, YEARS[0]), min(this_year + 2, YEARS[-1] + 1)),
        days=[(each, calendar.off(each), calendar.turned.get(each)) for each in days],
        settled=year in calendar.settled,
        rows=[
            (row, queries.days_of(row), row.unit_id in mine and row.entered_by != visitor().id)
            for row in rows
        ],
        people=names(session, {p for row in rows for p in (row.entered_by, row.confirmed_by)}),
        units=entered_names(session),
        enters=visitor().may(Permission.CALENDAR_ENTER),
        page=page,
        size=queries.PAGE,
        total=total,
    )
