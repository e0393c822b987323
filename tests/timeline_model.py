"""A second account of what a timeline is, written from the design and not from the program.

It walks the calendar day by day and knows no sorting and no index, so that it cannot make the
same mistake. Days are whole numbers; day 0 is as good as any.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TEXTS = ("issue", "amend")
EARLY = -60
"""No change of the model lies before this day."""


@dataclass(frozen=True)
class Fact:
    """One line; ``at`` counts signatures and is 0 while the line is only proposed."""

    id: int
    action: str
    day: int | None
    text: str | None = None
    replaces: int | None = None
    reason: str = ""
    at: int = 0


@dataclass(frozen=True)
class Paper:
    """What the signer says beside the lines."""

    today: int
    reason: str = ""


def calendar(signed: Iterable[Fact], known_at: int | None = None) -> dict[int, Fact]:
    """Return the change of each day: signed by then, not replaced by then, and no cancel."""
    known = [fact for fact in signed if known_at is None or fact.at <= known_at]
    gone = {fact.replaces for fact in known}
    return {fact.day: fact for fact in known if fact.day is not None and fact.id not in gone}


def text_on(signed: Iterable[Fact], day: int, known_at: int | None = None) -> str | None:
    """Return the text in force on a day, walking back until a change is found."""
    days = calendar(signed, known_at)
    at = day
    while at >= EARLY:
        if at in days:
            return days[at].text if days[at].action in TEXTS else None
        at -= 1
    return None


def fits(signed: Sequence[Fact]) -> bool:
    """Tell whether each issue finds nothing the day before, each other change something."""
    return all(
        (fact.action == "issue") == (text_on(signed, day - 1) is None)
        for day, fact in calendar(signed).items()
    )


def may_be_signed(signed: Sequence[Fact], lines: Sequence[Fact], paper: Paper) -> bool:
    """Tell whether lines of one document may be signed together."""
    days = [line.day for line in lines if line.day is not None]
    targets = [line.replaces for line in lines if line.replaces is not None]
    standing = calendar(signed)
    before_them = {day: fact for day, fact in standing.items() if fact.id not in targets}
    return (
        len(set(days)) == len(days)
        and len(set(targets)) == len(targets)
        and all(_replaces_well(line, standing, paper) for line in lines)
        and not set(days) & set(before_them)
        and not any(day > paper.today and any(own < day for own in days) for day in before_them)
        and all(_is_explained(line, standing, paper) for line in lines)
        and fits([*signed, *lines])
    )


def _replaces_well(line: Fact, standing: dict[int, Fact], paper: Paper) -> bool:
    """Judge a correction, a move or a cancellation; a line that replaces nothing is well."""
    if line.replaces is None:
        return line.action != "cancel"
    old = next((fact for fact in standing.values() if fact.id == line.replaces), None)
    if old is None or old.day is None:
        return False
    if line.action == "cancel":
        return old.day > paper.today
    if (line.action == "withdraw") != (old.action == "withdraw"):
        return False
    if line.day == old.day:
        return line.reason != ""
    return old.day > paper.today and line.day is not None and line.day >= paper.today


def _is_explained(line: Fact, standing: dict[int, Fact], paper: Paper) -> bool:
    """Tell whether a line behind what stands today gives a reason, or its decision does."""
    if line.day is None or line.reason or paper.reason:
        return True
    return not any(line.day < day <= paper.today for day in standing)
