"""References of draft texts that could name records, found by the numbers of legal texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, undefer

from qms.documents.kinds.base import Content
from qms.documents.models import Change, Decision, Document, Revision
from qms.documents.queries import content as content_of
from qms.laws import rules
from qms.laws.records import KIND, known_to, law_in
from qms.laws.rules import Offer, Record

PAGE_SIZE: Final = 50


@dataclass(frozen=True)
class Drafted:
    """A draft text of a decision, and the records its references may name."""

    change_id: int
    decision_id: int
    document: Document
    revision: Revision
    offers: Sequence[Offer]

    @property
    def clear(self) -> dict[str, str]:
        """The codes of records where only one can be meant, by place."""
        return {each.path: each.clear.code for each in self.offers if each.clear}


def draft_lines(
    session: Session, decision: Decision, today: date, *, page: int = 1, size: int = PAGE_SIZE
) -> tuple[list[Drafted], int]:
    """Return one page of a decision's draft texts with what they may name, and how many."""
    mine = (Change.decision_id == decision.id, Revision.number.is_(None))
    total = (
        session.scalar(
            sa.select(sa.func.count(Change.id))
            .join(Revision, Revision.id == Change.revision_id)
            .where(*mine)
        )
        or 0
    )
    query = (
        sa.select(Change)
        .join(Revision, Revision.id == Change.revision_id)
        .where(*mine)
        .options(
            joinedload(Change.document),
            joinedload(Change.revision).options(undefer(Revision.data)),
        )
        .order_by(Change.id)
        .offset((page - 1) * size)
        .limit(size)
    )
    by_number = numbered(session, decision, today)
    found = [
        Drafted(
            each.id,
            decision.id,
            each.document,
            each.revision,
            rules.offers(content_of(each.revision), by_number),
        )
        for each in session.scalars(query)
        if each.revision is not None
    ]
    return found, total


def of_draft(session: Session, revision: Revision, content: Content) -> Drafted | None:
    """Return what a draft text may name; None where it stands in no decision."""
    query = (
        sa.select(Change)
        .where(Change.revision_id == revision.id)
        .options(joinedload(Change.decision), joinedload(Change.document))
    )
    change = session.scalar(query)
    if change is None or not any(
        not each.document for named in rules.references(content).values() for each in named
    ):
        return None
    day = change.decision.effective_on or revision.drafted_at.date()
    offers = rules.offers(content, numbered(session, change.decision, day))
    return Drafted(change.id, change.decision_id, change.document, revision, offers)


def numbered(
    session: Session, decision: Decision, today: date
) -> Mapping[str, Sequence[Record]]:
    """Return the records a decision's texts may name, by number, those it drafts included."""
    day = max(decision.effective_on or today, today)
    known = dict(known_to(session, [decision.owner_id], day).get(decision.owner_id, {}))
    query = (
        sa.select(Document.id, Document.owner_id, Document.code, Revision.title, Revision.data)
        .join(Change, Change.document_id == Document.id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Change.decision_id == decision.id, Document.kind == KIND)
    )
    for row in session.execute(query):
        known[row.code] = Record(row.id, row.owner_id, row.code, row.title, law_in(row.data))
    return rules.numbered(known.values())
