"""When units are audited, which steps an audit may take, and what each step needs. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Final

from qms.errors import InvalidError, RefusedError
from qms.vietnamese import day as day_words

NOTICE_LEAST: Final = 5
"""Days a unit knows of its audit before it begins; with fewer a reason is printed."""
NOTICE_MOST: Final = 7
"""Days before which a notice is early; the desk asks for it from then on."""

MOST_DAYS_NAMED: Final = 5
"""Most days off that one sentence names."""


class State(StrEnum):
    """How far an audit has come."""

    PLANNED = "planned"
    NOTIFIED = "notified"
    UNDER_WAY = "under_way"
    REPORTED = "reported"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What takes an audit on."""

    NOTIFY = "notify"
    BEGIN = "begin"
    REPORT = "report"
    REOPEN = "reopen"
    CLOSE = "close"
    CANCEL = "cancel"


NEXT: Final[Mapping[tuple[State, Step], State]] = {
    (State.PLANNED, Step.NOTIFY): State.NOTIFIED,
    (State.PLANNED, Step.CANCEL): State.CANCELLED,
    (State.NOTIFIED, Step.BEGIN): State.UNDER_WAY,
    (State.NOTIFIED, Step.CANCEL): State.CANCELLED,
    (State.UNDER_WAY, Step.REPORT): State.REPORTED,
    (State.REPORTED, Step.REOPEN): State.UNDER_WAY,
    (State.REPORTED, Step.CLOSE): State.CLOSED,
}

OPEN: Final = frozenset({State.PLANNED, State.NOTIFIED, State.UNDER_WAY, State.REPORTED})
"""The states in which an audit is not over."""
COMING: Final = frozenset({State.PLANNED, State.NOTIFIED})
"""The states before it begins, in which what it is about may still change."""
TOOK_PLACE: Final = frozenset({State.UNDER_WAY, State.REPORTED, State.CLOSED})


class Duty(StrEnum):
    """What somebody is in a team."""

    LEAD = "lead"
    AUDITOR = "auditor"
    TRAINEE = "trainee"


class Session(StrEnum):
    """What an hour of the plan is for."""

    OPENING = "opening"
    AUDIT = "audit"
    TEAM = "team"
    CLOSING = "closing"


class Meeting(StrEnum):
    """The meetings at which people sign that they were there."""

    OPENING = "opening"
    CLOSING = "closing"


def advance(state: State, step: Step) -> State:
    """Return the state after a step.

    Raises:
        RefusedError: an audit in this state does not take it.

    """
    try:
        return NEXT[state, step]
    except KeyError:
        raise RefusedError(
            "Cuộc đánh giá không còn ở bước này. Mời xem lại tình trạng rồi làm tiếp."
        ) from None


@dataclass(frozen=True)
class Days:
    """The days an audit takes, and the period it looks at; both ends included."""

    first: date
    last: date
    period_first: date
    period_last: date

    @property
    def spans(self) -> tuple[tuple[date, date], tuple[date, date]]:
        """Return the days on which independence is asked for."""
        return (self.period_first, self.period_last), (self.first, self.last)


def check_days(days: Days) -> None:
    """Refuse days in the wrong order, and a period that ends after the audit."""
    if days.last < days.first:
        raise InvalidError("Ngày kết thúc không thể trước ngày bắt đầu.")
    if days.period_last < days.period_first:
        raise InvalidError("Kỳ được đánh giá phải kết thúc sau khi bắt đầu.")
    if days.period_last > days.last:
        raise InvalidError("Kỳ được đánh giá không thể kéo dài sau ngày đánh giá cuối cùng.")


def check_to_come(first: date, today: date) -> None:
    """Refuse to plan an audit for a day that has gone by."""
    if first < today:
        raise InvalidError(
            "Ngày %(day)s đã qua. Hãy chọn ngày từ hôm nay trở đi.", day=day_words(first)
        )


def check_worked(off: Sequence[date], *, meant: bool) -> None:
    """Refuse days on which nobody works, unless they are meant."""
    if off and not meant:
        shown = ", ".join(map(day_words, off[:MOST_DAYS_NAMED]))
        raise InvalidError(
            "Có ngày nghỉ trong những ngày đánh giá: %(days)s. Hãy đổi ngày, hoặc đánh dấu xác"
            " nhận vẫn đánh giá vào ngày nghỉ.",
            days=shown,
        )


def check_outside(units: Sequence[str], reason: str) -> None:
    """Refuse to audit units outside the approved programme without a reason."""
    if units and not reason:
        raise InvalidError(
            "Chương trình đã phê duyệt không còn lượt nào cho %(units)s. Hãy ghi lý do đánh giá"
            " ngoài chương trình.",
            units="; ".join(units),
        )


def check_notice(first: date, today: date, reason: str) -> None:
    """Refuse a notice that comes late without a reason, or after the audit has begun."""
    if today >= first:
        raise RefusedError(
            "Cuộc đánh giá bắt đầu ngày %(day)s. Hãy dời ngày rồi mới thông báo.",
            day=day_words(first),
        )
    if (first - today).days < NOTICE_LEAST and not reason:
        raise InvalidError(
            "Thông báo cách ngày đánh giá chưa đủ %(least)s ngày. Hãy ghi lý do; lý do được in"
            " trong thông báo.",
            least=NOTICE_LEAST,
        )


def check_plan_change(reason: str) -> None:
    """Refuse to change hours that units were told of without a reason."""
    if not reason:
        raise InvalidError(
            "Đơn vị đã được thông báo kế hoạch. Hãy ghi lý do thay đổi; trưởng đơn vị thấy thay"
            " đổi trong việc của mình."
        )


@dataclass(frozen=True)
class Hour:
    """One line of the plan: a day, from when to when, of which unit, with whom."""

    day: date
    begins: time
    ends: time
    session: Session
    unit_id: int | None = None
    auditors: frozenset[int] = frozenset()


def check_hour(hour: Hour, days: Days, others: Iterable[Hour], team: Collection[int]) -> None:
    """Refuse an hour outside the audit, without an auditor, or when one is elsewhere."""
    if not days.first <= hour.day <= days.last:
        raise InvalidError(
            "Kế hoạch nằm trong những ngày đánh giá, từ %(first)s đến %(last)s.",
            first=day_words(days.first),
            last=day_words(days.last),
        )
    if hour.ends <= hour.begins:
        raise InvalidError("Giờ kết thúc phải sau giờ bắt đầu.")
    if hour.session is not Session.AUDIT:
        return
    if hour.unit_id is None or not hour.auditors:
        raise InvalidError("Hãy chọn đơn vị được đánh giá và người đánh giá.")
    if not hour.auditors <= set(team):
        raise InvalidError("Người đánh giá phải là thành viên của đoàn.")
    for other in others:
        meets = other.day == hour.day and hour.begins < other.ends and other.begins < hour.ends
        if meets and not hour.auditors.isdisjoint(other.auditors):
            raise InvalidError(
                "Từ %(begins)s đến %(ends)s cùng ngày đã xếp người này vào việc khác.",
                begins=f"{other.begins:%H:%M}",
                ends=f"{other.ends:%H:%M}",
            )


@dataclass(frozen=True)
class Ready:
    """What stands of an audit when it wants to take a step."""

    lead: bool
    decided: bool
    units: frozenset[int]
    planned_units: frozenset[int]
    opening: int = 0
    closing: int = 0
    unanswered: int = 0
    unraised: int = 0
    conclusion: str = ""
    open_findings: int = 0


def lacking_to_notify(ready: Ready) -> list[RefusedError]:
    """Return what lacks before a notice: a team, its decision, and hours for each unit."""
    left = len(ready.units - ready.planned_units)
    return _where(
        (not ready.lead, RefusedError("Đoàn chưa có trưởng đoàn.")),
        (not ready.decided, RefusedError("Chưa có quyết định thành lập đoàn.")),
        (left, RefusedError("Còn %(count)s đơn vị chưa xếp giờ trong kế hoạch.", count=left)),
    )


def lacking_to_report(ready: Ready) -> list[RefusedError]:
    """Return what lacks before a report: meetings, answers, sheets, a conclusion."""
    unanswered, unraised = ready.unanswered, ready.unraised
    return _where(
        (not ready.lead, RefusedError("Đoàn chưa có trưởng đoàn.")),
        (not ready.decided, RefusedError("Chưa có quyết định thành lập đoàn.")),
        (not ready.opening, RefusedError("Chưa ghi họp mở đầu và người dự.")),
        (
            unanswered,
            RefusedError("Còn %(count)s dòng của phiếu chưa trả lời.", count=unanswered),
        ),
        (
            unraised,
            RefusedError(
                "Còn %(count)s dòng không phù hợp chưa lập phát hiện.", count=unraised
            ),
        ),
        (not ready.conclusion, RefusedError("Chưa viết kết luận của đoàn.")),
        (not ready.closing, RefusedError("Chưa ghi họp kết thúc và người dự.")),
    )


def lacking_to_close(ready: Ready) -> list[RefusedError]:
    """Return what lacks before the end: findings that are still open."""
    count = ready.open_findings
    words = "Còn %(count)s phát hiện chưa đóng. Đóng hết rồi mới đóng cuộc đánh giá."
    return _where((count, RefusedError(words, count=count)))


def lacking(state: State, ready: Ready) -> list[RefusedError]:
    """Return what an audit in a state lacks before it may take its next step."""
    asks = {
        State.PLANNED: lacking_to_notify,
        State.NOTIFIED: lacking_to_notify,
        State.UNDER_WAY: lacking_to_report,
        State.REPORTED: lacking_to_close,
    }
    return asks[state](ready) if state in asks else []


def check_ready_to_notify(ready: Ready) -> None:
    """Refuse a notice before there is a team, its decision, and hours for each unit."""
    _refuse("Chưa thông báo được:", lacking_to_notify(ready))


def check_ready_to_begin(ready: Ready) -> None:
    """Refuse to begin what was changed since the notice and lacks a team, decision or hours."""
    _refuse("Chưa bắt đầu được:", lacking_to_notify(ready))


def check_ready_to_report(ready: Ready) -> None:
    """Refuse a report before both meetings, all answers, all sheets and a conclusion."""
    _refuse("Chưa báo cáo được:", lacking_to_report(ready))


def check_ready_to_close(ready: Ready) -> None:
    """Refuse to close an audit some of whose findings are still open."""
    for each in lacking_to_close(ready):
        raise each


def check_begins(first: date, today: date) -> None:
    """Refuse to begin an audit before its first day."""
    if today < first:
        raise RefusedError("Cuộc đánh giá bắt đầu từ ngày %(day)s.", day=day_words(first))


def notice_from(first: date) -> date:
    """Return the day from which the notice of an audit is due."""
    return first - timedelta(days=NOTICE_MOST)


def _where(*asked: tuple[object, RefusedError]) -> list[RefusedError]:
    return [words for lacks, words in asked if lacks]


def _refuse(sentence: str, wrong: Sequence[RefusedError]) -> None:
    if wrong:
        refusal = RefusedError(sentence, parts=wrong)
        raise refusal
