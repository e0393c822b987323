"""What a decision does to prices that somebody should know before signing it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms.documents import decision_queries, queries
from qms.documents.impact import Matter
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.models import Change, Decision, Revision
from qms.documents.price_checks import gaps
from qms.documents.remarks import Ask, Remark
from qms.errors import N_


def prices_missing(session: Session, matter: Matter) -> Sequence[Remark]:
    """Return how many stretches of days and how many procedures a decision leaves unpriced."""
    fees = [each.id for each in matter.changed if each.kind == "fee"]
    if not fees:
        return []
    decision, day = matter.decision, matter.on
    lines = session.scalars(
        sa.select(Change)
        .where(Change.decision_id == decision.id, Change.document_id.in_(fees))
        .options(joinedload(Change.revision).undefer(Revision.data))
    ).all()
    texts = [_schedule(change.revision) for change in lines if change.revision]
    before = [_schedule(each) for each in _before(session, decision, lines, day)]
    holes = sum(len(gaps(each.lines)) for each in texts)
    lost = _priced(before, day - timedelta(days=1)) - _priced(texts, day)
    found = []
    if holes:
        sentence = N_("%(stretches)s khoảng ngày giữa hai dòng của biểu phí không có mức thu.")
        found.append(Remark(sentence, {"stretches": holes}))
    if lost:
        sentence = N_(
            "%(procedures)s thủ tục đang có mức thu sẽ không còn dòng nào của các biểu phí này "
            "trả lời."
        )
        found.append(Remark(sentence, {"procedures": len(lost)}))
    return found


def _before(
    session: Session, decision: Decision, lines: Sequence[Change], day: date
) -> list[Revision]:
    """Return the schedules that the lines change, as they stand the day before."""
    fees = {change.document_id for change in lines}
    found = decision_queries.texts_before(session, decision, day)
    return [text for document_id, text in found.items() if document_id in fees]


def _schedule(revision: Revision) -> FeeSchedule:
    content = queries.content(revision)
    return content if isinstance(content, FeeSchedule) else FeeSchedule()


def _priced(schedules: Iterable[FeeSchedule], on: date) -> set[str]:
    return {line.procedure for each in schedules for line in each.lines if line.holds(on)}


IMPACT: Final[tuple[Ask, ...]] = (prices_missing,)
