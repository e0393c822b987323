"""Acts that change what a finding weighs, or which unit answers for it; both stay on record."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from qms import refusals, trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.actions import change_rules, queries, request_service, rules, time_rules
from qms.actions.models import Finding, Grading, Handing
from qms.actions.request_service import Taking
from qms.actions.rules import NEED_REQUEST, Grade, Source, Step
from qms.actions.service import check_annuls
from qms.errors import NotAllowedError, RefusedError
from qms.gates import Gate
from qms.text import nfc
from qms.trail import Act
from qms.units.queries import places, successors


@dataclass(frozen=True)
class Regraded:
    """What a finding weighs now, and why; the last day of the request where it needs one."""

    grade: Grade
    reason: str
    due: date | None = None
    minutes_on: date | None = None


def regrade(session: Session, act: Act, finding: Finding, now: Regraded) -> None:
    """Let a finding weigh more or less.

    What needs a request now gets one; a request that is no longer needed is annulled.

    Raises:
        NotAllowedError: the person neither raised it nor leads the audit, or lets own work off.
        RefusedError: it is settled, or a plan about it is approved.
        InvalidError: no reason is given, or the grade is the same.

    """
    if act.actor is None or act.actor not in {finding.raised_by, finding.lead_id}:
        raise NotAllowedError("Chỉ người lập phát hiện hoặc trưởng đoàn đánh giá đổi mức.")
    _check_open(finding)
    was, reason = finding.grade, nfc(now.reason).strip()
    change_rules.check_grade(was, now.grade, reason, [row.state for row in finding.requests])
    made = Grading(
        finding_id=finding.id,
        was=was.value,
        grade=now.grade,
        reason=reason,
        by=act.actor,
        day=act.today,
        at=act.at,
    )
    session.add(made)
    session.flush()
    finding.grade = now.grade
    trail.record(
        session,
        act,
        action="finding.regraded",
        subject=finding.ref,
        detail={"grade": now.grade, "reason": reason},
    )
    if was not in NEED_REQUEST and now.grade in NEED_REQUEST:
        due = time_rules.due_day(finding.source, act.today, now.due, now.minutes_on)
        minutes_on = now.minutes_on if finding.source is Source.INSPECTION else None
        request_service.open_request(session, act, finding, due=due, minutes_on=minutes_on)
    elif was in NEED_REQUEST and now.grade not in NEED_REQUEST:
        _let_go(session, act, finding, reason)


def hand_on(session: Session, act: Act, finding: Finding, unit_id: int, reason: str) -> None:
    """Hand what is open of a unit that ended to one that took over; its open requests go along.

    Raises:
        NotAllowedError: the person does not look after the unit that takes it.
        RefusedError: it is settled, or the unit has not ended.
        InvalidError: the other took nothing over from it.

    """
    require(session, act.actor, Permission.ACTION_HAND_ON, unit_id, act.today)
    _check_open(finding)
    placed, ended = places(session), finding.unit_id
    heirs = [each.successor_id for each in successors(session, ended)]
    heir_last = placed[unit_id].last_day if unit_id in placed else None
    change_rules.check_heir(placed[ended].last_day, heirs, unit_id, heir_last, act.today)
    made = Handing(
        finding_id=finding.id,
        from_id=ended,
        to_id=unit_id,
        reason=nfc(reason).strip(),
        by=act.actor,
        day=act.today,
        at=act.at,
    )
    session.add(made)
    session.flush()
    finding.unit_id = unit_id
    for each in finding.requests:
        if each.state not in rules.ENDS:
            each.unit_id = unit_id
    session.flush()
    trail.record(
        session,
        act,
        action="finding.handed_on",
        subject=finding.ref,
        detail={"unit": unit_id, "reason": made.reason},
    )


def _check_open(finding: Finding) -> None:
    if finding.settled:
        raise RefusedError("Phát hiện này đã đóng hoặc đã hủy.")


def _let_go(session: Session, act: Act, finding: Finding, reason: str) -> None:
    """Annul the open requests of a finding that words can settle now."""
    for each in finding.requests:
        if each.state in rules.ENDS:
            continue
        found = queries.request(session, each.id)
        with refusals.on_record(session, act, found.ref):
            if act.actor in queries.sheet_of(session, found, act.today).planners:
                raise NotAllowedError(
                    "Người lập phân tích, kế hoạch không tự hạ mức.", gate=Gate.OWN_PLAN
                )
        check_annuls(session, act, each.id)
        request_service.carry_out(session, act, found, Taking(Step.ANNUL, reason))
