"""Who has read what, for those who answer for it: heads, the ISO secretary, auditors."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.accounts.models import Post, User
from qms.reading.models import Reading
from qms.reading.queries import Asked, asked, read_by
from qms.text import sort_key


@dataclass(frozen=True)
class Reader:
    """Somebody who is asked to read a text, or has read it: where, and on which day."""

    user_id: int
    name: str
    title: str
    units: tuple[int, ...]
    day: date | None


@dataclass(frozen=True)
class Watched:
    """A text with those who are asked to read it."""

    text: Asked
    readers: Sequence[Reader]

    @property
    def unread(self) -> int:
        """How many have not read it."""
        return sum(each.day is None for each in self.readers)

    def state(self, today: date) -> str:
        """Return the name of its colour and shape on a day."""
        if not self.unread:
            return "done"
        return "late" if self.text.due < today else "review"


def by_unit(session: Session, unit_ids: Collection[int], on: date) -> list[Watched]:
    """Return each text in each unit with the people asked there, the first due first."""
    texts = asked(session, unit_ids, on)
    if not texts:
        return []
    query = (
        sa.select(Post.unit_id, Post.first_day, User.id, User.name, User.title)
        .join(User, User.id == Post.user_id)
        .where(Post.unit_id.in_({each.unit_id for each in texts}), Post.first_day <= on)
        .where(Post.last_day.is_(None) | (Post.last_day >= on), User.closed_at.is_(None))
    )
    held = session.execute(query).all()
    said = read_by(session, {row.id for row in held}, texts)
    found = []
    for text in texts:
        here = {
            row.id: row
            for row in held
            if row.unit_id == text.unit_id and row.first_day <= text.since
        }
        readers = [_reader(row, text, said) for row in here.values()]
        found.append(Watched(text, _in_order(readers)))
    return found


def watched(session: Session, unit_ids: Collection[int], on: date) -> list[Watched]:
    """Return each text once with all people asked to read it, those not read by all first."""
    found: dict[int, Watched] = {}
    for each in by_unit(session, unit_ids, on):
        known = found.get(each.text.revision_id)
        readers = {reader.user_id: reader for reader in known.readers} if known else {}
        for reader in each.readers:
            units = readers[reader.user_id].units if reader.user_id in readers else ()
            readers[reader.user_id] = replace(reader, units=(*units, *reader.units))
        text = known.text if known else each.text
        found[each.text.revision_id] = Watched(text, _in_order(readers.values()))
    read = [each for each in found.values() if each.readers]
    return sorted(read, key=lambda each: not each.unread)


def people_of(
    session: Session, unit_ids: Collection[int], revision_id: int, on: date
) -> tuple[Asked | None, Sequence[Reader]]:
    """Return what is asked about a text, and its people; asked of nobody, those who read it."""
    for each in watched(session, unit_ids, on):
        if each.text.revision_id == revision_id:
            return each.text, each.readers
    return None, _who_read(session, unit_ids, revision_id)


def _who_read(
    session: Session, unit_ids: Collection[int], revision_id: int
) -> Sequence[Reader]:
    """Return the people who belonged to some units on the day they said they read a text."""
    query = (
        sa.select(User.id, User.name, User.title, Post.unit_id, Reading.day)
        .join(Reading, Reading.user_id == User.id)
        .join(Post, Post.user_id == User.id)
        .where(Reading.revision_id == revision_id, Post.unit_id.in_(unit_ids))
        .where(Post.first_day <= Reading.day)
        .where(Post.last_day.is_(None) | (Post.last_day >= Reading.day))
    )
    found: dict[int, Reader] = {}
    for row in session.execute(query.order_by(Post.id)):
        units = found[row.id].units if row.id in found else ()
        mine = tuple(dict.fromkeys((*units, row.unit_id)))
        found[row.id] = Reader(row.id, row.name, row.title, mine, row.day)
    return _in_order(found.values())


def _reader(
    row: sa.Row[*tuple[Any, ...]],
    text: Asked,
    said: Mapping[tuple[int, int], Reading],
) -> Reader:
    days = [said[row.id, each].day for each in text.texts if (row.id, each) in said]
    return Reader(row.id, row.name, row.title, (row.unit_id,), min(days, default=None))


def _in_order(readers: Collection[Reader]) -> list[Reader]:
    """Return those who have not read first, else by name."""
    return sorted(readers, key=lambda each: (each.day is not None, sort_key(each.name)))
