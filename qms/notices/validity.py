"""How the sheet of a day stands to today: what is stamped on its paper, and what comes next."""

from dataclasses import dataclass
from datetime import date, timedelta

from qms.documents.timeline import Action
from qms.notices import sheets
from qms.notices.course import AnySheet, Course
from qms.notices.rules import Answer
from qms.notices.sheets import DaySheet
from qms.notices.stories import Story
from qms.vietnamese import day


@dataclass(frozen=True)
class Coming:
    """The first day on which a procedure is another, or no more."""

    day: date
    withdrawn: bool


def remark(course: Course, found: AnySheet, on: date, today: date) -> str:
    """Return what is stamped on the paper of a day; empty where it says what holds today.

    Like all on paper it is in Vietnamese; it is no part of what the sheet tells. Ask about a
    copy for a coming day as on that day: it hangs from then on.
    """
    answers = course.answers()
    asked, now = _at(answers, on), _at(answers, today)
    if now is not None and answers[now].digests == found.digests:
        return ""
    if asked is not None and on > today:
        return f"Chưa có hiệu lực. Áp dụng từ {day(answers[asked].first_day)}."
    after = answers[asked + 1] if asked is not None and asked + 1 < len(answers) else None
    last = f" đến hết {day(after.first_day - timedelta(days=1))}" if after else ""
    begun = found.first_day or (answers[asked].first_day if asked is not None else on)
    return f"Có hiệu lực từ {day(begun)}{last}. Bản này không còn áp dụng."


def coming(told: Story, found: DaySheet, today: date) -> Coming | None:
    """Return when what holds today changes next; a new heading alone is no change of it."""
    for answer in sheets.answers(told):
        if answer.first_day <= today:
            continue
        then = sheets.on_day(told, answer.first_day)
        if then is None:
            if told.unit.last_day is not None and answer.first_day > told.unit.last_day:
                return None
            change = sheets.standing_change(told, answer.first_day)
            gone = change is not None and change.action is Action.WITHDRAW
            return Coming(answer.first_day, withdrawn=gone)
        if then.change.id != found.change.id or then.sheet.told != found.sheet.told:
            return Coming(answer.first_day, withdrawn=False)
    return None


def state(course: Course, found: AnySheet | None, on: date, today: date) -> str:
    """Return how the sheet of a day stands to today: now, past, future, or none."""
    if found is None:
        return "none"
    now = course.on_day(today)
    if now is not None and now.digests == found.digests:
        return "now"
    return "future" if on > today else "past"


def begun(course: Course, on: date) -> date | None:
    """Return the first day of what a sheet says on a day; None before it says anything."""
    at = _at(course.answers(), on)
    return course.answers()[at].first_day if at is not None else None


def begins(told: Story, on: date) -> date | None:
    """Return the first day of what is told on a day; None before anything is."""
    answers = sheets.answers(told)
    at = _at(answers, on)
    return answers[at].first_day if at is not None else None


def _at(answers: list[Answer], on: date) -> int | None:
    begun = [i for i, answer in enumerate(answers) if answer.first_day <= on]
    return begun[-1] if begun else None
