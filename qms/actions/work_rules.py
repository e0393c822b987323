"""When a plan may be changed, and when its actions may be proved and done."""

from dataclasses import replace
from datetime import date
from typing import Final

from qms.actions.rules import AT_WORK, Sheet, State, in_sentence
from qms.errors import InvalidError, RefusedError
from qms.gates import Gate

_NOT_NEEDED: Final = "không cần"
_BECAUSE: Final = "vì"


def prove(sheet: Sheet, task_id: int, by: int) -> Sheet:
    """Return the request after somebody added evidence to an action; work has begun by it.

    Raises:
        RefusedError: the plan is not approved, or the work is handed in.

    """
    _check_at_work(sheet)
    tasks = tuple(
        replace(each, proven=True) if each.id == task_id else each for each in sheet.tasks
    )
    return replace(sheet, state=State.IN_PROGRESS, tasks=tasks, workers=sheet.workers | {by})


def do(sheet: Sheet, task_id: int, by: int, on: date) -> Sheet:
    """Return the request after an action was done.

    Raises:
        RefusedError: there is no evidence, it is done, or this is not the time.

    """
    _check_at_work(sheet)
    task = next((each for each in sheet.tasks if each.id == task_id), None)
    if task is None or task.done_on is not None:
        raise RefusedError("Hành động này đã ghi xong rồi.")
    if not task.proven:
        raise RefusedError("Hãy đính kèm bằng chứng rồi mới báo làm xong.", gate=Gate.UNPROVEN)
    if on < sheet.raised_on:
        raise InvalidError("Ngày này trước ngày lập phiếu.")
    tasks = tuple(
        replace(each, done_by=by, done_on=on) if each.id == task_id else each
        for each in sheet.tasks
    )
    return replace(sheet, state=State.IN_PROGRESS, tasks=tasks, workers=sheet.workers | {by})


def _check_at_work(sheet: Sheet) -> None:
    if sheet.state not in AT_WORK:
        raise RefusedError(
            "Phiếu %(state)s nên chưa ghi kết quả thực hiện được.",
            state=in_sentence(sheet.state),
        )


def check_planning(sheet: Sheet) -> None:
    """Refuse to change a plan that was handed over."""
    if sheet.state is not State.PROPOSED:
        raise RefusedError(
            "Phiếu %(state)s nên không sửa phân tích, kế hoạch được.",
            state=in_sentence(sheet.state),
        )


def check_correction(words: str, on: date | None, found_on: date, today: date) -> None:
    """Refuse a correction on a day that can't be, or none that is needed without its reason."""
    if on is None or on > today or on < found_on:
        raise InvalidError("Ngày khắc phục phải từ ngày phát hiện đến hôm nay.")
    said = words.casefold()
    if said.startswith(_NOT_NEEDED) and _BECAUSE not in said.split():
        raise InvalidError("Hãy ghi vì sao không cần khắc phục ngay: “Không cần, vì …”.")
