"""The records of legal texts: as they stand on a day, and which of them reach a unit."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents.kinds.legal import LegalText
from qms.documents.models import Change, Decision, Document, Revision, RevisionUnit
from qms.documents.queries import LIVING_COLUMNS
from qms.documents.rules import Scope, State
from qms.documents.standing import Cover, cover_of, covers, latest
from qms.documents.timeline import Action
from qms.laws.rules import Record
from qms.units.models import Heading
from qms.units.queries import headings, places
from qms.units.rules import Place, holds, office_of

KIND = "legal"


def covers_on(session: Session, units: Iterable[int], on: date) -> dict[int, Cover]:
    """Return how texts reach each of the units that exist on a day."""
    known = places(session)
    there = [each for each in units if each in known and holds(known[each], on)]
    offices = sorted({office_of(known, each) for each in there})
    return covers_of(known, there, headings(session, on, offices) if offices else {}, on)


def covers_of(
    known: Mapping[int, Place], units: Iterable[int], heads: Mapping[int, Heading], on: date
) -> dict[int, Cover]:
    """Return the same from headings that were asked for."""
    offices = {each: office_of(known, each) for each in units if holds(known[each], on)}
    return {
        each: cover_of(known, each, heads[office].level if office in heads else None)
        for each, office in offices.items()
    }


def records(session: Session, owners: Collection[int], on: date) -> list[Record]:
    """Return the records of some owners that stand on a day, in three questions."""
    query = (
        sa.select(
            Document.id,
            Document.owner_id,
            Document.code,
            Revision.id.label("revision_id"),
            Revision.title,
            Revision.data,
            Revision.scope,
            Revision.scope_level,
        )
        .join(Change, Change.document_id == Document.id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Document.kind == KIND, Document.owner_id.in_(sorted(owners)), latest(on, None))
        .order_by(Document.code, Document.id)
    )
    rows = session.execute(query).all()
    amended = _amended(session, owners, on) if rows else {}
    by_unit = any(row.scope is Scope.UNITS for row in rows)
    named = _named(session, owners) if by_unit else {}
    return [
        Record(
            document_id=row.id,
            owner_id=row.owner_id,
            code=row.code,
            title=row.title,
            content=law_in(row.data),
            scope=row.scope,
            scope_level=row.scope_level,
            units=frozenset(named.get(row.revision_id, ())),
            amended=tuple(amended.get(row.id, ())),
        )
        for row in rows
    ]


def known_to(session: Session, units: Iterable[int], on: date) -> dict[int, dict[str, Record]]:
    """Return for each unit the records that reach it, by code: the nearest owner's."""
    found = covers_on(session, units, on)
    owners = {owner for each in found.values() for owner in each.nearest_first}
    standing = records(session, owners, on) if owners else []
    return {unit_id: reaching(each, standing) for unit_id, each in found.items()}


def reaching(seen: Cover, found: Sequence[Record]) -> dict[str, Record]:
    """Return the records that reach a unit by code: of several the nearest owner's."""
    nearness = {owner: rank for rank, owner in enumerate(seen.nearest_first)}
    mine: dict[str, Record] = {}
    for each in sorted(
        found, key=lambda r: (nearness.get(r.owner_id, len(nearness)), r.document_id)
    ):
        reached = covers(
            seen,
            owner_id=each.owner_id,
            scope=each.scope,
            scope_level=each.scope_level,
            units=each.units,
        )
        if reached:
            mine.setdefault(each.code, each)
    return mine


def said_of_laws(session: Session, owner_id: int) -> list[tuple[int, str, LegalText]]:
    """Return what an owner's records say: the last signed text of each, and its drafts."""
    query = (
        sa.select(Document.id, Document.code, Revision.number, Revision.data)
        .join(Change, Change.document_id == Document.id)
        .join(Decision, Decision.id == Change.decision_id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Document.kind == KIND, Document.owner_id == owner_id)
        .where(Decision.state != State.CANCELLED)
        .order_by(Document.id, Revision.number)
    )
    signed: dict[int, tuple[int, str, LegalText]] = {}
    drafts = []
    for row in session.execute(query):
        said = (row.id, row.code, law_in(row.data))
        if row.number is None:
            drafts.append(said)
        else:
            signed[row.id] = said
    return [*signed.values(), *drafts]


@lru_cache(maxsize=4_096)
def law_in(data: bytes) -> LegalText:
    """Return what the bytes of a record say; the same bytes always say the same."""
    return LegalText.model_validate_json(json.dumps(json.loads(data)["content"]))


def _amended(session: Session, owners: Collection[int], on: date) -> dict[int, list[date]]:
    """Return the days from which material changes of records hold."""
    query = (
        sa.select(Change.document_id, Change.effective_on)
        .join(Document, Document.id == Change.document_id)
        .where(Document.kind == KIND, Document.owner_id.in_(sorted(owners)))
        .where(LIVING_COLUMNS, Change.action == Action.AMEND, Change.material)
        .where(Change.effective_on <= on)
        .order_by(Change.effective_on)
    )
    found: dict[int, list[date]] = {}
    for row in session.execute(query):
        found.setdefault(row.document_id, []).append(row.effective_on)
    return found


def _named(session: Session, owners: Collection[int]) -> Mapping[int, list[int]]:
    """Return the units that texts of records name in their scope, by revision."""
    query = (
        sa.select(RevisionUnit.revision_id, RevisionUnit.unit_id)
        .join(Revision, Revision.id == RevisionUnit.revision_id)
        .join(Document, Document.id == Revision.document_id)
        .where(Document.kind == KIND, Document.owner_id.in_(sorted(owners)))
    )
    found: dict[int, list[int]] = {}
    for row in session.execute(query):
        found.setdefault(row.revision_id, []).append(row.unit_id)
    return found
