"""What the law makes due and by when, which legal text is which, and what a number means."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from qms.documents.kinds.base import Content
from qms.documents.kinds.legal import LegalText
from qms.documents.kinds.parts import LegalReference
from qms.documents.rules import Scope, months_later, number_key
from qms.text import slug
from qms.units.rules import Level
from qms.vietnamese import day as day_words

MONTHS_TO_UPDATE: Final = 3
"""Source: Quyết định 19/2014/QĐ-TTg, Điều 4 khoản 4 điểm a."""
MONTHS_TO_CHECK: Final = 12
"""Months after which the register of external documents is looked through again."""
LONGEST_CODE: Final = 100


class Event(StrEnum):
    """What happened to a legal text."""

    BEGINS = "begins"
    ENDS = "ends"
    AMENDED = "amended"


class Verdict(StrEnum):
    """What a yearly check found."""

    CURRENT = "current"
    CHANGED = "changed"


@dataclass(frozen=True)
class Record:
    """The record of a legal text as it stands on a day.

    ``amended``: the days from which material changes of the record hold.
    """

    document_id: int
    owner_id: int
    code: str
    title: str
    content: LegalText
    scope: Scope = Scope.OWNER
    scope_level: Level | None = None
    units: frozenset[int] = frozenset()
    amended: tuple[date, ...] = ()

    @property
    def name(self) -> str:
        """What people call it: its number, else the code of its record."""
        return self.content.number or self.code


@dataclass(frozen=True, order=True)
class Cause:
    """What makes documents that cite ``code`` due: something happened to a law on a day."""

    code: str
    law_id: int
    day: date


def update_due(day: date) -> date:
    """Return the last day to bring documents up to what happened on a day."""
    return months_later(day, MONTHS_TO_UPDATE)


def check_due(last: date) -> date:
    """Return by when a record is looked at again."""
    return months_later(last, MONTHS_TO_CHECK)


def events(record: Record, on: date) -> dict[date, tuple[Event, ...]]:
    """Return what has happened to a legal text up to a day, by the day it happened."""
    content = record.content
    found: dict[date, tuple[Event, ...]] = {}
    ended = content.last_day + timedelta(days=1) if content.last_day else None
    for day, event in (
        (content.in_force_from, Event.BEGINS),
        (ended, Event.ENDS),
        *((day, Event.AMENDED) for day in record.amended),
    ):
        if day is not None and day <= on and event not in found.get(day, ()):
            found[day] = (*found.get(day, ()), event)
    return found


def causes(known: Mapping[str, Record], on: date) -> list[Cause]:
    """Return what makes documents due, by the code they cite.

    A law concerns those who cite it, and those who cite a law that it amends or replaces.
    """
    replaces: dict[str, set[str]] = {}
    for old in known.values():
        for each in old.content.replaced_by:
            replaces.setdefault(each.document, set()).add(old.code)
    found = set[Cause]()
    for law in known.values():
        touched = {law.code, *replaces.get(law.code, ())}
        touched |= {each.document for each in law.content.amends if each.document in known}
        found |= {
            Cause(code, law.document_id, day) for day in events(law, on) for code in touched
        }
    return sorted(found)


def code_for(content: LegalText, taken: Collection[str]) -> str:
    """Return the code of a new record: the number where it is free, else all three."""
    used = {slug(code) for code in taken}
    if slug(content.number) not in used:
        return content.number[:LONGEST_CODE]
    dated = f" {day_words(content.dated)}" if content.dated else ""
    room = LONGEST_CODE - len(content.number) - len(dated) - 1
    return f"{content.number} {content.issuer[:room].strip()}{dated}"[:LONGEST_CODE]


def references(content: Content) -> dict[str, tuple[LegalReference, ...]]:
    """Return the legal texts that a content of any kind names, by the part they stand in."""
    parts = ((name, getattr(content, name)) for name in type(content).model_fields)
    return {
        name: part
        for name, part in parts
        if isinstance(part, tuple) and part and isinstance(part[0], LegalReference)
    }


@dataclass(frozen=True)
class Offer:
    """A reference without a record, and the records that bear its number."""

    part: str
    place: int
    reference: LegalReference
    records: tuple[Record, ...]

    @property
    def path(self) -> str:
        """Where the reference stands in its text."""
        return f"{self.part}-{self.place}"

    @property
    def clear(self) -> Record | None:
        """The record that is meant, where only one can be."""
        return self.records[0] if len(self.records) == 1 else None


def offers(content: Content, by_number: Mapping[str, Sequence[Record]]) -> list[Offer]:
    """Return which records the unlinked references of a text may mean, by their numbers."""
    return [
        Offer(part, place, each, tuple(found))
        for part, named in references(content).items()
        for place, each in enumerate(named)
        if not each.document
        and (found := by_number.get(number_key(each.number) if each.number else "", ()))
    ]


def numbered(known: Iterable[Record]) -> dict[str, list[Record]]:
    """Return records by their number, however it is written."""
    found: dict[str, list[Record]] = {}
    for each in known:
        if each.content.number:
            found.setdefault(number_key(each.content.number), []).append(each)
    return found


def linked(content: Content, chosen: Mapping[str, str]) -> Content:
    """Return a text whose references at the places chosen name these records."""
    changed = {
        part: tuple(
            each.model_copy(update={"document": chosen[f"{part}-{place}"]})
            if f"{part}-{place}" in chosen
            else each
            for place, each in enumerate(named)
        )
        for part, named in references(content).items()
    }
    return content.model_copy(update=changed)
