"""Sheets of a procedure for a unit over time: what each day says, and how a paper compares."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms.documents import timeline
from qms.documents.kinds.procedure import Procedure
from qms.documents.kinds.registry import read
from qms.documents.models import Change, Decision, Document, Revision
from qms.documents.rules import Audience
from qms.documents.standing import Cover, cover_of, covers
from qms.documents.timeline import Action, Entry, Span
from qms.notices.rules import (
    Answer,
    DecisionRef,
    Heading,
    Sheet,
    days_of_change,
    sheet_digest,
    text_of_day,
)
from qms.units import models as units
from qms.units.queries import places
from qms.units.rules import Place, heading_on, holds, office_of


@dataclass
class Story:
    """All that decides what a document's sheet says for a unit, loaded once.

    ``rivals`` are the timelines of other documents of the same kind and code.
    """

    unit: units.Unit
    document: Document
    places: Mapping[int, Place]
    headings: list[units.Heading]
    issuers: list[units.Heading]
    changes: Mapping[int, Change]
    entries: list[Entry]
    rivals: list[tuple[Document, Mapping[int, Change], list[Entry]]] = field(
        default_factory=list
    )


@dataclass(frozen=True)
class DaySheet:
    """The sheet of a day: what it tells, under which digest, and the change behind it."""

    sheet: Sheet
    digest: str
    change: Change
    span: Span

    @property
    def content(self) -> Procedure:
        """The text of the day, read."""
        content = read(json.dumps(self.sheet.text))
        if not isinstance(content, Procedure):
            raise TypeError("only procedures are posted as notices")
        return content


def story(session: Session, unit: units.Unit, document: Document) -> Story:
    """Load what decides about the sheets of a document for a unit: a fixed number of queries."""
    known_places = places(session)
    office = office_of(known_places, unit.id)
    same = session.scalars(
        sa.select(Document)
        .where(Document.kind == document.kind, Document.code == document.code)
        .options(joinedload(Document.owner))
    ).all()
    query = (
        sa.select(Change)
        .where(Change.document_id.in_([each.id for each in same]))
        .where(Change.signed_at.is_not(None))
        .options(
            joinedload(Change.decision).joinedload(Decision.owner),
            joinedload(Change.decision).joinedload(Decision.issuer),
            joinedload(Change.revision).undefer(Revision.data),
            joinedload(Change.revision).selectinload(Revision.units),
        )
    )
    by_document: dict[int, dict[int, Change]] = {each.id: {} for each in same}
    for change in session.scalars(query):
        by_document[change.document_id][change.id] = change
    issuers = {
        change.decision.issuer_id for each in by_document.values() for change in each.values()
    }
    rows = session.scalars(
        sa.select(units.Heading).where(units.Heading.unit_id.in_({unit.id, office, *issuers}))
    ).all()
    made = Story(
        unit=unit,
        document=document,
        places=known_places,
        headings=[row for row in rows if row.unit_id in {unit.id, office}],
        issuers=[row for row in rows if row.unit_id in issuers],
        changes=by_document[document.id],
        entries=_entries(by_document[document.id].values()),
    )
    made.rivals = [
        (each, by_document[each.id], _entries(by_document[each.id].values()))
        for each in same
        if each.id != document.id
    ]
    return made


def on_day(told: Story, on: date, known_at: datetime | None = None) -> DaySheet | None:
    """Return the sheet of a day; None where nothing of it holds for the unit."""
    return _on_day(told, on, _spans(told.entries, known_at), known_at)


def answers(told: Story, known_at: datetime | None = None) -> list[Answer]:
    """Return what the sheet says from each day on which it may begin to say something else."""
    spans = _spans(told.entries, known_at)
    days = {span.first_day for span in spans}
    days |= {row.from_day for row in told.headings if row.confirmed}
    days.add(told.unit.first_day)
    if told.unit.last_day is not None:
        days.add(told.unit.last_day + timedelta(days=1))
    for _, _, entries in told.rivals:
        days |= {span.first_day for span in _spans(entries, known_at)}
    for span in spans:
        if span.entry.revision is not None:
            within = days_of_change(_said(told.changes[span.entry.id])["content"])
            days |= {d for d in within if span.first_day <= d <= (span.last_day or date.max)}
    found: list[Answer] = []
    for day in sorted(days):
        sheet = _on_day(told, day, spans, known_at)
        answer = sheet.digest if sheet else None
        if not found or found[-1].digest != answer:
            found.append(Answer(day, answer))
    return found


def once_said(told: Story) -> list[tuple[Answer, datetime]]:
    """Return what the sheet said as known before each later signature, with its instant.

    A correction or move rewrites what a past or coming day says; a paper printed before it
    is then found here.
    """
    instants = sorted(
        {change.signed_at for change in told.changes.values() if change.signed_at}
    )
    found = []
    for before, after in pairwise(instants):
        found += [(answer, after) for answer in answers(told, before) if answer.digest]
    return found


def office_heading(told: Story, on: date) -> units.Heading | None:
    """Return the heading for the unit's paper on a day: its own, else its office's."""
    office = office_of(told.places, told.unit.id)
    own = [row for row in told.headings if row.unit_id == told.unit.id]
    return heading_on(own, on) or heading_on(
        [row for row in told.headings if row.unit_id == office], on
    )


def _entries(changes: Iterable[Change]) -> list[Entry]:
    return [
        Entry(
            change.id,
            change.action,
            change.effective_on,
            change.revision_id,
            change.replaces_id,
            change.reason,
            change.signed_at,
        )
        for change in changes
    ]


def _spans(entries: list[Entry], known_at: datetime | None) -> list[Span]:
    return timeline.spans(timeline.living(entries, known_at))


def _on_day(
    told: Story, on: date, spans: list[Span], known_at: datetime | None
) -> DaySheet | None:
    if not holds(told.unit, on):
        return None
    span = _at(spans, on)
    if span is None or not _reaches(told, told.document, told.changes[span.entry.id], on):
        return None
    if any(
        _nearer(told, rival, changes, _at(_spans(entries, known_at), on), on)
        for rival, changes, entries in told.rivals
    ):
        return None
    change = told.changes[span.entry.id]
    sheet = _sheet(told, change, span, on)
    return DaySheet(sheet, sheet_digest(sheet), change, span)


def _at(spans: list[Span], on: date) -> Span | None:
    found = [span for span in spans if span.first_day <= on]
    return found[-1] if found and found[-1].entry.action is not Action.WITHDRAW else None


def _reaches(told: Story, document: Document, change: Change, on: date) -> bool:
    revision = change.revision
    if revision is None or revision.audience is not Audience.PUBLIC:
        return False
    seen = _cover(told, on)
    return covers(
        seen,
        owner_id=document.owner_id,
        scope=revision.scope,
        scope_level=revision.scope_level,
        units={row.unit_id for row in revision.units},
    )


def _nearer(
    told: Story, rival: Document, changes: Mapping[int, Change], span: Span | None, on: date
) -> bool:
    """Tell whether another document of this code stands nearer to the unit that day."""
    if span is None or not _reaches(told, rival, changes[span.entry.id], on):
        return False
    order = _cover(told, on).nearest_first
    far = len(order)
    rank = {owner: place for place, owner in enumerate(order)}
    theirs = (rank.get(rival.owner_id, far), rival.id)
    return theirs < (rank.get(told.document.owner_id, far), told.document.id)


def _cover(told: Story, on: date) -> Cover:
    office = office_of(told.places, told.unit.id)
    heading = heading_on([row for row in told.headings if row.unit_id == office], on)
    return cover_of(told.places, told.unit.id, heading.level if heading else None)


def _sheet(told: Story, change: Change, span: Span, on: date) -> Sheet:
    said = _said(change)
    heading = office_heading(told, on)
    decision = change.decision
    return Sheet(
        unit=told.unit.slug,
        heading=Heading(
            name=heading.name if heading else "",
            superior=heading.superior if heading else "",
            seat=heading.seat if heading else "",
            phone=heading.phone if heading else "",
            email=heading.email if heading else "",
            website=heading.website if heading else "",
        ),
        feedback=heading.feedback if heading else "",
        code=told.document.code,
        title=said["title"],
        text=text_of_day(said["content"], on),
        decision=DecisionRef(
            number=decision.number or "",
            dated=decision.dated or span.first_day,
            issuer=issuer_name(told, decision),
            title=decision.title,
        ),
        first_day=span.first_day,
    )


def issuer_name(told: Story, decision: Decision) -> str:
    """Return the name of the body or unit that issued a decision, as on its day."""
    if decision.issuer_name:
        return decision.issuer_name
    rows = [row for row in told.issuers if row.unit_id == decision.issuer_id]
    heading = heading_on(rows, decision.dated or date.max)
    return heading.name if heading else (decision.issuer.slug if decision.issuer else "")


def _said(change: Change) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(change.revision.data) if change.revision else {}
    return said
