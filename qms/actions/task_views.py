"""The actions of a request: proved, done, or begun as a draft decision."""

from typing import TYPE_CHECKING, Final

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.rules import Permission
from qms.actions import evidence, queries, texts, work_service
from qms.actions.file_views import uploaded
from qms.actions.forms import DraftForm
from qms.actions.request_views import done
from qms.actions.rules import State
from qms.actions.who_views import who
from qms.actions.work_forms import WorkForm
from qms.db import db
from qms.documents.queries import document
from qms.errors import InvalidError
from qms.web.guards import act, requires

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from qms.actions.models import Request
    from qms.documents.scans import Scan

bp = Blueprint("tasks", __name__, url_prefix="/requests/<int:request_id>/actions")

READS: Final = requires(Permission.ACTION_READ)


@bp.post("/<int:task_id>/evidence")
@READS
def prove(request_id: int, task_id: int) -> ResponseReturnValue:
    """Add evidence of an action that is not done yet."""
    return _worked(request_id, task_id, is_done=False)


@bp.post("/<int:task_id>/done")
@READS
def do(request_id: int, task_id: int) -> ResponseReturnValue:
    """Say that an action is done, with its evidence."""
    return _worked(request_id, task_id, is_done=True)


def _worked(request_id: int, task_id: int, *, is_done: bool) -> ResponseReturnValue:
    form = WorkForm(prefix=f"work-{task_id}-")
    kept: list[Scan] = []
    before = queries.request(db.session(), request_id, who()).state

    def looked() -> None:
        kept.extend(evidence.keep(data, name) for data, name in uploaded(form.files))
        if not kept and not is_done:
            raise InvalidError("Hãy chọn tệp bằng chứng.")

    def worked(session: "Session", found: "Request") -> None:
        task, result = queries.task(found, task_id), form.result.data or ""
        if kept:
            work_service.prove(session, act(), found, task, kept, result)
        if is_done:
            work_service.do(session, act(), found, task, result)

    words = _("Đã ghi hành động làm xong.") if is_done else _("Đã thêm bằng chứng.")
    if before is State.APPROVED:
        words = f"{words} {_('Phiếu chuyển sang “Đang thực hiện”.')}"
    return done(request_id, {f"work-{task_id}": form}, worked, words, looked)


@bp.post("/<int:task_id>/draft")
@requires(Permission.DECISION_DRAFT)
def draft(request_id: int, task_id: int) -> ResponseReturnValue:
    """Begin the draft decision that an action wants."""
    form = DraftForm(prefix=f"draft-{task_id}-")

    def begun(session: "Session", found: "Request") -> None:
        today = clock.today()
        revision = texts.text_named(session, found.unit_id, form.code.data, today)
        named = texts.texts(session, [revision])[revision or 0]
        work_service.begin_draft(
            session,
            act(),
            found,
            queries.task(found, task_id),
            document(session, named.document_id),
        )

    return done(
        request_id,
        {f"draft-{task_id}": form},
        begun,
        _("Đã lập dự thảo quyết định; phiếu sẽ biết khi quyết định có hiệu lực."),
    )
