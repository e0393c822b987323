"""Whether a paper still says what is in force: the answer behind ``/k/``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from qms.documents.comparison import Result, compare
from qms.documents.models import Change
from qms.notices import codes, queries, sheets, stories
from qms.notices.models import Copy
from qms.notices.rules import Judgement, Printed, Verdict, judge
from qms.notices.sheets import DaySheet, Once
from qms.notices.stories import Story

DayOf = Callable[[datetime], date]
"""From an instant to the civil day at the office."""


class Cause(StrEnum):
    """What made a paper old."""

    DECISION = "decision"
    HEADING = "heading"
    FEES = "fees"
    FORM = "form"
    UNIT = "unit"


@dataclass(frozen=True)
class Paper:
    """What a code says of the paper that bears it; a print for everybody has no place."""

    unit_id: int
    document_id: int
    printed: Printed
    place: str = ""


@dataclass(frozen=True)
class Checked:
    """The verdict on a paper, what it was, and what holds instead.

    ``printed`` is the sheet the paper shows, where it was ever known; ``current`` what holds
    today, or will; ``cause`` what made it old, by ``change`` where by a decision, signed or
    confirmed on ``signed_on`` where that is later than the day it works from.
    """

    judgement: Judgement
    story: Story | None = None
    place: str = ""
    printed: DaySheet | None = None
    current: DaySheet | None = None
    cause: Cause | None = None
    change: Change | None = None
    signed_on: date | None = None

    @property
    def verdict(self) -> Verdict:
        """What the check page says first."""
        return self.judgement.verdict


@dataclass(frozen=True)
class JudgedCopy:
    """A copy, whether it still holds, and what it is called."""

    copy: Copy
    judgement: Judgement
    title: str


UNKNOWN = Checked(Judgement(Verdict.UNKNOWN))


def check(session: Session, typed: str, today: date, day_of: DayOf) -> Checked:
    """Answer a typed or scanned code."""
    paper = _paper(session, typed)
    if paper is None:
        return UNKNOWN
    unit = queries.unit_number(session, paper.unit_id)
    document = queries.document(session, paper.document_id)
    if unit is None or document is None:
        return UNKNOWN
    told = stories.story(session, unit, document)
    judgement = judged(told, paper, today, day_of)
    if judgement.verdict is Verdict.UNKNOWN:
        return UNKNOWN
    printed = _sheet_of(told, paper)
    coming = judgement.verdict is Verdict.NOT_YET
    asked = judgement.since if coming else max(today, paper.printed.day or today)
    current = sheets.on_day(told, asked or today) or sheets.on_day(told, today)
    cause, change = _cause(told, judgement, printed, current)
    return Checked(
        judgement=judgement,
        story=told,
        place=paper.place,
        printed=printed,
        current=current,
        cause=cause,
        change=change,
        signed_on=_signed_later(told, cause, change, judgement.since, day_of),
    )


def judged(told: Story, paper: Paper, today: date, day_of: DayOf) -> Judgement:
    """Compare a paper with what its sheet says, and with what it said before corrections."""
    answers = sheets.answers(told)
    judgement = judge(paper.printed, answers, today)
    if any(paper.printed.says(answer) for answer in answers):
        return judgement
    once = _once(told, paper)
    if once is None:
        return judgement if paper.place else Judgement(Verdict.UNKNOWN)
    since = max(once.answer.first_day, day_of(once.until))
    if judgement.verdict is Verdict.WITHDRAWN:
        since = max(since, judgement.since or since)
    return Judgement(judgement.verdict, since)


def judged_copies(
    session: Session, copies: Sequence[Copy], today: date, day_of: DayOf
) -> list[JudgedCopy]:
    """Judge copies loaded with their units and documents: a fixed number of queries."""
    if not copies:
        return []
    told = stories.stories(session, [(copy.unit, copy.document) for copy in copies])
    return [
        JudgedCopy(copy, judged(each, _paper_of(copy), today, day_of), _title(each, copy.day))
        for copy, each in zip(copies, told, strict=True)
    ]


def differences(checked: Checked) -> Result | None:
    """Compare what the paper says with what holds; None where either is not known."""
    if checked.printed is None or checked.current is None:
        return None
    return compare(checked.printed.sections(), checked.current.sections())


def _paper(session: Session, typed: str) -> Paper | None:
    code = codes.decode(typed)
    if isinstance(code, codes.SheetCode):
        return Paper(code.unit_id, code.document_id, Printed(code.prefix))
    copy = queries.copy(session, code.code) if code else None
    if copy is None:
        return None
    return _paper_of(copy)


def _paper_of(copy: Copy) -> Paper:
    printed = Printed(copy.digest, copy.scheme, copy.day)
    return Paper(copy.unit_id, copy.document_id, printed, copy.place)


def _once(told: Story, paper: Paper) -> Once | None:
    return next((o for o in sheets.once_said(told) if paper.printed.says(o.answer)), None)


def _sheet_of(told: Story, paper: Paper) -> DaySheet | None:
    """Return the sheet that a paper shows, as it stands or was once known."""
    said = [answer for answer in sheets.answers(told) if paper.printed.says(answer)]
    if said:
        return sheets.on_day(told, said[0].first_day)
    once = _once(told, paper)
    return once.sheet if once else None


def _title(told: Story, on: date) -> str:
    found = sheets.on_day(told, on)
    return found.sheet.title if found else sheets.last_title(told)


def _cause(
    told: Story, judgement: Judgement, printed: DaySheet | None, current: DaySheet | None
) -> tuple[Cause | None, Change | None]:
    """Return what made the paper old, with the change where a decision did."""
    since = judgement.since
    if judgement.verdict is Verdict.WITHDRAWN:
        last_day = told.unit.last_day
        if last_day is not None and since is not None and since > last_day:
            return Cause.UNIT, None
        return Cause.DECISION, sheets.standing_change(told, since or date.max)
    if judgement.verdict is not Verdict.REPLACED:
        return None, current.change if current else None
    after = (sheets.on_day(told, since) if since else None) or current
    if printed is None or after is None or after.change.id != printed.change.id:
        return Cause.DECISION, after.change if after else None
    if (after.sheet.text, after.sheet.fees) != (printed.sheet.text, printed.sheet.fees):
        return Cause.FEES, _new_among(after.schedules, printed.schedules)
    if after.sheet.forms != printed.sheet.forms:
        return Cause.FORM, _new_among(after.blanks, printed.blanks)
    return Cause.HEADING, None


def _new_among(after: Sequence[Change], before: Sequence[Change]) -> Change | None:
    """Return the change that came; None where a day of a line's own did it."""
    known = {change.id for change in before}
    return next((change for change in after if change.id not in known), None)


def _signed_later(
    told: Story, cause: Cause | None, change: Change | None, since: date | None, day_of: DayOf
) -> date | None:
    if since is None:
        return None
    heading = sheets.office_heading(told, since) if cause is Cause.HEADING else None
    at = heading.stands_since if heading else change.signed_at if change else None
    return day_of(at) if at and day_of(at) > since else None
