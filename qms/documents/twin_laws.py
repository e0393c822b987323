"""Two records of one legal text: number, issuer and date tell one from another."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents import queries
from qms.documents.kinds.legal import Identity, LegalText
from qms.documents.models import Change, Document, Revision
from qms.errors import QmsError, RefusedError


def twins(session: Session, found: Sequence[Change]) -> list[QmsError]:
    """Return the records that would say they are a legal text which another one is."""
    laws = {c.document_id: c for c in found if c.document.kind == "legal" and c.revision_id}
    if not laws:
        return []
    new = {change.revision_id for change in laws.values()}
    owners = {change.document.owner_id for change in laws.values()}
    query = (
        sa.select(Change.document_id, Change.revision_id, Document.code, Revision.data)
        .join(Document, Document.id == Change.document_id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Document.kind == "legal", Document.owner_id.in_(owners))
        .where(sa.or_(queries.LIVING_COLUMNS, Change.revision_id.in_(new)))
        .order_by(Change.effective_on)
    )
    said: dict[Identity, dict[int, str]] = {}
    for row in session.execute(query):
        content = queries.content_in(row.data)
        replaced = row.document_id in laws and row.revision_id not in new
        if isinstance(content, LegalText) and content.identity and not replaced:
            said.setdefault(content.identity, {})[row.document_id] = row.code
    return [
        RefusedError(
            "%(code)s và %(other)s cùng là một văn bản: cùng số, cơ quan ban hành và ngày.",
            code=codes[0],
            other=codes[1],
        )
        for documents in said.values()
        if len(documents) > 1 and not documents.keys().isdisjoint(laws)
        for codes in [sorted(documents.values())]
    ]
