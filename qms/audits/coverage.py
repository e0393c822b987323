"""When clauses and documents were last audited: what the coverage page asks of audits."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.audits.checklist_models import Answer, Line
from qms.audits.models import Audit, AuditUnit
from qms.audits.rules import State
from qms.standards.coverage import Ask, Told


def audited(session: Session, unit_ids: Collection[int], edition: str) -> Told:
    """Return the last audit day of each clause of an edition and of each document.

    Only what was answered in an audit that was reported counts; of some units of an office, what
    was asked in them.
    """
    audited = sa.select(AuditUnit.audit_id).where(AuditUnit.unit_id.in_(unit_ids))
    of_unit = sa.and_(
        Audit.id.in_(audited), sa.or_(Line.unit_id.is_(None), Line.unit_id.in_(unit_ids))
    )
    query = (
        sa.select(Line.clause, Audit.edition, Line.document_id, sa.func.max(Audit.last_day))
        .join(Line, Line.audit_id == Audit.id)
        .where(Line.dropped_at.is_(None))
        .where(sa.or_(Audit.owner_id.in_(unit_ids), of_unit))
        .where(Audit.state.in_((State.REPORTED, State.CLOSED)))
        .where(Line.id.in_(sa.select(Answer.line_id)))
        .group_by(Line.clause, Audit.edition, Line.document_id)
    )
    clauses: dict[str, date] = {}
    documents: dict[int, date] = {}
    for clause, of, document_id, day in session.execute(query):
        if clause and of == edition:
            clauses[clause] = max(day, clauses.get(clause, day))
        if document_id is not None:
            documents[document_id] = max(day, documents.get(document_id, day))
    return Told(clause_audited=clauses, document_audited=documents)


COVERAGE: Final[Sequence[Ask]] = (audited,)
