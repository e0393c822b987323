"""Documents that a change of the law makes due, what people recorded, and what waits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from qms.documents.kinds.base import Relation
from qms.documents.models import Change, Decision, Document, Link, Revision
from qms.documents.queries import LIVING_COLUMNS
from qms.documents.reading import Reader, readable
from qms.documents.standing import latest
from qms.documents.timeline import Action
from qms.errors import NotFoundError
from qms.laws import rules
from qms.laws.models import Check, Waiver
from qms.laws.records import KIND, known_to
from qms.laws.rules import Event, Record

PAGE_SIZE: Final = 50


@dataclass(frozen=True)
class Wanted:
    """Which open duties are asked for."""

    units: Sequence[int]
    on: date
    reader: Reader | None = None
    overdue: bool = False
    law_id: int | None = None
    document_id: int | None = None


@dataclass(frozen=True)
class Due:
    """A document that has to be brought up to what happened to a law on a day."""

    document_id: int
    kind: str
    code: str
    title: str
    owner_id: int
    law: Record
    day: date
    events: tuple[Event, ...]

    @property
    def due(self) -> date:
        """The last day to do so."""
        return rules.update_due(self.day)


@dataclass(frozen=True)
class Group:
    """How many documents what happened to one law on one day makes due."""

    law: Record
    day: date
    count: int

    @property
    def due(self) -> date:
        """The last day to bring them up to it."""
        return rules.update_due(self.day)


def dues(session: Session, wanted: Wanted, *, page: int = 1) -> tuple[list[Due], int]:
    """Return one page of open duties, what is due first on top, and how many there are."""
    laws, query = _open(session, wanted)
    if query is None:
        return [], 0
    base = query.subquery("due")
    rows = session.execute(
        sa.select(base, sa.func.count().over().label("total"))
        .order_by(base.c.day, base.c.code, base.c.id, base.c.law_id)
        .limit(PAGE_SIZE)
        .offset((max(page, 1) - 1) * PAGE_SIZE)
    ).all()
    found = [
        Due(
            document_id=row.id,
            kind=row.kind,
            code=row.code,
            title=row.title,
            owner_id=row.owner_id,
            law=laws[row.law_id],
            day=row.day,
            events=rules.events(laws[row.law_id], wanted.on)[row.day],
        )
        for row in rows
    ]
    return found, rows[0].total if rows else 0


def groups(session: Session, wanted: Wanted) -> list[Group]:
    """Return open duties counted by what happened to which law."""
    laws, query = _open(session, wanted)
    if query is None:
        return []
    base = query.subquery("due")
    counted = sa.select(base.c.law_id, base.c.day, sa.func.count().label("documents"))
    rows = session.execute(
        counted.group_by(base.c.law_id, base.c.day).order_by(base.c.day, base.c.law_id)
    )
    return [Group(laws[row.law_id], row.day, row.documents) for row in rows]


def law_document(session: Session, document_id: int) -> Document:
    """Return the document of a legal text.

    Raises:
        NotFoundError: there is none.

    """
    found = session.get(Document, document_id)
    if found is None or found.kind != KIND:
        raise NotFoundError("Không có văn bản pháp luật này.")
    return found


def codes(session: Session, document_ids: Collection[int]) -> dict[int, str]:
    """Return the codes of documents by number."""
    query = sa.select(Document.id, Document.code).where(Document.id.in_(document_ids))
    return {row.id: row.code for row in session.execute(query)}


def waivers(session: Session, *, document_id: int = 0, law_id: int = 0) -> Sequence[Waiver]:
    """Return what was said of a document, or because of a law, newest first."""
    mine = Waiver.document_id == document_id if document_id else Waiver.law_id == law_id
    query = sa.select(Waiver).where(mine).order_by(Waiver.id.desc())
    return session.scalars(query.limit(PAGE_SIZE)).all()


def waiver(session: Session, document_id: int, law_id: int, day: date) -> Waiver | None:
    """Return why a document needed no new text, if somebody said so."""
    query = sa.select(Waiver).where(
        Waiver.document_id == document_id, Waiver.law_id == law_id, Waiver.day == day
    )
    return session.scalar(query)


def checks(session: Session, document_id: int) -> Sequence[Check]:
    """Return the checks of a record, newest first."""
    query = sa.select(Check).where(Check.document_id == document_id)
    return session.scalars(query.order_by(Check.id.desc()).limit(PAGE_SIZE)).all()


def looked_at(session: Session, document_ids: Collection[int]) -> Mapping[int, date]:
    """Return when each record was last checked, else last signed."""
    signed = (
        sa.select(Change.document_id, sa.func.max(Change.signed_at).label("at"))
        .where(Change.document_id.in_(document_ids), LIVING_COLUMNS)
        .group_by(Change.document_id)
    )
    checked = (
        sa.select(Check.document_id, sa.func.max(Check.day).label("day"))
        .where(Check.document_id.in_(document_ids))
        .group_by(Check.document_id)
    )
    found = {row.document_id: row.at.date() for row in session.execute(signed)}
    return found | {row.document_id: row.day for row in session.execute(checked)}


def overdue_checks(
    session: Session, owners: Collection[int], on: date
) -> list[tuple[int, date]]:
    """Return the records of some owners that are to be looked at again, longest first."""
    query = (
        sa.select(Document.id)
        .join(Change, Change.document_id == Document.id)
        .where(Document.kind == KIND, Document.owner_id.in_(sorted(owners)))
        .where(latest(on, None))
    )
    last = looked_at(session, session.scalars(query).all())
    late = [(rules.check_due(day), each) for each, day in last.items()]
    return [(each, due) for due, each in sorted(late) if due <= on]


def _open(
    session: Session, wanted: Wanted
) -> tuple[dict[int, Record], sa.Select[*tuple[Any, ...]] | None]:
    """Return the records by number and the question for open duties; None where none can be."""
    known = known_to(session, wanted.units, wanted.on)
    laws = {each.document_id: each for mine in known.values() for each in mine.values()}
    rows = [
        (owner_id, cause.code, cause.law_id, cause.day)
        for owner_id, mine in known.items()
        for cause in rules.causes(mine, wanted.on)
        if wanted.law_id in {None, cause.law_id}
        and not (wanted.overdue and rules.update_due(cause.day) >= wanted.on)
    ]
    return laws, _question(rows, wanted) if rows else None


def _question(
    rows: list[tuple[int, str, int, date]], wanted: Wanted
) -> sa.Select[*tuple[Any, ...]]:
    cause = (
        sa.values(
            sa.column("owner_id", sa.Integer),
            sa.column("code", sa.String),
            sa.column("law_id", sa.Integer),
            sa.column("day", sa.Date),
            name="cause",
        )
        .data(rows)
        .cte("cause")
    )
    query = (
        sa.select(
            Document.id,
            Document.kind,
            Document.code,
            Revision.title,
            Document.owner_id,
            cause.c.law_id,
            cause.c.day,
        )
        .select_from(cause)
        .join(
            Link,
            sa.and_(
                Link.kind == KIND,
                Link.code == cause.c.code,
                Link.relation == Relation.BASED_ON,
            ),
        )
        .join(Revision, Revision.id == Link.revision_id)
        .join(Change, Change.revision_id == Revision.id)
        .join(
            Document,
            sa.and_(Document.id == Change.document_id, Document.owner_id == cause.c.owner_id),
        )
        .where(latest(wanted.on, None), ~_settled(cause).exists(), ~_waived(cause).exists())
        .distinct()
    )
    if wanted.reader is not None:
        query = query.where(readable(wanted.reader))
    if wanted.document_id is not None:
        query = query.where(Document.id == wanted.document_id)
    return query


def _settled(cause: sa.CTE) -> sa.Select[int]:
    """Return the signed texts that know what happened: of a later paper, or a later day."""
    later = aliased(Change)
    return (
        sa.select(later.id)
        .join(Decision, Decision.id == later.decision_id)
        .where(
            later.document_id == Document.id,
            later.signed_at.is_not(None),
            later.replaced_by_id.is_(None),
            later.action.in_((Action.ISSUE, Action.AMEND)),
            sa.or_(Decision.dated >= cause.c.day, later.effective_on >= cause.c.day),
        )
        .correlate(Document, cause)
    )


def _waived(cause: sa.CTE) -> sa.Select[int]:
    return (
        sa.select(Waiver.id)
        .where(
            Waiver.document_id == Document.id,
            Waiver.law_id == cause.c.law_id,
            Waiver.day == cause.c.day,
        )
        .correlate(Document, cause)
    )
