"""All that decides what the sheets of procedures say for units, loaded at once."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms.documents.kinds.base import Relation
from qms.documents.models import Change, Decision, Document, Link, Revision
from qms.documents.prices import ground
from qms.documents.standing import cover
from qms.documents.timeline import Entry, Span, spans
from qms.errors import NotFoundError
from qms.notices import queries
from qms.notices.rules import SheetKind, Subject
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

    @cached_property
    def spans(self) -> list[Span]:
        """The timeline."""
        return spans(self.entries)

    def title(self, change_id: int) -> str:
        """Return the title of the text that a change brings, as it was signed."""
        return str(self._said(change_id)["title"])

    def text(self, change_id: int) -> dict[str, Any]:
        """Return the content that a change brings; empty for a withdrawal."""
        content: dict[str, Any] = self._said(change_id)["content"]
        return content

    def _said(self, change_id: int) -> dict[str, Any]:
        """Return what a change brings, read from its bytes once."""
        if change_id not in self.said:
            revision = self.changes[change_id].revision
            whole = json.loads(revision.data) if revision else {"title": "", "content": {}}
            self.said[change_id] = whole
        return self.said[change_id]

    def as_known(self, at: datetime) -> "Told":
        """Return the document as known at an instant."""
        return replace(self, entries=signed_by(self.entries, at))


@dataclass(frozen=True, kw_only=True)
class Story(Told):
    """All that decides what a document's sheet says for a unit.

    ``rivals`` are other documents of the same kind and code; ``schedules`` price it, ``blanks``
    are the forms it uses. ``within`` are the address words of all that the unit lies in; ``told``
    keeps what was worked out from it, so that a page works it out once.
    """

    unit: Unit
    places: Mapping[int, Place]
    headings: Sequence[Heading]
    issuers: Sequence[Heading]
    rivals: Sequence[Told]
    schedules: Sequence[Told] = ()
    blanks: Sequence[Told] = ()
    within: frozenset[str] = frozenset()
    told: dict[object, Any] = field(init=False, default_factory=dict, compare=False, repr=False)

    @property
    def subject(self) -> Subject:
        """What the sheet is about."""
        return Subject(self.unit.id, SheetKind(self.document.kind), self.document.id)

    @property
    def code_words(self) -> str:
        """The code of the document."""
        return self.document.code

    @property
    def documents(self) -> set[int]:
        """Return the documents it is told from: its own and all around it."""
        around = (*self.rivals, *self.schedules, *self.blanks)
        return {self.document.id, *(each.document.id for each in around)}

    def as_known(self, at: datetime) -> "Story":
        """Return the story as known at an instant, without what was signed or confirmed later."""
        return replace(
            self,
            headings=standing_by(self.headings, at),
            issuers=standing_by(self.issuers, at),
            entries=signed_by(self.entries, at),
            rivals=[each.as_known(at) for each in self.rivals],
            schedules=[each.as_known(at) for each in self.schedules],
            blanks=[each.as_known(at) for each in self.blanks],
        )


# Questions are built once: a page asks them each time, and building costs as much as asking.
_LINKS: Final = (
    sa.select(Link.relation, Link.code, Document.code.label("by"))
    .join(Revision, Revision.id == Link.revision_id)
    .join(Document, Document.id == Revision.document_id)
    .where(Revision.number.is_not(None))
)
_CODES: Final[sa.BindParameter[str]] = sa.bindparam("codes", expanding=True)

# Two questions in one, each along an index: with "or" every link there is would be read.
_NAMED: Final = sa.union_all(
    _LINKS.where(
        Link.relation == Relation.CHARGES, Link.kind == "procedure", Link.code.in_(_CODES)
    ),
    _LINKS.where(
        Link.relation == Relation.USES_FORM,
        Document.kind == "procedure",
        Document.code.in_(_CODES),
    ),
)
_DOCUMENTS: Final = (
    sa.select(Document)
    .where(sa.tuple_(Document.kind, Document.code).in_(sa.bindparam("wanted", expanding=True)))
    .options(joinedload(Document.owner))
)
_CHANGES: Final = (
    sa.select(Change)
    .where(Change.document_id.in_(sa.bindparam("ids", expanding=True)))
    .where(Change.signed_at.is_not(None))
    .options(
        joinedload(Change.decision).joinedload(Decision.owner),
        joinedload(Change.decision).joinedload(Decision.issuer),
        joinedload(Change.revision).selectinload(Revision.units),
    )
)
_WITH_TEXTS: Final = _CHANGES.options(joinedload(Change.revision).undefer(Revision.data))


def story(session: Session, unit: Unit, document: Document) -> Story:
    """Load what decides about the sheets of a document for a unit."""
    return stories(session, [(unit, document)])[0]


def signed_by(entries: Iterable[Entry], at: datetime) -> list[Entry]:
    """Return the changes that were signed at an instant."""
    return [each for each in entries if each.signed_at and each.signed_at <= at]


def standing_by(rows: Iterable[Heading], at: datetime) -> list[Heading]:
    """Return the headings that were confirmed at an instant."""
    return [row for row in rows if row.stands_since and row.stands_since <= at]


def signatures(told: Story) -> set[datetime]:
    """Return when changes of the document, its rivals, prices and forms were signed."""
    around = (*told.rivals, *told.schedules, *told.blanks)
    entries = [*told.entries, *(entry for each in around for entry in each.entries)]
    return {each.signed_at for each in entries if each.signed_at}


def instants(told: Story) -> list[datetime]:
    """Return when anything that decides about the sheet was signed or confirmed."""
    rows = (*told.headings, *told.issuers)
    return sorted(signatures(told) | confirmations(rows))


def confirmations(rows: Iterable[Heading]) -> set[datetime]:
    """Return when headings were confirmed."""
    return {row.stands_since for row in rows if row.stands_since}


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
    names = _named(session, {each.code for _, each in pairs if each.kind == "procedure"})
    around = set[Name]().union(*names.values())
    told = told_by_name(session, around | {(each.kind, each.code) for _, each in pairs})
    land = ground(session) if any(kind == "fee" for kind, _ in around) else None
    issuers = issuers_of(each for same in told.values() for each in same)
    offices = {unit.id: office_of(known, unit.id) for unit, _ in pairs}
    headings = headings_of(session, {*offices, *offices.values(), *issuers})
    issued = [row for unit_id in issuers for row in headings.get(unit_id, ())]
    within = {unit_id: land.within(unit_id) for unit_id in offices} if land else {}

    def made(unit: Unit, document: Document) -> Story:
        same = told.get((document.kind, document.code), ())
        (own,) = (each for each in same if each.document.id == document.id)
        beside = names.get(document.code, set()) if document.kind == "procedure" else set()
        return Story(
            document=document,
            changes=own.changes,
            entries=own.entries,
            said=own.said,
            unit=unit,
            places=known,
            headings=[
                row for at in {unit.id, offices[unit.id]} for row in headings.get(at, ())
            ],
            issuers=issued,
            rivals=[each for each in same if each is not own],
            schedules=_of(told, "fee", beside),
            blanks=_of(told, "form", beside),
            within=within.get(unit.id, frozenset()),
        )

    return [made(unit, document) for unit, document in pairs]


def _named(session: Session, codes: Collection[str]) -> dict[str, set[Name]]:
    """Return by code of a procedure the schedules that ever priced it, the forms it ever used."""
    found: dict[str, set[Name]] = {code: set() for code in codes}
    for row in session.execute(_NAMED, {"codes": list(codes)}):
        if row.relation is Relation.CHARGES:
            found[row.code].add(("fee", row.by))
        else:
            found[row.by].add(("form", row.code))
    return found


def _of(told: Mapping[Name, Sequence[Told]], kind: str, names: Collection[Name]) -> list[Told]:
    """Return the documents of a kind in the order of their codes, which a digest depends on."""
    found = [each for name in names if name[0] == kind for each in told.get(name, ())]
    return sorted(found, key=lambda each: (each.document.code, each.document.id))


def headings_of(session: Session, unit_ids: Collection[int]) -> dict[int, list[Heading]]:
    """Return all headings of some units, by unit."""
    found: dict[int, list[Heading]] = {}
    for row in session.scalars(sa.select(Heading).where(Heading.unit_id.in_(unit_ids))):
        found.setdefault(row.unit_id, []).append(row)
    return found


def issuers_of(told: Iterable[Told]) -> set[int]:
    """Return the units that issued a decision about a document."""
    found = {c.decision.issuer_id for each in told for c in each.changes.values()}
    return {each for each in found if each is not None}


def told_by_name(
    session: Session, wanted: Collection[Name], *, texts: bool = True
) -> dict[Name, list[Told]]:
    """Return all documents with one of these kinds and codes: two or three queries.

    Without ``texts`` their contents are not there: enough for titles.
    """
    same = session.scalars(_DOCUMENTS, {"wanted": list(wanted)}).all()
    query = _WITH_TEXTS if texts else _CHANGES
    changes: dict[int, dict[int, Change]] = {each.id: {} for each in same}
    for change in session.scalars(query, {"ids": [each.id for each in same]}):
        changes[change.document_id][change.id] = change
    found: dict[Name, list[Told]] = {}
    for each in same:
        entries = [_entry(change) for change in changes[each.id].values()]
        told = Told(each, changes[each.id], entries)
        found.setdefault((each.kind, each.code), []).append(told)
    return found


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
