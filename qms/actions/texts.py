"""The texts that findings are about: found by code on a day, and named."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents.models import Document, Revision
from qms.documents.rules import Audience
from qms.documents.standing import cover, standing_for
from qms.errors import InvalidError
from qms.text import slug

KINDS: Final = ("process", "text", "procedure", "form", "fee", "legal")
"""Kinds of documents a finding may be about; of several with one code the first."""


@dataclass(frozen=True)
class Text:
    """The text that a finding is about: its document, title and numbers."""

    document_id: int
    revision_id: int
    code: str
    title: str
    issue_no: int
    amendment_no: int


def texts(session: Session, revision_ids: Iterable[int | None]) -> dict[int, Text]:
    """Return the texts that findings are about, by revision."""
    wanted = sorted({each for each in revision_ids if each is not None})
    if not wanted:
        return {}
    query = (
        sa.select(
            Document.id,
            Revision.id,
            Document.code,
            Revision.title,
            Revision.issue_no,
            Revision.amendment_no,
        )
        .join(Document, Document.id == Revision.document_id)
        .where(Revision.id.in_(wanted))
    )
    return {row[1]: Text(*row) for row in session.execute(query)}


def text_named(session: Session, unit_id: int, code: str, on: date) -> int | None:
    """Return the revision that stands for a unit on a day under a code; None for no code.

    Raises:
        InvalidError: nothing of that code stands.

    """
    if not code.strip():
        return None
    seen = cover(session, unit_id, on)
    if seen is not None:
        base = standing_for(seen, on, kinds=KINDS, audiences=frozenset(Audience))
        rank = sa.case({kind: place for place, kind in enumerate(KINDS)}, value=base.c.kind)
        query = sa.select(base.c.revision_id).where(base.c.slug == slug(code))
        found: int | None = session.scalar(query.order_by(rank).limit(1))
        if found is not None:
            return found
    raise InvalidError(
        "Không có tài liệu nào mang mã “%(code)s” đang áp dụng ở đơn vị này.", code=code
    )
