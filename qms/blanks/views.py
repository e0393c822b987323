"""Forms with their files: taken in, looked at, handed out to those who work here."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.rules import Permission
from qms.blanks import handing, intake, previews, service, stamps
from qms.blanks.handing import Handed
from qms.db import db, transaction
from qms.documents import document_access, editor_views, keeping, queries, text_forms
from qms.documents.editor_views import Shown
from qms.documents.forms import TextForm
from qms.documents.kinds import form_editor, typing
from qms.documents.kinds.form import FormBlank
from qms.documents.look_views import opened
from qms.errors import InvalidError, NotFoundError, QmsError, StaleError
from qms.text import whole_number
from qms.web import pdf
from qms.web.downloads import attachment
from qms.web.guards import act, requires, visitor

if TYPE_CHECKING:
    from qms.documents.document_access import Seen
    from qms.documents.kinds.parts import FileRef
    from qms.documents.models import Revision

bp = Blueprint("blanks", __name__)

UNREADABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
READS: Final = requires(Permission.DOCUMENT_READ)


@bp.post("/decisions/lines/<int:change_id>/file")
@requires(Permission.DECISION_DRAFT)
def take_in(change_id: int) -> ResponseReturnValue:
    """Take in the file of a form, and save all that is being typed beside it."""
    change, revision = editor_views.draft(change_id)
    saved = queries.text_of(revision)
    if not isinstance(saved.content, FormBlank):
        raise NotFoundError("Chỉ biểu mẫu mới có tệp.")
    form, typed = TextForm(), typing.gather(request.form)
    editor_views.offer_units(form)
    valid = form.validate()
    content, faults = form_editor.read(typed, saved.content)
    if not valid or content is None:
        again = InvalidError("Hãy sửa các chỗ nêu trên, rồi chọn lại tệp.")
        shown = Shown(faults={**faults, form_editor.FILE: again}, status=UNREADABLE)
        return editor_views.page(change, revision, form, typed, shown)
    try:
        file = _received(change.document.code)
    except InvalidError as error:
        shown = Shown(faults={form_editor.FILE: error}, status=UNREADABLE)
        return editor_views.page(change, revision, form, typed, shown)
    version = whole_number(form.version.data) or 0
    text = text_forms.text_of(form, content.model_copy(update={"file": file}))
    try:
        with transaction() as session:
            line = queries.line(session, change_id)
            service.edit(session, act(), line, text, file, version=version)
            if "aside" not in request.form:
                keeping.drop(session, revision.id, visitor().id)
    except QmsError as error:
        change, revision = editor_views.draft(change_id)
        mine = text if isinstance(error, StaleError) else None
        if mine is not None:
            form.version.raw_data, form.version.data = None, str(revision.version)
        shown = Shown(refused=error, mine=mine)
        return editor_views.page(change, revision, form, typed, shown)
    flash(_("Đã kiểm tra và lưu tệp “%(name)s”.", name=file.name))
    return redirect(url_for("documents.texts.edit", change_id=change_id, saved=1), code=303)


def _received(code: str) -> "FileRef":
    """Return the file that was sent, kept; it is handed out under the code of its form.

    Raises:
        InvalidError: there is none, or it may not be kept.

    """
    sent = request.files.get(form_editor.FILE)
    if sent is None or not sent.filename:
        raise InvalidError("Hãy chọn tệp biểu mẫu.")
    with intake.received(sent.stream) as path:
        file = intake.look(path, code)
        intake.keep(path, file)
    return file


@bp.get("/documents/<int:document_id>/files/<name>")
@READS
def show(document_id: int, name: str) -> ResponseReturnValue:
    """Hand out the file in force; say first of any other that it is not."""
    found = _found(document_id, name)
    if found.handed.in_force:
        file = found.file
        data = stamps.bare(file)
        return attachment(data, media_type=file.media_type, name=file.name, tag=file.sha256)
    return render_template(
        "blanks/not_in_force.html",
        seen=found.seen,
        document=found.seen.document,
        revision=found.revision,
        name=name,
        file=found.file,
        handed=found.handed,
    )


@bp.post("/documents/<int:document_id>/files/<name>")
@READS
def copy(document_id: int, name: str) -> ResponseReturnValue:
    """Hand out a file that is not in force, to whoever said they know; a PDF is stamped."""
    found = _found(document_id, name)
    file = found.file
    stamp = stamps.Stamp(
        found.handed.words,
        found.handed.remark(clock.local(clock.now())),
        found.seen.who.name(found.seen.document.owner_id, found.seen.document.owner.slug),
    )
    data = (
        stamps.bare(file) if found.handed.in_force else stamps.stamped(file, stamp, pdf.render)
    )
    return attachment(
        data, media_type=file.media_type, name=f"{found.handed.words} - {file.name}"
    )


@bp.get("/documents/<int:document_id>/files/<name>/page.png")
@READS
def picture(document_id: int, name: str) -> ResponseReturnValue:
    """Show the first page of a PDF."""
    drawn = previews.picture(_found(document_id, name).file)
    if not drawn:
        raise NotFoundError("Biểu mẫu này không có hình xem trước.")
    return Response(drawn, mimetype="image/png", headers={"Cache-Control": "no-store"})


@dataclass(frozen=True)
class _Found:
    """The file of one text as a person sees it."""

    seen: "Seen"
    revision: "Revision"
    file: "FileRef"
    handed: Handed


def _found(document_id: int, name: str) -> _Found:
    """Return the file of a text: a signed one by number, a draft by ``d`` and its line.

    Raises:
        NotFoundError: there is none, or none this person may read.

    """
    session, today = db.session(), clock.today()
    seen = opened(document_id)
    (revision,) = document_access.texts(session, seen, [name])
    content = queries.content(revision)
    file = content.file if isinstance(content, FormBlank) else None
    if file is None:
        raise NotFoundError("Bản này không có tệp.")
    return _Found(seen, revision, file, handing.handed(seen, revision, today))
