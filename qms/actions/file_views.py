"""Files of findings and actions, and signed scans: taken in, and handed out to who may see them."""

from typing import Any, Final

from flask import Blueprint, Response, request

from qms import files
from qms.accounts.rules import Permission
from qms.actions import queries
from qms.actions.who_views import who
from qms.db import db
from qms.documents import scans
from qms.errors import NotFoundError
from qms.web.downloads import attachment
from qms.web.guards import requires

bp = Blueprint("files", __name__)

READS: Final = requires(Permission.ACTION_READ)
MOST: Final = 10
"""Files that one form takes."""
_TYPES: Final = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}


@bp.get("/files/<int:file_id>")
@READS
def show(file_id: int) -> Response:
    """Give a file that shows a finding or that an action was done."""
    session = db.session()
    found, finding_id = queries.file(session, file_id)
    queries.finding(session, finding_id, who())
    return attachment(
        files.get(found.sha256),
        media_type=found.media_type,
        name=found.name,
        tag=found.sha256,
    )


@bp.get("/findings/<int:finding_id>/scan")
@READS
def finding_scan(finding_id: int) -> Response:
    """Give the signed report of a finding."""
    found = queries.finding(db.session(), finding_id, who())
    return _scan(found.scan_sha256, found.scan_name)


@bp.get("/requests/<int:request_id>/scan")
@READS
def request_scan(request_id: int) -> Response:
    """Give the signed paper of a request."""
    found = queries.request(db.session(), request_id, who())
    return _scan(found.scan_sha256, found.scan_name)


def uploaded(field: Any) -> list[tuple[bytes, str]]:  # noqa: ANN401 - a field of WTForms
    """Return the bytes and names of the files that a field of a form was sent with."""
    sent = [each for each in request.files.getlist(field.name) if each.filename]
    return [(each.stream.read(scans.LARGEST + 1), each.filename or "") for each in sent[:MOST]]


def _scan(sha256: str | None, name: str | None) -> Response:
    if sha256 is None or name is None:
        raise NotFoundError("Chưa có bản chụp.")
    kind = _TYPES[name[name.rindex(".") :]]
    return attachment(files.get(sha256), media_type=kind, name=name, tag=sha256)
