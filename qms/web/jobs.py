"""Following background work: a page that keeps up by itself, and the way to stop it."""

from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from qms import clock, jobs
from qms.db import db, touch
from qms.job_rows import Job, JobState, ask_to_cancel, own_job, own_jobs
from qms.web.addresses import page_number
from qms.web.guards import signed_in, visitor

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

PAGE: Final = 20
"""Jobs on one page."""

REFRESH_SECONDS: Final = 3
"""How often the page loads again where no script follows the job."""

STATE_WORDS: Final = {
    JobState.WAITING: lazy_gettext("Đang chờ đến lượt"),
    JobState.RUNNING: lazy_gettext("Đang làm"),
    JobState.DONE: lazy_gettext("Đã xong"),
    JobState.FAILED: lazy_gettext("Không xong"),
    JobState.CANCELLED: lazy_gettext("Đã dừng"),
}


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    """Show what I started, newest first."""
    page = page_number()
    found, total = own_jobs(db.session(), visitor().id, page=page, size=PAGE)
    return render_template(
        "jobs/index.html",
        jobs=[(each, title(each)) for each in found],
        words=STATE_WORDS,
        page=page,
        size=PAGE,
        total=total,
    )


@bp.get("/<int:job_id>")
@signed_in
def show(job_id: int) -> ResponseReturnValue:
    """Show how far a job is; once it is done, lead to what came of it."""
    found = own_job(db.session(), job_id, visitor().id)
    if found.state is JobState.DONE and (way := way_on(found)):
        return redirect(way, code=303)
    return render_template(
        "jobs/job.html",
        job=found,
        title=title(found),
        state=STATE_WORDS[found.state],
        words=words(found),
        faults=[sentence(each) for each in found.faults],
        refresh=REFRESH_SECONDS,
    )


@bp.get("/<int:job_id>.json")
@signed_in
def state(job_id: int) -> ResponseReturnValue:
    """Tell a script how far a job is."""
    found = own_job(db.session(), job_id, visitor().id)
    told = {
        "state": found.state.value,
        "done": found.done,
        "total": found.total,
        "words": words(found),
        "next": way_on(found) if found.state is JobState.DONE else None,
    }
    return told, {"Cache-Control": "no-store"}


@bp.post("/<int:job_id>/cancel")
@signed_in
def cancel(job_id: int) -> ResponseReturnValue:
    """Stop a job; one that is under way stops when it next says how far it is."""
    with touch() as session:
        ask_to_cancel(own_job(session, job_id, visitor().id), clock.now())
    return redirect(url_for("jobs.show", job_id=job_id), code=303)


def title(found: Job) -> str:
    """Say what kind of job it is."""
    kind = jobs.KINDS.get(found.kind)
    return str(kind.title) if kind else found.kind


def words(found: Job) -> str:
    """Say what a job is doing, else where it stands."""
    if found.state is JobState.RUNNING and found.cancel_asked:
        return str(gettext("Đang dừng lại"))
    if found.state is JobState.RUNNING and found.message:
        return sentence(found.message)
    return str(STATE_WORDS[found.state])


def sentence(said: Sequence[Any]) -> str:
    """Say a stored sentence in the language of the page."""
    spoken, values = str(gettext(said[0])), dict(said[1])
    return spoken % values if values else spoken


def way_on(found: Job) -> str | None:
    """Return where the result of a job stands, if it names a page."""
    page = found.result.get("page")
    return url_for(page[0], **page[1]) if page else None
