"""Which text has to be read, by when, and who may say so. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from qms.errors import N_, InvalidError, NotAllowedError, RefusedError
from qms.vietnamese import day as day_words

KIND_WORDS: Final[Mapping[str, str]] = {
    "text": N_("Tài liệu của hệ thống (chính sách, quy chế, hướng dẫn…)"),
    "process": N_("Quy trình nội bộ"),
    "procedure": N_("Thủ tục hành chính"),
}
"""Kinds whose texts an office may ask its people to read; forms and fees are looked up."""

USUAL_KINDS: Final = ("text", "process")
"""What is offered first: a national catalogue changes more procedures than anybody reads."""
USUAL_DAYS: Final = 7
"""Working days to read a text where nobody says otherwise."""
MOST_DAYS: Final = 60


@dataclass(frozen=True)
class Rule:
    """What an office asks its people to read from a day on, and in how many working days."""

    first_day: date
    kinds: frozenset[str]
    days: int


@dataclass(frozen=True)
class Step:
    """A signed change of a document: ``revision_id`` is None where it ends the text.

    ``known_on`` is the day since which people can know of it; ``living`` tells that no other
    change took its place. One that is not ``material`` need not be read again.
    """

    id: int
    day: date
    known_on: date
    revision_id: int | None
    replaces_id: int | None = None
    material: bool = True
    living: bool = True


@dataclass(frozen=True)
class Stands:
    """The text in force, and the change since which there is something to read.

    Having read any of ``texts`` is as good as having read the one in force.
    """

    step: Step
    since: Step
    texts: frozenset[int]


def stands(steps: Collection[Step], on: date) -> Stands | None:
    """Return which text of a document holds on a day and since when it has to be read."""
    timeline = sorted((s for s in steps if s.living and s.day <= on), key=lambda s: s.day)
    if not timeline or timeline[-1].revision_id is None:
        return None
    by_id = {each.id: each for each in steps}
    step = since = timeline[-1]
    texts = {step.revision_id}
    while not since.material:
        before = _before(since, timeline, by_id)
        if before is None or before.revision_id is None:
            break
        since = before
        texts.add(since.revision_id)
    return Stands(step, since, frozenset(each for each in texts if each is not None))


def _before(step: Step, timeline: Sequence[Step], by_id: Mapping[int, Step]) -> Step | None:
    """Return what a change corrects, else what stood the day before it."""
    if step.replaces_id is not None:
        return by_id.get(step.replaces_id)
    return next((each for each in reversed(timeline) if each.day < step.day), None)


def rule_on(rules: Sequence[Rule], on: date) -> Rule | None:
    """Return the rule that holds on a day; they are given in the order of their days."""
    return next((each for each in reversed(rules) if each.first_day <= on), None)


def check_rule(kinds: Collection[str], days: int) -> None:
    """Refuse kinds that are not read by everybody, and a time that is none."""
    if not set(kinds) <= set(KIND_WORDS):
        raise InvalidError("Loại tài liệu này không đưa vào yêu cầu đọc được.")
    if not 1 <= days <= MOST_DAYS:
        raise InvalidError("Thời hạn đọc từ 1 đến %(most)s ngày làm việc.", most=MOST_DAYS)


def check_confirmable(first_day: date | None, today: date, *, holds: bool, asked: bool) -> None:
    """Refuse to take a text as read that is not in force, or that is not asked of the person.

    ``first_day`` is the next day from which the text is to hold, if there is one.
    """
    if not holds and first_day is not None and first_day > today:
        raise RefusedError(
            "Bản này chưa có hiệu lực; từ ngày %(day)s mới xác nhận được.",
            day=day_words(first_day),
        )
    if not holds:
        raise RefusedError("Bản này không còn hiệu lực. Hãy đọc và xác nhận bản hiện hành.")
    if not asked:
        raise NotAllowedError("Ông, bà không thuộc những người được yêu cầu đọc bản này.")
