"""The lines of a decision: added, looked at, edited, dropped, rebased; signed ones replaced."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.documents import (
    decision_line,
    decision_queries,
    first_texts,
    queries,
    registering,
    replacing,
    service,
    signing,
)
from qms.documents.decision_forms import IssueForm, LineForm, ReasonForm, ReplaceForm, choices
from qms.documents.decision_views import decision_page, look, said
from qms.documents.replacing import Remedy
from qms.documents.rules import State
from qms.documents.service import Line
from qms.documents.timeline import Action
from qms.errors import QmsError
from qms.units.queries import line_of_descent, unit_by_id
from qms.web.addresses import page_number
from qms.web.errors import status_of
from qms.web.guards import act, requires

bp = Blueprint("lines", __name__, url_prefix="/decisions/<int:decision_id>")

DRAFTS: Final = requires(Permission.DECISION_DRAFT)
UNREADABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY


@bp.get("/lines/new")
@DRAFTS
def choose(decision_id: int) -> ResponseReturnValue:
    """Find a document to amend or withdraw, or begin a new one."""
    return _choose_page(decision_id, IssueForm(None, prefix="issue-"))


@bp.post("/lines/issue")
@DRAFTS
def issue(decision_id: int) -> ResponseReturnValue:
    """Add a line that issues a new document."""
    seen, form = look(decision_id), IssueForm(prefix="issue-")
    if not form.validate():
        return _choose_page(decision_id, form, status=UNREADABLE)
    owner_id = seen.decision.owner_id
    try:
        with transaction() as session:
            owner = unit_by_id(session, owner_id)
            made = registering.create_document(
                session, act(), owner=owner, kind=form.kind.data, code=form.code.data
            )
            text = first_texts.first_text(form.kind.data, form.title.data)
            added = service.add_lines(
                session,
                act(),
                queries.decision(session, decision_id),
                [Line(made, Action.ISSUE, text)],
            )[0].id
    except registering.CodeError as error:
        form.code.errors = [said(error)[0]]
        return _choose_page(decision_id, form, status=UNREADABLE)
    except QmsError as error:
        return _choose_page(decision_id, form, refused=error)
    flash(_("Đã thêm dòng ban hành mới. Hãy soạn nội dung."))
    return redirect(
        url_for("documents.lines.show", decision_id=decision_id, line_id=added), code=303
    )


@bp.post("/lines/amend/<int:document_id>")
@DRAFTS
def amend(decision_id: int, document_id: int) -> ResponseReturnValue:
    """Add a line that amends a document, beginning with its present text."""
    seen = look(decision_id)
    day = seen.decision.effective_on or clock.today()
    whole = "whole" in request.form
    try:
        with transaction() as session:
            document = queries.document(session, document_id)
            action, text = replacing.amendment(session, document, day, whole=whole)
            decision = queries.decision(session, decision_id)
            added = service.add_lines(session, act(), decision, [Line(document, action, text)])
            line_id = added[0].id
    except QmsError as error:
        return _choose_page(decision_id, IssueForm(None, prefix="issue-"), refused=error)
    flash(_("Đã thêm dòng sửa đổi từ bản hiện hành. Hãy sửa nội dung."))
    return redirect(
        url_for("documents.lines.show", decision_id=decision_id, line_id=line_id), code=303
    )


@bp.route("/lines/withdraw/<int:document_id>", methods=["GET", "POST"])
@DRAFTS
def withdraw(decision_id: int, document_id: int) -> ResponseReturnValue:
    """Add a line that withdraws a document, with a reason."""
    seen, form = look(decision_id), ReasonForm()
    refused = None
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                document = queries.document(session, document_id)
                line = Line(document, Action.WITHDRAW, reason=form.reason.data)
                decision = queries.decision(session, decision_id)
                service.add_lines(session, act(), decision, [line])
        except QmsError as error:
            refused = error
        else:
            flash(_("Đã thêm dòng bãi bỏ."))
            return _to_decision(decision_id)
        seen = look(decision_id)
    session = db.session()
    document = queries.document(session, document_id)
    titles = decision_queries.titles(session, [document_id])
    body = render_template(
        "decisions/withdraw.html",
        seen=seen,
        decision=seen.decision,
        document=document,
        title=titles.get(document_id, ""),
        form=form,
        refused=said(refused) if refused else None,
    )
    if refused:
        return body, status_of(refused)
    return body, UNREADABLE if form.errors else HTTPStatus.OK


@bp.get("/lines/<int:line_id>")
@requires(Permission.DECISION_READ)
def show(decision_id: int, line_id: int) -> ResponseReturnValue:
    """Show one line: what differs from the text before, and what may be done with it."""
    return _line_page(decision_id, line_id)


@bp.post("/lines/<int:line_id>")
@DRAFTS
def edit(decision_id: int, line_id: int) -> ResponseReturnValue:
    """Set the own day, the reason and the weight of a line."""
    look(decision_id)
    form = LineForm()
    if not form.validate():
        return _line_page(decision_id, line_id, form=form, status=UNREADABLE)
    try:
        with transaction() as session:
            service.edit_line(
                session,
                act(),
                decision_line.line_of(session, decision_id, line_id),
                day=form.day.data,
                reason=form.reason.data or "",
                material=bool(form.material.data),
            )
    except QmsError as error:
        return _line_page(decision_id, line_id, form=form, refused=error)
    flash(_("Đã lưu dòng."))
    return _to_decision(decision_id)


@bp.post("/lines/<int:line_id>/drop")
@DRAFTS
def drop(decision_id: int, line_id: int) -> ResponseReturnValue:
    """Take a line out of a draft, with its draft text."""
    look(decision_id)
    try:
        with transaction() as session:
            service.drop_line(
                session, act(), decision_line.line_of(session, decision_id, line_id)
            )
    except QmsError as error:
        return decision_page(decision_id, refused=error)
    flash(_("Đã bỏ dòng."))
    return _to_decision(decision_id)


@bp.post("/lines/<int:line_id>/rebase")
@DRAFTS
def rebase(decision_id: int, line_id: int) -> ResponseReturnValue:
    """Let a line start from the document as it is now; what is in review goes back to draft."""
    look(decision_id)
    try:
        with transaction() as session:
            line = decision_line.line_of(session, decision_id, line_id)
            if line.decision.state is State.IN_REVIEW:
                words = _("Tài liệu %(code)s đã thay đổi.", code=line.document.code)
                signing.send_back(session, act(), line.decision, reason=words)
            service.rebase(session, act(), line)
    except QmsError as error:
        return _line_page(decision_id, line_id, refused=error)
    flash(_("Dòng này nay dựa trên bản mới nhất. Hãy xem lại nội dung rồi gửi xem xét."))
    return redirect(
        url_for("documents.lines.show", decision_id=decision_id, line_id=line_id), code=303
    )


@bp.route("/lines/<int:line_id>/replace", methods=["GET", "POST"])
@DRAFTS
def replace_line(decision_id: int, line_id: int) -> ResponseReturnValue:
    """Move, correct or cancel one signed line by a line of a draft."""
    return _replace(decision_id, line_id)


@bp.route("/replace", methods=["GET", "POST"])
@DRAFTS
def replace_all(decision_id: int) -> ResponseReturnValue:
    """Move or cancel all that a signed decision has still to come."""
    return _replace(decision_id, None)


def _replace(decision_id: int, line_id: int | None) -> ResponseReturnValue:
    seen, form = look(decision_id), ReplaceForm()
    drafts = decision_queries.open_drafts(db.session(), seen.decision.owner_id)
    form.into.choices += choices(*((str(d.id), d.title[:120]) for d in drafts))
    if line_id is None:
        form.remedy.choices = [
            each for each in form.remedy.choices if each.value != Remedy.CORRECT
        ]
    refused = None
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                into = int(form.into.data) if form.into.data else None
                made = replacing.replace(
                    session,
                    act(),
                    decision_line.replaceable(session, decision_id, line_id, clock.today()),
                    Remedy(form.remedy.data),
                    reason=form.reason.data,
                    day=form.day.data,
                    into=queries.decision(session, into) if into else None,
                ).id
        except QmsError as error:
            refused = error
        else:
            flash(_("Đã ghi vào dự thảo này. Chỉ khi dự thảo được ký thì mới có hiệu lực."))
            return _to_decision(made)
        seen = look(decision_id)
    body = render_template(
        "decisions/replace.html",
        seen=seen,
        decision=seen.decision,
        lines=decision_line.replaceable(db.session(), decision_id, line_id, clock.today()),
        line_id=line_id,
        form=form,
        refused=said(refused) if refused else None,
    )
    if refused:
        return body, status_of(refused)
    return body, UNREADABLE if form.errors else HTTPStatus.OK


def _line_page(
    decision_id: int,
    line_id: int,
    *,
    form: LineForm | None = None,
    refused: QmsError | None = None,
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    seen = look(decision_id)
    found = decision_line.look_at(db.session(), decision_id, line_id, clock.today())
    line = found.line
    fresh = form or LineForm(None, day=line.own_day, reason=line.reason, material=line.material)
    body = render_template(
        "decisions/line.html",
        seen=seen,
        decision=seen.decision,
        found=found,
        line=line,
        form=fresh,
        refused=said(refused) if refused else None,
    )
    return body, status_of(refused) if refused else status


def _choose_page(
    decision_id: int,
    form: IssueForm,
    *,
    refused: QmsError | None = None,
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    session, seen, page = db.session(), look(decision_id), page_number()
    owners = line_of_descent(session, seen.decision.owner_id, carrying=True)
    q = request.args.get("q", "")
    rows, total = decision_queries.documents(session, owners, q, page=page)
    body = render_template(
        "decisions/choose.html",
        seen=seen,
        decision=seen.decision,
        owners=owners,
        q=q,
        rows=rows,
        total=total,
        page=page,
        size=decision_queries.CHOICE_SIZE,
        form=form,
        refused=said(refused) if refused else None,
    )
    return body, status_of(refused) if refused else status


def _to_decision(decision_id: int) -> ResponseReturnValue:
    return redirect(url_for("documents.decisions.show", decision_id=decision_id), code=303)
