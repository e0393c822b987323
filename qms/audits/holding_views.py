"""An audit from its first day on: begin, meetings, conclusion, report, end."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.rules import Permission
from qms.audits import holding_service, queries
from qms.audits.access_views import the_audit, viewer
from qms.audits.forms import MEETING_WORDS, ConclusionForm, MeetingForm, ReasonForm
from qms.audits.page_views import refused
from qms.audits.rules import Meeting
from qms.db import db, transaction
from qms.errors import NotFoundError, QmsError
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from qms.audits.models import Audit
    from qms.trail import Act

bp = Blueprint("holding", __name__, url_prefix="/<int:audit_id>")

CONDUCTS: Final = requires(Permission.AUDIT_CONDUCT)
PLANS: Final = requires(Permission.AUDIT_PLAN)


@bp.post("/begin")
@CONDUCTS
def begin(audit_id: int) -> ResponseReturnValue:
    """Begin an audit."""
    if refusal := _do(audit_id, holding_service.begin):
        return refusal
    flash(_("Cuộc đánh giá bắt đầu. Bây giờ phiếu đánh giá được trả lời."))
    return redirect(url_for("audits.checklist.show", audit_id=audit_id), code=303)


@bp.get("/meetings/<meeting>")
@CONDUCTS
def meeting(audit_id: int, meeting: str) -> ResponseReturnValue:
    """Ask how a meeting was held."""
    found, which = the_audit(audit_id), _meeting(meeting)
    held = queries.meetings(db.session(), found.id).get(which)
    form = MeetingForm(obj=held) if held else MeetingForm(day=clock.today())
    if held is not None:
        form.people.data = "\n".join(
            f"{each.name}, {each.post}" if each.post else each.name for each in held.people
        )
    return _ask(found, which, form)


@bp.post("/meetings/<meeting>")
@CONDUCTS
def hold(audit_id: int, meeting: str) -> ResponseReturnValue:
    """Write a meeting down."""
    found, which, form = the_audit(audit_id), _meeting(meeting), MeetingForm()
    if not form.validate_on_submit():
        return _ask(found, which, form), HTTPStatus.UNPROCESSABLE_ENTITY
    held = holding_service.Held(
        which,
        form.day.data,
        form.begins.data,
        form.place.data or "",
        form.minutes.data or "",
        form.attendants(),
    )
    try:
        with transaction() as session:
            kept = queries.audit(session, audit_id, viewer())
            holding_service.hold_meeting(session, act(), kept, held)
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _ask(the_audit(audit_id), which, form), status_of(error)
    return redirect(url_for("audits.show", audit_id=audit_id, _anchor="meetings"), code=303)


@bp.get("/conclusion")
@CONDUCTS
def conclusion(audit_id: int) -> ResponseReturnValue:
    """Ask what the team concludes."""
    found = the_audit(audit_id)
    return _conclusion(found, ConclusionForm(obj=found))


@bp.post("/conclusion")
@CONDUCTS
def conclude(audit_id: int) -> ResponseReturnValue:
    """Write what the team concludes."""
    found, form = the_audit(audit_id), ConclusionForm()
    if not form.validate_on_submit():
        return _conclusion(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            kept = queries.audit(session, audit_id, viewer())
            holding_service.conclude(session, act(), kept, form.conclusion.data)
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _conclusion(the_audit(audit_id), form), status_of(error)
    return redirect(url_for("audits.show", audit_id=audit_id, _anchor="meetings"), code=303)


@bp.post("/report")
@CONDUCTS
def report(audit_id: int) -> ResponseReturnValue:
    """Hand the report over."""
    if refusal := _do(audit_id, holding_service.report):
        return refusal
    flash(_("Đã báo cáo. Cuộc đánh giá đóng khi mọi phát hiện đã đóng."))
    return redirect(url_for("audits.show", audit_id=audit_id), code=303)


@bp.post("/reopen")
@CONDUCTS
def reopen(audit_id: int) -> ResponseReturnValue:
    """Take a report back for a reason."""
    form = ReasonForm()

    def step(session: "Session", by: "Act", kept: "Audit") -> None:
        holding_service.reopen(session, by, kept, reason=form.said())

    if refusal := _do(audit_id, step):
        return refusal
    flash(_("Đã mở lại báo cáo."))
    return redirect(url_for("audits.show", audit_id=audit_id), code=303)


@bp.post("/close")
@PLANS
def close(audit_id: int) -> ResponseReturnValue:
    """Close an audit."""
    if refusal := _do(audit_id, holding_service.close):
        return refusal
    flash(_("Đã đóng cuộc đánh giá."))
    return redirect(url_for("audits.show", audit_id=audit_id), code=303)


def _do(
    audit_id: int, step: "Callable[[Session, Act, Audit], None]"
) -> ResponseReturnValue | None:
    """Take a step; return the page that says why it was refused, if it was."""
    try:
        with transaction() as session:
            step(session, act(), queries.audit(session, audit_id, viewer()))
    except QmsError as error:
        return refused(audit_id, error)
    return None


def _meeting(name: str) -> Meeting:
    if name not in set(Meeting):
        raise NotFoundError("Chỉ có họp mở đầu và họp kết thúc.")
    return Meeting(name)


def _ask(found: "Audit", which: Meeting, form: MeetingForm) -> str:
    return render_template(
        "audits/meeting.html",
        audit=found,
        form=form,
        words=MEETING_WORDS[which],
    )


def _conclusion(found: "Audit", form: ConclusionForm) -> str:
    return render_template("audits/conclusion.html", audit=found, form=form)
