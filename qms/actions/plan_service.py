"""Acts on what a unit plans about a finding: what it put right, cause, extent and actions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from qms import refusals, trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.actions import causes, queries, request_service, time_rules, work_rules
from qms.actions.models import Request, Task
from qms.actions.rules import Sheet
from qms.errors import InvalidError, StaleError
from qms.text import nfc
from qms.trail import Act

WRITE = "write"
"""The deed of whoever wrote something of a plan, noted once for each person."""


@dataclass(frozen=True)
class Planned:
    """An action as a plan wants it; ``id`` names the one that is changed, none a new one."""

    words: str
    owner_id: int
    due: date | None
    id: int | None = None


@dataclass(frozen=True)
class Plan:
    """What a unit wrote about a finding, read as of ``version``; it may still lack something.

    ``tasks`` are the actions that are new or may have changed, ``dropped`` those taken out.
    """

    version: int
    correction: str = ""
    corrected_on: date | None = None
    extent: str = ""
    cause: str = ""
    tasks: Sequence[Planned] = ()
    dropped: Collection[int] = ()


def save(session: Session, act: Act, request: Request, plan: Plan) -> None:
    """Save all that a unit wrote about a finding.

    Raises:
        StaleError: somebody saved it in the meantime.
        RefusedError: it was handed over.
        InvalidError: the cause is no tree, or a day or a person can't be.

    """
    require(session, act.actor, Permission.ACTION_ANSWER, request.unit_id, act.today)
    with refusals.on_record(session, act, request.ref):
        sheet = queries.sheet_of(session, request, act.today)
        work_rules.check_planning(sheet)
        if request.version != plan.version:
            raise StaleError("Người khác vừa lưu phân tích này. Hãy xem bản mới rồi ghi lại.")
        changed = [
            _correct(session, act, request, plan),
            _analyse(request, plan),
            *[_drop(session, act, request, each) for each in plan.dropped],
            *[_plan(session, act, request, sheet, each) for each in plan.tasks],
        ]
    if not any(changed):
        return
    request.version += 1
    if act.actor not in {each.by for each in request.steps if each.deed == WRITE}:
        request_service.note(session, act, request, WRITE)
    trail.record(
        session,
        act,
        action="request.edited",
        subject=request.ref,
        detail={"version": request.version},
    )
    session.expire(request, ["steps", "tasks"])
    queries.request(session, request.id)


def _correct(session: Session, act: Act, request: Request, plan: Plan) -> bool:
    """Record what was put right at once; every wording stays in the course of the request."""
    said = nfc(plan.correction).strip()
    on = plan.corrected_on if said else None
    if (said, on) == (request.correction, request.corrected_on):
        return False
    if said:
        work_rules.check_correction(said, on, request.finding.raised_on, act.today)
    request.correction, request.corrected_on = said, on
    request.corrected_by = act.actor if said else None
    request_service.note(session, act, request, "correct", said)
    trail.record(
        session, act, action="request.corrected", subject=request.ref, detail={"day": on}
    )
    return True


def _analyse(request: Request, plan: Plan) -> bool:
    before = (request.extent, request.cause)
    request.extent, request.cause = nfc(plan.extent).strip(), nfc(plan.cause).strip()
    causes.whys(request.cause)
    return before != (request.extent, request.cause)


def _plan(session: Session, act: Act, request: Request, sheet: Sheet, new: Planned) -> bool:
    """Plan an action anew, or differently."""
    words, due = nfc(new.words).strip(), new.due or request.due
    kept = _living(request, new.id) if new.id is not None else None
    if kept and (kept.words, kept.owner_id, kept.due) == (words, new.owner_id, due):
        return False
    if not words:
        raise InvalidError("Hãy ghi hành động phải làm.")
    if new.owner_id not in queries.workable(session, request.unit_id, act.today):
        raise InvalidError("Người chịu trách nhiệm phải đang làm việc ở cơ quan này.")
    if kept is None or kept.due != due:
        time_rules.check_task_day(sheet, due, act.today)
    made = kept or Task(request_id=request.id)
    made.words, made.owner_id, made.due = words, new.owner_id, due
    session.add(made)
    session.flush()
    detail = {"task": made.id, "person": new.owner_id, "due": due}
    if kept:
        trail.record(
            session, act, action="request.task_changed", subject=request.ref, detail=detail
        )
    else:
        trail.record(
            session, act, action="request.task_added", subject=request.ref, detail=detail
        )
    return True


def _drop(session: Session, act: Act, request: Request, task_id: int) -> bool:
    """Take an action out of a plan; what was done of it stays on record."""
    _living(request, task_id).dropped_on = act.today
    trail.record(
        session,
        act,
        action="request.task_dropped",
        subject=request.ref,
        detail={"task": task_id},
    )
    return True


def _living(request: Request, task_id: int) -> Task:
    for each in request.tasks:
        if each.id == task_id and each.dropped_on is None:
            return each
    raise StaleError("Người khác vừa bỏ một hành động. Hãy xem bản mới rồi ghi lại.")
