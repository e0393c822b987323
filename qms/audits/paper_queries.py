"""What the papers of an audit tell, gathered: heads, hours, lines, findings beside last year's."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from qms.accounts.queries import names as people_names
from qms.actions.models import Finding
from qms.actions.rules import Grade
from qms.audits import (
    answers,
    checklist_queries,
    finding_queries,
    notice_queries,
    papers,
    programme_queries,
    queries,
    result_papers,
)
from qms.audits.answers import Dossier, Result
from qms.audits.checklist_queries import Seen
from qms.audits.independence import Ground
from qms.audits.models import Audit, Exemption
from qms.audits.papers import Cell, FindingRow, Head, HourRow, LineRow, Name, Paper, Person
from qms.audits.programme_paper import chief
from qms.audits.result_papers import Told
from qms.audits.rules import Duty, Meeting
from qms.audits.rules import Session as Hours
from qms.counter.queries import calendar_of
from qms.vietnamese import day as day_words
from qms.vietnamese import formal_day

DUTIES = {
    Duty.LEAD: "Trưởng đoàn",
    Duty.AUDITOR: "Đánh giá viên",
    Duty.TRAINEE: "Đánh giá viên tập sự",
}
SESSIONS = {
    Hours.OPENING: "Họp mở đầu",
    Hours.AUDIT: "Đánh giá",
    Hours.TEAM: "Họp đoàn",
    Hours.CLOSING: "Họp kết thúc",
}
MEETINGS = {Meeting.OPENING: "Họp mở đầu", Meeting.CLOSING: "Họp kết thúc"}
RESULTS = {
    Result.CONFORM: "Phù hợp",
    Result.NONCONFORMING: "Không phù hợp",
    Result.REMARK: "Lưu ý",
    Result.NOT_CHECKED: "Không kiểm tra",
}
GRADES = {
    Grade.MAJOR: "Không phù hợp nặng",
    Grade.MINOR: "Không phù hợp nhẹ",
    Grade.REMARK: "Lưu ý",
    Grade.OPPORTUNITY: "Cơ hội cải tiến",
}
GROUNDS = {
    Ground.OWN_UNIT: "đánh giá đơn vị của chính mình",
    Ground.OWN_WORK: "đánh giá việc do chính mình làm",
}
ORDER = (Grade.MAJOR, Grade.MINOR, Grade.REMARK, Grade.OPPORTUNITY)


def of_audit(session: Session, audit: Audit, name: Name, office: str, today: date) -> Paper:
    """Return one of the papers of an audit."""
    head = replace(_head(session, audit, today), chief=chief(session, office))
    if name is Name.TEAM:
        signer = chief(session, office, audit.team_decided_by)
        return papers.team(head, office, _programme_words(session, audit), signer)
    if name is Name.PLAN:
        return papers.plan(head, _hours(session, audit, today))
    if name is Name.NOTICE:
        return papers.notice(
            head,
            _hours(session, audit, today),
            told_on=audit.notified_on,
            reason=audit.notice_reason,
            received=_received(session, audit, today),
        )
    if name is Name.CHECKLIST:
        seen = checklist_queries.checklist(session, audit, today)
        return result_papers.checklist(
            head, [_line(each) for each in seen], _samples(session, audit, seen, today)
        )
    if name is Name.ATTENDANCE:
        return result_papers.attendance(head, _meetings(session, audit))
    return _report(session, audit, head, today)


def _head(session: Session, audit: Audit, today: date) -> Head:
    called = queries.unit_names(session, today)
    team = queries.team(session, [audit.id])[audit.id]
    known = queries.qualifications(session, [each.user_id for each in team])
    return Head(
        words=audit.called,
        outside=audit.outside_reason or "",
        title=audit.title,
        scope=audit.scope,
        criteria=audit.criteria,
        first=audit.first_day,
        last=audit.last_day,
        period_first=audit.period_first,
        period_last=audit.period_last,
        units=[called.get(each, str(each)) for each in queries.unit_ids(audit)],
        team=[
            Person(
                each.user.name,
                DUTIES[each.duty],
                each.user.title,
                "; ".join(
                    f"{row.name}, từ {day_words(row.first_day)}"
                    + (f" đến {day_words(row.last_day)}" if row.last_day else "")
                    for row in known[each.user_id]
                ),
            )
            for each in team
        ],
        team_number=audit.team_number or "",
        team_dated=audit.team_decided_on,
    )


def _hours(session: Session, audit: Audit, today: date) -> list[HourRow]:
    called = queries.unit_names(session, today)
    rows = queries.hours(session, [audit.id])[audit.id]
    people = people_names(session, [one.user_id for each in rows for one in each.auditors])
    return [
        HourRow(
            each.day,
            each.begins,
            each.ends,
            SESSIONS[each.session],
            called.get(each.unit_id or 0, ""),
            each.subject,
            ", ".join(people[one.user_id] for one in each.auditors),
        )
        for each in rows
    ]


def _received(session: Session, audit: Audit, today: date) -> list[tuple[Cell, ...]]:
    called = queries.unit_names(session, today)
    rows = notice_queries.receipts(session, audit)
    people = people_names(session, [row.received_by for row in rows.values()])
    return [
        (called.get(unit, ""), people[row.received_by], row.received_on)
        for unit, row in rows.items()
    ]


def _line(seen: Seen) -> LineRow:
    text, line = seen.line.revision, seen.line
    return LineRow(
        line.topic,
        line.question,
        line.clause,
        f"Bản số {text.number}" if text is not None else "",
        RESULTS[seen.answer.result] if seen.answer else "",
        seen.answer.note if seen.answer else "",
        _changed(seen),
    )


def _changed(seen: Seen) -> str:
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


def _samples(
    session: Session, audit: Audit, seen: Sequence[Seen], today: date
) -> list[tuple[Cell, ...]]:
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


def _meetings(
    session: Session, audit: Audit
) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    held = queries.meetings(session, audit.id)
    found = []
    for meeting, title in MEETINGS.items():
        row = held.get(meeting)
        where = "Thời gian: …… giờ ……, ngày ……/……/……\nĐịa điểm: ………………………………………………"
        if row is not None:
            place = f", tại {row.place}" if row.place else ""
            where = f"Thời gian: {row.begins:%H:%M} {formal_day(row.day)}{place}."
        people = [(each.name, each.post) for each in row.people] if row is not None else []
        found.append((title, where, row.minutes if row is not None else "", people))
    return found


def _report(session: Session, audit: Audit, head: Head, today: date) -> Paper:
    seen = checklist_queries.checklist(session, audit, today)
    found = finding_queries.of_audits(session, [audit.ref])
    called = queries.unit_names(session, today)
    allowed = queries.exemptions(session, audit.id)
    people = people_names(
        session, [person for row in allowed for person in (row.user_id, row.allowed_by)]
    )
    counted = Counter(each.answer.result for each in seen if each.answer)
    before = finding_queries.last_year(session, queries.unit_ids(audit), audit.year - 1)
    told = Told(
        findings=[
            FindingRow(
                each.code,
                called.get(each.unit_id, ""),
                each.clause,
                GRADES[each.grade],
                each.text,
                each.evidence,
            )
            for each in found
        ],
        by_unit=_table(
            found,
            [(each, called.get(each, "")) for each in queries.unit_ids(audit)],
            lambda each: each.unit_id,
            Counter(each.unit_id for each in before),
        ),
        by_clause=_table(
            found,
            [
                (each, each)
                for each in sorted({row.clause for row in (*found, *before)}, key=_rank)
            ],
            lambda each: each.clause,
            Counter(each.clause for each in before),
        ),
        exceptions=[
            f"{people[row.user_id]}: {GROUNDS[row.ground]}{_exempted(row, called)}; {people[row.allowed_by]} cho phép"
            f" ngày {day_words(row.allowed_on)}, lý do: {row.reason}"
            for row in allowed
        ],
        changed=[
            f"{each.line.topic}: {_changed(each).lower()}" for each in seen if _changed(each)
        ],
        counts={words: counted.get(result, 0) for result, words in RESULTS.items()},
        conclusion=audit.conclusion,
        reported_on=audit.reported_on,
    )
    return result_papers.report(head, told)


def _exempted(row: Exemption, called: Mapping[int, str]) -> str:
    of = called.get(row.unit_id, "") if row.unit_id is not None else ""
    of = row.document.code if row.document is not None else of
    return f" ({of})" if of else ""


def _table(
    found: Iterable[Finding],
    keys: Sequence[tuple[object, str]],
    key: Callable[[Finding], object],
    before: Mapping[object, int],
) -> list[tuple[Cell, ...]]:
    """Return one row for each key: its findings by grade, their sum, and last year's."""
    counted = Counter((key(each), each.grade) for each in found)
    return [
        (
            words,
            *(counted[each, grade] for grade in ORDER),
            sum(counted[each, grade] for grade in ORDER),
            before.get(each, 0),
        )
        for each, words in keys
    ]


def _rank(clause: str) -> list[int]:
    return [int(part) for part in clause.split(".") if part.isdecimal()]


def _programme_words(session: Session, audit: Audit) -> str:
    if audit.outside_reason:
        return (
            f"Căn cứ yêu cầu đánh giá ngoài chương trình: {audit.outside_reason.rstrip('.')};"
        )
    kept = programme_queries.programme(session, audit.owner_id, audit.year)
    if kept is None or kept.decided_on is None:
        return ""
    return (
        f"Căn cứ Chương trình đánh giá nội bộ năm {audit.year} phê duyệt theo Quyết định số"
        f" {kept.decision_number} {formal_day(kept.decided_on)};"
    )
