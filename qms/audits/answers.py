"""What auditors answer to a checklist, on one tablet or on two, and how late dossiers were. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from qms.errors import InvalidError
from qms.gates import Gate

NOTE_LENGTH: Final = 4_000


class Source(StrEnum):
    """Where a line of a checklist comes from."""

    STEP = "step"
    LIMIT = "limit"
    PROCEDURE = "procedure"
    FORM = "form"
    DOCUMENT = "document"
    CLAUSE = "clause"
    FINDING = "finding"
    OBSERVATION = "observation"
    OWN = "own"


class Result(StrEnum):
    """What was found at a line."""

    CONFORM = "conform"
    NONCONFORMING = "nonconforming"
    REMARK = "remark"
    NOT_CHECKED = "not_checked"


_WEIGHT: Final = (Result.NOT_CHECKED, Result.CONFORM, Result.REMARK, Result.NONCONFORMING)


@dataclass(frozen=True)
class Said:
    """One answer: what, in which words, by whom, and which answer its device had seen before.

    ``said_at`` is told by the device, ``number`` by the order in which answers came in.
    """

    number: int
    result: Result
    note: str
    by: int
    said_at: datetime
    basis: int | None = None


OF_MERGES: Final = "merge-"
"""How the names begin that the server gives to answers it joined."""


def check_token(token: str, *, taken: bool) -> None:
    """Refuse the name of an answer, dossier or file that something else bears or may bear."""
    if taken or token.startswith(OF_MERGES):
        raise InvalidError(
            "Mục này trùng tên với mục đã gửi. Hãy tải lại trang rồi ghi lại.",
            gate=Gate.ANSWERED_TWICE,
        )


def meet(last: Said | None, new: Said) -> bool:
    """Tell whether an answer was given without knowing the last one: on another device."""
    return (
        last is not None
        and new.basis != last.number
        and ((last.result, last.note) != (new.result, new.note))
    )


def merged(last: Said, new: Said) -> tuple[Result, str]:
    """Return what stands where two devices answered the same line: the graver, and both notes."""
    result = max(last.result, new.result, key=_WEIGHT.index)
    notes = [last.note]
    if new.note and new.note not in last.note:
        notes.append(new.note)
    return result, "\n".join(note for note in notes if note)[:NOTE_LENGTH]


def check_note(result: Result, note: str) -> None:
    """Refuse a finding without words: nobody could act on it."""
    if result in {Result.NONCONFORMING, Result.REMARK} and not note:
        raise InvalidError("Hãy ghi đã thấy gì: bằng chứng của điều không phù hợp hoặc lưu ý.")
    if len(note) > NOTE_LENGTH:
        raise InvalidError("Ghi chú dài nhất %(most)s chữ.", most=NOTE_LENGTH)


@dataclass(frozen=True)
class Dossier:
    """A sampled dossier: when it came, was due, and went back; not yet: None."""

    received: date
    due: date | None
    returned: date | None


def check_dossier(dossier: Dossier) -> None:
    """Refuse days that no dossier can have."""
    if dossier.due is not None and dossier.due < dossier.received:
        raise InvalidError("Ngày hẹn trả không thể trước ngày nhận.")
    if dossier.returned is not None and dossier.returned < dossier.received:
        raise InvalidError("Ngày trả không thể trước ngày nhận.")


def days_late(dossier: Dossier, works: Callable[[date], bool], today: date) -> int:
    """Return by how many working days a dossier is late; one not returned is late until today."""
    if dossier.due is None:
        return 0
    end = dossier.returned if dossier.returned is not None else today
    return sum(map(works, _days_after(dossier.due, end)))


def _days_after(day: date, last: date) -> Iterable[date]:
    return (day + timedelta(days=n) for n in range(1, (last - day).days + 1))
