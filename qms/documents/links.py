"""Which documents name which, on a day: drawn both ways, the nearest owner's first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents.kinds.base import Relation
from qms.documents.models import Change, Document, Link, Revision
from qms.documents.queries import LIVING_COLUMNS
from qms.documents.reading import Visit, readable
from qms.documents.standing import latest
from qms.units.queries import places
from qms.units.rules import Place, chain

Name = tuple[str, str]
"""Kind and code."""

PAGE: Final = 20


@dataclass(frozen=True)
class Linked:
    """A document at the other end of a link; ``id`` is None where none is in force to read."""

    relation: Relation
    kind: str
    code: str
    title: str = ""
    id: int | None = None
    owner_id: int | None = None


def named_by(
    session: Session, who: Visit, document: Document, revision: Revision, on: date
) -> list[Linked]:
    """Return the documents that a text names, as they stand on a day.

    What is priced is looked for among the reader's own units: a schedule reaches many.
    """
    there = _standing(on).where(readable(who.reader)).subquery()
    query = (
        sa.select(Link.relation, Link.kind, Link.code, there.c.id, there.c.title)
        .add_columns(there.c.owner_id)
        .outerjoin(there, sa.and_(there.c.kind == Link.kind, there.c.code == Link.code))
        .where(Link.revision_id == revision.id)
        .order_by(Link.relation, Link.kind, Link.code)
    )
    above = chain(places(session), document.owner_id)
    found: dict[tuple[Relation, str, str], Linked] = {}
    far = len(above)
    for row in sorted(session.execute(query), key=lambda each: -_place(above, each.owner_id)):
        name = (row.relation, row.kind, row.code)
        found.setdefault(name, Linked(*name))
        near = _place(above, row.owner_id) < far
        if row.owner_id in who.reader.own if row.relation is Relation.CHARGES else near:
            found[name] = Linked(*name, row.title, row.id, row.owner_id)
    return [found[name] for name in sorted(found)]


def _place(above: Sequence[int], owner_id: int | None) -> int:
    return above.index(owner_id) if owner_id in above else len(above)


def naming(
    session: Session, who: Visit, document: Document, on: date, *, page: int = 1
) -> tuple[list[Linked], int]:
    """Return one page of the documents whose texts of a day name a document, and their number."""
    known = places(session)
    below = _below(known).get(document.owner_id, set())
    found, total = _naming(session, who, document, on, below, page)
    if found and (meant := owners_naming(session, [document], on)[document.id]) != below:
        return _naming(session, who, document, on, meant, page)
    return found, total


def owners_naming(
    session: Session, documents: Sequence[Document], on: date
) -> dict[int, Collection[int]]:
    """Return for each document the units whose texts mean it by its kind and code.

    They are its owner and those below, but for those to which another of the same name is
    nearer.
    """
    known = places(session)
    names = {(each.kind, each.code) for each in documents}
    query = _standing(on).where(sa.tuple_(Document.kind, Document.code).in_(sorted(names)))
    owners: dict[Name, set[int]] = {}
    for row in session.execute(query):
        owners.setdefault((row.kind, row.code), set()).add(row.owner_id)
    below = _below(known)
    found: dict[int, Collection[int]] = {}
    for named in documents:
        mine = below.get(named.owner_id, set())
        rivals = owners.get((named.kind, named.code), set()) - {named.owner_id}
        for rival in rivals & mine:
            mine = mine - below[rival]
        found[named.id] = mine
    return found


def standing_or_coming(on: date) -> sa.ColumnElement[bool]:
    """Return the condition for changes whose text is in force on a day or will be."""
    coming = sa.and_(LIVING_COLUMNS, Change.effective_on > on, Change.revision_id.is_not(None))
    return sa.or_(latest(on, None), coming)


def _standing(on: date) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(Document.id, Document.kind, Document.code, Document.owner_id, Revision.title)
        .join(Change, Change.document_id == Document.id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(latest(on, None))
    )


def _below(known: Mapping[int, Place]) -> dict[int, set[int]]:
    """Return for each unit itself and all below it."""
    found: dict[int, set[int]] = {}
    for unit_id in known:
        for each in chain(known, unit_id):
            found.setdefault(each, set()).add(unit_id)
    return found


def _naming(
    session: Session,
    who: Visit,
    document: Document,
    on: date,
    owners: Collection[int],
    page: int,
) -> tuple[list[Linked], int]:
    above = chain(places(session), document.owner_id)
    query = (
        _standing(on)
        .join(Link, Link.revision_id == Revision.id)
        .add_columns(Link.relation, sa.func.count().over().label("total"))
        .where(Link.kind == document.kind, Link.code == document.code, readable(who.reader))
        .where(
            sa.case(
                (Link.relation == Relation.CHARGES, Document.owner_id.in_(above)),
                else_=Document.owner_id.in_(owners),
            )
        )
        .order_by(Link.relation, Revision.title_sort, Document.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    rows = session.execute(query).all()
    found = [Linked(r.relation, r.kind, r.code, r.title, r.id, r.owner_id) for r in rows]
    return found, rows[0].total if rows else 0
