"""What an auditor may take up about documents: reviews overdue, forms that are not in force."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents.kinds.base import Relation
from qms.documents.models import Change, Document, Link, Revision
from qms.documents.queries import LIVING_COLUMNS
from qms.documents.rules import months_later
from qms.documents.standing import latest
from qms.documents.timeline import Action
from qms.errors import N_
from qms.observations import DOCUMENTS, Ask, Observation
from qms.units.queries import places
from qms.units.rules import chain
from qms.vietnamese import day

MOST: Final = 50
"""Most things of one sort that an auditor is shown."""

_OVERDUE: Final = N_("%(code)s quá hạn xem xét định kỳ: hạn %(day)s.")
_FORM: Final = N_(
    "Từ %(day)s, %(code)s dùng biểu mẫu %(form)s mà không có bản nào có hiệu lực."
)
_ENDED: Final = N_("%(code)s vẫn dùng biểu mẫu %(form)s đã hết hiệu lực từ %(day)s.")


def reviews_overdue(
    session: Session, unit_ids: Collection[int], today: date
) -> list[Observation]:
    """Return documents whose review interval has passed since their text came into force."""
    query = (
        sa.select(
            Document.id,
            Document.code,
            Document.owner_id,
            Revision.id.label("text"),
            Revision.review_months,
            Change.effective_on,
        )
        .join(Change, Change.document_id == Document.id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Document.owner_id.in_(unit_ids), Revision.review_months.is_not(None))
        .where(latest(today, None))
    )
    due = [
        (months_later(row.effective_on, row.review_months), row)
        for row in session.execute(query)
    ]
    late = sorted(
        (each for each in due if each[0] < today), key=lambda each: (each[0], each[1].id)
    )
    return [
        Observation(
            f"review/{row.id}/{until}",
            _OVERDUE,
            {"code": row.code, "day": day(until)},
            DOCUMENTS,
            row.owner_id,
            row.id,
            row.text,
            f"/documents/{row.id}",
        )
        for until, row in late[:MOST]
    ]


def forms_out_of_force(
    session: Session, unit_ids: Collection[int], today: date
) -> list[Observation]:
    """Return the texts in force that use a form of which nothing is in force, and since when."""
    query = (
        sa.select(
            Document.id,
            Document.code,
            Document.owner_id,
            Change.effective_on,
            Link.revision_id,
            Link.code.label("form"),
        )
        .join(Revision, Revision.id == Link.revision_id)
        .join(Change, Change.revision_id == Revision.id)
        .join(Document, Document.id == Change.document_id)
        .where(Document.owner_id.in_(unit_ids), latest(today, None))
        .where(Link.kind == "form")
        .where(Link.relation.in_((Relation.USES_FORM, Relation.RECORDS_ON)))
        .distinct()
        .order_by(Document.code, Link.code)
    )
    used = session.execute(query).all()
    stand = _ends(session, {row.form for row in used}, today) if used else {}
    placed = places(session)
    found = []
    for row in used:
        ends = [
            stand[key] for o in chain(placed, row.owner_id) if (key := (o, row.form)) in stand
        ]
        ended = [at for at in ends if at is not None]
        if len(ended) == len(ends):
            since = max((row.effective_on, *ended[:1]))
            values = {"code": row.code, "form": row.form, "day": day(since)}
            found.append(
                Observation(
                    f"form/{row.id}/{row.form}",
                    _ENDED if ended else _FORM,
                    values,
                    DOCUMENTS,
                    row.owner_id,
                    row.id,
                    row.revision_id,
                    f"/documents/{row.id}",
                )
            )
    return found[:MOST]


def _ends(
    session: Session, codes: Collection[str], today: date
) -> dict[tuple[int, str], date | None]:
    """Return since when each form of some codes has no text, by owner; None: it has one."""
    query = (
        sa.select(Document.owner_id, Document.code, Change.action, Change.effective_on)
        .join(Change, Change.document_id == Document.id)
        .where(Document.kind == "form", Document.code.in_(codes))
        .where(LIVING_COLUMNS, Change.effective_on <= today)
        .order_by(Change.effective_on, Change.id)
    )
    return {
        (row.owner_id, row.code): row.effective_on if row.action is Action.WITHDRAW else None
        for row in session.execute(query)
    }


OBSERVATIONS: Final[Sequence[Ask]] = (reviews_overdue, forms_out_of_force)
