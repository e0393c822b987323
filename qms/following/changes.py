"""What changed on the board of a unit and what will, as far as it is signed: never a draft."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from qms.documents import prices
from qms.documents.models import Change, Decision, Document, Revision
from qms.documents.price_rules import Held
from qms.documents.queries import LIVING_COLUMNS
from qms.documents.rules import Audience
from qms.documents.standing import Cover, covered
from qms.documents.timeline import Action
from qms.fees.queries import titles
from qms.following import rules
from qms.following.rules import Event, What
from qms.notices.rules import BOARD_KINDS
from qms.text import address_word
from qms.units.models import Unit

PAGE = 30
"""Changes on one page."""


@dataclass(frozen=True)
class Board:
    """A unit as followers see it: how texts reach it, all its prices, and a field if one is asked.

    ``topics`` are the names of the field, as texts write it; None for all fields.
    """

    session: Session
    unit: Unit
    seen: Cover
    today: date
    topics: tuple[str, ...] | None = None

    @cached_property
    def held(self) -> list[Held]:
        """All prices that reach the unit, over the whole timeline."""
        return prices.held_lines(self.session, self.seen)

    @cached_property
    def within(self) -> frozenset[str]:
        """The address words of all that the unit lies in."""
        return prices.ground(self.session).within(self.unit.id)

    @cached_property
    def titles(self) -> dict[str, str]:
        """The titles of priced procedures by code."""
        codes = {each.line.procedure for each in self.held}
        return titles(self.session, self.seen, self.today, codes) if codes else {}


@dataclass(frozen=True)
class Row:
    """A change as the database tells it, before its texts are looked at."""

    revision_id: int | None
    before_id: int | None
    document_id: int
    issuer_id: int | None
    event: Event


def board(
    session: Session, unit: Unit, today: date, topics: Collection[str] | None = None
) -> Board:
    """Return the board of a unit; after its last day as it stood then."""
    seen = prices.cover_near(session, unit.id, today)
    return Board(session, unit, seen, today, None if topics is None else tuple(sorted(topics)))


def fields(session: Session, seen: Cover) -> dict[str, list[str]]:
    """Return by address word the fields that texts on the board ever had."""
    query = (
        sa.select(Revision.topic, Revision.topic_sort)
        .join(Change, Change.revision_id == Revision.id)
        .join(Document, Document.id == Revision.document_id)
        .where(LIVING_COLUMNS, Revision.audience == Audience.PUBLIC, covered(seen))
        .where(Document.kind.in_(BOARD_KINDS), Revision.topic != "")
        .distinct()
        .order_by(Revision.topic_sort, Revision.topic)
    )
    found: dict[str, list[str]] = {}
    for topic, _ in session.execute(query):
        found.setdefault(address_word(topic), []).append(topic)
    return found


def newest(of: Board, limit: int) -> list[Row]:
    """Return the changes that were signed last, and those that came into force last."""
    query, at = _changes(of)
    signed = query.order_by(Change.signed_at.desc(), Document.kind, Document.code).limit(limit)
    begun = query.where(at <= of.today).order_by(at.desc(), Document.kind, Document.code)
    return _rows(of.session, signed, begun.limit(limit))


def since(of: Board, instant: datetime, day: date, limit: int) -> list[Row]:
    """Return the changes signed after an instant, and those that come into force from a day on."""
    query, at = _changes(of)
    new = sa.or_(Change.signed_at > instant, sa.and_(at >= day, at <= of.today))
    return _rows(of.session, query.where(new).order_by(at, Document.code).limit(limit))


def between(
    of: Board, first: date, after: date, *, page: int = 1, size: int = PAGE
) -> tuple[list[Row], int]:
    """Return one page of the changes of some days, newest first, and how many there are."""
    query, at = _changes(of)
    query = query.where(at >= first, at < after)
    total = of.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    shown = query.order_by(
        at.desc(),
        Decision.number,
        sa.literal_column("title_sort"),
        Document.kind,
        Document.code,
    )
    return _rows(of.session, shown.offset((page - 1) * size).limit(size)), total


def days_beside(of: Board, first: date, after: date) -> tuple[date | None, date | None]:
    """Return the last day before some days on which a text changed, and the first after."""
    query, at = _changes(of)
    days = query.with_only_columns(at.label("day")).subquery()
    found = of.session.execute(
        sa.select(
            sa.func.max(sa.case((days.c.day < first, days.c.day))),
            sa.func.min(sa.case((days.c.day >= after, days.c.day))),
        )
    ).one()
    return found[0], found[1]


def _changes(of: Board) -> tuple[sa.Select[*tuple[Any, ...]], sa.ColumnElement[Any]]:
    """Return the question for all public changes of a board, and the day of each."""
    text, old, target = aliased(Revision), aliased(Revision), aliased(Change)
    day = sa.func.coalesce(Change.effective_on, target.effective_on, type_=sa.Date())
    last = _last_before(day, target)
    named = sa.func.coalesce(Change.revision_id, target.revision_id, last)
    shows = sa.and_(text.audience == Audience.PUBLIC, covered(of.seen, text))
    showed = sa.and_(old.id == last, old.audience == Audience.PUBLIC, covered(of.seen, old))
    query = (
        sa.select(
            Change.revision_id,
            Change.action,
            Change.signed_at,
            Change.document_id,
            day.label("day"),
            target.effective_on.label("moved"),
            Document.kind,
            Document.code,
            Document.slug,
            Unit.slug.label("owner"),
            sa.case((shows, text.title), else_=old.title).label("title"),
            sa.case((shows, text.title_sort), else_=old.title_sort).label("title_sort"),
            sa.case((shows, text.topic), else_=old.topic).label("topic"),
            sa.case((shows, text.summary), else_="").label("summary"),
            sa.case((shows, text.digest), else_="").label("digest"),
            sa.case((shows, 1), else_=0).label("shows"),
            old.id.label("before_id"),
            Decision.number,
            Decision.dated,
            Decision.issuer_id,
            Decision.issuer_name,
        )
        .join(Document, Document.id == Change.document_id)
        .join(Unit, Unit.id == Document.owner_id)
        .join(Decision, Decision.id == Change.decision_id)
        .outerjoin(target, target.id == Change.replaces_id)
        .join(text, text.id == named)
        .outerjoin(old, showed)
        .where(Change.signed_at.is_not(None), Change.replaced_by_id.is_(None))
        .where(Document.kind.in_(BOARD_KINDS), day >= of.unit.first_day)
        .where(sa.or_(shows, sa.and_(old.id.is_not(None), Change.action != Action.CANCEL)))
        .where(~_nearer(of.seen, day))
    )
    if of.unit.last_day is not None:
        query = query.where(day <= of.unit.last_day)
    if of.topics is not None:
        query = query.where(sa.or_(text.topic.in_(of.topics), old.topic.in_(of.topics)))
    return query, day


def _last_before(
    day: sa.ColumnElement[Any], target: type[Change]
) -> sa.ScalarSelect[int | None]:
    """Return the text that stood the day before a change."""
    before = aliased(Change)
    return (
        sa.select(before.revision_id)
        .where(before.document_id == Change.document_id, _living(before))
        .where(before.effective_on < day)
        .order_by(before.effective_on.desc())
        .limit(1)
        .correlate(Change, target)
        .scalar_subquery()
    )


def _nearer(seen: Cover, day: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that a nearer owner's document of the same code stands on the day."""
    other, theirs, their_text, newer = (
        aliased(Document),
        aliased(Change),
        aliased(Revision),
        aliased(Change),
    )
    nearness = {owner: rank for rank, owner in enumerate(seen.nearest_first)}
    mine, others = (
        sa.case(nearness, value=each.owner_id, else_=len(nearness))
        for each in (Document, other)
    )
    after = sa.select(newer.id).where(
        newer.document_id == theirs.document_id,
        _living(newer),
        newer.effective_on <= day,
        newer.effective_on > theirs.effective_on,
    )
    return (
        sa.select(theirs.id)
        .join(other, other.id == theirs.document_id)
        .join(their_text, their_text.id == theirs.revision_id)
        .where(other.kind == Document.kind, other.code == Document.code, others < mine)
        .where(_living(theirs), theirs.effective_on <= day, ~after.exists())
        .where(their_text.audience == Audience.PUBLIC, covered(seen, their_text, other))
        .exists()
    )


def _living(change: type[Change]) -> sa.ColumnElement[bool]:
    return sa.and_(
        change.signed_at.is_not(None),
        change.replaced_by_id.is_(None),
        change.action != Action.CANCEL,
    )


def _rows(session: Session, *queries: sa.Select[Any]) -> list[Row]:
    """Return the changes that some questions find, each once."""
    found: dict[str, Row] = {}
    for query in queries:
        for row in session.execute(query):
            made = _row(row)
            found.setdefault(made.event.mark, made)
    return list(found.values())


def _row(row: sa.Row[Any]) -> Row:
    action = row.action.value
    if not row.shows:
        action = Action.WITHDRAW.value
    elif action == Action.AMEND and row.before_id is None:
        action = Action.ISSUE.value
    cancelled = row.action is Action.CANCEL
    return Row(
        revision_id=row.revision_id if row.shows else None,
        before_id=row.before_id,
        document_id=row.document_id,
        issuer_id=row.issuer_id,
        event=Event(
            mark=rules.mark(
                row.owner, row.kind, row.code, action, row.day, row.signed_at, row.digest
            ),
            kind=row.kind,
            code=row.code,
            slug=row.slug,
            title=row.title,
            topic=row.topic,
            action=cast("What", action),
            day=row.day,
            signed_at=row.signed_at,
            summary="" if row.revision_id is None else row.summary,
            number=row.number or "",
            dated=row.dated,
            issuer=row.issuer_name,
            moved=row.moved if row.moved and row.moved != row.day and not cancelled else None,
            corrects=bool(row.moved) and row.moved == row.day and not cancelled,
        ),
    )
