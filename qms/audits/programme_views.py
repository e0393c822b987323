"""The programme of a year on the page: the matrix, its scope, its approval."""

from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.queries import names as people_names
from qms.accounts.rules import Permission
from qms.audits import form_queries, programme_approval, programme_queries, programme_service
from qms.audits.access_views import names, offices, the_office
from qms.audits.forms import ReasonForm
from qms.audits.planning_forms import ApprovalForm
from qms.audits.programme_rules import Slot
from qms.db import db, transaction
from qms.errors import InvalidError, NotFoundError, QmsError
from qms.text import nfc, whole_number
from qms.vietnamese import YEARS
from qms.web.errors import sentence_of, status_of
from qms.web.forms import Form
from qms.web.guards import act, requires, visitor

bp = Blueprint("programme", __name__, url_prefix="/programme")

READS: Final = requires(Permission.AUDIT_READ, Permission.AUDIT_CONDUCT)
PLANS: Final = requires(Permission.AUDIT_PLAN)
APPROVES: Final = requires(Permission.AUDIT_APPROVE)


@bp.get("")
@READS
def index() -> ResponseReturnValue:
    """Show the programme of a year: units and months."""
    return _page(ApprovalForm(formdata=None))


@bp.post("/slots")
@PLANS
def plan() -> ResponseReturnValue:
    """Write the months of the programme."""
    owner, year = the_office(), _year()
    slots = {_slot(each) for each in request.form.getlist("slot")}
    purpose = nfc(request.form.get("purpose", "")).strip()[:4_000]
    with transaction() as session:
        programme_service.plan(session, act(), owner, year, slots, purpose=purpose)
    flash(_("Đã lưu chương trình."))
    return redirect(url_for(".index", year=year, unit=owner.id), code=303)


@bp.post("/scope/<int:unit_id>")
@PLANS
def leave_out(unit_id: int) -> ResponseReturnValue:
    """Leave a unit out of the scope, or take it in again."""
    owner, year, form = the_office(), _year(), ReasonForm()
    with transaction() as session:
        programme_service.leave_out(
            session, act(), owner, year, unit_id, form.reason.data or ""
        )
    flash(_("Đã lưu phạm vi."))
    return redirect(url_for(".index", year=year, unit=owner.id), code=303)


@bp.post("/send")
@PLANS
def send() -> ResponseReturnValue:
    """Send the programme to the leader for approval."""
    return _take(programme_approval.send, _("Đã trình lãnh đạo phê duyệt."))


@bp.post("/recall")
@PLANS
def recall() -> ResponseReturnValue:
    """Take back what was sent, so that it can be changed."""
    return _take(programme_approval.recall, _("Đã rút lại. Sửa xong, hãy trình lại."))


@bp.post("/return")
@APPROVES
def give_back() -> ResponseReturnValue:
    """Return the programme with a reason instead of approving it."""
    reason = ReasonForm().said()
    act_of = partial(programme_approval.give_back, reason=reason)
    return _take(act_of, _("Đã trả lại. Người lập thấy lý do trong việc của mình."))


@bp.post("/approve")
@APPROVES
def approve() -> ResponseReturnValue:
    """Approve the programme by decision of the leader."""
    form = ApprovalForm()
    if not form.validate_on_submit():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    act_of = partial(
        programme_approval.approve,
        number=form.number.data,
        dated=form.dated.data,
        confirmed=form.confirmed.data,
    )
    return _take(act_of, _("Đã phê duyệt chương trình."), form)


@bp.post("/reopen")
@PLANS
def reopen() -> ResponseReturnValue:
    """Open an approved programme again, for a reason."""
    act_of = partial(programme_approval.reopen, reason=ReasonForm().said())
    said = _("Đã mở lại. Sửa xong, hãy trình phê duyệt lại.")
    return _take(act_of, said)


def _take(
    step: Callable[..., None], said: str, form: ApprovalForm | None = None
) -> ResponseReturnValue:
    """Let the programme of the page take a step; a refusal stands on the page."""
    owner, year = the_office(), _year()
    try:
        with transaction() as session:
            kept = programme_queries.programme(session, owner.id, year)
            if kept is None:
                raise NotFoundError("Năm này chưa có chương trình đánh giá.")
            step(session, act(), kept)
    except QmsError as error:
        wrong = [sentence_of(each) for each in (error, *error.parts)]
        return _page(form or ApprovalForm(formdata=None), wrong), status_of(error)
    flash(said)
    return redirect(url_for(".index", year=year, unit=owner.id), code=303)


def _page(form: ApprovalForm, wrong: Sequence[str] = ()) -> str:
    owner, year, session = the_office(), _year(), db.session()
    found = programme_queries.matrix(session, owner.id, year, names(), today=clock.today())
    kept, reach = found.programme, visitor().reach
    people = [kept.drafted_by, kept.approved_by, kept.returned_by] if kept else []
    waits = kept is not None and kept.sent_at is not None and kept.approved_at is None
    may_plan = owner.id in reach.get(Permission.AUDIT_PLAN, frozenset())
    leads = owner.id in reach.get(Permission.AUDIT_APPROVE, frozenset())
    drafters = programme_queries.drafters(session, kept) if kept and leads else ()
    return render_template(
        "audits/programme.html",
        owner=owner,
        offices=offices(),
        found=found,
        year=year,
        this_year=clock.today().year,
        form=form,
        wrong=wrong,
        reason=ReasonForm(formdata=None),
        scanned=kept is not None
        and kept.approved_at is not None
        and bool(form_queries.scanned(session, kept.ref)),
        plain=Form(),
        people=people_names(session, people),
        waits=waits,
        open=kept is None or kept.sent_at is None,
        may_plan=may_plan,
        leads=leads,
        drafted=visitor().id in drafters,
    )


def _year() -> int:
    """Return the year asked for, this one where the address names none."""
    year = whole_number(request.args.get("year"))
    return year if year is not None and year in YEARS else clock.today().year


def _slot(typed: str) -> Slot:
    unit, _dash, month = typed.partition("-")
    unit_id, number = whole_number(unit), whole_number(month)
    if unit_id is None or number is None:
        raise InvalidError("Tháng là số từ 1 đến 12.")
    return Slot(unit_id, number)
