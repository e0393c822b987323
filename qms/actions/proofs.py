"""Which evidence of an action counts: what was given since it was last found not done after all."""

from collections.abc import Sequence
from datetime import date

from qms.actions.models import ActionFile, StepTaken, Task
from qms.documents.models import Decision
from qms.documents.rules import State

REOPEN = "reopen"
"""The deed by which an action has to be done once more."""


def superseded(task: Task, steps: Sequence[StepTaken]) -> list[ActionFile]:
    """Return the files that proved too little when somebody looked; each was one step."""
    own = [each.deed for each in steps if each.task_id == task.id]
    again = [place for place, deed in enumerate(own) if deed == REOPEN]
    return task.files[: own[: again[-1]].count("prove")] if again else []


def holds(task: Task, steps: Sequence[StepTaken], decision: Decision | None, on: date) -> bool:
    """Tell whether a file, or a decision in effect on a day, shows that an action is done."""
    if len(task.files) > len(superseded(task, steps)):
        return True
    again = [each.day for each in steps if each.task_id == task.id and each.deed == REOPEN]
    return took_effect(decision, on) and not (
        again and decision and decision.effective_on and decision.effective_on <= again[-1]
    )


def took_effect(decision: Decision | None, on: date) -> bool:
    """Tell whether a decision is in effect on a day."""
    return (
        decision is not None
        and decision.state is State.SIGNED
        and decision.effective_on is not None
        and decision.effective_on <= on
    )
