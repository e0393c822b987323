"""What the summary report of an audit tells, gathered: findings beside those of the year before."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from qms.accounts.queries import names as people_names
from qms.actions.models import Finding
from qms.actions.rules import Grade
from qms.audits import (
    checklist_paper,
    checklist_queries,
    finding_queries,
    queries,
    result_papers,
)
from qms.audits.independence import Ground
from qms.audits.models import Audit, Exemption
from qms.audits.papers import Cell, FindingRow, Head, Paper
from qms.audits.result_papers import MEETINGS, Told
from qms.vietnamese import day as day_words

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


def report(session: Session, audit: Audit, head: Head, today: date) -> Paper:
    """Return the summary report of an audit."""
    seen = checklist_queries.checklist(session, audit, today)
    found = finding_queries.of_audits(session, [audit.ref])
    called = queries.unit_names(session, audit.reported_on or today)
    counted = Counter(each.answer.result for each in seen if each.answer)
    before = finding_queries.last_year(session, queries.unit_ids(audit), audit.year - 1)
    clauses = Counter(each.clause for each in before)
    told = Told(
        year=audit.year,
        findings=[_finding(each, called) for each in found],
        by_unit=_by(
            found,
            [(each, called.get(each, "")) for each in queries.unit_ids(audit)],
            lambda each: each.unit_id,
            Counter(each.unit_id for each in before),
        ),
        by_clause=_by(
            found,
            [(each, each) for each in sorted({row.clause for row in found}, key=_rank)],
            lambda each: each.clause,
            clauses,
        ),
        gone=[
            f"{clause} ({clauses[clause]})"
            for clause in sorted(clauses.keys() - {row.clause for row in found}, key=_rank)
        ],
        exceptions=_exceptions(session, audit, called),
        changed=[
            f"{each.line.topic}: {checklist_paper.changed(each).lower()}"
            for each in seen
            if checklist_paper.changed(each)
        ],
        counts={
            words: counted.get(result, 0) for result, words in checklist_paper.RESULTS.items()
        },
        meetings=_meetings(session, audit),
        dossiers=[
            dossier[:-1] for dossier in checklist_paper.samples(session, audit, seen, today)
        ],
        conclusion=audit.conclusion,
        reported_on=audit.reported_on,
    )
    return result_papers.report(head, told)


def _finding(found: Finding, called: Mapping[int, str]) -> FindingRow:
    return FindingRow(
        found.code,
        called.get(found.unit_id, ""),
        found.clause,
        GRADES[found.grade],
        found.text,
        found.evidence,
    )


def _exceptions(session: Session, audit: Audit, called: Mapping[int, str]) -> list[str]:
    allowed = queries.exemptions(session, audit.id)
    people = people_names(
        session, [person for row in allowed for person in (row.user_id, row.allowed_by)]
    )
    return [
        f"{people[row.user_id]}: {GROUNDS[row.ground]}{_of(row, called)};"
        f" {people[row.allowed_by]} cho phép ngày {day_words(row.allowed_on)}, lý do: {row.reason}"
        for row in allowed
    ]


def _of(row: Exemption, called: Mapping[int, str]) -> str:
    unit = called.get(row.unit_id, "") if row.unit_id is not None else ""
    of = row.document.code if row.document is not None else unit
    return f" ({of})" if of else ""


def _meetings(session: Session, audit: Audit) -> list[tuple[Cell, ...]]:
    held = queries.meetings(session, audit.id)
    return [
        (title, f"{row.begins:%H:%M}, {day_words(row.day)}", row.place, len(row.people))
        for meeting, title in MEETINGS.items()
        if (row := held.get(meeting)) is not None
    ]


def _by(
    found: Iterable[Finding],
    keys: Sequence[tuple[object, str]],
    key: Callable[[Finding], object],
    before: Counter[Any],
) -> list[tuple[Cell, ...]]:
    """Return one row for each key: its findings by grade, their sum, and last year's."""
    counted = Counter((key(each), each.grade) for each in found)
    return [
        (
            words,
            *(counted[each, grade] for grade in ORDER),
            sum(counted[each, grade] for grade in ORDER),
            before[each],
        )
        for each, words in keys
    ]


def _rank(clause: str) -> list[int]:
    return [int(part) for part in clause.split(".") if part.isdecimal()]
