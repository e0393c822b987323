"""Fee schedules out to workbooks and back in, in the editor and on the page of a document."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from qms.accounts.rules import Permission
from qms.db import db
from qms.documents import document_access, editor_views, queries
from qms.documents.editor_views import Shown
from qms.documents.forms import TextForm
from qms.documents.kinds import fee_editor, typing
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.look_views import opened
from qms.errors import InvalidError, NotFoundError
from qms.library import fee_books
from qms.library.fee_books import Book
from qms.library.workbook import LARGEST
from qms.web.downloads import attachment
from qms.web.errors import sentence_of
from qms.web.guards import requires

bp = Blueprint("fees", __name__)

FILE: Final = "workbook"


@bp.post("/decisions/lines/<int:change_id>/fees")
@requires(Permission.DECISION_DRAFT)
def take_in(change_id: int) -> ResponseReturnValue:
    """Show the editor with the lines of a workbook in its fields; nothing is saved yet."""
    change, revision = editor_views.draft(change_id)
    saved = queries.text_of(revision).content
    if not isinstance(saved, FeeSchedule):
        raise NotFoundError("Chỉ biểu phí mới nhập được mức thu từ Excel.")
    form, typed = TextForm(), typing.gather(request.form)
    editor_views.offer_units(form)
    try:
        book = _received()
    except InvalidError as error:
        shown = Shown(faults={FILE: error}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return editor_views.page(change, revision, form, typed, shown)
    typed["lines"] = book.rows
    _content, found = fee_editor.read(typed, saved)
    faults = {path: _by_row(book, path, error) for path, error in (found | book.faults).items()}
    flash(
        ngettext(
            "Đã đọc %(num)d dòng của tệp vào các ô dưới đây. Hãy xem lại rồi bấm Lưu.",
            "Đã đọc %(num)d dòng của tệp vào các ô dưới đây. Hãy xem lại rồi bấm Lưu.",
            len(book.rows),
        )
    )
    if book.strange:
        flash(
            _(
                "Đã bỏ qua các cột không thuộc mẫu: %(columns)s.",
                columns=", ".join(book.strange),
            ),
            "warning",
        )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return editor_views.page(
        change, revision, form, typed, Shown(faults=faults, at="lines", status=status)
    )


@bp.get("/documents/<int:document_id>/fees/<name>.xlsx")
@requires(Permission.DOCUMENT_READ)
def workbook(document_id: int, name: str) -> ResponseReturnValue:
    """Hand out a schedule as a workbook: a signed text by number, a draft by ``d`` and its line."""
    session = db.session()
    seen = opened(document_id)
    (revision,) = document_access.texts(session, seen, [name])
    content = queries.content(revision)
    if not isinstance(content, FeeSchedule):
        raise NotFoundError("Bản này không phải là biểu phí.")
    data = fee_books.written(revision.title, content.lines)
    return attachment(data, media_type=fee_books.TYPE, name=f"{seen.document.code}-{name}.xlsx")


def _received() -> Book:
    sent = request.files.get(FILE)
    if sent is None or not sent.filename:
        raise InvalidError("Hãy chọn tệp Excel (.xlsx).")
    return fee_books.read(sent.filename, sent.stream.read(LARGEST + 1))


def _by_row(book: Book, path: str, error: InvalidError) -> InvalidError:
    """Say in which row of the file a fault stands."""
    for name, number in typing.rows_of(path)[:1]:
        if name == "lines":
            return InvalidError(
                "Dòng %(row)s của tệp: %(why)s",
                row=book.places[number - 1],
                why=sentence_of(error),
            )
    return error
