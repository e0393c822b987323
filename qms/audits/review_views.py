"""Deciding what becomes of a line whose text changed: ask about the new one, or keep asking."""

from typing import Final

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms.accounts.rules import Permission
from qms.audits import checklist_queries, queries, review_service
from qms.audits.access_views import the_audit, viewer
from qms.audits.checklist_views import refused
from qms.audits.forms import ReasonForm
from qms.db import transaction
from qms.errors import QmsError
from qms.web.guards import act, requires

bp = Blueprint("reviews", __name__, url_prefix="/<int:audit_id>/checklist/<int:line_id>")

ARRANGES: Final = requires(Permission.AUDIT_PLAN, Permission.AUDIT_CONDUCT)


@bp.post("/new-text")
@ARRANGES
def ask_anew(audit_id: int, line_id: int) -> ResponseReturnValue:
    """Ask about the text that stands now."""
    the_audit(audit_id)
    try:
        with transaction() as session:
            kept = queries.audit(session, audit_id, viewer())
            line = checklist_queries.line(session, kept, line_id)
            made = review_service.ask_anew(session, act(), kept, line).id
    except QmsError as error:
        return refused(audit_id, error)
    flash(_("Đã chuyển câu hỏi sang bản mới; câu trả lời cũ còn trên hồ sơ."))
    return redirect(_line(audit_id, made), code=303)


@bp.post("/old-text")
@ARRANGES
def keep_asking(audit_id: int, line_id: int) -> ResponseReturnValue:
    """Keep asking about the text as it was."""
    the_audit(audit_id)
    form = ReasonForm()
    try:
        reason = form.said()
        with transaction() as session:
            kept = queries.audit(session, audit_id, viewer())
            line = checklist_queries.line(session, kept, line_id)
            review_service.keep_asking(session, act(), kept, line, reason=reason)
    except QmsError as error:
        return refused(audit_id, error)
    flash(_("Đã giữ câu hỏi theo bản cũ."))
    return redirect(_line(audit_id, line_id), code=303)


def _line(audit_id: int, line_id: int) -> str:
    return url_for("audits.checklist.show", audit_id=audit_id, _anchor=f"line-{line_id}")
