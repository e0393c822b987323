"""One audit of the demonstration: planned, held and reported as people do it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from sqlalchemy.orm import Session

from qms.accounts.models import User
from qms.actions.demo import Cast, Crew, Found
from qms.actions.rules import NEED_REQUEST
from qms.audits import (
    building,
    checklist_queries,
    checklist_service,
    evidence_service,
    holding_service,
    service,
    team_service,
)
from qms.audits.answers import Dossier, Result
from qms.audits.checklist_models import Line
from qms.audits.checklist_service import Answered, Raising
from qms.audits.demo_reading import Audited, History, Seen
from qms.audits.evidence_service import Sampled
from qms.audits.holding_service import Held
from qms.audits.models import Audit
from qms.audits.rules import Days, Duty, Hour, Meeting
from qms.audits.rules import Session as Hours
from qms.documents.reading import visit
from qms.standards.catalogue import EDITIONS, USUAL
from qms.units.models import Unit

CRITERIA: Final = "TCVN ISO 9001:2015; tài liệu của hệ thống quản lý chất lượng; văn bản pháp luật có liên quan."
_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True)
class Holding:
    """An audit of a unit, with who plans and who decides."""

    session: Session
    cast: Cast
    history: History
    office: Unit
    unit: Unit
    said: Audited

    def plan(self, day: date) -> Audit:
        """Plan the audit with its team, its hours and its checklist."""
        said, act = self.said, self.cast.act(self.history.checker, day)
        begins = max(said.on - _YEAR, self.unit.first_day)
        days = Days(said.on, said.last, begins, said.last)
        about = service.Said(
            said.title, said.scope, CRITERIA, days, (self.unit.id,), off_days=True
        )
        audit = service.plan(self.session, act, self.office, about)
        for account, duty in {said.lead: Duty.LEAD, **said.team}.items():
            person = self.cast.people[account]
            team_service.add(self.session, act, audit, person, Duty(duty))
        decided = self.cast.act(self.history.leader, day)
        number = f"{100 + 3 * audit.number}/QĐ-UBND"
        team_service.decide(self.session, decided, audit, number=number, dated=day)
        for hour in self._hours():
            subject = said.scope[:300] if hour.auditors else ""
            service.add_hour(self.session, act, audit, hour, subject)
        questions = [
            *self._of_documents(audit, day),
            *building.of_clauses(EDITIONS[USUAL], [each.clause for each in said.seen]),
        ]
        lead = self.cast.act(said.lead, day)
        checklist_service.add_lines(self.session, lead, audit, questions)
        return audit

    def _hours(self) -> Iterator[Hour]:
        said = self.said
        team = frozenset(self.cast.people[each] for each in (said.lead, *said.team))
        yield Hour(said.on, time(8), time(8, 30), Hours.OPENING)
        for number in range(said.days):
            day = said.on + timedelta(days=number)
            yield Hour(day, time(8, 30), time(11), Hours.AUDIT, self.unit.id, team)
        yield Hour(said.last, time(15), time(15, 30), Hours.CLOSING)

    def _of_documents(self, audit: Audit, day: date) -> list[building.Question]:
        """Return questions about the documents that were in force."""
        if not self.said.documents:
            return []
        reader = visit(
            self.session, self.cast.people[self.said.lead], self.cast.entered.today
        ).reader
        owners = {audit.owner_id, self.unit.id}
        chosen = [
            each.document_id
            for code in self.said.documents
            for each in building.choices(self.session, reader, owners, day, code)[:1]
        ]
        return building.of_documents(self.session, reader, chosen, day, USUAL)

    def open(self, audit: Audit, crew: Crew) -> None:
        """Begin on the first day, with the opening meeting."""
        act = self.cast.act(self.said.lead, self.said.on)
        holding_service.begin(self.session, act, audit)
        self._meet(audit, crew, Meeting.OPENING, self.said.on, time(8))

    def look(
        self, audit: Audit, crew: Crew, day: date, seen: Sequence[Seen]
    ) -> Iterator[tuple[int, Found]]:
        """Answer the lines about some clauses; give what was found, by number."""
        act = self.cast.act(self.said.lead, day)
        asked = checklist_queries.lines(self.session, audit.id)
        lines = {line.clause: line for line in asked if line.document_id is None}
        for each in seen:
            line = lines[each.clause]
            given = Answered(f"demo-{line.id}", _result(each), each.note, act.at)
            checklist_service.answer(self.session, act, audit, line, given)
            self._sample(audit, line, day, each)
            if each.found is not None:
                found = each.found
                raising = Raising(
                    crew.unit_id, found.grade, found.clause, found.text, found.evidence
                )
                yield (
                    checklist_service.raise_finding(self.session, act, audit, line, raising),
                    found,
                )

    def _sample(self, audit: Audit, line: Line, day: date, seen: Seen) -> None:
        act = self.cast.act(self.said.lead, day)
        for number, given in enumerate(seen.samples, 1):
            dossier = Dossier(*(day - timedelta(days=each) for each in given))
            sampled = Sampled(f"demo-{line.id}-{number}", f"H44.{line.id}-{number}", dossier)
            evidence_service.sample(self.session, act, audit, line, sampled)

    def report(self, audit: Audit, crew: Crew) -> None:
        """Hold the closing meeting, conclude, and hand the report over."""
        act = self.cast.act(self.said.lead, self.said.last)
        self._meet(audit, crew, Meeting.CLOSING, self.said.last, time(15))
        holding_service.conclude(self.session, act, audit, self.said.conclusion)
        holding_service.report(self.session, act, audit)

    def _meet(
        self, audit: Audit, crew: Crew, meeting: Meeting, day: date, begins: time
    ) -> None:
        people = [
            self.session.get_one(User, self.cast.people[account])
            for account in (self.said.lead, *self.said.team, crew.head, crew.worker)
        ]
        titles = self.history.titles
        named = tuple((each.name, titles.get(each.account, each.title)) for each in people)
        held = Held(meeting, day, begins, self.history.place, "", named)
        act = self.cast.act(self.said.lead, day)
        holding_service.hold_meeting(self.session, act, audit, held)


def _result(seen: Seen) -> Result:
    if seen.found is None:
        return Result.CONFORM
    return Result.NONCONFORMING if seen.found.grade in NEED_REQUEST else Result.REMARK
