"""What is asked about documents, revisions and decisions."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, subqueryload, undefer

from qms.digests import digest
from qms.documents.kinds.base import Content
from qms.documents.kinds.registry import read
from qms.documents.models import (
    LIVING,
    Change,
    Decision,
    Document,
    Drafter,
    Kin,
    Predecessor,
    Revision,
    Signature,
)
from qms.documents.rules import Audience, Deed, RevisionText, Scope, State
from qms.documents.timeline import Action, Entry
from qms.errors import NotFoundError
from qms.units.rules import Level

T = TypeVar("T")

_MOST: Final = 5_000
"""Values that one question names; every database here takes more."""


def parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Return values in as many parts as questions have to name them."""
    return (values[start : start + _MOST] for start in range(0, len(values), _MOST))


def text_of(revision: Revision) -> RevisionText:
    """Return all that a revision says, read from its bytes."""
    said: dict[str, Any] = json.loads(revision.data)
    return RevisionText(
        title=said["title"],
        content=read(json.dumps(said["content"])),
        issue_no=said["issue_no"],
        amendment_no=said["amendment_no"],
        scope=Scope(said["scope"]),
        scope_level=Level(said["scope_level"]) if said["scope_level"] else None,
        scope_units=tuple(said["scope_units"]),
        audience=Audience(said["audience"]),
        review_months=said["review_months"],
        retention=said["retention"],
        summary=said["summary"],
        why=said["why"],
    )


def is_whole(revision: Revision) -> bool:
    """Tell whether a revision's bytes are those it names and its columns repeat them."""
    said: dict[str, Any] = json.loads(revision.data)
    columns = {
        "title": revision.title,
        "issue_no": revision.issue_no,
        "amendment_no": revision.amendment_no,
        "scope": revision.scope.value,
        "scope_level": revision.scope_level.value if revision.scope_level else None,
        "audience": revision.audience.value,
        "review_months": revision.review_months,
    }
    return digest(revision.data) == revision.digest and columns.items() <= said.items()


def content(revision: Revision) -> Content:
    """Return the content of a revision, read from its bytes."""
    return content_in(revision.data)


def content_in(data: bytes) -> Content:
    """Return the content that the bytes of a revision hold."""
    return read(json.dumps(json.loads(data)["content"]))


def document(session: Session, document_id: int) -> Document:
    """Return a document by number, with its owner.

    Raises:
        NotFoundError: there is none.

    """
    query = sa.select(Document).where(Document.id == document_id)
    found = session.scalar(query.options(joinedload(Document.owner)))
    if found is None:
        raise NotFoundError("Không có tài liệu này.")
    return found


def documents_by_code(
    session: Session, owner_id: int, kind: str, codes: Sequence[str]
) -> dict[str, Document]:
    """Return those of an owner's documents of a kind that bear one of the codes."""
    found: dict[str, Document] = {}
    for start in range(0, len(codes), 500):
        query = sa.select(Document).where(
            Document.owner_id == owner_id,
            Document.kind == kind,
            Document.code.in_(codes[start : start + 500]),
        )
        found |= {each.code: each for each in session.scalars(query)}
    return found


def revision(session: Session, revision_id: int) -> Revision:
    """Return a revision with its bytes and document."""
    query = sa.select(Revision).where(Revision.id == revision_id)
    options = (undefer(Revision.data), joinedload(Revision.document).joinedload(Document.owner))
    found = session.scalar(query.options(*options))
    if found is None:
        raise NotFoundError("Không có bản này.")
    return found


def entries(session: Session, document_ids: Collection[int]) -> dict[int, list[Entry]]:
    """Return the signed changes of documents as the timeline rules see them."""
    found: dict[int, list[Entry]] = {each: [] for each in document_ids}
    ids = sorted(document_ids)
    for some in parts(ids):
        query = sa.select(
            Change.document_id,
            Change.id,
            Change.action,
            Change.effective_on,
            Change.revision_id,
            Change.replaces_id,
            Change.reason,
            Change.signed_at,
        ).where(Change.document_id.in_(some), Change.signed_at.is_not(None))
        for row in session.execute(query):
            found[row.document_id].append(Entry(*row[1:]))
    return found


def counts(session: Session, document_ids: Collection[int]) -> dict[int, int]:
    """Return how many changes of each document are signed."""
    return {each: len(rows) for each, rows in entries(session, document_ids).items()}


def _latest(
    *conditions: sa.ColumnElement[bool] | sa.TextClause,
) -> sa.Select[Action, int | None]:
    """Return the change of a document that stands on a day.

    Without further conditions than the living one index answers alone: a day has one change,
    so the order by action says nothing, but leads SQLite past the narrower index of days.
    """
    return (
        sa.select(Change.action, Change.revision_id)
        .where(Change.document_id == sa.bindparam("document"))
        .where(Change.effective_on <= sa.bindparam("day"), *conditions)
        .order_by(Change.effective_on.desc(), Change.action.desc())
        .limit(1)
    )


_IN_FORCE: Final = _latest(LIVING)
"""Built once; it is asked more often than anything else."""


def in_force_id(
    session: Session, document_id: int, on: date, known_at: datetime | None = None
) -> int | None:
    """Return the number of the revision in force on a day; None if nothing is."""
    query = _IN_FORCE if known_at is None else _latest(known(known_at))
    row = session.execute(query, {"document": document_id, "day": on}).first()
    return row.revision_id if row and row.action is not Action.WITHDRAW else None


def known(at: datetime, change: type[Change] = Change) -> sa.ColumnElement[bool]:
    """Return the condition for changes that made the timeline as known at an instant."""
    successor = aliased(Change)
    later = sa.select(successor.id).where(
        successor.id == change.replaced_by_id, successor.signed_at <= at
    )
    return sa.and_(change.signed_at <= at, change.action != _CANCEL, ~later.exists())


def history(session: Session, document_id: int) -> Sequence[Change]:
    """Return all signed changes of a document with decision and revision, oldest first."""
    query = sa.select(Change).where(
        Change.document_id == document_id, Change.signed_at.is_not(None)
    )
    query = query.options(
        joinedload(Change.decision), joinedload(Change.revision), joinedload(Change.document)
    )
    return session.scalars(query.order_by(Change.signed_at, Change.id)).all()


def drafts_of(session: Session, document_id: int) -> Sequence[Change]:
    """Return the lines of open decisions that concern a document."""
    query = (
        sa.select(Change)
        .join(Decision)
        .where(Change.document_id == document_id)
        .where(Decision.state.in_((State.DRAFT, State.IN_REVIEW)))
        .options(joinedload(Change.decision), joinedload(Change.revision))
    )
    return session.scalars(query.order_by(Change.id)).all()


def decision(session: Session, decision_id: int) -> Decision:
    """Return a decision with owner and issuer.

    Raises:
        NotFoundError: there is none.

    """
    query = sa.select(Decision).where(Decision.id == decision_id)
    options = (joinedload(Decision.owner), joinedload(Decision.issuer))
    found = session.scalar(query.options(*options))
    if found is None:
        raise NotFoundError(
            "Không có quyết định số %(number)s trong hệ thống.", number=decision_id
        )
    return found


def lines(
    session: Session, decision_id: int, *, offset: int = 0, limit: int | None = None
) -> Sequence[Change]:
    """Return the lines of a decision with their documents and revision (without its bytes)."""
    query = (
        sa.select(Change)
        .where(Change.decision_id == decision_id)
        .options(
            joinedload(Change.document).joinedload(Document.owner),
            joinedload(Change.revision),
            WITH_KIN,
        )
        .order_by(Change.id)
        .offset(offset)
        .limit(limit)
    )
    return session.scalars(query).all()


def line(session: Session, change_id: int) -> Change:
    """Return one line with decision, documents and the bytes of its revision."""
    query = sa.select(Change).where(Change.id == change_id).options(*_FULL, WITH_KIN)
    found = session.scalar(query)
    if found is None:
        raise NotFoundError("Không có dòng này trong quyết định.")
    return found


def drafters(session: Session, decision_id: int) -> set[int]:
    """Return everybody who edited a text or a line of a decision, or ran its import."""
    query = sa.select(Drafter.user_id).where(Drafter.decision_id == decision_id)
    return set(session.scalars(query))


def signatures(session: Session, decision_id: int) -> Sequence[Signature]:
    """Return all signatures of a decision in order of time, lapsed ones included."""
    query = sa.select(Signature).where(Signature.decision_id == decision_id)
    return session.scalars(query.order_by(Signature.id)).all()


def standing_signatures(found: Iterable[Signature]) -> list[Signature]:
    """Return those signatures that no later return has voided."""
    kept: list[Signature] = []
    for each in found:
        kept = [] if each.deed is Deed.RETURNED else [*kept, each]
    return kept


def predecessors(session: Session, document_id: int) -> Sequence[Document]:
    """Return the documents that this one stands in for."""
    query = sa.select(Document).join(Predecessor, Predecessor.predecessor_id == Document.id)
    return session.scalars(query.where(Predecessor.document_id == document_id)).all()


def successors(session: Session, document_id: int) -> Sequence[Document]:
    """Return the documents that stand in for this one."""
    query = sa.select(Document).join(Predecessor, Predecessor.document_id == Document.id)
    return session.scalars(query.where(Predecessor.predecessor_id == document_id)).all()


_CANCEL: sa.ColumnElement[Action] = sa.literal_column("'cancel'")
"""Written out, so that the index of living changes answers whatever the driver binds."""
LIVING_COLUMNS = sa.and_(
    Change.signed_at.is_not(None),
    Change.replaced_by_id.is_(None),
    Change.action != _CANCEL,
)
WITH_KIN = subqueryload(Change.kin).joinedload(Kin.document).joinedload(Document.owner)
_FULL = (
    joinedload(Change.decision).joinedload(Decision.owner),
    joinedload(Change.document).joinedload(Document.owner),
    joinedload(Change.revision).undefer(Revision.data),
)
