"""What a decision does to paper that hangs: said before anybody signs."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents.impact import Matter
from qms.documents.models import Document
from qms.documents.remarks import Ask, Remark
from qms.errors import N_
from qms.notices.models import Copy


def copies_touched(session: Session, matter: Matter) -> Sequence[Remark]:
    """Return how many sheets printed for places a decision changes or touches."""
    touched = (each.document_id for each in matter.touched)
    ids = sorted({each.id for each in matter.changed}.union(touched))
    hung = (
        sa.select(Copy.unit_id, Copy.document_id, Copy.place)
        .join(Document, Document.id == Copy.document_id)
        .where(Copy.document_id.in_(ids), Document.kind == "procedure")
        .distinct()
        .subquery()
    )
    place = sa.select(hung.c.unit_id, hung.c.place).distinct().subquery()
    counts = (sa.select(sa.func.count()).select_from(each) for each in (hung, place))
    sheets, places = session.execute(
        sa.select(*(each.scalar_subquery() for each in counts))
    ).one()
    if not sheets:
        return []
    return [
        Remark(
            N_(
                "%(sheets)s tờ đã in để treo ở %(places)s nơi có thể phải thay khi quyết định "
                "có hiệu lực."
            ),
            {"sheets": sheets, "places": places},
        )
    ]


IMPACT: Final[tuple[Ask, ...]] = (copies_touched,)
