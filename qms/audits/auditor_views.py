"""Auditors: who they are, what qualifies them and until when."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.forms import choices
from qms.accounts.queries import person
from qms.accounts.rules import Permission
from qms.audits import queries, team_queries, team_service
from qms.audits.access_views import the_office
from qms.audits.forms import QualificationForm
from qms.db import db, transaction
from qms.errors import NotFoundError, QmsError
from qms.web.errors import sentence_of, status_of
from qms.web.forms import Form
from qms.web.guards import act, requires, visitor

bp = Blueprint("auditors", __name__, url_prefix="/auditors")

READS: Final = requires(Permission.AUDIT_READ, Permission.AUDIT_CONDUCT)
PLANS: Final = requires(Permission.AUDIT_PLAN)


@bp.get("")
@READS
def index() -> ResponseReturnValue:
    """Show the auditors of today with what qualifies them."""
    return _page(QualificationForm(formdata=None))


@bp.post("")
@PLANS
def qualify() -> ResponseReturnValue:
    """Enter what qualifies somebody."""
    form = QualificationForm()
    people = dict(team_queries.auditors(db.session(), clock.today()))
    form.person.choices = choices((str(each), name) for each, name in people.items())
    if not form.validate_on_submit():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    said = team_service.Certificate(
        form.name.data,
        form.issuer.data or "",
        form.number.data or "",
        form.first_day.data,
        form.last_day.data,
    )
    try:
        with transaction() as session:
            who = person(session, int(form.person.data))
            team_service.qualify(session, act(), who, the_office().id, said)
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _page(form), status_of(error)
    flash(_("Đã ghi."))
    return redirect(url_for(".index"), code=303)


@bp.post("/<int:qualification_id>/end")
@PLANS
def end(qualification_id: int) -> ResponseReturnValue:
    """End what qualifies somebody, from today on."""
    with transaction() as session:
        kept = queries.qualification(session, qualification_id)
        if kept is None:
            raise NotFoundError("Không có chứng nhận này.")
        team_service.end_qualification(session, act(), kept, the_office().id, clock.today())
    return redirect(url_for(".index"), code=303)


def _page(form: QualificationForm) -> str:
    session, today = db.session(), clock.today()
    people = dict(team_queries.auditors(session, today))
    form.person.choices = choices((str(each), name) for each, name in people.items())
    return render_template(
        "audits/auditors.html",
        people=people,
        qualifications=queries.qualifications(session, list(people)),
        form=form,
        plain=Form(),
        today=today,
        may_plan=visitor().may(Permission.AUDIT_PLAN),
    )
