"""What waits for people because of reading: one line for all texts that are still to read."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.duties import Ask, Bearer, Duty
from qms.errors import N_
from qms.reading import queries

_NAMED: Final = 3
"""Texts that the line names."""


def texts_to_read(session: Session, who: Bearer, today: date) -> Sequence[Duty]:
    """Return how many texts this person is still to read, with the first day due."""
    found = queries.waiting(session, who.id, who.since, today)
    if not found:
        return []
    codes = ", ".join(each.code for each in found[:_NAMED])
    return [
        Duty(
            kind=N_("Đọc %(count)s tài liệu mới có hiệu lực"),
            title=f"{codes}, …" if len(found) > _NAMED else codes,
            link="/reading",
            state="late" if found[0].due < today else "review",
            count=len(found),
            due=found[0].due,
        )
    ]


DUTIES: Final[tuple[Ask, ...]] = (texts_to_read,)
