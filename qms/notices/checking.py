"""Whether a paper still says what is in force: the answer behind ``/k/``."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from qms.documents.comparison import Result, compare
from qms.documents.models import Change
from qms.notices import codes, proving, queries, subjects
from qms.notices.course import AnySheet, Course, Once
from qms.notices.models import Copy
from qms.notices.rules import Cause, Judgement, Printed, SheetKind, Subject, Verdict, judge

DayOf = Callable[[datetime], date]
"""From an instant to the civil day at the office."""


@dataclass(frozen=True)
class Paper:
    """What a code says of the paper that bears it; a print for everybody has no place.

    ``subjects`` are what it may be about: a short mark may fit several.
    """

    subjects: Sequence[Subject]
    printed: Printed
    place: str = ""


@dataclass(frozen=True)
class Checked:
    """The verdict on a paper, what it was, and what holds instead.

    ``printed`` is the sheet the paper shows, where it was ever known; ``current`` what holds
    today, or will; ``cause`` what made it old, by ``change`` where by a decision, signed or
    confirmed on ``signed_on`` where that is later than the day it works from. Of a paper that
    holds, ``latest`` is what last changed beside its text, as of the day it holds from.
    """

    judgement: Judgement
    course: Course | None = None
    place: str = ""
    printed: AnySheet | None = None
    current: AnySheet | None = None
    cause: Cause | None = None
    change: Change | None = None
    signed_on: date | None = None
    latest: tuple[Cause, Change | None] | None = None

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
    code: str = ""


UNKNOWN = Checked(Judgement(Verdict.UNKNOWN))


def check(session: Session, typed: str, today: date, day_of: DayOf) -> Checked:
    """Answer a typed or scanned code."""
    paper = _paper(session, typed)
    if paper is None:
        return UNKNOWN
    for course in subjects.courses(session, paper.subjects).values():
        judgement = judged(course, paper, today, day_of)
        if judgement.verdict is Verdict.IN_FORCE:
            proving.prove(session, course.documents)
        if judgement.verdict is not Verdict.UNKNOWN:
            return _checked(course, paper, judgement, today, day_of)
    return UNKNOWN


def judged(course: Course, paper: Paper, today: date, day_of: DayOf) -> Judgement:
    """Compare a paper with what its sheet says, and with what it said before corrections."""
    answers = course.answers()
    judgement = judge(paper.printed, answers, today)
    if any(paper.printed.says(answer) for answer in answers):
        return judgement
    once = _once(course, paper)
    if once is None:
        return judgement if paper.place else Judgement(Verdict.UNKNOWN)
    since = max(once.answer.first_day, day_of(once.until))
    if judgement.verdict is Verdict.WITHDRAWN:
        since = max(since, judgement.since or since)
    return Judgement(judgement.verdict, since)


def judged_copies(
    session: Session, copies: Sequence[Copy], today: date, day_of: DayOf
) -> list[JudgedCopy]:
    """Judge copies of sheets of every kind: a fixed number of queries."""
    known = subjects.courses(session, {subject_of(copy) for copy in copies})
    found = []
    for copy in copies:
        course = known[subject_of(copy)]
        judgement = judged(course, _paper_of(copy), today, day_of)
        sheet = course.on_day(copy.day)
        title = sheet.title if sheet else course.name
        found.append(JudgedCopy(copy, judgement, title, course.code_words))
    return found


def outdated(session: Session, copies: Collection[Copy], on: date) -> list[Copy]:
    """Return the copies whose sheet says something else on a day, or nothing at all.

    Each sheet is made for that day alone, once for all its copies: a fixed number of queries.
    """
    known = subjects.courses(session, {subject_of(copy) for copy in copies})
    sheets = {subject: course.on_day(on) for subject, course in known.items()}
    return [
        copy
        for copy in copies
        for sheet in [sheets.get(subject_of(copy))]
        if sheet is None or sheet.digests.get(copy.scheme) != copy.digest
    ]


def subject_of(copy: Copy) -> Subject:
    """Return what a copy is a print of."""
    return Subject(copy.unit_id, copy.kind, copy.document_id, copy.topic)


def differences(checked: Checked) -> Result | None:
    """Compare what the paper says with what holds; None where either is not known."""
    if checked.printed is None or checked.current is None:
        return None
    return compare(checked.printed.sections(), checked.current.sections())


def _checked(
    course: Course, paper: Paper, judgement: Judgement, today: date, day_of: DayOf
) -> Checked:
    printed = _sheet_of(course, paper)
    coming = judgement.verdict is Verdict.NOT_YET
    asked = judgement.since if coming else max(today, paper.printed.day or today)
    current = course.on_day(asked or today) or course.on_day(today)
    cause, change = _cause(course, judgement, printed, current)
    return Checked(
        judgement=judgement,
        course=course,
        place=paper.place,
        printed=printed,
        current=current,
        cause=cause,
        change=change,
        signed_on=_signed_later(course, cause, change, judgement.since, day_of),
        latest=None if cause else _latest(course, change, judgement.since),
    )


def _latest(
    course: Course, brought: Change | None, since: date | None
) -> tuple[Cause, Change | None] | None:
    """Return what changed on a day, where the text itself was brought before it."""
    if brought is None or brought.effective_on is None or since is None:
        return None
    before, sheet = course.on_day(since - timedelta(days=1)), course.on_day(since)
    if before is None or sheet is None or brought.effective_on >= since:
        return None
    return sheet.made_by(before)


def _paper(session: Session, typed: str) -> Paper | None:
    code = codes.decode(typed)
    if isinstance(code, codes.SheetCode):
        document = queries.document(session, code.document_id)
        if document is None or document.kind not in subjects.OF_DOCUMENTS:
            return None
        subject = Subject(code.unit_id, SheetKind(document.kind), document.id)
        return Paper([subject], Printed(code.prefix))
    if isinstance(code, codes.MarkedCode):
        if queries.unit_number(session, code.unit_id) is None:
            return None
        found = subjects.with_mark(session, code.unit_id, code.mark)
        return Paper(found, Printed(code.prefix))
    copy = queries.copy(session, code.code) if code else None
    if copy is None:
        return None
    proving.prove_copy(session, copy)
    return _paper_of(copy)


def _paper_of(copy: Copy) -> Paper:
    printed = Printed(copy.digest, copy.scheme, copy.day)
    return Paper([subject_of(copy)], printed, copy.place)


def _once(course: Course, paper: Paper) -> Once | None:
    return next((o for o in course.once_said() if paper.printed.says(o.answer)), None)


def _sheet_of(course: Course, paper: Paper) -> AnySheet | None:
    """Return the sheet that a paper shows, as it stands or was once known."""
    said = [answer for answer in course.answers() if paper.printed.says(answer)]
    if said:
        return course.on_day(said[0].first_day)
    once = _once(course, paper)
    return once.sheet if once else None


def _cause(
    course: Course, judgement: Judgement, printed: AnySheet | None, current: AnySheet | None
) -> tuple[Cause | None, Change | None]:
    """Return what made the paper old, with the change where a decision did."""
    since = judgement.since
    if judgement.verdict is Verdict.WITHDRAWN:
        last_day = course.unit.last_day
        if last_day is not None and since is not None and since > last_day:
            return Cause.UNIT, None
        return course.gone_by(since or date.max)
    if judgement.verdict is not Verdict.REPLACED:
        return None, current.change if current else None
    after = (course.on_day(since) if since else None) or current
    if printed is None or after is None:
        return Cause.DECISION, after.change if after else None
    return after.made_by(printed)


def _signed_later(
    course: Course,
    cause: Cause | None,
    change: Change | None,
    since: date | None,
    day_of: DayOf,
) -> date | None:
    if since is None:
        return None
    heading = course.heading(since) if cause is Cause.HEADING else None
    at = heading.stands_since if heading else change.signed_at if change else None
    return day_of(at) if at and day_of(at) > since else None
