"""What the pages of imports ask: lists, filters, counts. Few questions whatever the rows."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, undefer

from qms.accounts.queries import posts
from qms.accounts.rules import Permission, reach
from qms.documents.models import Change
from qms.errors import NotAllowedError, NotFoundError
from qms.national import queries
from qms.national.answers import Answer, Found, Phase
from qms.national.doubts import DoubtKind
from qms.national.models import Import, Item, Question
from qms.text import fold
from qms.units.models import Unit
from qms.units.queries import places

PAGE_SIZE = 50
READ = (Found.NEW, Found.CHANGED, Found.UNCHANGED)
"""What an import found about procedures that its file has."""


@dataclass(frozen=True)
class Wanted:
    """What a list is filtered by; empty means all."""

    words: str = ""
    field: str = ""
    kind: DoubtKind | None = None
    group: str = ""


@dataclass(frozen=True)
class Group:
    """Doubts that one answer may settle; those shown stand for all."""

    kind: DoubtKind
    key: str
    said: str
    suggestion: str
    count: int
    procedures: int
    code: str


@dataclass(frozen=True)
class Doubted:
    """One doubt with the procedure it is about."""

    question: Question
    code: str
    name: str


def check_owner(session: Session, run: Import, user_id: int, on: date) -> None:
    """Refuse an import that was not made for a unit this person imports for."""
    if run.owner_id not in _mine(session, user_id, on):
        raise NotAllowedError("Đợt nhập này thuộc đơn vị khác; ông, bà không đọc được.")


def _mine(session: Session, user_id: int, on: date) -> frozenset[int]:
    """Return the units that a person may import for."""
    held = reach(posts(session, user_id), places(session), on)
    return held.get(Permission.NATIONAL_IMPORT, frozenset())


def owners(session: Session, user_id: int, on: date) -> Sequence[Unit]:
    """Return the offices that a person may import for."""
    mine = _mine(session, user_id, on)
    query = sa.select(Unit).where(Unit.id.in_(sorted(mine)), Unit.office)
    return session.scalars(query.order_by(Unit.slug)).all()


def imports(
    session: Session, owner_ids: Collection[int], *, page: int
) -> tuple[Sequence[Import], int]:
    """Return one page of imports, the newest first, and how many there are."""
    mine = sa.and_(Import.owner_id.in_(owner_ids), Import.phase == Phase.DONE)
    total = session.scalar(sa.select(sa.func.count()).select_from(Import).where(mine)) or 0
    query = sa.select(Import).where(mine).options(joinedload(Import.decision))
    query = query.order_by(Import.id.desc()).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return session.scalars(query).all(), total


def items(
    session: Session, run: Import, found: Found, wanted: Wanted, *, page: int
) -> tuple[Sequence[Item], int]:
    """Return one page of what an import found, and how many there are."""
    mine = _items(run, found, wanted)
    total = session.scalar(sa.select(sa.func.count()).select_from(Item).where(mine)) or 0
    order = (Item.line_no,) if found is Found.REFUSED else (Item.code, Item.id)
    query = sa.select(Item).where(mine).order_by(*order)
    return session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all(), total


def open_gone(session: Session, run: Import, wanted: Wanted) -> list[int]:
    """Return all proposals to withdraw inside a filter that wait for an answer."""
    mine = sa.and_(_items(run, Found.GONE, wanted), Item.answer.is_(None))
    return list(session.scalars(sa.select(Item.id).where(mine, ~queries.asked_again())))


def new_ids(session: Session, run: Import, wanted: Wanted) -> list[int]:
    """Return all new procedures inside a filter."""
    return list(session.scalars(sa.select(Item.id).where(_items(run, Found.NEW, wanted))))


def absent(session: Session, run: Import) -> Sequence[Item]:
    """Return the office's own procedures that the file does not have."""
    query = sa.select(Item).where(Item.import_id == run.id, Item.found == Found.ABSENT)
    return session.scalars(query.order_by(Item.code)).all()


def asked_again(session: Session, found: Collection[Item]) -> set[int]:
    """Return which of these a later import looked at as well; it asks, or need not."""
    ids = [each.id for each in found]
    query = sa.select(Item.id).where(Item.id.in_(ids), queries.asked_again())
    return set(session.scalars(query))


def fields(session: Session, run: Import, found: Found) -> list[str]:
    """Return the fields of work of what an import found."""
    query = sa.select(Item.field).where(Item.import_id == run.id, Item.found == found)
    return list(session.scalars(query.distinct().order_by(Item.field)))


def item(session: Session, item_id: int) -> tuple[Item, Import]:
    """Return one thing an import found, with the texts before and after, and the import.

    Raises:
        NotFoundError: there is none.

    """
    query = (
        sa.select(Item, Import)
        .join(Import, Import.id == Item.import_id)
        .where(Item.id == item_id, Import.phase == Phase.DONE)
        .options(undefer(Item.before), undefer(Item.after))
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFoundError("Không có dòng này trong đợt nhập.")
    return row[0], row[1]


def lines(
    session: Session, run: Import, document_ids: Collection[int | None]
) -> dict[int, int]:
    """Return, by document, its line in the decision of an import."""
    query = sa.select(Change.document_id, Change.id).where(
        Change.decision_id == run.decision_id, Change.document_id.in_(document_ids)
    )
    return {row.document_id: row.id for row in session.execute(query)}


def kinds(session: Session, run: Import) -> dict[DoubtKind, int]:
    """Return how many open doubts of each kind the procedures of an import have."""
    query = _doubts(sa.select(Question.kind, sa.func.count()), run, Wanted())
    rows = session.execute(query.group_by(Question.kind).order_by(sa.func.count().desc()))
    return {row[0]: row[1] for row in rows}


def state(session: Session, run: Import) -> tuple[int, int, int]:
    """Return how many procedures are open to doubt now, at how many places; how many left out."""
    left = aliased(Item)
    out = sa.select(sa.func.count()).where(
        left.import_id == run.id, left.found == Found.NEW, left.answer == Answer.NO
    )
    count = sa.select(
        sa.func.count(sa.distinct(Question.document_id)),
        sa.func.count(),
        out.scalar_subquery(),
    )
    procedures, places_, out_ = session.execute(_doubts(count, run, Wanted())).one()
    return procedures, places_, out_


def settled_places(session: Session, run: Import) -> int:
    """Return at how many places doubts of an import were settled."""
    count = _doubts(sa.select(sa.func.count()), run, Wanted(), answered=True)
    return session.scalar(count) or 0


def weight(session: Session, ids: Collection[int]) -> tuple[dict[DoubtKind, int], int]:
    """Return how many of these doubts are of each kind, and how many procedures they are of."""
    found, documents = Counter[DoubtKind](), set[int]()
    listed = list(ids)
    for start in range(0, len(listed), 500):
        query = sa.select(Question.kind, Question.document_id).where(
            Question.id.in_(listed[start : start + 500])
        )
        for kind, document_id in session.execute(query):
            found[kind] += 1
            documents.add(document_id)
    return dict(found), len(documents)


def losing(session: Session, document_id: int | None) -> Sequence[Question]:
    """Return the open doubts about what a procedure would lose."""
    query = sa.select(Question).where(
        Question.document_id == document_id,
        Question.kind == DoubtKind.LOST,
        Question.answer.is_(None),
    )
    return session.scalars(query.order_by(Question.id)).all()


def settled(
    session: Session, run: Import, wanted: Wanted, *, page: int
) -> tuple[list[Doubted], int]:
    """Return one page of answered doubts, the last answer first, and how many there are."""
    count = _doubts(sa.select(sa.func.count()), run, wanted, answered=True)
    total = session.scalar(count) or 0
    columns = sa.select(Question, Item.code, Item.name)
    query = _doubts(columns, run, wanted, answered=True)
    query = query.order_by(Question.answered_at.desc(), Item.code, Question.id)
    rows = session.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return [Doubted(*row) for row in rows], total


def groups(
    session: Session, run: Import, wanted: Wanted, *, page: int
) -> tuple[list[Group], int]:
    """Return one page of groups of open doubts, the largest first, and how many there are."""
    query = _doubts(
        sa.select(
            Question.kind,
            Question.group_key,
            sa.func.min(Question.said),
            sa.func.min(Question.suggestion),
            sa.func.count(),
            sa.func.count(sa.distinct(Question.document_id)),
            sa.func.min(Item.code),
        ),
        run,
        wanted,
    ).group_by(Question.kind, Question.group_key)
    total = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    query = query.order_by(sa.func.count().desc(), Question.kind, Question.group_key)
    rows = session.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return [Group(*row) for row in rows], total


def doubts(
    session: Session, run: Import, wanted: Wanted, *, page: int
) -> tuple[list[Doubted], int]:
    """Return one page of open doubts, and how many there are."""
    total = session.scalar(_doubts(sa.select(sa.func.count()), run, wanted)) or 0
    query = _doubts(sa.select(Question, Item.code, Item.name), run, wanted)
    query = query.order_by(Item.code, Question.place, Question.id)
    rows = session.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return [Doubted(*row) for row in rows], total


def question_ids(
    session: Session,
    run: Import,
    wanted: Wanted,
    keys: Collection[str] = (),
    ids: Collection[int] = (),
) -> list[int]:
    """Return the open doubts of an import inside a filter; of the groups or those named."""
    query = _doubts(sa.select(Question.id), run, wanted)
    if keys or ids:
        query = query.where(sa.or_(Question.group_key.in_(keys), Question.id.in_(ids)))
    return list(session.scalars(query))


def unsettled(session: Session, owner_ids: Collection[int]) -> list[tuple[Import, int]]:
    """Return, for each owner's last import, how many signed procedures have open doubts."""
    signed = sa.exists().where(
        Change.document_id == Question.document_id, Change.signed_at.is_not(None)
    )
    count = (
        sa.select(
            Question.owner_id,
            sa.func.count(sa.distinct(Question.document_id)).label("procedures"),
        )
        .where(Question.owner_id.in_(owner_ids), Question.answer.is_(None), signed)
        .group_by(Question.owner_id)
        .subquery()
    )
    last = (
        sa.select(sa.func.max(Import.id))
        .where(Import.phase == Phase.DONE, Import.owner_id.in_(owner_ids))
        .group_by(Import.owner_id)
    )
    query = sa.select(Import, count.c.procedures)
    query = query.join(count, count.c.owner_id == Import.owner_id)
    return [(row[0], row[1]) for row in session.execute(query.where(Import.id.in_(last)))]


def _items(run: Import, found: Found, wanted: Wanted) -> sa.ColumnElement[bool]:
    parts = [Item.import_id == run.id, Item.found == found]
    parts += [Item.words.contains(word, autoescape=True) for word in fold(wanted.words).split()]
    if wanted.field:
        parts.append(Item.field == wanted.field)
    return sa.and_(*parts)


def _doubts(
    query: sa.Select[*tuple[Any, ...]],
    run: Import,
    wanted: Wanted,
    *,
    answered: bool = False,
) -> sa.Select[*tuple[Any, ...]]:
    joined = query.select_from(Question).join(
        Item, sa.and_(Item.document_id == Question.document_id, Item.import_id == run.id)
    )
    asked = Question.answer.is_not(None) if answered else Question.answer.is_(None)
    found = joined.where(Item.found.in_(READ), asked, ~queries.left_out())
    for word in fold(wanted.words).split():
        found = found.where(Item.words.contains(word, autoescape=True))
    if wanted.kind is not None:
        found = found.where(Question.kind == wanted.kind)
    if wanted.field:
        found = found.where(Item.field == wanted.field)
    if wanted.group:
        found = found.where(Question.group_key == wanted.group)
    return found
