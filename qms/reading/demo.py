"""Reading in the demonstration office: most have read in time, somebody has not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.accounts.models import User
from qms.accounts.queries import posts
from qms.accounts.rules import since
from qms.library.demo import Staff
from qms.library.demo_additions import Addition
from qms.reading import queries, service
from qms.reading.rules import USUAL_DAYS, USUAL_KINDS
from qms.units.models import Unit

BEGAN: Final = timedelta(days=60)
"""How long ago the office began to ask: the day of its processes, after that of its texts."""
TOOK: Final = timedelta(days=3)
"""How long after a text took effect people read it."""
UNREAD: Final[Mapping[str, frozenset[str]]] = {
    "chuyenvien": frozenset({"QT-16/VHXH"}),
    "le.trung": frozenset({"QT-14/KT"}),
}
"""What each left unread."""


def read(session: Session, staff: Staff, office: Unit) -> None:
    """Ask for texts and processes, and let everybody read but what they left unread."""
    today = staff.drafter.today
    asked_on = replace(staff.drafter, today=today - BEGAN)
    service.ask(session, asked_on, office, kinds=USUAL_KINDS, days=USUAL_DAYS)
    for account, number in session.execute(sa.select(User.account, User.id)):
        works = since(posts(session, number), today)
        for text in queries.waiting(session, number, works, today):
            day = text.since + TOOK
            if day <= today and text.code not in UNREAD.get(account, frozenset()):
                act = replace(staff.drafter, actor=number, today=day)
                service.confirm(session, act, text.revision_id)


DEMO: Final[tuple[Addition, ...]] = (("Đọc và nắm được", read),)
