"""What decides about the pages of a unit's board, told without a row number.

Two databases that differ only in drafts give the same facts.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, undefer

from qms.blanks.rules import PDF
from qms.documents import queries as documents
from qms.documents.kinds.base import Relation
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.parts import FileRef
from qms.documents.models import Change, Decision, Document, Link, Revision
from qms.documents.rules import Audience
from qms.documents.standing import Cover, Row, changes_between, covered, rows, standing_for
from qms.notices.rules import BOARD_KINDS
from qms.units.models import Heading, Succession, Unit
from qms.units.queries import places
from qms.units.rules import chain, holds

Name = tuple[str, str]
"""Kind and code of a document."""
Fact = tuple[object, ...]

_KINDS = (*BOARD_KINDS, "text")
"""Of all that has a page."""


@dataclass(frozen=True)
class Facts:
    """By kind and code what was signed for a unit, and what names what."""

    signed: Mapping[Name, Sequence[Fact]]
    days: Mapping[Name, Sequence[date]]
    beside: Mapping[str, Collection[Name]]
    issuers: Collection[int]


def standing(session: Session, seen: Cover, on: date) -> list[Row]:
    """Return all that stands on a board on a day, in the order of its lists."""
    found = standing_for(seen, on, kinds=BOARD_KINDS)
    ordered = sa.select(found).order_by(found.c.title_sort, found.c.code)
    return rows(session, ordered)


def texts(session: Session, seen: Cover, on: date) -> list[Row]:
    """Return the texts that are posted on a day."""
    found = standing_for(seen, on, kinds=("text",))
    return rows(session, sa.select(found).order_by(found.c.title_sort, found.c.code))


def facts(session: Session, seen: Cover) -> Facts:
    """Return what was ever signed of the documents whose public texts reach a unit."""
    shown = (
        sa.select(Change.document_id)
        .join(Document, Document.id == Change.document_id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Change.signed_at.is_not(None), Document.kind.in_(_KINDS))
        .where(Revision.audience == Audience.PUBLIC, covered(seen))
    )
    by, owner = aliased(Change), aliased(Unit)
    query = (
        sa.select(
            Document.kind,
            Document.code,
            owner.slug,
            Change.action,
            Change.effective_on,
            Change.signed_at,
            Change.reason,
            Revision.digest,
            Decision.digest.label("decision"),
            Decision.number,
            Decision.dated,
            by.signed_at.label("replaced_at"),
            Decision.issuer_id,
        )
        .join(Document, Document.id == Change.document_id)
        .join(owner, owner.id == Document.owner_id)
        .join(Decision, Decision.id == Change.decision_id)
        .outerjoin(Revision, Revision.id == Change.revision_id)
        .outerjoin(by, by.id == Change.replaced_by_id)
        .where(Change.signed_at.is_not(None), Change.document_id.in_(shown))
    )
    signed: dict[Name, list[Fact]] = {}
    days: dict[Name, list[date]] = {}
    issuers: set[int] = set()
    for row in session.execute(query):
        name = (row.kind, row.code)
        signed.setdefault(name, []).append(tuple(map(str, row[2:-1])))
        if row.effective_on and not row.replaced_at:
            days.setdefault(name, []).append(row.effective_on)
        if row.issuer_id:
            issuers.add(row.issuer_id)
    told = {name: sorted(each, key=str) for name, each in signed.items()}
    return Facts(told, days, _beside(session), issuers)


def around(session: Session, seen: Cover, unit: Unit, issuers: Collection[int]) -> list[Fact]:
    """Return all units as territories see them, and the headings that pages may bear."""
    above = aliased(Unit)
    units = sa.select(
        Unit.slug, above.slug, Unit.office, Unit.first_day, Unit.last_day, Unit.note
    ).outerjoin(above, above.id == Unit.parent_id)
    one, other = aliased(Unit), aliased(Unit)
    successions = (
        sa.select(one.slug, other.slug, Succession.carries)
        .join(one, one.id == Succession.predecessor_id)
        .join(other, other.id == Succession.successor_id)
    )
    wanted = {unit.id, *seen.nearest_first, *issuers}
    headings = session.scalars(
        sa.select(Heading).where(Heading.unit_id.in_(wanted)).options(joinedload(Heading.unit))
    )
    told = [
        (row.unit.slug, *(getattr(row, name) for name in _HEADING), row.stands_since)
        for row in headings
        if row.confirmed
    ]
    found: list[Any] = [*session.execute(units), *session.execute(successions), *told]
    return sorted(tuple(map(str, each)) for each in found)


_HEADING = tuple(
    column.name
    for column in Heading.__table__.columns
    if column.name not in {"id", "unit_id", "entered_by", "confirmed_by", "confirmed_at"}
)


def heading_days(session: Session, seen: Cover) -> list[date]:
    """Return the days from which other words stand at the head of a unit's pages."""
    query = sa.select(Heading).where(Heading.unit_id.in_(seen.own))
    return [row.from_day for row in session.scalars(query) if row.confirmed]


def files(session: Session, found: Collection[Row]) -> dict[str, FileRef | None]:
    """Return by code the files of forms, where they have one."""
    codes = {row.revision_id: row.code for row in found}
    query = sa.select(Revision).where(Revision.id.in_(codes)).options(undefer(Revision.data))
    read = {codes[each.id]: documents.content(each) for each in session.scalars(query)}
    return {code: each.file for code, each in read.items() if isinstance(each, FormBlank)}


def drawn(file: FileRef | None) -> bool:
    """Tell whether a form's page shows a picture of its file."""
    return file is not None and file.media_type == PDF


def next_change(session: Session, seen: Cover, after: date) -> date | None:
    """Return the first day after one on which something on a board changes by decision."""
    found = changes_between(session, seen, after=after, until=None, kinds=_KINDS, limit=1)
    return found[0].first_day if found else None


def below(session: Session, unit: Unit, on: date) -> list[str]:
    """Return the address words of the offices below a unit on a day, in their order."""
    known = {each.id: each for each in places(session).values() if holds(each, on)}
    query = sa.select(Unit.id, Unit.slug).where(Unit.office).order_by(Unit.slug)
    found = session.execute(query).all()
    there = [row for row in found if row.id != unit.id and row.id in known]
    return [row.slug for row in there if unit.id in chain(places(session), row.id)]


def procedures(session: Session, ids: Collection[int]) -> dict[int, Document]:
    """Return procedures by number, with their owners."""
    query = sa.select(Document).where(Document.id.in_(ids)).options(joinedload(Document.owner))
    return {each.id: each for each in session.scalars(query)}


def _beside(session: Session) -> dict[str, set[Name]]:
    """Return by code of a procedure the schedules that ever priced it, the forms it ever used."""
    query = (
        sa.select(Link.relation, Link.code, Document.code.label("by"))
        .join(Revision, Revision.id == Link.revision_id)
        .join(Document, Document.id == Revision.document_id)
        .where(Revision.number.is_not(None))
        .where(Link.relation.in_((Relation.CHARGES, Relation.USES_FORM)))
    )
    found: dict[str, set[Name]] = {}
    for row in session.execute(query):
        if row.relation is Relation.CHARGES:
            found.setdefault(row.code, set()).add(("fee", row.by))
        else:
            found.setdefault(row.by, set()).add(("form", row.code))
    return found
