"""What stands of an audit when it wants to take a step, and who leads it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from qms.actions.models import Finding
from qms.audits import checklist_queries, finding_queries, queries
from qms.audits.models import Audit
from qms.audits.rules import Duty, Meeting, Ready, State
from qms.errors import NotAllowedError, RefusedError


def ready(session: Session, audit: Audit) -> Ready:
    """Return what stands of an audit when it wants to take a step."""
    hours = queries.hours(session, [audit.id])[audit.id]
    team = queries.team(session, [audit.id])[audit.id]
    held = queries.attendance(session, audit.id)
    counts = checklist_queries.counts(session, audit.id)
    return Ready(
        lead=any(each.duty is Duty.LEAD for each in team),
        decided=audit.team_number is not None,
        units=frozenset(queries.unit_ids(audit)),
        planned_units=frozenset(each.unit_id for each in hours if each.unit_id is not None),
        opening=held.get(Meeting.OPENING, 0),
        closing=held.get(Meeting.CLOSING, 0),
        unanswered=counts.unanswered,
        unraised=counts.unraised,
        conclusion=audit.conclusion,
        open_findings=finding_queries.open_of(session, audit.ref),
    )


def findings(session: Session, audit: Audit) -> Sequence[Finding]:
    """Return the findings of an audit that nobody annulled."""
    return finding_queries.of_audits(session, [audit.ref])


def leads(session: Session, user_id: int | None, audit: Audit) -> bool:
    """Tell whether somebody leads the team of an audit."""
    found = queries.member(session, audit.id, user_id)
    return found is not None and found.duty is Duty.LEAD


def auditor(session: Session, user_id: int | None, audit: Audit) -> int:
    """Return who audits: a member of the team while the audit is under way.

    Raises:
        NotAllowedError: the person is no member.
        RefusedError: the audit is not under way.

    """
    found = queries.member(session, audit.id, user_id)
    if found is None:
        raise NotAllowedError("Chỉ thành viên của đoàn trả lời được phiếu này.")
    if audit.state is not State.UNDER_WAY:
        raise RefusedError("Phiếu được trả lời khi cuộc đánh giá đang diễn ra.")
    return found.user_id
