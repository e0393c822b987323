"""What is asked about books: those that were bound, and the one that was asked for before."""

from collections.abc import Collection, Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.books.models import Book
from qms.books.rules import Asked
from qms.errors import NotFoundError

PAGE: Final = 20
"""Books on one page of the list."""


def bound(
    session: Session, unit_ids: Collection[int], *, page: int
) -> tuple[Sequence[Book], int]:
    """Return one page of the books of some units, newest first, and how many there are."""
    query = sa.select(Book).where(Book.unit_id.in_(unit_ids))
    total = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Book.made_at.desc(), Book.id.desc())
    return session.scalars(ordered.offset((page - 1) * PAGE).limit(PAGE)).all(), total


def book_in(session: Session, book_id: int, unit_ids: Collection[int]) -> Book:
    """Return a book of one of the units.

    Raises:
        NotFoundError: there is none.

    """
    query = sa.select(Book).where(Book.id == book_id, Book.unit_id.in_(unit_ids))
    found = session.scalar(query)
    if found is None:
        raise NotFoundError("Không có sổ này ở đơn vị của ông, bà.")
    return found


def asked_before(session: Session, unit_id: int, asked: Asked) -> Book | None:
    """Return the newest book that was made of the same wish; its sheets may have changed since."""
    query = (
        sa.select(Book)
        .where(Book.unit_id == unit_id, Book.field == asked.field, Book.day == asked.on)
        .where(Book.paper == asked.paper.value, Book.bound == asked.bound)
        .where(Book.number == asked.number)
    )
    return session.scalar(query.order_by(Book.made_at.desc(), Book.id.desc()).limit(1))


def with_digest(session: Session, digest: str) -> Book | None:
    """Return the book with this digest."""
    return session.scalar(sa.select(Book).where(Book.digest == digest))
