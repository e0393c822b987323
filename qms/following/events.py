"""What differs in each change of a board: parts, prices and time limits, side by side."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents.comparison import Section
from qms.documents.kinds.procedure import Procedure
from qms.documents.kinds.registry import read
from qms.documents.models import Change, Revision
from qms.documents.price_rules import Held, reach
from qms.documents.queries import LIVING_COLUMNS, parts
from qms.following import rules
from qms.following.changes import Board, Row, days_beside
from qms.following.rules import Event
from qms.notices.rules import text_of_day
from qms.notices.sheets import told_sections
from qms.units.models import Heading, Unit
from qms.units.rules import heading_on


def events(of: Board, rows: Sequence[Row]) -> list[Event]:
    """Return changes with what differs in them: a fixed number of questions, however many."""
    ids = {each for row in rows for each in (row.revision_id, row.before_id) if each}
    said = _said(of.session, ids)
    named_by = issuers(of.session, {row.issuer_id for row in rows if row.issuer_id})
    found = []
    for row in rows:
        names = named_by.get(row.issuer_id or 0, [])
        heading = heading_on(names, row.event.dated or date.max)
        event = replace(row.event, issuer=row.event.issuer or (heading.name if heading else ""))
        if event.action != "cancel":
            event = _told(of, row, event, said)
        found.append(event)
    return found


def price_events(of: Board) -> list[Event]:
    """Return the changes of prices that lines bring by days of their own, without a decision."""
    begun: dict[int, set[date]] = {}
    by_schedule: dict[int, list[Held]] = {}
    for each in of.held:
        by_schedule.setdefault(each.source.document_id, []).append(each)
    for document_id, first in _text_days(of.session, by_schedule):
        begun.setdefault(document_id, set()).add(first)
    found = []
    for document_id, held in by_schedule.items():
        for day in sorted(rules.turns(held, of.within) - begun.get(document_id, set())):
            sides = rules.price_sides(held, of.within, day, of.titles)
            source = (reach(held, of.within, day) or held)[-1].source
            if (
                sides
                and _there(of.unit, day)
                and (of.topics is None or source.topic in of.topics)
            ):
                found.append(
                    Event(
                        mark=rules.mark(of.unit.slug, "fee", source.code, day, "prices"),
                        kind="fee",
                        code=source.code,
                        slug=source.slug,
                        title=source.title,
                        topic=source.topic,
                        action="prices",
                        day=day,
                        number=source.decision_number,
                        sides=sides,
                    )
                )
    return sorted(found, key=lambda each: (each.day, each.code))


def days_around(of: Board, first: date, after: date) -> tuple[date | None, date | None]:
    """Return the last day before some days on which anything changed, and the first after."""
    before, later = days_beside(of, first, after)
    turning = [each.day for each in price_events(of)]
    return (
        max((d for d in (before, *turning) if d and d < first), default=None),
        min((d for d in (later, *turning) if d and d >= after), default=None),
    )


def _told(of: Board, row: Row, event: Event, said: Mapping[int, dict[str, Any]]) -> Event:
    """Return a change with the parts that differ, and what it costs and takes before and after."""
    old, new = said.get(row.before_id or 0), said.get(row.revision_id or 0)
    changed = (
        rules.changed_parts(_sections(event, old), _sections(event, new)) if old and new else ()
    )
    if event.kind == "fee":
        held = [each for each in of.held if each.source.document_id == row.document_id]
        sides = rules.price_sides(held, of.within, event.day, of.titles)
    elif event.kind == "procedure" and old and new:
        day_before = date.fromordinal(event.day.toordinal() - 1)
        answered = any(each.line.procedure == event.code for each in of.held)
        sides = rules.text_sides(
            _procedure(old, day_before), _procedure(new, event.day), priced=answered
        )
    else:
        sides = ()
    return replace(event, parts=changed, sides=sides, compares=bool(old and new))


def _sections(event: Event, said: Mapping[str, Any]) -> list[Section]:
    content = read(json.dumps(said["content"]))
    if event.kind == "procedure" and isinstance(content, Procedure):
        return told_sections(said["title"], content)
    return [each for each in content.sections() if each.name not in {"sources", "label"}]


def _procedure(said: Mapping[str, Any], on: date) -> Procedure | None:
    content = read(json.dumps(text_of_day(said["content"], on)))
    return content if isinstance(content, Procedure) else None


def _there(unit: Unit, day: date) -> bool:
    return unit.first_day <= day and (unit.last_day is None or day <= unit.last_day)


def _text_days(session: Session, documents: Iterable[int]) -> list[tuple[int, date]]:
    """Return the days on which schedules have another text or none."""
    found: list[tuple[int, date]] = []
    for some in parts(sorted(documents)):
        query = sa.select(Change.document_id, Change.effective_on).where(
            Change.document_id.in_(some), LIVING_COLUMNS
        )
        found += [(row.document_id, row.effective_on) for row in session.execute(query)]
    return found


def _said(session: Session, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return what texts say, by number."""
    query = sa.select(Revision.id, Revision.data).where(Revision.id.in_(sorted(ids)))
    return {row.id: json.loads(row.data) for row in session.execute(query)} if ids else {}


def issuers(session: Session, ids: Collection[int]) -> dict[int, list[Heading]]:
    """Return the headings of units that issued decisions."""
    found: dict[int, list[Heading]] = {}
    if ids:
        query = sa.select(Heading).where(Heading.unit_id.in_(sorted(ids)))
        for row in session.scalars(query):
            found.setdefault(row.unit_id, []).append(row)
    return found
