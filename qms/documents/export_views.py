"""Any text as a Word file or on paper, marked with what the print is worth."""

from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app
from flask_babel import force_locale

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db
from qms.documents import document_access, exporting, queries
from qms.documents.decision_forms import KIND_WORDS
from qms.documents.exporting import Sheet, Standing
from qms.documents.kinds.text import WrittenText
from qms.documents.look_views import opened
from qms.documents.text_forms import WORDS
from qms.documents.word_reading import DOCX
from qms.documents.word_writing import docx_of
from qms.errors import NotFoundError
from qms.text import file_name
from qms.units.queries import heading
from qms.vietnamese import day
from qms.web import pdf
from qms.web.guards import requires, visitor

if TYPE_CHECKING:
    from qms.documents.models import Document, Revision

bp = Blueprint("exports", __name__, url_prefix="/documents/<int:document_id>")

PAPER: Final = "text.html"


@bp.get("/revisions/<int:number>.<any(docx, pdf):file_type>")
@requires(Permission.DOCUMENT_READ)
def revision(document_id: int, number: int, file_type: str) -> Response:
    """Hand out a signed text."""
    session, today = db.session(), clock.today()
    seen = opened(document_id)
    (found,) = document_access.texts(session, seen, [str(number)])
    spans = [e for e in seen.events if e.change.revision_id == found.id and e.by is None]
    shown = next((e for e in spans if e.state(today) == "now"), spans[0] if spans else None)
    standing = Standing(
        first=shown.change.effective_on if shown else None,
        last=shown.last_day if shown else None,
    )
    return _answer(_sheet(seen.document, found, standing, today), found, file_type)


@bp.get("/drafts/<int:line_id>.<any(docx, pdf):file_type>")
@requires(Permission.DECISION_READ)
def draft(document_id: int, line_id: int, file_type: str) -> Response:
    """Hand out a draft to those who may see it."""
    session, today = db.session(), clock.today()
    seen = document_access.look(session, document_id, visitor().id, today)
    (found,) = document_access.texts(session, seen, [f"d{line_id}"])
    if found.number is not None:
        raise NotFoundError("Dòng này không có dự thảo để sửa.")
    line = next(each for each in seen.drafts if each.id == line_id)
    standing = Standing(draft=True, first=line.own_day or line.decision.effective_on)
    sheet = _sheet(seen.document, found, standing, today)
    return _answer(replace(sheet, days=f"dự kiến {sheet.days}"), found, file_type)


def _sheet(
    document: "Document", revision: "Revision", standing: Standing, today: date
) -> Sheet:
    text = queries.text_of(revision)
    office = heading(db.session(), document.owner_id, today)
    with force_locale("vi"):
        kind = str(KIND_WORDS[document.kind])
    if isinstance(text.content, WrittenText):
        kind = WORDS["genres"][text.content.genre]
    return Sheet(
        title=text.title,
        code=document.code,
        kind=kind,
        office=office.name if office else document.owner.slug,
        above=office.superior if office else "",
        issue=f"{text.issue_no:02}",
        amendment=f"{text.amendment_no:02}",
        days=standing.days(),
        mark=standing.mark(today),
        remark=f"In ngày {day(today)}; bản hiện hành tra tại {current_app.config['PUBLIC_URL']}",
        pieces=exporting.pieces(text.content),
    )


def _answer(sheet: Sheet, revision: "Revision", file_type: str) -> Response:
    if file_type == "pdf":
        office = {"name": sheet.office, "above": sheet.above}
        said = asdict(sheet) | {"office": office, "wide": sheet.wide}
        answer = Response(pdf.render(PAPER, said), mimetype="application/pdf")
    else:
        answer = Response(docx_of(sheet, revision.drafted_at), mimetype=DOCX)
    name = file_name(f"{sheet.code}_{sheet.issue}-{sheet.amendment}.{file_type}")
    shown = "inline" if file_type == "pdf" else "attachment"
    answer.headers["Content-Disposition"] = f'{shown}; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
