"""Reading and confirming: what one person is still to read, and each text with its button."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qms import clock
from qms.accounts.forms import ActForm
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.errors import QmsError
from qms.reading import looking, queries, rule_views, service, watch_views
from qms.web.addresses import page_number
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires, visitor
from qms.web.menu import Group, Item

bp = Blueprint("reading", __name__, url_prefix="/reading")
bp.register_blueprint(watch_views.bp)
bp.register_blueprint(rule_views.bp)

MENU = (
    Item(
        Group.DOCUMENTS,
        _l("Đọc và nắm được"),
        "reading.index",
        (Permission.DOCUMENT_READ,),
    ),
)

READS: Final = requires(Permission.DOCUMENT_READ)


@bp.get("")
@READS
def index() -> ResponseReturnValue:
    """Show what I am still to read, the first due first, and what I read last."""
    session, page = db.session(), page_number()
    found = queries.waiting(session, visitor().id, visitor().since, clock.today())
    first = (page - 1) * queries.PAGE
    return render_template(
        "reading/index.html",
        rows=found[first : first + queries.PAGE],
        total=len(found),
        page=page,
        size=queries.PAGE,
        lately=queries.lately(session, visitor().id),
        may_watch=visitor().may(Permission.READING_WATCH),
        may_ask=visitor().may(Permission.READING_ASK),
    )


@bp.get("/<int:revision_id>")
@READS
def show(revision_id: int) -> ResponseReturnValue:
    """Show one text to read: what changed, the way to its words, the button."""
    return _page(revision_id)


@bp.post("/<int:revision_id>")
@READS
def confirm(revision_id: int) -> ResponseReturnValue:
    """Say that I have read it."""
    try:
        with transaction() as session:
            service.confirm(session, act(), revision_id)
    except QmsError as error:
        return _page(revision_id, sentence_of(error)), status_of(error)
    flash(_("Đã ghi nhận: ông, bà đã đọc và nắm được."))
    return redirect(url_for(".index"), code=303)


def _page(revision_id: int, refused: str = "") -> str:
    session, today = db.session(), clock.today()
    looked = looking.open_text(session, revision_id, visitor(), today)
    return render_template(
        "reading/show.html", looked=looked, today=today, refused=refused, form=ActForm()
    )
