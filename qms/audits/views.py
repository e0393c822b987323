"""Pages of audits: the list, one audit with its plan, and each step it takes."""

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qms import clock
from qms.accounts.forms import by_name, choices
from qms.accounts.rules import Permission
from qms.audits import (
    auditor_views,
    calendar_views,
    checklist_queries,
    checklist_views,
    choosing_views,
    holding_views,
    notice_views,
    paper_views,
    programme_queries,
    programme_views,
    queries,
    review_views,
    rules,
    service,
    team_views,
)
from qms.audits.access_views import names, offices, the_audit, the_office, viewer
from qms.audits.forms import ANY, STATE_LOOKS, STATE_WORDS, ReasonForm
from qms.audits.page_views import offer_hours, page, refused
from qms.audits.planning_forms import AuditForm, HourForm, ListForm
from qms.audits.programme_rules import MONTHS
from qms.audits.queries import Wanted
from qms.audits.rules import Days, Hour, Session, State
from qms.db import db, transaction
from qms.errors import QmsError
from qms.text import whole_number
from qms.vietnamese import YEARS
from qms.web import assets
from qms.web.addresses import page_number
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires, visitor
from qms.web.menu import Group, Item

if TYPE_CHECKING:
    from qms.audits.models import Audit
    from qms.units.models import Unit

bp = Blueprint("audits", __name__, url_prefix="/audits")
for part in (
    programme_views,
    auditor_views,
    calendar_views,
    team_views,
    holding_views,
    notice_views,
    checklist_views,
    review_views,
    choosing_views,
    paper_views,
):
    bp.register_blueprint(part.bp)

_SEES: Final = (Permission.AUDIT_READ, Permission.AUDIT_CONDUCT)
MENU = (
    Item(Group.IMPROVEMENT, _l("Chương trình đánh giá"), "audits.programme.index", _SEES),
    Item(Group.IMPROVEMENT, _l("Đánh giá nội bộ"), "audits.index", _SEES),
    Item(Group.IMPROVEMENT, _l("Lịch đánh giá"), "audits.calendar.index", _SEES),
    Item(Group.IMPROVEMENT, _l("Đánh giá viên"), "audits.auditors.index", _SEES),
)
READS: Final = requires(*_SEES)
PLANS: Final = requires(Permission.AUDIT_PLAN)
ARRANGES: Final = requires(Permission.AUDIT_PLAN, Permission.AUDIT_CONDUCT)


@bp.get("")
@READS
def index() -> ResponseReturnValue:
    """Show the audits a person may see, the latest first."""
    session, who, number = db.session(), viewer(), page_number()
    form, called = ListForm(request.args), names()
    form.year.choices = choices(
        [ANY, *((str(each), str(each)) for each in queries.years(session, who))]
    )
    form.unit.choices = [
        *choices([ANY]),
        *by_name((str(each), called[each]) for each in who.units if each in called),
    ]
    state = form.state.data if form.state.data in set(State) else None
    wanted = Wanted(
        whole_number(form.year.data),
        State(state) if state else None,
        whole_number(form.unit.data),
        bool(request.args.get("mine")),
    )
    found, total = queries.audits(session, who, wanted, page=number)
    return render_template(
        "audits/index.html",
        form=form,
        audits=found,
        teams=queries.team(session, [each.id for each in found]),
        changed=checklist_queries.changed_lines(
            session, [each for each in found if each.state in rules.OPEN], clock.today()
        ),
        names=called,
        several=len(offices()) > 1,
        states=STATE_WORDS,
        looks=STATE_LOOKS,
        page=number,
        size=queries.PAGE_SIZE,
        total=total,
        may_plan=visitor().may(Permission.AUDIT_PLAN),
        keeping=visitor().may(Permission.AUDIT_CONDUCT),
        user=visitor().id,
    )


@bp.get("/new")
@PLANS
def new() -> ResponseReturnValue:
    """Ask for a new audit; the programme may have said of which unit and when."""
    owner, today = the_office(), clock.today()
    unit, month = whole_number(request.args.get("of")), whole_number(request.args.get("month"))
    year = whole_number(request.args.get("year")) or today.year
    dated = month is not None and month in MONTHS and year in YEARS
    first = date(year, month or 1, 1) if dated else None
    form = AuditForm(
        units=[str(unit)] if unit else [],
        first_day=first if first and first > today else None,
        last_day=first if first and first > today else None,
    )
    return _edit(form, owner, None)


@bp.post("/new")
@PLANS
def add() -> ResponseReturnValue:
    """Plan an audit."""
    form, owner = AuditForm(), the_office()
    _offer(form, owner, None)
    if not form.validate_on_submit():
        return _edit(form, owner, None), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            made = service.plan(session, act(), owner, _said(form)).id
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _edit(form, owner, None), status_of(error)
    flash(_("Đã lập cuộc đánh giá. Bây giờ chọn đoàn, xếp giờ, rồi thông báo cho đơn vị."))
    return redirect(url_for(".show", audit_id=made), code=303)


@bp.get("/worker.js")
@READS
def worker() -> ResponseReturnValue:
    """Give the worker that opens a checklist while the network is away."""
    answer = Response(assets.modules()["audit-worker.js"].data, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/<int:audit_id>")
@READS
def show(audit_id: int) -> ResponseReturnValue:
    """Show one audit: what it is about, how far it came, and what is to do next."""
    return page(the_audit(audit_id))


@bp.get("/<int:audit_id>/edit")
@PLANS
def edit(audit_id: int) -> ResponseReturnValue:
    """Ask what is another about an audit."""
    found = the_audit(audit_id)
    form = AuditForm(obj=found, units=[str(each) for each in queries.unit_ids(found)])
    return _edit(form, found.owner, found)


@bp.post("/<int:audit_id>/edit")
@PLANS
def change(audit_id: int) -> ResponseReturnValue:
    """Change an audit."""
    form, found = AuditForm(), the_audit(audit_id)
    _offer(form, found.owner, found)
    if not form.validate_on_submit():
        return _edit(form, found.owner, found), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            kept = queries.audit(session, audit_id)
            service.change(session, act(), kept, _said(form))
            notice_views.enqueue(session, act(), kept)
    except QmsError as error:
        form.form_errors.append(str(error) if error.parts else sentence_of(error))
        found = the_audit(audit_id)
        return _edit(form, found.owner, found), status_of(error)
    flash(_("Đã lưu."))
    return redirect(url_for(".show", audit_id=audit_id), code=303)


@bp.post("/<int:audit_id>/hours")
@ARRANGES
def add_hour(audit_id: int) -> ResponseReturnValue:
    """Put an hour into the plan."""
    form, found = HourForm(), the_audit(audit_id)
    offer_hours(form, found)
    if not form.validate_on_submit():
        return page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            kept = queries.audit(session, audit_id, viewer())
            hour, subject = _hour(form), form.subject.data or ""
            service.add_hour(session, act(), kept, hour, subject, reason=form.why.data or "")
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return page(the_audit(audit_id), form), status_of(error)
    return redirect(url_for(".show", audit_id=audit_id, _anchor="plan"), code=303)


@bp.post("/<int:audit_id>/hours/<int:hour_id>/drop")
@ARRANGES
def drop_hour(audit_id: int, hour_id: int) -> ResponseReturnValue:
    """Take an hour out of the plan."""
    form = ReasonForm()
    try:
        reason = form.said()
        with transaction() as session:
            kept = queries.audit(session, audit_id, viewer())
            service.drop_hour(session, act(), kept, hour_id, reason=reason)
    except QmsError as error:
        return refused(audit_id, error)
    return redirect(url_for(".show", audit_id=audit_id, _anchor="plan"), code=303)


@bp.post("/<int:audit_id>/notify")
@PLANS
def notify(audit_id: int) -> ResponseReturnValue:
    """Tell the units of an audit."""
    form = ReasonForm()
    try:
        reason = form.said()
        with transaction() as session:
            kept = queries.audit(session, audit_id)
            service.notify(session, act(), kept, reason=reason)
            notice_views.enqueue(session, act(), kept)
    except QmsError as error:
        return refused(audit_id, error)
    flash(_("Đã thông báo. Trưởng các đơn vị thấy cuộc đánh giá trong việc của mình."))
    return redirect(url_for(".show", audit_id=audit_id), code=303)


@bp.post("/<int:audit_id>/cancel")
@PLANS
def cancel(audit_id: int) -> ResponseReturnValue:
    """Let an audit not take place."""
    form = ReasonForm()
    try:
        reason = form.said()
        with transaction() as session:
            kept = queries.audit(session, audit_id)
            service.cancel(session, act(), kept, reason=reason)
    except QmsError as error:
        return refused(audit_id, error)
    flash(_("Đã hủy cuộc đánh giá."))
    return redirect(url_for(".show", audit_id=audit_id), code=303)


def _edit(form: AuditForm, owner: "Unit", found: "Audit | None") -> str:
    _offer(form, owner, found)
    planned = visitor().reach.get(Permission.AUDIT_PLAN, frozenset())
    return render_template(
        "audits/edit.html",
        form=form,
        audit=found,
        owner=owner,
        offices=[each for each in offices() if each[0] in planned],
    )


def _offer(form: AuditForm, owner: "Unit", found: "Audit | None") -> None:
    year = found.year if found else clock.today().year
    session, called = db.session(), names()
    units = {
        owner.id,
        *programme_queries.units_of(session, owner.id, year),
        *programme_queries.units_of(session, owner.id, year + 1),
        *(queries.unit_ids(found) if found else ()),
    }
    form.units.choices = by_name((str(each), called.get(each, str(each))) for each in units)


def _said(form: AuditForm) -> service.Said:
    return service.Said(
        title=form.title.data,
        scope=form.scope.data,
        criteria=form.criteria.data,
        days=Days(
            form.first_day.data,
            form.last_day.data,
            form.period_first.data,
            form.period_last.data,
        ),
        unit_ids=tuple(sorted({int(each) for each in form.units.data})),
        off_days=form.off_days.data,
        outside=form.outside_reason.data or "",
    )


def _hour(form: HourForm) -> Hour:
    kind = Session(form.session.data)
    return Hour(
        form.day.data,
        form.begins.data,
        form.ends.data,
        kind,
        whole_number(form.unit.data) if kind is Session.AUDIT else None,
        frozenset(int(each) for each in form.auditors.data or ()),
    )
