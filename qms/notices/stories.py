"""All that decides what the sheets of procedures say for units, loaded at once."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms.documents.kinds.base import Relation
from qms.documents.models import Change, Decision, Document, Link, Revision
from qms.documents.prices import ground
from qms.documents.standing import cover
from qms.documents.timeline import Entry
from qms.errors import NotFoundError
from qms.notices import queries
from qms.units.models import Heading, Unit
from qms.units.queries import places
from qms.units.rules import Place, office_of

Name = tuple[str, str]
"""Kind and code of a document."""


@dataclass(frozen=True)
class Told:
    """A document with its signed changes, by number and as the timeline sees them."""

    document: Document
    changes: Mapping[int, Change]
    entries: Sequence[Entry]
    said: dict[int, dict[str, Any]] = field(default_factory=dict, compare=False)

    def text(self, change_id: int) -> dict[str, Any]:
        """Return the content that a change brings, read from its bytes once."""
        if change_id not in self.said:
            revision = self.changes[change_id].revision
            self.said[change_id] = json.loads(revision.data)["content"] if revision else {}
        return self.said[change_id]


@dataclass(frozen=True)
class Story:
    """All that decides what a document's sheet says for a unit.

    ``rivals`` are other documents of the same kind and code; ``schedules`` price it, ``blanks``
    are the forms it uses. ``within`` are the address words of all that the unit lies in.
    """

    unit: Unit
    document: Document
    places: Mapping[int, Place]
    headings: Sequence[Heading]
    issuers: Sequence[Heading]
    changes: Mapping[int, Change]
    entries: Sequence[Entry]
    rivals: Sequence[Told]
    schedules: Sequence[Told] = ()
    blanks: Sequence[Told] = ()
    within: frozenset[str] = frozenset()


def story(session: Session, unit: Unit, document: Document) -> Story:
    """Load what decides about the sheets of a document for a unit."""
    return stories(session, [(unit, document)])[0]


def as_known(told: Story, at: datetime) -> Story:
    """Return the story as known at an instant, without what was signed or confirmed later."""

    def signed(entries: Sequence[Entry]) -> list[Entry]:
        return [each for each in entries if each.signed_at and each.signed_at <= at]

    def standing(rows: Sequence[Heading]) -> list[Heading]:
        return [row for row in rows if row.stands_since and row.stands_since <= at]

    return replace(
        told,
        headings=standing(told.headings),
        issuers=standing(told.issuers),
        entries=signed(told.entries),
        rivals=[replace(each, entries=signed(each.entries)) for each in told.rivals],
        schedules=[replace(each, entries=signed(each.entries)) for each in told.schedules],
        blanks=[replace(each, entries=signed(each.entries)) for each in told.blanks],
    )


def signatures(told: Story) -> set[datetime]:
    """Return when changes of the document, its rivals, prices and forms were signed."""
    around = (*told.rivals, *told.schedules, *told.blanks)
    entries = [*told.entries, *(entry for each in around for entry in each.entries)]
    return {each.signed_at for each in entries if each.signed_at}


def instants(told: Story) -> list[datetime]:
    """Return when anything that decides about the sheet was signed or confirmed."""
    rows = (*told.headings, *told.issuers)
    return sorted(signatures(told) | {row.stands_since for row in rows if row.stands_since})


def on_board(session: Session, unit: Unit, slug: str, on: date) -> Story:
    """Return the story of the procedure with this address word on the board of a unit.

    Raises:
        NotFoundError: none was or will be there.

    """
    seen = cover(session, unit.id, on) or cover(session, unit.id, unit.first_day)
    document = queries.document_on_board(session, seen, slug, on) if seen else None
    if document is None:
        raise NotFoundError("Không có thủ tục nào mang mã “%(code)s” ở đây.", code=slug)
    return story(session, unit, document)


def stories(session: Session, pairs: Sequence[tuple[Unit, Document]]) -> list[Story]:
    """Load the stories of documents for units: a fixed number of queries, however many."""
    known = places(session)
    names = _named(session, {document.code for _, document in pairs})
    around = set[Name]().union(*names.values())
    told = _told(session, around | {(each.kind, each.code) for _, each in pairs})
    land = ground(session) if any(kind == "fee" for kind, _ in around) else None
    issuers = {
        change.decision.issuer_id for each in told.values() for change in each.changes.values()
    }
    offices = {unit.id: office_of(known, unit.id) for unit, _ in pairs}
    wanted = {*offices, *offices.values(), *issuers}
    headings = session.scalars(sa.select(Heading).where(Heading.unit_id.in_(wanted))).all()
    return [
        Story(
            unit=unit,
            document=document,
            places=known,
            headings=[row for row in headings if row.unit_id in {unit.id, offices[unit.id]}],
            issuers=[row for row in headings if row.unit_id in issuers],
            changes=told[document.id].changes,
            entries=told[document.id].entries,
            rivals=[
                each
                for each in told.values()
                if each.document.id != document.id and _alike(each.document, document)
            ],
            schedules=_of(told.values(), "fee", names[document.code]),
            blanks=_of(told.values(), "form", names[document.code]),
            within=land.within(unit.id) if land else frozenset(),
        )
        for unit, document in pairs
    ]


def _named(session: Session, codes: Collection[str]) -> dict[str, set[Name]]:
    """Return by code of a procedure the schedules that ever priced it, the forms it ever used."""
    found: dict[str, set[Name]] = {code: set() for code in codes}
    links = (
        sa.select(Link.relation, Link.code, Document.code.label("by"))
        .join(Revision, Revision.id == Link.revision_id)
        .join(Document, Document.id == Revision.document_id)
        .where(Revision.number.is_not(None))
    )
    # Two questions in one, each along an index: with "or" every link there is would be read.
    query = sa.union_all(
        links.where(
            Link.relation == Relation.CHARGES, Link.kind == "procedure", Link.code.in_(codes)
        ),
        links.where(
            Link.relation == Relation.USES_FORM,
            Document.kind == "procedure",
            Document.code.in_(codes),
        ),
    )
    for row in session.execute(query):
        if row.relation is Relation.CHARGES:
            found[row.code].add(("fee", row.by))
        else:
            found[row.by].add(("form", row.code))
    return found


def _of(told: Iterable[Told], kind: str, names: Collection[Name]) -> list[Told]:
    """Return the documents of a kind in the order of their codes, which a digest depends on."""
    found = [t for t in told if t.document.kind == kind and (kind, t.document.code) in names]
    return sorted(found, key=lambda each: (each.document.code, each.document.id))


def _told(session: Session, wanted: Collection[Name]) -> dict[int, Told]:
    """Return by number all documents with one of these kinds and codes."""
    same = session.scalars(
        sa.select(Document)
        .where(sa.tuple_(Document.kind, Document.code).in_(wanted))
        .options(joinedload(Document.owner))
    ).all()
    query = (
        sa.select(Change)
        .where(Change.document_id.in_([each.id for each in same]))
        .where(Change.signed_at.is_not(None))
        .options(
            joinedload(Change.decision).joinedload(Decision.owner),
            joinedload(Change.decision).joinedload(Decision.issuer),
            joinedload(Change.revision).undefer(Revision.data),
            joinedload(Change.revision).selectinload(Revision.units),
        )
    )
    changes: dict[int, dict[int, Change]] = {each.id: {} for each in same}
    for change in session.scalars(query):
        changes[change.document_id][change.id] = change
    return {
        each.id: Told(each, changes[each.id], [_entry(c) for c in changes[each.id].values()])
        for each in same
    }


def _alike(one: Document, other: Document) -> bool:
    return (one.kind, one.code) == (other.kind, other.code)


def _entry(change: Change) -> Entry:
    return Entry(
        change.id,
        change.action,
        change.effective_on,
        change.revision_id,
        change.replaces_id,
        change.reason,
        change.signed_at,
    )
