"""What a decision touches besides what it changes: asked in waves, a few questions for each."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from qms.documents import queries
from qms.documents.kinds.base import Relation
from qms.documents.kinds.registry import KINDS
from qms.documents.links import Name, owners_naming, standing_or_coming
from qms.documents.models import Change, Decision, Document, Link, Revision
from qms.documents.reading import Visit, readable
from qms.documents.rules import State
from qms.units.queries import places
from qms.units.rules import chain

KINDS_IN_ORDER: Final = tuple(KINDS)
WAVES: Final = 4
"""A law touches the law it amends, that a fee, the fee a procedure, the procedure its process."""
TOUCHED: Final = (
    *(Relation.USES_FORM, Relation.BASED_ON, Relation.DESCRIBES, Relation.RECORDS_ON),
)
"""Whoever names a document for one of these is touched by its change."""
TOUCHES: Final = (Relation.CHARGES, Relation.AMENDS)
"""Whom a document names for one of these its change touches."""


@dataclass(frozen=True)
class Touched:
    """A document that a change touches: why, and by which document directly."""

    document_id: int
    relation: Relation
    by: str


@dataclass(frozen=True)
class Matter:
    """A decision before it is signed: what it changes from a day on, and what that touches."""

    decision: Decision
    on: date
    changed: Sequence[Document]
    touched: Sequence[Touched]


def matter(
    session: Session, decision: Decision, changed: Sequence[Document], today: date
) -> Matter:
    """Return what a decision is about; its lines are of the documents ``changed``."""
    on = decision.effective_on or today
    return Matter(decision, on, changed, touched(session, changed, on))


def touched(session: Session, changed: Sequence[Document], on: date) -> list[Touched]:
    """Return every document that changes of these touch from a day on, nearest first.

    The changed ones themselves are left out; a wave asks the same questions however many
    documents it meets.
    """
    seen = {each.id for each in changed}
    wave: Sequence[Document] = changed
    found: list[Touched] = []
    for _ in range(WAVES):
        fresh: dict[int, Touched] = {}
        for each in (*_naming(session, wave, on), *_named(session, wave, on)):
            if each.document_id not in seen:
                fresh.setdefault(each.document_id, each)
        if not fresh:
            break
        seen |= fresh.keys()
        found += fresh.values()
        wave = _documents(session, fresh)
    return found


def changed_by(session: Session, decision_id: int) -> Sequence[Document]:
    """Return the documents that a decision has lines for."""
    query = (
        sa.select(Document)
        .join(Change, Change.document_id == Document.id)
        .where(Change.decision_id == decision_id)
    )
    return session.scalars(query.distinct().order_by(Document.id)).all()


def drafts_naming(
    session: Session, changed: Sequence[Document], but: int
) -> list[tuple[int, str, str]]:
    """Return the drafts of other decisions whose texts name one: decision, its title, the code."""
    names = sorted({(each.kind, each.code) for each in changed})
    line = aliased(Change)
    query = (
        sa.select(Decision.id, Decision.title, Document.code)
        .join(line, line.decision_id == Decision.id)
        .join(Document, Document.id == line.document_id)
        .join(Link, Link.revision_id == line.revision_id)
        .where(sa.tuple_(Link.kind, Link.code).in_(names))
        .where(Decision.state.in_((State.DRAFT, State.IN_REVIEW)), Decision.id != but)
    )
    rows = session.execute(query.distinct().order_by(Decision.id, Document.code))
    return [(row.id, row.title, row.code) for row in rows] if names else []


def _naming(session: Session, wave: Sequence[Document], on: date) -> Iterable[Touched]:
    """Return those whose texts name a document of the wave."""
    by_name: dict[Name, list[Document]] = {}
    for each in wave:
        by_name.setdefault((each.kind, each.code), []).append(each)
    rows = list(_rows(session, on, by_name))
    meant = owners_naming(session, wave, on) if rows else {}
    for row in rows:
        for each in by_name[row.kind, row.code]:
            if row.owner_id in meant[each.id]:
                yield Touched(row.document_id, row.relation, each.code)


def _named(session: Session, wave: Sequence[Document], on: date) -> Iterable[Touched]:
    """Return those that a text of the wave names: what is priced below, what is amended above."""
    sources = {each.id: each for each in wave if each.kind in {"fee", "legal"}}
    if not sources:
        return
    query = (
        sa.select(Change.document_id, Link.relation, Link.kind, Link.code)
        .join(Link, Link.revision_id == Change.revision_id)
        .join(Decision, Decision.id == Change.decision_id)
        .where(Change.document_id.in_(sources), Link.relation.in_(TOUCHES))
        .where(
            sa.or_(
                standing_or_coming(on),
                Decision.state.in_((State.DRAFT, State.IN_REVIEW)),
            )
        )
    )
    links = session.execute(query.distinct()).all()
    names = {(row.kind, row.code) for row in links}
    known = places(session)
    targets: dict[Name, list[Document]] = {}
    for some in queries.parts(sorted(names)):
        named = sa.select(Document).where(sa.tuple_(Document.kind, Document.code).in_(some))
        for each in session.scalars(named):
            targets.setdefault((each.kind, each.code), []).append(each)
    for row in links:
        source = sources[row.document_id]
        for each in targets.get((row.kind, row.code), ()):
            near, far = (each, source) if row.relation is Relation.CHARGES else (source, each)
            if far.owner_id in chain(known, near.owner_id):
                yield Touched(each.id, row.relation, source.code)


def _rows(
    session: Session,
    on: date,
    names: Collection[Name],
) -> Iterable[sa.Row[*tuple[Any, ...]]]:
    for some in queries.parts(sorted(names)):
        query = (
            sa.select(
                Change.document_id, Document.owner_id, Link.relation, Link.kind, Link.code
            )
            .join(Document, Document.id == Change.document_id)
            .join(Revision, Revision.id == Change.revision_id)
            .join(Link, Link.revision_id == Revision.id)
            .where(sa.tuple_(Link.kind, Link.code).in_(some), Link.relation.in_(TOUCHED))
            .where(standing_or_coming(on))
        )
        yield from session.execute(query.distinct())


def _documents(session: Session, ids: Collection[int]) -> list[Document]:
    found: list[Document] = []
    for some in queries.parts(sorted(ids)):
        found += session.scalars(sa.select(Document).where(Document.id.in_(some)))
    return found


@dataclass(frozen=True)
class Told:
    """A touched document as a reader is told of it."""

    id: int
    kind: str
    code: str
    title: str
    relation: Relation
    by: str


def told(
    session: Session, who: Visit, found: Sequence[Touched], on: date
) -> tuple[list[Told], int]:
    """Return the touched documents that a person may read, by kind and title; how many not."""
    why = {each.document_id: each for each in found}
    shown: list[tuple[str, str, Told]] = []
    for some in queries.parts(sorted(why)):
        query = (
            sa.select(
                Document.id, Document.kind, Document.code, Revision.title, Revision.title_sort
            )
            .join(Change, Change.document_id == Document.id)
            .join(Revision, Revision.id == Change.revision_id)
            .where(Document.id.in_(some), standing_or_coming(on), readable(who.reader))
            .order_by(Change.effective_on)
        )
        rows = {row.id: row for row in session.execute(query)}
        for row in rows.values():
            each = why[row.id]
            line = Told(row.id, row.kind, row.code, row.title, each.relation, each.by)
            shown.append((row.kind, row.title_sort, line))
    shown.sort(key=lambda each: (KINDS_IN_ORDER.index(each[0]), each[1], each[2].id))
    return [line for _, _, line in shown], len(why) - len(shown)
