"""What becomes of a line whose text changed before its audit closed."""

from datetime import date

from sqlalchemy.orm import Session

from qms import trail
from qms.audits import checklist_queries, team_service
from qms.audits.answers import Result
from qms.audits.checklist_models import Line, LineReview
from qms.audits.checklist_service import arranges, writes
from qms.audits.models import Audit
from qms.audits.rules import OPEN
from qms.errors import InvalidError, RefusedError
from qms.trail import Act


def ask_anew(session: Session, act: Act, audit: Audit, line: Line) -> Line:
    """Ask about the text that stands now; the old line leaves with its answers kept.

    Raises:
        RefusedError: the text did not change, nothing stands, or a finding is still to be raised.

    """
    writes(session, act, audit)
    now = _now(session, audit, line, act.today)
    if now is None:
        raise RefusedError("Tài liệu không còn hiệu lực nên không có bản mới để hỏi.")
    last = checklist_queries.last_answer(session, line.id)
    if (
        last is not None
        and last.result is Result.NONCONFORMING
        and not checklist_queries.raised(session, line.id)
    ):
        raise RefusedError(
            "Dòng này không phù hợp; hãy lập phát hiện rồi mới hỏi theo bản mới."
        )
    team_service.check_team(session, act, audit, also=[now])
    made = Line(
        audit_id=audit.id,
        place=line.place,
        source=line.source,
        topic=line.topic,
        question=line.question,
        clause=line.clause,
        unit_id=line.unit_id,
        document_id=line.document_id,
        revision_id=now,
        ref=line.ref,
        added_by=act.actor,
        added_at=act.at,
    )
    session.add(made)
    line.dropped_at = act.at
    session.flush()
    _note(session, act, line, now, following=made)
    trail.record(
        session,
        act,
        action="audit.line_asked_anew",
        subject=audit.ref,
        detail={"line": made.id, "document": line.document_id},
    )
    return made


def keep_asking(session: Session, act: Act, audit: Audit, line: Line, *, reason: str) -> None:
    """Keep asking about the text as it was, for a reason.

    Raises:
        RefusedError: the text did not change, or the audit is over.
        InvalidError: no reason is given.

    """
    arranges(session, act, audit)
    if audit.state not in OPEN:
        raise RefusedError("Cuộc đánh giá đã kết thúc, không sửa phiếu được nữa.")
    now = _now(session, audit, line, act.today)
    if not reason:
        raise InvalidError("Hãy ghi vì sao vẫn hỏi theo bản cũ.")
    _note(session, act, line, now, reason=reason)
    trail.record(
        session,
        act,
        action="audit.line_kept",
        subject=audit.ref,
        detail={"line": line.id, "document": line.document_id, "reason": reason},
    )


def _now(session: Session, audit: Audit, line: Line, today: date) -> int | None:
    """Return the text that stands in the place of the one asked about, if anything does.

    Raises:
        RefusedError: nothing changed, or it was decided already.

    """
    now = checklist_queries.standing(session, audit, [line], today).get(line.document_id or 0)
    decided = {each.now_id for each in checklist_queries.reviews(session, [line.id])}
    if line.document_id is None or now == line.revision_id or now in decided:
        raise RefusedError("Tài liệu của dòng này không có thay đổi nào chờ quyết định.")
    return now


def _note(
    session: Session,
    act: Act,
    line: Line,
    now: int | None,
    *,
    following: Line | None = None,
    reason: str = "",
) -> None:
    session.add(
        LineReview(
            line_id=line.id,
            now_id=now,
            next_id=following.id if following is not None else None,
            reason=reason,
            decided_by=act.actor,
            decided_at=act.at,
        )
    )
    session.flush()
