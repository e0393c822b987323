"""What a decision has to do with findings: said before anybody signs."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.actions.models import Finding
from qms.documents.impact import Matter
from qms.documents.models import Revision
from qms.documents.remarks import Ask, Remark
from qms.errors import N_


def findings_touched(session: Session, matter: Matter) -> Sequence[Remark]:
    """Return how many open findings are about documents that a decision changes."""
    query = (
        sa.select(sa.func.count())
        .select_from(Finding)
        .join(Revision, Revision.id == Finding.revision_id)
        .where(Revision.document_id.in_(sorted(each.id for each in matter.changed)))
        .where(Finding.closed_on.is_(None), Finding.annulled_on.is_(None))
    )
    count = session.scalar(query) or 0
    if not count:
        return []
    sentence = N_("%(findings)s phát hiện còn mở nói về tài liệu mà quyết định này thay đổi.")
    return [Remark(sentence, {"findings": count})]


IMPACT: Final[tuple[Ask, ...]] = (findings_touched,)
