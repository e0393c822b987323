"""The papers of findings and requests: as PDF, and as workbooks that say the same."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, Response

from qms import clock
from qms.accounts.rules import Permission
from qms.actions import papers, queries, workbooks
from qms.actions.source_views import named
from qms.actions.who_views import who
from qms.db import db
from qms.errors import NotFoundError
from qms.registers.sheets import TYPE
from qms.web import downloads, pdf
from qms.web.guards import requires

bp = Blueprint("papers", __name__)

READS: Final = requires(Permission.ACTION_READ)


@bp.get("/findings/<int:finding_id>/report.<form>")
@READS
def finding(finding_id: int, form: str) -> Response:
    """Give the nonconformity report."""
    session = db.session()
    found = queries.finding(session, finding_id, who())
    led = named(found.source_ref)[found.source_ref].words
    told = papers.finding(session, found, clock.today(), led)
    return _given(told, form, f"phieu-{found.code}", "finding.html", workbooks.finding)


@bp.get("/requests/<int:request_id>/sheet.<form>")
@READS
def request(request_id: int, form: str) -> Response:
    """Give the request on the customary four-part sheet."""
    session = db.session()
    found = queries.request(session, request_id, who())
    ref = found.finding.source_ref
    told = papers.request(session, found, clock.today(), named(ref)[ref].words)
    return _given(told, form, f"phieu-{found.code}", "action_request.html", workbooks.request)


def _given(
    told: Mapping[str, Any],
    form: str,
    name: str,
    template: str,
    workbook: Callable[[Mapping[str, Any]], bytes],
) -> Response:
    if form == "pdf":
        return downloads.paper(pdf.render(template, told), name)
    if form == "xlsx":
        return downloads.attachment(workbook(told), media_type=TYPE, name=f"{name}.xlsx")
    raise NotFoundError("Phiếu chỉ có dạng PDF và XLSX.")
