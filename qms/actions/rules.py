"""Findings and what is done about them: the states of a request, and the gates between them.

Pure: days and people come in as values. What a request is at some moment is a :class:`Sheet`;
:func:`take` gives the next one or refuses. People are known by number, whatever post or deputy's
post they use. Source: ISO 9001:2015, 10.2; Thông tư 26/2014/TT-BKHCN, Điều 37.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from qms.errors import N_, InvalidError, NotAllowedError, RefusedError
from qms.gates import Gate


class Grade(StrEnum):
    """How heavy a finding weighs."""

    MAJOR = "major"
    MINOR = "minor"
    REMARK = "remark"
    OPPORTUNITY = "opportunity"


class Source(StrEnum):
    """Where a finding comes from."""

    AUDIT = "audit"
    INSPECTION = "inspection"
    COMPLAINT = "complaint"
    LATE_WORK = "late_work"
    MANAGEMENT_REVIEW = "management_review"
    OBSERVATION = "observation"


class State(StrEnum):
    """Where a request stands; overdue is a question asked of days, not a state."""

    PROPOSED = "proposed"
    ANALYSED = "analysed"
    APPROVED = "approved"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    VERIFIED = "verified"
    CLOSED = "closed"
    CARRIED_ON = "carried_on"
    ANNULLED = "annulled"


class Step(StrEnum):
    """What moves a request from state to state."""

    ANALYSE = "analyse"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    BEGIN = "begin"
    REPLAN = "replan"
    FINISH = "finish"
    REJECT = "reject"
    VERIFY = "verify"
    CLOSE = "close"
    CARRY_ON = "carry_on"
    ANNUL = "annul"


NEED_REQUEST: Final = frozenset({Grade.MAJOR, Grade.MINOR})
"""What words alone do not settle."""

NEXT: Final[Mapping[tuple[State, Step], State]] = {
    (State.PROPOSED, Step.ANALYSE): State.ANALYSED,
    (State.ANALYSED, Step.SEND_BACK): State.PROPOSED,
    (State.ANALYSED, Step.APPROVE): State.APPROVED,
    (State.APPROVED, Step.BEGIN): State.IN_PROGRESS,
    (State.APPROVED, Step.REPLAN): State.PROPOSED,
    (State.IN_PROGRESS, Step.REPLAN): State.PROPOSED,
    (State.IN_PROGRESS, Step.FINISH): State.DONE,
    (State.DONE, Step.REJECT): State.IN_PROGRESS,
    (State.DONE, Step.VERIFY): State.VERIFIED,
    (State.VERIFIED, Step.CLOSE): State.CLOSED,
    (State.VERIFIED, Step.CARRY_ON): State.CARRIED_ON,
}
"""The way through; annulment leads out of every state that is not an end."""

ENDS: Final = frozenset({State.CLOSED, State.CARRIED_ON, State.ANNULLED})
WORKING: Final = frozenset({State.PROPOSED, State.ANALYSED, State.APPROVED, State.IN_PROGRESS})
"""States in which the unit still has something to do before the last day."""
AT_WORK: Final = frozenset({State.APPROVED, State.IN_PROGRESS})
BACK: Final = frozenset({Step.SEND_BACK, Step.REPLAN, Step.REJECT, Step.ANNUL})
"""Steps back or out, which need a reason."""
LOOKING: Final = frozenset({Step.VERIFY, Step.REJECT, Step.CLOSE, Step.CARRY_ON})
"""Steps of another pair of eyes."""

STATE_WORDS: Final[Mapping[State, str]] = {
    State.PROPOSED: N_("Chờ phân tích, lập kế hoạch"),
    State.ANALYSED: N_("Chờ phê duyệt"),
    State.APPROVED: N_("Đã phê duyệt"),
    State.IN_PROGRESS: N_("Đang thực hiện"),
    State.DONE: N_("Chờ kiểm tra xác nhận"),
    State.VERIFIED: N_("Chờ kiểm tra hiệu lực"),
    State.CLOSED: N_("Đã đóng"),
    State.CARRIED_ON: N_("Đã chuyển tiếp"),
    State.ANNULLED: N_("Đã hủy"),
}
"""What a state is called wherever it is named, on pages and on paper."""

EFFECT_SEEN_WITHIN: Final = timedelta(days=366)
"""After work was verified, by when its effect must be looked at."""


@dataclass(frozen=True)
class Task:
    """One action of a plan. ``proven``: there is evidence that it was done."""

    id: int
    owner: int
    due: date
    done_by: int | None = None
    done_on: date | None = None
    proven: bool = False


@dataclass(frozen=True)
class Sheet:
    """A request at some moment.

    ``workers``: all who ever did, proved or handed in its work; ``writers``: all who ever wrote
    something of its analysis or plan.
    """

    raised_on: date
    due: date
    state: State = State.PROPOSED
    correction: bool = False
    cause: bool = False
    extent: bool = False
    tasks: tuple[Task, ...] = ()
    workers: frozenset[int] = frozenset()
    writers: frozenset[int] = frozenset()
    analysed_by: int | None = None
    analysed_on: date | None = None
    approved_by: int | None = None
    approved_on: date | None = None
    done_by: int | None = None
    done_on: date | None = None
    verified_by: int | None = None
    verified_on: date | None = None
    effect_due: date | None = None
    effect_by: int | None = None
    effect_on: date | None = None

    @property
    def hands(self) -> frozenset[int]:
        """Everybody whose work it is: owners, and whoever worked on it before."""
        return self.workers | {each.owner for each in self.tasks}

    @property
    def planners(self) -> frozenset[int]:
        """Everybody whose plan it is: whoever wrote of it, and whoever submitted it."""
        submitted = set() if self.analysed_by is None else {self.analysed_by}
        return self.writers | submitted


@dataclass(frozen=True)
class Deed:
    """Who takes a step, on which day. ``heads``: the heads of the units of each of the hands.

    ``effect_due`` is the day from which the effect can be judged; ``reopened`` are the actions
    that were not done after all, all where none is named.
    """

    step: Step
    by: int
    on: date
    reason: str = ""
    effect_due: date | None = None
    reopened: Collection[int] = ()
    heads: Mapping[int, Collection[int]] = field(default_factory=dict)


def take(sheet: Sheet, deed: Deed) -> Sheet:
    """Return the request after a step.

    Raises:
        RefusedError: the state or a gate forbids it.
        NotAllowedError: it needs another person.
        InvalidError: a reason or a day is missing or can't be.

    """
    state = _next(sheet.state, deed.step)
    if deed.step in BACK and not deed.reason.strip():
        raise InvalidError("Hãy ghi lý do.")
    if deed.step in LOOKING:
        _check_eyes(sheet, deed)
    if deed.on < sheet.raised_on:
        raise InvalidError("Ngày này trước ngày lập phiếu.")
    after = replace(sheet, state=state)
    return _TAKEN.get(deed.step, _nothing)(after, deed)


def in_sentence(state: State) -> str:
    """Return what a state is called within a sentence."""
    words = STATE_WORDS[state]
    return words[:1].lower() + words[1:]


def _next(state: State, step: Step) -> State:
    if step is Step.ANNUL and state not in ENDS:
        return State.ANNULLED
    try:
        return NEXT[state, step]
    except KeyError:
        raise RefusedError(
            "Phiếu %(state)s nên không làm bước này được.", state=in_sentence(state)
        ) from None


def barred(sheet: Sheet, heads: Mapping[int, Collection[int]]) -> frozenset[int]:
    """Return who may not judge the work: whose it is, and the heads of their units."""
    return sheet.hands.union(*(heads.get(each, ()) for each in sheet.hands))


def _check_eyes(sheet: Sheet, deed: Deed) -> None:
    if deed.by in sheet.hands:
        raise NotAllowedError(
            "Người thực hiện hoặc chịu trách nhiệm không tự kiểm tra việc của mình, dù dùng chức"
            " trách khác hay ký thay.",
            gate=Gate.OWN_WORK,
        )
    if deed.by in barred(sheet, deed.heads):
        raise NotAllowedError(
            "Trưởng đơn vị của người thực hiện không kiểm tra xác nhận việc này.",
            gate=Gate.UNIT_HEAD,
        )


def check_plan(sheet: Sheet) -> None:
    """Refuse a plan that lacks its correction, its cause, its extent or its actions."""
    missing = [
        words
        for there, words in (
            (sheet.correction, RefusedError("chưa ghi khắc phục ngay")),
            (sheet.cause, RefusedError("chưa ghi nguyên nhân")),
            (sheet.extent, RefusedError("chưa ghi việc tương tự ở nơi khác")),
            (bool(sheet.tasks), RefusedError("chưa có hành động nào")),
        )
        if not there
    ]
    if missing:
        raise RefusedError("Phiếu chưa đủ để trình phê duyệt.", parts=missing)


def check_done(sheet: Sheet) -> None:
    """Refuse to call done what is not: a cause, and actions done with evidence."""
    check_plan(replace(sheet, correction=True))
    undone = sum(each.done_on is None for each in sheet.tasks)
    if undone:
        raise RefusedError(
            "Còn %(count)s hành động chưa làm xong.", gate=Gate.UNPROVEN, count=undone
        )
    bare = sum(not each.proven for each in sheet.tasks)
    if bare:
        raise RefusedError(
            "Còn %(count)s hành động chưa có bằng chứng.", gate=Gate.UNPROVEN, count=bare
        )


def _analysed(sheet: Sheet, deed: Deed) -> Sheet:
    check_plan(sheet)
    return replace(sheet, analysed_by=deed.by, analysed_on=deed.on)


def _approved(sheet: Sheet, deed: Deed) -> Sheet:
    check_plan(sheet)
    if deed.by in sheet.planners:
        raise NotAllowedError(
            "Người lập phân tích, kế hoạch không tự phê duyệt.", gate=Gate.OWN_PLAN
        )
    return replace(sheet, approved_by=deed.by, approved_on=deed.on)


def _back_to_plan(sheet: Sheet, deed: Deed) -> Sheet:
    del deed
    return replace(
        sheet, analysed_by=None, analysed_on=None, approved_by=None, approved_on=None
    )


def _finished(sheet: Sheet, deed: Deed) -> Sheet:
    check_done(sheet)
    return replace(sheet, done_by=deed.by, done_on=deed.on, workers=sheet.workers | {deed.by})


def _rejected(sheet: Sheet, deed: Deed) -> Sheet:
    tasks = tuple(
        replace(each, done_by=None, done_on=None)
        if each.id in deed.reopened or not deed.reopened
        else each
        for each in sheet.tasks
    )
    return replace(sheet, tasks=tasks, done_by=None, done_on=None)


def _verified(sheet: Sheet, deed: Deed) -> Sheet:
    check_done(sheet)
    if sheet.done_on is None or deed.on < sheet.done_on:
        raise InvalidError("Không xác nhận trước ngày làm xong.")
    if deed.effect_due is None or deed.effect_due <= deed.on:
        raise InvalidError("Ngày kiểm tra hiệu lực phải sau ngày xác nhận thực hiện.")
    if deed.effect_due - deed.on > EFFECT_SEEN_WITHIN:
        raise InvalidError("Kiểm tra hiệu lực chậm nhất 12 tháng sau khi xác nhận thực hiện.")
    return replace(sheet, verified_by=deed.by, verified_on=deed.on, effect_due=deed.effect_due)


def _judged(sheet: Sheet, deed: Deed) -> Sheet:
    check_done(sheet)
    if sheet.effect_due is None or deed.on < sheet.effect_due:
        raise RefusedError(
            "Chưa đến ngày kiểm tra hiệu lực; hãy để thời gian cho thấy kết quả."
        )
    if deed.step is Step.CARRY_ON and not deed.reason.strip():
        raise InvalidError("Hãy ghi vì sao hành động chưa có hiệu lực.")
    return replace(sheet, effect_by=deed.by, effect_on=deed.on)


def _nothing(sheet: Sheet, deed: Deed) -> Sheet:
    del deed
    return sheet


_TAKEN: Final = {
    Step.ANALYSE: _analysed,
    Step.APPROVE: _approved,
    Step.SEND_BACK: _back_to_plan,
    Step.REPLAN: _back_to_plan,
    Step.FINISH: _finished,
    Step.REJECT: _rejected,
    Step.VERIFY: _verified,
    Step.CLOSE: _judged,
    Step.CARRY_ON: _judged,
}
