"""The actions of a request: planned, proved, done, dropped, or begun as a draft decision."""

from typing import TYPE_CHECKING, Final

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.rules import Permission
from qms.actions import evidence, queries, request_service, texts, work_service
from qms.actions.file_views import uploaded
from qms.actions.forms import DraftForm, EvidenceForm, ResultForm, TaskForm
from qms.actions.request_page_views import owners
from qms.actions.request_views import done
from qms.actions.who_views import who
from qms.db import db
from qms.documents.queries import document
from qms.errors import InvalidError
from qms.web.forms import Form
from qms.web.guards import act, requires

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from qms.actions.models import Request
    from qms.documents.scans import Scan

bp = Blueprint("tasks", __name__, url_prefix="/requests/<int:request_id>/actions")

READS: Final = requires(Permission.ACTION_READ)
ANSWERS: Final = requires(Permission.ACTION_ANSWER)


@bp.post("")
@ANSWERS
def add(request_id: int) -> ResponseReturnValue:
    """Plan an action."""
    form = TaskForm(prefix="task-")
    form.owner.choices = owners(queries.request(db.session(), request_id, who()))
    return done(
        request_id,
        {"task": form},
        lambda session, found: request_service.add_task(
            session, act(), found, form.words.data, int(form.owner.data), form.due.data
        ),
        _("Đã thêm hành động."),
    )


@bp.post("/<int:task_id>/drop")
@ANSWERS
def drop(request_id: int, task_id: int) -> ResponseReturnValue:
    """Take an action out of the plan."""
    return done(
        request_id,
        {"plain": Form()},
        lambda session, found: request_service.drop_task(
            session, act(), found, queries.task(found, task_id)
        ),
        _("Đã bỏ hành động khỏi kế hoạch."),
    )


@bp.post("/<int:task_id>/evidence")
@READS
def prove(request_id: int, task_id: int) -> ResponseReturnValue:
    """Add evidence that an action is done."""
    form = EvidenceForm(prefix=f"proof-{task_id}-")
    kept: list[Scan] = []

    def looked() -> None:
        (data, name), *_rest = uploaded(form.file) or [(b"", "")]
        if not data:
            raise InvalidError("Hãy chọn tệp bằng chứng.")
        kept.append(evidence.keep(data, name))

    def proved(session: "Session", found: "Request") -> None:
        task = queries.task(found, task_id)
        work_service.prove(session, act(), found, task, *kept)

    given = {f"proof-{task_id}": form}
    return done(request_id, given, proved, _("Đã thêm bằng chứng."), looked)


@bp.post("/<int:task_id>/done")
@READS
def do(request_id: int, task_id: int) -> ResponseReturnValue:
    """Record that an action was done."""
    form = ResultForm(prefix=f"result-{task_id}-")
    return done(
        request_id,
        {f"result-{task_id}": form},
        lambda session, found: work_service.do(
            session, act(), found, queries.task(found, task_id), form.result.data or ""
        ),
        _("Đã ghi làm xong."),
    )


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
