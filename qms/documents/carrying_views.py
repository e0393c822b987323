"""The page on which a draft carries over what ended units have left."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.documents import carrying, decision_queries, queries
from qms.documents.carrying import Filter
from qms.documents.decision_views import look, said
from qms.errors import QmsError
from qms.text import whole_number
from qms.units.queries import headings
from qms.web.addresses import page_number
from qms.web.errors import status_of
from qms.web.guards import act, requires

bp = Blueprint("carrying", __name__, url_prefix="/decisions/<int:decision_id>/carrying")

DRAFTS: Final = requires(Permission.DECISION_DRAFT)


@bp.get("")
@DRAFTS
def index(decision_id: int) -> ResponseReturnValue:
    """List the documents of ended units whose text still stands."""
    return _page(decision_id, request.args.get("q", ""))


@bp.post("")
@DRAFTS
def take(decision_id: int) -> ResponseReturnValue:
    """Carry over one document, or all that have the words searched for."""
    look(decision_id)
    wanted = Filter(request.form.get("q", ""), whole_number(request.form.get("document")))
    try:
        with transaction() as session:
            decision = queries.decision(session, decision_id)
            taken = carrying.carry_over(session, act(), decision, wanted)
    except QmsError as error:
        return _page(decision_id, wanted.words, refused=error)
    flash(_("Đã tiếp nhận %(count)s tài liệu vào dự thảo.", count=taken))
    return redirect(
        url_for("documents.carrying.index", decision_id=decision_id, q=wanted.words or None),
        code=303,
    )


def _page(
    decision_id: int, words: str, *, refused: QmsError | None = None
) -> ResponseReturnValue:
    session, seen, page = db.session(), look(decision_id), page_number()
    size = decision_queries.CHOICE_SIZE
    rows, total = carrying.waiting(
        session,
        seen.decision,
        Filter(words),
        clock.today(),
        limit=size,
        offset=(page - 1) * size,
    )
    owners = [each.document.owner_id for each in rows]
    body = render_template(
        "decisions/carry.html",
        seen=seen,
        decision=seen.decision,
        q=words,
        rows=rows,
        total=total,
        page=page,
        size=size,
        most=carrying.MOST,
        heads=headings(session, clock.today(), owners) if owners else {},
        refused=said(refused) if refused else None,
    )
    return body, status_of(refused) if refused else HTTPStatus.OK
