"""The notice of an audit: a unit says that it came, and letters tell the heads of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qms import clock, jobs, mail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.audits import notice_queries, notice_service, queries
from qms.audits.access_views import viewer
from qms.audits.rules import State
from qms.db import db, transaction
from qms.errors import RefusedError
from qms.mail import Letter
from qms.vietnamese import day as day_words
from qms.web.addresses import public_url
from qms.web.guards import act, requires

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from qms.audits.models import Audit
    from qms.trail import Act

bp = Blueprint("notices", __name__)

HEADS: Final = requires(Permission.DECISION_REVIEW)
PLANS: Final = requires(Permission.AUDIT_PLAN)
LETTERS: Final = "audits.letters"
"""The kind of job that sends them."""


@bp.post("/<int:audit_id>/units/<int:unit_id>/received")
@HEADS
def receive(audit_id: int, unit_id: int) -> ResponseReturnValue:
    """Say for a unit that its notice came."""
    with transaction() as session:
        kept = queries.audit(session, audit_id, viewer())
        notice_service.receive(session, act(), kept, unit_id)
    flash(_("Đã ghi nhận: đơn vị đã nhận thông báo."))
    return redirect(url_for("audits.show", audit_id=audit_id), code=303)


@bp.post("/<int:audit_id>/letters")
@PLANS
def send(audit_id: int) -> ResponseReturnValue:
    """Send the letters that have not gone out, such as to a head who had no address."""
    with transaction() as session:
        kept = queries.audit(session, audit_id)
        require(session, act().actor, Permission.AUDIT_PLAN, kept.owner_id, clock.today())
        if not enqueue(session, act(), kept):
            raise RefusedError("Không có thư nào phải gửi.")
    flash(_("Thư đang được gửi."))
    return redirect(url_for("audits.show", audit_id=audit_id), code=303)


def enqueue(session: "Session", by: "Act", audit: "Audit") -> bool:
    """Let a job send the letters that the notice still needs; tell whether there are any."""
    waits = (
        mail.configured()
        and audit.state is State.NOTIFIED
        and bool(notice_queries.untold(session, audit, by.today))
    )
    if waits:
        jobs.enqueue(session, by, LETTERS, {"audit_id": audit.id})
    return waits


@jobs.job(LETTERS, _l("Gửi thư thông báo đánh giá"))
def send_letters(progress: jobs.Progress, *, audit_id: int) -> Mapping[str, Any]:
    """Send each head one letter; it is noted after, since two are better than none."""
    by = progress.act()
    session = db.session()
    found = queries.audit(session, audit_id)
    require(session, by.actor, Permission.AUDIT_PLAN, found.owner_id, by.today)
    waiting = [
        (each.user_id, _letter(found, each.email or ""))
        for each in notice_queries.untold(session, found, by.today)
        if found.state is State.NOTIFIED
    ]
    session.rollback()
    with mail.door() as hand_over:
        for number, (user_id, letter) in enumerate(waiting):
            progress.step(number, len(waiting))
            hand_over(letter)
            with transaction() as writing:
                kept = queries.audit(writing, audit_id)
                notice_service.told(writing, progress.act(), kept, user_id)
    progress.step(len(waiting), len(waiting))
    return {"page": ["audits.show", {"audit_id": audit_id}]}


def _letter(audit: "Audit", to: str) -> Letter:
    base = current_app.config["PUBLIC_URL"]
    with current_app.test_request_context("/", base_url=base):
        days = f"{day_words(audit.first_day)} – {day_words(audit.last_day)}"
        said = [
            _("Đơn vị của ông, bà sắp được đánh giá nội bộ."),
            f"{audit.words} – {audit.title}",
            _("Ngày đánh giá: %(days)s", days=days),
            _("Phạm vi: %(scope)s", scope=audit.scope),
            _("Mời xem kế hoạch, thông báo rồi bấm “Đã nhận thông báo”:"),
            public_url(url_for("audits.show", audit_id=audit.id)),
        ]
        subject = _(
            "Thông báo cuộc đánh giá nội bộ số %(number)s năm %(year)s: %(days)s",
            number=audit.number,
            year=audit.year,
            days=days,
        )
    return Letter(to, subject, "\n\n".join(said) + "\n")
