"""The checklist of an audit: its lines with what was answered, and the texts that changed since."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms.actions.models import Finding
from qms.audits import finding_queries
from qms.audits.answers import Result, Said
from qms.audits.checklist_models import (
    Answer,
    Evidence,
    Line,
    LineReview,
    RaisedFinding,
    Sample,
)
from qms.audits.models import Audit
from qms.documents.models import Revision
from qms.documents.standing import in_force_ids
from qms.errors import NotFoundError

Kept = TypeVar("Kept", Sample, Evidence)


@dataclass(frozen=True)
class Counts:
    """How far a checklist has come: its lines, those unanswered, and those without a finding."""

    lines: int
    unanswered: int
    unraised: int
    nonconforming: int


@dataclass(frozen=True)
class Seen:
    """A line with its last answer, what lies beside it, and the text in force in its stead.

    ``now`` is the revision that stands where the one asked about no longer does; ``gone``:
    nothing stands any more; ``kept``: it was decided to ask about the old one all the same.
    ``before`` is the line about an earlier text that this one took the place of, with its answer.
    """

    line: Line
    answer: Answer | None
    samples: Sequence[Sample]
    evidence: Sequence[Evidence]
    findings: Sequence[Finding]
    now: Revision | None = None
    gone: bool = False
    kept: LineReview | None = None
    before: tuple[Line, Answer | None] | None = None

    @property
    def old(self) -> bool:
        """Whether the text asked about is no longer the one in force."""
        return self.gone or self.now is not None

    @property
    def people(self) -> Iterator[int | None]:
        """Whoever answered or decided about it."""
        before = self.before[1] if self.before else None
        yield from (each.answered_by for each in (self.answer, before) if each is not None)
        if self.kept is not None:
            yield self.kept.decided_by

    @property
    def changed(self) -> bool:
        """Whether it is so and nobody has decided yet what becomes of the line."""
        return self.old and self.kept is None


def line(session: Session, audit: Audit, line_id: int) -> Line:
    """Return a line of a checklist.

    Raises:
        NotFoundError: the checklist has none of this number.

    """
    query = sa.select(Line).where(
        Line.id == line_id, Line.audit_id == audit.id, Line.dropped_at.is_(None)
    )
    found = session.scalar(query.options(joinedload(Line.document), joinedload(Line.revision)))
    if found is None:
        raise NotFoundError("Phiếu đánh giá không có dòng này.")
    return found


def lines(session: Session, audit_id: int) -> Sequence[Line]:
    """Return the lines of a checklist in their order."""
    query = (
        sa.select(Line)
        .where(Line.audit_id == audit_id, Line.dropped_at.is_(None))
        .options(joinedload(Line.document), joinedload(Line.revision))
        .order_by(Line.place, Line.id)
    )
    return session.scalars(query).all()


def checklist(session: Session, audit: Audit, today: date) -> list[Seen]:
    """Return a checklist with all that was answered: a fixed number of questions."""
    found = lines(session, audit.id)
    ids = [each.id for each in found]
    decided = reviews(session, ids)
    earlier = {each.next_id: each.line for each in decided if each.next_id in ids}
    answers = last_answers(session, [*ids, *(each.id for each in earlier.values())])
    samples = _by_line(session, Sample, ids, Sample.dropped_at.is_(None))
    evidence = _by_line(session, Evidence, ids, sa.true())
    raised = _raised(session, ids)
    stands = standing(session, audit, found, today)
    changed = {
        now
        for each in found
        if (now := stands.get(each.document_id or 0)) is not None and now != each.revision_id
    }
    query = sa.select(Revision).where(Revision.id.in_(changed))
    texts = {row.id: row for row in session.scalars(query)} if changed else {}
    return [
        Seen(
            each,
            answers.get(each.id),
            samples.get(each.id, ()),
            evidence.get(each.id, ()),
            raised.get(each.id, ()),
            _instead(each, stands, texts),
            gone=each.document_id is not None and each.document_id not in stands,
            kept=_kept(decided, each, stands.get(each.document_id or 0)),
            before=_before(earlier.get(each.id), answers),
        )
        for each in found
    ]


def reviews(session: Session, line_ids: Collection[int]) -> Sequence[LineReview]:
    """Return what was decided about some lines, and what made them."""
    query = sa.select(LineReview).where(
        sa.or_(LineReview.line_id.in_(line_ids), LineReview.next_id.in_(line_ids))
    )
    whole = joinedload(LineReview.line).joinedload(Line.revision)
    return session.scalars(query.options(whole).order_by(LineReview.id)).all()


def _kept(decided: Sequence[LineReview], line: Line, now: int | None) -> LineReview | None:
    """Return the last decision to leave a line as it is although another text stands now."""
    found = [each for each in decided if each.line_id == line.id and each.now_id == now]
    return found[-1] if found and now != line.revision_id else None


def _instead(
    line: Line, stands: Mapping[int, int], texts: Mapping[int, Revision]
) -> Revision | None:
    """Return the text that stands where another than the one asked about does."""
    now = stands.get(line.document_id or 0)
    return texts.get(now) if now is not None and now != line.revision_id else None


def _before(
    line: Line | None, answers: Mapping[int, Answer]
) -> tuple[Line, Answer | None] | None:
    return (line, answers.get(line.id)) if line is not None else None


def last_answers(session: Session, line_ids: Collection[int]) -> dict[int, Answer]:
    """Return the answer that stands for each of some lines."""
    last = (
        sa.select(sa.func.max(Answer.id))
        .where(Answer.line_id.in_(line_ids))
        .group_by(Answer.line_id)
    )
    query = sa.select(Answer).where(Answer.id.in_(last))
    return {row.line_id: row for row in session.scalars(query)}


def last_answer(session: Session, line_id: int) -> Answer | None:
    """Return the answer that stands for a line."""
    query = sa.select(Answer).where(Answer.line_id == line_id).order_by(Answer.id.desc())
    return session.scalar(query.limit(1))


def history(session: Session, line_id: int) -> Sequence[Answer]:
    """Return all that was answered to a line, newest first."""
    query = sa.select(Answer).where(Answer.line_id == line_id)
    return session.scalars(query.order_by(Answer.id.desc())).all()


def answer_with(session: Session, token: str) -> Answer | None:
    """Return the answer that a device sent under a name."""
    return session.scalar(sa.select(Answer).where(Answer.token == token))


def sample_with(session: Session, token: str) -> Sample | None:
    """Return the dossier that a device sent under a name."""
    return session.scalar(sa.select(Sample).where(Sample.token == token))


def evidence_with(session: Session, token: str) -> Evidence | None:
    """Return the file that a device sent under a name."""
    return session.scalar(sa.select(Evidence).where(Evidence.token == token))


def samples_of(session: Session, line_id: int) -> Sequence[Sample]:
    """Return the dossiers looked at for a line."""
    return _by_line(session, Sample, [line_id], Sample.dropped_at.is_(None)).get(line_id, ())


def has_finding(session: Session, line_id: int, unit_id: int) -> bool:
    """Tell whether a finding about a unit that stands was raised from a line."""
    query = (
        sa.select(Finding.id)
        .join(RaisedFinding, RaisedFinding.finding_id == Finding.id)
        .where(RaisedFinding.line_id == line_id, Finding.unit_id == unit_id)
        .where(Finding.annulled_on.is_(None))
    )
    return session.scalar(query.limit(1)) is not None


def evidence_of(session: Session, line_id: int) -> Sequence[Evidence]:
    """Return the files kept with a line."""
    return _by_line(session, Evidence, [line_id], sa.true()).get(line_id, ())


def evidence(session: Session, audit_id: int, evidence_id: int) -> Evidence:
    """Return one file of an audit.

    Raises:
        NotFoundError: the audit has none of this number.

    """
    query = (
        sa.select(Evidence)
        .join(Line, Line.id == Evidence.line_id)
        .where(Evidence.id == evidence_id, Line.audit_id == audit_id)
    )
    found = session.scalar(query)
    if found is None:
        raise NotFoundError("Không có tệp này.")
    return found


def said(row: Answer) -> Said:
    """Return an answer as the rules see it."""
    return Said(row.id, row.result, row.note, row.answered_by, row.said_at, row.basis_id)


def counts(session: Session, audit_id: int) -> Counts:
    """Return how far a checklist has come."""
    query = sa.select(Line.id).where(Line.audit_id == audit_id, Line.dropped_at.is_(None))
    ids = list(session.scalars(query))
    answers = last_answers(session, ids)
    wrong = [each for each, row in answers.items() if row.result is Result.NONCONFORMING]
    raised = _raised(session, wrong)
    return Counts(
        lines=len(ids),
        unanswered=len(ids) - len(answers),
        unraised=sum(not raised.get(each) for each in wrong),
        nonconforming=len(wrong),
    )


def next_place(session: Session, audit_id: int) -> int:
    """Return the place after the last line of a checklist."""
    query = sa.select(sa.func.max(Line.place)).where(Line.audit_id == audit_id)
    return (session.scalar(query) or 0) + 1


def changed_lines(session: Session, audits: Collection[Audit], today: date) -> dict[int, int]:
    """Return for some audits how many lines ask about a text that no longer stands."""
    query = sa.select(Line.id, Line.audit_id, Line.document_id, Line.revision_id).where(
        Line.audit_id.in_([each.id for each in audits]),
        Line.dropped_at.is_(None),
        Line.document_id.is_not(None),
    )
    rows = session.execute(query).all()
    stands = in_force_ids(session, {row.document_id for row in rows}, today)
    old = [row for row in rows if stands.get(row.document_id) != row.revision_id]
    kept = {(each.line_id, each.now_id) for each in reviews(session, [row.id for row in old])}
    found: dict[int, int] = {}
    for row in old:
        if (row.id, stands.get(row.document_id)) not in kept:
            found[row.audit_id] = found.get(row.audit_id, 0) + 1
    return found


def raised(session: Session, line_id: int) -> Sequence[Finding]:
    """Return the findings raised from a line."""
    return _raised(session, [line_id]).get(line_id, ())


def standing(
    session: Session, audit: Audit, found: Sequence[Line], today: date
) -> Mapping[int, int]:
    """Return the texts that stand today, of a closed audit those that stood when it ended."""
    ids = {each.document_id for each in found if each.document_id is not None}
    return in_force_ids(session, ids, audit.closed_on or today, audit.closed_at)


def _raised(session: Session, line_ids: Collection[int]) -> dict[int, list[Finding]]:
    """Return the findings raised from lines that nobody annulled."""
    query = sa.select(RaisedFinding).where(RaisedFinding.line_id.in_(line_ids))
    rows = session.scalars(query.order_by(RaisedFinding.finding_id)).all() if line_ids else []
    findings = finding_queries.by_ids(session, [row.finding_id for row in rows]) if rows else {}
    found: dict[int, list[Finding]] = {}
    for row in rows:
        if findings[row.finding_id].annulled_on is None:
            found.setdefault(row.line_id, []).append(findings[row.finding_id])
    return found


def _by_line(
    session: Session, kind: type[Kept], ids: Collection[int], condition: sa.ColumnElement[bool]
) -> dict[int, list[Kept]]:
    query = sa.select(kind).where(kind.line_id.in_(ids), condition).order_by(kind.id)
    found: dict[int, list[Kept]] = {}
    for row in session.scalars(query):
        found.setdefault(row.line_id, []).append(row)
    return found


def answer_by_id(session: Session, answer_id: int | None) -> Answer | None:
    """Return one answer by number."""
    return session.get(Answer, answer_id) if answer_id is not None else None
