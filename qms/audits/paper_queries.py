"""The papers of audits, each gathered from the record as it stands or as it was told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from qms.accounts.queries import names as people_names
from qms.audits import (
    checklist_paper,
    checklist_queries,
    kept_notices,
    notice_queries,
    paper_heads,
    papers,
    programme_queries,
    queries,
    report_paper,
    result_papers,
)
from qms.audits.models import Audit
from qms.audits.papers import Head, Name, Paper, Ruling
from qms.audits.programme_paper import chief
from qms.audits.result_papers import MEETINGS
from qms.documents.paper_queries import authority
from qms.documents.rules import SignsFor
from qms.standards import catalogue
from qms.standards.queries import edition_of
from qms.vietnamese import formal_day


def of_audit(session: Session, audit: Audit, name: Name, office: str, today: date) -> Paper:
    """Return one of the papers of an audit; ``office`` is what it is called on that day."""
    on = day_of(session, audit, name, today)
    head = replace(paper_heads.head(session, audit, on), chief=chief(session, office))
    if name is Name.TEAM:
        return papers.team(head, _ruling(session, audit, office, on))
    if name is Name.PLAN:
        return papers.plan(head, paper_heads.hours(session, audit, on))
    if name is Name.NOTICE:
        return _notice(session, audit, head, on)
    if name is Name.CHECKLIST:
        return _checklist(session, audit, head, today)
    if name is Name.ATTENDANCE:
        return _attendance(session, audit, head)
    return report_paper.report(session, audit, head, today)


def day_of(session: Session, audit: Audit, name: Name, today: date) -> date:
    """Return the day on which a paper speaks: that of its act, before it today."""
    acted = {
        Name.TEAM: audit.team_decided_on,
        Name.NOTICE: _told_on(session, audit),
        Name.REPORT: audit.reported_on,
    }
    return acted.get(name) or today


def _told_on(session: Session, audit: Audit) -> date | None:
    kept = notice_queries.notice(session, audit)
    return kept.told_on if kept is not None else audit.notified_on


def _notice(session: Session, audit: Audit, head: Head, on: date) -> Paper:
    """Return the notice as it was told; before that as it would be."""
    kept = notice_queries.notice(session, audit)
    if kept is None:
        hours = paper_heads.hours(session, audit, on)
        return papers.notice(head, hours, told_on=audit.notified_on, reason=audit.notice_reason)
    told = kept_notices.read(kept.said)
    return papers.notice(
        replace(told.head, chief=head.chief),
        told.hours,
        told_on=kept.told_on,
        reason=told.reason,
    )


def _checklist(session: Session, audit: Audit, head: Head, today: date) -> Paper:
    seen = checklist_queries.checklist(session, audit, today)
    return result_papers.checklist(
        head,
        [checklist_paper.row(each) for each in seen],
        checklist_paper.samples(session, audit, seen, today),
        checklist_paper.answerers(session, audit, seen),
    )


def _attendance(session: Session, audit: Audit, head: Head) -> Paper:
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
    writers = people_names(session, {row.recorded_by for row in held.values()})
    writer = next(iter(writers.values())) if len(writers) == 1 else ""
    return result_papers.attendance(head, found, writer)


def _ruling(session: Session, audit: Audit, office: str, on: date) -> Ruling:
    edition = catalogue.edition(edition_of(session, audit.owner_id, on)).name
    return Ruling(
        office,
        authority(office, SignsFor.OWN),
        [
            f"Căn cứ Tiêu chuẩn {edition} mà {office} áp dụng;",
            *_programme_words(session, audit, on),
        ],
        chief(session, office, audit.team_decided_by, title=audit.team_title),
    )


def _programme_words(session: Session, audit: Audit, on: date) -> Sequence[str]:
    """Name the programme that was approved by a day, if the audit is in it; else why it is held."""
    if audit.outside_reason:
        reason = audit.outside_reason.rstrip(".")
        return [f"Căn cứ yêu cầu đánh giá ngoài chương trình: {reason};"]
    kept = programme_queries.programme(session, audit.owner_id, audit.year)
    if kept is None or kept.decided_on is None or kept.decided_on > on:
        return ()
    units = set(queries.unit_ids(audit))
    slots = programme_queries.slots(session, kept.id)
    if not any(s.unit_id in units and s.month == audit.first_day.month for s in slots):
        return ()
    decided = f"Quyết định số {kept.decision_number} {formal_day(kept.decided_on)}"
    return [f"Căn cứ Chương trình đánh giá nội bộ năm {audit.year} phê duyệt theo {decided};"]
