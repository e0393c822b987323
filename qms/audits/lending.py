"""What an audit opens to its team: the texts that its checklist asks about, while it is open."""

from collections.abc import Collection, Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.audits.checklist_models import Line
from qms.audits.models import Audit, Member
from qms.audits.rules import OPEN
from qms.documents.document_access import Lends


def asked_about(session: Session, user_id: int) -> Collection[int]:
    """Return the revisions that the open audits of somebody's teams ask about."""
    query = (
        sa.select(Line.revision_id)
        .join(Audit, Audit.id == Line.audit_id)
        .join(Member, Member.audit_id == Audit.id)
        .where(Member.user_id == user_id, Member.left_at.is_(None), Audit.state.in_(OPEN))
        .where(Line.dropped_at.is_(None))
    )
    return {each for each in session.scalars(query) if each is not None}


LENT: Final[Sequence[Lends]] = (asked_about,)
