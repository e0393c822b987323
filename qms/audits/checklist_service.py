"""Acts about checklists: their lines, and what auditors answer, from one tablet or from two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from qms import refusals, trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.actions import service as actions
from qms.actions.rules import NEED_REQUEST, Grade
from qms.actions.rules import Source as FindingSource
from qms.audits import answers, checklist_queries, queries, standing, team_service
from qms.audits.answers import Result, Said
from qms.audits.building import Question
from qms.audits.checklist_models import Answer, Line, RaisedFinding
from qms.audits.models import Audit
from qms.audits.rules import COMING, Duty, State
from qms.documents.scans import Scan
from qms.errors import InvalidError, RefusedError
from qms.trail import Act
from qms.units.queries import places
from qms.units.rules import Place, chain

LONGEST_QUESTION = 4_000


@dataclass(frozen=True)
class Answered:
    """An answer as a device sends it: under a name of its own, and what it had seen before."""

    token: str
    result: Result
    note: str
    said_at: datetime
    basis: int | None = None


@dataclass(frozen=True)
class Raising:
    """What a line leads to: a finding of a grade, against a clause, in words, with evidence."""

    unit_id: int
    grade: Grade
    clause: str
    text: str
    evidence: str


def add_lines(
    session: Session, act: Act, audit: Audit, questions: Sequence[Question]
) -> list[Line]:
    """Put questions into a checklist; what it asks already is not asked twice.

    Raises:
        RefusedError: the audit has been reported, or a member of its team worked on a text.

    """
    writes(session, act, audit)
    there = {
        (each.question, each.revision_id, each.ref)
        for each in checklist_queries.lines(session, audit.id)
    }
    fresh = [
        each for each in questions if (each.question, each.revision_id, each.ref) not in there
    ]
    team_service.check_team(
        session,
        act,
        audit,
        also=[each.revision_id for each in fresh if each.revision_id is not None],
    )
    units, place = queries.unit_ids(audit), checklist_queries.next_place(session, audit.id)
    placed = places(session)
    made = [
        Line(
            audit_id=audit.id,
            place=place + number,
            source=each.source,
            topic=each.topic,
            question=each.question[:LONGEST_QUESTION],
            clause=each.clause,
            unit_id=_audited(placed, units, each.unit_id),
            document_id=each.document_id,
            revision_id=each.revision_id,
            ref=each.ref,
            added_by=act.actor,
            added_at=act.at,
        )
        for number, each in enumerate(fresh)
    ]
    session.add_all(made)
    session.flush()
    if made:
        trail.record(
            session,
            act,
            action="audit.lines_added",
            subject=audit.ref,
            detail={"lines": [each.id for each in made]},
        )
    return made


def drop_line(session: Session, act: Act, audit: Audit, line: Line) -> None:
    """Take a line out of a checklist that nobody has answered yet.

    Raises:
        RefusedError: it was answered.

    """
    writes(session, act, audit)
    if checklist_queries.last_answer(session, line.id) is not None:
        raise RefusedError("Dòng này đã có câu trả lời nên không bỏ được.")
    line.dropped_at = act.at
    trail.record(
        session,
        act,
        action="audit.line_dropped",
        subject=audit.ref,
        detail={"line": line.id},
    )


def answer(
    session: Session, act: Act, audit: Audit, line: Line, new: Answered
) -> tuple[Answer, bool]:
    """Answer a line; return what stands then, and whether two devices were merged.

    Sent twice under one name it is one answer. Where another device answered meanwhile, both
    are kept and what stands is the graver result with both notes.

    Raises:
        RefusedError: the audit is not under way, or whoever answers took a post in what is audited.
        InvalidError: a finding says nothing.

    """
    before = checklist_queries.answer_with(session, new.token)
    if before is not None and before.line_id == line.id:
        return checklist_queries.last_answer(session, line.id) or before, False
    with refusals.on_record(session, act, audit.ref):
        answers.check_token(new.token, taken=before is not None)
    actor = standing.auditor(session, act.actor, audit)
    team_service.check_answers(session, act, audit, actor)
    answers.check_note(new.result, new.note)
    last = checklist_queries.last_answer(session, line.id)
    kept = _keep(session, act, line, new, by=actor)
    said = checklist_queries.said(kept)
    seen = checklist_queries.said(last) if last is not None else None
    if seen is None or not answers.meet(seen, said):
        trail.record(
            session,
            act,
            action="audit.line_answered",
            subject=audit.ref,
            detail={"line": line.id, "result": new.result},
        )
        return kept, False
    return _merge(session, act, line, seen, said), True


def raise_finding(session: Session, act: Act, audit: Audit, line: Line, said: Raising) -> int:
    """Raise a finding from a line that does not conform or bears a remark; return its number.

    Raises:
        RefusedError: the line says neither, or has its finding.

    """
    actor = standing.auditor(session, act.actor, audit)
    team_service.check_answers(session, act, audit, actor)
    last = checklist_queries.last_answer(session, line.id)
    if last is None or last.result not in {Result.NONCONFORMING, Result.REMARK}:
        raise RefusedError("Chỉ lập phát hiện từ dòng không phù hợp hoặc có lưu ý.")
    if said.unit_id not in queries.unit_ids(audit):
        raise InvalidError("Đơn vị này không thuộc cuộc đánh giá.")
    if last.result is Result.NONCONFORMING and said.grade not in NEED_REQUEST:
        raise InvalidError(
            "Dòng này không phù hợp nên phát hiện phải là nặng hoặc nhẹ. Nếu chỉ là lưu ý, hãy"
            " sửa câu trả lời trước."
        )
    if checklist_queries.has_finding(session, line.id, said.unit_id):
        raise RefusedError("Dòng này đã có phát hiện về đơn vị ấy.")
    files = tuple(
        Scan(each.sha256, each.name, each.media_type, each.size)
        for each in checklist_queries.evidence_of(session, line.id)
    )
    lead = next(
        (
            each.user_id
            for each in queries.team(session, [audit.id])[audit.id]
            if each.duty is Duty.LEAD
        ),
        None,
    )
    made = actions.enter_finding(
        session,
        act,
        actions.Raised(
            unit_id=said.unit_id,
            source=FindingSource.AUDIT,
            source_ref=audit.ref,
            grade=said.grade,
            edition=audit.edition,
            clause=said.clause,
            revision_id=line.revision_id,
            text=said.text,
            evidence=said.evidence,
            files=files,
            lead_id=lead,
        ),
    )
    session.add(RaisedFinding(finding_id=made.id, line_id=line.id))
    session.flush()
    return made.id


def _keep(session: Session, act: Act, line: Line, new: Answered, *, by: int) -> Answer:
    made = Answer(
        line_id=line.id,
        token=new.token,
        result=new.result,
        note=new.note,
        answered_by=by,
        said_at=min(new.said_at, act.at),
        came_at=act.at,
        basis_id=_basis(session, line, new.basis),
    )
    session.add(made)
    session.flush()
    return made


def _basis(session: Session, line: Line, basis: int | None) -> int | None:
    """Return the answer a device had seen, if it is one of this line."""
    found = session.get(Answer, basis) if basis is not None else None
    return found.id if found is not None and found.line_id == line.id else None


def _merge(session: Session, act: Act, line: Line, last: Said, said: Said) -> Answer:
    """Let the graver of two answers stand with both notes; both stay on record."""
    result, note = answers.merged(last, said)
    made = Answer(
        line_id=line.id,
        token=f"{answers.OF_MERGES}{said.number}",
        result=result,
        note=note,
        answered_by=said.by,
        said_at=said.said_at,
        came_at=act.at,
        basis_id=said.number,
        merges_id=last.number,
    )
    session.add(made)
    session.flush()
    trail.record(
        session,
        act,
        action="audit.answers_merged",
        subject=f"audit/{line.audit_id}",
        detail={
            "line": line.id,
            "result": result,
            "people": len({last.by, said.by}),
        },
    )
    return made


def _audited(
    placed: Mapping[int, Place], units: Sequence[int], unit_id: int | None
) -> int | None:
    """Return the audited unit that a question is about: the nearest above, else the only one."""
    above = chain(placed, unit_id) if unit_id is not None else ()
    only = units[0] if len(units) == 1 else None
    return next((each for each in above if each in units), only)


def writes(session: Session, act: Act, audit: Audit) -> None:
    """Refuse who does not arrange the audit, and lines after the report."""
    arranges(session, act, audit)
    if audit.state not in {*COMING, State.UNDER_WAY}:
        raise RefusedError("Cuộc đánh giá đã báo cáo, không sửa phiếu được nữa.")


def arranges(session: Session, act: Act, audit: Audit) -> None:
    """Refuse who is neither in the team nor plans audits here."""
    if queries.member(session, audit.id, act.actor) is None:
        require(session, act.actor, Permission.AUDIT_PLAN, audit.owner_id, act.today)
