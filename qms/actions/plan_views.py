"""The plan of a request: saved as a whole, and handed over for approval."""

from typing import Final

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms.accounts.rules import Permission
from qms.actions import plan_service, queries, request_service
from qms.actions.request_page_views import owners
from qms.actions.request_service import Taking
from qms.actions.request_views import done
from qms.actions.rules import Step
from qms.actions.who_views import who
from qms.actions.work_forms import PlanForm
from qms.db import db
from qms.web.forms import Form
from qms.web.guards import act, requires

bp = Blueprint("plans", __name__, url_prefix="/requests/<int:request_id>/plan")

ANSWERS: Final = requires(Permission.ACTION_ANSWER)


@bp.post("")
@ANSWERS
def save(request_id: int) -> ResponseReturnValue:
    """Save all that was typed of the plan."""
    form = PlanForm(prefix="plan-")
    form.offer(owners(queries.request(db.session(), request_id, who())), spare=0)
    return done(
        request_id,
        {"plan": form},
        lambda session, found: plan_service.save(session, act(), found, form.plan()),
        _("Đã lưu phân tích, kế hoạch."),
    )


@bp.post("/submit")
@ANSWERS
def submit(request_id: int) -> ResponseReturnValue:
    """Save the plan, and hand it over for approval; what was saved stays where that fails."""
    saved = save(request_id)
    if isinstance(saved, tuple):
        return saved
    return done(
        request_id,
        {"plain": Form()},
        lambda session, found: request_service.take(
            session, act(), found, Taking(Step.ANALYSE)
        ),
        _("Đã trình; phiếu chờ lãnh đạo phê duyệt."),
    )
