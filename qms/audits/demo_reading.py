"""What was audited and found in the demonstration, read from the tables beside this module."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from qms.actions.demo import Course, Found
from qms.actions.rules import Grade, Source

TABLES: Final = ("demo_district.toml", "demo_commune.toml")
"""The offices in the order of their days."""
_FRIDAY: Final = 4
_COURSE: Final = frozenset(each.name for each in fields(Course))


@dataclass(frozen=True)
class Programme:
    """The decision on the audits of a year, and the units that it leaves out, with reasons."""

    number: str
    on: date
    purpose: str
    left_out: Mapping[str, str]


@dataclass(frozen=True)
class Certificate:
    """What qualifies somebody as an auditor, from a day on."""

    account: str
    issuer: str
    number: str
    on: date


@dataclass(frozen=True)
class Seen:
    """What was seen at a clause; ``samples``: days before the audit received, due, returned."""

    clause: str
    note: str
    found: Found | None
    samples: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Audited:
    """An audit: of which unit, when, by whom, on what, and what was seen."""

    unit: str
    on: date
    days: int
    lead: str
    team: Mapping[str, str]
    title: str
    scope: str
    seen: tuple[Seen, ...]
    documents: tuple[str, ...]
    conclusion: str
    late: str
    cancelled: str

    @property
    def last(self) -> date:
        """The last day."""
        return self.on + timedelta(days=self.days - 1)


@dataclass(frozen=True)
class Noticed:
    """A finding that no audit made, on a day."""

    unit: str
    on: date
    found: Found


@dataclass(frozen=True)
class History:
    """An office by its address word, who plans, decides and works in it, and what happened.

    ``titles`` are those that people had then, where they have others today.
    """

    office: str
    since: date
    place: str
    leader: str
    checker: str
    titles: Mapping[str, str]
    units: Mapping[str, Mapping[str, str]]
    programmes: Mapping[int, Programme]
    certificates: tuple[Certificate, ...]
    audits: tuple[Audited, ...]
    findings: tuple[Noticed, ...]


def read(today: date) -> list[History]:
    """Read what happened in each office; some days count back from ``today``."""
    return [_history(Path(__file__).with_name(name), today) for name in TABLES]


def _history(path: Path, today: date) -> History:
    table = tomllib.loads(path.read_text("utf-8"))
    return History(
        **table["office"],
        titles=table["titles"],
        units=table["units"],
        programmes={int(year): Programme(**said) for year, said in table["programmes"].items()},
        certificates=tuple(Certificate(**each) for each in table["certificates"]),
        audits=tuple(_audited(each, today) for each in table["audits"]),
        findings=tuple(
            Noticed(each["unit"], _day(each, today), _found(each)) for each in table["findings"]
        ),
    )


def _audited(said: Mapping[str, Any], today: date) -> Audited:
    return Audited(
        unit=said["unit"],
        on=_day(said, today),
        days=said.get("days", 1),
        lead=said["lead"],
        team=said.get("team", {}),
        title=said["title"],
        scope=said["scope"],
        seen=tuple(map(_seen, said["seen"])),
        documents=tuple(said.get("documents", ())),
        conclusion=said["conclusion"],
        late=said.get("late", ""),
        cancelled=said.get("cancelled", ""),
    )


def _seen(said: Mapping[str, Any]) -> Seen:
    return Seen(
        said["clause"],
        said["evidence"],
        _found(said) if "grade" in said else None,
        tuple(map(tuple, said.get("samples", ()))),
    )


def _found(said: Mapping[str, Any]) -> Found:
    return Found(
        grade=Grade(said["grade"]),
        clause=said["clause"],
        text=said["text"],
        evidence=said["evidence"],
        source=Source(said.get("source", Source.OBSERVATION)),
        source_ref=said.get("source_ref", ""),
        document=said.get("document", ""),
        by=said.get("by", ""),
        course=_course(said),
    )


def _course(said: Mapping[str, Any]) -> Course:
    given = {name: value for name, value in said.items() if name in _COURSE}
    if "tasks" in given:
        given["tasks"] = tuple(given["tasks"])
    if "again" in given:
        given["again"] = _course(given["again"])
    return Course(**given)


def _day(said: Mapping[str, Any], today: date) -> date:
    """Return the day of an entry: told, or so many days before today, a Friday for a weekend."""
    if "on" in said:
        told: date = said["on"]
        return told
    day = today - timedelta(days=said["ago"])
    return day - timedelta(days=max(0, day.weekday() - _FRIDAY))
