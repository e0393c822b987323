"""Which texts stand for a unit on a day, of documents that are loaded: nothing is asked here."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol

from qms.documents.models import Change, Document
from qms.documents.rules import Audience
from qms.documents.standing import Cover, cover_of, covers
from qms.documents.timeline import Action, Span
from qms.units import models as units
from qms.units.rules import Place, heading_on, office_of


class Where(Protocol):
    """A unit, with what decides how texts reach it; ``headings`` are its own and its office's."""

    @property
    def unit(self) -> units.Unit:
        """The unit."""

    @property
    def places(self) -> Mapping[int, Place]:
        """All units by number."""

    @property
    def headings(self) -> Sequence[units.Heading]:
        """The headings of the unit and of its office."""


class Spanned(Protocol):
    """A document with its signed changes."""

    @property
    def document(self) -> Document:
        """The document."""

    @property
    def changes(self) -> Mapping[int, Change]:
        """Its changes by number."""

    @property
    def spans(self) -> Sequence[Span]:
        """Its timeline."""


def days(where: Where) -> set[date]:
    """Return the days on which another text may reach the unit, or another heading stand."""
    found = {row.from_day for row in where.headings if row.confirmed} | {where.unit.first_day}
    last = where.unit.last_day
    return found if last is None else found | {last + timedelta(days=1)}


def cover_on(where: Where, on: date) -> Cover:
    """Return how texts reach the unit on a day."""
    office = office_of(where.places, where.unit.id)
    heading = heading_on([row for row in where.headings if row.unit_id == office], on)
    return cover_of(where.places, where.unit.id, heading.level if heading else None)


def office_heading(where: Where, on: date) -> units.Heading | None:
    """Return the heading for the unit's paper on a day: its own, else its office's."""
    office = office_of(where.places, where.unit.id)
    own = [row for row in where.headings if row.unit_id == where.unit.id]
    return heading_on(own, on) or heading_on(
        [row for row in where.headings if row.unit_id == office], on
    )


def begun(spans: Sequence[Span], on: date) -> Span | None:
    """Return the last stretch that has begun on a day, be it that of a withdrawal."""
    return next((span for span in reversed(spans) if span.first_day <= on), None)


def text_on(spans: Sequence[Span], on: date) -> Span | None:
    """Return the stretch whose text stands on a day."""
    found = begun(spans, on)
    return found if found and found.entry.action is not Action.WITHDRAW else None


def reaches(seen: Cover, document: Document, change: Change) -> bool:
    """Tell whether a text is public and holds in the unit."""
    revision = change.revision
    if revision is None or revision.audience is not Audience.PUBLIC:
        return False
    return covers(
        seen,
        owner_id=document.owner_id,
        scope=revision.scope,
        scope_level=revision.scope_level,
        units={row.unit_id for row in revision.units},
    )


def standing(where: Where, told: Iterable[Spanned], on: date) -> dict[int, Span]:
    """Return by document the stretches that stand for the unit on a day.

    Of several documents with one kind and code the nearest owner's stands.
    """
    seen = cover_on(where, on)
    order = seen.nearest_first
    rank = {owner: place for place, owner in enumerate(order)}
    nearest: dict[tuple[str, str], tuple[tuple[int, int], Span]] = {}
    for each in told:
        span = text_on(each.spans, on)
        if span is None or not reaches(seen, each.document, each.changes[span.entry.id]):
            continue
        name = (each.document.kind, each.document.code)
        place = (rank.get(each.document.owner_id, len(order)), each.document.id)
        if name not in nearest or place < nearest[name][0]:
            nearest[name] = (place, span)
    return {place[1]: span for place, span in nearest.values()}
