"""What the public pages show, in the shapes their templates name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from qms.documents import timeline
from qms.documents.models import Change
from qms.documents.search import Hit
from qms.documents.search_rules import Shelf
from qms.documents.standing import Row
from qms.documents.timeline import Action, Span
from qms.errors import InvalidError
from qms.notices import queries, reaching, sheets, stories, validity
from qms.notices.checking import DayOf
from qms.notices.printing import Paper
from qms.notices.sheets import DaySheet
from qms.notices.stories import Story
from qms.text import Segment
from qms.units.models import Heading, Unit
from qms.units.queries import heading, unit_by_id
from qms.units.queries import successors as followers
from qms.units.rules import holds


@dataclass(frozen=True)
class Later:
    """The day on which what a sheet said for another day was changed: by a decision, or not."""

    day: date
    by_decision: bool


def paper(asked: Mapping[str, str]) -> Paper:
    """Return the paper asked for, A4 unless another is named."""
    try:
        return Paper(asked.get("paper", Paper.A4))
    except ValueError:
        raise InvalidError("Khổ giấy chỉ có a4, a3, large hoặc folder.") from None


def changes(found: Iterable[Any]) -> list[dict[str, object]]:
    """Return coming or recent changes for the board."""
    return [
        {
            "first_day": row.first_day,
            "action": row.action.value,
            "kind": row.kind,
            "code": row.code,
            "slug": row.slug,
            "title": row.title,
            "summary": row.summary,
        }
        for row in found
    ]


def entry(row: Row) -> dict[str, object]:
    """Return one procedure of a list."""
    return {
        "code": row.code,
        "slug": row.slug,
        "title": row.title,
        "field": row.topic,
        "first_day": row.first_day,
        "decision_number": row.decision_number,
        "shelf": Shelf.IN_FORCE.value,
        "place": [],
        "named": True,
    }


def hit(found: Hit, place: Sequence[Segment]) -> dict[str, object]:
    """Return one procedure that a search found, with the place in its text if that is why."""
    return {**entry(found), "shelf": found.shelf.value, "place": place, "named": found.named}


def notice(told: Story, found: DaySheet | None, on: date, today: date) -> dict[str, object]:
    """Return one procedure on a day with its history, newest first."""
    spans = sheets.shown(told)
    standing = _standing(spans, on)
    change = told.changes[standing.entry.id] if standing else None
    texts = [span for span in spans if span.entry.revision is not None]
    return {
        "code": told.document.code,
        "slug": told.document.slug,
        "title": found.sheet.title if found else sheets.last_title(told),
        "content": found.content if found else None,
        "first_day": standing.first_day if standing else None,
        "last_day": standing.last_day if standing else None,
        "begins": validity.begins(told, on),
        "decision": decision(change, told.issuers) if change else None,
        "state": _state(found, standing, on, today, sheets.on_day(told, today)),
        "history": [_past(told, span, texts[:1]) for span in reversed(spans)],
    }


def decision(change: Change, issuers: Sequence[Heading]) -> dict[str, object]:
    """Return the decision behind a change; ``issuers`` are headings of who decided."""
    made = change.decision
    return {
        "number": made.number,
        "dated": made.dated,
        "issuer": sheets.issuer_name(issuers, made),
        "title": made.title,
    }


def successors(session: Session, told: Story, on: date) -> list[dict[str, str]]:
    """Return the procedures to look at instead, as far as the board of the unit shows them."""
    found = queries.successors(session, reaching.cover_on(told, on), told.document.id)
    return [{"code": code, "slug": slug, "title": title} for code, slug, title in found]


def changed_later(told: Story, on: date, settled: datetime, day_of: DayOf) -> Later | None:
    """Return when the sheet of a day was last made another after an instant, and by what.

    What was entered first, however late, changed nothing.
    """

    def said(at: datetime) -> Mapping[int, str] | None:
        found = sheets.on_day(told.as_known(at), on)
        return found.digests if found else None

    first = min((e.signed_at for e in told.entries if e.signed_at), default=settled)
    at = timeline.changed_later(said, stories.instants(told), max(settled, first))
    return Later(day_of(at), by_decision=at in stories.signatures(told)) if at else None


def ended(session: Session, unit: Unit) -> dict[str, object]:
    """Return until when a unit was there and who took over."""
    rows = [unit_by_id(session, row.successor_id) for row in followers(session, unit.id)]
    return {
        "unit": unit,
        "successors": [
            {"slug": each.slug, "name": found.name if found else each.slug}
            for each in rows
            for found in [heading(session, each.id, each.first_day)]
        ],
    }


def _standing(spans: Sequence[Span], on: date) -> Span | None:
    return next((span for span in spans if holds(span, on)), None)


def _state(
    found: DaySheet | None, standing: Span | None, on: date, today: date, now: DaySheet | None
) -> str:
    if found is not None:
        same = now is not None and now.change.id == found.change.id
        if same and now is not None and now.sheet.told == found.sheet.told:
            return "now"
        return "future" if on > today else "past"
    if standing is not None and standing.entry.action is Action.WITHDRAW:
        return "withdrawn"
    return "none"


def _past(told: Story, span: Span, first: Sequence[Span]) -> dict[str, object]:
    change = told.changes[span.entry.id]
    return {
        "first_day": span.first_day,
        "last_day": span.last_day,
        "action": span.entry.action.value,
        "decision_number": change.decision.number,
        "summary": change.revision.summary if change.revision else change.reason,
        "compares": change.revision is not None and span not in first,
    }
