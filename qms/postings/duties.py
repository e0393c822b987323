"""What waits at the places: sheets to be replaced."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.accounts.rules import Permission
from qms.duties import Ask, Bearer, Duty
from qms.errors import N_
from qms.notices.models import Place
from qms.postings import queries
from qms.units.models import Unit
from qms.units.queries import entered_names


def sheets_to_replace(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return for each unit how many sheets at its places have to be seen to today."""
    mine = who.reach.get(Permission.COPY_PRINT, frozenset())
    query = sa.select(Unit).where(
        Unit.id.in_(sa.select(Place.unit_id).where(Place.unit_id.in_(mine)))
    )
    units = session.scalars(query.order_by(Unit.id)).all()
    names = entered_names(session) if units else {}
    return [
        Duty(
            kind=N_("Thay giấy niêm yết"),
            title=names.get(unit.id, unit.slug),
            link=f"/postings/walk?unit={unit.slug}",
            state="today",
            count=left,
        )
        for unit in units
        for left in [queries.walk(session, unit, today, today).left]
        if left
    ]


DUTIES: Final[tuple[Ask, ...]] = (sheets_to_replace,)
