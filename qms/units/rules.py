"""What a unit is, how long it lasts, and how far a post in it reaches."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from qms.errors import InvalidError, RefusedError


class Level(StrEnum):
    """Where in the state's order a unit stands.

    Source: Luật Tổ chức chính quyền địa phương 72/2025/QH15; districts until 30/06/2025.
    """

    MINISTRY = "bo"
    PROVINCE = "tinh"
    DISTRICT = "huyen"
    COMMUNE = "xa"
    INNER = "phong"


LEVEL_WORDS: Final[Mapping[Level, str]] = {
    Level.MINISTRY: "cấp bộ",
    Level.PROVINCE: "cấp tỉnh",
    Level.DISTRICT: "cấp huyện",
    Level.COMMUNE: "cấp xã",
    Level.INNER: "phòng, ban, trung tâm",
}


_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RESERVED: Final = frozenset({"new"})


@dataclass(frozen=True)
class Place:
    """A unit as the rules see it."""

    id: int
    parent_id: int | None
    office: bool
    first_day: date
    last_day: date | None


class Dated(Protocol):
    """Anything with a first and perhaps a last day."""

    @property
    def first_day(self) -> date:
        """The first day it holds."""

    @property
    def last_day(self) -> date | None:
        """The last day it holds; None while nobody knows an end."""


def holds(thing: Dated, on: date) -> bool:
    """Tell whether ``on`` is one of its days, both ends included."""
    return thing.first_day <= on and (thing.last_day is None or on <= thing.last_day)


def chain(places: Mapping[int, Place], unit_id: int) -> list[int]:
    """Return the unit and those above it, nearest first."""
    found: list[int] = []
    at: int | None = unit_id
    while at is not None and at not in found:
        found.append(at)
        at = places[at].parent_id
    return found


def office_of(places: Mapping[int, Place], unit_id: int) -> int:
    """Return the nearest office: the unit itself, or the first above it with its own seal."""
    above = chain(places, unit_id)
    return next((each for each in above if places[each].office), above[-1])


def reaches(places: Mapping[int, Place], post_unit: int, unit_id: int) -> bool:
    """Tell whether a post in ``post_unit`` reaches ``unit_id``.

    It reaches the units below, down to but not into the next unit marked office.
    """
    for each in chain(places, unit_id):
        if each == post_unit:
            return True
        if places[each].office:
            return False
    return False


def check_days(first_day: date, last_day: date | None) -> None:
    """Refuse an end before the beginning."""
    if last_day is not None and last_day < first_day:
        raise RefusedError("Ngày cuối cùng không thể trước ngày đầu tiên.")


def check_slug(slug: str) -> None:
    """Refuse an address word that is not one in plain letters, or that pages need themselves."""
    if not _SLUG.fullmatch(slug) or slug in _RESERVED:
        raise InvalidError(
            "“%(slug)s” không dùng làm địa chỉ được: chỉ chữ thường không dấu, số và dấu gạch.",
            slug=slug,
        )


class HeadingRow(Protocol):
    """A heading as the rules see it."""

    @property
    def id(self) -> int:
        """Its number, rising with time of entry."""

    @property
    def from_day(self) -> date:
        """The first day it stands on paper."""

    @property
    def confirmed(self) -> bool:
        """Whether a second person confirmed it."""


H = TypeVar("H", bound=HeadingRow)


def heading_on(headings: Iterable[H], on: date) -> H | None:
    """Return the confirmed heading of the latest day not after ``on``; of one day, the last."""
    known = [row for row in headings if row.confirmed and row.from_day <= on]
    return max(known, key=lambda row: (row.from_day, row.id), default=None)


def line_of(places: Sequence[Place]) -> dict[int, Place]:
    """Return places by number."""
    return {place.id: place for place in places}


def tree(places: Mapping[int, Place], key: Callable[[int], str]) -> list[tuple[int, int]]:
    """Return all units from the top with how deep each stands; ``key`` orders sisters."""
    below: dict[int | None, list[int]] = {}
    for place in places.values():
        parent = place.parent_id if place.parent_id in places else None
        below.setdefault(parent, []).append(place.id)
    found: list[tuple[int, int]] = []
    waiting = [(0, each) for each in sorted(below.get(None, ()), key=key, reverse=True)]
    while waiting:
        depth, each = waiting.pop()
        found.append((depth, each))
        next_ones = sorted(below.get(each, ()), key=key, reverse=True)
        waiting.extend((depth + 1, one) for one in next_ones)
    return found
