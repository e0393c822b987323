"""Every sheet there may be: those of a unit's board, and what each says over time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms.documents.kinds.base import Relation
from qms.documents.models import Document, Link, Revision, RevisionUnit
from qms.documents.prices import ground
from qms.documents.standing import cover, standing_for
from qms.errors import NotFoundError
from qms.notices import fee_tables, field_lists, stories
from qms.notices.course import AnySheet, Course
from qms.notices.fee_tables import FeesCourse
from qms.notices.feedback import FeedbackCourse
from qms.notices.field_lists import ListCourse
from qms.notices.notice_texts import TextCourse
from qms.notices.rules import SheetKind, Subject
from qms.notices.seats import Seat
from qms.notices.sheets import ProcedureCourse
from qms.notices.stories import Name, Story
from qms.notices.tellings import mark_of
from qms.units.models import Unit
from qms.units.queries import places
from qms.units.rules import chain, office_of

__all__ = ["AnySheet", "Course", "Subject", "courses", "of", "of_marks", "on_board"]

OF_DOCUMENTS = {SheetKind.PROCEDURE: ProcedureCourse, SheetKind.TEXT: TextCourse}
"""Sheets that show the text of one document, and what they say over time."""


def of(session: Session, subject: Subject) -> Course:
    """Return what a sheet says over time.

    Raises:
        NotFoundError: there is no such unit or document.

    """
    found = courses(session, [subject]).get(subject)
    if found is None:
        raise NotFoundError("Không có tờ niêm yết này.")
    return found


def courses(session: Session, subjects: Collection[Subject]) -> dict[Subject, Course]:
    """Return what sheets say over time: a fixed number of queries, however many and of any kind.

    A subject whose unit or document is not there is left out.
    """
    query = sa.select(Unit).where(Unit.id.in_({each.unit_id for each in subjects}))
    units = {unit.id: unit for unit in session.scalars(query)}
    wanted = [each for each in dict.fromkeys(subjects) if each.unit_id in units]
    found: dict[Subject, Course] = {}
    lists = [each for each in wanted if each.kind is SheetKind.LIST]
    members = _members(session, lists)
    documents = _documents(session, wanted, members.values())
    told = _stories(session, units, documents, wanted, members)
    seats = _seats(session, units.values(), wanted)
    for each in wanted:
        of_document = OF_DOCUMENTS.get(each.kind)
        if of_document and (story := told.get((each.unit_id, each.document_id or 0))):
            found[each] = of_document(story)
            found[each].documents = story.documents
        elif each.kind is SheetKind.FEEDBACK:
            found[each] = FeedbackCourse(each, seats[each.unit_id])
        elif each.kind is SheetKind.LIST:
            found[each] = _list(each, seats[each.unit_id], told, members[each.topic])
    return found | _fee_courses(session, [e for e in wanted if e.kind is SheetKind.FEES], seats)


def on_board(session: Session, unit: Unit, on: date) -> list[tuple[Subject, str, str]]:
    """Return every sheet that the board of a unit has on a day: subject, title, topic.

    The topic is the field, of a text that is posted its number. The procedures, one list for
    each field, the fee table if a price holds, where to send proposals if the office has said
    so, and the texts that are posted.
    """
    seen = cover(session, unit.id, on)
    if seen is None:
        return []
    standing = standing_for(seen, on, kinds=("procedure", "text"))
    ordered = sa.select(standing).order_by(
        standing.c.topic_sort, standing.c.title_sort, standing.c.code
    )
    rows = session.execute(ordered).all()
    found = [
        (
            Subject(unit.id, SheetKind(row.kind), row.document_id),
            row.title,
            row.code if row.kind == "text" else row.topic,
        )
        for row in rows
    ]
    topics = dict.fromkeys(row.topic for row in rows if row.kind == "procedure")
    found += [
        (Subject(unit.id, SheetKind.LIST, topic=topic), field_lists.title(topic), topic)
        for topic in topics
    ]
    whole = [Subject(unit.id, kind) for kind in (SheetKind.FEES, SheetKind.FEEDBACK)]
    known = courses(session, whole)
    return found + [(each, known[each].name, "") for each in whole if known[each].on_day(on)]


def of_marks(session: Session, unit_id: int) -> list[Subject]:
    """Return the sheets of a unit that are of no document, those of all fields it ever had."""
    query = (
        sa.select(Revision.topic)
        .join(Document, Document.id == Revision.document_id)
        .where(Document.kind == "procedure", Revision.number.is_not(None))
        .where(_may_reach(session, [unit_id]))
        .distinct()
    )
    lists = [Subject(unit_id, SheetKind.LIST, topic=each) for each in session.scalars(query)]
    return [Subject(unit_id, SheetKind.FEES), Subject(unit_id, SheetKind.FEEDBACK), *lists]


def with_mark(session: Session, unit_id: int, mark: str) -> list[Subject]:
    """Return the sheets of a unit whose codes bear a mark, once or now on its board."""
    query = (
        sa.select(Document.id, Document.kind, Document.code)
        .where(Document.kind.in_([each.value for each in OF_DOCUMENTS]))
        .where(_may_reach(session, [unit_id]))
        .order_by(Document.id)
    )
    found = [
        Subject(unit_id, SheetKind(row.kind), row.id)
        for row in session.execute(query)
        if mark_of(row.kind, row.code) == mark
    ]
    others = of_marks(session, unit_id)
    return found + [each for each in others if mark_of(each.kind.value, each.topic) == mark]


def _members(session: Session, lists: Sequence[Subject]) -> dict[str, list[int]]:
    """Return by topic the procedures that ever had it, as far as they may reach the units."""
    found: dict[str, list[int]] = {each.topic: [] for each in lists}
    if not lists:
        return found
    query = (
        sa.select(Revision.topic, Revision.document_id)
        .join(Document, Document.id == Revision.document_id)
        .where(Document.kind == "procedure", Revision.number.is_not(None))
        .where(Revision.topic.in_(found), _may_reach(session, {e.unit_id for e in lists}))
        .distinct()
    )
    for row in session.execute(query):
        found[row.topic].append(row.document_id)
    return found


def _documents(
    session: Session, wanted: Iterable[Subject], members: Iterable[Collection[int]]
) -> dict[int, Document]:
    ids = {each.document_id for each in wanted}.union(*members)
    kinds = [each.value for each in OF_DOCUMENTS]
    query = sa.select(Document).where(Document.id.in_(ids), Document.kind.in_(kinds))
    return {
        each.id: each for each in session.scalars(query.options(joinedload(Document.owner)))
    }


def _stories(
    session: Session,
    units: Mapping[int, Unit],
    documents: Mapping[int, Document],
    wanted: Iterable[Subject],
    members: Mapping[str, Collection[int]],
) -> dict[tuple[int, int], Story]:
    """Return by unit and document what all sheets asked for are told from."""
    pairs = {
        (each.unit_id, number)
        for each in wanted
        for number in (
            members[each.topic] if each.kind is SheetKind.LIST else [each.document_id or 0]
        )
        if number in documents
        and (each.kind is SheetKind.LIST or documents[number].kind == each.kind.value)
    }
    ordered = sorted(pairs)
    if not ordered:
        return {}
    found = stories.stories(session, [(units[u], documents[d]) for u, d in ordered])
    return dict(zip(ordered, found, strict=True))


def _seats(
    session: Session, units: Iterable[Unit], wanted: Iterable[Subject]
) -> dict[int, Seat]:
    """Return the units of sheets that are of no document."""
    if all(each.kind in OF_DOCUMENTS for each in wanted):
        return {}
    known = places(session)
    offices = {unit.id: office_of(known, unit.id) for unit in units}
    rows = stories.headings_of(session, {*offices, *offices.values()})
    return {
        unit.id: Seat(
            unit,
            known,
            [row for at in {unit.id, offices[unit.id]} for row in rows.get(at, ())],
        )
        for unit in units
    }


def _list(
    subject: Subject,
    seat: Seat,
    told: Mapping[tuple[int, int], Story],
    members: Iterable[int],
) -> ListCourse:
    found = {number: told[subject.unit_id, number] for number in members}
    issuers = next((each.issuers for each in found.values()), ())
    strands = {
        number: field_lists.member(each, subject.topic) for number, each in found.items()
    }
    course = ListCourse(subject, replace(seat, issuers=issuers), strands)
    course.documents = set[int]().union(*(each.documents for each in found.values()))
    return course


def _fee_courses(
    session: Session, wanted: Sequence[Subject], seats: Mapping[int, Seat]
) -> dict[Subject, Course]:
    if not wanted:
        return {}
    unit_ids = [each.unit_id for each in wanted]
    query = sa.select(Document.kind, Document.code).where(
        Document.kind == "fee", _may_reach(session, unit_ids)
    )
    names: set[Name] = {(row.kind, row.code) for row in session.execute(query.distinct())}
    charged = (
        sa.select(Link.kind, Link.code)
        .join(Revision, Revision.id == Link.revision_id)
        .join(Document, Document.id == Revision.document_id)
        .where(Link.relation == Relation.CHARGES, Revision.number.is_not(None))
        .where(Document.kind == "fee", Document.code.in_([code for _, code in names]))
    )
    priced: set[Name] = {(row.kind, row.code) for row in session.execute(charged.distinct())}
    schedules = stories.told_by_name(session, names)
    titles = stories.told_by_name(session, priced, texts=False)
    issuers = stories.issuers_of(each for same in schedules.values() for each in same)
    land, headings = ground(session), stories.headings_of(session, issuers)
    issued = [row for rows in headings.values() for row in rows]
    found: dict[Subject, Course] = {}
    for each in wanted:
        within = land.within(each.unit_id)
        seat = replace(seats[each.unit_id], issuers=issued, within=within)
        prices = {c: fee_tables.schedule(seat, t) for (_, c), t in sorted(schedules.items())}
        names_of = {c: fee_tables.titled(seat, t) for (_, c), t in titles.items()}
        found[each] = FeesCourse(each, seat, prices, names_of)
        behind = (*schedules.values(), *titles.values())
        found[each].documents = {one.document.id for same in behind for one in same}
    return found


def _may_reach(session: Session, unit_ids: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition for documents whose texts may hold in one of the units."""
    known = places(session)
    own = {at for unit_id in unit_ids for at in (unit_id, office_of(known, unit_id))}
    owners = own.union(*(chain(known, each) for each in own))
    named = (
        sa.select(Revision.document_id)
        .join(RevisionUnit, RevisionUnit.revision_id == Revision.id)
        .where(RevisionUnit.unit_id.in_(own))
    )
    return sa.or_(Document.owner_id.in_(owners), Document.id.in_(named))
