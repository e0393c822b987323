"""What is asked about the board: who stands at its head, what is on it, what it said."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from qms.accounts.models import Post
from qms.documents.models import Change, Document, Predecessor, Revision
from qms.documents.queries import LIVING_COLUMNS
from qms.documents.rules import Audience
from qms.documents.search_models import SearchText
from qms.documents.standing import Cover, Row, covered, rows, standing_for
from qms.errors import NotFoundError
from qms.notices.codes import spelt
from qms.notices.models import Copy
from qms.text import fold
from qms.units.models import Heading, Unit
from qms.units.queries import heading, places, unit, unit_by_id
from qms.units.rules import office_of

PAGE: int = 20
"""Procedures on one page of a list."""

_WHOLE_COPY = (joinedload(Copy.unit), joinedload(Copy.document).joinedload(Document.owner))


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
    return spoken(of, found)


def spoken(of: Unit, found: Heading | None) -> Office:
    """Return what a heading puts at the head of a unit's pages."""
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


def texts_on_board(session: Session, seen: Cover, on: date) -> list[Row]:
    """Return the notice texts that stand on the board, by title."""
    standing = standing_for(seen, on, kinds=("text",))
    return rows(session, sa.select(standing).order_by(standing.c.title_sort, standing.c.code))


def document_on_board(
    session: Session, seen: Cover, slug: str, on: date, *, kind: str = "procedure"
) -> Document | None:
    """Return the document with this address word that stands on the board on a day.

    Where none stands, the nearest owner's that once did or will; what the public may not read
    is not there.
    """
    shown = (
        sa.select(Change.document_id)
        .join(Document, Document.id == Change.document_id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Document.kind == kind, Document.slug == slug)
        .where(LIVING_COLUMNS, Revision.audience == Audience.PUBLIC, covered(seen))
    )
    query = sa.select(Document).where(Document.id.in_(shown))
    found = session.scalars(query.options(joinedload(Document.owner))).all()
    if len(found) > 1:
        standing = standing_for(seen, on, kinds=(kind,))
        stands = session.scalar(
            sa.select(standing.c.document_id).where(standing.c.slug == slug)
        )
        found = [each for each in found if each.id == stands] or found
    rank = {owner: place for place, owner in enumerate(seen.nearest_first)}
    return min(found, key=lambda d: (rank.get(d.owner_id, len(rank)), d.id), default=None)


def successors(session: Session, seen: Cover, document_id: int) -> list[tuple[str, str, str]]:
    """Return code, address word and title of the procedures that stand in for one here."""
    query = (
        sa.select(Document.id, Document.code, Document.slug, Revision.title)
        .join(Predecessor, Predecessor.document_id == Document.id)
        .join(Change, Change.document_id == Document.id)
        .join(Revision, Revision.id == Change.revision_id)
        .where(Predecessor.predecessor_id == document_id, Document.kind == "procedure")
        .where(LIVING_COLUMNS, Revision.audience == Audience.PUBLIC, covered(seen))
        .order_by(Document.code, Change.effective_on)
    )
    latest = {row.id: (row.code, row.slug, row.title) for row in session.execute(query)}
    return list(latest.values())


def document(session: Session, document_id: int) -> Document | None:
    """Return a document by number, with its owner."""
    query = sa.select(Document).where(Document.id == document_id)
    return session.scalar(query.options(joinedload(Document.owner)))


def copy(session: Session, code: str) -> Copy | None:
    """Return a copy by the one spelling of its code."""
    return session.get(Copy, code)


def copy_in(session: Session, code: str, unit_ids: Collection[int]) -> Copy:
    """Return a copy printed for one of the units, with its unit and document.

    Raises:
        NotFoundError: there is none.

    """
    query = sa.select(Copy).where(Copy.code == code, Copy.unit_id.in_(unit_ids))
    found = session.scalar(query.options(*_WHOLE_COPY))
    if found is None:
        raise NotFoundError("Không có bản in nào mang mã này ở đơn vị của ông, bà.")
    return found


def copy_number(session: Session, copy: Copy) -> int:
    """Return the how-manieth copy of its sheet a copy is for its unit, from 1."""
    before = sa.or_(
        Copy.printed_at < copy.printed_at,
        sa.and_(Copy.printed_at == copy.printed_at, Copy.code <= copy.code),
    )
    same = (
        Copy.unit_id == copy.unit_id,
        Copy.kind == copy.kind,
        Copy.topic == copy.topic,
        Copy.document_id.is_not_distinct_from(copy.document_id),
    )
    return (
        session.scalar(sa.select(sa.func.count()).select_from(Copy).where(*same, before)) or 1
    )


def copies(
    session: Session, unit_ids: Collection[int], words: str, *, page: int
) -> tuple[Sequence[Copy], int]:
    """Return one page of the copies printed for some units, newest first, and their number.

    ``words`` stand, without accents, in a title the sheet's document ever had, or in its
    number, its field or its place; or they are the code on the copy.
    """
    query = sa.select(Copy).outerjoin(Copy.document).where(Copy.unit_id.in_(unit_ids))
    if words:
        titled = (
            sa.select(Revision.document_id)
            .join(SearchText, SearchText.revision_id == Revision.id)
            .where(SearchText.title_fold.contains(fold(words), autoescape=True))
        )
        said = (Copy.place, Copy.topic, Document.code)
        query = query.where(
            sa.or_(
                Copy.code == spelt(words),
                Copy.document_id.in_(titled),
                *(each.contains(words, autoescape=True) for each in said),
            )
        )
    total = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    shown = query.order_by(Copy.printed_at.desc(), Copy.code).offset((page - 1) * PAGE)
    return session.scalars(shown.limit(PAGE).options(*_WHOLE_COPY)).all(), total


def unit_number(session: Session, unit_id: int) -> Unit | None:
    """Return a unit by number; None where a code names one that never was."""
    try:
        return unit_by_id(session, unit_id)
    except NotFoundError:
        return None
