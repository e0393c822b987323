"""When a plan may be changed, and when its actions may be proved and done."""

from dataclasses import replace
from datetime import date

from qms.actions.rules import AT_WORK, Sheet, State, in_sentence
from qms.errors import InvalidError, RefusedError


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
        raise RefusedError("Hãy đính kèm bằng chứng trước khi ghi đã làm xong.")
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
