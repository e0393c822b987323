"""What waits because of findings: to be analysed, approved, done, looked at, answered, closed, taken over."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from qms.accounts.rules import Permission
from qms.actions import queries
from qms.actions.models import Extension, Finding, Request, StepTaken, Task
from qms.actions.rules import AT_WORK, ENDS, NEED_REQUEST, State, Step
from qms.duties import Ask, Bearer, Duty
from qms.errors import N_
from qms.units.models import Unit
from qms.units.queries import last_name

MOST: Final = 100
"""Findings that the desk looks at; the rest stand in the lists."""

SHORT: Final = 120

NEXT: Final[Mapping[State, tuple[Permission, str]]] = {
    State.PROPOSED: (Permission.ACTION_ANSWER, N_("Phân tích nguyên nhân, lập kế hoạch")),
    State.ANALYSED: (Permission.ACTION_APPROVE, N_("Phê duyệt kế hoạch khắc phục")),
    State.IN_PROGRESS: (Permission.ACTION_ANSWER, N_("Gửi kiểm tra xác nhận phiếu khắc phục")),
    State.DONE: (Permission.ACTION_VERIFY, N_("Kiểm tra xác nhận đã thực hiện")),
    State.VERIFIED: (Permission.ACTION_VERIFY, N_("Kiểm tra hiệu lực khắc phục")),
}
"""Who takes the next step of a request in each state, and what it is."""


def waiting(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return all that this person may do next about findings, in one question."""
    found: list[Duty] = []
    several = len({unit for each in _SHARED for unit in _units(who, each)}) > 1
    seen, handed = set[int](), set[int]()
    for row in session.execute(_query(who, today)):
        finding, request, task, extension = row[:4]
        unit = row.unit if several else ""
        if row.hand_on and finding.id not in handed:
            handed.add(finding.id)
            words = N_("Nhận phát hiện của đơn vị đã kết thúc")
            found.append(_of_finding(finding, words, row.unit))
        if request is None:
            found += _in_words(finding, unit) if row.in_words else ()
            continue
        since = row.since or finding.raised_at
        if task is not None:
            found.append(_task(task, request, unit, since, today))
        if request.id in seen:
            continue
        seen.add(request.id)
        if extension is not None:
            words = N_("Trả lời đề nghị gia hạn")
            found.append(_duty(words, request, extension.reason, unit, since, today))
        if _waits(request, who, today, row):
            words = NEXT[request.state][1]
            found.append(_duty(words, request, finding.text, unit, since, today))
    return found


_SHARED: Final = (
    Permission.ACTION_ANSWER,
    Permission.ACTION_APPROVE,
    Permission.ACTION_VERIFY,
)
"""What several people may do, in units of which a duty has to be told."""

_EACH: Final = aliased(Task)
_UNDONE: Final = sa.exists().where(
    _EACH.request_id == Request.id, _EACH.done_on.is_(None), _EACH.dropped_on.is_(None)
)
"""Whether actions of a request are left to do."""

_SINCE: Final = (
    sa.select(sa.func.max(StepTaken.at))
    .where(
        StepTaken.request_id.in_((Request.id, Request.predecessor_id)),
        StepTaken.deed.in_([each.value for each in Step]),
    )
    .scalar_subquery()
)
"""When a request, or the one it carries on, last took a step."""


def _wrote(person: int) -> sa.ColumnElement[bool]:
    """Return the condition that a person wrote of the plan of a request."""
    return sa.or_(
        Request.analysed_by == person,
        sa.exists().where(
            StepTaken.request_id == Request.id,
            StepTaken.deed == "write",
            StepTaken.by == person,
        ),
    )


def _next_step(who: Bearer, today: date) -> sa.ColumnElement[bool]:
    """Return the condition for requests whose next step this person may take."""
    steps = [
        sa.and_(Request.state == state, Request.unit_id.in_(_units(who, permission)))
        for state, (permission, _) in NEXT.items()
    ]
    return sa.and_(
        sa.or_(*steps),
        sa.or_(Request.state != State.VERIFIED, Request.effect_due <= today),
        sa.or_(Request.state != State.ANALYSED, ~_wrote(who.id)),
        sa.or_(Request.state != State.IN_PROGRESS, ~_UNDONE),
        sa.or_(Request.state != State.DONE, Request.done_by != who.id),
    )


def _query(who: Bearer, today: date) -> sa.Select[*tuple[Any, ...]]:
    approves = _units(who, Permission.ACTION_APPROVE)
    answers = _units(who, Permission.ACTION_ANSWER)
    to_answer = sa.and_(Finding.answered_on.is_(None), Finding.unit_id.in_(answers))
    verifies = _units(who, Permission.ACTION_VERIFY)
    closes = sa.and_(queries.unled(), Finding.unit_id.in_(verifies))
    to_close = sa.and_(Finding.answered_by != who.id, sa.or_(Finding.lead_id == who.id, closes))
    in_words = sa.and_(Finding.grade.not_in(NEED_REQUEST), sa.or_(to_answer, to_close))
    ended = sa.select(Unit.id).where(
        Unit.last_day < today,
        Unit.id.in_(queries.ended_before(_units(who, Permission.ACTION_HAND_ON))),
    )
    hand_on = Finding.unit_id.in_(ended)
    own = sa.and_(
        Task.request_id == Request.id,
        Request.state.in_(AT_WORK),
        Task.owner_id == who.id,
        Task.done_on.is_(None),
        Task.dropped_on.is_(None),
    )
    asked = sa.and_(
        Extension.request_id == Request.id,
        Extension.granted.is_(None),
        Extension.asked_by != who.id,
        Request.unit_id.in_(approves),
    )
    open_ = sa.and_(Request.finding_id == Finding.id, Request.state.not_in(ENDS))
    return (
        sa.select(
            *(Finding, Request, Task, Extension),
            hand_on.label("hand_on"),
            in_words.label("in_words"),
            _UNDONE.label("undone"),
            _wrote(who.id).label("wrote"),
            last_name(Finding.unit_id).label("unit"),
            _SINCE.label("since"),
        )
        .select_from(Finding)
        .outerjoin(Request, open_)
        .outerjoin(Task, own)
        .outerjoin(Extension, asked)
        .where(queries.is_open())
        .where(
            sa.or_(
                *(_next_step(who, today), in_words, hand_on),
                *(Task.id.is_not(None), Extension.id.is_not(None)),
            )
        )
        .order_by(Request.due, Finding.id, Task.id)
        .limit(MOST)
    )


def _units(who: Bearer, permission: Permission) -> list[int]:
    return sorted(who.reach.get(permission, frozenset()))


def _waits(request: Request, who: Bearer, today: date, row: Any) -> bool:  # noqa: ANN401 - of the question
    """Tell whether the next step of a request is for this person, as the question has it."""
    if request.state not in NEXT or request.unit_id not in _units(who, NEXT[request.state][0]):
        return False
    if request.state is State.IN_PROGRESS:
        return not row.undone
    if request.state is State.ANALYSED:
        return not row.wrote
    if request.state is State.VERIFIED:
        return request.effect_due is not None and request.effect_due <= today
    return request.state is not State.DONE or request.done_by != who.id


def _task(task: Task, request: Request, unit: str, since: datetime, today: date) -> Duty:
    return Duty(
        kind=N_("Thực hiện hành động khắc phục"),
        title=task.words[:SHORT],
        link=f"/actions/requests/{request.id}",
        state="late" if task.due < today else "today",
        words=_words(request.code, unit),
        since=since,
        due=task.due,
    )


def _in_words(finding: Finding, unit: str) -> Iterator[Duty]:
    if finding.grade in NEED_REQUEST:
        return
    answered = finding.answered_on is not None
    words = N_("Đóng phát hiện đã trả lời") if answered else N_("Trả lời phát hiện")
    yield _of_finding(finding, words, unit)


def _of_finding(finding: Finding, kind: str, unit: str) -> Duty:
    return Duty(
        kind=kind,
        title=finding.text[:SHORT],
        link=f"/actions/findings/{finding.id}",
        state="in_review",
        words=_words(finding.code, unit),
        since=finding.raised_at,
    )


def _words(code: str, unit: str | None) -> str:
    return f"{code} · {unit}" if unit else code


def _duty(
    kind: str, request: Request, text: str, unit: str, since: datetime, today: date
) -> Duty:
    """Return the next step of a request; its effect is looked at from a day of its own."""
    judged = request.effect_due if request.state is State.VERIFIED else None
    due = judged or request.due
    late = due < today and request.state is not State.DONE
    return Duty(
        kind=kind,
        title=text[:SHORT],
        link=f"/actions/requests/{request.id}",
        state="late" if late else "in_review",
        words=_words(request.code, unit),
        since=since,
        due=due,
    )


DUTIES: Final[tuple[Ask, ...]] = (waiting,)
