"""Two years of audits and findings in the demonstration, played in the order of their days."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.accounts.models import User
from qms.actions import demo as actions
from qms.actions.demo import Cast, Crew, Found
from qms.audits import (
    demo_reading,
    finding_queries,
    holding_service,
    programme_approval,
    programme_queries,
    programme_service,
    service,
    team_service,
)
from qms.audits.demo_holding import Holding
from qms.audits.demo_reading import Audited, History, Noticed, Programme, Seen
from qms.audits.models import Audit
from qms.audits.programme_rules import Slot
from qms.library.demo import Staff
from qms.library.demo_additions import Addition
from qms.standards import service as standards
from qms.standards.catalogue import EDITIONS, USUAL
from qms.units.models import Unit
from qms.units.queries import unit as unit_named

PURPOSE: Final = "Xem hệ thống có phù hợp và được duy trì có hiệu lực ở mọi đơn vị."
PLANNED: Final = timedelta(days=20)
"""How long before its first day an audit was planned."""
AHEAD: Final = timedelta(days=6)
"""How long before its first day an audit was announced."""
LATE: Final = timedelta(days=4)
"""The same of one that was late."""
LOOKED: Final = 5
"""After how many days it was looked again whether all findings of an audit are closed."""


def enter(session: Session, staff: Staff, office: Unit) -> None:
    """Play what happened in the district, then in the commune that followed."""
    del office
    rows = session.execute(sa.select(User.account, User.id))
    cast = Cast({row.account: row.id for row in rows}, staff.drafter)
    for each in demo_reading.read(cast.entered.today):
        Play(session, cast, each, unit_named(session, each.office)).run()


@dataclass
class Play:
    """What happened in an office: all that waits for its day, the earliest first.

    Each thing that happens is an iterator: it gives the day of its next deed, and does the deed
    when it is asked for the day after that.
    """

    session: Session
    cast: Cast
    history: History
    office: Unit
    waiting: list[tuple[date, int, Iterator[date]]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)

    def run(self) -> None:
        """Play all deeds up to today, or to the last day of the office."""
        today = self.cast.entered.today
        last = min(today, self.office.last_day or today)
        self.found()
        for year in sorted({each.on.year for each in self.history.audits} | {last.year}):
            self.begin(self.programme(year))
        for audited in self.history.audits:
            self.begin(self.audit(audited))
        for noticed in self.history.findings:
            self.begin(self.finding(noticed))
        while self.waiting and self.waiting[0][0] <= last:
            _day, _number, thing = heappop(self.waiting)
            self.begin(thing)

    def begin(self, thing: Iterator[date]) -> None:
        """Let something go on, and wait for the day of its next deed."""
        day = next(thing, None)
        if day is not None:
            heappush(self.waiting, (day, next(self.order), thing))

    def found(self) -> None:
        """Choose the edition, and enter who is qualified."""
        since = self.history.since
        act = self.cast.act(self.history.checker, since)
        standards.choose(self.session, act, self.office, USUAL, since)
        for each in self.history.certificates:
            given = team_service.Certificate(
                f"Đánh giá viên nội bộ {EDITIONS[USUAL].name}",
                each.issuer,
                each.number,
                each.on,
            )
            person = self.session.get_one(User, self.cast.people[each.account])
            act = self.cast.act(self.history.checker, max(each.on, since))
            team_service.qualify(self.session, act, person, self.office.id, given)

    def programme(self, year: int) -> Iterator[date]:
        """Plan what took place or will, and at its end each unit that is left of the year."""
        begins = max(date(year, 1, 15), self.history.since)
        usual = Programme(f"{year % 100}/QĐ-UBND", begins, PURPOSE, {})
        said = self.history.programmes.get(year, usual)
        yield said.on
        out = {self._unit(each): why for each, why in said.left_out.items()}
        slots = {
            Slot(self._unit(each.unit), each.on.month)
            for each in self.history.audits
            if each.on.year == year
        }
        seen = {each.unit_id for each in slots}
        units = programme_queries.units_of(self.session, self.office.id, year)
        slots |= {Slot(each, 12) for each in units if each not in seen and each not in out}
        act = self.cast.act(self.history.checker, said.on)
        kept = programme_service.plan(
            self.session, act, self.office, year, slots, purpose=said.purpose
        )
        for each, why in out.items():
            programme_service.leave_out(self.session, act, self.office, year, each, why)
        programme_approval.send(self.session, act, kept)
        programme_approval.approve(
            self.session,
            self.cast.act(self.history.leader, said.on),
            kept,
            number=said.number,
            dated=said.on,
            confirmed=True,
        )

    def finding(self, noticed: Noticed) -> Iterator[date]:
        """Raise a finding that no audit made, and do what was done about it."""
        yield noticed.on
        crew = self._crew(noticed.unit, self.history.checker)
        made = actions.enter(self.session, self.cast, crew, noticed.found, noticed.on)
        self._follow(crew, made.id, noticed.on, noticed.found)

    def audit(self, said: Audited) -> Iterator[date]:
        """Hold an audit: plan it, tell its unit, look, report, close."""
        yield said.on - PLANNED
        where = unit_named(self.session, self.history.units[said.unit]["slug"])
        held = Holding(self.session, self.cast, self.history, self.office, where, said)
        audit = held.plan(said.on - PLANNED)
        if said.cancelled:
            yield (day := said.on - AHEAD - timedelta(days=1))
            act = self.cast.act(self.history.checker, day)
            service.cancel(self.session, act, audit, reason=said.cancelled)
            return
        told = said.on - (LATE if said.late else AHEAD)
        yield told
        act = self.cast.act(self.history.checker, told)
        service.notify(self.session, act, audit, reason=said.late)
        crew = self._crew(said.unit, said.lead)
        yield said.on
        half = (len(said.seen) + 1) // 2 if said.days > 1 else len(said.seen)
        held.open(audit, crew)
        self._look(held, audit, crew, said.on, said.seen[:half])
        yield said.last
        self._look(held, audit, crew, said.last, said.seen[half:])
        held.report(audit, crew)
        yield (day := actions.at_work(said.last, LOOKED))
        while finding_queries.open_of(self.session, audit.ref):
            yield (day := actions.at_work(day, LOOKED))
        holding_service.close(self.session, self.cast.act(self.history.checker, day), audit)

    def _look(
        self, held: Holding, audit: Audit, crew: Crew, day: date, seen: tuple[Seen, ...]
    ) -> None:
        for number, found in held.look(audit, crew, day, seen):
            self._follow(crew, number, day, found)

    def _follow(self, crew: Crew, number: int, day: date, found: Found) -> None:
        self.begin(actions.course(self.session, self.cast, crew, number, found, day))

    def _unit(self, name: str) -> int:
        return unit_named(self.session, self.history.units[name]["slug"]).id

    def _crew(self, name: str, checker: str) -> Crew:
        said = self.history.units[name]
        return Crew(
            self._unit(name), said["head"], said["worker"], self.history.leader, checker
        )


DEMO: Final[tuple[Addition, ...]] = (("Đánh giá nội bộ, phát hiện và khắc phục", enter),)
