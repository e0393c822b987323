"""What stands on a day for a unit: the question behind every board and list."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from qms.documents.models import Change, Decision, Document, Revision, RevisionUnit
from qms.documents.queries import LIVING_COLUMNS, known, parts
from qms.documents.rules import Audience, Scope
from qms.documents.timeline import Action
from qms.units.queries import level, places
from qms.units.rules import Level, Place, chain, holds, office_of

PUBLIC: Final = frozenset({Audience.PUBLIC})


@dataclass(frozen=True)
class Cover:
    """How texts reach a unit on a day: its own, its office's, and those above for its level."""

    unit_id: int
    office_id: int
    above: tuple[int, ...]
    level: Level | None

    @property
    def own(self) -> tuple[int, ...]:
        """The owners whose texts for the owner alone hold here."""
        return tuple(dict.fromkeys((self.unit_id, self.office_id)))

    @property
    def nearest_first(self) -> tuple[int, ...]:
        """All owners by nearness."""
        return tuple(dict.fromkeys((*self.own, *self.above)))


@dataclass(frozen=True)
class Row:
    """One document in a list of what stands."""

    document_id: int
    kind: str
    code: str
    slug: str
    owner_id: int
    revision_id: int
    title: str
    topic: str
    issue_no: int
    amendment_no: int
    first_day: date
    decision_id: int
    decision_number: str


def cover(session: Session, unit_id: int, on: date) -> Cover | None:
    """Return how texts reach a unit on a day; None on days it does not exist."""
    known_places = places(session)
    if not holds(known_places[unit_id], on):
        return None
    office_id = office_of(known_places, unit_id)
    return cover_of(known_places, unit_id, level(session, office_id, on))


def cover_of(known_places: Mapping[int, Place], unit_id: int, of_level: Level | None) -> Cover:
    """Return how texts reach a unit whose office has a level."""
    office_id = office_of(known_places, unit_id)
    above = tuple(each for each in chain(known_places, office_id) if each != office_id)
    return Cover(unit_id, office_id, above, of_level)


def covers(
    seen: Cover,
    *,
    owner_id: int,
    scope: Scope,
    scope_level: Level | None,
    units: Collection[int],
) -> bool:
    """Tell whether a text with this owner and scope holds in the unit."""
    if scope is Scope.OWNER:
        return owner_id in seen.own
    if scope is Scope.UNITS:
        return not set(seen.own).isdisjoint(units)
    return owner_id in seen.above and scope_level is seen.level


def standing_for(
    seen: Cover,
    on: date,
    *,
    kinds: Sequence[str] = ("procedure",),
    audiences: Collection[Audience] = PUBLIC,
    known_at: datetime | None = None,
) -> sa.Subquery:
    """Return the rows that stand on a day: of one kind and code the nearest owner's alone."""
    nearness = sa.case(
        {owner: rank for rank, owner in enumerate(seen.nearest_first)},
        value=Document.owner_id,
        else_=len(seen.nearest_first),
    )
    rank = sa.func.row_number().over(
        partition_by=(Document.kind, Document.code), order_by=(nearness, Document.id)
    )
    ranked = (
        sa.select(
            Document.id.label("document_id"),
            Document.kind,
            Document.code,
            Document.slug,
            Document.owner_id,
            Revision.id.label("revision_id"),
            Revision.title,
            Revision.title_sort,
            Revision.topic,
            Revision.topic_sort,
            Revision.issue_no,
            Revision.amendment_no,
            Change.effective_on.label("first_day"),
            Decision.id.label("decision_id"),
            Decision.number.label("decision_number"),
            rank.label("rank"),
        )
        .join(Document, Document.id == Change.document_id)
        .join(Revision, Revision.id == Change.revision_id)
        .join(Decision, Decision.id == Change.decision_id)
        .where(Document.kind.in_(kinds), Revision.audience.in_(audiences))
        .where(latest(on, known_at), covered(seen))
        .subquery("ranked")
    )
    columns = [column for column in ranked.c if column.name != "rank"]
    return sa.select(*columns).where(ranked.c.rank == 1).subquery("standing")


def rows(session: Session, query: sa.Select[Any]) -> list[Row]:
    """Return a page of a query over :func:`standing_for` as rows."""
    found = session.execute(query).mappings()
    return [Row(**{name: row[name] for name in Row.__dataclass_fields__}) for row in found]


def topics(session: Session, standing: sa.Subquery) -> list[tuple[str, int]]:
    """Return the fields with their number of documents, in the order of the alphabet."""
    query = (
        sa.select(standing.c.topic, sa.func.count())
        .group_by(standing.c.topic, standing.c.topic_sort)
        .order_by(standing.c.topic_sort)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def count(session: Session, standing: sa.Subquery) -> int:
    """Return how many documents stand."""
    return session.scalar(sa.select(sa.func.count()).select_from(standing)) or 0


def changes_between(
    session: Session,
    seen: Cover,
    *,
    after: date,
    until: date | None,
    kinds: Sequence[str] = ("procedure",),
    newest_first: bool = False,
    limit: int = 10,
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Return public changes with a day after ``after``, up to ``until``, for a unit.

    Columns: first_day, action, kind, code, slug, title, summary. A withdrawal bears the title of
    the text it ends, and no summary.
    """
    found = _between(seen, after, until, kinds).subquery()
    order = found.c.first_day.desc() if newest_first else found.c.first_day
    columns = [column for column in found.c if column.name != "title_sort"]
    ordered = sa.select(*columns).order_by(order, found.c.title_sort)
    return session.execute(ordered.limit(limit)).all()


def count_after(
    session: Session, seen: Cover, day: date, kinds: Sequence[str] = ("procedure",)
) -> int:
    """Return how many public changes for a unit have a day after ``day``."""
    found = _between(seen, day, None, kinds).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def _between(
    seen: Cover, after: date, until: date | None, kinds: Sequence[str]
) -> sa.Select[*tuple[Any, ...]]:
    text, before = aliased(Revision), aliased(Change)
    ended = (
        sa.select(before.revision_id)
        .where(before.document_id == Change.document_id, _living(before))
        .where(before.effective_on < Change.effective_on)
        .order_by(before.effective_on.desc())
        .limit(1)
        .correlate(Change)
        .scalar_subquery()
    )
    query = (
        sa.select(
            Change.effective_on.label("first_day"),
            Change.action,
            Document.kind,
            Document.code,
            Document.slug,
            text.title,
            text.title_sort,
            sa.case((Change.revision_id.is_(None), ""), else_=text.summary).label("summary"),
        )
        .join(Document, Document.id == Change.document_id)
        .join(text, text.id == sa.func.coalesce(Change.revision_id, ended))
        .where(LIVING_COLUMNS, Change.effective_on > after, Document.kind.in_(kinds))
        .where(text.audience == Audience.PUBLIC, covered(seen, text))
    )
    if until is not None:
        query = query.where(Change.effective_on <= until)
    return query


def latest(on: date, known_at: datetime | None) -> sa.ColumnElement[bool]:
    """Return the condition for the change that stands on a day and gives a text."""
    later = aliased(Change)
    if known_at is None:
        mine, theirs = LIVING_COLUMNS, _living(later)
    else:
        mine, theirs = known(known_at), known(known_at, later)
    newer = sa.select(later.id).where(
        later.document_id == Change.document_id,
        theirs,
        later.effective_on <= on,
        later.effective_on > Change.effective_on,
    )
    return sa.and_(
        mine,
        Change.effective_on <= on,
        Change.action.in_((Action.ISSUE, Action.AMEND)),
        ~newer.exists(),
    )


def covered(
    seen: Cover, text: type[Revision] = Revision, document: type[Document] = Document
) -> sa.ColumnElement[bool]:
    """Return the condition that a text's scope reaches the unit."""
    named = sa.select(RevisionUnit.unit_id).where(
        RevisionUnit.revision_id == text.id, RevisionUnit.unit_id.in_(seen.own)
    )
    return sa.or_(
        sa.and_(text.scope == Scope.OWNER, document.owner_id.in_(seen.own)),
        sa.and_(
            text.scope == Scope.LEVEL,
            text.scope_level == seen.level,
            document.owner_id.in_(seen.above),
        ),
        sa.and_(text.scope == Scope.UNITS, named.exists()),
    )


def _living(change: type[Change]) -> sa.ColumnElement[bool]:
    return sa.and_(
        change.signed_at.is_not(None),
        change.replaced_by_id.is_(None),
        change.action != Action.CANCEL,
    )


def in_force_ids(
    session: Session, document_ids: Collection[int], on: date, known_at: datetime | None = None
) -> dict[int, int]:
    """Return the revisions in force on a day by document; those with none are left out."""
    found: dict[int, int] = {}
    for some in parts(sorted(document_ids)):
        query = sa.select(Change.document_id, Change.revision_id).where(
            Change.document_id.in_(some), latest(on, known_at)
        )
        found |= {row[0]: row[1] for row in session.execute(query) if row[1] is not None}
    return found
