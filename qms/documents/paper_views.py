"""Decisions as paper: the print of what is recorded, and the scan of what was signed."""

from datetime import datetime
from typing import Final

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from qms import clock, files, jobs
from qms.accounts.rules import Permission
from qms.db import db, let_go, transaction
from qms.digests import canonical, digest
from qms.documents import decision_access, paper, paper_queries, queries, scans
from qms.documents.decision_views import look
from qms.documents.rules import State
from qms.text import file_name
from qms.web import pdf
from qms.web.guards import act, requires

bp = Blueprint("papers", __name__, url_prefix="/decisions")

AT_ONCE: Final = 100
"""Lines of the longest paper that is made while its reader waits."""

LONG_PAPER: Final = "decision_paper"
"""The kind of job that makes a longer one."""


@bp.get("/<int:decision_id>.pdf")
@requires(Permission.DECISION_READ)
def decision(decision_id: int) -> ResponseReturnValue:
    """Give the decision as paper; long paper that is not there yet is made by a job."""
    found = look(decision_id).decision
    data, lines = _data(decision_id)
    name = _kept_as(data)
    printed = files.kept(name)
    if printed is None and lines > AT_ONCE:
        return redirect(url_for(".long_paper", decision_id=decision_id), code=303)
    if printed is None:
        let_go()
        printed = pdf.render(paper.FORM, data)
        if found.state is State.SIGNED:
            files.keep(name, printed)
    title = file_name(f"Quyet-dinh-{found.number or found.id}.pdf")
    answer = Response(printed, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{title}"'
    return answer


@bp.get("/<int:decision_id>/paper")
@requires(Permission.DECISION_READ)
def long_paper(decision_id: int) -> ResponseReturnValue:
    """Say that long paper takes minutes, and offer to make it."""
    seen = look(decision_id)
    return render_template("decisions/paper.html", decision=seen.decision)


@bp.post("/<int:decision_id>/paper")
@requires(Permission.DECISION_READ)
def make(decision_id: int) -> ResponseReturnValue:
    """Let a job make the paper, and follow it."""
    look(decision_id)
    with transaction() as session:
        job = jobs.enqueue(session, act(), LONG_PAPER, {"decision_id": decision_id}).id
    return redirect(url_for("jobs.show", job_id=job), code=303)


@jobs.job(LONG_PAPER, _l("Dựng bản giấy của quyết định"))
def make_paper(progress: jobs.Progress, *, decision_id: int) -> dict[str, object]:
    """Make the paper of a decision and keep it under the digest of all it says."""
    today = clock.today()
    decision_access.look(db.session(), decision_id, progress.started_by or 0, today)
    data, lines = _data(decision_id)
    let_go()
    progress.step(0, lines, "Đang dựng %(count)s dòng", count=lines)
    files.keep(_kept_as(data), pdf.render_long(paper.FORM, data))
    progress.step(lines, lines)
    return {"page": ["documents.papers.decision", {"decision_id": decision_id}]}


@bp.get("/<int:decision_id>/scan")
@requires(Permission.DECISION_READ)
def scan(decision_id: int) -> ResponseReturnValue:
    """Hand out the scan of the signed paper."""
    data, media_type, name = scans.read(db.session(), look(decision_id).decision)
    answer = Response(data, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _data(decision_id: int) -> tuple[dict[str, object], int]:
    """Return what the paper says, and how many lines it has."""
    session = db.session()
    found = queries.decision(session, decision_id)
    made = paper_queries.decision_paper(session, found, clock.today(), hour=_hour)
    return paper.decision_data(made), len(made.lines)


def _kept_as(data: dict[str, object]) -> str:
    return f"decisions/{digest(canonical(data))}.pdf"


def _hour(at: datetime) -> str:
    return f"{clock.local(at):%d/%m/%Y %H:%M}"
