"""Documents that a change of the law makes due, what people recorded, and what waits."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

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
from qms.laws.rules import Cause, Event, Record

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
    laws, found = _open(session, wanted)
    first = (max(page, 1) - 1) * PAGE_SIZE
    shown = [
        Due(
            document_id=row.id,
            kind=row.kind,
            code=row.code,
            title=row.title,
            owner_id=row.owner_id,
            law=laws[cause.law_id],
            day=cause.day,
            events=rules.events(laws[cause.law_id], wanted.on)[cause.day],
        )
        for cause, row in found[first : first + PAGE_SIZE]
    ]
    return shown, len(found)


def groups(session: Session, wanted: Wanted) -> list[Group]:
    """Return open duties counted by what happened to which law."""
    laws, found = _open(session, wanted)
    counted = Counter((cause.day, cause.law_id) for cause, _ in found)
    return [Group(laws[law_id], day, counted[day, law_id]) for day, law_id in sorted(counted)]


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


def looked_at(
    session: Session, document_ids: Collection[int], on: date = date.max
) -> Mapping[int, date]:
    """Return when each record was last checked, else last signed, as known on a day."""
    if not document_ids:
        return {}
    signed = (
        sa.select(Change.document_id, sa.func.max(Change.signed_at).label("at"))
        .where(Change.document_id.in_(document_ids), LIVING_COLUMNS)
        .group_by(Change.document_id)
    )
    checked = (
        sa.select(Check.document_id, sa.func.max(Check.day).label("day"))
        .where(Check.document_id.in_(document_ids), Check.day <= on)
        .group_by(Check.document_id)
    )
    days = ((row.document_id, row.at.date()) for row in session.execute(signed))
    found = {document_id: day for document_id, day in days if day <= on}
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
) -> tuple[dict[int, Record], list[tuple[Cause, sa.Row[*tuple[Any, ...]]]]]:
    """Return the records by number, and what is open, what is due first on top.

    Four plain questions, each along an index: one that joined them all was planned badly.
    """
    known = known_to(session, wanted.units, wanted.on)
    laws = {each.document_id: each for mine in known.values() for each in mine.values()}
    causes: dict[tuple[int, str], list[Cause]] = {}
    for owner_id, mine in known.items():
        for cause in rules.causes(mine, wanted.on):
            late = rules.update_due(cause.day) < wanted.on
            if wanted.law_id in {None, cause.law_id} and (late or not wanted.overdue):
                causes.setdefault((owner_id, cause.code), []).append(cause)
    cited = _citing(session, wanted, {code for _, code in causes}) if causes else []
    settled = _settled(session, {row.id for row in cited})
    waived = _waived(session, {row.id for row in cited})
    found = {
        (row.id, cause.law_id, cause.day): (cause, row)
        for row in cited
        for cause in causes.get((row.owner_id, row.cited), ())
        if settled.get(row.id, date.min) < cause.day
        and (row.id, cause.law_id, cause.day) not in waived
    }
    return laws, sorted(
        found.values(),
        key=lambda each: (each[0].day, each[1].code, each[1].id, each[0].law_id),
    )


def _citing(
    session: Session, wanted: Wanted, codes: Collection[str]
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Return the documents in force whose texts cite legal texts with these codes."""
    query = (
        sa.select(
            Document.id,
            Document.kind,
            Document.code,
            Revision.title,
            Document.owner_id,
            Link.code.label("cited"),
        )
        .select_from(Link)
        .join(Revision, Revision.id == Link.revision_id)
        .join(Change, Change.revision_id == Revision.id)
        .join(Document, Document.id == Change.document_id)
        .where(Link.kind == KIND, Link.relation == Relation.BASED_ON)
        .where(Link.code.in_(sorted(codes)), latest(wanted.on, None))
    )
    if wanted.reader is not None:
        query = query.where(readable(wanted.reader))
    if wanted.document_id is not None:
        query = query.where(Document.id == wanted.document_id)
    return session.execute(query).all()


def _settled(session: Session, document_ids: Collection[int]) -> dict[int, date]:
    """Return until which day each document knows the law: its last paper or its last day."""
    query = (
        sa.select(
            Change.document_id,
            sa.func.max(Decision.dated).label("dated"),
            sa.func.max(Change.effective_on).label("day"),
        )
        .join(Decision, Decision.id == Change.decision_id)
        .where(LIVING_COLUMNS, Change.action.in_((Action.ISSUE, Action.AMEND)))
        .where(Change.document_id.in_(sorted(document_ids)))
        .group_by(Change.document_id)
    )
    found = session.execute(query) if document_ids else ()
    return {row.document_id: max(row.dated, row.day) for row in found}


def _waived(session: Session, document_ids: Collection[int]) -> set[tuple[int, int, date]]:
    query = sa.select(Waiver.document_id, Waiver.law_id, Waiver.day).where(
        Waiver.document_id.in_(sorted(document_ids))
    )
    found = session.execute(query) if document_ids else ()
    return {(row.document_id, row.law_id, row.day) for row in found}
