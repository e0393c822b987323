"""What findings tell of clauses and documents: how many are open."""

from collections import Counter
from collections.abc import Collection
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.actions.models import Finding
from qms.documents.models import Revision
from qms.standards.coverage import Ask, Told


def open_findings(session: Session, units: Collection[int], edition: str) -> Told:
    """Return the open findings of some units, by clause of an edition and by document."""
    query = (
        sa.select(Finding.clause, Finding.edition, Revision.document_id, sa.func.count())
        .outerjoin(Revision, Revision.id == Finding.revision_id)
        .where(
            Finding.unit_id.in_(sorted(units)),
            Finding.closed_on.is_(None),
            Finding.annulled_on.is_(None),
        )
        .group_by(Finding.clause, Finding.edition, Revision.document_id)
    )
    clauses, documents = Counter[str](), Counter[int]()
    for clause, of, document_id, count in session.execute(query):
        if of == edition:
            clauses[clause] += count
        if document_id is not None:
            documents[document_id] += count
    return Told(clause_open=clauses, document_open=documents, where="/actions/findings")


COVERAGE: Final[tuple[Ask, ...]] = (open_findings,)
