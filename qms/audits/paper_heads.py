"""What every paper of an audit begins with, and its plan by the hour, gathered."""

from datetime import date

from sqlalchemy.orm import Session

from qms.accounts.queries import names as people_names
from qms.audits import queries
from qms.audits.models import Audit
from qms.audits.papers import Head, HourRow, Person
from qms.audits.rules import Duty
from qms.audits.rules import Session as Hours
from qms.vietnamese import day as day_words

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


def head(session: Session, audit: Audit, on: date) -> Head:
    """Return what every paper of an audit says of it, its units called as on a day."""
    called = queries.unit_names(session, on)
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


def hours(session: Session, audit: Audit, on: date) -> list[HourRow]:
    """Return the plan of an audit by the hour, its units called as on a day."""
    called = queries.unit_names(session, on)
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
