"""What is asked about fee schedules for a unit and a day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from qms.documents import prices, queries
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.models import Change, Decision, Document, Revision
from qms.documents.price_rules import reach, stretch
from qms.documents.rules import Audience
from qms.documents.standing import Cover, count, covered, standing_for
from qms.fees.rules import Row, rows

PAGE: Final = 20
"""Schedules on one page."""
READABLE: Final = (Audience.PUBLIC, Audience.INTERNAL)
"""What people who work here may be told the prices of."""


@dataclass(frozen=True)
class Shown:
    """A schedule on a day: its text, decision and prices; ``text`` is None where none stands.

    ``here`` are the prices that hold that day at the unit, ``others`` those of other days or
    places. ``days`` are all days on which it changes, as far as the public may know; from
    ``since`` until ``until`` the prices here are the same.
    """

    code: str
    title: str
    text: FeeSchedule | None
    first_day: date | None
    decision: Decision | None
    here: list[Row]
    others: list[Row]
    days: list[date]
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Prices:
    """All prices that hold at a unit on a day, and the days on which they are the same."""

    rows: list[Row]
    since: date | None
    until: date | None


def on_day(session: Session, unit_id: int, on: date) -> Prices:
    """Return all prices that hold at a unit on a day."""
    seen = prices.cover_near(session, unit_id, on)
    held = prices.held_lines(session, seen)
    within = prices.ground(session).within(unit_id)
    found = reach(held, within, on)
    named = titles(session, seen, on, {each.line.procedure for each in found})
    return Prices(rows(found, named), *stretch(held, within, on))


def schedules(
    session: Session, seen: Cover, on: date, *, page: int
) -> tuple[Sequence[sa.RowMapping], int]:
    """Return one page of the schedules that reach a unit, and how many there are.

    Columns: document_id, code, title, topic, first_day, and the number of the text.
    """
    standing = standing_for(seen, on, kinds=("fee",), audiences=READABLE)
    query = (
        sa.select(standing, Revision.number)
        .join(Revision, Revision.id == standing.c.revision_id)
        .order_by(standing.c.topic_sort, standing.c.title_sort, standing.c.code)
    )
    rows = session.execute(query.offset((page - 1) * PAGE).limit(PAGE)).mappings().all()
    return rows, count(session, standing)


def titles(session: Session, seen: Cover, on: date, codes: Collection[str]) -> dict[str, str]:
    """Return the titles of the procedures that stand on a day, by code."""
    standing = standing_for(seen, on)
    query = sa.select(standing.c.code, standing.c.title).where(standing.c.code.in_(codes))
    return {row.code: row.title for row in session.execute(query)}


def schedule(session: Session, unit_id: int, slug: str, on: date) -> Shown | None:
    """Return the public schedule with this address word as it stands for a unit on a day.

    None where no public schedule of that word ever reached the unit.
    """
    seen = prices.cover_near(session, unit_id, on)
    known = (
        sa.select(Change.effective_on, Document.code, Revision.title)
        .join(Document, Document.id == Change.document_id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Document.kind == "fee", Document.slug == slug, queries.LIVING_COLUMNS)
        .where(Revision.audience == Audience.PUBLIC, covered(seen))
        .order_by(Change.effective_on)
    )
    days = session.execute(known).all()
    if not days:
        return None
    standing = standing_for(seen, on, kinds=("fee",))
    row = session.execute(sa.select(standing).where(standing.c.slug == slug)).first()
    changed = [each.effective_on for each in days if each.effective_on]
    if row is None:
        return Shown(days[-1].code, days[-1].title, None, None, None, [], [], changed)
    revision = session.scalars(
        sa.select(Revision)
        .where(Revision.id == row.revision_id)
        .options(undefer(Revision.data))
    ).one()
    text = queries.content(revision)
    held = [
        each
        for each in prices.held_lines(session, seen)
        if each.source.revision_id == row.revision_id
    ]
    within = prices.ground(session).within(unit_id)
    here = reach(held, within, on)
    since, until = stretch(held, within, on)
    named = titles(session, seen, on, {each.line.procedure for each in held})
    return Shown(
        code=row.code,
        title=row.title,
        text=text if isinstance(text, FeeSchedule) else None,
        first_day=row.first_day,
        decision=session.get(Decision, row.decision_id),
        here=rows(here, named),
        others=rows([each for each in held if each not in here], named),
        days=changed,
        since=max(filter(None, (since, row.first_day))),
        until=until,
    )
