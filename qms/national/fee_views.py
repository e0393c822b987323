"""What the catalogue says that its procedures cost, and which of it no schedule answers."""

from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db
from qms.documents.prices import cover_near
from qms.errors import NotAllowedError
from qms.national import fee_queries, page_queries
from qms.national.fee_queries import Asked
from qms.national.forms import KIND_WORDS
from qms.national.page_queries import PAGE_SIZE
from qms.text import nfc
from qms.units.queries import headings
from qms.web.addresses import page_number
from qms.web.guards import requires, visitor

bp = Blueprint("fees", __name__)

ONLY: Final = {
    "": _l("Tất cả"),
    "unanswered": _l("Chưa có biểu phí trả lời"),
    "doubtful": _l("Mức thu còn nghi vấn"),
}
"""What the list may be narrowed to."""
_LONGEST: Final = 200


@bp.get("/fees")
@requires(Permission.NATIONAL_IMPORT)
def index() -> ResponseReturnValue:
    """List the catalogue's prices with their notes and open doubts."""
    session, today, page = db.session(), clock.today(), page_number()
    owners = page_queries.owners(session, visitor().id, today)
    if not owners:
        raise NotAllowedError("Ông, bà chưa có vị trí được nhập danh mục ở đơn vị nào.")
    owner = next((o for o in owners if o.slug == request.args.get("unit")), owners[0])
    only = request.args.get("only", "")
    asked = Asked(
        nfc(request.args.get("q", "")[:_LONGEST]).strip(), only if only in ONLY else ""
    )
    seen = cover_near(session, owner.id, today)
    found, total = fee_queries.priced(session, seen, owner.id, asked, page=page)
    heads = headings(session, today, [each.id for each in owners])
    return render_template(
        "national/fees.html",
        asked=asked,
        only_words=ONLY,
        owner=owner,
        owners=[(o.slug, heads[o.id].name if o.id in heads else o.slug) for o in owners],
        found=found,
        kind_words=KIND_WORDS,
        page=page,
        size=PAGE_SIZE,
        total=total,
    )
