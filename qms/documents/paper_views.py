"""Decisions as paper: the print of what is recorded, and the scan of what was signed."""

from datetime import datetime

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from qms import clock, files
from qms.accounts.rules import Permission
from qms.db import db
from qms.digests import canonical, digest
from qms.documents import paper, paper_queries, scans
from qms.documents.decision_views import look
from qms.documents.rules import State
from qms.text import file_name
from qms.web import pdf
from qms.web.guards import requires

bp = Blueprint("papers", __name__, url_prefix="/decisions")


@bp.get("/<int:decision_id>.pdf")
@requires(Permission.DECISION_READ)
def decision(decision_id: int) -> ResponseReturnValue:
    """Give the decision as paper; what is signed is made once."""
    session = db.session()
    found = look(decision_id).decision
    made = paper_queries.decision_paper(session, found, clock.today(), hour=_hour)
    data = paper.decision_data(made)
    name = f"decisions/{digest(canonical(data))}.pdf"
    signed = found.state is State.SIGNED
    printed = files.kept(name) if signed else None
    if printed is None:
        printed = pdf.render(paper.FORM, data)
        if signed:
            files.keep(name, printed)
    title = file_name(f"Quyet-dinh-{found.number or found.id}.pdf")
    answer = Response(printed, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{title}"'
    return answer


@bp.get("/<int:decision_id>/scan")
@requires(Permission.DECISION_READ)
def scan(decision_id: int) -> ResponseReturnValue:
    """Hand out the scan of the signed paper."""
    data, media_type, name = scans.read(db.session(), look(decision_id).decision)
    answer = Response(data, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _hour(at: datetime) -> str:
    return f"{clock.local(at):%d/%m/%Y %H:%M}"
