"""What the library asks about documents."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, undefer

from qms.documents.models import Change, Document, Revision
from qms.documents.queries import LIVING_COLUMNS, text_of
from qms.documents.timeline import Action
from qms.library.format import LibraryFile
from qms.library.rules import library_file


def in_force(session: Session, owner_id: int, on: date) -> Iterator[LibraryFile]:
    """Give what an owner has in force on a day, as files, in the order of kind and code."""
    last = (
        sa.select(Change.document_id, sa.func.max(Change.effective_on).label("day"))
        .join(Document, Document.id == Change.document_id)
        .where(Document.owner_id == owner_id, Change.effective_on <= on, LIVING_COLUMNS)
        .group_by(Change.document_id)
        .subquery()
    )
    query = (
        sa.select(Change)
        .join(
            last,
            sa.and_(
                last.c.document_id == Change.document_id, last.c.day == Change.effective_on
            ),
        )
        .join(Document, Document.id == Change.document_id)
        .where(LIVING_COLUMNS, Change.action != Action.WITHDRAW)
        .options(
            joinedload(Change.document),
            joinedload(Change.revision).options(undefer(Revision.data)),
        )
        .order_by(Document.kind, Document.code)
    )
    for change in session.scalars(query):
        if change.revision is not None:
            document = change.document
            yield library_file(document.kind, document.code, text_of(change.revision))
