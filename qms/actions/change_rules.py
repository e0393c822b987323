"""When a finding may weigh more or less than was thought, and which unit it may go to. Pure."""

from collections.abc import Collection
from datetime import date
from typing import Final

from qms.actions.rules import Grade, State
from qms.errors import InvalidError, RefusedError

EARLY: Final = frozenset({State.PROPOSED, State.ANALYSED, State.ANNULLED})
"""States of a request before its plan is approved, or after it fell away."""


def check_grade(was: Grade, grade: Grade, reason: str, requests: Collection[State]) -> None:
    """Refuse another grade without a reason, or once a plan about it is approved."""
    if grade is was:
        raise InvalidError("Hãy chọn mức khác với mức đang có.")
    if not reason:
        raise InvalidError("Hãy ghi vì sao đổi mức.")
    if not EARLY.issuperset(requests):
        raise RefusedError("Kế hoạch khắc phục đã được phê duyệt nên không đổi mức được nữa.")


def check_heir(
    last_day: date | None, heirs: Collection[int], heir: int, heir_last: date | None, on: date
) -> None:
    """Refuse to hand on what a unit that lives still answers for, or to one that took nothing over."""
    if last_day is None or last_day >= on:
        raise RefusedError("Đơn vị này còn hoạt động nên tự trả lời phát hiện của mình.")
    if heir not in heirs:
        raise InvalidError("Chỉ chuyển cho đơn vị tiếp nhận của đơn vị đã kết thúc.")
    if heir_last is not None and heir_last < on:
        raise RefusedError("Đơn vị tiếp nhận cũng đã kết thúc.")
