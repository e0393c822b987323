"""The team of an audit: who is in it, who may be asked, what speaks against it, its decision."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms.accounts.forms import choices
from qms.accounts.queries import names as people_names
from qms.accounts.rules import Permission
from qms.audits import queries, team_queries, team_service
from qms.audits.access_views import approves, names, plans, the_audit
from qms.audits.forms import DUTY_WORDS, ReasonForm
from qms.audits.independence import Ground
from qms.audits.planning_forms import DecisionForm, ExceptionForm, MemberForm
from qms.audits.rules import COMING, Duty, State
from qms.db import db, transaction
from qms.errors import QmsError
from qms.standards.catalogue import EDITIONS
from qms.web.errors import sentence_of, status_of
from qms.web.forms import Form
from qms.web.guards import act, requires

if TYPE_CHECKING:
    from qms.audits.models import Audit

bp = Blueprint("team", __name__, url_prefix="/<int:audit_id>/team")

READS: Final = requires(Permission.AUDIT_READ, Permission.AUDIT_CONDUCT)
PLANS: Final = requires(Permission.AUDIT_PLAN)
APPROVES: Final = requires(Permission.AUDIT_APPROVE)


@bp.get("")
@READS
def index(audit_id: int) -> ResponseReturnValue:
    """Show the team, and for each who may be asked what speaks against it."""
    return _page(the_audit(audit_id))


@bp.post("/add")
@PLANS
def add(audit_id: int) -> ResponseReturnValue:
    """Take somebody into the team."""
    found, form = the_audit(audit_id), MemberForm()
    _offer(form, ExceptionForm(formdata=None), found)
    if not form.validate_on_submit():
        return _page(found, member=form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            kept = queries.audit(session, audit_id)
            person, duty = int(form.person.data), Duty(form.duty.data)
            team_service.add(session, act(), kept, person, duty)
            again = team_queries.again(session, kept, [person])
    except QmsError as error:
        return _page(the_audit(audit_id), member=form, refusal=error), status_of(error)
    if again:
        flash(_("Năm trước người này đã đánh giá chính đơn vị này; nên đổi người."), "warning")
    return redirect(url_for(".index", audit_id=audit_id), code=303)


@bp.post("/<int:user_id>/remove")
@PLANS
def remove(audit_id: int, user_id: int) -> ResponseReturnValue:
    """Let somebody leave the team."""
    with transaction() as session:
        team_service.remove(session, act(), queries.audit(session, audit_id), user_id)
    return redirect(url_for(".index", audit_id=audit_id), code=303)


@bp.post("/exceptions")
@APPROVES
def allow(audit_id: int) -> ResponseReturnValue:
    """Allow an exception from independence, for a reason."""
    found, form = the_audit(audit_id), ExceptionForm()
    _offer(MemberForm(formdata=None), form, found)
    if not form.validate_on_submit():
        return _page(found, exception=form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            kept = queries.audit(session, audit_id)
            person, ground, subject = form.conflict.data.split(".")
            key = Ground(ground), int(subject)
            team_service.allow(session, act(), kept, int(person), key, reason=form.reason.data)
    except QmsError as error:
        return _page(the_audit(audit_id), exception=form, refusal=error), status_of(error)
    flash(_("Đã cho phép ngoại lệ. Lý do được in trong báo cáo."))
    return redirect(url_for(".index", audit_id=audit_id), code=303)


@bp.post("/decide")
@APPROVES
def decide(audit_id: int) -> ResponseReturnValue:
    """Set the team up by decision."""
    found, form = the_audit(audit_id), DecisionForm()
    if not form.validate_on_submit():
        return _page(found, decision=form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            kept = queries.audit(session, audit_id)
            team_service.decide(
                session, act(), kept, number=form.number.data, dated=form.dated.data
            )
    except QmsError as error:
        return _page(the_audit(audit_id), decision=form, refusal=error), status_of(error)
    flash(_("Đã ghi quyết định thành lập đoàn."))
    return redirect(url_for(".index", audit_id=audit_id), code=303)


@bp.post("/return")
@APPROVES
def give_back(audit_id: int) -> ResponseReturnValue:
    """Return the team with a reason instead of deciding."""
    form = ReasonForm()
    try:
        reason = form.said()
        with transaction() as session:
            kept = queries.audit(session, audit_id)
            team_service.give_back(session, act(), kept, reason=reason)
    except QmsError as error:
        return _page(the_audit(audit_id), refusal=error), status_of(error)
    flash(_("Đã trả lại. Người lập thấy lý do trong việc của mình."))
    return redirect(url_for(".index", audit_id=audit_id), code=303)


@bp.post("/send")
@PLANS
def send_again(audit_id: int) -> ResponseReturnValue:
    """Send a team that was returned to the leader again."""
    try:
        with transaction() as session:
            team_service.send_again(session, act(), queries.audit(session, audit_id))
    except QmsError as error:
        return _page(the_audit(audit_id), refusal=error), status_of(error)
    flash(_("Đã trình lại."))
    return redirect(url_for(".index", audit_id=audit_id), code=303)


def _page(
    found: "Audit",
    *,
    member: MemberForm | None = None,
    exception: ExceptionForm | None = None,
    decision: DecisionForm | None = None,
    refusal: QmsError | None = None,
) -> str:
    session = db.session()
    team = queries.team(session, [found.id])[found.id]
    in_team = [each.user_id for each in team]
    member = member or MemberForm(formdata=None)
    exception = exception or ExceptionForm(formdata=None)
    candidates = _offer(member, exception, found)
    allowed = queries.exemptions(session, found.id)
    conflicts = team_queries.conflicts(session, found, in_team)
    return render_template(
        "audits/team.html",
        audit=found,
        team=team,
        conflicts={
            each: [sentence_of(one.refusal) for one in rows] for each, rows in conflicts.items()
        },
        candidates=[
            (each, [sentence_of(one.refusal) for one in each.conflicts]) for each in candidates
        ],
        qualifications=queries.qualifications(session, in_team),
        again=team_queries.again(session, found, in_team),
        exemptions=allowed,
        people=people_names(
            session,
            [
                *(p for row in allowed for p in (row.user_id, row.allowed_by)),
                found.team_decided_by,
                found.team_returned_by,
            ],
        ),
        names=names(),
        duties=DUTY_WORDS,
        edition=EDITIONS[found.edition],
        member=member,
        exception=exception,
        decision=decision or DecisionForm(formdata=None),
        wrong=[sentence_of(each) for each in (refusal, *refusal.parts)] if refusal else [],
        plain=Form(),
        open=found.state in {*COMING, State.UNDER_WAY},
        may_plan=plans(found),
        may_approve=approves(found),
    )


def _offer(
    member: MemberForm, exception: ExceptionForm, found: "Audit"
) -> list[team_queries.Candidate]:
    session = db.session()
    team = queries.team(session, [found.id])[found.id]
    candidates = team_queries.candidates(session, found, [each.user_id for each in team])
    people = [(str(each.user_id), each.name) for each in candidates]
    inside = [(str(each.user_id), each.user.name) for each in team]
    member.person.choices = choices([*people, *inside])
    conflicts = team_queries.conflicts(session, found, [each.user_id for each in team])
    against = [(each.user_id, each.name, each.conflicts) for each in candidates]
    against += [(each.user_id, each.user.name, tuple(conflicts[each.user_id])) for each in team]
    opened = team_queries.excepted(session, found.id)
    exception.conflict.choices = choices(
        (f"{person}.{one.ground}.{one.subject}", f"{name}: {sentence_of(one.refusal)}")
        for person, name, ones in against
        for one in ones
        if one.key not in opened.get(person, ())
    )
    return candidates
