"""Finding texts, for people who work here."""

from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db
from qms.documents import reading, search
from qms.documents.decision_forms import KIND_WORDS
from qms.documents.search_rules import LONGEST_QUERY, asked
from qms.text import nfc
from qms.units.queries import headings
from qms.web.addresses import page_number
from qms.web.guards import requires, visitor

bp = Blueprint("search", __name__, url_prefix="/search")

PAGE: Final = 20
"""Texts on one page."""


@bp.get("")
@requires(Permission.DOCUMENT_READ)
def index() -> ResponseReturnValue:
    """Show what a search finds among all that the visitor may read."""
    session, today, page = db.session(), clock.today(), page_number()
    typed = nfc(request.args.get("q", "")[:LONGEST_QUERY]).strip()
    others = "all" in request.args
    wanted = asked(typed)
    who = reading.visit(session, visitor().id, today)
    shelves = search.readable(who.reader, today, others=others)
    found = search.find(session, shelves, wanted, page=page, size=PAGE)
    owners = sorted({hit.owner_id for hit in found.hits})
    return render_template(
        "documents/search.html",
        q=typed,
        all=others,
        found=found,
        places=search.excerpts(session, found.hits, found.asked),
        owners=headings(session, today, owners) if owners else {},
        kinds=KIND_WORDS,
        page=page,
        size=PAGE,
    )
