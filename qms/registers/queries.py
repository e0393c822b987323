"""What stands in the lists, on any day, as far as the person who asks may read it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from qms.documents.kinds.base import Relation
from qms.documents.models import Change, Decision, Document, Link, Revision
from qms.documents.reading import Reader, readable
from qms.documents.rules import Audience
from qms.documents.standing import Cover, latest, standing_for
from qms.documents.timeline import Action
from qms.laws.queries import looked_at
from qms.registers import contents
from qms.registers.contents import Said
from qms.registers.rules import REGISTERS, Name, Row, numbers

PAGE_SIZE: Final = 50
ALL: Final = frozenset(Audience)


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for; ``page`` is None for all of it."""

    cover: Cover
    reader: Reader
    names: Mapping[int, str]
    on: date
    since: date
    kind: str = ""
    field: str = ""
    only: frozenset[int] | None = None
    page: int | None = None


def rows(session: Session, name: Name, wanted: Wanted) -> list[Row]:
    """Return one page of a list, or all of it, in the order of kinds and codes."""
    if name is Name.AMENDMENTS:
        return _amendments(session, wanted)
    base = _standing(name, wanted)
    query = sa.select(base, Revision.data).join(Revision, Revision.id == base.c.revision_id)
    query = _paged(query.order_by(_rank(name, base), base.c.code, base.c.document_id), wanted)
    said = [Said.of(row, wanted.names) for row in session.execute(query).mappings()]
    return _MADE[name](session, wanted, said)


def total(session: Session, name: Name, wanted: Wanted) -> int:
    """Return how many documents, or changes, a list has."""
    base = _changes(wanted).subquery() if name is Name.AMENDMENTS else _standing(name, wanted)
    return session.scalar(sa.select(sa.func.count()).select_from(base)) or 0


def fields(session: Session, name: Name, wanted: Wanted) -> list[str]:
    """Return the fields of work that documents of a list belong to."""
    base = standing_for(wanted.cover, wanted.on, kinds=REGISTERS[name].kinds, audiences=ALL)
    query = (
        sa.select(base.c.topic)
        .where(base.c.topic != "")
        .group_by(base.c.topic, base.c.topic_sort)
        .order_by(base.c.topic_sort)
    )
    return list(session.scalars(query))


def _standing(name: Name, wanted: Wanted) -> sa.Subquery:
    """Return what stands on the day and may be read, filtered."""
    kinds = (wanted.kind,) if wanted.kind else REGISTERS[name].kinds
    base = standing_for(wanted.cover, wanted.on, kinds=kinds, audiences=ALL)
    query = (
        sa.select(base)
        .join(Revision, Revision.id == base.c.revision_id)
        .join(Document, Document.id == base.c.document_id)
        .where(readable(wanted.reader))
    )
    if wanted.field:
        query = query.where(base.c.topic == wanted.field)
    if wanted.only is not None:
        query = query.where(base.c.document_id.in_(wanted.only))
    return query.subquery("listed")


def _rank(name: Name, base: sa.Subquery) -> sa.ColumnElement[int]:
    kinds = REGISTERS[name].kinds
    return sa.case({kind: rank for rank, kind in enumerate(kinds)}, value=base.c.kind)


def _paged(query: sa.Select[*tuple[Any, ...]], wanted: Wanted) -> sa.Select[*tuple[Any, ...]]:
    if wanted.page is None:
        return query
    return query.limit(PAGE_SIZE).offset((wanted.page - 1) * PAGE_SIZE)


def _internal(session: Session, wanted: Wanted, said: Sequence[Said]) -> list[Row]:
    del session, wanted
    return [contents.internal(each) for each in said]


def _external(session: Session, wanted: Wanted, said: Sequence[Said]) -> list[Row]:
    last = looked_at(session, [each.document_id for each in said], wanted.on)
    return [contents.external(each, last.get(each.document_id)) for each in said]


def _forms(session: Session, wanted: Wanted, said: Sequence[Said]) -> list[Row]:
    users = _users(session, wanted, [each.code for each in said])
    return [contents.form(each, users.get(each.code, ())) for each in said]


def _records(session: Session, wanted: Wanted, said: Sequence[Said]) -> list[Row]:
    del session, wanted
    return [row for each in said for row in contents.records(each)]


_Make = Callable[[Session, Wanted, Sequence[Said]], list[Row]]
_MADE: Final[Mapping[Name, _Make]] = {
    Name.INTERNAL: _internal,
    Name.EXTERNAL: _external,
    Name.FORMS: _forms,
    Name.RECORDS: _records,
}


def _users(session: Session, wanted: Wanted, codes: Collection[str]) -> Mapping[str, list[str]]:
    """Return the documents whose texts of the day use forms, by the code of the form."""
    query = (
        sa.select(Link.code, Document.code.label("user"))
        .join(Revision, Revision.id == Link.revision_id)
        .join(Change, Change.revision_id == Revision.id)
        .join(Document, Document.id == Change.document_id)
        .where(Link.kind == "form", Link.code.in_(codes))
        .where(Link.relation.in_((Relation.USES_FORM, Relation.RECORDS_ON)))
        .where(Document.owner_id.in_(wanted.cover.nearest_first))
        .where(latest(wanted.on, None), readable(wanted.reader))
        .distinct()
        .order_by(Document.code)
    )
    found: dict[str, list[str]] = {}
    for row in session.execute(query):
        found.setdefault(row.code, []).append(row.user)
    return found


def _changes(wanted: Wanted) -> sa.Select[*tuple[Any, ...]]:
    """Return the signed changes of the unit's own documents between two days."""
    before = aliased(Change)
    ended = (
        sa.select(before.revision_id)
        .where(before.document_id == Change.document_id, before.signed_at.is_not(None))
        .where(before.revision_id.is_not(None), before.effective_on < Change.effective_on)
        .order_by(before.effective_on.desc(), before.id.desc())
        .limit(1)
        .correlate(Change)
        .scalar_subquery()
    )
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Change.id,
            Change.effective_on,
            Change.action,
            Change.revision_id,
            Change.reason,
            Change.replaced_by_id,
            Document.id.label("document_id"),
            Document.code,
            Revision.title,
            Revision.issue_no,
            Revision.amendment_no,
            Revision.summary,
            Decision.number,
            Decision.dated,
        )
        .join(Document, Document.id == Change.document_id)
        .join(Decision, Decision.id == Change.decision_id)
        .join(Revision, Revision.id == sa.func.coalesce(Change.revision_id, ended))
        .where(Document.owner_id.in_(wanted.cover.own), readable(wanted.reader))
        .where(Change.signed_at.is_not(None))
        .where(Change.effective_on.between(wanted.since, wanted.on))
    )
    if wanted.kind:
        query = query.where(Document.kind == wanted.kind)
    if wanted.field:
        query = query.where(Revision.topic == wanted.field)
    return query


def _amendments(session: Session, wanted: Wanted) -> list[Row]:
    query = _changes(wanted).order_by(Change.effective_on, Document.code, Change.id)
    return [
        Row(
            row.document_id,
            (
                row.effective_on,
                row.code,
                row.title,
                contents.deed(row.action, replaced=row.replaced_by_id is not None),
                numbers(row.issue_no, row.amendment_no) if row.revision_id else "",
                row.summary if row.action is Action.AMEND else "",
                row.reason,
                contents.decision(row.number, row.dated),
            ),
        )
        for row in session.execute(_paged(query, wanted))
    ]
