"""An office that audits its department of justice, one act in one line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from flask import Flask

from qms.accounts import service as accounts
from qms.accounts.models import User
from qms.accounts.rules import Role
from qms.actions.rules import Grade
from qms.audits import (
    building,
    checklist_queries,
    checklist_service,
    evidence_service,
    holding_service,
    notice_service,
    programme_approval,
    programme_queries,
    programme_service,
    queries,
    review_service,
    service,
    team_service,
)
from qms.audits.answers import Dossier, Result, Source
from qms.audits.building import Question
from qms.audits.checklist_models import Answer
from qms.audits.checklist_service import Answered
from qms.audits.programme_rules import Slot
from qms.audits.rules import Days, Duty, Hour, Meeting, Session
from qms.db import db, transaction
from qms.documents.reading import visit
from qms.trail import Act
from qms.units.queries import unit
from tests import factories
from tests.factories import FOUNDED, Office
from tests.when import MONDAY, Clock

FIRST: Final = MONDAY + timedelta(days=7)
LAST: Final = FIRST + timedelta(days=1)
PERIOD: Final = date(2026, 1, 1)
YEAR: Final = 2026

PIXEL: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
"""The smallest picture a tablet takes."""


def said(
    office: Office,
    *units: str,
    days: Days | None = None,
    off_days: bool = False,
    outside: str = "",
) -> service.Said:
    """Return what an audit of some units is about."""
    return service.Said(
        title="Đánh giá nội bộ đợt 1",
        scope="Tiếp nhận và giải quyết hồ sơ hộ tịch.",
        criteria="TCVN ISO 9001:2015, quy trình của cơ quan.",
        days=days or Days(FIRST, LAST, PERIOD, LAST),
        unit_ids=tuple(office.units[each] for each in units or ("tu-phap",)),
        off_days=off_days,
        outside=outside,
    )


def more_people(office: Office) -> Office:
    """Add two auditors who also work, one in the department that is audited, one elsewhere."""
    people = dict(office.people)
    with transaction() as session:
        home, room = unit(session, "song-lo"), unit(session, "tu-phap")
        kinds = factories.unit(session, "van-phong", "Văn phòng", parent=home, office=False)
        for account, works in (("dgv-tp", room), ("dgv-vp", kinds)):
            made = factories.user(session, account, home, Role.AUDITOR, name=account.upper())
            accounts.give_post(
                session,
                factories.installation(),
                made,
                works,
                Role.STAFF,
                first_day=FOUNDED,
            )
            people[account] = made.id
        units = {**office.units, "van-phong": kinds.id}
    return Office(units, people)


@dataclass
class Auditing:
    """People of xã Sông Lô who audit; each act is a transaction of its own."""

    app: Flask
    office: Office
    clock: Clock
    tokens: list[str] = field(default_factory=list)

    def act(self, account: str) -> Act:
        """Let the clock tick and return an act of somebody."""
        self.clock.at += timedelta(seconds=1)
        return self.office.act(
            account, self.clock.at, (self.clock.at + timedelta(hours=7)).date()
        )

    def qualify(self, account: str, first: date = FOUNDED, last: date | None = None) -> None:
        """Enter what makes somebody an auditor."""
        with transaction() as session:
            who = session.get_one(User, self.office.people[account])
            given = team_service.Certificate("ISO 9001:2015", "QUACERT", "12", first, last)
            team_service.qualify(
                session, self.act("thuky"), who, self.office.units["song-lo"], given
            )

    def plan(self, about: service.Said | None = None) -> int:
        """Plan an audit; return its number."""
        with transaction() as session:
            owner = unit(session, "song-lo")
            return service.plan(
                session, self.act("thuky"), owner, about or said(self.office)
            ).id

    def change(self, audit: int, about: service.Said) -> None:
        """Change what an audit is about."""
        with transaction() as session:
            service.change(session, self.act("thuky"), queries.audit(session, audit), about)

    def join(self, audit: int, account: str = "danhgia", duty: Duty = Duty.LEAD) -> None:
        """Take somebody into the team."""
        with transaction() as session:
            found = queries.audit(session, audit)
            team_service.add(
                session, self.act("thuky"), found, self.office.people[account], duty
            )

    def leave(self, audit: int, account: str) -> None:
        """Let somebody leave the team."""
        with transaction() as session:
            found = queries.audit(session, audit)
            team_service.remove(session, self.act("thuky"), found, self.office.people[account])

    def decide(self, audit: int, who: str = "lanhdao") -> None:
        """Set the team up by decision."""
        with transaction() as session:
            act, found = self.act(who), queries.audit(session, audit)
            team_service.decide(session, act, found, number="15/QĐ-UBND", dated=act.today)

    def hour(
        self,
        audit: int,
        begins: int = 8,
        *,
        unit_name: str = "tu-phap",
        who: str = "danhgia",
        reason: str = "",
    ) -> None:
        """Put two hours of the first day into the plan; once units were told, for a reason."""
        with transaction() as session:
            found = queries.audit(session, audit)
            given = Hour(
                found.first_day,
                time(begins),
                time(begins + 2),
                Session.AUDIT,
                self.office.units[unit_name],
                frozenset({self.office.people[who]}),
            )
            service.add_hour(session, self.act("thuky"), found, given, "QT-01", reason=reason)

    def notify(self, audit: int, reason: str = "") -> None:
        """Tell the units."""
        with transaction() as session:
            found = queries.audit(session, audit)
            service.notify(session, self.act("thuky"), found, reason=reason)

    def receive(self, audit: int, unit_name: str = "tu-phap", who: str = "truongphong") -> None:
        """Say for a unit that its notice came."""
        with transaction() as session:
            found = queries.audit(session, audit)
            notice_service.receive(session, self.act(who), found, self.office.units[unit_name])

    def notified(self, about: service.Said | None = None) -> int:
        """Take an audit to where its unit is told; return its number."""
        self.qualify("danhgia")
        audit = self.plan(about)
        self.join(audit)
        self.decide(audit)
        self.hour(audit)
        self.notify(audit)
        return audit

    def ask_anew(self, audit: int, line: int, who: str = "danhgia") -> int:
        """Ask about the text that stands now; return the number of the new line."""
        with transaction() as session:
            act, found = self.act(who), queries.audit(session, audit)
            asked = checklist_queries.line(session, found, line)
            return review_service.ask_anew(session, act, found, asked).id

    def keep_asking(self, audit: int, line: int, reason: str, who: str = "danhgia") -> None:
        """Keep asking about the text as it was."""
        with transaction() as session:
            act, found = self.act(who), queries.audit(session, audit)
            asked = checklist_queries.line(session, found, line)
            review_service.keep_asking(session, act, found, asked, reason=reason)

    def begin(self, audit: int, who: str = "danhgia") -> None:
        """Begin an audit."""
        with transaction() as session:
            holding_service.begin(session, self.act(who), queries.audit(session, audit))

    def under_way(self, about: service.Said | None = None) -> int:
        """Take an audit to its first day and begin it; return its number."""
        audit = self.notified(about)
        self.clock.go(FIRST)
        self.begin(audit)
        return audit

    def ask(self, audit: int, *questions: Question, who: str = "thuky") -> list[int]:
        """Put questions into the checklist; return their numbers."""
        asked: Sequence[Question] = questions or (
            Question(Source.OWN, "Tự ghi", "Hồ sơ có được lưu đủ không?"),
        )
        with transaction() as session:
            found = queries.audit(session, audit)
            made = checklist_service.add_lines(session, self.act(who), found, asked)
            return [each.id for each in made]

    def question(self, words: str) -> Question:
        """Return a question in the auditor's own words."""
        return Question(Source.OWN, "Tự ghi", words)

    def questions(self, audit: int, code: str = "QT-01") -> list[Question]:
        """Return the questions about a document in force, as the page draws them."""
        db.session.rollback()
        session, today = db.session(), self.act("danhgia").today
        reader = visit(session, self.office.people["danhgia"], today).reader
        owners = [self.office.units["song-lo"]]
        (choice,) = building.choices(session, reader, owners, today, code)
        edition = queries.audit(session, audit).edition
        return building.of_documents(session, reader, [choice.document_id], today, edition)

    def find(self, audit: int, line: int, grade: Grade = Grade.MINOR) -> int:
        """Raise a finding from a line; return its number."""
        with transaction() as session:
            found = queries.audit(session, audit)
            asked = checklist_queries.line(session, found, line)
            given = checklist_service.Raising(
                self.office.units["tu-phap"],
                grade,
                "8.5.1",
                "Phiếu kiểm soát không theo hồ sơ.",
                "Hồ sơ HS-1, HS-2 ngày 05/08/2026.",
            )
            return checklist_service.raise_finding(
                session, self.act("danhgia"), found, asked, given
            )

    def drop(self, audit: int, line: int) -> None:
        """Take a line out of the checklist."""
        with transaction() as session:
            act, found = self.act("thuky"), queries.audit(session, audit)
            asked = checklist_queries.line(session, found, line)
            checklist_service.drop_line(session, act, found, asked)

    def answer(
        self,
        audit: int,
        line: int,
        result: Result = Result.CONFORM,
        note: str = "",
        *,
        who: str = "danhgia",
        basis: int | None = None,
        token: str = "",
        at: datetime | None = None,
    ) -> tuple[Answer, bool]:
        """Answer a line from a device that had seen an answer, or none."""
        self.tokens.append(token or f"t{len(self.tokens)}")
        with transaction() as session:
            act, found = self.act(who), queries.audit(session, audit)
            given = Answered(self.tokens[-1], result, note, at or act.at, basis)
            asked = checklist_queries.line(session, found, line)
            return checklist_service.answer(session, act, found, asked, given)

    def sample(self, audit: int, line: int, dossier: Dossier, number: str = "HS-1") -> int:
        """Add a dossier that was looked at."""
        self.tokens.append(f"s{len(self.tokens)}")
        with transaction() as session:
            found = queries.audit(session, audit)
            asked = checklist_queries.line(session, found, line)
            given = evidence_service.Sampled(self.tokens[-1], number, dossier)
            return evidence_service.sample(session, self.act("danhgia"), found, asked, given).id

    def meet(self, audit: int, *meetings: Meeting) -> None:
        """Hold meetings with two people each."""
        for each in meetings or tuple(Meeting):
            with transaction() as session:
                act, found = self.act("danhgia"), queries.audit(session, audit)
                people = (("Bùi Ngọc Ánh", "Trưởng đoàn"), ("Trần Văn Quyết", "Trưởng phòng"))
                held = holding_service.Held(each, act.today, time(8), "Hội trường", "", people)
                holding_service.hold_meeting(session, act, found, held)

    def conclude(self, audit: int, words: str = "Hệ thống được duy trì.") -> None:
        """Write what the team concludes."""
        with transaction() as session:
            found = queries.audit(session, audit)
            holding_service.conclude(session, self.act("danhgia"), found, words)

    def report(self, audit: int) -> None:
        """Hand the report over."""
        with transaction() as session:
            found = queries.audit(session, audit)
            holding_service.report(session, self.act("danhgia"), found)

    def close(self, audit: int) -> None:
        """Close an audit."""
        with transaction() as session:
            found = queries.audit(session, audit)
            holding_service.close(session, self.act("thuky"), found)

    def programme(self, *months: tuple[str, int], year: int = YEAR, who: str = "thuky") -> int:
        """Write the months of a year's programme; return its number."""
        with transaction() as session:
            slots = {Slot(self.office.units[name], month) for name, month in months}
            owner = unit(session, "song-lo")
            return programme_service.plan(session, self.act(who), owner, year, slots).id

    def on_programme(
        self, step: Callable[..., None], who: str, year: int = YEAR, **said: object
    ) -> None:
        """Let the programme of a year take a step."""
        with transaction() as session:
            kept = programme_queries.programme(session, self.office.units["song-lo"], year)
            assert kept is not None
            step(session, self.act(who), kept, **said)

    def send(self, year: int = YEAR, who: str = "thuky") -> None:
        """Send the programme of a year to the leader."""
        self.on_programme(programme_approval.send, who, year)

    def sign(self, year: int = YEAR, who: str = "lanhdao", *, confirmed: bool = False) -> None:
        """Approve the programme of a year that was sent."""
        self.on_programme(
            programme_approval.approve,
            who,
            year,
            number="01/QĐ-UBND",
            dated=self.act(who).today,
            confirmed=confirmed,
        )

    def approve(self, year: int = YEAR, who: str = "lanhdao") -> None:
        """Send the programme of a year and approve it."""
        self.send(year)
        self.sign(year, who)
