"""What a decision does to paper that hangs: said before anybody signs."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents.impact import Matter
from qms.documents.models import Document, Revision
from qms.documents.remarks import Ask, Remark
from qms.errors import N_
from qms.notices.models import Copy
from qms.notices.rules import SheetKind
from qms.units.queries import places
from qms.units.rules import chain


def copies_touched(session: Session, matter: Matter) -> Sequence[Remark]:
    """Return how many sheets printed for places a decision changes or touches."""
    touched = {each.document_id for each in matter.touched}
    hung = (
        sa.select(Copy.unit_id, Copy.kind, Copy.document_id, Copy.topic, Copy.place_id)
        .outerjoin(Document, Document.id == Copy.document_id)
        .where(_concerned(session, matter, touched))
        .distinct()
        .subquery()
    )
    place = sa.select(hung.c.place_id).distinct().subquery()
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


def _concerned(session: Session, matter: Matter, touched: set[int]) -> sa.ColumnElement[bool]:
    """Return the condition for prints of a procedure or text, its field's list, the fee table."""
    changed, owners = {d.id for d in matter.changed}, {d.owner_id for d in matter.changed}
    known = places(session)
    here = Copy.unit_id.in_(at for at in known if owners.intersection(chain(known, at)))
    topics = (
        sa.select(Revision.topic)
        .join(Document, Document.id == Revision.document_id)
        .where(Document.id.in_(changed | touched), Document.kind == "procedure")
    )
    found = [
        sa.and_(Copy.document_id.in_(changed | touched), Document.kind == "procedure"),
        sa.and_(Copy.document_id.in_(changed), Document.kind == "text"),
        sa.and_(Copy.kind == SheetKind.LIST, here, Copy.topic.in_(topics)),
    ]
    if any(each.kind == "fee" for each in matter.changed):
        found.append(sa.and_(Copy.kind == SheetKind.FEES, here))
    return sa.or_(*found)


IMPACT: Final[tuple[Ask, ...]] = (copies_touched,)
