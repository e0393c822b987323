"""Audits by the month, and as a calendar that programs read."""

import calendar
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.forms import by_name, choices
from qms.accounts.passwords import new_secret
from qms.accounts.rules import Permission
from qms.audits import calendar_queries, calendar_service, ical, queries
from qms.audits.access_views import names, offices, viewer
from qms.audits.forms import ANY, SESSION_WORDS, STATE_LOOKS, STATE_WORDS
from qms.audits.planning_forms import CalendarForm
from qms.audits.queries import Viewer
from qms.audits.rules import State
from qms.db import db, transaction
from qms.text import whole_number
from qms.vietnamese import YEARS
from qms.web.addresses import public_url
from qms.web.forms import Form
from qms.web.guards import act, requires, visitor
from qms.web.marks import public

if TYPE_CHECKING:
    from qms.audits.models import Audit

bp = Blueprint("calendar", __name__, url_prefix="/calendar")

READS: Final = requires(Permission.AUDIT_READ, Permission.AUDIT_CONDUCT)
BACK: Final = timedelta(days=180)
AHEAD: Final = timedelta(days=550)
"""How far the feed reaches."""


@bp.get("")
@READS
def index() -> ResponseReturnValue:
    """Show the audits of a month, day by day."""
    return _page("")


@bp.post("/key")
@READS
def make_key() -> ResponseReturnValue:
    """Make the address under which programs read this person's calendar; the old one ends."""
    secret = new_secret()
    with transaction() as session:
        calendar_service.make_key(session, act(), visitor().id, secret)
    return _page(public_url(url_for("audits.calendar.feed", secret=secret)))


@bp.post("/key/drop")
@READS
def drop_key() -> ResponseReturnValue:
    """Close this person's calendar to programs."""
    with transaction() as session:
        calendar_service.drop_key(session, act(), visitor().id)
    flash(_("Đường dẫn lịch không dùng được nữa."))
    return redirect(url_for(".index"), code=303)


@bp.get("/<secret>.ics")
@public
def feed(secret: str) -> ResponseReturnValue:
    """Give a person's audits as a calendar, to whoever knows its secret."""
    today = clock.today()
    who = calendar_queries.whose(db.session(), secret, today)
    answer = Response(
        ical.write(_("Đánh giá nội bộ"), _events(who, today - BACK, today + AHEAD)),
        mimetype=ical.MEDIA_TYPE,
    )
    answer.headers["Content-Disposition"] = 'inline; filename="danh-gia-noi-bo.ics"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(address: str) -> str:
    month, called = _month(request.args.get("month", "")), names()
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    first, last = weeks[0][0], weeks[-1][-1]
    form = CalendarForm(request.args)
    form.unit.choices = [
        *choices([ANY]),
        *by_name((str(each), called[each]) for each in viewer().units if each in called),
    ]
    unit = whole_number(form.unit.data)
    found = [
        each
        for each in queries.audits_between(db.session(), viewer(), first, last)
        if unit is None or unit in {each.owner_id, *queries.unit_ids(each)}
    ]
    days = {
        day: [each for each in found if each.first_day <= day <= each.last_day]
        for week in weeks
        for day in week
    }
    return render_template(
        "audits/calendar.html",
        month=month,
        weeks=weeks,
        days=days,
        before=(month - timedelta(days=1)).replace(day=1),
        after=(month + timedelta(days=31)).replace(day=1),
        today=clock.today(),
        names=called,
        several=len(offices()) > 1,
        form=form,
        states=STATE_WORDS,
        looks=STATE_LOOKS,
        address=address,
        has_key=calendar_queries.has_key(db.session(), visitor().id),
        plain=Form(),
    )


def _month(typed: str) -> date:
    """Return the first day of a month written as 2026-09; of today's where it is none."""
    year, _dash, month = typed.partition("-")
    if (
        year.isdecimal()
        and month.isdecimal()
        and int(year) in YEARS
        and int(month) in range(1, 13)
    ):
        return date(int(year), int(month), 1)
    return clock.today().replace(day=1)


def _events(who: Viewer, first: date, last: date) -> list[ical.Event]:
    session, called = db.session(), names()
    found = queries.audits_between(session, who, first, last, with_cancelled=True)
    hours = queries.hours(session, [each.id for each in found])
    events = []
    for each in found:
        cancelled = each.state is State.CANCELLED
        page = public_url(url_for("audits.show", audit_id=each.id))
        units = ", ".join(called.get(unit, "") for unit in queries.unit_ids(each))
        stamp = _stamp(each)
        events.append(
            ical.Event(
                f"audit-{each.id}@hien-hanh",
                each.first_day,
                each.last_day,
                f"{each.words} {each.title}",
                stamp,
                f"{units}\n{STATE_WORDS[each.state]}",
                page,
                cancelled,
            )
        )
        for hour in hours[each.id]:
            unit = called.get(hour.unit_id or 0, "")
            words = [str(SESSION_WORDS[hour.session]), unit, hour.subject]
            events.append(
                ical.Event(
                    f"audit-{each.id}-{hour.id}@hien-hanh",
                    clock.at(hour.day, hour.begins),
                    clock.at(hour.day, hour.ends),
                    " – ".join(part for part in words if part),
                    stamp,
                    each.title,
                    page,
                    cancelled,
                )
            )
    return events


def _stamp(found: "Audit") -> datetime:
    """Return when an audit last took a step, so that the same calendar has the same bytes."""
    taken = (found.planned_at, found.notified_at, found.reported_at, found.closed_at)
    return max(each for each in taken if each is not None)
