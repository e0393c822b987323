"""What is asked about places: which there are, what hangs, what must, what is to be done."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms.errors import NotFoundError
from qms.notices import checking, subjects
from qms.notices.models import Copy, Place
from qms.notices.rules import SheetKind
from qms.notices.subjects import Course, Subject
from qms.postings import rules
from qms.postings.models import Need, Posting, Presence
from qms.postings.rules import Deed, Held, Stretch, Task, Wanted
from qms.text import sort_key
from qms.units.models import Heading, Unit


@dataclass(frozen=True)
class Spot:
    """A place, and what is to do there."""

    place: Place
    tasks: list[Task[Subject]]

    @property
    def left(self) -> int:
        """How many sheets are still to be seen to."""
        return sum(not each.done for each in self.tasks)


@dataclass(frozen=True)
class Walk:
    """What is to do at the places of a unit on a day, and the sheets it is about."""

    unit: Unit
    day: date
    spots: Sequence[Spot]
    courses: Mapping[Subject, Course] = field(repr=False)
    hung: Sequence[tuple[Subject, int]] = field(default=(), repr=False)
    """The sheets that hang, with the scheme each copy was printed in."""

    @property
    def total(self) -> int:
        """How many sheets there are in all, done or not."""
        return sum(len(each.tasks) for each in self.spots)

    @property
    def left(self) -> int:
        """How many are still to be seen to."""
        return sum(each.left for each in self.spots)

    @property
    def to_print(self) -> list[tuple[Place, Subject]]:
        """The sheets that have no new copy yet, in the order of the walk."""
        return [
            (spot.place, task.sheet)
            for spot in self.spots
            for task in spot.tasks
            if rules.Step.PRINT in task.steps
        ]

    @property
    def to_post(self) -> list[str]:
        """The codes of the copies that wait to be hung, in the order of the walk."""
        return [
            task.new.code
            for spot in self.spots
            for task in spot.tasks
            if rules.Step.POST in task.steps and task.new
        ]


@dataclass(frozen=True)
class Hanging:
    """A copy at its place on a day, since when it hangs, and when and by whom it left."""

    copy: Copy
    first: Posting
    last: Posting | None = None


@dataclass(frozen=True)
class Coverage:
    """What a unit's board has, and how its places show it; titles by sheet."""

    titles: Mapping[Subject, str]
    spots: Sequence[tuple[Place, bool, rules.Shown[Subject]]]
    nowhere: Sequence[Subject]


def first_unit(session: Session, unit_ids: Collection[int]) -> int | None:
    """Return the first of some units that has a place."""
    query = sa.select(Place.unit_id).where(Place.unit_id.in_(unit_ids))
    return session.scalar(query.order_by(Place.id).limit(1))


def with_walls(session: Session, unit_ids: Collection[int]) -> dict[str, str]:
    """Return address word and last name of those units that are offices or have places."""
    placed = sa.select(Place.unit_id).where(Place.unit_id.in_(unit_ids))
    query = (
        sa.select(Unit.slug, Heading.name)
        .outerjoin(Heading, Heading.unit_id == Unit.id)
        .where(Unit.id.in_(unit_ids), sa.or_(Unit.office, Unit.id.in_(placed)))
        .order_by(Heading.from_day, Heading.id)
    )
    return {row.slug: row.name or row.slug for row in session.execute(query)}


def place(session: Session, place_id: int, unit_ids: Collection[int]) -> Place:
    """Return a place of one of the units.

    Raises:
        NotFoundError: there is none.

    """
    query = sa.select(Place).where(Place.id == place_id, Place.unit_id.in_(unit_ids))
    found = session.scalar(query.options(joinedload(Place.unit)))
    if found is None:
        raise NotFoundError("Không có nơi niêm yết này ở đơn vị của ông, bà.")
    return found


def place_by_id(session: Session, place_id: int) -> Place:
    """Return a place by number, for background work that was asked for where it may be."""
    query = sa.select(Place).where(Place.id == place_id).options(joinedload(Place.unit))
    return session.scalars(query).one()


def copies_by_code(session: Session, codes: Sequence[str]) -> list[Copy]:
    """Return copies in the order of their codes as given."""
    found = {
        each.code: each for each in session.scalars(sa.select(Copy).where(Copy.code.in_(codes)))
    }
    return [found[code] for code in codes]


def places_of(
    session: Session, unit_ids: Collection[int], on: date | None = None
) -> list[Place]:
    """Return the places of some units by name; with a day, those open on it."""
    query = sa.select(Place).where(Place.unit_id.in_(unit_ids)).options(joinedload(Place.unit))
    if on is not None:
        query = query.where(
            Place.first_day <= on, sa.or_(Place.last_day.is_(None), Place.last_day >= on)
        )
    return sorted(session.scalars(query), key=lambda each: (each.unit_id, sort_key(each.name)))


def needs(session: Session, place_ids: Collection[int], on: date) -> dict[int, list[Need]]:
    """Return by place what it must show on a day."""
    query = sa.select(Need).where(
        Need.place_id.in_(place_ids),
        Need.first_day <= on,
        sa.or_(Need.last_day.is_(None), Need.last_day >= on),
    )
    found: dict[int, list[Need]] = {each: [] for each in place_ids}
    for row in session.scalars(query.order_by(Need.kind, Need.topic, Need.id)):
        found[row.place_id].append(row)
    return found


def history(session: Session, code: str) -> Sequence[Posting]:
    """Return what was done with a copy, in order."""
    query = sa.select(Posting).where(Posting.code == code)
    return session.scalars(query.order_by(Posting.day, Posting.id)).all()


def last_deed(session: Session, code: str) -> Posting | None:
    """Return what was last done with a copy."""
    found = history(session, code)
    return found[-1] if found else None


def walk(session: Session, unit: Unit, on: date, today: date) -> Walk:
    """Return what is to do on a day at the places of a unit: a fixed number of queries."""
    found = places_of(session, [unit.id], on)
    rows = _standing(session, [each.id for each in found])
    wanted = _lately(rows, today)
    courses = subjects.courses(session, {row.subject for row in wanted})
    sheets = {subject: course.on_day(on) for subject, course in courses.items()}
    held: dict[int, list[Held[Subject]]] = {}
    for row in wanted:
        sheet = sheets[row.subject]
        holds = sheet is not None and sheet.digests.get(row.scheme) == row.digest
        held.setdefault(row.place_id, []).append(
            Held(row.code, row.subject, holds, row.deed, row.day, row.done_at)
        )
    standing = {subject for subject, sheet in sheets.items() if sheet is not None}

    def name(task: Task[Subject]) -> tuple[str, str]:
        course = courses[task.sheet]
        return sort_key(course.name), task.sheet.kind

    spots = [
        Spot(each, sorted(rules.tasks(held[each.id], standing, today), key=name))
        for each in found
        if each.id in held
    ]
    hung = [(row.subject, row.scheme) for row in wanted if row.deed is Deed.POSTED]
    return Walk(unit, on, [spot for spot in spots if spot.tasks], courses, hung)


def hanging(session: Session, place_ids: Collection[int], on: date) -> list[Hanging]:
    """Return what hung at some places at the end of a day, by place."""
    return [
        each
        for each in stays(session, place_ids, on, on)
        if each.last is None or each.last.day > on
    ]


def stays(
    session: Session, place_ids: Collection[int], first: date, last: date
) -> list[Hanging]:
    """Return what hung at some places at any time between two days, once for each stay."""
    query = (
        sa.select(Posting)
        .join(Posting.copy)
        .where(Copy.place_id.in_(place_ids), Posting.day <= last)
        .options(joinedload(Posting.copy).joinedload(Copy.document))
        .order_by(Copy.place_id, Copy.printed_at, Copy.code, Posting.day, Posting.id)
    )
    found: list[Hanging] = []
    begun: dict[str, Posting] = {}
    for row in session.scalars(query):
        if row.deed is Deed.POSTED:
            begun[row.code] = row
        elif row.code in begun:
            since = begun.pop(row.code)
            if row.day >= first:
                found.append(Hanging(row.copy, since, row))
    return [*found, *(Hanging(row.copy, row) for row in begun.values())]


def coverage(session: Session, unit: Unit, on: date) -> Coverage:
    """Compare what a unit's places must show on a day with what hangs there."""
    board = subjects.on_board(session, unit, on)
    known = {subject: (subject.kind, topic) for subject, _, topic in board}
    found = places_of(session, [unit.id], on)
    asked = needs(session, [each.id for each in found], on)
    hung: dict[int, list[Subject]] = {each.id: [] for each in found}
    for each in hanging(session, list(hung), on):
        hung[each.copy.place_id].append(checking.subject_of(each.copy))
    every = {subject for here in hung.values() for subject in here}
    names = subjects.courses(session, every - known.keys())
    titles = {subject: title for subject, title, _ in board}
    titles |= {subject: course.name for subject, course in names.items()}
    spots = [
        (
            each,
            bool(asked[each.id]),
            rules.compared(
                known,
                [Wanted(need.kind, need.topic) for need in asked[each.id]],
                dict.fromkeys(hung[each.id]),
            ),
        )
        for each in found
    ]
    return Coverage(titles, spots, rules.nowhere(known, every))


def presences(session: Session, first: datetime, last: datetime) -> list[Stretch]:
    """Return the stretches in which the web board answered that touch a time, and one before."""
    query = (
        sa.select(Presence).where(Presence.first_at <= last).order_by(Presence.first_at.desc())
    )
    found: list[Stretch] = []
    for row in session.scalars(query):
        found.append(Stretch(row.first_at, row.last_at))
        if row.last_at < first:
            break
    return found[::-1]


@dataclass(frozen=True)
class _Row:
    code: str
    subject: Subject
    place_id: int
    scheme: int
    digest: str
    deed: Deed | None
    day: date | None
    done_at: datetime | None


def _standing(session: Session, place_ids: Collection[int]) -> list[_Row]:
    """Return all copies of some places with the last thing done with each."""
    number = sa.func.row_number().over(
        partition_by=Posting.code, order_by=(Posting.day.desc(), Posting.id.desc())
    )
    last = sa.select(
        Posting.code, Posting.deed, Posting.day, Posting.done_at, number.label("nth")
    ).subquery()
    query = (
        sa.select(
            *(Copy.code, Copy.unit_id, Copy.kind, Copy.document_id, Copy.topic),
            *(Copy.place_id, Copy.scheme, Copy.digest),
            *(last.c.deed, last.c.day, last.c.done_at),
        )
        .outerjoin(last, sa.and_(last.c.code == Copy.code, last.c.nth == 1))
        .where(Copy.place_id.in_(place_ids))
        .order_by(Copy.printed_at, Copy.code)
    )
    return [_row(row) for row in session.execute(query)]


def _row(row: sa.Row[Any]) -> _Row:
    subject = Subject(row.unit_id, SheetKind(row.kind), row.document_id, row.topic)
    return _Row(
        row.code,
        subject,
        row.place_id,
        row.scheme,
        row.digest,
        row.deed,
        row.day,
        row.done_at,
    )


def _lately(rows: Sequence[_Row], today: date) -> list[_Row]:
    """Leave out what ended long ago and was followed by something else at its place."""
    last: dict[tuple[int, Subject], _Row] = {}
    for row in rows:
        key = row.place_id, row.subject
        if row.day and (key not in last or (last[key].day or row.day) <= row.day):
            last[key] = row
    return [
        row
        for row in rows
        if row.deed in {None, Deed.POSTED}
        or row.day == today
        or last[row.place_id, row.subject] is row
    ]
