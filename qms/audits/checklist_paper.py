"""What paper tells of a checklist, gathered: its lines, its dossiers, who answered."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from qms.accounts.queries import names as people_names
from qms.audits import answers, queries
from qms.audits.answers import Dossier, Result
from qms.audits.checklist_queries import Seen
from qms.audits.models import Audit
from qms.audits.papers import Cell, LineRow
from qms.audits.rules import Duty
from qms.counter.queries import calendar_of

RESULTS = {
    Result.CONFORM: "Phù hợp",
    Result.NONCONFORMING: "Không phù hợp",
    Result.REMARK: "Lưu ý",
    Result.NOT_CHECKED: "Không kiểm tra",
}


def row(seen: Seen) -> LineRow:
    """Return a line of the checklist as paper tells it."""
    text, line = seen.line.revision, seen.line
    return LineRow(
        line.topic,
        line.question,
        line.clause,
        f"Bản số {text.number}" if text is not None else "",
        RESULTS[seen.answer.result] if seen.answer else "",
        seen.answer.note if seen.answer else "",
        changed(seen),
    )


def changed(seen: Seen) -> str:
    """Say what became of the text that a line asks about; empty where it stands."""
    kept = f"; vẫn hỏi theo bản cũ: {seen.kept.reason}" if seen.kept else ""
    if seen.gone:
        return f"Đã hết hiệu lực{kept}"
    if seen.now is not None:
        return f"Nay là bản số {seen.now.number}{kept}"
    return _moved(seen)


def _moved(seen: Seen) -> str:
    if seen.before is None:
        return ""
    line, answer = seen.before
    text = f"bản số {line.revision.number}" if line.revision is not None else "bản cũ"
    said = f" (đã trả lời: {RESULTS[answer.result].lower()})" if answer is not None else ""
    return f"Trước hỏi theo {text}{said}"


def samples(
    session: Session, audit: Audit, seen: Sequence[Seen], today: date
) -> list[tuple[Cell, ...]]:
    """Return the dossiers that were looked at, each with the number of its question."""
    works = calendar_of(session, audit.owner_id).works
    until = audit.closed_on or today
    return [
        (
            row.number,
            row.received,
            row.due,
            row.returned,
            answers.days_late(Dossier(row.received, row.due, row.returned), works, until),
            number,
        )
        for number, each in enumerate(seen, 1)
        for row in each.samples
    ]


def answerers(session: Session, audit: Audit, seen: Sequence[Seen]) -> list[str]:
    """Return who answered the lines, else who is to: the auditors of the team."""
    found = {each.answer.answered_by: None for each in seen if each.answer is not None}
    if not found:
        team = queries.team(session, [audit.id])[audit.id]
        found = {each.user_id: None for each in team if each.duty is not Duty.TRAINEE}
    names = people_names(session, found)
    return [names[each] for each in found]
