"""What waits for somebody: the one shape in which every feature tells it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Protocol

from sqlalchemy.orm import Session


class Bearer(Protocol):
    """Whoever is asked about, as far as duties need to know."""

    @property
    def id(self) -> int:
        """The person's number."""

    @property
    def reach(self) -> Mapping[Any, frozenset[int]]:
        """The units in which each permission is held today."""

    @property
    def since(self) -> Mapping[int, date]:
        """The units of the posts held today, with the first day there."""


@dataclass(frozen=True)
class Duty:
    """One thing that waits. ``kind`` is a sentence for gettext, ``title`` a name from the data.

    A sentence may say itself how many there are, as ``%(count)s``.
    ``link`` is an address of this site; ``state`` a state the look knows; ``count`` how many
    single things it holds; ``words`` what somebody said about it; ``due`` the last day to do it.
    """

    kind: str
    title: str
    link: str
    state: str = "draft"
    count: int = 1
    words: str = ""
    since: datetime | None = None
    due: date | None = None


Ask = Callable[[Session, Bearer, date], Sequence[Duty]]
"""A feature's question: what waits for this person on this day?"""


_PRESSING: Final = ("late", "today")
_AWAITED: Final = ("returned", "in_review", "review")
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def in_order(duties: Iterable[Duty]) -> list[Duty]:
    """Return what is late, what is for today, what others wait for, and the rest.

    The oldest stands first in each: by the last day of what presses, else by how long it waits.
    """
    return sorted(duties, key=_rank)


def _rank(duty: Duty) -> tuple[int, date, datetime, str]:
    since = duty.since or _NEVER
    if duty.state in _PRESSING:
        return _PRESSING.index(duty.state), duty.due or since.date(), since, duty.title
    place = len(_PRESSING) + (duty.state not in _AWAITED)
    return place, date.max, since, duty.title
