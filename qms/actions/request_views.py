"""The page of a request, and its way from proposal to verified effect."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qms.accounts.rules import Permission
from qms.actions import queries, request_service, work_service
from qms.actions.file_views import uploaded
from qms.actions.forms import (
    BackForm,
    CarryOnForm,
    EffectForm,
    RejectForm,
    ScanForm,
    StepForm,
    TimeForm,
    VerifyForm,
)
from qms.actions.request_page_views import page
from qms.actions.request_service import Taking
from qms.actions.rules import Step
from qms.actions.who_views import who
from qms.db import db, transaction
from qms.documents import scans
from qms.errors import NotFoundError, QmsError
from qms.web.errors import status_of
from qms.web.forms import Form
from qms.web.guards import act, requires

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from qms.actions.models import Request

bp = Blueprint("requests", __name__, url_prefix="/requests/<int:request_id>")

READS: Final = requires(Permission.ACTION_READ)
ANSWERS: Final = requires(Permission.ACTION_ANSWER)
APPROVES: Final = requires(Permission.ACTION_APPROVE)
VERIFIES: Final = requires(Permission.ACTION_VERIFY)

FORMS: Final[dict[Step, type[Form]]] = {
    Step.SEND_BACK: BackForm,
    Step.REPLAN: BackForm,
    Step.REJECT: RejectForm,
    Step.VERIFY: VerifyForm,
    Step.CLOSE: EffectForm,
    Step.CARRY_ON: CarryOnForm,
}
"""What each step asks for; the others ask for words that may be left out."""

WORDS: Final = {
    Step.SEND_BACK: _l("Đã trả lại để lập lại kế hoạch."),
    Step.APPROVE: _l("Đã phê duyệt kế hoạch."),
    Step.BEGIN: _l("Đã ghi bắt đầu thực hiện."),
    Step.REPLAN: _l("Đã mở lại kế hoạch để sửa."),
    Step.FINISH: _l("Đã gửi; phiếu chờ người khác kiểm tra xác nhận."),
    Step.REJECT: _l("Đã trả lại để làm tiếp."),
    Step.VERIFY: _l("Đã xác nhận thực hiện; chờ đến ngày kiểm tra hiệu lực."),
    Step.CLOSE: _l("Đã đóng phiếu."),
    Step.CARRY_ON: _l("Đã lập phiếu mới thay cho phiếu chưa có hiệu lực."),
}


@bp.get("")
@READS
def show(request_id: int) -> ResponseReturnValue:
    """Show a request with its four parts."""
    return page(request_id)


@bp.post("/step/replan")
@ANSWERS
def replan(request_id: int) -> ResponseReturnValue:
    """Take the plan back to mend it."""
    return _step(request_id, Step.REPLAN)


@bp.post("/step/begin")
@READS
def begin(request_id: int) -> ResponseReturnValue:
    """Begin the work."""
    return _step(request_id, Step.BEGIN)


@bp.post("/step/finish")
@READS
def finish(request_id: int) -> ResponseReturnValue:
    """Hand the work in."""
    return _step(request_id, Step.FINISH)


@bp.post("/step/send-back")
@APPROVES
def send_back(request_id: int) -> ResponseReturnValue:
    """Return a plan to those who made it."""
    return _step(request_id, Step.SEND_BACK)


@bp.post("/step/approve")
@APPROVES
def approve(request_id: int) -> ResponseReturnValue:
    """Approve a plan."""
    return _step(request_id, Step.APPROVE)


@bp.post("/step/reject")
@VERIFIES
def reject(request_id: int) -> ResponseReturnValue:
    """Return work that is not done."""
    return _step(request_id, Step.REJECT)


@bp.post("/step/verify")
@VERIFIES
def verify(request_id: int) -> ResponseReturnValue:
    """Confirm that the work was done."""
    return _step(request_id, Step.VERIFY)


@bp.post("/step/close")
@VERIFIES
def close(request_id: int) -> ResponseReturnValue:
    """Confirm that it worked, and close."""
    return _step(request_id, Step.CLOSE)


@bp.post("/step/carry-on")
@VERIFIES
def carry_on(request_id: int) -> ResponseReturnValue:
    """Say that it did not work, and open the next request."""
    return _step(request_id, Step.CARRY_ON)


@bp.post("/time")
@READS
def ask_for_time(request_id: int) -> ResponseReturnValue:
    """Ask for a later day."""
    form = TimeForm(prefix="time-")
    return done(
        request_id,
        {"time": form},
        lambda session, found: work_service.ask_for_time(
            session, act(), found, form.until.data, form.reason.data
        ),
        _("Đã gửi đề nghị gia hạn; chờ lãnh đạo trả lời."),
    )


@bp.post("/time/<int:extension_id>/grant")
@APPROVES
def grant_time(request_id: int, extension_id: int) -> ResponseReturnValue:
    """Say yes to a later day."""
    return _answer_for_time(request_id, extension_id, granted=True)


@bp.post("/time/<int:extension_id>/refuse")
@APPROVES
def refuse_time(request_id: int, extension_id: int) -> ResponseReturnValue:
    """Say no to a later day."""
    return _answer_for_time(request_id, extension_id, granted=False)


@bp.post("/scan")
@VERIFIES
def attach(request_id: int) -> ResponseReturnValue:
    """Attach the scan of the signed sheet, once."""
    form = ScanForm(prefix="scan-")

    def attached(session: "Session", found: "Request") -> None:
        (data, name), *_rest = uploaded(form.scan)
        work_service.attach_scan(session, act(), found, scans.keep(data, name))

    return done(request_id, {"scan": form}, attached, _("Đã đính kèm bản chụp."))


def _answer_for_time(
    request_id: int, extension_id: int, *, granted: bool
) -> ResponseReturnValue:
    return done(
        request_id,
        {"plain": Form()},
        lambda session, found: work_service.answer_for_time(
            session, act(), found, queries.extension(found, extension_id), granted=granted
        ),
        _("Đã gia hạn.") if granted else _("Đã từ chối gia hạn."),
    )


def _step(request_id: int, step: Step) -> ResponseReturnValue:
    form: Any = FORMS.get(step, StepForm)(prefix=f"{step.value}-")
    if step is Step.REJECT:
        found = queries.request(db.session(), request_id, who())
        form.reopened.choices = [(each.id, each.words) for each in found.tasks]

    def taken(session: "Session", found: "Request") -> None:
        taking = Taking(
            step=step,
            words=form.words.data or "",
            effect_due=form.effect_due.data if step is Step.VERIFY else None,
            reopened=form.reopened.data or () if step is Step.REJECT else (),
            due=form.due.data if step is Step.CARRY_ON else None,
        )
        request_service.take(session, act(), found, taking)

    return done(request_id, {step.value: form}, taken, str(WORDS[step]))


def done(
    request_id: int,
    given: dict[str, Form],
    deed: Callable[["Session", "Request"], object],
    words: str,
    first: Callable[[], object] = lambda: None,
) -> ResponseReturnValue:
    """Do something with a request, or show its page again with what is wrong.

    ``first`` is what takes its time, such as looking into a file: no lock is held meanwhile.

    Raises:
        NotFoundError: the request is not for the visitor.

    """
    queries.request(db.session(), request_id, who())
    (form,) = given.values()
    if not form.validate_on_submit():
        return page(request_id, given), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        first()
        with transaction() as session:
            deed(session, queries.request(session, request_id, who()))
    except NotFoundError:
        raise
    except QmsError as error:
        return page(request_id, given, error), status_of(error)
    flash(words)
    return redirect(url_for("actions.requests.show", request_id=request_id), code=303)
