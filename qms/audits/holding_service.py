"""Acts about audits from their first day on: meetings, conclusion, report, end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.audits import queries, rules, standing, team_service
from qms.audits.models import Attendant, Audit, HeldMeeting
from qms.audits.rules import Meeting, State, Step
from qms.errors import InvalidError, NotAllowedError, RefusedError
from qms.trail import Act


@dataclass(frozen=True)
class Held:
    """A meeting as it was held; ``people`` by name and post."""

    meeting: Meeting
    day: date
    begins: time
    place: str = ""
    minutes: str = ""
    people: tuple[tuple[str, str], ...] = ()


def begin(session: Session, act: Act, audit: Audit) -> None:
    """Begin an audit on its first day or later; from now on the checklist is answered."""
    _leads(session, act, audit)
    state = rules.advance(audit.state, Step.BEGIN)
    rules.check_begins(audit.first_day, act.today)
    rules.check_ready_to_begin(standing.ready(session, audit))
    team_service.check_team(session, act, audit)
    audit.state = state
    _record(session, act, "audit.begun", audit, detail={})


def hold_meeting(session: Session, act: Act, audit: Audit, held: Held) -> HeldMeeting:
    """Write down a meeting and who was there; again while the audit is under way mends it.

    Raises:
        InvalidError: nobody was there, or the day is to come or outside the audit.

    """
    _leads(session, act, audit)
    if audit.state is not State.UNDER_WAY:
        raise RefusedError("Chỉ ghi họp khi cuộc đánh giá đang diễn ra.")
    if not held.people:
        raise InvalidError("Hãy ghi những người dự họp, mỗi người một dòng.")
    if not audit.first_day <= held.day <= act.today:
        raise InvalidError("Họp diễn ra từ ngày bắt đầu đánh giá đến hôm nay.")
    kept = queries.meetings(session, audit.id).get(held.meeting)
    if kept is None:
        kept = HeldMeeting(audit_id=audit.id, meeting=held.meeting)
        session.add(kept)
    kept.day, kept.begins = held.day, held.begins
    kept.place, kept.minutes = held.place, held.minutes
    kept.recorded_by = act.actor
    kept.people = [Attendant(name=name, post=post) for name, post in held.people]
    session.flush()
    _record(
        session,
        act,
        "audit.meeting_held",
        audit,
        detail={"meeting": held.meeting, "day": held.day, "people": len(held.people)},
    )
    return kept


def conclude(session: Session, act: Act, audit: Audit, conclusion: str) -> None:
    """Write what the team concludes."""
    _leads(session, act, audit)
    if audit.state is not State.UNDER_WAY:
        raise RefusedError("Chỉ viết kết luận khi cuộc đánh giá đang diễn ra.")
    audit.conclusion = conclusion
    _record(session, act, "audit.concluded", audit, detail={})


def report(session: Session, act: Act, audit: Audit) -> None:
    """Hand the report over: both meetings held, all answered, all findings raised.

    Raises:
        RefusedError: something of it is missing; the sentence lists it. Or a member may no
            longer audit what the audit is about.

    """
    _leads(session, act, audit)
    state = rules.advance(audit.state, Step.REPORT)
    rules.check_ready_to_report(standing.ready(session, audit))
    team_service.check_team(session, act, audit)
    audit.state, audit.reported_at, audit.reported_by = state, act.at, act.actor
    audit.reported_on = act.today
    _record(session, act, "audit.reported", audit, detail={})


def reopen(session: Session, act: Act, audit: Audit, *, reason: str) -> None:
    """Take a report back for a reason."""
    _leads(session, act, audit)
    if not reason:
        raise InvalidError("Hãy ghi vì sao phải mở lại báo cáo.")
    audit.state = rules.advance(audit.state, Step.REOPEN)
    audit.reported_at = audit.reported_on = audit.reported_by = None
    _record(session, act, "audit.reopened", audit, detail={"reason": reason})


def close(session: Session, act: Act, audit: Audit) -> None:
    """Close an audit all of whose findings are closed.

    Raises:
        RefusedError: some are not.

    """
    require(session, act.actor, Permission.AUDIT_PLAN, audit.owner_id, act.today)
    state = rules.advance(audit.state, Step.CLOSE)
    rules.check_ready_to_close(standing.ready(session, audit))
    audit.state, audit.closed_at, audit.closed_by = state, act.at, act.actor
    audit.closed_on = act.today
    _record(session, act, "audit.closed", audit, detail={})


def _leads(session: Session, act: Act, audit: Audit) -> None:
    if not standing.leads(session, act.actor, audit):
        raise NotAllowedError("Chỉ trưởng đoàn làm được việc này.")


def _record(
    session: Session, act: Act, action: str, audit: Audit, *, detail: Mapping[str, object]
) -> None:
    trail.record(session, act, action=action, subject=audit.ref, detail=detail)
