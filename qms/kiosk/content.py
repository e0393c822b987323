"""All that a screen shows on a day: what stands on the board, and what changes on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms.documents.models import Document
from qms.documents.standing import Cover, Row, changes_between, rows, standing_for, topics
from qms.notices import sheets, stories, validity
from qms.notices.rules import BOARD_KINDS, LATELY
from qms.notices.sheets import DaySheet
from qms.notices.validity import Coming
from qms.units.models import Unit

PART: Final = 40
"""Notices that are handed out at once."""

SLIDES: Final = 12
"""Most changes of these days, and most to come, that a screen shows by itself."""


@dataclass(frozen=True)
class Notice:
    """One procedure as it holds on the day, and when that changes."""

    row: Row
    found: DaySheet
    coming: Coming | None


def board(session: Session, seen: Cover, on: date) -> tuple[list[tuple[str, int]], list[Row]]:
    """Return the fields, those with most procedures first, and the procedures by title."""
    standing = standing_for(seen, on)
    ordered = sa.select(standing).order_by(standing.c.title_sort, standing.c.code)
    fields = sorted(topics(session, standing), key=lambda field: -field[1])
    return fields, rows(session, ordered)


def changes(session: Session, seen: Cover, on: date) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Return the changes that a screen shows by itself, the newest first."""
    coming = changes_between(
        session, seen, after=on, until=None, kinds=BOARD_KINDS, limit=SLIDES
    )
    lately = changes_between(
        session,
        seen,
        after=on - timedelta(days=LATELY),
        until=on,
        kinds=BOARD_KINDS,
        newest_first=True,
        limit=SLIDES,
    )
    return [*lately, *coming]


def parts(total: int) -> int:
    """Return in how many parts so many notices are handed out."""
    return -(-total // PART)


def notices(session: Session, unit: Unit, seen: Cover, on: date, part: int) -> Sequence[Notice]:
    """Return one part of the notices, counted from 0: a fixed number of queries."""
    standing = standing_for(seen, on)
    ordered = sa.select(standing).order_by(standing.c.title_sort, standing.c.code)
    wanted = rows(session, ordered.offset(part * PART).limit(PART))
    query = sa.select(Document).where(Document.id.in_([row.document_id for row in wanted]))
    known = {d.id: d for d in session.scalars(query.options(joinedload(Document.owner)))}
    told = stories.stories(session, [(unit, known[row.document_id]) for row in wanted])
    return [
        Notice(row, found, validity.coming(each, found, on))
        for row, each in zip(wanted, told, strict=True)
        for found in [sheets.on_day(each, on)]
        if found is not None
    ]
