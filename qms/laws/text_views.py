"""Pages on which the record of a legal text begins, and where its scan goes in and out."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import files
from qms.accounts.rules import Permission
from qms.blanks import inspection, intake
from qms.db import db, transaction
from qms.documents import document_access, queries, scans
from qms.documents.decision_views import look, said
from qms.documents.into_views import offer_drafts, offer_owners
from qms.documents.kinds.legal import LegalText
from qms.documents.look_views import opened
from qms.documents.scans import Scan
from qms.errors import InvalidError, NotAllowedError, NotFoundError, QmsError
from qms.laws import service
from qms.laws.forms import FileForm, NewForm
from qms.text import whole_number
from qms.units.queries import unit
from qms.web.downloads import attachment
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires

if TYPE_CHECKING:
    from qms.documents.models import Change, Revision

bp = Blueprint("texts", __name__)

DRAFTS: Final = requires(Permission.DECISION_DRAFT)


@bp.route("/new", methods=["GET", "POST"])
@DRAFTS
def new() -> ResponseReturnValue:
    """Begin the record of a legal text in a draft decision."""
    form, refused = NewForm(prefix="new-"), None
    offer_drafts(form, offer_owners(form.owner))
    if request.method == "POST" and form.validate():
        content = LegalText.model_validate(
            {
                name: form[name].data
                for name in ("type", "number", "issuer", "dated", "in_force_from")
            }
        )
        try:
            with transaction() as session:
                owner = unit(session, form.owner.data)
                line = service.open_law(
                    session, act(), owner, form.title.data, content, _into(form)
                )
                change_id = line.id
        except QmsError as error:
            refused = error
        else:
            flash(_("Đã mở bản thảo. Hãy soạn nội dung."))
            return redirect(url_for("documents.texts.edit", change_id=change_id), code=303)
    body = render_template(
        "laws/new.html", form=form, refused=said(refused) if refused else None
    )
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return body, status_of(refused) if refused else wrong


@bp.route("/lines/<int:change_id>/file", methods=["GET", "POST"])
@DRAFTS
def upload(change_id: int) -> ResponseReturnValue:
    """Put the scan of a legal text into its draft record."""
    change, revision = _draft(change_id)
    content = queries.content(revision)
    if not isinstance(content, LegalText):
        raise NotFoundError("Dòng này không phải là văn bản pháp luật.")
    form = FileForm()
    status: int = HTTPStatus.OK
    if request.method == "POST":
        try:
            scan = _received(form)
            version = whole_number(form.version.data) or 0
            with transaction() as session:
                line = queries.line(session, change_id)
                service.attach_file(session, act(), line, scan, version=version)
        except QmsError as error:
            form.file.errors = [sentence_of(error)]
            status = status_of(error)
            change, revision = _draft(change_id)
        else:
            flash(_("Đã đính kèm tệp văn bản."))
            return redirect(url_for("documents.texts.edit", change_id=change_id), code=303)
    form.version.raw_data, form.version.data = None, str(revision.version)
    body = render_template(
        "laws/upload.html", form=form, change=change, file=content.file, revision=revision
    )
    return body, status


@bp.get("/<int:document_id>/<int:number>/file")
@requires(Permission.DOCUMENT_READ)
def file(document_id: int, number: int) -> ResponseReturnValue:
    """Hand out the scan of a legal text as one signed record names it."""
    session, seen = db.session(), opened(document_id)
    (revision,) = document_access.texts(session, seen, [str(number)])
    content = queries.content(revision)
    if not isinstance(content, LegalText) or content.file is None:
        raise NotFoundError("Bản ghi này không có tệp văn bản.")
    sent = content.file
    data = files.get(sent.sha256)
    return attachment(data, media_type=sent.media_type, name=sent.name, tag=sent.sha256)


def _received(form: FileForm) -> Scan:
    """Return the scan that was sent, kept; of a PDF a child has looked at every part before."""
    if not form.file.data:
        raise InvalidError("Hãy chọn tệp văn bản.")
    data = form.file.data.read()
    if data.startswith(b"%PDF-"):
        with intake.lent(data) as path:
            inspection.inspect(path)
    return scans.keep(data, form.file.data.filename or "van-ban")


def _draft(change_id: int) -> "tuple[Change, Revision]":
    """Return a line with its draft text, if the person signed in may write it."""
    change = queries.line(db.session(), change_id)
    if not look(change.decision_id).may_edit:
        raise NotAllowedError("Chỉ sửa được dự thảo, và chỉ người được soạn ở đơn vị này.")
    if change.revision is None or change.revision.number is not None:
        raise NotFoundError("Dòng này không có dự thảo để sửa.")
    return change, change.revision


def _into(form: NewForm) -> service.Into:
    """Return the draft decision that was chosen, or what a new one is called."""
    words = form.decision_title.data or _(
        "Về việc cập nhật văn bản pháp luật: %(number)s", number=form.number.data
    )
    chosen = int(form.into.data) if form.into.data else None
    return service.Into(chosen, words[:1000], form.effective_on.data)
