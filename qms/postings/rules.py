"""What hangs where on a day, what must, and what is to be done about it.

A sheet is known here by anything that tells it from others; see
:class:`qms.notices.subjects.Subject`.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, Generic, TypeVar

from qms.errors import RefusedError
from qms.notices.rules import SheetKind

Sheet = TypeVar("Sheet", bound=Hashable)

SILENT: Final = timedelta(minutes=3)
"""The web board is asked every minute; after so long without an answer it counts as away."""


class Deed(StrEnum):
    """What was done with a copy at its place.

    ``TAKEN_DOWN`` makes room for the one that follows; after ``REMOVED`` none is wanted.
    """

    POSTED = "posted"
    TAKEN_DOWN = "taken_down"
    LOST = "lost"
    REMOVED = "removed"


class Step(StrEnum):
    """What is to be done next about one sheet at one place."""

    PRINT = "print"
    TAKE_DOWN = "take_down"
    POST = "post"
    DONE = "done"


@dataclass(frozen=True)
class Held(Generic[Sheet]):
    """A copy as a place knows it on a day.

    ``deed`` is the last thing done with it and ``day`` when; ``holds`` tells whether it says
    what is in force on the day asked.
    """

    code: str
    sheet: Sheet
    holds: bool
    deed: Deed | None = None
    day: date | None = None
    at: datetime | None = None

    @property
    def hangs(self) -> bool:
        """Tell whether it hangs."""
        return self.deed is Deed.POSTED


@dataclass(frozen=True)
class Task(Generic[Sheet]):
    """What has to be done, or was done today, about one sheet at one place."""

    sheet: Sheet
    old: tuple[Held[Sheet], ...]
    new: Held[Sheet] | None
    stands: bool
    lost: bool
    at: datetime | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return what is still to be done, in order; nothing where all is done."""
        wanted = self.stands and (self.new is None or not self.new.hangs)
        print_it = (Step.PRINT,) if wanted and self.new is None else ()
        take = (Step.TAKE_DOWN,) if any(each.hangs for each in self.old) else ()
        return (*print_it, *take, *((Step.POST,) if wanted and self.new else ()))

    @property
    def done(self) -> bool:
        """Tell whether nothing is left to do."""
        return not self.steps


def tasks(
    copies: Iterable[Held[Sheet]], standing: Collection[Sheet], today: date
) -> list[Task[Sheet]]:
    """Return what is to do at one place, and what was done there today.

    ``standing`` are the sheets that say something on the day. A sheet that was taken down or
    lost and has none in its stead stays open until one hangs or none is wanted.
    """
    by_sheet: dict[Sheet, list[Held[Sheet]]] = {}
    for each in copies:
        by_sheet.setdefault(each.sheet, []).append(each)
    found = (
        _task(sheet, held, today, stands=sheet in standing) for sheet, held in by_sheet.items()
    )
    return [each for each in found if each is not None]


def _task(
    sheet: Sheet, held: Sequence[Held[Sheet]], today: date, *, stands: bool
) -> Task[Sheet] | None:
    old = [each for each in held if each.hangs and not each.holds]
    good = [each for each in held if each.hangs and each.holds]
    printed = [each for each in held if each.deed is None and each.holds]
    deeds = sorted((each for each in held if each.day and each.at), key=_when)
    last = deeds[-1] if deeds else None
    gone = last is not None and last.deed in {Deed.TAKEN_DOWN, Deed.LOST}
    lately = [each for each in deeds if each.day == today]
    missed = stands and not good and (printed or gone)
    if not (old or missed or lately):
        return None
    wanted = stands and not (last is not None and last.deed is Deed.REMOVED and not printed)
    new = good[-1] if good else printed[-1] if printed else None
    lost = last is not None and last.deed is Deed.LOST
    before = [each for each in deeds if not each.hangs and each.day == today]
    # What was hung today and is old by now was no step of this task.
    steps = [each for each in lately if each not in old]
    at = steps[-1].at if steps else None
    return Task(sheet, (*old, *before), new, wanted, lost, at)


def _when(each: Held[Sheet]) -> tuple[date, datetime]:
    if each.day is None or each.at is None:
        raise ValueError("nothing was done with it")
    return each.day, each.at


def may_follow(last: Deed | None, deed: Deed) -> None:
    """Refuse a deed that cannot follow the last one.

    Raises:
        RefusedError: it cannot.

    """
    if deed is Deed.POSTED and last is Deed.POSTED:
        raise RefusedError("Tờ này đang treo rồi.")
    if deed is Deed.REMOVED and last in {Deed.TAKEN_DOWN, Deed.LOST}:
        return
    if deed is not Deed.POSTED and last is not Deed.POSTED:
        raise RefusedError("Tờ này không treo ở đâu, nên không có gì để gỡ.")


@dataclass(frozen=True)
class Wanted:
    """What a place is to show: sheets of a kind, of one field or (without one) of all."""

    kind: SheetKind
    topic: str = ""

    def covers(self, kind: SheetKind, topic: str) -> bool:
        """Tell whether a sheet is among them."""
        return kind is self.kind and self.topic in {"", topic}


@dataclass(frozen=True)
class Shown(Generic[Sheet]):
    """How what hangs compares with what must: sheets that are there, missing, too much.

    ``unmet`` is what is asked for and has no sheet: the office has not said it yet.
    """

    complete: tuple[Sheet, ...]
    missing: tuple[Sheet, ...]
    surplus: tuple[Sheet, ...]
    unmet: tuple[Wanted, ...] = ()


def next_deeds(last: Deed | None, *, holds: bool) -> list[Deed]:
    """Return what may be recorded next of a copy; one that no longer holds is not hung."""
    found = []
    for each in Deed:
        with suppress(RefusedError):
            may_follow(last, each)
            found.append(each)
    return [each for each in found if holds or each is not Deed.POSTED]


def compared(
    board: Mapping[Sheet, tuple[SheetKind, str]],
    wanted: Collection[Wanted],
    hanging: Collection[Sheet],
) -> Shown[Sheet]:
    """Compare what a place must show of a board (kind and field by sheet) with what hangs."""
    must = [
        sheet
        for sheet, (kind, topic) in board.items()
        if any(each.covers(kind, topic) for each in wanted)
    ]
    asked = set(must)
    return Shown(
        tuple(each for each in must if each in hanging),
        tuple(each for each in must if each not in hanging),
        tuple(each for each in hanging if each not in asked) if wanted else (),
        tuple(each for each in wanted if not any(each.covers(*of) for of in board.values())),
    )


def nowhere(
    board: Mapping[Sheet, tuple[SheetKind, str]], hanging: Collection[Sheet]
) -> list[Sheet]:
    """Return the sheets of a board that no place shows.

    A procedure counts as shown where its field's list hangs; a list need not hang.
    """
    listed = {board[each][1] for each in hanging if _is(board, each, SheetKind.LIST)}
    return [
        sheet
        for sheet, (kind, topic) in board.items()
        if sheet not in hanging
        and kind is not SheetKind.LIST
        and not (kind is SheetKind.PROCEDURE and topic in listed)
    ]


def _is(board: Mapping[Sheet, tuple[SheetKind, str]], sheet: Sheet, kind: SheetKind) -> bool:
    return sheet in board and board[sheet][0] is kind


@dataclass(frozen=True)
class Stretch:
    """From one instant to another."""

    first_at: datetime
    last_at: datetime

    @property
    def minutes(self) -> int:
        """How long it is, in whole minutes."""
        return int((self.last_at - self.first_at).total_seconds() // 60)


def outages(present: Sequence[Stretch], first: datetime, last: datetime) -> list[Stretch]:
    """Return when the web board did not answer between two instants.

    ``present`` are the stretches in which it did, in order. Before the first of them nobody
    measured, so nothing is said.
    """
    if not present:
        return []
    gaps = [Stretch(a.last_at, b.first_at) for a, b in pairwise(present)]
    if last - present[-1].last_at > SILENT:
        gaps.append(Stretch(present[-1].last_at, last))
    within = [Stretch(max(each.first_at, first), min(each.last_at, last)) for each in gaps]
    return [each for each in within if each.first_at < each.last_at]
