"""Sheets that hang or must hang are made ready as paper as soon as something changes them."""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms import jobs
from qms.documents.standing import changes_between, cover
from qms.errors import N_
from qms.notices import checking, prints, subjects
from qms.notices.models import Place
from qms.notices.printing import Paper
from qms.notices.subjects import Subject
from qms.postings import queries
from qms.postings.walking import Hand
from qms.trail import Act
from qms.units.queries import unit_by_id

KIND: Final = "postings.render"
AHEAD: Final = 20
"""Coming changes of a board whose sheets are made ready."""


def sheets_of_places(session: Session, act: Act) -> None:
    """Let a job make the sheets of all places; where no place is, there is nothing to do."""
    if session.scalar(sa.select(Place.id).limit(1)) is not None:
        jobs.enqueue(session, act, KIND, {})


def render(session: Session, progress: jobs.Progress, hand: Hand) -> int:
    """Make what hangs or must hang somewhere, as of today and coming days; kept ones stay."""
    today = hand.today
    placed = session.execute(
        sa.select(Place.id, Place.unit_id).where(
            sa.or_(Place.last_day.is_(None), Place.last_day >= today)
        )
    ).all()
    hung = queries.hanging(session, [row.id for row in placed], today)
    wanted = dict.fromkeys(checking.subject_of(each.copy) for each in hung)
    wanted |= dict.fromkeys(_missing(session, {row.unit_id for row in placed}, today))
    courses = subjects.courses(session, wanted)
    for number, course in enumerate(courses.values()):
        answers = course.answers()
        begun = [each.first_day for each in answers if each.first_day <= today][-1:]
        for day in [*begun, *(each.first_day for each in answers if each.first_day > today)]:
            progress.step(number, len(courses), N_("Đang in tờ %(n)s"), n=number + 1)
            sheet = course.on_day(max(day, today))
            if sheet is not None:
                of_sheet = prints.of_sheet(course, sheet, Paper.A4, hand.base)
                prints.kept_or_made(of_sheet, hand.render)
    progress.step(len(courses), len(courses))
    return len(courses)


def _missing(session: Session, unit_ids: Collection[int], today: date) -> Iterator[Subject]:
    """Return what places must show and do not, today and when their boards change next."""
    for unit_id in sorted(unit_ids):
        unit, seen = unit_by_id(session, unit_id), cover(session, unit_id, today)
        if seen is None:
            continue
        coming = changes_between(session, seen, after=today, until=None, limit=AHEAD)
        for day in sorted({today, *(row.first_day for row in coming)}):
            for _place, _asked, shown in queries.coverage(session, unit, day).spots:
                yield from shown.missing


AFTERWARDS: Final[tuple[Callable[[Session, Act], None], ...]] = (sheets_of_places,)
"""What this feature lets begin once something public was done."""
