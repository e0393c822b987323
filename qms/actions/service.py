"""Acts on findings: raised from any source, answered and closed in words, or annulled."""

from dataclasses import dataclass
from datetime import date
from typing import Final, NoReturn

from sqlalchemy.orm import Session

from qms import refusals, trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.actions import queries, request_service, rules, time_rules, work_service
from qms.actions.models import Finding
from qms.actions.request_service import Taking
from qms.actions.rules import NEED_REQUEST, Grade, Source, Step
from qms.documents.models import Revision
from qms.documents.scans import Scan
from qms.errors import InvalidError, NotAllowedError, NotFoundError, RefusedError
from qms.gates import Gate
from qms.standards import catalogue
from qms.text import nfc
from qms.trail import Act
from qms.units.queries import places
from qms.units.rules import office_of

LONGEST_REFERENCE: Final = 120


@dataclass(frozen=True)
class Raised:
    """A finding before it is one.

    ``source_ref`` names what led to it in free text, such as ``audit/12``. ``lead_id`` is the
    person who alone closes a remark or an opportunity; ``due`` the last day of the request, and
    ``minutes_on`` the day of the minutes of an inspection, two months before the last day.
    """

    unit_id: int
    source: Source
    source_ref: str
    grade: Grade
    edition: str
    clause: str
    revision_id: int | None
    text: str
    evidence: str
    files: tuple[Scan, ...] = ()
    lead_id: int | None = None
    due: date | None = None
    minutes_on: date | None = None


def raise_finding(session: Session, act: Act, raised: Raised) -> Finding:
    """Raise a finding in a unit; a major or minor one opens its request at once.

    Raises:
        NotAllowedError: no post of the person allows it in the unit.
        InvalidError: something is missing, or the edition has no such clause.

    """
    require(session, act.actor, Permission.ACTION_RAISE, raised.unit_id, act.today)
    return enter_finding(session, act, raised)


def enter_finding(session: Session, act: Act, raised: Raised) -> Finding:
    """Raise a finding for a feature that has made sure itself that the person may."""
    text, evidence = nfc(raised.text).strip(), nfc(raised.evidence).strip()
    clause = catalogue.clause(raised.edition, raised.clause)
    if not text:
        raise InvalidError("Hãy mô tả phát hiện.")
    if not evidence:
        raise InvalidError("Hãy ghi bằng chứng: đã thấy gì, ở hồ sơ nào, ngày nào.")
    if len(raised.source_ref) > LONGEST_REFERENCE:
        raise InvalidError("Nguồn dài quá %(most)s chữ.", most=LONGEST_REFERENCE)
    _check_text(session, raised.revision_id)
    time_rules.check_minutes(raised.minutes_on, act.today)
    due = None
    if raised.grade in NEED_REQUEST:
        due = time_rules.due_day(raised.source, act.today, raised.due, raised.minutes_on)
    minutes_on = raised.minutes_on if raised.source is Source.INSPECTION else None
    office, year = office_of(places(session), raised.unit_id), act.today.year
    made = Finding(
        office_id=office,
        unit_id=raised.unit_id,
        year=year,
        number=queries.next_number(session, Finding, office, year),
        source=raised.source,
        source_ref=nfc(raised.source_ref).strip(),
        grade=raised.grade,
        edition=raised.edition,
        clause=clause.number,
        revision_id=raised.revision_id,
        text=text,
        evidence=evidence,
        raised_by=act.actor,
        raised_on=act.today,
        raised_at=act.at,
        lead_id=raised.lead_id,
    )
    session.add(made)
    session.flush()
    for each in raised.files[: work_service.MOST_FILES]:
        work_service.keep(session, act, each, finding=made)
    trail.record(
        session,
        act,
        action="finding.raised",
        subject=made.ref,
        detail={"unit": made.unit_id, "grade": made.grade, "source": made.source},
    )
    if due is not None:
        request_service.open_request(session, act, made, due=due, minutes_on=minutes_on)
    return made


def answer(session: Session, act: Act, finding: Finding, words: str) -> None:
    """Answer a remark or an opportunity in words.

    Raises:
        RefusedError: it needs a request, or nothing is left to say.
        InvalidError: nothing is said.

    """
    require(session, act.actor, Permission.ACTION_ANSWER, finding.unit_id, act.today)
    _check_words_do(finding)
    said = nfc(words).strip()
    if not said:
        raise InvalidError("Hãy ghi trả lời.")
    if finding.answered_by not in {None, act.actor}:
        raise NotAllowedError("Người khác đã trả lời; chỉ người ấy sửa được câu trả lời.")
    finding.answer, finding.answered_by, finding.answered_on = said, act.actor, act.today
    trail.record(
        session, act, action="finding.answered", subject=finding.ref, detail={"answer": said}
    )


def close(session: Session, act: Act, finding: Finding) -> None:
    """Close a remark or an opportunity that was answered.

    Raises:
        NotAllowedError: it is for the lead auditor, or the person answered it.
        RefusedError: it needs a request, has no answer, or nothing is left to do.

    """
    if queries.is_unled(session, finding.id):
        require(session, act.actor, Permission.ACTION_VERIFY, finding.unit_id, act.today)
    with refusals.on_record(session, act, finding.ref):
        _check_closes(session, act, finding)
    finding.closed_by, finding.closed_on = act.actor, act.today
    trail.record(session, act, action="finding.closed", subject=finding.ref, detail={})


def annul(session: Session, act: Act, finding: Finding, reason: str) -> None:
    """Annul a finding that was none, with a reason, and its open request with it.

    Raises:
        NotAllowedError: the work about it is the person's own, or that of the own unit's people.
        RefusedError: it is closed or annulled.
        InvalidError: no reason is given.

    """
    if queries.is_unled(session, finding.id):
        require(session, act.actor, Permission.ACTION_VERIFY, finding.unit_id, act.today)
    why = nfc(reason).strip()
    with refusals.on_record(session, act, finding.ref):
        _check_annuls(session, act, finding, why)
    for each in finding.requests:
        if each.state not in rules.ENDS:
            found = queries.request(session, each.id)
            check_annuls(session, act, found.id)
            request_service.take(session, act, found, Taking(Step.ANNUL, why))
    finding.annulled_by, finding.annulled_on = act.actor, act.today
    finding.annulled_why = why
    trail.record(
        session, act, action="finding.annulled", subject=finding.ref, detail={"reason": why}
    )


def check_annuls(session: Session, act: Act, request_id: int) -> None:
    """Refuse who would annul the request for work of their own or of their unit's people."""
    found = queries.request(session, request_id)
    sheet = queries.sheet_of(session, found, act.today)
    heads = queries.heads(session, sheet.hands, found.raised_on, act.today)
    with refusals.on_record(session, act, found.ref):
        if act.actor in rules.barred(sheet, heads):
            raise NotAllowedError(
                "Người thực hiện, người chịu trách nhiệm và trưởng đơn vị của họ không tự hủy"
                " phát hiện.",
                gate=Gate.OWN_WORK,
            )


def refuse_to_delete(session: Session, act: Act, finding: Finding) -> NoReturn:
    """Refuse to delete a finding, whoever asks.

    Raises:
        RefusedError: always.

    """
    with refusals.on_record(session, act, finding.ref):
        raise RefusedError(
            "Phát hiện không bao giờ bị xóa. Nếu không phải phát hiện, hãy hủy kèm lý do.",
            gate=Gate.DELETED,
        )


def _check_closes(session: Session, act: Act, finding: Finding) -> None:
    """Refuse who may not close a finding, or what can't be closed in words."""
    if not queries.is_unled(session, finding.id) and act.actor != finding.lead_id:
        raise NotAllowedError(
            "Phát hiện này do trưởng đoàn đánh giá đóng.", gate=Gate.LEAD_ONLY
        )
    _check_words_do(finding)
    if finding.answered_on is None:
        raise RefusedError("Chưa có trả lời nên chưa đóng được.", gate=Gate.UNPROVEN)
    if act.actor == finding.answered_by:
        raise NotAllowedError("Người trả lời không tự đóng phát hiện.", gate=Gate.OWN_ANSWER)


def _check_annuls(session: Session, act: Act, finding: Finding, why: str) -> None:
    """Refuse who may not annul a finding, or without a reason."""
    if not queries.is_unled(session, finding.id) and act.actor != finding.lead_id:
        raise NotAllowedError("Phát hiện này do trưởng đoàn đánh giá hủy.", gate=Gate.LEAD_ONLY)
    if finding.settled:
        raise RefusedError("Phát hiện này đã đóng hoặc đã hủy.")
    if not why:
        raise InvalidError("Hãy ghi lý do hủy; phát hiện không bao giờ bị xóa.")
    if act.actor is not None and act.actor == finding.answered_by:
        raise NotAllowedError("Người trả lời không tự hủy phát hiện.", gate=Gate.OWN_ANSWER)
    if act.actor in queries.heads_of_unit(
        session, finding.unit_id, finding.raised_on, act.today
    ):
        raise NotAllowedError(
            "Trưởng đơn vị không tự hủy phát hiện về đơn vị mình.", gate=Gate.UNIT_HEAD
        )


def _check_words_do(finding: Finding) -> None:
    if finding.grade in NEED_REQUEST:
        raise RefusedError(
            "Sự không phù hợp chỉ đóng được qua phiếu hành động khắc phục.", gate=Gate.UNPROVEN
        )
    if finding.settled:
        raise RefusedError("Phát hiện này đã đóng hoặc đã hủy.")


def _check_text(session: Session, revision_id: int | None) -> None:
    if revision_id is None:
        return
    found = session.get(Revision, revision_id)
    if found is None or found.number is None:
        raise NotFoundError("Không có bản tài liệu này, hoặc bản đó chưa được ký.")
