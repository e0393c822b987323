"""Internal processes: bound to their procedures, on the page and on paper."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from qms import clock, files, overprints
from qms.accounts.rules import Permission
from qms.db import db
from qms.digests import canonical, digest
from qms.documents import document_access
from qms.documents.look_views import opened
from qms.errors import NotFoundError
from qms.overprints import Overprint
from qms.processes import paper_queries
from qms.processes.paper import FORM, LAYOUT
from qms.text import file_name
from qms.vietnamese import parse_day
from qms.web import pdf
from qms.web.guards import requires

bp = Blueprint("processes", __name__)


@bp.get("/documents/<int:document_id>/process.pdf")
@requires(Permission.DOCUMENT_READ)
def paper(document_id: int) -> ResponseReturnValue:
    """Print a process: the text in force on a day, or the one that ``text`` names.

    ``text`` is the number of a signed text, or ``d`` and the line of a draft.
    """
    session, today, on = db.session(), clock.today(), _day_asked()
    seen = opened(document_id, on=on)
    name = request.args.get("text", "").strip() or _standing(seen)
    (revision,) = document_access.texts(session, seen, [name])
    data = paper_queries.data(session, seen, revision, today, on=on, hour=_hour)
    signed = revision.number is not None
    answer = Response(_printed(data, signed=signed), mimetype="application/pdf")
    title = file_name(f"{seen.document.code}.pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{title}"'
    return answer


def _printed(data: dict[str, Any], *, signed: bool) -> bytes:
    """Return the paper with its stamp; that of a signed text is kept, without any stamp."""
    name = f"quy-trinh/{LAYOUT}/{digest(canonical(data))}.pdf"
    made = files.kept(name) if signed else None
    if made is None:
        made = pdf.render(FORM, data)
        if signed:
            files.keep(name, made)
    return overprints.stamped(made, _stamp(str(data["cover"]["marked"])), pdf.render)


def _stamp(marked: str) -> Overprint:
    """Return what stands on each page: that it does not hold today, else that nobody tracks it."""
    return overprints.not_in_force(marked, head=True) if marked else overprints.uncontrolled()


def _standing(seen: document_access.Seen) -> str:
    stands = seen.stands
    if stands is None or stands.revision is None:
        raise NotFoundError("Ngày này quy trình không có bản nào có hiệu lực.")
    return str(stands.revision.number)


def _day_asked() -> date | None:
    asked = request.args.get("on", "").strip()
    return parse_day(asked) if asked else None


def _hour(at: datetime) -> str:
    return f"{clock.local(at):%H:%M, %d/%m/%Y}"
