"""Acts on requests: opened, and taken step by step from state to state."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms import refusals, trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.actions import proofs, queries, rules, time_rules
from qms.actions.models import Finding, Request, StepTaken, Task
from qms.actions.rules import Deed, Sheet, State, Step
from qms.text import nfc
from qms.trail import Act

NEEDS: Final[Mapping[Step, Permission]] = {
    Step.ANALYSE: Permission.ACTION_ANSWER,
    Step.SEND_BACK: Permission.ACTION_APPROVE,
    Step.APPROVE: Permission.ACTION_APPROVE,
    Step.BEGIN: Permission.ACTION_ANSWER,
    Step.REPLAN: Permission.ACTION_ANSWER,
    Step.FINISH: Permission.ACTION_ANSWER,
    Step.REJECT: Permission.ACTION_VERIFY,
    Step.VERIFY: Permission.ACTION_VERIFY,
    Step.CLOSE: Permission.ACTION_VERIFY,
    Step.CARRY_ON: Permission.ACTION_VERIFY,
    Step.ANNUL: Permission.ACTION_VERIFY,
}
"""What a step needs; an owner of one of the actions may also begin and hand in the work."""

BY_OWNER: Final = frozenset({Step.BEGIN, Step.FINISH})
_KEPT: Final = (
    *("state", "analysed_by", "analysed_on", "approved_by", "approved_on", "done_by"),
    *("done_on", "verified_by", "verified_on", "effect_due", "effect_by", "effect_on"),
)


@dataclass(frozen=True)
class Taking:
    """A step as somebody takes it; see :class:`qms.actions.rules.Deed`.

    ``due`` is the last day of the request that carries on, where the step makes one.
    """

    step: Step
    words: str = ""
    effect_due: date | None = None
    reopened: Collection[int] = ()
    due: date | None = None


def open_request(
    session: Session,
    act: Act,
    finding: Finding,
    *,
    due: date,
    minutes_on: date | None = None,
    predecessor: Request | None = None,
) -> Request:
    """Open a request about a finding; with ``predecessor`` it carries on one without effect."""
    year = act.today.year
    made = Request(
        finding_id=finding.id,
        predecessor_id=predecessor.id if predecessor else None,
        office_id=finding.office_id,
        unit_id=finding.unit_id,
        year=year,
        number=queries.next_number(session, Request, finding.office_id, year),
        state=State.PROPOSED,
        raised_by=act.actor,
        raised_on=act.today,
        minutes_on=minutes_on,
        due=due,
    )
    session.add(made)
    session.flush()
    trail.record(
        session,
        act,
        action="request.opened",
        subject=made.ref,
        detail={"finding": finding.id, "unit": finding.unit_id, "due": due},
    )
    return made


def take(session: Session, act: Act, request: Request, taking: Taking) -> Request | None:
    """Take a step, if state, gates and person allow it; return the request that carries on.

    Raises:
        RefusedError: the state or a gate forbids it.
        NotAllowedError: no post allows it, or it needs another person.
        InvalidError: a reason or a day is missing or can't be.

    """
    sheet = queries.sheet_of(session, request, act.today)
    if not (taking.step in BY_OWNER and owns(sheet, act.actor)):
        require(session, act.actor, NEEDS[taking.step], request.unit_id, act.today)
    return carry_out(session, act, request, taking)


def carry_out(session: Session, act: Act, request: Request, taking: Taking) -> Request | None:
    """Take a step for an act that has made sure itself that the person may."""
    sheet = queries.sheet_of(session, request, act.today)
    words = nfc(taking.words).strip()
    deed = Deed(
        step=taking.step,
        by=act.actor or 0,
        on=act.today,
        reason=words,
        effect_due=taking.effect_due,
        reopened=taking.reopened,
        heads=queries.heads(session, sheet.hands, request.raised_on, act.today),
    )
    with refusals.on_record(session, act, request.ref):
        after = rules.take(sheet, deed)
    if taking.step is Step.VERIFY:
        request.verified_words = words
    if taking.step in {Step.CLOSE, Step.CARRY_ON}:
        request.effect_words = words
    write(session, request, after)
    if taking.step is Step.CLOSE:
        request.finding.closed_by, request.finding.closed_on = act.actor, act.today
    note(session, act, request, taking.step.value, words)
    if taking.step is Step.REJECT:
        _reopen(session, act, request, sheet)
    trail.record(
        session,
        act,
        action=f"request.{taking.step.value}",
        subject=request.ref,
        detail={"reason": words, "day": after.effect_due},
    )
    if taking.step is not Step.CARRY_ON:
        return None
    minutes_on = request.minutes_on
    with refusals.on_record(session, act, request.ref):
        due = time_rules.next_due_day(request.finding.source, act.today, taking.due, minutes_on)
    return open_request(
        session, act, request.finding, due=due, minutes_on=minutes_on, predecessor=request
    )


def _reopen(session: Session, act: Act, request: Request, before: Sheet) -> None:
    """Note which actions have to be done once more; what proved them counts no longer."""
    done = {each.id for each in before.tasks if each.done_on is not None}
    for each in request.tasks:
        if each.id in done and each.done_on is None:
            note(session, act, request, proofs.REOPEN, each.words, each)


def owns(sheet: Sheet, person: int | None) -> bool:
    """Tell whether a person answers for one of the actions."""
    return any(each.owner == person for each in sheet.tasks)


def write(session: Session, request: Request, after: Sheet) -> None:
    """Write into the rows what the rules made of a request."""
    for name in _KEPT:
        setattr(request, name, getattr(after, name))
    tasks = {each.id: each for each in request.tasks}
    for each in after.tasks:
        tasks[each.id].done_by, tasks[each.id].done_on = each.done_by, each.done_on
    session.flush()


def note(
    session: Session,
    act: Act,
    request: Request,
    deed: str,
    words: str = "",
    task: Task | None = None,
) -> None:
    """Note in the course of a request who did what."""
    made = StepTaken(
        request_id=request.id,
        task_id=task.id if task else None,
        deed=deed,
        by=act.actor,
        day=act.today,
        at=act.at,
        words=words,
    )
    session.add(made)
