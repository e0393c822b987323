"""Findings of the demonstration, taken step by step through what became of them."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from qms.actions import (
    plan_service,
    proofs,
    queries,
    request_service,
    service,
    texts,
    work_service,
)
from qms.actions.models import Finding, Request, Task
from qms.actions.plan_service import Plan, Planned
from qms.actions.request_service import Taking
from qms.actions.rules import NEED_REQUEST, Grade, Source, Step
from qms.documents import scans
from qms.documents.scans import Scan
from qms.errors import InvalidError
from qms.standards.catalogue import USUAL
from qms.trail import Act

WAY: Final = ("proposed", "analysed", "approved", "in_progress", "done", "verified", "closed")
"""How far a request of the demonstration went, in order."""
DAYS: Final = {"analysed": 3, "approved": 5, "in_progress": 9, "done": 14, "verified": 16}
"""Days after the finding on which each stage was reached; the effect is judged later."""
_MINUTES: Final = timedelta(days=4)
"""How long before its finding the minutes of an inspection were signed."""
_FRIDAY: Final = 4
_MORE_TIME: Final = timedelta(days=20)


@dataclass(frozen=True)
class Course:
    """What was done about a finding, in words, and how far it came.

    ``pace`` draws the days out. What sent it back, out of its way or gave it more time is the
    reason that was said. ``granted`` is none while nobody has answered.
    """

    until: str = "closed"
    correction: str = ""
    extent: str = ""
    cause: str = ""
    tasks: tuple[str, ...] = ()
    result: str = ""
    verified: str = ""
    effect: str = ""
    answer: str = ""
    annulled: str = ""
    annulled_on: date | None = None
    sent_back: str = ""
    replanned: str = ""
    rejected: str = ""
    more_time: str = ""
    granted: bool | None = None
    pace: int = 1
    effect_after: int = 60
    again: "Course | None" = None


@dataclass(frozen=True)
class Found:
    """A finding: where it was made, by whom, from what, against which clause."""

    grade: Grade
    clause: str
    text: str
    evidence: str
    course: Course
    source: Source = Source.OBSERVATION
    source_ref: str = ""
    document: str = ""
    by: str = ""


@dataclass(frozen=True)
class Crew:
    """Who acts for a unit, by account."""

    unit_id: int
    head: str
    worker: str
    leader: str
    checker: str


@dataclass(frozen=True)
class Cast:
    """The people by account, and the instant at which all is entered."""

    people: dict[str, int]
    entered: Act

    def act(self, account: str, day: date) -> Act:
        """Return an act of somebody on a day."""
        return replace(self.entered, actor=self.people[account], today=day)

    @cached_property
    def picture(self) -> Scan:
        """A ruled page, as a photo of a book of records would show it."""
        page = Image.new("L", (600, 400), 250)
        pen = ImageDraw.Draw(page)
        for line in range(40, 400, 36):
            pen.line((24, line, 576, line), fill=160)
        for column in (24, 90, 330, 450, 576):
            pen.line((column, 40, column, 364), fill=120)
        out = io.BytesIO()
        page.save(out, "PNG")
        return scans.keep(out.getvalue(), "so-theo-doi.png")


def at_work(day: date, later: int = 0) -> date:
    """Return a day some days later on which people work: a Monday for a weekend."""
    found = day + timedelta(days=later)
    return found + timedelta(
        days=max(0, 7 - found.weekday()) if found.weekday() > _FRIDAY else 0
    )


def enter(session: Session, cast: Cast, crew: Crew, found: Found, day: date) -> Finding:
    """Raise a finding as somebody did on a day."""
    inspected = found.source is Source.INSPECTION
    raised = service.Raised(
        unit_id=crew.unit_id,
        source=found.source,
        source_ref=found.source_ref,
        grade=found.grade,
        edition=USUAL,
        clause=found.clause,
        revision_id=_text(session, crew.unit_id, found.document, day),
        text=found.text,
        evidence=found.evidence,
        minutes_on=day - _MINUTES if inspected else None,
    )
    return service.raise_finding(session, cast.act(found.by or crew.checker, day), raised)


def course(
    session: Session, cast: Cast, crew: Crew, finding_id: int, found: Found, raised: date
) -> Iterator[date]:
    """Do what was done about a finding; give the day of each deed before it is done."""
    said = found.course
    if found.grade in NEED_REQUEST:
        (request,) = queries.finding(session, finding_id).requests
        yield from _Steps(session, cast, crew, request.id).through(raised, said)
    else:
        yield from _answered(session, cast, crew, finding_id, raised, said)
    if said.annulled:
        last = DAYS.get(said.until, 0) * said.pace
        yield (day := said.annulled_on or at_work(raised, last + 2))
        made = queries.finding(session, finding_id)
        service.annul(session, cast.act(crew.checker, day), made, said.annulled)


def _answered(
    session: Session, cast: Cast, crew: Crew, finding_id: int, raised: date, said: Course
) -> Iterator[date]:
    """Answer a remark or an opportunity, and close it."""
    if said.until in {"answered", "closed"}:
        yield (day := at_work(raised, 4 * said.pace))
        made = queries.finding(session, finding_id)
        service.answer(session, cast.act(crew.head, day), made, said.answer)
    if said.until == "closed":
        yield (day := at_work(raised, 6 * said.pace))
        made = queries.finding(session, finding_id)
        service.close(session, cast.act(crew.checker, day), made)


def _text(session: Session, unit_id: int, code: str, day: date) -> int | None:
    try:
        return texts.text_named(session, unit_id, code, day)
    except InvalidError:
        return None


class _Steps:
    """The request of a finding, taken from stage to stage."""

    def __init__(self, session: Session, cast: Cast, crew: Crew, request_id: int) -> None:
        self.session, self.cast, self.crew = session, cast, crew
        self.request = queries.request(session, request_id)

    def through(self, raised: date, said: Course) -> Iterator[date]:
        """Take the request as far as it went, and the one that carried on after it."""
        stages = WAY[1 : WAY.index(said.until) + 1]
        day = raised
        for stage in stages:
            after = DAYS[stage] * said.pace if stage in DAYS else said.effect_after
            day = at_work(raised if stage in DAYS else day, after)
            yield from getattr(self, f"_{stage}")(day, said)

    def _analysed(self, day: date, said: Course) -> Iterator[date]:
        yield day
        self._analyse(day, said, said.tasks)
        if said.sent_back:
            yield (day := at_work(day, 1))
            self._take(self.crew.leader, day, Taking(Step.SEND_BACK, said.sent_back))
            self._analyse(day, said)

    def _analyse(self, day: date, said: Course, tasks: tuple[str, ...] = ()) -> None:
        """Write down what was put right, cause and extent, plan the work, and hand all over."""
        owner = self.cast.people[self.crew.worker]
        plan = Plan(
            version=self.request.version,
            correction=said.correction,
            corrected_on=self.request.corrected_on or day,
            extent=said.extent,
            cause=said.cause,
            tasks=[Planned(words, owner, None) for words in tasks],
        )
        plan_service.save(self.session, self._act(self.crew.head, day), self.request, plan)
        self._take(self.crew.head, day, Taking(Step.ANALYSE))

    def _approved(self, day: date, said: Course) -> Iterator[date]:
        yield day
        self._take(self.crew.leader, day, Taking(Step.APPROVE))
        if said.replanned:
            yield (day := at_work(day, 1))
            self._take(self.crew.head, day, Taking(Step.REPLAN, said.replanned))
            self._analyse(day, said)
            self._take(self.crew.leader, day, Taking(Step.APPROVE))
        if said.more_time:
            yield (day := at_work(day, 1))
            self._give_time(day, said)

    def _give_time(self, day: date, said: Course) -> None:
        asks, answers = (self._act(each, day) for each in (self.crew.head, self.crew.leader))
        later = self.request.due + _MORE_TIME
        asked = work_service.ask_for_time(
            self.session, asks, self.request, later, said.more_time
        )
        if said.granted is not None:
            work_service.answer_for_time(
                self.session, answers, self.request, asked, granted=said.granted
            )

    def _in_progress(self, day: date, said: Course) -> Iterator[date]:
        del said
        yield day
        self._prove(day, self.request.tasks[:1])

    def _done(self, day: date, said: Course) -> Iterator[date]:
        yield day
        self._work(day, said.result)
        if said.rejected:
            yield (day := at_work(day, 1))
            self._read_again("steps")
            self._take(self.crew.checker, day, Taking(Step.REJECT, said.rejected))
            self._read_again("steps")
            self._work(day, said.result)

    def _verified(self, day: date, said: Course) -> Iterator[date]:
        yield day
        self._read_again("steps")
        due = day + timedelta(days=said.effect_after)
        taking = Taking(Step.VERIFY, said.verified, effect_due=due)
        self._take(self.crew.checker, day, taking)

    def _closed(self, day: date, said: Course) -> Iterator[date]:
        """Judge the effect; without one go on with the request that follows."""
        yield day
        step = Step.CARRY_ON if said.again else Step.CLOSE
        follows = self._take(self.crew.checker, day, Taking(step, said.effect))
        if follows and said.again:
            self.request = queries.request(self.session, follows.id)
            yield from self.through(day, said.again)

    def _work(self, day: date, result: str) -> None:
        """Prove and do each action that is left, and hand the work in."""
        steps = self.request.steps
        bare = [
            each
            for each in self.request.tasks
            if len(each.files) == len(proofs.superseded(each, steps))
        ]
        self._prove(day, bare)
        act = self._act(self.crew.worker, day)
        for each in self.request.tasks:
            work_service.do(self.session, act, self.request, each, result)
        self._take(self.crew.worker, day, Taking(Step.FINISH))

    def _prove(self, day: date, tasks: Sequence[Task]) -> None:
        act = self._act(self.crew.worker, day)
        for each in tasks:
            work_service.prove(self.session, act, self.request, each, [self.cast.picture])

    def _take(self, account: str, day: date, taking: Taking) -> Request | None:
        return request_service.take(self.session, self._act(account, day), self.request, taking)

    def _act(self, account: str, day: date) -> Act:
        return self.cast.act(account, day)

    def _read_again(self, *gained: str) -> None:
        """Read what the request gained since it was read."""
        self.session.expire(self.request, gained)
        queries.request(self.session, self.request.id)
