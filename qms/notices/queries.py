"""What is asked about the board: who stands at its head, what is on it, what it said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms.accounts.models import Post
from qms.documents.models import Document
from qms.documents.queries import predecessors
from qms.documents.standing import Cover, Row, count, rows, standing_for
from qms.errors import NotFoundError
from qms.notices.models import Copy
from qms.units.models import Unit
from qms.units.queries import heading, places, unit, unit_by_id
from qms.units.rules import office_of

PAGE: int = 20
"""Procedures on one page of a list."""


@dataclass(frozen=True)
class Office:
    """Who speaks on a public page, on a day; words are empty where nobody has said."""

    slug: str
    name: str
    superior: str = ""
    seat: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    feedback: str = ""


def office(session: Session, of: Unit, on: date) -> Office:
    """Return what stands at the head of a unit's pages: its own words, else its office's."""
    found = heading(session, of.id, on)
    if found is None:
        found = heading(session, office_of(places(session), of.id), on)
    if found is None:
        return Office(of.slug, of.slug)
    return Office(
        of.slug,
        found.name,
        found.superior,
        found.seat,
        found.phone,
        found.email,
        found.website,
        found.feedback,
    )


def default_unit(session: Session, slug: str) -> Unit:
    """Return the unit whose board stands at ``/``: the one named, else where people work.

    Raises:
        NotFoundError: there is none yet.

    """
    if slug:
        return unit(session, slug)
    query = sa.select(Unit).join(Post).where(Unit.office).order_by(Post.id).limit(1)
    found = session.scalar(query)
    if found is None:
        raise NotFoundError("Chưa có cơ quan nào. Hãy chạy “qms init” hoặc “qms demo”.")
    return found


def board_list(
    session: Session, seen: Cover, on: date, *, topic: str | None, page: int
) -> tuple[list[Row], int]:
    """Return one page of what stands on the board, and how many stand in all."""
    standing = standing_for(seen, on)
    query = sa.select(standing)
    if topic is not None:
        query = query.where(standing.c.topic == topic)
    total = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(standing.c.title_sort, standing.c.code)
    return rows(session, ordered.offset((page - 1) * PAGE).limit(PAGE)), total


def board_count(session: Session, seen: Cover, on: date) -> int:
    """Return how many procedures stand on a board."""
    return count(session, standing_for(seen, on))


def document_on_board(session: Session, seen: Cover, slug: str) -> Document | None:
    """Return the procedure with this address word, the nearest owner's first."""
    found = session.scalars(
        sa.select(Document)
        .where(Document.kind == "procedure", Document.slug == slug)
        .options(joinedload(Document.owner))
    ).all()
    rank = {owner: place for place, owner in enumerate(seen.nearest_first)}
    near = [each for each in found if each.owner_id in rank]
    return min(
        near or found, key=lambda d: (rank.get(d.owner_id, len(rank)), d.id), default=None
    )


def document(session: Session, document_id: int) -> Document | None:
    """Return a procedure by number, with its owner."""
    query = sa.select(Document).where(Document.id == document_id, Document.kind == "procedure")
    return session.scalar(query.options(joinedload(Document.owner)))


def copy(session: Session, code: str) -> Copy | None:
    """Return a copy by the one spelling of its code."""
    return session.get(Copy, code)


def copies(session: Session, unit_id: int, document_id: int) -> Sequence[Copy]:
    """Return the copies of one procedure printed for a unit, newest first."""
    query = sa.select(Copy).where(Copy.unit_id == unit_id, Copy.document_id == document_id)
    return session.scalars(query.order_by(Copy.printed_at.desc())).all()


def unit_number(session: Session, unit_id: int) -> Unit | None:
    """Return a unit by number; None where a code names one that never was."""
    try:
        return unit_by_id(session, unit_id)
    except NotFoundError:
        return None


def carried_from(session: Session, document_id: int) -> Sequence[Document]:
    """Return the procedures that this one stands in for."""
    return predecessors(session, document_id)
