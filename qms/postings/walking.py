"""The walk made ready: why each sheet is due, what comes next, and the new sheets in one file."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pikepdf

from qms import files
from qms.db import db, transaction
from qms.digests import digest
from qms.documents.comparison import compare
from qms.errors import N_, RefusedError
from qms.jobs import Progress
from qms.notices import checking, prints, service, subjects
from qms.notices import queries as notices
from qms.notices.printing import Paper
from qms.notices.subjects import AnySheet, Course, Subject
from qms.postings import queries
from qms.postings.queries import Walk
from qms.postings.rules import Step
from qms.units.queries import unit as unit_named

AT_ONCE: Final = 10
"""Copies entered in one transaction."""

_NAME: Final = 32
"""Digits by which a file of prints is known."""


@dataclass(frozen=True)
class Hand:
    """What printing needs from outside: the day, addresses, paper, chance, civil days."""

    today: date
    base: str
    render: prints.Render
    random: Callable[[], bytes]
    day_of: checking.DayOf


@dataclass(frozen=True)
class Reason:
    """Why a sheet is due: the first day it no longer said, and the parts that differ.

    ``gone`` says that nothing of it holds any more.
    """

    since: date | None
    parts: tuple[str, ...]
    gone: bool = False


def reasons(walk: Walk) -> dict[Subject, Reason]:
    """Return by sheet why its old copies are due, as far as it is known."""
    found: dict[Subject, Reason] = {}
    for spot in walk.spots:
        for task in spot.tasks:
            if task.old and task.sheet not in found:
                found[task.sheet] = _reason(walk.courses[task.sheet], walk.day)
    return found


def ahead(walk: Walk, today: date) -> tuple[date, int] | None:
    """Return the next day on which sheets that hang become due, and how many.

    Only what is signed today is known today.
    """
    days: dict[date, int] = {}
    for sheet, scheme in walk.hung:
        day = _next(walk.courses[sheet], scheme, today)
        if day is not None:
            days[day] = days.get(day, 0) + 1
    first = min(days, default=None)
    return (first, days[first]) if first else None


def print_walk(
    progress: Progress, slug: str, on: date, hand: Hand, *, again: bool = False
) -> str:
    """Make the copies that a walk wants and join them, or ``again`` all that wait to be hung.

    Returns the name of the file. Begun again it makes only what is wanting.
    """
    session = db.session()
    unit = unit_named(session, slug)
    walk = queries.walk(session, unit, on, hand.today)
    known = set() if again else set(walk.to_post)
    _make(progress, [(place.id, sheet) for place, sheet in walk.to_print], on, hand)
    session.expire_all()
    walk = queries.walk(session, unit_named(session, slug), on, hand.today)
    return _joined(progress, slug, [code for code in walk.to_post if code not in known], hand)


def print_missing(progress: Progress, place_id: int, on: date, hand: Hand) -> tuple[str, str]:
    """Make copies of what a place must show and does not; return its unit and their name.

    What is printed for it already and waits to be hung is not printed twice.
    """
    session = db.session()
    place = queries.place_by_id(session, place_id)
    unit, slug = place.unit, place.unit.slug
    cover = queries.coverage(session, unit, on)
    missing = next(shown.missing for each, _, shown in cover.spots if each.id == place_id)
    walk = queries.walk(session, unit, on, hand.today)
    waiting = {
        task.sheet
        for spot in walk.spots
        for task in spot.tasks
        if spot.place.id == place_id and task.new
    }
    wanting = [(place_id, sheet) for sheet in missing if sheet not in waiting]
    _make(progress, wanting, on, hand)
    session.expire_all()
    walk = queries.walk(session, unit_named(session, slug), on, hand.today)
    here = [
        task.new.code
        for spot in walk.spots
        for task in spot.tasks
        if spot.place.id == place_id and Step.POST in task.steps and task.new
    ]
    return slug, _joined(progress, slug, here, hand)


def kept_as(unit: str, name: str) -> str:
    """Return the name under which joined prints are kept."""
    return f"walk/{unit}/{name}.pdf"


def _make(
    progress: Progress,
    wanting: Sequence[tuple[int, Subject]],
    on: date,
    hand: Hand,
) -> None:
    """Enter copies for places, a few in one transaction, so that nobody waits long."""
    for first in range(0, len(wanting), AT_ONCE):
        some = wanting[first : first + AT_ONCE]
        progress.step(first, len(wanting), N_("Đang lập bản in %(n)s"), n=first + 1)
        with transaction() as session:
            act = progress.act()
            courses = subjects.courses(session, {sheet for _, sheet in some})
            for place_id, sheet in some:
                place = queries.place_by_id(session, place_id)
                service.make_copy(
                    session, act, courses[sheet], place=place, on=on, random=hand.random()
                )


def _joined(progress: Progress, slug: str, codes: Sequence[str], hand: Hand) -> str:
    """Print copies one after the other into one file and return its name."""
    if not codes:
        raise RefusedError("Không có tờ nào phải in.")
    session = db.session()
    copies = queries.copies_by_code(session, codes)
    courses = subjects.courses(session, {checking.subject_of(each) for each in copies})
    joined = pikepdf.Pdf.new()
    for number, copy in enumerate(copies):
        progress.step(number, len(codes), N_("Đang in tờ %(n)s"), n=number + 1)
        data = prints.copy(
            courses[checking.subject_of(copy)],
            copy,
            notices.copy_number(session, copy),
            Paper.A4,
            hand.base,
            hand.render,
            today=hand.today,
            day_of=hand.day_of,
        )
        with pikepdf.open(io.BytesIO(data)) as each:
            joined.pages.extend(each.pages)
    out = io.BytesIO()
    joined.save(out, deterministic_id=True)
    name = digest(out.getvalue())[:_NAME]
    files.keep(kept_as(slug, name), out.getvalue())
    progress.step(len(codes), len(codes))
    return name


def _reason(course: Course, on: date) -> Reason:
    now = course.on_day(on)
    answers = [each for each in course.answers() if each.first_day <= on]
    since = answers[-1].first_day if answers else None
    if now is None:
        return Reason(since, (), gone=True)
    before = [each for each in answers[:-1] if each.digests]
    old = course.on_day(before[-1].first_day) if before else None
    return Reason(since, _parts(old, now) if old else ())


def _parts(old: AnySheet, new: AnySheet) -> tuple[str, ...]:
    result = compare(old.sections(), new.sections())
    return tuple(part.label for part in result if part.state != "equal")


def _next(course: Course, scheme: int, today: date) -> date | None:
    answers = course.answers()
    begun = [each for each in answers if each.first_day <= today]
    now: Mapping[int, str] = begun[-1].digests if begun else {}
    for each in answers:
        if each.first_day > today and each.digests.get(scheme) != now.get(scheme):
            return each.first_day
    return None
