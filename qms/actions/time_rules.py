"""By when a request and its actions are due, what is overdue, and who may have more time."""

from datetime import date, timedelta
from typing import Final

from qms.actions.rules import WORKING, Sheet, Source, State, in_sentence
from qms.documents.rules import months_later
from qms.errors import InvalidError, NotAllowedError, RefusedError
from qms.gates import Gate
from qms.vietnamese import day as day_words

USUAL_DAYS: Final = 30
"""Days until a request is due where nobody says otherwise; an office sets its own."""
INSPECTION_MONTHS: Final = 2
"""After the minutes of a provincial inspection. Source: TT 26/2014/TT-BKHCN, Điều 37.2c."""


def check_task_day(sheet: Sheet, due: date, on: date) -> None:
    """Refuse an action due before the request was raised, or after it is due itself.

    Of a request that is late already every action can only come later.
    """
    if due < sheet.raised_on:
        raise InvalidError("Hạn của hành động không thể trước ngày lập phiếu.", gate=Gate.DAY)
    if due < on:
        raise InvalidError("Hạn của hành động không thể trước hôm nay.", gate=Gate.DAY)
    if due > sheet.due >= on:
        raise InvalidError("Hạn của hành động không thể sau hạn của phiếu.")


def overdue(sheet: Sheet, today: date) -> bool:
    """Tell whether work, or the look at its effect, is late."""
    if sheet.state is State.VERIFIED:
        return sheet.effect_due is not None and sheet.effect_due < today
    return sheet.state in WORKING and sheet.due < today


def check_minutes(minutes_on: date | None, on: date) -> None:
    """Refuse minutes signed on a day that is still to come, whatever led to a finding."""
    if minutes_on is not None and minutes_on > on:
        raise InvalidError("Ngày ký biên bản kiểm tra không thể sau hôm nay.", gate=Gate.DAY)


def due_day(
    source: Source, raised_on: date, asked: date | None, minutes_on: date | None
) -> date:
    """Return the last day of a request.

    Raises:
        InvalidError: the minutes of an inspection have no day, or the day asked for can't be.

    """
    check_minutes(minutes_on, raised_on)
    if source is Source.INSPECTION:
        if minutes_on is None:
            raise InvalidError("Hãy ghi ngày ký biên bản kiểm tra, không sau ngày lập phiếu.")
        latest = months_later(minutes_on, INSPECTION_MONTHS)
        return min(asked, latest) if asked and asked >= raised_on else latest
    if asked is not None and asked < raised_on:
        raise InvalidError("Hạn của phiếu không thể trước ngày lập.", gate=Gate.DAY)
    return asked or raised_on + timedelta(days=USUAL_DAYS)


def next_due_day(source: Source, on: date, asked: date | None, minutes_on: date | None) -> date:
    """Return the last day of a request that carries on one without effect, from ``on``.

    After an inspection the time since its minutes goes on running; once it is over, the
    request is due at once.

    Raises:
        InvalidError: the day asked for is in the past, or later than the inspection leaves.

    """
    usual = due_day(source, on, None, minutes_on)
    if source is not Source.INSPECTION:
        return due_day(source, on, asked, minutes_on)
    latest = max(usual, on)
    if asked is not None and not on <= asked <= latest:
        raise InvalidError(
            "Hạn của phiếu mới phải từ hôm nay đến %(latest)s: 2 tháng sau biên bản kiểm tra"
            " (Thông tư 26/2014/TT-BKHCN), đã quá thì là hôm nay.",
            gate=Gate.DAY,
            latest=day_words(latest),
        )
    return asked or latest


def check_extension(sheet: Sheet, source: Source, until: date, reason: str) -> None:
    """Refuse more time where none can be given, or without a reason."""
    if source is Source.INSPECTION:
        raise RefusedError(
            "Hạn 2 tháng sau biên bản kiểm tra do Thông tư 26/2014/TT-BKHCN đặt ra, cơ quan không"
            " tự gia hạn được."
        )
    if sheet.state not in WORKING:
        raise RefusedError(
            "Phiếu %(state)s nên không cần gia hạn.", state=in_sentence(sheet.state)
        )
    if until <= sheet.due:
        raise InvalidError("Hạn mới phải sau hạn đang có.")
    if not reason.strip():
        raise InvalidError("Hãy ghi lý do.")


def check_other(person: int, asker: int | None) -> None:
    """Refuse that somebody grants what they asked for themselves."""
    if person == asker:
        raise NotAllowedError(
            "Người đề nghị không tự phê duyệt đề nghị của mình.", gate=Gate.OWN_WISH
        )
