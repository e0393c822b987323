"""What waits for people because of working days: notices that need a second person."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from qms.accounts.rules import Permission
from qms.counter.queries import waiting
from qms.duties import Bearer, Duty
from qms.errors import N_


def notices_to_confirm(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return the notices somebody else entered that this person may confirm."""
    del today
    mine = who.reach.get(Permission.CALENDAR_CONFIRM, frozenset())
    if not mine:
        return []
    return [
        Duty(
            kind=N_("Xác nhận ngày nghỉ, ngày làm bù"),
            title=row.basis,
            link="/working-days",
            state="in_review",
            since=row.entered_at,
        )
        for row in waiting(session, mine)
        if row.entered_by != who.id
    ]


DUTIES = (notices_to_confirm,)
