"""The hands a decision goes through: submit, review, return, sign, and the scan of the paper."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms.accounts.rules import Permission
from qms.db import transaction
from qms.documents import queries, scans, second_look, signing
from qms.documents.decision_forms import ReasonForm, ScanForm, SignForm, WordsForm
from qms.documents.decision_views import decision_page, look, said
from qms.documents.rules import SignsFor
from qms.errors import NotAllowedError, QmsError
from qms.web import afterwards
from qms.web.guards import act, requires

bp = Blueprint("signing", __name__, url_prefix="/decisions/<int:decision_id>")

UNREADABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY


@bp.post("/submit")
@requires(Permission.DECISION_DRAFT)
def submit(decision_id: int) -> ResponseReturnValue:
    """Hand a draft over for review."""
    look(decision_id)
    try:
        with transaction() as session:
            signing.submit(session, act(), queries.decision(session, decision_id))
    except QmsError as error:
        return decision_page(decision_id, refused=error)
    return _done(decision_id, _("Đã gửi; quyết định đang chờ người xem xét."))


@bp.post("/review")
@requires(Permission.DECISION_REVIEW)
def review(decision_id: int) -> ResponseReturnValue:
    """Put a reviewer's name to a decision."""
    look(decision_id)
    form = WordsForm(prefix="review-")
    if not form.validate():
        return decision_page(decision_id, review=form, status=UNREADABLE)
    try:
        with transaction() as session:
            decision = queries.decision(session, decision_id)
            signing.review(session, act(), decision, words=form.words.data or "")
    except QmsError as error:
        return decision_page(decision_id, review=form, refused=error)
    return _done(decision_id, _("Đã xem xét; quyết định chờ người ký."))


@bp.post("/return")
@requires(Permission.DECISION_READ)
def send_back(decision_id: int) -> ResponseReturnValue:
    """Return a decision to its drafters, or take it back, with a reason."""
    look(decision_id)
    form = ReasonForm(prefix="return-")
    if not form.validate():
        return decision_page(decision_id, send_back=form, status=UNREADABLE)
    try:
        with transaction() as session:
            decision = queries.decision(session, decision_id)
            signing.send_back(session, act(), decision, reason=form.reason.data)
    except QmsError as error:
        return decision_page(decision_id, send_back=form, refused=error)
    return _done(decision_id, _("Đã trả về dự thảo; các chữ ký trước không còn giá trị."))


@bp.post("/sign")
@requires(Permission.DECISION_SIGN)
def sign(decision_id: int) -> ResponseReturnValue:
    """Sign, or confirm what another body issued; asks for the password again."""
    look(decision_id)
    form = SignForm(prefix="sign-")
    if not form.validate():
        return decision_page(decision_id, sign=form, status=UNREADABLE)
    try:
        second_look.check(act(), form.password.data)
    except NotAllowedError as error:
        form.password.errors = [said(error)[0]]
        return decision_page(decision_id, sign=form, status=UNREADABLE)
    paper = signing.Paper(
        number=form.number.data,
        effective_on=form.effective_on.data,
        dated=form.dated.data,
        reason=form.reason.data or "",
        signs_for=SignsFor(form.signs_for.data),
        supplement=bool(form.supplement.data),
    )
    try:
        with transaction() as session:
            by, decision = act(), queries.decision(session, decision_id)
            signing.sign(session, by, decision, paper)
            afterwards.begin(session, by)
    except QmsError as error:
        return decision_page(decision_id, sign=form, refused=error)
    return _done(decision_id, _("Đã ký Quyết định số %(number)s.", number=paper.number))


@bp.post("/scan")
@requires(Permission.DECISION_DRAFT)
def attach(decision_id: int) -> ResponseReturnValue:
    """Attach the scan of the signed paper, once."""
    look(decision_id)
    form = ScanForm(prefix="scan-")
    if not form.validate():
        return decision_page(decision_id, scan=form, status=UNREADABLE)
    sent = request.files.get(form.scan.name)
    data = sent.stream.read(scans.LARGEST + 1) if sent else b""
    try:
        scan = scans.keep(data, (sent and sent.filename) or "")
        with transaction() as session:
            scans.attach(session, act(), queries.decision(session, decision_id), scan)
    except QmsError as error:
        form.scan.errors = [said(error)[0]]
        return decision_page(decision_id, scan=form, refused=error)
    return _done(decision_id, _("Đã đính kèm bản chụp."))


def _done(decision_id: int, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("documents.decisions.show", decision_id=decision_id), code=303)
