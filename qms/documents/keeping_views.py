"""Keeping what is typed while it is typed, and what of it is missing."""

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.rules import Permission
from qms.db import touch
from qms.documents import editor_views, keeping, queries
from qms.documents.kinds import typing
from qms.web.filters import state_class
from qms.web.guards import requires, visitor

bp = Blueprint("keeping", __name__, url_prefix="/decisions/lines")

DRAFTS = requires(Permission.DECISION_DRAFT)
_NOT_TYPED = frozenset({"csrf_token", "do", "aside"})


@bp.post("/<int:change_id>/copy")
@DRAFTS
def keep(change_id: int) -> ResponseReturnValue:
    """Keep what somebody is typing; say when, and what the text lacks by now."""
    change, revision = editor_views.draft(change_id)
    saved, number, now = queries.text_of(revision), revision.id, clock.now()
    gaps = editor_views.gaps(
        change, saved, typing.gather(request.form), summary=request.form.get("summary", "")
    )
    pairs = [pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_TYPED]
    with touch() as session:
        keeping.keep(session, number, visitor().id, pairs, now)
    return jsonify(
        said=_("Đã giữ lúc %(time)s", time=f"{clock.local(now):%H:%M}"),
        gaps=[(state_class(state), words, part) for state, words, part in gaps],
    )


@bp.post("/<int:change_id>/copy/drop")
@DRAFTS
def drop(change_id: int) -> ResponseReturnValue:
    """Forget what somebody typed and did not save."""
    _change, revision = editor_views.draft(change_id)
    number = revision.id
    with touch() as session:
        keeping.drop(session, number, visitor().id)
    flash(_("Đã bỏ bản gõ dở. Đây là bản đã lưu."))
    return redirect(url_for("documents.texts.edit", change_id=change_id, saved=1), code=303)
