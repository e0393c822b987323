"""Acts about teams: who audits, by which decision, with which exceptions; who is qualified."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from qms import refusals, trail
from qms.accounts.models import User
from qms.accounts.queries import person, require
from qms.accounts.rules import Permission
from qms.audits import independence, plan_changes, queries, team_queries
from qms.audits.independence import Ground, Key
from qms.audits.models import Audit, Exemption, Member, Qualification
from qms.audits.rules import COMING, Duty, State
from qms.errors import InvalidError, NotFoundError, RefusedError
from qms.gates import Gate
from qms.standards.catalogue import edition
from qms.trail import Act


@dataclass(frozen=True)
class Certificate:
    """What makes somebody an auditor: a course or certificate, from a day to a day."""

    name: str
    issuer: str
    number: str
    first_day: date
    last_day: date | None = None


def add(session: Session, act: Act, audit: Audit, user_id: int, duty: Duty) -> Member:
    """Take somebody into the team, or give a member another duty.

    A change of the team takes the decision about it back: it names the team as it was.

    Raises:
        RefusedError: the person is not independent and no exception opens it, is not
            qualified, or there is a lead already.

    """
    _arranges(session, act, audit)
    who = person(session, user_id)
    team = queries.team(session, [audit.id])[audit.id]
    others = [each for each in team if each.user_id != user_id]
    if duty is Duty.LEAD and any(each.duty is Duty.LEAD for each in others):
        raise RefusedError("Đoàn đã có trưởng đoàn. Hãy đổi vai trò của người ấy trước.")
    if who.closed_at is not None or not team_queries.conducts(
        session, user_id, audit.first_day, audit.last_day
    ):
        raise RefusedError(
            "%(name)s không có chức trách đánh giá viên trong những ngày đánh giá.",
            name=who.name,
        )
    _check(session, act, audit, [(user_id, who.name, duty)])
    kept = next((each for each in team if each.user_id == user_id), None)
    if kept is None:
        kept = Member(audit_id=audit.id, user_id=user_id, duty=duty, added_at=act.at)
        session.add(kept)
    kept.duty, kept.added_by = duty, act.actor
    _undecide(audit)
    session.flush()
    trail.record(
        session,
        act,
        action="audit.member_added",
        subject=audit.ref,
        detail={"person": user_id, "duty": duty},
    )
    return kept


def remove(session: Session, act: Act, audit: Audit, user_id: int) -> None:
    """Let somebody leave the team; what they answered stays theirs."""
    _arranges(session, act, audit)
    kept = queries.member(session, audit.id, user_id)
    if kept is None:
        raise NotFoundError("Người này không ở trong đoàn.")
    for hour in queries.hours(session, [audit.id])[audit.id]:
        hour.auditors = [each for each in hour.auditors if each.user_id != user_id]
        if not hour.auditors and hour.unit_id is not None:
            left = "Người đánh giá không còn ở trong đoàn."
            plan_changes.note(session, act, audit, hour, added=False, reason=left)
            session.delete(hour)
    kept.left_at = act.at
    _undecide(audit)
    trail.record(
        session,
        act,
        action="audit.member_removed",
        subject=audit.ref,
        detail={"person": user_id},
    )


def allow(
    session: Session, act: Act, audit: Audit, user_id: int, key: Key, *, reason: str
) -> Exemption:
    """Let somebody audit although one unit or one document is their own, as a leader.

    Raises:
        RefusedError: the edition knows no exception, or it is the leader's own case.
        InvalidError: no reason is given.

    """
    by = require(session, act.actor, Permission.AUDIT_APPROVE, audit.owner_id, act.today)
    if audit.state not in {*COMING, State.UNDER_WAY}:
        raise RefusedError("Cuộc đánh giá đã báo cáo, không cho phép ngoại lệ được nữa.")
    with refusals.on_record(session, act, audit.ref):
        own = by.user_id == user_id
        independence.check_exception(edition(audit.edition), reason, own=own)
    ground, subject = key
    of = {"unit" if ground is Ground.OWN_UNIT else "document": subject}
    if key in team_queries.excepted(session, audit.id).get(user_id, set()):
        raise RefusedError("Ngoại lệ này đã được cho phép.")
    person(session, user_id)
    made = Exemption(
        audit_id=audit.id,
        user_id=user_id,
        ground=ground,
        unit_id=subject if ground is Ground.OWN_UNIT else None,
        document_id=subject if ground is Ground.OWN_WORK else None,
        reason=reason,
        allowed_by=by.user_id,
        allowed_at=act.at,
        allowed_on=act.today,
    )
    session.add(made)
    session.flush()
    trail.record(
        session,
        act,
        action="audit.exception_allowed",
        subject=audit.ref,
        detail={"person": user_id, "ground": ground, "reason": reason, **of},
    )
    return made


def decide(session: Session, act: Act, audit: Audit, *, number: str, dated: date) -> None:
    """Set the team up by decision of the leader, who is not in it.

    Raises:
        RefusedError: there is no lead, or the leader is a member.

    """
    require(session, act.actor, Permission.AUDIT_APPROVE, audit.owner_id, act.today)
    if audit.state not in {*COMING, State.UNDER_WAY}:
        raise RefusedError("Cuộc đánh giá đã báo cáo, không đổi đoàn được nữa.")
    team = queries.team(session, [audit.id])[audit.id]
    if not any(each.duty is Duty.LEAD for each in team):
        raise RefusedError("Đoàn chưa có trưởng đoàn.")
    if act.actor in {each.user_id for each in team}:
        with refusals.on_record(session, act, audit.ref):
            raise RefusedError(
                "Người ký quyết định thành lập đoàn không ở trong đoàn.", gate=Gate.OWN_TEAM
            )
    if dated > act.today:
        raise InvalidError("Ngày của quyết định không thể sau hôm nay.")
    check_team(session, act, audit)
    _unreturn(audit)
    audit.team_number, audit.team_decided_on = number, dated
    audit.team_decided_by = act.actor
    audit.team_title = session.get_one(User, act.actor).title
    trail.record(
        session,
        act,
        action="audit.team_decided",
        subject=audit.ref,
        detail={"number": number, "dated": dated, "people": len(team)},
    )


def give_back(session: Session, act: Act, audit: Audit, *, reason: str) -> None:
    """Return the team to those who chose it instead of deciding, as the leader, for a reason.

    Raises:
        RefusedError: it is decided, or was returned and not sent again.
        InvalidError: no reason is given.

    """
    require(session, act.actor, Permission.AUDIT_APPROVE, audit.owner_id, act.today)
    if audit.state not in {*COMING, State.UNDER_WAY} or audit.team_number is not None:
        raise RefusedError("Đoàn không chờ quyết định.")
    if audit.team_returned_at is not None:
        raise RefusedError("Đã trả lại; chờ trình lại.")
    if not reason:
        raise InvalidError("Hãy ghi vì sao trả lại, để người lập biết cần sửa gì.")
    audit.team_returned_by, audit.team_returned_at = act.actor, act.at
    audit.team_return_reason = reason
    trail.record(
        session,
        act,
        action="audit.team_returned",
        subject=audit.ref,
        detail={"reason": reason},
    )


def send_again(session: Session, act: Act, audit: Audit) -> None:
    """Send a team that was returned to the leader again."""
    _arranges(session, act, audit)
    if audit.team_returned_at is None:
        raise RefusedError("Đoàn không bị trả lại.")
    team = queries.team(session, [audit.id])[audit.id]
    if not any(each.duty is Duty.LEAD for each in team):
        raise RefusedError("Đoàn chưa có trưởng đoàn.")
    _unreturn(audit)
    trail.record(session, act, action="audit.team_sent", subject=audit.ref, detail={})


def check_team(session: Session, act: Act, audit: Audit, *, also: Sequence[int] = ()) -> None:
    """Refuse a team some of whose members may not audit what the audit is about now.

    ``also``: revisions about to be asked about.
    """
    team = queries.team(session, [audit.id])[audit.id]
    people = [(each.user_id, each.user.name, each.duty) for each in team]
    _check(session, act, audit, people, also=also)


def check_answers(session: Session, act: Act, audit: Audit, user_id: int) -> None:
    """Refuse the answers of a member who took a post in what is audited.

    Raises:
        RefusedError: the person is not independent any more and no exception opens it.

    """
    found = team_queries.own_units(session, audit, user_id, act.today)
    if found:
        opened = team_queries.excepted(session, audit.id).get(user_id, ())
        name = person(session, user_id).name
        with refusals.on_record(session, act, audit.ref):
            independence.check(name, found, opened, edition(audit.edition))


def qualify(
    session: Session, act: Act, user: User, unit_id: int, said: Certificate
) -> Qualification:
    """Enter what makes somebody an auditor, from a day to a day."""
    require(session, act.actor, Permission.AUDIT_PLAN, unit_id, act.today)
    if said.last_day is not None and said.last_day < said.first_day:
        raise InvalidError("Ngày cuối cùng không thể trước ngày đầu tiên.")
    made = Qualification(
        user_id=user.id,
        name=said.name,
        issuer=said.issuer,
        number=said.number,
        first_day=said.first_day,
        last_day=said.last_day,
        entered_by=act.actor,
        entered_at=act.at,
    )
    session.add(made)
    session.flush()
    trail.record(
        session,
        act,
        action="auditor.qualified",
        subject=f"person/{user.id}",
        detail={"first_day": said.first_day, "last_day": said.last_day},
    )
    return made


def end_qualification(
    session: Session, act: Act, row: Qualification, unit_id: int, last_day: date
) -> None:
    """End what makes somebody an auditor on a day."""
    require(session, act.actor, Permission.AUDIT_PLAN, unit_id, act.today)
    if last_day < row.first_day:
        raise InvalidError("Ngày cuối cùng không thể trước ngày đầu tiên.")
    row.last_day = last_day
    trail.record(
        session,
        act,
        action="auditor.qualification_ended",
        subject=f"person/{row.user_id}",
        detail={"last_day": last_day},
    )


def _arranges(session: Session, act: Act, audit: Audit) -> None:
    require(session, act.actor, Permission.AUDIT_PLAN, audit.owner_id, act.today)
    if audit.state not in {*COMING, State.UNDER_WAY}:
        raise RefusedError("Cuộc đánh giá đã báo cáo, không đổi đoàn được nữa.")


def _check(
    session: Session,
    act: Act,
    audit: Audit,
    people: Sequence[tuple[int, str, Duty]],
    *,
    also: Sequence[int] = (),
) -> None:
    numbers = [user_id for user_id, _name, _duty in people]
    found = team_queries.conflicts(session, audit, numbers, also=also)
    opened = team_queries.excepted(session, audit.id)
    known = queries.qualifications(session, numbers)
    by = edition(audit.edition)
    for user_id, name, duty in people:
        with refusals.on_record(session, act, audit.ref):
            independence.check(name, found[user_id], opened.get(user_id, ()), by)
        if duty is not Duty.TRAINEE:
            held = [(row.first_day, row.last_day) for row in known[user_id]]
            independence.check_qualified(name, held, audit.first_day, audit.last_day)


def _undecide(audit: Audit) -> None:
    audit.team_number = audit.team_decided_on = audit.team_decided_by = None
    audit.team_title = None


def _unreturn(audit: Audit) -> None:
    audit.team_returned_by = audit.team_returned_at = audit.team_return_reason = None
