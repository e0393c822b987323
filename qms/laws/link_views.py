"""Letting the references of a draft decision name records, proposed by number."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from qms import clock, jobs
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.documents import decision_access, queries
from qms.documents.decision_views import look
from qms.errors import N_, NotAllowedError, QmsError
from qms.laws import linking, service
from qms.laws.linking import PAGE_SIZE
from qms.text import whole_number
from qms.web.addresses import page_number
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires

bp = Blueprint("links", __name__, url_prefix="/decisions/<int:decision_id>/links")

DRAFTS: Final = requires(Permission.DECISION_DRAFT)
ALL: Final = "laws.link_all"
"""The kind of job that follows every clear proposal of a decision."""
AT_A_TIME: Final = 100
"""Texts saved in one transaction of that job."""


@bp.get("")
@DRAFTS
def index(decision_id: int) -> ResponseReturnValue:
    """Show which records the references of a draft decision may mean, some texts at a time."""
    return _page(decision_id)


@bp.post("")
@DRAFTS
def accept(decision_id: int) -> ResponseReturnValue:
    """Let the references that were ticked name their records."""
    session = db.session()
    seen = _editable(decision_id)
    found, _total = linking.draft_lines(
        session, seen.decision, clock.today(), page=page_number()
    )
    done = 0
    try:
        with transaction() as writing:
            for each in found:
                chosen = _chosen(each)
                if chosen:
                    version = whole_number(request.form.get(f"v{each.change_id}")) or 0
                    line = queries.line(writing, each.change_id)
                    done += service.link(writing, act(), line, chosen, version=version)
    except QmsError as error:
        return _page(decision_id, refused=error)
    flash(ngettext("Đã nối %(num)d chỗ viện dẫn.", "Đã nối %(num)d chỗ viện dẫn.", done))
    return redirect(url_for(".index", decision_id=decision_id, page=page_number()), code=303)


@bp.post("/all")
@DRAFTS
def accept_all(decision_id: int) -> ResponseReturnValue:
    """Let a job follow every clear proposal of the decision."""
    _editable(decision_id)
    with transaction() as session:
        job = jobs.enqueue(session, act(), ALL, {"decision_id": decision_id}).id
    return redirect(url_for("jobs.show", job_id=job), code=303)


@jobs.job(ALL, _l("Nối văn bản pháp luật theo số, ký hiệu"))
def link_all(progress: jobs.Progress, *, decision_id: int) -> Mapping[str, Any]:
    """Let every reference name its record where only one can be meant."""
    page, done, total = 0, 0, 1
    today = clock.today()
    while page * AT_A_TIME < total:
        page += 1
        session = db.session()
        session.rollback()
        seen = decision_access.look(session, decision_id, progress.started_by or 0, today)
        if not seen.may_edit:
            raise NotAllowedError("Chỉ sửa được dự thảo, và chỉ người được soạn ở đơn vị này.")
        found, total = linking.draft_lines(
            session, seen.decision, today, page=page, size=AT_A_TIME
        )
        clear = {each.change_id: each.clear for each in found if each.clear}
        if clear:
            with transaction() as writing:
                for change_id, chosen in clear.items():
                    line = queries.line(writing, change_id)
                    version = line.revision.version if line.revision else 0
                    done += service.link(writing, progress.act(), line, chosen, version=version)
        texts = min(page * AT_A_TIME, total)
        progress.step(texts, total, N_("Đã nối %(links)s chỗ viện dẫn"), links=done)
    return {"page": ["laws.links.index", {"decision_id": decision_id}]}


def _chosen(each: linking.Drafted) -> dict[str, str]:
    """Return what was ticked or chosen for a text, as far as it is offered."""
    found = {}
    for offer in each.offers:
        code = request.form.get(f"l{each.change_id}-{offer.path}", "")
        if code in {record.code for record in offer.records}:
            found[offer.path] = code
    return found


def _editable(decision_id: int) -> decision_access.Seen:
    seen = look(decision_id)
    if not seen.may_edit:
        raise NotAllowedError("Chỉ sửa được dự thảo, và chỉ người được soạn ở đơn vị này.")
    return seen


def _page(decision_id: int, *, refused: QmsError | None = None) -> ResponseReturnValue:
    seen, page = _editable(decision_id), page_number()
    found, total = linking.draft_lines(db.session(), seen.decision, clock.today(), page=page)
    body = render_template(
        "laws/links.html",
        decision=seen.decision,
        rows=[each for each in found if each.offers],
        total=total,
        page=page,
        size=PAGE_SIZE,
        refused=sentence_of(refused) if refused else "",
    )
    return body, status_of(refused) if refused else 200
