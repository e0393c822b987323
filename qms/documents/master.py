"""The master list: every document with what stands, what comes and what is drafted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from qms.accounts.rules import Permission
from qms.documents.decision_lists import escaped
from qms.documents.models import Change, Decision, Document, Revision
from qms.documents.reading import Visit, readable
from qms.documents.rules import State
from qms.documents.search_models import SearchText
from qms.documents.timeline import Action
from qms.text import search_key

PAGE_SIZE: Final = 50


class Standing(StrEnum):
    """Where a document stands on a day."""

    IN_FORCE = "in_force"
    COMING = "coming"
    WITHDRAWN = "withdrawn"
    DRAFT = "draft"


@dataclass(frozen=True)
class Wanted:
    """What the list is asked for."""

    on: date
    words: str = ""
    kind: str = ""
    topic: str = ""
    owner: int | None = None
    standing: Standing | None = None
    sort: str = "title"


@dataclass(frozen=True)
class Row:
    """A document in the list; ``next_day`` is when the following change begins."""

    id: int
    code: str
    kind: str
    owner_id: int
    title: str
    topic: str
    issue_no: int
    amendment_no: int
    audience: str
    first_day: date | None
    next_day: date | None
    drafts: int
    standing: Standing


def documents(
    session: Session, who: Visit, wanted: Wanted, *, page: int = 1
) -> tuple[list[Row], int]:
    """Return one page of the documents a person may know of, and how many there are."""
    base = _listed(who, wanted.on).subquery("listed")
    query = sa.select(base).where(*_asked(base, wanted))
    total = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    query = query.order_by(*_order(base, wanted.sort)).limit(PAGE_SIZE)
    rows = session.execute(query.offset((max(page, 1) - 1) * PAGE_SIZE)).mappings()
    names = [name for name in Row.__dataclass_fields__ if name != "standing"]
    found = [
        Row(**{name: row[name] for name in names}, standing=Standing(row["standing"]))
        for row in rows
    ]
    return found, total


def choices(session: Session, who: Visit, on: date) -> tuple[list[int], list[str]]:
    """Return the owners and the fields that the list holds for a person."""
    base = _listed(who, on).subquery("listed")
    query = sa.select(base.c.owner_id, base.c.topic).group_by(
        base.c.owner_id, base.c.topic, base.c.topic_sort
    )
    rows = session.execute(query.order_by(base.c.topic_sort)).all()
    owners = list(dict.fromkeys(row.owner_id for row in rows))
    return owners, list(dict.fromkeys(row.topic for row in rows if row.topic))


def _living(change: type[Change]) -> sa.ColumnElement[bool]:
    return sa.and_(
        change.signed_at.is_not(None),
        change.replaced_by_id.is_(None),
        change.action != sa.literal_column("'cancel'"),
    )


def _at(on: date, *, before: bool) -> sa.ScalarSelect[Any]:
    """Return the living change that stands on a day, or the first one after it."""
    change = aliased(Change)
    query = sa.select(change.id).where(change.document_id == Document.id, _living(change))
    if before:
        query = query.where(change.effective_on <= on).order_by(change.effective_on.desc())
    else:
        query = query.where(change.effective_on > on).order_by(change.effective_on)
    return query.limit(1).correlate(Document).scalar_subquery()


def _before(withdrawal: type[Change]) -> sa.ScalarSelect[Any]:
    """Return the text that held until a document was withdrawn."""
    held = aliased(Change)
    query = sa.select(held.revision_id).where(
        held.document_id == Document.id,
        _living(held),
        held.action != Action.WITHDRAW,
        held.effective_on < withdrawal.effective_on,
    )
    query = query.order_by(held.effective_on.desc()).limit(1)
    return query.correlate(Document, withdrawal).scalar_subquery()


def _last(column: InstrumentedAttribute[Any], *, signed: bool) -> sa.ScalarSelect[Any]:
    text = aliased(Revision)
    own = getattr(text, column.key)
    has = text.number.is_not(None) if signed else text.number.is_(None)
    query = sa.select(sa.func.max(own)).where(text.document_id == Document.id, has)
    return query.correlate(Document).scalar_subquery()


def _drafts(owners: Sequence[int]) -> sa.ScalarSelect[int]:
    line, decision = aliased(Change), aliased(Decision)
    query = (
        sa.select(sa.func.count(line.id))
        .join(decision, decision.id == line.decision_id)
        .where(line.document_id == Document.id, line.signed_at.is_(None))
        .where(decision.state.in_((State.DRAFT, State.IN_REVIEW)))
        .where(Document.owner_id.in_(owners))
    )
    return query.correlate(Document).scalar_subquery()


def _listed(who: Visit, on: date) -> sa.Select[*tuple[Any, ...]]:
    """Return all documents a person may know of, with the text that tells of each."""
    now, later = aliased(Change), aliased(Change)
    owners = who.where(Permission.DECISION_READ)
    ended = _last(Revision.id, signed=True)
    shown = sa.case(
        (now.action == Action.WITHDRAW, _before(now)),
        else_=sa.func.coalesce(
            now.revision_id, later.revision_id, ended, _last(Revision.id, signed=False)
        ),
    )
    standing = sa.case(
        (now.action == Action.WITHDRAW, Standing.WITHDRAWN.value),
        (now.id.is_not(None), Standing.IN_FORCE.value),
        (later.id.is_not(None), Standing.COMING.value),
        else_=Standing.DRAFT.value,
    )
    return (
        sa.select(
            Document.id,
            Document.code,
            Document.kind,
            Document.owner_id,
            Revision.title,
            Revision.title_sort,
            Revision.topic,
            Revision.topic_sort,
            Revision.issue_no,
            Revision.amendment_no,
            Revision.audience,
            SearchText.title_fold,
            now.effective_on.label("first_day"),
            later.effective_on.label("next_day"),
            _drafts(owners).label("drafts"),
            standing.label("standing"),
        )
        .select_from(Document)
        .outerjoin(now, now.id == _at(on, before=True))
        .outerjoin(later, later.id == _at(on, before=False))
        .join(Revision, Revision.id == shown)
        .outerjoin(SearchText, SearchText.revision_id == Revision.id)
        .where(
            sa.or_(
                sa.and_(Revision.number.is_not(None), readable(who.reader)),
                sa.and_(Revision.number.is_(None), Document.owner_id.in_(owners)),
            )
        )
    )


def _asked(base: sa.Subquery, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.kind:
        found.append(base.c.kind == wanted.kind)
    if wanted.topic:
        found.append(base.c.topic == wanted.topic)
    if wanted.owner is not None:
        found.append(base.c.owner_id == wanted.owner)
    if wanted.standing is Standing.DRAFT:
        found.append(sa.or_(base.c.standing == wanted.standing.value, base.c.drafts > 0))
    elif wanted.standing is not None:
        found.append(base.c.standing == wanted.standing.value)
    for word in wanted.words.split():
        like = f"%{escaped(word)}%"
        plain = f"%{escaped(search_key(word))}%"
        found.append(
            sa.or_(
                base.c.code.ilike(like, escape="\\"),
                base.c.title.ilike(like, escape="\\"),
                base.c.title_fold.like(plain, escape="\\"),
            )
        )
    return found


def _order(base: sa.Subquery, sort: str) -> tuple[sa.ColumnElement[Any], ...]:
    columns = {"title": base.c.title_sort, "code": base.c.code, "from": base.c.first_day}
    column = columns.get(sort.removeprefix("-"), base.c.title_sort)
    ordered = column.desc() if sort.startswith("-") else column.asc()
    return ordered.nulls_last(), base.c.title_sort, base.c.id
