"""By which edition an office works, and which of its documents answer to which clause."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.documents.kinds.process import Process
from qms.documents.kinds.registry import read
from qms.documents.kinds.text import WrittenText
from qms.documents.models import Document, Revision
from qms.documents.reading import Reader, readable
from qms.documents.rules import Audience
from qms.documents.standing import Cover, standing_for
from qms.standards.catalogue import USUAL
from qms.standards.models import OfficeEdition
from qms.units.queries import places
from qms.units.rules import office_of

PAGE_SIZE: Final = 50
_ALL: Final = frozenset(Audience)


@dataclass(frozen=True)
class Named:
    """A document in force, as a list names it."""

    document_id: int
    code: str
    title: str


@dataclass(frozen=True)
class Answers:
    """Which documents answer to each clause, and which processes describe each procedure."""

    clauses: Mapping[str, Sequence[Named]]
    procedures: Mapping[str, Sequence[Named]]


def edition_of(session: Session, unit_id: int, on: date | None = None) -> str:
    """Return the key of the edition by which the office of a unit works, on a day or at last."""
    office = office_of(places(session), unit_id)
    query = sa.select(OfficeEdition.edition).where(OfficeEdition.unit_id == office)
    if on is not None:
        query = query.where(OfficeEdition.from_day <= on)
    order = (OfficeEdition.from_day.desc(), OfficeEdition.id.desc())
    return session.scalar(query.order_by(*order).limit(1)) or USUAL


def by_day(rows: Iterable[OfficeEdition], on: date) -> str:
    """Return the edition an office works by on a day; ``rows`` as :func:`chosen` has them."""
    return next((each.edition for each in rows if each.from_day <= on), USUAL)


def chosen(session: Session, office_id: int) -> Sequence[OfficeEdition]:
    """Return what an office chose, the latest day first."""
    query = sa.select(OfficeEdition).where(OfficeEdition.unit_id == office_id)
    order = (OfficeEdition.from_day.desc(), OfficeEdition.id.desc())
    return session.scalars(query.order_by(*order)).all()


def answers(
    session: Session, cover: Cover, reader: Reader, on: date, edition: str, usual: str
) -> Answers:
    """Return what the texts in force on a day say they answer to, in one question.

    A text that names no edition speaks of the ``usual`` one.
    """
    base = standing_for(cover, on, kinds=("text", "process"), audiences=_ALL)
    query = (
        sa.select(base.c.document_id, base.c.code, base.c.title, Revision.data)
        .join(Revision, Revision.id == base.c.revision_id)
        .join(Document, Document.id == base.c.document_id)
        .where(readable(reader))
        .order_by(base.c.code, base.c.document_id)
    )
    clauses: dict[str, list[Named]] = {}
    procedures: dict[str, list[Named]] = {}
    for row in session.execute(query):
        content = read(json.dumps(json.loads(row.data)["content"]))
        named = Named(row.document_id, row.code, row.title)
        if isinstance(content, Process):
            for code in content.procedures:
                procedures.setdefault(code, []).append(named)
        if isinstance(content, Process | WrittenText):
            said = content.edition if isinstance(content, WrittenText) else ""
            if (said or usual) == edition:
                for number in dict.fromkeys(content.clauses):
                    clauses.setdefault(number, []).append(named)
    return Answers(clauses, procedures)


def procedures(session: Session, cover: Cover, reader: Reader, on: date) -> list[Named]:
    """Return the procedures in force on a day, by field and title."""
    base = standing_for(cover, on, kinds=("procedure",), audiences=_ALL)
    query = (
        sa.select(base.c.document_id, base.c.code, base.c.title)
        .join(Revision, Revision.id == base.c.revision_id)
        .join(Document, Document.id == base.c.document_id)
        .where(readable(reader))
        .order_by(base.c.topic_sort, base.c.title_sort, base.c.document_id)
    )
    return [Named(*row) for row in session.execute(query)]
