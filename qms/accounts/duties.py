"""What waits for people because of units: headings that need a second person."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from qms.accounts.rules import Permission
from qms.duties import Bearer, Duty
from qms.errors import N_
from qms.units.queries import unconfirmed_headings


def headings_to_confirm(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return the headings somebody else entered that this person may confirm."""
    del today
    mine = who.reach.get(Permission.HEADING_CONFIRM, frozenset())
    if not mine:
        return []
    return [
        Duty(
            kind=N_("Xác nhận phần đầu giấy tờ"),
            title=row.name,
            link=f"/admin/units/{row.unit.slug}",
            state="in_review",
            since=row.entered_at,
        )
        for row in unconfirmed_headings(session, mine)
        if row.entered_by != who.id
    ]
